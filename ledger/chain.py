"""The keys of a ledger in their order: that of the first event, then one for every rotation.

A rotation is an event `key.rotated` that gives the next key. The head over it is signed by the
old key and the new one, and is kept for good as `checkpoints/<position of the event>.rotation`: it
shows that whoever held the old key handed over to the new one.

Rules kept here:
- a head of `size` events must be signed by the key that was in force at its last event;
- what is read here is checked as far as signatures go; that the kept heads belong to this log is
  for `verify` to check, which computes their roots from the lines.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from events.codec import NotAnEvent, decode_event
from events.vocabulary import KeyRotated
from ledger.checkpoint import Checkpoint, parse_checkpoint
from ledger.errors import Differs
from ledger.note import BadNote, Note, VerifierKey

FOLDER = "checkpoints"
_ROTATION = re.compile(r"([0-9]{20})\.rotation")

FindLine = Callable[[int], bytes]


@dataclass(frozen=True)
class Rotation:
    """A change of key: the event's position, the next key, and the head that both keys signed."""

    position: int
    key: VerifierKey
    note: bytes
    head: Checkpoint


@dataclass(frozen=True)
class KeyChain:
    """The first key of a ledger and the rotations that followed, in order of their positions."""

    first: VerifierKey
    rotations: tuple[Rotation, ...] = ()

    @property
    def origin(self) -> str:
        """The name of every key: the ledger's origin."""
        return self.first.name

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """All keys in their order."""
        return (self.first, *(one.key for one in self.rotations))

    def key_for(self, size: int) -> VerifierKey:
        """The key that signs a head of `size` events."""
        return [self.first, *(one.key for one in self.rotations if one.position < size)][-1]

    def followed_by(self, rotation: Rotation) -> "KeyChain":
        """The chain with a further change of key; what it held from there on gives way."""
        before = (one for one in self.rotations if one.position < rotation.position)
        return KeyChain(self.first, (*before, rotation))

    def covers(self, data: bytes) -> bool:
        """Whether every signature in the origin's name is one of these keys'.

        False where the note cannot be read. Where a key is missing, the chain on disk has grown.
        """
        try:
            note = Note.parse(data)
        except BadNote:
            return False
        known = {key.key_hash for key in self.keys}
        return all(one.key_hash in known for one in note.signatures if one.name == self.origin)

    def open(self, data: bytes) -> Checkpoint:
        """Read a signed head of this ledger and check its signature; raises BadNote."""
        note, head = parse_checkpoint(data)
        if head.origin != self.origin:
            raise BadNote(f"its origin is {head.origin}, not {self.origin}")
        note.check(self.key_for(head.size))
        return head


def rotation_path(folder: Path, position: int) -> Path:
    """Where the head over a rotation is kept."""
    return folder / FOLDER / f"{position:020d}.rotation"


def rotation_positions(folder: Path) -> list[int]:
    """The positions of which a rotation's head is kept."""
    try:
        names = [path.name for path in (folder / FOLDER).iterdir()]
    except FileNotFoundError:
        return []
    return sorted(int(found[1]) for name in names if (found := _ROTATION.fullmatch(name)))


def read_chain(folder: Path, first: VerifierKey, find_line: FindLine) -> KeyChain:
    """The keys of a ledger, from the rotations that are kept; raises Differs.

    `find_line` gives the line of a position of the log, or raises NotAnEvent. Heads of rotations
    that the checkpoint does not cover yet are read too; `KeyChain.key_for` leaves them out where
    they do not count.
    """
    rotations: list[Rotation] = []
    for position in rotation_positions(folder):
        chain = KeyChain(first, tuple(rotations))
        rotations.append(_read_rotation(folder, position, chain.keys[-1], find_line))
    return KeyChain(first, tuple(rotations))


def _read_rotation(
    folder: Path, position: int, before: VerifierKey, find_line: FindLine
) -> Rotation:
    path = rotation_path(folder, position)
    try:
        data = path.read_bytes()
        note, head = parse_checkpoint(data)
        key = rotated_key(find_line(position), before.name)
        _check_rotation(note, head, position, (before, key))
    except (BadNote, NotAnEvent) as error:
        raise Differs(
            "the head over a change of key", file=str(path), position=position,
            expected="a head of this ledger, signed by the old key and the new one",
            found=str(error),
        ) from error  # fmt: skip
    return Rotation(position, key, data, head)


def _check_rotation(
    note: Note, head: Checkpoint, position: int, keys: Sequence[VerifierKey]
) -> None:
    if head.origin != keys[0].name:
        raise BadNote(f"its origin is {head.origin}")
    if head.size <= position:
        raise BadNote(f"its size is {head.size}, which does not cover the change")
    for key in keys:
        note.check(key)


def rotated_key(line: bytes, origin: str) -> VerifierKey:
    """The key that an event hands over to; raises NotAnEvent, BadNote."""
    event = decode_event(line)
    if not isinstance(event.data, KeyRotated):
        raise NotAnEvent(f"the event there is {event.type}")
    key = VerifierKey.parse(event.data.verifier_key)
    if key.name != origin:
        raise BadNote(f"the new key is one of {key.name}")
    return key
