"""Where blocks of commands come from: a file, a pipe or a program.

Rules kept here:
- what comes slowly is handed on as it comes;
- of a file only the ends of blocks are looked for: whoever works on a block reads it.
"""

import os
import select
import stat
from collections.abc import Iterator
from itertools import islice
from typing import Protocol

import msgspec

from ledger.bulk.blocks import Block, Extent, Raw, became_shorter, read_at

BLOCK_BYTES = 1 << 18
LINE_LIMIT = 4 << 20  # bytes of one line: more is not a command, and would fill the memory
_STEP_BYTES = 1 << 13  # in which the end of a line is looked for


class Source(Protocol):
    """Where blocks come from."""

    @property
    def file(self) -> int | None:
        """The file of which the blocks are parts, if they are."""

    def waits(self) -> bool:
        """Whether the next block would have to be waited for."""

    def next(self) -> Block | None:
        """The next block; None at the end."""


def source_of(fd: int) -> Source:
    """The blocks of a file descriptor, from where it stands.

    Files of the system's own, as in /proc, tell no length: they are read on like a pipe.
    """
    about = os.fstat(fd)
    if hasattr(os, "pread") and stat.S_ISREG(about.st_mode) and about.st_size:
        return FileSource(fd)
    return PipeSource(fd)


class FileSource:
    """Blocks of a regular file, which are parts of it."""

    def __init__(self, fd: int) -> None:
        self.file = fd
        self.at = os.lseek(fd, 0, os.SEEK_CUR)
        self.size = os.fstat(fd).st_size

    def waits(self) -> bool:
        """All of a file is there."""
        return False

    def next(self) -> Block | None:
        """About `BLOCK_BYTES` of whole lines, or one line that is longer; raises Refused."""
        start = self.at
        if start + LINE_LIMIT > self.size:  # it may have grown, or become shorter
            self.size = os.fstat(self.file).st_size
        if start >= self.size:
            self._end(start)
            return None
        self.at = min(start + BLOCK_BYTES, self.size)
        if self.at < self.size:
            self.at = self._end_of_line(start, self.at, min(start + LINE_LIMIT, self.size))
        return Block(Extent(self.file, start, self.at - start), self.at)

    def _end(self, at: int) -> None:
        """End where the file does, or did once; raises Refused."""
        if at > self.size:
            raise became_shorter(self.size)
        os.lseek(self.file, at, os.SEEK_SET)  # whoever shares the file goes on from there

    def _end_of_line(self, start: int, middle: int, limit: int) -> int:
        """The end of the last line before the middle, or else of the first one after it."""
        stop = middle
        while stop > start:
            begin = max(start, stop - _STEP_BYTES)
            cut = read_at(self.file, begin, stop - begin).rfind(b"\n") + 1
            if cut:
                return begin + cut
            stop = begin
        while middle < limit:
            found = read_at(self.file, middle, min(_STEP_BYTES, limit - middle))
            cut = found.find(b"\n") + 1
            if cut or not found:
                return middle + cut
            middle += len(found)
        return limit


class PipeSource:
    """Blocks of what can only be read on: a pipe, a terminal."""

    def __init__(self, fd: int) -> None:
        self.file: int | None = None
        self.fd = fd
        self.rest = b""
        self.read = 0
        self.ended = False

    def waits(self) -> bool:
        """Whether the next bytes are not there yet."""
        return not self.ended and not select.select([self.fd], [], [], 0)[0]

    def next(self) -> Block | None:
        """As many whole lines as are there now, at most about `BLOCK_BYTES`."""
        parts = [self.rest]
        length = len(self.rest)
        newline = False
        while not self.ended and length < LINE_LIMIT:
            data = os.read(self.fd, BLOCK_BYTES)
            self.ended = not data
            parts.append(data)
            length += len(data)
            newline = newline or b"\n" in data
            if newline and (length >= BLOCK_BYTES or self.waits()):
                break
        cut = parts[-1].rfind(b"\n") + 1
        if newline and not cut:  # the last line began in an earlier part
            parts = [b"".join(parts)]
            cut = parts[0].rfind(b"\n") + 1
        last, self.rest = parts.pop(), b""
        if newline and not self.ended:
            last, self.rest = last[:cut], last[cut:]
        data = b"".join([*parts, last])
        self.read += len(data)
        return Block(data, self.read) if data else None


class CommandSource:
    """Blocks of a program's commands: JSON-like objects, or lines of NDJSON."""

    def __init__(self, commands: Iterator[Raw | bytes], size: int) -> None:
        self.file: int | None = None
        self.commands = commands
        self.size = size
        self.read = 0

    def waits(self) -> bool:
        """A program's commands are asked for when they are wanted."""
        return False

    def next(self) -> Block | None:
        """As many commands as one batch takes."""
        some = list(islice(self.commands, self.size))
        if not some:
            return None
        lines = [each.rstrip(b"\r\n") if isinstance(each, bytes) else written(each)
                 for each in some]  # fmt: skip
        data = b"\n".join([*lines, b""])
        self.read += len(data)
        raws = [{} if isinstance(each, bytes) else each for each in some]
        return Block(data, self.read, raws)


def written(raw: Raw) -> bytes:
    """A command as a line; a line that is none for what JSON would not give back as it is."""
    try:
        line = msgspec.json.encode(raw)
        return line if msgspec.json.decode(line) == raw and b"\n" not in line else b"!"
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError):
        return b"!"
