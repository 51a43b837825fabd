"""Estimates over time as a chart in text.

No claim looks like a fact, and no open bound like a number:
- a title says "as claimed"; each mark's letter leads to who said it, where, in which words;
- `┴` and `┬` are bounds, `│` is what lies beyond or between them, `▲` and `▼` are its open ends;
- marks that would hide each other step aside in time, never along the numbers;
- `─` is the time that a number refers to, where that is longer than a column;
- what cannot be drawn is listed below, with the reason.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, groupby, pairwise, product
from string import ascii_letters, ascii_lowercase
from typing import Any, NamedTuple

from rich.cells import cell_len, set_cell_size

from events.values import Comparator, Quantity
from ledger.quantities import format_quantity

Row = Mapping[str, Any]  # of the view estimates_over_time
Cell = tuple[int, int]  # column and row of the plot, from its lower left corner

_NO_ROWS = "There are no estimates to draw."
_NO_NUMBER = "Not drawn, since no number was given:"
_NO_DATE = "Not drawn, since no date is known:"
_NO_ROOM = "Not drawn, for want of room:"

_KEY = {
    "●": "number",
    "≈": "about",
    "▲": "or more",
    "▼": "or less",
    "▮": "range",
    "─": "period",
}
_COMPARATORS: tuple[Comparator, ...] = (
    *("eq", "about", "gt", "ge", "between", "lt", "le", "unspecified"),
)
# The terminal's own first, then others of its 256; the 21st speaker begins again.
_COLOURS = (6, 3, 2, 5, 4, 1, 208, 14, 13, 10, 130, 12, 11, 9, 31, 171, 64, 203, 37, 99)
_LOG_FROM = 200  # the largest number over the smallest, beyond which the scale is logarithmic
_MOST_TICKS = 7
_REACH = 3  # columns that a mark may step aside from its time
_MARGIN = 3  # columns that stay free before the first time and after the last
_DAY_COLUMNS = 8  # at most for a day
_ARROW_ROWS = 3  # at least for a mark with an open end
_MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000)
_DAY_STEPS = (frozenset(range(1, 32)), frozenset({1, 8, 15, 22}), frozenset({1, 15}))
_LONGEST_IN_DAYS = 400  # that is ticked by days


# ── what the rows say ────────────────────────────────────────────────────────────────────────


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
    speaker: str

    def numbers(self) -> list[float]:
        """Give its bounds, in order; one that is told twice counts once."""
        bounds = (self.quantity.low, self.quantity.best, self.quantity.high)
        return list(dict.fromkeys(bound for bound in bounds if bound is not None))

    def order(self) -> tuple[Any, ...]:
        """Give what claims are sorted by: time, then number."""
        hedge = _COMPARATORS.index(self.quantity.comparator)
        first, last = self.period
        return self.period.known(), self.numbers(), hedge, self.speaker, first is None, last is None


class Entry(NamedTuple):
    """A row as the legend has it."""

    claim: Claim
    when: str
    told: str  # where, and in which words


def draw_estimates(rows: Sequence[Row], *, width: int, height: int = 18, colour: bool) -> str:
    """Draw rows of the view `estimates_over_time`, one chart for each measure.

    `width` is the most columns of a line, `height` the lines of a plot with its axis; title, key
    and legend come on top. Without `colour` the text has no escapes.
    """
    if not rows:
        return _NO_ROWS
    measures: dict[tuple[Any, ...], list[Entry]] = {}
    for row in rows:
        measure = (row.get("measure_id"), row["measure"], row["unit"])
        measures.setdefault(measure, []).append(_entry(row))
    speakers = dict.fromkeys(entry.claim.speaker for entry in chain(*measures.values()))
    inks = {name: _COLOURS[at % len(_COLOURS)] if colour else 0 for at, name in enumerate(speakers)}
    charts = (
        "\n".join(_chart(_plain(f"{label} ({unit})" if unit else label), entries, (width, height), inks))
        for (_, label, unit), entries in measures.items()
    )
    return "\n\n".join(charts)


def _entry(row: Row) -> Entry:
    period, when = _time(row)
    quantity = Quantity(row["comparator"], low=row["low"], best=row["best"], high=row["high"])
    speaker = _plain(row["speaker"] or row.get("speaker_id") or "unnamed")
    publisher = _plain(row.get("publisher") or row.get("source_id") or "")
    words = _plain(row.get("value_text") or row.get("quote") or "")
    where = f", in {publisher}" if publisher not in {"", speaker} else ""
    return Entry(Claim(period, quantity, speaker), when, f"{where}: “{words}”" if words else where)


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
        char for char in " ".join(text.split())
        if char in "\u200c\u200d" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
    )
    return "".join(kept)
