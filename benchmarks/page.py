"""Puts the tables of a run into docs/benchmarks.md, with its JSON and its chart beside it."""

from pathlib import Path

from benchmarks.chart import chart
from benchmarks.names import BATCHED, SINGLE
from benchmarks.peers import STORES
from benchmarks.results import Results
from benchmarks.table import (
    aims_table,
    machine_list,
    missing_list,
    questions_table,
    rows_of,
    sharing_table,
    side_by_side,
    whole_table,
)

BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


def tables(results: Results) -> str:
    """Everything that was measured, in Markdown."""
    parts = [
        ("", machine_list(results)),
        ("The aims", aims_table(results)),
        ("Side by side: one event a commit", side_by_side(results, SINGLE)),
        ("Side by side: 1,000 events a commit", side_by_side(results, BATCHED)),
        ("How each store makes a commit last", durability()),
        ("Whole works", whole_table(results)),
        ("Questions", questions_table(results)),
        ("Readers and writers", sharing_table(results)),
        ("Not measured", missing_list(results)),
    ]
    return "\n".join(f"### {title}\n\n{text}" if title else text for title, text in parts if text)


def durability() -> str:
    """What a commit waits for, store by store."""
    rows = [(each.label, each.durability) for each in STORES.values()]
    return rows_of([("store", "a commit"), *rows], numbers=0)


def publish(results: Results, folder: Path) -> None:
    """Renew the three files; the page keeps what people wrote around the tables."""
    page = folder / "benchmarks.md"
    text = page.read_text("utf-8") if page.exists() else f"# Benchmarks\n\n{BEGIN}{END}"
    before, found, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    assert found and ended, f"{page.name} has no place for the tables"  # noqa: PT018  one thought
    (folder / "benchmarks.svg").write_text(chart(results), "utf-8")
    results.write(folder / "benchmarks.json")
    page.write_text(f"{before}{BEGIN}\n{tables(results)}\n{END}{after}", "utf-8")
