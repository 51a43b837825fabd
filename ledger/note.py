"""Signed notes (C2SP signed-note) with Ed25519 keys: a text and the signatures under it."""

import os
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ED25519 = b"\x01"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_PRIVATE = "PRIVATE+KEY+"
_KEY_BYTES = 32
_HASH_BYTES = 4
_MAX_SIGNATURES = 100


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


def _key_hash(name: str, public: bytes) -> bytes:
    """The 4 bytes that stand for a key: SHA-256(name ‖ newline ‖ algorithm ‖ public key)."""
    return sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:_HASH_BYTES]


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

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `<name>+<hash>+<base64>`; raises BadNote."""
        name, _, rest = text.partition("+")
        shown, _, encoded = rest.partition("+")
        data = _decode_base64(encoded, "the verifier key")
        key = cls(name, data[1:])
        _check_name(name)
        if data[:1] != _ED25519 or len(data) != 1 + _KEY_BYTES or shown != key.key_hash.hex():
            raise BadNote("it is not an Ed25519 verifier key of 32 bytes with its hash")
        return key

    @property
    def key_hash(self) -> bytes:
        """The 4 bytes that stand for this key in a signature line."""
        return _key_hash(self.name, self.public)

    def format(self) -> str:
        """The key as it is handed round."""
        encoded = b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self.key_hash.hex()}+{encoded}"

    def verifies(self, text: str, signature: bytes) -> bool:
        """Whether a signature is this key's over a text (RFC 8032)."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (
            Ed25519PublicKey,
        )

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):  # ValueError: bytes that are no point of the curve
            return False
        return True


@dataclass(frozen=True)
class SignerKey:
    """The secret half of a key, as its 32 bytes of seed."""

    name: str
    seed: bytes

    @classmethod
    def generate(cls, name: str) -> Self:
        """A new random key."""
        _check_name(name)
        return cls(name, os.urandom(_KEY_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `PRIVATE+KEY+<name>+<hash>+<base64>`; raises BadNote without showing the secret."""
        name, _, rest = text.removeprefix(_PRIVATE).partition("+")
        data = _decode_base64(rest.partition("+")[2], "the signing key")
        key = cls(name, data[1:])
        if data[:1] != _ED25519 or len(data) != 1 + _KEY_BYTES or key.format() != text:
            raise BadNote("it is not an Ed25519 signing key with its hash")
        return key

    def format(self) -> str:
        """The key as it is kept; a secret."""
        encoded = b64encode(_ED25519 + self.seed).decode()
        return f"{_PRIVATE}{self.name}+{self.verifier().key_hash.hex()}+{encoded}"

    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self._private().public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """Sign a text (RFC 8032)."""
        signature = self._private().sign(text.encode())
        return Signature(self.name, self.verifier().key_hash, signature)

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
        note = cls(f"{text}\n", tuple(_parse_signature(line) for line in below.split("\n")[:-1]))
        if not 0 < len(note.signatures) <= _MAX_SIGNATURES or note.format() != data:
            raise BadNote("it is not written in its one form")
        return note

    def format(self) -> bytes:
        """The bytes of the note."""
        return f"{self.text}\n{''.join(one.format() for one in self.signatures)}".encode()

    def check(self, key: VerifierKey) -> None:
        """Check that a key signed the text; raises BadNote. Those of other keys are ignored."""
        for one in self.signatures:
            if (one.name, one.key_hash) == (key.name, key.key_hash):
                if not key.verifies(self.text, one.signature):
                    raise BadNote(f"the signature of {key.name} is wrong")
                return
        raise BadNote(f"it is not signed with the key {key.format()}")


def _parse_signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix("— ").partition(" ")
    data = _decode_base64(encoded, "a signature")
    _check_name(name)
    if not (line.startswith("— ") and space and len(data) > _HASH_BYTES):
        raise BadNote("a signature line is malformed")
    return Signature(name, data[:_HASH_BYTES], data[_HASH_BYTES:])
