"""Reports and exhibits from the site: the same files that `claims report` and `exhibit` write."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ledger.errors import UnknownId
from ledger.report import Selection, Stood, make_exhibit, make_report
from ledger.web.files import attachment
from ledger.web.links import Links

if TYPE_CHECKING:
    from starlette.requests import Request

    from ledger.web.app import Site

Endpoint = Callable[["Request"], object]

_HTML = "text/html; charset=utf-8"


def exhibit_file(site: "Site") -> Endpoint:
    """The exhibit of a statement, as of the moment that the page looks at."""

    def made(request: "Request") -> tuple[bytes, str, str]:
        at, key = stood(site, request), request.path_params["id"]
        if not at.ask.sql("select 1 from statements where statement_id = $id", id=key):
            raise UnknownId("statement", key)
        return make_exhibit(at, key), _HTML, f"exhibit-{key}.html"

    return attachment(site, made)


def report_file(site: "Site", noun: str) -> Endpoint:
    """The report on a measure or of a speaker."""

    def made(request: "Request") -> tuple[bytes, str, str]:
        at, key = stood(site, request), request.path_params["id"]
        if not at.ask.sql(f"select 1 from {noun}s where {noun}_id = $id", id=key):  # noqa: S608  a noun of ours
            raise UnknownId(noun, key)
        named = {"measure": Selection(measures=(key,)), "speaker": Selection(speakers=(key,))}
        return make_report(at, named[noun]), _HTML, f"report-{key}.html"

    return attachment(site, made)


def stood(site: "Site", request: "Request") -> Stood:
    """The ledger at the moment that a request looks at; raises what `moment_of` raises."""
    moment = site.moment_of(Links(request.query_params.get("as_of") or None))
    return Stood(moment.views, moment.log, moment.size)
