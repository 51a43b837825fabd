"""Labels beside marks, where there is room; else the first line of one alone, else none."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ledger.charts.drawing import STRUCK, TEXT, Drawing
from ledger.charts.palette import SOFT
from ledger.charts.room import Box, Room
from ledger.charts.words import width_of

_LINE = 15  # pixels from line to line
_GAP = 4  # between a mark and its label


class Label(NamedTuple):
    """Lines for a mark: the first in its colour, others below it in a soft one."""

    mark: Box
    y: float  # the height at which the mark says its number
    lines: Sequence[str]
    colour: str
    struck: bool = False


def place_labels(drawing: Drawing, room: Room, labels: Sequence[Label]) -> None:
    """Write labels where they hide nothing: all first lines that have room, then what is below."""
    for label in labels:
        for lines in (label.lines, label.lines[:1]) if len(label.lines) > 1 else (label.lines,):
            box = next(filter(room.is_free, _places(label, lines)), None)
            if box is not None:
                room.take(box)
                _write(drawing, label, lines, box)
                break


def _places(label: Label, lines: Sequence[str]) -> Iterator[Box]:
    """The places around a mark, the best one first."""
    width = max(width_of(line, TEXT) for line in lines)
    height = len(lines) * _LINE
    mark, middle = label.mark, (label.mark.left + label.mark.right) / 2
    for y in (label.y - _LINE / 2, label.y - height + _LINE / 2, label.y - height - 4, label.y + 4):
        yield Box(mark.right + _GAP, y, mark.right + _GAP + width, y + height)
        yield Box(mark.left - _GAP - width, y, mark.left - _GAP, y + height)
    for y in (mark.top - height - 1, mark.bottom + 1):
        yield Box(middle - width / 2, y, middle + width / 2, y + height)


def _write(drawing: Drawing, label: Label, lines: Sequence[str], box: Box) -> None:
    if box.left >= label.mark.right:
        x, align = box.left, "left"
    elif box.right <= label.mark.left:
        x, align = box.right, "right"
    else:
        x, align = (box.left + box.right) / 2, "center"
    for number, line in enumerate(lines):
        y = box.top + (number + 0.5) * _LINE
        drawing.text(
            x, y, line, colour=SOFT if number else label.colour, align=align, bold=not number,
            role=STRUCK if label.struck else "",
        )  # fmt: skip
