"""Checking erasures: each tombstone was ordered by an event, and each order was carried out.

Rules kept here:
- a tombstone names the event that ordered it; that event lies later, names the position, and is
  whole itself;
- every position that such an event names holds a tombstone; while a redaction is under way (the
  file `redacting` says so) some may not yet, which is told.
"""

from pathlib import Path

from events.codec import decode_event
from events.vocabulary import RecordRedacted
from ledger.findings import Finding, Findings
from ledger.segments import Segment, segment_of
from ledger.walk import Walk

UNDER_WAY = "redacting"  # a file that lies in the ledger while a redaction is carried out


def check_erasures(walk: Walk, segments: list[Segment], findings: Findings) -> None:
    """Check the tombstones that a walk met against the redactions that it met."""
    orders = _orders(walk)
    for position, by in sorted(walk.erased.items()):
        why = _fault(position, by, orders)
        if why:
            findings.add(_finding(segments, position, "an event that ordered the erasure", why))
    under_way = (walk.folder / UNDER_WAY).exists()
    left = {(position, by) for by, positions in orders.items() for position in positions}
    for position, by in sorted(left):
        if position not in walk.erased and position < by:
            found = "the event, while a redaction is under way" if under_way else "the event"
            findings.add(
                _finding(segments, position, f"a tombstone, as position {by} ordered", found)
            )


def _orders(walk: Walk) -> dict[int, frozenset[int]]:
    """The positions that each redaction names."""
    orders = {}
    for position, line in walk.special:
        data = decode_event(line).data
        if isinstance(data, RecordRedacted):
            orders[position] = frozenset(data.positions)
    return orders


def _fault(position: int, by: int, orders: dict[int, frozenset[int]]) -> str:
    if by <= position:
        return f"position {by}, which is not later"
    if by not in orders:
        return f"no redaction at position {by}"
    return "" if position in orders[by] else f"position {by}, which does not name this one"


def _finding(segments: list[Segment], position: int, expected: str, found: str) -> Finding:
    return Finding(
        what="an erased event",
        file=str(segment_of(segments, position).path if segments else Path()),
        position=position,
        expected=expected,
        found=found,
    )
