"""What is drawn, in places of the plot, and the Vega-Lite specification that it becomes.

Places are worked out here and not by Vega, since labels and marks step aside for each other; the
axes are Vega's. Coordinates are pixels from the plot's upper left corner, negative ones beside it.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from ledger.charts.axes import Axis
from ledger.charts.palette import GRID, INK, PAPER, SOFT

FONT = "Helvetica Neue, Arial, sans-serif"
TEXT = 12  # the size of a label
HIT = "hit-"  # what the description of a mark that can be pointed at begins with
STRUCK = "struck"
HEADING = "heading"  # of the texts that a page may say itself

Item = dict[str, Any]


class Mark(NamedTuple):
    """What a mark that can be pointed at says, and where it leads."""

    words: str
    href: str | None = None


class Margin(NamedTuple):
    """What is free around the plot, in pixels."""

    top: float
    right: float
    bottom: float
    left: float


@dataclass
class Drawing:
    """Lines, symbols, texts and the places that can be pointed at."""

    lines: list[Item] = field(default_factory=list)
    symbols: list[Item] = field(default_factory=list)
    texts: list[Item] = field(default_factory=list)
    hits: list[Item] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    heading: float = 0  # how high title and subtitle are together

    def line(  # noqa: PLR0913  two places and a look
        self, x: float, y: float, x2: float, y2: float, *, colour: str = SOFT,
        thick: float = 1, dash: tuple[int, ...] = (), opacity: float = 1,
    ) -> None:  # fmt: skip
        """Draw a straight line."""
        look = {"colour": colour, "thick": thick, "dash": list(dash), "opacity": opacity}
        self.lines.append({"x": x, "y": y, "x2": x2, "y2": y2} | look)

    def symbol(  # noqa: PLR0913  a place and a look
        self, x: float, y: float, shape: str, *, colour: str, fill: str | None = None,
        size: float = 90, opacity: float = 1,
    ) -> None:  # fmt: skip
        """Draw a shape of Vega's, or a path in a square from -1 to 1; `size` is its area.

        `fill` is that of an outline, else it is filled with its colour.
        """
        look = {"fill": fill or colour, "colour": colour, "thick": 2 if fill else 1}
        place = {"x": x, "y": y, "shape": shape, "size": size}
        self.symbols.append(place | look | {"opacity": opacity})

    def text(  # noqa: PLR0913  a place and a look
        self, x: float, y: float, text: str, *, colour: str = INK, size: float = TEXT,
        align: str = "left", bold: bool = False, role: str = "",
    ) -> None:  # fmt: skip
        """Write a text, with its middle at the height of `y`; `role` is STRUCK or HEADING."""
        weight = "bold" if bold else "normal"
        look = {"colour": colour, "size": size, "align": align, "weight": weight}
        self.texts.append({"x": x, "y": y, "text": text, "role": role} | look)

    def hit(self, x: float, y: float, mark: Mark, *, size: float = 22) -> None:
        """Make a square of so many pixels a place that can be pointed at."""
        self.hits.append({"x": x, "y": y, "size": size**2, "role": f"{HIT}{len(self.marks)}"})
        self.marks.append(mark)

    def spec(
        self, width: float, height: float, margin: Margin, *, x: Axis | None, y: Axis | None
    ) -> Item:
        """The specification; an axis that is None is not drawn."""
        hidden = {"domain": [0, 1], "nice": False}
        made: Item = completed(
            template(),
            width=width,
            height=height,
            padding=margin._asdict(),
            paper=PAPER,
            soft=SOFT,
            grid=GRID,
            font=FONT,
            x_start=x.low if x else 0,
            y_start=y.low if y else 0,
            x_scale=x.scale() if x else hidden,
            y_scale=y.scale() if y else hidden,
            x_axis=x.axis(grid=False) if x else None,
            y_axis=y.axis(grid=True) if y else None,
            datasets={
                "lines": self.lines,
                "symbols": self.symbols,
                "texts": self.texts,
                "hits": self.hits,
            },
        )
        return made


@cache
def template() -> Item:
    """The specification without its contents, which `$name` stands for."""
    read: Item = json.loads(files("ledger.charts").joinpath("figure.vl.json").read_text("utf-8"))
    return read


def completed(part: Any, **values: Any) -> Any:  # noqa: ANN401  JSON is made of anything
    """A template with values in the place of `$name`; the values themselves are not looked into."""
    if isinstance(part, dict):
        return {key: completed(each, **values) for key, each in part.items()}
    if isinstance(part, list):
        return [completed(each, **values) for each in part]
    if isinstance(part, str) and part.startswith("$") and part[1:] in values:
        return values[part[1:]]
    return part
