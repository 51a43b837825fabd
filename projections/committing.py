"""Commits what was inserted into a view file while the next lines are parsed.

A commit compresses and writes what is left of each table, on one core; to parse takes them all. The
two need a connection each, and the rows that were parsed belong to one: so there are two of them,
which take turns.

Rules kept here:
- one group of lines is committed at a time, and all of them before the end;
- whatever goes wrong, nobody works on the file any more once this is left.
"""

from itertools import cycle
from typing import TYPE_CHECKING, Self

from projections.at_once import quiet_cursor
from projections.fill import commit_rows

if TYPE_CHECKING:
    from concurrent.futures import Future

    from duckdb import DuckDBPyConnection


class Committing:
    """Two connections to a view file that is being built, and a thread that commits."""

    def __init__(self, connection: "DuckDBPyConnection") -> None:
        from concurrent.futures import ThreadPoolExecutor

        self._cursors = [quiet_cursor(connection), quiet_cursor(connection)]
        self._turns = cycle(self._cursors)
        self._thread = ThreadPoolExecutor(1, "commit")
        self._running: Future[None] | None = None

    def next_cursor(self) -> "DuckDBPyConnection":
        """The connection that is not committing."""
        return next(self._turns)

    def begin(self, cursor: "DuckDBPyConnection") -> None:
        """Begin to commit what was inserted on a connection."""
        self._running = self._thread.submit(commit_rows, cursor)

    def wait(self) -> None:
        """Wait until all is committed that was begun; raises duckdb.Error where that failed."""
        if self._running is not None:
            self._running.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._thread.shutdown()
        for cursor in self._cursors:
            cursor.close()
        if kind is None:
            self.wait()
