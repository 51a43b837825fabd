"""Checking proofs and heads that somebody hands on, with no ledger at hand.

Rules kept here:
- a head counts only when it is signed with a key that the caller trusts;
- what a proof says of its event is told only once the event leads to that head;
- a file that cannot be read is a finding, as one that proves nothing: no bytes make it throw.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from events.codec import NotAnEvent
from ledger.chain import KeyChain
from ledger.checkpoint import Checkpoint, parse_checkpoint
from ledger.cosign import signing_keys
from ledger.errors import UsageFault
from ledger.findings import Finding
from ledger.leaves import MARK
from ledger.lines import check_line
from ledger.merkle import HASH_BYTES, leaf_hash
from ledger.note import BadNote, Note, VerifierKey
from ledger.proof_files import ConsistencyProof, InclusionProof, parse_proof
from ledger.proofs import BadProof, check_inclusion, roots_from_consistency

PROOF, HEAD, KEPT = "the proof", "the head in the proof", "the head that was kept"


@dataclass(frozen=True, kw_only=True)
class ProvenEvent:
    """An event that a proof shows to be in a log: what its line says of itself."""

    position: int
    type: str
    subject: str
    time: str
    actor: str
    agent: str
    line: str


@dataclass(frozen=True, kw_only=True)
class ProofVerdict:
    """What came of checking a proof; it holds when there are no findings.

    `size` and `root` are those of its head. `position` is what an inclusion proof is about, `event`
    what stands there; `old_size` is that of a consistency proof. `cosigners` are the names of those
    whose signature was checked with a key that was given, `others` of those whose key was not.
    """

    kind: str = ""  # inclusion or consistency; empty where the file is neither
    origin: str = ""
    size: int = 0
    root: bytes = b""
    position: int | None = None
    old_size: int | None = None
    event: ProvenEvent | None = None
    cosigners: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the proof shows what it says."""
        return not self.findings


class _Fault(Exception):
    """Why a proof shows nothing, and where that was met."""

    def __init__(self, file: str, what: str) -> None:
        super().__init__(what)
        self.file = file


# ── proofs ───────────────────────────────────────────────────────────────────────────────────


def check_proof_file(
    data: bytes,
    keys: VerifierKey | Sequence[VerifierKey],
    kept: bytes | None = None,
    *,
    cosigners: Sequence[VerifierKey] = (),
    leaf: bytes | None = None,
) -> ProofVerdict:
    """Check a proof of either kind with the keys of the log, one of which signed its head.

    A consistency proof needs the older head that somebody `kept`. An inclusion proof that hands no
    event on needs the `leaf` hash of its line. Raises UsageFault where that was not given.
    """
    trusted = [keys] if isinstance(keys, VerifierKey) else list(keys)
    verdict = ProofVerdict()
    try:
        proof = _parsed(data)
        verdict = _said_by(proof)
        note, head = _opened(proof.checkpoint, trusted, HEAD)
        verdict = _with_head(verdict, head, note, trusted, cosigners)
        if isinstance(proof, ConsistencyProof):
            _check_consistency(proof, head, kept, trusted)
            return verdict
        return replace(verdict, event=_proven_event(proof, head, leaf))
    except _Fault as fault:
        finding = Finding(what=str(fault), file=fault.file, position=verdict.position)
        return replace(verdict, findings=(finding,))


def _parsed(data: bytes) -> InclusionProof | ConsistencyProof:
    try:
        return parse_proof(data)
    except BadProof as error:
        raise _Fault(PROOF, str(error)) from error


def _said_by(proof: InclusionProof | ConsistencyProof) -> ProofVerdict:
    if isinstance(proof, InclusionProof):
        return ProofVerdict(kind="inclusion", position=proof.index)
    return ProofVerdict(kind="consistency", old_size=proof.old_size)


def _opened(data: bytes, keys: Sequence[VerifierKey], file: str) -> tuple[Note, Checkpoint]:
    """Read a head that one of the keys must have signed."""
    try:
        note, head = parse_checkpoint(data)
        own = [key for key in keys if key.name == head.origin]
        if not own:
            named = " or ".join(dict.fromkeys(key.name for key in keys))
            raise BadNote(f"its origin is {head.origin}, not {named}")  # noqa: TRY301  told alike
        signing_keys(note, own)
    except BadNote as error:
        raise _Fault(file, str(error)) from error
    return note, head


def _with_head(
    verdict: ProofVerdict,
    head: Checkpoint,
    note: Note,
    keys: Sequence[VerifierKey],
    cosigners: Sequence[VerifierKey],
) -> ProofVerdict:
    """Say which head it is and who signed it; a wrong signature of a known key is a fault."""
    made = [key for key in cosigners if any(key.made(one) for one in note.signatures)]
    for key in made:
        if not all(
            key.verifies(note.text, one.signature) for one in note.signatures if key.made(one)
        ):
            raise _Fault(HEAD, f"the signature of {key.name} is wrong")
    others = [
        one.name for one in note.signatures if not any(key.made(one) for key in (*keys, *cosigners))
    ]
    return replace(
        verdict, origin=head.origin, size=head.size, root=head.root,
        cosigners=tuple(dict.fromkeys(key.name for key in made)), others=tuple(others),
    )  # fmt: skip


def _proven_event(
    proof: InclusionProof, head: Checkpoint, leaf: bytes | None
) -> ProvenEvent | None:
    """The event that leads to the head; None where only its leaf hash is known."""
    entry = proof.entry
    if entry is None and leaf is None:
        raise UsageFault(
            f"The proof of position {proof.index} hands no event on, as for one that was erased.",
            way_out="Give the leaf hash of its line, which stands in the ledger's tombstone.",
        )
    if entry is not None and leaf not in (None, leaf_hash(entry)):
        raise _Fault(PROOF, "its event has not the leaf hash that was given")
    shown = leaf_hash(entry) if entry is not None else leaf or bytes(HASH_BYTES)
    try:
        check_inclusion(shown, proof.index, head.size, proof.path, head.root)
    except BadProof as error:
        raise _Fault(PROOF, str(error)) from error
    return None if entry is None else _read_event(entry, proof.index, head.origin)


def _read_event(line: bytes, position: int, origin: str) -> ProvenEvent:
    """What a line says; it must be an event of the head's log, and say its own position."""
    try:
        stamp = check_line(line, origin)
    except NotAnEvent as error:
        raise _Fault(PROOF, f"what it hands on is no event of {origin}: {error}") from error
    if stamp.position != position:
        raise _Fault(PROOF, f"its event says that it stands at position {stamp.position}")
    if MARK in line:
        raise _Fault(PROOF, "what it hands on is the mark of an erased event, not an event")
    said = msgspec.json.decode(line)
    return ProvenEvent(
        position=position, type=stamp.type, subject=said["subject"], time=stamp.time,
        actor=said["actor"], agent=said["agent"], line=line.decode(),
    )  # fmt: skip


def _check_consistency(
    proof: ConsistencyProof, head: Checkpoint, kept: bytes | None, keys: Sequence[VerifierKey]
) -> None:
    if kept is None:
        raise UsageFault(
            f"A consistency proof from {proof.old_size:,} events says nothing by itself.",
            way_out="Give the older head that you kept: --checkpoint FILE.",
        )
    _, old = _opened(kept, keys, KEPT)
    if old.origin != head.origin:
        raise _Fault(KEPT, f"its origin is {old.origin}, not {head.origin}")
    if old.size != proof.old_size:
        raise _Fault(KEPT, f"it has {old.size} events; the proof begins at {proof.old_size}")
    try:
        roots = roots_from_consistency(old.size, head.size, proof.path, old.root)
    except BadProof as error:
        raise _Fault(PROOF, str(error)) from error
    if roots != (old.root, head.root):
        raise _Fault(
            PROOF, f"it does not show that the log still begins with the {old.size} events kept"
        )


# ── a head that somebody kept, against a ledger ──────────────────────────────────────────────


def check_kept_head(
    data: bytes, chain: KeyChain, signed_size: int, root_at: Callable[[int], bytes | None]
) -> Finding | None:
    """Hold a ledger against a head that somebody kept; None when the ledger goes on from it.

    `signed_size` is that of the ledger's own head; `root_at` gives the root that its lines have at
    a size up to that, None where they do not reach.
    """
    try:
        kept = chain.open(data)
    except BadNote as error:
        return Finding(what=f"it is no head of this ledger: {error}", file=KEPT)
    if kept.size > signed_size:
        return Finding(
            what="the log was cut back, or is another one", file=KEPT, position=signed_size,
            expected=f"{kept.size} events at least", found=f"{signed_size}",
        )  # fmt: skip
    found = root_at(kept.size)
    if found != kept.root:
        return Finding(
            what=f"the log was rewritten below size {kept.size}", file=KEPT,
            expected=f"the root {kept.root.hex()} at that size",
            found=found.hex() if found else "no such size",
        )  # fmt: skip
    return None
