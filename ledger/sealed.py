"""Sealed segments: the lines of a full segment as standard zstd (RFC 8878), in frames of 1 MiB.

Every frame begins at the beginning of a line, so that one event is read without the whole; the last
line is a frame of its own, so that where a segment ends is told at once. Behind the frames stands
their seek table in a skippable frame (the zstd seekable format, version 0.1.0); tools that do not
know it pass over it.

Rules kept here:
- what is read is what `zstdcat` gives: nothing stands between frames, nothing is hidden in one;
- a segment that others sealed, with frames of another size or without the table, is read too, if
  its frames say how long they are;
- a frame that cannot be read takes no other with it.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ledger.errors import Differs

if TYPE_CHECKING:
    from concurrent.futures import Executor

SUFFIX = ".zst"
LEVEL = 2  # level 3 makes segments 2 % smaller in 1.4 times the time, level 6 8 % in four times

_SKIPPABLE = 0x184D2A50  # to 0x184D2A5F
_TABLE = 0x184D2A5E
_FRAME = 0xFD2FB528
_SEEKABLE = 0x8F92EAB1
_HEAD = struct.Struct("<II")  # of a skippable frame: magic number and length
_ENTRY = struct.Struct("<II")  # of a seek table: compressed and decompressed size
_FOOT = struct.Struct("<IBI")  # of a seek table: frames, descriptor, magic number
_DESCRIPTOR = 0  # entries without checksums: frames have their own
_MAX_FRAME = 1 << 28  # a frame that claims to be larger is not read
_MAX_HEADER = 18
_AHEAD = 4  # frames that are compressed while one is written
_REPEATED = 1  # the kind of block that repeats a single byte


class DamagedFrame(Differs):
    """A frame that cannot be read; `start` and `end` of its lines are in bytes of lines."""

    def __init__(self, path: Path, start: int, end: int, why: str) -> None:
        super().__init__(
            "a frame of a sealed segment", file=str(path),
            expected=f"bytes {start} to {end - 1} of its lines", found=why,
        )  # fmt: skip
        self.path, self.start, self.end = path, start, end


def sealed_form(plain: Path) -> Path:
    """The file of a plain segment once it is sealed."""
    return plain.with_name(plain.name + SUFFIX)


@dataclass(frozen=True)
class Frames:
    """Where the frames of a sealed segment lie: begin and end in the file; begin in the lines.

    Of the latter there is one more than there are frames: the end of the last.
    """

    packed: tuple[tuple[int, int], ...]
    plain: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self.packed)

    @property
    def size(self) -> int:
        """How many bytes the lines have."""
        return self.plain[-1]

    def index_of(self, offset: int) -> int:
        """The frame that holds a byte of the lines."""
        return min(bisect_right(self.plain, offset), self.count) - 1


# ── writing ──────────────────────────────────────────────────────────────────────────────────


def write_frames(blocks: Iterable[bytes], target: BinaryIO, threads: "Executor") -> Iterator[int]:
    """Write blocks of whole lines as frames, and their table behind them; tells of each length."""
    entries = []
    pairs = _ahead(_apart(blocks), threads)
    for length, frame in pairs:
        entries.append(_ENTRY.pack(len(frame), length))
        target.write(frame)
        yield length
    table = b"".join(entries) + _FOOT.pack(len(entries), _DESCRIPTOR, _SEEKABLE)
    target.write(_HEAD.pack(_TABLE, len(table)) + table)


def _apart(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks, the last line in one of its own."""
    waiting = b""
    for block in blocks:
        if waiting:
            yield waiting
        waiting = block
    cut = waiting.rfind(b"\n", 0, -1) + 1
    yield from (part for part in (waiting[:cut], waiting[cut:]) if part)


def _ahead(blocks: Iterator[bytes], threads: "Executor") -> Iterator[tuple[int, bytes]]:
    """The length and the frame of each block, in order; zstd lets go of Python's lock meanwhile."""
    started = ((len(block), threads.submit(_compressed, block)) for block in blocks)
    waiting = list(islice(started, _AHEAD))
    while waiting:
        length, future = waiting.pop(0)
        frame = future.result()
        waiting += islice(started, 1)
        yield length, frame


def _compressed(block: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(block)


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def read_frame(file: BinaryIO, path: Path, frames: Frames, index: int) -> bytes:
    """The lines of one frame; raises DamagedFrame."""
    import zstandard

    start, end = frames.plain[index : index + 2]
    if end - start > _MAX_FRAME:
        raise DamagedFrame(path, start, end, f"a frame of over {_MAX_FRAME:,} bytes")
    data = _packed(file, frames, index)
    try:
        told = zstandard.get_frame_parameters(data).content_size
        if told not in (end - start, zstandard.CONTENTSIZE_UNKNOWN):
            raise DamagedFrame(path, start, end, f"a frame of {told} bytes")
        plain = zstandard.ZstdDecompressor().decompress(
            data, max_output_size=end - start, allow_extra_data=False
        )
    except zstandard.ZstdError as error:
        raise DamagedFrame(path, start, end, str(error)) from error
    if len(plain) != end - start:
        raise DamagedFrame(path, start, end, f"a frame of {len(plain)} bytes")
    return plain


def read_head(file: BinaryIO, frames: Frames, index: int, count: int) -> bytes:
    """The first bytes of the lines of a frame, without the rest; none where it is damaged."""
    import zstandard

    reader = zstandard.ZstdDecompressor().stream_reader(_packed(file, frames, index))
    try:
        return reader.read(min(count, frames.plain[index + 1] - frames.plain[index]))
    except zstandard.ZstdError:
        return b""


def _packed(file: BinaryIO, frames: Frames, index: int) -> bytes:
    start, end = frames.packed[index]
    file.seek(start)
    return file.read(end - start)


# ── where frames begin ───────────────────────────────────────────────────────────────────────


def find_frames(file: BinaryIO, path: Path, size: int) -> Frames:
    """Where the frames of a file of `size` bytes begin; raises Differs for a file that has none.

    Of a file that was cut short the last frame reaches beyond its end.
    """
    sizes = _from_table(file, size) or list(_from_headers(file, path, size))
    if not any(length for _, length in sizes):
        raise _garbled(path, "none")
    bounds = pairwise(accumulate((one for one, _ in sizes), initial=0))
    packed = tuple(each for each, (_, length) in zip(bounds, sizes, strict=True) if length)
    plain = tuple(accumulate((length for _, length in sizes if length), initial=0))
    return Frames(packed, plain)


def _from_table(file: BinaryIO, size: int) -> list[tuple[int, int]]:
    """The sizes of the frames as the seek table gives them; empty where there is none that fits."""
    if size < _HEAD.size + _FOOT.size:
        return []
    file.seek(size - _FOOT.size)
    count, descriptor, magic = _FOOT.unpack(file.read(_FOOT.size))
    length = count * _ENTRY.size + _FOOT.size
    if (magic, descriptor) != (_SEEKABLE, _DESCRIPTOR) or length + _HEAD.size > size:
        return []
    file.seek(size - length - _HEAD.size)
    if _HEAD.unpack(file.read(_HEAD.size)) != (_TABLE, length):
        return []
    sizes = list(_ENTRY.iter_unpack(file.read(count * _ENTRY.size)))
    fits = sum(one for one, _ in sizes) == size - length - _HEAD.size
    return sizes if fits else []


def _from_headers(file: BinaryIO, path: Path, size: int) -> Iterator[tuple[int, int]]:
    """The sizes of the frames from their own headers, block by block (RFC 8878 section 3.1).

    A skippable frame holds no lines: it is told as one of none.
    """
    import zstandard

    start = 0
    while start < size:
        file.seek(start)
        head = file.read(_MAX_HEADER)
        magic = int.from_bytes(head[:4], "little")
        if magic & 0xFFFFFFF0 == _SKIPPABLE and len(head) >= _HEAD.size:
            end, length = start + _HEAD.size + _HEAD.unpack(head[: _HEAD.size])[1], 0
        else:
            try:
                known = zstandard.get_frame_parameters(head)
            except zstandard.ZstdError as error:
                raise _garbled(path, str(error)) from error
            if magic != _FRAME or known.content_size == zstandard.CONTENTSIZE_UNKNOWN:
                raise _garbled(path, "a frame that does not say how long it is")
            end = _end_of_frame(file, start + zstandard.frame_header_size(head), size)
            end, length = end + 4 * known.has_checksum, known.content_size
        yield end - start, length
        start = end


def _end_of_frame(file: BinaryIO, at: int, size: int) -> int:
    """Where the blocks of a frame end; beyond the file where it was cut short."""
    last = False
    while not last and at < size:
        file.seek(at)
        block = int.from_bytes(file.read(3), "little")
        last, kind, length = bool(block & 1), block >> 1 & 3, block >> 3
        at += 3 + (1 if kind == _REPEATED else length)
    return at if last else size + 1


def _garbled(path: Path, why: str) -> Differs:
    return Differs("a sealed segment", file=str(path), expected="frames of zstd", found=why)
