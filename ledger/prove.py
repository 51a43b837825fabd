"""Proofs made from a log: from the hashes stored in `tree/`, or from the lines where those fail.

Rules kept here:
- a proof goes out only when it leads to a root that was signed, whatever it was made from;
- from stored hashes it takes a few reads for every level of the tree, however long the log is;
- only a signed head proves anything: what is not signed yet is not proven.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ledger.chain import FOLDER
from ledger.checkpoint import Checkpoint
from ledger.errors import Differs, Refused
from ledger.kept import kept_heads, read_kept
from ledger.leaves import MARK, hash_of_line, hashes_of_block
from ledger.log import Log, root_differs
from ledger.merkle import HASH_BYTES, Frontier
from ledger.proof_files import ConsistencyProof, InclusionProof
from ledger.proofs import (
    BadProof,
    Subtree,
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
)
from ledger.tree import TreeIncomplete, subtree_root

Path = list[bytes]


@dataclass(frozen=True)
class SignedHead:
    """A head that a proof leads to, and the signed note that says it."""

    note: bytes
    head: Checkpoint


# ── the hashes of a proof ────────────────────────────────────────────────────────────────────


def prove_inclusion(log: Log, position: int, size: int) -> Path:
    """The audit path of an event among the first `size`, which are signed; raises Damaged."""
    assert size <= log.signed_size, "only what is signed can be proven"
    leaf, root = hash_of_line(log.line(position)), log.root_at(size)
    return _prove(
        log,
        lambda subtree: inclusion_path(subtree, position, size),
        lambda path: check_inclusion(leaf, position, size, path, root),
    )


def prove_consistency(log: Log, old: int, new: int) -> Path:
    """That the first `new` events, which are signed, begin with the `old`; raises Damaged."""
    assert new <= log.signed_size, "only what is signed can be proven"
    roots = log.root_at(old), log.root_at(new)
    return _prove(
        log,
        lambda subtree: consistency_path(subtree, old, new),
        lambda path: check_consistency(old, roots[0], new, roots[1], path),
    )


def _prove(log: Log, make: Callable[[Subtree], Path], check: Callable[[Path], None]) -> Path:
    """Make a path and check it: from the stored hashes, else from the lines."""
    try:
        path = make(partial(subtree_root, log.folder / "tree"))
        check(path)
    except (TreeIncomplete, BadProof):
        path = make(_subtrees_of_lines(log, make))
        try:
            check(path)
        except BadProof:
            raise root_differs(log.folder, log.checkpoint) from None
    return path


def _subtrees_of_lines(log: Log, make: Callable[[Subtree], Path]) -> Subtree:
    """The subtrees that a path is made of, hashed anew from the lines in one go through them."""
    wanted: set[tuple[int, int]] = set()
    found: dict[tuple[int, int], bytes] = {}

    def note(level: int, index: int) -> bytes:
        wanted.add((level, index))
        return bytes(HASH_BYTES)

    make(note)
    end = max((index + 1 << level for level, index in wanted), default=0)
    frontier = Frontier()
    for block in log.blocks(0, end):
        before = frontier.size
        rows = frontier.extend(hashes_of_block(block))
        for level, index in wanted - found.keys():
            at = index - (before >> level)
            if level < len(rows) and 0 <= at < len(rows[level]):
                found[level, index] = rows[level][at]
    return lambda level, index: found[level, index]


# ── the heads that proofs lead to ────────────────────────────────────────────────────────────


def current_head(log: Log) -> SignedHead:
    """The head that was signed last, with the signatures of others where they are kept."""
    kept = _kept(log, log.signed_size)
    if kept is not None and kept.head == log.checkpoint:
        return kept
    return SignedHead(log.extent.note, log.checkpoint)


def head_at(log: Log, size: int) -> SignedHead:
    """The head of a size: the last one, or one that is kept. Raises Refused, Damaged."""
    if size == log.signed_size:
        return current_head(log)
    kept = _kept(log, size) if size < log.signed_size else None
    if kept is None:
        sizes = ", ".join(map(str, _kept_sizes(log)))
        raise Refused(
            f"No signed head of {size:,} events is kept here.",
            way_out=f"There are heads for these sizes: {sizes}.",
        )
    if log.root_at(size) != kept.head.root:
        raise Differs(
            f"the kept head of {size} events", file=str(log.folder / FOLDER),
            expected=f"the root {log.root_at(size).hex()}", found=kept.head.root.hex(),
        )  # fmt: skip
    return kept


def _kept(log: Log, size: int) -> SignedHead | None:
    """A head that others cosigned, or the one over a change of key."""
    note = read_kept(log.folder, size, log.chain)
    if note is not None:
        return SignedHead(note.format(), Checkpoint.parse(note.text))
    rotations = (one for one in log.chain.rotations if one.head.size == size)
    return next((SignedHead(one.note, one.head) for one in rotations), None)


def _kept_sizes(log: Log) -> list[int]:
    kept = {size for size, _ in kept_heads(log.folder)}
    rotated = {one.head.size for one in log.chain.rotations}
    return sorted(size for size in kept | rotated | {log.signed_size} if size <= log.signed_size)


# ── proofs as they are handed round ──────────────────────────────────────────────────────────


def inclusion_proof(log: Log, position: int, signed: SignedHead) -> InclusionProof:
    """The proof of an event under a head, with its line unless it was erased.

    Raises Refused where the head does not reach so far, Damaged.
    """
    size = signed.head.size
    if not 0 <= position < log.size:
        raise Refused(
            f"There is no position {position}: the ledger holds {log.size:,} events.",
            way_out=f"Positions go from 0 to {log.size - 1}.",
        )
    if position >= size:
        raise Refused(
            f"Position {position} is not covered by the signed head of {size:,} events.",
            way_out="Wait until its writer has signed, a second at most; after a crash the next"
            " append signs it."
            if size == log.signed_size
            else "Take a later head: leave `--size` out.",
        )
    line = log.line(position)
    return InclusionProof(
        index=position,
        path=tuple(prove_inclusion(log, position, size)),
        checkpoint=signed.note,
        entry=None if MARK in line else line,
    )


def consistency_proof(log: Log, old: int, signed: SignedHead) -> ConsistencyProof:
    """The proof that a head's log begins with its first `old` events; raises Refused, Damaged."""
    size = signed.head.size
    if not 0 < old <= size:
        raise Refused(
            f"No proof leads from {old:,} events to the signed head of {size:,}.",
            way_out=f"Give a size from 1 to {size}, or a file with an older head.",
        )
    path = tuple(prove_consistency(log, old, size))
    return ConsistencyProof(old_size=old, path=path, checkpoint=signed.note)
