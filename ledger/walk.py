"""Reading a whole log to check it, piece by piece, on all cores where it is large.

Rules kept here:
- pieces count in their order; one that another process read ahead is believed only where it began
  in the very state in which the piece before it ended, else it is read again;
- of a piece only what was learnt is kept, so that memory does not grow with the log.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from ledger.errors import Differs
from ledger.findings import MAX_FINDINGS, Finding
from ledger.merkle import Frontier
from ledger.piece import (
    START,
    HashFault,
    Plan,
    State,
    Subtrees,
    Walked,
    compare_stored,
    read_piece,
)
from ledger.scan import Scan
from ledger.segments import Segment, read_blocks
from ledger.tree import STRIDE
from ledger.workers import Workers, cores

Progress = Callable[[int, int], None]

SMALL_BYTES = 8 * 1024 * 1024  # up to here starting processes costs more than it gains
_PIECE_BYTES = 4 * 1024 * 1024
_LEVELS = range(STRIDE + 1, 2 * STRIDE)  # a piece holds files 0 and 1 of the tree whole, no more


@dataclass
class Walk:
    """Goes through a log from its first line; what it learns stands in its fields afterwards."""

    folder: Path
    origin: str
    wanted: Sequence[int]  # the sizes at which the root is wanted
    progress: Progress | None = None
    processes: int | None = None  # as many as there are cores, unless told
    whole: bool = True  # else the form of the data is not looked at
    roots: dict[int, bytes] = field(default_factory=dict)
    frontier: Frontier = field(default_factory=Frontier)  # over the lines as they lie there
    findings: list[Finding] = field(default_factory=list)
    left_out: int = 0
    hash_faults: list[HashFault] = field(default_factory=list)
    newer_types: set[str] = field(default_factory=set)
    tree_is_short: bool = False
    special: list[tuple[int, bytes]] = field(default_factory=list)  # positions and lines
    erased: dict[int, int] = field(default_factory=dict)  # positions, and by which event

    def go(self, segments: Sequence[Segment], limit: int) -> None:
        """Read the lines below position `limit`; raises OSError, Differs."""
        sizes = [_length(one) for one in segments]
        plan = Plan(
            self.folder, self.origin, list(segments), limit, sorted(set(self.wanted)),
            _level(segments), self.whole,
        )  # fmt: skip
        ends, state = [0, *accumulate(sizes)], START
        scan = Scan(self.origin, whole=self.whole)
        pieces = Frontier()  # its leaves are the subtrees of whole pieces
        with Workers(plan, self._processes(ends[-1]), _guess(segments, limit)) as workers:
            while True:
                walked = workers.take(state) or read_piece(plan, scan, state)
                self._merge(walked, plan.level, pieces)
                state = walked.end
                if walked.is_last:
                    break
                self._tell(ends, state)
        if self.progress:
            self.progress(ends[-1], ends[-1])

    def _processes(self, total: int) -> int:
        wanted = cores() if self.processes is None else self.processes
        return wanted if total > SMALL_BYTES and wanted > 1 else 0

    def _tell(self, ends: Sequence[int], state: State) -> None:
        if self.progress:
            self.progress(min(ends[state.segment] + state.offset, ends[-1]), ends[-1])

    def _merge(self, walked: Walked, level: int, pieces: Frontier) -> None:
        """Take over what came of the next piece."""
        for size, subtrees in sorted(walked.edges.items()):
            frontier = self.frontier.copy()
            _add(frontier, subtrees)
            if size in self.wanted:
                self.roots[size] = frontier.root()
            if size == walked.end.count:
                self.frontier = frontier
                self._compare_above(subtrees, level, pieces)
        room = MAX_FINDINGS - len(self.findings)
        self.findings += walked.findings[:room]
        self.left_out += walked.left_out + max(len(walked.findings) - room, 0)
        self.hash_faults += walked.hash_faults[: MAX_FINDINGS - len(self.hash_faults)]
        self.newer_types |= walked.newer_types
        self.tree_is_short |= walked.tree_is_short
        self.special += walked.special
        self.erased.update(walked.erased)

    def _compare_above(self, subtrees: Subtrees, level: int, pieces: Frontier) -> None:
        """Compare the stored hashes of the subtrees that this piece made complete."""
        if not subtrees or subtrees[0][0] != level:
            return  # the log ended within the piece
        before = pieces.size
        for above, row in enumerate(pieces.extend([subtrees[0][1]])):
            file, rest = divmod(level + above, STRIDE)
            if rest == 0:
                faults, is_short = compare_stored(self.folder, file, before >> above, row)
                self.hash_faults += faults[: MAX_FINDINGS - len(self.hash_faults)]
                self.tree_is_short |= is_short


def _add(frontier: Frontier, subtrees: Subtrees) -> None:
    for level, root in subtrees:
        frontier.add(level, root)


def _level(segments: Sequence[Segment]) -> int:
    """How many lines a piece has, as a power of two, so that it is some megabytes."""
    try:
        block = next(read_blocks(segments[0].path), b"")
    except Differs:  # a frame that cannot be read; that is found again, and told, when it is walked
        block = b""
    length = max(len(block) // max(block.count(b"\n"), 1), 1)
    return min(max((_PIECE_BYTES // length).bit_length(), _LEVELS.start), _LEVELS.stop - 1)


def _guess(segments: Sequence[Segment], limit: int) -> int:
    """About how many lines will be read; a wrong guess costs time, nothing else."""
    return min(limit, segments[-1].first + _length(segments[-1]) // 200)


def _length(segment: Segment) -> int:
    """How many bytes of lines there are; 0 where a sealed segment does not tell."""
    try:
        return segment.length
    except Differs:
        return 0
