"""Who waits for a ledger says so: whoever holds it keeps it for longer where nobody does."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout
from log_tools import append, make_ledger, start_child

from ledger import turns
from ledger.api import Ledger
from ledger.errors import Busy
from ledger.keys import KeyFiles
from ledger.locks import are_wanted
from ledger.log import Log
from ledger.writer import Writer, locks_of

PATIENCE_SECONDS = 30.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger that nobody holds."""
    make_ledger(tmp_path / "l", 3)
    return tmp_path / "l"


def becomes(writer: Writer, *, wanted: bool) -> bool:
    """Whether a held ledger comes to be wanted, or not any more, before long."""
    end = time.monotonic() + PATIENCE_SECONDS
    while writer.is_wanted is not wanted and time.monotonic() < end:
        time.sleep(0.01)
    return writer.is_wanted is wanted


def test_a_process_that_waits_is_seen_until_it_is_killed(folder: Path) -> None:
    """Nobody waits; then one does; when it is gone, however it went, nobody does."""
    with Writer.open(folder, actor="ana") as writer:
        assert not writer.is_wanted
        child = start_child("hold", folder)
        assert becomes(writer, wanted=True)
        child.kill()
        child.communicate()
        assert becomes(writer, wanted=False)


def test_a_process_that_waited_gets_the_ledger(folder: Path) -> None:
    """Saying that one waits hinders nobody from taking the lock, and ends with having it."""
    with Writer.open(folder, actor="ana") as writer:
        child = start_child("hold", folder)
        assert becomes(writer, wanted=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    assert not are_wanted(locks_of(folder, KeyFiles.of(Log.open(folder).origin)))
    child.communicate("\n")
    append(folder, 1)


def test_who_gave_up_waiting_is_not_seen_any_more(folder: Path) -> None:
    """Busy ends the wait, and what was said of it."""
    with Writer.open(folder, actor="ana") as writer:
        with pytest.raises(Busy):
            Writer.open(folder, actor="bo", wait_seconds=0.05)
        assert not writer.is_wanted


def test_a_folder_that_another_program_locked_is_no_hindrance(folder: Path) -> None:
    """Then it cannot be told who waits: a stream lets others in as often as if somebody did."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        with Writer.open(folder, actor="ana") as writer:
            assert writer.is_wanted
            started = time.monotonic()
            with pytest.raises(Busy):
                Writer.open(folder, actor="bo", wait_seconds=0.05)
            assert time.monotonic() - started < PATIENCE_SECONDS
    finally:
        os.close(held)


def test_a_folder_that_cannot_be_opened_counts_as_wanted(tmp_path: Path) -> None:
    """What cannot be told is no reason to keep others out."""
    assert are_wanted([tmp_path / "none" / "lock"])


def endless(done: threading.Event) -> Iterator[dict[str, Any]]:
    """Commands until something is done, or too much time has passed."""
    end, number = time.monotonic() + PATIENCE_SECONDS, 0
    while not done.is_set() and time.monotonic() < end:
        number += 1
        yield {"command": "register_speaker", "speaker_id": f"s{number}", "kind": "person",
               "name": f"Speaker {number}"}  # fmt: skip


def let_in(folder: Path, take: Any) -> bool:  # noqa: ANN401  a function without arguments
    """Whether somebody gets the ledger while a stream appends to it without an end."""
    done, taken = threading.Event(), []

    def wait() -> None:
        taken.append(take())
        done.set()

    waiting = threading.Thread(target=wait)
    receipts = Ledger.open(folder, actor="ana").submit_many(endless(done), batch=20)
    next(receipts)  # from here on the stream has the ledger
    waiting.start()
    for _ in receipts:
        pass
    waiting.join()
    return taken == [True]


def test_a_stream_lets_those_in_who_wait(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They need not wait for the turn to end that it takes where nobody waits."""
    monkeypatch.setattr(turns, "HOLD_SECONDS", 0.2)
    monkeypatch.setattr(turns, "UNASKED_SECONDS", 10 * PATIENCE_SECONDS)

    def take() -> bool:
        with Writer.open(folder, actor="bo", wait_seconds=PATIENCE_SECONDS / 2):
            return True

    assert let_in(folder, take)


def test_a_stream_lets_those_in_who_do_not_say_that_they_wait(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a program of somebody else's that knows the lock alone gets its turn too."""
    monkeypatch.setattr(turns, "UNASKED_SECONDS", 0.2)

    def take() -> bool:
        try:
            with FileLock(folder / "lock", timeout=PATIENCE_SECONDS / 2, poll_interval=0.005):
                return True
        except Timeout:
            return False

    assert let_in(folder, take)


def test_a_stream_keeps_the_ledger_while_nobody_waits(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the ledger once for all of its batches."""
    monkeypatch.setattr(turns, "HOLD_SECONDS", 0.0)
    monkeypatch.setattr(turns, "UNASKED_SECONDS", 10 * PATIENCE_SECONDS)
    monkeypatch.setattr(turns, "YIELD_SECONDS", 10 * PATIENCE_SECONDS)  # as nobody would wait
    commands = [next(endless(threading.Event())) | {"speaker_id": f"s{n}", "name": f"S {n}"}
                for n in range(200)]  # fmt: skip
    receipts = list(Ledger.open(folder, actor="ana").submit_many(commands, batch=10))
    assert [each.size for each in receipts] == list(range(14, 214, 10))
