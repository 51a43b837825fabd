"""Blocks of commands with what became of them, read ahead and in order.

Rules kept here:
- what comes slowly is handed on as it comes: nothing is waited for while something is at hand;
- memory does not grow with the input: only so many blocks are on their way.
"""

from collections import deque

from ledger.bulk.blocks import Block
from ledger.bulk.helpers import Answer, Helpers
from ledger.bulk.reading import Read
from ledger.bulk.sources import Source

ALONE_BYTES = 2 << 20  # of input that are read here before other processes are worth their start


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
        read = self.helpers.read(block, asked)
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
                self.helpers.start(self.source.file)
            self._asked.append((block, self.helpers.ask(block)))
