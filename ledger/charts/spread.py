"""One statement across outlets: who told it first, who again and how much later, and from whom.

Reports that go back to one primary source have one colour: they are its echo, not so many
confirmations.
"""

from collections import Counter
from collections.abc import Sequence

from ledger.asker import Asker, Row
from ledger.charts.axes import Axis, day_axis
from ledger.charts.claims import Period
from ledger.charts.drawing import TEXT, Drawing, Mark
from ledger.charts.furniture import EDGE, Entry, Frame, Sample, Words, furnish
from ledger.charts.gathered import Link, no_link
from ledger.charts.moment import as_recorded, counted
from ledger.charts.palette import GRID, INK, SOFT, look
from ledger.charts.picture import Chart, nothing
from ledger.charts.words import cut, fitted, plain
from ledger.errors import UnknownId

WIDTH = 760
MOST_REPORTS = 40
COLUMNS = {
    "nth": "Order", "outlet": "Reported by", "published": "Published", "lag": "Later",
    "via": "By way of", "primary_source": "Primary source", "quote": "In the words",
}  # fmt: skip
_ROW = 40
_NAMES = 0.3  # of the width, for the outlets
_LAG_ROOM = 110  # pixels behind the last mark for how much later it is
_NAME = 80  # characters
_CLAIM = 220


def spread_chart(
    ask: Asker, statement_id: str, *, link: Link = no_link, width: float = WIDTH
) -> Chart:
    """The chart of a statement; raises UnknownId."""
    statement = statement_of(ask, statement_id)
    reports = ask.named("chart_spread", statement=statement_id)
    title = f"How a claim of {speaker_of(statement)} spread"
    subtitle = [claim_of(statement), counts(reports), as_recorded(ask)]
    table = [table_row(report, link) for report in reports]
    shown = reports[:MOST_REPORTS]
    if not any(period_of(report).known() for report in shown):
        return nothing(title, subtitle, width, COLUMNS, table)
    drawing = Drawing()
    frame = Frame(width, left=EDGE + width * _NAMES)
    x = day_axis([period_of(report) for report in shown], 0, frame.plot - _LAG_ROOM)
    looks = looks_of(shown)
    for number, report in enumerate(shown):
        _draw(drawing, frame, report, number * _ROW + _ROW / 2, x, looks, link)
    words = Words(title, subtitle, _entries(drawing, looks))
    height = _ROW * len(shown)
    margin = furnish(drawing, frame, words, height, 12)
    spec = drawing.spec(frame.plot, height, margin, x=x, y=None)
    return Chart(title, subtitle, COLUMNS, table, spec, drawing.marks, heading=drawing.heading)


def statement_of(ask: Asker, statement_id: str) -> Row:
    """A statement; raises UnknownId."""
    found = ask.sql("from statements where statement_id = $id", id=statement_id)
    if not found:
        raise UnknownId("statement", statement_id)
    return found[0]


def speaker_of(statement: Row) -> str:
    """Who is recorded to have said it."""
    return cut(statement["speaker"] or statement["speaker_id"], _NAME)


def claim_of(statement: Row) -> str:
    """What was claimed, as the recorder put it."""
    return f"The claim: {cut(statement['proposition'], _CLAIM)}"


def period_of(report: Row) -> Period:
    """When a report was published."""
    days = (report["published_earliest"], report["published_latest"])
    return Period(*(day.toordinal() if day else None for day in days))


def lag_of(report: Row) -> str:
    """How much later than the first a report is; nothing where that is not known."""
    if report["lag_days"] is None:
        return ""
    if report["nth"] == 1:
        return "first"
    if not report["lag_days"]:
        return "the same day" if report["exact"] else "about the same time"
    return f"{'' if report['exact'] else 'about '}{counted(report['lag_days'], 'day')} later"


def chain_of(report: Row) -> str:
    """The chain by which it came, nearest the speaker first."""
    return " → ".join(plain(step["name"]) for step in report["chain"])


def counts(reports: Sequence[Row]) -> str:
    """How many reports there are, and how many primary sources they go back to."""
    if not reports:
        return "No report of it is recorded."
    outlets = len({report["outlet"] for report in reports})
    sources = len({report["primary_source"] for report in reports})
    go = "goes" if len(reports) == 1 else "go"
    text = f"{counted(len(reports), 'report')} in {counted(outlets, 'outlet')}, which {go} back to"
    text += f" {counted(sources, 'primary source')}"
    if len(reports) > MOST_REPORTS:
        text += f"; the first {MOST_REPORTS} are drawn"
    return f"{text}."


def table_row(report: Row, link: Link) -> Row:
    """A report as the table has it: every text whole."""
    return {
        "nth": report["nth"],
        "outlet": report["outlet"],
        "published": report["published"],
        "lag": lag_of(report),
        "via": chain_of(report),
        "primary_source": report["primary_source"],
        "quote": report["quote"],
        "source_id": report["source_id"],
        "report_id": report["report_id"],
        "href": link("source", report["source_id"]),
    }


def looks_of(reports: Sequence[Row]) -> dict[str, tuple[str, str]]:
    """The look of each primary source; the one with most reports comes first."""
    count = Counter(report["primary_source"] for report in reports)
    return {source: look(number) for number, (source, _) in enumerate(count.most_common())}


def _entries(drawing: Drawing, looks: dict[str, tuple[str, str]]) -> list[Entry]:
    return [
        Entry(_sample(drawing, *each), f"from {cut(source, 40)}") for source, each in looks.items()
    ]


def _sample(drawing: Drawing, colour: str, shape: str) -> Sample:
    return lambda x, y: drawing.symbol(x, y, shape, colour=colour)


def _draw(  # noqa: PLR0913, PLR0917  a row of the plot
    drawing: Drawing, frame: Frame, report: Row, y: float, x: Axis,
    looks: dict[str, tuple[str, str]], link: Link,
) -> None:  # fmt: skip
    left, period = EDGE - frame.left, period_of(report)
    room = frame.left - EDGE - 14
    via = chain_of(report)
    drawing.text(left, y - (7 if via else 0), fitted(cut(report["outlet"], 60), TEXT, room))
    if via:
        drawing.text(
            left, y + 8, fitted(cut(f"by way of {via}", 60), 11, room), colour=SOFT, size=11
        )
    drawing.line(left, y + _ROW / 2, frame.plot, y + _ROW / 2, colour=GRID)
    mark = Mark(_words(report), link("source", report["source_id"]))
    if not period.known():
        drawing.text(0, y, "no date of publication", colour=SOFT, size=11)
        drawing.hit(8, y, mark)
        return
    colour, shape = looks[report["primary_source"]]
    first = x.at(period.known()[0])
    last = x.at(period.known()[-1] + 1)
    place = max((first + last) / 2, first)
    drawing.line(x.start, y, place, y, colour=GRID, thick=1.5)
    drawing.line(first, y, last, y, colour=colour, thick=5, opacity=0.3)
    drawing.symbol(place, y, shape, colour=colour, size=130)
    drawing.text(max(last, place) + 12, y, lag_of(report), colour=INK, bold=report["nth"] == 1)
    drawing.hit(place, y, mark)


def _words(report: Row) -> str:
    said = [f"{cut(report['outlet'], 80)}, published {report['published'] or 'at no known date'}"]
    said += [lag] if (lag := lag_of(report)) else []
    said += [f"by way of {cut(chain_of(report), 120)}"] if report["chain"] else []
    said += [f"“{cut(report['quote'], 240)}”"] if report["quote"] else []
    return "; ".join(said) + "."
