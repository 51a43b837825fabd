"""The works that are measured within a process: questions, catching up, submits, readers."""

from pathlib import Path

from benchmarks.generate import CHUNK
from benchmarks.names import (
    ALONE,
    ASK,
    ASKS,
    BARE,
    BESIDE,
    CATCH_UP,
    LONGEST,
    MEDIAN,
    OPENS,
    SUBMIT,
)
from benchmarks.peers import LEDGER
from benchmarks.plan import Bench, Unmeasured

SHARED = 1_000_000  # up to this size: beyond it a rebuild takes longer than the readers read
SHARE_SECONDS = 10.0


class Inside:
    """These works at one size; `Works` has the others."""

    bench: Bench
    size: int
    seed: int
    chunks: int
    long_rounds: int
    bare: Path
    appended: int  # chunks beyond the size that were begun

    def ask(self, ledger: Path) -> None:
        """Questions, now and as of the middle; one of them to the bare table of `rebuild` too."""
        bare = self.bare / "same.duckdb"
        times = max(self.bench.terms.repeats // 10, 2)

        def ours() -> None:
            done, answers = self.bench.work(
                "ask", ledger=str(ledger), chunks=self.chunks, times=times
            )
            for name, answer in answers.items():
                figure = self.bench.figure(f"{ASK}: {name}", LEDGER, self.size, "s")
                figure.values.append(answer["seconds"])
                figure.cpu_seconds.append(answer["cpu_seconds"])
                figure.peak_bytes.append(done.peak_bytes)

        def theirs() -> None:
            if not bare.exists():
                raise Unmeasured("the bare table was not made")
            done, answer = self.bench.work(
                "ask_bare", database=str(bare), chunks=self.chunks, times=times
            )
            name = f"{ASK}: one speaker's statements, now"
            figure = self.bench.figure(name, BARE, self.size, "s")
            figure.values.append(answer["seconds"])
            figure.cpu_seconds.append(answer["cpu_seconds"])
            figure.peak_bytes.append(done.peak_bytes)

        self.bench.rounds(ASK, self.size, {LEDGER: ours, BARE: theirs})

    def catch_up(self, ledger: Path) -> None:
        """Views that are open take in one event that somebody else appended."""
        self.in_process(CATCH_UP, ledger, 8)

    def submit(self, ledger: Path) -> None:
        """One command after another, each with all checks and durable on its own."""
        self.in_process(SUBMIT, ledger, self.bench.terms.repeats)

    def share(self, ledger: Path) -> None:
        """Two readers, alone and beside a process that appends and one that rebuilds."""
        if self.size > SHARED:
            return

        def once() -> None:
            done, answer = self.bench.work(
                "share", ledger=str(ledger), seed=self.seed,
                first=self.size + self.appended * CHUNK,
                seconds=min(SHARE_SECONDS, self.bench.terms.slice_seconds * 2),
            )  # fmt: skip
            self.appended += answer["appended"] // CHUNK + 2
            for contender, found in ((ALONE, answer["alone"]), (BESIDE, answer["beside"])):
                for work, laps in ((ASKS, found["asks"]), (OPENS, found["opens"])):
                    for which in (MEDIAN, LONGEST):
                        figure = self.bench.figure(f"{work}: {which}", contender, self.size, "ms")
                        figure.values.append(laps[which])
                        figure.events.append(laps["count"])
                        figure.cpu_seconds.append(done.cpu_seconds)
                        figure.peak_bytes.append(done.peak_bytes)

        self.bench.rounds(ASKS, self.size, {BESIDE: once}, self.long_rounds)

    def in_process(self, work: str, ledger: Path, count: int) -> None:
        """A work that appends a little to the ledger; each round goes on where the last ended."""

        def once() -> None:
            first = self.size + self.appended * CHUNK
            self.appended += 1
            done, answer = self.bench.work(
                work.replace(" ", "_"), ledger=str(ledger), seed=self.seed, first=first, count=count
            )
            figure = self.bench.figure(work, LEDGER, self.size, "ms")
            figure.values.append(answer["milliseconds"])
            figure.events.append(answer["events"])
            figure.cpu_seconds.append(answer["cpu_seconds"])
            figure.peak_bytes.append(done.peak_bytes)

        self.bench.rounds(work, self.size, {LEDGER: once})
