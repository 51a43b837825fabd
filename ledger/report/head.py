"""The head of the log under a report: what was signed, and how the report's moment leads to it.

Rules kept here:
- a report is of a size of the log; the signed head may be of another, and which is which is said;
- where the head is the larger one, a consistency proof shows that the report's size leads to it;
- what no head covers is called unsigned.
"""

from dataclasses import dataclass

from ledger.leaves import hash_of_line
from ledger.note import Note
from ledger.prove import SignedHead, consistency_proof, current_head, inclusion_proof
from ledger.report.steps import Step, steps_to_root
from ledger.report.stood import Stood

_MOST_PROOFS = 100  # some 2 KB each; `claims prove` writes the others


@dataclass(frozen=True, kw_only=True)
class Head:
    """The head of a log as a report shows it; hashes in hex, `note` as it was signed.

    `root` is the root hash of the report's own size, `consistency` the proof from there to the
    signed head, where that is larger. `signers` are names as they
    stand under the head, not checked.
    """

    origin: str
    title: str | None
    size: int
    root: str
    recorded_until: str
    signed_size: int
    signed_root: str
    note: str
    verifier_key: str
    earlier_keys: tuple[str, ...]
    signers: tuple[str, ...]
    consistency: str | None

    @property
    def unsigned(self) -> int:
        """How many events of the report's size no signed head covers."""
        return max(self.size - self.signed_size, 0)


def head_of(at: Stood) -> Head:
    """The head of the log that a report was taken from; raises Damaged."""
    log, signed = at.log, current_head(at.log)
    head, key = signed.head, log.chain.key_for(signed.head.size).format()
    keys = [each.format() for each in log.chain.keys]
    names = dict.fromkeys(one.name for one in Note.parse(signed.note).signatures)
    return Head(
        origin=log.origin,
        title=log.title,
        size=at.size,
        root=log.root_at(at.size).hex(),
        recorded_until=log.stamp(at.size - 1).time,
        signed_size=head.size,
        signed_root=head.root.hex(),
        note=signed.note.decode(),
        verifier_key=key,
        earlier_keys=tuple(keys[: keys.index(key)]),
        signers=tuple(name for name in names if name != log.origin),
        consistency=_consistency(at, signed),
    )


def _consistency(at: Stood, signed: SignedHead) -> str | None:
    if at.size >= signed.head.size:
        return None
    return consistency_proof(at.log, at.size, signed).format().decode()


# ── events ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Proved:
    """An event with the proof that it is in the log: its line, its leaf hash in hex, the file."""

    position: int
    leaf: str
    leaf_hash: str
    file: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Proofs:
    """The proofs of some events; `unsigned` are positions that no head covers yet."""

    made: list[Proved]
    unsigned: list[int]
    left_out: int


def proofs_of(at: Stood, positions: list[int]) -> Proofs:
    """The proofs of events under the signed head, in the order given; raises Damaged."""
    signed = current_head(at.log)
    covered = [position for position in positions if position < signed.head.size]
    return Proofs(
        made=[_proved(at, position, signed) for position in covered[:_MOST_PROOFS]],
        unsigned=[position for position in positions if position >= signed.head.size],
        left_out=max(len(covered) - _MOST_PROOFS, 0),
    )


def _proved(at: Stood, position: int, signed: SignedHead) -> Proved:
    proof, line = inclusion_proof(at.log, position, signed), at.log.line(position)
    leaf_hash = hash_of_line(line)
    return Proved(
        position=position,
        leaf=line.decode(),
        leaf_hash=leaf_hash.hex(),
        file=proof.format().decode(),
        steps=tuple(steps_to_root(leaf_hash, position, signed.head.size, proof.path)),
    )
