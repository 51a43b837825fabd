"""What a crash can do to the log: kill it, tear it, starve it; what was acknowledged stays."""

import errno
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_tools import (
    NOON,
    ORIGIN,
    append,
    at,
    draft,
    drafts,
    leaves,
    make_ledger,
    put_back,
    snapshot,
    start_child,
)

from events.codec import decode_event
from events.vocabulary import LedgerRecovered
from ledger import segments
from ledger.errors import ClockBehind, Damaged, DiskFailed, SizeDiffers
from ledger.keys import KeyFiles
from ledger.log import Log
from ledger.merkle import leaf_hashes, root_of
from ledger.verify import verify_ledger
from ledger.writer import Writer

SEGMENT = f"{0:020d}.jsonl"


class Crash:
    """A ledger as a crash left it: the head before a batch, and the batch's bytes to tear."""

    def __init__(self, folder: Path, *batches: int) -> None:
        self.folder = folder
        make_ledger(folder, 2, 1)
        self.size = Log.open(folder).size
        self.home = KeyFiles.of(ORIGIN).folder
        self.before = snapshot(folder, self.home)
        self.segment = folder / "log" / SEGMENT
        append(folder, *batches)
        self.batch = self.segment.read_bytes()[len(self.before[self.segment]) :]
        self.lines = self.batch.split(b"\n")[:-1]

    def leave(self, left: bytes) -> None:
        """Put everything back as it was, with these bytes of the batch in the segment."""
        put_back(self.before, self.folder, self.home)
        self.segment.write_bytes(self.before[self.segment] + left)


# ── killed ───────────────────────────────────────────────────────────────────────────────────


def kill_and_go_on(folder: Path, seed: int) -> None:
    """Kill a process that appends, at a random moment; then look whether all it told is there."""
    with start_child("forever", folder, str(seed)) as child:
        assert child.stdout is not None
        told = [child.stdout.readline().split()]
        time.sleep(random.Random(seed).uniform(0, 0.15))
        child.kill()
        told += [line.split() for line in child.stdout if line.endswith("\n")]
    lines = leaves(folder)
    assert all(lines[int(position)] == leaf for position, leaf in told)
    reader = Log.open(folder)
    assert int(told[-1][0]) < reader.size
    assert verify_ledger(folder).findings == ()
    with Writer.open(folder, actor="ana") as writer:
        assert writer.size >= reader.size
        writer.append([draft(1)])
    assert leaves(folder)[: reader.size] == lines[: reader.size]
    assert verify_ledger(folder, strict=True).findings == ()


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """Killed at any moment, a ledger has all that was acknowledged, nothing half, and goes on."""
    make_ledger(tmp_path / "l")
    for seed in range(8):
        kill_and_go_on(tmp_path / "l", seed)


@pytest.mark.slow
def test_what_was_acknowledged_survives_many_kills(tmp_path: Path) -> None:
    """The same, sixty times over one ledger."""
    make_ledger(tmp_path / "l")
    for seed in range(100, 160):
        kill_and_go_on(tmp_path / "l", seed)


def places(data: bytes, step: int) -> list[int]:
    """Numbers of bytes to keep of some lines: every so many, and those about the end of a line."""
    ends = [at + 1 for at, byte in enumerate(data) if byte == ord("\n")]
    about = {end + by for end in ends for by in (-1, 0, 1) if end + by <= len(data)}
    return sorted({*range(0, len(data) + 1, step), *about})


# ── torn ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_torn_at_any_byte_is_wholly_in_or_out(
    tmp_path: Path, count: int, step: int
) -> None:
    """However many bytes of a batch reached the disk, it is in the log whole or not at all."""
    crash = Crash(tmp_path / "l", count)
    for kept in places(crash.batch, step):
        crash.leave(crash.batch[:kept])
        whole = kept == len(crash.batch)
        reader = Log.open(crash.folder)
        assert reader.size == crash.size + (count if whole else 0)
        assert verify_ledger(crash.folder).findings == ()
        with Writer.open(crash.folder, actor="ana") as writer:
            assert writer.size == crash.size + (count + 1 if whole else 0)
            assert bool(writer.notices) == (kept > 0)
        assert list(Log.open(crash.folder).lines(crash.size))[:count] == crash.lines * whole
        assert verify_ledger(crash.folder, strict=True).findings == ()
        torn = [path.read_bytes() for path in crash.folder.glob("aside/*.torn")]
        assert torn == ([crash.batch[:kept]] if kept > 0 and not whole else [])


@pytest.mark.parametrize("step", [41, pytest.param(3, marks=pytest.mark.slow)])
def test_whole_batches_are_kept_before_a_torn_one(tmp_path: Path, step: int) -> None:
    """Of several batches that were not signed the whole ones stay and the torn one goes."""
    crash = Crash(tmp_path / "l", 2, 1, 4)
    for kept in places(crash.batch, step):
        crash.leave(crash.batch[:kept])
        whole = max(
            size for size in (0, 2, 3, 7) if len(b"\n".join([*crash.lines[:size], b""])) <= kept
        )
        assert Log.open(crash.folder).size == crash.size + whole
        with Writer.open(crash.folder, actor="ana") as writer:
            assert list(writer.log.lines(crash.size))[:whole] == crash.lines[:whole]
            assert writer.size == crash.size + whole + (whole > 0)
        assert verify_ledger(crash.folder, strict=True).findings == ()


def test_recovery_is_recorded_and_signed_at_once(tmp_path: Path) -> None:
    """Lines that are adopted are named by an event, with their root, under a new head."""
    crash = Crash(tmp_path / "l", 3, 1)
    crash.leave(crash.batch)
    with Writer.open(crash.folder, actor="ana", agent="importer") as writer:
        head = Log.open(crash.folder).checkpoint
        assert head.size == writer.size == crash.size + 5
    event = decode_event(Log.open(crash.folder).line(crash.size + 4))
    assert isinstance(event.data, LedgerRecovered)
    assert (event.data.from_, event.data.to) == (crash.size, crash.size + 4)
    assert (event.actor, event.agent, event.subject) == ("ana", "importer", f"ledger/{ORIGIN}")
    hashes = leaf_hashes(Log.open(crash.folder).lines(0, crash.size + 4))
    assert type(head)(ORIGIN, event.data.to, root_of(hashes)).root64 == event.data.root


def test_an_expected_size_is_compared_before_recovery(tmp_path: Path) -> None:
    """Whole lines beyond the head count for an expected size; a conflict changes nothing."""
    crash = Crash(tmp_path / "l", 3, 2)
    crash.leave(crash.batch[:-5])
    before = snapshot(tmp_path)
    for expected in (crash.size, crash.size + 4, crash.size + 5):
        with pytest.raises(SizeDiffers, match=f"{crash.size + 3} events"):
            Writer.open(crash.folder, actor="ana", expect_size=expected)
    assert snapshot(tmp_path) == before
    with Writer.open(crash.folder, actor="ana", expect_size=crash.size + 3) as writer:
        assert writer.size == crash.size + 4


def test_a_clock_that_is_refused_recovers_nothing(tmp_path: Path) -> None:
    """Where the recovery could not be recorded, nothing is moved aside or adopted either."""
    crash = Crash(tmp_path / "l", 3, 2)
    crash.leave(crash.batch[:-5])
    before = snapshot(tmp_path)
    with pytest.raises(ClockBehind):
        Writer.open(crash.folder, actor="ana", clock=at(NOON))
    assert snapshot(tmp_path) == before


def test_pages_that_never_reached_the_disk_are_a_torn_batch(tmp_path: Path) -> None:
    """A batch in which zeros stand for bytes is not in the log, wherever in it they stand."""
    crash = Crash(tmp_path / "l", 40)
    page = 4096
    for hole in range(0, len(crash.batch), page // 2):
        end = min(hole + page, len(crash.batch))
        crash.leave(crash.batch[:hole] + bytes(end - hole) + crash.batch[end:])
        assert verify_ledger(crash.folder).findings == ()
        with Writer.open(crash.folder, actor="ana") as writer:
            assert writer.size == crash.size
            writer.append([draft(1)])
        assert verify_ledger(crash.folder, strict=True).findings == ()


def test_a_reader_stops_before_a_page_of_zeros(tmp_path: Path) -> None:
    """Readers see the log up to the last whole batch, also where the last line of all is whole."""
    crash = Crash(tmp_path / "ledger", 1, 40)
    whole = len(crash.lines[0]) + 1
    hole = whole + 2_000
    crash.leave(crash.batch[:hole] + bytes(4_096) + crash.batch[hole + 4_096 :])
    log = Log.open(crash.folder)
    assert log.size == crash.size + 1
    assert len(list(log.lines())) == log.size
    log.refresh()
    assert log.size == crash.size + 1
    append(crash.folder, 1)
    log.refresh()
    assert log.size == crash.size + 3  # with the event that says what was recovered


def test_a_file_that_grew_by_zeros_alone_is_torn(tmp_path: Path) -> None:
    """A segment whose size reached the disk without its bytes loses nothing that was there."""
    crash = Crash(tmp_path / "l", 2)
    for zeros in (1, 4096, 3_000_000):
        crash.leave(bytes(zeros))
        assert Log.open(crash.folder).size == crash.size
        append(crash.folder, 1)
        assert verify_ledger(crash.folder, strict=True).findings == ()


def test_zeros_before_an_acknowledged_batch_are_damage(tmp_path: Path) -> None:
    """A hole with a whole batch behind it is no torn batch: that one had been acknowledged."""
    crash = Crash(tmp_path / "l", 2, 1)
    first = len(crash.lines[0])
    crash.leave(bytes(first) + crash.batch[first:])
    before = snapshot(tmp_path)
    with pytest.raises(Damaged, match="nothing behind an incomplete batch"):
        Writer.open(crash.folder, actor="ana")
    assert snapshot(tmp_path) == before
    assert verify_ledger(crash.folder).findings != ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"sequence":"00000000000000000005"', b'"sequence":"00000000000000000006"'),
        (b"-00000000000000000006", b"-00000000000000000005"),
        (b'"source":"example.org/claims"', b'"source":"example.org/others"'),
        (b'"agent":"person"', b'"agent":"parson"'),
        (b'"kind":"person"', b'"kind":"beast"'),
        (b'"specversion":"1.0"', b'"specversion":"1.1"'),
        (b'"data":{', b'"data": {'),
        (b'"time":"20', b'"time":"10'),
        (b'"name":"Somebody"', b'"name":"Some\xffbody"'),
        (b'"name":', b'"name":"x","name":'),
    ],
)
def test_whole_lines_that_are_not_events_are_damage(tmp_path: Path, old: bytes, new: bytes) -> None:
    """Lines beyond the head that are whole but not what a writer writes are not adopted."""
    crash = Crash(tmp_path / "l", 3)
    spoilt = crash.batch.replace(old, new, 1)
    assert spoilt != crash.batch
    crash.leave(spoilt)
    before = snapshot(tmp_path)
    with pytest.raises(Damaged):
        Writer.open(crash.folder, actor="ana")
    assert snapshot(tmp_path) == before
    assert verify_ledger(crash.folder).findings != ()
    assert snapshot(tmp_path) == before


def test_an_event_newer_than_this_program_is_adopted(tmp_path: Path) -> None:
    """A line of an unknown type is kept as it is, and verified with a note."""
    crash = Crash(tmp_path / "l", 1)
    crash.leave(crash.batch.replace(b"claims.speaker.registered.v1", b"claims.speaker.knighted.v3"))
    with Writer.open(crash.folder, actor="ana") as writer:
        assert writer.size == crash.size + 2
    result = verify_ledger(crash.folder)
    assert result.findings == ()
    assert any("claims.speaker.knighted.v3" in note for note in result.notes)


def test_a_crash_while_recovering_is_recovered_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted at any sync while it recovers, the next opening brings it to its end."""
    crash = Crash(tmp_path / "l", 3, 2)
    fsync = os.fsync
    for number in range(20):
        crash.leave(crash.batch[:-5])
        calls = iter(range(1000))

        def die(fd: int, calls: Iterator[int] = calls, number: int = number) -> None:
            if next(calls) >= number:
                raise KeyboardInterrupt
            fsync(fd)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", die)
            try:
                Writer.open(crash.folder, actor="ana").close()
                died = False
            except KeyboardInterrupt:
                died = True
        append(crash.folder, 1)
        lines = list(Log.open(crash.folder).lines(crash.size))
        assert lines[:3] == crash.lines[:3]
        assert verify_ledger(crash.folder, strict=True).findings == ()
        if not died:
            assert number > 5
            return
    pytest.fail("recovery never came to its end")


def test_a_crash_at_the_beginning_of_a_segment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A segment that was only begun, or holds a torn batch alone, is gone on with."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 1)
    folder = tmp_path / "l"
    make_ledger(folder, 2)
    size = Log.open(folder).size
    fresh = segments.segment_path(folder, size)
    for left in (b"", b'{"specversion"'):
        fresh.write_bytes(left)
        assert Log.open(folder).size == size
        assert verify_ledger(folder).findings == ()
        append(folder, 1)
        assert verify_ledger(folder, strict=True).findings == ()
        size += 1
        fresh = segments.segment_path(folder, size)


def test_a_head_remembered_beyond_the_checkpoint_is_fine_when_the_log_extends_it(
    tmp_path: Path,
) -> None:
    """The head outlived the checkpoint: the log has what it covers, so it goes on."""
    crash = Crash(tmp_path / "l", 2, 1)
    head = KeyFiles.of(ORIGIN).head
    later = head.read_bytes()
    crash.leave(crash.batch)
    head.write_bytes(later)
    append(crash.folder, 1)
    assert verify_ledger(crash.folder, strict=True).findings == ()


# ── cut below the head ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.slow)])
def test_a_log_cut_below_its_head_is_damaged(tmp_path: Path, step: int) -> None:
    """Cut at any byte that was signed, the ledger is damaged and no byte of it changes."""
    folder = tmp_path / "l"
    make_ledger(folder, 2, 1)
    path = folder / "log" / SEGMENT
    whole = path.read_bytes()
    for kept in places(whole, step)[:-1]:
        path.write_bytes(whole[:kept])
        before = snapshot(tmp_path)
        with pytest.raises(Damaged) as raised:
            Writer.open(folder, actor="ana")
        assert SEGMENT in str(raised.value)
        with pytest.raises(Damaged):
            Log.open(folder)
        assert verify_ledger(folder).findings != ()
        assert snapshot(tmp_path) == before


# ── a disk that fails ────────────────────────────────────────────────────────────────────────


def test_a_full_disk_is_never_acknowledged(tmp_path: Path) -> None:
    """When the file may not grow, the batch is refused, so is every later one, and all is well."""
    folder = tmp_path / "l"
    make_ledger(folder)
    child = start_child("starve", folder)
    told = child.communicate()[0].splitlines()
    assert told[0] == "acknowledged 4"
    assert told[1].startswith("refused The operating system refused: File too large")
    assert told[2].startswith("refused An earlier write failed")
    assert (len(told), child.returncode) == (3, 0)
    log = Log.open(folder)
    assert (log.size, log.checkpoint.size) == (4, 4)
    assert verify_ledger(folder, strict=True).findings == ()
    append(folder, 1)


def test_a_failed_sync_is_never_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a sync that failed nothing of the batch counts, and the writer writes no more."""
    folder = tmp_path / "l"
    make_ledger(folder)
    with Writer.open(folder, actor="ana") as writer:
        writer.append(drafts(2))
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", _fail)
            with pytest.raises(DiskFailed):
                writer.append(drafts(3))
        with pytest.raises(DiskFailed, match="writes no more"):
            writer.append(drafts(1))
        assert writer.size == 3
    assert Log.open(folder).checkpoint.size == 3
    assert verify_ledger(folder, strict=True).findings == ()
    append(folder, 1)


def test_a_disk_that_takes_nothing_back_leaves_an_unsigned_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When not even the cut succeeds, the head still covers only what was acknowledged."""
    folder = tmp_path / "l"
    make_ledger(folder)
    with Writer.open(folder, actor="ana") as writer:
        writer.append(drafts(2))
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", _fail)
            patch.setattr(os, "ftruncate", _fail)
            with pytest.raises(DiskFailed):
                writer.append(drafts(3))
    assert Log.open(folder).checkpoint.size == 3
    assert verify_ledger(folder).findings == ()
    append(folder, 1)
    assert verify_ledger(folder, strict=True).findings == ()


def test_an_interruption_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted from the keyboard while it syncs, a writer signs what it had acknowledged."""
    folder = tmp_path / "l"
    make_ledger(folder)
    fsync, calls = os.fsync, iter([KeyboardInterrupt])

    def interrupt(fd: int) -> None:
        for interruption in calls:
            raise interruption
        fsync(fd)

    writer = Writer.open(folder, actor="ana")
    writer.append(drafts(2))
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt), writer:
        writer.append(drafts(3))
    log = Log.open(folder)
    assert (log.size, log.checkpoint.size) == (3, 3)
    assert verify_ledger(folder, strict=True).findings == ()


def test_a_head_that_cannot_be_written_loses_no_event(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was acknowledged before the head could not be replaced is adopted the next time."""
    folder = tmp_path / "l"
    make_ledger(folder)
    old = (folder / "checkpoint").read_bytes()
    writer = Writer.open(folder, actor="ana")
    writer.append(drafts(2))
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", _fail)
        with pytest.raises(DiskFailed):
            writer.close()
    assert (folder / "checkpoint").read_bytes() == old
    assert Log.open(folder).size == 3
    append(folder, 1)
    assert Log.open(folder).size == 5
    assert verify_ledger(folder, strict=True).findings == ()


def test_a_writer_that_was_closed_writes_no_more(tmp_path: Path) -> None:
    """Closed twice it does nothing; appended to it refuses, for others may hold the ledger now."""
    make_ledger(tmp_path / "l")
    writer = Writer.open(tmp_path / "l", actor="ana")
    writer.close()
    append(tmp_path / "l", 1)
    writer.close()
    with pytest.raises(DiskFailed):
        writer.append(drafts(1))
    assert Log.open(tmp_path / "l").size == 2


def _fail(*_: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


# ── anything at all ──────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Crash:
    """A crash to vary."""
    folder = tmp_path_factory.mktemp("crashed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        return Crash(folder / "l", 2, 3, 1)


@settings(deadline=None)
@given(left=st.binary(max_size=200), kept=st.integers(0, 3000))
def test_whatever_lies_beyond_the_head_is_judged(crashed: Crash, left: bytes, kept: int) -> None:
    """Any bytes beyond the head are adopted, moved aside or damage; reading says the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(crashed.home.parent.parent))
        crashed.leave(crashed.batch[:kept] + left)
        before = snapshot(crashed.folder, crashed.home)
        try:
            with Writer.open(crashed.folder, actor="ana") as writer:
                assert writer.size >= crashed.size
        except Damaged:
            assert snapshot(crashed.folder, crashed.home) == before
            assert verify_ledger(crashed.folder).findings != ()
        else:
            assert verify_ledger(crashed.folder, strict=True).findings == ()
