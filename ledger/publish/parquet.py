"""The views of a site: one Parquet file each, as of the signed size.

Rules kept here:
- a file says in its own metadata of which ledger, size and root it was made, and by which code;
- a file that says the same as would be written is left as it is.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.errors import DiskFailed, Refused
from ledger.log import Log
from ledger.publish.staging import Staging
from ledger.views import open_views

if TYPE_CHECKING:
    from pathlib import Path

    from projections.database import Database

FOLDER = "views"


@dataclass(frozen=True)
class PublishedView:
    """A view in its file: its name in the site, what a row is, how many there are, and bytes."""

    name: str
    file: str
    grain: str
    rows: int
    length: int


def stage_views(staging: Staging, log: Log) -> list[PublishedView]:
    """Write the views that the site lacks; raises Refused where newer events make it impossible."""
    from projections import catalog

    stamp = _stamp(log)
    files = {view.name: f"{FOLDER}/{view.name}.parquet" for view in catalog.views()}
    missing = {name: file for name, file in files.items() if not _says(staging.site / file, stamp)}
    if missing:
        _write(staging, log, missing, stamp)
    staging.drop_others(FOLDER, files.values())
    return [
        _published(staging, view.name, files[view.name], view.header["grain"])
        for view in sorted(catalog.views(), key=lambda each: each.name)
    ]


def _stamp(log: Log) -> dict[str, str]:
    from projections import catalog

    return {
        "origin": log.origin,
        "size": str(log.signed_size),
        "root": log.checkpoint.root64,
        "code": catalog.code_digest(),
    }


def _says(path: "Path", stamp: dict[str, str]) -> bool:
    """Whether a file is there and says to be made of the same."""
    import duckdb

    from projections.parquet import read_stamp

    try:
        return path.is_file() and stamp.items() <= read_stamp(path).items()
    except duckdb.Error:
        return False


def _write(staging: Staging, log: Log, files: dict[str, str], stamp: dict[str, str]) -> None:
    import duckdb

    from projections.parquet import write_view

    with _opened(log) as views:
        views.set_as_of(log.signed_size if views.size != log.signed_size else None)
        for name, file in files.items():
            path = staging.path(file)
            try:
                write_view(views.connection, name, path, stamp)
            except duckdb.IOException as error:
                raise DiskFailed(
                    f"The view {name} could not be written: {error}.",
                    way_out="Make room or mend the disk, then repeat. The site is as it was.",
                ).at(file=str(path)) from error


def _opened(log: Log) -> "Database":
    try:
        return open_views(log)
    except Refused as error:
        raise Refused(
            error.what, way_out=f"{error.way_out} Or publish without views: `--no-views`."
        ) from error


def _published(staging: Staging, name: str, file: str, grain: str) -> PublishedView:
    from projections.parquet import count_rows

    path = (staging.folder if staging.holds(file) else staging.site) / file
    grain = grain.removeprefix("one row per ")
    return PublishedView(name, file, grain, count_rows(path), path.stat().st_size)
