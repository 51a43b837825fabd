"""The signed head of a log (C2SP tlog-checkpoint): origin, size and root hash in a signed note."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Self

from ledger.merkle import EMPTY_ROOT, HASH_BYTES
from ledger.note import BadNote, Note, SignerKey, VerifierKey

_TEXT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: how many events it has, and the root hash (32 bytes) over them."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str, *, may_be_empty: bool = False) -> Self:
        """Read a checkpoint's text; raises BadNote where `format` would write it differently.

        Other logs sign a head before their first entry; a ledger never does, since its first event
        is what makes it.
        """
        found = _TEXT.fullmatch(text)
        if found is None or (found[2] == "0" and not may_be_empty):
            raise BadNote("it is not an origin, a size from 1 and a root hash, on a line each")
        head = cls(found[1], int(found[2]), b64decode(found[3]))
        if len(head.root) != HASH_BYTES or head.format() != text:
            raise BadNote("it is not written in its one form")
        if head.size == 0 and head.root != EMPTY_ROOT:
            raise BadNote("its root hash is not that of a log without entries")
        return head

    def format(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{self.root64}\n"

    @property
    def root64(self) -> str:
        """The root hash in base64, as it stands in checkpoints and events."""
        return b64encode(self.root).decode()


def sign_checkpoint(head: Checkpoint, *keys: SignerKey) -> bytes:
    """The signed note of a head, by one key or, over a change of key, by two.

    A log without events has none.
    """
    assert head.size > 0, "an empty log is never signed"
    text = head.format()
    return Note(text, tuple(key.sign(text) for key in keys)).format()


def parse_checkpoint(data: bytes) -> tuple[Note, Checkpoint]:
    """Read a signed head without checking any signature: the note and what it says; BadNote."""
    note = Note.parse(data)
    return note, Checkpoint.parse(note.text)


def open_checkpoint(data: bytes, key: VerifierKey) -> Checkpoint:
    """Read a signed head and check its signature and its origin; raises BadNote."""
    note, head = parse_checkpoint(data)
    if head.origin != key.name:
        raise BadNote(f"its origin is {head.origin}, not {key.name}")
    note.check(key)
    return head
