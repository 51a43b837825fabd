"""Estimates of one measure where there are too many to draw each: the range for each span of time.

What is drawn is what was claimed in a span of time: all numbers named (a line), the middle half of
them (a bar), the one in the middle (a stroke). Open bounds are told by arrows beyond the range.
"""

from collections.abc import Sequence

from ledger.asker import Asker, Row
from ledger.charts.axes import LABEL_SIZE, Axis, day_axis, figure, number_axis
from ledger.charts.claims import Period
from ledger.charts.drawing import Drawing, Mark
from ledger.charts.furniture import EDGE, Entry, Frame, Words, furnish
from ledger.charts.moment import as_recorded, counted
from ledger.charts.palette import INK, SERIES, SOFT
from ledger.charts.picture import Chart, nothing
from ledger.charts.words import width_of

COLUMNS = {
    "since": "From", "before": "To before", "claims": "Claims", "speakers": "Speakers",
    "least": "Least claimed", "middle": "Middle", "greatest": "Greatest claimed",
    "open_above": "“More than”", "open_below": "“Less than”", "without_figure": "No figure",
}  # fmt: skip
HEIGHT = 330  # pixels of the plot
_HEADROOM = 26
_THIN, _THICK = 2, 8


def chart_of_spans(ask: Asker, measure_id: str, title: str, width: float) -> Chart:
    """The chart of a measure with very many estimates."""
    rows = ask.named("chart_estimates_spans", measure=measure_id)
    subtitle = [_counts(rows), as_recorded(ask)]
    table = [table_row(row) for row in rows]
    drawn = [row for row in rows if row["since"] and row["middle"] is not None]
    if not drawn:
        return nothing(title, subtitle, width, COLUMNS, table)
    y = number_axis(
        [row[name] for row in drawn for name in ("least", "greatest")],
        HEIGHT,
        0,
        headroom=_HEADROOM,
    )
    widest = max(width_of(label, LABEL_SIZE) for label in y.ticks.values())
    frame = Frame(width, left=EDGE + max(widest + 14, 40))
    x = day_axis([period_of(row) for row in drawn], 0, frame.plot)
    drawing = Drawing()
    for row in drawn:
        _draw(drawing, row, x, y)
    words = Words(title, subtitle, key=_key(drawing))
    margin = furnish(drawing, frame, words, HEIGHT, _HEADROOM)
    spec = drawing.spec(frame.plot, HEIGHT, margin, x=x, y=y)
    return Chart(title, subtitle, COLUMNS, table, spec, drawing.marks, heading=drawing.heading)


def period_of(row: Row) -> Period:
    """The days of a span."""
    return Period(row["since"].toordinal(), row["before"].toordinal() - 1)


def table_row(row: Row) -> Row:
    """A span as the table has it."""
    return {name: row[name] for name in COLUMNS} | {
        name: row[name].isoformat() if row[name] else None for name in ("since", "before")
    }


def _counts(rows: Sequence[Row]) -> str:
    claims = counted(sum(row["claims"] for row in rows), "claim")
    unit = rows[0]["unit"]
    return (
        f"{claims} by {counted(rows[0]['all_speakers'], 'speaker')}, too many to draw each:"
        f" what was claimed for each {unit}, whatever the hedge."
    )


def _draw(drawing: Drawing, row: Row, x: Axis, y: Axis) -> None:
    first, last = x.at(row["since"].toordinal()), x.at(row["before"].toordinal())
    place, colour = (first + last) / 2, SERIES[0]
    thick = max(min(last - first - 2, _THICK), _THIN)
    least, middle, greatest = (y.at(row[name]) for name in ("least", "middle", "greatest"))
    lower, upper = y.at(row["lower_quarter"]), y.at(row["upper_quarter"])
    drawing.line(place, least, place, greatest, colour=colour, thick=_THIN)
    drawing.line(place, lower, place, upper, colour=colour, thick=thick, opacity=0.55)
    drawing.line(place - thick, middle, place + thick, middle, colour=INK, thick=_THIN)
    if row["open_above"]:
        drawing.symbol(place, greatest - 6, "triangle-up", colour=colour, size=36)
    if row["open_below"]:
        drawing.symbol(place, least + 6, "triangle-down", colour=colour, size=36)
    drawing.hit(place, middle, Mark(_words(row)), size=max(last - first, 8))


def _words(row: Row) -> str:
    claims = counted(row["claims"], "claim")
    last = row["before"].fromordinal(row["before"].toordinal() - 1)
    text = f"{claims} by {counted(row['speakers'], 'speaker')} for {row['since']} to {last}:"
    text += f" from {figure(row['least'])} to {figure(row['greatest'])}, {figure(row['middle'])} in"
    text += " the middle"
    if row["open_above"]:
        text += f"; {row['open_above']:,} of them are “more than” or “at least”"
    if row["open_below"]:
        text += f"; {row['open_below']:,} are “less than” or “at most”"
    return f"{text}."


def _key(drawing: Drawing) -> list[Entry]:
    def line(x: float, y: float) -> None:
        drawing.line(x, y - 8, x, y + 8, colour=SOFT, thick=_THIN)

    def bar(x: float, y: float) -> None:
        drawing.line(x, y - 8, x, y + 8, colour=SOFT, thick=_THICK, opacity=0.55)

    def stroke(x: float, y: float) -> None:
        drawing.line(x - 8, y, x + 8, y, colour=INK, thick=_THIN)

    def above(x: float, y: float) -> None:
        drawing.symbol(x, y, "triangle-up", colour=SOFT, size=36)

    def below(x: float, y: float) -> None:
        drawing.symbol(x, y, "triangle-down", colour=SOFT, size=36)

    return [
        Entry(line, "all numbers claimed"), Entry(bar, "the middle half of them"),
        Entry(stroke, "the one in the middle"), Entry(above, "some say “more than” or “at least”"),
        Entry(below, "some say “less than” or “at most”"),
    ]  # fmt: skip
