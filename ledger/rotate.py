"""Who signs the heads of a ledger, and how one key hands over to the next.

A change of key, each step durable before the next:
1. the next key lies beside the key, as `<origin>.next`;
2. the event `key.rotated`, which names it, is in the log;
3. the head over that event, signed by both keys, is kept as `checkpoints/<position>.rotation`;
4. the same head is the checkpoint, and then the remembered head;
5. the old key is kept as `<origin>.retired-<key hash>`, and the next one takes its place.

Rules kept here:
- from step 2 on the change counts: whoever opens the ledger for writing next brings it to its end;
- before, it was only prepared: the next change takes the key that lies there;
- the first head over a change of key is signed by both keys, or none is signed over it.
"""

from pathlib import Path
from typing import NamedTuple

from ledger.chain import KeyChain, Rotation, rotation_path
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.disk import replace_file, sync_folder
from ledger.errors import KeyMissing, KeyUnfit
from ledger.keys import KeyFiles
from ledger.note import SignerKey, VerifierKey


class Rotated(NamedTuple):
    """A change of key that was made: the event's position, and the keys before and after it."""

    position: int
    old: VerifierKey
    new: VerifierKey


class Handover(NamedTuple):
    """A change of key that no head covers yet: the event's position, and the next key."""

    position: int
    key: SignerKey


class _Keys(NamedTuple):
    chain: KeyChain
    key: SignerKey
    handover: Handover | None


class Signer:
    """Signs the heads of a ledger for its writer, and hands over to the next key."""

    def __init__(
        self, files: KeyFiles, chain: KeyChain, size: int, changed: tuple[int, VerifierKey] | None
    ) -> None:
        """Find the keys for a log of `size` events, and change nothing.

        `changed` is a change of key that no head covers yet. Raises KeyMissing or KeyUnfit.
        """
        self._files = files
        key = signing_key(files, chain, size)
        handover = Handover(changed[0], _next_key(files, *changed)) if changed else None
        self._keys = _Keys(chain, key, handover)

    def settle(self) -> list[str]:
        """Bring a change of key to its end whose head was signed already; tells what it did."""
        key = self._keys.key
        if self._files.read_key(self._files.key) == key:
            return []
        self._files.take_next(key)
        return ["A change of key that had been interrupted was brought to its end."]

    def prepare(self, position: int) -> VerifierKey:
        """Make the key that an event at this position will hand over to, durably."""
        following = self._files.read_key(self._files.next)
        if following is None or following.verifier() in self._keys.chain.keys:
            following = SignerKey.generate(self._files.origin)
            self._files.write_next(following)
        self._keys = self._keys._replace(handover=Handover(position, following))
        return following.verifier()

    def withdraw(self) -> None:
        """Forget what was prepared: the event did not come into the log."""
        self._keys = self._keys._replace(handover=None)

    def sign(self, folder: Path, head: Checkpoint) -> tuple[bytes, KeyChain]:
        """Sign a head, put it in its place and remember it; gives the note, and the keys from now.

        Interrupted at any point it can be done again. Raises OSError.
        """
        chain, key, handover = self._keys
        if handover is None or head.size <= handover.position:
            note = sign_checkpoint(head, key)
            self._put(folder, note)
            return note, chain
        note = sign_checkpoint(head, key, handover.key)
        _keep(rotation_path(folder, handover.position), note)
        self._put(folder, note)
        self._files.take_next(handover.key)
        verifier = handover.key.verifier()
        chain = chain.followed_by(Rotation(handover.position, verifier, note, head))
        self._keys = _Keys(chain, handover.key, None)
        return note, chain

    def _put(self, folder: Path, note: bytes) -> None:
        replace_file(folder / "checkpoint", note)
        self._files.write_head(note)


def signing_key(files: KeyFiles, chain: KeyChain, size: int) -> SignerKey:
    """The key that signs a head of `size` events; raises KeyMissing or KeyUnfit.

    It may still lie in the place of the next key, where a change of key was interrupted.
    """
    wanted = chain.key_for(size)
    key = files.read_key(files.key)
    if key is not None and key.verifier() == wanted:
        return key
    following = files.read_key(files.next)
    if following is not None and following.verifier() == wanted:
        return following
    if key is None:
        raise KeyMissing(files.origin, str(files.key))
    raise _unfit(files, chain, key.verifier(), wanted)


def _unfit(files: KeyFiles, chain: KeyChain, found: VerifierKey, wanted: VerifierKey) -> KeyUnfit:
    """Say why the key that lies there does not sign, and what brings the one that does."""
    file, retired = str(files.key), files.retired(wanted)
    if found in chain.keys[: chain.keys.index(wanted)]:
        since = next(one.position for one in chain.rotations if one.key == wanted)
        return KeyUnfit(
            files.origin, file, f"it is a former key; another one signs since position {since}",
            way_out="Bring the key that signs now: `claims key import FILE --replace`.",
        )  # fmt: skip
    if retired.exists():
        return KeyUnfit(
            files.origin, file, "it is a later key than the ledger knows in this earlier state",
            way_out="Append to the ledger that was signed last; or, to go on from this state on"
            f" purpose: `claims key import --replace '{retired}'`, then append with"
            " `--accept-restored --reason …`.",
        )  # fmt: skip
    return KeyUnfit(files.origin, file, "it is the key of another ledger")


def _next_key(files: KeyFiles, position: int, wanted: VerifierKey) -> SignerKey:
    following = files.read_key(files.next)
    if following is None or following.verifier() != wanted:
        raise KeyUnfit(
            files.origin, str(files.next),
            f"it was changed at position {position}, and the next key is not here",
            way_out="Bring this file from the machine on which the key was changed, or from a"
            " backup. Reading needs none.",
        )  # fmt: skip
    return following


def _keep(path: Path, note: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    sync_folder(path.parent.parent)
    replace_file(path, note)
