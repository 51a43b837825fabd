"""Rows of estimates to draw, and a chart in text read as a person reads it."""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from strategies import COMPARATORS

from ledger.cli.chart import draw_estimates

Row = dict[str, Any]
Cell = tuple[int, int]

BOUNDS = {
    "eq": ("low", "best", "high"),
    "about": ("best",),
    "gt": ("low",),
    "ge": ("low",),
    "lt": ("high",),
    "le": ("high",),
    "unspecified": (),
}


def bounds(edtf: str | None) -> tuple[date | None, date | None]:
    """Give the bounds of a year, month, day or interval."""
    if edtf is None or edtf == "..":
        return None, None
    if "/" in edtf:
        first, last = edtf.split("/")
        return bounds(first)[0], bounds(last)[1]
    year, month, day = (*map(int, edtf.split("-")), None, None)[:3]
    assert year is not None
    return (
        date(year, month or 1, day or 1),
        date(year, month or 12, day or monthrange(year, month or 12)[1]),
    )


def row(when: str | None, comparator: str, *numbers: float, **given: Any) -> Row:  # noqa: ANN401  a column holds anything
    """Give a row of the view estimates_over_time."""
    between = comparator == "between"
    names = ("low", "high") if between else BOUNDS[comparator]
    values = numbers if between else numbers * len(names)
    drawn: Row = {
        "measure_id": "daesh-fighters",
        "measure": "Daesh fighters",
        "unit": "people",
        "comparator": comparator,
        **dict.fromkeys(("low", "best", "high")),
        **dict(zip(names, map(float, values), strict=True)),
        "speaker": "Zamir Kabulov",
        "publisher": "Press TV",
        "source_id": "press-tv-1",
        "value_text": "words as claimed",
        "quote": "the whole quote, with words as claimed",
    }
    dates = {"reference_period": when, "said_at": None, "published": None}
    for name, edtf in (dates | {name: given.pop(name) for name in dates if name in given}).items():
        earliest, latest = bounds(edtf)
        drawn |= {name: edtf, f"{name}_earliest": earliest, f"{name}_latest": latest}
    return drawn | given


SEEDS = [
    row("2015-10", "eq", 3500, value_text="stood at 3,500"),
    row("2017-12", "about", 10000, publisher="Times of Central Asia", value_text="about 10,000"),
    row("2017-12", "gt", 10000, publisher="Times of Central Asia", value_text="exceeds 10,000"),
]
WANT_OF_ROOM = "Not drawn, for want of room:"
SPEAKERS = ("Zamir Kabulov", "Pentagon", "Taliban spokesman", "TASS", "UN Secretary-General")
FORTY = [
    row(
        (
            f"{2014 + at % 10}",
            f"{2014 + at * 7 % 10}-{at % 12 + 1:02}",
            f"{2014 + at // 4}-0{at % 9 + 1}-11",
        )[at % 3],
        comparator,
        *((500 * (at % 23) + 500, 500 * (at % 23) + 4000)[: 2 if comparator == "between" else 1]),
        speaker=SPEAKERS[at % 5],
        value_text=f"telling {at}",
    )
    for at, comparator in enumerate((COMPARATORS * 6)[:40])
]


class Chart:
    """A chart in text, read as a person does: title, key, plot, legend."""

    def __init__(
        self, rows: Sequence[Mapping[str, Any]], *, width: int = 80, height: int = 18
    ) -> None:
        self.lines = draw_estimates(rows, width=width, height=height, colour=False).split("\n")
        axis = next(at for at, line in enumerate(self.lines) if line.lstrip().startswith("└"))
        self.title, self.key = self.lines[:2]
        left = self.lines[axis].index("└")
        self.labels = [line[:left].strip() for line in self.lines[2:axis]][::-1]
        self.plot = [line[left + 1 :] for line in self.lines[2:axis]][::-1]
        self.times = self.lines[axis + 1]
        self.legend = [line for line in self.lines[axis + 2 :] if line]

    def at(self, column: int, row: int) -> str:
        """Give the character of a cell, a space beyond what is drawn."""
        inside = 0 <= row < len(self.plot) and 0 <= column < len(self.plot[row])
        return self.plot[row][column] if inside else " "

    def cells(self, glyph: str) -> list[Cell]:
        """Give all cells with a character, from the left."""
        places = (
            (column, row)
            for row, line in enumerate(self.plot)
            for column, char in enumerate(line)
            if char == glyph
        )
        return sorted(places)

    def above(self, cell: Cell) -> str:
        """Give what stands above a cell, up to the next gap."""
        column, row = cell
        return "".join(self.at(column, up) for up in range(row + 1, len(self.plot))).split(" ")[0]

    def below(self, cell: Cell) -> str:
        """Give what stands below a cell, down to the next gap."""
        column, row = cell
        return "".join(self.at(column, down) for down in range(row - 1, -1, -1)).split(" ")[0]

    def tick(self, label: str) -> int:
        """Give the row of a number on the axis."""
        return self.labels.index(label)

    def lettered(self) -> set[str]:
        """Give all letters in the plot."""
        return set(re.findall("[A-Za-z]", "".join(self.plot)))
