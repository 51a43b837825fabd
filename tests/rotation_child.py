"""Processes that change the key of a ledger: killed at every step of it, or done many times."""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from log_tools import draft

from ledger.writer import Writer

# What changes a disk besides writes and syncs, and files that are opened for writing.
NAMING = {"os.rename", "os.remove", "os.mkdir", "os.truncate"}


def kill_at(step: int) -> None:
    """Kill this process right before its step of that number, from 0, that touches the disk."""
    steps, fsync, write = count(), os.fsync, os.write

    def take_step() -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in NAMING or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            take_step()

    def counted_sync(fd: Any) -> None:  # noqa: ANN401  whatever fsync takes
        take_step()
        fsync(fd)

    def counted_write(fd: int, data: Any) -> int:  # noqa: ANN401  whatever write takes
        take_step()
        return write(fd, data)

    os.fsync, os.write = counted_sync, counted_write
    sys.addaudithook(watch)


def each_step(whole: Path) -> None:
    """Change the key of a copy for each step, in a process of its own that is killed there.

    `whole` holds a ledger `l` and the user's configuration `config`; the copies lie beside it,
    named by their steps. The last one was not killed any more.
    """
    for step in count():
        folder = whole.with_name(str(step))
        shutil.copytree(whole, folder)
        child = os.fork()
        if child == 0:
            os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
            with Writer.open(folder / "l", actor="child") as writer:
                kill_at(step)
                writer.rotate("yearly")
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
            return


def often(folder: Path, times: str) -> None:
    """Change the key many times over, with appends in between."""
    for number in range(int(times)):
        with Writer.open(folder, actor="child") as writer:
            writer.rotate()
            if number % 2:
                writer.append([draft(number)])


if __name__ == "__main__":
    what, where, *more = sys.argv[1:]
    parts: dict[str, Callable[..., None]] = {"each_step": each_step, "often": often}
    parts[what](Path(where), *more)
