"""How it is drawn: marks with their labels and strokes, in the cells of a plot."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, product
from typing import NamedTuple

from ledger.charts.claims import Claim, Period
from ledger.cli.chart.scale import choose_scale, fit_calendar

Inks = Mapping[str, int]  # the colour of each speaker's id; empty without colour
Cell = tuple[int, int]  # column and row of the plot, from its lower left corner

_STROKE_COLUMNS = 3  # at least; a shorter period is within the mark's own precision
_REACH = 3  # columns that a mark may step aside from its time


class Ink(NamedTuple):
    """A character and its colour in the terminal's palette, None for the terminal's own."""

    glyph: str
    colour: int | None


class Plot:
    """A grid of characters: marks with their labels, and strokes below them.

    - `┴` and `┬` are bounds, `│` leads on from them to an open end, `▲` or `▼`; `┃` is a range;
    - marks that would hide each other step aside in time, never along the numbers;
    - `─` is the time that a number refers to, where that is longer than a column.
    """

    def __init__(self, claims: Sequence[Claim], inks: Inks, *, width: int, rows: int) -> None:
        self.scale = choose_scale(claims, rows)
        columns = width - 1 - max(map(len, self.scale.ticks(rows).values()))
        self.calendar = fit_calendar([claim.period for claim in claims], columns)
        self.rows = rows
        self.inks = inks
        self.marks: dict[Cell, Ink] = {}
        self.strokes: dict[Cell, Ink] = {}

    def draw(self, labelled: Iterable[tuple[str, Claim]]) -> list[str]:
        """Draw claims, neighbours that say the same as one; give the labels that found no room."""
        groups = [
            (claim, [label for label, _ in named])
            for claim, named in groupby(labelled, key=lambda named: named[1])
        ]
        self._stroke(claim for claim, _ in groups)  # first, so that labels keep off them
        drawn: list[Claim] = []
        unplaced: list[str] = []
        for claim, labels in sorted(groups, key=lambda group: group[0].glyph() in "▲▼"):
            if self._mark(claim, _joined(labels)):
                drawn.append(claim)
            else:
                unplaced += labels
        self._stroke(drawn)
        return unplaced

    def cells(self) -> Iterator[tuple[Cell, Ink]]:
        """Give what is drawn; where a stroke passes a line, they cross."""
        for cell, stroke in self.strokes.items():
            if cell not in self.marks:
                yield cell, stroke
        for cell, mark in self.marks.items():
            crossed = mark.glyph == "│" and cell in self.strokes
            yield cell, mark._replace(glyph="┼") if crossed else mark

    def _stroke(self, claims: Iterable[Claim]) -> None:
        """Draw the times that numbers refer to, at each of their bounds; no others remain."""
        self.strokes.clear()
        for claim in claims:
            span = self.calendar.span(claim.period)
            if len(span) < _STROKE_COLUMNS:
                continue
            ends = {span[0]: "←"} if claim.period.first is None else {}
            ends |= {span[-1]: "→"} if claim.period.last is None else {}
            for column, row in product(span, self._bounds(claim)):
                self.strokes[column, row] = self._ink(ends.get(column, "─"), claim)

    def _mark(self, claim: Claim, label: str) -> bool:
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

    def _ink(self, glyph: str, claim: Claim) -> Ink:
        return Ink(glyph, self.inks.get(claim.speaker_id))

    def _bounds(self, claim: Claim) -> list[int]:
        rows = [self.scale.row(number) for number in claim.numbers()]
        if claim.glyph() == "▼":
            return [max(1, *rows)]  # so that there is room for the arrow
        return rows

    def _shapes(self, claim: Claim) -> list[dict[int, str]]:
        """Give a mark's glyphs by row, its bound first; a short arrow is for want of room."""
        bounds = self._bounds(claim)
        base = bounds[0]
        match claim.glyph():
            case "▲":
                tops = (self.rows - 1, min(base + 2, self.rows - 1))
                return [_arrow(range(base, top + 1), "┴", "▲") for top in tops]
            case "▼":
                ends = (0, max(base - 2, 0))
                return [_arrow(range(base, end - 1, -1), "┬", "▼") for end in ends]
            case "┃":
                return [dict.fromkeys(range(base, bounds[-1] + 1), "┃")]
            case dot:
                return [{base: dot}]

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


def _joined(labels: Sequence[str]) -> str:
    """Join the letters that share a mark; they follow one another."""
    match labels:
        case [first, _, *_, last]:
            return f"{first}–{last}"
    return "".join(labels)
