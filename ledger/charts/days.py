"""The days that an axis of time may name, the finest first."""

import math
from collections.abc import Iterator
from datetime import date

_MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000, 60_000)
_DAY_STEPS = (range(1, 32), range(1, 30, 2), range(1, 26, 4), range(1, 23, 7), range(1, 16, 14))
_MOST_DAYS = 400  # beyond which no day is named on the axis

Named = list[tuple[int, str]]  # the ordinals of days and what the axis calls them


def named_days(left: float, right: float, *, most: int) -> Iterator[Named]:
    """Give what an axis from one day to another may name; of months and years at most so many."""
    first, last = (
        date.fromordinal(min(max(1, math.ceil(day)), date.max.toordinal())) for day in (left, right)
    )
    if right - left <= _MOST_DAYS:
        yield from _days(first, last)
    yield from _months(first, last, most=most)


def _days(first: date, last: date) -> Iterator[Named]:
    days = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
    for chosen in _DAY_STEPS:
        yield [(day.toordinal(), day.isoformat()) for day in days if day.day in chosen]


def _months(first: date, last: date, *, most: int) -> Iterator[Named]:
    first_month, end = first.year * 12 + first.month - 1, last.year * 12 + last.month
    for step in _MONTH_STEPS:
        months = range(math.ceil(first_month / step) * step, end, step)
        if len(months) <= most:
            written = "2018" if step % 12 == 0 else "2018-02"
            starts = [date(month // 12, month % 12 + 1, 1) for month in months if month >= 12]  # noqa: PLR2004  there is no year 0
            yield [(day.toordinal(), day.isoformat()[: len(written)]) for day in starts]
