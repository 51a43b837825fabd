"""The views of a ledger at one size, laid out for many small questions one after another.

The views of a file follow session variables and take in a tail; to plan one takes longer than to
answer a small question by it. A pinned moment lays the same forms and views over the same tables
anew, in a database in memory, and knows what does not change any more: its size and its tail. What
is small (what is hidden, who is who, what answers what) it works out once and keeps as tables.

Rules kept here:
- forms and views are the catalog's own text: a pinned moment gives the rows that any other
  connection gives as of its size;
- nothing of a pinned moment changes, so that what is made of it can be kept; what it holds in
  memory is gone when nobody refers to it any more;
- many threads may ask at once, each on a cursor of its own.
"""

from contextlib import contextmanager, suppress
from itertools import count
from threading import Lock, local
from typing import TYPE_CHECKING, Any
from weakref import finalize

from projections import catalog
from projections.engine import engine
from projections.kept import RECORDED, SEEN, TOUCHED, WHOLE
from projections.layers import SCHEMAS, makers, quoted
from projections.log_files import either_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duckdb import DuckDBPyConnection

    from projections.catalog import Definition
    from projections.database import Database

Row = dict[str, Any]

_SCHEMAS = (*SCHEMAS, "tail", "kept")

# Forms that have a row for each void, judgement, relation, speaker or measure, or for each
# statement that was touched: few beside statements and reports.
_SMALL = frozenset((
    "hidden", "hidden_events", "erased", "reasons", "touched", "touched_statements", "judgements",
    "relations", "canonical_speakers", "speakers_in_form", "measures_in_form", "gone_itself",
    "gone_speakers", "gone_measures", "gone_sources", "gone_reports", "gone_statements",
))  # fmt: skip

# By the macros that views find them by: what is kept beside the tables, and the tail's own of it.
_KEPT = {
    "hidden_table": "hidden",
    "erased_table": "erased",
    "voided_table": "voided",
    "later_table": "later",
}

_numbers = count()


class Pinned:
    """A ledger's views as of a size, in any number of threads; implements `ledger.asker.Asker`."""

    def __init__(self, database: "Database", size: int) -> None:
        """Lay the views out; `database` may go on to take in more, but is asked by one thread."""
        self.size = size
        self.name = f"pinned_{next(_numbers)}"
        self._parent = database.connection.cursor()
        self._threads = local()
        self._lock = Lock()
        self._turns: dict[str, Lock] = {}
        self._done: set[str] = set()
        finalize(self, _let_go, self._parent, self.name)
        for statement in _layout(database, size, self.name):
            self._parent.execute(statement)

    def sql(self, text: str, /, **parameters: Any) -> list[Row]:  # noqa: ANN401  values of SQL
        """The rows of a select over the views; raises duckdb.Error."""
        cursor = self.cursor()
        cursor.execute(text, parameters)
        names = [name for name, *_ in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def named(self, query: str, /, **parameters: Any) -> list[Row]:  # noqa: ANN401  values of SQL
        """The rows of one of the queries of this package; raises duckdb.Error."""
        return self.sql(catalog.query(query), **parameters)

    def keep(self, *views: str) -> None:
        """Make tables of some views that people ask, the first time that they are wanted.

        They keep their names, and what reads them reads the tables from then on.
        """
        for name in views:
            self._once(name, _kept_view(name))

    def kept(self, query: str) -> str:
        """The name of a table that holds what one of the queries of this package gives."""
        self._once(f"kept.{query}", [f"create table kept.{query} as {catalog.query(query)}"])
        return f"kept.{query}"

    def _once(self, name: str, statements: "Iterable[str]") -> None:
        """Run some statements as one, the first time that they are asked for."""
        with self._lock:
            turn = self._turns.setdefault(name, Lock())
        with turn:
            if name in self._done:
                return
            cursor = self.cursor()
            with _transaction(cursor):
                for statement in statements:
                    cursor.execute(statement)
            self._done.add(name)

    def cursor(self) -> "DuckDBPyConnection":
        """This thread's own connection; its unqualified names are those of this moment."""
        found: DuckDBPyConnection | None = getattr(self._threads, "cursor", None)
        if found is None:
            found = self._parent.cursor()
            found.execute(f"use {self.name}")
            self._threads.cursor = found
        return found


@contextmanager
def _transaction(connection: "DuckDBPyConnection") -> "Iterator[None]":
    """What is done inside, whole or not at all."""
    connection.execute("begin")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _kept_view(name: str) -> tuple[str, str]:
    """What makes a table of a view."""
    return (
        f"drop view main.{name}",
        f"create table main.{name} as {catalog.view_named(name).select}",
    )


def _let_go(parent: "DuckDBPyConnection", name: str) -> None:
    """Drop what a pinned moment kept in memory."""
    with suppress(engine.Error):  # the views may be closed by then
        parent.execute("use memory")
        parent.execute(f"detach {name}")
    parent.close()


def _layout(database: "Database", size: int, pinned: str) -> "Iterator[str]":
    """The statements that lay the views of a database out anew."""
    yield f"attach ':memory:' as {pinned}"
    yield f"use {pinned}"
    for schema in _SCHEMAS:
        yield f"create schema {schema}"
    yield from _macros(database, size)
    for table in ("hangs", "hidden", "erased", "voided", *RECORDED, *TOUCHED, *WHOLE):
        yield f"create view facts.{table} as from views.facts.{table}"
    for one in catalog.tables():
        yield from _table(one.name, has_tail=one.name in database.tail_tables)
    for name in SEEN:
        yield f"create view seen.{name} as from facts.{name} where position < {size}"
    for one in (*catalog.forms(), *catalog.views()):
        yield from _form(one)


def _macros(database: "Database", size: int) -> "Iterator[str]":
    """What views find by a name, with what it stands for here."""
    yield catalog.script("macros")
    yield f"create macro stood(place, recorded_at) as place < {size}"
    yield "create macro looks_at_now() as false"
    yield "create macro keeps_whole() as false"
    yield f"create macro has_tail(name) as name in {_names(database.tail_tables)}"
    yield f"create macro has_kept(name) as name in {_names(_kept(database))}"
    row = database.connection.execute("select filled_tables()").fetchone()
    yield f"create macro filled_tables() as {_names(row[0] if row else ())}"
    yield catalog.script("choices")
    yield f"create macro ledger_size() as cast({size} as bigint)"
    folder = (database.log.folder / "log").resolve()
    files = (quoted(either_form(folder / name)) for name in database.named_files)
    yield f"create macro log_files() as [{', '.join(files)}]"
    yield catalog.script("segments")
    yield "create macro tail_of(name) as 'tail.' || name"
    for macro, table in _KEPT.items():
        row = database.connection.execute(f"select {macro}()").fetchone()
        held = row[0] if row else ""
        place = held if held.startswith("memory.") else f"views.{held}"
        yield f"create table tail.{table} as from {place}"
        yield f"create macro {macro}() as 'tail.{table}'"


def _table(name: str, *, has_tail: bool) -> "Iterator[str]":
    """A table of the view file, with the tail as it is now."""
    tail = f"from memory.main.{name}" if has_tail else f"from views.facts.{name} limit 0"
    yield f"create view facts.{name} as from views.facts.{name}"
    yield f"create table tail.{name} as {tail}"
    yield f"create view whole.{name} as from facts.{name} union all from tail.{name}"
    yield f"create view seen.{name} as from whole.{name} where stood(position, null)"


def _kept(database: "Database") -> "Iterator[str]":
    """Which tables of those that have no tail of events lie beside the view file anew."""
    for name in _KEPT.values():
        row = database.connection.execute("select has_kept(?)", [name]).fetchone()
        if row and row[0]:
            yield name


def _names(names: "Iterable[str]") -> str:
    """Some names as an SQL list."""
    return f"[{', '.join(map(quoted, sorted(names)))}]"


def _form(form: "Definition") -> "Iterator[str]":
    """The statements that make a view, or the table of one that is small."""
    if form.layer == "forms" and form.name in _SMALL:
        yield f"create table {form.qualified_name} as {form.select}"
    else:
        yield from makers(form)
