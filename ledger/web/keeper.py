"""Keeps a ledger's views open for a server: one pinned moment for now, and some for earlier.

Rules kept here:
- whatever was acknowledged before a request came is on its page: the log is looked at each time;
- an append is never waited for, and never made to wait: nothing here holds a lock of the ledger;
- a moment is let go of when newer ones push it out, never while somebody asks it;
- a log that does not go on from what was seen of it (restored, taken back) is read anew, and so is
  one of which something could not be read: a fault lasts as long as its cause.
"""

from collections import OrderedDict
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from events.codec import NotAnEvent
from ledger.documents import DocumentStore
from ledger.erase import MARKER
from ledger.errors import Busy, Damaged, Refused
from ledger.log import Log
from ledger.moments import size_at
from ledger.views import open_views, telling_newer
from projections.engine import engine
from projections.pinned import Pinned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.database import Database

_EARLIER = 6  # moments that are kept besides now
_TICKS = 48  # places along the time line


@dataclass(frozen=True)
class Moment:
    """A ledger as it stood at a size, with all that a page may ask of it."""

    views: Pinned
    log: Log  # as it was looked at then; it is not refreshed
    store: DocumentStore

    @property
    def size(self) -> int:
        """How many events there were."""
        return self.views.size

    @property
    def head(self) -> int:
        """How many events there are."""
        return self.log.size

    @property
    def mark(self) -> tuple[int, bytes]:
        """What tells whether an answer that was made before still holds."""
        return self.log.size, self.log.extent.note

    @property
    def is_now(self) -> bool:
        """Whether it is the newest."""
        return self.size == self.head

    @property
    def title(self) -> str:
        """What the ledger is called."""
        return self.log.title or self.log.origin

    @cached_property
    def recorded_at(self) -> datetime | None:
        """When its last event was recorded; None of a moment before all events."""
        last = self.size - 1
        found = self.views.sql("select recorded_at from seen.events where position = $at", at=last)
        return found[0]["recorded_at"] if found else None

    @cached_property
    def ticks(self) -> list[tuple[int, str]]:
        """Sizes along the whole time line, each with the time at which the ledger had it."""
        step = max(self.head // _TICKS, 1)
        rows = self.views.named("page_ticks", step=step, head=self.head)
        return [(row["size"], f"{row['recorded_at']:%Y-%m-%d %H:%M:%S}") for row in rows]


class Keeper:
    """Opens a ledger's views once and gives the moments that requests ask for."""

    def __init__(self, folder: Path) -> None:
        """Raises UsageFault where there is no ledger, Damaged, Refused."""
        self.log = Log.open(folder)
        self._store = DocumentStore(folder)
        self._lock = RLock()
        self._moments: OrderedDict[tuple[int, int], Moment] = OrderedDict()
        self._opened: Database | None = open_views(self.log)
        self._seen = self.log.extent

    @property
    def is_erasing(self) -> bool:
        """Whether a redaction is on its way: what it names may be on disk still."""
        return (self.log.folder / MARKER).exists()

    def now(self) -> Moment:
        """The ledger as it stands. Raises Damaged, Busy, Refused."""
        with self._lock:
            database = self._caught_up()
            return self._at(database, database.size)

    def at(self, wanted: int | date | datetime) -> Moment:
        """The ledger at a size, or at a time (UTC; a date means to its end); raises Refused."""
        with self._lock:
            database = self._caught_up()
            head = database.size
            size = wanted if isinstance(wanted, int) else size_at(self.log, wanted)
            if not 0 <= size <= head:
                raise Refused(
                    f"The ledger holds {head:,} events, not {size:,}.",
                    field="as_of",
                    way_out=f"Give a size from 0 to {head}, or a time.",
                )
            return self._at(database, size)

    @contextmanager
    def asking(self) -> "Iterator[None]":
        """A context in which what damage makes of the views and the log is told as such.

        Views that cannot be read, as when their file was written over, are opened anew.
        """
        try:
            yield
        except NotAnEvent as error:
            raise Damaged(
                f"A line of the log is no event: {error}.",
                way_out="Nothing was touched. `claims verify` lists what is wrong.",
            ) from error
        except (engine.IOException, engine.FatalException) as error:
            with self._lock:
                self._let_go()
            raise Busy(
                "The views could not be read; they are opened anew.", way_out="Ask again."
            ) from error

    def _at(self, database: "Database", size: int) -> Moment:
        key = (database.size, size)
        moment = self._moments.get(key)
        if moment is None:
            moment = Moment(Pinned(database, size), copy(self.log), self._store)
        elif moment.log.extent != self.log.extent:  # signed since, or sealed
            moment = replace(moment, log=copy(self.log))
        self._moments[key] = moment
        while len(self._moments) > _EARLIER + 1:
            self._moments.popitem(last=False)
        self._moments.move_to_end(key)
        return moment

    def _caught_up(self) -> "Database":
        """The views with what came since; begun anew where that is due, or content was erased."""
        self.log.refresh()
        if not self._goes_on():
            self._let_go()
        if self._opened is None:
            self._opened = open_views(self.log)
        elif self.log.size != self._opened.size:
            self._opened = self._taken_in(self._opened)
        self._seen = self.log.extent
        return self._opened

    def _goes_on(self) -> bool:
        """Whether the log goes on from what was seen of it; raises Damaged."""
        seen, log = self._seen, self.log
        if self._opened is None or log.extent.note == seen.note:
            return log.size >= seen.size
        known = seen.checkpoint
        return (
            log.size >= seen.size
            and log.signed_size >= known.size
            and log.root_at(known.size) == known.root
        )

    def _taken_in(self, database: "Database") -> "Database":
        self._moments.clear()
        try:
            if database.merge_is_due(self.log.size):
                return open_views(self.log)
            with telling_newer():
                database.catch_up()
        except BaseException:  # half of it may have been taken in
            self._let_go()
            raise
        return database

    def _let_go(self) -> None:
        self._opened = None
        self._moments.clear()
