"""Ledgers with two histories, as the holder of the signing key can make them."""

from pathlib import Path

from log_tools import ORIGIN, append, copy_ledger, make_ledger

from ledger.keys import KeyFiles
from ledger.log import Log
from ledger.note import SignerKey


def fork(folder: Path, common: int, ours: int, theirs: int) -> tuple[Log, Log]:
    """Two logs of one origin and key that agree on `common` events and then have so many more."""
    make_ledger(folder / "ours", *([common - 1] if common > 1 else []))
    copy_ledger(folder / "ours", folder / "theirs")
    for name, more in (("ours", ours), ("theirs", theirs)):
        KeyFiles.of(ORIGIN).head.unlink()  # whoever holds the key can make it forget
        append(folder / name, *([more] if more else []))
    return Log.open(folder / "ours"), Log.open(folder / "theirs")


def grow(log: Log, count: int) -> bytes:
    """Append to a ledger's log, whatever its key signed last; gives its new head."""
    KeyFiles.of(ORIGIN).head.unlink()
    append(log.folder, count)
    log.refresh()
    return log.extent.note


def own_key() -> SignerKey:
    """The signing key of these ledgers."""
    return SignerKey.parse(KeyFiles.of(ORIGIN).key.read_text("ascii").strip())
