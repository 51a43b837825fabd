"""Merkle trees: the hashes of RFC 6962, and the files that keep them."""

from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from log_tools import VECTORS

from ledger import tree
from ledger.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    Frontier,
    leaf_hash,
    leaf_hashes,
    node_hash,
    root_of,
)

# The leaves and roots of RFC 6962's first implementation (google/certificate-transparency).
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
HASHES = leaf_hashes(b"%d" % number for number in range(70_000))


def root_by_definition(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962 section 2.1, word by word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    left = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(root_by_definition(hashes[:left]), root_by_definition(hashes[left:]))


@pytest.mark.parametrize(("size", "root"), list(enumerate(ROOTS)))
def test_roots_are_those_of_rfc_6962(size: int, root: str) -> None:
    """The published roots of the published leaves come out."""
    assert root_of(leaf_hashes(LEAVES[:size])).hex() == root


def test_a_leaf_cannot_pass_for_a_node() -> None:
    """The hash of two hashes as a leaf is not their hash as a node."""
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    """A tree without leaves has the root that the RFC gives it."""
    assert Frontier().root() == EMPTY_ROOT == sha256(b"").digest()


@settings(deadline=None)
@given(st.integers(0, 600))
def test_roots_follow_the_definition(size: int) -> None:
    """A root is what the recursive definition says, for any size."""
    assert root_of(HASHES[:size]) == root_by_definition(HASHES[:size])


@settings(deadline=None)
@given(st.lists(st.integers(0, 300), max_size=6))
def test_leaves_may_come_in_any_batches(batches: list[int]) -> None:
    """However leaves are grouped, the root and the rows of complete subtrees are the same."""
    frontier = Frontier()
    rows: list[list[bytes]] = [[] for _ in range(12)]
    for count in batches:
        new = frontier.extend(HASHES[frontier.size : frontier.size + count])
        for level, row in enumerate(new):
            rows[level] += row
    whole = Frontier()
    expected = whole.extend(HASHES[: sum(batches)])
    assert frontier.root() == whole.root()
    assert [row for row in rows if row] == [list(row) for row in expected if row]


@settings(deadline=None)
@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a_copy_grows_on_its_own(size: int, more: int) -> None:
    """What a copied frontier takes does not change the first."""
    frontier = Frontier()
    frontier.extend(HASHES[:size])
    root, copy = frontier.root(), frontier.copy()
    copy.extend(HASHES[size : size + more])
    assert (frontier.size, frontier.root()) == (size, root)
    assert copy.root() == root_of(HASHES[: size + more])


def test_roots_are_those_of_a_foreign_log() -> None:
    """The leaf hashes of a log that others wrote have the roots that they signed."""
    folder = VECTORS / "tlog-tiles"
    if not folder.exists():
        pytest.skip("the vectors of other implementations are not here")
    for size in range(1, 16):
        tile = (folder / "tile" / "0" / "000.p" / str(size)).read_bytes()
        hashes = [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]
        signed = (folder / f"checkpoint.{size}").read_text().split("\n")
        assert (len(hashes), signed[1]) == (size, str(size))
        assert root_of(hashes).hex() == b64decode(signed[2]).hex()


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stored tree of 70,000 leaves, which came in several batches."""
    folder = tmp_path_factory.mktemp("tree") / "tree"
    frontier, files = Frontier(), tree.TreeWriter(folder)
    for first, last in ((0, 1), (1, 255), (255, 256), (256, 66_000), (66_000, 70_000)):
        files.append(frontier.extend(HASHES[first:last]))
    files.close()
    return folder


def test_files_have_the_layout_of_tiles(stored: Path) -> None:
    """File 0 has every leaf, file n the roots of complete subtrees of 256**n leaves."""
    assert (stored / "0").read_bytes() == b"".join(HASHES)
    subtrees = [root_of(HASHES[at : at + 256]) for at in range(0, 70_000 - 255, 256)]
    assert (stored / "1").read_bytes() == b"".join(subtrees)
    assert (stored / "2").read_bytes() == root_of(HASHES[:65_536])
    assert sorted(path.name for path in stored.iterdir()) == ["0", "1", "2"]


@examples(40, 500)
@given(size=st.integers(0, 70_000), more=st.integers(0, 70_000))
def test_stored_hashes_give_any_root(stored: Path, size: int, more: int) -> None:
    """The root at any size comes out of the files, proven by the root of any later size."""
    later = min(size + more, 70_000)
    frontier = tree.frontier_within(stored, size, later, root_of(HASHES[:later]))
    assert frontier.root() == root_of(HASHES[:size])


def test_a_wrong_stored_hash_is_not_believed(tmp_path: Path, stored: Path) -> None:
    """Whichever stored hash is changed, a root that rests on it is not given out."""
    folder = tmp_path / "tree"
    folder.mkdir()
    for name in ("0", "1", "2"):
        (folder / name).write_bytes((stored / name).read_bytes())
    root = root_of(HASHES)
    for name, offset in (("2", 5), ("1", 32 * 257 + 1), ("0", 32 * 69_999)):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(
            whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :]
        )
        with pytest.raises(tree.TreeIncomplete):
            tree.frontier_within(folder, 70_000, 70_000, root)
        (folder / name).write_bytes(whole)
    assert tree.frontier_within(folder, 70_000, 70_000, root).root() == root


@examples(40, 500)
@given(size=st.integers(1, 3000))
def test_files_are_cut_to_any_size(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    """Cut to a size and extended again, the files are those of a tree that never was longer."""
    folder = tmp_path_factory.mktemp("cut") / "tree"
    files = tree.TreeWriter(folder)
    files.append(Frontier().extend(HASHES[:3000]))
    files.close()
    tree.cut(folder, size)
    frontier, again = tree.frontier_at(folder, size), tree.TreeWriter(folder)
    again.append(frontier.extend(HASHES[size:3000]))
    again.close()
    assert (folder / "0").read_bytes() == b"".join(HASHES[:3000])
    assert len((folder / "1").read_bytes()) == 3000 // 256 * HASH_BYTES
    assert tree.frontier_at(folder, 3000).root() == root_of(HASHES[:3000])


def test_rebuilding_replaces_only_with_what_was_signed(tmp_path: Path) -> None:
    """A tree is put in place of the old one only when it has the root that was signed."""
    folder = tmp_path / "tree"
    blocks = [HASHES[:400], HASHES[400:1000]]
    assert tree.rebuild(folder, blocks, root_of(HASHES[:1000])) is not None
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert tree.rebuild(folder, blocks, root_of(HASHES[:999])) is None
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert before["0"] == b"".join(HASHES[:1000])
