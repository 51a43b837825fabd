"""The log as a reader sees it; nothing here changes anything on disk.

Rules kept here:
- what a reader is given it could check: the signature of the head, the position on a line that is
  looked up, hashes against a signed root; `verify` checks everything;
- a reader sees the log as it was when it last looked, until it looks again.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from datetime import datetime
from pathlib import Path

from events.codec import parse_time
from events.vocabulary import LedgerCreated
from ledger import tree
from ledger.chain import KeyChain
from ledger.checkpoint import Checkpoint
from ledger.disk import telling
from ledger.errors import Differs
from ledger.extent import Extent, begins, look
from ledger.identity import check_is_ledger, check_settings, read_created, read_verifier
from ledger.leaves import hashes_of_block
from ledger.lines import Stamp, read_stamp
from ledger.merkle import Frontier
from ledger.note import VerifierKey
from ledger.segments import Mark, Segment, read_blocks

_TRIES = 3  # how often a line is looked up again that lies elsewhere by the time it is read
_REDACTED = b'"type":"claims.record.redacted.v1"'  # quotes inside of text are escaped
_NEAR = 256  # lines are read through, rather than searched for, when they lie this near


class Log:
    """A ledger's log, open for reading; `refresh` looks again."""

    def __init__(self, folder: Path, created: LedgerCreated, verifier: VerifierKey) -> None:
        self.folder = folder
        self.origin = created.origin
        self.title = created.title
        self._first = verifier
        self._extent = look(folder, verifier)

    @classmethod
    def open(cls, folder: Path) -> "Log":
        """Open a ledger's log. Raises UsageFault where there is none, Damaged, DiskFailed."""
        with telling(folder):
            check_is_ledger(folder)
            created = read_created(folder)
            check_settings(folder, created)
            return cls(folder, created, read_verifier(folder, created))

    def refresh(self) -> None:
        """Look again; cheap when nothing has changed. Raises Damaged, DiskFailed."""
        with telling(self.folder):
            self._extent = look(self.folder, self._first, self._extent)

    def adopt(self, extent: Extent) -> None:
        """Take over what a writer knows to be so."""
        self._extent = extent

    @property
    def extent(self) -> Extent:
        """What was found at the last look, whole."""
        return self._extent

    @property
    def chain(self) -> KeyChain:
        """The keys of this log in their order, as far as heads over their changes are kept."""
        return self._extent.chain

    @property
    def verifier(self) -> VerifierKey:
        """The key that the signed head is checked with: the one in force at its size."""
        return self.chain.key_for(self.signed_size)

    @property
    def verifier_key(self) -> str:
        """The key in force at the signed head, as it is handed round."""
        return self.verifier.format()

    @property
    def checkpoint(self) -> Checkpoint:
        """The signed head."""
        return self._extent.checkpoint

    @property
    def signed_size(self) -> int:
        """How many events the signed head covers."""
        return self._extent.checkpoint.size

    @property
    def size(self) -> int:
        """How many events there are, up to the last whole batch; never below the checkpoint's."""
        return self._extent.size

    @property
    def last_time(self) -> datetime:
        """When the last event was recorded."""
        return parse_time(self.stamp(self.size - 1).time)

    def segments(self) -> list[Segment]:
        """The files of the log with their first positions; lines from `size` on do not count."""
        return list(self._extent.segments)

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def line(self, position: int) -> bytes:
        """The bytes of one line, without its newline: the leaf. Raises Damaged when not there."""
        assert 0 <= position < self.size, "a position must lie below the size"
        with telling(self.folder):
            return self._extent.find(position)[0]

    def stamp(self, position: int) -> Stamp:
        """What the log wrote on one line."""
        stamp = read_stamp(self.line(position))
        assert stamp is not None, "a line is found by its stamp"
        return stamp

    def lines(self, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """The lines of a half-open range of positions, without newlines, to `size` unless told."""
        for block in self.blocks(first, self.size if last is None else last):
            yield from block[:-1].split(b"\n")

    def lines_at(self, positions: Iterable[int]) -> dict[int, bytes]:
        """The lines of some positions; in any order, each read once."""
        wanted = set(positions)
        return {
            position: line
            for run in _runs(sorted(wanted))
            for position, line in enumerate(self._run(run), run[0])
            if position in wanted
        }

    def _run(self, run: Sequence[int]) -> Iterable[bytes]:
        """All lines from the first position of a run to its last."""
        return self.lines(run[0], run[-1] + 1) if len(run) > 1 else (self.line(run[0]),)

    def tail(self, position: int, hint: Mark | None = None) -> bytes:
        """The lines from a position up to `size` as they lie on disk, each with its newline.

        `hint` is the mark of that position, if known; a wrong one costs time, nothing else.
        """
        return b"".join(self.blocks(position, self.size, hint))

    def mark(self, position: int) -> Mark:
        """Where the line of a position begins; `size` itself has a mark, for later."""
        if position == self.size:
            return self._extent.end
        assert 0 <= position < self.size, "a position must not lie beyond the size"
        with telling(self.folder):
            return self._extent.find(position)[1]

    def root_at(self, size: int) -> bytes:
        """The root hash over the first events, from stored hashes if they prove right.

        Raises Damaged when the lines do not have the root that was signed.
        """
        assert 0 <= size <= self.size, "a size must not lie beyond the log's"
        return self.frontier_at(size).root()

    def frontier_at(self, size: int) -> Frontier:
        """The right edge of the tree at a size; like `root_at`."""
        head = self.checkpoint
        frontier = self._frontier_stored(min(size, head.size))
        for block in self.blocks(frontier.size, size):
            frontier.extend(hashes_of_block(block))
        return frontier

    def _frontier_stored(self, size: int) -> Frontier:
        head = self.checkpoint
        try:
            return tree.frontier_within(self.folder / "tree", size, head.size, head.root)
        except tree.TreeIncomplete:
            return self._frontier_computed(size)

    def _frontier_computed(self, size: int) -> Frontier:
        """The same from the lines alone, believed for the same reason."""
        head, frontier = self.checkpoint, Frontier()
        for block in self.blocks(0, size):
            frontier.extend(hashes_of_block(block))
        onward = frontier.copy()
        for block in self.blocks(size, head.size):
            onward.extend(hashes_of_block(block))
        if onward.root() != head.root:
            raise root_differs(self.folder, head)
        return frontier

    def blocks(self, first: int, last: int, hint: Mark | None = None) -> Iterator[bytes]:
        """The bytes of a half-open range of positions, in blocks of whole lines."""
        extent = self._extent
        assert 0 <= first <= last <= extent.size, "positions must not lie beyond the size"
        if first == last:
            return
        with telling(self.folder):
            start = hint if hint and begins(extent.segments, hint, first) else None
            for _ in range(_TRIES):
                start = start or extent.find(first)[1]
                blocks = _blocks_from(extent, start, range(first, last))
                if (begun := next(blocks, None)) is not None:
                    yield begun
                    yield from blocks
                    return
                start = None
        raise extent.gone(first)

    def redacted_since(self, size: int) -> bool:
        """Whether content was erased since the log had that size, as the disk has it now."""
        newer = copy(self)
        newer.refresh()
        return any(_REDACTED in block for block in newer.blocks(size, newer.size))


def root_differs(folder: Path, head: Checkpoint) -> Differs:
    """The lines of the log are not those that were signed."""
    return Differs(
        f"the first {head.size} lines", file=str(folder / "log"),
        expected=f"the signed root hash {head.root64}", found="another",
    )  # fmt: skip


def _blocks_from(extent: Extent, start: Mark, positions: range) -> Iterator[bytes]:
    """The blocks of some positions; none where the first line is not at `start` any more.

    So it is where the segment was replaced, with an event erased, after the line was looked up.
    """
    position = positions.start
    for segment, offset in _onward(extent, start):
        for block in read_blocks(segment.path, offset):
            stamp = read_stamp(block)
            if stamp is None or stamp.position != position:
                if position == positions.start:
                    return
                raise extent.gone(position)
            count = block.count(b"\n")
            if position + count >= positions.stop:
                yield _first_lines(block, positions.stop - position)
                return
            position += count
            yield block
    raise extent.gone(position)


def _onward(extent: Extent, start: Mark) -> Iterator[tuple[Segment, int]]:
    for segment in extent.segments:
        if segment.first >= start.segment:
            yield segment, start.offset if segment.first == start.segment else 0


def _first_lines(block: bytes, count: int) -> bytes:
    lines = block.split(b"\n", count)
    return block[: len(block) - len(lines[-1])]


def _runs(positions: Sequence[int]) -> Iterator[list[int]]:
    """Sorted positions in groups that are quicker read through than searched for one by one."""
    run: list[int] = []
    for position in positions:
        if run and position - run[-1] > _NEAR:
            yield run
            run = []
        run.append(position)
    if run:
        yield run
