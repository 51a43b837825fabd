"""Tampering, each way by its name: found, the first bad position named, and never a traceback."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
import tampering
from cli_tools import FIVE, call
from log_tools import ORIGIN, append, make_ledger, snapshot
from tampering import Tamper, at_line, lines_of, resign, values_of, with_time

from ledger import segments
from ledger.api import Ledger
from ledger.findings import Finding
from ledger.heads import Auditor
from ledger.keys import KeyFiles, parse_key
from ledger.note import SignerKey, VerifierKey
from ledger.verify import verify_ledger
from ledger.writer import Writer
from projections.build import rebuild


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger of 25 events in several segments."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 1500)
    make_ledger(tmp_path / "l", *[1] * 8, *[4] * 4)
    assert len(tampering.segments(tmp_path / "l")) > 3
    return tmp_path / "l"


def first_bad(folder: Path, *, strict: bool = False) -> Finding:
    """The first finding; the ledger itself must be left alone."""
    before = snapshot(folder)
    findings = verify_ledger(folder, strict=strict).findings
    assert findings, "nothing was found"
    assert snapshot(folder) == before
    return findings[0]


def forget(origin: str = ORIGIN) -> None:
    """Be somebody who has neither key nor remembered head."""
    for path in KeyFiles.of(origin).folder.iterdir():
        path.unlink()


def keeper() -> SignerKey:
    """The key that signs."""
    return parse_key(KeyFiles.of(ORIGIN).key.read_bytes())


@pytest.mark.parametrize(
    ("tamper", "position"),
    [
        (tampering.removed, 5),
        (tampering.swapped, 5),
        (tampering.inserted, 5),
        (tampering.duplicated, 6),
        (tampering.truncated, 24),
        (tampering.rehashed, None),
        (tampering.signed_by_another, None),
        (at_line(7, lambda line: line.replace(b'"actor":"ana"', b'"actor":"ann"')), 7),
        (at_line(7, lambda line: line.replace(b'"agent":"person"', b'"agent":"model"')), 7),
        (at_line(7, lambda line: with_time(line, "2018-02-01T11:00:00.000000Z")), 7),
        (at_line(7, lambda line: line.replace(b":", b": ", 1)), 7),
        (at_line(7, lambda line: line + b" "), 7),
        (at_line(7, lambda line: line.replace(b'"data":{', b'"data":{"extra":1,')), 7),
        (at_line(7, lambda line: line.replace(b'"kind"', b'"kind":"person","kind"')), 7),
        (at_line(7, lambda _: b""), 7),
        (at_line(7, lambda line: line[:-1] + b"\xff"), 7),
        (at_line(7, lambda line: line.replace(b"v1", b"v9")), 7),
        (at_line(7, lambda _: b"x" * 70_000), 7),
    ],
)  # fmt: skip
def test_what_is_done_to_lines_is_found(folder: Path, tamper: Tamper, position: int | None) -> None:
    """By its keeper, by whoever else looks, and at the first position where it shows."""
    tamper(folder)
    assert first_bad(folder).position == position
    forget()
    assert first_bad(folder).position == position
    done = call("verify", "--log-only", ledger=folder)
    assert (done.code, "Traceback" in done.err) == (1, False)


def test_exchanged_segments_are_found(folder: Path) -> None:
    """The first position of the first of them is named."""
    first = int(tampering.segments(folder)[1].stem)
    tampering.exchanged(folder)
    assert first_bad(folder).position == first


def test_a_segment_that_is_gone_is_found(folder: Path) -> None:
    """Where the log ends is named."""
    last = int(tampering.segments(folder)[-1].stem)
    tampering.emptied(folder)
    found = first_bad(folder)
    assert (found.what, found.position) == ("the end of the log", last)


def test_an_old_checkpoint_is_found_by_the_owner_and_the_strict(folder: Path) -> None:
    """The owner remembers the head signed last; others see lines beyond the head."""
    old = (folder / "checkpoint").read_bytes()
    append(folder, 2)
    (folder / "checkpoint").write_bytes(old)
    assert first_bad(folder).what == "the checkpoint is older than the head signed last"
    forget()
    assert verify_ledger(folder).findings == ()
    assert verify_ledger(folder).notes == ("Positions 25 to 26 are not signed yet.",)
    assert first_bad(folder, strict=True).position == 25


def test_an_old_checkpoint_is_found_by_whoever_kept_a_head(folder: Path) -> None:
    """A later head shows it, though lines, tree and signature are right."""
    old = (folder / "checkpoint").read_bytes()
    append(folder, 2)
    kept = (folder / "checkpoint").read_bytes()
    (folder / "checkpoint").write_bytes(old)
    forget()
    found = verify_ledger(folder, auditor=Auditor(heads=[("kept", kept)])).findings
    assert [(one.file, one.expected) for one in found] == [("kept", "27 events at least")]


@pytest.mark.parametrize("size", [1, 2, 9, 13, 24])
def test_a_log_that_was_cut_back_is_found_against_every_later_head(
    folder: Path, tmp_path: Path, size: int
) -> None:
    """The keeper goes back to an earlier valid size, whole and signed; who kept a head sees it."""
    kept = (folder / "checkpoint").read_bytes()
    lines = lines_of(folder)[:size]
    for path in tampering.segments(folder):
        if int(path.stem) >= size and int(path.stem):
            path.unlink()
    resign(folder, lines, keeper())
    (tmp_path / "kept").write_bytes(kept)
    assert verify_ledger(folder).findings[0].expected == "size 25 at least"
    forget()
    assert verify_ledger(folder, strict=True).findings == ()
    done = call("verify", "--log-only", "--checkpoint", tmp_path / "kept", ledger=folder)
    assert done.code == 1
    assert "cut back" in done.text


def test_a_rewritten_log_is_found_against_every_kept_head(folder: Path, tmp_path: Path) -> None:
    """The keeper rewrites a line and signs it all anew; the evidence can be handed on."""
    kept, key = (folder / "checkpoint").read_bytes(), keeper()
    lines = lines_of(folder)
    lines[5] = lines[5].replace(b'"name":"Somebody"', b'"name":"Nobody"')
    resign(folder, lines, key)
    (tmp_path / "kept").write_bytes(kept)
    forget()
    assert verify_ledger(folder, strict=True).findings == ()
    done = call("verify", "--log-only", "--checkpoint", tmp_path / "kept",
                "--evidence-out", tmp_path / "evidence", ledger=folder)  # fmt: skip
    assert done.code == 1
    assert "rewritten below size 25" in done.text
    vkey = key.verifier().format()
    shown = call("verify", "--evidence", tmp_path / "evidence", "--vkey", vkey)
    assert (shown.code, "Two histories" in shown.text) == (0, True)
    other = SignerKey.generate(ORIGIN).verifier().format()
    assert call("verify", "--evidence", tmp_path / "evidence", "--vkey", other).code == 1


def test_a_back_dated_event_is_found_though_it_was_signed(folder: Path) -> None:
    """The keeper slips in an event with an earlier time, renumbers and signs."""
    lines = lines_of(folder)
    lines[7] = with_time(lines[7], "2018-02-01T11:59:59.000000Z")
    resign(folder, lines, keeper())
    found = first_bad(folder)
    assert (found.position, found.found) == (7, "2018-02-01T11:59:59.000000Z")
    assert found.expected.startswith("a time not before")


def test_another_key_is_found_by_whoever_has_the_right_one(folder: Path) -> None:
    """Who forges a whole ledger must use another key than the one that an auditor knows."""
    right = keeper().verifier()
    assert verify_ledger(folder, auditor=Auditor(vkey=right)).findings == ()
    forged = Auditor(vkey=SignerKey.generate(ORIGIN).verifier())
    (found,) = verify_ledger(folder, auditor=forged).findings
    assert (found.what, found.found) == ("the key of the ledger", right.format())
    assert call("verify", "--log-only", "--vkey", right.format(), ledger=folder).code == 0


# ── changes of key ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def rotated(folder: Path) -> tuple[Path, list[VerifierKey], Path]:
    """The ledger after a change of key: its keys, and the head over the change."""
    with Writer.open(folder, actor="ana") as writer:
        done = writer.rotate()
    append(folder, 3)
    return folder, [done.old, done.new], folder / "checkpoints" / f"{done.position:020d}.rotation"


def test_a_chain_of_keys_holds_from_each_of_them(
    rotated: tuple[Path, list[VerifierKey], Path],
) -> None:
    """Whoever knows the first key, or the one in force, can check the ledger with it."""
    folder, keys, _ = rotated
    for key in keys:
        found = verify_ledger(folder, strict=True, auditor=Auditor(vkey=key))
        assert (found.findings, found.key_given) == ((), True)


def test_a_change_of_key_without_its_head_is_found(
    rotated: tuple[Path, list[VerifierKey], Path],
) -> None:
    """Without the head over it nobody can tell that the old key handed over."""
    folder, _, path = rotated
    path.unlink()
    assert any("the checkpoint" in one.what for one in verify_ledger(folder).findings)


def test_a_head_over_a_change_of_another_log_is_found(
    rotated: tuple[Path, list[VerifierKey], Path], tmp_path: Path
) -> None:
    """The head over a change must have the root of the lines, though both keys signed it."""
    folder, _, path = rotated
    lines = lines_of(folder)
    lines[3] = lines[3].replace(b'"name":"Somebody"', b'"name":"Nobody"')
    resign(folder, lines, keeper())
    found = verify_ledger(folder).findings
    assert any(one.what == "the head over a change of key" for one in found)
    path.write_bytes(path.read_bytes().replace(b"\n\n", b"\n\n\xe2\x80\x94 x AAAAAAA=\n"))
    assert verify_ledger(folder).findings


# ── what the lines say ───────────────────────────────────────────────────────────────────────


def test_an_edited_document_is_found(tmp_path: Path, ledger: Ledger) -> None:
    """A document that is not what was captured is named, and so is one that is gone."""
    article = tmp_path / "article.txt"
    article.write_text("Kabulov told reporters: the number exceeds 10,000.\n")
    ledger.submit({"command": "capture_source", "source_id": "article", "document": "article.txt"},
                  documents=tmp_path)  # fmt: skip
    (path,) = (each for each in (ledger.log.folder / "documents").rglob("*") if each.is_file())
    ledger.close()
    shutil.rmtree(ledger.log.folder / "views")  # they are built when they are asked
    whole = ledger.verify()
    assert (whole.findings, whole.documents) == ((), 1)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"10,000", b"10,001"))
    assert [one.file for one in ledger.verify().findings] == [str(path)]
    path.unlink()
    assert [one.file for one in ledger.verify().findings] == [str(path)]


def test_an_edited_view_file_is_found(ledger: Ledger) -> None:
    """A row that was changed in the view file follows from no line."""
    ledger.submit([*FIVE])
    ledger.close()  # which else keeps the view file open for the next submit
    ledger.log.refresh()
    path = rebuild(ledger.log).path
    with duckdb.connect(str(path)) as connection:
        connection.execute("update facts.statements set proposition = 'another'")
    found = ledger.verify()
    assert found.views is not None
    assert {one.file for one in found.findings} == {str(path)}


# ── bits ─────────────────────────────────────────────────────────────────────────────────────


def each_flip(folder: Path, places: Callable[[Path, bytes], Iterator[tuple[int, int]]]) -> int:
    """Flip bits in the files of a ledger, one at a time, and look whether each is found."""
    count = 0
    for path, whole in snapshot(folder).items():
        for offset, mask in places(path, whole):
            path.write_bytes(whole[:offset] + bytes([whole[offset] ^ mask]) + whole[offset + 1 :])
            assert verify_ledger(folder).findings, f"{path.name}, byte {offset}, {mask:#x}"
            count += 1
        path.write_bytes(whole)
    assert verify_ledger(folder, strict=True).findings == ()
    return count


def with_every_file(folder: Path) -> Path:
    """A small ledger with a change of key and a kept head."""
    make_ledger(folder, 1)
    with Writer.open(folder, actor="ana") as writer:
        writer.rotate()
    append(folder, 1)
    shutil.copy(folder / "checkpoint", folder / "checkpoints" / f"{4:020d}")
    return folder


def test_a_flipped_bit_in_every_third_byte_is_found(tmp_path: Path) -> None:
    """Of log, tree, checkpoint, settings, kept heads and heads over changes of key."""
    count = each_flip(
        with_every_file(tmp_path / "l"),
        lambda _, whole: ((at, 1 << at % 8) for at in range(0, len(whole), 3)),
    )
    assert count > 700


@pytest.mark.slow
def test_every_flipped_bit_is_found(tmp_path: Path) -> None:
    """The same for every byte, and each of its eight bits."""
    count = each_flip(
        with_every_file(tmp_path / "l"),
        lambda _, whole: ((at, 1 << bit) for at in range(len(whole)) for bit in range(8)),
    )
    assert count > 16_000


def test_every_bit_of_a_byte_in_each_field_is_found(ledger: Ledger) -> None:
    """In lines of many types, whatever the field."""
    ledger.submit([*FIVE])

    def places(path: Path, whole: bytes) -> Iterator[tuple[int, int]]:
        if path.suffix == ".jsonl":
            start = 0
            for line in whole.splitlines(keepends=True):
                for end in values_of(line[:-1]):
                    yield from ((start + end, 1 << bit) for bit in range(8))
                start += len(line)

    assert each_flip(ledger.log.folder, places) > 600
