"""Estimates of one measure over time: who claimed which number for which time."""

from collections.abc import Sequence

from ledger.asker import Asker, Row
from ledger.charts.drawing import Drawing
from ledger.charts.furniture import Words, furnish
from ledger.charts.gathered import COLUMNS, Gathered, Link, Told, measure_of, no_link, table_row
from ledger.charts.looks import Looks
from ledger.charts.many import chart_of_spans
from ledger.charts.meanings import key_of
from ledger.charts.moment import as_recorded, counted
from ledger.charts.picture import Chart, nothing
from ledger.charts.plotting import EstimatesPlot
from ledger.charts.words import cut, plain

WIDTH = 760  # pixels of the picture, unless told
_ABOVE = 26  # pixels between the plot and what stands above it
_TITLE = 150  # characters


def estimates_chart(
    ask: Asker, measure_id: str, *, link: Link = no_link, width: float = WIDTH
) -> Chart:
    """The chart of a measure; raises UnknownId. `link` gives the address of a thing, or None."""
    measure = measure_of(ask, measure_id)
    title = title_of(measure)
    gathered = Gathered.of(ask, measure_id)
    if gathered is None:
        return chart_of_spans(ask, measure_id, title, width)
    estimates = gathered.told(measure["unit"] or "")
    dated = [each for each in estimates if each.claim.period.known()]
    subtitle = [_counts(estimates, dated), as_recorded(ask)]
    table = [table_row(each, link) for each in estimates]
    if not dated:
        return nothing(title, subtitle, width, COLUMNS, table)
    drawing, looks = Drawing(), Looks(dated)
    plot = EstimatesPlot(drawing, dated, gathered, width=width)
    plot.draw(looks, link)
    words = Words(title, subtitle, looks.entries(drawing), key_of(drawing, plot.kinds()))
    margin = furnish(drawing, plot.frame, words, plot.height, _ABOVE)
    spec = drawing.spec(plot.frame.plot, plot.height, margin, x=plot.x, y=plot.y)
    return Chart(title, subtitle, COLUMNS, table, spec, drawing.marks, heading=drawing.heading)


def title_of(measure: Row) -> str:
    """What is claimed, and in which unit."""
    unit = plain(measure["unit"] or "")
    return cut(measure["label"], _TITLE) + (
        f" ({cut(unit, 40)}), as claimed" if unit else ", as claimed"
    )


def _counts(estimates: Sequence[Told], dated: Sequence[Told]) -> str:
    """How many claims there are, and how many of them are not drawn."""
    if not estimates:
        return "Nobody is recorded to have claimed a number of it."
    speakers = counted(len({each.row["speaker_id"] for each in estimates}), "speaker")
    text = f"{counted(len(estimates), 'claim')} by {speakers}."
    if undated := len(estimates) - len(dated):
        text += f" {undated:,} without a date {'is' if undated == 1 else 'are'} not drawn."
    return text
