"""Runs a process and says what it took: seconds, seconds of the processors, memory at its peak.

Rules kept here:
- time is that of the whole process, from its start until it has been waited for;
- processor seconds are those of it and of all the processes that it waited for (wait4);
- what ran before has its writes on the disk before the next one begins, which else would wait for
  them;
- memory is the largest sum of what it and the processes under it held at one time, looked at every
  20 ms where there is a /proc; pages that they share are counted for each of them. Elsewhere, and
  where it is more, it is the largest that one of them ever held (getrusage). Processes that only
  generate what is appended are left out. Which processes there are is looked up five times a
  second: that takes far longer, and from the same processors;
- a process that takes too long is ended, with all that it started.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Self

from benchmarks import source

SAMPLE_SECONDS = 0.02
SAMPLES_A_WALK = 10  # memory is looked at so often before processes are looked for again
GENERATING = f"\0-m\0{source.MODULE}\0".encode()  # in the words of a process
_PAGE = os.sysconf("SC_PAGE_SIZE")
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


class TookTooLong(Exception):
    """A process was ended because it took longer than it may."""


class Failed(Exception):
    """A process ended with another exit code than 0; the message is the last that it said."""


@dataclass(frozen=True)
class Run:
    """What a process took: wall-clock and processor seconds, bytes of memory at its peak."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


def run(
    words: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    folder: Path,
    limit_seconds: float,
    text: str = "",
) -> Run:
    """Run a process to its end, `text` its standard input. Raises Failed, TookTooLong."""
    with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
        given.write(text.encode())
        given.seek(0)
        os.sync()
        begun = time.perf_counter()
        child = subprocess.Popen(
            [str(word) for word in words],
            stdin=given, stdout=out, stderr=err, env=dict(env), cwd=folder,
            start_new_session=True,
        )  # fmt: skip
        with Watch(child.pid, limit_seconds) as watch:
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        said, told = _read(out), _read(err)
    if watch.ended:
        raise TookTooLong(f"it took longer than {limit_seconds:.0f} s")
    if child.returncode != 0:
        raise Failed(last_words(told) or f"exit code {child.returncode}")
    peak = max(watch.peak_bytes, usage.ru_maxrss * _RSS_UNIT)
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak, said)


def last_words(told: str) -> str:
    """What a process said of its failure: its error, else the end of a traceback, else its last."""
    lines = told.strip().splitlines()
    frames = [at for at, line in enumerate(lines) if line.startswith("  File ")]
    raised = [line for line in lines[frames[-1] :] if line[:1].strip()] if frames else []
    said = [line for line in lines if line.startswith("error: ")] or raised or lines[-1:]
    return said[0].removeprefix("error: ").rstrip(".") if said else ""


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


class Watch:
    """Looks at the memory of a process and those under it, and ends them after a time."""

    def __init__(self, pid: int, limit_seconds: float) -> None:
        self.peak_bytes = 0
        self.ended = False
        self._pid = pid
        self._until = time.monotonic() + limit_seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)  # what it left running, such as a server

    def _look(self) -> None:
        looked, processes = 0, list[int]()
        while not self._done.wait(SAMPLE_SECONDS):
            if looked % SAMPLES_A_WALK == 0:
                processes = processes_of(self._pid)
            looked += 1
            self.peak_bytes = max(self.peak_bytes, sum(map(held_bytes, processes)))
            if time.monotonic() > self._until:
                self.ended = True
                with suppress(ProcessLookupError):
                    os.killpg(self._pid, signal.SIGKILL)
                return


def processes_of(pid: int) -> list[int]:
    """A process and those under it; none where there is no /proc."""
    found, todo = [], [(pid, b"")]
    while todo:
        number, above = todo.pop()
        folder = Path(f"/proc/{number}")
        with suppress(OSError, ValueError, IndexError):
            words = (folder / "cmdline").read_bytes()
            if GENERATING in words or words in (b"", above):  # the same: it does not run yet
                continue
            found.append(number)
            for task in (folder / "task").iterdir():
                children = (task / "children").read_text().split()
                todo += ((int(each), words) for each in children)
    return found


def held_bytes(pid: int) -> int:
    """What a process holds in memory now; 0 where that is not told, or it is gone."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return 0
