"""`claims retract`, `relate`, `assess` and `judge`: what is said about what was said."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.adding import given
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


def relate(
    from_: Annotated[str, typer.Argument(metavar="FROM", help="The statement that answers.")],
    relation: Annotated[
        str,
        typer.Argument(
            metavar="RELATION", help="denies, contradicts, repeats, corrects, updates …"
        ),
    ],
    to: Annotated[str, typer.Argument(metavar="TO", help="The statement that it is about.")],
    basis: Annotated[
        str,
        typer.Option("--basis", help="stated by the speaker, juxtaposed by a source, or inferred."),
    ] = "stated",
    evidence: Annotated[
        str | None, typer.Option("--evidence", metavar="REPORT", help="A report that shows it.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="Or a source that shows it, with --quote.")
    ] = None,
    quote: Annotated[
        str | None, typer.Option("--quote", "-q", help="The words there that show it.")
    ] = None,
    prefix: Prefix = None,
    suffix: Suffix = None,
    note: Note = None,
    actor: Actor = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
    reason: Reason = None,
) -> None:
    """Say how one statement stands to another: FROM denies, repeats, updates … TO.

    \b
    claims relate washington-2015 denies press-tv-accusation --basis stated
    claims relate karzai-2017 contradicts us-2017 --source article -q "said the opposite"
    """
    ledger = open_ledger(actor)
    views = ledger.views()
    raw = given(
        command="relate_statements",
        to=meant(views, to, "statement", field="TO").id,
        relation=relation.replace("-", "_"),
        basis=basis,
        evidence=evidence_meant(views, evidence, source, quote),
        note=note,
    )
    raw["from"] = meant(views, from_, "statement", field="FROM").id
    if isinstance(raw.get("evidence"), dict):
        raw["evidence"] |= given(prefix=prefix, suffix=suffix)
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    batch = [
        given_with(raw, RELATION_OPTIONS | {"evidence": "--evidence" if evidence else "--quote"})
    ]
    append_given(ledger, batch, options, json=json, dry_run=dry_run)


RELATION_OPTIONS = {
    "from": "FROM",
    "from_": "FROM",
    "to": "TO",
    "relation": "RELATION",
    "basis": "--basis",
}


def evidence_meant(
    views: "Database", report: str | None, source: str | None, quote: str | None
) -> str | dict[str, str] | None:
    """What shows a relation: a report, or words in a source; None where nothing is given."""
    from ledger.errors import UsageFault

    if report and (source or quote):
        raise UsageFault(
            "The relation has two kinds of evidence.",
            way_out="Give --evidence REPORT, or else --source with --quote.",
        )
    if bool(source) != bool(quote):
        missing = "--quote" if source else "--source"
        raise UsageFault(
            f"{missing} is missing.",
            way_out='Words that show a relation need both: --source ID --quote "…".',
        )
    if report:
        return meant(views, report, "report", field="--evidence").id
    if source and quote:
        return {"source_id": meant(views, source, "source", field="--source").id, "quote": quote}
    return None


def assess(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="The statement or the source that is rated.")
    ],
    assessor: Annotated[
        str | None, typer.Option("--assessor", help="Who rates it, such as Full Fact.")
    ] = None,
    label: Annotated[
        str | None, typer.Option("--label", help="The rating in words: Half true.")
    ] = None,
    value: Annotated[float | None, typer.Option("--value", help="The rating as a number.")] = None,
    best: Annotated[float | None, typer.Option("--best", help="The best on that scale.")] = None,
    worst: Annotated[float | None, typer.Option("--worst", help="The worst on it.")] = None,
    credibility: Annotated[
        int | None,
        typer.Option(
            "--credibility", min=1, max=6, help="Of a statement: 1 confirmed … 6 cannot be judged."
        ),
    ] = None,
    reliability: Annotated[
        str | None,
        typer.Option(
            "--reliability", metavar="A-F", help="Of a source: A completely … F cannot be judged."
        ),
    ] = None,
    url: Annotated[str | None, typer.Option("--url", help="Where the rating stands.")] = None,
    explanation: Annotated[
        str | None, typer.Option("--explanation", help="What the assessor says of it.")
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
    """Keep a third party's rating of a statement or of a source; many may stand side by side.

    \b
    claims assess kabulov-2017 --assessor "Full Fact" --label "Half true" --url https://…
    claims assess kabulov-2017 --assessor ana --credibility 3
    claims assess tass-1 --assessor ana --reliability C --explanation "Owned by the state."
    """
    ledger = open_ledger(actor)
    views = ledger.views()
    found = meant(views, name, "statement", "source", field="ID")
    rating = given(label=label, value=value, best=best, worst=worst)
    refuse_other_scale(found.noun, credibility, reliability)
    said = given(
        rating=rating or None,
        information_credibility=credibility,
        source_reliability=reliability and reliability.upper(),
        url=url,
        explanation=explanation,
    )
    if not said:
        from ledger.errors import UsageFault

        raise UsageFault(
            "The assessment says nothing.",
            way_out="Give --label, --value, --explanation, --url"
            f" or {'--credibility 1-6' if found.noun == 'statement' else '--reliability A-F'}.",
        )
    raw = given(
        command=f"assess_{found.noun}",
        assessor=wanted(assessor, "--assessor", "Who rates it?", "assess"),
        note=note,
    )
    raw |= said | {f"{found.noun}_id": found.id}
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    batch = [given_with(raw, ASSESSMENT_OPTIONS | {f"{found.noun}_id": "ID"})]
    append_given(ledger, batch, options, json=json, dry_run=dry_run)


ASSESSMENT_OPTIONS = {
    "assessor": "--assessor",
    "rating.label": "--label",
    "rating.value": "--value",
    "rating.best": "--best",
    "rating.worst": "--worst",
    "information_credibility": "--credibility",
    "source_reliability": "--reliability",
    "url": "--url",
    "explanation": "--explanation",
}


def refuse_other_scale(noun: str, credibility: int | None, reliability: str | None) -> None:
    """Credibility is a statement's and reliability a source's; the two never mix."""
    from ledger.errors import UsageFault

    if noun == "statement" and reliability is not None:
        raise UsageFault(
            "--reliability is said of sources, and this is a statement.",
            way_out="Of a statement it is --credibility 1-6; or name the source.",
        )
    if noun == "source" and credibility is not None:
        raise UsageFault(
            "--credibility is said of statements, and this is a source.",
            way_out="Of a source it is --reliability A-F; or name the statement.",
        )


def judge(
    left: Annotated[str, typer.Argument(metavar="LEFT", help="A speaker.")],
    right: Annotated[str, typer.Argument(metavar="RIGHT", help="Another speaker.")],
    judgement: Annotated[
        str, typer.Argument(metavar="JUDGEMENT", help="same, different or unsure.")
    ],
    reason: Reason = None,
    note: Note = None,
    actor: Actor = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
) -> None:
    """Say whether two speakers are one; the latest judgement counts, and can be taken back.

    \b
    claims judge z-kabulov zamir-kabulov same --reason "the same envoy, by his initial"
    claims judge z-kabulov zamir-kabulov different --reason "his brother, as tass-3 shows"
    """
    from events.ids import random_id

    ledger = open_ledger(actor)
    views = ledger.views()
    raw = given(
        command="judge_speakers",
        left=meant(views, left, "speaker", field="LEFT").id,
        right=meant(views, right, "speaker", field="RIGHT").id,
        judgement=judgement,
        reason=wanted(reason, "--reason", "Why?", "judge"),
        note=note,
        command_id=random_id(),
    )
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    batch = [given_with(raw, {"left": "LEFT", "right": "RIGHT", "judgement": "JUDGEMENT"})]
    append_given(ledger, batch, options, json=json, dry_run=dry_run)
