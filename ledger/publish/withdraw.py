"""Takes erased content away from a site that was published before.

Rules kept here:
- what holds the erased lines goes first, before anything that takes time or can fail;
- then the site is brought to the signed head, which covers the event that ordered the erasure, with
  what it had before: views, and documents where it had some.
"""

import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from ledger.disk import sync_folder, telling
from ledger.documents import DocumentStore
from ledger.errors import Refused
from ledger.log import Log
from ledger.publish.entries import bundles_with
from ledger.publish.place import STAGING, check_folder, holding, read_head
from ledger.publish.publishing import WAIT_SECONDS, Options, Published, publish_held


def withdraw(
    site: Path,
    log: Log,
    positions: Iterable[int],
    documents: Iterable[str] = (),
    *,
    wait_seconds: float = WAIT_SECONDS,
) -> Published:
    """Take the lines at some positions, and documents by their SHA-256, away from a site.

    The lines must be erased in the log already. Raises Refused where the site is not there,
    Conflict where it is not one of this log, Busy; later failures, those of `publish`, find the
    content gone.
    """
    fresh = Log.open(log.folder)
    if not site.is_dir():
        raise Refused(
            f"The site {site} is not there.",
            way_out="Erase the content by hand wherever it was copied to.",
        )
    with telling(site):
        check_folder(site, fresh.folder)
    with holding(site, wait_seconds), telling(site):
        read_head(site, fresh)
        options = Options(documents=(site / "documents").is_dir(), views=(site / "views").is_dir())
        erase(site, set(positions), documents)
        return publish_held(fresh, site, options)


def erase(site: Path, positions: set[int], documents: Iterable[str] = ()) -> None:
    """Delete bundles, segments and documents that hold the content, every view and the page."""
    doomed = [site / name for name in bundles_with(site, positions)]
    doomed += _segments_with(site / "log", positions)
    doomed += (site / "views").glob("*.parquet")
    doomed += (DocumentStore(site).path(sha256) for sha256 in documents)
    doomed += (path for path in (site / STAGING).rglob("*") if path.is_file())
    for path in doomed:
        path.unlink(missing_ok=True)
    for folder in {path.parent for path in doomed if path.parent.is_dir()}:
        sync_folder(folder)


def _segments_with(folder: Path, positions: set[int]) -> list[Path]:
    """The segments of a site that hold some positions; by their names, whatever their length."""
    found = sorted(
        (int(path.name[:20]), path) for path in folder.glob("*.jsonl*") if path.name[:20].isdigit()
    )
    ends = dict(pairwise(sorted({first for first, _ in found})))  # one may be there in both forms
    return [
        path
        for first, path in found
        if any(first <= position < ends.get(first, sys.maxsize) for position in positions)
    ]
