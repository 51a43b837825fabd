"""What is printed for a slow reader: all of it, and whoever holds something lets go of it first."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from ledger.cli.printing import put_line

LONG = "ü" * 2_000_000  # more than any pipe holds


@contextmanager
def printing_to(fd: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[IO[str]]:
    """A stream of the system's in the place of standard output; closed at the end."""
    with os.fdopen(fd, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        yield stream
    monkeypatch.undo()


def test_a_reader_at_work_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is taken as it comes is printed in its order, and nobody steps aside."""
    reading, writing = os.pipe()
    found: list[str] = []
    with os.fdopen(reading, encoding="utf-8") as source:
        reader = threading.Thread(target=lambda: found.extend(source))
        reader.start()
        with printing_to(writing, monkeypatch) as stream:
            stream.write("first\n")
            put_line(LONG, lambda: found.append("aside"))
        reader.join()
    assert found == ["first\n", LONG + "\n"]


@pytest.mark.parametrize("fails", [False, True])
def test_whoever_waits_steps_aside_first(monkeypatch: pytest.MonkeyPatch, *, fails: bool) -> None:
    """A reader that takes nothing is waited for once `aside` was called; the line is whole then."""
    reading, writing = os.pipe()
    found: list[str] = []

    def aside() -> None:
        found.append("aside")
        reader.start()
        if fails:
            raise KeyboardInterrupt

    with os.fdopen(reading, encoding="utf-8") as source:
        reader = threading.Thread(target=lambda: found.extend(source))
        with printing_to(writing, monkeypatch):
            if fails:
                with pytest.raises(KeyboardInterrupt):
                    put_line(LONG, aside)
            else:
                put_line(LONG, aside)
        reader.join()
    assert found == ["aside", LONG + "\n"]


def test_a_file_is_never_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes to a disk is written at once."""
    fd = os.open(tmp_path / "out.txt", os.O_WRONLY | os.O_CREAT)
    with printing_to(fd, monkeypatch):
        put_line(LONG, lambda: pytest.fail("nobody has to step aside"))
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == LONG + "\n"


def test_what_is_no_file_of_the_system_is_printed_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the output is taken by the same process, it is simply written."""
    put_line("kept", lambda: pytest.fail("nobody has to step aside"), err=True)
    assert capsys.readouterr().err == "kept\n"
