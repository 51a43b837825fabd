"""The web application: routes, and what happens between a request and its answer.

A request names a moment (`as_of`), a page and a form; a page is made in a worker thread from a
pinned moment of the views, once for as long as the ledger holds what it held.
"""

import re
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import quote

import anyio.to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ledger.errors import Busy, ClaimsError, Conflict, Refused, UnknownId, UsageFault
from ledger.moments import parse_moment
from ledger.web.answers import Kept, Made, is_had, make
from ledger.web.assets import asset_file
from ledger.web.files import checkpoint_file, document_file, part_redirect, proof_file
from ledger.web.guards import Guards
from ledger.web.keeper import Keeper, Moment
from ledger.web.links import Links
from ledger.web.page import LONGEST, Asked, Page
from ledger.web.pages import (
    checks,
    disputes,
    lists,
    log,
    measure,
    overview,
    search,
    source,
    speaker,
)
from ledger.web.pages import statement as one_statement
from ledger.web.pages.verify import VerifyPage
from ledger.web.papers import exhibit_file, report_file
from ledger.web.pictures import picture_file
from ledger.web.sql.page import SqlPage
from projections.engine import engine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp

    from ledger.web.settings import Settings

Build = Callable[[Asked], Page]

THREADS = 4  # requests that are worked on at once; more would only wait for the two cores

# What a page of errors says, by the class of the error: the status of HTTP (RFC 9110 section 15).
_STATUS = (
    (UnknownId, 404),
    (Refused, 400),
    (UsageFault, 400),
    (Conflict, 409),
    (Busy, 503),
    (ClaimsError, 500),
)

_NAME = re.compile(r"[a-z]{1,20}")  # of what stands behind the `?`; others are passed over
NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]+")  # of files; ids hold nothing else

BUG = (
    "This is a bug of ours: the page could not be made.\n"
    "What went wrong stands where `claims serve` runs; please tell us. The ledger is not touched.\n"
)

NAVIGATION = (
    ("/measures", "Measures"),
    ("/speakers", "Speakers"),
    ("/statements", "Statements"),
    ("/sources", "Sources"),
    ("/conflicts", "Conflicts"),
    ("/denials", "Denials"),
    ("/checks", "Checks"),
    ("/log", "Log"),
    ("/sql", "SQL"),
)


class Site:
    """A ledger's site: its keeper, the answers that are kept, and how pages are made."""

    def __init__(self, settings: "Settings") -> None:
        """Raises UsageFault where there is no ledger, Damaged, Refused."""
        self.settings = settings
        self.keeper = Keeper(settings.folder)
        self.kept = Kept()

    def page(self, build: Build) -> Callable[["Request"], "object"]:
        """The endpoint of a page."""

        async def endpoint(request: "Request") -> Response:
            return await run_in_threadpool(self.answer, request, build)

        return endpoint

    def answer(self, request: "Request", build: Build, *, keep: bool = True) -> Response:
        """The answer to a request; errors become pages that say what to do."""
        links = Links(request.query_params.get("as_of") or None)
        try:
            moment = self.moment_of(links)
        except ClaimsError as error:
            return self.fault(request, error)
        form = request.query_params.get("format") or "html"
        asked = Asked(moment, links, dict(request.path_params), request.query_params)

        def made() -> Made:
            return make(build(asked), form, moment, links, self.about(request, moment, links))

        try:
            key = (request.scope["path"], str(request.query_params))
            answer = self.answered(moment, key, made) if keep else made()
        except ClaimsError as error:
            return self.fault(request, error, moment)
        tag = answer.tag if answer.status == 200 else None  # noqa: PLR2004  OK
        if tag and is_had(request.headers.get("if-none-match"), tag):
            return Response(status_code=304, headers={"etag": tag, "cache-control": "no-cache"})
        response = answer.response(tag, accepted=request.headers.get("accept-encoding", ""))
        if form == "csv":
            name = NOT_IN_NAMES.sub("-", request.url.path.strip("/")) or "overview"
            response.headers["content-disposition"] = f'attachment; filename="{name}.csv"'
        return response

    def answered(self, moment: Moment, key: object, made: Callable[[], Made]) -> Made:
        """What is kept for a key at a moment, else what is made; raises ClaimsError."""
        with self.keeper.asking():
            if self.keeper.is_erasing:  # what is still there now is not to be shown later
                return made()
            return self.kept.get(moment.mark, (moment.size, key), made)

    def moment_of(self, links: Links) -> Moment:
        """The moment that a request looks at; raises UsageFault, Refused, Damaged, Busy."""
        wanted = None if links.as_of is None else parse_moment(links.as_of, "as_of")
        with self.keeper.asking():
            return self.keeper.now() if wanted is None else self.keeper.at(wanted)

    def about(self, request: "Request", moment: Moment, links: Links) -> dict[str, object]:
        """What every page shows besides its own."""
        query = [
            (name, value)
            for name, value in request.query_params.multi_items()
            if name not in ("as_of", "format", "before", "skip") and _NAME.fullmatch(name)
        ]
        return {
            "origin": moment.log.origin,
            "site_title": moment.title,
            "navigation": NAVIGATION,
            # An address that begins with two slashes would be one of another server.
            "here": quote(f"/{request.scope['path'].lstrip('/')}"),
            "here_query": query,
            "as_of": links.as_of,
            "writable": self.settings.writable,
        }

    def fault(
        self, request: "Request", error: ClaimsError, moment: Moment | None = None
    ) -> Response:
        """A page that says what happened, where, and what to do."""
        status = next(code for kind, code in _STATUS if isinstance(error, kind))
        told = {"what": error.what, "place": error.place, "way_out": error.way_out}
        said = {name: self.unplaced(str(value)) for name, value in told.items()}
        page = Page("error.html", said["what"], {"error": said}, [said], status=status)
        form = "json" if request.query_params.get("format") == "json" else "html"
        try:
            with self.keeper.asking():
                moment = moment or self.keeper.now()
                about = self.about(request, moment, Links())
                return make(page, form, moment, Links(), about).response()
        except ClaimsError:  # the ledger itself cannot be read: say so in plain text
            return PlainTextResponse(f"{self.unplaced(str(error))}\n", status)

    def unplaced(self, text: str) -> str:
        """A text without where the ledger lies on this machine, which is nobody's business."""
        for folder in {self.settings.folder, self.settings.folder.resolve()}:
            if folder.is_absolute():
                text = text.replace(f"{folder}/", "").replace(str(folder), "the ledger's folder")
        return text

    @asynccontextmanager
    async def living(self, _app: Starlette) -> "AsyncIterator[None]":
        """Bound the threads that work on requests, and make ready what most pages need."""
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        Thread(target=self.make_ready, daemon=True).start()
        yield

    def make_ready(self) -> None:
        """Work out what the first visitors would wait for; what fails is told to them."""
        with suppress(ClaimsError, engine.Error):
            moment = self.keeper.now()
            moment.views.keep("denials", "claims_by_speaker", "estimates_over_time")
            overview.overview(Asked(moment, Links()))

    async def missing(self, request: "Request", _error: Exception) -> Response:
        """The answer where no page goes by an address."""
        error = UnknownId("page", request.scope["path"][:LONGEST])
        error.way_out = "Begin at the overview, or search."
        return await run_in_threadpool(self.fault, request, error)

    async def broken(self, _request: "Request", _error: Exception) -> Response:
        """The answer where our code failed; the server writes how to its standard error."""
        return PlainTextResponse(BUG, 500)


def create_app(settings: "Settings") -> "ASGIApp":
    """The application for a ledger; raises UsageFault where there is none, Damaged, Refused."""
    site = Site(settings)
    pages: dict[str, Build] = {
        "/": overview.overview,
        "/measures": lists.measures_page,
        "/measures/{id}": measure.measure_page,
        "/speakers": lists.speakers_page,
        "/speakers/{id}": speaker.speaker_page,
        "/statements": lists.statements_page,
        "/statements/{id}": one_statement.statement_page,
        "/sources": lists.sources_page,
        "/sources/{id}": source.source_page,
        "/conflicts": disputes.conflicts_page,
        "/denials": lists.denials_page,
        "/checks": checks.ChecksPage(),
        "/log": log.log_page,
        "/verify": VerifyPage(),
        "/log/{id}": log.event_page,
        "/search": search.search_page,
    }
    routes: list[Route] = [
        Route("/checkpoint", checkpoint_file(site)),
        Route("/log/{id}/proof", proof_file(site)),
        Route("/documents/{id}", document_file(site)),
        Route("/statements/{id}/exhibit", exhibit_file(site)),
        Route("/measures/{id}/report", report_file(site, "measure")),
        Route("/speakers/{id}/report", report_file(site, "speaker")),
        Route("/reports/{id}", part_redirect(site)),
        Route("/estimates/{id}", part_redirect(site)),
        Route("/pictures/{name}/{id}.svg", picture_file(site)),
    ]
    routes.append(Route("/sql", SqlPage(site).endpoint))
    routes += [Route(path, site.page(build)) for path, build in pages.items()]
    if settings.token is not None:
        from ledger.web.recording import Recording

        routes += Recording(site, settings.token).routes
    routes.append(Route("/static/{name}", asset_file))
    handlers = {404: site.missing, 500: site.broken}
    app = Starlette(routes=routes, lifespan=site.living, exception_handlers=handlers)
    return Guards(app, settings.hosts)
