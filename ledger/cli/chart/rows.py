"""The rows of the view `estimates_over_time` as the legend has them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from ledger.charts.claims import Claim, Row, claim_of, time_of
from ledger.charts.excluding import excluding
from ledger.charts.gathered import MOST_ESTIMATES, unequal
from ledger.charts.words import plain
from ledger.quantities import format_quantity


class Entry(NamedTuple):
    """A row as the legend has it."""

    claim: Claim
    when: str
    claimed: str
    speaker: str
    told: str  # what is marked of it, where, and in which words


def mark_excluding(rows: Sequence[Row]) -> Sequence[Row]:
    """Mark the rows that cannot both be true, where they are not marked and few enough."""
    ready = all("estimate_id" in row and "marks" not in row for row in rows)
    if not ready or len(rows) > MOST_ESTIMATES:
        return rows
    by_measure: dict[str, list[Row]] = {}
    for row in rows:
        by_measure.setdefault(row["measure_id"], []).append(row)
    pairs = [pair for told in by_measure.values() for pair in excluding(told)]
    count = Counter(name for pair in pairs for name in pair)
    return [{**row, "marks": unequal(count[row["estimate_id"]])} for row in rows]


def read_measures(rows: Sequence[Row]) -> list[tuple[str, list[Entry]]]:
    """Give the title and the entries of each measure and unit."""
    measures: dict[tuple[Any, ...], list[Entry]] = {}
    for row in rows:
        measure = (row.get("measure_id"), row["measure"], row["unit"])
        measures.setdefault(measure, []).append(_entry(row))
    return [
        (plain(f"{label} ({unit})" if unit else label), entries)
        for (_, label, unit), entries in measures.items()
    ]


def _entry(row: Row) -> Entry:
    claim = claim_of(row)
    speaker = plain(row["speaker"] or row.get("speaker_id") or "unnamed")
    publisher = plain(row.get("publisher") or row.get("source_id") or "")
    words = plain(row.get("value_text") or row.get("quote") or "")
    where = f", in {publisher}" if publisher not in {"", speaker} else ""
    marks = f" [{', '.join(row['marks'])}]" if row.get("marks") else ""
    told = f"{marks}{where}: “{words}”" if words else f"{marks}{where}"
    return Entry(claim, time_of(row)[1], format_quantity(claim.quantity), speaker, told)
