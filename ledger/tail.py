"""What lies beyond the signed head: which lines are whole batches, and what a crash left behind.

A crash can leave a batch that was never acknowledged: its last bytes missing, or pages of it that
never reached the disk and read as zeros. Such a batch is the last thing in the log. Anything else
that is not a line of the ledger was done to it, and is damage.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from events.codec import NotAnEvent
from ledger.errors import Differs
from ledger.leaves import hash_of_line
from ledger.lines import Stamp, check_line, order_fault
from ledger.segments import Mark, Segment, read_blocks


@dataclass(frozen=True)
class Tail:
    """The lines beyond a position: how far whole batches reach, and the bytes of a torn one."""

    size: int
    end: Mark
    hashes: list[bytes]
    torn_bytes: int


def read_tail(segments: Sequence[Segment], start: Mark, after: Stamp) -> Tail:
    """Examine the log from `start` on, where the line that follows `after` begins.

    Raises Differs for lines that no crash can explain.
    """
    examiner = _Examiner(after, after.position + 1, start)
    for segment in segments:
        if segment.first >= start.segment:
            offset = start.offset if segment.first == start.segment else 0
            examiner.enter(segment, offset)
            for line, whole in _lines(segment, offset):
                examiner.take(line, whole=whole)
            examiner.leave(segment)
    return Tail(examiner.size, examiner.end, examiner.hashes, examiner.bytes_read)


def _lines(segment: Segment, offset: int) -> Iterator[tuple[bytes, bool]]:
    """Every line without its newline, and whether it has one."""
    for block in read_blocks(segment.path, offset):
        *lines, rest = block.split(b"\n")
        for line in lines:
            yield line, True
        if rest:
            yield rest, False


@dataclass
class _Examiner:
    """Takes the lines beyond the head one by one."""

    before: Stamp  # of the last line that was well
    size: int  # up to the last whole batch
    end: Mark  # of that batch
    hashes: list[bytes] = field(default_factory=list)  # the leaf hashes up to there
    file: str = ""
    bytes_read: int = 0  # beyond `end`
    torn: bool = False
    pending: list[bytes] = field(default_factory=list)  # leaf hashes of a batch not yet whole

    def enter(self, segment: Segment, offset: int) -> None:
        """Go on to a segment; whatever came before it must have been whole."""
        self.file = str(segment.path)
        if self.bytes_read:
            raise self._damage("nothing behind an incomplete batch", "a further segment")
        if offset == 0 and segment.first != self.size:
            raise self._damage(f"a segment from {self.size} on", f"one from {segment.first} on")
        self.end = Mark(segment.first, offset)

    def leave(self, segment: Segment) -> None:
        """Come to the end of a segment; what was sealed had been whole."""
        if segment.is_sealed and self.bytes_read:
            raise self._damage("whole batches in a sealed segment", "a part of one")

    def take(self, line: bytes, *, whole: bool) -> None:
        """Take one line; without its newline it is torn."""
        self.bytes_read += len(line) + whole
        stamp = self._stamp(line) if whole else None
        if stamp is None:
            self.torn = True
        elif self.torn:
            self._check_behind_torn(stamp)
        else:
            self._take_next(stamp, line)

    def _stamp(self, line: bytes) -> Stamp | None:
        """The line's stamp; None where a page of zeros never reached the disk."""
        try:
            return check_line(line, self.before.origin)
        except NotAnEvent as error:
            if b"\0" in line:  # no JSON has one
                return None
            raise self._damage("an event", str(error)) from error

    def _check_behind_torn(self, stamp: Stamp) -> None:
        """Behind a torn line only lines of the same batch can come: it was the last one."""
        if stamp.batch.start != self.size:
            raise self._damage("nothing behind an incomplete batch", f"position {stamp.position}")

    def _take_next(self, stamp: Stamp, line: bytes) -> None:
        if fault := order_fault(self.before, stamp):
            raise self._damage(*fault)
        self.before = stamp
        self.pending.append(hash_of_line(line))
        if stamp.position + 1 == stamp.batch.stop:
            self.hashes += self.pending
            self.size = stamp.batch.stop
            self.end = Mark(self.end.segment, self.end.offset + self.bytes_read)
            self.pending, self.bytes_read = [], 0

    def _damage(self, expected: str, found: str) -> Differs:
        position = self.size + len(self.pending)
        return Differs(
            "a line beyond the signed head", file=self.file, position=position, expected=expected,
            found=found,
        )  # fmt: skip
