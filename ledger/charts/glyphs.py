"""How a claim of each kind looks: an open bound is an arrow away from it, never a dot."""

from typing import NamedTuple

from ledger.charts.drawing import Drawing
from ledger.charts.palette import ALERT, PAPER
from ledger.charts.room import Box

ARROW = 26  # pixels from the bound to the tip of an arrow
HALF = 7  # of a mark, to each side
_SIZE = 100  # the area of a mark
_HEAD = 60
_PALE = 0.5
_BAR = 3  # pixels

UP = frozenset({"gt", "ge"})
DOWN = frozenset({"lt", "le"})


class Glyph(NamedTuple):
    """What a mark is of: the kind of bound, its speaker's look, and whether it is pale."""

    comparator: str
    colour: str
    shape: str = "circle"
    pale: bool = False
    reach: float = ARROW

    @property
    def opacity(self) -> float:
        """How much of it is seen."""
        return _PALE if self.pale else 1.0


def box_of(comparator: str, x: float, ys: list[float]) -> Box:
    """The room that a mark needs; `ys` are the places of its bounds."""
    top, bottom = min(ys) - HALF, max(ys) + HALF
    if comparator in UP:
        top = ys[0] - ARROW - HALF
    elif comparator in DOWN:
        bottom = ys[0] + ARROW + HALF
    return Box(x - HALF, top, x + HALF, bottom)


def draw(drawing: Drawing, glyph: Glyph, x: float, ys: list[float]) -> None:
    """Draw a mark at the places of its bounds."""
    y = ys[0]
    match glyph.comparator:
        case "between":
            drawing.line(
                x, ys[0], x, ys[-1], colour=glyph.colour, opacity=glyph.opacity, thick=_BAR + 1
            )
            for end in (ys[0], ys[-1]):
                _cap(drawing, glyph, x, end)
        case "unspecified":
            drawing.text(x, y, "?", colour=glyph.colour, size=16, align="center", bold=True)
        case comparator if comparator in UP or comparator in DOWN:
            _arrow(drawing, glyph, x, y, tip=y + glyph.reach * (-1 if comparator in UP else 1))
        case comparator:
            drawing.symbol(
                x, y, glyph.shape, colour=glyph.colour, size=_SIZE, opacity=glyph.opacity,
                fill=PAPER if comparator == "about" else None,
            )  # fmt: skip


def _arrow(drawing: Drawing, glyph: Glyph, x: float, y: float, *, tip: float) -> None:
    _cap(drawing, glyph, x, y)
    drawing.line(x, y, x, tip, colour=glyph.colour, opacity=glyph.opacity, thick=2)
    head = "triangle-up" if tip < y else "triangle-down"
    drawing.symbol(x, tip, head, size=_HEAD, colour=glyph.colour, opacity=glyph.opacity)


def _cap(drawing: Drawing, glyph: Glyph, x: float, y: float) -> None:
    drawing.line(x - HALF, y, x + HALF, y, colour=glyph.colour, opacity=glyph.opacity, thick=_BAR)


def strike(drawing: Drawing, x: float, y: float, *, twice: bool) -> None:
    """Strike a mark out: once where it was denied, twice where it was taken back."""
    reach = HALF + 3
    drawing.line(x - reach, y + reach, x + reach, y - reach, colour=ALERT, thick=2)
    if twice:
        drawing.line(x - reach, y - reach, x + reach, y + reach, colour=ALERT, thick=2)


def ring(drawing: Drawing, x: float, y: float) -> None:
    """Draw a ring around what cannot be true together with others."""
    drawing.symbol(x, y, "circle", colour=ALERT, fill="none", size=360, opacity=0.75)


def unequal(drawing: Drawing, x: float, y: float) -> None:
    """Draw the sign between two claims that cannot both be true."""
    drawing.text(x, y, "≠", colour=ALERT, size=15, align="center", bold=True)
