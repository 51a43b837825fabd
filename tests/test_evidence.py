"""Evidence of two histories: what it shows, to whom, and what shows nothing."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from examples import examples
from fork_tools import fork, grow, own_key
from hypothesis import given, settings
from hypothesis import strategies as st
from log_tools import ORIGIN, make_ledger
from witness_server import roots

from ledger.chain import rotation_path
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.errors import ClaimsError
from ledger.evidence import NoEvidence, check_evidence, evidence_from_log, make_evidence
from ledger.keys import KeyFiles
from ledger.log import Log
from ledger.note import SignerKey, VerifierKey
from ledger.prove import prove_consistency
from ledger.writer import Writer

KEY = SignerKey(ORIGIN, bytes(range(32)))
KEPT = sign_checkpoint(Checkpoint(ORIGIN, 3, bytes(32)), KEY)
SHOWN = sign_checkpoint(Checkpoint(ORIGIN, 3, bytes([1] * 32)), KEY)


def changed(data: bytes, **fields: Any) -> bytes:  # noqa: ANN401  JSON holds anything
    """Evidence with other fields, in its one form otherwise."""
    found = {**json.loads(data), **fields}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def holds_independently(data: bytes) -> bool:
    """Whether evidence holds, checked without our code: the standard library and Ed25519."""
    found = json.loads(data)
    public = base64.b64decode(found["vkey"].split("+", 2)[2])[1:]
    heads = []
    for note in (found["kept"], found["shown"]):
        text, _, signatures = note.partition("\n\n")
        origin, size, root = text.split("\n")
        name, raw = signatures.splitlines()[0].removeprefix("\u2014 ").split(" ")
        assert name == origin == found["vkey"].split("+")[0]
        signed = base64.b64decode(raw)[4:]
        Ed25519PublicKey.from_public_bytes(public).verify(signed, f"{text}\n".encode())
        heads.append((int(size), base64.b64decode(root)))
    (old, old_root), (new, new_root) = heads
    if old == new:
        return old_root != new_root
    root = base64.b64decode(found["root"])
    path = [base64.b64decode(one) for one in found["proof"]]
    return roots(old, new, path, root) == (root, new_root) and not path and root != old_root


def test_the_form_is_the_one_that_is_agreed() -> None:
    """One object on one line, its keys in their order."""
    data = make_evidence(KEY.verifier(), KEPT, SHOWN)
    assert list(json.loads(data)) == ["what", "vkey", "kept", "shown", "root", "proof"]
    assert json.loads(data)["what"] == f"two histories of {ORIGIN}"
    assert (json.loads(data)["root"], json.loads(data)["proof"]) == ("", [])
    assert data.count(b"\n") == 1
    assert check_evidence(data.rstrip()) == check_evidence(data)


@pytest.mark.parametrize("size", range(2, 20))
def test_a_kept_head_of_any_size_makes_evidence(tmp_path: Path, size: int) -> None:
    """Whoever holds the ledger can show that it does not extend a head that somebody kept."""
    ours, theirs = fork(tmp_path, common=1, ours=size - 1, theirs=12)
    if size > theirs.signed_size:
        with pytest.raises(NoEvidence, match="cut back"):
            evidence_from_log(theirs, ours.extent.note)
        return
    data = evidence_from_log(theirs, ours.extent.note)
    found = check_evidence(data, ours.verifier)
    assert (found.kept, found.shown) == (ours.checkpoint, theirs.checkpoint)
    assert found.root == theirs.root_at(size)
    assert holds_independently(data)


def test_a_head_of_this_very_history_makes_none(tmp_path: Path) -> None:
    """Older heads of an honest log are no evidence, and heads of others neither."""
    log = make_ledger(tmp_path / "ledger", 4)
    other = make_ledger(tmp_path / "other", 4, origin="example.org/other")
    early = log.extent.note
    grow(log, 3)
    for kept, why in (
        (early, "very history"),
        (log.extent.note, "very history"),
        (other.extent.note, "no key"),
        (sign_checkpoint(log.checkpoint, SignerKey.generate(ORIGIN)), "no key"),
        (b"garbage", "empty line"),
    ):
        with pytest.raises(NoEvidence, match=why):
            evidence_from_log(log, kept)


def test_evidence_needs_no_stored_hashes(tmp_path: Path) -> None:
    """Where `tree/` is gone or wrong the lines themselves make the proof."""
    ours, theirs = fork(tmp_path, common=2, ours=4, theirs=9)
    good = evidence_from_log(theirs, ours.extent.note)
    path = theirs.folder / "tree" / "0"
    path.write_bytes(bytes(len(path.read_bytes())))
    assert evidence_from_log(Log.open(theirs.folder), ours.extent.note) == good
    path.unlink()
    assert evidence_from_log(Log.open(theirs.folder), ours.extent.note) == good


def test_after_a_change_of_key_an_older_head_is_used(tmp_path: Path) -> None:
    """A head that the first key signed is held against the one over the change, which it signed."""
    ours, theirs = fork(tmp_path, common=3, ours=3, theirs=2)
    KeyFiles.of(ORIGIN).head.unlink()
    first = theirs.verifier
    position = theirs.size
    with Writer.open(theirs.folder, actor="ana") as writer:
        writer.rotate()
    grow(theirs, 2)
    assert theirs.verifier != first
    assert rotation_path(theirs.folder, position).exists()
    found = check_evidence(evidence_from_log(theirs, ours.extent.note), first)
    assert found.shown.size < theirs.signed_size
    assert found.root == theirs.root_at(ours.signed_size)


# ── what shows nothing ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def evidence(tmp_path: Path) -> tuple[bytes, VerifierKey]:
    """Evidence from a longer log, and the key that it is about."""
    ours, theirs = fork(tmp_path, common=2, ours=4, theirs=9)
    return evidence_from_log(theirs, ours.extent.note), ours.verifier


def test_evidence_is_about_the_key_that_is_known(evidence: tuple[bytes, VerifierKey]) -> None:
    """Anybody can make two histories with a key of their own; whose key it is counts."""
    data, key = evidence
    assert check_evidence(data, key).key_given
    found = check_evidence(data)
    assert not found.key_given
    assert "the evidence itself names" in found.sentences()[0]
    with pytest.raises(NoEvidence, match="not the one that you gave"):
        check_evidence(data, KEY.verifier())


def test_any_changed_field_shows_nothing(evidence: tuple[bytes, VerifierKey]) -> None:
    """Each field binds: title, key, heads, root and proof."""
    data, key = evidence
    found = json.loads(data)
    other = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    bad: tuple[dict[str, Any], ...] = (
        {"what": "two histories of example.org/other"},
        {"vkey": KEY.verifier().format()},
        {"vkey": "x"},
        {"kept": found["shown"]},
        {"shown": found["kept"]},
        {"kept": found["shown"], "shown": found["kept"]},
        {"kept": found["kept"].replace("\n6\n", "\n5\n")},
        {"kept": KEPT.decode()},
        {"root": other},
        {"root": ""},
        {"root": "x"},
        {"root": found["kept"].split("\n")[2]},
        {"proof": []},
        {"proof": found["proof"][1:]},
        {"proof": [*found["proof"], other]},
        {"proof": [other, *found["proof"][1:]]},
        {"proof": [found["proof"][0].rstrip("="), *found["proof"][1:]]},
    )
    for fields in bad:
        with pytest.raises(NoEvidence):
            check_evidence(changed(data, **fields), key)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 8])
def test_an_invented_root_shows_nothing(tmp_path: Path, size: int) -> None:
    """Also where the proof leaves the old root out, it must lead on to the head that was signed."""
    log = make_ledger(tmp_path / "ledger", size - 1)
    kept = log.extent.note
    grow(log, 4)
    path = prove_consistency(log, size, log.signed_size)
    invented = hashlib.sha256(b"invented").digest()
    for root, proof in ((invented, path), (log.root_at(size), path), (invented, [*path, invented])):
        with pytest.raises(NoEvidence):
            make_evidence(log.verifier, kept, log.extent.note, root=root, path=proof)


@examples(90, 300)
@given(offset=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_flipped_bit_shows_nothing(offset: int, bit: int) -> None:
    """One bit of evidence changed, and it is none; never another failure."""
    data = bytearray(make_evidence(KEY.verifier(), KEPT, SHOWN))
    data[offset % (len(data) - 1)] ^= 1 << bit
    with pytest.raises(NoEvidence):
        check_evidence(bytes(data))


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: json.dumps(text).encode()))
def test_garbage_shows_nothing(data: bytes) -> None:
    """Bytes that are no evidence raise NoEvidence and nothing else."""
    with pytest.raises(NoEvidence):
        check_evidence(data)


@pytest.mark.parametrize(
    "data",
    [b"[" * 100_000, b'{"what":"x","what":"x"}', b"null", b"{}", b'{"proof":{}}'],
    ids=["deep", "twice", "null", "empty", "type"],
)
def test_other_json_shows_nothing(data: bytes) -> None:
    """JSON of other shapes is refused as it is read."""
    with pytest.raises(NoEvidence):
        check_evidence(data)


def test_two_heads_that_agree_make_no_evidence() -> None:
    """The same head twice, and heads of different keys, are not handed out."""
    for shown in (KEPT, sign_checkpoint(Checkpoint(ORIGIN, 3, bytes([1] * 32)),
                                        SignerKey.generate(ORIGIN)), b"\xff", b""):  # fmt: skip
        with pytest.raises(NoEvidence):
            make_evidence(KEY.verifier(), KEPT, shown)


def test_a_damaged_log_is_damage_and_no_evidence(tmp_path: Path) -> None:
    """Lines that were altered are told as damage, not as another history."""
    ours, theirs = fork(tmp_path, common=2, ours=4, theirs=9)
    line = theirs.line(3)
    segment = theirs.segments()[0].path
    segment.write_bytes(segment.read_bytes().replace(line, line.replace(b"Somebody", b"Anybody!")))
    (theirs.folder / "tree" / "0").unlink()
    with pytest.raises(ClaimsError, match="signed root hash"):
        evidence_from_log(Log.open(theirs.folder), ours.extent.note)


def test_the_key_of_these_tests_is_read(tmp_path: Path) -> None:
    """The forks here are made with the ledger's real key."""
    ours, _ = fork(tmp_path, common=2, ours=1, theirs=1)
    assert own_key().verifier() == ours.verifier
