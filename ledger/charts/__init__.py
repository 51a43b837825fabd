"""Charts of claims: as SVG, PNG, PDF and as a page of their own. See `Chart`."""

from ledger.charts.chain import chain_chart
from ledger.charts.estimates import estimates_chart
from ledger.charts.page import chart_script, chart_style
from ledger.charts.picture import Chart
from ledger.charts.speakers import speakers_chart
from ledger.charts.spread import spread_chart

__all__ = [
    "Chart",
    "chain_chart",
    "chart_script",
    "chart_style",
    "estimates_chart",
    "speakers_chart",
    "spread_chart",
]
