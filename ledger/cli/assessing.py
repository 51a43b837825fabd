"""`claims assess` and `judge`: ratings by third parties, and who is who."""

from typing import Annotated

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
    Note,
    append_given,
    given,
    given_with,
    wanted,
)
from ledger.cli.meaning import meant
from ledger.cli.writing import writer_options


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
