"""What the rows of the view `estimates_over_time` say: who claimed which number for what time."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from events.values import Comparator, Quantity
from ledger.quantities import format_quantity

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


class Entry(NamedTuple):
    """A row as the legend has it."""

    claim: Claim
    when: str
    claimed: str
    speaker: str
    told: str  # where, and in which words


def read_measures(rows: Sequence[Row]) -> list[tuple[str, list[Entry]]]:
    """Give the title and the entries of each measure and unit."""
    measures: dict[tuple[Any, ...], list[Entry]] = {}
    for row in rows:
        measure = (row.get("measure_id"), row["measure"], row["unit"])
        measures.setdefault(measure, []).append(_entry(row))
    return [
        (_plain(f"{label} ({unit})" if unit else label), entries)
        for (_, label, unit), entries in measures.items()
    ]


def _entry(row: Row) -> Entry:
    period, when = _time(row)
    quantity = Quantity(row["comparator"], low=row["low"], best=row["best"], high=row["high"])
    speaker = _plain(row["speaker"] or row.get("speaker_id") or "unnamed")
    publisher = _plain(row.get("publisher") or row.get("source_id") or "")
    words = _plain(row.get("value_text") or row.get("quote") or "")
    where = f", in {publisher}" if publisher not in {"", speaker} else ""
    told = f"{where}: “{words}”" if words else where
    claim = Claim(period, quantity, row.get("speaker_id") or speaker)
    return Entry(claim, when, format_quantity(quantity), speaker, told)


def _time(row: Row) -> tuple[Period, str]:
    """Give the time that the number refers to; else when it was said, else when published."""
    for name, verb in (("reference_period", ""), ("said_at", "said "), ("published", "published ")):
        bounds: list[date | None] = [row.get(f"{name}_earliest"), row.get(f"{name}_latest")]
        if any(bounds):
            written = row.get(name) or "/".join(day.isoformat() if day else ".." for day in bounds)
            return Period(*(day.toordinal() if day else None for day in bounds)), verb + written
    return Period(None, None), "no date"


def _plain(text: str) -> str:
    """Give a text in one line, without the characters that steer a terminal or its direction."""
    kept = (
        char
        for char in " ".join(text.split())
        if char in "\u200c\u200d" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
    )
    return "".join(kept)
