"""The commands that are worked on together, block by block."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from ledger.bulk.blocks import Block
from ledger.bulk.deciding import Giving
from ledger.bulk.reading import Read
from ledger.given import Given


class Part(NamedTuple):
    """Some commands of one block: from `start` to `stop` in it; `at` is the first in its chunk."""

    read: Read
    start: int
    stop: int
    at: int


class Chunk:
    """Commands in their order; blank lines are left out."""

    def __init__(self, giving: Giving) -> None:
        self.giving = giving
        self.given: dict[int, Given] = {}  # those that were prepared for the slow path
        self._count = 0
        self._starts: list[int] = []
        self._blocks: list[tuple[Block, Read, int]] = []  # and how many commands are passed over

    def __len__(self) -> int:
        return self._count

    def add(self, block: Block, read: Read, skipped: int = 0) -> None:
        """Take a block and what became of its lines; some may be left out at its beginning."""
        if read.count > skipped:
            self._starts.append(self._count)
            self._blocks.append((block, read, skipped))
            self._count += read.count - skipped

    def parts(self, among: range) -> Iterator[Part]:
        """A range of commands, cut where their blocks end."""
        at = among.start
        number = bisect_right(self._starts, at) - 1
        while at < among.stop:
            _, read, skipped = self._blocks[number]
            start = at - self._starts[number] + skipped
            stop = min(read.count, start + among.stop - at)
            yield Part(read, start, stop, at)
            at += stop - start
            number += 1

    def give(self, at: int) -> Given:
        """The command at an index, prepared for the slow path; raises Refused with its place."""
        if at not in self.given:
            number = bisect_right(self._starts, at) - 1
            block, read, skipped = self._blocks[number]
            index = at - self._starts[number] + skipped
            self.given[at] = self.giving.give(block, read.line(index), read.slow_line(index))
        return self.given[at]

    def give_slow(self, among: range) -> list[Given]:
        """Prepare all commands of a range that the quick path left; raises for the first fault."""
        return [
            self.give(index - part.start + part.at)
            for part in self.parts(among)
            for index in part.read.slow_in(part.start, part.stop)
        ]

    def names_of_slow(self) -> set[str]:
        """The keys of all commands that were prepared for the slow path, and what they name."""
        names = {given.key for given in self.given.values()}
        for given in self.given.values():
            names.update(f"{noun}/{each}" for noun, each in given.wanted)
        return names

    def rest(self, start: int) -> "Chunk":
        """The commands from an index on, as the beginning of the next chunk."""
        later = Chunk(self.giving)
        for (block, read, skipped), begin in zip(self._blocks, self._starts, strict=True):
            later.add(block, read, min(skipped + max(start - begin, 0), read.count))
        later.given = {at - start: given for at, given in self.given.items() if at >= start}
        return later
