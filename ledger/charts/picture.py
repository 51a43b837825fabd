"""A chart: what it shows as rows, and its picture in every form that it is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ledger.asker import Row
from ledger.charts.drawing import Drawing, Item, Mark
from ledger.charts.furniture import EDGE, Frame, Words, furnish

_PNG_SCALE = 2  # pixels of the picture for one of the chart


@dataclass(frozen=True)
class Chart:
    """A picture of claims.

    `title` and `subtitle` (lines) are the ones in the picture; `columns` gives the keys of `rows`
    with their headings, in the order in which a table shows them; `rows` hold every text whole.
    `empty` where there is nothing to draw: the picture then says so.
    """

    title: str
    subtitle: Sequence[str]
    columns: Mapping[str, str]
    rows: Sequence[Row]
    spec: Item
    marks: Sequence[Mark] = field(default=())
    empty: bool = False
    heading: float = 0  # how high title and subtitle are in the picture, in pixels

    @cached_property
    def _drawn(self) -> str:
        from ledger.charts.rendering import draw

        return draw(self.spec)

    @property
    def label(self) -> str:
        """What the picture is, in words."""
        return " ".join((f"{self.title}.", *self.subtitle))

    def svg(self) -> str:
        """A document of its own: light colours, text as text, hover by `<title>`."""
        from ledger.charts.dressing import dress

        return dress(self._drawn, self.label, self.marks, inline=False)

    def inline(self, *, heading: bool = True) -> str:
        """The SVG for a page: colours are CSS variables, marks are links with an aria-label.

        Without `heading` title and subtitle are left to the page.
        """
        from ledger.charts.dressing import dress

        without = 0 if heading else self.heading
        return dress(self._drawn, self.label, self.marks, inline=True, without=without)

    def png(self) -> bytes:
        """The picture in pixels, two for each unit of the chart."""
        import vl_convert

        data: bytes = vl_convert.svg_to_png(self.svg(), scale=_PNG_SCALE)
        return data

    def pdf(self) -> bytes:
        """The picture as a page of its size."""
        import vl_convert

        data: bytes = vl_convert.svg_to_pdf(self.svg())
        return data

    def html(self) -> str:
        """A page that needs nothing but itself: the picture, the rows as a table, hover texts."""
        from ledger.charts.page import make_page

        return make_page(self)


def nothing(
    title: str,
    subtitle: Sequence[str],
    width: float,
    columns: Mapping[str, str],
    rows: Sequence[Row],
) -> Chart:
    """A chart whose picture says that there is nothing to draw."""
    drawing, frame = Drawing(), Frame(width, left=EDGE)
    said = [*subtitle, "There is nothing to draw."]
    margin = furnish(drawing, frame, Words(title, said), 0, 0)._replace(bottom=4)
    spec = drawing.spec(frame.plot, 1, margin, x=None, y=None)
    return Chart(title, subtitle, columns, rows, spec, empty=True, heading=drawing.heading)
