"""The file of a segment, plain or sealed, open for reading: its lines from any byte of them.

Rules kept here:
- offsets and sizes are those of the lines; that a segment is sealed changes neither;
- a plain segment that is gone was sealed meanwhile: the sealed one is read in its place;
- a file that is read is opened once: whoever replaces it meanwhile changes nothing of what is read.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Generic, NamedTuple, Protocol, Self, TypeVar

from events.codec import MAX_LINE_BYTES
from ledger.lines import read_stamp
from ledger.sealed import SUFFIX, Frames, find_frames, read_frame, read_head, sealed_form

V = TypeVar("V")

PART_BYTES = 1024 * 1024
_HEAD_BYTES = 2 * (MAX_LINE_BYTES + 1)  # holds a whole line wherever it begins in a line
_GUESSES = 6  # of the frame in which a line lies, before frames are halved


class Stretch(NamedTuple):
    """Where a line begins, at the latest and at the earliest; it ends by `end`."""

    low: int
    high: int
    end: int


class SegmentFile(Protocol):
    """The lines of a segment; a context manager. `disk_size` is that of the file."""

    size: int
    disk_size: int

    def read(self, offset: int, count: int) -> bytes:
        """So many bytes from an offset on, fewer at the end."""

    def part(self, offset: int, end: int) -> bytes:
        """Some bytes from an offset on, up to an end: as many as are had at once; none at `end`."""

    def narrow(self, position: int, share: float) -> Stretch:
        """The part that holds the line of a position, if any does.

        `share` is that of the segment's lines that come before it, as far as it is known.
        """

    def last_part(self) -> bytes:
        """Some bytes at the end that are had at little cost; may be none."""

    def __enter__(self) -> Self:
        """Use it."""

    def __exit__(self, *_: object) -> None:
        """Close it."""


def open_segment(path: Path) -> SegmentFile:
    """Open a segment, or the sealed one that took its place; raises FileNotFoundError, Differs."""
    if path.suffix == SUFFIX:
        return SealedFile(path)
    try:
        return PlainFile(path)
    except FileNotFoundError:
        sealed = sealed_form(path)
        if not sealed.exists():
            raise
    return SealedFile(sealed)


class PlainFile:
    """A plain segment."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        # Of this file, whatever takes its place.
        self.size = self.disk_size = os.fstat(self._file.fileno()).st_size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, offset: int, count: int) -> bytes:
        """So many bytes from an offset on, fewer at the end."""
        self._file.seek(offset)
        return self._file.read(count)

    def part(self, offset: int, end: int) -> bytes:
        """About a megabyte from an offset on, up to an end."""
        return self.read(offset, min(end - offset, PART_BYTES))

    def narrow(self, _position: int, _share: float) -> Stretch:
        """All of it: whoever looks for a line halves it."""
        return Stretch(0, self.size, self.size)

    def last_part(self) -> bytes:
        """None: every part costs the same."""
        return b""


class SealedFile:
    """A sealed segment. What is asked for again and again is unpacked once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("rb", buffering=0)
        try:
            stat = os.fstat(self._file.fileno())
            self._identity = (str(path), stat.st_ino, stat.st_mtime_ns, stat.st_size)
            find = partial(find_frames, self._file, path, stat.st_size)
            self.frames = _tables.get(self._identity, find)
        except BaseException:
            self._file.close()
            raise
        self.size, self.disk_size = self.frames.size, stat.st_size
        self._latest = -1, b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, offset: int, count: int) -> bytes:
        """So many bytes from an offset on, fewer at the end; raises DamagedFrame."""
        end, parts = min(offset + count, self.size), []
        while offset < end:
            index = self.frames.index_of(offset)
            first = self.frames.plain[index]
            part = self.frame(index)[offset - first : end - first]
            parts.append(part)
            offset += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def part(self, offset: int, end: int) -> bytes:
        """The rest of a frame from an offset on, up to an end; raises DamagedFrame."""
        if offset >= self.size:
            return b""
        beyond = self.frames.plain[self.frames.index_of(offset) + 1]
        return self.read(offset, min(beyond, end, offset + 2 * PART_BYTES) - offset)

    def frame(self, index: int) -> bytes:
        """The lines of one frame; raises DamagedFrame."""
        if self._latest[0] != index:
            unpack = partial(read_frame, self._file, self._path, self.frames, index)
            self._latest = index, _unpacked.get((*self._identity, index), unpack)
        return self._latest[1]

    def narrow(self, position: int, share: float) -> Stretch:
        """The last frame in which a line begins that does not come later, and the line behind it.

        Of each frame that is looked at only the beginning is unpacked: of the one in which the line
        lies where all lines are of one length, then by the length of those seen, then of halves.
        """
        low, high, exact = 0, self.frames.count, True
        guess, guesses = int(high * share), _GUESSES
        while high - low > 1:
            middle = min(max(guess, low + 1), high - 1)
            probe, head = self._beginning(middle, high)
            begin = 0 if read_stamp(head) else head.find(b"\n") + 1
            stamp = read_stamp(head, begin)
            if stamp is not None and stamp.position <= position:
                low = probe
            else:
                high, exact = middle, begin == 0
            guess = (low + high) // 2
            if stamp is not None and guesses:
                guesses -= 1
                ahead = (position - stamp.position) * len(head) // max(head.count(b"\n"), 1)
                guess = self.frames.index_of(max(self.frames.plain[probe] + ahead, 0))
        start, end = self.frames.plain[low], self.frames.plain[high]
        return Stretch(start, end, end if exact else min(end + _HEAD_BYTES, self.size))

    def readable_from(self, offset: int) -> tuple[int, bytes]:
        """Where the next frame begins that can be read, and its first bytes; the end and none."""
        first = self.frames.index_of(offset) if offset < self.size else self.frames.count
        index, head = self._readable(first, self.frames.count)
        return (self.frames.plain[index], head) if head else (self.size, b"")

    def _beginning(self, first: int, end: int) -> tuple[int, bytes]:
        """The first of some frames that can be read, and bytes from there, enough for a line.

        Others may have cut their frames anywhere, also several times within a line.
        """
        probe, head = self._readable(first, end)
        for index in range(probe + 1, self.frames.count):
            if not head or len(head) >= _HEAD_BYTES:
                break
            more = read_head(self._file, self.frames, index, _HEAD_BYTES)
            if not more:
                break
            head += more
        return probe, head

    def _readable(self, first: int, end: int) -> tuple[int, bytes]:
        """The first of some frames of which the beginning can be read, and that; else none."""
        for index in range(first, end):
            if head := read_head(self._file, self.frames, index, _HEAD_BYTES):
                return index, head
        return first, b""

    def last_part(self) -> bytes:
        """The last frame; raises DamagedFrame."""
        return self.frame(self.frames.count - 1) if self.frames.count else b""


class _Kept(Generic[V]):
    """The last few of some things that take time to make."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._lock = Lock()
        self._things: OrderedDict[Hashable, V] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """What is kept under a key; made where nothing is."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
        made = make()
        with self._lock:
            self._things[key] = made
            while len(self._things) > self._count:
                self._things.popitem(last=False)
        return made


_tables: _Kept[Frames] = _Kept(4096)  # one for each sealed segment
_unpacked: _Kept[bytes] = _Kept(2)  # frames: the next event that is asked for is often nearby
