"""The SQL page: ask anything, see it as a table and a picture, take it along as a file.

Rules kept here:
- the address is the query: what it shows can be linked to, and is asked anew as of its moment;
- a query waits in threads of its own, so that no other page waits with it;
- what went wrong with a query stands beside it, and the query stays in its field.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from threading import Thread
from typing import IO, TYPE_CHECKING, get_args

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.responses import Response, StreamingResponse

from ledger.errors import Busy, ClaimsError, Refused
from ledger.web.links import Links
from ledger.web.page import Asked, Page
from ledger.web.sql.messages import Answer, Form
from ledger.web.sql.picture import picture_of
from ledger.web.sql.sandbox import Moment, Sandbox
from ledger.web.sql.schema import EXAMPLES, described_views, first_query
from ledger.web.sql.table import heads, shown

if TYPE_CHECKING:
    from starlette.requests import Request

    from ledger.asker import Row
    from ledger.web.app import Site

_ROWS = 200  # that the page shows unless it is asked for more
_MOST_WAITING = 16  # queries that wait or run; whoever comes then is told so at once
_BLOCK = 1 << 18  # bytes of a file that are sent at once
_TOLD = ("columns", "types", "rows", "truncated")  # of an answer, as JSON
_MEDIA: dict[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
FILES = tuple(_MEDIA)
assert set(FILES) | {"rows"} == set(get_args(Form)), "every form has a media type"


class SqlPage:
    """The page and its sandbox; `endpoint` is one of Starlette."""

    def __init__(self, site: "Site") -> None:
        self.site = site
        self.sandbox = Sandbox(site.settings.folder)
        self._views: list[Row] = []
        self._waiting = 0

    @cached_property
    def _limiter(self) -> CapacityLimiter:
        return CapacityLimiter(_MOST_WAITING)

    async def endpoint(self, request: "Request") -> Response:
        """Answer a request; a query waits in threads of its own, what is quick in those of all."""
        if is_foreign(request):
            return await run_sync(self.told, request, _foreign())
        if not request.query_params.get("q", "").strip():
            if not self.sandbox.is_ready:
                Thread(target=self.sandbox.start, daemon=True).start()
            return await run_sync(self.show, request)
        if self._waiting == _MOST_WAITING:
            return await run_sync(self.told, request, _crowded())
        self._waiting += 1  # by this one thread of the event loop, before anything is awaited
        try:
            work = self.download if wanted_file(request) else self.show
            return await run_sync(work, request, limiter=self._limiter)
        finally:
            self._waiting -= 1

    def show(self, request: "Request") -> Response:
        """The page; of what went well it is kept while the ledger holds what it held."""
        return self.site.answer(request, self.build)

    # ── the page ─────────────────────────────────────────────────────────────────────────────

    def build(self, asked: Asked) -> Page:
        """The page of a query, or the one to begin with; raises what is no fault of a query."""
        sql = asked.query.get("q", "").strip()
        if not sql:
            return self.page(asked, sql)
        try:
            return self.page(asked, sql, self.sandbox.ask(sql, moment_of(asked)))
        except (Refused, Busy) as error:
            return self.page(asked, sql, failure=error)

    def page(
        self,
        asked: Asked,
        sql: str,
        answer: Answer | None = None,
        failure: ClaimsError | None = None,
    ) -> Page:
        """A page with what came of a query."""
        data: Row = {"q": sql}
        pictures: Row = {
            "answer": answer, "error": said(failure) if failure else None, "files": FILES,
            "examples": EXAMPLES, "limit": asked.limit(_ROWS), "cell": shown, "heads": [],
            "picture": None,
        }  # fmt: skip
        views = self.views(asked)
        if answer:
            data |= {"asked_at_size": answer.size} | dict(zip(_TOLD, answer, strict=False))
            pictures |= {"heads": heads(answer.columns, answer.types), "views": views}
            pictures["picture"] = picture_of(answer)
        elif failure:
            data |= {"error": pictures.pop("error")}
            pictures |= {"views": views}
        else:
            data |= {"views": views}
        status = _status(failure)
        title = "SQL" if not sql else f"SQL: {' '.join(sql.split())[:60]}"
        rows = [] if sql else columns_of(views)
        return Page("sql.html", title, data, rows, pictures, status)

    def views(self, asked: Asked) -> "list[Row]":
        """The views that can be asked; they are the same for as long as the server runs."""
        if not self._views:
            views = described_views(asked.moment.views)
            self._views = [
                view | {"query": first_query(view["name"], view["columns"])} for view in views
            ]
        return self._views

    def told(self, request: "Request", error: ClaimsError) -> Response:
        """The page of a query that was not answered."""
        return self.site.answer(
            request,
            lambda asked: self.page(asked, asked.query.get("q", ""), failure=error),
            keep=False,
        )

    # ── files ────────────────────────────────────────────────────────────────────────────────

    def download(self, request: "Request") -> Response:
        """The whole result of a query as a file."""
        name = wanted_file(request)
        form = next((each for each in FILES if each == name), None)
        links = Links(request.query_params.get("as_of") or None)
        try:
            if form is None:
                raise Refused(
                    f"{name[:100]!r} is no format of a download.",
                    field="download",
                    way_out=f"Ask for {', '.join(FILES)}.",
                )
            moment = self.site.moment_of(links)
            asked = Asked(moment, links, query=request.query_params)
            made = self.sandbox.download(request.query_params["q"], moment_of(asked), form)
        except ClaimsError as error:
            return self.told(request, error)
        headers = {
            "content-disposition": f'attachment; filename="query-{made.size}.{form}"',
            "content-length": str(made.length),
            "cache-control": "no-store",
        }
        return StreamingResponse(blocks(made.file), headers=headers, media_type=_MEDIA[form])


def is_foreign(request: "Request") -> bool:
    """Whether a page of another site asks, other than by a link that somebody followed.

    It could not read the answer, but let queries run (W3C Fetch Metadata Request Headers).
    """
    headers = request.headers
    return (
        headers.get("sec-fetch-site") == "cross-site"
        and headers.get("sec-fetch-dest", "document") != "document"
    )


def wanted_file(request: "Request") -> str:
    """The format in which the whole result is asked for; CSV is a file like any other page's."""
    form = request.query_params.get("format", "")
    return request.query_params.get("download", "") or (form if form == "csv" else "")


def columns_of(views: Sequence["Row"]) -> "list[Row]":
    """A row for each column of each view."""
    return [{"view": view["name"], **column} for view in views for column in view["columns"]]


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    """A file in blocks; closed at its end, or when nobody wants more of it."""
    with file:
        while block := file.read(_BLOCK):
            yield block


def moment_of(asked: Asked) -> Moment:
    """The moment to ask at; now stays unsaid, since views then have less to look at."""
    return None if asked.moment.is_now else asked.moment.size


def said(error: ClaimsError) -> dict[str, str]:
    """What a person is told of an error."""
    return {"what": error.what, "way_out": error.way_out}


def _status(failure: ClaimsError | None) -> int:
    if failure is None:
        return 200
    return 503 if isinstance(failure, Busy) else 400


def _foreign() -> Refused:
    return Refused(
        "A page of another site asked this.", way_out="Open the address itself, or follow a link."
    )


def _crowded() -> Busy:
    return Busy(f"{_MOST_WAITING} queries are waiting already.", way_out="Ask again in a moment.")
