"""Reading one piece of a log to check it: every line looked at, hashed, compared with the tree.

Rules kept here:
- a piece is 2**level lines, counted from a multiple of that, so its hashes make one subtree;
- what a piece gives depends on nothing but the files and the state in which it began: whoever knows
  that state to be right may believe a piece that another process read;
- lines that the quick look lets pass are not looked at again; all others are, one by one.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from events.codec import NotAnEvent
from events.vocabulary import BY_TYPE, LedgerCreated
from ledger.errors import Differs
from ledger.findings import MAX_FINDINGS, Finding
from ledger.leaves import MARK, hashes_of_lines
from ledger.lines import BEGINNING, Stamp, check_line, erased_by, order_fault, read_stamp
from ledger.merkle import HASH_BYTES, Frontier, leaf_hashes
from ledger.scan import SPECIAL, Scan
from ledger.sealed import DamagedFrame
from ledger.segment_file import SealedFile
from ledger.segments import Segment, find_line, read_blocks, segment_of
from ledger.tree import STRIDE

Subtrees = list[tuple[int, bytes]]  # by level and root, from left to right


@dataclass(frozen=True)
class HashFault:
    """A stored hash (of file `level`, at `index`) that is not the one computed from the lines."""

    level: int
    index: int
    stored: bytes
    computed: bytes


@dataclass(frozen=True)
class State:
    """Where a walk stands between two lines."""

    segment: int  # its index; -1 before the first
    offset: int  # in that segment, of the next line
    count: int  # of the lines that were read
    before: Stamp
    doubted: Stamp | None  # of a line that did not follow; the next may follow it


START = State(-1, 0, 0, BEGINNING, None)


class Plan(msgspec.Struct, frozen=True):
    """What is to be read: the lines below position `limit`; `wanted` are sizes, in order.

    Not `whole`, lines are looked at but for the form of their data.
    """

    folder: Path
    origin: str
    segments: list[Segment]
    limit: int
    wanted: list[int]
    level: int
    whole: bool = True


class Walked(msgspec.Struct, kw_only=True):
    """What came of reading a piece: what is wrong with it, and what others need to go on."""

    start: State
    end: State = START
    is_last: bool = False
    edges: dict[int, Subtrees] = {}  # at each wanted size, and at the end
    findings: list[Finding] = []
    left_out: int = 0
    hash_faults: list[HashFault] = []
    newer_types: set[str] = set()
    tree_is_short: bool = False
    special: list[tuple[int, bytes]] = []
    erased: list[tuple[int, int]] = []


def assume(plan: Plan, count: int) -> State | None:
    """The state after `count` lines of a log in which all is well; None where there is no such."""
    if count == 0:
        return START
    segment = segment_of(plan.segments, count - 1)
    found = find_line(segment.path, count - 1)
    stamp = read_stamp(found[0]) if found else None
    if found is None or stamp is None:
        return None
    end = found[1] + len(found[0]) + 1
    return State(plan.segments.index(segment), end, count, stamp, None)


def read_piece(plan: Plan, scan: Scan, start: State) -> Walked:
    """Read a piece from the state in which the one before it ended; raises OSError."""
    with _without_collector():
        return _Piece(plan, scan, start).go()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Python looks for cycles after so many objects; the lines of a block make many, and none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Piece:
    """Reads a piece; what it learns stands in `found` afterwards."""

    def __init__(self, plan: Plan, scan: Scan, start: State) -> None:
        self.plan = plan
        self.scan = scan
        self.found = Walked(start=start)
        self.segment, self.offset, self.count = start.segment, start.offset, start.count
        self.before, self.doubted = start.before, start.doubted
        self.stop = start.count + (1 << plan.level)
        self.wanted = [size for size in plan.wanted if start.count < size <= self.stop]
        self.frontier = Frontier()  # over the lines of this piece

    def go(self) -> Walked:
        """Read the piece."""
        self.found.is_last = self._read()
        self.found.end = State(self.segment, self.offset, self.count, self.before, self.doubted)
        self.found.edges[self.count] = self.frontier.subtrees()
        return self.found

    def _read(self) -> bool:
        """Read until the piece is full; True where the log ended before."""
        for index in range(max(self.segment, 0), len(self.plan.segments)):
            segment = self.plan.segments[index]
            if index > self.segment:
                if segment.first >= self.plan.limit:
                    continue
                self._enter(index, segment)
            for block in self._blocks(segment):
                if self.before.position + 1 >= self.plan.limit:
                    break
                self._take(block)
                if self.count == self.stop:
                    return False
        return True

    def _blocks(self, segment: Segment) -> Iterator[bytes]:
        """The lines of a segment from `offset` on; frames that cannot be read are passed over."""
        while True:
            try:
                yield from read_blocks(segment.path, self.offset)
            except Differs as fault:
                if not self._pass_over(fault):
                    return
            else:
                return

    def _pass_over(self, fault: Differs) -> bool:
        """Go on behind what cannot be read of a sealed segment; False where nothing is left."""
        first, self.doubted = self.before.position + 1, None
        stamp = None
        if isinstance(fault, DamagedFrame):
            with SealedFile(fault.path) as lines:
                self.offset, head = lines.readable_from(fault.end)
            begin = 0 if read_stamp(head) else head.find(b"\n") + 1
            self.offset += begin
            stamp = read_stamp(head, begin)
        following = self.plan.segments[self.segment + 1 : self.segment + 2]
        after = stamp.position if stamp else following[0].first if following else None
        to = "on" if after is None else f"to {after - 1}"
        self._fault(f"lines from {first} {to}", fault.found, first, fault.thing)
        if stamp:
            batch = stamp.batch if stamp.position > stamp.batch.start else range(stamp.position)
            self.before = stamp._replace(position=stamp.position - 1, batch=batch)
        elif after is not None:
            self.before = BEGINNING._replace(
                position=after - 1, batch=range(after), time=self.before.time
            )
        return stamp is not None

    @property
    def file(self) -> str:
        """The segment that is read."""
        return str(self.plan.segments[self.segment].path)

    # ── lines ────────────────────────────────────────────────────────────────────────────────

    def _enter(self, index: int, segment: Segment) -> None:
        self.segment, self.offset = index, 0
        position = self.before.position + 1
        if segment.first != position:
            self._fault(f"position {position} at the beginning of a segment", "another")
            self.before = BEGINNING._replace(
                position=segment.first - 1, batch=range(segment.first), time=self.before.time
            )
        elif position < self.before.batch.stop:
            self._fault("the rest of the batch of the segment before", "none")

    def _take(self, block: bytes) -> None:
        """Take the lines of a block as far as there is room for them."""
        if not (block.endswith(b"\n") and self._take_quickly(block)):
            lines = block.split(b"\n")
            self._take_slowly(lines, lines.pop())

    def _take_quickly(self, block: bytes) -> bool:
        """Take lines that are all well; False, and nothing done, where there may be a fault."""
        if self.doubted is not None:
            return False
        room = min(self.stop - self.count, self.plan.limit - self.before.position - 1)
        lines = self.scan.split(block)
        if len(lines) > room:
            lines = lines[:room]
            block = block[: sum(map(len, lines)) + len(lines)]
        scanned = self.scan.take(lines, block, self.before)
        if scanned is None:
            return False
        first = self.before.position + 1
        for at in scanned.special:
            self._look_at_special(first + at, bytes(lines[at]))
        self.before = scanned.last
        self.offset += len(block)
        self._hash(leaf_hashes(lines), range(first, first + len(lines)))
        return True

    def _take_slowly(self, lines: list[bytes], rest: bytes) -> None:
        if rest:
            lines.append(rest)
        positions: list[int] = []
        for line in lines[: self.stop - self.count]:
            if self.before.position + 1 >= self.plan.limit:
                break
            self._check(line)
            positions.append(self.before.position)
            self.offset += len(line) + 1
        if rest and len(positions) == len(lines):
            self.offset -= 1
            self._fault("a newline at the end of the line", "none")
        self._hash(hashes_of_lines(lines[: len(positions)]), positions)

    def _check(self, line: bytes) -> None:
        """Look at the line that should follow `before`, and go on to it."""
        try:
            stamp = check_line(line, self.plan.origin, whole=self.plan.whole)
        except NotAnEvent as error:
            self._step()
            self._fault("an event", str(error))
            return
        if stamp.type not in BY_TYPE:
            self.found.newer_types.add(stamp.type)
        fault = order_fault(self.before, stamp)
        if fault and not (self.doubted and order_fault(self.doubted, stamp) is None):
            self._step()
            self._fault(*fault)
            self.doubted = stamp
        else:
            self.before, self.doubted = stamp, None
        if MARK in line:
            self.found.erased.append((stamp.position, erased_by(line, stamp)))
        elif stamp.type in SPECIAL:
            self._look_at_special(self.before.position, line)

    def _look_at_special(self, position: int, line: bytes) -> None:
        stamp = read_stamp(line)
        assert stamp is not None, "the line was checked"
        if stamp.type != LedgerCreated.TYPE:
            self.found.special.append((position, line))
        elif position != 0 or len(stamp.batch) > 1:
            self._fault("the event that creates a ledger to be the first, and alone", stamp.type,
                        position)  # fmt: skip

    def _step(self) -> None:
        """Go on by one position, past a line that cannot be believed."""
        position = self.before.position + 1
        batch = self.before.batch
        if position not in batch:
            batch = range(position, position + 1)
        self.before = self.before._replace(position=position, batch=batch)

    def _fault(
        self, expected: str, found: str, position: int | None = None, what: str = "a line"
    ) -> None:
        if len(self.found.findings) == MAX_FINDINGS:
            self.found.left_out += 1
            return
        at = max(self.before.position, 0) if position is None else position
        self.found.findings.append(
            Finding(what=what, file=self.file, position=at, expected=expected, found=found)
        )

    # ── hashes ───────────────────────────────────────────────────────────────────────────────

    def _hash(self, hashes: list[bytes], positions: Sequence[int]) -> None:
        self._compare_leaves(hashes, positions)
        start, stop = self.count, self.count + len(hashes)
        for size in (*(one for one in self.wanted if start < one < stop), stop):
            first = self.count
            rows = self.frontier.extend(hashes[first - start : size - start])
            self.count = size
            if len(rows) > STRIDE:
                self._compare(1, first >> STRIDE, rows[STRIDE])
            if size in self.wanted:
                self.found.edges[size] = self.frontier.subtrees()

    def _compare_leaves(self, hashes: list[bytes], positions: Sequence[int]) -> None:
        """Compare leaves where the lines say that they belong: all at once, if in one run."""
        if positions and positions[-1] - positions[0] + 1 == len(positions):
            self._compare(0, positions[0], hashes)
        else:
            for position, leaf in zip(positions, hashes, strict=True):
                self._compare(0, position, [leaf])

    def _compare(self, level: int, first: int, computed: Sequence[bytes]) -> None:
        faults, is_short = compare_stored(self.plan.folder, level, first, computed)
        self.found.tree_is_short |= is_short
        self.found.hash_faults += faults[: MAX_FINDINGS - len(self.found.hash_faults)]


def compare_stored(
    folder: Path, level: int, first: int, computed: Sequence[bytes]
) -> tuple[list[HashFault], bool]:
    """The hashes of a file of `tree/` that are not those computed, and whether some are missing."""
    stored = _stored(folder, level, first, len(computed))
    if stored == b"".join(computed):
        return [], False
    shown = [
        stored[at : at + HASH_BYTES] for at in range(0, len(computed) * HASH_BYTES, HASH_BYTES)
    ]
    faults = [
        HashFault(level, index, one, right)
        for index, (one, right) in enumerate(zip(shown, computed, strict=True), first)
        if len(one) == HASH_BYTES and one != right
    ]
    return faults, len(shown[-1]) < HASH_BYTES


def _stored(folder: Path, level: int, first: int, count: int) -> bytes:
    """The stored hashes as far as there are any."""
    try:
        with (folder / "tree" / str(level)).open("rb") as file:
            file.seek(first * HASH_BYTES)
            return file.read(count * HASH_BYTES)
    except OSError:
        return b""
