"""Statements by speaker over time as text: a line for each speaker, a bar for each span of time."""

from collections.abc import Sequence
from datetime import date

from ledger.charts.axes import Axis, day_axis
from ledger.charts.claims import Period
from ledger.charts.speakers import Speaker
from ledger.cli.chart.lines import fit, padded

_BARS = "▁▂▃▄▅▆▇█"
_NAMES = 3  # of the width, the share for names is one by this
_COUNT = 7  # columns for how many statements there are


def draw_speakers(speakers: Sequence[Speaker], *, width: int) -> str:
    """Draw speakers with their spans, one line each; the highest bar is that of the most."""
    if not speakers:
        return "No statement is recorded."
    spans = [bar for each in speakers for bar in each.bars]
    names = width // _NAMES
    columns = width - names - _COUNT - 2
    if not spans:
        return "\n".join(_named(each, names) for each in speakers)
    days = [Period(bar["since"].toordinal(), bar["before"].toordinal() - 1) for bar in spans]
    axis = day_axis(days, 0, columns)
    highest = max(bar["statements"] for bar in spans)
    scale = f"█ is {highest:,} in a {spans[0]['unit']}"
    lines = [
        f"{_named(each, names)}  {_bars(each, axis, columns, highest)}".rstrip()
        for each in speakers
    ]
    title = fit(f"Statements by speaker, by when they were said; {scale}", width)
    return "\n".join([title, *lines, " " * (names + _COUNT + 2) + _ends(axis, columns)])


def _named(speaker: Speaker, names: int) -> str:
    return f"{padded(speaker.name, names)}{speaker.total:>{_COUNT},}"


def _bars(speaker: Speaker, axis: Axis, columns: int, highest: int) -> str:
    cells = [" "] * columns
    for bar in speaker.bars:
        level = max(1, round(bar["statements"] / highest * len(_BARS)))
        first, last = axis.at(bar["since"].toordinal()), axis.at(bar["before"].toordinal())
        for column in range(int(first), max(int(first) + 1, int(last))):
            if column < columns:
                cells[column] = max(cells[column], _BARS[level - 1])
    return "".join(cells).rstrip()


def _ends(axis: Axis, columns: int) -> str:
    """The first and the last day of the axis, at its ends."""
    days = (max(1, int(axis.low)), min(int(axis.high), date.max.toordinal()))
    first, last = (date.fromordinal(day).isoformat() for day in days)
    return f"{first}{last:>{columns - len(first)}}"
