"""Processes that seal a ledger, killed by a test at each step, or read it meanwhile."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
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


def say(*words: object) -> None:
    """Tell the test, at once."""
    print(*words, flush=True)  # noqa: T201  read by the test


def die_at(folder: Path, step: str) -> None:
    """Seal all that can be, and die before the n-th thing that is done to the disk."""
    left = int(step)

    def counted(do: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                os._exit(9)
            return do(*given, **named)

        return call

    with Writer.open(folder, actor="child") as writer, ExitStack() as patched:
        for where, name in STEPS:
            patched.enter_context(patch.object(where, name, counted(getattr(where, name))))
        writer.seal()
    say("done")


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
    rounds = sum(1 for _ in LOOKS[how](folder))
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
            sql = "select count(data), count(*), max(position) from events"
            try:
                found = opened.query(sql).fetchall()
            except duckdb.IOException:  # a file went between its listing and its opening
                found = opened.query(sql).fetchall()
            [(data, count, last)] = found
            assert data == count == last + 1, (data, count, last)
            yield


LOOKS: dict[str, Callable[[Path], Iterator[None]]] = {"log": look_at_log, "views": look_at_views}

if __name__ == "__main__":
    what, where, *more = sys.argv[1:]
    parts: dict[str, Callable[..., None]] = {
        "die": die_at, "seal": seal_often, "read": read_until_told,
    }  # fmt: skip
    parts[what](Path(where), *more)
