"""What of a result can be drawn: numbers along days, or numbers of named things.

Rules kept here:
- a figure that somebody claimed is never drawn without its hedge: the columns of bounds have no
  picture here, the chart of their measure shows them;
- places in the log and in a text are no quantities.
"""

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ledger.web.sql.messages import Answer, Cell
from ledger.web.sql.table import is_number

MOST_SERIES = 6
MOST_BARS = 40
MOST_POINTS = 2_000
_BOUNDS = frozenset(("low", "best", "high"))
_PLACES = frozenset(("position", "quote_start", "quote_end", "replaces", "target"))
_DAYS = ("DATE", "TIMESTAMP")


class Series(NamedTuple):
    """Numbers under one name, each with where it stands: an ordinal of a day, or a row's number."""

    name: str
    points: list[tuple[float, float]]


class Frame(NamedTuple):
    """What is to be drawn; `labels` name the rows of bars, and are empty where days are drawn."""

    along: str
    series: list[Series]
    labels: list[str]


def frame_of(answer: Answer) -> Frame | None:
    """What of a result can be drawn; None where there is nothing."""
    kinds = [_kind(kind) for kind in answer.types]
    numbers = [
        at for at, kind in enumerate(kinds) if kind == "number" and _is_quantity(answer.columns[at])
    ]
    days = [at for at, kind in enumerate(kinds) if kind == "day"]
    texts = [at for at, kind in enumerate(kinds) if kind == "text"]
    if days and numbers and (not texts or _tell_series(answer, numbers, texts)):
        return _along_days(answer, days[0], numbers, texts)
    names = texts or days or numbers[:1]
    measured = [at for at in numbers if at not in names]
    return _named(answer, names[0], measured) if names and measured else None


def _tell_series(answer: Answer, numbers: Sequence[int], texts: Sequence[int]) -> bool:
    """Whether the only text says which of a few series a row belongs to."""
    if len(numbers) > 1 or len(texts) > 1:
        return False
    told = {str(row[texts[0]]) for row in answer.rows}
    return len(told) <= MOST_SERIES and 2 * len(told) <= len(answer.rows)


def _kind(kind: str) -> str:
    if is_number(kind):
        return "number"
    if kind == "VARCHAR":
        return "text"
    return "day" if kind.startswith(_DAYS) and not kind.endswith("]") else "other"


def _is_quantity(column: str) -> bool:
    """Whether the numbers of a column may be drawn as they stand."""
    name = column.lower()
    return name not in _PLACES and name.rpartition("_")[2] not in _BOUNDS


def _along_days(
    answer: Answer, day: int, numbers: Sequence[int], texts: Sequence[int]
) -> Frame | None:
    """Numbers along days: a series a column, or one for each text where that is what tells rows."""
    made: dict[str, list[tuple[float, float]]] = {}
    for row in answer.rows[:MOST_POINTS]:
        for at in numbers[:MOST_SERIES]:
            place, number = ordinal(row[day]), number_of(row[at])
            if place is not None and number is not None:
                name = str(row[texts[0]]) if texts else answer.columns[at]
                made.setdefault(name, []).append((place, number))
    if not 0 < len(made) <= MOST_SERIES or len({x for each in made.values() for x, _ in each}) < 2:  # noqa: PLR2004  one day is no course of time
        return None
    series = [Series(name, sorted(points)) for name, points in made.items()]
    return Frame(answer.columns[day], series, [])


def _named(answer: Answer, name: int, numbers: Sequence[int]) -> Frame | None:
    """Numbers of named things, a bar each."""
    if not 1 < len(answer.rows) <= MOST_BARS:
        return None
    series = []
    for at in numbers[:MOST_SERIES]:
        found = ((row, number_of(cells[at])) for row, cells in enumerate(answer.rows))
        points = [(float(row), number) for row, number in found if number is not None]
        series.append(Series(answer.columns[at], points))
    labels = ["null" if row[name] is None else str(row[name]) for row in answer.rows]
    return Frame(answer.columns[name], [each for each in series if each.points], labels)


def number_of(cell: Cell) -> float | None:
    """A number of a cell; None where it has none that can be drawn."""
    if cell is None or isinstance(cell, bool | list | dict):
        return None
    try:
        number = float(cell)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) < 1e300 else None  # noqa: PLR2004  an axis needs room beyond it


def ordinal(cell: Cell) -> float | None:
    """The day of a date or a time in ISO 8601; None where it is none of these."""
    try:
        return float(date.fromisoformat(str(cell)[:10]).toordinal())
    except ValueError:
        return None
