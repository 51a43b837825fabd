"""Checks: what should not be recorded as it is, and what to do about it."""

from ledger.web.checking import Checking
from ledger.web.page import Asked, Page
from projections.checks import checks

NOT_YET = 202  # Accepted: being worked on (RFC 9110 section 15.3.3)


class ChecksPage:
    """The findings at a moment; they are looked for in the background and kept."""

    def __init__(self) -> None:
        self.checking = Checking()

    def __call__(self, asked: Asked) -> Page:
        """The findings, or how far the search for them is."""
        checked = self.checking.ask(asked.moment.views)
        found = checked.rows or []
        data = {
            "ready": checked.rows is not None,
            "failed": checked.failed,
            "done": checked.done,
            "total": checked.total,
            "found": found,
            "checks": [
                {"check": each.name, "severity": each.header["severity"], "why": each.header["why"]}
                for each in checks()
            ],
        }
        status = 200 if checked.finished.is_set() else NOT_YET
        return Page("checks.html", "Checks", data, found, status=status)
