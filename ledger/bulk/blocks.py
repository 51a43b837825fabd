"""Blocks of whole lines from a file, a pipe or a program, read ahead and in order.

Rules kept here:
- what comes slowly is handed on as it comes: None says that more would have to be waited for;
- memory does not grow with the input: only so many blocks are on their way.
"""

import os
import select
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Protocol

import msgspec

from ledger.bulk.helpers import BLOCK_BYTES, Answer, Helpers
from ledger.bulk.reading import Read

LINE_LIMIT = 4 << 20  # bytes of one line: more is not a command, and would fill the memory
ALONE_BYTES = 2 << 20  # of input that are read here before other processes are worth their start

Raw = Mapping[str, Any]


@dataclass
class Block:
    """Lines as they were given, or commands of a program with the lines that they were written as.

    `behind` is how many bytes of input were read; `first`, the number of the first line, from 1, is
    known once those before it were counted.
    """

    data: bytes
    behind: int
    raws: list[Raw] | None = None
    first: int = 1

    @cached_property
    def lines(self) -> list[bytes]:
        """The lines of the block."""
        return self.data.removesuffix(b"\n").split(b"\n")


class Source(Protocol):
    """Where blocks come from."""

    def waits(self) -> bool:
        """Whether the next block would have to be waited for."""

    def next(self) -> Block | None:
        """The next block; None at the end."""


class FileSource:
    """Blocks of a file descriptor."""

    def __init__(self, fd: int) -> None:
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


class Pieces:
    """Blocks with what became of their lines, in order, read ahead."""

    def __init__(self, source: Source, helpers: Helpers) -> None:
        self.source = source
        self.helpers = helpers
        self._asked: deque[tuple[Block, Answer | None]] = deque()
        self._ended = False
        self._line = 1

    def next(self) -> tuple[Block, Read] | None:
        """The next block; None at the end."""
        self._ask(1)
        if not self._asked:
            return None
        block, asked = self._asked.popleft()
        read = self.helpers.read(block.data, asked)
        block.first = self._line
        self._line += read.lines
        return block, read

    def waits(self) -> bool:
        """Whether nothing is on the way, and the next block would have to be waited for."""
        return not self._asked and not self._ended and self.source.waits()

    @property
    def ended(self) -> bool:
        """Whether it is known by now that no block is left."""
        return self._ended and not self._asked

    def ask_ahead(self) -> None:
        """Have further blocks read while something else is done, as far as they are there."""
        if self.helpers.ahead > 1:
            self._ask(0)

    def _ask(self, least: int) -> None:
        while not self._ended and len(self._asked) < self.helpers.ahead:
            if len(self._asked) >= least and self.source.waits():
                return
            block = self.source.next()
            if block is None:
                self._ended = True
                return
            if block.behind > ALONE_BYTES:
                self.helpers.start()
            self._asked.append((block, self.helpers.ask(block.data)))
