"""The folders that a ledger was published to: what an erasure must reach.

They stand in the ledger's file `published`, one absolute path a line. It is a help, not a record:
a site that was copied elsewhere, or published from another copy of the ledger, is not in it.
"""

import os
from pathlib import Path

FILE_NAME = "published"


def known_sites(folder: Path) -> list[Path]:
    """The folders that a ledger was published to, in the order in which they came first."""
    try:
        data = (folder / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return []
    return [Path(os.fsdecode(line)) for line in dict.fromkeys(data.split(b"\n")) if line]


def remember_site(folder: Path, site: Path) -> None:
    """Add a folder to those that are known; raises OSError where the ledger is read-only."""
    where = site.resolve()
    if where in known_sites(folder):
        return
    path = folder / FILE_NAME
    torn = path.exists() and not path.read_bytes().endswith(b"\n")
    with path.open("ab") as file:  # one write at the end: two may come at the same time
        file.write(b"\n" * torn + os.fsencode(where) + b"\n")
        file.flush()
        os.fsync(file.fileno())
