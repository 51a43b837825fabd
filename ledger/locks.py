"""One writer at a time: locks that the operating system lets go of when their holder dies."""

import os
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.disk import telling
from ledger.errors import Busy

if TYPE_CHECKING:
    from filelock import FileLock

_POLL_SECONDS = 0.01


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


def _acquire(path: Path, deadline: float, wait_seconds: float) -> "FileLock":
    from filelock import FileLock, Timeout

    lock = FileLock(path, is_singleton=False)
    left = max(deadline - time.monotonic(), 0)
    with telling(path):
        try:
            lock.acquire(timeout=left, poll_interval=_POLL_SECONDS)
        except (Timeout, RuntimeError) as error:  # RuntimeError: this very thread holds it
            raise _busy(path, wait_seconds) from error
    _sign_in(path)
    return lock


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
