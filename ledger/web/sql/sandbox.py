"""Answers queries of strangers, a few at a time.

Rules kept here:
- a query runs in a process of its own; it can end that, and nothing else;
- at most `at_once` run, in the order in which they came; whoever waits longer than `wait_seconds`
  for a place is told so;
- a host that ended is replaced by the next query, and nobody hears of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Self, TypeVar
from weakref import finalize

from ledger.errors import Busy, ClaimsError, Refused
from ledger.web.sql.limits import LIMITS, Limits
from ledger.web.sql.messages import Answer, Asked, Download, Form
from ledger.web.sql.turns import Turns
from ledger.web.sql.worker import Worker

Moment = int | date | datetime | None

T = TypeVar("T")


class Sandbox:
    """The processes in which queries on a ledger are answered. For any number of threads."""

    def __init__(self, folder: Path, limits: Limits = LIMITS) -> None:
        self.folder = folder.resolve()
        self.limits = limits
        self._turns = Turns(limits.at_once)
        self._lock = Lock()
        self._idle: list[Worker] = []
        self._closed = False
        finalize(self, end_all, self._idle)  # a process would outlive a sandbox nobody closed

    @property
    def is_ready(self) -> bool:
        """Whether a process waits for a query."""
        return bool(self._idle)

    def start(self) -> None:
        """Let a process wait ready, so that the first query does not; raises nothing."""
        with suppress(ClaimsError), self.place() as worker:
            worker.open()

    def ask(self, sql: str, moment: Moment = None) -> Answer:
        """The rows of a query at a moment: a size, a time in UTC, or now.

        Raises Refused (a wrong query, one that would write or look elsewhere), its kinds
        TakesTooLong and TakesTooMuch, Busy where others keep all places, Damaged.
        """
        return self.answered(asked_of(sql, moment, "rows", self.limits), Worker.rows)

    def download(self, sql: str, moment: Moment, form: Form) -> Download:
        """The whole result of a query as a file; raises like `ask`."""
        return self.answered(asked_of(sql, moment, form, self.limits), Worker.download)

    def answered(self, asked: Asked, answer: Callable[[Worker, Asked], T]) -> T:
        """Let an idle process answer."""
        with self.place() as worker:
            return answer(worker, asked)

    @contextmanager
    def place(self) -> Iterator[Worker]:
        """A process that nobody else asks meanwhile; raises Busy."""
        if not self._turns.take(self.limits.wait_seconds):
            raise Busy(
                f"{self.limits.at_once} other queries are running; none ended within"
                f" {self.limits.wait_seconds:g} seconds.",
                way_out="Ask again in a moment.",
            )
        try:
            worker = self.taken()
            try:
                yield worker
            finally:
                self.give_back(worker)
        finally:
            self._turns.give_back()

    def taken(self) -> Worker:
        """The idle process that was used last, or a new one; raises Busy once this is closed."""
        with self._lock:
            if self._closed:
                raise Busy("The server is being stopped.", way_out="Ask again when it runs.")
            while self._idle:
                worker = self._idle.pop()
                if worker.is_alive:
                    return worker
                worker.end()
        return Worker(self.folder, self.limits)

    def give_back(self, worker: Worker) -> None:
        """Keep a process for the next query; one that ended is thrown away."""
        with self._lock:
            if worker.opened and worker.is_alive and not self._closed:
                self._idle.append(worker)
                return
        worker.end()

    def close(self) -> None:
        """End every idle process; those that answer end with their answer."""
        with self._lock:
            self._closed = True
            end_all(self._idle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def end_all(idle: list[Worker]) -> None:
    """End processes that wait."""
    while idle:
        idle.pop().end()


def asked_of(sql: str, moment: Moment, form: Form, limits: Limits) -> Asked:
    """What is sent for a query; raises Refused for a text that is none."""
    size = len(sql.encode(errors="replace"))
    if size > limits.text_size:
        raise Refused(
            f"The query has {size:,} bytes; at most {limits.text_size:,} are read.",
            field="SQL",
            way_out="Ask for less at once, or use `claims query`.",
        )
    if "\0" in sql:
        raise Refused("The query holds a NUL character.", field="SQL", way_out="Take it out.")
    if not sql.strip():
        raise Refused("There is nothing to ask.", field="SQL", way_out="Ask: from statements")
    when = moment.isoformat() if isinstance(moment, date) else moment
    return Asked(sql.encode(errors="replace").decode(), when, form)
