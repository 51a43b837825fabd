"""Merkle tree hashes over the lines of a log (RFC 6962 section 2.1); nothing here touches a disk.

Rules kept here:
- a leaf is hashed as SHA-256(0x00 ‖ leaf) and a node as SHA-256(0x01 ‖ left ‖ right), so that a
  leaf can never be passed off as a node;
- the left side of a tree of n leaves holds the largest power of two that is smaller than n;
- the tree without leaves has the hash of the empty string;
- a complete subtree is named by its level (it has 2**level leaves) and its index on that level.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

_LEAF = b"\x00"
_NODE = b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf: the bytes of a line without its newline (RFC 6962 section 2.1)."""
    return sha256(_LEAF + leaf).digest()


def leaf_hashes(leaves: Iterable[bytes | memoryview]) -> list[bytes]:
    """The hashes of many leaves, in their order; going on from a copy spares joining bytes."""
    begin, hashes = sha256(_LEAF).copy, []
    for leaf in leaves:
        hashed = begin()
        hashed.update(leaf)
        hashes.append(hashed.digest())
    return hashes


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two subtrees (RFC 6962 section 2.1)."""
    return sha256(_NODE + left + right).digest()


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The root hash of a tree, from the hashes of all its leaves."""
    frontier = Frontier()
    frontier.extend(list(hashes))
    return frontier.root()


def pair_up(row: Sequence[bytes]) -> list[bytes]:
    """The nodes over the neighbours of a row of subtrees; an odd last one is left over."""
    begin, nodes = sha256(_NODE).copy, []
    for left, right in zip(row[::2], row[1::2], strict=False):
        hashed = begin()
        hashed.update(left)
        hashed.update(right)
        nodes.append(hashed.digest())
    return nodes


def step_up(size: int, target: int) -> int:
    """The level of the largest complete subtree that begins at leaf `size` and ends by `target`."""
    room = (target - size).bit_length() - 1
    return room if size == 0 else min(room, (size & -size).bit_length() - 1)


class Frontier:
    """The right edge of a tree that grows: the roots of its complete subtrees, at most one a level.

    It holds what is needed to take further leaves and to give the root at any time; a tree of
    `size` leaves has an open subtree on each level whose bit is set in `size`.
    """

    __slots__ = ("_open", "size")

    def __init__(self) -> None:
        self.size = 0
        self._open: dict[int, bytes] = {}

    def copy(self) -> "Frontier":
        """A second frontier at the same place, which grows on its own."""
        other = Frontier()
        other.size = self.size
        other._open = self._open.copy()
        return other

    def add(self, level: int, root: bytes) -> None:
        """Take one complete subtree of 2**level leaves; the size must be a multiple of that."""
        assert self.size % (1 << level) == 0, "a subtree must begin where one of its level can"
        self.size += 1 << level
        while level in self._open:
            root = node_hash(self._open.pop(level), root)
            level += 1
        self._open[level] = root

    def extend(self, hashes: Sequence[bytes]) -> list[Sequence[bytes]]:
        """Take leaves by their hashes; gives the subtrees that became complete, level by level.

        Row 0 of the answer is `hashes` itself, row n the roots of subtrees of 2**n leaves.
        """
        rows: list[Sequence[bytes]] = []
        row, level = hashes, 0
        while row:
            rows.append(row)
            if level in self._open:
                row = [self._open.pop(level), *row]
            if len(row) % 2:
                self._open[level] = row[-1]
            row, level = pair_up(row), level + 1
        self.size += len(hashes)
        return rows

    def subtrees(self) -> list[tuple[int, bytes]]:
        """The open subtrees by level and root, from left to right, as `add` takes them."""
        return sorted(self._open.items(), reverse=True)

    def root(self) -> bytes:
        """The root hash of the leaves taken so far."""
        root = b""
        for level in sorted(self._open):
            root = node_hash(self._open[level], root) if root else self._open[level]
        return root or EMPTY_ROOT
