"""Inclusion and consistency proofs: a slow tree from the RFC's own words holds the fast one."""

from collections.abc import Iterator, Sequence
from functools import cache, partial
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from log_tools import append, make_ledger

from ledger import prove, tree
from ledger.errors import Damaged, Refused
from ledger.leaves import hash_of_line
from ledger.log import Log
from ledger.merkle import Frontier, node_hash
from ledger.proofs import (
    BadProof,
    Subtree,
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    root_at,
    roots_from_consistency,
)
from ledger.prove import prove_consistency, prove_inclusion
from ledger.segments import Mark

MOST = 257  # leaves: one more than a tile
EDGES = [*range(1, 18), 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257]

# ── the slow tree ────────────────────────────────────────────────────────────────────────────


@cache
def mth(first: int, last: int) -> bytes:
    """MTH(D[first:last]), where entry n is the number n (RFC 6962 section 2.1)."""
    if last - first == 1:
        return sha256(b"\x00" + str(first).encode()).digest()
    k = largest_power_below(last - first)
    return sha256(b"\x01" + mth(first, first + k) + mth(first + k, last)).digest()


def largest_power_below(count: int) -> int:
    """The largest power of two that is smaller than a count."""
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def slow_path(m: int, first: int, last: int) -> list[bytes]:
    """PATH(m, D[first:last]) (RFC 6962 section 2.1.1)."""
    if last - first == 1:
        return []
    k = largest_power_below(last - first)
    if m < k:
        return [*slow_path(m, first, first + k), mth(first + k, last)]
    return [*slow_path(m - k, first + k, last), mth(first, first + k)]


def slow_subproof(m: int, first: int, last: int, *, known: bool) -> list[bytes]:
    """SUBPROOF(m, D[first:last], known) (RFC 6962 section 2.1.2)."""
    if m == last - first:
        return [] if known else [mth(first, last)]
    k = largest_power_below(last - first)
    if m <= k:
        return [*slow_subproof(m, first, first + k, known=known), mth(first + k, last)]
    return [*slow_subproof(m - k, first + k, last, known=False), mth(first, first + k)]


def complete(level: int, index: int) -> bytes:
    """A complete subtree of the slow tree."""
    return mth(index << level, (index + 1) << level)


def flipped(data: bytes) -> Iterator[bytes]:
    """The bytes with each of their bits changed in turn."""
    for at in range(8 * len(data)):
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        yield bytes(changed)


def with_one_changed(path: Sequence[bytes]) -> Iterator[list[bytes]]:
    """A path with each of its bits changed in turn."""
    for at, one in enumerate(path):
        for changed in flipped(one):
            yield [*path[:at], changed, *path[at + 1 :]]


# ── every small tree ─────────────────────────────────────────────────────────────────────────


def test_every_inclusion_proof_of_every_small_tree() -> None:
    """For every index of every tree up to 257 leaves the proof is the RFC's, and checks."""
    for size in range(1, MOST + 1):
        root = mth(0, size)
        assert root_at(complete, size) == root
        for index in range(size):
            path = inclusion_path(complete, index, size)
            assert path == slow_path(index, 0, size)
            check_inclusion(mth(index, index + 1), index, size, path, root)


def test_every_consistency_proof_of_every_small_tree() -> None:
    """For every pair of sizes up to 257 the proof is the RFC's, and checks."""
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            path = consistency_path(complete, old, new)
            assert path == slow_subproof(old, 0, new, known=True)
            check_consistency(old, mth(0, old), new, mth(0, new), path)


def check_changed_inclusion(index: int, size: int) -> None:
    """No bit of a proof, its leaf or its root can be changed, nor its length or index."""
    leaf, root, path = mth(index, index + 1), mth(0, size), slow_path(index, 0, size)
    wrong = [
        *((leaf, index, size, one, root) for one in with_one_changed(path)),
        *((one, index, size, path, root) for one in flipped(leaf)),
        *((leaf, index, size, path, one) for one in flipped(root)),
        *((leaf, index ^ 1 << bit, size, path, root) for bit in range(10)),
        (leaf, index, size, [*path, root], root),
        (leaf, index, size, path[:-1], root) if path else (leaf, 0, 0, path, root),
        (leaf, -1, size, path, root),
        (leaf[1:], index, size, path, root),
    ]
    for one in wrong:
        with pytest.raises(BadProof):
            check_inclusion(*one)


def check_changed_consistency(old: int, new: int) -> None:
    """No bit of a proof, of its roots or of its old size can be changed, nor its length."""
    roots, path = (mth(0, old), mth(0, new)), slow_subproof(old, 0, new, known=True)
    wrong = [
        *((old, roots[0], new, roots[1], one) for one in with_one_changed(path)),
        *((old, one, new, roots[1], path) for one in flipped(roots[0])),
        *((old, roots[0], new, one, path) for one in flipped(roots[1])),
        *((old ^ 1 << bit, roots[0], new, roots[1], path) for bit in range(10)),
        (old, roots[0], new, roots[1], [*path, roots[1]]),
        (old, roots[0], new, roots[1], path[:-1]) if path else (old, roots[0], new, b"", path),
        (new + 1, roots[0], new, roots[1], path),
    ]
    for one in wrong:
        with pytest.raises(BadProof):
            check_consistency(*one)


@pytest.mark.parametrize("size", EDGES)
def test_one_bit_changed_in_a_proof_is_found(size: int) -> None:
    """Whichever bit is changed, of either kind of proof at any size, it no longer checks."""
    chance = Random(size)
    check_changed_inclusion(chance.randrange(size), size)
    check_changed_consistency(chance.randint(1, size), size)


@pytest.mark.slow
def test_one_bit_changed_in_any_proof_of_small_trees_is_found() -> None:
    """The same for every index and pair of sizes up to 40, and a few at each size to 257."""
    chance = Random(6962)
    for size in range(1, MOST + 1):
        picked = range(size) if size <= 40 else [chance.randrange(size) for _ in range(3)]
        for index in picked:
            check_changed_inclusion(index, size)
            check_changed_consistency(index + 1, size)


def test_a_path_alone_does_not_tell_the_size() -> None:
    """Trees of 3 and of 4 leaves have a path of one shape to leaf 0: only the head tells which."""
    path = slow_path(0, 0, 3)
    check_inclusion(mth(0, 1), 0, 3, path, mth(0, 3))
    check_inclusion(mth(0, 1), 0, 4, path, mth(0, 3))
    with pytest.raises(BadProof):
        check_inclusion(mth(0, 1), 0, 5, path, mth(0, 3))


def test_nothing_follows_from_the_empty_tree() -> None:
    """A proof from size 0 is refused, whatever it holds."""
    for path in ([], [mth(0, 1)]):
        with pytest.raises(BadProof):
            check_consistency(0, sha256(b"").digest(), 1, mth(0, 1), path)


def test_equal_sizes_need_equal_roots_and_no_hash() -> None:
    """Two heads of one size agree only in their root."""
    check_consistency(5, mth(0, 5), 5, mth(0, 5), [])
    for root, path in ((mth(0, 4), []), (mth(0, 5), [mth(0, 1)])):
        with pytest.raises(BadProof):
            check_consistency(5, mth(0, 5), 5, root, path)


def test_the_old_root_comes_back_where_the_path_leaves_it_out() -> None:
    """From a power of two on, the old root is the caller's; else it follows from the path."""
    known = slow_subproof(4, 0, 7, known=True)
    assert roots_from_consistency(4, 7, known, mth(0, 4)) == (mth(0, 4), mth(0, 7))
    told = slow_subproof(6, 0, 7, known=True)
    assert roots_from_consistency(6, 7, told, b"") == (mth(0, 6), mth(0, 7))


@examples(25, 60)
@given(st.data())
def test_proofs_of_large_trees(data: st.DataObject) -> None:
    """Proofs check at any size, from 2 reads a level at most."""
    new = data.draw(st.integers(1, 2**60))
    old, index = data.draw(st.integers(1, new)), data.draw(st.integers(0, new - 1))
    reads: list[tuple[int, int]] = []

    def subtree(level: int, at: int) -> bytes:
        reads.append((level, at))
        assert (at + 1) << level <= new, "only complete subtrees are stored"
        return sparse_node({7: b"seven" * 6 + b"!!", index: b"x" * 32}, level, at)

    path = inclusion_path(subtree, index, new)
    assert len(reads) <= 2 * new.bit_length()
    root = root_at(subtree, new)
    check_inclusion(subtree(0, index), index, new, path, root)
    reads.clear()
    path = consistency_path(subtree, old, new)
    assert len(reads) <= 2 * new.bit_length()
    check_consistency(old, root_at(subtree, old), new, root, path)


# ── ten million leaves ───────────────────────────────────────────────────────────────────────


@cache
def zero_node(level: int) -> bytes:
    """A complete subtree all of whose leaf hashes are 32 zero bytes."""
    return bytes(32) if level == 0 else node_hash(zero_node(level - 1), zero_node(level - 1))


def sparse_node(leaves: dict[int, bytes], level: int, index: int) -> bytes:
    """A complete subtree of a tree that has other leaf hashes than zeros only in a few places."""
    inside = {at: one for at, one in leaves.items() if at >> level == index}
    if not inside:
        return zero_node(level)
    if level == 0:
        return inside[index]
    below = [sparse_node(inside, level - 1, 2 * index + side) for side in (0, 1)]
    return node_hash(*below)


def store_sparse(folder: Path, leaves: dict[int, bytes], size: int) -> None:
    """The files of such a tree; zeros take no room on disk."""
    folder.mkdir()
    for file in range(4):
        level, count = tree.STRIDE * file, size >> tree.STRIDE * file
        with (folder / str(file)).open("wb") as out:
            if file == 0:
                out.truncate(count * 32)
            else:
                out.write(zero_node(level) * count)
            for index in {at >> level for at in leaves}:
                if index < count:
                    out.seek(index * 32)
                    out.write(sparse_node(leaves, level, index))


@pytest.mark.parametrize("size", [10_000_000, 9_999_999, 2**23 + 1])
def test_ten_million_events_take_a_few_reads(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the stored hashes of ten million leaves a proof takes 2 reads a level at most."""
    wanted = [0, 1, 4_711_337, 8_388_607, 8_388_608, size - 1]
    leaves = {at: sha256(str(at).encode()).digest() for at in wanted if at < size}
    store_sparse(tmp_path / "tree", leaves, size)
    reads = count_reads(monkeypatch)
    stored: Subtree = partial(tree.subtree_root, tmp_path / "tree")
    root = root_at(partial(sparse_node, leaves), size)
    assert tree.frontier_within(tmp_path / "tree", size, size, root).root() == root
    for index, leaf in leaves.items():
        reads.clear()
        check_inclusion(leaf, index, size, inclusion_path(stored, index, size), root)
        assert sum(reads) <= 48 * 128
        assert len(reads) <= 48
    for old in (1, 255, 256, 4_711_337, size - 1):
        reads.clear()
        path = consistency_path(stored, old, size)
        assert len(reads) <= 48
        check_consistency(old, root_at(partial(sparse_node, leaves), old), size, root, path)


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many hashes each read of the stored tree takes from now on."""
    reads: list[int] = []
    read = tree.read_hashes

    def counted(folder: Path, level: int, wanted: range) -> bytes:
        reads.append(len(wanted))
        return read(folder, level, wanted)

    monkeypatch.setattr(tree, "read_hashes", counted)
    return reads


# ── from a log ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """A log of 300 events in a few batches."""
    return make_ledger(tmp_path / "ledger", 100, 1, 198)


def hashes(log: Log) -> list[bytes]:
    """Every leaf hash of a log, from its lines."""
    return [hash_of_line(line) for line in log.lines()]


def check_proofs(log: Log, size: int) -> None:
    """Check proofs of some events, and from some older sizes, against the root of the lines."""
    leaves = hashes(log)[:size]
    roots = [Frontier().root()]
    frontier = Frontier()
    for leaf in leaves:
        frontier.extend([leaf])
        roots.append(frontier.root())
    for position in {0, 1, size // 3, 255, 256, size - 1}:
        path = prove_inclusion(log, position, size)
        check_inclusion(leaves[position], position, size, path, roots[size])
    for old in {1, 2, 100, 255, 256, 257, size - 1, size}:
        path = prove_consistency(log, old, size)
        check_consistency(old, roots[old], size, roots[size], path)


def test_proofs_come_from_the_stored_hashes(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proof takes a few reads of stored hashes and reads one line, not the log."""
    reads = count_reads(monkeypatch)

    lines_read: list[int] = []
    blocks = Log.blocks

    def counted(log: Log, first: int, last: int, hint: Mark | None = None) -> Iterator[bytes]:
        lines_read.append(last - first)
        return blocks(log, first, last, hint)

    monkeypatch.setattr(Log, "blocks", counted)
    prove_inclusion(log, 17, log.signed_size)
    prove_consistency(log, 100, log.signed_size)
    prove_inclusion(log, 17, 200)
    assert 0 < len(reads) <= 100
    assert sum(lines_read) == 0


@pytest.mark.parametrize("size", [258, 299, 300])
def test_proofs_lead_to_the_root_of_the_lines(log: Log, size: int) -> None:
    """Proofs under the signed head, and under smaller sizes, hold against the lines."""
    check_proofs(log, size)


@pytest.mark.parametrize("damage", ["gone", "short", "wrong leaf", "wrong node", "empty"])
def test_a_wrong_tree_is_made_good_from_the_lines(log: Log, damage: str) -> None:
    """Where the stored hashes are missing or wrong the lines give the same proofs."""
    files = {path.name: path for path in (log.folder / "tree").iterdir()}
    for name, path in files.items():
        data = path.read_bytes()
        if damage == "gone":
            path.unlink()
        elif damage == "short":
            path.write_bytes(data[: len(data) // 2])
        elif damage == "empty":
            path.write_bytes(b"")
        elif (damage == "wrong leaf") == (name == "0"):
            path.write_bytes(bytes(len(data)))
    before = {name: path.read_bytes() for name, path in files.items() if path.exists()}
    check_proofs(log, log.signed_size)
    check_proofs(log, 258)
    after = {path.name: path.read_bytes() for path in (log.folder / "tree").iterdir()}
    assert after == before, "a reader repairs nothing"


def test_lines_that_were_not_signed_are_not_proven(log: Log) -> None:
    """A line that was changed gives damage instead of a proof, whatever the tree says."""
    segment = log.segments()[0].path
    data = segment.read_bytes()
    segment.write_bytes(data.replace(b'speaker/speaker-17"', b'speaker/speaker-71"'))
    changed = Log.open(log.folder)
    with pytest.raises(Damaged):
        prove_inclusion(changed, 17, changed.signed_size)
    path = prove_inclusion(changed, 18, changed.signed_size)
    assert len(path) == len(prove_inclusion(log, 18, log.signed_size))


def test_only_what_is_signed_is_proven(log: Log) -> None:
    """A position beyond the head is refused with the way out, and so is one that is not there."""
    checkpoint = (log.folder / "checkpoint").read_bytes()
    append(log.folder, 5)
    (log.folder / "checkpoint").write_bytes(checkpoint)
    behind = Log.open(log.folder)
    signed = prove.current_head(behind)
    with pytest.raises(Refused, match="not covered by the signed head of 300"):
        prove.inclusion_proof(behind, 301, signed)
    with pytest.raises(Refused, match="no position 305"):
        prove.inclusion_proof(behind, 305, signed)
    with pytest.raises(Refused, match="no position -1"):
        prove.inclusion_proof(behind, -1, signed)
    assert prove.inclusion_proof(behind, 299, signed).index == 299


def test_heads_grow_and_old_proofs_stay_good(tmp_path: Path) -> None:
    """Each signed head is proven to go on from every one before it."""
    folder = tmp_path / "ledger"
    make_ledger(folder)
    heads = [Log.open(folder).checkpoint]
    for count in (1, 2, 5, 40, 250):
        append(folder, count)
        heads.append(Log.open(folder).checkpoint)
    log = Log.open(folder)
    for old, new in [*pairwise(heads), (heads[0], heads[-1]), (heads[2], heads[-1])]:
        path = prove_consistency(log, old.size, new.size)
        check_consistency(old.size, old.root, new.size, new.root, path)
