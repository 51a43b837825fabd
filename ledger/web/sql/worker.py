"""A host as the server sees it: started, asked, and ended, with a room for what it leaves."""

import os
import selectors
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import IO

import msgspec

from ledger.errors import Busy, ClaimsError
from ledger.web.sql.faults import Failure, too_long, too_much
from ledger.web.sql.guest import ANSWER, BODY, OUT
from ledger.web.sql.limits import Limits
from ledger.web.sql.messages import Answer, Answered, Asked, Download, Ended, receive, send

_PROGRAM = "import sys; sys.path[:] = sys.argv[1:-3]; from ledger.web.sql.host import main; main()"
_GRACE = 5  # seconds beyond which a host that should have answered is given up
_TOO_LONG = frozenset({-signal.SIGXCPU} if hasattr(signal, "SIGXCPU") else ())
# What a process of ours needs to know of the world. Keys, tokens and proxies are none of it.
_KNOWN = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "XDG_CACHE_HOME", "PYTHONDONTWRITEBYTECODE")


class Worker:
    """A host and its room. Not for several threads at once."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.limits = limits
        self.room = Path(mkdtemp(prefix="claims-sql-"))
        self.opened = False
        self.process = subprocess.Popen(  # noqa: S603  our own program, by this very interpreter
            [
                sys.executable, "-c", _PROGRAM, *map(os.path.abspath, filter(None, sys.path)),
                str(folder), str(self.room), msgspec.json.encode(limits).decode(),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.room,
            env=self.surroundings(),
            start_new_session=True,  # Ctrl-C is the server's to take
        )  # fmt: skip

    def surroundings(self) -> dict[str, str]:
        """The environment of the host: little, and its room for everything that it writes."""
        kept = {name: os.environ[name] for name in _KNOWN if name in os.environ}
        return kept | {"PYTHONUTF8": "1", "HOME": str(self.room), "TMPDIR": str(self.room)}

    @property
    def is_alive(self) -> bool:
        """Whether it can still be asked."""
        return self.process.poll() is None

    def open(self) -> None:
        """Wait until the views are open; raises what kept them shut."""
        if not self.opened:
            self.heard(self.limits.start_seconds)
            self.opened = True

    def ask(self, asked: Asked) -> tuple[Answered, float]:
        """The answer to a query and the seconds that it took; raises Refused, Busy, Damaged."""
        self.open()
        limits = self.limits
        seconds = limits.seconds if asked.form == "rows" else limits.file_seconds
        with suppress(BrokenPipeError):
            send(self.pipe(self.process.stdin), asked)
        ended = self.heard(limits.start_seconds + seconds + _GRACE)
        if ended.timed_out or ended.status in _TOO_LONG:
            raise too_long(seconds)
        if ended.status < 0:  # DuckDB gives up like this where memory ends in an awkward place
            raise too_much(limits.memory)
        try:
            answered = msgspec.msgpack.decode((self.room / ANSWER).read_bytes(), type=Answered)
        except (OSError, msgspec.DecodeError) as error:
            raise too_much(limits.memory) from error
        if answered.failure:
            raise answered.failure.error()
        return answered, ended.seconds

    def rows(self, asked: Asked) -> Answer:
        """The rows of a query for a page; raises like `ask`."""
        answered, seconds = self.ask(asked)
        rows = [msgspec.msgpack.decode(row) for row in answered.rows]
        return Answer(
            answered.columns, answered.types, rows, answered.truncated, seconds, answered.size
        )

    def download(self, asked: Asked) -> Download:
        """The rows of a query as a file; raises like `ask`."""
        answered, seconds = self.ask(asked)
        path = self.room / OUT / BODY
        file = path.open("rb")
        length = os.fstat(file.fileno()).st_size
        path.unlink()  # whoever reads it keeps it until it is closed
        return Download(file, length, seconds, answered.size)

    def heard(self, seconds: float) -> Ended:
        """What the host says within a time; ends it where it says nothing. Raises ClaimsError."""
        pipe = self.pipe(self.process.stdout)
        try:
            self.wait(pipe, seconds)
            ended = receive(pipe, Ended)
        except (EOFError, TimeoutError, msgspec.DecodeError) as error:
            self.end()
            raise gone() from error
        if ended.failure:
            raise ended.failure.error()
        return ended

    @staticmethod
    def wait(pipe: int, seconds: float) -> None:
        """Wait until there is something to read; raises TimeoutError."""
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            if not selector.select(seconds):
                raise TimeoutError

    @staticmethod
    def pipe(stream: IO[bytes] | None) -> int:
        """The descriptor of one of the host's streams, past Python's buffers."""
        assert stream is not None, "both are pipes"
        return stream.fileno()

    def end(self) -> None:
        """End the host and its guest, and throw the room away."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()
        rmtree(self.room, ignore_errors=True)


def gone() -> ClaimsError:
    """The error of a host that is there no longer, or says nothing."""
    return Failure(
        Busy.__name__, "The process that answers queries came to an end.", "Ask again."
    ).error()
