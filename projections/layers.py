"""Lays the views over the tables: as-of bounds first, then what counts, then what people ask.

A view file answers, in any DuckDB client, for the events that it was built from. Our own
connections say by session variables what came since: `tail_<name>` is the table that holds what a
table lacks, `ledger_size` and `log_files` how far it reaches. Where they are unset, the file speaks
alone.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from projections import catalog
from projections.kept import SEEN, create_kept
from projections.log_files import either_form

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


SCHEMAS = ("facts", "nothing", "whole", "seen", "forms")  # of a view file, besides `main`


def create_layers(connection: "DuckDBPyConnection") -> None:
    """Make the macros and views over the tables in the schema `facts`."""
    connection.execute("create schema nothing; create schema whole")
    connection.execute("create schema seen; create schema forms")
    connection.execute(
        "create macro tail_of(name) as coalesce(getvariable('tail_' || name), 'nothing.' || name)"
    )
    connection.execute(
        "create macro hidden_table() as coalesce(getvariable('hidden_table'), 'facts.hidden')"
    )
    connection.execute(
        "create macro erased_table() as coalesce(getvariable('erased_table'), 'facts.erased')"
    )
    create_kept(connection)
    connection.execute(catalog.script("as_of"))
    connection.execute(catalog.script("macros"))
    for table in catalog.tables():
        name = table.name
        connection.execute(f"create table nothing.{name} as from facts.{name} limit 0")
        connection.execute(
            f"create view whole.{name} as"
            f" from facts.{name} union all from query_table(tail_of('{name}'))"
        )
        connection.execute(
            f"create view seen.{name} as from whole.{name} where stood(position, recorded_at)"
        )
    for name in SEEN:
        connection.execute(
            f"create view seen.{name} as from facts.{name} where stood(position, recorded_at)"
        )
    for view in (*catalog.forms(), *catalog.views()):
        connection.execute(f"create view {view.qualified_name} as {view.select}")


def set_extent(connection: "DuckDBPyConnection", size: int, files: Iterable[Path]) -> None:
    """Write into the file how many events it was built from and which files hold their lines."""
    names = ", ".join(quoted(either_form(file.resolve())) for file in files)
    connection.execute(
        "create or replace macro ledger_size() as"
        f" coalesce(cast(getvariable('ledger_size') as bigint), cast({size} as bigint))"
    )
    connection.execute(
        f"create or replace macro log_files() as coalesce(getvariable('log_files'), [{names}])"
    )


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
