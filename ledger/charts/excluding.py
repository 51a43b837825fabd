"""Which estimates of a chart cannot both be true, by the rule of the view `conflicts`.

The view looks at every measure at once, which takes long where there are many; a chart draws few
estimates, whose rows are at hand. A test holds the two together.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import combinations

from ledger.charts.claims import Row

_PERIOD = "reference_period"


def excluding(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Pairs of ids, the one that comes first at the left; in order."""
    return sorted(_pairs([row for row in rows if _counts(row)]))


def _counts(row: Row) -> bool:
    """Whether an estimate has a figure and a period; without one it contradicts none."""
    return row["comparator"] != "unspecified" and any(_days(row))


def _days(row: Row) -> tuple[date | None, date | None]:
    return row[f"{_PERIOD}_earliest"], row[f"{_PERIOD}_latest"]


def _pairs(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for one, other in combinations(rows, 2):
        told_alike = all(one[name] == other[name] for name in ("statement_id", "source_id"))
        if not told_alike and _overlap(one, other) and (_below(one, other) or _below(other, one)):
            left, right = sorted((one["estimate_id"], other["estimate_id"]))
            yield left, right


def _overlap(one: Row, other: Row) -> bool:
    """Whether two periods share a day; an open side has no end."""
    (first, last), (other_first, other_last) = _days(one), _days(other)
    return (first or date.min) <= (other_last or date.max) and (other_first or date.min) <= (
        last or date.max
    )


def _below(lower: Row, upper: Row) -> bool:
    """Whether all that one claim allows lies below all that another allows."""
    high, low = _read(lower, max, "high"), _read(upper, min, "low")
    if high is None or low is None:
        return False
    both_reach = lower["high_inclusive"] is not False and upper["low_inclusive"] is not False
    return bool(high < low or (high == low and not both_reach))


def _read(row: Row, furthest: Callable[..., float], side: str) -> float | None:
    """The figure that a number stands for; `about` is read as ± 10 %, without binary noise."""
    if row["comparator"] != "about":
        bound: float | None = row[side]
        return bound
    best = row["best"]
    return float(f"{furthest(best * 9, best * 11) / 10:.15g}")
