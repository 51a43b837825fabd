"""Statements by speaker over time: a row for each speaker, a bar for each span of time.

A statement stands at the time at which it was said, in the middle of it where that is not known to
the day; what has no date is counted beside the name.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ledger.asker import Asker, Row
from ledger.charts.axes import Axis, day_axis
from ledger.charts.claims import Period
from ledger.charts.drawing import TEXT, Drawing, Mark
from ledger.charts.furniture import EDGE, Frame, Words, furnish
from ledger.charts.gathered import Link, no_link
from ledger.charts.moment import as_recorded, counted
from ledger.charts.palette import GRID, INK, SERIES, SOFT
from ledger.charts.picture import Chart, nothing
from ledger.charts.words import cut, fitted, plain, width_of

WIDTH = 760
MOST_SPEAKERS = 12
TITLE = "Statements by speaker over time"
COLUMNS = {
    "speaker": "Speaker", "since": "From", "before": "To before", "statements": "Statements",
}  # fmt: skip
_ROW = 46  # pixels for a speaker
_BAR = 28  # the height of the highest bar
_LEAST_BAR = 3
_COUNT = 10  # the size of the number above a bar
_NAMES = 0.3  # of the width, for the names


class Speaker(NamedTuple):
    """A speaker with the spans in which something was said, and what has no date."""

    speaker_id: str
    name: str
    total: int
    bars: Sequence[Row]
    undated: int


def speakers_chart(
    ask: Asker, *, link: Link = no_link, width: float = WIDTH, most: int = MOST_SPEAKERS
) -> Chart:
    """The chart of those who made most statements; `most` is how many speakers at most."""
    rows = ask.named("chart_speakers", most=most)
    speakers = list(read_speakers(rows))
    subtitle = [_counts(rows, speakers), as_recorded(ask)]
    table = [table_row(row, link) for row in rows]
    if not any(each.bars for each in speakers):
        return nothing(TITLE, subtitle, width, COLUMNS, table)
    drawing = Drawing()
    frame = Frame(width, left=EDGE + width * _NAMES)
    height = _ROW * len(speakers)
    spans = [_period(bar) for each in speakers for bar in each.bars]
    x = day_axis(spans, 0, frame.plot)
    highest = max(bar["statements"] for each in speakers for bar in each.bars)
    for number, speaker in enumerate(speakers):
        _draw(drawing, frame, speaker, (number + 1) * _ROW, x, highest, link)
    margin = furnish(drawing, frame, Words(TITLE, subtitle), height, 8)
    spec = drawing.spec(frame.plot, height, margin, x=x, y=None)
    return Chart(TITLE, subtitle, COLUMNS, table, spec, drawing.marks, heading=drawing.heading)


def read_speakers(rows: Sequence[Row]) -> Iterator[Speaker]:
    """The speakers of the query `chart_speakers`, in its order."""
    for (speaker_id, name, total), group in groupby(
        rows, key=lambda row: (row["speaker_id"], row["speaker"], row["total"])
    ):
        spans = list(group)
        undated = sum(row["statements"] for row in spans if row["since"] is None)
        yield Speaker(speaker_id, name, total, [row for row in spans if row["since"]], undated)


def table_row(row: Row, link: Link) -> Row:
    """A span as the table has it; without a date where none is known."""
    return {
        "speaker": row["speaker"],
        "since": row["since"].isoformat() if row["since"] else "no date",
        "before": row["before"].isoformat() if row["before"] else None,
        "statements": row["statements"],
        "speaker_id": row["speaker_id"],
        "href": link("speaker", row["speaker_id"]),
    }


def _counts(rows: Sequence[Row], speakers: Sequence[Speaker]) -> str:
    if not rows:
        return "No statement is recorded."
    statements = sum(each.total for each in speakers)
    everyone = rows[0]["speakers"]
    text = f"{counted(statements, 'statement')} of {counted(len(speakers), 'speaker')}"
    if everyone > len(speakers):
        text += f", those with most of {everyone:,}"
    undated = sum(each.undated for each in speakers)
    by = f"; a bar is a {rows[0]['unit']}, at the time when it was said" if rows[0]["unit"] else ""
    are = "is" if undated == 1 else "are"
    return text + by + (f"; {undated:,} without a date {are} not drawn." if undated else ".")


def _period(bar: Row) -> Period:
    return Period(bar["since"].toordinal(), bar["before"].toordinal() - 1)


def _draw(  # noqa: PLR0913, PLR0917  a row of the plot
    drawing: Drawing, frame: Frame, speaker: Speaker, base: float, x: Axis, highest: int, link: Link
) -> None:
    name = fitted(cut(speaker.name, 60), TEXT, frame.left - EDGE - 12)
    left = EDGE - frame.left
    drawing.line(left, base, frame.plot, base, colour=GRID)
    drawing.text(left, base - 24, name, colour=INK)
    drawing.text(left, base - 10, counted(speaker.total, "statement"), colour=SOFT, size=11)
    said = f"{cut(speaker.name, 80)}: {counted(speaker.total, 'statement')}"
    said += f", {speaker.undated:,} of them without a date." if speaker.undated else "."
    drawing.hit(left + 12, base - 20, Mark(said, link("speaker", speaker.speaker_id)), size=30)
    for bar in speaker.bars:
        first, last = x.at(bar["since"].toordinal()), x.at(bar["before"].toordinal())
        height = max(bar["statements"] / highest * _BAR, _LEAST_BAR)
        middle, thick = (first + last) / 2, max(last - first - 1, 2)
        drawing.line(middle, base, middle, base - height, colour=SERIES[0], thick=thick)
        if thick > width_of(f"{bar['statements']:,}", _COUNT) - 6:
            drawing.text(
                middle, base - height - 6, f"{bar['statements']:,}", colour=SOFT, size=_COUNT,
                align="center",
            )  # fmt: skip
        drawing.hit(middle, base - _BAR / 2, Mark(_bar_words(speaker, bar)), size=max(thick, 10))


def _bar_words(speaker: Speaker, bar: Row) -> str:
    said = counted(bar["statements"], "statement")
    last = bar["before"].fromordinal(bar["before"].toordinal() - 1)
    when = f"{bar['since']}" if bar["unit"] == "day" else f"{bar['since']} to {last}"
    return f"{cut(plain(speaker.name), 80)}: {said} said in the time from {when}."
