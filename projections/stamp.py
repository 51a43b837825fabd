"""What a view file was built from, kept beside it, so that it is known without opening DuckDB.

Rules kept here:
- it speaks of one file, told by inode, length and time of change: for a copy, or a file that
  another program changed, nothing is kept, and the file itself must be asked;
- where there is none, nothing is wrong: it only saves time, and nothing is checked against it.
"""

from contextlib import suppress
from pathlib import Path

import msgspec

FILE_NAME = "ledger.duckdb"


class Stamp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A log's size and root hash (hex), the digest of the code, and the file that it is said of."""

    size: int
    root: str
    code: str
    file: tuple[int, int, int]


def view_file(folder: Path) -> Path:
    """Where a ledger's view file lies."""
    return folder / "views" / FILE_NAME


def stamp_file(view_file: Path) -> Path:
    """Where the stamp of a view file lies."""
    return view_file.with_name(f"{view_file.name}.stamp")


def identity_of(view_file: Path) -> tuple[int, int, int]:
    """Inode, length in bytes and time of change in nanoseconds; raises OSError."""
    found = view_file.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def read_kept(view_file: Path) -> Stamp | None:
    """What is kept of the view file that lies there now; None where nothing is."""
    try:
        kept = msgspec.json.decode(stamp_file(view_file).read_bytes(), type=Stamp)
        return kept if kept.file == identity_of(view_file) else None
    except (OSError, ValueError, RecursionError):  # none, or not written by us
        return None


def keep(view_file: Path, stamp: Stamp) -> None:
    """Keep what a view file was built from, where it can be written; one before gives way."""
    kept = stamp_file(view_file)
    written = kept.with_name(f"{kept.name}.{stamp.file[0]}")
    with suppress(OSError):
        try:
            written.write_bytes(msgspec.json.encode(stamp) + b"\n")
            written.replace(kept)
        finally:
            written.unlink(missing_ok=True)
