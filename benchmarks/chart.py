"""A chart of the stores side by side, as SVG, without a library."""

from html import escape
from statistics import median

from benchmarks import names
from benchmarks.peers import LEDGER, RAW, SEALED, STORES
from benchmarks.results import Figure, Results
from benchmarks.table import fastest_first

WIDTH, BAR, GAP, LABEL, VALUE, TOP = 760, 18, 8, 290, 110, 34
COLOURS = {LEDGER: "#1f5f8b", SEALED: "#6fa3c4", RAW: "#9a9a9a"}
PEER = "#c9a227"
TITLES = {
    names.SINGLE: "Durable appends a second, one event a commit",
    names.BATCHED: "Durable appends a second, 1,000 events a commit",
}


def chart(results: Results) -> str:
    """One panel a work, one bar a store, the fastest first; longer is better."""
    parts, top = [], 10
    for work, title in TITLES.items():
        found = fastest_first(results, work, results.sizes[-1])
        if found:
            parts.append(panel(title, found, top))
            top += TOP + len(found) * (BAR + GAP) + 16
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}"'
        f' height="{top}" font-family="sans-serif" font-size="13" role="img"'
        f' aria-label="{escape("; ".join(TITLES.values()))}">\n'
        f'<rect width="{WIDTH}" height="{top}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def panel(title: str, found: list[Figure], top: int) -> str:
    """The bars of one work; a thin line goes from the slowest to the fastest round."""
    longest = max(max(each.values) for each in found)
    room = WIDTH - LABEL - VALUE
    lines = [f'<text x="10" y="{top + 16}" font-weight="bold" fill="#222222">{title}</text>']
    for at, each in enumerate(found):
        y = top + TOP + at * (BAR + GAP)
        middle = y + BAR / 2
        length, low, high = (
            room * value / longest
            for value in (median(each.values), min(each.values), max(each.values))
        )
        colour = COLOURS.get(each.contender, PEER)
        label = escape(STORES[each.contender].label.replace("`", ""))
        lines += [
            text(LABEL - 8, middle, label, ' text-anchor="end"'),
            f'<rect x="{LABEL}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>',
            f'<path d="M{LABEL + low:.1f} {middle}H{LABEL + high:.1f}" stroke="#222222"/>',
            text(LABEL + max(length, high) + 6, middle, f"{median(each.values):,.0f}"),
        ]
    return "\n".join(lines)


def text(x: float, middle: float, words: str, more: str = "") -> str:
    """Words beside a bar."""
    return f'<text x="{x:.1f}" y="{middle + 4.5}"{more} fill="#222222">{words}</text>'
