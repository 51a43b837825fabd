"""Signed heads: the forms of C2SP signed-note and tlog-checkpoint, and the key folder."""

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_tools import ORIGIN, VECTORS

from ledger.chain import KeyChain
from ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.errors import BadOrigin, Differs, KeyMissing, KeyUnfit
from ledger.keys import KeyFiles, check_origin, key_folder
from ledger.note import BadNote, Note, Signature, SignerKey, VerifierKey
from ledger.rotate import signing_key

FOREIGN_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
KEY = SignerKey(ORIGIN, bytes(range(32)))
HEAD = Checkpoint(ORIGIN, 42, bytes(range(32)))
NOTE = sign_checkpoint(HEAD, KEY)
CHAIN = KeyChain(KEY.verifier())


@pytest.mark.parametrize("size", range(1, 16))
def test_foreign_checkpoints_are_read(size: int) -> None:
    """Heads that another implementation signed are verified and written back the same."""
    path = VECTORS / "tlog-tiles" / f"checkpoint.{size}"
    if not path.exists():
        pytest.skip("the vectors of other implementations are not here")
    data = path.read_bytes()
    assert open_checkpoint(data, VerifierKey.parse(FOREIGN_KEY)).size == size
    assert Note.parse(data).format() == data


def test_a_foreign_checkpoint_of_nothing_is_refused() -> None:
    """A head of size 0 never occurs here, however well it is signed."""
    path = VECTORS / "tlog-tiles" / "checkpoint.0"
    if not path.exists():
        pytest.skip("the vectors of other implementations are not here")
    with pytest.raises(BadNote, match="a size from 1"):
        open_checkpoint(path.read_bytes(), VerifierKey.parse(FOREIGN_KEY))


def test_what_is_signed_opens() -> None:
    """A head comes out of its note as it went in, and the note has the layout of C2SP."""
    assert open_checkpoint(NOTE, KEY.verifier()) == HEAD
    text, signature = NOTE.decode().split("\n\n")
    assert text == f"{ORIGIN}\n42\n{HEAD.root64}"
    assert signature.startswith(f"— {ORIGIN} ")
    assert signature.endswith("\n")


def test_keys_round_trip() -> None:
    """Both halves of a key are read back from the texts that they are kept in."""
    assert SignerKey.parse(KEY.format()) == KEY
    assert VerifierKey.parse(KEY.verifier().format()) == KEY.verifier()
    assert VerifierKey.parse(FOREIGN_KEY).format() == FOREIGN_KEY
    assert KEY.format().startswith(f"PRIVATE+KEY+{ORIGIN}+{KEY.verifier().key_hash.hex()}+")
    assert SignerKey.generate(ORIGIN) != SignerKey.generate(ORIGIN)


@settings(deadline=None)
@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(offset: int, mask: int) -> None:
    """A note in which one byte differs opens for nobody."""
    changed = NOTE[:offset] + bytes([NOTE[offset] ^ mask]) + NOTE[offset + 1 :]
    with pytest.raises(BadNote):
        open_checkpoint(changed, KEY.verifier())


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_garbage_is_refused(data: bytes) -> None:
    """Bytes that are no note raise BadNote and nothing else."""
    with pytest.raises(BadNote):
        open_checkpoint(data, KEY.verifier())


@settings(deadline=None)
@given(st.text(max_size=80))
def test_garbage_is_no_key(text: str) -> None:
    """A text that is no key raises BadNote and nothing else."""
    with pytest.raises(BadNote):
        VerifierKey.parse(text)
    with pytest.raises(BadNote):
        SignerKey.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n042\n{HEAD.root64}\n",
        f"{ORIGIN}\n+42\n{HEAD.root64}\n",
        f"{ORIGIN}\n0\n{HEAD.root64}\n",
        f"{ORIGIN}\n42\n{HEAD.root64}\nmore\n",
        f"{ORIGIN}\n42\n{HEAD.root64[:-2]}9=\n",
        f"{ORIGIN}\n42\n{HEAD.root64[:-1]}\n",
        f"\n42\n{HEAD.root64}\n",
    ],
    ids=["leading-zero", "sign", "size-0", "extension", "stray-bits", "no-padding", "no-origin"],
)
def test_another_form_is_refused(text: str) -> None:
    """A head that is signed rightly but written in another form is refused."""
    with pytest.raises(BadNote):
        open_checkpoint(Note(text, (KEY.sign(text),)).format(), KEY.verifier())


def test_signatures_of_others_are_kept_and_ignored() -> None:
    """A cosigned head opens, and its note is written back with every signature."""
    witness = SignerKey.generate("witness.example/w")
    text = HEAD.format()
    cosigned = Note(text, (witness.sign(text), KEY.sign(text))).format()
    assert open_checkpoint(cosigned, KEY.verifier()) == HEAD
    assert Note.parse(cosigned).format() == cosigned
    assert open_checkpoint(cosigned, KEY.verifier()) == HEAD


def test_a_wrong_signature_of_the_known_key_refuses() -> None:
    """A signature that claims the known key and is wrong is not passed over."""
    text = HEAD.format()
    forged = Signature(ORIGIN, KEY.verifier().key_hash, bytes(64))
    note = Note(text, (forged, KEY.sign(text))).format()
    with pytest.raises(BadNote, match="is wrong"):
        open_checkpoint(note, KEY.verifier())


def test_a_head_of_another_origin_is_refused() -> None:
    """A head that the key signed for another log is not taken for this one's."""
    other = Checkpoint("example.org/other", 42, HEAD.root).format()
    with pytest.raises(BadNote, match="origin"):
        open_checkpoint(Note(other, (KEY.sign(other),)).format(), KEY.verifier())


@pytest.mark.parametrize("origin", ["a", "example.org/claims", "A.b_c~d/e-f", "x" * 200])
def test_origins_that_may_be(origin: str) -> None:
    """A name like a URL without its scheme may name a ledger."""
    check_origin(origin)


@pytest.mark.parametrize(
    "origin", ["", "/a", ".a", "a b", "a+b", "a\nb", "ä", "x" * 201, 'a"b', "a/" * 70, "a\n"]
)
def test_origins_that_may_not_be(origin: str) -> None:
    """A name that a key, a file name or a note could not carry is refused."""
    with pytest.raises(BadOrigin):
        check_origin(origin)


def test_the_key_is_closed_to_others() -> None:
    """A key file is for its owner alone, in a folder for its owner alone, and made only once."""
    files = KeyFiles.of(ORIGIN)
    files.write_key(KEY)
    assert files.key.name == "example.org%2Fclaims.key"
    assert stat.S_IMODE(files.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700
    assert signing_key(files, CHAIN, 1) == KEY
    with pytest.raises(FileExistsError):
        files.write_key(SignerKey.generate(ORIGIN))


def test_a_key_that_others_can_read_is_told_of() -> None:
    """An exposed key is used, but its owner is told how to close it."""
    files = KeyFiles.of(ORIGIN)
    files.write_key(KEY)
    assert files.warnings() == []
    files.key.chmod(0o640)
    assert files.warnings() == [f"Others can read the signing key: `chmod 600 {files.key}`."]


def test_keys_lie_where_the_user_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`XDG_CONFIG_HOME` is honoured; without it the system's own folder is used."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "x"))
    assert key_folder() == tmp_path / "x" / "claims-ledger" / "keys"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert key_folder().is_relative_to(tmp_path)
    assert key_folder().name == "keys"


def test_a_key_that_is_not_there_or_not_fit_is_refused() -> None:
    """A missing key, a garbled one and another ledger's are told apart."""
    files = KeyFiles.of(ORIGIN)
    with pytest.raises(KeyMissing, match="not appended to"):
        signing_key(files, CHAIN, 1)
    for origin in (ORIGIN, "example.org/others"):
        files.key.unlink(missing_ok=True)
        files.write_key(SignerKey.generate(origin))
        with pytest.raises(KeyUnfit, match="another ledger"):
            signing_key(files, CHAIN, 1)
    for garbled in (b"PRIVATE+KEY+\n", b"", b"\xff", KEY.format().encode() + b"\n\n"):
        files.key.write_bytes(garbled)
        with pytest.raises(KeyUnfit):
            signing_key(files, CHAIN, 1)


def test_the_remembered_head_is_checked() -> None:
    """A head that is remembered is read whole; a garbled one is damage, a missing one is none."""
    files = KeyFiles.of(ORIGIN)
    files.make_folder()
    assert files.read_head(CHAIN) is None
    files.write_head(NOTE)
    assert files.read_head(CHAIN) == HEAD
    files.head.write_bytes(NOTE[:-3])
    with pytest.raises(Differs, match="remembered head"):
        files.read_head(CHAIN)
