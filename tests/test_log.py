"""The log: making, appending, reading; one writer, one order, one history."""

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_tools import (
    NOON,
    ORIGIN,
    append,
    at,
    copy_ledger,
    draft,
    drafts,
    make_ledger,
    put_back,
    snapshot,
    start_child,
)

from events.codec import decode_event
from events.vocabulary import LedgerCreated, LedgerRestored
from ledger import segments, writer
from ledger.create import create_ledger
from ledger.errors import (
    BadOrigin,
    Busy,
    ClockBehind,
    Conflict,
    Damaged,
    DiskFailed,
    HeadForgotten,
    KeyMissing,
    KeyUnfit,
    Refused,
    SizeDiffers,
    UsageFault,
)
from ledger.keys import KeyFiles
from ledger.log import Log
from ledger.merkle import leaf_hashes, root_of
from ledger.segments import Mark
from ledger.verify import verify_ledger
from ledger.writer import Writer

# ── making ───────────────────────────────────────────────────────────────────────────────────


def test_a_new_ledger_has_one_signed_event(tmp_path: Path) -> None:
    """A ledger begins with the event that names it and its key, signed and verified."""
    log = create_ledger(tmp_path / "l", origin=ORIGIN, title="Über", actor="ana", clock=at(NOON))
    event = decode_event(log.line(0))
    assert (log.size, log.checkpoint.size, log.title, log.last_time) == (1, 1, "Über", NOON)
    assert event.data == LedgerCreated(
        origin=ORIGIN, title="Über", format_version=1, verifier_key=log.verifier_key
    )
    assert (event.subject, event.actor, event.agent) == (f"ledger/{ORIGIN}", "ana", "person")
    assert sorted(path.name for path in (tmp_path / "l").iterdir()) == [
        "checkpoint", "documents", "ledger.toml", "log", "tree",
    ]  # fmt: skip
    assert verify_ledger(tmp_path / "l", strict=True).findings == ()


def test_an_empty_folder_is_filled_where_it_stands(tmp_path: Path) -> None:
    """A folder that is there and empty stays the same folder: a shell may be standing in it."""
    folder = tmp_path / "l"
    folder.mkdir()
    before = folder.stat().st_ino
    make_ledger(folder, 1)
    assert folder.stat().st_ino == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_making_a_ledger_twice_is_a_conflict(tmp_path: Path) -> None:
    """A folder with something in it, and an origin with a key, are refused; nothing is changed."""
    make_ledger(tmp_path / "l")
    before = snapshot(tmp_path)
    with pytest.raises(Conflict, match="there already"):
        create_ledger(tmp_path / "l", origin="example.org/other", actor="ana")
    with pytest.raises(Conflict, match="key already"):
        create_ledger(tmp_path / "m", origin=ORIGIN, actor="ana")
    with pytest.raises(BadOrigin):
        create_ledger(tmp_path / "m", origin="a b", actor="ana")
    assert snapshot(tmp_path) == before
    assert not (tmp_path / "m").exists()


def failing_at(number: int, real: Callable[..., object]) -> Callable[..., object]:
    """A call of the system that fails when it is called for the `number`th time, from 0."""
    calls = iter(range(1000))

    def fail(*given: object, **named: object) -> object:
        if next(calls) == number:
            raise OSError(28, "No space left on device")
        return real(*given, **named)

    return fail


@pytest.mark.parametrize("failing", ["fsync", "rename", "write"])
def test_a_ledger_that_cannot_be_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """Whichever call of the system fails while a ledger is made, no part of it and no key stay."""
    for number in range(30):
        with monkeypatch.context() as patch:
            patch.setattr(os, failing, failing_at(number, getattr(os, failing)))
            try:
                create_ledger(tmp_path / "l", origin=ORIGIN, actor="ana")
            except DiskFailed:
                assert not (tmp_path / "l").exists()
                assert list(snapshot(tmp_path)) == []
            else:
                assert number > 0
                return
    pytest.fail("the ledger was never made")


# ── appending ────────────────────────────────────────────────────────────────────────────────


def test_a_batch_has_one_time_and_contiguous_positions(tmp_path: Path) -> None:
    """What comes back of an append says where its events stand and when they were recorded."""
    make_ledger(tmp_path / "l")
    with Writer.open(tmp_path / "l", actor="ana", clock=at(NOON)) as one:
        done = one.append(drafts(3))
        assert (done.first, done.last, done.size, done.time) == (1, 3, 4, NOON)
        assert one.size == one.log.size == 4
        assert list(one.log.lines(1)) == done.lines
    events = [decode_event(line) for line in Log.open(tmp_path / "l").lines(1)]
    assert [(event.position, event.batch, event.time) for event in events] == [
        (position, range(1, 4), NOON) for position in (1, 2, 3)
    ]


def test_events_keep_their_order_across_segments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches never straddle segments, and everything is read across them as across one."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 3000)
    log = make_ledger(tmp_path / "l", *[1, 7, 2, 30, 1, 1, 5] * 3)
    assert len(log.segments()) > 5
    lines = list(log.lines())
    assert [decode_event(line).position for line in lines] == list(range(log.size))
    for first, last in ((0, 0), (0, 1), (5, 60), (log.size, log.size), (17, log.size)):
        assert list(log.lines(first, last)) == lines[first:last]
    for position in range(log.size):
        assert log.line(position) == lines[position]
        mark = log.mark(position)
        whole = b"".join(line + b"\n" for line in lines[position:])
        assert log.tail(position, mark) == log.tail(position) == whole
        assert log.tail(position, Mark(0, 3)) == log.tail(position, Mark(7, 99)) == whole
    assert log.lines_at([50, 3, 3, 90, 0]) == {at: lines[at] for at in (0, 3, 50, 90)}
    assert verify_ledger(tmp_path / "l", strict=True).findings == ()


def test_the_last_mark_is_where_the_next_line_begins(tmp_path: Path) -> None:
    """A reader that keeps the mark of the size can go on from it later."""
    log = make_ledger(tmp_path / "l", 5)
    size, mark = log.size, log.mark(log.size)
    assert log.tail(size, mark) == b""
    append(tmp_path / "l", 2)
    assert log.size == size
    log.refresh()
    assert log.size == size + 2
    assert log.mark(size) == mark
    assert log.tail(size, mark).count(b"\n") == 2


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.integers(0, 900), max_size=30))
def test_lines_are_looked_up_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, wanted: set[int]
) -> None:
    """Lines looked up together are those looked up alone."""
    log = _shared_log(tmp_path_factory)
    assert log.lines_at(wanted) == {position: log.line(position) for position in wanted}


_shared: list[Log] = []


def _shared_log(factory: pytest.TempPathFactory) -> Log:
    if not _shared:
        _shared.append(make_ledger(factory.mktemp("shared") / "l", 900))
    return _shared[0]


@pytest.mark.parametrize("tree", ["stored", "missing", "wrong"])
def test_roots_of_the_past_are_right_whatever_is_stored(tmp_path: Path, tree: str) -> None:
    """The root at any size is that of the lines, also without a tree or with a wrong one."""
    log = make_ledger(tmp_path / "l", 300, 1, 2)
    if tree == "missing":
        shutil.rmtree(tmp_path / "l" / "tree")
    elif tree == "wrong":
        stored = tmp_path / "l" / "tree" / "0"
        stored.write_bytes(bytes(len(stored.read_bytes())))
    before = snapshot(tmp_path)
    hashes = leaf_hashes(log.lines())
    for size in (0, 1, 2, 255, 256, 257, 300, log.size):
        assert log.root_at(size) == root_of(hashes[:size])
    assert snapshot(tmp_path) == before


def test_a_wrong_tree_is_computed_anew_by_the_writer(tmp_path: Path) -> None:
    """A tree that is missing, short or wrong is put right by the next append, and it says so."""
    folder = tmp_path / "l"
    make_ledger(folder, 300)
    stored = folder / "tree" / "0"
    for spoil in (stored.unlink, lambda: stored.write_bytes(b"x"), lambda: os.truncate(stored, 33)):
        spoil()
        with Writer.open(folder, actor="ana") as one:
            assert any("computed anew" in notice for notice in one.notices)
            one.append([draft(1)])
        assert verify_ledger(folder, strict=True).findings == ()


def test_a_short_file_of_a_tree_is_seen_also_at_a_power(tmp_path: Path) -> None:
    """At 256 events the edge of the tree is one hash; a leaf file that is gone is still missed."""
    folder = tmp_path / "l"
    make_ledger(folder, 255)
    (folder / "tree" / "0").unlink()
    append(folder, 1)
    assert verify_ledger(folder, strict=True).findings == ()


def test_common_tools_check_a_leaf(tmp_path: Path) -> None:
    """`sha256sum` over a zero byte and the first line gives the first 32 bytes of the tree."""
    if not (shutil.which("sha256sum") and shutil.which("od")):
        pytest.skip("sha256sum or od is not installed")
    make_ledger(tmp_path / "l", 2)
    script = """
        { printf '\\0'; head -n 1 log/00000000000000000000.jsonl | tr -d '\\n'; } |
            sha256sum | cut -c 1-64
        head -c 32 tree/0 | od -An -v -tx1 | tr -d ' \\n'
    """
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path / "l", capture_output=True, text=True, check=True
    )
    computed, stored = done.stdout.split()
    assert computed == stored


def test_input_that_makes_no_line_is_refused_and_leaves_no_trace(tmp_path: Path) -> None:
    """A line that is too long or holds half a character refuses its batch; the writer goes on."""
    make_ledger(tmp_path / "l")
    with Writer.open(tmp_path / "l", actor="ana") as one:
        for bad in (draft(2, "x" * 70_000), draft(2, "\ud800")):
            before = snapshot(tmp_path / "l")
            with pytest.raises(Refused):
                one.append([draft(1), bad])
            assert snapshot(tmp_path / "l") == before
        assert one.append([draft(3)]).first == 1


# ── clocks ───────────────────────────────────────────────────────────────────────────────────


def test_time_never_runs_backwards(tmp_path: Path) -> None:
    """When the clock goes back a little, the last time is used again."""
    make_ledger(tmp_path / "l")
    earlier = NOON - timedelta(minutes=9)
    with Writer.open(tmp_path / "l", actor="ana", clock=at(earlier)) as one:
        assert one.append([draft(1)]).time == NOON
    assert Log.open(tmp_path / "l").last_time == NOON


def test_a_clock_far_behind_is_refused_unless_accepted(tmp_path: Path) -> None:
    """When the last event lies more than ten minutes ahead, only `accept_clock` goes on."""
    make_ledger(tmp_path / "l")
    early = at(NOON - timedelta(minutes=10, seconds=1))
    with Writer.open(tmp_path / "l", actor="ana", clock=early) as one:
        with pytest.raises(ClockBehind, match=r"12:00:00\.123456Z.*11:49:59"):
            one.append([draft(1)])
        assert one.size == 1
    with Writer.open(tmp_path / "l", actor="ana", clock=early, accept_clock=True) as one:
        assert one.append([draft(1)]).time == NOON


# ── one writer, one order ────────────────────────────────────────────────────────────────────


def test_many_processes_append_without_gap_or_duplicate(tmp_path: Path) -> None:
    """Eight processes that append at once get every position exactly once."""
    folder = tmp_path / "l"
    make_ledger(folder)
    children = [start_child("often", folder, "25") for _ in range(8)]
    told = [int(word) for child in children for word in child.communicate()[0].split()]
    assert [child.returncode for child in children] == [0] * 8
    assert sorted(told) == list(range(1, 201))
    assert Log.open(folder).checkpoint.size == 201
    assert verify_ledger(folder, strict=True).findings == ()


def test_waiting_for_another_writer_ends(tmp_path: Path) -> None:
    """Who waits too long is told who holds the ledger; reading goes on; then it is free again."""
    folder = tmp_path / "l"
    make_ledger(folder, 3)
    child = start_child("hold", folder)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(Busy, match=f"process {child.pid}"):
        Writer.open(folder, actor="ana", wait_seconds=0.2)
    assert Log.open(folder).size == 4
    child.communicate("\n")
    append(folder, 1)
    assert Log.open(folder).size == 5


def test_a_second_writer_in_the_same_thread_is_busy(tmp_path: Path) -> None:
    """A program that opens a ledger twice is refused, not left hanging."""
    make_ledger(tmp_path / "l")
    with Writer.open(tmp_path / "l", actor="ana"), pytest.raises(Busy):
        Writer.open(tmp_path / "l", actor="ana", wait_seconds=0.1)
    append(tmp_path / "l", 1)


def test_locks_are_let_go_when_the_block_fails(tmp_path: Path) -> None:
    """An error inside the block signs what was acknowledged and lets go of the ledger."""
    make_ledger(tmp_path / "l")
    one = Writer.open(tmp_path / "l", actor="ana")
    one.append([draft(1)])
    with pytest.raises(ZeroDivisionError), one:
        one.append([draft(1 // 0)])
    assert Log.open(tmp_path / "l").checkpoint.size == 2
    append(tmp_path / "l", 1)


def test_another_size_than_expected_is_a_conflict(tmp_path: Path) -> None:
    """An append that expects another size is refused with both sizes, and writes nothing."""
    make_ledger(tmp_path / "l", 3)
    before = snapshot(tmp_path)
    with pytest.raises(SizeDiffers, match="4 events, where 3"):
        Writer.open(tmp_path / "l", actor="ana", expect_size=3)
    assert snapshot(tmp_path) == before
    with Writer.open(tmp_path / "l", actor="ana", expect_size=4) as one:
        one.append([draft(1)])


# ── keys and history ─────────────────────────────────────────────────────────────────────────


def test_without_its_key_a_ledger_is_only_read(tmp_path: Path) -> None:
    """Without the key, or with another, a ledger is read and verified but not appended to."""
    log = make_ledger(tmp_path / "l", 3)
    files = KeyFiles.of(ORIGIN)
    key = files.key.read_bytes()
    files.key.unlink()
    before = snapshot(tmp_path)
    with pytest.raises(KeyMissing) as raised:
        Writer.open(tmp_path / "l", actor="ana")
    assert str(files.key) in str(raised.value)
    assert snapshot(tmp_path) == before
    assert len(list(log.lines())) == 4
    assert verify_ledger(tmp_path / "l").findings == ()
    create_ledger(tmp_path / "other", origin="example.org/other", actor="ana")
    shutil.copy(KeyFiles.of("example.org/other").key, files.key)
    with pytest.raises(KeyUnfit):
        Writer.open(tmp_path / "l", actor="ana")
    files.key.write_bytes(key)
    append(tmp_path / "l", 1)


def test_a_key_brought_without_its_head_remembers_from_then_on(tmp_path: Path) -> None:
    """On a new machine the head is taken as it is found, and remembered at once."""
    make_ledger(tmp_path / "l", 3)
    old = copy_ledger(tmp_path / "l", tmp_path / "old")
    append(tmp_path / "l", 1)
    head = KeyFiles.of(ORIGIN).head
    head.unlink()
    with Writer.open(tmp_path / "l", actor="ana"):
        assert head.read_bytes() == (tmp_path / "l" / "checkpoint").read_bytes()
    with pytest.raises(HeadForgotten):
        Writer.open(old, actor="ana")


def test_a_second_copy_is_refused(tmp_path: Path) -> None:
    """A copy that was left behind may not be appended to, and nothing in it changes."""
    folder = tmp_path / "l"
    make_ledger(folder, 3)
    second = copy_ledger(folder, tmp_path / "second")
    append(folder, 2)
    before = snapshot(tmp_path)
    with pytest.raises(HeadForgotten, match=r"4 events\) is an earlier state.*6 events"):
        Writer.open(second, actor="ana")
    assert snapshot(tmp_path) == before
    assert [one.what for one in verify_ledger(second).findings] == [
        "the checkpoint is older than the head signed last"
    ]


@pytest.mark.parametrize("more", [0, 1, 5])
def test_another_history_is_refused(tmp_path: Path, more: int) -> None:
    """A copy that went its own way is refused, also when it is as long or longer."""
    folder, files = tmp_path / "l", KeyFiles.of(ORIGIN)
    make_ledger(folder, 3)
    second = copy_ledger(folder, tmp_path / "second")
    head = files.head.read_bytes()
    append(second, *[1] * (1 + more))
    files.head.write_bytes(head)
    append(folder, 1)
    before = snapshot(tmp_path)
    with pytest.raises(HeadForgotten, match="another history"):
        Writer.open(second, actor="ana")
    assert snapshot(tmp_path) == before
    assert verify_ledger(second).findings != ()


def test_a_restored_backup_goes_on_when_the_owner_says_so(tmp_path: Path) -> None:
    """`accept_restored` records what was remembered and why, and from then on it is the history."""
    folder = tmp_path / "l"
    make_ledger(folder, 3)
    backup = copy_ledger(folder, tmp_path / "backup")
    append(folder, 2)
    lost = Log.open(folder).checkpoint
    with Writer.open(backup, actor="ana", accept_restored="the disk broke") as one:
        assert one.append([draft(9)]).first == 5
    event = decode_event(Log.open(backup).line(4))
    assert event.data == LedgerRestored(size=lost.size, root=lost.root64, reason="the disk broke")
    assert event.actor == "ana"
    assert verify_ledger(backup, strict=True).findings == ()
    append(backup, 1)
    with pytest.raises(HeadForgotten):
        Writer.open(folder, actor="ana")


def test_accepting_a_restored_backup_does_nothing_where_none_is(tmp_path: Path) -> None:
    """On a ledger that is as it was signed, `accept_restored` records nothing."""
    make_ledger(tmp_path / "l", 3)
    with Writer.open(tmp_path / "l", actor="ana", accept_restored="in case") as one:
        assert one.size == 4


# ── signing ──────────────────────────────────────────────────────────────────────────────────


def test_the_head_is_signed_while_writing_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that goes on signs again once the time has come, before its next batch."""
    make_ledger(tmp_path / "l")
    reader = Log.open(tmp_path / "l")
    with Writer.open(tmp_path / "l", actor="ana") as one:
        one.append(drafts(2))
        reader.refresh()
        assert (reader.size, reader.checkpoint.size) == (3, 1)
        monkeypatch.setattr(writer, "SIGN_SECONDS", 0.0)
        one.append([draft(9)])
        reader.refresh()
        assert (reader.size, reader.checkpoint.size) == (4, 3)
        assert reader.root_at(4) == root_of(leaf_hashes(reader.lines()))
    reader.refresh()
    assert reader.checkpoint.size == 4


def test_opening_without_appending_changes_nothing(tmp_path: Path) -> None:
    """A writer that appends nothing leaves every byte as it was."""
    make_ledger(tmp_path / "l", 3)
    before = snapshot(tmp_path)
    with Writer.open(tmp_path / "l", actor="ana") as one:
        assert one.notices == []
        assert one.held_seconds >= 0
    assert snapshot(tmp_path) == before


# ── what is no ledger, or is damaged ─────────────────────────────────────────────────────────


def test_what_is_no_ledger_is_told_with_the_way_out(tmp_path: Path) -> None:
    """A folder without a ledger, or no folder, is a fault of usage that names `claims init`."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageFault, match="claims init"):
            Log.open(folder)
        with pytest.raises(UsageFault):
            Writer.open(folder, actor="ana")


def _spoil_checkpoint(folder: Path) -> None:
    path = folder / "checkpoint"
    path.write_bytes(path.read_bytes()[:-20])


def _lose_segment(folder: Path) -> None:
    sorted((folder / "log").iterdir())[1].unlink()


def _spoil_settings(folder: Path) -> None:
    path = folder / "ledger.toml"
    path.write_text(path.read_text().replace(ORIGIN, "example.org/other"))


def _spoil_first_line(folder: Path) -> None:
    path = min((folder / "log").iterdir())
    path.write_bytes(path.read_bytes().replace(b"ledger.created", b"ledger.cremated"))


def _no_checkpoint(folder: Path) -> None:
    (folder / "checkpoint").unlink()


def _no_log(folder: Path) -> None:
    shutil.rmtree(folder / "log")


def _lose_last_segment(folder: Path) -> None:
    max((folder / "log").iterdir()).unlink()


def _insert_line(folder: Path) -> None:
    path = max((folder / "log").iterdir())
    path.write_bytes(path.read_bytes() + b'{"specversion":"1.0"}\n')


def _repeat_line(folder: Path) -> None:
    path = max((folder / "log").iterdir())
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*lines[:-1], lines[-2], b""]))


@pytest.mark.parametrize(
    "spoil",
    [
        _spoil_checkpoint, _no_checkpoint, _lose_segment, _lose_last_segment, _spoil_settings,
        _spoil_first_line, _no_log, _insert_line, _repeat_line,
    ],
)  # fmt: skip
def test_damage_is_told_and_nothing_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None]
) -> None:
    """A ledger that is not what was signed is not appended to, and no byte of it changes."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 2000)
    folder = tmp_path / "l"
    make_ledger(folder, *[1] * 20)
    assert len(list((folder / "log").iterdir())) > 2
    whole = snapshot(tmp_path)
    spoil(folder)
    before = snapshot(tmp_path)
    with pytest.raises(Damaged) as raised:
        Writer.open(folder, actor="ana")
    assert str(folder) in str(raised.value)
    assert snapshot(tmp_path) == before
    assert verify_ledger(folder).findings != ()
    assert snapshot(tmp_path) == before
    (folder / "log").mkdir(exist_ok=True)
    put_back(whole, tmp_path)
    append(folder, 1)


def test_a_line_that_is_changed_below_the_head_refuses_by_its_root(tmp_path: Path) -> None:
    """Without the stored tree the writer reads every line, and does not sign over a changed one."""
    folder = tmp_path / "l"
    make_ledger(folder, 9)
    path = folder / "log" / f"{0:020d}.jsonl"
    path.write_bytes(path.read_bytes().replace(b"speaker-4", b"speaker-5", 1))
    (folder / "tree" / "0").unlink()
    before = snapshot(tmp_path)
    with pytest.raises(Damaged, match="signed root"):
        Writer.open(folder, actor="ana")
    assert snapshot(tmp_path) == before


# ── the order in which bytes become durable ──────────────────────────────────────────────────


def test_what_is_acknowledged_is_synced_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch is synced before it is acknowledged; a head is synced, renamed, then remembered."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("what a file descriptor stands for cannot be asked here")
    folder, keys = tmp_path / "l", KeyFiles.of(ORIGIN).folder
    make_ledger(folder)
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def note_sync(fd: int) -> None:
        fsync(fd)
        path = Path(f"/proc/self/fd/{fd}").readlink()
        steps.append(f"sync {path.relative_to(tmp_path)}")

    def note_rename(old: Path, new: Path) -> None:
        replace(old, new)
        steps.append(f"rename {Path(new).relative_to(tmp_path)}")

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_rename)
    with Writer.open(folder, actor="ana") as one:
        one.append(drafts(3))
        steps.append("acknowledged")
    where, head = keys.relative_to(tmp_path), KeyFiles.of(ORIGIN).head.relative_to(tmp_path)
    assert steps == [
        f"sync l/log/{0:020d}.jsonl", "acknowledged",
        "sync l/checkpoint.new", "rename l/checkpoint", "sync l",
        f"sync {head}.new", f"rename {head}", f"sync {where}",
    ]  # fmt: skip


def test_a_new_segment_has_a_durable_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a new segment is synced before the first batch in it is acknowledged."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("what a file descriptor stands for cannot be asked here")
    make_ledger(tmp_path / "l")
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 1)
    synced: list[str] = []
    fsync = os.fsync

    def note_sync(fd: int) -> None:
        fsync(fd)
        synced.append(Path(f"/proc/self/fd/{fd}").readlink().name)

    with Writer.open(tmp_path / "l", actor="ana") as one:
        monkeypatch.setattr(os, "fsync", note_sync)
        one.append([draft(1)])
        name = f"{1:020d}.jsonl"
        assert synced == [name, "log", name]


def test_the_last_time_is_that_of_the_last_event(tmp_path: Path) -> None:
    """A log knows when its last event was recorded, in UTC."""
    log = make_ledger(tmp_path / "l", 2)
    assert log.last_time == msgspec.convert(
        decode_event(log.line(2)).time.isoformat(), datetime
    ).astimezone(UTC)
