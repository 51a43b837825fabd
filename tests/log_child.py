"""Processes that append to a ledger, to be killed, raced or starved by a test."""

import hashlib
import random
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from log_tools import draft, drafts

import ledger.segments
import ledger.writer
from ledger.errors import DiskFailed
from ledger.writer import Writer


def say(*words: object) -> None:
    """Tell the test, at once."""
    print(*words, flush=True)  # noqa: T201  read by the test


def forever(folder: Path, seed: str) -> None:
    """Append batches of any size until killed; each acknowledged line is told by its hash."""
    chance = random.Random(int(seed))
    ledger.writer.SIGN_SECONDS = chance.choice([0.0, 0.005, 1.0])
    ledger.segments.SEGMENT_BYTES = chance.choice([20_000, 64 * 1024 * 1024])
    with Writer.open(folder, actor="child") as writer:
        while True:
            count = chance.choice([1, 1, 1, 2, 5, 50])
            done = writer.append(
                [draft(writer.size + n, "x" * chance.randrange(2000)) for n in range(count)]
            )
            for position, line in enumerate(done.lines, done.first):
                say(position, hashlib.sha256(line).hexdigest())


def hold(folder: Path) -> None:
    """Hold the ledger until told to end."""
    with Writer.open(folder, actor="child"):
        say("held")
        sys.stdin.readline()


def often(folder: Path, times: str) -> None:
    """Take the ledger and append one event, many times over."""
    for number in range(int(times)):
        with Writer.open(folder, actor="child") as writer:
            say(writer.append([draft(number)]).first)


def starve(folder: Path) -> None:
    """Append until the file may grow no further, then say what happened."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Writer.open(folder, actor="child") as writer:
        writer.append(drafts(3))
        say("acknowledged", writer.size)
        room = max(path.stat().st_size for path in (folder / "log").iterdir()) + 500
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        for attempt in (10, 1):
            try:
                writer.append(drafts(attempt, first=100))
                say("acknowledged", writer.size)
            except DiskFailed as error:
                say("refused", error.what)


if __name__ == "__main__":
    what, where, *more = sys.argv[1:]
    parts: dict[str, Callable[..., None]] = {
        "forever": forever, "hold": hold, "often": often, "starve": starve,
    }  # fmt: skip
    parts[what](Path(where), *more)
