"""Pictures of one statement, made when a browser comes to where they stand on its page."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from ledger.charts import chain_chart, chart_style, spread_chart
from ledger.errors import ClaimsError, UnknownId
from ledger.web.answers import Made
from ledger.web.links import Links

if TYPE_CHECKING:
    from starlette.requests import Request

    from ledger.web.app import Site

CHARTS = {"chain": chain_chart, "spread": spread_chart}

_FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'

# A picture of its own has its colours within it; nothing else is allowed there.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def picture_file(site: "Site") -> Callable[["Request"], object]:
    """A chart of a statement as SVG, in the colours that the reader's screen prefers."""

    def answer(request: "Request") -> Response:
        links = Links(request.query_params.get("as_of") or None)
        try:
            moment = site.moment_of(links)

            def made() -> Made:
                name, key = request.path_params["name"], request.path_params["id"]
                if name not in CHARTS:
                    raise UnknownId("picture", name)
                chart = CHARTS[name](moment.views, key, link=links.thing)
                return Made(coloured(chart.inline(heading=False)).encode(), "image/svg+xml", 200)

            found = site.answered(moment, (request.scope["path"], links), made)
        except ClaimsError as error:
            return site.fault(request, error)
        headers = {"content-security-policy": _POLICY, "cache-control": "no-cache"}
        return Response(found.body, headers=headers, media_type=found.media_type)

    async def endpoint(request: "Request") -> Response:
        return await run_in_threadpool(answer, request)

    return endpoint


def coloured(svg: str) -> str:
    """A picture for a page, with the page's colours put into it."""
    start = svg.index(">") + 1
    return (
        f"{svg[:start]}<style>svg {{ font-family: {_FONT}; }}\n{chart_style()}</style>{svg[start:]}"
    )
