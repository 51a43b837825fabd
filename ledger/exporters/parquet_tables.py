"""Parquet: a file for each view, with the ledger's origin, size and root in its metadata."""

from collections.abc import Mapping
from pathlib import Path

from ledger.exporters.leaving import Leaving, Table
from ledger.exporters.whole import ABOUT
from projections import exports


def write(leaving: Leaving, place: Path) -> Mapping[str, bytes]:
    """Write one table to a file, or several into a folder."""
    if not place.is_dir():
        write_table(leaving, leaving.tables((exports.FLAT,))[0], place)
        return {}
    for table in leaving.tables():
        write_table(leaving, table, place / f"{table.name}.parquet")
    (place / ABOUT).write_bytes(leaving.about.json())
    return {}


def write_table(leaving: Leaving, table: Table, path: Path) -> None:
    """Write one table as Parquet; its types stay as they are in the views."""
    facts = [*leaving.about.pairs(), ("view", table.name), ("grain", table.made.grain)]
    with table.telling():
        exports.write_parquet(table.connection, table.sql, path, facts)
