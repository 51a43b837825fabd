"""One writer at a time: locks that the operating system lets go of when their holder dies.

Who waits for a lock says so by a shared flock(2) on the folder in which it lies, so that whoever
holds it keeps it for longer where nobody wants it. That needs no file, and ends with the process.

Rules kept here:
- a lock is taken the same way by those who say that they wait and those who do not;
- what cannot be said or told, on Windows or on some network disks, keeps nobody from anything.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.disk import telling
from ledger.errors import Busy

if TYPE_CHECKING:
    from filelock import FileLock

_POLL_SECONDS = 0.01
_TRIES = 5  # to say that one waits: whoever looks for that is in the way for a moment
_TRY_SECONDS = 0.001


def hold(paths: list[Path], wait_seconds: float) -> ExitStack:
    """Take locks in their order, waiting for at most so long in all; closing lets go of them.

    Raises Busy, which names the holder as far as it is known.
    """
    deadline = time.monotonic() + wait_seconds
    with ExitStack() as held:
        for path in paths:
            lock = _acquire(path, deadline, wait_seconds)
            held.callback(lock.release)
        return held.pop_all()


def are_wanted(paths: Iterable[Path]) -> bool:
    """Whether somebody waits for one of these locks; True where that cannot be told."""
    return any(map(_is_wanted, {path.parent for path in paths}))


def _acquire(path: Path, deadline: float, wait_seconds: float) -> "FileLock":
    from filelock import FileLock, Timeout

    lock = FileLock(path, is_singleton=False)
    with telling(path):
        try:
            lock.acquire(blocking=False)
        except (Timeout, RuntimeError):  # RuntimeError: this very thread holds it
            left = max(deadline - time.monotonic(), 0)
            try:
                with _wanting(path.parent):
                    lock.acquire(timeout=left, poll_interval=_POLL_SECONDS)
            except (Timeout, RuntimeError) as error:
                raise _busy(path, wait_seconds) from error
    _sign_in(path)
    return lock


# ── who waits ────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _wanting(folder: Path) -> Iterator[None]:
    """Say that one waits for a lock in a folder, as far as that can be said."""
    with ExitStack() as said:
        with suppress(ImportError, OSError):
            import fcntl

            held = os.open(folder, os.O_RDONLY)
            said.callback(os.close, held)
            for left in reversed(range(_TRIES)):
                try:
                    fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if left:
                        time.sleep(_TRY_SECONDS)
        yield


def _is_wanted(folder: Path) -> bool:
    try:
        import fcntl

        held = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return True
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # a BlockingIOError where somebody waits
        return True
    finally:
        os.close(held)  # and nothing is held any more
    return False


# ── who holds it ─────────────────────────────────────────────────────────────────────────────


def _sign_in(path: Path) -> None:
    """Leave word of who holds a lock; only for people, so it may fail."""
    with suppress(OSError):
        path.write_text(f"process {os.getpid()}\n", "utf-8")


def _busy(path: Path, wait_seconds: float) -> Busy:
    holder = ""
    with suppress(OSError, ValueError):
        holder = path.read_text("utf-8").strip()
    busy = Busy(
        f"Another writer ({holder or 'unknown'}) has held the ledger for {wait_seconds:g} seconds.",
        way_out="Let it end, or wait longer with `--wait SECONDS`. Reading goes on meanwhile.",
    )
    return busy.at(file=str(path))
