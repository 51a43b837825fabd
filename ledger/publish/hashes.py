"""The tiles of a site: the hashes of the tree, 256 to a file (C2SP tlog-tiles).

Rules kept here:
- tiles are made of hashes of lines that were just read, so they fit the bundles beside them;
- where a tree is carried on, its edge is taken from `tree/` only if it leads to the root that the
  log has there (RFC 6962 section 2.1.2);
- only full tiles are hashed into the level above.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from ledger.log import Log
from ledger.merkle import HASH_BYTES, Frontier
from ledger.publish.staging import Staging
from ledger.tiles import TILE_LEVELS, TILE_WIDTH, tile_path
from ledger.tree import TreeIncomplete, read_hashes

FULL_BYTES = TILE_WIDTH * HASH_BYTES


class SiteShort(Exception):
    """Something that a site should have below its head is missing, so all of it is made anew."""


class Tiles:
    """Grows the tiles of a tree from its leaf hashes; the site's head covers `trusted` of them."""

    def __init__(self, staging: Staging, trusted: int) -> None:
        self._staging = staging
        self._trusted = trusted
        self._rows: list[list[bytes]] = []  # the hashes of the last, partial tile of each level
        self.frontier = Frontier()

    def resume(self, log: Log, size: int) -> None:
        """Go on from a size, a multiple of 256, below which the site has its tiles; SiteShort."""
        for level, index in full_tiles(size):
            if self._staging.length(tile_path(level, index)) != FULL_BYTES:
                raise SiteShort(tile_path(level, index))
        try:
            self._rows = [
                _split(read_hashes(log.folder / "tree", level, _partial(level, size)))
                for level in levels(size)
            ]
        except TreeIncomplete as error:
            raise SiteShort(str(error)) from error
        for level, row in reversed(list(enumerate(self._rows))):
            for one in row:
                self.frontier.add(level * TILE_LEVELS, one)
        if self.frontier.root() != log.root_at(size):
            raise SiteShort("the stored hashes do not lead to the root")

    def take(self, hashes: Sequence[bytes]) -> None:
        """Take the hashes of further leaves; full tiles are made at once."""
        for level, row in enumerate(self.frontier.extend(hashes)[::TILE_LEVELS]):
            if level == len(self._rows):
                self._rows.append([])
            waiting = self._rows[level]
            waiting += row
            while len(waiting) >= TILE_WIDTH:
                last = self.frontier.size >> TILE_LEVELS * level
                self._put(level, (last - len(waiting)) // TILE_WIDTH, waiting[:TILE_WIDTH])
                del waiting[:TILE_WIDTH]

    def finish(self) -> None:
        """Make the partial tiles at the edge."""
        for level, row in enumerate(self._rows):
            if row:
                index = (self.frontier.size >> TILE_LEVELS * level) // TILE_WIDTH
                self._put(level, index, row)

    def _put(self, level: int, index: int, row: Sequence[bytes]) -> None:
        name = tile_path(level, index, len(row))
        covered = index * TILE_WIDTH + len(row) <= self._trusted >> TILE_LEVELS * level
        if not (covered and self._staging.length(name) == len(row) * HASH_BYTES):
            self._staging.put(name, b"".join(row))


def levels(size: int) -> range:
    """The levels of tiles that a tree of `size` leaves has."""
    return range((max(size.bit_length() - 1, 0)) // TILE_LEVELS + 1 if size else 0)


def full_tiles(size: int) -> Iterator[tuple[int, int]]:
    """The level and index of every full tile of a tree of `size` leaves."""
    for level in levels(size):
        for index in range(size >> TILE_LEVELS * (level + 1)):
            yield level, index


def superseded(site: Path) -> Iterator[Path]:
    """The folders of partial tiles and bundles whose full one is there."""
    for path in (site / "tile").rglob("*.p"):
        if path.is_dir() and path.with_suffix("").is_file():
            yield path


def _partial(level: int, size: int) -> range:
    """The places in file `level` of `tree/` of what the last, partial tile holds."""
    count = size >> TILE_LEVELS * level
    return range(count - count % TILE_WIDTH, count)


def _split(data: bytes) -> list[bytes]:
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
