"""Signed notes (C2SP signed-note) with Ed25519 keys: a text and the signatures under it.

Rules kept here:
- a key has one of two types: 0x01 signs the text (the keeper of a log), 0x04 signs the text and the
  time at which it was seen (a witness, C2SP tlog-cosignature); neither can stand for the other;
- signatures of unknown keys are kept and not believed.
"""

import os
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"  # the key's type: C2SP signed-note
COSIGNATURE = b"\x04"  # C2SP tlog-cosignature, "cosignature/v1"
MAX_SIGNATURES = 100

_KINDS = {ED25519: "a log's key (type 0x01)", COSIGNATURE: "a witness's key (type 0x04)"}
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_PRIVATE = "PRIVATE+KEY+"
_KEY_BYTES = 32
_HASH_BYTES = 4
_TIME_BYTES = 8
_MAX_SECONDS = 2**63 - 1


class BadNote(ValueError):
    """A note or key is malformed, or a signature is not what it claims; the message says why."""


def _check_name(name: str) -> None:
    if not name or "+" in name or any(sign.isspace() or not sign.isprintable() for sign in name):
        raise BadNote(f"{name!r} is not a key name: it is empty or holds a space or `+`")


def _decode_base64(text: str, what: str) -> bytes:
    """Read base64 in its one form (RFC 4648 section 3.5: no stray bits, no stray signs)."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise BadNote(f"{what} is not base64") from error
    if b64encode(data).decode() != text:
        raise BadNote(f"{what} is not base64 in its one form")
    return data


def _check_key(data: bytes, wanted: bytes, what: str) -> None:
    """Check what the base64 of a key holds: its type, and 32 bytes."""
    if data[:1] != wanted and data[:1] in _KINDS:
        raise BadNote(f"it is {_KINDS[data[:1]]}, where {_KINDS[wanted]} belongs")
    if data[:1] != wanted or len(data) != 1 + _KEY_BYTES:
        raise BadNote(f"it is not an Ed25519 {what} of 32 bytes with its hash")


def _cosigned(text: str, seconds: int) -> str:
    """The words that a witness signs (C2SP tlog-cosignature, "Ed25519 signed message")."""
    return f"cosignature/v1\ntime {seconds}\n{text}"


@dataclass(frozen=True)
class Signature:
    """One signature line: who says to have signed, with which key (its hash), and the bytes."""

    name: str
    key_hash: bytes
    signature: bytes

    def format(self) -> str:
        """The line, with its newline."""
        return f"— {self.name} {b64encode(self.key_hash + self.signature).decode()}\n"


@dataclass(frozen=True)
class VerifierKey:
    """The public half of a key: what a signature is checked with (32 bytes, Ed25519)."""

    name: str
    public: bytes
    algorithm: bytes = ED25519

    @classmethod
    def parse(cls, text: str, algorithm: bytes = ED25519) -> Self:
        """Read `<name>+<hash>+<base64>` of a key of that type, and of no other; raises BadNote."""
        name, _, rest = text.partition("+")
        shown, _, encoded = rest.partition("+")
        data = _decode_base64(encoded, "the verifier key")
        _check_name(name)
        _check_key(data, algorithm, "verifier key")
        key = cls(name, data[1:], algorithm)
        if shown != key.key_hash.hex():
            raise BadNote("its hash is not that of its name and bytes")
        return key

    @property
    def key_hash(self) -> bytes:
        """The 4 bytes that stand for this key in a signature line.

        SHA-256(name ‖ newline ‖ type ‖ public key)[:4].
        """
        whole = self.name.encode() + b"\n" + self.algorithm + self.public
        return sha256(whole).digest()[:_HASH_BYTES]

    def format(self) -> str:
        """The key as it is handed round."""
        encoded = b64encode(self.algorithm + self.public).decode()
        return f"{self.name}+{self.key_hash.hex()}+{encoded}"

    def made(self, one: Signature) -> bool:
        """Whether a signature says that this key made it; not whether that is so."""
        return (one.name, one.key_hash) == (self.name, self.key_hash)

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether a signature is this key's over a text (RFC 8032)."""
        if self.algorithm == ED25519:
            return self._signed(text, signature)
        seconds = int.from_bytes(signature[:_TIME_BYTES])
        whole = len(signature) > _TIME_BYTES and seconds <= _MAX_SECONDS
        return whole and self._signed(_cosigned(text, seconds), signature[_TIME_BYTES:])

    def _signed(self, message: str, signature: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (
            Ed25519PublicKey,
        )

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message.encode())
        except (InvalidSignature, ValueError):  # ValueError: bytes that are no point of the curve
            return False
        return True


def seconds_of(one: Signature) -> int:
    """When a witness says to have signed, in POSIX seconds; believe it once `verifies` holds."""
    return int.from_bytes(one.signature[:_TIME_BYTES])


@dataclass(frozen=True)
class SignerKey:
    """The secret half of a key, as its 32 bytes of seed."""

    name: str
    seed: bytes
    algorithm: bytes = ED25519

    @classmethod
    def generate(cls, name: str, algorithm: bytes = ED25519) -> Self:
        """A new random key."""
        _check_name(name)
        return cls(name, os.urandom(_KEY_BYTES), algorithm)

    @classmethod
    def parse(cls, text: str, algorithm: bytes = ED25519) -> Self:
        """Read `PRIVATE+KEY+<name>+<hash>+<base64>`; raises BadNote without showing the secret."""
        name, _, rest = text.removeprefix(_PRIVATE).partition("+")
        data = _decode_base64(rest.partition("+")[2], "the signing key")
        _check_key(data, algorithm, "signing key")
        key = cls(name, data[1:], algorithm)
        if key.format() != text:
            raise BadNote("it is not an Ed25519 signing key with its hash")
        return key

    def format(self) -> str:
        """The key as it is kept; a secret."""
        encoded = b64encode(self.algorithm + self.seed).decode()
        return f"{_PRIVATE}{self.name}+{self.verifier().key_hash.hex()}+{encoded}"

    def verifier(self) -> VerifierKey:
        """The public half."""
        public = self._private.public_key().public_bytes_raw()
        return VerifierKey(self.name, public, self.algorithm)

    def sign(self, text: str) -> Signature:
        """Sign a text (RFC 8032)."""
        assert self.algorithm == ED25519, "a witness's key signs with a time: `cosign`"
        signature = self._private.sign(text.encode())
        return Signature(self.name, self.verifier().key_hash, signature)

    def cosign(self, text: str, seconds: int) -> Signature:
        """Sign a text and the time at which it was seen, in POSIX seconds (tlog-cosignature)."""
        assert self.algorithm == COSIGNATURE, "a log's key signs without a time: `sign`"
        signature = self._private.sign(_cosigned(text, seconds).encode())
        timed = seconds.to_bytes(_TIME_BYTES) + signature
        return Signature(self.name, self.verifier().key_hash, timed)

    @cached_property
    def _private(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (
            Ed25519PrivateKey,
        )

        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True)
class Note:
    """A text that ends with a newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a note; raises BadNote for any that `format` would not write the same."""
        try:
            whole = data.decode()
        except UnicodeDecodeError as error:
            raise BadNote("it is not UTF-8") from error
        text, gap, below = whole.rpartition("\n\n")
        if not gap or _CONTROL.search(whole):
            raise BadNote("it is not a text, an empty line and signatures")
        note = cls(f"{text}\n", parse_signatures(below))
        if not 0 < len(note.signatures) <= MAX_SIGNATURES or note.format() != data:
            raise BadNote("it is not written in its one form")
        return note

    def format(self) -> bytes:
        """The bytes of the note."""
        return f"{self.text}\n{''.join(one.format() for one in self.signatures)}".encode()

    def check(self, key: VerifierKey) -> None:
        """Check that a key signed the text; raises BadNote. Those of other keys are ignored."""
        for one in self.signatures:
            if key.made(one):
                if not key.verifies(self.text, one.signature):
                    raise BadNote(f"the signature of {key.name} is wrong")
                return
        raise BadNote(f"it is not signed with the key {key.format()}")


def parse_signatures(text: str) -> tuple[Signature, ...]:
    """Read signature lines, each with its newline; raises BadNote."""
    return tuple(_parse_signature(line) for line in text.split("\n")[:-1])


def _parse_signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix("— ").partition(" ")
    data = _decode_base64(encoded, "a signature")
    _check_name(name)
    if not (line.startswith("— ") and space and len(data) > _HASH_BYTES):
        raise BadNote("a signature line is malformed")
    return Signature(name, data[:_HASH_BYTES], data[_HASH_BYTES:])
