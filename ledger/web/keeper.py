"""Keeps a ledger's views open for a server: one pinned moment for now, and some for earlier.

Rules kept here:
- whatever was acknowledged before a request came is on its page: the log is looked at each time;
- an append is never waited for, and never made to wait: nothing here holds a lock of the ledger;
- a moment is let go of when newer ones push it out, never while somebody asks it.
"""

from collections import OrderedDict
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from ledger.documents import DocumentStore
from ledger.errors import Refused
from ledger.log import Log
from ledger.moments import size_at
from ledger.views import open_views
from projections.pinned import Pinned

if TYPE_CHECKING:
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
        self._database: Database = open_views(self.log)
        self._moments: OrderedDict[tuple[int, int], Moment] = OrderedDict()

    def now(self) -> Moment:
        """The ledger as it stands. Raises Damaged, Busy, Refused."""
        with self._lock:
            self._catch_up()
            return self._at(self._database.size)

    def at(self, wanted: int | date | datetime) -> Moment:
        """The ledger at a size, or at a time (UTC; a date means to its end); raises Refused."""
        with self._lock:
            self._catch_up()
            head = self._database.size
            size = wanted if isinstance(wanted, int) else size_at(self.log, wanted)
            if not 0 <= size <= head:
                raise Refused(
                    f"The ledger holds {head:,} events, not {size:,}.",
                    field="as_of",
                    way_out=f"Give a size from 0 to {head}, or a time.",
                )
            return self._at(size)

    def _at(self, size: int) -> Moment:
        key = (self._database.size, size)
        moment = self._moments.get(key)
        if moment is None:
            moment = Moment(Pinned(self._database, size), copy(self.log), self._store)
            self._moments[key] = moment
            while len(self._moments) > _EARLIER + 1:
                self._moments.popitem(last=False)
        self._moments.move_to_end(key)
        return moment

    def _catch_up(self) -> None:
        """Take in what came since; where the tail is long or content was erased, begin anew."""
        self.log.refresh()
        if self.log.size == self._database.size:
            return
        self._moments.clear()
        if self._database.merge_is_due(self.log.size):
            self._database = open_views(self.log)
        else:
            self._database.catch_up()
