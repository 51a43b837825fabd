"""Canonical digests of views: the same rows have the same digest, whoever built them and where.

The digest of a view is the SHA-256, in hex, of these bytes:

1. a header in UTF-8: the view's name and a newline, then for each column in order its name, a
   space, its DuckDB type and a newline, then an empty line;
2. the hashes of its rows, 32 bytes each, in ascending order. The hash of a row is the SHA-256 of
   its JSON text in UTF-8, as DuckDB's `to_json` writes it: one object with the columns in order,
   nulls written, a time in UTC as `2018-02-01 12:00:00.123456`.

Rules kept here:
- nothing but rows and types goes in: not their order, the number of threads, the path by which they
  came into the tables, nor the place or the machine on which they lie;
- a row that stands twice counts twice;
- only views of this project have digests, never those that users add;
- rows are hashed and sorted within DuckDB, which keeps to its limit of memory, and only hashes come
  out of it.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from projections import catalog

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 50_000  # hashes that are held as Python objects
_LAST_ORDER = re.compile(r"^order by\b[^;]*\Z", re.MULTILINE)  # of the outermost select alone


class Digest(NamedTuple):
    """How many rows a view has, and its digest in hex."""

    rows: int
    hex: str

    def __str__(self) -> str:
        return f"{self.hex} of {self.rows:,} {'row' if self.rows == 1 else 'rows'}"


def digests(connection: "DuckDBPyConnection", names: Iterable[str] | None = None) -> dict[str, str]:
    """The digest of every view, or of those named, as the connection sees them now, in hex."""
    return {name: found.hex for name, found in digest_views(connection, names)}


def digest_views(
    connection: "DuckDBPyConnection", names: Iterable[str] | None = None
) -> Iterator[tuple[str, Digest]]:
    """The views by name, each with its digest as soon as it is known; raises KeyError."""
    columns: dict[str, list[tuple[str, str]]] = {}
    for view, column, kind in connection.execute(catalog.query("view_columns")).fetchall():
        columns.setdefault(view, []).append((column, kind))
    wanted = sorted(view.name for view in catalog.views()) if names is None else names
    for name in wanted:
        view = catalog.view_named(name)
        # As anybody asks it, where that may be answered otherwise than by its select.
        select = f"from {name}" if "when" in view.header else unordered(view.select)
        yield name, _digest(connection, header(name, columns[name]), select)


def digest_rows(connection: "DuckDBPyConnection", name: str, select: str) -> Digest:
    """The digest of what a select statement gives, under a name."""
    columns = connection.execute(f"describe {select}").fetchall()
    return _digest(connection, header(name, [each[:2] for each in columns]), select)


def header(name: str, columns: Iterable[tuple[str, str]]) -> bytes:
    """What stands before the hashes of the rows: the name, and the columns with their types."""
    lines = [name, *(f"{column} {kind}" for column, kind in columns), "", ""]
    return "\n".join(lines).encode()


def _digest(connection: "DuckDBPyConnection", beginning: bytes, select: str) -> Digest:
    digest = sha256(beginning)
    reader = connection.execute(f"{row_hashes(select)} order by row_hash")
    count = 0
    while rows := reader.fetchmany(_AT_ONCE):
        digest.update(b"".join([row_hash for (row_hash,) in rows]))
        count += len(rows)
    return Digest(count, digest.hexdigest())


def row_hashes(select: str, *beside: str) -> str:
    """A select statement for the hash of each row of another one, after some of its columns."""
    columns = "".join(f"{name}, " for name in beside)
    return (
        f"select {columns}unhex(sha256(cast(to_json(each_row) as varchar))) as row_hash"  # noqa: S608  names of ours
        f" from ({select}\n) as each_row"
    )


def unordered(select: str) -> str:
    """A view's select without its last `order by`, by which every row would be sorted for nothing.

    It begins a line, as STYLE has it; those of inner selects are indented.
    """
    return _LAST_ORDER.sub("", select)
