"""What is run at each size, in which order, and what is written down of it.

Rules kept here:
- contenders take turns: each round runs all of them once, beginning with another one each time,
  and a ratio is made of two figures of the same round;
- each of them is a process of its own, and leaves nothing behind;
- what cannot be measured is written down with its reason, and the rest goes on.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.given import Given
from benchmarks.measure import Failed, Run, TookTooLong, run
from benchmarks.results import Figure, Missing, Results

PROJECT = Path(__file__).parent.parent
Answer = dict[str, Any]


@dataclass(frozen=True)
class Terms:
    """How much is done: `repeats` within a process, `slice_seconds` a store and round.

    A process is ended after `limit_seconds`; `given` are ledgers that need not be made, by size.
    """

    seed: int
    rounds: int
    slice_seconds: float
    limit_seconds: float
    repeats: int
    given: Mapping[int, Given] = field(default_factory=dict)


class Unmeasured(Exception):
    """Something cannot be measured; the message says why."""


class Bench:
    """Runs processes in a folder of its own, and writes down what they took."""

    def __init__(
        self, results: Results, folder: Path, terms: Terms, output: Path | None = None
    ) -> None:
        """Work in a folder; `output` is written after every work, lest a long run be lost."""
        self.results = results
        self.output = output
        self.folder = folder
        self.terms = terms
        self.env = environment(folder)
        self.claims = Path(sys.executable).with_name("claims")
        self._made = 0

    # ── processes ────────────────────────────────────────────────────────────────────────────

    def run(self, *words: str | Path, text: str = "") -> Run:
        """Run a process; raises Unmeasured."""
        try:
            return run(
                words, env=self.env, folder=self.folder, text=text,
                limit_seconds=self.terms.limit_seconds,
            )  # fmt: skip
        except (Failed, TookTooLong) as error:
            raise Unmeasured(self.without_paths(str(error))) from error

    def without_paths(self, text: str) -> str:
        """A message that may be published: no path of this machine is left in it."""
        for path, name in ((self.folder, "…"), (PROJECT, "."), (Path.home(), "~")):
            text = text.replace(str(path), name)
        return text

    def ledger_command(self, ledger: Path, *words: str | Path) -> Run:
        """Run `claims` on a ledger."""
        return self.run(self.claims, "--ledger", ledger, *words)

    def work(self, name: str, **options: object) -> tuple[Run, Answer]:
        """Have a process do a piece of work (see `child`)."""
        done = self.run(sys.executable, "-m", "benchmarks.child", name, text=json.dumps(options))
        answer: Answer = json.loads(done.output)
        if "missing" in answer:
            raise Unmeasured(answer["missing"])
        return done, answer

    @contextmanager
    def place(self, name: str) -> "Iterator[Path]":
        """A new folder that is gone afterwards, whatever happens."""
        self._made += 1
        folder = self.folder / f"{name}-{self._made}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    # ── figures ──────────────────────────────────────────────────────────────────────────────

    def figure(self, work: str, contender: str, size: int, unit: str) -> Figure:
        """The figure of one contender, to add a round to."""
        found = self.results.find(work, contender, size)
        if found is None:
            found = Figure(work, contender, size, unit)
            self.results.figures.append(found)
        return found

    def whole(self, work: str, contender: str, size: int, done: Run) -> None:
        """Write down what a whole process took."""
        figure = self.figure(work, contender, size, "s")
        figure.values.append(done.seconds)
        figure.cpu_seconds.append(done.cpu_seconds)
        figure.peak_bytes.append(done.peak_bytes)

    def rounds(
        self, work: str, size: int, contenders: Mapping[str, Callable[[], None]], rounds: int = 0
    ) -> None:
        """Let contenders take turns; one that fails is written down once and left out."""
        names, left_out = list(contenders), set[str]()
        for number in range(rounds or self.terms.rounds):
            first = number % len(names)
            for name in (*names[first:], *names[:first]):
                if name in left_out:
                    continue
                say(f"{size:>10,}  {work}: {name}, round {number + 1}")
                try:
                    contenders[name]()
                except Unmeasured as error:
                    left_out.add(name)
                    self.leave_out(work, name, size, str(error))
        if self.output:
            self.results.write(self.output)

    def leave_out(self, work: str, contender: str, size: int, why: str) -> None:
        """Write down that something was not measured; figures of earlier rounds go."""
        say(f"{'':>10}  not measured: {why}")
        kept = [each for each in self.results.figures
                if (each.work, each.contender, each.size) != (work, contender, size)]  # fmt: skip
        self.results.figures[:] = kept
        self.results.missing.append(Missing(work, contender, size, why))


def environment(folder: Path) -> dict[str, str]:
    """What a process is told: keys and temporary files in a folder, nothing of the user's."""
    for name in ("config", "temporary"):
        (folder / name).mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "XDG_CONFIG_HOME": str(folder / "config"),
        "TMPDIR": str(folder / "temporary"),
        "PYTHONPATH": str(PROJECT),
        "CLAIMS_ACTOR": "bench",
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
    }


def say(text: str) -> None:
    """Tell the person who waits."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def size_of(paths: Sequence[Path]) -> int:
    """How many bytes some files have."""
    return sum(path.stat().st_size for path in paths)
