"""`claims add-report` and `add-estimate`: what else was found of a statement."""

from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.context import (
    AcceptClock,
    AcceptRestored,
    Actor,
    DryRun,
    Json,
    Reason,
    Wait,
    open_ledger,
)
from ledger.cli.giving import (
    AttributedTo,
    Mode,
    Note,
    Prefix,
    Quote,
    Source,
    Suffix,
    Via,
    append_given,
    given,
    given_with,
    wanted,
)
from ledger.cli.meaning import links_meant, meant
from ledger.cli.naming import known_or_new
from ledger.cli.writing import writer_options

if TYPE_CHECKING:
    from typing import Any

    from projections.database import Database

Statement = Annotated[str, typer.Argument(metavar="STATEMENT", help="Its id, or the beginning.")]


def add_report(
    statement: Statement,
    source: Source = None,
    quote: Quote = None,
    mode: Mode = "direct",
    part: Annotated[
        str | None, typer.Option("--part", help="headline, deck, body or caption.")
    ] = None,
    attributed_to: AttributedTo = None,
    via: Via = None,
    prefix: Prefix = None,
    suffix: Suffix = None,
    note: Note = None,
    report_id: Annotated[str | None, typer.Option("--id", help="Of the report.")] = None,
    actor: Actor = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
    reason: Reason = None,
) -> None:
    """Say that a statement was found in a further place, such as the outlet that repeats it.

    \b
    claims add-report kabulov-2017-12-number --source tass-1 -q "more than 10,000 fighters"
    claims add-report kabulov-2017 --source press-tv -q "an estimated 10,000" --mode indirect
    """
    ledger = open_ledger(actor)
    views = ledger.views()
    raw = given(
        command="add_report",
        report_id=report_id,
        statement_id=meant(views, statement, "statement", field="STATEMENT").id,
        source_id=meant(
            views,
            wanted(source, "--source", "In which source does it stand?", "add-report"),
            "source",
            field="--source",
        ).id,
        quote=wanted(quote, "--quote", "In which exact words?", "add-report"),
        prefix=prefix,
        suffix=suffix,
        quote_mode=mode,
        part=part,
        attributed_to=attributed_to,
        via=links_meant(views, via),
        note=note,
    )
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    batch = [given_with(raw, {"statement_id": "STATEMENT"})]
    append_given(ledger, batch, options, json=json, dry_run=dry_run)


def add_estimate(
    statement: Statement,
    number: Annotated[
        str | None,
        typer.Option("--number", "-n", help="What it claims: 3500, '> 10000', '10..20', '?'."),
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(
            "--measure", "-m", help="A number of what: id, or label; a new label defines."
        ),
    ] = None,
    report: Annotated[
        str | None, typer.Option("--report", help="The report that it stands in, of several.")
    ] = None,
    words: Annotated[
        str | None,
        typer.Option("--words", help="The words of the number in the report's quote; else all."),
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="The time that the number refers to.")
    ] = None,
    basis: Annotated[
        str, typer.Option("--basis", help="stated there, or derived from what is.")
    ] = "stated",
    derived_from: Annotated[
        list[str] | None, typer.Option("--derived-from", help="An estimate that it rests on.")
    ] = None,
    method: Annotated[
        str | None, typer.Option("--method", help="How it was derived, such as the sum.")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Of a new measure, as people.")] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Of a new measure, as militant-count.")
    ] = None,
    new: Annotated[
        bool, typer.Option("--new", help="The measure is new though a like one is there.")
    ] = False,
    note: Note = None,
    estimate_id: Annotated[str | None, typer.Option("--id", help="Of the estimate.")] = None,
    actor: Actor = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
    reason: Reason = None,
) -> None:
    """Add a number that a report of a statement claims.

    \b
    claims add-estimate kabulov-2017 -n "> 10000" -m daesh-fighters --words "exceeds 10,000"
    claims add-estimate toll-2021 -n 14 -m people-killed --basis derived --method "12 and 2"
    """
    ledger = open_ledger(actor)
    views = ledger.views()
    statement_id = meant(views, statement, "statement", field="STATEMENT").id
    number = wanted(number, "--number", "Which number does it claim?", "add-estimate")
    measure = wanted(measure, "--measure", "A number of what (id, or label)?", "add-estimate")
    report_id = report and meant(views, report, "report", field="--report").id
    if words is None and basis == "stated":
        words = whole_quote(views, statement_id, report_id)
    commands: list[dict[str, Any]] = []
    about = {"unit": unit, "tags": tag}
    measure_id = known_or_new(ledger, "measure", measure, about, commands, new=new)
    origins = [
        meant(views, each, "estimate", field="--derived-from").id for each in derived_from or ()
    ]
    commands.append(
        given(
            command="add_estimate",
            estimate_id=estimate_id,
            statement_id=statement_id,
            report_id=report_id,
            measure_id=measure_id,
            value=number,
            value_text=words,
            reference_period=period,
            basis=basis,
            derived_from=origins,
            method=method,
            note=note,
        )
    )
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    batch = [given_with(raw, ESTIMATE_OPTIONS) for raw in commands]
    append_given(ledger, batch, options, json=json, dry_run=dry_run)


ESTIMATE_OPTIONS = {
    "statement_id": "STATEMENT",
    "report_id": "--report",
    "measure_id": "--measure",
    "label": "--measure",
    "unit": "--unit",
    "tags": "--tag",
    "value": "--number",
    "value_text": "--words",
    "reference_period": "--period",
    "basis": "--basis",
    "derived_from": "--derived-from",
    "method": "--method",
}


def whole_quote(views: "Database", statement_id: str, report_id: str | None) -> str | None:
    """The quote of the report in question; None where the statement has several."""
    sql = (
        "select quote from reports where statement_id = $1 and report_id = coalesce($2, report_id)"
    )
    rows = views.connection.execute(sql, [statement_id, report_id]).fetchall()
    return str(rows[0][0]) if len(rows) == 1 else None
