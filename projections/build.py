"""Builds the view file: a DuckDB database that is made beside the old one and swapped whole."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from projections import catalog
from projections.fill import chunks, create_tables, insert_rows, load_lines
from projections.layers import create_layers, set_extent
from projections.log_view import LogView

FILE_NAME = "ledger.duckdb"


@dataclass(frozen=True)
class Built:
    """What a view file was built from: a log's size and root hash (hex), and the code."""

    path: Path
    size: int
    root: str
    code: str


def view_file(folder: Path) -> Path:
    """Where a ledger's view file lies."""
    return folder / "views" / FILE_NAME


def rebuild(log: LogView) -> Built:
    """Build the view file anew from the log, as far as it is signed, and swap it in whole."""
    with beside(view_file(log.folder)) as path:
        build_file(path, log, log.signed_size)
    return read_stamp(view_file(log.folder))


def merge(log: LogView, old: Built) -> Built:
    """Copy the view file, add the events signed since it was built, and swap it in whole."""
    with beside(old.path) as path:
        shutil.copyfile(old.path, path)
        with duckdb.connect(str(path)) as connection:
            with lines_in_file(log.tail(old.size)) as lines:
                load_lines(connection, [lines], range(old.size, log.signed_size))
            insert_rows(connection, "facts")
            stamp(connection, log, log.signed_size)
    return read_stamp(old.path)


def build_file(path: Path, log: LogView, size: int) -> None:
    """Build a view file of the log's first `size` events at a path where none lies."""
    path.write_bytes(empty_file())
    with duckdb.connect(str(path)) as connection:
        connection.execute("set preserve_insertion_order = false")
        for group in chunks(log, size):
            files = [segment.path for segment in group]
            load_lines(connection, files, range(group[0].first, size))
            insert_rows(connection, "facts")
        stamp(connection, log, size)


@cache
def empty_file() -> bytes:
    """A view file of no events: all tables and views, made once in a process and then copied."""
    with TemporaryDirectory(prefix="claims-") as made, lines_in_file(b"") as lines:
        path = Path(made) / FILE_NAME
        with duckdb.connect(str(path)) as connection:
            load_lines(connection, [lines], range(0))
            connection.execute("create schema facts")
            connection.execute("create table facts.built (size bigint, root varchar, code varchar)")
            connection.execute(catalog.script("hidden_table"))
            create_tables(connection, "facts")
            set_extent(connection, 0, [lines])
            create_layers(connection)
        return path.read_bytes()


def stamp(connection: duckdb.DuckDBPyConnection, log: LogView, size: int) -> None:
    """Write into the file what it was built from, and what its voids hide."""
    connection.execute("delete from facts.hidden; insert into facts.hidden from forms.hidden_ever")
    set_extent(connection, size, [segment.path for segment in log.segments()])
    connection.execute("delete from facts.built")
    connection.execute(
        "insert into facts.built values (?, ?, ?)",
        [size, log.root_at(size).hex(), catalog.code_digest()],
    )


def read_stamp(path: Path) -> Built:
    """Read what a view file says it was built from; raises duckdb.Error where it cannot."""
    with duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute("select size, root, code from facts.built").fetchone()
    if row is None:
        raise duckdb.InvalidInputException("no stamp")
    return Built(path, *row)


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A path for a new file that takes the target's place when all went well.

    Who holds the old file open keeps it. A write-ahead log that another program left beside it
    must not be taken for the new file's.
    """
    target.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix=".building-", dir=target.parent) as made:
        path = Path(made) / target.name
        yield path
        target.with_name(target.name + ".wal").unlink(missing_ok=True)
        path.replace(target)


@contextmanager
def lines_in_file(lines: bytes) -> Iterator[Path]:
    """Lines as a file that DuckDB can read, gone afterwards."""
    with TemporaryDirectory(prefix="claims-") as made:
        path = Path(made) / "lines.jsonl"
        path.write_bytes(lines)
        yield path
