"""The process that keeps the views open for queries, and forks a guest for each of them.

Rules kept here:
- it runs no word of a query itself: it opens views, takes in what the log gained, forks and waits;
- it has one thread whenever it forks, since a guest takes over no other;
- a guest is ended when its time has passed, and whatever it left in the room is thrown away;
- it ends when the server does: its standard input is then at its end.
"""

import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, NoReturn

import msgspec

from ledger.errors import ClaimsError
from ledger.log import Log
from ledger.views import open_views
from ledger.web.sql.faults import Failure
from ledger.web.sql.guest import OUT, Given, serve
from ledger.web.sql.limits import Limits
from ledger.web.sql.messages import Asked, Ended, receive, send
from projections.engine import engine

if TYPE_CHECKING:
    from projections.database import Database

_IN, _OUT = 0, 1


class Host:
    """The views of a ledger, as guests find them."""

    def __init__(self, folder: Path, room: Path, limits: Limits) -> None:
        self.room = room
        self.limits = limits
        self.log = Log.open(folder)
        self.views: Database = open_views(self.log)
        self.prepare()

    def prepare(self) -> None:
        """Leave the connection with no thread but this one, and load what guests cannot load."""
        connection = self.views.connection
        connection.execute("set threads = 1")
        connection.execute("set async_threads = 0")
        connection.execute("from test_all_types()").fetchall()

    def catch_up(self) -> None:
        """Take in what the log gained since; begin anew where that is quicker, or must be."""
        self.log.refresh()
        if self.log.size == self.views.size:
            return
        before = self.views.connection
        try:
            if self.views.merge_is_due(self.log.size):
                self.reopen()
            else:
                self.views.catch_up()
        except engine.Error:  # as where a segment was sealed in this moment
            self.reopen()
        if self.views.connection is not before:
            self.prepare()

    def reopen(self) -> None:
        """Open the views again."""
        self.views.close()
        self.views = open_views(self.log)

    def answer(self, asked: Asked) -> Ended:
        """Let a guest answer a query; raises ClaimsError where the views cannot be had."""
        self.clear()
        self.catch_up()
        began = time.monotonic()
        alive, end = os.pipe()
        guest = os.fork()
        if guest == 0:
            os.close(alive)
            self.be_guest(asked)
        os.close(end)
        try:
            timed_out = not self.ended(alive, asked)
        finally:
            os.close(alive)
            with suppress(ProcessLookupError):
                os.kill(guest, signal.SIGKILL)
            status = os.waitstatus_to_exitcode(os.waitpid(guest, 0)[1])
        return Ended(status, time.monotonic() - began, timed_out)

    def be_guest(self, asked: Asked) -> NoReturn:
        """Answer the query in this process, which is the guest's; what is not told is a status."""
        status = 1
        try:
            os.close(_IN)
            os.close(_OUT)
            serve(Given(self.views, self.room, self.limits), asked)
            status = 0
        finally:
            os._exit(status)  # which closes its end of the pipe, and nothing before may

    def ended(self, alive: int, asked: Asked) -> bool:
        """Wait until the guest let go of its pipe; False where its time passed, or the server's."""
        limits = self.limits
        seconds = limits.seconds if asked.form == "rows" else limits.file_seconds
        found = select.select([alive, _IN], [], [], seconds)[0]
        return alive in found

    def clear(self) -> None:
        """Empty the room of what the guest before left: an answer, and what memory did not hold."""
        for left in self.room.iterdir():
            if left.is_dir() and not left.is_symlink():
                rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
        (self.room / OUT).mkdir()


def answered(host: Host, asked: Asked) -> Ended:
    """What became of a query; whatever goes wrong in the host is told, and ends nothing."""
    try:
        return host.answer(asked)
    except ClaimsError as error:
        return Ended(failure=Failure.of(error))


def main() -> None:
    """Open the views, say so, then answer until the server is gone."""
    folder, room, limits = sys.argv[-3:]
    place = Path(room)
    try:
        host = Host(Path(folder), place, msgspec.json.decode(limits, type=Limits))
    except ClaimsError as error:
        send(_OUT, Ended(failure=Failure.of(error)))
        return
    send(_OUT, Ended())
    try:
        while True:
            send(_OUT, answered(host, receive(_IN, Asked)))
    except (EOFError, BrokenPipeError):
        rmtree(place, ignore_errors=True)
