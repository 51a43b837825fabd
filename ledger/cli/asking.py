"""`claims view`, `query`, `search`, `history` and `log`: asking the ledger."""

import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.context import AsOf, open_as_of, open_ledger
from ledger.cli.output import FormatOption, Output, put_rows, room_to_write
from ledger.cli.resolve import subject_ever
from ledger.cli.showing import show
from ledger.cli.stopping import stoppable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from ledger.api import Ledger
    from projections.catalog import Definition

All = Annotated[bool, typer.Option("--all", help="Show every column in the table.")]
LINES_PASSED = 1_000  # that DuckDB reads through in the time in which one line is looked for
CLAIMED = "These are claims, as recorded. Whether they are true, the ledger does not say."


def view(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A view; without one, all are listed.")
    ] = None,
    where: Annotated[
        str | None,
        typer.Option("--where", help="An SQL condition: \"speaker_id = 'zamir-kabulov'\"."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="At most so many rows.")
    ] = None,
    as_of: AsOf = None,
    plot: Annotated[bool, typer.Option("--plot", help="Draw it, where it has a picture.")] = False,
    every: All = False,
    form: FormatOption = None,
    output: Output = None,
) -> None:
    """Show a view, now or as of an earlier moment.

    \b
    claims view
    claims view militant_estimates --plot
    claims view statements --where "said_at_earliest >= '2017-01-01'" --limit 5
    claims view claims_by_speaker --as-of 2026-11-01 --format csv
    """
    if name is None:
        list_views()
        return
    from ledger.reading import sql_errors

    definition = view_named(name)
    ledger = open_as_of(as_of)
    views = ledger.views()
    with room_to_write() as room, sql_errors():
        views.lock_down(room)
        relation = views.connection.sql(f"from {definition.name}")
        if where:
            relation = relation.filter(where)
        if limit is not None:
            relation = relation.limit(limit)
        if plot:
            put_plot(relation, definition)
            return
        brief = () if every else definition.brief
        stoppable(
            views.connection, lambda: put_rows(relation, form, output, brief, room=room)
        )  # fmt: skip
    if form is None and output is None:
        typer.echo(CLAIMED, err=True)


def list_views() -> None:
    """Name every view with what one row of it is."""
    from ledger.cli.output import text_table
    from projections import catalog

    views = sorted(catalog.views(), key=lambda each: each.name)
    rows = [(each.name, each.header["grain"]) for each in views]
    typer.echo(
        text_table(["view", "one row per"], [(n, g.removeprefix("one row per ")) for n, g in rows])
    )


def view_named(name: str) -> "Definition":
    """The definition of a view; raises UsageFault with the nearest name."""
    import difflib

    from ledger.errors import UsageFault
    from projections import catalog

    names = {each.name: each for each in catalog.views()}
    if name in names:
        return names[name]
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"Did you mean {near[0]}?" if near else "`claims view` lists them."
    raise UsageFault(f"There is no view {name!r}.", way_out=hint)


def put_plot(relation: "DuckDBPyRelation", definition: "Definition") -> None:
    """Draw a view of estimates as a chart in the terminal."""
    import os
    import shutil

    from ledger.cli.chart import draw_estimates
    from ledger.errors import UsageFault

    if "reference_period_earliest" not in relation.columns or "speaker" not in relation.columns:
        raise UsageFault(
            f"The view {definition.name} has no picture.",
            way_out="estimates_over_time and militant_estimates have one.",
        )
    rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = shutil.get_terminal_size((100, 24)).columns
    typer.echo(draw_estimates(rows, width=width, colour=colour), color=colour)


def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="DuckDB SQL; - reads it from a pipe.")],
    as_of: AsOf = None,
    form: FormatOption = None,
    output: Output = None,
) -> None:
    """Ask anything in DuckDB SQL: read-only, away from files and network.

    \b
    claims query "from militant_estimates" --as-of 2026-11-20
    claims query "select speaker, count(*) from statements group by all order by 2 desc"
    claims query "set variable as_of = 12; from statements" --format json
    """
    ledger = open_as_of(as_of)
    views = ledger.views()
    from ledger.errors import UsageFault
    from ledger.reading import reading_statements, sql_errors

    text = sys.stdin.read() if sql == "-" else sql
    if not text.strip():
        raise UsageFault("There is nothing to ask.", way_out='claims query "from statements"')
    with room_to_write() as room, sql_errors():
        views.lock_down(room)
        relation = None
        for statement in reading_statements(views.connection, text):
            relation = views.connection.sql(statement)
        if relation is not None:
            asked = relation
            stoppable(views.connection, lambda: put_rows(asked, form, output, room=room))


def search(
    text: Annotated[str, typer.Argument(help="Words to look for; case and accents do not matter.")],
    as_of: AsOf = None,
    form: FormatOption = None,
    output: Output = None,
) -> None:
    """Find statements, reports, sources, speakers, measures and estimates by their words.

    \b
    claims search karzai
    claims search "10,000" --format jsonl
    """
    from ledger.folding import pattern_of
    from projections import catalog

    ledger = open_as_of(as_of)
    given = {"pattern": pattern_of(text)}
    relation = ledger.views().connection.sql(catalog.query("search"), params=given)
    put_rows(relation, form, output)


def history(
    name: Annotated[str, typer.Argument(metavar="ID", help="An id, or the beginning of one.")],
    as_of: AsOf = None,
    every: All = False,
    form: FormatOption = None,
    output: Output = None,
) -> None:
    """Show every event about a thing: what was recorded, revised and voided, by whom and why.

    \b
    claims history kabulov-2017-12-number
    claims history speaker/zamir-kabulov --format jsonl
    """
    ledger = open_as_of(as_of)
    views = ledger.views()
    relation = history_of(ledger, views.connection, subject_ever(views, name))
    brief = () if every else ("position", "recorded_at", "actor", "type", "reason")
    put_rows(relation, form, output, brief)


def history_of(
    ledger: "Ledger", connection: "DuckDBPyConnection", subject: str
) -> "DuckDBPyRelation":
    """What the view `history` has of a thing; of a large log only the lines that tell of it."""
    from projections import catalog

    given: dict[str, Any] = {"subject": subject}
    found = connection.execute(catalog.query("history_positions"), given).fetchall()
    if len(found) * LINES_PASSED > ledger.log.size:
        select = "from history where subject = $subject order by position"
        return connection.sql(select, params=given)
    lines = ledger.log.lines_at(position for (position,) in found)
    given |= {"positions": list(lines), "lines": [line.decode() for line in lines.values()]}
    return connection.sql(catalog.query("history_of"), params=given)


def log(
    first: Annotated[
        int | None, typer.Option("--from", min=0, help="The first position; else the last ten.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="At most so many lines.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on as lines come.")] = False,
) -> None:
    """Print the log's raw lines, each one event (CloudEvents 1.0).

    \b
    claims log --from 0 | jq -c '{sequence, type, subject}'
    claims log --follow
    """
    reader = open_ledger().log
    last = 10 if limit is None else limit
    start = max(reader.size - last, 0) if first is None else min(first, reader.size)
    end = reader.size if limit is None else min(start + limit, reader.size)
    out = sys.stdout.buffer
    for block in reader.blocks(start, end):
        out.write(block)
    out.flush()
    while follow:
        time.sleep(0.3)
        reader.refresh()
        for block in reader.blocks(end, reader.size):
            out.write(block)
        out.flush()
        end = reader.size


COMMANDS = {
    "view": view, "query": query, "show": show, "history": history, "search": search, "log": log,
}  # fmt: skip
