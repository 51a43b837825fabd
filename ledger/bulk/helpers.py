"""Other processes that take lines the quick path, so that all cores work.

They are programs of their own with pipes to and from them, as in ledger/workers.py: nothing of this
process is copied into them, and they end when their pipes close, however this process ends.

Each has a thread that sends it blocks and one that takes what comes back, so that it finds the next
block in its pipe when it has done one: a thread of a busy process may have to wait for its turn.

Rules kept here:
- a block comes back as it would have been read here; where a process cannot be started or fails,
  it is read here.
"""

import os
import subprocess
import sys
from concurrent.futures import Future
from contextlib import suppress
from queue import Queue, SimpleQueue
from threading import Thread
from typing import IO, Self

from events.vocabulary import Agent
from ledger.bulk.quick import Quick
from ledger.bulk.reading import Read, read_block
from ledger.workers import KEEP_MEMORY, cores

AHEAD = 96  # blocks for each process, which works while this one appends
BLOCK_BYTES = 1 << 18
SENT = 2  # blocks that a process has at once: the one that it reads, and the next
PIPE_BYTES = 1 << 20  # hold what comes back, so that nobody waits for it to be taken
_LENGTH_BYTES = 8
_PROGRAM = "import sys; sys.path[:] = sys.argv[3:]; from ledger.bulk.helpers import serve; serve()"


Answer = Future[bytearray | None]


class Helpers:
    """Reads blocks, here or in other processes once `start` was called; a context manager."""

    def __init__(self, actor: str, agent: Agent) -> None:
        self.quick = Quick(actor, agent)
        self.ahead = 1  # how many blocks are worth having on the way
        self._asked: SimpleQueue[tuple[bytes, Answer] | None] = SimpleQueue()
        self._started: list[Helper] = []

    def start(self) -> None:
        """Start a process for each core; on a single core there is nothing to be gained."""
        count = cores()
        if self._started or count == 1 or not sys.executable:
            return
        for _ in range(count):
            with suppress(OSError):
                self._started.append(Helper(_start(self.quick), self._asked))
        self.ahead = max(1, AHEAD * len(self._started))

    def ask(self, block: bytes) -> Answer | None:
        """Begin to read a block; None where it is to be read here."""
        if not self._started:
            return None
        answer: Answer = Future()
        self._asked.put((block, answer))
        return answer

    def read(self, block: bytes, asked: Answer | None) -> Read:
        """What became of a block."""
        message = asked.result() if asked else None
        return Read(read_block(self.quick, block) if message is None else message)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for helper in self._started:
            helper.child.kill()
            self._asked.put(None)
        for helper in self._started:
            helper.end()


class Helper:
    """One process, and the two threads that talk to it."""

    def __init__(
        self, child: "subprocess.Popen[bytes]", asked: "SimpleQueue[tuple[bytes, Answer] | None]"
    ) -> None:
        self.child = child
        self._asked = asked
        self._sent: Queue[Answer | None] = Queue(SENT - 1)  # besides that which is waited for
        self._threads = [Thread(target=self._send), Thread(target=self._take)]
        for thread in self._threads:
            thread.start()

    def _send(self) -> None:
        """Send what is asked for, until nothing is any more."""
        while asked := self._asked.get():
            block, answer = asked
            with suppress(Exception):  # it is gone, as whoever takes the answer finds out
                _write(self.child.stdin, block)
            self._sent.put(answer)
        self._sent.put(None)

    def _take(self) -> None:
        """Take what comes back, in the same order; None where nothing does."""
        while answer := self._sent.get():
            try:
                message = _read(self.child.stdout)
            except Exception:  # noqa: BLE001  whatever it is, the block is read by this process
                message = None
            answer.set_result(message)

    def end(self) -> None:
        """Let go of a process that was told to end."""
        for thread in self._threads:
            thread.join()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        self.child.wait()


def _start(quick: Quick) -> "subprocess.Popen[bytes]":
    child = subprocess.Popen(  # noqa: S603  our own interpreter, with a fixed program
        [
            sys.executable, "-c", _PROGRAM, quick.actor, quick.agent,
            *(path or os.curdir for path in sys.path),
        ],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
        start_new_session=True,  # what interrupts this process is not for them to answer
        env={**os.environ, **KEEP_MEMORY},
    )  # fmt: skip
    for pipe in (child.stdin, child.stdout):
        _widen(pipe)
    return child


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a pipe hold a whole block, where the system can (Linux): fewer changes of turn."""
    if pipe is not None and sys.platform == "linux":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


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
