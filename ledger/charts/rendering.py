"""Draws a Vega-Lite specification as SVG; nothing is fetched, and no script of ours runs in it."""

import json

from ledger.charts.drawing import Item

_VERSION = "6.4"  # of Vega-Lite, as vl_convert holds it


def draw(spec: Item) -> str:
    """The SVG of a specification."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(
        json.dumps(spec), vl_version=_VERSION, allowed_base_urls=[]
    )
    return svg
