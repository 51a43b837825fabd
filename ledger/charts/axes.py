"""Axes: where a number or a day stands on the plot, and which of them are named.

The scale of numbers is logarithmic where they span more than 200-fold, as in the terminal.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ledger.charts.claims import Period
from ledger.charts.days import named_days
from ledger.charts.words import width_of

LOG_FROM = 200  # the largest number over the smallest, beyond which the scale is logarithmic
LABEL_SIZE = 12  # of the font of an axis
_MOST_TICKS = 7
_DAY_MARGIN = 0.04  # of the days that are shown, on each side
_LABEL_GAP = 18  # at least, between two labels


@dataclass(frozen=True)
class Axis:
    """A scale: `low` lies at the place `start`, `high` at `end`, both along the plot."""

    low: float
    high: float
    start: float
    end: float
    ticks: dict[float, str]
    log: bool = False
    zero: bool = False  # the start of a logarithmic scale stands for zero

    def at(self, value: float) -> float:
        """The place of a value; what lies below a logarithmic scale stands at its start."""
        low, high, value = (
            (math.log10(max(each, self.low)) for each in (self.low, self.high, value))
            if self.log
            else (self.low, self.high, value)
        )
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def scale(self) -> dict[str, Any]:
        """The scale as Vega-Lite has it."""
        return {
            "type": "log" if self.log else "linear",
            "domain": [self.low, self.high],
            "range": [self.start, self.end],
            "nice": False,
            "zero": False,
        }

    def axis(self, *, grid: bool) -> dict[str, Any]:
        """The axis as Vega-Lite has it; the labels are looked up, since they are made here."""
        values, names = list(self.ticks), list(self.ticks.values())  # figures and dates of ours
        return {
            "values": values,
            "grid": grid,
            "labelExpr": f"{names}[indexof({values}, datum.value)]",
            "domain": not grid,
            "ticks": not grid,
        }


def number_axis(numbers: Sequence[float], start: float, end: float, *, headroom: float = 0) -> Axis:
    """The axis of numbers, from zero unless one is negative; `headroom` stays free at its end."""
    used = abs(end - start)
    share = used / (used - headroom)
    positive = [number for number in numbers if number > 0]
    if positive and min(numbers) >= 0 and max(positive) > LOG_FROM * min(positive):
        return _log_axis(positive, start, end, share=share, zero=0 in numbers)
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    high += low == high
    top = low + (high - low) * share
    return Axis(low, top, start, end, _linear_ticks(low, top))


def _linear_ticks(low: float, high: float) -> dict[float, str]:
    power = 10.0 ** math.floor(math.log10((high - low) / _MOST_TICKS))
    step = next(s * power for s in (1, 2, 5, 10) if (high - low) / (s * power) <= _MOST_TICKS)
    places = range(math.ceil(low / step), math.floor(high / step) + 1)
    ticks = [float(f"{at * step:.12g}") for at in places]
    return {tick: figure(tick) for tick in ticks}


def _log_axis(
    positive: Sequence[float], start: float, end: float, *, share: float, zero: bool
) -> Axis:
    low = math.floor(math.log10(min(positive))) - zero
    high = low + (math.log10(max(positive)) - low) * share
    every = max(1, math.ceil((high - low) / _MOST_TICKS))
    ticks = {10.0**power: figure(10.0**power) for power in range(low, math.floor(high) + 1, every)}
    if zero:
        ticks[10.0**low] = "0"
    return Axis(10.0**low, 10.0**high, start, end, ticks, log=True, zero=zero)


def figure(number: float) -> str:
    """A number as an axis names it."""
    return f"{number:,.12g}"


def day_axis(periods: Iterable[Period], start: float, end: float, *, behind: float = 0) -> Axis:
    """The axis of days around those that are known; at least one is. `behind` stays free."""
    known = sorted({day for period in periods for day in period.known()})
    first, last = known[0], known[-1] + 1
    margin = max((last - first) * _DAY_MARGIN, 2) if len(known) > 1 else 20
    if last - first > 1 and len(known) <= 2:  # noqa: PLR2004  one period, first and last day
        margin = last - first
    low = first - margin
    high = last + margin + (last - low) * behind / (abs(end - start) - behind)
    axis = Axis(low, high, start, end, {})
    return Axis(low, high, start, end, _day_ticks(axis))


def _day_ticks(axis: Axis) -> dict[float, str]:
    """The finest ticks that have room."""
    most = int(abs(axis.end - axis.start) / 40)
    for named in filter(None, named_days(axis.low, axis.high, most=most)):
        width = width_of(named[0][1], LABEL_SIZE)
        ticks = {
            float(day): label
            for day, label in named
            if axis.start + width / 2 <= axis.at(day) <= axis.end
        }
        if ticks and all(axis.at(b) - axis.at(a) >= width + _LABEL_GAP for a, b in pairwise(ticks)):
            return ticks
    return {}
