"""How far a log reaches, as one look at the disk found it.

Rules kept here:
- the checkpoint is read before the log: it covers only lines that were synced before it, so a log
  that is shorter than its checkpoint is damaged, however the two reads fall;
- it is read before the heads over changes of key, too: those were kept before it was signed;
- whole batches beyond the checkpoint count, a part of one never does;
- the end is told by the last line, where that tells it, and what lies between it and the head, or
  the last look, is only counted: a page of it may never have reached the disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from events.codec import NotAnEvent
from ledger.chain import KeyChain, read_chain
from ledger.checkpoint import Checkpoint
from ledger.errors import Busy, Damaged, Differs
from ledger.identity import open_note, read_note
from ledger.lines import read_stamp
from ledger.note import VerifierKey
from ledger.segments import (
    Mark,
    Segment,
    find_line,
    index_of,
    last_line,
    list_segments,
    read_blocks,
    read_window,
    segment_of,
)
from ledger.tail import Tail, read_tail


@dataclass(frozen=True)
class Extent:
    """What the log held when it was looked at; `end` is where the line of `size` will begin."""

    note: bytes
    checkpoint: Checkpoint
    chain: KeyChain
    segments: tuple[Segment, ...]
    size: int
    end: Mark

    def find(self, position: int) -> tuple[bytes, Mark]:
        """The line of a position and where it begins; raises Damaged, or Busy as `gone` does."""
        index = index_of(self.segments, position)
        segment, later = self.segments[index], self.segments[index + 1 :]
        beyond = later[0].first if later else self.size
        share = (position - segment.first) / max(beyond - segment.first, 1)
        found = find_line(segment.path, position, share)
        if found is None:
            raise self.gone(position)
        return found[0], Mark(segment.first, found[1])

    def gone(self, position: int) -> Damaged | Busy:
        """A line that was there is not: damage, unless it was never signed."""
        if position < self.checkpoint.size:
            return missing(segment_of(self.segments, position), position)
        return Busy(
            f"Position {position} was taken back by its writer while it was read.",
            way_out="Repeat the command: a batch that could not be made durable is not in the log.",
        )


def look(folder: Path, first: VerifierKey, before: Extent | None = None) -> Extent:
    """Look how far a log reaches; what was found before is not looked at twice. Raises Damaged.

    `first` is the ledger's first key, from which the chain of its keys is followed.
    """
    note, checkpoint, chain = _look_at_head(folder, first, before)
    listed = before.segments if before else ()
    segments = tuple(list_segments(folder, listed))
    joined = {id(one) for one in listed[:-1]}
    for one, following in pairwise(segments):
        if id(one) not in joined:
            _check_joined(one, following)
    size, end = _find_end(segments, checkpoint)
    unseen = before is None or (size, end) != (before.size, before.end)
    if size > checkpoint.size and unseen and not _is_whole(segments, checkpoint.size, size, before):
        tail = tail_beyond(segments, checkpoint.size)
        size, end = tail.size, tail.end
    if size < checkpoint.size:
        raise Differs(
            "the end of the log", file=str(segments[-1].path), position=size,
            expected=f"{checkpoint.size} events, as many as were signed", found=f"{size}",
        )  # fmt: skip
    return Extent(note, checkpoint, chain, segments, size, end)


def _look_at_head(
    folder: Path, first: VerifierKey, before: Extent | None
) -> tuple[bytes, Checkpoint, KeyChain]:
    """The head and the keys; those are read again only where they do not cover the signatures."""
    note = read_note(folder)
    if before is not None and note == before.note:
        return note, before.checkpoint, before.chain
    if before is not None and before.chain.covers(note):
        chain = before.chain
    else:
        chain = read_chain(folder, first, partial(line_on_disk, folder))
    return note, open_note(folder, note, chain), chain


def line_on_disk(folder: Path, position: int) -> bytes:
    """The line of a position, looked up as the log lies there now; raises NotAnEvent."""
    found = find_line(segment_of(list_segments(folder), position).path, position)
    if found is None:
        raise NotAnEvent("the log has no such position")
    return found[0]


def tail_beyond(segments: Sequence[Segment], size: int) -> Tail:
    """Examine what lies beyond the first `size` lines, one at least; raises Differs."""
    segment = segment_of(segments, size - 1)
    found = find_line(segment.path, size - 1)
    stamp = read_stamp(found[0]) if found else None
    if found is None or stamp is None:
        raise missing(segment, size - 1)
    return read_tail(segments, Mark(segment.first, found[1] + len(found[0]) + 1), stamp)


def _is_whole(segments: Sequence[Segment], signed: int, size: int, before: Extent | None) -> bool:
    """Whether as many lines as should lie beyond the head, none with a page that reads as zeros."""
    known, start = signed, None
    if before and signed <= before.size < size and begins(segments, before.end, before.size):
        known, start = before.size, before.end
    if start is None:
        segment = segment_of(segments, signed - 1)
        found = find_line(segment.path, signed - 1)
        if found is None:
            return False
        start = Mark(segment.first, found[1] + len(found[0]) + 1)
    count = 0
    for segment in segments:
        if segment.first >= start.segment:
            offset = start.offset if segment.first == start.segment else 0
            for block in read_blocks(segment.path, offset):
                if b"\0" in block:
                    return False
                count += block.count(b"\n")
    return count >= size - known


def begins(segments: Sequence[Segment], mark: Mark, position: int) -> bool:
    """Whether the line of a position begins at a mark; not any more where lines before were erased.

    A segment in which an event was erased is replaced, and its lines lie elsewhere.
    """
    for segment in segments:
        if segment.first == mark.segment:
            stamp = read_stamp(read_window(segment.path, mark.offset))
            return stamp is not None and stamp.position == position
    return False


def missing(segment: Segment, position: int) -> Differs:
    """A line that was signed is not there."""
    return Differs(
        "a line", file=str(segment.path), position=position, expected="the line of that position",
        found="none",
    )  # fmt: skip


def _check_joined(one: Segment, following: Segment) -> None:
    """Check that a segment ends where the next begins."""
    line, end = last_line(one.path)
    stamp = read_stamp(line)
    if stamp is None or stamp.position + 1 != following.first or end != one.length:
        raise Differs(
            "the last line of a segment", file=str(one.path), position=following.first - 1,
            expected="a whole line of that position",
            found=f"position {stamp.position}" if stamp else "no event",
        )  # fmt: skip


def _find_end(segments: Sequence[Segment], head: Checkpoint) -> tuple[int, Mark]:
    """Up to where there are whole batches, and where they end on disk."""
    active = segments[-1]
    line, end = last_line(active.path)
    stamp = read_stamp(line)
    if stamp is not None and stamp.position + 1 == stamp.batch.stop:
        return stamp.batch.stop, Mark(active.first, end)
    if stamp is not None and (found := find_line(active.path, stamp.batch.start)):
        return stamp.batch.start, Mark(active.first, found[1])  # a batch is on its way, or torn
    if not line and end == 0:
        return active.first, Mark(active.first, 0)
    tail = tail_beyond(segments, head.size)
    return tail.size, tail.end
