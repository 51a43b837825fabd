"""Seals the segments that a stream fills, while it goes on with the next one.

Rules kept here:
- it goes on only while the stream holds the ledger for writing, and has ended when it is let go;
- what fails is left for the next time, as with every sealing that nobody asked for.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from ledger.beside import Beside
from ledger.errors import ClaimsError
from ledger.seal import seal_by_the_way

if TYPE_CHECKING:
    from concurrent.futures import Future

    from ledger.writer import Writer


class Sealing:
    """One thread at most, that seals now and then until `end`."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._first: int | None = None  # the segment to which the stream added first
        self._last: int | None = None  # the segment that was not full when it was looked at last
        self._beside = Beside()
        self._running: Future[int] | None = None

    def go_on(self, writer: "Writer") -> None:
        """Begin to seal what was filled since, unless something is being sealed."""
        last = writer.log.extent.end.segment
        if self._first is None:
            self._first = self._last = last
        if self._wanted and last != self._last and self.is_idle:
            self.end()
            writer.sign()  # only what a head covers is sealed
            self._last, log = last, writer.log
            self._running = self._beside.start(lambda: seal_by_the_way(log))

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being sealed."""
        return self._running is None or self._running.done()

    def end(self) -> None:
        """Wait for what was begun."""
        running, self._running = self._running, None
        if running is not None:
            fault = running.exception()
            if fault is not None and not isinstance(fault, ClaimsError):
                raise fault

    def finish(self, writer: "Writer") -> None:
        """Seal what is left, before the ledger is let go of for good."""
        self.end()
        self._last = self._first  # what a seal by the way left for want of time is looked at too
        with suppress(ClaimsError):
            self.go_on(writer)
            self.end()

    def close(self) -> None:
        """End the thread."""
        self._beside.close()
