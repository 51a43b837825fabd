"""Tiles and entry bundles (C2SP tlog-tiles): the paths and bytes under which a log is published.

A tile holds up to 256 hashes of one level, which is every eighth of the tree; an entry bundle holds
the leaves under a tile of level 0. The last of each may be partial: its width is in its path.

Rules kept here:
- an entry is a leaf, byte for byte, after its length in two bytes, the higher first;
- an index is written in groups of three digits, all but the last marked with `x`;
- a bundle or tile is read only if it is exactly as long as its width says.
"""

from collections.abc import Callable, Iterable

from ledger.merkle import HASH_BYTES, pair_up

TILE_WIDTH = 256
TILE_LEVELS = 8  # of the tree, from one level of tiles to the next
MAX_ENTRY_BYTES = 65_535

_LENGTH_BYTES = 2


class BadTile(ValueError):
    """A tile or bundle is not what its path says; the message says why."""


def tile_path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """`tile/<level>/<index>`, and the width of a partial tile: `tile/0/x001/234.p/56`."""
    assert 0 <= level < 1 << 6, "the specification counts levels up to 63"
    return f"tile/{level}/{_numbered(index, width)}"


def bundle_path(index: int, width: int = TILE_WIDTH) -> str:
    """`tile/entries/<index>`, and the width of a partial bundle: `tile/entries/000.p/3`."""
    return f"tile/entries/{_numbered(index, width)}"


def _numbered(index: int, width: int) -> str:
    assert index >= 0, "tiles are counted from 0"
    assert 0 < width <= TILE_WIDTH, "a tile has 1 to 256 hashes"
    index, last = divmod(index, 1000)
    path = f"{last:03d}"
    while index:
        index, group = divmod(index, 1000)
        path = f"x{group:03d}/{path}"
    return path if width == TILE_WIDTH else f"{path}.p/{width}"


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes a tile has in a tree of `size` leaves: 0 to 256."""
    return min(max((size >> TILE_LEVELS * level) - index * TILE_WIDTH, 0), TILE_WIDTH)


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """The bytes of an entry bundle."""
    parts: list[bytes] = []
    for entry in entries:
        assert len(entry) <= MAX_ENTRY_BYTES, "a line has at most 65,535 bytes"
        parts += (len(entry).to_bytes(_LENGTH_BYTES, "big"), entry)
    return b"".join(parts)


def decode_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle, each a leaf; raises BadTile where the last is cut off."""
    entries, at = [], 0
    while at < len(data):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise BadTile("the last entry of the bundle is cut off")
        entries.append(data[start:at])
    return entries


def decode_tile(data: bytes, width: int = TILE_WIDTH) -> list[bytes]:
    """The hashes of a tile; raises BadTile where it has another length than its width says."""
    if len(data) != width * HASH_BYTES:
        raise BadTile(f"a tile of {width} hashes has {len(data):,} bytes")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def subtree_in_tiles(read: Callable[[str], bytes], size: int) -> Callable[[int, int], bytes]:
    """The complete subtrees of a published tree of `size` leaves, by level and index.

    `read` gives the bytes of a path. Each answer comes from one tile; raises BadTile.
    """

    def subtree(level: int, index: int) -> bytes:
        tile_level, above = divmod(level, TILE_LEVELS)
        tile, first = divmod(index << above, TILE_WIDTH)
        width = tile_width(tile_level, tile, size)
        assert first + (1 << above) <= width, "the subtree must be complete in the tree"
        row = decode_tile(read(tile_path(tile_level, tile, width)), width)
        row = row[first : first + (1 << above)]
        for _ in range(above):
            row = pair_up(row)
        return row[0]

    return subtree
