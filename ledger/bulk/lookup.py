"""Looks up for the rule book what the views know and what this stream appended since.

Rules kept here:
- what lies in the log is read from the log; what the running batch made, from itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from events.codec import decode_data, decode_event
from events.things import forms_of
from events.values import Value
from ledger.bulk.standing import Standing
from ledger.commands import AddEstimate, VoidRecord
from ledger.given import Given
from ledger.known import Known, Name, Repeated
from ledger.log import Log
from ledger.lookup import Lookup, rests_on
from ledger.references import wanted

if TYPE_CHECKING:
    from ledger.bulk.quick import Ready


class BulkLookup(Lookup):
    """Answers as `Lookup` does, for a log that went on since its views were opened."""

    def __init__(self, standing: Standing, log: Log) -> None:
        super().__init__(standing.views, log)
        self.standing = standing

    def positions_in(self, table: str, column: str, ids: Sequence[str]) -> set[int]:
        """The positions of the rows of a table that bear one of some ids, later ones included."""
        found = super().positions_in(table, column, ids)
        if not table.endswith("_revisions"):  # all forms of a thing are noted under one name
            noun = column.removesuffix("_id")
            noted = self.standing.noted_positions(f"{noun}/{each}" for each in ids)
            found |= {position for positions in noted.values() for position in positions}
        return found

    def rows(self, query: str, **asked: Sequence[object]) -> list[tuple[Any, ...]]:
        """The rows of a query, with what came since the views were opened."""
        found = super().rows(query, **asked)
        if query == "positions_of_keys":
            noted = self.standing.noted_positions(map(str, asked["keys"]))
            found += [(key, min(positions)) for key, positions in noted.items()]
        elif query == "positions_of_voids":
            names = [f"void/{target}" for target in asked["targets"]]
            noted = self.standing.noted_positions(names)
            found += [(position,) for positions in noted.values() for position in positions]
        elif query == "reports_of_statements":
            found += [(report,) for report in self.reports_noted(map(str, asked["statements"]))]
        return found

    def reports_noted(self, statements: Iterable[str]) -> list[str]:
        """The reports that some statements got since the views were opened."""
        wanted_ids = set(statements)
        names = [f"{kind}/{each}" for each in wanted_ids for kind in ("statement", "reports")]
        noted = self.standing.noted_positions(names)
        events = self.events_at({at for positions in noted.values() for at in positions})
        return [
            form.id
            for event in events.values()
            for form in forms_of(event.data)
            if form.noun == "report" and form.statement_id in wanted_ids
        ]


class Made(NamedTuple):
    """An event that has no place in the log yet."""

    subject: str
    data: Value


class Recent:
    """What the quick path made so lately that its names are not noted yet."""

    def __init__(self, lookup: BulkLookup, known: Known) -> None:
        self.lookup = lookup
        self.known = known
        self.ready: dict[int, Ready] = {}
        self.where: Mapping[str, int] = {}
        self.reports: dict[str, list[int]] = {}  # of reports that were added, by their statement

    def take_in(self, given: Given) -> None:
        """Let the rule book know what a command names and the quick path made just before."""
        position = self.where.get(given.key)
        if position is not None and given.key not in self.known.keys:
            self.repeat(given.key, position)
        names = set(wanted(given.command))
        if isinstance(given.command, AddEstimate) and given.command.report_id is None:
            names |= self.reports_left_open(given.command.statement_id)
        if isinstance(given.command, VoidRecord):
            self.learn(given.command.position)
        self.take_names(names)

    def reports_left_open(self, statement_id: str) -> set[Name]:
        """The reports of a statement, as far as the quick path made them just now."""
        at = self.where.get(f"statement/{statement_id}")
        positions = [*([] if at is None else [at]), *self.reports.get(statement_id, ())]
        return {
            (form.noun, form.id)
            for position in positions
            if position in self.ready
            for form in forms_of(self.event(position).data)
            if form.noun == "report"
        }

    def take_names(self, names: set[Name]) -> None:
        """Take in things, and what they rest on, wherever they were made."""
        while names:
            resting: set[Name] = set()
            for noun, wanted_id in names:
                position = self.where.get(f"{noun}/{wanted_id}")
                if position is not None and self.learn(position):
                    self.known.loaded.add((noun, wanted_id))
            if not names <= self.known.loaded:
                self.lookup.fill_names(self.known, names)
            for name in names:
                thing = self.known.things.get(name)
                for _, fields in thing.forms if thing else ():
                    resting |= rests_on(fields)
            names = {name for name in resting if name not in self.known.loaded}

    def learn(self, position: int) -> bool:
        """Let the rule book know an event that the quick path made just before."""
        if position not in self.ready:
            return False
        if position not in self.known.events:
            event = self.event(position)
            self.known.learn(position, event.subject, event.data)
        return True

    def repeat(self, key: str, position: int) -> None:
        """Let the rule book know a command that was given before."""
        event = (
            self.event(position)
            if position in self.ready
            else decode_event(self.lookup.log.line(position))
        )
        made = tuple(form.subject for form in forms_of(event.data)) or (event.subject,)
        self.known.keys[key] = Repeated(position, made)

    def event(self, position: int) -> Made:
        """An event of the quick path, as far as it is one already."""
        ready = self.ready[position]
        data = decode_data(ready[0], ready[7][ready[8] : -1])
        return Made(ready[1], data)
