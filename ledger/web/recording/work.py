"""What is done with a form: looked at against the ledger as it stands, or appended to it.

Rules kept here:
- a look changes nothing and needs no key;
- an append takes the writer's lock like every other, and waits for it only a few seconds: whoever
  sits before a browser can send the form again;
- a form that was recorded and then changed is a conflict, never silently passed over.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

from events.vocabulary import ReportAdded, StatementRecorded
from ledger.api import Ledger
from ledger.commands import AddReport, RecordStatement
from ledger.decide import Decision
from ledger.errors import Conflict
from ledger.given import Given
from ledger.near import new_statements, sought_of
from ledger.session import Receipt
from ledger.similar import Near, similar_to
from projections.engine import engine

WAIT_SECONDS = 5.0


class Workplace:
    """A ledger as the one looks at it who records in the browser; open it for one form."""

    def __init__(self, folder: Path, actor: str) -> None:
        """Raises Damaged, Refused for a name that cannot stand in a line."""
        self._ledger = Ledger.open(folder, actor=actor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ledger.close()

    def plan(self, batch: Sequence[Given]) -> list[Decision]:
        """What would become of commands; raises ClaimsError as an append would."""
        decisions = self._ledger.plan(batch)
        main = main_of(batch)
        self._check_same(batch[main], decisions[main].unchanged_at)
        return decisions

    def near(self, batch: Sequence[Given]) -> list[Near]:
        """The statements there that look like the one of a batch, best first; often none.

        It never raises for what the ledger holds: a hint must not keep anyone from recording.
        """
        try:
            views = self._ledger.views()
            new = new_statements(views, batch)
            return similar_to(views, [sought_of(each, batch) for each in new]) if new else []
        except engine.Error:
            return []

    def append(self, batch: Sequence[Given]) -> tuple[Receipt, int]:
        """Append commands as one batch; the receipt, and where the main one of them stands.

        Raises ClaimsError; nothing is written then.
        """
        self.plan(batch)
        receipt = self._ledger.append(batch, wait_seconds=WAIT_SECONDS)
        main = main_of(batch)
        position = receipt.positions[main]
        stood = receipt.first is None or position < receipt.first
        self._check_same(batch[main], position if stood else None)
        return receipt, position

    def _check_same(self, main: Given, standing: int | None) -> None:
        """Raise Conflict where a form made something before, and says something else by now."""
        if standing is not None and self._ledger.repeated([main]) is None:
            raise Conflict(
                f"This form was recorded already, at position {standing:,}; it was changed since.",
            )


def main_of(batch: Sequence[Given]) -> int:
    """Which command of a batch makes the statement or the report that a form is for."""
    kinds = (RecordStatement, AddReport)
    return next(at for at, given in enumerate(batch) if isinstance(given.command, kinds))


def recorded_by(decisions: Sequence[Decision]) -> StatementRecorded | ReportAdded | None:
    """The statement or report that decisions would make; None where it stands already."""
    found = (draft.data for each in decisions for draft in each.drafts)
    return next((one for one in found if isinstance(one, StatementRecorded | ReportAdded)), None)
