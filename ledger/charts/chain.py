"""The chain by which each report of a statement reached its source, as a graph in layers.

The speaker stands at the left, then those who passed it on, nearest the speaker first, and the
sources at the right. What passes through the same hands is drawn through one box.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ledger.asker import Asker, Row
from ledger.charts.drawing import TEXT, Drawing, Mark
from ledger.charts.furniture import EDGE, Frame, Words, furnish
from ledger.charts.gathered import Link, no_link
from ledger.charts.moment import as_recorded
from ledger.charts.palette import GRID, INK, SERIES, SOFT
from ledger.charts.picture import Chart, nothing
from ledger.charts.spread import (
    COLUMNS,
    claim_of,
    counts,
    speaker_of,
    statement_of,
    table_row,
)
from ledger.charts.words import cut, fitted, plain

WIDTH = 760
MOST_REPORTS = 30
_ROW = 52  # pixels from box to box
_BOX = 38  # the height of one
_GAP = 42  # between columns, at least
_WIDEST = 210
_LEAST = 160  # for a column; a picture of a long chain is wider

Key = tuple[str, str]  # the noun and the id of who or what passed it on


@dataclass
class Node:
    """Who said, passed on or published it."""

    noun: str
    name: str
    title: str
    note: str
    column: int
    y: float = 0
    reports: list[int] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What it says when it is pointed at."""
        return f"{self.title}: {self.note}." if self.note else f"{self.title}."


def chain_chart(
    ask: Asker, statement_id: str, *, link: Link = no_link, width: float = WIDTH
) -> Chart:
    """The chart of a statement; raises UnknownId."""
    statement = statement_of(ask, statement_id)
    reports = ask.named("chart_spread", statement=statement_id)
    title = f"By which way a claim of {speaker_of(statement)} came"
    subtitle = [claim_of(statement), counts(reports), as_recorded(ask)]
    table = [table_row(report, link) for report in reports]
    if not reports:
        return nothing(title, subtitle, width, COLUMNS, table)
    shown = sorted(reports[:MOST_REPORTS], key=_way)
    paths = [path_of(statement, report) for report in shown]
    last = max(map(len, paths)) - 1
    nodes = layered(paths, last)
    drawing, frame = Drawing(), Frame(max(width, _LEAST * (last + 1)), left=EDGE)
    height = max(node.y for node in nodes.values()) + _BOX / 2 + 4
    _draw(drawing, frame, paths, nodes, last, link)
    margin = furnish(drawing, frame, Words(title, subtitle), height, 30)
    spec = drawing.spec(frame.plot, height, margin._replace(bottom=EDGE), x=None, y=None)
    return Chart(title, subtitle, COLUMNS, table, spec, drawing.marks, heading=drawing.heading)


def _way(report: Row) -> tuple[object, ...]:
    return tuple(step["name"] for step in report["chain"]), report["outlet"], report["nth"]


def path_of(statement: Row, report: Row) -> list[Node]:
    """From the speaker to the source."""
    speaker = plain(statement["speaker"] or statement["speaker_id"])
    steps = [Node("speaker", statement["speaker_id"], speaker, "said to have said it", 0)]
    for number, step in enumerate(report["chain"], 1):
        noun = "speaker" if step["speaker_id"] else "source"
        name = step["speaker_id"] or step["source_id"]
        steps.append(Node(noun, name, plain(step["name"]), "passed it on", number))
    when = f"published {report['published']}" if report["published"] else "no date"
    outlet = plain(report["outlet"])
    return [*steps, Node("source", report["source_id"], outlet, when, len(steps))]


def layered(paths: Sequence[Sequence[Node]], last: int) -> dict[tuple[int, Key], Node]:
    """The nodes, each once in its column; sources stand in the last one.

    A node stands at the middle height of the reports that pass through it, and nodes of a column
    never closer than a row.
    """
    nodes: dict[tuple[int, Key], Node] = {}
    for number, path in enumerate(paths):
        for node in path:
            column = last if node is path[-1] else node.column
            key = (column, (node.noun, node.name))
            nodes.setdefault(key, node).reports.append(number)
            nodes[key].column = column
    sources = list(dict.fromkeys(key for key in nodes if key[0] == last))
    rows = {key: number for number, key in enumerate(sources)}
    heights = {
        number: rows[last, (path[-1].noun, path[-1].name)] for number, path in enumerate(paths)
    }
    for column in range(last + 1):
        free = float("-inf")
        standing = [node for key, node in nodes.items() if key[0] == column]
        for node in sorted(standing, key=lambda each: _middle(each, heights)):
            node.y = max(_middle(node, heights) * _ROW + _BOX / 2, free)
            free = node.y + _ROW
    return nodes


def _middle(node: Node, heights: dict[int, int]) -> float:
    places = [heights[number] for number in node.reports]
    return (min(places) + max(places)) / 2


def _draw(  # noqa: PLR0913, PLR0917  the graph and where it leads
    drawing: Drawing, frame: Frame, paths: Sequence[Sequence[Node]],
    nodes: dict[tuple[int, Key], Node], last: int, link: Link,
) -> None:  # fmt: skip
    columns = last + 1
    box = min((frame.plot - _GAP * last) / columns, _WIDEST)
    step = box + (frame.plot - box * columns) / last if last else 0
    edges: dict[tuple[tuple[float, float], tuple[float, float]], None] = {}
    for path in paths:
        standing = [
            nodes[last if node is path[-1] else node.column, (node.noun, node.name)]
            for node in path
        ]
        for one, other in pairwise(standing):
            start = (one.column * step + box, one.y)
            edges[start, (other.column * step, other.y)] = None
    for start, end in edges:
        _arrow(drawing, start, end)
    heads = ["the speaker", *["passed on by"] * (last - 1), "found in"][:columns]
    for column, head in enumerate(heads):
        drawing.text(column * step, -14, head, colour=SOFT, size=11)
    for node in nodes.values():
        _box(drawing, node, node.column * step, box)
        middle = node.column * step + box / 2
        drawing.hit(middle, node.y, Mark(node.words, link(node.noun, node.name)), size=_BOX)


def _box(drawing: Drawing, node: Node, x: float, width: float) -> None:
    """A box is a line as thick as it is high."""
    drawing.line(x, node.y, x + width, node.y, colour=GRID, thick=_BOX)
    colour = SERIES[0] if node.noun == "speaker" else SOFT
    drawing.line(x, node.y, x + 4, node.y, colour=colour, thick=_BOX)
    title = fitted(cut(node.title, 60), TEXT, width - 16)
    drawing.text(x + 11, node.y - 7, title, colour=INK, bold=node.column == 0)
    note = fitted(node.note, 11, width - 16)
    drawing.text(x + 11, node.y + 9, note, colour=SOFT, size=11)


def _arrow(drawing: Drawing, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A line that turns in the first gap: further on, the row of its end holds no other's box."""
    (x, y), (x2, y2) = start, end
    bend = x + _GAP / 2
    drawing.line(x, y, bend, y, thick=1.5)
    drawing.line(bend, y, bend, y2, thick=1.5)
    drawing.line(bend, y2, x2 - 4, y2, thick=1.5)
    drawing.symbol(x2 - 5, y2, "triangle-right", colour=SOFT, size=50)
