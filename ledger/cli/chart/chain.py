"""The chain by which each report of a statement came, as an indented tree from the speaker on."""

from collections.abc import Iterator, Sequence

from ledger.asker import Row
from ledger.charts.words import plain
from ledger.cli.chart.lines import cut_to, fit

Tree = dict[str, "Tree"]


def draw_chain(speaker: str, reports: Sequence[Row], *, width: int) -> str:
    """Draw who passed a statement on, nearest the speaker first, down to the sources."""
    tree: Tree = {}
    for report in reports:
        branch = tree
        for step in report["chain"]:
            branch = branch.setdefault(step["name"], {})
        published = f", {report['published']}" if report["published"] else ""
        branch.setdefault(f"{report['outlet']}{published} [{report['source_id']}]", {})
    return "\n".join([fit(speaker, width), *(cut_to(line, width) for line in _branches(tree))])


def _branches(tree: Tree, before: str = "") -> Iterator[str]:
    for number, (name, below) in enumerate(tree.items(), 1):
        is_last = number == len(tree)
        yield f"{before}{'└─ ' if is_last else '├─ '}{plain(name)}"
        yield from _branches(below, before + ("   " if is_last else "│  "))
