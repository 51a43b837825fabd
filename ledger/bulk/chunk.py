"""The commands that are worked on together: what the quick path made of each."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ledger.bulk.blocks import Block
from ledger.bulk.deciding import Giving
from ledger.bulk.helpers import Entry
from ledger.given import Given

if TYPE_CHECKING:
    from ledger.bulk.quick import Ready


class Chunk:
    """Commands in their order; blank lines are left out."""

    def __init__(self, giving: Giving) -> None:
        self.giving = giving
        self.entries: list[Ready | int] = []
        self.given: dict[int, Given] = {}  # those that were prepared for the slow path
        self._starts: list[int] = []
        self._blocks: list[tuple[Block, list[int] | None]] = []

    def __len__(self) -> int:
        return len(self.entries)

    def add(self, block: Block, entries: list[Entry]) -> None:
        """Take a block and what became of its lines."""
        indexes = None
        if None in entries:
            indexes = [at for at, entry in enumerate(entries) if entry is not None]
        self._starts.append(len(self.entries))
        self._blocks.append((block, indexes))
        self.entries += [entry for entry in entries if entry is not None]

    def give(self, at: int) -> Given:
        """The command at an index, prepared for the slow path; raises Refused with its place."""
        if at not in self.given:
            number = bisect_right(self._starts, at) - 1
            block, indexes = self._blocks[number]
            index = at - self._starts[number]
            self.given[at] = self.giving.give(block, index if indexes is None else indexes[index])
        return self.given[at]

    def give_slow(self, among: Iterable[int]) -> list[Given]:
        """Prepare all commands of a range that the quick path left; raises for the first fault."""
        return [self.give(at) for at in among if not self.entries[at]]

    def rest(self, start: int) -> "Chunk":
        """The commands from an index on, as the beginning of the next chunk."""
        later = Chunk(self.giving)
        stops = [*self._starts[1:], len(self.entries)]
        for (block, indexes), begin, stop in zip(self._blocks, self._starts, stops, strict=True):
            if stop > start:
                cut = max(start - begin, 0)
                numbers = indexes or list(range(stop - begin))
                later._starts.append(len(later.entries))
                later._blocks.append((block, numbers[cut:]))
                later.entries += self.entries[begin + cut : stop]
        later.given = {at - start: given for at, given in self.given.items() if at >= start}
        return later

    def made(self, start: int) -> set[str]:
        """All names and keys that the quick events from an index on would bring."""
        quick = [entry for entry in self.entries[start:] if not isinstance(entry, int)]
        keys = {entry[6] for entry in quick}
        return keys.union(*[entry[2] for entry in quick])

    def named(self, start: int) -> set[str]:
        """All names that must stand for the quick events from an index on."""
        none: set[str] = set()
        return none.union(*[e[3] for e in self.entries[start:] if not isinstance(e, int)])
