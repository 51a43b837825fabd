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
    """One thread at most, from `begin` until `end`."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._first: int | None = None  # the segment to which the stream added first
        self._beside = Beside()
        self._running: Future[int] | None = None

    def begin(self, writer: "Writer") -> None:
        """Begin to seal what earlier turns filled, and a head covers since."""
        log = writer.log
        if self._first is None:
            self._first = log.extent.end.segment
        if self._wanted and log.extent.end.segment != self._first:
            self._running = self._beside.start(lambda: seal_by_the_way(log))

    def end(self) -> None:
        """Wait for what was begun."""
        running, self._running = self._running, None
        if running is not None:
            fault = running.exception()
            if fault is not None and not isinstance(fault, ClaimsError):
                raise fault

    def finish(self, writer: "Writer") -> None:
        """Seal what is left, before the ledger is let go of for good."""
        with suppress(ClaimsError):
            writer.sign()
            self.begin(writer)
            self.end()

    def close(self) -> None:
        """End the thread."""
        self._beside.close()
