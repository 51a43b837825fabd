"""Processes that seal a ledger, killed by a test at each step, or read it meanwhile."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from unittest.mock import patch

import duckdb
from log_tools import drafts

import ledger.seal
import ledger.segments
from events.codec import decode_event
from ledger.api import Ledger as Opened
from ledger.log import Log
from ledger.terms import Recorder
from ledger.writer import Writer

# What sealing does to the disk, and to what it has read back from there.
STEPS = (
    (ledger.seal, "sync_file"), (ledger.seal, "check_same"), (ledger.seal, "sync_folder"),
    (Path, "replace"), (Path, "unlink"),
)  # fmt: skip
DIED = 9  # the exit code of a process that died before its step


def say(*words: object) -> None:
    """Tell the test, at once."""
    print(*words, flush=True)  # noqa: T201  read by the test


def die_at_each(whole: Path) -> None:
    """Seal a copy for each step, in a process of its own that dies before it.

    The copies lie beside `whole`, named by their steps. The process of the last one did not die.
    """
    for step in count():
        folder = whole.with_name(str(step))
        shutil.copytree(whole, folder)
        child = os.fork()
        if child == 0:
            try:
                die_at(folder, step)
            finally:
                os._exit(1)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended != DIED:
            say("done" if ended == 0 else f"step {step} ended with {ended}")
            return


def die_at(folder: Path, step: int) -> None:
    """Seal all that can be, and die before the n-th thing that is done to the disk."""
    left = step

    def counted(do: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                os._exit(DIED)
            return do(*given, **named)

        return call

    ledger.seal.BOTH_SECONDS = 0.0
    with Writer.open(folder, actor="child") as writer, ExitStack() as patched:
        for where, name in STEPS:
            patched.enter_context(patch.object(where, name, counted(getattr(where, name))))
        writer.seal()
    os._exit(0)


def seal_often(folder: Path, times: str) -> None:
    """Fill segments and seal them, over and over."""
    ledger.segments.SEGMENT_BYTES = 6_000
    for _ in range(int(times)):
        with Writer.open(folder, actor="child") as writer:
            for _ in range(10):
                writer.append(drafts(3, first=writer.size))
        ledger.seal.seal_ledger(folder, Recorder("child"))
    say("done")


def read_until_told(folder: Path, how: str) -> None:
    """Read all lines over and over, by the log or by the views, until the test says stop."""
    rounds = 0
    for rounds, _ in enumerate(LOOKS[how](folder), 1):
        if rounds == 1:
            say("reading")
    say(rounds)


def look_at_log(folder: Path) -> Iterator[None]:
    """Each line by itself and all of them at once, as a log opened at some moment sees them."""
    while not (folder / "stop").exists():
        log = Log.open(folder)
        for _ in range(3):
            lines = list(log.lines())
            assert [decode_event(line).position for line in lines] == list(range(log.size))
            assert all(log.line(at) == lines[at] for at in range(0, log.size, 7))
        yield


def look_at_views(folder: Path) -> Iterator[None]:
    """The data of every event by SQL."""
    with Opened.open(folder) as opened:
        while not (folder / "stop").exists():
            [(data, count, last)] = rows_of(
                opened, "select count(data), count(*), max(position) from events"
            )
            assert data == count == last + 1, (data, count, last)
            yield


def rows_of(opened: Opened, sql: str) -> list[tuple[int, ...]]:
    """The rows of a query, which is asked again where it says that a file went meanwhile.

    Here segments are sealed without a pause, so that each try may meet another one.
    """
    for _ in range(9):
        with suppress(duckdb.IOException, duckdb.InvalidInputException):
            return opened.query(sql).fetchall()
    return opened.query(sql).fetchall()


LOOKS: dict[str, Callable[[Path], Iterator[None]]] = {"log": look_at_log, "views": look_at_views}

if __name__ == "__main__":
    what, where, *more = sys.argv[1:]
    parts: dict[str, Callable[..., None]] = {
        "die": die_at_each, "seal": seal_often, "read": read_until_told,
    }  # fmt: skip
    parts[what](Path(where), *more)
