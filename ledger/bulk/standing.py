"""Which names stand already: those that the views know, and those that this stream made since.

Rules kept here:
- the views stay as they were when they were opened; what came since is held beside them, by name,
  and once that is much, in the same DuckDB by a salted hash of 16 bytes for each name;
- whatever is asked of DuckDB reads through all names that stand, few or many: so it is asked once
  for a whole chunk, and not of names that are surely new;
- a name whose hash is that of another would be taken for standing; with 128 bits and a salt that
  nobody knows, that does not happen: in a stream of 10⁷ events the chance is below 1 in 10²³.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import compress
from secrets import token_hex
from typing import TYPE_CHECKING

from events.things import forms_of
from events.values import Value
from events.vocabulary import (
    RecordVoided,
    ReportAdded,
    ReportRevised,
    SourceCaptured,
    SourceRevised,
)
from ledger.bulk.seen import Seen
from ledger.workers import cores
from projections import catalog

if TYPE_CHECKING:
    from projections.database import Database

MOST_NAMES = 4_000_000  # that are held by name, at about 130 bytes each
NOTED_AT_ONCE = 200_000
NAMES_AN_EVENT = 3  # about, that a view file holds
_NOWHERE = -1


class Standing:
    """The names that stand, at the size that is appended to."""

    def __init__(self, views: "Database") -> None:
        self.views = views
        self.size = views.size
        self.where = no_names()  # names that are known to stand, and where they were made
        self.settled = views.size  # how many events can be read from the log
        self.noted = 0
        self._seen = Seen()  # names that are noted
        self._asked: set[str] = set()  # of which it was asked where they are noted, and the answers
        self._answers: dict[str, list[int]] = {}
        self._noted_to = views.size  # what was made from here on is known here alone
        self._later: dict[str, list[int]] = {}  # of that, events that do more than make names
        self._salt = token_hex(8)
        self._connection = views.connection
        self._connection.execute(
            "create or replace table memory.main.noted (digest uhugeint, position bigint)"
        )
        found = self._connection.execute(catalog.query("names_odd")).fetchall()
        self.odd = {name for (name,) in found}  # things that are decided on one by one
        # Things that events name though the event that made them is erased.
        self.erased = set(self._connection.execute("from forms.erased").fetchall())

    @property
    def views_know(self) -> bool:
        """Whether the views know any name: the first event of a ledger bears none."""
        return self.views.size > 1

    @property
    def is_whole(self) -> bool:
        """Whether all names that stand are in `where`."""
        return not self.views_know and not self.noted

    @property
    def beyond(self) -> int:
        """How many names, about, are read through whenever some are looked up."""
        return self.noted + NAMES_AN_EVENT * self.views.size if self.views_know else self.noted

    def look_up(self, names: Iterable[str], of_slow: Iterable[str] = ()) -> None:
        """Take those of some names that stand into `where`.

        `of_slow` are names for which `noted_positions` is going to be asked, and is ready then.
        """
        if self.is_whole:
            return
        likely = names if self.views_know else self._seen.among(names)
        wanted = {name for name in likely if name not in self.where}
        found: dict[str, int] = {}
        if self.noted:
            self._asked, self._answers = set(of_slow), {}
            for name, position in self._ask(wanted | self._asked):
                if name in wanted and position < found.get(name, position + 1):
                    found[name] = position
        if self.views_know and wanted:
            asked = {"names": "\n".join(wanted)}
            rows = self._connection.execute(catalog.query("names_standing"), asked).fetchall()
            found |= dict(rows)  # the views know of each thing only where it was made
        self.where |= found

    def noted_positions(self, names: Iterable[str]) -> dict[str, list[int]]:
        """Every event since the views were opened that bears or makes one of the names."""
        wanted = list(names)
        if self.noted and not self._asked.issuperset(wanted):
            fresh = set(wanted) - self._asked
            self._asked |= fresh
            self._ask(fresh)
        found = {name: list(self._answers[name]) for name in wanted if name in self._answers}
        for name in wanted:
            since = [*self._later.get(name, ()), self.where.get(name, 0)]
            positions = [at for at in since if self._noted_to <= at < self.settled]
            if positions:
                found.setdefault(name, []).extend(positions)
        return found

    def learn(self, names: Iterable[str], position: int) -> None:
        """Know an event that bears or makes some names, and was not made the quick way."""
        for name in names:
            self.where.setdefault(name, position)
            self._later.setdefault(name, []).append(position)

    def make_room(self) -> None:
        """Note the names that are held, where they are many; all of their events are in the log."""
        if len(self.where) < MOST_NAMES:
            return
        is_new = self._noted_to.__le__
        positions = list(filter(is_new, self.where.values()))
        names = list(compress(self.where, map(is_new, self.where.values())))
        for name, further in self._later.items():
            others = [at for at in further if at != self.where.get(name)]
            names += [name] * len(others)
            positions += others
        starts = range(0, len(names), NOTED_AT_ONCE)
        with ThreadPoolExecutor(cores(), "noting") as threads:  # DuckDB splits a text in one thread
            for _ in threads.map(lambda start: self._note(names, positions, start), starts):
                pass
        self._seen.add(names)
        self.noted += len(names)
        self.where = no_names()
        self._later.clear()
        self._asked.clear()
        self._answers.clear()
        self._noted_to = self.settled

    def _note(self, names: list[str], positions: list[int], start: int) -> None:
        some = slice(start, start + NOTED_AT_ONCE)
        asked = {
            "names": "\n".join(names[some]), "positions": positions[some], "salt": self._salt,
        }  # fmt: skip
        with self._connection.cursor() as cursor:
            cursor.execute(catalog.query("note_names"), asked)

    def _ask(self, names: Iterable[str]) -> list[tuple[str, int]]:
        """Where some names are noted; the answers for those in `_asked` are kept."""
        likely = self._seen.among(names)
        if not likely:
            return []
        asked = {"names": "\n".join(likely), "salt": self._salt}
        rows = self._connection.execute(catalog.query("names_noted"), asked).fetchall()
        for name, position in rows:
            if name in self._asked:
                self._answers.setdefault(name, []).append(position)
        return rows


class _Unlike(str):
    """A text that is of another type than names, and is none."""

    __slots__ = ()


def no_names() -> dict[str, int]:
    """A dictionary of names in which nothing is looked up that is not there.

    CPython keeps no hashes in a dictionary that has only plain texts, and reads a name, somewhere
    in memory, to tell it from another one. With one key of another type it keeps them: among
    millions, new names are put in in three quarters of the time.
    """
    return {_Unlike(" "): _NOWHERE}


def names_of(data: Value, key: str | None) -> list[str]:
    """The names under which an event is found again."""
    names = [form.subject for form in forms_of(data)]
    if key:
        names.append(key)
    if isinstance(data, RecordVoided):
        names.append(f"void/{data.position}")
    if isinstance(data, ReportAdded | ReportRevised):
        names.append(f"reports/{data.statement_id}")
    return names


def odd_names(data: Value, hidden: Value | None) -> set[str]:
    """The things that an event makes odd; `hidden` is the data of the event that a void hides."""
    if isinstance(data, SourceRevised) or (isinstance(data, SourceCaptured) and data.captured):
        return {f"source/{data.source_id}"}
    if isinstance(data, RecordVoided) and hidden is not None:
        return {form.subject for form in forms_of(hidden)}
    return set()
