"""Finds the events that bear or make a name, however many events there are.

A name is `<noun>/<id>` of a thing that an event makes or revises, the key of a command,
`void/<position>` of what a void hides, or `reports/<id>` of the statement of a report that was
added to it.

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


def positions_named(connection: "DuckDBPyConnection", names: Sequence[str]) -> dict[str, list[int]]:
    """Events of the view file that may bear or make each of some names."""
    if not names:
        return {}
    if len(names) < MANY:
        rows = connection.execute(_search(len(names)), list(names) * len(_TABLES)).fetchall()
    else:
        rows = connection.execute(_READ, {"names": list(names)}).fetchall()
    found: dict[str, list[int]] = {}
    for nth, position in rows:
        found.setdefault(names[nth], []).append(position)
    return found


def _search(count: int) -> str:
    """A query for so many names: each a comparison of its own, which skips all other blocks."""
    return " union all ".join(
        f"select {nth}, position from facts.{table} where digest = {_DIGEST.format('?')}"  # noqa: S608  names of ours
        for table in _TABLES
        for nth in range(count)
    )


_READ = f"""
with asked as materialized (
    select unnest($names) as name, generate_subscripts($names, 1) - 1 as nth
)

select nth, position from asked join facts.names on digest = {_DIGEST.format("name")}
union all
select nth, position from asked join facts.names_since on digest = {_DIGEST.format("name")}
"""  # noqa: S608  names of ours
