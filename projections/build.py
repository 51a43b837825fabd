"""Builds the view file: a DuckDB database that is made beside the old one and swapped whole."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from projections import catalog
from projections.at_once import at_once_if_small
from projections.committing import Committing
from projections.empty import kept_or_made
from projections.engine import engine as duckdb
from projections.errors import ErasurePending, Superseded
from projections.fill import (
    chunks,
    commit_rows,
    create_tables,
    insert_rows,
    load_lines,
    remove_unerased,
)
from projections.fingerprint import swap_in
from projections.kept import drop_recorded, fill_kept, fill_recorded, fill_whole
from projections.layers import create_layers, set_extent, set_filled
from projections.log_view import LogView
from projections.names import fill_names
from projections.stamp import FILE_NAME, Stamp, identity_of, keep, read_kept, view_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILLED_AT_ONCE = 2_000_000  # events: what is kept of more is joined within the memory bound
FEW = 50_000  # events: a tail of fewer is parsed alone, without the segments that it lies in

# What DuckDB holds at once while it builds; the rest lies beside the file, and goes with it. Row
# groups that are not full stay as they are: to write them anew with each commit, which is what a
# vacuum task does, takes as long as all inserts. The blocks that it holds it keeps for the next
# ones: to have the system give and clear them again and again takes a twentieth of a build.
BOUNDED: dict[str, str | bool | int | float | list[str]] = {
    "block_allocator_memory": "1700MB", "write_buffer_row_group_count": 1, "max_vacuum_tasks": 0,
}  # fmt: skip
MEMORY = ("1900MB", "2600MB", "4GB")  # each is tried where the one before it was not enough

T = TypeVar("T")


@dataclass(frozen=True)
class Built:
    """What a view file was built from: a log's size and root hash (hex), and the code."""

    path: Path
    size: int
    root: str
    code: str


def rebuild(log: LogView) -> Built:
    """Build the view file anew from the log, as far as it is signed, and swap it in whole.

    Raises ErasurePending, and leaves no file, where a redaction is on its way.
    """
    size = log.signed_size
    with beside(view_file(log.folder)) as path:
        if build_file(path, log, size):
            raise ErasurePending
    return swapped(log, view_file(log.folder), size)


def merge(log: LogView, old: Built) -> Built:
    """Copy the view file, add the events signed since it was built, and swap it in whole.

    Raises like `rebuild`, also where content was erased since the file was built; Superseded.
    """
    size = log.signed_size
    with beside(old.path) as path:

        def merged(memory: str) -> None:
            shutil.copyfile(old.path, path)
            with building(path, memory) as connection:
                check_is(connection, old)
                filled = add_events(connection, log, range(old.size, size))
                if remove_unerased(connection):
                    raise ErasurePending
                stamp(connection, log, size, old.size, filled)

        with_memory_enough(path, merged)
    return swapped(log, old.path, size)


def swapped(log: LogView, path: Path, size: int) -> Built:
    """The view file that was swapped in, unless content was erased while it was being built.

    Whoever erases first records it and drops the view files last: a file that was swapped in after
    that is dropped here.
    """
    if log.redacted_since(size):
        path.unlink(missing_ok=True)
        raise ErasurePending
    return keep_stamp(path)


def quick_stamp(path: Path) -> Built:
    """What is kept of a view file, else what it says itself; raises like `read_stamp`."""
    kept = read_kept(path)
    return Built(path, kept.size, kept.root, kept.code) if kept else read_stamp(path)


def keep_stamp(path: Path) -> Built:
    """Read what a view file says it was built from, and keep it beside the file."""
    before = identity_of(path)
    built = read_stamp(path)
    if identity_of(path) == before:  # another one may have been swapped in meanwhile
        keep(path, Stamp(built.size, built.root, built.code, before))
    return built


def building(path: Path, memory: str) -> "DuckDBPyConnection":
    """A connection to a file that is being built, within bounds; it tells nobody how far it is."""
    connection = duckdb.connect(str(path), config={**BOUNDED, "memory_limit": memory})
    connection.execute("set enable_progress_bar = false")  # it would go to stdout
    return connection


def with_memory_enough(path: Path, build: Callable[[str], T]) -> T:
    """Build a file from its beginning, with more memory where the bound is not enough.

    How much DuckDB needs at once depends on what it is given and on how its threads take turns.
    """
    for memory in MEMORY[:-1]:
        with suppress(duckdb.OutOfMemoryException):
            return build(memory)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
    return build(MEMORY[-1])


def build_file(path: Path, log: LogView, size: int) -> int:
    """Build a view file of the log's first `size` events at a path where none lies.

    Tells how many of them a redaction names that are not erased yet; the file does not show them,
    but may still hold their bytes.
    """
    return with_memory_enough(path, lambda memory: build_within(memory, path, log, size))


def build_within(memory: str, path: Path, log: LogView, size: int) -> int:
    """Build it; raises OutOfMemoryException where that is not enough memory."""
    path.write_bytes(empty_file())
    with building(path, memory) as connection:
        connection.execute("set preserve_insertion_order = false")
        filled = add_events(connection, log, range(size))
        pending = remove_unerased(connection)
        if pending:
            filled = drop_recorded(connection)
        stamp(connection, log, size, 0, filled)
    return pending


def add_events(connection: "DuckDBPyConnection", log: LogView, positions: range) -> int:
    """Add events of a log to the tables of a view file, group by group.

    Gives the position from which on `fill_recorded` is still to take them in.
    """
    if positions.start and len(positions) < FEW:
        with lines_in_file(log.tail(positions.start)) as lines:
            types = load_lines(connection, [lines], positions)
        insert_rows(connection, types)
        commit_rows(connection)
        return positions.start
    filled = positions.start
    with Committing(connection) as committing:
        for group in chunks(log, positions.stop, positions.start):
            first = max(group[0].first, positions.start)
            cursor = committing.next_cursor()
            files = [segment.path for segment in group]
            types = load_lines(cursor, files, range(first, positions.stop))
            committing.wait()
            if first - filled >= FILLED_AT_ONCE:
                fill_recorded(cursor, filled)
                filled = first
            insert_rows(cursor, types)
            committing.begin(cursor)
    return filled


@cache
def empty_file() -> bytes:
    """A view file of no events: all tables and views, kept for the next process."""
    return kept_or_made(make_empty_file)


def make_empty_file() -> bytes:
    """Make a view file of no events."""
    with TemporaryDirectory(prefix="claims-") as made, lines_in_file(b"") as lines:
        path = Path(made) / FILE_NAME
        with duckdb.connect(str(path)) as connection:
            load_lines(connection, [lines], range(0))
            connection.execute("create schema facts")
            connection.execute("create table facts.built (size bigint, root varchar, code varchar)")
            connection.execute(catalog.script("hidden_table"))
            connection.execute(catalog.script("erased_table"))
            connection.execute(catalog.script("names_table"))
            create_tables(connection, "facts")
            set_extent(connection, 0, [lines])
            create_layers(connection)
        return path.read_bytes()


def stamp(
    connection: duckdb.DuckDBPyConnection, log: LogView, size: int, first: int, filled: int
) -> None:
    """Write into the file its names, what is kept of views, and what it was built from.

    Events below `first` were in it when it was stamped before; those below `filled` were taken in
    by `fill_recorded`.
    """
    set_filled(connection)  # before anything is asked, which leaves out what it takes to be empty
    at_once_if_small(
        connection,
        size,
        lambda cursor: fill_names(cursor, first),
        lambda cursor: fill_beside(cursor, first, filled),
    )
    set_filled(connection)  # with what was found to be hidden or erased
    fill_whole(connection, size)
    set_extent(connection, size, [segment.path for segment in log.segments()])
    connection.execute("delete from facts.built")
    connection.execute(
        "insert into facts.built values (?, ?, ?)",
        [size, log.root_at(size).hex(), catalog.code_digest()],
    )


def fill_beside(connection: duckdb.DuckDBPyConnection, first: int, filled: int) -> None:
    """Take into a view file what its events from a position on add to what is kept of views."""
    fill_recorded(connection, filled)
    connection.execute("delete from facts.hidden; insert into facts.hidden from forms.hidden_ever")
    fill_kept(connection, first)
    if erased_any(connection, "facts"):
        connection.execute(
            "delete from facts.erased; insert into facts.erased from forms.erased_ever"
        )


def erased_any(connection: duckdb.DuckDBPyConnection, schema: str) -> bool:
    """Whether the tables of a schema hold an event whose content was erased."""
    found = connection.execute(f"from {schema}.events where redacted_by is not null limit 1")
    return found.fetchone() is not None


def check_is(connection: duckdb.DuckDBPyConnection, expected: Built) -> None:
    """Raise Superseded where a file that was opened is not the one of which this was read."""
    row = connection.execute("select size, root, code from facts.built").fetchone()
    if row != (expected.size, expected.root, expected.code):
        raise Superseded


def read_stamp(path: Path) -> Built:
    """Read what a view file says it was built from; raises duckdb.Error where it cannot."""
    with duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute("select size, root, code from facts.built").fetchone()
    if row is None or [type(each) for each in row] != [int, str, str] or row[0] < 0:
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
        swap_in(path, target)


@contextmanager
def lines_in_file(lines: bytes) -> Iterator[Path]:
    """Lines as a file that DuckDB can read, gone afterwards."""
    with TemporaryDirectory(prefix="claims-") as made:
        path = Path(made) / "lines.jsonl"
        path.write_bytes(lines)
        yield path
