"""`claims show POSITION`: one event as it was recorded, or what is left of it."""

from contextlib import suppress
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from events.record import Event
    from ledger.api import Ledger


def show_event(ledger: "Ledger", position: int, *, json: bool) -> None:
    """Show the event at a position; of an erased one, on whose authority and why it was."""
    from events.codec import UnknownType
    from ledger.errors import Refused

    if position >= ledger.size:
        raise Refused(
            f"There is no event at position {position}; the ledger holds {ledger.size}.",
            field="ID|POSITION",
            way_out="Positions begin at 0; `claims history ID` shows those of a thing.",
        )
    line = ledger.log.line(position)
    text = line.decode()
    if not json:
        with suppress(UnknownType):  # of a type newer than this code the line is all there is
            text = "\n".join(event_lines(ledger, line))
    typer.echo(text)


def event_lines(ledger: "Ledger", line: bytes) -> list[str]:
    """An event as a person reads it."""
    import msgspec

    from events.codec import decode_event, format_time
    from events.vocabulary import RecordRedacted, Redacted

    event = decode_event(line)
    lines = [f"event {event.position}  {event.type}", f"  recorded {format_time(event.time)}"]
    if not isinstance(event.data, Redacted):
        about = f"  about {event.subject}, by {event.actor} ({event.agent})"
        data = msgspec.json.format(msgspec.json.encode(event.data), indent=2).decode()
        return [*lines, about, *(f"  {each}" for each in data.splitlines())]
    order = order_of(ledger, event.data.redacted_by)
    lines.append(f"  its content was erased by the event at position {event.data.redacted_by}")
    if order is not None and isinstance(order.data, RecordRedacted):
        lines += [
            f"  recorded {format_time(order.time)} by {order.actor}",
            f"  authority: {order.data.authority}",
            f"  reason: {order.data.reason}",
        ]
    return [*lines, f"  leaf hash {event.data.leaf_hash}"]


def order_of(ledger: "Ledger", position: int) -> "Event | None":
    """The event that ordered an erasure, if the log has it; `verify` tells where it has not."""
    from events.codec import decode_event

    if position >= ledger.log.size:
        return None
    return decode_event(ledger.log.line(position))
