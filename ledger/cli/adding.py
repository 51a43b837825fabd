"""`claims add`: one statement in one line, or by answering questions on a terminal."""

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
    asked,
    given,
    in_options,
    wanted,
)
from ledger.cli.naming import known_or_new, standing
from ledger.cli.receipts import put_ids, put_receipt
from ledger.cli.resolve import resolve
from ledger.cli.similar import put_lines, put_near
from ledger.cli.writing import append_batch, put_notices, writer_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.api import Ledger
    from ledger.given import Given
    from ledger.session import Receipt

# The option behind each field of the commands that are made, so that a fault names the option.
OPTIONS = {
    "statement_id": "--id",
    "speaker_id": "--speaker",
    "said_at": "--said-at",
    "speech_act": "--act",
    "proposition": "--proposition",
    "topics": "--topic",
    "reports[0].quote": "--quote",
    "reports[0].quote_mode": "--mode",
    "reports[0].attributed_to": "--attributed-to",
    "reports[0].via": "--via",
    "reports[0].prefix": "--prefix",
    "reports[0].suffix": "--suffix",
    "estimates[0].value": "--number",
    "estimates[0].value_text": "--words",
    "estimates[0].reference_period": "--period",
    "kind": "--kind",
    "unit": "--unit",
    "tags": "--tag",
    "note": "--note",
}


def add(
    source: Source = None,
    speaker: Annotated[
        str | None,
        typer.Option("--speaker", "-s", help="Who says it: id, or name; a new name registers."),
    ] = None,
    quote: Quote = None,
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
    proposition: Annotated[
        str | None,
        typer.Option("--proposition", "-p", help="One neutral sentence; else the quote."),
    ] = None,
    said_at: Annotated[
        str | None, typer.Option("--said-at", help="When it was said: 2017-12.")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="The time that the number refers to.")
    ] = None,
    words: Annotated[
        str | None, typer.Option("--words", help="The words of the number within the quote.")
    ] = None,
    act: Annotated[
        str, typer.Option("--act", help="assert, deny, accuse, warn …; see docs/reference.md.")
    ] = "assert",
    mode: Mode = "direct",
    attributed_to: AttributedTo = None,
    via: Via = None,
    topic: Annotated[
        list[str] | None, typer.Option("--topic", help="A word to find it by.")
    ] = None,
    prefix: Prefix = None,
    suffix: Suffix = None,
    kind: Annotated[
        str,
        typer.Option("--kind", help="Of a new speaker: person, organization, government, group …"),
    ] = "person",
    unit: Annotated[str | None, typer.Option("--unit", help="Of a new measure, as people.")] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Of a new measure, as militant-count.")
    ] = None,
    new: Annotated[
        bool,
        typer.Option("--new", help="The speaker or measure is new though a like one is there."),
    ] = False,
    statement_id: Annotated[str | None, typer.Option("--id", help="Of the statement.")] = None,
    note: Note = None,
    actor: Actor = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
    reason: Reason = None,
) -> None:
    """Record one statement; on a terminal it asks for what is missing.

    \b
    claims add --source tca-2018 -s zamir-kabulov -q "exceeds 10,000" -n "> 10000" -m daesh-fighters
    claims add --source article -s "Hamid Karzai" -q "the US is colluding with Daesh" --act accuse
    claims add --source article -s "An Official" -q "at least 10" -n ">= 10" -m "People killed"
    """
    ledger = open_ledger(actor)
    source = wanted(source, "--source", "In which source does it stand?", "add")
    source_id = standing(ledger, "source", source) or resolve(ledger.views(), source, "source").id
    speaker = wanted(speaker, "--speaker", "Who says it (id, or name)?", "add")
    quote = wanted(quote, "--quote", "In which exact words?", "add")
    if proposition is None:
        proposition = asked("What is claimed, in one neutral sentence?", default=quote) or quote
    said_at = said_at or asked("When was it said (2017-12; nothing if unknown)?")
    number = number or asked("Which number does it claim (> 10000; nothing if none)?")
    commands: list[dict[str, Any]] = []
    speaker_id = known_or_new(ledger, "speaker", speaker, {"kind": kind}, commands, new=new)
    estimates = []
    if number:
        measure = wanted(measure, "--measure", "A number of what (id, or label)?", "add")
        about = {"unit": unit, "tags": tag}
        measure_id = known_or_new(ledger, "measure", measure, about, commands, new=new)
        period = period or asked("Which time does it refer to?", default=said_at)
        estimates.append(
            given(
                measure_id=measure_id,
                value=number,
                value_text=words or quote,
                reference_period=period,
            )
        )
    report = given(
        source_id=source_id,
        quote=quote,
        prefix=prefix,
        suffix=suffix,
        quote_mode=mode,
        attributed_to=attributed_to,
        via=via,
    )
    commands.append(
        given(
            command="record_statement",
            statement_id=statement_id,
            speaker_id=speaker_id,
            said_at=said_at,
            speech_act=act,
            proposition=proposition,
            topics=topic,
            note=note,
            reports=[report],
            estimates=estimates,
        )
    )
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    with in_options():
        receipt = None if dry_run else record_sure(ledger, commands, options, json=json)
        if receipt is None:
            receipt = record_decided(ledger, commands, options, json=json, dry_run=dry_run)
    if receipt and not json:
        put_ids(receipt)


def record_sure(
    ledger: "Ledger", commands: "Sequence[dict[str, Any]]", options: dict[str, Any], *, json: bool
) -> "Receipt | None":
    """Compare and append commands that are certain as the ledger stands; None where they are not.

    So neither the models of commands nor the views are loaded, which takes longer than the rest.
    """
    from ledger.sure import are_sure, recorded_by, taken

    events, desk = taken(commands, ledger.recorder), ledger.desk()
    if events is None or desk is None or not are_sure(events, desk, ledger.log):
        return None
    from ledger.near_desk import near_lines

    put_lines(near_lines(recorded_by(events), desk, ledger.log))
    receipt = ledger.append_sure(events, lambda: prepared(commands), notify=put_notices, **options)
    put_receipt(receipt, as_json=json)
    return receipt


def record_decided(
    ledger: "Ledger",
    commands: "Sequence[dict[str, Any]]",
    options: dict[str, Any],
    *,
    json: bool,
    dry_run: bool,
) -> "Receipt | None":
    """The same for all other commands, by the rule book; None for a plan."""
    batch = prepared(commands)
    ledger.plan(batch)  # what is refused is refused before anything is compared
    put_near(ledger.views(), batch)
    return append_batch(ledger, batch, options, json=json, dry_run=dry_run)


def prepared(commands: "Sequence[dict[str, Any]]") -> "list[Given]":
    """Commands that are checked; their faults name options."""
    from pathlib import Path

    from ledger.errors import Place
    from ledger.given import prepare

    options_of = {path: Place(field=option) for path, option in OPTIONS.items()}
    return [prepare(raw, Place(), Path(), options_of) for raw in commands]
