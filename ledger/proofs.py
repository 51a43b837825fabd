"""Inclusion and consistency proofs (RFC 6962 sections 2.1.1 and 2.1.2); nothing here reads a disk.

Rules kept here:
- a proof has exactly the hashes that its sizes call for: one too many or too few makes it bad;
- nothing is consistent with the empty tree, which would say nothing; equal sizes need no hash;
- a proof is made from the roots of complete subtrees, at most two for every level of the tree.

The path alone does not tell how large the tree is: some sizes give a path of one shape. What binds
the size is the signature over size and root, so a proof is only worth something under a head.
"""

from collections.abc import Callable, Sequence

from ledger.merkle import EMPTY_ROOT, HASH_BYTES, node_hash, step_up

Subtree = Callable[[int, int], bytes]  # level and index → root of that complete subtree


class BadProof(ValueError):
    """A proof does not show what it should; the message says why."""


# ── checking ─────────────────────────────────────────────────────────────────────────────────


def root_from_inclusion(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a tree of `size` leaves must have, for its leaf `index` to be this one.

    RFC 9162 section 2.1.3.2; raises BadProof.
    """
    if not 0 <= index < size:
        raise BadProof(f"index {index} does not lie in a tree of {size} leaves")
    _check_lengths(leaf_hash, *path)
    node, last, root = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            raise BadProof(_TOO_MANY)
        if node & 1 or node == last:
            root = node_hash(sibling, root)
            node, last = _up_to_right(node, last)
        else:
            root = node_hash(root, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise BadProof(_TOO_FEW)
    return root


def check_inclusion(
    leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> None:
    """Check that the leaf stands at `index` in the tree of that size and root; raises BadProof."""
    if root_from_inclusion(leaf_hash, index, size, path) != root:
        raise BadProof("it does not lead to the root hash of the head")


def roots_from_consistency(
    old_size: int, new_size: int, path: Sequence[bytes], old_root: bytes
) -> tuple[bytes, bytes]:
    """The roots that a path gives to the old and to the new tree (RFC 9162 section 2.1.4.2).

    Where the old size is a power of two the path leaves the old root out: `old_root` stands for
    it, and it comes back as the first. Raises BadProof.
    """
    if not 0 < old_size <= new_size:
        raise BadProof(f"no proof leads from {old_size} to {new_size} leaves")
    _check_lengths(*path)
    if old_size == new_size:
        if path:
            raise BadProof(_TOO_MANY)
        return old_root, old_root
    if not path:
        raise BadProof(_TOO_FEW)
    is_power = old_size & (old_size - 1) == 0
    first, *rest = [old_root, *path] if is_power else path
    return _climb(old_size - 1, new_size - 1, first, rest)


def _climb(node: int, last: int, first: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Go up from the last subtree that is complete in the old tree."""
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = first
    for sibling in path:
        if last == 0:
            raise BadProof(_TOO_MANY)
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            node, last = _up_to_right(node, last)
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise BadProof(_TOO_FEW)
    return old, new


def check_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Check that the new tree begins with the leaves of the old one; raises BadProof."""
    old, new = roots_from_consistency(old_size, new_size, path, old_root)
    if old != old_root:
        raise BadProof("it does not lead to the root hash of the old head")
    if new != new_root:
        raise BadProof("it does not lead to the root hash of the new head")


_TOO_MANY = "it has more hashes than its sizes call for"
_TOO_FEW = "it has fewer hashes than its sizes call for"


def _check_lengths(*hashes: bytes) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise BadProof(f"a hash in it has not {HASH_BYTES} bytes")


def _up_to_right(node: int, last: int) -> tuple[int, int]:
    """Go up past the levels on which the last node stands alone, without a sibling."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


# ── making ───────────────────────────────────────────────────────────────────────────────────


def inclusion_path(subtree: Subtree, index: int, size: int) -> list[bytes]:
    """The audit path of a leaf in a tree of `size` leaves, its sibling first (RFC 6962 2.1.1)."""
    assert 0 <= index < size, "an index must lie in the tree"
    start, stop, path = 0, size, []
    while stop - start > 1:
        middle = start + _left_width(stop - start)
        if index < middle:
            path.append((middle, stop))
            stop = middle
        else:
            path.append((start, middle))
            start = middle
    return [_root_between(subtree, *bounds) for bounds in reversed(path)]


def consistency_path(subtree: Subtree, old: int, new: int) -> list[bytes]:
    """The proof that a tree of `new` leaves begins with those of the `old` (RFC 6962 2.1.2)."""
    assert 0 < old <= new, "a proof leads from a tree with leaves to one no smaller"
    start, stop, path = 0, new, []
    while stop != old:
        middle = start + _left_width(stop - start)
        if old <= middle:
            path.append((middle, stop))
            stop = middle
        else:
            path.append((start, middle))
            start = middle
    if start:  # else this subtree is the old tree, whose root is known to whoever checks
        path.append((start, stop))
    return [_root_between(subtree, *bounds) for bounds in reversed(path)]


def root_at(subtree: Subtree, size: int) -> bytes:
    """The root of the first `size` leaves."""
    return _root_between(subtree, 0, size) if size else EMPTY_ROOT


def _left_width(count: int) -> int:
    """The largest power of two that is smaller than `count`, which is 2 at least."""
    return 1 << (count - 1).bit_length() - 1


def _root_between(subtree: Subtree, start: int, stop: int) -> bytes:
    """The root over a range of leaves that the tree has as one node."""
    roots = []
    while start < stop:
        level = step_up(start, stop)
        roots.append(subtree(level, start >> level))
        start += 1 << level
    root = roots.pop()
    while roots:
        root = node_hash(roots.pop(), root)
    return root
