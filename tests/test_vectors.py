"""Vectors that nobody here made: RFC 6962 proofs, and a signed log in tiles, read by our code."""

import json
from base64 import b64decode
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from log_tools import VECTORS

from ledger.checkpoint import Checkpoint
from ledger.merkle import EMPTY_ROOT, leaf_hashes, root_of
from ledger.note import BadNote, Note, VerifierKey
from ledger.proofs import (
    BadProof,
    check_consistency,
    check_inclusion,
    consistency_path,
    inclusion_path,
    root_at,
)
from ledger.tiles import (
    BadTile,
    bundle_path,
    decode_bundle,
    decode_tile,
    encode_bundle,
    subtree_in_tiles,
    tile_path,
    tile_width,
)

RFC = VECTORS / "rfc6962"
LOG = VECTORS / "tlog-tiles"
LOG_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
SIZES = range(16)

rfc = pytest.mark.skipif(not RFC.is_dir(), reason="the RFC 6962 vectors are not here")
tiled = pytest.mark.skipif(not LOG.is_dir(), reason="the vectors of a tiled log are not here")


# ── RFC 6962 ─────────────────────────────────────────────────────────────────────────────────


def cases(kind: str) -> list[Path]:
    """The files of one kind of proof."""
    return sorted((RFC / kind).rglob("*.json"))


def decoded(case: dict[str, Any], name: str) -> bytes:
    """A hash of a case; left out where it is empty."""
    return b64decode(case.get(name) or "")


def path_of(case: dict[str, Any]) -> list[bytes]:
    """The proof of a case."""
    return [b64decode(one) for one in case["proof"] or ()]


def name_of(file: Path) -> str:
    """How a case is called in a test's report."""
    return f"{file.parent.name}-{file.stem}"


@rfc
def test_all_vectors_are_there() -> None:
    """98 proofs of each kind, of which some hold and some do not."""
    for kind in ("inclusion", "consistency"):
        wrong = [json.loads(file.read_bytes())["wantErr"] for file in cases(kind)]
        assert len(wrong) == 98
        assert 0 < wrong.count(False) < 98


@rfc
@pytest.mark.parametrize("file", cases("inclusion"), ids=name_of)
def test_inclusion_vector(file: Path) -> None:
    """A proof of inclusion checks if, and only if, the vector says so."""
    case = json.loads(file.read_bytes())
    check = partial(
        check_inclusion, decoded(case, "leafHash"), case["leafIdx"], case["treeSize"],
        path_of(case), decoded(case, "root"),
    )  # fmt: skip
    if case["wantErr"]:
        with pytest.raises(BadProof):
            check()
    else:
        check()


@rfc
@pytest.mark.parametrize("file", cases("consistency"), ids=name_of)
def test_consistency_vector(file: Path) -> None:
    """A proof of consistency checks if, and only if, the vector says so."""
    case = json.loads(file.read_bytes())
    check = partial(
        check_consistency, case["size1"], decoded(case, "root1"), case["size2"],
        decoded(case, "root2"), path_of(case),
    )  # fmt: skip
    if case["wantErr"]:
        with pytest.raises(BadProof):
            check()
    else:
        check()


# ── a tiled log ──────────────────────────────────────────────────────────────────────────────


def head_of(size: int) -> Checkpoint:
    """The head of the tiled log at a size, its signature checked."""
    note = Note.parse((LOG / f"checkpoint.{size}").read_bytes())
    key = VerifierKey.parse(LOG_KEY)
    note.check(key)
    head = Checkpoint.parse(note.text, may_be_empty=True)
    assert (head.origin, head.size) == (key.name, size)
    return head


def read(path: str) -> bytes:
    """A file of the tiled log, by its path there."""
    return (LOG / path).read_bytes()


@tiled
@pytest.mark.parametrize("size", SIZES[1:])
def test_bundles_and_tiles_have_the_signed_root(size: int) -> None:
    """At every size the entries, the tile and the signature agree on the root."""
    head = head_of(size)
    leaves = leaf_hashes(decode_bundle(read(bundle_path(0, size))))
    assert len(leaves) == size
    assert leaves == decode_tile(read(tile_path(0, 0, size)), size)
    assert root_of(leaves) == head.root
    assert root_at(subtree_in_tiles(read, size), size) == head.root
    assert encode_bundle(decode_bundle(read(bundle_path(0, size)))) == read(bundle_path(0, size))


@tiled
def test_the_head_of_an_empty_log_is_read_where_it_may_be() -> None:
    """The head of size 0 is signed and has the empty root; no ledger may have one."""
    assert head_of(0).root == EMPTY_ROOT
    text = Note.parse((LOG / "checkpoint.0").read_bytes()).text
    with pytest.raises(BadNote):
        Checkpoint.parse(text)
    wrong = Checkpoint(head_of(0).origin, 0, bytes(32)).format()
    with pytest.raises(BadNote):
        Checkpoint.parse(wrong, may_be_empty=True)


@tiled
@pytest.mark.parametrize("size", SIZES[1:])
def test_proofs_from_tiles_check(size: int) -> None:
    """Proofs made from tiles hold for every entry, and from every smaller head."""
    head, subtree = head_of(size), subtree_in_tiles(read, size)
    for index, leaf in enumerate(leaf_hashes(decode_bundle(read(bundle_path(0, size))))):
        check_inclusion(leaf, index, size, inclusion_path(subtree, index, size), head.root)
    for old in range(1, size + 1):
        path = consistency_path(subtree, old, size)
        check_consistency(old, head_of(old).root, size, head.root, path)


@tiled
def test_the_newest_head_is_one_of_them() -> None:
    """What the log serves as its checkpoint is its head at 15 entries."""
    assert read("checkpoint") == read("checkpoint.15")


@tiled
@pytest.mark.parametrize("size", SIZES)
def test_a_changed_head_is_refused(size: int) -> None:
    """With another size, root or origin the signature no longer fits."""
    note = Note.parse((LOG / f"checkpoint.{size}").read_bytes())
    for old, new in (("testdata", "testdate"), (f"\n{size}\n", f"\n{size + 1}\n"), ("=\n", "=\n ")):
        with pytest.raises(BadNote):
            Note(note.text.replace(old, new, 1), note.signatures).check(VerifierKey.parse(LOG_KEY))


# ── the layout, as the specification words it ────────────────────────────────────────────────


def test_paths_are_those_of_the_specification() -> None:
    """The example of C2SP tlog-tiles, and what stands around it."""
    assert tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tile_path(3, 0, 1) == "tile/3/000.p/1"
    assert bundle_path(999) == "tile/entries/999"
    assert bundle_path(1000, 8) == "tile/entries/x001/000.p/8"


def test_widths_are_those_of_the_specification() -> None:
    """The trees of 70,000 and of 256 leaves that C2SP tlog-tiles describes."""
    shown = [(0, 272, 256), (0, 273, 112), (0, 274, 0), (1, 0, 256), (1, 1, 17), (2, 0, 1)]
    for level, index, width in [*shown, (2, 1, 0), (3, 0, 0)]:
        assert tile_width(level, index, 70_000) == width
    assert [tile_width(level, 0, 256) for level in range(3)] == [256, 1, 0]


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_come_back(entries: list[bytes]) -> None:
    """What is written as a bundle is read as the same entries."""
    assert decode_bundle(encode_bundle(entries)) == entries


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.data())
def test_a_bundle_cut_within_an_entry_is_refused(entries: list[bytes], data: st.DataObject) -> None:
    """A bundle that ends within its last entry is no bundle."""
    whole = encode_bundle(entries)
    last = len(entries[-1]) + 2
    cut = data.draw(st.integers(1, last - 1))
    with pytest.raises(BadTile):
        decode_bundle(whole[:-cut])


def test_a_bundle_holds_the_largest_line() -> None:
    """An entry has at most 65,535 bytes, as a line of the log has."""
    assert decode_bundle(encode_bundle([bytes(65_535)])) == [bytes(65_535)]
    with pytest.raises(AssertionError):
        encode_bundle([bytes(65_536)])


def test_a_tile_of_another_length_is_refused() -> None:
    """A tile has exactly the hashes that its path says."""
    assert decode_tile(bytes(64), 2) == [bytes(32)] * 2
    for size in (63, 65, 96, 0):
        with pytest.raises(BadTile):
            decode_tile(bytes(size), 2)
