"""Where it stands: the numbers along the plot's rows, the days along its columns."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from ledger.charts.claims import Claim, Period
from ledger.charts.days import Named, named_days

_LOG_FROM = 200  # the largest number over the smallest, beyond which the scale is logarithmic
_LOG_STEPS = (1, 2, 3, 5, 10, 20, 50, 100, 200)  # powers of ten from tick to tick
_LEAST_EXPONENT = -300  # of ten; a DOUBLE ends near it
_MOST_TICKS = 8
_HEADROOM = 1  # rows above the largest number
_ARROW_HEADROOM = 3  # the same where an arrow leads up
_MARGIN = 3  # columns that stay free before the first time and after the last
_DAY_COLUMNS = 8  # at most for a day


class Scale(NamedTuple):
    """The numbers along the plot's rows, linear or by powers of ten."""

    bottom: float
    step: float  # from tick to tick
    step_rows: int
    log: bool
    zero: bool  # the bottom of a logarithmic scale is zero

    def row(self, number: float) -> int:
        """Give the row of a number; zero lies at the bottom of a logarithmic scale."""
        if self.log and not number:
            return 0
        place = math.log10(number) if self.log else number
        return round((place - self.bottom) / self.step * self.step_rows)

    def ticks(self, rows: int) -> dict[int, str]:
        """Give the ticks' rows and labels."""
        places = {
            row: self.bottom + at * self.step
            for at, row in enumerate(range(0, rows, self.step_rows))
        }
        ticks = {row: f"{10**place if self.log else place:,.12g}" for row, place in places.items()}
        return ticks | ({0: "0"} if self.log and self.zero else {})


def choose_scale(claims: Sequence[Claim], rows: int) -> Scale:
    """Choose the finest scale with round ticks; it starts at zero, unless a number is negative."""
    numbers = [number for claim in claims for number in claim.numbers()]
    log = _is_log(numbers)
    low, high = _log_extent(numbers) if log else _linear_extent(numbers)
    steps = _LOG_STEPS if log else _linear_steps(high - low)
    scales = (
        Scale(math.floor(low / step) * step, step, step_rows, log, 0 in numbers)
        for step, step_rows in product(steps, range(math.ceil(rows / _MOST_TICKS), (rows + 1) // 2))
    )
    rising = any(claim.glyph() == "▲" for claim in claims)
    top = rows - 1 - (_ARROW_HEADROOM if rising else _HEADROOM)
    fitting = (
        scale for scale in scales if (high - scale.bottom) / scale.step * scale.step_rows <= top
    )
    return min(fitting, key=lambda scale: (scale.step if log else 0, scale.step / scale.step_rows))


def _is_log(numbers: Sequence[float]) -> bool:
    positive = [number for number in numbers if number > 0]
    return bool(positive) and min(numbers) >= 0 and max(positive) > _LOG_FROM * min(positive)


def _log_extent(numbers: Sequence[float]) -> tuple[float, float]:
    """Give the least and the largest power of ten, with one below for zero."""
    least = min(number for number in numbers if number)
    return math.floor(math.log10(least)) - (0 in numbers), math.log10(max(numbers))


def _linear_extent(numbers: Sequence[float]) -> tuple[float, float]:
    low, high = min(0, *numbers), max(0, *numbers)
    return low, high + (low == high)


def _linear_steps(extent: float) -> Sequence[float]:
    exponent = max(math.floor(math.log10(extent)), _LEAST_EXPONENT)
    powers = (10.0**power for power in range(exponent - 2, exponent + 2))
    return [first * power for first, power in product((1, 2, 5), powers)]


class Calendar(NamedTuple):
    """The days along the plot's columns."""

    left: float  # the ordinal at the left edge
    days: float  # in a column
    columns: int

    def column(self, day: float) -> int:
        """Give the column in which a day begins."""
        return math.floor((day - self.left) / self.days)

    def span(self, period: Period) -> range:
        """Give the columns of a period; an open side reaches the edge of the plot."""
        first = 0 if period.first is None else self.column(period.first)
        end = self.columns if period.last is None else self.column(period.last + 1 - self.days / 2)
        return range(first, max(first + 1, end + (period.last is not None)))

    def ticks(self) -> dict[int, str]:
        """Give the columns and labels of the finest ticks that have room."""
        for named in filter(None, self._named()):
            label_columns = len(named[0][1])
            edge = label_columns // 2
            ticks = {
                column: label
                for day, label in named
                if edge <= (column := self.column(day)) < self.columns - edge
            }
            if ticks and all(b - a >= label_columns + 2 for a, b in pairwise(ticks)):
                return ticks
        return {0: " "}  # the labels keep their line

    def _named(self) -> Iterator[Named]:
        """Give what the axis may name, the finest first."""
        right = self.left + self.days * self.columns
        return named_days(self.left, right, most=self.columns - 1)


def fit_calendar(periods: Sequence[Period], columns: int) -> Calendar:
    """Fit the periods into the columns; a time that stands alone is shown among its neighbours."""
    known = sorted(day for period in periods for day in period.known())
    days = known[-1] - known[0] + 1
    shown = days if len(set(periods)) > 1 else 3 * days
    per_column = max(shown / max(1, columns - 2 * _MARGIN), 1 / _DAY_COLUMNS)
    middle = (known[0] + known[-1] + 1) / 2
    return Calendar(middle - per_column * columns / 2, per_column, columns)
