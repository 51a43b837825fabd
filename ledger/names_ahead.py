"""Asks the view file for names while the ledger is taken up for writing, which needs no DuckDB.

Both take some milliseconds, one in DuckDB, the other at the disk and in Python.

Rules kept here:
- a view file that is open never changes, so that it does not matter when it was asked;
- what came since then is not in it: whoever asks looks there, once the writer's lock is held.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from projections.database import Database
from projections.names import Names

if TYPE_CHECKING:
    from concurrent.futures import Future


class NamesAhead:
    """The names of the view file of a database; ahead they are asked on a connection apart."""

    def __init__(self, views: Database) -> None:
        self._views = views
        self._names = Names(views.connection)
        self._asked: set[str] = set()
        self._found: Future[dict[str, list[int]]] | None = None

    @cached_property
    def _apart(self) -> "_Apart":
        return _Apart(self._views)

    def begin(self, names: Sequence[str]) -> None:
        """Begin to ask for names; what was begun before is forgotten."""
        self._end()
        self._asked = set(names)
        self._found = self._apart.begin(names) if names else None

    def positions(self, names: Sequence[str]) -> dict[str, list[int]]:
        """The events that may bear or make each of some names, as `Names` finds them."""
        begun, self._found = self._found, None
        if begun is None:
            return self._names.positions(names)
        found = begun.result()
        return found | self._names.positions([each for each in names if each not in self._asked])

    def _end(self) -> None:
        """Wait for what was begun, which nobody wants any more."""
        if self._found:
            self._found.exception()
            self._found = None

    def close(self) -> None:
        """Let go of the connection apart and of its thread; the other is the database's."""
        self._end()
        if "_apart" in self.__dict__:
            self._apart.close()


class _Apart:
    """A thread with a connection of its own."""

    def __init__(self, views: Database) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self._connection = views.beside()
        self._names = Names(self._connection)
        self._threads = ThreadPoolExecutor(1, "names-ahead")

    def begin(self, names: Sequence[str]) -> "Future[dict[str, list[int]]]":
        return self._threads.submit(self._names.positions, names)

    def close(self) -> None:
        self._threads.shutdown()
        self._connection.close()
