"""Keys of both types and the signatures of several under a note: signed-note, tlog-cosignature."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.checkpoint import Checkpoint
from ledger.cosign import cosignatures, merge, parse_witness_key, signing_keys
from ledger.note import (
    COSIGNATURE,
    ED25519,
    MAX_SIGNATURES,
    BadNote,
    Note,
    Signature,
    SignerKey,
    VerifierKey,
    seconds_of,
)

# From the tests of other implementations: a witness's key, and a cosignature with its time.
FOREIGN_WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
FOREIGN_SIGNATURE = (
    "ZGhGuQAAAABm/qTPeyKXD+R2rzyQsxPiP8mXum7qq/iF0u4vanlqJyocWODBt97w9uL+8qT7S5gxEHWWOworDcFiEBYJXORm"
    "nFBOBA=="
)
LOG = SignerKey("example.org/claims", bytes(range(32)))
BEN = SignerKey("example.org/ben", bytes(range(1, 33)), COSIGNATURE)
EVE = SignerKey("example.org/eve", bytes(range(2, 34)), COSIGNATURE)
TEXT = Checkpoint("example.org/claims", 42, bytes(range(32))).format()
NOTE = Note(TEXT, (LOG.sign(TEXT),))
TIME = 1_679_315_147


def test_a_foreign_witness_key_is_read() -> None:
    """A key that another implementation made is read, with its hash, and written back the same."""
    key = parse_witness_key(FOREIGN_WITNESS)
    assert key.format() == FOREIGN_WITNESS
    assert key.key_hash.hex() == "da77ade7"


def test_a_foreign_cosignature_tells_its_time() -> None:
    """The time stands where other implementations have it."""
    raw = base64.b64decode(FOREIGN_SIGNATURE)
    assert seconds_of(Signature("any", raw[:4], raw[4:])) == 1_727_964_367


def test_a_cosignature_has_the_layout_of_the_specification() -> None:
    """Time and signature as C2SP has them, checked with the library alone."""
    one = BEN.cosign(TEXT, TIME)
    assert len(one.signature) == 72
    assert one.signature[:8] == TIME.to_bytes(8, "big")
    message = f"cosignature/v1\ntime {TIME}\n{TEXT}".encode()
    Ed25519PublicKey.from_public_bytes(BEN.verifier().public).verify(one.signature[8:], message)


@pytest.mark.parametrize("key", [LOG, BEN], ids=["log", "witness"])
def test_keys_of_both_types_round_trip(key: SignerKey) -> None:
    """Both halves are read back from their texts, and only as what they are."""
    other = COSIGNATURE if key.algorithm == ED25519 else ED25519
    assert SignerKey.parse(key.format(), key.algorithm) == key
    assert VerifierKey.parse(key.verifier().format(), key.algorithm) == key.verifier()
    with pytest.raises(BadNote, match="belongs"):
        SignerKey.parse(key.format(), other)
    with pytest.raises(BadNote, match="belongs"):
        VerifierKey.parse(key.verifier().format(), other)


def test_a_key_of_both_types_has_two_hashes() -> None:
    """The type is part of the hash, so the same bytes never answer for the other type."""
    twin = VerifierKey(BEN.name, BEN.verifier().public)
    assert twin.key_hash != BEN.verifier().key_hash
    assert not twin.made(BEN.cosign(TEXT, TIME))


def test_a_key_of_another_type_is_refused() -> None:
    """Types that are not known here are no keys, whatever they may be elsewhere."""
    key = VerifierKey("example.org/x", bytes(32), b"\x06")
    for algorithm in (ED25519, COSIGNATURE):
        with pytest.raises(BadNote):
            VerifierKey.parse(key.format(), algorithm)


@settings(deadline=None)
@given(st.integers(0, 71), st.integers(0, 7))
def test_any_flipped_bit_of_a_cosignature_is_found(offset: int, bit: int) -> None:
    """Its time is signed as well as its text."""
    one = bytearray(BEN.cosign(TEXT, TIME).signature)
    one[offset] ^= 1 << bit
    assert not BEN.verifier().verifies(TEXT, bytes(one))


@settings(deadline=None)
@given(st.binary(max_size=80))
def test_garbage_is_no_cosignature(data: bytes) -> None:
    """Bytes of any length are judged and never a fault."""
    assert not BEN.verifier().verifies(TEXT, data)


def test_a_time_beyond_the_limit_is_refused() -> None:
    """The specification ends time at 2**63 - 1."""
    assert BEN.verifier().verifies(TEXT, BEN.cosign(TEXT, 2**63 - 1).signature)
    assert not BEN.verifier().verifies(TEXT, BEN.cosign(TEXT, 2**63).signature)


def test_signatures_of_witnesses_are_counted_once_each_key() -> None:
    """Valid ones count, wrong ones do not, and a key under two names is one key."""
    twin = SignerKey("example.org/ben-again", BEN.seed, COSIGNATURE)
    forged = Signature(EVE.name, EVE.verifier().key_hash, bytes(72))
    note = merge(NOTE, [BEN.cosign(TEXT, TIME), twin.cosign(TEXT, TIME), forged])
    keys = [one.verifier() for one in (BEN, twin, EVE)]
    assert [(one.key.name, one.seconds) for one in cosignatures(note, keys)] == [(BEN.name, TIME)]
    assert cosignatures(NOTE, keys) == []


def test_a_forged_signature_does_not_hide_the_right_one() -> None:
    """Anybody can put a wrong line under a note; the witness's own still counts."""
    forged = Signature(BEN.name, BEN.verifier().key_hash, bytes(72))
    note = merge(NOTE, [forged, BEN.cosign(TEXT, TIME)])
    assert [one.seconds for one in cosignatures(note, [BEN.verifier()])] == [TIME]
    assert len(merge(note, [], [BEN.verifier()]).signatures) == 2


def test_of_a_known_key_the_newest_stays() -> None:
    """A witness that signs again does not fill a note; of unknown ones every line stays, once."""
    note = merge(NOTE, [BEN.cosign(TEXT, TIME), EVE.cosign(TEXT, TIME)])
    again = merge(note, [BEN.cosign(TEXT, TIME + 1), EVE.cosign(TEXT, TIME)], [BEN.verifier()])
    assert [(one.name, seconds_of(one)) for one in again.signatures[1:]] == [
        (EVE.name, TIME),
        (BEN.name, TIME + 1),
    ]
    unknown = merge(note, [BEN.cosign(TEXT, TIME + 1)])
    assert len(unknown.signatures) == 4


def test_a_note_has_at_most_a_hundred_signatures() -> None:
    """More are refused, not cut."""
    many = [BEN.cosign(TEXT, TIME + number) for number in range(MAX_SIGNATURES)]
    assert len(merge(NOTE, many[1:]).signatures) == MAX_SIGNATURES
    with pytest.raises(BadNote, match="more than 100"):
        merge(NOTE, many)


def test_the_keys_that_signed_are_found_or_the_note_refused() -> None:
    """One trusted signature is enough, none is not, and a wrong one spoils the note."""
    next_key = SignerKey(LOG.name, bytes(range(3, 35)))
    keys = [LOG.verifier(), next_key.verifier()]
    assert signing_keys(NOTE, keys) == keys[:1]
    assert signing_keys(merge(NOTE, [next_key.sign(TEXT)]), keys) == keys
    with pytest.raises(BadNote, match="no key"):
        signing_keys(NOTE, keys[1:])
    with pytest.raises(BadNote, match="is wrong"):
        signing_keys(merge(NOTE, [Signature(LOG.name, keys[1].key_hash, bytes(64))]), keys)
