"""The log: its signed head, its events as they were written, and their proofs."""

from typing import TYPE_CHECKING

import msgspec

from events.codec import decode_event
from ledger.web.page import Asked, Page, position_of
from ledger.web.pages.statement import proof_of

if TYPE_CHECKING:
    from ledger.asker import Row

_ROWS = 50


def log_page(asked: Asked) -> Page:
    """The head of the log, and its events, the newest first."""
    moment = asked.moment
    limit = asked.limit(_ROWS)
    before = asked.number("before", moment.size, most=moment.size)
    rows = moment.views.named("page_events", last=before, limit=limit)
    older = rows[-1]["position"] if rows and rows[-1]["position"] > 0 else None
    head = moment.log.checkpoint
    data = {
        "events": rows,
        "older": older,
        "limit": limit,
        "origin": moment.log.origin,
        "signed_size": head.size,
        "root": head.root64,
        "note": moment.log.extent.note.decode(),
        "key": moment.log.verifier_key,
        "keys": len(moment.log.chain.keys),
        "segments": len(moment.log.segments()),
    }
    return Page("log.html", "The log", data, rows)


def event_page(asked: Asked) -> Page:
    """One event, as it was written, with what ties it to the signed head."""
    moment = asked.moment
    position = position_of(asked.path["id"], moment.size)
    line = moment.log.line(position)
    event = decode_event(line)
    told: Row = {"type": event.type, "subject": event.subject, "actor": event.actor}
    data = {
        "position": position,
        "event": told,
        "line": line.decode(),
        "shown": msgspec.json.format(line, indent=2).decode(),
        "proof": proof_of(moment, position),
    }
    return Page("event.html", f"Event {position:,}", data, [told])
