"""Finds the events that bear or make a name, however many events there are.

A name is `<noun>/<id>` of a thing that an event makes or revises, the key of a command,
`void/<position>` of what a void hides, or `reports/<id>` of the statement of a report that was
added to it.

Rules kept here:
- a view file holds 4 bytes of each name's hash with the position of its event, sorted; a property
  found an order of merges after which a name is missing there, so until that is mended names are
  looked for in the tables themselves;
- nothing of this is seen in a view.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from projections import catalog

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

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


_ASKED = (
    "with asked as materialized (select unnest($names) as name,"  # noqa: S608  names of ours
    " generate_subscripts($names, 1) - 1 as nth)"
    f" select nth, position from asked join ({catalog.script('named')}) as named using (name)"
)


class Names:
    """The names of a view file that is open."""

    def __init__(self, connection: "DuckDBPyConnection") -> None:
        self._connection = connection

    def positions(self, names: Sequence[str]) -> dict[str, list[int]]:
        """The events that may bear or make each of some names."""
        found: dict[str, list[int]] = {}
        if names:
            rows = self._connection.execute(_ASKED, {"names": list(names)}).fetchall()
            for nth, position in rows:
                found.setdefault(names[nth], []).append(position)
        return found
