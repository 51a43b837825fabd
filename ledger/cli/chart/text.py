"""The chart as text: title, key, plot and legend of each measure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, cycle, product
from string import ascii_letters

from rich.cells import cell_len, set_cell_size

from ledger.charts.claims import Row
from ledger.cli.chart.plot import Inks, Plot
from ledger.cli.chart.rows import Entry, mark_excluding, read_measures

_NO_ROWS = "There are no estimates to draw."
_NO_NUMBER = "Not drawn, since no number was given:"
_NO_DATE = "Not drawn, since no date is known:"
_NO_ROOM = "Not drawn, for want of room:"

_UNLETTERED = "–"  # stands in the column of letters

_KEY = {
    "●": "number",
    "≈": "about",
    "▲": "or more",
    "▼": "or less",
    "┃": "range",
    "─": "period",
}
# The terminal's own first, then others of its 256; the 21st speaker begins again.
_COLOURS = (6, 3, 2, 5, 4, 1, 208, 14, 13, 10, 130, 12, 11, 9, 31, 171, 64, 203, 37, 99)
_LEAST_ROWS = 8
_AXIS_ROWS = 2  # the line and its labels

_RESET = "\x1b[0m"
_TRAILING = re.compile(r"(?: |\x1b\[0m)+$")


class Legend:
    """Lines that say of each row what it claims, aligned and cut to the width."""

    def __init__(self, entries: Sequence[Entry], inks: Inks, width: int) -> None:
        self.inks = inks
        self.width = width
        widest = width // 3  # one long date does not push the words of all others aside
        self.when_columns = min(widest, max(len(entry.when) for entry in entries))
        self.claimed_columns = min(widest, max(len(entry.claimed) for entry in entries))

    def line(self, label: str, entry: Entry) -> str:
        """Give a row's line; its letter and its speaker have the speaker's colour."""
        when = entry.when.ljust(self.when_columns)
        claimed = entry.claimed.rjust(self.claimed_columns)
        before = f"{label}  {when}  {claimed}  "
        line = self.fit(f"{before}{entry.speaker}{entry.told}")
        ink = self.inks.get(entry.claim.speaker_id)
        if ink is None:
            return line
        start, end = len(before), len(before) + len(entry.speaker)
        between, speaker, rest = line[len(label) : start], line[start:end], line[end:]
        return f"\x1b[38;5;{ink}m{label}{_RESET}{between}\x1b[38;5;{ink}m{speaker}{_RESET}{rest}"

    def section(self, heading: str, lettered: Sequence[tuple[str, Entry]]) -> Iterator[str]:
        """Give the lines of the rows that have no mark, under the reason."""
        if lettered:
            yield ""
            yield self.fit(heading)
            yield from (self.line(*named) for named in lettered)

    def fit(self, text: str, ending: str = "") -> str:
        """Cut a text to the width with an ellipsis; the ending stays."""
        columns = self.width - cell_len(ending)
        if cell_len(text) > columns:
            text = set_cell_size(text, columns - 1).rstrip() + "…"
        return text + ending


def draw_estimates(rows: Sequence[Row], *, width: int, height: int = 18, colour: bool) -> str:
    """Draw rows of the view `estimates_over_time`, one chart for each measure.

    `width` is the most columns of a line, `height` the lines of a plot with its axis; title, key
    and legend come on top. Without `colour` the text has no escapes.

    A row's `marks` stand in the legend; without them, those that cannot both be true are marked.
    A title says "as claimed"; each mark's letter leads to who said it, where, in which words; what
    cannot be drawn is listed below, with the reason.
    """
    if not rows:
        return _NO_ROWS
    measures = read_measures(mark_excluding(rows))
    speakers = dict.fromkeys(entry.claim.speaker_id for _, told in measures for entry in told)
    inks = dict(zip(speakers, cycle(_COLOURS), strict=False)) if colour else {}
    charts = (
        _chart(title, entries, Legend(entries, inks, width), height) for title, entries in measures
    )
    return "\n\n".join("\n".join(lines) for lines in charts)


def _chart(title: str, entries: Sequence[Entry], legend: Legend, height: int) -> Iterator[str]:
    """Give the lines of the chart of one measure."""
    drawable = [entry for entry in entries if not _hindrance(entry)]
    if drawable:
        yield from _drawn(title, drawable, legend, height)
    else:
        yield legend.fit(title, ", as claimed")
    for reason in (_NO_DATE, _NO_NUMBER):
        hindered = [(_UNLETTERED, entry) for entry in entries if _hindrance(entry) == reason]
        yield from legend.section(reason, hindered)


def _hindrance(entry: Entry) -> str | None:
    """Give the reason why a row cannot be drawn, None if it can."""
    if not entry.claim.period.known():
        return _NO_DATE
    return None if entry.claim.numbers() else _NO_NUMBER


def _drawn(title: str, entries: Iterable[Entry], legend: Legend, height: int) -> Iterator[str]:
    """Give the lines from the title to the legend."""
    ordered = sorted(entries, key=lambda entry: entry.claim.order())
    lettered = dict(zip(_letters(), ordered, strict=False))
    rows = max(height - _AXIS_ROWS, _LEAST_ROWS)
    plot = Plot([entry.claim for entry in ordered], legend.inks, width=legend.width, rows=rows)
    unplaced = plot.draw((letter, entry.claim) for letter, entry in lettered.items())
    yield legend.fit(title, ", as claimed" + (", log scale" if plot.scale.log else ""))
    yield legend.fit(_key(plot))
    yield from _render(plot, legend.width, colour=bool(legend.inks))
    yield ""
    yield from (legend.line(*named) for named in lettered.items() if named[0] not in unplaced)
    yield from legend.section(_NO_ROOM, [(letter, lettered[letter]) for letter in unplaced])


def _letters() -> Iterator[str]:
    """Give a, b, c … A, B, C … aa, ab, ac … without end, and without those that look like marks."""
    letters = [letter for letter in ascii_letters if letter not in "loIO"]
    for length in count(1):
        yield from map("".join, product(letters, repeat=length))


def _key(plot: Plot) -> str:
    glyphs = {ink.glyph for _, ink in plot.cells()}
    return "  ".join(f"{glyph} {meaning}" for glyph, meaning in _KEY.items() if glyph in glyphs)


def _render(plot: Plot, width: int, *, colour: bool) -> Iterator[str]:
    import plotext

    plotext.terminal.limit(width=False, height=False)
    figure = plotext.figure.clear()
    figure.theme("simple")
    figure.plot_size(width, plot.rows + _AXIS_ROWS)
    figure.axes(active=False, axis="x", side="upper")
    figure.axes(active=False, axis="y", side="right")
    across, up = plot.calendar.ticks(), plot.scale.ticks(plot.rows)
    figure.ruler("x", "lower").lim(0, plot.calendar.columns - 1).ticks(
        list(across), list(across.values())
    )
    figure.ruler("y", "left").lim(0, plot.rows - 1).ticks(list(up), list(up.values()))
    for (column, row), ink in plot.cells():
        marker = plotext.marker(ink.glyph, plotext.pixel(ink.colour))
        figure.draw(figure.signal([column], [row], marker=marker))
    for line in figure.build().string(colorless=not colour).splitlines():
        yield _TRAILING.sub(_RESET if _RESET in line else "", line)
