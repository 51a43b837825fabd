"""`claims revise`, and the other verbs that correct, relate and add to what was recorded."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.assessing import assess, judge
from ledger.cli.changes import change_lines, form_at, form_now
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
from ledger.cli.extending import add_estimate, add_report
from ledger.cli.giving import (
    append_given,
    given,
    given_with,
    on_terminal,
    wanted,
)
from ledger.cli.meaning import ids_meant, meant
from ledger.cli.relating import relate
from ledger.cli.retracting import retract
from ledger.cli.voiding import void
from ledger.cli.writing import writer_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.api import Ledger
    from ledger.cli.resolve import Found
    from ledger.given import Given


def revise(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A statement, source, speaker, measure, report or estimate."
        ),
    ],
    fields: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="FIELD=VALUE", help="What a field should be; once for each list item."
        ),
    ] = None,
    clear: Annotated[
        list[str] | None, typer.Option("--clear", metavar="FIELD", help="A field to empty.")
    ] = None,
    reason: Reason = None,
    error: Annotated[
        str | None,
        typer.Option(
            "--error",
            help="Our error: transcription, attribution, span, derivation, duplicate or other.",
        ),
    ] = None,
    replaces: Annotated[
        int | None,
        typer.Option(
            "--replaces", metavar="POSITION", min=0, help="Refuse unless this form counts still."
        ),
    ] = None,
    actor: Actor = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
) -> None:
    """Correct what we recorded wrongly; the earlier form stays in the history.

    Fields that are not named stay as they are. With no field at all it opens your editor (VISUAL,
    EDITOR) with the form that counts. A newer figure is no revision: that is `claims add-estimate`.

    \b
    claims revise kabulov-2017 --set said_at=2017-11 --reason "wrong month" --error transcription
    claims revise kabulov-2017 --set topics=daesh --set topics=afghanistan --reason "topics added"
    claims revise zamir-kabulov --set 'identifiers={"wikidata": "Q4208143"}' --reason "looked up"
    claims revise estimate/k3x --set "value=>= 10000" --clear method --reason "at least, not over"
    claims revise kabulov-2017
    """
    ledger = open_ledger(actor)
    views = ledger.views()
    found = meant(views, name, field="ID")
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    about = given(error=error)
    if not fields and not clear:
        revise_in_editor(
            ledger, found, given(reason=reason, error=error), options, json=json, dry_run=dry_run
        )
        return
    from ledger.cli.patching import patch_of

    patch = patch_of(found.noun, fields or [], clear or [])
    called = {field: f"--set {field}" for field in patch}
    patch = ids_meant(views, patch, called)
    about["reason"] = wanted(reason, "--reason", "Why is it revised?", "revise")
    raw = revision(found, patch, about, replaces)
    batch = [given_with(raw, REVISION_OPTIONS | called | {f"{found.noun}_id": "ID"})]
    append_revision(ledger, batch, found, options, json=json, dry_run=dry_run)


REVISION_OPTIONS = {"reason": "--reason", "error": "--error", "replaces": "--replaces"}


def revision(
    found: "Found", patch: dict[str, Any], about: dict[str, str], replaces: int | None
) -> dict[str, Any]:
    """The command of a revision; it may be meant twice, so it has an id of its own."""
    from events.ids import random_id

    raw = {"command": f"revise_{found.noun}", f"{found.noun}_id": found.id, **patch, **about}
    return raw | given(replaces=replaces) | {"command_id": random_id()}


def revise_in_editor(
    ledger: "Ledger",
    found: "Found",
    about: dict[str, str],
    options: dict[str, Any],
    *,
    json: bool,
    dry_run: bool,
) -> None:
    """Open the form that counts in an editor, and append what was changed."""
    from pathlib import Path

    from ledger.cli.editing import Shown, edited_file, form_text, read_back
    from ledger.errors import ClaimsError, Place, Refused, UsageFault
    from ledger.given import nearest, prepare
    from ledger.written import own_fields, written

    if not on_terminal():
        raise UsageFault(
            f"Which field of the {found.noun} is wrong?",
            way_out=f"--set FIELD=VALUE or --clear FIELD; its fields: "
            f"{', '.join(own_fields(found.noun))}.",
        )
    position, form = form_now(ledger, found)
    shown = Shown(found.noun, found.id, position, written(found.noun, form))
    text = form_text(shown, about.get("reason"), about.get("error"))
    with edited_file(shown, text, keep=dry_run) as path:
        edited = read_back(path, shown)
        if not edited.about.get("reason"):
            raise Refused(
                "The reason is missing.", field="reason", way_out="Say why it is revised."
            ).at(file=str(path))
        try:
            patch = ids_meant(ledger.views(), edited.patch, {name: name for name in edited.patch})
        except ClaimsError as fault:
            fault.place = nearest(edited.places, fault.place.field) or fault.place
            raise
        raw = revision(found, patch, edited.about, position)
        batch = [prepare(raw, Place(file=str(path)), Path(), edited.places)]
        append_revision(ledger, batch, found, options, json=json, dry_run=dry_run)
    if dry_run:
        typer.echo(f"Your text is kept in {path}", err=True)


def append_revision(
    ledger: "Ledger",
    batch: "list[Given]",
    found: "Found",
    options: dict[str, Any],
    *,
    json: bool,
    dry_run: bool,
) -> None:
    """Append a revision, and say what it changed."""
    from events.codec import decode_event

    with telling_who(ledger, found):
        if dry_run:
            (decision,) = ledger.plan(batch)
            put_changes(ledger, found, decision.drafts[-1].data)
        receipt = append_given(ledger, batch, options, json=json, dry_run=dry_run)
    if receipt and not json:
        ledger.log.refresh()
        put_changes(ledger, found, decode_event(ledger.log.line(receipt.positions[0])).data)


def put_changes(ledger: "Ledger", found: "Found", revised: Any) -> None:  # noqa: ANN401  one of six events
    """Say field by field what a revision changes."""
    earlier = form_at(ledger, found, revised.replaces)
    for line in change_lines(found, earlier, revised):
        typer.echo(line, err=True)


@contextmanager
def telling_who(ledger: "Ledger", found: "Found") -> "Iterator[None]":
    """Add to a conflict over the form that counts by whom and when that form was recorded."""
    from ledger.errors import Conflict

    try:
        yield
    except Conflict as conflict:
        if conflict.place.field in ("replaces", "--replaces"):
            position, _ = form_now(ledger, found)
            sql = "select actor, recorded_at from events where position = $1"
            row = ledger.views().connection.execute(sql, [position]).fetchone()
            if row:
                who = f"Position {position} is by {row[0]}, {row[1]:%Y-%m-%d %H:%M} UTC."
                conflict.what = f"{conflict.what}\n       {who}"
        raise


COMMANDS = {
    "revise": revise,
    "retract": retract,
    "void": void,
    "relate": relate,
    "assess": assess,
    "judge": judge,
    "add-report": add_report,
    "add-estimate": add_estimate,
}
