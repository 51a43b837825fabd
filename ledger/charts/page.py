"""A chart as a page of its own: the picture, what its marks say, and the same rows as a table.

Rules kept here:
- the page needs nothing but itself and fetches nothing: its policy names one style and one script
  by their hashes, and forbids all else;
- every text of the data is escaped, and keeps its direction of writing to itself.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from ledger.charts.axes import figure
from ledger.charts.words import plain

if TYPE_CHECKING:
    from ledger.asker import Row
    from ledger.charts.picture import Chart


def make_page(chart: "Chart") -> str:
    """The text of the page."""
    style = chart_style() + asset("page.css")
    script = chart_script()
    return Template(asset("page.html")).substitute(
        title=escape(plain(chart.title)),
        subtitle="\n".join(f"<p>{escape(plain(line))}</p>" for line in chart.subtitle),
        picture=chart.inline(heading=False),
        heads="".join(f"<th scope=col>{escape(head)}</th>" for head in chart.columns.values()),
        rows="\n".join(_rows(chart)),
        style=style,
        style_hash=hash_of(style),
        script=script,
        script_hash=hash_of(script),
    )


def _rows(chart: "Chart") -> Iterator[str]:
    """The rows of the table; the first one of a thing that marks lead to on this page is named."""
    named: set[str] = set()
    for row in chart.rows:
        href = row.get("href") or ""
        is_here = href.startswith("#") and href not in named
        named.add(href)
        start = f'<tr id="{escape(href[1:])}">' if is_here else "<tr>"
        yield f"{start}{''.join(_cells(chart, row, href))}</tr>"


def _cells(chart: "Chart", row: "Row", href: str) -> list[str]:
    cells = [_cell(row[name]) for name in chart.columns]
    if href and not href.startswith("#"):
        cells[0] = cells[0].replace("<bdi>", f'<a href="{escape(href)}"><bdi>', 1)
        cells[0] = cells[0].replace("</bdi>", "</bdi></a>", 1)
    return cells


def _cell(value: Any) -> str:  # noqa: ANN401  a cell holds anything
    if isinstance(value, int | float):
        return f'<td class="number"><bdi>{figure(value)}</bdi></td>'
    return f"<td><bdi>{escape('' if value is None else str(value))}</bdi></td>"


def chart_style() -> str:
    """The style that a page with charts needs: colours in light and dark, sizes, hover texts."""
    return asset("chart.css")


def chart_script() -> str:
    """The script by which a page shows what a mark says; without it, the marks are labelled."""
    return asset("chart.js")


@cache
def asset(name: str) -> str:
    """A file of this package."""
    return files("ledger.charts").joinpath(name).read_text(encoding="utf-8")


def hash_of(text: str) -> str:
    """What the policy of a page allows a style or a script by (CSP level 2, hash-source)."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
