"""What whoever appends keeps at hand from one batch to the next: the views, and what came since.

Rules kept here:
- what is decided by it is recorded only while the writer's lock is held, once it was brought up to
  the log's size; before, it may be asked what would be;
- it goes on only where the log does: its root at the size that was left is asked for again;
- a redaction among what came since, and so much that the view file is due, begin it anew;
- nothing here knows commands, whose models take long to import: see `ledger/desk_lookup.py`.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property

from events.codec import NotAnEvent, decode_event
from events.record import Event
from events.values import Value
from events.vocabulary import (
    RecordRedacted,
    RecordVoided,
    Redacted,
    ReportAdded,
    ReportRevised,
    SourceRevised,
    SpeakerRegistered,
    SpeakerRevised,
    SpeakersJudged,
    StatementRecorded,
    StatementRevised,
)
from ledger.bulk.standing import names_of
from ledger.errors import Damaged
from ledger.known import Known, Name
from ledger.log import Log
from ledger.names_ahead import NamesAhead
from ledger.views import open_view_file, telling_newer
from projections.database import Database

KNOWN_EVENTS = 4_000  # that are kept decoded between batches, most of them cited again and again
KNOWN_TEXTS = 20  # of sources

_NOT_YET = -1
_VOID = "void/"  # begins the name of what a void hides: the position of an event
_READ_ALL_VOIDS = 4

# What is compared with a statement that is about to be recorded.
_COMPARED = (
    StatementRecorded, StatementRevised, ReportAdded, ReportRevised, SpeakerRegistered,
    SpeakerRevised, SpeakersJudged,
)  # fmt: skip


class Desk:
    """The ledger as it stands at `size`, for deciding on batches; `close` lets go of the views."""

    def __init__(self, log: Log) -> None:
        self.views = open_view_file(log)
        self.size = self.views.size
        self.since: dict[str, list[int]] = {}  # names, with events that the view file does not have
        self.compared: list[tuple[int, Value]] = []  # of these, what near matches are found among
        self.plain: set[str] = set()  # things that stand and that nothing befell (`ledger/sure.py`)
        self.root: bytes | None = None  # of the log's first `size` events, once it is signed
        self.known = Known(_NOT_YET)  # what came before anything was looked up need not be known
        if not self.take_in(log):
            self.views.begin_anew()
            self.size, self.since, self.compared = self.views.size, {}, []
            self._take(log.lines(self.size, log.size))
        self.forget()

    _asked_voids = 0

    @cached_property
    def erased(self) -> set[Name]:
        """The things that events name though the event that made them is erased."""
        return set(self.views.connection.execute("from forms.erased").fetchall())

    @cached_property
    def names(self) -> NamesAhead:
        """The names that the view file has."""
        return NamesAhead(self.views)

    @cached_property
    def voids(self) -> dict[str, list[int]]:
        """The voids that the view file has, by the names of what they hide."""
        found: dict[str, list[int]] = {}
        rows = self.views.connection.execute("select target, position from facts.voids").fetchall()
        for target, position in rows:
            found.setdefault(f"void/{target}", []).append(position)
        return found

    def voids_of(self, names: Sequence[str]) -> list[Sequence[int]]:
        """For each name of what a void may hide the voids of it that the view file has.

        They are few, so that all are read once it was asked for some a few times.
        """
        if "voids" not in self.__dict__ and self._asked_voids < _READ_ALL_VOIDS:
            self._asked_voids += bool(names)
            targets = [int(name.removeprefix(_VOID)) for name in names]
            sql = "select target, position from facts.voids where target = any($targets)"
            asked = {"targets": targets}
            rows = self.views.connection.execute(sql, asked).fetchall() if targets else []
            return [[at for hidden, at in rows if hidden == target] for target in targets]
        return [self.voids.get(name, ()) for name in names]

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
        if isinstance(data, _COMPARED):
            self.compared.append((self.size, data))
        if isinstance(data, RecordVoided | SourceRevised):
            self.plain.clear()
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
            self._drop_names()
            for kept in ("erased", "voids"):
                self.__dict__.pop(kept, None)
            self.plain.clear()
        return self.views

    def lacking(self) -> list[tuple[int, Value]]:
        """Of the events that near matches are found among, those that the view file has not."""
        return [(at, data) for at, data in self.compared if at >= self.views.built.size]

    def _drop_names(self) -> None:
        if names := self.__dict__.pop("names", None):
            names.close()

    def close(self) -> None:
        """Let go of the view file."""
        self._drop_names()
        self.views.close()


class DeskKeeper:
    """Keeps a desk for whoever appends again and again; it has none until one is asked for."""

    def __init__(self) -> None:
        self._desk: Desk | None = None
        self.log: Log | None = None  # as it was when the desk was last used

    @property
    def kept(self) -> Desk | None:
        """What is kept, as it was left."""
        return self._desk

    def look(self, log: Log) -> Desk | None:
        """The desk as the log was seen last, to ask what would be; None where none can be kept."""
        self.keep(self.desk_for(log), log)
        return self._desk

    def desk_for(self, log: Log) -> Desk:
        """The desk, at the log's size, to decide by while the writer's lock is held."""
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


class Finder:
    """Finds events by what they bear or make: in the view file, and in what came since."""

    def __init__(self, desk: Desk, log: Log) -> None:
        self.desk = desk
        self.log = log
        self._read: dict[int, Event] = {}
        self._found: dict[str, Sequence[int]] = {}  # names, with what the view file has of them

    def find(self, names: Iterable[str]) -> None:
        """Ask the view file for names that it was not asked for yet."""
        asked = [name for name in names if name not in self._found]
        voids = [name for name in asked if name.startswith(_VOID)]
        for name, hidden in zip(voids, self.desk.voids_of(voids), strict=True):
            self._found[name] = hidden
        rest = [name for name in asked if name not in self._found]
        found = self.desk.names.positions(rest)
        self._found |= {name: found.get(name, ()) for name in rest}

    def positions(self, name: str) -> list[int]:
        """The events that may bear or make a name; what is found may bear another one."""
        self.find([name])
        return [*self._found[name], *self.desk.since.get(name, ())]

    def named(self, names: Sequence[str]) -> dict[int, Event]:
        """The events that bear or make one of some names, by position."""
        self.find(names)
        events = self.events_at({at for name in names for at in self.positions(name)})
        asked = set(names)
        return {
            position: event
            for position, event in events.items()
            if not asked.isdisjoint(names_of(event.data, event.key))
        }

    def events_at(self, positions: Iterable[int]) -> dict[int, Event]:
        """Events read from the log, each once."""
        wanted = sorted(set(positions))
        lines = self.log.lines_at(at for at in wanted if at not in self._read)
        self._read |= {position: decode_event(line) for position, line in lines.items()}
        return {position: self._read[position] for position in wanted}
