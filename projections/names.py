"""Finds the events that bear or make a name, however many events there are.

A name is `<noun>/<id>` of a thing that an event makes or revises, the key of a command,
`void/<position>` of what a void hides, or `reports/<id>` of the statement of a report that was
added to it or revised.

Rules kept here:
- a view file holds 4 bytes of each name's hash with the position of its event, sorted: DuckDB reads
  the one block in which a name may lie;
- what is found may bear another name with the same hash: whoever asks looks at the event;
- nothing of this is seen in a view.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from projections import catalog

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MANY = 24  # names, from which on one reading of all digests is quicker than a search for each
FOLD_ROWS = 1_000_000  # of later merges, which are sorted anew by each of them
FOLD_SHARE = 8  # how many times larger the sorted rows are, before the two are sorted together

_DIGEST = "cast(hash({}) >> 32 as uinteger)"  # DuckDB's own hash: a view file is of one version
_TABLES = ("names", "names_since")


def fill_names(connection: "DuckDBPyConnection", first: int = 0) -> None:
    """Take into a view file the names of its events from a position on, which have none yet."""
    fresh = (
        f"select {_DIGEST.format('name')} as digest, position"  # noqa: S608  names of ours
        f" from ({catalog.script('named')}) where position >= {first}"
    )
    if first == 0:
        connection.execute(f"insert into facts.names {fresh} order by digest")
        return
    connection.execute(f"create temp table fresh_names as {fresh} union all from facts.names_since")
    row = connection.execute(
        "select (select count(*) from fresh_names), (select count(*) from facts.names)"
    ).fetchone()
    later, sorted_rows = row or (0, 0)
    if later * FOLD_SHARE > sorted_rows or later > FOLD_ROWS:
        connection.execute("insert into fresh_names from facts.names")
        target, other = _TABLES
    else:
        other, target = _TABLES
    connection.execute(
        f"create or replace table facts.{target} as from fresh_names order by digest"
    )
    if target == "names":
        connection.execute(f"create or replace table facts.{other} as from facts.{other} limit 0")
    connection.execute("drop table fresh_names")


class Names:
    """The names of a view file that is open."""

    def __init__(self, connection: "DuckDBPyConnection") -> None:
        self._connection = connection
        self._tables = [
            table
            for table in _TABLES
            if connection.execute(f"from facts.{table} limit 1").fetchone()
        ]

    def positions(self, names: Sequence[str]) -> dict[str, list[int]]:
        """The events that may bear or make each of some names."""
        found: dict[str, list[int]] = {}
        if not names or not self._tables:
            return found
        if len(names) < MANY:
            words = list(names) * len(self._tables)
            asked = self._connection.execute(self._each(len(names)), words)
        else:
            asked = self._connection.execute(self._all(), {"names": list(names)})
        for nth, position in asked.fetchall():
            found.setdefault(names[nth], []).append(position)
        return found

    def _each(self, count: int) -> str:
        """A query for so many names: each a comparison of its own, which skips other blocks."""
        return " union all ".join(
            f"select {nth}, position from facts.{table} where digest = {_DIGEST.format('?')}"  # noqa: S608  names of ours
            for table in self._tables
            for nth in range(count)
        )

    def _all(self) -> str:
        """A query for many names, which reads all digests."""
        asked = "select unnest($names) as name, generate_subscripts($names, 1) - 1 as nth"
        same = f"digest = {_DIGEST.format('name')}"
        parts = " union all ".join(
            f"select nth, position from asked join facts.{table} on {same}"  # noqa: S608  names of ours
            for table in self._tables
        )
        return f"with asked as materialized ({asked}) {parts}"
