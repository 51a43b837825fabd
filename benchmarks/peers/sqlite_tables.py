"""`sqlite-utils`: a table of events in SQLite, one row each."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from benchmarks.peers import encode
from events.record import Draft


class TableStore:
    """A table that is made by the first insert; SQLite counts its rows."""

    def __init__(self, database: Database) -> None:
        self.table: Any = database["events"]

    def prepare(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        """The events as they are."""
        return drafts

    def append(self, prepared: Sequence[Draft]) -> None:
        """Encode and insert, in one transaction."""
        rows = [
            {"type": each.data.TYPE, "subject": each.subject, "content": encode(each).decode()}
            for each in prepared
        ]
        self.table.insert_all(rows, batch_size=len(rows))

    def finish(self) -> None:
        """Nothing is left to do."""


@contextmanager
def open_store(folder: Path) -> Iterator[TableStore]:
    """A new database in a folder, which syncs at every commit."""
    connection = sqlite3.connect(folder / "events.sqlite")
    connection.execute("pragma synchronous = full")
    connection.execute("pragma fullfsync = on")  # on macOS; elsewhere it does nothing
    database = Database(connection)
    database.enable_wal()
    try:
        yield TableStore(database)
    finally:
        connection.close()
