"""`claims plot`: charts of claims, as a picture in a file or in the terminal."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.context import AsOf, open_as_of
from ledger.cli.resolve import resolve

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.asker import LedgerAsker
    from ledger.charts import Chart
    from ledger.charts.gathered import Link

    Draw = Callable[[Link], Chart]

Picture = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", dir_okay=False,
        help="A picture: .svg, .png, .pdf or .html; without it, the terminal's.",
    ),
]  # fmt: skip
StatementId = Annotated[
    str, typer.Argument(metavar="ID", help="A statement's id, or the beginning of it.")
]
FORMS = ("svg", "png", "pdf", "html")
_SHOWN = 8  # of the measures that there are


def estimates(
    measure: Annotated[
        str | None,
        typer.Option("--measure", metavar="ID", help="Of which measure; its id or its label."),
    ] = None,
    as_of: AsOf = None,
    output: Picture = None,
) -> None:
    """Draw who claimed which number for which time: bounds, hedges, conflicts and corrections.

    \b
    claims plot estimates --measure daesh-fighters-afghanistan
    claims plot estimates --measure daesh-fighters-afghanistan -o fighters.svg
    claims plot estimates --measure daesh-fighters-afghanistan --as-of 2026-11-20 -o then.html
    """
    check_form(output)
    ledger = open_as_of(as_of)
    measure_id = measure_of(ledger, measure)
    ask = asker(ledger)

    def chart(link: "Link") -> "Chart":
        from ledger.charts import estimates_chart

        return estimates_chart(ask, measure_id, link=link)

    put(chart, lambda: estimates_text(ask, measure_id, chart), output, "statement")


def speakers(
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=40, help="How many speakers at most.")
    ] = 12,
    as_of: AsOf = None,
    output: Picture = None,
) -> None:
    """Draw who made how many statements when, by the time at which they were said.

    \b
    claims plot speakers
    claims plot speakers --limit 5 -o speakers.png
    """
    check_form(output)
    ask = asker(open_as_of(as_of))

    def chart(link: "Link") -> "Chart":
        from ledger.charts import speakers_chart

        return speakers_chart(ask, most=limit, link=link)

    def text() -> str:
        from ledger.charts.speakers import read_speakers
        from ledger.cli.chart import draw_speakers

        rows = ask.named("chart_speakers", most=limit)
        return draw_speakers(list(read_speakers(rows)), width=columns())

    put(chart, text, output, "speaker")


def spread(name: StatementId, as_of: AsOf = None, output: Picture = None) -> None:
    """Draw how a statement spread: which outlet had it first, which later, and from whom.

    \b
    claims plot spread kabulov-2017-12-number
    claims plot spread kabulov-2017-12-number -o spread.svg
    """
    check_form(output)
    ledger = open_as_of(as_of)
    statement_id = resolve(ledger.views(), name, "statement").id
    ask = asker(ledger)

    def chart(link: "Link") -> "Chart":
        from ledger.charts import spread_chart

        return spread_chart(ask, statement_id, link=link)

    def text() -> str:
        from ledger.cli.chart import draw_spread

        return draw_spread(ask.named("chart_spread", statement=statement_id), width=columns())

    put(chart, text, output, "source")


def chain(name: StatementId, as_of: AsOf = None, output: Picture = None) -> None:
    """Draw the way of a statement from its speaker through those who passed it on to its sources.

    \b
    claims plot chain kabulov-2018-02-offer-of-venue
    claims plot chain kabulov-2018-02-offer-of-venue -o chain.pdf
    """
    check_form(output)
    ledger = open_as_of(as_of)
    statement_id = resolve(ledger.views(), name, "statement").id
    ask = asker(ledger)

    def chart(link: "Link") -> "Chart":
        from ledger.charts import chain_chart

        return chain_chart(ask, statement_id, link=link)

    def text() -> str:
        from ledger.charts.spread import speaker_of, statement_of
        from ledger.cli.chart import draw_chain

        reports = ask.named("chart_spread", statement=statement_id)
        return draw_chain(speaker_of(statement_of(ask, statement_id)), reports, width=columns())

    put(chart, text, output, "source")


# ── what is drawn ────────────────────────────────────────────────────────────────────────────


def asker(ledger: "Ledger") -> "LedgerAsker":
    """Asks the views of a ledger."""
    from ledger.asker import LedgerAsker

    return LedgerAsker(ledger)


def measure_of(ledger: "Ledger", wanted: str | None) -> str:
    """The measure that is meant: the only one that has estimates, where none is named."""
    from ledger.errors import Refused, UsageFault

    if wanted is not None:
        return resolve(ledger.views(), wanted, "measure").id
    found = [row["measure_id"] for row in asker(ledger).named("chart_measures")]
    if len(found) == 1:
        return str(found[0])
    if not found:
        raise Refused("There is no estimate to draw.", way_out="Record a number: claims add --help")
    more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
    raise UsageFault(
        f"Which measure? There are {', '.join(found[:_SHOWN])}{more}.",
        field="--measure",
        way_out=f"Name one: --measure {found[0]}",
    )


def estimates_text(ask: "LedgerAsker", measure_id: str, chart: "Draw") -> str:
    """The estimates of a measure in the terminal; as a table where they are too many to draw."""
    from ledger.charts.gathered import Gathered, no_link
    from ledger.cli.chart import draw_estimates
    from ledger.cli.output import text_table

    gathered = Gathered.of(ask, measure_id)
    if gathered is None:
        many = chart(no_link)
        rows = [[row[name] for name in many.columns] for row in many.rows]
        table = text_table(list(many.columns.values()), rows)
        return "\n".join((many.title, many.subtitle[0], table))
    if not gathered.rows:
        return "Nobody is recorded to have claimed a number of it."
    marked = [row | {"marks": marks} for row, marks in gathered.marked()]
    return draw_estimates(marked, width=columns(), colour=has_colour())


def columns() -> int:
    """How wide the terminal is; 100 columns in a pipe."""
    return shutil.get_terminal_size((100, 24)).columns


def has_colour() -> bool:
    """Whether standard output shows colours."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


# ── where it goes ────────────────────────────────────────────────────────────────────────────


def check_form(output: Path | None) -> None:
    """Refuse a file whose name does not say which form it has; raises UsageFault."""
    from ledger.errors import UsageFault

    if output is not None and output.suffix.lower().removeprefix(".") not in FORMS:
        raise UsageFault(
            f"{output.name!r} names no form of a picture.",
            field="--output",
            way_out=f"End it with {', '.join(f'.{form}' for form in FORMS[:-1])} or .{FORMS[-1]}.",
        )


def put(chart: "Draw", text: Callable[[], str], output: Path | None, noun: str) -> None:
    """Write the picture to a file, or the one in text to standard output.

    On a page, the marks of things of a noun lead to their rows in the table.
    """
    from ledger.cli.asking import CLAIMED

    if output is None:
        typer.echo(text(), color=has_colour())
        typer.echo(CLAIMED, err=True)
        return
    from ledger.cli.output import write_file

    form = output.suffix.lower().removeprefix(".")

    def link(of: str, name: str) -> str | None:
        return f"#{of}-{name}" if form == "html" and of == noun else None

    made: Any = getattr(chart(link), form)()
    write_file(output, made if isinstance(made, bytes) else made.encode())
    typer.echo(f"Wrote {output}.", err=True)
    typer.echo(CLAIMED, err=True)


plot = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Draw claims: estimates over time, speakers, the spread of a statement, its chain.",
)
for command in (estimates, speakers, spread, chain):
    plot.command(short_help=(command.__doc__ or "").partition("\n")[0])(command)

COMMANDS = {"plot": plot}
