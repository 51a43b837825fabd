"""Tables that keep what views give which would read all of a ledger each time they are asked.

`facts.voided` keeps forms.voided_ever, `facts.hangs` keeps forms.hangs_ever. What came since the
file was built lies beside the tail: `voided` whole, since voids are few, and `later`, the events
whose statement is looked for when somebody asks.

`facts.said`, `told` and `counted` keep what large views ask of statements, reports and estimates
as they were first recorded, and `odd` of which of them this does not tell all. The tail adds
nothing to these: views look at its statements one by one, as at all that were touched since
(forms.touched). Of those the file keeps the rows once more, side by side: they lie scattered over
all of a ledger.

In a large ledger `facts.totals` keeps `claims_by_speaker` whole, and `dated` does so with
`estimates_over_time`, in its order. They stand for what the tail did not change
(forms.changed_speakers, forms.unsettled), where no other moment is looked at.

Rules kept here:
- a table holds what its view gives, never anything else: `claims verify` compares the two;
- to take in a tail reads no column of the ledger whole.
"""

from functools import partial
from typing import TYPE_CHECKING

from projections import catalog
from projections.at_once import at_once_if_small

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLES = ("voided", "hangs")
RECORDED = ("said", "told", "counted", "odd")  # in the order in which each needs those before it
TOUCHED = ("touched", "touched_statements", "touched_reports")
# Of which a view takes what stood at the moment that is looked at.
SEEN = ("said", "told", "counted", "touched_statements", "touched_reports")

# What tells of all events of a view file at once.
WHOLE = {
    "dated": "from estimates_over_time",
    "totals": "select * exclude (speaker) from claims_by_speaker",
}
WHOLE_FROM = 100_000  # events; fewer are told of in less time than it takes to keep that

# The types of events that hang on a statement that was recorded before them.
_LATER = (
    "claims.statement.revised.v1", "claims.report.added.v1", "claims.report.revised.v1",
    "claims.estimate.added.v1", "claims.estimate.revised.v1", "claims.statements.related.v1",
)  # fmt: skip

# The types of events that change no row of `estimates_over_time`, if they bring no estimate along;
# with those that hang on a statement, all that change no row of another one.
_QUIET = frozenset((
    "claims.source.captured.v1", "claims.speaker.registered.v1", "claims.measure.defined.v1",
    "claims.statement.recorded.v1", "claims.statement.assessed.v1", "claims.source.assessed.v1",
))  # fmt: skip


def create_kept(connection: "DuckDBPyConnection") -> None:
    """Make the tables of a view file, and the macros by which views find those of a tail."""
    for table in (*TABLES, *RECORDED, *TOUCHED, *WHOLE):
        connection.execute(catalog.script(f"{table}_table"))
    connection.execute("create table nothing.later (position bigint, statement_id varchar)")
    for macro, table in (("voided_table", "facts.voided"), ("later_table", "nothing.later")):
        connection.execute(f"create macro {macro}() as coalesce(getvariable('{macro}'), '{table}')")
    say_whether_whole(connection, 0)


def fill_kept(connection: "DuckDBPyConnection", first: int) -> None:
    """Take into a view file what its events from a position on add to the tables."""
    connection.execute("delete from facts.voided; insert into facts.voided from forms.voided_ever")
    connection.execute(f"insert into facts.hangs from forms.hangs_ever where position >= {first}")
    fill_touched(connection, first)


def fill_touched(connection: "DuckDBPyConnection", first: int) -> None:
    """Take in what was touched first by a view file's events from a position on."""
    connection.execute(
        "create or replace temp table newly as"
        " from forms.touched_ever anti join facts.touched using (position)"
    )
    connection.execute("insert into facts.touched from newly")
    connection.execute(
        f"insert into newly select position from facts.hangs where position >= {first}"  # noqa: S608  ours
    )
    for table in TOUCHED[1:]:
        select = f"from forms.{table}_ever semi join newly using (position)"
        connection.execute(f"insert into facts.{table} {select}")


def fill_whole(connection: "DuckDBPyConnection", size: int) -> None:
    """Keep answers that tell of a view file's events as a whole, where these are many."""
    say_whether_whole(connection, 0)
    for table in WHOLE:
        connection.execute(f"delete from facts.{table}")  # noqa: S608  else it would be believed
    if is_large(size):
        answers = (partial(fill_answer, table=table) for table in WHOLE)
        at_once_if_small(connection, size, *answers)
    say_whether_whole(connection, size)


def fill_answer(connection: "DuckDBPyConnection", table: str) -> None:
    """Put what a view gives into the table that keeps it."""
    connection.execute(f"insert into facts.{table} {WHOLE[table]}")


def say_whether_whole(connection: "DuckDBPyConnection", size: int) -> None:
    """Let the views of a file of so many events know whether it keeps answers whole."""
    kept = str(is_large(size)).lower()
    connection.execute(f"create or replace macro keeps_whole() as {kept}")


def whole(table: str, size: int) -> str:
    """A select for what such a table holds in a view file of so many events."""
    return WHOLE[table] if is_large(size) else f"from facts.{table} limit 0"


def is_large(size: int) -> bool:
    """Whether a view file of so many events keeps answers whole."""
    return size >= WHOLE_FROM


def fill_recorded(connection: "DuckDBPyConnection", first: int) -> None:
    """Take in what the tables of a view file hold from a position on, and what it is kept in."""
    connection.execute("begin")
    for table in RECORDED:
        connection.execute(
            f"insert into facts.{table} from forms.{table}_ever where position >= {first}"
        )
    connection.execute("commit")


def drop_recorded(connection: "DuckDBPyConnection") -> int:
    """Empty what is kept of statements, where some of what they name was taken out.

    Gives the position from which on it is to be filled.
    """
    for table in RECORDED:
        connection.execute(f"delete from facts.{table}")  # noqa: S608  names of ours
    return 0


def keep_tail(connection: "DuckDBPyConnection", types: frozenset[str]) -> None:
    """Take in what events of some types added to the tables of a tail."""
    if not types <= _QUIET.union(_LATER):
        connection.execute("set variable estimates_changed = 'far'")
    elif not types <= _QUIET or has_estimates(connection):
        connection.execute(
            "set variable estimates_changed = coalesce(getvariable('estimates_changed'), 'near')"
        )
    if types.intersection(_LATER):
        keep(connection, "later", "from forms.later")
    if "claims.record.voided.v1" in types:
        keep(connection, "voided", "from facts.voided union from forms.voided_since")


def has_estimates(connection: "DuckDBPyConnection") -> bool:
    """Whether the tail tells of any estimate."""
    found = connection.execute("from query_table(tail_of('estimates')) limit 1")
    return found.fetchone() is not None


def keep(connection: "DuckDBPyConnection", name: str, select: str) -> None:
    """Put what a select gives into a table beside the tail, and let the views read it there."""
    connection.execute(f"create or replace table memory.main.{name} as {select}")
    connection.execute(f"set variable {name}_table = 'memory.main.{name}'")
