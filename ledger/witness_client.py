"""Asking a witness on the network for its cosignature (C2SP tlog-witness, `add-checkpoint`).

Rules kept here:
- what is shown is the signed head and a proof that it extends what this witness cosigned last, as
  far as the heads that are kept tell; where the witness says that it stands elsewhere (409), it is
  asked once more from there;
- of an answer only a valid signature of the key that was given counts; it is kept under
  `checkpoints/`, and nothing else of the answer is;
- a witness that is ahead of this ledger, or saw another root, is a conflict, and is told as one.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.checkpoint import Checkpoint
from ledger.cosign import Cosignature, cosignatures
from ledger.errors import Conflict, Refused
from ledger.kept import keep_head, last_seen
from ledger.note import BadNote, Note, VerifierKey
from ledger.proof_files import ConsistencyProof
from ledger.prove import prove_consistency
from ledger.witness_http import Answer, post

if TYPE_CHECKING:
    from ledger.log import Log

TIMEOUT_SECONDS = 30.0
_OK, _CONFLICT = 200, 409
_SIZE_TYPE = "text/x.tlog.size"
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")
_MEANINGS = {
    400: "it takes the request for malformed",
    403: "it does not trust the key that signed the head",
    404: "it does not know this log, or the address is not that of a witness",
    422: "it does not accept the proof",
    429: "it was asked too often",
}
_SERVER_FAULT = 500


@dataclass(frozen=True)
class Obtained:
    """A cosignature that was obtained for a head, and the note that is kept with it."""

    head: Checkpoint
    note: Note
    cosignature: Cosignature


def request_cosignature(
    log: "Log", url: str, witness: VerifierKey, *, timeout_seconds: float = TIMEOUT_SECONDS
) -> Obtained:
    """Have a witness cosign the signed head of a ledger, and keep the head with its signature.

    `url` is the witness's submission prefix. Raises UsageFault, Refused, Conflict, Busy, Damaged.
    """
    note, head = Note.parse(log.extent.note), log.checkpoint
    old = min(last_seen(log.folder, log.chain, witness), head.size)
    answer = _add_checkpoint(log, url, old, timeout_seconds)
    if answer.status == _CONFLICT:
        old = _size_told(answer, url, head, asked=old)
        answer = _add_checkpoint(log, url, old, timeout_seconds)
    if answer.status == _CONFLICT:
        _size_told(answer, url, head, asked=old)
        raise Conflict(
            f"The witness at {url} moved on while it was asked.", way_out="Repeat the command."
        )
    cosigned = _opened(answer, url, note, witness)
    kept = keep_head(log, cosigned.format(), [witness])
    return Obtained(head, kept, cosignatures(cosigned, [witness])[0])


def _add_checkpoint(log: "Log", url: str, old: int, timeout_seconds: float) -> Answer:
    size = log.signed_size
    path = prove_consistency(log, old, size) if 0 < old < size else []
    proof = ConsistencyProof(old_size=old, path=tuple(path), checkpoint=log.extent.note)
    return post(f"{url.rstrip('/')}/add-checkpoint", proof.format(), timeout_seconds)


def _size_told(answer: Answer, url: str, head: Checkpoint, *, asked: int) -> int:
    """The size at which a witness says that it stands; raises Conflict where that tells of harm."""
    found = _SIZE.fullmatch(answer.body) if answer.media_type == _SIZE_TYPE else None
    size = int(found[1]) if found else None
    if size is not None and size > head.size:
        raise Conflict(
            f"The witness at {url} has cosigned {size:,} events, and the signed head here has"
            f" {head.size:,}: this is an earlier state of the ledger, or another copy is ahead.",
            way_out="Ask from the copy that was signed last.",
        )
    if asked == head.size and size in {None, asked}:
        raise Conflict(
            f"The witness at {url} has cosigned another head of {head.size:,} events: there are two"
            " histories of this ledger.",
            way_out="Ask the witness for the head that it remembers, and hold the ledger against"
            " it: claims verify --checkpoint FILE",
        )
    if size is None or size == asked:
        raise _garbled(url, "it says that it stands elsewhere, but not where")
    return size


def _opened(answer: Answer, url: str, note: Note, witness: VerifierKey) -> Note:
    """The head with the valid signature of the witness; raises Refused."""
    if answer.status != _OK:
        raise _refused(answer, url)
    try:
        signed = Note.parse(f"{note.text}\n".encode() + answer.body)
    except BadNote as error:
        raise _garbled(url, str(error)) from error
    theirs = [one for one in signed.signatures if witness.made(one)]
    if not theirs:
        raise _garbled(url, f"it holds no signature of {witness.format()}")
    found = Note(note.text, (*note.signatures, *theirs))
    if not cosignatures(found, [witness]):
        raise _garbled(url, f"the signature of {witness.name} is wrong")
    return found


def _refused(answer: Answer, url: str) -> Refused:
    fault = "it has a fault of its own" if answer.status >= _SERVER_FAULT else "it answered so"
    meaning = _MEANINGS.get(answer.status, fault)
    words = f" “{answer.words()}”" if answer.words() else ""
    return Refused(
        f"The witness at {url} did not cosign ({answer.status}): {meaning}.{words}",
        way_out="See that the address is right and that it knows the log's key, or try later.",
    )


def _garbled(url: str, why: str) -> Refused:
    return Refused(
        f"The answer of the witness at {url} cannot be used: {why}.",
        way_out="See that the address and the verifier key of the witness are right.",
    )
