"""Signatures of several keys under one head: whose are valid, and how they are brought together.

Rules kept here:
- a cosignature counts once for each key (its 32 bytes), under however many names it comes;
- of a key that is known one signature is kept, the newest that is valid; signatures of unknown keys
  are kept as they came, each once, and not believed;
- a note has at most 100 signatures.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.note import (
    COSIGNATURE,
    MAX_SIGNATURES,
    BadNote,
    Note,
    Signature,
    VerifierKey,
    seconds_of,
)


@dataclass(frozen=True)
class Cosignature:
    """A valid signature of a witness: with which key, and when (POSIX seconds, by its clock)."""

    key: VerifierKey
    seconds: int


def parse_witness_key(text: str) -> VerifierKey:
    """Read the verifier key of a witness (type 0x04), and no log's; raises BadNote."""
    return VerifierKey.parse(text, COSIGNATURE)


def cosignatures(note: Note, keys: Iterable[VerifierKey]) -> list[Cosignature]:
    """The valid cosignatures of these keys, in their order; the newest of each."""
    found: dict[bytes, Cosignature] = {}
    for key in keys:
        newest = _newest(note.text, note.signatures, key)
        if newest is not None and key.public not in found:
            found[key.public] = Cosignature(key, seconds_of(newest))
    return list(found.values())


def signing_keys(note: Note, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
    """Those of some keys of a log that signed a note, one at least; raises BadNote.

    Also where a signature that one of them is said to have made is wrong: C2SP signed-note asks
    that the whole note be refused then.
    """
    said = [key for key in keys if any(key.made(one) for one in note.signatures)]
    for key in said:
        note.check(key)
    if not said:
        raise BadNote("no key of its log that is trusted signed it")
    return said


def merge(note: Note, more: Iterable[Signature], keys: Sequence[VerifierKey] = ()) -> Note:
    """A note with further signatures, each once; raises BadNote where there are more than 100.

    Of each of `keys` its newest valid signature stays, and none that is wrong.
    """
    signatures = list(dict.fromkeys([*note.signatures, *more]))
    for key in keys:
        newest = _newest(note.text, signatures, key)
        signatures = [one for one in signatures if one == newest or not key.made(one)]
    if len(signatures) > MAX_SIGNATURES:
        raise BadNote(f"it would have {len(signatures)} signatures, more than {MAX_SIGNATURES}")
    return Note(note.text, tuple(signatures))


def _newest(text: str, signatures: Iterable[Signature], key: VerifierKey) -> Signature | None:
    valid = [one for one in signatures if key.made(one) and key.verifies(text, one.signature)]
    return max(valid, key=seconds_of if key.algorithm == COSIGNATURE else lambda _: 0, default=None)
