"""A witness: a second person who cosigns a log's head only when it extends what they saw before.

Rules kept here:
- a head must be signed by a key of its log that the witness trusts;
- the first head of a log is taken as it is; each later one must come with a proof that the log
  still begins with what was cosigned before, or be of the same size and the same root;
- what was cosigned is remembered durably before the cosignature is handed out, under a lock, so
  that a witness never goes back and never signs two histories (C2SP tlog-witness);
- two heads that contradict each other are told with the evidence, and nothing is cosigned.
"""

from dataclasses import dataclass

from ledger.checkpoint import Checkpoint, parse_checkpoint
from ledger.cosign import merge, signing_keys
from ledger.errors import Conflict, Refused
from ledger.evidence import make_evidence
from ledger.leaves import hash_of_line
from ledger.locks import hold
from ledger.merkle import node_hash
from ledger.note import BadNote, Note, SignerKey, VerifierKey
from ledger.proof_files import ConsistencyProof, InclusionProof, parse_proof
from ledger.proofs import BadProof, roots_from_consistency
from ledger.witness_memory import WAIT_SECONDS, WitnessMemory


@dataclass(frozen=True)
class Shown:
    """A head that somebody shows to the witness, with the trusted keys of its log that signed it.

    `signed` is its note with their signatures alone.
    """

    note: Note
    signed: Note
    head: Checkpoint
    keys: list[VerifierKey]


@dataclass(frozen=True)
class Witnessed:
    """A head with the witness's signature under it; `before` is the head that it extends."""

    note: Note
    head: Checkpoint
    before: Checkpoint | None


@dataclass(frozen=True)
class Contradiction:
    """A head that cannot be of the log that the witness remembers, and evidence of it.

    Where no key of the log signed both heads there is no evidence in one file: `why_not` says so,
    and the heads themselves are to be kept.
    """

    remembered: Checkpoint
    shown: Checkpoint
    evidence: bytes | None
    why_not: str = ""


def cosign(
    memory: WitnessMemory,
    data: bytes,
    proof: bytes | None,
    *,
    seconds: int,
    wait_seconds: float = WAIT_SECONDS,
) -> Witnessed | Contradiction:
    """Look at a head, and remember and cosign it where it extends what was seen before.

    `proof` is a proof file, `seconds` the time to sign (POSIX). Raises Refused, Conflict for a head
    that is older than the remembered one, Busy, Damaged.
    """
    signer = memory.read_key()
    with hold([memory.lock], wait_seconds):
        shown = open_shown(memory, data)
        origin = shown.head.origin
        before = memory.remembered(origin)
        if before is not None:
            other = compare(before[1], shown.head, _proof_of(proof, shown.head))
            if other is not None:
                return _contradiction(shown, before, other)
        cosigned = _signed(shown.note, signer, seconds)
        if before is None or before[1] != shown.head:
            memory.remember(origin, shown.signed.format())
    return Witnessed(cosigned, shown.head, before[1] if before else None)


def open_shown(memory: WitnessMemory, data: bytes) -> Shown:
    """Read a head and check that a trusted key of its log signed it; raises Refused."""
    try:
        note, head = parse_checkpoint(data)
        keys = signing_keys(note, memory.trusted(head.origin))
    except BadNote as error:
        raise Refused(
            f"The head is not cosigned: {error}.",
            way_out="Get the log's verifier key from its keeper, in a way that you trust, and"
            " register it: claims witness trust VKEY",
        ) from error
    theirs = [one for one in note.signatures if any(key.made(one) for key in keys)]
    return Shown(note, merge(Note(note.text, ()), theirs, keys), head, keys)


# ── what was seen before ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class OtherRoot:
    """The shown log has another root at the remembered size; `path` leads from it to the head."""

    root: bytes = b""
    path: tuple[bytes, ...] = ()


def compare(
    before: Checkpoint, shown: Checkpoint, proof: ConsistencyProof | InclusionProof | None
) -> OtherRoot | None:
    """Hold a head against the remembered one: None where it extends it; raises Refused, Conflict.

    An inclusion proof of the event before the remembered size serves where that size is a power of
    two: there a consistency proof leaves the old root out, and could not show that it is another.
    """
    if shown.size < before.size:
        raise Conflict(
            f"The head has {shown.size:,} events, but this witness has cosigned {before.size:,}: it"
            " never goes back.",
            way_out="Ask for a newer head. Where the log was cut back, the remembered head shows"
            " it: `claims witness show --head ORIGIN` prints it.",
        )
    if shown.size == before.size:
        return None if shown.root == before.root else OtherRoot()
    if proof is None:
        raise _unproven(before, "no proof that it extends them was given")
    try:
        if isinstance(proof, InclusionProof):
            return _other_by_inclusion(before, shown, proof)
        return _other_by_consistency(before, shown, proof)
    except BadProof as error:
        raise _unproven(before, f"the proof is wrong: {error}") from error


def _other_by_consistency(
    before: Checkpoint, shown: Checkpoint, proof: ConsistencyProof
) -> OtherRoot | None:
    if proof.old_size != before.size:
        raise _unproven(before, f"the proof begins at {proof.old_size:,} events")
    old, new = roots_from_consistency(before.size, shown.size, proof.path, before.root)
    if new != shown.root:
        if _is_power(before.size):
            raise Refused(
                f"Either the proof is wrong, or the log is not the one of which this witness has"
                f" cosigned {before.size:,} events.",
                way_out="Ask the keeper what tells the two apart, and give it with --proof:"
                f" claims prove {before.size - 1}",
            )
        raise BadProof("it does not lead to the root hash of the head")
    return None if old == before.root else OtherRoot(old, proof.path)


def _other_by_inclusion(
    before: Checkpoint, shown: Checkpoint, proof: InclusionProof
) -> OtherRoot | None:
    """The root at a power of two lies on the way up from the last event before it."""
    if not _is_power(before.size) or proof.index != before.size - 1 or proof.entry is None:
        raise BadProof("it is an inclusion proof, where a consistency proof is needed")
    levels = before.size.bit_length() - 1
    root = hash_of_line(proof.entry)
    for sibling in proof.path[:levels]:
        root = node_hash(sibling, root)
    path = proof.path[levels:]
    if roots_from_consistency(before.size, shown.size, path, root)[1] != shown.root:
        raise BadProof("it does not lead to the root hash of the head")
    return None if root == before.root else OtherRoot(root, path)


def _is_power(size: int) -> bool:
    return size & (size - 1) == 0


def _proof_of(data: bytes | None, head: Checkpoint) -> ConsistencyProof | InclusionProof | None:
    """Read a proof and check that it is one of this head; raises Refused."""
    if data is None:
        return None
    try:
        proof = parse_proof(data)
        proven = parse_checkpoint(proof.checkpoint)[1]
    except (BadProof, BadNote) as error:
        raise _unfit_proof(str(error)) from error
    if proven != head:
        raise _unfit_proof("it is a proof for another head")
    return proof


def _unfit_proof(why: str) -> Refused:
    return Refused(
        f"The proof cannot be used: {why}.",
        field="--proof",
        way_out="Give the file that `claims prove --consistency SIZE` made for this head.",
    )


def _unproven(before: Checkpoint, why: str) -> Refused:
    return Refused(
        f"This witness has cosigned {before.size:,} events, and {why}.",
        field="--proof",
        way_out=f"Ask the log's keeper for: claims prove --consistency {before.size}",
    )


def _contradiction(
    shown: Shown, before: tuple[Note, Checkpoint], other: OtherRoot
) -> Contradiction:
    note, remembered = before
    both = [key for key in shown.keys if any(key.made(one) for one in note.signatures)]
    if not both:
        why = "no key of the log that is trusted signed both heads"
        return Contradiction(remembered, shown.head, None, why)
    evidence = make_evidence(
        both[0], note.format(), shown.signed.format(), root=other.root, path=other.path
    )
    return Contradiction(remembered, shown.head, evidence)


def _signed(note: Note, signer: SignerKey, seconds: int) -> Note:
    try:
        return merge(note, [signer.cosign(note.text, seconds)], [signer.verifier()])
    except BadNote as error:
        raise Refused(f"It cannot be cosigned: {error}.", way_out="Leave some out.") from error
