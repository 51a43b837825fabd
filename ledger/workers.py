"""Other processes that read pieces of a log ahead.

They are started as programs of their own, with pipes to and from them: nothing of this process is
copied into them, a script needs no guard around its main part, and when this process ends, however
it ends, their pipes close and they end.

Rules kept here:
- a worker that cannot be started, or that fails, gives nothing: this process reads the piece then;
- only so many pieces are read ahead, so that memory does not grow with the log.
"""

import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Self

import msgspec

from ledger.piece import Plan, State, Walked, assume, read_piece
from ledger.scan import Scan

_AHEAD = 3  # pieces for each worker
_MAX_WORKERS = 32
# What glibc gave back to the system after every block it would have to ask for again.
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": "268435456", "MALLOC_MMAP_THRESHOLD_": "268435456"}
_LENGTH_BYTES = 8  # of a message, before it
_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from ledger.workers import serve; serve()"


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Reads pieces ahead; use it as a context manager. With 0 processes it gives nothing."""

    def __init__(self, plan: Plan, processes: int, size: int) -> None:
        self._plan = plan
        self._count = min(processes, _MAX_WORKERS) if sys.executable else 0
        self._pieces = (size + (1 << plan.level) - 1) >> plan.level
        self._next = 0
        self._asked: deque[tuple[int, Future[Walked | None]]] = deque()
        self._idle: SimpleQueue[subprocess.Popen[bytes] | None] = SimpleQueue()
        self._started: list[subprocess.Popen[bytes]] = []
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self._count:
            self._threads = ThreadPoolExecutor(self._count, "verify")
            for _ in range(self._count):
                self._idle.put(self._start())
            self._ask_ahead()
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

    def take(self, state: State) -> Walked | None:
        """The piece that begins in a state; None where it was not read ahead from just there."""
        index = state.count >> self._plan.level
        while self._asked and self._asked[0][0] <= index:
            found, future = self._asked.popleft()
            self._ask_ahead()
            walked = future.result() if found == index else None
            if walked is not None and walked.start == state:
                return walked
        return None

    def _ask_ahead(self) -> None:
        while len(self._asked) < self._count * _AHEAD and self._next < self._pieces:
            assert self._threads is not None, "there are workers"
            future = self._threads.submit(self._ask, self._next)
            self._asked.append((self._next, future))
            self._next += 1

    def _start(self) -> subprocess.Popen[bytes] | None:
        try:
            child = subprocess.Popen(  # noqa: S603  our own interpreter, with a fixed program
                [sys.executable, "-c", _PROGRAM, *(path or os.curdir for path in sys.path)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                start_new_session=True,  # what interrupts this process is not for them to answer
                env={**os.environ, **KEEP_MEMORY},
            )  # fmt: skip
        except OSError:
            return None
        self._started.append(child)
        with suppress(OSError):
            _write(child.stdin, self._plan)
        return child

    def _ask(self, index: int) -> Walked | None:
        child = self._idle.get()
        try:
            if child is None:
                return None
            _write(child.stdin, index)
            data = _read(child.stdout)
            return None if data is None else _walked.decode(data)
        except (OSError, ValueError, msgspec.MsgspecError):
            return None
        finally:
            self._idle.put(child)


# ── the other end ────────────────────────────────────────────────────────────────────────────


def serve() -> None:
    """Read pieces as they are asked for, until nobody asks any more."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    data = _read(source)
    if data is None:
        return
    plan = _plan.decode(data)
    scan = Scan(plan.origin, whole=plan.whole)
    with suppress(BrokenPipeError):
        while (data := _read(source)) is not None:
            index = msgspec.msgpack.decode(data, type=int)
            _write(target, _attempt(plan, scan, index << plan.level))


def _attempt(plan: Plan, scan: Scan, count: int) -> Walked | None:
    """A piece, if the log is well up to there; whoever asked finds out what is wrong."""
    try:
        state = assume(plan, count)
        return None if state is None else read_piece(plan, scan, state)
    except Exception:  # noqa: BLE001  the same happens, and is told, where the piece is read again
        return None


def _encode_more(value: Any) -> Any:  # noqa: ANN401  msgspec gives what it does not know
    return [value.start, value.stop] if isinstance(value, range) else str(value)


def _decode_more(kind: type[Any], value: Any) -> Any:  # noqa: ANN401  the same
    return range(*value) if kind is range else Path(value)


_encode: Callable[[Any], bytes] = msgspec.msgpack.Encoder(enc_hook=_encode_more).encode
_plan = msgspec.msgpack.Decoder(Plan, dec_hook=_decode_more)
_walked = msgspec.msgpack.Decoder(Walked | None, dec_hook=_decode_more)


def _write(pipe: IO[bytes] | None, message: object) -> None:
    assert pipe is not None, "the process was started with pipes"
    data = _encode(message)
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    pipe.flush()


def _read(pipe: IO[bytes] | None) -> bytes | None:
    """The next message; None where the other end is gone."""
    assert pipe is not None, "the process was started with pipes"
    head = pipe.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        return None
    length = int.from_bytes(head, "big")
    data = pipe.read(length)
    return data if len(data) == length else None
