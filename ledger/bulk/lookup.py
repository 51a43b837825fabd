"""Looks up for the rule book what the views know and what this stream appended since.

Rules kept here:
- what lies in the log is read from the log; what the running batch made, from itself.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from events.things import forms_of
from events.vocabulary import ReportAdded
from ledger.bulk.quick import TYPES
from ledger.bulk.reading import Event, Read
from ledger.bulk.standing import Standing
from ledger.commands import AddEstimate, VoidRecord
from ledger.given import Given
from ledger.known import Known, Name, Repeated
from ledger.log import Log
from ledger.lookup import Lookup, rests_on

_REPORT_ADDED = TYPES.index(ReportAdded.TYPE)


class BulkLookup(Lookup):
    """Answers as `Lookup` does, for a log that went on since its views were opened."""

    def __init__(self, standing: Standing, log: Log) -> None:
        super().__init__(standing.views, log)
        self.standing = standing
        self.erased = standing.erased

    def fill_keys(self, known: Known, keys: set[str]) -> None:
        """Find which commands were given before; what they made is looked up for a receipt."""
        for key, position in self.rows("positions_of_keys", keys=sorted(keys)):
            known.keys[key] = Repeated(position, ())

    def forms_at(self, noun: str, ids: Sequence[str]) -> set[int]:
        """The positions of all forms of some things, later ones included."""
        found = super().forms_at(noun, ids) if self.standing.views_know else set()
        noted = self.standing.noted_positions(f"{noun}/{each}" for each in ids)
        return found | {position for positions in noted.values() for position in positions}

    def rows(self, query: str, **asked: Sequence[object]) -> list[tuple[Any, ...]]:
        """The rows of a query, with what came since the views were opened."""
        found = super().rows(query, **asked) if self.standing.views_know else []
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


class Placed:
    """What the quick path made and the log may not have yet, by position."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._runs: list[tuple[Read, range]] = []
        self.reports: dict[str, list[int]] = {}  # of reports that were added, by their statement

    def add(self, first: int, read: Read, commands: range) -> None:
        """Take commands of a block, the events of which stand from a position on."""
        self._firsts.append(first)
        self._runs.append((read, commands))
        at = read.codes.find(_REPORT_ADDED, commands.start, commands.stop)
        while at >= 0:
            statement_id = read.statement_of(at)
            self.reports.setdefault(statement_id, []).append(first + at - commands.start)
            at = read.codes.find(_REPORT_ADDED, at + 1, commands.stop)

    def get(self, position: int) -> Event | None:
        """The event at a position, if it is one of these."""
        number = bisect_right(self._firsts, position) - 1
        if number < 0:
            return None
        read, commands = self._runs[number]
        index = position - self._firsts[number]
        return read.event(commands[index]) if index < len(commands) else None


class Recent:
    """What the quick path made so lately that the log may not have it yet."""

    def __init__(self, lookup: BulkLookup, known: Known) -> None:
        self.lookup = lookup
        self.known = known
        self.placed = Placed()
        self.where: Mapping[str, int] = lookup.standing.where

    def take_in(self, given: Given) -> None:
        """Let the rule book know what a command names and the quick path made just before."""
        position = self.where.get(given.key)
        if position is not None and given.key not in self.known.keys:
            self.known.keys[given.key] = Repeated(position, ())
            return
        names = set(given.wanted)
        if isinstance(given.command, AddEstimate) and given.command.report_id is None:
            names |= self.reports_left_open(given.command.statement_id)
        if isinstance(given.command, VoidRecord):
            self.learn(given.command.position)
        self.take_names(names)

    def reports_left_open(self, statement_id: str) -> set[Name]:
        """The reports of a statement, as far as the quick path made them just now."""
        at = self.where.get(f"statement/{statement_id}")
        positions = [*([] if at is None else [at]), *self.placed.reports.get(statement_id, ())]
        events = [made for position in positions if (made := self.placed.get(position))]
        return {
            (form.noun, form.id)
            for made in events
            for form in forms_of(made.data)
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
        event = self.placed.get(position)
        if event is None:
            return False
        if position not in self.known.events:
            self.known.learn(position, event.subject, event.data)
        return True
