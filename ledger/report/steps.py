"""The way from a leaf to the root of a tree, one hash a step (RFC 9162 section 2.1.3.2).

Each step can be done again by hand, with nothing but a program that computes SHA-256.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ledger.merkle import node_hash


class Step(NamedTuple):
    """Two hashes that are hashed together, as they stand beside each other in the tree."""

    left: bytes
    right: bytes

    @property
    def node(self) -> bytes:
        """What comes of them: SHA-256(0x01 ‖ left ‖ right)."""
        return node_hash(self.left, self.right)


def steps_to_root(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> Iterator[Step]:
    """The steps from a leaf at `index` to the root of a tree of `size` leaves.

    `path` is a proof that was checked: it begins with the sibling of the leaf.
    """
    node, last, found = index, size - 1, leaf_hash
    for sibling in path:
        while node == last and not node & 1:  # no sibling here: the node stands for itself above
            node, last = node >> 1, last >> 1
        step = Step(sibling, found) if node & 1 else Step(found, sibling)
        yield step
        found, node, last = step.node, node >> 1, last >> 1
