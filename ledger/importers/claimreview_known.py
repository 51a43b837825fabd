"""Which assessments the ledger has, of statements that a file of ours names by their ids.

An assessment has no id of its own, so one that came back would be recorded twice.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ledger.importers.rows import Raw

if TYPE_CHECKING:
    from ledger.api import Ledger

_RATING = ("label", "value", "best", "worst")


class Standing:
    """Assessments that were looked up."""

    def __init__(self, ledger: "Ledger | None") -> None:
        self.ledger = ledger
        self._found: set[tuple[object, ...]] = set()

    def load(self, statements: Iterable[str]) -> None:
        """Look up the assessments of some statements, all at once."""
        wanted = sorted(statements)
        self._found = set()
        if self.ledger is None or not wanted:
            return
        rows = self.ledger.views().connection.execute(
            "select statement_id, assessor, url, explanation, rating from assessments"
            " where statement_id in (select unnest($ids))",
            {"ids": wanted},
        )
        self._found = {(*fields, *_figures(rating)) for *fields, rating in rows.fetchall()}

    def has(self, command: Raw) -> bool:
        """Whether the ledger has the assessment that a command would make."""
        fields = (command.get(name) for name in ("statement_id", "assessor", "url", "explanation"))
        return (*fields, *_figures(command.get("rating"))) in self._found


def _figures(rating: Any) -> tuple[object, ...]:  # noqa: ANN401  a struct of the views, or JSON
    return tuple((rating or {}).get(name) for name in _RATING)
