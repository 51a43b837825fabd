"""Checks of the data: queries that select what should not be recorded as it is.

Rules kept here:
- a check is one file of `checks/`, named after it; its header says what it finds, why that matters
  and what to do about it, and each row says it once more with the values that are there;
- a check follows `as_of` as every view does, and looks only at what counts at that moment;
- nothing is judged row by row outside of SQL, and nothing is written but a temporary table.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from projections import catalog
from projections.catalog import Definition

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

SEVERITIES = ("error", "warning", "note")  # the gravest first
COLUMNS = ("severity", "check", "subject", "position", "finding", "way_out")

Told = Callable[[int, int], None]  # how many checks are done, and how many there are


@cache
def checks() -> tuple[Definition, ...]:
    """Every check, the gravest first, then by name."""
    return tuple(
        sorted(
            catalog.read_folder("checks"),
            key=lambda check: (SEVERITIES.index(check.header["severity"]), check.name),
        )
    )


@cache
def macros() -> tuple[Definition, ...]:
    """What checks have in common: how they read numbers, hedges and names."""
    return catalog.in_order(catalog.read_folder("checks/macros"))


def run_checks(
    connection: "DuckDBPyConnection", chosen: Sequence[Definition], told: Told = lambda _, __: None
) -> None:
    """Put what some checks find, at the moment looked at, into the temporary table `findings`."""
    for shared in macros():
        connection.execute(shared.select).fetchall()
    connection.execute(catalog.script("checks/findings/table")).fetchall()
    for done, check in enumerate(chosen):
        told(done, len(chosen))
        connection.execute(
            f"insert into temp.findings select $severity, $name, * from ({check.select})",  # noqa: S608  a file of ours
            {"severity": check.header["severity"], "name": check.name},
        ).fetchall()
    told(len(chosen), len(chosen))


def findings(connection: "DuckDBPyConnection", most: int | None = None) -> "DuckDBPyRelation":
    """What was found, the gravest first; of each check at most so many, those recorded first."""
    sql = catalog.read_definition(catalog.HERE / "checks" / "findings" / "rows.sql").select
    return connection.sql(sql, params={"most": most})


def counts(connection: "DuckDBPyConnection") -> dict[str, int]:
    """How much each check found, of those that found anything."""
    sql = 'select "check", count(*) from temp.findings group by all'
    return dict(connection.execute(sql).fetchall())
