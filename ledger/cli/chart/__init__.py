"""Estimates as a chart in text: no claim looks like a fact, no open bound like a number."""

from ledger.cli.chart.text import draw_estimates

__all__ = ["draw_estimates"]
