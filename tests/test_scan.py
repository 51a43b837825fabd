"""The quick look at many lines: what it lets pass, the slow look at each line lets pass, too."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from cli_tools import FIVE, speakers
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from log_tools import make_ledger
from tampering import lines_of, write_lines

from events.codec import NotAnEvent
from ledger import segments, walk
from ledger.api import Ledger
from ledger.lines import BEGINNING, Stamp, check_line, order_fault
from ledger.piece import START, Plan, assume, read_piece
from ledger.scan import Scan
from ledger.segments import list_segments

ORIGIN = "example.org/scan"

# Each makes a line wrong, or leaves it well; what matters is that both ways agree.
CHANGES = (
    (b'"specversion":"1.0"', b'"specversion":"1.1"'), (b'{"specversion":"1.0",', b"{"),
    (b'"type":"claims.', b'"type":"claimz.'), (b".v1", b".v2"), (b"/scan", b"/scam"),
    (b'"id":"0', b'"id":"G'), (b'"id":"', b'"id":"0'), (b"-7", b"-4"), (b'"id":"01', b'"id":"0A'),
    (b'"sequence":"0', b'"sequence":"1'), (b'"sequence":"00', b'"sequence":"0'),
    (b'"batch":"0', b'"batch":"1'), (b"-00000000000000000", b"-10000000000000000"),
    (b'Z","subject"', b'z","subject"'), (b"T", b" "), (b'"time":"2', b'"time":"1'),
    (b'"time":"20', b'"time":"21'), (b":", b";"), (b'"agent":"person"', b'"agent":"robot"'),
    (b'"agent":"person",', b""), (b'"key":"', b'"key":"+'),
    (b'"actor":"ana"', b'"actor":"\\u0061"'),
    (b'"actor":"ana"', b'"actor":"\\u001f"'), (b'"actor":"ana"', b'"actor":"\\u0008"'),
    (b'"actor":"ana"', b'"actor":""'), (b'"actor":"ana"', b'"actor":"\xff"'),
    (b'"actor":"ana"', '"actor":"آنا"'.encode()), (b'"data":{', b'"data":{ '),
    (b'"data":{', b'"data":{"redacted_by":9,"leaf_hash":"00",'),
    (b'"kind":"person"', b'"kind":"x"'),
    (b":10000", b":10000.0"), (b":10000", b":1e4"), (b":10000", b":010000"), (b":10000", b":0.5"),
    (b":false", b":null"), (b'"kind":"person"', b'"kind":"person","aliases":[]'),
    (b'"kind":"person"', b'"kind":"person","kind":"person"'), (b'"earliest":"', b'"earliest":"x'),
    (b"}}", b"}} "), (b"}}", b"}"), (b'"name":', b'"nam":'), (b"\xe2\x80\xa6", b"\xed\xa0\x80"),
    (b'"identifiers":{"x":"y"}', b'"identifiers":{"specversion":"1.0","type":"z"}'),
    (b'"identifiers":{"x":"y"}', b'"identifiers":{"data":"{","redacted_by":"1"}'),
    (b'"identifiers":{"x":"y"}', b'"identifiers":{"x":"1.0"}'),
)  # fmt: skip


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Lines of several types, single and in batches."""
    home = tmp_path_factory.mktemp("scan")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        with Ledger.create(home / "l", origin=ORIGIN, actor="ana") as ledger:
            ledger.submit(speakers(3))
            ledger.submit({**speakers(1, 7)[0], "identifiers": {"x": "y"}})
            ledger.submit([*FIVE])
            ledger.submit(speakers(1, 9))
            ledger.log.refresh()
            return list(ledger.log.lines())


def slowly(lines: Sequence[bytes], before: Stamp, *, whole: bool = True) -> Stamp | None:
    """The stamp of the last line when each is well and follows; None else."""
    for line in lines:
        try:
            stamp = check_line(line, ORIGIN, whole=whole)
        except NotAnEvent:
            return None
        if order_fault(before, stamp):
            return None
        before = stamp
    return before


def quickly(lines: Sequence[bytes], before: Stamp, *, whole: bool = True) -> Stamp | None:
    """The same by the quick look."""
    scan, block = Scan(ORIGIN, whole=whole), b"".join(line + b"\n" for line in lines)
    assert [bytes(line) for line in scan.split(block)] == list(lines)
    found = scan.take(scan.split(block), block, before)
    return found.last if found else None


WHOLE = pytest.mark.parametrize("whole", [True, False], ids=["whole", "envelopes"])


@WHOLE
def test_lines_that_are_well_pass(lines: list[bytes], *, whole: bool) -> None:
    """Whole, and from wherever one begins, within a batch too."""
    for start in range(len(lines)):
        before = slowly(lines[:start], BEGINNING)
        assert before is not None
        for stop in range(start + 1, len(lines) + 1):
            last = quickly(lines[start:stop], before, whole=whole)
            assert last is not None
            assert last == slowly(lines[start:stop], before)


@WHOLE
@examples(90, 300)
@given(data=st.data())
def test_what_passes_the_quick_look_passes_the_slow_one(
    lines: list[bytes], *, whole: bool, data: st.DataObject
) -> None:
    """Whatever is changed in the lines, or in their order."""
    start = data.draw(st.integers(0, len(lines) - 1))
    before = slowly(lines[:start], BEGINNING)
    assert before is not None
    some = lines[start : data.draw(st.integers(start + 1, len(lines)))]
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(0, len(some) - 1))
        line = some[at]
        how = data.draw(st.sampled_from(("change", "change", "byte", "swap", "drop", "repeat")))
        if how == "change":
            some[at] = line.replace(*data.draw(st.sampled_from(CHANGES)), 1)
        elif how == "byte" and line:
            place = data.draw(st.integers(0, len(line) - 1))
            some[at] = line[:place] + data.draw(st.binary(max_size=2)) + line[place + 1 :]
        elif how == "swap":
            other = data.draw(st.integers(0, len(some) - 1))
            some[at], some[other] = some[other], some[at]
        elif how == "repeat":
            some.insert(at, line)
        elif len(some) > 1:
            del some[at]
    some = b"\n".join(some).split(b"\n")
    found = quickly(some, before, whole=whole)
    assert found is None or found == slowly(some, before, whole=whole)


@WHOLE
@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_judged_alike(
    lines: list[bytes], change: tuple[bytes, bytes], *, whole: bool
) -> None:
    """In every line where it changes anything."""
    before: Stamp | None = BEGINNING
    for line in lines:
        assert before is not None
        changed = [line.replace(*change, 1)]
        found = quickly(changed, before, whole=whole)
        assert found is None or found == slowly(changed, before, whole=whole)
        before = slowly([line], before)


def test_a_line_is_not_lent_the_beginning_of_another(lines: list[bytes]) -> None:
    """A key that one line lacks is not made up for by the same words inside of another."""
    lent = [line.replace(b'{"x":"y"}', b'{"specversion":"1.0","type":"x"}') for line in lines]
    assert slowly(lent, BEGINNING) == quickly(lent, BEGINNING) is not None
    lent[2] = lent[2].replace(b'"specversion":"1.0",', b"")
    assert slowly(lent, BEGINNING) is quickly(lent, BEGINNING) is None


# ── pieces ───────────────────────────────────────────────────────────────────────────────────


def test_a_piece_begins_where_the_one_before_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is assumed of the state after so many lines is what reading them gives."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 100_000)
    log = make_ledger(tmp_path / "l", *[100] * 20, *[1] * 30)
    plan = Plan(tmp_path / "l", log.origin, list_segments(tmp_path / "l"), log.size, [], 9)
    assert len(plan.segments) > 3
    state, count = START, 0
    while True:
        assert assume(plan, count << 9) == state
        walked = read_piece(plan, Scan(log.origin), state)
        assert (walked.findings, walked.hash_faults, walked.tree_is_short) == ([], [], False)
        state, count = walked.end, count + 1
        if walked.is_last:
            break
    assert (state.count, count) == (log.size, 4)
    assert assume(plan, log.size + 1) is None


@pytest.mark.parametrize("processes", [2, 3])
@pytest.mark.sampled(2)
def test_several_processes_find_what_one_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    """In a log that is right, and in one where a line was lost, one changed and one added."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 300_000)
    monkeypatch.setattr(walk, "SMALL_BYTES", 0)
    monkeypatch.setattr(walk, "_PIECE_BYTES", 1)
    folder = tmp_path / "l"
    log = make_ledger(folder, *[500] * 8)

    def walked(count: int) -> walk.Walk:
        found = walk.Walk(folder, log.origin, [700, log.size], processes=count)
        found.go(list_segments(folder), log.size)
        return found

    right = walked(processes)
    assert (right.findings, right.hash_faults) == ([], [])
    assert right.roots == {700: log.root_at(700), log.size: log.checkpoint.root}

    for inserted, removed in ((3_000, 0), (0, 1_000), (2_000, 0)):
        lines = lines_of(folder)
        if inserted:
            lines.insert(inserted, lines[inserted - 1])
        if removed:
            del lines[removed]
        write_lines(folder, lines)
        wrong, one = walked(processes), walked(0)
        assert wrong.findings == one.findings != []
        assert (wrong.hash_faults, wrong.roots) == (one.hash_faults, one.roots)
        assert wrong.frontier.root() == one.frontier.root()
