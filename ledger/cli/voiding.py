"""`claims void`: what we recorded counts no longer, and can come back."""

from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.changes import change_lines, form_now
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
from ledger.cli.resolve import NAMES, Found
from ledger.cli.writing import writer_options

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.given import Given
    from projections.database import Database


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
