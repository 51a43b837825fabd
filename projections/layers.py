"""Lays the views over the tables: as-of bounds first, then what counts, then what people ask.

A view file answers, in any DuckDB client, for the events that it was built from. Our own
connections say by session variables what came since: `tail_<name>` is the table that holds what a
table lacks, `ledger_size` and `log_files` how far it reaches. Where they are unset, the file speaks
alone.

What a question does not need is not planned: which table or view a name stands for is chosen while
DuckDB binds it, by macros over these variables and over what the file says of itself.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from projections import catalog
from projections.kept import SEEN, create_kept
from projections.log_files import either_form

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


SCHEMAS = ("facts", "nothing", "whole", "stood", "seen", "forms", "worked")  # besides `main`


def create_layers(connection: "DuckDBPyConnection") -> None:
    """Make the macros and views over the tables in the schema `facts`."""
    for schema in SCHEMAS[1:]:
        connection.execute(f"create schema {schema}")
    create_macros(connection)
    create_kept(connection)
    connection.execute(catalog.script("as_of"))
    connection.execute(catalog.script("choices"))
    connection.execute(catalog.script("macros"))
    connection.execute(catalog.script("segments"))
    for table in catalog.tables():
        name = table.name
        connection.execute(f"create table nothing.{name} as from facts.{name} limit 0")
        connection.execute(f"create view whole.{name} as from query_table(whole_of('{name}'))")
        create_seen(connection, name, "whole")
    for name in SEEN:
        create_seen(connection, name, "facts")
    for view in (*catalog.forms(), *catalog.views()):
        for statement in makers(view):
            connection.execute(statement)


def create_macros(connection: "DuckDBPyConnection") -> None:
    """Make the macros that tell what lies beside a view file, by session variables."""
    for macro in (
        "tail_of(name) as coalesce(getvariable('tail_' || name), 'nothing.' || name)",
        "has_tail(name) as getvariable('tail_' || name) is not null",
        "has_kept(name) as getvariable(name || '_table') is not null",
        "hidden_table() as coalesce(getvariable('hidden_table'), 'facts.hidden')",
        "erased_table() as coalesce(getvariable('erased_table'), 'facts.erased')",
    ):
        connection.execute(f"create macro {macro}")
    set_filled(connection)


def create_seen(connection: "DuckDBPyConnection", name: str, held: str) -> None:
    """Let the schema `seen` have of a table what stood at the moment that is looked at."""
    connection.execute(
        f"create view stood.{name} as from {held}.{name} where stood(position, recorded_at)"
    )
    connection.execute(f"create view seen.{name} as from query_table(seen_of('{name}', '{held}'))")


def makers(view: catalog.Definition) -> Iterator[str]:
    """The statements that make a view; where its select is not always needed, two views."""
    name, condition = view.name, view.header.get("when")
    if condition is None:
        yield f"create view {view.qualified_name} as {view.select}"
        return
    yield f"create view worked.{name} as {view.select}"
    instead = view.header["else"]
    if instead == catalog.NOTHING:
        instead = f"nothing.{name}"
        yield f"create table {instead} as from worked.{name} limit 0"
    yield (
        f"create view {view.qualified_name} as"
        f" from query_table(if({condition}, 'worked.{name}', '{instead}'))"
    )


def empty_tables() -> list[str]:
    """The names of the tables in the schema `nothing`."""
    unneeded = [form.name for form in catalog.forms() if form.header.get("else") == catalog.NOTHING]
    return sorted((*(table.name for table in catalog.tables()), *unneeded, "later"))


def set_filled(connection: "DuckDBPyConnection") -> None:
    """Write into the file which of its tables have any rows, as they are now."""
    names = ", ".join(map(quoted, filled_tables(connection)))
    connection.execute(f"create or replace macro filled_tables() as [{names}]")


def filled_tables(connection: "DuckDBPyConnection") -> list[str]:
    """Which of the tables that a view may be without have any rows in the file."""
    names = sorted((*(table.name for table in catalog.tables()), "hidden", "erased"))
    asked = ", ".join(f"exists(from facts.{name})" for name in names)
    row = connection.execute(f"select {asked}").fetchone()
    return [name for name, found in zip(names, row or (), strict=True) if found]


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
