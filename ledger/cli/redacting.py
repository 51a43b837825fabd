"""`claims redact`: content is erased under an authority; everything else stays proven."""

from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.context import (
    AcceptClock,
    AcceptRestored,
    Actor,
    ExpectSize,
    Json,
    Reason,
    Wait,
    open_ledger,
)
from ledger.cli.erasing import put_erased, put_plan
from ledger.cli.giving import Note, on_terminal, wanted
from ledger.cli.resolve import NAMES
from ledger.cli.writing import put_notices, writer_options

if TYPE_CHECKING:
    from ledger.redaction import Asked, Plan
    from projections.database import Database


def redact(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SUBJECT|POSITION]...", help="Things, or positions of events."),
    ] = None,
    authority: Annotated[
        str | None,
        typer.Option("--authority", help="On whose order: a court's, a person's, a policy's."),
    ] = None,
    reason: Reason = None,
    document: Annotated[
        list[str] | None,
        typer.Option(
            "--document",
            metavar="SHA256|SOURCE",
            help="Erase this document too: its hash, or a source that is covered.",
        ),
    ] = None,
    documents: Annotated[
        bool, typer.Option("--documents", help="Erase the documents of every source covered.")
    ] = False,
    note: Note = None,
    actor: Actor = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be erased, and erase nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; names must be exact.")] = False,
    json: Json = False,
    expect_size: ExpectSize = None,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
) -> None:
    """Erase what was recorded, for good, under an authority; all else stays proven.

    A thing covers every event about it, a statement its reports and estimates too, a position that
    event alone. What merely names it is listed, and stays. Of an erased event the log keeps place,
    time, type and leaf hash; the order stays with its authority and reason, so name nothing in
    them that is to be erased. Backups, copies elsewhere and the traces that a disk keeps of
    deleted files are out of reach. To hide a mistake of yours, use `claims void`.

    \b
    claims redact statement/kabulov-2017 --authority "Court order 12/2026" --reason "…" --dry-run
    claims redact source/tca-2018 --documents --authority "The publisher" --reason "Licence ended"
    claims redact 1207 1209 --authority "Article 17 GDPR" --reason "Private person" --yes
    """
    from ledger.redact import Order
    from ledger.redact import redact as erase
    from ledger.redaction import make_plan

    ledger = open_ledger(actor)
    views = ledger.views()
    asked = asked_for(views, targets or [], document or [], every=documents, exact=yes)
    plan = make_plan(views, ledger.log, asked)
    ledger.close()
    if dry_run:
        put_plan(plan, as_json=json)
        return
    order = Order(
        authority=wanted(authority, "--authority", "On whose order?", "redact"),
        reason=wanted(reason, "--reason", "Why must it be erased?", "redact"),
        note=note,
    )
    order.check()
    if not (yes or plan.is_empty):
        agree(plan)
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    receipt = erase(
        ledger.log.folder, asked, order, ledger.recorder, seen=plan, notify=put_notices,
        expect_size=expect_size, **options,
    )  # fmt: skip
    put_erased(receipt, as_json=json)


def agree(plan: "Plan") -> None:
    """Show what would be erased, and ask; raises UsageFault where nobody can be asked."""
    from ledger.errors import UsageFault

    if not on_terminal():
        raise UsageFault(
            "Nobody can be asked whether to erase this.",
            way_out="Look at it with --dry-run, then give --yes.",
        )
    put_plan(plan, err=True)
    typer.confirm("Erase it? This cannot be undone.", abort=True, err=True)


def asked_for(
    views: "Database", targets: list[str], documents: list[str], *, every: bool, exact: bool
) -> "Asked":
    """What the words of a command line ask for."""
    from ledger.errors import UsageFault
    from ledger.redaction import Asked

    if not (targets or documents):
        raise UsageFault(
            "What is to be erased?", way_out="Name things, positions, or a --document."
        )
    positions = {int(text) for text in targets if text.isascii() and text.isdigit()}
    subjects = [
        subject_meant(views, text, exact=exact)
        for text in targets
        if not (text.isascii() and text.isdigit())
    ]
    return Asked(
        subjects=tuple(dict.fromkeys(subjects)),
        positions=tuple(sorted(positions)),
        documents=tuple(dict.fromkeys(documents)),
        all_documents=every,
    )


def subject_meant(views: "Database", text: str, *, exact: bool) -> str:
    """The subject that a text means: also of what is void, or erased in part.

    A whole `<noun>/<id>` that nothing bears comes back as it is. Raises UnknownId, Refused, and
    UsageFault for less than an id where it must be exact.
    """
    from ledger.cli.resolve import subject_ever
    from ledger.errors import UnknownId, UsageFault

    if not text.strip():
        raise UsageFault("Which one?", way_out="Give an id, or the beginning of one.")
    try:
        subject = left_of(views, text) or subject_ever(views, text)
    except UnknownId:
        noun, slash, name = text.partition("/")
        if slash and noun in NAMES and name:
            return text
        raise
    if exact and text not in (subject, subject.partition("/")[2]):
        raise UsageFault(
            f"With --yes nobody sees that {text!r} means {subject}.",
            way_out=f"Give {subject}, or leave --yes out.",
        )
    return subject


def left_of(views: "Database", text: str) -> str | None:
    """The subject of an exact id, also one that is void or of which only its name is left."""
    from projections import catalog

    found = views.connection.execute(catalog.query("subjects_recorded"), {"text": text}).fetchall()
    return str(found[0][0]) if len(found) == 1 else None


COMMANDS = {"redact": redact}
