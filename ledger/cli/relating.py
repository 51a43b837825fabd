"""`claims relate`: how one statement stands to another."""

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
    Note,
    Prefix,
    Suffix,
    append_given,
    given,
    given_with,
)
from ledger.cli.meaning import meant
from ledger.cli.writing import writer_options

if TYPE_CHECKING:
    from projections.database import Database


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
