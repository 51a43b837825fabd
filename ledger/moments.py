"""Which size of a log a moment stands for, read from its lines alone."""

from bisect import bisect_right
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from events.codec import format_time

if TYPE_CHECKING:
    from ledger.log import Log


def size_at(log: "Log", moment: date | datetime) -> int:
    """The largest size whose last event was recorded by a time (UTC), or by the end of a day.

    Times never run backwards along a log, and as text they have the order of time.
    """
    if isinstance(moment, datetime):
        last = format_time(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    else:
        last = f"{moment.isoformat()}T99"
    return bisect_right(range(log.size), last, key=lambda position: log.stamp(position).time)
