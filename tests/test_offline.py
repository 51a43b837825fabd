"""Proof files checked with no ledger at hand: what they show, and that nothing else passes."""

from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from log_tools import ORIGIN, append, make_ledger

from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.errors import UsageFault
from ledger.keys import KeyFiles
from ledger.leaves import hash_of_line
from ledger.log import Log
from ledger.merkle import leaf_hash, leaf_hashes, root_of
from ledger.note import COSIGNATURE, Note, SignerKey, VerifierKey
from ledger.offline import ProofVerdict, check_kept_head, check_proof_file
from ledger.proof_files import ConsistencyProof, InclusionProof, parse_proof
from ledger.proofs import BadProof, inclusion_path, root_at
from ledger.prove import consistency_proof, current_head, inclusion_proof

POSITION = 2


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """A log of 6 events."""
    return make_ledger(tmp_path / "ledger", 2, 3)


@pytest.fixture
def key(log: Log) -> VerifierKey:
    """The key as somebody has it from elsewhere."""
    return VerifierKey.parse(log.verifier_key)


def proof_of(log: Log, position: int = POSITION) -> bytes:
    """An inclusion proof as a file."""
    return inclusion_proof(log, position, current_head(log)).format()


def since(log: Log, kept: bytes) -> bytes:
    """A consistency proof from a kept head as a file."""
    old = Checkpoint.parse(Note.parse(kept).text).size
    return consistency_proof(log, old, current_head(log)).format()


def grown(log: Log, count: int = 7) -> tuple[bytes, Log]:
    """The head of a log, and the log with more events."""
    kept = log.extent.note
    append(log.folder, count)
    return kept, Log.open(log.folder)


def why(verdict: ProofVerdict) -> str:
    """The one reason why a proof shows nothing."""
    assert not verdict.holds
    assert verdict.event is None
    return str(*verdict.findings)


def bits(data: bytes) -> Iterator[bytes]:
    """The bytes with each of their bits changed in turn."""
    for at in range(8 * len(data)):
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        yield bytes(changed)


# ── what holds ───────────────────────────────────────────────────────────────────────────────


def test_an_inclusion_proof_shows_its_event(log: Log, key: VerifierKey) -> None:
    """The event is told as its line says, with the head that it leads to."""
    verdict = check_proof_file(proof_of(log), key)
    assert verdict.holds
    assert (verdict.kind, verdict.origin, verdict.position) == ("inclusion", ORIGIN, POSITION)
    assert (verdict.size, verdict.root) == (6, log.checkpoint.root)
    event = verdict.event
    assert event is not None
    assert (event.position, event.type) == (POSITION, "claims.speaker.registered.v1")
    assert (event.subject, event.actor, event.agent) == ("speaker/speaker-2", "ana", "person")
    assert event.time == log.stamp(POSITION).time
    assert event.line.encode() == log.line(POSITION)


@pytest.mark.parametrize("position", range(6))
def test_every_event_is_proven(log: Log, key: VerifierKey, position: int) -> None:
    """Each position has its proof, and none stands in for another."""
    verdict = check_proof_file(proof_of(log, position), key)
    assert verdict.holds
    assert verdict.event is not None
    assert verdict.event.position == position


def test_the_log_of_one_event_proves_it(tmp_path: Path) -> None:
    """A tree of one leaf has a proof without hashes."""
    log = make_ledger(tmp_path / "ledger")
    data = proof_of(log, 0)
    assert parse_proof(data) == inclusion_proof(log, 0, current_head(log))
    assert check_proof_file(data, VerifierKey.parse(log.verifier_key)).holds


def test_a_consistency_proof_shows_that_a_log_went_on(log: Log, key: VerifierKey) -> None:
    """It holds for the head that was kept, also where nothing came since."""
    same = check_proof_file(since(log, log.extent.note), key, log.extent.note)
    assert (same.holds, same.size, same.old_size) == (True, 6, 6)
    kept, later = grown(log)
    verdict = check_proof_file(since(later, kept), key, kept)
    assert (verdict.holds, verdict.kind) == (True, "consistency")
    assert (verdict.old_size, verdict.size, verdict.root) == (6, 13, later.checkpoint.root)


def test_an_erased_event_is_proven_by_its_leaf_hash(log: Log, key: VerifierKey) -> None:
    """A proof that hands no event on says nothing by itself, and holds for the leaf hash."""
    whole = InclusionProof.parse(proof_of(log))
    data = InclusionProof(index=whole.index, path=whole.path, checkpoint=whole.checkpoint).format()
    with pytest.raises(UsageFault, match="hands no event on"):
        check_proof_file(data, key)
    verdict = check_proof_file(data, key, leaf=hash_of_line(log.line(POSITION)))
    assert (verdict.holds, verdict.event, verdict.position) == (True, None, POSITION)
    assert "root hash" in why(check_proof_file(data, key, leaf=bytes(32)))


# ── who signed ───────────────────────────────────────────────────────────────────────────────


def cosigned(log: Log, *witnesses: SignerKey) -> bytes:
    """A proof under a head that others signed too."""
    proof = InclusionProof.parse(proof_of(log))
    note = Note.parse(proof.checkpoint)
    more = tuple(one.cosign(note.text, 1_700_000_000) for one in witnesses)
    head = Note(note.text, (*note.signatures, *more)).format()
    return InclusionProof(
        index=proof.index, path=proof.path, checkpoint=head, entry=proof.entry
    ).format()


def test_cosigners_are_told_from_unknown_names(log: Log, key: VerifierKey) -> None:
    """A cosigner counts when its key was given; others are named as what they are."""
    ben, eva = (SignerKey.generate(name, COSIGNATURE) for name in ("ben.example", "eva.example"))
    data = cosigned(log, ben, eva)
    verdict = check_proof_file(data, key, cosigners=[ben.verifier()])
    assert (verdict.cosigners, verdict.others) == (("ben.example",), ("eva.example",))
    assert check_proof_file(data, key).others == ("ben.example", "eva.example")


def test_a_wrong_signature_of_a_known_cosigner_is_a_finding(log: Log, key: VerifierKey) -> None:
    """What a known key is said to have signed, and did not, spoils the head."""
    ben = SignerKey.generate("ben.example", COSIGNATURE)
    wrong = Note.parse(InclusionProof.parse(cosigned(log, ben)).checkpoint).signatures[-1]
    proof = InclusionProof.parse(proof_of(log))
    note = Note.parse(proof.checkpoint)
    spoilt = type(wrong)(wrong.name, wrong.key_hash, bytes(len(wrong.signature)))
    data = InclusionProof(
        index=proof.index, path=proof.path, entry=proof.entry,
        checkpoint=Note(note.text, (*note.signatures, spoilt)).format(),
    ).format()  # fmt: skip
    found = check_proof_file(data, key, cosigners=[ben.verifier()])
    assert "signature of ben.example is wrong" in why(found)
    assert check_proof_file(data, key).others == ("ben.example",)


def test_the_key_must_be_one_that_is_trusted(log: Log, key: VerifierKey) -> None:
    """Another key, of the same name or of another, shows nothing; one of several is enough."""
    same, other = (SignerKey.generate(name).verifier() for name in (ORIGIN, "example.org/other"))
    assert "trusted" in why(check_proof_file(proof_of(log), same))
    assert "its origin is" in why(check_proof_file(proof_of(log), other))
    assert check_proof_file(proof_of(log), [same, other, key]).holds


# ── what does not hold ───────────────────────────────────────────────────────────────────────


def test_no_bit_of_an_inclusion_proof_can_be_changed(log: Log, key: VerifierKey) -> None:
    """Every bit of the file is tried: line, index, hashes, size, root and signature."""
    for changed in bits(proof_of(log)):
        assert why(check_proof_file(changed, key))


def test_no_bit_of_a_consistency_proof_can_be_changed(log: Log, key: VerifierKey) -> None:
    """Every bit of the proof is tried, and every bit of the head that was kept."""
    kept, later = grown(log)
    data = since(later, kept)
    for changed in bits(data):
        assert why(check_proof_file(changed, key, kept))
    for changed in bits(kept):
        assert why(check_proof_file(data, key, changed))


WORDS = st.text(alphabet="old 0123456789\nA=\u2014", max_size=80).map(str.encode)


@given(st.binary(max_size=400) | WORDS)
def test_garbage_is_a_finding(data: bytes) -> None:
    """No bytes make the check throw."""
    assert why(check_proof_file(data, SignerKey(ORIGIN, bytes(32)).verifier(), data))


def test_a_proof_cut_short_is_a_finding(log: Log, key: VerifierKey) -> None:
    """A file that ends early shows nothing, wherever it was cut."""
    data = proof_of(log)
    for end in range(len(data)):
        assert why(check_proof_file(data[:end], key))


def test_proofs_are_written_in_one_form(log: Log) -> None:
    """Other line ends, spaces, zeros before a number or lines more are refused."""
    data = proof_of(log)
    for old, new in (
        (b"index 2", b"index 02"), (b"index 2", b"index +2"), (b"index 2", b"index 2 "),
        (b"\n", b"\r\n"), (b"extra", b"Extra"),
        (b"@v1\n", b"@v1\n\n"), (b"@v1", b"@v2"), (b"index 2", b"index " + b"9" * 5000),
    ):  # fmt: skip
        with pytest.raises(BadProof):
            parse_proof(data.replace(old, new, 1))
    split = data.replace(b"index 2\n", b"index 2\n\n")
    assert not check_proof_file(split, VerifierKey.parse(log.verifier_key)).holds
    hashes = b"".join(b64encode(bytes(32)) + b"\n" for _ in range(64))
    with pytest.raises(BadProof, match="more than 63"):
        parse_proof(data.replace(b"index 2\n", b"index 2\n" + hashes))


def test_a_consistency_proof_needs_the_head_that_was_kept(log: Log, key: VerifierKey) -> None:
    """Without one it says nothing; with one of another size, log or key neither."""
    kept, later = grown(log)
    data = since(later, kept)
    with pytest.raises(UsageFault, match="older head"):
        check_proof_file(data, key)
    assert "begins at 6" in why(check_proof_file(data, key, later.extent.note))
    foreign = sign_checkpoint(Checkpoint("example.org/x", 6, bytes(32)), signer("example.org/x"))
    assert "its origin is" in why(check_proof_file(data, key, foreign))
    unsigned = sign_checkpoint(log.checkpoint, signer(ORIGIN))
    assert "trusted" in why(check_proof_file(data, key, unsigned))


def secret_key() -> SignerKey:
    """The key that the ledger of a test signs with."""
    return SignerKey.parse(KeyFiles.of(ORIGIN).key.read_text("ascii").strip())


def signer(name: str) -> SignerKey:
    """A key of our own under any name."""
    return SignerKey(name, bytes(31) + b"\1")


def test_a_rewritten_log_does_not_go_on_from_the_kept_head(log: Log, key: VerifierKey) -> None:
    """A proof of another history leads elsewhere, though the same key signed it."""
    other = sign_checkpoint(Checkpoint(ORIGIN, 6, leaf_hash(b"rewritten")), secret_key())
    _, later = grown(log)
    data = consistency_proof(later, 6, current_head(later)).format()
    assert "does not show" in why(check_proof_file(data, key, other))


# ── events that are not the ledger's ─────────────────────────────────────────────────────────


def forged(lines: list[bytes], index: int) -> bytes:
    """A proof, well signed, of a line in a log that somebody made up."""
    leaves = leaf_hashes(lines)
    key = signer(ORIGIN)
    subtree = partial(complete_root, leaves)
    head = Checkpoint(ORIGIN, len(lines), root_at(subtree, len(lines)))
    path = tuple(inclusion_path(subtree, index, len(lines)))
    note = sign_checkpoint(head, key)
    return InclusionProof(index=index, path=path, checkpoint=note, entry=lines[index]).format()


def complete_root(leaves: list[bytes], level: int, index: int) -> bytes:
    """The root of a complete subtree."""
    return root_of(leaves[index << level : (index + 1) << level])


def test_a_line_must_say_where_it_stands(log: Log) -> None:
    """A signed line with another position, origin or form than its place is a finding."""
    key, lines = signer(ORIGIN).verifier(), list(log.lines())
    assert check_proof_file(forged(lines, 3), key).holds
    swapped = [*lines[:2], lines[3], lines[2], *lines[4:]]
    assert "at position 3" in why(check_proof_file(forged(swapped, 2), key))
    elsewhere = [one.replace(ORIGIN.encode(), b"example.org/elsewhere", 1) for one in lines]
    assert "its source is" in why(check_proof_file(forged(elsewhere, 3), key))
    for wrong in (b"{}", b"", b"\xff", lines[3][:-1], lines[3] + b" "):
        made_up = [*lines[:3], wrong, *lines[4:]]
        assert "no event of" in why(check_proof_file(forged(made_up, 3), key))


def test_the_mark_of_an_erased_event_is_no_event(log: Log) -> None:
    """A tombstone handed on as the event, though its bytes be the leaf, is a finding."""
    lines = list(log.lines())
    stamp, tail = log.stamp(3), b'"data":{"redacted_by":5,"leaf_hash":"%s"}}'
    tombstone = lines[3][: stamp.end] + tail % leaf_hash(lines[3]).hex().encode()
    proof = forged([*lines[:3], tombstone, *lines[4:]], 3)
    assert "erased" in why(check_proof_file(proof, signer(ORIGIN).verifier()))


def test_a_tombstone_cannot_lend_the_leaf_hash_that_it_keeps(log: Log, key: VerifierKey) -> None:
    """What is handed on is hashed as it is; a kept hash inside of it counts for nothing."""
    proof, stamp, line = parse_proof(proof_of(log)), log.stamp(POSITION), log.line(POSITION)
    assert isinstance(proof, InclusionProof)
    tail = b'"data":{"redacted_by":5,"leaf_hash":"%s"}}' % leaf_hash(line).hex().encode()
    data = InclusionProof(
        index=proof.index, path=proof.path, checkpoint=proof.checkpoint,
        entry=line[: stamp.end] + tail,
    ).format()  # fmt: skip
    assert "root hash" in why(check_proof_file(data, key))


# ── a ledger held against a kept head ────────────────────────────────────────────────────────


def test_a_ledger_goes_on_from_a_head_that_was_kept(log: Log) -> None:
    """A head of this log passes, now and after it grew."""
    kept, later = grown(log)
    for each in (log, later):
        assert check_kept_head(kept, each.chain, each.signed_size, each.root_at) is None


def test_a_log_cut_back_is_found_by_a_kept_head(log: Log) -> None:
    """A later head shows that events are gone."""
    _, later = grown(log)
    found = check_kept_head(later.extent.note, log.chain, log.signed_size, log.root_at)
    assert found is not None
    assert (found.position, found.expected, found.found) == (6, "13 events at least", "6")
    assert "cut back" in found.what


def test_a_rewritten_log_is_found_by_a_kept_head(log: Log) -> None:
    """A head of the same key with another root shows that events were changed."""
    kept = sign_checkpoint(Checkpoint(ORIGIN, 4, leaf_hash(b"another")), secret_key())
    found = check_kept_head(kept, log.chain, log.signed_size, log.root_at)
    assert found is not None
    assert "rewritten below size 4" in found.what
    assert found.found == log.root_at(4).hex()


def test_a_head_of_another_key_is_no_head_of_the_ledger(log: Log) -> None:
    """Whoever signs with another key proves nothing against the ledger."""
    for data in (sign_checkpoint(log.checkpoint, signer(ORIGIN)), b"", b"\n\n"):
        found = check_kept_head(data, log.chain, log.signed_size, log.root_at)
        assert found is not None
        assert "no head of this ledger" in found.what


# ── files ────────────────────────────────────────────────────────────────────────────────────

HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple)
HEADS = st.builds(
    lambda size, root: sign_checkpoint(Checkpoint(ORIGIN, size, root), signer(ORIGIN)),
    st.integers(1, 2**60), st.binary(min_size=32, max_size=32),
)  # fmt: skip
SIZES = st.integers(0, 10**19 - 1)


@given(SIZES, HASHES, HEADS, st.none() | st.binary(max_size=200))
def test_inclusion_proofs_come_back(
    index: int, path: tuple[bytes, ...], head: bytes, entry: bytes | None
) -> None:
    """What is written is read as the same proof."""
    proof = InclusionProof(index=index, path=path, checkpoint=head, entry=entry)
    assert parse_proof(proof.format()) == proof


@given(SIZES, HASHES, HEADS)
def test_consistency_proofs_come_back(old: int, path: tuple[bytes, ...], head: bytes) -> None:
    """What is written is read as the same proof."""
    proof = ConsistencyProof(old_size=old, path=path, checkpoint=head)
    assert parse_proof(proof.format()) == proof
