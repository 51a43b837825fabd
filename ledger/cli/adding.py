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
from ledger.cli.receipts import put_ids
from ledger.cli.resolve import candidates, resolve, the_one
from ledger.cli.similar import put_near
from ledger.cli.writing import append_batch, writer_options

if TYPE_CHECKING:
    from projections.database import Database

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

ALIKE = 85  # the score, of 100, from which a name may be a misspelling of one that is there


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
    from pathlib import Path

    from ledger.errors import Place
    from ledger.given import prepare

    ledger = open_ledger(actor)
    views = ledger.views()
    source_id = resolve(
        views, wanted(source, "--source", "In which source does it stand?", "add"), "source"
    ).id
    speaker = wanted(speaker, "--speaker", "Who says it (id, or name)?", "add")
    quote = wanted(quote, "--quote", "In which exact words?", "add")
    if proposition is None:
        proposition = asked("What is claimed, in one neutral sentence?", default=quote) or quote
    said_at = said_at or asked("When was it said (2017-12; nothing if unknown)?")
    number = number or asked("Which number does it claim (> 10000; nothing if none)?")
    commands: list[dict[str, Any]] = []
    speaker_id = known_or_new(views, "speaker", speaker, {"kind": kind}, commands, new=new)
    estimates = []
    if number:
        measure = wanted(measure, "--measure", "A number of what (id, or label)?", "add")
        about = {"unit": unit, "tags": tag}
        measure_id = known_or_new(views, "measure", measure, about, commands, new=new)
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
    options_of = {path: Place(field=option) for path, option in OPTIONS.items()}
    batch = [prepare(raw, Place(), Path(), options_of) for raw in commands]
    with in_options():
        ledger.plan(batch)  # what is refused is refused before anything is compared
        put_near(views, batch)
        receipt = append_batch(ledger, batch, options, json=json, dry_run=dry_run)
    if receipt and not json:
        put_ids(receipt)


def known_or_new(
    views: "Database",
    noun: str,
    text: str,
    about: dict[str, Any],
    commands: list[dict[str, Any]],
    *,
    new: bool,
) -> str:
    """The id of a speaker or measure; a name that nothing has is registered along the way.

    A text that could be an id is taken for one, and a name that is like one already there may be a
    misspelling: both are refused, with the way out.
    """
    from events.ids import is_id, random_id, slug
    from ledger.errors import Refused

    if not new and (found := candidates(views, text, noun)):
        return the_one(found, text, noun).id
    if is_id(text) and not new:
        name, near = text.replace("-", " ").title(), like(views, noun, text)
        raise Refused(
            f"No {noun} has the id or name {text!r}.",
            field=f"--{noun}",
            way_out=f'{near}To make a new one, give its name: --{noun} "{name}".',
        )
    alike = like(views, noun, text)
    if alike and not new:
        raise Refused(
            f"{text!r} is new, but like a {noun} that is there.",
            field=f"--{noun}",
            way_out=f"{alike}If it is another one, say --new.",
        )
    made = slug(text) or random_id()
    name_field, verb = {
        "speaker": ("name", "register_speaker"),
        "measure": ("label", "define_measure"),
    }[noun]
    commands.append(given(command=verb, **{f"{noun}_id": made, name_field: text}, **about))
    return made


def like(views: "Database", noun: str, text: str) -> str:
    """A sentence that names the thing that a text is nearest to; empty where nothing is near."""
    from rapidfuzz import fuzz, process, utils

    column = {"speaker": "name", "measure": "label"}[noun]
    rows = views.connection.sql(f"select {noun}_id, {column} from {noun}s").fetchall()  # noqa: S608  names of ours
    names = {key: f"{name}" for key, name in rows} | {f"{key} ": key for key, _ in rows}
    best = process.extractOne(
        text, names, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=ALIKE
    )
    return f"Did you mean {best[2].strip()}? " if best else ""
