"""The key of a chart of estimates: what its marks mean, of those that are there."""

from collections.abc import Collection

from ledger.charts import glyphs
from ledger.charts.drawing import Drawing
from ledger.charts.furniture import Entry, Sample
from ledger.charts.glyphs import Glyph
from ledger.charts.palette import GHOST, SOFT

MEANINGS = {
    "eq": "a number", "about": "about", "gt": "more than, at least", "lt": "less than, at most",
    "between": "a range", "unspecified": "no figure given", "period": "the time it refers to",
    "denied": "denied", "retracted": "retracted", "unequal": "cannot both be true",
    "ring": "cannot be true together with others", "ghost": "recorded before, corrected since",
}  # fmt: skip
_ALIKE = {"ge": "gt", "le": "lt"}  # they look the same


def key_of(drawing: Drawing, kinds: Collection[str]) -> list[Entry]:
    """What the marks of some kinds mean."""
    there = {_ALIKE.get(kind, kind) for kind in kinds}
    return [
        Entry(_sample(drawing, kind), meaning)
        for kind, meaning in MEANINGS.items()
        if kind in there
    ]


def _sample(drawing: Drawing, kind: str) -> Sample:
    """What draws a small mark of a kind."""

    def draw(x: float, y: float) -> None:
        match kind:
            case "period":
                drawing.line(x - 8, y, x + 8, y, colour=SOFT, thick=4, opacity=0.4)
            case "denied" | "retracted":
                drawing.symbol(x, y, "circle", colour=SOFT, opacity=0.5)
                glyphs.strike(drawing, x, y, twice=kind == "retracted")
            case "unequal":
                glyphs.unequal(drawing, x, y)
            case "ring":
                glyphs.ring(drawing, x, y)
            case "ghost":
                drawing.symbol(x, y, "circle", colour=GHOST, opacity=0.5)
            case _:
                ys = {"gt": [y + 6], "lt": [y - 6], "between": [y + 6, y - 6]}.get(kind, [y])
                glyphs.draw(drawing, Glyph(kind, SOFT, reach=12), x, ys)

    return draw
