"""What can be asked: every view with its columns, and some queries to begin with."""

from collections.abc import Sequence
from typing import NamedTuple

from ledger.asker import Asker, Row
from projections import catalog
from projections.columns import meaning


class Example(NamedTuple):
    """A query to begin with, and what it asks, in words."""

    title: str
    sql: str


EXAMPLES = (
    Example(
        "How many militants were claimed, by whom, for which time",
        "select reference_period, speaker, claimed, unit, quote\nfrom militant_estimates",
    ),
    Example(
        "Who makes most statements, and how many of them are denied",
        "select speaker, statements, reports, denied\nfrom claims_by_speaker\n"
        "order by statements desc\nlimit 20",
    ),
    Example(
        "Statements by the year in which they were made",
        "select year(said_at_earliest) as year, count(*) as statements\nfrom statements\n"
        "where said_at_earliest is not null\ngroup by all\norder by year",
    ),
    Example(
        "What was told again, where, and how much later",
        "select statement_id, nth, outlet, lag_days, quote\nfrom repetitions\nwhere nth > 1\n"
        "order by lag_days desc nulls last",
    ),
    Example(
        "Who denies whom, in which words",
        "select speaker, denied_speaker, said_at, quote, reported_by\nfrom denials",
    ),
    Example(
        "The same question at an earlier moment: when the ledger had 100 events",
        "set variable as_of = 100;\nselect speech_act, count(*) as statements\nfrom statements\n"
        "group by all\norder by statements desc",
    ),
    Example("The columns of a view", "describe estimates_over_time"),
)


def described_views(ask: Asker) -> list[Row]:
    """Every view that people ask, by name: its grain, why there is one, and its columns."""
    columns: dict[str, list[Row]] = {}
    for row in ask.named("view_columns"):
        view, name = row["table_name"], row["column_name"]
        said = {"name": name, "type": row["data_type"], "meaning": meaning(view, name)}
        columns.setdefault(view, []).append(said)
    views = sorted(catalog.views(), key=lambda each: each.name)
    return [
        {
            "name": view.name,
            "grain": view.header["grain"],
            "why": view.header["why"],
            "columns": columns.get(view.name, []),
        }
        for view in views
    ]


def first_query(view: str, columns: Sequence[Row]) -> str:
    """A query that shows a view: the columns that people look at first, and some rows."""
    names = {column["name"] for column in columns}
    brief = [name for name in catalog.view_named(view).brief if name in names]
    shown = ", ".join(f'"{name}"' if name in _WORDS else name for name in brief) or "*"
    return f"select {shown}\nfrom {view}\nlimit 100"


_WORDS = frozenset(("left", "right", "from", "to"))  # of SQL itself
