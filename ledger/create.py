"""Making a ledger: built whole beside its place, then put there."""

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path

from events.codec import encode_batch
from events.record import Draft, Placing
from events.vocabulary import Agent, LedgerCreated
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.disk import create_file, sync_folder, telling
from ledger.errors import Conflict
from ledger.identity import FORMAT_VERSION, SETTINGS, format_settings
from ledger.keys import KeyFiles, format_key
from ledger.locks import hold
from ledger.log import Log
from ledger.merkle import Frontier, leaf_hash
from ledger.note import SignerKey
from ledger.segments import segment_path
from ledger.terms import now_utc
from ledger.tree import TreeWriter


def create_ledger(  # noqa: PLR0913  each is an option of `claims init`
    folder: Path,
    *,
    origin: str,
    actor: str,
    agent: Agent = "person",
    title: str | None = None,
    clock: Callable[[], datetime] = now_utc,
) -> Log:
    """Make a ledger and its signing key; when this raises, neither is there.

    Raises BadOrigin; Conflict when the folder holds something or the origin has a key already.
    """
    files = KeyFiles.of(origin)
    key = SignerKey.generate(origin)
    created = LedgerCreated(
        origin=origin, title=title, format_version=FORMAT_VERSION,
        verifier_key=key.verifier().format(),
    )  # fmt: skip
    draft = Draft(data=created, subject=f"ledger/{origin}", actor=actor, agent=agent)
    placing = Placing(origin=origin, first=0, count=1, time=clock())
    place = folder.resolve()
    with telling(place):
        files.make_folder()
        with hold([files.lock], wait_seconds=10):
            _check_free(place, files)
            _build(place, files, key, created, encode_batch([draft], placing)[0])
    return Log.open(folder)


def _check_free(place: Path, files: KeyFiles) -> None:
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise Conflict(f"{place} is there already.", way_out="Name a folder that is new or empty.")
    if files.key.exists():
        raise Conflict(
            f"The origin {files.origin} has a signing key already.",
            way_out="Take another origin. If no ledger goes with that key, move it away first.",
        ).at(file=str(files.key))


def _build(
    place: Path, files: KeyFiles, key: SignerKey, created: LedgerCreated, line: bytes
) -> None:
    """Build the ledger beside, keep its key, put it in its place; undo it all where that fails."""
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.{os.urandom(4).hex()}")
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, beside, ignore_errors=True)
        beside.mkdir()
        note = _write_ledger(beside, key, created, line)
        undo.callback(_forget, files, key)
        files.write_key(key)
        files.write_head(note)
        for old, new in _moves(beside, place):
            old.rename(new)
            undo.callback(new.rename, old)
        sync_folder(place)
        sync_folder(place.parent)
        undo.pop_all()
    shutil.rmtree(beside, ignore_errors=True)


def _moves(beside: Path, place: Path) -> list[tuple[Path, Path]]:
    """What to rename to what; a folder that is there is filled: somebody may be standing in it.

    The log goes first: it cannot replace another one, so of two that are made at once one is.
    """
    if place.exists():
        names = ("log", "tree", "documents", "checkpoint", SETTINGS)
        return [(beside / name, place / name) for name in names]
    return [(beside, place)]


def _forget(files: KeyFiles, key: SignerKey) -> None:
    """Drop a key that signs for nothing, if it is the one made here."""
    with suppress(OSError):
        if files.key.read_bytes() == format_key(key):
            files.key.unlink()
            files.head.unlink()


def _write_ledger(folder: Path, key: SignerKey, created: LedgerCreated, line: bytes) -> bytes:
    """Write all files of a ledger of one event, durably; gives its signed head."""
    for name in ("log", "documents"):
        (folder / name).mkdir()
    create_file(segment_path(folder, 0), line + b"\n")
    frontier, files = Frontier(), TreeWriter(folder / "tree")
    files.append(frontier.extend([leaf_hash(line)]))
    files.close()
    note = sign_checkpoint(Checkpoint(created.origin, 1, frontier.root()), key)
    create_file(folder / "checkpoint", note)
    create_file(folder / SETTINGS, format_settings(created))
    return note
