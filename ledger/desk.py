"""What whoever appends keeps at hand from one batch to the next: the views, and what came since.

Rules kept here:
- it is used only while the writer's lock is held, and brought up to the log's size first;
- it goes on only where the log does: its root at the size that was left is asked for again;
- a redaction among what came since, and so much that the view file is due, begin it anew;
- it answers what `Lookup` answers from the views alone; a test holds the two together.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from events.codec import NotAnEvent, decode_event
from events.record import Event
from events.things import forms_of
from events.values import Value
from events.vocabulary import RecordRedacted, Redacted
from ledger.bulk.standing import names_of
from ledger.errors import Damaged
from ledger.given import Given
from ledger.known import Known, Name
from ledger.log import Log
from ledger.lookup import Lookup
from ledger.references import wanted
from ledger.views import open_view_file, telling_newer
from projections.database import Database
from projections.names import Names

KNOWN_EVENTS = 4_000  # that are kept decoded between batches, most of them cited again and again
KNOWN_TEXTS = 20  # of sources

_WITH_REPORTS = ("statement", "reports")  # names under which the reports of a statement are found


class Desk:
    """The ledger as it stands at `size`, for deciding on batches; `close` lets go of the views."""

    def __init__(self, log: Log) -> None:
        self.views = open_view_file(log)
        self.size = self.views.size
        self.since: dict[str, list[int]] = {}  # names, with events that the view file does not have
        self.root: bytes | None = None  # of the log's first `size` events, once it is signed
        self.known = Known(self.size)
        if not self.take_in(log):
            self.views.begin_anew()
            self.size, self.since = self.views.size, {}
            self.known = Known(self.size)
            self._take(log.lines(self.size, log.size))

    @cached_property
    def erased(self) -> set[Name]:
        """The things that events name though the event that made them is erased."""
        return set(self.views.connection.execute("from forms.erased").fetchall())

    @cached_property
    def names(self) -> Names:
        """The names that the view file has."""
        return Names(self.views.connection)

    @cached_property
    def voids(self) -> dict[str, list[int]]:
        """The voids that the view file has, by the names of what they hide; they are few."""
        found: dict[str, list[int]] = {}
        rows = self.views.connection.execute("select target, position from facts.voids").fetchall()
        for target, position in rows:
            found.setdefault(f"void/{target}", []).append(position)
        return found

    def goes_on(self, log: Log) -> bool:
        """Whether this can be used for a log as it stands now, and does stand there then."""
        size = self.size
        if self.root is None or log.size < size or self.views.merge_is_due(log.size):
            return False
        head = log.checkpoint
        root = head.root if head.size == size else log.root_at(size)
        return root == self.root and self.take_in(log)

    def take_in(self, log: Log) -> bool:
        """Take in what the log has gained; False where something was erased. Raises Refused."""
        try:
            return log.size == self.size or self._take(log.lines(self.size, log.size))
        except NotAnEvent as error:
            self.caught_up(log)  # which says it better, as of a type newer than this code
            raise Damaged(f"The log has a line that is no event: {error}.") from error

    def _take(self, lines: Iterable[bytes]) -> bool:
        whole = True
        for line in lines:
            event = decode_event(line)
            whole = whole and not isinstance(event.data, RecordRedacted | Redacted)
            self.learn(event.subject, event.data, event.key)
        return whole

    def learn(self, subject: str, data: Value, key: str | None) -> None:
        """Take in the event at position `size`."""
        for name in names_of(data, key):
            self.since.setdefault(name, []).append(self.size)
        if self.known.size == self.size:  # else it is one that this batch was decided with
            self.known.learn(self.size, subject, data)
            self.known.size += 1
        self.size += 1

    def at_rest(self, log: Log) -> bool:
        """Leave off at the log's signed head; whether this can be taken up again from there."""
        head = log.checkpoint
        self.root = head.root if head.size == self.size else None
        if self.known.size != self.size:
            self.forget()
        if len(self.known.events) > KNOWN_EVENTS or len(self.known.texts) > KNOWN_TEXTS:
            self.forget()
        return self.root is not None

    def forget(self) -> None:
        """Know nothing until it is looked up again."""
        self.known = Known(self.size)

    def caught_up(self, log: Log) -> Database:
        """The views, with what they lacked of the log."""
        self.views.log = log
        before = self.views.connection
        with telling_newer():
            self.views.catch_up()
        if self.views.connection is not before:  # a view file of its own
            for kept in ("erased", "names", "voids"):
                self.__dict__.pop(kept, None)
        return self.views

    def close(self) -> None:
        """Let go of the view file."""
        self.views.close()


class DeskKeeper:
    """Keeps a desk for whoever appends again and again; it has none until one is asked for."""

    def __init__(self) -> None:
        self._desk: Desk | None = None
        self.log: Log | None = None  # as it was when the desk was last used

    def desk_for(self, log: Log) -> Desk:
        """The desk, at the log's size; only while the writer's lock is held."""
        desk, self._desk, self.log = self._desk, None, None  # whatever raises leaves none
        if desk is not None:
            with suppress(Damaged):
                if desk.goes_on(log):
                    return desk
            desk.close()
        return Desk(log)

    def keep(self, desk: Desk, log: Log) -> None:
        """Keep a desk for the next time, if the log was signed where it stands."""
        if self._desk is None and desk.at_rest(log):
            self._desk, self.log = desk, log
        else:
            desk.close()

    def close(self) -> None:
        """Let go of what is kept."""
        desk, self._desk, self.log = self._desk, None, None
        if desk is not None:
            desk.close()


class DeskLookup(Lookup):
    """Answers as `Lookup` does, from the names in the view file and those that came since."""

    def __init__(self, desk: Desk, log: Log) -> None:
        super().__init__(desk.views, log)
        self.desk = desk
        self.erased = desk.erased
        self._read: dict[int, Event] = {}
        self._found: dict[str, Sequence[int]] = {}  # names, with what the view file has of them

    def fill(self, known: Known, batch: Sequence[Given]) -> None:
        """Look up what a batch names and is not known yet; most of it in one query."""
        keys = {given.key for given in batch} - known.keys.keys()
        things = {name for given in batch for name in wanted(given.command)} - known.loaded
        self._find([*keys, *(f"{noun}/{name}" for noun, name in things)])
        super().fill(known, batch)

    def events_at(self, positions: Iterable[int]) -> dict[int, Event]:
        """Events read from the log, each once."""
        wanted = sorted(set(positions))
        self._read |= super().events_at(at for at in wanted if at not in self._read)
        return {position: self._read[position] for position in wanted}

    def positions_of(self, names: Iterable[Name]) -> set[int]:
        """The positions of all forms of some things."""
        return set(self.named([f"{noun}/{name}" for noun, name in names]))

    def named(self, names: Sequence[str]) -> dict[int, Event]:
        """The events that bear or make one of some names, by position."""
        self._find(names)
        positions: set[int] = set()
        for name in names:
            positions.update(self._found[name], self.desk.since.get(name, ()))
        events = self.events_at(positions)
        asked = set(names)
        return {
            position: event
            for position, event in events.items()
            if not asked.isdisjoint(names_of(event.data, event.key))
        }

    def _find(self, names: Iterable[str]) -> None:
        """Ask the view file for names that it was not asked for yet."""
        asked = [name for name in names if name not in self._found]
        voids = self.desk.voids
        self._found |= {name: voids.get(name, ()) for name in asked if name.startswith("void/")}
        rest = [name for name in asked if name not in self._found]
        found = self.desk.names.positions(rest)
        self._found |= {name: found.get(name, ()) for name in rest}

    def rows(self, query: str, **asked: Sequence[object]) -> list[tuple[Any, ...]]:
        """The rows of a query; of those that name things, without asking the views."""
        if query == "positions_of_keys":
            return self.positions_of_keys(asked["keys"])
        if query == "positions_of_voids":
            names = [f"void/{at}" for at in asked["targets"]]
            return [(position,) for position in self.named(names)]
        if query == "reports_of_statements":
            return self.reports_of_statements(asked["statements"])
        return super().rows(query, **asked)

    def positions_of_keys(self, keys: Sequence[object]) -> list[tuple[str, int]]:
        """Each key that an event bears, with its position."""
        events = self.named([str(key) for key in keys])
        return [(event.key, position) for position, event in events.items() if event.key]

    def reports_of_statements(self, statements: Sequence[object]) -> list[tuple[str]]:
        """The reports of some statements."""
        wanted = {str(each) for each in statements}
        events = self.named([f"{kind}/{each}" for each in wanted for kind in _WITH_REPORTS])
        forms = (form for event in events.values() for form in forms_of(event.data))
        return [
            (form.id,) for form in forms if form.noun == "report" and form.statement_id in wanted
        ]
