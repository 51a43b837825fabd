"""Checks: what should not be recorded as it is, and what to do about it."""

from ledger.asker import Row
from ledger.web.beside import Beside, Work
from ledger.web.page import Asked, Page
from projections.checks import checks, findings, run_checks
from projections.pinned import Pinned

NOT_YET = 202  # Accepted: being worked on (RFC 9110 section 15.3.3)
_MOST = 200  # findings of one check that are shown


class ChecksPage:
    """The findings at a moment; they are looked for beside the requests and kept."""

    def __init__(self) -> None:
        self.beside = Beside()

    def __call__(self, asked: Asked) -> Page:
        """The findings, or how far the search for them is."""
        views = asked.moment.views
        work = self.beside.ask(views.name, lambda work: found_by_checks(views, work))
        found: list[Row] = work.result or []
        data = {
            "ready": work.result is not None,
            "failed": work.failed,
            "done": work.done,
            "total": len(checks()),
            "found": found,
            "checks": [
                {"check": each.name, "severity": each.header["severity"], "why": each.header["why"]}
                for each in checks()
            ],
        }
        status = 200 if data["ready"] or work.failed else NOT_YET
        return Page("checks.html", "Checks", data, found, status=status, lasts=not work.failed)


def found_by_checks(views: Pinned, work: Work) -> list[Row]:
    """What all checks find at a moment, the gravest first."""

    def told(done: int, _total: int) -> None:
        work.done = done

    cursor = views.cursor()
    run_checks(cursor, checks(), told)
    found = findings(cursor, _MOST)
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
