"""Moments: how people write them, and which size of a log one stands for."""

from bisect import bisect_right
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from events.codec import format_time
from ledger.errors import UsageFault

if TYPE_CHECKING:
    from ledger.log import Log

_LONGEST = 100  # characters of what a person wrote that are told back


def size_at(log: "Log", moment: date | datetime) -> int:
    """The largest size whose last event was recorded by a time (UTC), or by the end of a day.

    Times never run backwards along a log, and as text they have the order of time.
    """
    if isinstance(moment, datetime):
        last = format_time(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    else:
        last = f"{moment.isoformat()}T99"
    return bisect_right(range(log.size), last, key=lambda position: log.stamp(position).time)


def parse_moment(text: str, option: str = "--as-of") -> int | date | datetime:
    """Read a size, a date, or a time in UTC unless it names another zone."""
    try:
        if text.isascii() and text.isdigit():
            return int(text)
        if len(text) == len("2026-11-20"):
            return date.fromisoformat(text)
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter beyond the years 1 to 9999, by its zone
        raise UsageFault(
            f"{text[:_LONGEST]!r} is neither a size nor a time.",
            field=option,
            way_out="Write 1200, 2026-11-20 or 2026-11-20T08:24:00Z.",
        ) from None
