"""Fills tables from lines of the log: one pass over the lines, then one insert per table."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from events.vocabulary import BY_TYPE
from projections import catalog
from projections.errors import NewerEvents
from projections.log_files import present_forms
from projections.log_view import LogView, Segment
from projections.schema import line_columns

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ERASED = ""  # instead of the type of an event whose content is gone: it fills no table but one
CHUNK_BYTES = 640_000_000  # about 500,000 events: what is parsed at once bounds the memory


def create_tables(connection: "DuckDBPyConnection", schema: str) -> None:
    """Make every table of the catalog in a schema, empty; needs `incoming` for its types."""
    for table in catalog.tables():
        described = connection.execute(f"describe {table.select}").fetchall()
        columns = ", ".join(
            f'"{name}" {kind}' + (" using compression uncompressed" if name in table.plain else "")
            for name, kind, *_ in described
        )
        connection.execute(f"create table {schema}.{table.name} ({columns})")


def insert_rows(connection: "DuckDBPyConnection", types: frozenset[str]) -> None:
    """Add to the tables of a view file what `incoming` holds; it is still to be committed."""
    connection.execute("begin")
    for table in catalog.tables_of(types):
        connection.execute(f"insert into facts.{table.name} {table.select}")


def commit_rows(connection: "DuckDBPyConnection") -> None:
    """Commit what was inserted, and let go of what was parsed, where all tables have it."""
    connection.execute("commit")
    connection.execute("drop table temp.incoming")


def remove_unerased(connection: "DuckDBPyConnection") -> int:
    """Take out of a view file's tables what redactions name; tells of how many events."""
    connection.execute("create or replace temp table leaving as from forms.unerased")
    row = connection.execute("select count(*) from leaving").fetchone()
    if row and row[0]:
        for table in catalog.tables():
            if table.name != "events":
                where = "where position in (select position from leaving)"
                connection.execute(f"delete from facts.{table.name} {where}")  # noqa: S608  names of ours
        connection.execute(catalog.script("empty_events"))
    return row[0] if row else 0


def load_lines(
    connection: "DuckDBPyConnection",
    files: Sequence[Path],
    positions: range,
    columns: dict[str, str] | None = None,
) -> frozenset[str]:
    """Parse the events at `positions` into the temporary table `incoming`; gives their types.

    Raises NewerEvents. Lines of the files at other positions are passed over. Few lines are parsed
    in a third of the time with the `columns` alone that they need.
    """
    connection.execute("set variable line_columns = ?", [columns or line_columns()])
    connection.execute("set variable incoming_first = ?", [positions.start])
    connection.execute("set variable incoming_last = ?", [positions.stop - 1])
    parse(connection, files)
    return types_of(connection)


def parse(connection: "DuckDBPyConnection", files: Sequence[Path]) -> None:
    """Parse files into `incoming`, again from their beginning where one is sealed meanwhile."""
    from projections.engine import engine as duckdb

    connection.execute("set variable incoming_files = ?", [[str(file) for file in files]])
    try:
        connection.execute(catalog.script("incoming"))
    except duckdb.IOException:
        now = present_forms(files)
        if now == list(files):
            raise
        parse(connection, now)


def types_of(connection: "DuckDBPyConnection") -> frozenset[str]:
    """The types of the events in `incoming`; raises NewerEvents where one is not known here."""
    found = connection.execute("select distinct type, written_type from incoming").fetchall()
    unknown = sorted({written for _, written in found} - BY_TYPE.keys())
    if unknown:
        raise NewerEvents(unknown)
    return frozenset(name or ERASED for name, _ in found)


def chunks(log: LogView, size: int, first: int = 0) -> Iterator[list[Segment]]:
    """The segments that hold a log's events from `first` to below `size`, in groups.

    A group is parsed at once. What its first segment holds of earlier events is in it too.
    """
    group: list[Segment] = []
    weight = 0
    segments = log.segments()
    ends = [segment.first for segment in segments[1:]] + [size]
    for segment, end in zip(segments, ends, strict=True):
        if segment.first >= size:
            break
        if end <= first:
            continue
        length = segment.length
        if group and weight + length > CHUNK_BYTES:
            yield group
            group, weight = [], 0
        group.append(segment)
        weight += length
    if group:
        yield group
