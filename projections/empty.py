"""Keeps a view file of no events in the user's cache, since to make one takes most of a second.

Rules kept here:
- what is kept is told by a digest of all that it is made of, and by its own: of other code, or with
  a byte that changed, it is not used;
- it only saves time: where it cannot be read or written it is made in memory, and nobody is told.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from projections import catalog

KEPT = 3  # files, for as many versions of the code that are used in turn
_MAKERS = ("build.py", "fill.py")  # what a view file is made by, besides what `code_digest` covers


def kept_or_made(make: Callable[[], bytes]) -> bytes:
    """The bytes of a view file of no events, from the cache, else made and kept there."""
    digest = hashlib.sha256(catalog.code_digest().encode())
    for name in _MAKERS:
        digest.update((catalog.HERE / name).read_bytes())
    path = cache_folder() / f"{digest.hexdigest()}.empty"
    found = read_kept(path)
    if found is not None:
        return found
    made = make()
    with suppress(OSError):
        write_kept(path, made)
    return made


def cache_folder() -> Path:
    """Where this user's empty view files lie."""
    configured = os.environ.get("XDG_CACHE_HOME")
    if configured:
        return Path(configured) / "claims-ledger" / "views"
    from platformdirs import user_cache_path

    return user_cache_path("claims-ledger", appauthor=False) / "views"


def read_kept(path: Path) -> bytes | None:
    """What is kept there, whole; None where nothing is."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    sha256, made = data[:32], data[32:]
    return made if hashlib.sha256(made).digest() == sha256 else None


def write_kept(path: Path, made: bytes) -> None:
    """Keep a file, behind its SHA-256, and drop the oldest of others; raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".made-", dir=path.parent) as beside:
        written = Path(beside) / path.name
        written.write_bytes(hashlib.sha256(made).digest() + made)
        written.replace(path)
    others = sorted(path.parent.glob("*.empty"), key=lambda each: each.stat().st_mtime_ns)
    for old in others[:-KEPT]:
        old.unlink(missing_ok=True)
