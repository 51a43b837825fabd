"""Looks up for the rule book from a desk: the names of the view file, and what came since.

Rules kept here:
- it answers what `Lookup` answers from the views alone; a test holds the two together.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from events.record import Event
from events.things import forms_of
from ledger.desk import Desk, Finder
from ledger.known import Known, Name
from ledger.log import Log
from ledger.lookup import Lookup

if TYPE_CHECKING:
    from ledger.given import Given

_WITH_REPORTS = ("statement", "reports")  # names under which the reports of a statement are found


class DeskLookup(Lookup):
    """Answers as `Lookup` does, from the names in the view file and those that came since."""

    def __init__(self, desk: Desk, log: Log) -> None:
        super().__init__(desk.views, log)
        self.erased = desk.erased
        self.finder = Finder(desk, log)

    def fill(self, known: Known, batch: "Sequence[Given]") -> None:
        """Look up what a batch names and is not known yet; most of it in one query."""
        keys = {given.key for given in batch} - known.keys.keys()
        things = {name for given in batch for name in given.wanted} - known.loaded
        self.finder.find([*keys, *(f"{noun}/{name}" for noun, name in things)])
        super().fill(known, batch)

    def events_at(self, positions: Iterable[int]) -> dict[int, Event]:
        """Events read from the log, each once."""
        return self.finder.events_at(positions)

    def positions_of(self, names: Iterable[Name]) -> set[int]:
        """The positions of all forms of some things."""
        return set(self.finder.named([f"{noun}/{name}" for noun, name in names]))

    def rows(self, query: str, **asked: Sequence[object]) -> list[tuple[Any, ...]]:
        """The rows of a query; of those that name things, without asking the views."""
        if query == "positions_of_keys":
            return self.positions_of_keys(asked["keys"])
        if query == "positions_of_voids":
            names = [f"void/{at}" for at in asked["targets"]]
            return [(position,) for position in self.finder.named(names)]
        if query == "reports_of_statements":
            return self.reports_of_statements(asked["statements"])
        return super().rows(query, **asked)

    def positions_of_keys(self, keys: Sequence[object]) -> list[tuple[str, int]]:
        """Each key that an event bears, with its position."""
        events = self.finder.named([str(key) for key in keys])
        return [(event.key, position) for position, event in events.items() if event.key]

    def reports_of_statements(self, statements: Sequence[object]) -> list[tuple[str]]:
        """The reports of some statements."""
        wanted = {str(each) for each in statements}
        events = self.finder.named([f"{kind}/{each}" for each in wanted for kind in _WITH_REPORTS])
        forms = (form for event in events.values() for form in forms_of(event.data))
        return [
            (form.id,) for form in forms if form.noun == "report" and form.statement_id in wanted
        ]
