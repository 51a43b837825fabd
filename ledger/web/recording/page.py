"""The pages of recording: a form filled from a selection, looked at, and recorded.

Rules kept here:
- nothing is done for a request that is not of this server's own pages, of a session, and sealed;
- whatever is refused, the form comes back with all that was typed, the faults beside their fields;
- what waits for the ledger waits in threads of its own, so that no page waits with it.
"""

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ledger.errors import Busy, ClaimsError, Conflict, Refused, UsageFault
from ledger.web.answers import make
from ledger.web.links import Links
from ledger.web.page import Page
from ledger.web.recording.commands import check_filled, commands_of, told
from ledger.web.recording.foreseen import foreseen
from ledger.web.recording.form import Form, new_form, read_form
from ledger.web.recording.refusals import Fault, Faults, Unfit
from ledger.web.recording.requests import check_origin, read_pairs
from ledger.web.recording.sessions import Sessions
from ledger.web.recording.showing import Found, Outcome, found_of, shown, start_page
from ledger.web.recording.work import Workplace

if TYPE_CHECKING:
    from starlette.requests import Request

    from ledger.web.app import Site
    from ledger.web.keeper import Moment

_AT_ONCE = 2  # forms that are looked at or recorded; others wait for them
_MORE_ROWS = 2  # of numbers, at a time
_LATER = Fault(
    "This form was made for an earlier session.",
    "Look it over and send it again; it is kept as you typed it.",
)
_STATUS = ((Conflict, 409), (Busy, 503), (Refused, 422), (UsageFault, 422), (ClaimsError, 500))


class Sent(NamedTuple):
    """A form with the session that it came in, and the button that it was sent with."""

    request: "Request"
    session: str
    form: Form
    order: str = ""


class Recording:
    """The addresses at which a site may be written to."""

    def __init__(self, site: "Site", token: str) -> None:
        self.site = site
        self.sessions = Sessions(token)

    @property
    def routes(self) -> list[Route]:
        """What answers; there is nothing of it where nothing may be written."""
        return [
            Route("/record", self.opened, methods=["GET"]),
            Route("/record", self.given, methods=["POST"]),
        ]

    @cached_property
    def _limiter(self) -> CapacityLimiter:
        return CapacityLimiter(_AT_ONCE)

    # ── what comes in ────────────────────────────────────────────────────────────────────────

    async def opened(self, request: "Request") -> Response:
        """Open a session where the address has the token; else show the form of a session."""
        try:
            if "token" in request.query_params:
                return await self._enter(request)
            session = self.sessions.needed(request)
        except Unfit as unfit:
            return await run_in_threadpool(self._turned_away, request, unfit)
        return await run_in_threadpool(self._begin, request, session)

    async def given(self, request: "Request") -> Response:
        """Take a form: look at it, or record it."""
        try:
            check_origin(request)
            session = self.sessions.needed(request)
            form, order = read_form(await read_pairs(request))
        except Unfit as unfit:
            return await run_in_threadpool(self._turned_away, request, unfit)
        sent = Sent(request, session, form, order)
        return await run_sync(self._work, sent, limiter=self._limiter)

    async def _enter(self, request: "Request") -> Response:
        """Open a session, and leave the token out of the address."""
        session = await self.sessions.open(request.query_params["token"], request)
        rest = [pair for pair in request.query_params.multi_items() if pair[0] != "token"]
        response = RedirectResponse(f"/record?{urlencode(rest)}" if rest else "/record", 303)
        self.sessions.keep(session, response)
        return response

    # ── what is done ─────────────────────────────────────────────────────────────────────────

    def _begin(self, request: "Request", session: str) -> Response:
        """An empty form, but for what the address says; or what to begin with."""
        asked = request.query_params
        try:
            moment = self.site.keeper.now()
            if not asked.get("source") and not asked.get("statement"):
                return self._page(request, moment, start_page(moment))
            form = new_form(
                source=asked.get("source", ""),
                report_of=asked.get("statement", ""),
                kind_of="report" if asked.get("statement") else "statement",
                place=f"{asked.get('start', '')}-{asked.get('end', '')}",
                actor=self.site.settings.actor,
            )
            found = found_of(form, moment)
        except ClaimsError as error:
            return self.site.fault(request, error)
        return self._show(Sent(request, session, found.filled(form)), found)

    def _work(self, sent: Sent) -> Response:
        """Do what a button of the form says; whatever is wrong is shown beside the fields."""
        try:
            found = found_of(sent.form, self.site.keeper.now())
        except ClaimsError as error:
            return self.site.fault(sent.request, error)
        try:
            self._check_seal(sent)
            return self._ordered(sent, found)
        except Faults as faults:
            return self._show(sent, found, Outcome(faults=faults))
        except ClaimsError as error:
            status = next(code for kind, code in _STATUS if isinstance(error, kind))
            return self._show(sent, found, Outcome(faults=told(error, status)))

    def _check_seal(self, sent: Sent) -> None:
        seal = sent.form.values.get("seal", "")
        if not self.sessions.is_sealed(sent.session, sent.form.id, seal):
            raise Faults({"": _LATER}, 403)

    def _ordered(self, sent: Sent, found: Found) -> Response:
        """Do what a button says; raises Faults and ClaimsError for what cannot be."""
        form, order = sent.form, sent.order
        if order == "find":
            found.check_quote(form)
            return self._show(sent, found, Outcome(order))
        if order == "more":
            longer = form.with_rows(len(form.rows) + _MORE_ROWS)
            return self._show(sent._replace(form=longer), found, Outcome(order))
        if order.startswith("same:"):
            report = form.having(kind_of="report", report_of=order.partition(":")[2])
            sent = sent._replace(form=report, order="check")
            return self._checked(sent, found_of(report, found.moment))
        if order in ("check", "record"):
            return self._checked(sent, found)
        raise Faults({"": Fault("The form has no such button.", "Use those on it.")}, 400)

    def _checked(self, sent: Sent, found: Found) -> Response:
        """Look at a form against the ledger, and record it where that is asked for.

        It is not recorded before whoever asks has seen what is like it.
        """
        form = sent.form
        check_filled(form)
        found.check_things(form)
        with Workplace(self.site.settings.folder, form["actor"]) as place:
            batch = commands_of(found.named(form), found.moment.views, found.text)
            decisions = place.plan(batch)
            near = place.near(batch)
            if sent.order == "record" and form.seen.issuperset(each.statement_id for each in near):
                _, position = place.append(batch)
                statement = form["report_of"] if form.is_report else form.id
                return RedirectResponse(
                    Links().thing("statement", statement, recorded=position), 303
                )
        would = foreseen(decisions, found.moment.views)
        return self._show(sent, found, Outcome(sent.order, would=would, near=near))

    # ── what goes out ────────────────────────────────────────────────────────────────────────

    def _show(self, sent: Sent, found: Found, outcome: Outcome = Outcome()) -> Response:  # noqa: B008  it is frozen
        """The form as it stands, with what came of it."""
        seal = self.sessions.seal(sent.session, sent.form.id)
        return self._page(sent.request, found.moment, shown(sent.form, found, seal, outcome))

    def _turned_away(self, request: "Request", unfit: Unfit) -> Response:
        try:
            moment = self.site.keeper.now()
        except ClaimsError as error:
            return self.site.fault(request, error)
        said = {"what": unfit.what, "place": "", "way_out": unfit.way_out}
        page = Page("error.html", unfit.what, {"error": said}, status=unfit.status)
        return self._page(request, moment, page)

    def _page(self, request: "Request", moment: "Moment", page: Page) -> Response:
        links = Links()
        about = self.site.about(request, moment, links) | {"here_query": []}
        response = make(page, "html", moment, links, about).response()
        response.headers["cache-control"] = "no-cache, private"
        return response
