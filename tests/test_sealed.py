"""Sealing a ledger: the same ledger afterwards, whatever happens on the way."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from cli_tools import call
from independent_verifier import main as verify_independently
from log_tools import ORIGIN, PROJECT, append, draft, drafts, make_ledger

from ledger import segments
from ledger.api import Ledger
from ledger.log import Log
from ledger.publish import Options, publish
from ledger.seal import WORTH_BYTES, seal_ledger
from ledger.segments import list_segments
from ledger.terms import Recorder
from ledger.verify import verify_ledger
from ledger.views import open_views
from ledger.writer import Writer

ANA = Recorder("ana")
BARE = Options(views=False)
FILLED = ("events", "history", "speakers")  # the views in which these ledgers have rows


def child(what: str, folder: Path, *more: str) -> subprocess.Popen[str]:
    """Run `seal_child.py` as a process of its own."""
    return subprocess.Popen(
        [sys.executable, str(PROJECT / "tests" / "seal_child.py"), what, str(folder), *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip


def forms(folder: Path) -> str:
    """Each segment in order: s for sealed, p for plain, t for both."""
    names = {path.name for path in (folder / "log").iterdir()}
    plain = {name for name in names if name.endswith(".jsonl")}
    sealed = {name.removesuffix(".zst") for name in names if name.endswith(".zst")}
    assert names == plain | {f"{name}.zst" for name in sealed}
    return "".join(
        "t" if name in plain & sealed else "s" if name in sealed else "p"
        for name in sorted(plain | sealed)
    )


@pytest.fixture
def long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger of 101 events in five segments."""
    with monkeypatch.context() as patch:
        patch.setattr(segments, "SEGMENT_BYTES", 7_000)
        make_ledger(tmp_path / "l", *[5] * 20)
    assert forms(tmp_path / "l") == "ppppp"
    return tmp_path / "l"


def lines(folder: Path) -> list[bytes]:
    """All lines of a ledger, of which each is found by itself too."""
    log = Log.open(folder)
    found = list(log.lines())
    assert [log.line(position) for position in range(log.size)] == found
    return found


# ── sealed ───────────────────────────────────────────────────────────────────────────────────


def test_a_sealed_ledger_is_the_same(long: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines, root, views and verification are those of the plain one; appending goes on."""
    before, log = lines(long), Log.open(long)
    with open_views(log) as views:
        digests = views.digests(FILLED)
    told: list[tuple[int, int]] = []
    done = seal_ledger(long, ANA, lambda done, total: told.append((done, total)))
    assert (forms(long), done.segments) == ("ssssp", 4)
    assert told[-1] == (done.plain_bytes, done.plain_bytes)
    assert lines(long) == before
    assert list(log.lines()) == before  # a log that was opened before
    assert log.lines_at([0, 3, 50, 99]) == {at: before[at] for at in (0, 3, 50, 99)}
    assert verify_ledger(long, strict=True).findings == ()
    shutil.rmtree(long / "tree")
    append(long, 2)  # computes the tree anew from the lines
    assert verify_ledger(long, strict=True).findings == ()
    assert verify_independently(str(long)) == 0
    capsys.readouterr()
    with Ledger.open(long) as opened, opened.replay(len(before)) as replayed:
        assert replayed.digests(FILLED) == digests
    assert seal_ledger(long, ANA).segments == 0


def test_what_is_not_signed_or_not_full_stays(long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The active segment is never sealed, nor one that the signed head does not cover whole."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 7_000)
    with Writer.open(long, actor="ana") as writer:
        for _ in range(6):
            writer.append(drafts(5, first=writer.size))
        assert writer.log.signed_size != writer.size
        assert [one.first for one in list_segments(long)][-1] > writer.log.signed_size
        assert writer.seal().segments == len(forms(long)) - 1
        assert list(writer.log.lines())[-1] == Log.open(long).line(writer.size - 1)
    assert forms(long) == "s" * (len(forms(long)) - 1) + "p"


def test_a_writer_seals_what_it_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On its way out, if that is worth it and nobody said no; small segments stay as they are."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", WORTH_BYTES)
    folder = tmp_path / "l"
    make_ledger(folder)
    big = [draft(number, "x" * 10_000) for number in range(110)]
    with Writer.open(folder, actor="ana", seal=False) as writer:
        writer.append(big)
        writer.append(drafts(1, first=1_000))
    assert forms(folder) == "pp"
    append(folder, 1)
    assert forms(folder) == "pp"
    with Writer.open(folder, actor="ana") as writer:
        writer.append([draft(2_000 + number, "x" * 10_000) for number in range(110)])
        writer.append(drafts(1, first=3_000))
        assert forms(folder) == "ppp"
    assert forms(folder) == "ssp"
    assert verify_ledger(folder, strict=True).findings == ()


def test_a_ledger_that_is_sealed_to_its_end(long: Path) -> None:
    """As a site may hold it: it is read, verified and appended to in a new segment."""
    seal_ledger(long, ANA)
    last = list_segments(long)[-1]
    done = subprocess.run(["zstd", "-q", "--rm", str(last.path)], check=False)
    if done.returncode:
        pytest.skip("zstd is not here")
    assert forms(long) == "sssss"
    before = lines(long)
    assert verify_ledger(long, strict=True).findings == ()
    append(long, 2)
    assert forms(long) == "sssssp"
    assert lines(long)[: len(before)] == before
    assert verify_ledger(long, strict=True).findings == ()


def test_the_command(long: Path) -> None:
    """It says what it did; `status` says what the log takes up."""
    done = call("seal", "--json", ledger=long)
    [told] = done.objects
    assert (done.code, told["segments"]) == (0, 4)
    assert told["sealed_bytes"] < told["plain_bytes"]
    assert "sealed" in call("status", ledger=long).text
    assert "not sealed before" in call("seal", ledger=long).err
    shown = call("show", "speaker-7", ledger=long)
    assert shown.code == 0


# ── killed ───────────────────────────────────────────────────────────────────────────────────


def test_killed_at_each_step_it_is_finished_the_next_time(long: Path, tmp_path: Path) -> None:
    """Whatever was done to the disk last, all lines are there, and the next sealing ends it."""
    before, seen = lines(long), set()
    with child("die", shutil.copytree(long, tmp_path / "steps" / "whole")) as dying:
        assert dying.communicate() == ("done\n", "")
    copies = [tmp_path / "steps" / str(step) for step in range(40)]
    copies = [copy for copy in copies if copy.exists()]
    for copy in copies:
        assert lines(copy) == before
        assert verify_ledger(copy, strict=True).findings == ()
        left = sorted(path.name for path in (copy / "log").iterdir() if path.suffix == ".new")
        assert len(left) <= 1
        if not left:
            seen.add(forms(copy))
        seal_ledger(copy, ANA)
        assert forms(copy) == "ssssp"
        assert lines(copy) == before
    assert seen >= {"tpppp", "ttppp", "stppp", "sttpp", "ssstp", "ssssp"}
    assert len(copies) > 4 * 4, "at least four things are done for each of four segments"


def test_a_disk_that_is_full_leaves_the_plain_one(
    long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing half-written stays, and what was read back wrong never takes its name."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ledger.seal.sync_file", fail)
    done = call("seal", ledger=long)
    assert (done.code, forms(long)) == (74, "ppppp")
    monkeypatch.setattr("ledger.seal.sync_file", lambda fd: os.ftruncate(fd, 100))
    assert call("seal", ledger=long).code == 5
    assert forms(long) == "ppppp"
    assert verify_ledger(long, strict=True).findings == ()


# ── read meanwhile ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("times", [3, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.parametrize("how", [pytest.param("log", marks=pytest.mark.slow), "views"])
def test_readers_go_on_while_segments_are_sealed(long: Path, how: str, times: int) -> None:
    """Processes that read all the time see whole logs, and never that a file is gone."""
    with child("read", long, how) as one, child("read", long, how) as other:
        try:
            for reader in (one, other):
                assert reader.stdout
                assert reader.stdout.readline() == "reading\n"
            with child("seal", long, str(times)) as sealing:
                assert sealing.communicate() == ("done\n", "")
        finally:
            (long / "stop").touch()
        for reader in (one, other):
            said, error = reader.communicate()
            assert error == ""
            assert int(said) > 1
    assert forms(long).count("s") >= 4 + times


# ── views ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [pytest.param("l", marks=pytest.mark.slow), "a [b] * c"])
def test_sql_reads_both_forms_once(long: Path, tmp_path: Path, name: str) -> None:
    """`events.data` is there before and after sealing, and while a segment is there twice."""
    folder = long.rename(tmp_path / name) if name != "l" else long
    with Ledger.open(folder) as opened:
        assert call("rebuild", ledger=folder).code == 0
        expected = opened.query("from events order by position").fetchall()
        plain = list_segments(folder)[1].path
        twin = plain.read_bytes()
        seal_ledger(folder, ANA)
        assert call("query", "select count(data) as n from events", ledger=folder).text.split() == [
            "n", "101",
        ]  # fmt: skip
        if name == "l":  # a folder whose name is a pattern cannot be named in both forms
            assert opened.query("from events order by position").fetchall() == expected
            with duckdb.connect(str(folder / "views" / "ledger.duckdb"), read_only=True) as other:
                assert other.execute("from events order by position").fetchall() == expected
                plain.write_bytes(twin)
                assert other.execute("from events order by position").fetchall() == expected
    with Ledger.open(folder) as again:
        assert again.query("from events order by position").fetchall() == expected
    only = ("--log-only",) if name == "l" else ()  # comparing all views takes long
    assert call("verify", "--strict", *only, ledger=folder).code == 0


# ── damaged ──────────────────────────────────────────────────────────────────────────────────


def test_a_damaged_frame_is_a_finding_with_its_positions(long: Path) -> None:
    """Each of several frames that cannot be read is told, with the lines that it held."""
    seal_ledger(long, ANA)
    one, two = [each.path for each in list_segments(long)[1:3]]
    ends = [each.first for each in list_segments(long)]
    data = bytearray(one.read_bytes())
    data[40] ^= 0xFF
    one.write_bytes(data)
    two.write_bytes(two.read_bytes()[:40])
    found = [each for each in verify_ledger(long).findings if "frame" in each.what]
    assert [(each.file, each.position, each.expected) for each in found] == [
        (str(one), ends[1], f"lines from {ends[1]} to {ends[2] - 2}"),
        (str(two), ends[2], f"lines from {ends[2]} to {ends[3] - 1}"),
    ]
    done = call("verify", ledger=long)
    assert done.code == 1
    assert "Traceback" not in done.err
    two.write_bytes(b"no frame at all")
    assert any(each.position == ends[2] for each in verify_ledger(long).findings)
    two.write_bytes(b"")
    assert any(each.position == ends[2] for each in verify_ledger(long).findings)


def test_no_damage_is_passed_over(long: Path) -> None:
    """Cut anywhere, or with any byte changed, a segment has findings, or its lines are right."""
    seal_ledger(long, ANA)
    path, expected = list_segments(long)[1].path, lines(long)
    whole, chance = path.read_bytes(), random.Random(5)
    for _ in range(60):
        data, at = bytearray(whole), chance.choice([chance.randrange(len(whole)), -9, 5])
        if chance.random() < 0.3:
            del data[at:]
        else:
            data[at] ^= chance.randrange(1, 256)
        path.write_bytes(data)
        if not verify_ledger(long).findings:
            assert lines(long) == expected


def test_a_changed_line_in_a_sealed_segment_is_found(long: Path) -> None:
    """What was sealed anew with another content is told as the line that it is."""
    import zstandard

    seal_ledger(long, ANA)
    path = list_segments(long)[1].path
    content = zstandard.ZstdDecompressor().stream_reader(
        path.read_bytes(), read_across_frames=True
    ).read()  # fmt: skip
    path.write_bytes(zstandard.compress(content.replace(b"speaker-30", b"speaker-31", 1)))
    assert {each.position for each in verify_ledger(long).findings} & {30, 31}


# ── erased, published ────────────────────────────────────────────────────────────────────────


def test_an_event_is_erased_in_a_sealed_segment(long: Path) -> None:
    """The segment stays sealed, holds a tombstone, and nothing of the content is left."""
    seal_ledger(long, ANA)
    log = Log.open(long)
    root = log.root_at(101)
    with Ledger.open(long, actor="ana") as opened:
        opened.redact(30, authority="a court", reason="privacy")
    assert forms(long) == "ssssp"
    assert Log.open(long).root_at(101) == root
    assert b'"redacted_by":101' in Log.open(long).line(30)
    assert b'"redacted_by":101' in log.line(30)  # a log that was opened before
    assert verify_ledger(long, strict=True).findings == ()
    assert lines(long)[29:32] == list(log.lines(29, 32))


def test_a_site_has_segments_as_they_lie(long: Path, tmp_path: Path) -> None:
    """Published before and after sealing, a site is a ledger that verifies."""
    site = tmp_path / "site"
    publish(Log.open(long), site, BARE)
    assert forms(site) == "ppppp"
    seal_ledger(long, ANA)
    publish(Log.open(long), site, BARE)
    assert forms(site) == "ssssp"
    assert lines(site) == lines(long)
    assert Log.open(site).origin == ORIGIN
    assert verify_ledger(site).findings == ()
    assert publish(Log.open(long), site, BARE).files_written == 0
