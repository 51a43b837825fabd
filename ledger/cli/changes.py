"""What a thing was and is: its forms, and the fields in which two of them differ."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from events.values import Value
    from ledger.api import Ledger
    from ledger.cli.resolve import Found


def change_lines(found: "Found", old: "Value", new: "Value") -> list[str]:
    """What differs between two forms of a thing, one field a line."""
    from ledger.written import differences

    return [
        f"{name}: {before} → {after}" for name, before, after in differences(found.noun, old, new)
    ]


def form_now(ledger: "Ledger", found: "Found") -> "tuple[int, Value]":
    """The form of a thing that counts, and its position."""
    sql = f"select position from forms.{found.noun}s_in_form where {found.noun}_id = $1"  # noqa: S608  names of ours
    row = ledger.views().connection.execute(sql, [found.id]).fetchone()
    assert row is not None, "the thing was found"
    return row[0], form_at(ledger, found, row[0])


def form_at(ledger: "Ledger", found: "Found", position: int) -> "Value":
    """The form that the event at a position gave a thing."""
    from events.codec import decode_event
    from events.things import forms_of

    data = decode_event(ledger.log.line(position)).data
    return next(form.fields for form in forms_of(data) if form.subject == found.subject)
