"""Evidence that a log has two histories: two signed heads that cannot both be of one log.

It is one JSON object that can be handed on. Whoever knows the log's verifier key can check it with
nothing else: neither the ledger nor the word of whoever made it is needed.

Rules kept here:
- `kept` and `shown` are heads that the same key signed; either their sizes are equal and their
  roots differ, or a proof (RFC 6962 section 2.1.2) leads from `shown` to another root at the size
  of `kept`;
- evidence is checked before it is handed out, and written in one form;
- without a verifier key from elsewhere it only shows that some key signed two histories.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from ledger.chain import KeyChain, rotation_path, rotation_positions
from ledger.checkpoint import Checkpoint, parse_checkpoint
from ledger.disk import telling
from ledger.kept import kept_heads
from ledger.note import BadNote, Note, VerifierKey
from ledger.proofs import BadProof, roots_from_consistency

if TYPE_CHECKING:
    from ledger.log import Log


class NoEvidence(ValueError):
    """What was given does not show two histories; the message says why."""


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Evidence as it is written: notes whole, hashes in base64."""

    what: str
    vkey: str
    kept: str
    shown: str
    root: str
    proof: tuple[str, ...]

    def format(self) -> bytes:
        """The JSON object on one line."""
        return msgspec.json.encode(self) + b"\n"


@dataclass(frozen=True)
class TwoHistories:
    """What evidence shows: the key, the two heads, and the root of the shown log at `kept`'s size.

    `key_given` says whether the key came from elsewhere; else it is the evidence's own.
    """

    key: VerifierKey
    kept: Checkpoint
    shown: Checkpoint
    root: bytes
    key_given: bool

    def sentences(self) -> list[str]:
        """What it means, for people."""
        size, root = self.kept.size, self.root.hex()
        whose = "that you gave" if self.key_given else "that the evidence itself names"
        return [
            f"Two histories of {self.key.name}: the key {whose} signed both.",
            f"   one: {size:,} events with the root {self.kept.root.hex()}",
            f"   the other: {self.shown.size:,} events, the first {size:,} with the root {root}",
            f"   key: {self.key.format()}",
        ]


# ── checking ─────────────────────────────────────────────────────────────────────────────────


def check_evidence(data: bytes, vkey: VerifierKey | None = None) -> TwoHistories:
    """Check evidence with nothing else at hand; raises NoEvidence where it shows nothing.

    `vkey` is the log's key as the reader knows it from elsewhere.
    """
    found = _parse(data)
    try:
        key = VerifierKey.parse(found.vkey)
        kept, shown = (_signed_head(note.encode(), key) for note in (found.kept, found.shown))
        root = _root_shown(found, kept, shown)
    except (BadNote, BadProof) as error:
        raise NoEvidence(str(error)) from error
    if vkey is not None and vkey != key:
        raise NoEvidence(f"it is about the key {key.format()}, not the one that you gave")
    if found.what != _title(key.name):
        raise NoEvidence(f"it does not begin with {_title(key.name)!r}")
    if root == kept.root:
        raise NoEvidence("the two heads agree: they are of one history")
    return TwoHistories(key, kept, shown, root, vkey is not None)


def _parse(data: bytes) -> Evidence:
    try:
        found = msgspec.json.decode(data, type=Evidence)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NoEvidence(f"it is not the JSON object that evidence is: {error}") from error
    if found.format() != data.removesuffix(b"\n") + b"\n":
        raise NoEvidence("it is not written in its one form")
    return found


def _signed_head(note: bytes, key: VerifierKey) -> Checkpoint:
    parsed, head = parse_checkpoint(note)
    if head.origin != key.name:
        raise BadNote(f"a head in it is of {head.origin}, not of {key.name}")
    parsed.check(key)
    return head


def _root_shown(found: Evidence, kept: Checkpoint, shown: Checkpoint) -> bytes:
    """The root that the shown log has at the size of the kept head."""
    if kept.size == shown.size:
        if found.root or found.proof:
            raise BadProof("heads of one size need neither a root nor a proof")
        return shown.root
    root, path = _hash(found.root), [_hash(one) for one in found.proof]
    old, new = roots_from_consistency(kept.size, shown.size, path, root)
    if (old, new) != (root, shown.root):
        raise BadProof("its proof does not lead from its root to the shown head")
    return root


def _hash(text: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise BadProof("a hash in it is not base64") from error
    if b64encode(data).decode() != text:
        raise BadProof("a hash in it is not base64 in its one form")
    return data


def _title(origin: str) -> str:
    return f"two histories of {origin}"


# ── making ───────────────────────────────────────────────────────────────────────────────────


def make_evidence(
    key: VerifierKey,
    kept: bytes,
    shown: bytes,
    *,
    root: bytes = b"",
    path: Sequence[bytes] = (),
) -> bytes:
    """Evidence from two heads that a key signed; raises NoEvidence where they show nothing.

    `root` is what the shown log has at the size of the kept head, and `path` proves that; heads of
    one size need neither.
    """
    hashes = [b64encode(one).decode() for one in (root, *path)]
    try:
        heads = kept.decode(), shown.decode()
    except UnicodeDecodeError as error:
        raise NoEvidence("a head is not UTF-8") from error
    data = Evidence(_title(key.name), key.format(), *heads, hashes[0], tuple(hashes[1:])).format()
    check_evidence(data, key)
    return data


def evidence_from_log(log: "Log", kept: bytes) -> bytes:
    """Evidence from a head that somebody kept and a log that does not extend it.

    The other head is the newest that the same key signed: the checkpoint, one that is kept, or the
    one over a change of key. Raises NoEvidence, and Damaged where the log is not what was signed.
    """
    from ledger.prove import prove_consistency

    key, head = _kept_head(log.chain, kept)
    if head.size > log.signed_size:
        raise NoEvidence(
            f"the head has {head.size} events and the log {log.signed_size}: it was cut back, which"
            " the head itself shows to whoever compares them"
        )
    root = log.root_at(head.size)
    if root == head.root:
        raise NoEvidence("the head is one of this very history")
    size, shown = _shown_head(log, key, head.size)
    if size == head.size:
        return make_evidence(key, kept, shown)
    path = prove_consistency(log, head.size, size)
    return make_evidence(key, kept, shown, root=root, path=path)


def _kept_head(chain: KeyChain, data: bytes) -> tuple[VerifierKey, Checkpoint]:
    """A head that somebody kept, and which key of the ledger signed it."""
    try:
        note, head = parse_checkpoint(data)
    except BadNote as error:
        raise NoEvidence(str(error)) from error
    for key in chain.keys:
        if head.origin == chain.origin and _signed_by(note, key):
            return key, head
    raise NoEvidence("no key of this ledger signed the head")


def _shown_head(log: "Log", key: VerifierKey, size: int) -> tuple[int, bytes]:
    """A head of this log that a key signed, of a size or more."""
    for data in _heads(log):
        try:
            note, head = parse_checkpoint(data)
        except BadNote:
            continue
        in_range = size <= head.size <= log.signed_size
        if in_range and _signed_by(note, key) and log.root_at(head.size) == head.root:
            return head.size, data
    raise NoEvidence("the key that signed the head signed no later one of this log")


def _heads(log: "Log") -> Iterator[bytes]:
    yield log.extent.note
    rotations = [rotation_path(log.folder, one) for one in rotation_positions(log.folder)]
    for path in (*rotations[::-1], *(path for _, path in kept_heads(log.folder))):
        with telling(path):
            yield path.read_bytes()


def _signed_by(note: Note, key: VerifierKey) -> bool:
    try:
        note.check(key)
    except BadNote:
        return False
    return True
