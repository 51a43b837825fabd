"""Taking a signing key from one machine to another: out of the key folder, and into it.

Rules kept here:
- a key goes only to where its owner alone can read it, never over another file, and never into the
  ledger, whose copies are handed round;
- a key is taken in only if it signs for the ledger now;
- a key that lies there already gives way only where that is asked for, and is kept;
- what is remembered never goes back: the ledger's own head is remembered only where none was.
"""

from pathlib import Path
from typing import NamedTuple

from ledger.checkpoint import Checkpoint
from ledger.disk import create_file, telling
from ledger.errors import Conflict, HeadForgotten, Refused, UsageFault
from ledger.keys import KeyFiles, format_key, parse_key
from ledger.locks import hold
from ledger.log import Log
from ledger.note import BadNote, SignerKey, VerifierKey
from ledger.rotate import signing_key


class Imported(NamedTuple):
    """What came of a key that was brought: where it lies now.

    `kept` is the file of the key that gave way; `behind` is the size of the head that was signed
    last here, where the ledger does not extend it: then nothing is appended without more ado.
    """

    file: Path
    kept: Path | None
    behind: int | None


def export_key(log: Log) -> bytes:
    """The key that signs for a ledger, as it is kept; a secret. Raises KeyMissing, KeyUnfit."""
    files = KeyFiles.of(log.origin)
    with telling(files.folder):
        return format_key(signing_key(files, log.chain, log.size))


def write_secret(log: Log, file: Path, data: bytes) -> None:
    """Write a key to a new file, for its owner alone; UsageFault for one within the ledger."""
    if file.resolve().is_relative_to(log.folder.resolve()):
        raise UsageFault(
            "A signing key must not lie in its ledger: who gets a copy of that could sign for you.",
            way_out="Name a file outside of the ledger's folder.",
        ).at(file=str(file))
    with telling(file):
        create_file(file, data, 0o600)


def import_key(
    log: Log, data: bytes, *, replace: bool = False, wait_seconds: float = 10.0
) -> Imported:
    """Take in a signing key, for its owner alone; `replace` lets it take the place of another.

    Raises Refused for what is not the key that signs now; Conflict where another key lies here, or
    a head is remembered that the ledger does not extend; Busy, Damaged, DiskFailed.
    """
    files = KeyFiles.of(log.origin)
    key = _read(data, log.origin)
    with telling(files.folder):
        files.make_folder()
        with hold([files.lock], wait_seconds):
            log.refresh()
            _check_signs(key.verifier(), log)
            remembered = files.read_head(log.chain)
            behind = remembered is not None and not _extends(log, remembered)
            if not replace:
                _check_free(files, key)
            if remembered is not None and behind and not replace:
                raise _later_head(log, remembered, files)
            if remembered is None:
                files.write_head(log.extent.note)
            kept = files.replace_key(key)
    return Imported(files.key, kept, remembered.size if remembered and behind else None)


def _read(data: bytes, origin: str) -> SignerKey:
    try:
        key = parse_key(data)
    except BadNote as error:
        raise Refused(
            f"There is no signing key in it: {error}.",
            way_out="Give the file that `claims key export -o FILE` wrote, unchanged.",
        ) from error
    if key.name != origin:
        raise Refused(
            f"It is a key of {key.name}, not of {origin}.",
            way_out="Name the ledger that it belongs to: claims --ledger DIR key import FILE",
        )
    return key


def _check_signs(found: VerifierKey, log: Log) -> None:
    """Check that a key is the one that signs now; raises Refused."""
    wanted = log.chain.key_for(log.size)
    if found == wanted:
        return
    what = f"It is not the key that signs for {log.origin} in this state of the ledger."
    if found in log.chain.keys:
        since = next(one.position for one in log.chain.rotations if one.key == wanted)
        what = f"It is a former key of {log.origin}: another one signs since position {since}."
    raise Refused(what, way_out=f"Bring the one that belongs to {wanted.format()}")


def _check_free(files: KeyFiles, key: SignerKey) -> None:
    there = files.read_key(files.key)
    if there not in (None, key):
        raise Conflict(
            f"Another signing key of {files.origin} lies here already.",
            way_out="If this one is to sign instead, give `--replace`; the other one is kept.",
        ).at(file=str(files.key))


def _extends(log: Log, head: Checkpoint) -> bool:
    return head.size <= log.size and log.root_at(head.size) == head.root


def _later_head(log: Log, remembered: Checkpoint, files: KeyFiles) -> HeadForgotten:
    error = HeadForgotten(log.origin, remembered=remembered.size, found=log.size)
    error.way_out = (
        "Bring the key to the ledger that was signed last; or, to go on from this one on purpose,"
        " give `--replace`, then append with `--accept-restored --reason …`."
    )
    return error.at(file=str(files.head))
