"""What stands around the plot: title, what it is, who is who, and what the marks mean."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ledger.charts.drawing import HEADING, TEXT, Drawing, Margin
from ledger.charts.palette import SOFT
from ledger.charts.words import width_of, wrapped

EDGE = 12  # pixels that stay free at the edge of the picture
TITLE = 18  # the size of the font
SUBTITLE = 12.5
_TITLE_LINE, _SUBTITLE_LINE, _ROW = 24, 18, 22
_SAMPLE = 20  # pixels for a sample of a look or a mark, with the gap to its name
_GAP = 18  # between two entries
_AXIS = 30  # pixels below the plot for the labels of its axis

Sample = Callable[[float, float], None]  # draws a sample around a place


class Entry(NamedTuple):
    """A sample with what it stands for."""

    sample: Sample
    text: str


class Frame(NamedTuple):
    """The size of a picture, and what is left of its plot."""

    width: float
    left: float
    right: float = 20

    @property
    def plot(self) -> float:
        """The width of the plot."""
        return self.width - self.left - self.right

    @property
    def text(self) -> float:
        """The width of lines beside the plot."""
        return self.width - 2 * EDGE


class Words(NamedTuple):
    """What stands above and below a plot."""

    title: str
    subtitle: Sequence[str]
    speakers: Sequence[Entry] = ()
    key: Sequence[Entry] = ()


def furnish(drawing: Drawing, frame: Frame, words: Words, height: float, top_gap: float) -> Margin:
    """Draw all around a plot of a height; give the margin that this needs."""
    title = wrapped(words.title, TITLE * 1.07, frame.text)
    subtitle = [line for text in words.subtitle for line in wrapped(text, SUBTITLE, frame.text, 3)]
    above = rows_of(words.speakers, frame.text)
    top = (
        EDGE + len(title) * _TITLE_LINE + len(subtitle) * _SUBTITLE_LINE + len(above) * _ROW
        + top_gap
    )  # fmt: skip
    x, y = EDGE - frame.left, EDGE - top
    for line in title:
        drawing.text(x, y + _TITLE_LINE / 2, line, size=TITLE, bold=True, role=HEADING)
        y += _TITLE_LINE
    for line in subtitle:
        drawing.text(x, y + _SUBTITLE_LINE / 2, line, size=SUBTITLE, colour=SOFT, role=HEADING)
        y += _SUBTITLE_LINE
    drawing.heading = y - (EDGE - top)
    _draw_rows(drawing, above, x, y + 4)
    below = rows_of(words.key, frame.text)
    _draw_rows(drawing, below, x, height + _AXIS)
    return Margin(top, frame.right, _AXIS + len(below) * _ROW + EDGE / 2, frame.left)


def rows_of(entries: Sequence[Entry], width: float) -> list[list[Entry]]:
    """Entries in rows that fit a width."""
    rows: list[list[Entry]] = []
    used = width
    for entry in entries:
        needed = _SAMPLE + width_of(entry.text, TEXT) + _GAP
        if used + needed - _GAP > width:
            rows.append([])
            used = 0
        rows[-1].append(entry)
        used += needed
    return rows


def _draw_rows(drawing: Drawing, rows: Sequence[Sequence[Entry]], left: float, top: float) -> None:
    for number, row in enumerate(rows):
        x, y = left, top + number * _ROW + _ROW / 2
        for entry in row:
            entry.sample(x + _SAMPLE / 2 - 3, y)
            drawing.text(x + _SAMPLE, y, entry.text, colour=SOFT)
            x += _SAMPLE + width_of(entry.text, TEXT) + _GAP
