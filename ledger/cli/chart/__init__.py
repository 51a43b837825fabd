"""Charts in text: no claim looks like a fact, no open bound like a number."""

from ledger.cli.chart.chain import draw_chain
from ledger.cli.chart.speakers import draw_speakers
from ledger.cli.chart.spread import draw_spread
from ledger.cli.chart.text import draw_estimates

__all__ = ["draw_chain", "draw_estimates", "draw_speakers", "draw_spread"]
