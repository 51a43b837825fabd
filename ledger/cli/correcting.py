"""`claims revise` and `void`: what we recorded wrongly; nothing of it is lost."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.adding import given, on_terminal
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
from ledger.cli.giving import Note, append_given, given_with, wanted
from ledger.cli.meaning import ids_meant, meant
from ledger.cli.relating import assess, judge, relate, retract
from ledger.cli.resolve import NAMES, Found
from ledger.cli.writing import writer_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.values import Value
    from ledger.api import Ledger
    from ledger.given import Given
    from projections.database import Database


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
    found: Found, patch: dict[str, Any], about: dict[str, str], replaces: int | None
) -> dict[str, Any]:
    """The command of a revision; it may be meant twice, so it has an id of its own."""
    from events.ids import random_id

    raw = {"command": f"revise_{found.noun}", f"{found.noun}_id": found.id, **patch, **about}
    return raw | given(replaces=replaces) | {"command_id": random_id()}


def revise_in_editor(
    ledger: "Ledger",
    found: Found,
    about: dict[str, str],
    options: dict[str, Any],
    *,
    json: bool,
    dry_run: bool,
) -> None:
    """Open the form that counts in an editor, and append what was changed."""
    from pathlib import Path

    from ledger.cli.editing import Shown, edited_file, form_text, read_back
    from ledger.errors import Place, Refused, UsageFault
    from ledger.given import prepare
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
    with edited_file(shown, text) as path:
        edited = read_back(path, shown)
        if not edited.about.get("reason"):
            raise Refused(
                "The reason is missing.", field="reason", way_out="Say why it is revised."
            ).at(file=str(path))
        called = {name: name for name in edited.patch}
        patch = ids_meant(ledger.views(), edited.patch, called)
        raw = revision(found, patch, edited.about, position)
        batch = [prepare(raw, Place(file=str(path)), Path(), edited.places)]
        append_revision(ledger, batch, found, options, json=json, dry_run=dry_run)


def append_revision(
    ledger: "Ledger",
    batch: "list[Given]",
    found: Found,
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


def put_changes(ledger: "Ledger", found: Found, revised: Any) -> None:  # noqa: ANN401  one of six events
    """Say field by field what a revision changes."""
    earlier = form_at(ledger, found, revised.replaces)
    for line in change_lines(found, earlier, revised):
        typer.echo(line, err=True)


def change_lines(found: Found, old: "Value", new: "Value") -> list[str]:
    """What differs between two forms of a thing, one field a line."""
    from ledger.written import differences

    return [
        f"{name}: {before} → {after}" for name, before, after in differences(found.noun, old, new)
    ]


@contextmanager
def telling_who(ledger: "Ledger", found: Found) -> "Iterator[None]":
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


def form_now(ledger: "Ledger", found: Found) -> "tuple[int, Value]":
    """The form of a thing that counts, and its position."""
    sql = f"select position from forms.{found.noun}s_in_form where {found.noun}_id = $1"  # noqa: S608  names of ours
    row = ledger.views().connection.execute(sql, [found.id]).fetchone()
    assert row is not None, "the thing was found"
    return row[0], form_at(ledger, found, row[0])


def form_at(ledger: "Ledger", found: Found, position: int) -> "Value":
    """The form that the event at a position gave a thing."""
    from events.codec import decode_event
    from events.things import forms_of

    data = decode_event(ledger.log.line(position)).data
    return next(form.fields for form in forms_of(data) if form.subject == found.subject)


# ── void ─────────────────────────────────────────────────────────────────────────────────────


def void(
    name: Annotated[
        str,
        typer.Argument(metavar="ID|POSITION", help="A thing, or the position of any event."),
    ],
    part: Annotated[
        str | None,
        typer.Option(
            "--part", help="Only this part of a statement's event: report/ID, estimate/ID."
        ),
    ] = None,
    reason: Reason = None,
    note: Note = None,
    actor: Actor = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
) -> None:
    """Say that what we recorded counts no longer; it stays in the history, and can come back.

    What hangs on it is hidden with it: --dry-run counts that. A bare number is a position, which
    `claims history ID` shows; the position of a void reinstates what it hid.

    \b
    claims void kabulov-2017 --reason "recorded twice" --dry-run
    claims void estimate/k3x --reason "a date, not a number"
    claims void 1207 --reason "that revision was wrong"
    """
    from events.ids import random_id

    ledger = open_ledger(actor)
    position, part = target_of(ledger.views(), name, part)
    raw = given(
        command="void_record",
        part=part,
        reason=wanted(reason, "--reason", "Why does it count no longer?", "void"),
        note=note,
        command_id=random_id(),
    )
    raw["position"] = position
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    batch = [given_with(raw, {"position": "ID|POSITION", "part": "--part"})]
    effect = effect_told(ledger, batch, position)
    append_given(ledger, batch, options, json=json, dry_run=dry_run)
    if dry_run or not json:
        typer.echo(effect, err=True)


def effect_told(ledger: "Ledger", batch: "list[Given]", position: int) -> str:
    """What a void hides or brings back, in one line."""
    from events.codec import decode_event
    from ledger.cli.hiding import effect_of, effect_sentence

    (draft,) = ledger.plan(batch)[0].drafts
    noun, _, name = draft.subject.partition("/")
    thing = Found(noun, name, None) if noun in NAMES else None
    before = thing and form_now(ledger, thing)
    effect = effect_of(ledger.views(), [draft])
    after = thing and form_now(ledger, thing)
    ledger.close()  # its views were made to suppose something
    if thing and before and after and before[0] != after[0]:
        return "\n".join(change_lines(thing, before[1], after[1]))
    event = decode_event(ledger.log.line(position))
    return effect_sentence(effect, f"Only the event at {position} is hidden: {event.type}.")


def target_of(views: "Database", text: str, part: str | None) -> tuple[int, str | None]:
    """The position that a void names, and the part: a report may lie in its statement's event."""
    if text.isascii() and text.isdigit():
        return int(text), part_meant(views, part)
    found = meant(views, text, field="ID|POSITION")
    sql = f"select position, type from seen.{found.noun}s join seen.events using (position) where {found.noun}_id = $1"  # noqa: E501, S608  names of ours
    row = views.connection.execute(sql, [found.id]).fetchone()
    assert row is not None, "the thing was found"
    nested = found.noun in ("report", "estimate") and row[1] == "claims.statement.recorded.v1"
    return row[0], part_meant(views, part) or (found.subject if nested else None)


def part_meant(views: "Database", part: str | None) -> str | None:
    """A part of an event, `report/<id>` or `estimate/<id>`."""
    from ledger.errors import UsageFault

    if part is None:
        return None
    if not part.startswith(("report/", "estimate/")):
        raise UsageFault(
            f"--part {part} is not a part of an event.",
            way_out="A part is report/ID or estimate/ID.",
        )
    return meant(views, part, "report", "estimate", field="--part").subject


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
