"""A bare DuckDB table of events, inserted into."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from benchmarks.peers import encode
from events.record import Draft


class DuckStore:
    """A table without index or key."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def prepare(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        """The events as they are."""
        return drafts

    def append(self, prepared: Sequence[Draft]) -> None:
        """Encode and insert, in one statement: one commit."""
        types = [each.data.TYPE for each in prepared]
        subjects = [each.subject for each in prepared]
        contents = [encode(each).decode() for each in prepared]
        if len(prepared) == 1:
            self.connection.execute(
                "insert into events values (?, ?, ?)", [types[0], subjects[0], contents[0]]
            )
        else:
            self.connection.execute(
                "insert into events select unnest($1), unnest($2), unnest($3)",
                [types, subjects, contents],
            )

    def finish(self) -> None:
        """Nothing is left to do."""


@contextmanager
def open_store(folder: Path) -> Iterator[DuckStore]:
    """A new database in a folder."""
    with duckdb.connect(str(folder / "events.duckdb")) as connection:
        connection.execute("create table events (type varchar, subject varchar, content varchar)")
        yield DuckStore(connection)
