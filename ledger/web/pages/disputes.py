"""Conflicts: numbers that cannot both be true, measure by measure."""

from ledger.asker import Row
from ledger.web.keeper import Moment
from ledger.web.page import Asked, Page
from ledger.web.pages.lists import measure_row, measures
from projections import catalog

_ROWS = 50
_MEASURES = 100
_MOST_COUNTED = 20_000  # estimates of a measure's ledger, beyond which pairs are not all counted


def conflicts_page(asked: Asked) -> Page:
    """The pairs of one measure, or the measures that have some."""
    measure = asked.text("measure")
    asked.moment.views.keep("estimates_over_time")
    return _pairs(asked, measure) if measure else _measures(asked)


def _pairs(asked: Asked, measure: str) -> Page:
    row = measure_row(asked.moment, measure)
    limit, skip = asked.limit(_ROWS), asked.number("skip", 0)
    select = catalog.narrowed("conflicts", "estimates_over_time", "measure_id = $measure")
    pairs = asked.moment.views.sql(f"{select} limit {limit + 1} offset {skip}", measure=measure)
    further = skip + limit if len(pairs) > limit else None
    data = {
        "measure": row, "pairs": pairs[:limit], "skip": skip, "further": further, "limit": limit,
    }  # fmt: skip
    return Page("conflicts.html", f"Conflicts: {row['label']}", data, pairs[:limit])


def _measures(asked: Asked) -> Page:
    several = [row for row in measures(asked.moment) if row["estimates"] > 1]
    counted = sum(row["estimates"] for row in several) <= _MOST_COUNTED
    if counted:
        pairs = pairs_of_measures(asked.moment)
        several = [row | {"pairs": pairs.get(row["measure_id"], 0)} for row in several]
        several.sort(key=lambda row: -row["pairs"])
    limit, skip = asked.limit(_MEASURES), asked.number("skip", 0)
    shown = several[skip : skip + limit]
    further = skip + limit if len(several) > skip + limit else None
    data = {
        "measures": shown, "counted": counted, "skip": skip, "further": further, "limit": limit,
    }  # fmt: skip
    return Page("conflict_measures.html", "Conflicts", data, shown)


def pairs_of_measures(moment: Moment) -> Row:
    """How many conflicts each measure has that has any."""
    rows = moment.views.sql(f"from {moment.views.kept('page_conflict_counts')}")
    return {row["measure_id"]: row["pairs"] for row in rows}
