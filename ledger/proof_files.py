"""Proofs as files that are handed round: what an auditor is given, to check without the ledger.

An inclusion proof is a C2SP tlog-proof, with the event's line as its extra data. A consistency
proof is what C2SP tlog-witness has a log send to a witness: old size, hashes, the new head.

Rules kept here:
- there is one way to write a proof: what `format` would not write the same is refused;
- the head stands in a proof as it was signed, byte for byte, with every signature under it;
- reading a proof believes nothing of it, and least of all its extra data (`offline` checks).
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from ledger.merkle import HASH_BYTES
from ledger.proofs import BadProof

_INCLUSION = "c2sp.org/tlog-proof@v1"
_EXTRA = "extra "
_INDEX = "index "
_OLD = "old "
_MAX_HASHES = 63  # the most that tlog-witness allows: a size has fewer bits
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, kw_only=True)
class InclusionProof:
    """That an entry stands at `index` of a log; `path` begins with the sibling of the leaf.

    `entry` is the line of the event; None where it is not handed on, as that of an erased event.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    entry: bytes | None = None

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a `.tlog-proof` file; raises BadProof."""
        lines, checkpoint = _open(data)
        if lines.pop(0) != _INCLUSION:
            raise BadProof(f"it does not begin with {_INCLUSION}")
        extra = lines.pop(0) if lines and lines[0].startswith(_EXTRA) else None
        proof = cls(
            index=_number(lines.pop(0) if lines else "", _INDEX),
            path=_hashes(lines),
            checkpoint=checkpoint,
            entry=None if extra is None else _decode(extra.removeprefix(_EXTRA)),
        )
        _check_form(proof.format(), data)
        return proof

    def format(self) -> bytes:
        """The bytes of the file."""
        extra = [] if self.entry is None else [_EXTRA + _encode(self.entry)]
        lines = [_INCLUSION, *extra, f"{_INDEX}{self.index}"]
        return _close(lines, self.path, self.checkpoint)


@dataclass(frozen=True, kw_only=True)
class ConsistencyProof:
    """That the log of a head begins with the entries that it had at an older size."""

    old_size: int
    path: tuple[bytes, ...]
    checkpoint: bytes

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a consistency proof; raises BadProof."""
        lines, checkpoint = _open(data)
        proof = cls(
            old_size=_number(lines[0], _OLD), path=_hashes(lines[1:]), checkpoint=checkpoint
        )
        _check_form(proof.format(), data)
        return proof

    def format(self) -> bytes:
        """The bytes of the file: the body of an `add-checkpoint` request."""
        return _close([f"{_OLD}{self.old_size}"], self.path, self.checkpoint)


def parse_proof(data: bytes) -> InclusionProof | ConsistencyProof:
    """Read a proof of either kind, told apart by its first line; raises BadProof."""
    if data.startswith(_INCLUSION.encode()):
        return InclusionProof.parse(data)
    if data.startswith(_OLD.encode()):
        return ConsistencyProof.parse(data)
    raise BadProof("it is neither an inclusion proof nor a consistency proof")


def _open(data: bytes) -> tuple[list[str], bytes]:
    """The lines up to the empty one, one at least, and the head behind it."""
    above, gap, checkpoint = data.partition(b"\n\n")
    if not gap:
        raise BadProof("no empty line stands before the head")
    try:
        return above.decode("ascii").split("\n"), checkpoint
    except UnicodeDecodeError as error:
        raise BadProof("it is not text in ASCII before the head") from error


def _close(lines: Sequence[str], path: Sequence[bytes], checkpoint: bytes) -> bytes:
    above = "".join(f"{line}\n" for line in [*lines, *map(_encode, path)])
    return above.encode() + b"\n" + checkpoint


def _check_form(written: bytes, data: bytes) -> None:
    if written != data:
        raise BadProof("it is not written in its one form")


def _number(line: str, word: str) -> int:
    number = line.removeprefix(word)
    if not line.startswith(word) or _NUMBER.fullmatch(number) is None:
        raise BadProof(f"where `{word}` and a number should stand, there is {line[:40]!r}")
    return int(number)


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    if len(lines) > _MAX_HASHES:
        raise BadProof(f"it has more than {_MAX_HASHES} hashes")
    hashes = tuple(_decode(line) for line in lines)
    if any(len(one) != HASH_BYTES for one in hashes):
        raise BadProof(f"a hash in it has not {HASH_BYTES} bytes")
    return hashes


def _encode(data: bytes) -> str:
    return b64encode(data).decode()


def _decode(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise BadProof("a line of it is not base64") from error
