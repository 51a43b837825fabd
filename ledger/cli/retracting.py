"""`claims retract`: a speaker took back what was said."""

from typing import TYPE_CHECKING, Annotated, Any

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
from ledger.cli.writing import writer_options

if TYPE_CHECKING:
    from projections.database import Database


def retract(
    statement: Annotated[
        str, typer.Argument(metavar="STATEMENT", help="What is taken back: its id.")
    ],
    source: Source = None,
    quote: Quote = None,
    speaker: Annotated[
        str | None,
        typer.Option("--speaker", "-s", help="Who takes it back; else who had said it."),
    ] = None,
    said_at: Annotated[
        str | None, typer.Option("--said-at", help="When it was taken back: 2017-12.")
    ] = None,
    proposition: Annotated[
        str | None,
        typer.Option("--proposition", "-p", help="One neutral sentence; else the quote."),
    ] = None,
    mode: Mode = "direct",
    attributed_to: AttributedTo = None,
    via: Via = None,
    prefix: Prefix = None,
    suffix: Suffix = None,
    statement_id: Annotated[
        str | None, typer.Option("--id", help="Of the retracting statement.")
    ] = None,
    note: Note = None,
    actor: Actor = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
    reason: Reason = None,
) -> None:
    """Record that a speaker took a statement back: a statement of its own, and its relation.

    What we recorded wrongly is no retraction: that is `claims revise` or `claims void`.

    \b
    claims retract kabulov-2017 --source tass-9 -q "I misspoke about the number" --said-at 2018-03
    """
    ledger = open_ledger(actor)
    views = ledger.views()
    retracted = meant(views, statement, "statement", field="STATEMENT").id
    source = wanted(source, "--source", "In which source does it stand?", "retract")
    quote = wanted(quote, "--quote", "In which exact words?", "retract")
    report = given(
        source_id=meant(views, source, "source", field="--source").id,
        quote=quote,
        prefix=prefix,
        suffix=suffix,
        quote_mode=mode,
        attributed_to=attributed_to,
        via=links_meant(views, via),
    )
    retracting = given(
        command="record_statement",
        statement_id=statement_id,
        speaker_id=meant(views, speaker, "speaker", field="--speaker").id
        if speaker
        else speaker_of(views, retracted),
        said_at=said_at,
        speech_act="retract",
        proposition=proposition or quote,
        note=note,
        reports=[report],
    )
    retracting.setdefault("statement_id", id_of(retracting | {"retracts": retracted}))
    relation = {
        "command": "relate_statements",
        "from": retracting["statement_id"],
        "to": retracted,
        "relation": "retracts",
    }
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    fields = {f"reports[0].{name}": f"--{option}" for name, option in REPORT_OPTIONS.items()}
    batch = [
        given_with(retracting, fields | RETRACTING_OPTIONS),
        given_with(relation, {"to": "STATEMENT", "from": "--id"}),
    ]
    append_given(ledger, batch, options, json=json, dry_run=dry_run)


REPORT_OPTIONS = {
    "source_id": "source",
    "quote": "quote",
    "prefix": "prefix",
    "suffix": "suffix",
    "quote_mode": "mode",
    "attributed_to": "attributed-to",
    "via": "via",
}
RETRACTING_OPTIONS = {
    "statement_id": "--id",
    "speaker_id": "--speaker",
    "said_at": "--said-at",
    "proposition": "--proposition",
}


def speaker_of(views: "Database", statement_id: str) -> str:
    """Who said a statement, also one that is void: that it is, the rules say."""
    sql = "select speaker_id from forms.statements_in_form where statement_id = $1"
    row = views.connection.execute(sql, [statement_id]).fetchone()
    assert row is not None, "the statement was found"
    return str(row[0])


def id_of(raw: dict[str, Any]) -> str:
    """An id made of what a command says, so that the same command is known when it is repeated."""
    from base64 import b32encode
    from hashlib import blake2b

    from ledger.given import command_key

    return b32encode(blake2b(command_key(raw).encode(), digest_size=10).digest()).decode().lower()
