"""Estimates over time as a chart in text.

No claim looks like a fact, and no open bound like a number:
- a title says "as claimed"; each mark's letter leads to who said it, where, in which words;
- `┴` and `┬` are bounds, `│` leads on from them to an open end, `▲` or `▼`; `┃` is a range;
- marks that would hide each other step aside in time, never along the numbers;
- `─` is the time that a number refers to, where that is longer than a column;
- what cannot be drawn is listed below, with the reason.
"""

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, count, cycle, groupby, pairwise, product
from string import ascii_letters
from typing import Any, NamedTuple

from rich.cells import cell_len, set_cell_size

from events.values import Comparator, Quantity
from ledger.quantities import format_quantity

Row = Mapping[str, Any]  # of the view estimates_over_time
Inks = Mapping[str, int]  # the colour of each speaker's id; empty without colour
Cell = tuple[int, int]  # column and row of the plot, from its lower left corner

_NO_ROWS = "There are no estimates to draw."
_NO_NUMBER = "Not drawn, since no number was given:"
_NO_DATE = "Not drawn, since no date is known:"
_NO_ROOM = "Not drawn, for want of room:"

_UNLETTERED = "–"  # stands in the column of letters

_KEY = {
    "●": "number",
    "≈": "about",
    "▲": "or more",
    "▼": "or less",
    "┃": "range",
    "─": "period",
}
_COMPARATORS: tuple[Comparator, ...] = (
    *("eq", "about", "gt", "ge", "between", "lt", "le", "unspecified"),
)
_ARROWS = frozenset({"gt", "ge", "lt", "le"})
# The terminal's own first, then others of its 256; the 21st speaker begins again.
_COLOURS = (6, 3, 2, 5, 4, 1, 208, 14, 13, 10, 130, 12, 11, 9, 31, 171, 64, 203, 37, 99)
_LOG_FROM = 200  # the largest number over the smallest, beyond which the scale is logarithmic
_LEAST_EXPONENT = -300  # of ten; a DOUBLE ends near it
_MOST_TICKS = 8
_STROKE_COLUMNS = 3  # at least; a shorter period is within the mark's own precision
_REACH = 3  # columns that a mark may step aside from its time
_LEAST_ROWS = 8
_AXIS_ROWS = 2  # the line and its labels
_MARGIN = 3  # columns that stay free before the first time and after the last
_DAY_COLUMNS = 8  # at most for a day
_HEADROOM = 1  # rows above the largest number
_ARROW_HEADROOM = 3  # the same where an arrow leads up
_MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000, 60_000)
_DAY_STEPS = (range(1, 32), range(1, 30, 2), range(1, 26, 4), range(1, 23, 7), range(1, 16, 14))
_MOST_DAYS = 400  # beyond which no day is named on the axis

_RESET = "\x1b[0m"
_TRAILING = re.compile(r"(?: |\x1b\[0m)+$")


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
    speaker_id: str

    def numbers(self) -> list[float]:
        """Give its bounds, in order; one that is told twice counts once."""
        bounds = (self.quantity.low, self.quantity.best, self.quantity.high)
        return list(dict.fromkeys(bound for bound in bounds if bound is not None))

    def order(self) -> tuple[Any, ...]:
        """Give what claims are sorted by: time, then number."""
        hedge = _COMPARATORS.index(self.quantity.comparator)
        is_open = [day is None for day in self.period]
        return self.period.known(), self.numbers(), hedge, self.speaker_id, is_open


class Entry(NamedTuple):
    """A row as the legend has it."""

    claim: Claim
    when: str
    claimed: str
    speaker: str
    told: str  # where, and in which words


Lettered = tuple[str, Entry]


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
    speakers = dict.fromkeys(entry.claim.speaker_id for entry in chain(*measures.values()))
    inks = dict(zip(speakers, cycle(_COLOURS), strict=False)) if colour else {}
    charts = (
        _chart(_plain(f"{label} ({unit})" if unit else label), entries, inks, size=(width, height))
        for (_, label, unit), entries in measures.items()
    )
    return "\n\n".join("\n".join(lines) for lines in charts)


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


# ── where it stands ──────────────────────────────────────────────────────────────────────────


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
        places = {row: self.bottom + row // self.step_rows * self.step for row in range(rows)}
        ticks = {
            row: f"{10**place if self.log else place:,.12g}"
            for row, place in places.items()
            if row % self.step_rows == 0
        }
        return ticks | ({0: "0"} if self.log and self.zero else {})


def _scale(claims: Sequence[Claim], rows: int) -> Scale:
    """Choose the finest scale with round ticks; it starts at zero, unless a number is negative."""
    numbers = [number for claim in claims for number in claim.numbers()]
    positive = [number for number in numbers if number > 0]
    log = bool(positive) and min(numbers) >= 0 and max(positive) > _LOG_FROM * min(positive)
    low: float
    if log:
        low = math.floor(math.log10(min(positive))) - (0 in numbers)
        high = math.log10(max(positive))
        steps: list[float] = [1, 2, 3, 5, 10, 20, 50, 100, 200]
    else:
        low, high = min(0, *numbers), max(0, *numbers)
        high += low == high
        exponent = max(math.floor(math.log10(high - low)), _LEAST_EXPONENT)
        powers = (10.0**power for power in range(exponent - 2, exponent + 2))
        steps = [first * power for first, power in product((1, 2, 5), powers)]
    scales = (
        Scale(math.floor(low / step) * step, step, step_rows, log, 0 in numbers)
        for step, step_rows in product(steps, range(math.ceil(rows / _MOST_TICKS), (rows + 1) // 2))
    )
    rising = any(claim.quantity.comparator in {"gt", "ge"} for claim in claims)
    top = rows - 1 - (_ARROW_HEADROOM if rising else _HEADROOM)
    fitting = (
        scale for scale in scales if (high - scale.bottom) / scale.step * scale.step_rows <= top
    )
    return min(fitting, key=lambda scale: (scale.step if log else 0, scale.step / scale.step_rows))


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

    def _named(self) -> Iterator[list[tuple[int, str]]]:
        right = self.left + self.days * self.columns
        first, last = (
            date.fromordinal(min(max(1, math.ceil(day)), date.max.toordinal()))
            for day in (self.left, right)
        )
        if right - self.left <= _MOST_DAYS:
            days = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
            for chosen in _DAY_STEPS:
                yield [(day.toordinal(), day.isoformat()) for day in days if day.day in chosen]
        first_month, end = first.year * 12 + first.month - 1, last.year * 12 + last.month
        for step in _MONTH_STEPS:
            months = range(math.ceil(first_month / step) * step, end, step)
            if len(months) < self.columns:
                written = "2018" if step % 12 == 0 else "2018-02"
                starts = [date(month // 12, month % 12 + 1, 1) for month in months]
                yield [(day.toordinal(), day.isoformat()[: len(written)]) for day in starts]


def _calendar(periods: Sequence[Period], columns: int) -> Calendar:
    """Fit the periods into the columns; a time that stands alone is shown among its neighbours."""
    known = sorted(day for period in periods for day in period.known())
    days = known[-1] - known[0] + 1
    shown = days if len(set(periods)) > 1 else 3 * days
    per_column = max(shown / max(1, columns - 2 * _MARGIN), 1 / _DAY_COLUMNS)
    middle = (known[0] + known[-1] + 1) / 2
    return Calendar(middle - per_column * columns / 2, per_column, columns)


# ── how it is drawn ──────────────────────────────────────────────────────────────────────────


class Ink(NamedTuple):
    """A character and its colour in the terminal's palette, None for the terminal's own."""

    glyph: str
    colour: int | None


class Plot:
    """A grid of characters: marks with their labels, and strokes below them."""

    def __init__(self, claims: Sequence[Claim], inks: Inks, *, width: int, rows: int) -> None:
        self.scale = _scale(claims, rows)
        columns = width - 1 - max(map(len, self.scale.ticks(rows).values()))
        self.calendar = _calendar([claim.period for claim in claims], columns)
        self.rows = rows
        self.inks = inks
        self.marks: dict[Cell, Ink] = {}
        self.strokes: dict[Cell, Ink] = {}

    def stroke(self, claims: Iterable[Claim]) -> None:
        """Draw the times that numbers refer to, at each of their bounds; no others remain."""
        self.strokes.clear()
        for claim in claims:
            span = self.calendar.span(claim.period)
            ends = {span[0]: "←"} if claim.period.first is None else {}
            ends |= {span[-1]: "→"} if claim.period.last is None else {}
            for column, row in product(span, self._bounds(claim)):
                if len(span) >= _STROKE_COLUMNS:
                    self.strokes[column, row] = self._ink(ends.get(column, "─"), claim)

    def mark(self, claim: Claim, label: str) -> bool:
        """Draw a mark and its label where they hide no other; False if there is no such place."""
        shapes, columns = self._shapes(claim), self._columns(claim.period)
        for shape, apart, column in product(shapes, (True, False), columns):
            cells = {(column, row): glyph for row, glyph in shape.items()}
            if not self._free(cells) or (apart and self._touches(cells)):
                continue
            for letters in _labels(column, list(shape), label):
                if self._free(letters) and not (apart and self._crowds(letters)):
                    drawn = cells | letters
                    self.marks |= {cell: self._ink(char, claim) for cell, char in drawn.items()}
                    return True
        return False

    def cells(self) -> Iterator[tuple[Cell, Ink]]:
        """Give what is drawn; where a stroke passes a line, they cross."""
        for cell, stroke in self.strokes.items():
            if cell not in self.marks:
                yield cell, stroke
        for cell, mark in self.marks.items():
            crossed = mark.glyph == "│" and cell in self.strokes
            yield cell, mark._replace(glyph="┼") if crossed else mark

    def _ink(self, glyph: str, claim: Claim) -> Ink:
        return Ink(glyph, self.inks.get(claim.speaker_id))

    def _bounds(self, claim: Claim) -> list[int]:
        rows = [self.scale.row(number) for number in claim.numbers()]
        if claim.quantity.comparator in {"lt", "le"}:
            return [max(1, *rows)]  # so that there is room for the arrow
        return rows

    def _shapes(self, claim: Claim) -> list[dict[int, str]]:
        """Give a mark's glyphs by row, its bound first; a short arrow is for want of room."""
        bounds = self._bounds(claim)
        base = bounds[0]
        match claim.quantity.comparator:
            case "gt" | "ge":
                tops = (self.rows - 1, min(base + 2, self.rows - 1))
                return [_arrow(range(base, top + 1), "┴", "▲") for top in tops]
            case "lt" | "le":
                ends = (0, max(base - 2, 0))
                return [_arrow(range(base, end - 1, -1), "┬", "▼") for end in ends]
            case "between":
                return [dict.fromkeys(range(base, bounds[-1] + 1), "┃")]
            case "about":
                return [{base: "≈"}]
            case _:
                return [{base: "●"}]

    def _columns(self, period: Period) -> list[int]:
        """Give the columns in which a period's mark may stand, the best one first."""
        span = self.calendar.span(period)
        if None in period:  # beside the side that is known
            best = span[0] if period.last is None else span[-1]
        else:
            best = span[(len(span) - 1) // 2]
        reach = range(max(0, span[0] - _REACH), min(self.calendar.columns, span[-1] + _REACH + 1))
        return sorted(reach, key=lambda column: (abs(column - best), best - column))

    def _free(self, cells: Collection[Cell]) -> bool:
        return all(
            0 <= column < self.calendar.columns
            and 0 <= row < self.rows
            and (column, row) not in self.marks
            for column, row in cells
        )

    def _touches(self, cells: Collection[Cell]) -> bool:
        return any(cell in self.marks for cell in _neighbours(cells))

    def _crowds(self, letters: Collection[Cell]) -> bool:
        return self._touches(letters) or any(cell in self.strokes for cell in letters)


def _arrow(rows: Sequence[int], bound: str, head: str) -> dict[int, str]:
    return dict.fromkeys(rows, "│") | {rows[0]: bound, rows[-1]: head}


def _neighbours(cells: Collection[Cell]) -> Iterator[Cell]:
    for column, row in cells:
        yield from ((column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1))


def _labels(column: int, rows: Sequence[int], label: str) -> Iterator[dict[Cell, str]]:
    """Give the places for a label around a mark, the best one first."""
    right, left = column + 1, column - len(label)
    beside = product(rows, (right, left))
    beyond = product((max(rows) + 1, min(rows) - 1), (column, right, left))
    for row, start in chain(beside, beyond):
        yield {(start + at, row): letter for at, letter in enumerate(label)}


# ── the chart as text ────────────────────────────────────────────────────────────────────────


def _chart(
    title: str, entries: Sequence[Entry], inks: Inks, *, size: tuple[int, int]
) -> Iterator[str]:
    """Give the lines of the chart of one measure."""
    width, height = size
    drawable = sorted(filter(_drawable, entries), key=lambda entry: entry.claim.order())
    legend = Legend(entries, inks, width)
    if not drawable:
        yield legend.fit(title, ", as claimed")
    else:
        lettered = list(zip(_letters(), drawable, strict=False))
        rows = max(height - _AXIS_ROWS, _LEAST_ROWS)
        plot = Plot([entry.claim for entry in drawable], inks, width=width, rows=rows)
        unplaced = _draw(plot, lettered)
        missing = {label for label, _ in unplaced}
        yield legend.fit(title, ", as claimed" + (", log scale" if plot.scale.log else ""))
        yield legend.fit(_key(plot))
        yield from _render(plot, width, colour=bool(inks))
        yield ""
        yield from (legend.line(*named) for named in lettered if named[0] not in missing)
        yield from legend.section(_NO_ROOM, unplaced)
    dateless = [(_UNLETTERED, entry) for entry in entries if not entry.claim.period.known()]
    yield from legend.section(_NO_DATE, dateless)
    numberless = [
        (_UNLETTERED, entry)
        for entry in entries
        if entry.claim.period.known() and not entry.claim.numbers()
    ]
    yield from legend.section(_NO_NUMBER, numberless)


def _drawable(entry: Entry) -> bool:
    return bool(entry.claim.period.known() and entry.claim.numbers())


def _letters() -> Iterator[str]:
    """Give a, b, c … A, B, C … aa, ab, ac … without end, and without those that look like marks."""
    letters = [letter for letter in ascii_letters if letter not in "loIO"]
    for length in count(1):
        yield from map("".join, product(letters, repeat=length))


def _draw(plot: Plot, lettered: Sequence[Lettered]) -> list[Lettered]:
    """Draw all claims, those that say the same as one; give the entries that found no room."""
    groups = [
        (claim, list(told)) for claim, told in groupby(lettered, key=lambda named: named[1].claim)
    ]
    plot.stroke(claim for claim, _ in groups)  # first, so that labels keep off them
    unplaced: list[Lettered] = []
    drawn: list[Claim] = []
    for claim, told in sorted(groups, key=lambda group: group[0].quantity.comparator in _ARROWS):
        label = _joined([letter for letter, _ in told])
        if plot.mark(claim, label):
            drawn.append(claim)
        else:
            unplaced += told
    plot.stroke(drawn)
    return unplaced


def _joined(labels: Sequence[str]) -> str:
    """Join the letters that share a mark; they follow one another."""
    match labels:
        case [first, _, *_, last]:
            return f"{first}–{last}"
    return "".join(labels)


def _key(plot: Plot) -> str:
    glyphs = {ink.glyph for _, ink in plot.cells()}
    return "  ".join(f"{glyph} {meaning}" for glyph, meaning in _KEY.items() if glyph in glyphs)


def _render(plot: Plot, width: int, *, colour: bool) -> Iterator[str]:
    import plotext

    plotext.terminal.limit(width=False, height=False)
    figure = plotext.figure.clear()
    figure.theme("simple")
    figure.plot_size(width, plot.rows + _AXIS_ROWS)
    figure.axes(active=False, axis="x", side="upper")
    figure.axes(active=False, axis="y", side="right")
    across, up = plot.calendar.ticks(), plot.scale.ticks(plot.rows)
    figure.ruler("x", "lower").lim(0, plot.calendar.columns - 1).ticks(
        list(across), list(across.values())
    )
    figure.ruler("y", "left").lim(0, plot.rows - 1).ticks(list(up), list(up.values()))
    for (column, row), ink in plot.cells():
        marker = plotext.marker(ink.glyph, plotext.pixel(ink.colour))
        figure.draw(figure.signal([column], [row], marker=marker))
    for line in figure.build().string(colorless=not colour).splitlines():
        yield _TRAILING.sub(_RESET if _RESET in line else "", line)


class Legend:
    """Lines that say of each row what it claims, aligned and cut to the width."""

    def __init__(self, entries: Sequence[Entry], inks: Inks, width: int) -> None:
        self.inks = inks
        self.width = width
        widest = width // 3  # one long date does not push the words of all others aside
        self.when_columns = min(widest, max(len(entry.when) for entry in entries))
        self.claimed_columns = min(widest, max(len(entry.claimed) for entry in entries))

    def line(self, label: str, entry: Entry) -> str:
        """Give a row's line; its letter and its speaker have the speaker's colour."""
        when = entry.when.ljust(self.when_columns)
        claimed = entry.claimed.rjust(self.claimed_columns)
        before = f"{label}  {when}  {claimed}  "
        line = self.fit(f"{before}{entry.speaker}{entry.told}")
        ink = self.inks.get(entry.claim.speaker_id)
        if ink is None:
            return line
        start, end = len(before), len(before) + len(entry.speaker)
        between, speaker, rest = line[len(label) : start], line[start:end], line[end:]
        return f"\x1b[38;5;{ink}m{label}{_RESET}{between}\x1b[38;5;{ink}m{speaker}{_RESET}{rest}"

    def section(self, heading: str, lettered: Sequence[Lettered]) -> Iterator[str]:
        """Give the lines of the rows that have no mark, under the reason."""
        if lettered:
            yield ""
            yield self.fit(heading)
            yield from (self.line(*named) for named in lettered)

    def fit(self, text: str, ending: str = "") -> str:
        """Cut a text to the width with an ellipsis; the ending stays."""
        columns = self.width - cell_len(ending)
        if cell_len(text) > columns:
            text = set_cell_size(text, columns - 1).rstrip() + "…"
        return text + ending
