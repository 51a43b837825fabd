"""SQLite for Datasette: a table for each view, with keys and indexes, and its metadata beside it.

`datasette serve claims.sqlite --metadata claims.sqlite.metadata.json` shows it. Texts stay as they
are: nothing in SQLite runs them. Lists and structs are JSON, times are ISO 8601 in UTC.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from ledger.errors import DiskFailed, UsageFault
from ledger.exporters.about import as_json
from ledger.exporters.cells import Cell, cell_of
from ledger.exporters.leaving import Leaving, Table
from projections.exports import exported

META = ".metadata.json"
TOGETHER = 5_000  # rows that are written at once
INDEXED = ("said_at_earliest", "published_earliest", "reference_period_earliest")
LABELS = {
    "statements": "claimed_proposition", "speakers": "name", "measures": "label",
    "sources": "title", "reports": "quote", "estimates": "claimed",
}  # fmt: skip


def write(leaving: Leaving, place: Path) -> Mapping[str, bytes]:
    """Write the file; Datasette's metadata lies beside it."""
    tables = leaving.tables()
    if any(table.name == "about" for table in tables):
        raise UsageFault("The table `about` says what the file is.", way_out="Name other views.")
    try:
        with closing(sqlite3.connect(place, isolation_level=None)) as made:
            made.execute("pragma journal_mode = off")
            made.execute("pragma synchronous = off")
            made.execute("begin")
            _write_about(made, leaving)
            for table in tables:
                _write_table(made, table, {each.name for each in tables})
            made.execute("commit")
            made.execute("analyze")
    except sqlite3.OperationalError as error:
        raise DiskFailed(
            f"The SQLite file could not be written: {error}.",
            way_out="Make room or mend the disk, then repeat.",
        ) from error
    return {META: metadata(leaving, tables)}


def metadata(leaving: Leaving, tables: Sequence[Table]) -> bytes:
    """What Datasette shows of the file, by the name that it has without its ending."""
    about, name = leaving.about, leaving.target.stem if leaving.target else "claims"
    described = {
        table.name: {"description": f"{table.made.grain}: {table.made.why}. {about.notice}"}
        | ({"label_column": LABELS[table.name]} if table.name in LABELS else {})
        for table in tables
    }
    said: dict[str, object] = {
        "title": about.name,
        "description": f"{about.notice} {about.sentence}",
        "source": about.origin,
        "about": "Claimed, not fact",
    }
    if about.licence:
        said["license"] = about.licence
    return as_json({**said, "databases": {name: {**said, "tables": described}}})


def _write_about(made: sqlite3.Connection, leaving: Leaving) -> None:
    made.execute("create table about (name text primary key, value) without rowid")
    made.executemany("insert into about values (?, ?)", leaving.about.facts().items())


def _write_table(made: sqlite3.Connection, table: Table, together: set[str]) -> None:
    made.execute(_definition(table, together))
    marks = ", ".join("?" * len(table.columns))
    rows = _rows(table)
    while some := list(islice(rows, TOGETHER)):
        made.executemany(f"insert into {_name(table.name)} values ({marks})", some)  # noqa: S608  names of ours
    for column in table.columns:
        if column in table.made.links or column in INDEXED:
            index = _name(f"{table.name}_{column}")
            made.execute(f"create index {index} on {_name(table.name)} ({_name(column)})")


def _rows(table: Table) -> Iterator[list[Cell]]:
    for row in table.rows():
        yield [cell_of(value) for value in row]


def _definition(table: Table, together: set[str]) -> str:
    """The table with its key, and with links to the tables that are in the file too."""
    columns = [f"{_name(column)} {_kind(kind)}" for column, kind in table.kinds]
    key = [name for name in table.made.key if name in table.columns]
    if key:
        columns.append(f"primary key ({', '.join(map(_name, key))})")
    for column, other in table.made.links.items():
        if other in together:
            key_there = _name(exported(other).key[0])
            columns.append(f"foreign key ({_name(column)}) references {_name(other)} ({key_there})")
    return f"create table {_name(table.name)} ({', '.join(columns)})"


def _kind(kind: str) -> str:
    if kind in ("DOUBLE", "FLOAT"):
        return "real"
    return "integer" if kind.endswith("INT") or kind in ("INTEGER", "BOOLEAN") else "text"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
