"""The charts of a report and of an exhibit: drawn of what stands in the document, and of no more.

Rules kept here:
- a mark leads to what stands in the same document, or nowhere;
- a chart shows the numbers of its report: other numbers of the measure are counted in words.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from markupsafe import Markup

from ledger.asker import Asker, Row
from ledger.charts import Chart, chain_chart, estimates_chart, spread_chart
from ledger.charts.gathered import MOST_ESTIMATES
from ledger.report.gather import Gathered
from ledger.report.stood import Stood

_MOST_CHARTS = 12
_FEWEST_DRAWN = 2  # numbers of a measure that make a picture, unless the measure was asked for
_ESTIMATES = ("estimate_id", "left_estimate_id", "right_estimate_id")  # columns that name one
_ALL = 10**9

Link = Callable[[str, str], str | None]


def measures_drawn(
    at: Stood, found: Gathered, asked: tuple[str, ...]
) -> Iterator[tuple[str, Markup]]:
    """The charts of the measures that were asked for, else of those with several numbers."""
    counts = Counter(row["measure_id"] for row in found.estimates)
    several = [name for name, count in counts.items() if count >= _FEWEST_DRAWN]
    totals = {row["measure_id"]: row["estimates"] for row in found.measures}
    for name in ([each for each in asked if each in counts] or several)[:_MOST_CHARTS]:
        if counts[name] <= MOST_ESTIMATES or counts[name] == totals[name]:
            yield from _shown(
                name, estimates_chart(Narrowed(at.ask, found), name, link=_links(found))
            )


def ways_drawn(at: Stood, found: Gathered) -> Iterator[tuple[str, Markup]]:
    """How the one statement of an exhibit spread, and by whose hands its reports came."""
    [statement] = found.statements
    name, reports = statement["statement_id"], statement["reports"]
    if len({report["source_id"] for report in reports}) > 1:
        yield from _shown("spread", spread_chart(at.ask, name, link=_links(found)))
    if any(report["via"] for report in reports):
        yield from _shown("chain", chain_chart(at.ask, name, link=_links(found)))


def _shown(name: str, chart: Chart) -> Iterator[tuple[str, Markup]]:
    if not chart.empty:
        yield name, Markup(chart.inline())  # noqa: S704  a chart escapes what it holds


def _links(found: Gathered) -> Link:
    """Where a mark of a chart leads."""
    reports = {report["report_id"] for report in found.reports}
    inside = {"statement": found.numbers, "source": found.places, "report": reports}

    def link(noun: str, name: str) -> str | None:
        return f"#{noun}-{name}" if name in inside.get(noun, ()) else None

    return link


class Narrowed:
    """An asker that tells a chart of nothing but the numbers of a report."""

    def __init__(self, ask: Asker, found: Gathered) -> None:
        self._ask = ask
        self._shown = {row["estimate_id"] for row in found.estimates}

    def sql(self, text: str, /, **parameters: Any) -> list[Row]:  # noqa: ANN401  values of SQL
        """The rows of a select, those about other numbers left out."""
        return self._narrowed(self._ask.sql(text, **parameters))

    def named(self, query: str, /, **parameters: Any) -> list[Row]:  # noqa: ANN401  values of SQL
        """The rows of a query of ours, those about other numbers left out.

        A limit is lifted: it would count those that are left out.
        """
        lifted = {name: _ALL if name == "most" else each for name, each in parameters.items()}
        return self._narrowed(self._ask.named(query, **lifted))

    def _narrowed(self, rows: list[Row]) -> list[Row]:
        return [
            row for row in rows
            if all(row[name] in self._shown for name in _ESTIMATES if name in row)
        ]  # fmt: skip
