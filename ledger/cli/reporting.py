"""`claims report` and `claims exhibit`: pages that can be mailed, printed and checked."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.context import AsOf, open_as_of
from ledger.cli.resolve import resolve

if TYPE_CHECKING:
    from projections.database import Database

Names = list[str] | None
Page = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file to write.", dir_okay=False)
]


def report(
    title: Annotated[
        str | None, typer.Option("--title", help="The question, or whatever it is to be called.")
    ] = None,
    measures: Annotated[
        Names,
        typer.Option("--measure", "-m", metavar="ID", help="Claiming a number of it; repeat."),
    ] = None,
    speakers: Annotated[
        Names, typer.Option("--speaker", "-s", metavar="ID", help="What a speaker claimed; repeat.")
    ] = None,
    topics: Annotated[
        Names, typer.Option("--topic", metavar="TOPIC", help="On a topic; may be repeated.")
    ] = None,
    statements: Annotated[
        Names, typer.Option("--statement", metavar="ID", help="One statement; may be repeated.")
    ] = None,
    where: Annotated[
        str | None, typer.Option("--where", help="An SQL condition on the view statements.")
    ] = None,
    as_of: AsOf = None,
    output: Page = None,
) -> None:
    """Write a report: one file with chart, table, quotes in context, sources and what is disputed.

    It can be mailed, opened offline and printed, and says how to check it. Options of one kind
    widen, options of several kinds narrow; without any it is of all statements, at most 500.

    \b
    claims report -o report.html
    claims report -m daesh-fighters-afghanistan --title "How many fighters?" -o fighters.html
    claims report -s zamir-kabulov --where "said_at_earliest >= '2018-01-01'" -o kabulov.html
    claims report --topic us-support-for-daesh --as-of 2026-11-20 > report.html
    """
    from ledger.exporters.leaving import settled
    from ledger.report import Selection, Stood, make_report

    check_place(output)
    ledger = settled(open_as_of(as_of))
    views = ledger.views()
    selection = Selection(
        title=checked_title(title),
        measures=ids(views, "measure", measures),
        speakers=ids(views, "speaker", speakers),
        topics=tuple(topics or ()),
        statements=tuple(statement_of(views, each) for each in statements or ()),
        where=where,
    )
    put_page(make_report(Stood.of(ledger), selection), output)


def exhibit(
    name: Annotated[
        str,
        typer.Argument(metavar="ID", help="A statement, or a report or estimate of it."),
    ],
    as_of: AsOf = None,
    output: Page = None,
) -> None:
    """Write an exhibit: one statement with its words in context, its history and its proof.

    It holds what is needed to check, with `claims` or with common tools, that the statement was
    recorded so and not altered since.

    \b
    claims exhibit kabulov-2017-12-number -o exhibit.html
    claims exhibit kabulov-2017-12-number --as-of 1200 > exhibit.html
    """
    from ledger.exporters.leaving import settled
    from ledger.report import Stood, make_exhibit

    check_place(output)
    ledger = settled(open_as_of(as_of))
    statement = statement_of(ledger.views(), name)
    put_page(make_exhibit(Stood.of(ledger), statement), output)


# ── what was given ───────────────────────────────────────────────────────────────────────────


def ids(views: "Database", noun: str, names: Names) -> tuple[str, ...]:
    """The ids of things that are meant, each once; raises UnknownId, Refused."""
    return tuple(dict.fromkeys(resolve(views, name, noun).id for name in names or ()))


def statement_of(views: "Database", text: str) -> str:
    """The id of the statement that is meant, also by one of its parts; raises like `resolve`."""
    from ledger.errors import Refused
    from projections import catalog

    found = resolve(views, text)
    if found.noun == "statement":
        return found.id
    if found.noun in ("report", "estimate"):
        query = catalog.query("statement_of_part")
        ((statement,),) = views.connection.execute(query, {"id": found.id}).fetchall()
        return str(statement)
    raise Refused(
        f"{found.subject} is no statement.",
        way_out=f"For what hangs on it: claims report --where …, or claims show {found.subject}.",
    )


def checked_title(title: str | None) -> str | None:
    """A title that can stand in a page; raises Refused."""
    from ledger.api import checked_words

    return checked_words(title, "--title") if title else None


# ── where it goes ────────────────────────────────────────────────────────────────────────────


def check_place(output: Path | None) -> None:
    """Refuse to fill a terminal with a page; raises UsageFault."""
    from ledger.errors import UsageFault

    if output is None and sys.stdout.isatty():
        raise UsageFault("It is a page for a browser.", way_out="Add -o FILE.html, or pipe it.")


def put_page(page: bytes, output: Path | None) -> None:
    """Write a page to a file, which is replaced where it is there, or to standard output."""
    from ledger.cli.output import write_file

    if output is None:
        sys.stdout.buffer.write(page)
        return
    write_file(output, page)
    typer.echo(f"Wrote {output}. It holds claims, as recorded.", err=True)


COMMANDS = {"report": report, "exhibit": exhibit}
