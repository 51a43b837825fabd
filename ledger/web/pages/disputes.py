"""Conflicts: numbers that cannot both be true, measure by measure."""

from ledger.web.page import Asked, Page
from ledger.web.pages.lists import measure_row
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
    select = f"from conflicts where measure_id = $measure limit {limit + 1} offset {skip}"
    pairs = asked.moment.views.sql(select, measure=measure)
    further = skip + limit if len(pairs) > limit else None
    data = {
        "measure": row, "pairs": pairs[:limit], "skip": skip, "further": further, "limit": limit,
    }  # fmt: skip
    return Page("conflicts.html", f"Conflicts: {row['label']}", data, pairs[:limit])


def _measures(asked: Asked) -> Page:
    views = asked.moment.views
    limit, skip = asked.limit(_MEASURES), asked.number("skip", 0)
    table = views.kept("page_measures")
    [total] = views.sql(f"from {table} select sum(estimates) as estimates where estimates > 1")
    counted = (total["estimates"] or 0) <= _MOST_COUNTED
    if counted:
        views.kept("page_conflict_counts")
    several = f"from {table} where estimates > 1"
    query = catalog.query("page_conflicting_measures") if counted else several
    rows = views.sql(f"{query} limit {limit + 1} offset {skip}")
    further = skip + limit if len(rows) > limit else None
    shown = rows[:limit]
    data = {
        "measures": shown, "counted": counted, "skip": skip, "further": further, "limit": limit,
    }  # fmt: skip
    return Page("conflict_measures.html", "Conflicts", data, shown)
