"""The log as a reader sees it; nothing here changes anything on disk.

Rules kept here:
- the checkpoint is read before the log: it covers only lines that were synced before it, so a log
  that is shorter than its checkpoint is damaged, however the two reads fall;
- a reader also sees whole batches beyond the checkpoint, never a part of one;
- what a reader is given it could check: the signature here, the position on a line that is
  looked up, hashes against a signed root; `verify` checks everything.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from events.codec import parse_time
from events.vocabulary import LedgerCreated
from ledger import tree
from ledger.checkpoint import Checkpoint
from ledger.disk import telling
from ledger.errors import Busy, Damaged, Differs
from ledger.identity import check_is_ledger, check_settings, read_checkpoint, read_created, read_verifier
from ledger.lines import Stamp, read_stamp
from ledger.merkle import Frontier, leaf_hashes
from ledger.note import VerifierKey
from ledger.segments import (
    Mark,
    Segment,
    find_line,
    last_line,
    list_segments,
    read_blocks,
    read_window,
    segment_of,
)
from ledger.tail import Tail, read_tail

_NEAR = 256  # lines are read through, rather than searched for, when they lie this near


@dataclass(frozen=True)
class View:
    """What the log held when it was last looked at; `end` is where the line of `size` will begin."""

    note: bytes
    checkpoint: Checkpoint
    segments: tuple[Segment, ...]
    size: int
    end: Mark


class Log:
    """A ledger's log, open for reading; `refresh` looks again."""

    def __init__(self, folder: Path, created: LedgerCreated, verifier: VerifierKey) -> None:
        self.folder = folder
        self.origin = created.origin
        self.title = created.title
        self.verifier = verifier
        self._view = self._look(None)

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
            self._view = self._look(self._view)

    def adopt(self, view: View) -> None:
        """Take over what a writer knows to be so."""
        self._view = view

    @property
    def view(self) -> View:
        """What was found at the last look, whole."""
        return self._view

    @property
    def verifier_key(self) -> str:
        """The key that the heads of this log are checked with, as it is handed round."""
        return self.verifier.format()

    @property
    def checkpoint(self) -> Checkpoint:
        """The signed head."""
        return self._view.checkpoint

    @property
    def signed_size(self) -> int:
        """How many events the signed head covers."""
        return self._view.checkpoint.size

    @property
    def size(self) -> int:
        """How many events there are, up to the last whole batch; never below the checkpoint's."""
        return self._view.size

    @property
    def last_time(self) -> datetime:
        """When the last event was recorded."""
        return parse_time(self.stamp(self.size - 1).time)

    def segments(self) -> list[Segment]:
        """The files of the log with their first positions; lines from `size` on do not count."""
        return list(self._view.segments)

    # ── looking ──────────────────────────────────────────────────────────────────────────────

    def _look(self, before: View | None) -> View:
        seen = (before.note, before.checkpoint) if before else None
        note, checkpoint = read_checkpoint(self.folder, self.verifier, seen)
        segments = tuple(list_segments(self.folder))
        known = before.segments[:-1] if before else ()
        for one, following in zip(segments, segments[1:], strict=False):
            if one not in known:
                _check_joined(one, following)
        size, end = self._find_end(segments, checkpoint)
        if size < checkpoint.size:
            raise Differs(
                "the end of the log", file=str(segments[-1].path), position=size,
                expected=f"{checkpoint.size} events, as many as were signed", found=f"{size}",
            )  # fmt: skip
        return View(note, checkpoint, segments, size, end)

    def _find_end(self, segments: Sequence[Segment], head: Checkpoint) -> tuple[int, Mark]:
        """Where whole batches end, by the last line alone where it tells."""
        active = segments[-1]
        line, end = last_line(active.path)
        stamp = read_stamp(line)
        if stamp is not None and stamp.position + 1 == stamp.batch.stop:
            return stamp.batch.stop, Mark(active.first, end)
        if stamp is not None and (found := find_line(active.path, stamp.batch.start)):
            return stamp.batch.start, Mark(active.first, found[1])
        if not line and end == 0:
            return active.first, Mark(active.first, 0)
        tail = tail_beyond(segments, head.size)
        return tail.size, tail.end

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def line(self, position: int) -> bytes:
        """The bytes of one line, without its newline: the leaf. Raises Damaged when not there."""
        assert 0 <= position < self.size, "a position must lie below the size"
        with telling(self.folder):
            return _find(self._view, position)[0]

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
        found: dict[int, bytes] = {}
        for run in _runs(sorted(set(positions))):
            wanted = set(run)
            for position, line in enumerate(self.lines(run[0], run[-1] + 1), run[0]):
                if position in wanted:
                    found[position] = line
        return found

    def tail(self, position: int, hint: Mark | None = None) -> bytes:
        """The lines from a position up to `size` as they lie on disk, each with its newline.

        `hint` is the mark of that position, if known; a wrong one costs time, nothing else.
        """
        return b"".join(self.blocks(position, self.size, hint))

    def mark(self, position: int) -> Mark:
        """Where the line of a position begins; `size` itself has a mark, for later."""
        if position == self.size:
            return self._view.end
        assert 0 <= position < self.size, "a position must not lie beyond the size"
        with telling(self.folder):
            return _find(self._view, position)[1]

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
            frontier.extend(leaf_hashes(block[:-1].split(b"\n")))
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
            frontier.extend(leaf_hashes(block[:-1].split(b"\n")))
        onward = frontier.copy()
        for block in self.blocks(size, head.size):
            onward.extend(leaf_hashes(block[:-1].split(b"\n")))
        if onward.root() != head.root:
            raise root_differs(self.folder, head)
        return frontier

    def blocks(self, first: int, last: int, hint: Mark | None = None) -> Iterator[bytes]:
        """The bytes of a half-open range of positions, in blocks of whole lines."""
        view = self._view
        assert 0 <= first <= last <= view.size, "positions must not lie beyond the size"
        if first == last:
            return
        with telling(self.folder):
            position = first
            for segment, offset in _onward(view, _start(view, first, hint)):
                for block in read_blocks(segment.path, offset):
                    _check_block(view, segment, block, position)
                    count = block.count(b"\n")
                    if position + count >= last:
                        yield _first_lines(block, last - position)
                        return
                    position += count
                    yield block
        raise _gone(view, position)


def root_differs(folder: Path, head: Checkpoint) -> Differs:
    """The lines of the log are not those that were signed."""
    return Differs(
        f"the first {head.size} lines", file=str(folder / "log"),
        expected=f"the signed root hash {head.root64}", found="another",
    )  # fmt: skip


def tail_beyond(segments: Sequence[Segment], size: int) -> Tail:
    """Examine what lies beyond the first `size` lines, one at least; raises Differs."""
    segment = segment_of(segments, size - 1)
    found = find_line(segment.path, size - 1)
    stamp = read_stamp(found[0]) if found else None
    if found is None or stamp is None:
        raise _missing(segment, size - 1)
    return read_tail(segments, Mark(segment.first, found[1] + len(found[0]) + 1), stamp)


def _check_joined(one: Segment, following: Segment) -> None:
    """Check that a segment ends where the next begins."""
    line, end = last_line(one.path)
    stamp = read_stamp(line)
    if stamp is None or stamp.position + 1 != following.first or end != one.path.stat().st_size:
        raise Differs(
            "the last line of a segment", file=str(one.path), position=following.first - 1,
            expected="a whole line of that position",
            found=f"position {stamp.position}" if stamp else "no event",
        )  # fmt: skip


def _find(view: View, position: int) -> tuple[bytes, Mark]:
    segment = segment_of(view.segments, position)
    found = find_line(segment.path, position)
    if found is None:
        raise _gone(view, position)
    return found[0], Mark(segment.first, found[1])


def _start(view: View, position: int, hint: Mark | None) -> Mark:
    """Where a position begins: at the hint if the line there says so."""
    if hint is not None:
        for segment in view.segments:
            if segment.first == hint.segment:
                stamp = read_stamp(read_window(segment.path, hint.offset))
                if stamp is not None and stamp.position == position:
                    return hint
    return _find(view, position)[1]


def _onward(view: View, start: Mark) -> Iterator[tuple[Segment, int]]:
    for segment in view.segments:
        if segment.first >= start.segment:
            yield segment, start.offset if segment.first == start.segment else 0


def _check_block(view: View, segment: Segment, block: bytes, position: int) -> None:
    stamp = read_stamp(block)
    if stamp is None or stamp.position != position:
        raise _missing(segment, position) if position < view.checkpoint.size else _gone(view, position)


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


def _gone(view: View, position: int) -> Damaged | Busy:
    """A line that was there is not: damage, unless it was never signed."""
    if position < view.checkpoint.size:
        return _missing(segment_of(view.segments, position), position)
    return Busy(
        f"Position {position} was taken back by its writer while it was read.",
        way_out="Repeat the command: a batch that could not be made durable is not in the log.",
    )


def _missing(segment: Segment, position: int) -> Differs:
    return Differs(
        "a line", file=str(segment.path), position=position, expected="the line of that position",
        found="none",
    )  # fmt: skip
