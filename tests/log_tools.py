"""Ledgers to test the log with: made quickly, copied, cut and put back."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from events.record import Draft
from events.vocabulary import SpeakerRegistered
from ledger.create import create_ledger
from ledger.log import Log
from ledger.writer import Writer

PROJECT = Path(__file__).parent.parent
VECTORS = PROJECT.parent / "shared" / "vectors"
ORIGIN = "example.org/claims"
NOON = datetime(2018, 2, 1, 12, 0, 0, 123456, tzinfo=UTC)


def draft(number: int, name: str = "Somebody") -> Draft:
    """A small event."""
    speaker = SpeakerRegistered(speaker_id=f"speaker-{number}", kind="person", name=name)
    return Draft(data=speaker, subject=f"speaker/speaker-{number}", actor="ana")


def drafts(count: int, first: int = 0) -> list[Draft]:
    """Small events, all different."""
    return [draft(number) for number in range(first, first + count)]


def at(time: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: time


def ticking(start: datetime = NOON) -> Callable[[], datetime]:
    """A clock that goes on by a second whenever it is looked at."""
    ticks = iter(range(1_000_000))
    return lambda: start + timedelta(seconds=next(ticks))


def make_ledger(folder: Path, *batches: int, origin: str = ORIGIN) -> Log:
    """A ledger with its first event and then batches of so many events."""
    create_ledger(folder, origin=origin, actor="ana", clock=at(NOON))
    if batches:
        with Writer.open(folder, actor="ana", clock=ticking()) as writer:
            for count in batches:
                writer.append(drafts(count, first=writer.size))
    return Log.open(folder)


def append(folder: Path, *batches: int) -> None:
    """Append batches of so many events, at the real time."""
    with Writer.open(folder, actor="ana") as writer:
        for count in batches:
            writer.append(drafts(count, first=writer.size))


def snapshot(*folders: Path) -> dict[Path, bytes]:
    """Every file under some folders with its bytes, but for locks."""
    return {
        path: path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock" and path.suffix != ".lock"
    }


def put_back(files: dict[Path, bytes], *folders: Path) -> None:
    """Make folders hold exactly these files again."""
    for path in snapshot(*folders):
        if path not in files:
            path.unlink()
    for path, data in files.items():
        path.write_bytes(data)


def copy_ledger(folder: Path, to: Path) -> Path:
    """A second copy of a ledger, as a backup would make it."""
    shutil.copytree(folder, to)
    return to


def leaves(folder: Path) -> list[str]:
    """The SHA-256 of every line of a ledger, without our code: to compare by."""
    lines: list[str] = []
    for path in sorted((folder / "log").glob("*.jsonl")):
        lines += [hashlib.sha256(line).hexdigest() for line in path.read_bytes().split(b"\n")[:-1]]
    return lines


def start_child(what: str, folder: Path, *more: str) -> subprocess.Popen[str]:
    """Run `log_child.py` as a process of its own; its words come through pipes."""
    return subprocess.Popen(
        [sys.executable, str(PROJECT / "tests" / "log_child.py"), what, str(folder), *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
