"""Other processes that take lines the quick path, so that all cores work.

They are programs of their own with pipes to and from them, as in ledger/workers.py: nothing of this
process is copied into them, and they end when their pipes close, however this process ends.

Each has a thread that sends it blocks and one that takes what comes back, so that it finds the next
block in its pipe when it has done one: a thread of a busy process may have to wait for its turn.
Of a block that is a part of a file only the place is sent, and they read it themselves.

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
from ledger.bulk.blocks import Block, Extent, read_at
from ledger.bulk.quick import Quick
from ledger.bulk.reading import Read, read_block
from ledger.workers import KEEP_MEMORY, cores

AHEAD = 96  # blocks for each process, which works while this one appends
SENT = 4  # blocks that a process has at once: the one that it reads, and those after it
PIPE_BYTES = 1 << 20  # hold what comes back, so that nobody waits for it to be taken
_LENGTH_BYTES = 8
_NO_FILE = -1  # in place of an offset: the bytes of the block follow
_PROGRAM = "import sys; sys.path[:] = sys.argv[4:]; from ledger.bulk.helpers import serve; serve()"

Answer = Future[bytearray | None]


class Helpers:
    """Reads blocks, here or in other processes once `start` was called; a context manager."""

    def __init__(self, actor: str, agent: Agent) -> None:
        self.quick = Quick(actor, agent)
        self.ahead = 1  # how many blocks are worth having on the way
        self._asked: SimpleQueue[tuple[Block, Answer] | None] = SimpleQueue()
        self._started: list[Helper] = []

    def start(self, file: int | None = None) -> None:
        """Start a process for each core; on a single core there is nothing to be gained.

        `file` is the file of which blocks may be parts.
        """
        count = cores()
        if self._started or count == 1 or not sys.executable:
            return
        for _ in range(count):
            with suppress(OSError):
                self._started.append(Helper(_start(self.quick, file), self._asked))
        self.ahead = max(1, AHEAD * len(self._started))

    def ask(self, block: Block) -> Answer | None:
        """Begin to read a block; None where it is to be read here."""
        if not self._started:
            return None
        answer: Answer = Future()
        self._asked.put((block, answer))
        return answer

    def read(self, block: Block, asked: Answer | None) -> Read:
        """What became of a block."""
        message = asked.result() if asked else None
        return Read(message or read_block(self.quick, block.data))

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
        self, child: "subprocess.Popen[bytes]", asked: "SimpleQueue[tuple[Block, Answer] | None]"
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
                _send(self.child.stdin, block)
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


def _start(quick: Quick, file: int | None) -> "subprocess.Popen[bytes]":
    own = [] if file is None else [os.dup(file)]  # 0 to 2 are others in the process
    try:
        child = subprocess.Popen(  # noqa: S603  our own interpreter, with a fixed program
            [
                sys.executable, "-c", _PROGRAM, quick.actor, quick.agent,
                str(own[0] if own else _NO_FILE), *(path or os.curdir for path in sys.path),
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
            start_new_session=True,  # what interrupts this process is not for them to answer
            env={**os.environ, **KEEP_MEMORY}, pass_fds=own,
        )  # fmt: skip
    finally:
        for fd in own:
            os.close(fd)
    for pipe in (child.stdin, child.stdout):
        _widen(pipe)
    return child


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a pipe hold a whole block, where the system can (Linux): fewer changes of turn."""
    if pipe is not None and sys.platform == "linux":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def _send(pipe: IO[bytes] | None, block: Block) -> None:
    """Send where a block lies, or the block."""
    given = block.given
    if isinstance(given, Extent):
        _put(pipe, _head(given.length, given.start))
    else:
        _put(pipe, _head(len(given), _NO_FILE))
        _put(pipe, given)


def _head(length: int, place: int) -> bytes:
    """What goes before a block: its length, and where in the file it begins."""
    return length.to_bytes(_LENGTH_BYTES, "big") + place.to_bytes(_LENGTH_BYTES, "big", signed=True)


# ── the other end ────────────────────────────────────────────────────────────────────────────


def serve() -> None:
    """Read blocks as they come, until none comes any more.

    Of a part of the file that cannot be read whole nothing goes back: whoever asked will find out.
    """
    import gc

    gc.disable()  # nothing here makes cycles
    actor, agent, file = sys.argv[1:4]
    quick = Quick(actor, agent)  # type: ignore[arg-type]  # it was an agent where it comes from
    source, target = (
        os.fdopen(pipe.fileno(), mode, buffering=0)
        for pipe, mode in ((sys.stdin, "rb"), (sys.stdout, "wb"))
    )
    with suppress(BrokenPipeError):
        while head := _take(source, 2 * _LENGTH_BYTES):
            length = int.from_bytes(head[:_LENGTH_BYTES], "big")
            place = int.from_bytes(head[_LENGTH_BYTES:], "big", signed=True)
            if place == _NO_FILE:
                block = bytes(_take(source, length) or b"")
            else:
                block = read_at(int(file), place, length)
            found = read_block(quick, block) if len(block) == length else b""
            _put(target, len(found).to_bytes(_LENGTH_BYTES, "big"))
            _put(target, found)


# ── pipes ────────────────────────────────────────────────────────────────────────────────────


def _put(pipe: IO[bytes] | None, data: bytes) -> None:
    assert pipe is not None, "the process was started with pipes"
    rest = memoryview(data)
    while rest:
        rest = rest[pipe.write(rest) :]


def _read(pipe: IO[bytes] | None) -> bytearray | None:
    """The next message; None where the other end is gone."""
    head = _take(pipe, _LENGTH_BYTES)
    return None if head is None else _take(pipe, int.from_bytes(head, "big"))


def _take(pipe: IO[bytes] | None, length: int) -> bytearray | None:
    """So many bytes; None where the other end is gone. No byte of them is copied twice."""
    assert pipe is not None, "the process was started with pipes"
    message = bytearray(length)
    rest = memoryview(message)
    while rest:
        count = pipe.readinto(rest)  # type: ignore[attr-defined]  # a raw file has it
        if not count:
            return None
        rest = rest[count:]
    return message
