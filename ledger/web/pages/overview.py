"""The first page: what the ledger holds, at one look."""

from ledger.charts import estimates_chart
from ledger.web.page import Asked, Page
from ledger.web.pages.lists import latest_statements, measures, speakers

_SHOWN = 8
_DENIALS = 5


def overview(asked: Asked) -> Page:
    """The number most often claimed as a chart, what came last, who claims most, what is denied."""
    moment = asked.moment
    moment.views.keep("denials")
    [counts] = moment.views.sql(f"from {moment.views.kept('page_counts')}")
    leading = measures(moment, _SHOWN)
    chart = None
    if leading and leading[0]["estimates"]:
        chart = estimates_chart(moment.views, leading[0]["measure_id"], link=asked.links.thing)
    data = {
        "counts": counts,
        "measures": leading,
        "speakers": speakers(moment, _SHOWN),
        "statements": latest_statements(moment, _SHOWN),
        "denials": moment.views.sql(f"from denials limit {_DENIALS}"),
    }
    return Page("overview.html", moment.title, data, leading, pictures={"chart": chart})
