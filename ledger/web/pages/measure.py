"""One measure: the numbers that were claimed of it, as a chart and as a table."""

from ledger.charts import estimates_chart
from ledger.web.page import Asked, Page
from ledger.web.pages.lists import measure_row

_ROWS = 100


def measure_page(asked: Asked) -> Page:
    """Every estimate of a measure, in order of the time that it speaks of."""
    key = asked.path["id"]
    row = measure_row(asked.moment, key)
    asked.moment.views.keep("estimates_over_time")
    limit, skip = asked.limit(_ROWS), asked.number("skip", 0)
    found = asked.moment.views.named("page_estimates", measure=key, limit=limit + 1, skip=skip)
    further = skip + limit if len(found) > limit else None
    chart = estimates_chart(asked.moment.views, key, link=asked.links.thing) if found else None
    data = {
        "measure": row,
        "estimates": found[:limit],
        "skip": skip,
        "further": further,
        "limit": limit,
    }
    return Page("measure.html", row["label"], data, found[:limit], pictures={"chart": chart})
