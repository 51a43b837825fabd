"""Heads that others signed too, kept under `checkpoints/<size, 20 digits>`: a whole note each.

They are what an auditor can hold the log against: a witness that cosigned a head of some size saw
that log, and no shorter or other one after it.

Rules kept here:
- a head is kept only when the ledger's key in force at its size signed it and its root is that of
  the log; no signing key is needed to keep one;
- signatures of others are added to those that are there, never lost; unknown ones are not believed;
- a file is replaced whole, under the lock of the ledger.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.chain import FOLDER, KeyChain
from ledger.checkpoint import Checkpoint, parse_checkpoint
from ledger.cosign import cosignatures, merge
from ledger.disk import replace_file, sync_folder, telling
from ledger.errors import Conflict, Differs, Refused
from ledger.note import BadNote, Note, VerifierKey

if TYPE_CHECKING:
    from ledger.log import Log

WAIT_SECONDS = 120.0
_NAME = re.compile(r"[0-9]{20}")


class Cosigned(NamedTuple):
    """A kept head: its size, and the names of the witnesses whose signatures are valid."""

    size: int
    names: tuple[str, ...]


def kept_path(folder: Path, size: int) -> Path:
    """Where the head of a size is kept."""
    return folder / FOLDER / f"{size:020d}"


def kept_heads(folder: Path) -> list[tuple[int, Path]]:
    """The sizes of the heads that are kept and their files, the newest first; not yet read."""
    files = (path for path in (folder / FOLDER).glob("*") if _NAME.fullmatch(path.name))
    return sorted(((int(path.name), path) for path in files), reverse=True)


def open_kept(data: bytes, size: int, chain: KeyChain) -> Note:
    """Read a kept head and check that it is one of this ledger and of that size; raises BadNote."""
    found = chain.open(data).size
    if found != size:
        raise BadNote(f"its size is {found}, not {size}")
    return Note.parse(data)


def read_kept(folder: Path, size: int, chain: KeyChain) -> Note | None:
    """The kept head of a size; None when there is none. Raises Differs when it is garbled."""
    path = kept_path(folder, size)
    with telling(path):
        try:
            return open_kept(path.read_bytes(), size, chain)
        except FileNotFoundError:
            return None
        except BadNote as error:
            raise Differs(
                "a kept head", file=str(path), found=str(error),
                expected=f"a head of {size} events that this ledger's key signed",
            ) from error  # fmt: skip


def count_cosigners(folder: Path, chain: KeyChain, keys: Sequence[VerifierKey]) -> list[Cosigned]:
    """Which of the witnesses cosigned each kept head, the newest head first.

    Only valid signatures count, each key once, and the ledger's own keys not at all. A head that
    cannot be read counts for nothing. That its root is the log's is for the caller to check.
    """
    own = {key.public for key in chain.keys}
    others = [key for key in keys if key.public not in own]
    return [
        Cosigned(size, tuple(one.key.name for one in cosignatures(note, others)))
        for size, note in _readable(folder, chain)
    ]


def _readable(folder: Path, chain: KeyChain) -> Iterator[tuple[int, Note]]:
    for size, path in kept_heads(folder):
        try:
            yield size, open_kept(path.read_bytes(), size, chain)
        except (BadNote, OSError):
            continue


def last_seen(folder: Path, chain: KeyChain, witness: VerifierKey) -> int:
    """The size of the newest kept head that a witness cosigned; 0 when there is none."""
    return next((one.size for one in count_cosigners(folder, chain, [witness]) if one.names), 0)


def keep_head(
    log: "Log",
    data: bytes,
    witnesses: Sequence[VerifierKey] = (),
    *,
    wait_seconds: float = WAIT_SECONDS,
) -> Note:
    """Keep a head of this log with the signatures of others; gives it with all that are kept.

    Of the witnesses that are known only valid signatures are kept. Raises Refused where it is no
    head of this ledger, Conflict where the log has another root or is shorter, Busy, Damaged.
    """
    from ledger.locks import hold

    note, head = _own_head(log.chain, data)
    _check_is_of(log, head)
    path = kept_path(log.folder, head.size)
    with hold([log.folder / "lock"], wait_seconds), telling(path):
        before = read_kept(log.folder, head.size, log.chain)
        merged = _merged(before or Note(note.text, ()), note, (*log.chain.keys, *witnesses))
        if before is None or merged != before:
            path.parent.mkdir(exist_ok=True)
            sync_folder(log.folder)
            replace_file(path, merged.format())
    return merged


def _own_head(chain: KeyChain, data: bytes) -> tuple[Note, Checkpoint]:
    try:
        chain.open(data)
        return parse_checkpoint(data)
    except BadNote as error:
        raise Refused(
            f"This is no head of the ledger {chain.origin}: {error}.",
            way_out="Give a head that `claims checkpoint` printed, with the signatures of others.",
        ) from error


def _check_is_of(log: "Log", head: Checkpoint) -> None:
    if head.size > log.signed_size:
        raise Conflict(
            f"The head has {head.size:,} events, the signed head of this ledger"
            f" {log.signed_size:,}: this is an earlier state of the ledger, or another history.",
            way_out="Add it to the ledger that it is a head of.",
        )
    if log.root_at(head.size) != head.root:
        raise Conflict(
            f"The ledger's own key signed this head of {head.size:,} events, but the log here has"
            " another root there: there are two histories.",
            way_out="Keep the file, and see `claims verify --checkpoint FILE --evidence-out FILE`.",
        )


def _merged(before: Note, note: Note, keys: Sequence[VerifierKey]) -> Note:
    try:
        return merge(before, note.signatures, keys)
    except BadNote as error:
        raise Refused(f"The head cannot be kept: {error}.", way_out="Leave some out.") from error
