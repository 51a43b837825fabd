"""Reading a whole log to check it: every line looked at, hashed, compared with the stored tree."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from events.codec import NotAnEvent
from events.vocabulary import BY_TYPE
from ledger.errors import Differs
from ledger.findings import MAX_FINDINGS
from ledger.leaves import hashes_of_lines
from ledger.lines import BEGINNING, Stamp, check_line, order_fault
from ledger.merkle import HASH_BYTES, Frontier
from ledger.segments import Segment, read_blocks
from ledger.tree import STRIDE

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class HashFault:
    """A stored hash (of file `level`, at `index`) that is not the one computed from the lines."""

    level: int
    index: int
    stored: bytes
    computed: bytes


@dataclass
class Walk:
    """Goes through a log from its first line; what it learns stands in its fields afterwards."""

    folder: Path
    origin: str
    wanted: Sequence[int]  # the sizes at which the root is wanted
    report: Callable[[Differs], None]
    progress: Progress | None
    roots: dict[int, bytes] = field(default_factory=dict)
    frontier: Frontier = field(default_factory=Frontier)  # over the lines as they lie there
    hash_faults: list[HashFault] = field(default_factory=list)
    newer_types: set[str] = field(default_factory=set)
    tree_is_short: bool = False
    before: Stamp = BEGINNING
    doubted: Stamp | None = None  # of a line that did not follow; the next may follow it

    def go(self, segments: Sequence[Segment], limit: int) -> None:
        """Read the lines below position `limit`."""
        total, done = sum(one.path.stat().st_size for one in segments), 0
        for segment in segments:
            if segment.first < limit:
                self._enter(segment)
                for block in read_blocks(segment.path):
                    self._take(segment, block, limit)
                    done += len(block)
                    self._tell(done, total)
        self._tell(total, total)

    def _tell(self, done: int, total: int) -> None:
        if self.progress:
            self.progress(done, total)

    # ── lines ────────────────────────────────────────────────────────────────────────────────

    def _enter(self, segment: Segment) -> None:
        position = self.before.position + 1
        if segment.first != position:
            self._fault(segment, f"position {position} at the beginning of a segment", "another")
            self.before = BEGINNING._replace(
                position=segment.first - 1, batch=range(segment.first), time=self.before.time
            )
        elif position < self.before.batch.stop:
            self._fault(segment, "the rest of the batch of the segment before", "none")

    def _take(self, segment: Segment, block: bytes, limit: int) -> None:
        *lines, rest = block.split(b"\n")
        if rest:
            lines.append(rest)
        positions = []
        for line in lines:
            if self.before.position + 1 >= limit:
                break
            self._check(segment, line)
            positions.append(self.before.position)
        if rest and len(positions) == len(lines):
            self._fault(segment, "a newline at the end of the line", "none")
        self._hash(hashes_of_lines(lines[: len(positions)]), positions)

    def _check(self, segment: Segment, line: bytes) -> None:
        """Look at the line that should follow `before`, and go on to it."""
        try:
            stamp = check_line(line, self.origin)
        except NotAnEvent as error:
            self._step()
            self._fault(segment, "an event", str(error))
            return
        if stamp.type not in BY_TYPE:
            self.newer_types.add(stamp.type)
        fault = order_fault(self.before, stamp)
        if fault and not (self.doubted and order_fault(self.doubted, stamp) is None):
            self._step()
            self._fault(segment, *fault)
            self.doubted = stamp
        else:
            self.before, self.doubted = stamp, None

    def _step(self) -> None:
        """Go on by one position, past a line that cannot be believed."""
        position = self.before.position + 1
        batch = self.before.batch
        if position not in batch:
            batch = range(position, position + 1)
        self.before = self.before._replace(position=position, batch=batch)

    def _fault(self, segment: Segment, expected: str, found: str) -> None:
        position = max(self.before.position, 0)
        file = str(segment.path)
        self.report(Differs("a line", file=file, position=position, expected=expected, found=found))

    # ── hashes ───────────────────────────────────────────────────────────────────────────────

    def _hash(self, hashes: list[bytes], positions: list[int]) -> None:
        self._compare_leaves(hashes, positions)
        start = self.frontier.size
        stops = [size for size in self.wanted if start < size <= start + len(hashes)]
        for stop in sorted({*stops, start + len(hashes)}):
            part = hashes[self.frontier.size - start : stop - start]
            before = self.frontier.size
            for level, row in enumerate(self.frontier.extend(part)[STRIDE::STRIDE], 1):
                self._compare(level, before >> STRIDE * level, row)
            if stop in stops:
                self.roots[stop] = self.frontier.root()

    def _compare_leaves(self, hashes: list[bytes], positions: list[int]) -> None:
        """Compare leaves where the lines say that they belong: all at once, if in one run."""
        if positions and positions[-1] - positions[0] + 1 == len(positions):
            self._compare(0, positions[0], hashes)
        else:
            for position, leaf in zip(positions, hashes, strict=True):
                self._compare(0, position, [leaf])

    def _compare(self, level: int, first: int, computed: Sequence[bytes]) -> None:
        stored = self._stored(level, first, len(computed))
        if stored == b"".join(computed):
            return
        for index, right in enumerate(computed, first):
            at = (index - first) * HASH_BYTES
            one = stored[at : at + HASH_BYTES]
            self.tree_is_short |= len(one) < HASH_BYTES
            if len(one) == HASH_BYTES and one != right and len(self.hash_faults) < MAX_FINDINGS:
                self.hash_faults.append(HashFault(level, index, one, right))

    def _stored(self, level: int, first: int, count: int) -> bytes:
        """The stored hashes as far as there are any."""
        try:
            with (self.folder / "tree" / str(level)).open("rb") as file:
                file.seek(first * HASH_BYTES)
                return file.read(count * HASH_BYTES)
        except OSError:
            return b""
