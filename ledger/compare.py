"""What changed between two moments: the rows of views then and now, and the events between."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from projections import catalog

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from projections.catalog import Definition
    from projections.database import Database

# What was recorded, each thing once; other views are worked out from these.
RECORDED = (
    "statements", "reports", "estimates", "relations", "assessments", "speakers", "sources",
    "measures", "judgements",
)  # fmt: skip

BRIEF = ("view", "key", "change", "what", "position", "recorded_at", "actor", "reason")

# Which event a row's form came from: it says where a change was made, and is no change itself.
BOOKKEEPING = {"position", "recorded_at", "actor"}


def compare(
    views: "Database", start: int, stop: int, names: Iterable[str] = RECORDED
) -> "DuckDBPyRelation":
    """The rows of views that differ between two sizes, with the event of each difference.

    Columns: view, key, change (added, removed, changed), what (in words), fields (JSON: field, old,
    new), and position, type, recorded_at, actor and reason of the event. `start` is not above
    `stop`; the views stay as of `stop`.
    """
    connection = views.connection
    definitions = [catalog.view_named(name) for name in names]
    for size, prefix in ((start, "old"), (stop, "new")):
        views.set_as_of(size)
        for each in definitions:
            connection.execute(
                f"create or replace temp table {prefix}_{each.name} as from {each.name}"
            )
    make = "create or replace temp table changes as"
    for each in definitions:
        take_rows(connection, each)
        connection.execute(
            f"{make} {catalog.query('differences')}", {"view": each.name, "brief": each.brief}
        )
        make = "insert into changes"
    connection.execute(
        f"create or replace temp table caused as {catalog.query('causes')}",
        {"start": start, "stop": stop},
    )
    return connection.sql("from caused")


def take_rows(connection: "DuckDBPyConnection", view: "Definition") -> None:
    """Make the two snapshots of a view comparable: the key, the position, and all else as one."""
    columns = connection.table(f"temp.old_{view.name}").columns
    body = ", ".join(f"'{name}': \"{name}\"" for name in compared_columns(view, columns))
    keys = ", ".join(f'"{name}"' for name in listed(view, "key"))
    place = "position" if "position" in columns else "null::bigint"
    select = f"select concat_ws(' ', {keys}) as key, {place} as position, {{{body}}} as body"
    for prefix in ("old", "new"):
        connection.execute(
            f"create or replace temp table {prefix}_rows as {select} from temp.{prefix}_{view.name}"
        )


def compared_columns(view: "Definition", columns: Sequence[str]) -> list[str]:
    """The columns whose change is one of the row: neither worked out from elsewhere nor bounds."""
    passed_over = BOOKKEEPING | set(listed(view, "derived"))
    passed_over |= {f"{name}_{side}" for name in columns for side in ("earliest", "latest")}
    return [name for name in columns if name not in passed_over - set(listed(view, "key"))]


def listed(view: "Definition", word: str) -> list[str]:
    """The column names after a word of a view's header."""
    return [name.strip() for name in view.header.get(word, "").split(",") if name.strip()]
