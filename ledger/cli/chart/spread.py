"""One statement across outlets as text: a line for each report, its mark at its date."""

from collections.abc import Sequence

from ledger.asker import Row
from ledger.charts.axes import Axis, day_axis
from ledger.charts.spread import chain_of, counts, lag_of, period_of
from ledger.cli.chart.lines import fit, padded

_NUMBER, _NAMES, _DATES, _LAGS = 3, 27, 12, 20  # columns
_LEAST = 12  # of the line of time


def draw_spread(reports: Sequence[Row], *, width: int) -> str:
    """Draw reports in the order of their publication, and the chain by which each came."""
    drawn = [period_of(report) for report in reports if period_of(report).known()]
    columns = max(_LEAST, width - _NUMBER - _NAMES - _DATES - _LAGS - 3)
    axis = day_axis(drawn, 0, columns - 1) if drawn else None
    lines = [fit(counts(reports), width)]
    for report in reports:
        lines.append(_line(report, axis, columns))
        if report["chain"]:
            lines.append("   " + fit(f"by way of {chain_of(report)}", width - 3))
    return "\n".join(lines)


def _line(report: Row, axis: Axis | None, columns: int) -> str:
    outlet = f"{report['nth']:>2} {padded(report['outlet'], _NAMES)}"
    published = padded(report["published"] or "no date", _DATES)
    return f"{outlet} {published} {_track(report, axis, columns)} {lag_of(report)}".rstrip()


def _track(report: Row, axis: Axis | None, columns: int) -> str:
    days = period_of(report).known()
    if axis is None or not days:
        return " " * columns
    first, last = (int(axis.at(day)) for day in (days[0], days[-1]))
    middle = (first + last) // 2
    cells = ["·"] * columns
    cells[first : last + 1] = ["─"] * (last + 1 - first)
    cells[middle] = "●"
    return "".join(cells)
