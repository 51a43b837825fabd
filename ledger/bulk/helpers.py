"""Other processes that take lines the quick path, so that all cores work.

They are programs of their own with pipes to and from them, as in ledger/workers.py: nothing of this
process is copied into them, and they end when their pipes close, however this process ends.

Rules kept here:
- a block comes back as it would have been read here; where a process cannot be started or fails,
  it is read here.
"""

import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import IO, Self

from events.vocabulary import Agent
from ledger.bulk.quick import Quick
from ledger.bulk.reading import Read, read_block
from ledger.workers import cores

AHEAD = 12  # blocks for each process, which works while this one appends
BLOCK_BYTES = 1 << 20
_LENGTH_BYTES = 8
_PROGRAM = "import sys; sys.path[:] = sys.argv[3:]; from ledger.bulk.helpers import serve; serve()"


class Helpers:
    """Reads blocks, here or in other processes once `start` was called; a context manager."""

    def __init__(self, actor: str, agent: Agent) -> None:
        self.quick = Quick(actor, agent)
        self.ahead = 1  # how many blocks are worth having on the way
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        self._started: list[subprocess.Popen[bytes]] = []
        self._threads: ThreadPoolExecutor | None = None

    def start(self) -> None:
        """Start a process for each core; on a single core there is nothing to be gained."""
        count = cores()
        if self._threads or count == 1 or not sys.executable:
            return
        for _ in range(count):
            with suppress(OSError):
                self._started.append(_start(self.quick))
        if self._started:
            self.ahead = AHEAD * len(self._started)
            self._threads = ThreadPoolExecutor(len(self._started), "bulk")
            for child in self._started:
                self._idle.put(child)

    def ask(self, block: bytes) -> "Future[bytearray | None] | None":
        """Begin to read a block; None where it is to be read here."""
        return self._threads.submit(self._ask, block) if self._threads else None

    def read(self, block: bytes, asked: "Future[bytearray | None] | None") -> Read:
        """What became of a block."""
        message = asked.result() if asked else None
        return Read(read_block(self.quick, block) if message is None else message)

    def _ask(self, block: bytes) -> bytearray | None:
        child = self._idle.get()
        try:
            _write(child.stdin, block)
            return _read(child.stdout)
        except (OSError, ValueError):
            return None
        finally:
            self._idle.put(child)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._started:
            child.kill()
        if self._threads:
            self._threads.shutdown(wait=True, cancel_futures=True)
        for child in self._started:
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    with suppress(OSError):
                        pipe.close()
            child.wait()


def _start(quick: Quick) -> "subprocess.Popen[bytes]":
    child = subprocess.Popen(  # noqa: S603  our own interpreter, with a fixed program
        [
            sys.executable, "-c", _PROGRAM, quick.actor, quick.agent,
            *(path or os.curdir for path in sys.path),
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
        start_new_session=True,  # what interrupts this process is not for them to answer
    )  # fmt: skip
    for pipe in (child.stdin, child.stdout):
        _widen(pipe)
    return child


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a pipe hold a whole block, where the system can (Linux): fewer changes of turn."""
    if pipe is not None and sys.platform == "linux":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, BLOCK_BYTES)


# ── the other end ────────────────────────────────────────────────────────────────────────────


def serve() -> None:
    """Read blocks as they come, until none comes any more."""
    import gc

    gc.disable()  # nothing here makes cycles
    actor, agent = sys.argv[1:3]
    quick = Quick(actor, agent)  # type: ignore[arg-type]  # it was an agent where it comes from
    source, target = (
        os.fdopen(pipe.fileno(), mode, buffering=0)
        for pipe, mode in ((sys.stdin, "rb"), (sys.stdout, "wb"))
    )
    with suppress(BrokenPipeError):
        while (block := _read(source)) is not None:
            _write(target, read_block(quick, bytes(block)))


def _write(pipe: IO[bytes] | None, data: bytes) -> None:
    assert pipe is not None, "the process was started with pipes"
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "big"))
    rest = memoryview(data)
    while rest:
        rest = rest[pipe.write(rest) :]


def _read(pipe: IO[bytes] | None) -> bytearray | None:
    """The next message; None where the other end is gone. No byte of it is copied twice."""
    assert pipe is not None, "the process was started with pipes"
    head = pipe.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        return None
    message = bytearray(int.from_bytes(head, "big"))
    rest = memoryview(message)
    while rest:
        count = pipe.readinto(rest)  # type: ignore[attr-defined]  # a raw file has it
        if not count:
            return None
        rest = rest[count:]
    return message
