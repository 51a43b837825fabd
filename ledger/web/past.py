"""The past of things: each event about them, in words, with the reason that it gives."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from events.codec import decode_event
from ledger.asker import Row

if TYPE_CHECKING:
    from ledger.web.keeper import Moment


def past_of(moment: "Moment", subjects: Sequence[str], first: int) -> list[Row]:
    """What was recorded, revised and voided of some subjects, in order, from a position on."""
    rows = moment.views.named("page_history", subjects=list(subjects), first=first)
    lines = moment.log.lines_at(row["position"] for row in rows)
    for row in rows:
        said = decode_event(lines[row["position"]]).data
        row["reason"] = getattr(said, "reason", None)
        row["error"] = getattr(said, "error", None)
        row["note"] = getattr(said, "note", None)
    return rows
