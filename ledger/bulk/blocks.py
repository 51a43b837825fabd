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
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from ledger.bulk.helpers import BLOCK_BYTES, Entry, Helpers

if TYPE_CHECKING:
    from concurrent.futures import Future

LINE_LIMIT = 4 << 20  # bytes of one line: more is not a command, and would fill the memory
ALONE_BYTES = 4 << 20  # of input that are read here before other processes are worth their start

Raw = Mapping[str, Any]


@dataclass
class Block:
    """Lines as they were given, or commands of a program with the lines that they were written as.

    `first` is the number of the first line, from 1; `behind` how many bytes of input were read.
    """

    data: bytes
    first: int
    behind: int
    raws: list[Raw] | None = None

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
        self.line = 1
        self.read = 0
        self.ended = False

    def waits(self) -> bool:
        """Whether the next bytes are not there yet."""
        return not self.ended and not select.select([self.fd], [], [], 0)[0]

    def next(self) -> Block | None:
        """As many whole lines as are there now, at most about a megabyte."""
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
        whole = b"".join(parts)
        cut = len(whole) if self.ended else whole.rfind(b"\n") + 1 or len(whole)
        data, self.rest = whole[:cut], whole[cut:]
        self.read += cut
        if not data:
            return None
        block = Block(data, self.line, self.read)
        self.line += data.count(b"\n")
        return block


class CommandSource:
    """Blocks of a program's commands: JSON-like objects, or lines of NDJSON."""

    def __init__(self, commands: Iterator[Raw | bytes], size: int) -> None:
        self.commands = commands
        self.size = size
        self.line = 1
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
        block = Block(data, self.line, self.read, raws)
        self.line += len(some)
        return block


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
        self._asked: deque[tuple[Block, Future[bytes | None] | None]] = deque()
        self._ended = False

    def next(self) -> "tuple[Block, list[Entry]] | None":
        """The next block; None at the end."""
        self._ask(1)
        if not self._asked:
            return None
        block, asked = self._asked.popleft()
        return block, self.helpers.entries(block.data, asked)

    def waits(self) -> bool:
        """Whether nothing is on the way, and the next block would have to be waited for."""
        return not self._asked and not self._ended and self.source.waits()

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
