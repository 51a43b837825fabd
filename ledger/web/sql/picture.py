"""A simple picture of a result: lines along days, or bars of named things."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise

from ledger.charts import Chart
from ledger.charts.axes import Axis, day_axis, figure, number_axis
from ledger.charts.claims import Period
from ledger.charts.drawing import TEXT, Drawing, Mark
from ledger.charts.furniture import EDGE, Entry, Sample, Words, furnish
from ledger.charts.furniture import Frame as Room
from ledger.charts.palette import INK, SERIES, SOFT
from ledger.charts.words import cut, fitted, plain, width_of
from ledger.web.sql.frame import Frame, Series, frame_of
from ledger.web.sql.messages import Answer

WIDTH = 760
_HEIGHT = 280
_BAR, _GAP = 16, 8  # pixels of a bar, and between two rows
_MOST_DOTS = 80  # of a series, beyond which only its line is drawn
_LABELS = 0.36  # of the width, at most, for the names of rows
_WIDER = 1.12  # than the fonts that widths are reckoned for, some of a browser's are
_BEHIND = 70  # pixels for the number behind the longest bar


def picture_of(answer: Answer) -> Chart | None:
    """The picture of a result; None where it has none."""
    frame = frame_of(answer)
    if frame is None or not frame.series or answer.truncated:
        return None
    drawing = Drawing()
    return _bars(drawing, frame, answer) if frame.labels else _lines(drawing, frame, answer)


def _chart(  # noqa: PLR0913, PLR0917  what surrounds a plot
    drawing: Drawing,
    frame: Frame,
    answer: Answer,
    room: Room,
    height: float,
    x: Axis,
    y: Axis | None,
) -> Chart:
    names = [cut(each.name, 40) for each in frame.series]
    title = f"{', '.join(names)} by {cut(frame.along, 40)}"
    said = f"What a query made of claims recorded in {answer.size:,} events; whether they are true"
    subtitle = [f"{said} is not said."]
    several = len(names) > 1
    key = [Entry(_sample(drawing, at), name) for at, name in enumerate(names)] if several else []
    margin = furnish(drawing, room, Words(title, subtitle, key), height, 14)
    columns = {name: name for name in answer.columns}
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    return Chart(
        title, subtitle, columns, rows, drawing.spec(room.plot, height, margin, x=x, y=y),
        drawing.marks,
    )  # fmt: skip


def _linear(numbers: Sequence[float], start: float, end: float, *, headroom: float) -> Axis:
    """An axis from zero: the length of a bar is its number, whatever else is drawn."""
    return number_axis([min(0.0, *numbers), max(0.0, *numbers)], start, end, headroom=headroom)


def _sample(drawing: Drawing, at: int) -> Sample:
    def draw(x: float, y: float) -> None:
        drawing.symbol(x, y, "circle", colour=SERIES[at])

    return draw


# ── lines ────────────────────────────────────────────────────────────────────────────────────


def _lines(drawing: Drawing, frame: Frame, answer: Answer) -> Chart:
    numbers = [number for each in frame.series for _, number in each.points]
    days = [Period(int(day), int(day)) for each in frame.series for day, _ in each.points]
    y = _linear(numbers, _HEIGHT, 0, headroom=12)
    widest = max((width_of(each, TEXT) for each in y.ticks.values()), default=0)
    room = Room(WIDTH, left=EDGE + max(widest + 14, 40))
    x = day_axis(days, 0, room.plot)
    for at, series in enumerate(frame.series):
        _line(drawing, series, SERIES[at], x.at, y.at)
    return _chart(drawing, frame, answer, room, _HEIGHT, x, y)


def _line(
    drawing: Drawing, series: Series, colour: str, across: Callable[[float], float],
    up: Callable[[float], float],
) -> None:  # fmt: skip
    places = [(across(day + 0.5), up(number)) for day, number in series.points]
    for (x, y), (x2, y2) in pairwise(places):
        drawing.line(x, y, x2, y2, colour=colour, thick=1.5)
    if len(places) > _MOST_DOTS:
        return
    for (x, y), (day, number) in zip(places, series.points, strict=True):
        drawing.symbol(x, y, "circle", colour=colour, size=50)
        said = f"{cut(series.name, 60)}: {figure(number)}, {_day(day)}."
        drawing.hit(x, y, Mark(said), size=16)


def _day(ordinal: float) -> str:
    return date.fromordinal(int(ordinal)).isoformat()


# ── bars ─────────────────────────────────────────────────────────────────────────────────────


def _bars(drawing: Drawing, frame: Frame, answer: Answer) -> Chart:
    labels = [plain(label) or "–" for label in frame.labels]
    named = min(max(width_of(label, TEXT * _WIDER) for label in labels) + 14, WIDTH * _LABELS)
    room = Room(WIDTH, left=EDGE + named)
    numbers = [number for each in frame.series for _, number in each.points]
    x = _linear(numbers, 0, room.plot, headroom=_BEHIND)
    step = _BAR * len(frame.series) + _GAP
    for row, label in enumerate(labels):
        middle = row * step + (step - _GAP) / 2
        text = fitted(label, TEXT * _WIDER, named - 12)
        drawing.text(-10, middle, text, colour=INK, align="right")
    for at, series in enumerate(frame.series):
        _draw_bars(drawing, series, at, (step, labels), x)
    return _chart(drawing, frame, answer, room, step * len(labels), x, None)


def _draw_bars(
    drawing: Drawing, series: Series, at: int, rows: tuple[int, Sequence[str]], x: Axis
) -> None:
    step, labels = rows
    start = x.at(max(x.low, 0))
    for row, number in series.points:
        y, end = row * step + _BAR * (at + 0.5), x.at(number)
        drawing.line(start, y, end, y, colour=SERIES[at], thick=_BAR - 3)
        drawing.text(max(start, end) + 6, y, figure(number), colour=SOFT, size=11)
        said = f"{cut(labels[int(row)], 80)}: {cut(series.name, 40)} {figure(number)}."
        drawing.hit((start + end) / 2, y, Mark(said), size=_BAR)
