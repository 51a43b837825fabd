"""What the rows of the view `estimates_over_time` say: which number was claimed for what time."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from events.values import Comparator, Quantity

if TYPE_CHECKING:
    from datetime import date

Row = Mapping[str, Any]

# Claims of the same numbers for the same time are sorted in this order.
_GLYPHS: dict[Comparator, str] = {
    "eq": "●",
    "about": "≈",
    "gt": "▲",
    "ge": "▲",
    "between": "┃",
    "lt": "▼",
    "le": "▼",
    "unspecified": "●",
}


class Period(NamedTuple):
    """Ordinals of the first and last day, both inclusive; None where a side is open or unknown."""

    first: int | None
    last: int | None

    def known(self) -> list[int]:
        """Give the days that are known, in order."""
        return [day for day in self if day is not None]

    def middle(self) -> float:
        """Give the day that stands for it, in its middle or beside the side that is known."""
        days = self.known()
        return (days[0] + days[-1] + 1) / 2


class Claim(NamedTuple):
    """What a row says about a number; rows that say the same share a mark."""

    period: Period
    quantity: Quantity
    speaker_id: str

    def numbers(self) -> list[float]:
        """Give its bounds, in order; one that is told twice counts once."""
        bounds = (self.quantity.low, self.quantity.best, self.quantity.high)
        return list(dict.fromkeys(bound for bound in bounds if bound is not None))

    def glyph(self) -> str:
        """Give the character of its mark; of an open bound, the head of its arrow."""
        return _GLYPHS[self.quantity.comparator]

    def order(self) -> tuple[Any, ...]:
        """Give what claims are sorted by: time, then number."""
        hedge = list(_GLYPHS).index(self.quantity.comparator)
        is_open = [day is None for day in self.period]
        return self.period.known(), self.numbers(), hedge, self.speaker_id, is_open


def claim_of(row: Row) -> Claim:
    """What a row claims."""
    quantity = Quantity(row["comparator"], low=row["low"], best=row["best"], high=row["high"])
    return Claim(time_of(row)[0], quantity, row.get("speaker_id") or row["speaker"] or "unnamed")


def time_of(row: Row) -> tuple[Period, str]:
    """Give the time that the number refers to; else when it was said, else when published."""
    for name, verb in (("reference_period", ""), ("said_at", "said "), ("published", "published ")):
        bounds: list[date | None] = [row.get(f"{name}_earliest"), row.get(f"{name}_latest")]
        if any(bounds):
            written = row.get(name) or "/".join(day.isoformat() if day else ".." for day in bounds)
            return Period(*(day.toordinal() if day else None for day in bounds)), verb + written
    return Period(None, None), "no date"
