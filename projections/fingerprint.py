"""The SHA-256 of a view file, kept beside it as `sha256sum` writes it.

It finds a byte that changed on disk, also one that DuckDB never reads. It is not signed: who
changes the view file on purpose can change it too, and is found by what the views say.

Rules kept here:
- a fingerprint never lies beside a file that it is not of, however many build at once and whatever
  is interrupted: it is taken away before a file is swapped in, and written after;
- where there is none, nothing is wrong: readers never ask for it.
"""

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path

_LINE = re.compile(rb"([0-9a-f]{64})  ([^\n]+)\n")


def fingerprint_file(view_file: Path) -> Path:
    """Where the fingerprint of a view file lies."""
    return view_file.with_name(f"{view_file.name}.sha256")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hex; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_fingerprint(view_file: Path) -> str | None:
    """The SHA-256 that is kept of a view file; empty where it is not well written, None if none."""
    try:
        found = _LINE.fullmatch(fingerprint_file(view_file).read_bytes())
    except FileNotFoundError:
        return None
    return found[1].decode() if found and found[2] == os.fsencode(view_file.name) else ""


def swap_in(made: Path, target: Path) -> None:
    """Put a new view file in its place, and its fingerprint beside it; raises OSError.

    Another file may be swapped in at the same time: the fingerprint of one that lost is dropped.
    """
    kept = fingerprint_file(target)
    line, ours = f"{sha256_of(made)}  {target.name}\n", made.stat().st_ino
    kept.unlink(missing_ok=True)
    made.replace(target)
    with suppress(OSError):
        written = made.with_name(kept.name)
        written.write_text(line, "utf-8")
        written.replace(kept)
        if target.stat().st_ino != ours:
            kept.unlink()
