"""The bytes of the log: segments `log/<first position>.jsonl`, one line an event.

Rules kept here:
- a segment is named by the position of its first line, in 20 digits; the last one is active, all
  others may be sealed (`ledger.sealed`); where one is there in both forms the plain one counts;
- a batch is one write and one sync, in one segment; it returns only once the bytes are durable;
- a new segment is begun before a batch, never within one, and its name is durable first;
- what a failed write left behind is taken back, if the disk still lets us.
"""

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from events.codec import MAX_LINE_BYTES
from ledger.disk import BINARY, create_file, sync_file, write_all
from ledger.errors import Differs
from ledger.lines import Stamp, read_stamp
from ledger.sealed import SUFFIX, DamagedFrame
from ledger.segment_file import open_segment

SEGMENT_BYTES = 64 * 1024 * 1024  # from this size on, the next batch begins a new segment
_WINDOW_BYTES = 2 * (MAX_LINE_BYTES + 1)  # holds a whole line wherever it begins in a line
_PROBE_BYTES = 4096  # hold the beginning of a line nearly always, wherever it begins
_NAME = re.compile(r"([0-9]{20})\.jsonl(\.zst)?")
_LISTINGS = 100  # how often a folder is listed that others change meanwhile


@dataclass(frozen=True, order=True)
class Segment:
    """A file of the log and the position of its first line."""

    first: int
    path: Path

    @property
    def is_sealed(self) -> bool:
        """Whether it was sealed when it was listed."""
        return self.path.suffix == SUFFIX

    @property
    def length(self) -> int:
        """How many bytes its lines have, plain; raises OSError, Differs."""
        with open_segment(self.path) as lines:
            return lines.size

    @property
    def disk_length(self) -> int:
        """How many bytes its file has; raises OSError, Differs."""
        with open_segment(self.path) as lines:
            return lines.disk_size


class Mark(NamedTuple):
    """Where a line begins: its segment, by first position, and the byte in it."""

    segment: int
    offset: int


def segment_path(folder: Path, first: int) -> Path:
    """The file of the segment that begins at a position."""
    return folder / "log" / f"{first:020d}.jsonl"


def list_segments(folder: Path, before: Iterable[Segment] = ()) -> list[Segment]:
    """The segments of a ledger in order; raises Differs when the first is missing.

    A segment that exists plain and sealed counts as plain; other files are left alone. Of those
    that were listed before and lie there as they did, the same objects are given: a long log has
    hundreds, and whoever appends lists them each time.
    """
    known = {segment.path.name: segment for segment in before}
    found: dict[int, Segment] = {}
    for name in sorted(_names(folder / "log"), reverse=True):  # so that the plain one comes last
        if segment := known.get(name):
            found[segment.first] = segment
        elif match := _NAME.fullmatch(name):
            first = int(match[1])
            found[first] = Segment(first, folder / "log" / name)
    if 0 not in found:
        raise Differs(
            "the log", file=str(folder / "log"), expected="a segment that begins at position 0",
            found="none",
        )  # fmt: skip
    return [found[first] for first in sorted(found)]


def _names(folder: Path) -> list[str]:
    """The names in a folder, all from one moment: a segment that is sealed changes its name."""
    names: list[str] = []
    try:
        for _ in range(_LISTINGS):
            before = folder.stat().st_mtime_ns
            names = os.listdir(folder)  # noqa: PTH208  names alone, without a Path for each
            if folder.stat().st_mtime_ns == before:
                break
    except FileNotFoundError:
        return []
    return names


def segment_of(segments: Sequence[Segment], position: int) -> Segment:
    """The segment in which a position lies, or would lie."""
    return segments[index_of(segments, position)]


def index_of(segments: Sequence[Segment], position: int) -> int:
    """Which of the segments that is."""
    return bisect_right(segments, position, key=lambda one: one.first) - 1


def read_blocks(path: Path, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The lines of a segment in blocks of whole ones; only that of a torn line lacks its newline.

    `start` and `end` are bytes of the lines, plain. Raises DamagedFrame, after what precedes it.
    """
    with open_segment(path) as lines:
        stop = lines.size if end is None else end
        while start < stop and (data := lines.part(start, stop)):
            whole = data.rfind(b"\n") + 1
            while not whole and len(data) <= _WINDOW_BYTES:
                more = lines.part(start + len(data), stop)
                if not more:
                    break
                data += more
                whole = data.rfind(b"\n") + 1
            block = data[:whole] if whole else data
            start += len(block)
            yield block


def readable_blocks(path: Path) -> Iterator[bytes]:
    """The same of a segment that may be damaged: frames that cannot be read are passed over."""
    start, whole = 0, False
    while not whole:
        try:
            yield from read_blocks(path, start)
            whole = True
        except DamagedFrame as fault:
            start = fault.end


def read_window(path: Path, offset: int) -> bytes:
    """The bytes from an offset on, enough to hold the line that begins there."""
    with open_segment(path) as lines:
        return lines.read(max(offset, 0), _WINDOW_BYTES)


def last_line(path: Path) -> tuple[bytes, int]:
    """The last complete line of a segment and the offset of its end; empty where there is none.

    Looks back no further than a line can reach, so garbage at the end can hide the lines before it.
    """
    with open_segment(path) as lines:
        part = lines.last_part()
        if part.endswith(b"\n") and read_stamp(part, part.rfind(b"\n", 0, -1) + 1):
            return part[part.rfind(b"\n", 0, -1) + 1 : -1], lines.size
        start = max(lines.size - _WINDOW_BYTES, 0)
        window = lines.read(start, _WINDOW_BYTES)
    end = window.rfind(b"\n")
    begin = window.rfind(b"\n", 0, max(end, 0)) + 1
    if end < 0 or (begin == 0 and start > 0):
        return b"", start
    return window[begin:end], start + end + 1


def find_line(path: Path, position: int, share: float = 0.5) -> tuple[bytes, int] | None:
    """The line of a position in its segment, and the offset where it begins; None when not there.

    Halves the file by the sequence that every line carries, so no index is kept. `share` is that of
    the segment's lines that come before it, as far as it is known.
    """
    with open_segment(path) as lines:
        low, high, end = lines.narrow(position, share)
        while high - low > _WINDOW_BYTES:
            middle = (low + high) // 2
            begin, stamp = _next_stamp(lines.read(middle, min(_PROBE_BYTES, end - middle)))
            if stamp is None:
                begin, stamp = _next_stamp(lines.read(middle, min(_WINDOW_BYTES, end - middle)))
            if stamp is not None and stamp.position <= position:
                low = middle + begin
            else:  # what a crash left, without a stamp, lies beyond the lines that are wanted
                high = middle
        window = lines.read(low, min(high - low + _WINDOW_BYTES, end - low))
    return _find_in(window, low, position)


def _next_stamp(window: bytes) -> tuple[int, Stamp | None]:
    """Where the first line begins of which the beginning is not cut off, and its stamp."""
    begin = window.find(b"\n") + 1
    return begin, read_stamp(window, begin) if begin else None


def _find_in(window: bytes, offset: int, position: int) -> tuple[bytes, int] | None:
    # Quotes inside of text are escaped, so that only the stamp reads like this: where it is found
    # first is the line, or else every line is looked at.
    at = window.find(b'"sequence":"%020d"' % position)
    begin = window.rfind(b"\n", 0, max(at, 0)) + 1
    stamp = read_stamp(window, begin) if at >= 0 else None
    if stamp is None or stamp.position != position:
        begin = 0
    while (end := window.find(b"\n", begin)) >= 0:
        stamp = read_stamp(window, begin)
        if stamp is not None and stamp.position == position:
            return window[begin:end], offset + begin
        begin = end + 1
    return None


class Appender:
    """The end of the log, held open for writing; `end` is where the next line will begin."""

    def __init__(self, folder: Path, end: Mark) -> None:
        self._folder = folder
        self.end = end
        self._fd = _open_for_append(segment_path(folder, end.segment))

    def append(
        self,
        data: bytes,
        position: int,
        beside: tuple[AbstractContextManager[None], AbstractContextManager[None]] | None = None,
    ) -> Mark:
        """Write the lines of one batch durably; gives the end after them.

        `beside` is what goes on meanwhile: around the write, and around the sync.

        After an OSError, or whatever else interrupts it, the log ends where it did before, or, if
        the disk no longer lets us, in bytes that nobody was told of.
        """
        if self.end.offset >= SEGMENT_BYTES:
            self._begin_segment(position)
        try:
            if beside is None:
                write_all(self._fd, data)
                sync_file(self._fd)
            else:
                with beside[0]:
                    write_all(self._fd, data)
                with beside[1]:
                    sync_file(self._fd)
        except BaseException:
            self._take_back()
            raise
        self.end = Mark(self.end.segment, self.end.offset + len(data))
        return self.end

    def _begin_segment(self, position: int) -> None:
        path = segment_path(self._folder, position)
        create_file(path, b"")
        old, self._fd = self._fd, _open_for_append(path)
        self.end = Mark(position, 0)
        os.close(old)

    def _take_back(self) -> None:
        with suppress(OSError):
            os.ftruncate(self._fd, self.end.offset)
            sync_file(self._fd)

    def reopen(self, end: Mark) -> None:
        """Go on at another end, such as that of a file that took the place of the active one."""
        old, self._fd = self._fd, _open_for_append(segment_path(self._folder, end.segment))
        self.end = end
        os.close(old)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._fd)


def _open_for_append(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | BINARY)
