"""The works that are measured, each with its contenders; `plan` has the machinery."""

import sys
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import source
from benchmarks.generate import CHUNK, speaker_id, thing_id
from benchmarks.inside import Inside
from benchmarks.names import (
    ADD,
    AGAIN,
    BATCHED,
    BUILD,
    COMMANDS,
    FEW,
    HELP,
    REBUILD,
    SAME,
    SEAL,
    SEALED_BYTES,
    SINGLE,
    STATUS,
    VERIFY,
    VERIFY_LOG,
)
from benchmarks.peers import LEDGER, RAW, SEALED, STORES
from benchmarks.plan import Answer, Bench, Unmeasured, say, size_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

PARTS = (
    "stores", "commands", "build", "seal", "rebuild", "ask", "verify", "submit", "catch-up",
    "typed", "share",
)  # fmt: skip

MOST_BATCHED = 200_000  # events of a store and round
MOST_COMMANDS = 1_000_000
REPEATED = 1_000_000  # up to this size the long works are done in every round, beyond it once
REBUILDS = 2  # rounds beyond that size: a ratio is not made of one
COMMANDS_A_BATCH = 10_000


class Works(Inside):
    """All works at one size, or those that are asked for by the names of `PARTS`."""

    def __init__(self, bench: Bench, size: int, wanted: "AbstractSet[str]") -> None:
        self.bench = bench
        self.size = size
        self.wanted = wanted
        self.seed = bench.terms.seed
        self.chunks = size // CHUNK
        self.rounds = bench.terms.rounds
        self.long_rounds = self.rounds if size <= REPEATED else 1
        self.appended = 0  # chunks beyond the size that were begun

    def all(self) -> None:
        """Do them, one after another; what they make is gone afterwards."""
        if "stores" in self.wanted:
            self.side_by_side(SINGLE, batch=1, most=CHUNK)
            self.side_by_side(BATCHED, batch=CHUNK, most=MOST_BATCHED)
        if "commands" in self.wanted and self.counts_commands:
            with self.bench.place("commands") as folder:
                self.commands(folder)
        # What is asked of is sealed. `submit` comes first of those that append: its commands refer
        # to those of chunks before; those that share the ledger append most, and come last.
        parts = {
            "rebuild": self.rebuild, "ask": self.ask, "verify": self.verify,
            "submit": self.submit, "catch-up": self.catch_up, "typed": self.typed,
            "share": self.share,
        }  # fmt: skip
        if not self.wanted & {"build", "seal", *parts}:
            return
        with ExitStack() as kept:
            self.bare = kept.enter_context(self.bench.place("bare"))
            ledger = self.build(kept)
            if ledger and self.wanted & {"seal", *parts}:
                self.seal(ledger)
            if ledger and "rebuild" not in self.wanted and self.wanted & set(parts):
                with suppress(Unmeasured):  # else the first to ask would do it
                    self.bench.ledger_command(ledger, "rebuild")
            for name, part in parts.items():
                if ledger and name in self.wanted:
                    part(ledger)

    # ── stores ───────────────────────────────────────────────────────────────────────────────

    def side_by_side(self, work: str, *, batch: int, most: int) -> None:
        """Every store in turn, with the same events."""
        names = [name for name in STORES if batch > 1 or name != SEALED]  # none is full so soon
        once = {name: partial(self.store, work, name, batch, most) for name in names}
        self.bench.rounds(work, self.size, once)

    def store(self, work: str, name: str, batch: int, most: int) -> None:
        """One store, one round."""
        with self.bench.place(f"{name}-{batch}") as folder:
            done, answer = self.bench.work(
                "append", store=name, folder=str(folder), seed=self.seed,
                size=min(self.size, most), batch=batch, seconds=self.bench.terms.slice_seconds,
                pace=batch == 1 and name != RAW,
            )  # fmt: skip
        self.appended_events(work, name, answer, done.peak_bytes)

    def appended_events(self, work: str, name: str, answer: Answer, peak_bytes: int) -> None:
        """Write down a rate of appending."""
        figure = self.bench.figure(work, name, self.size, "events/s")
        rate = answer["events"] / answer["seconds"]
        figure.values.append(rate)
        figure.events.append(answer["events"])
        figure.cpu_seconds.append(answer["cpu_seconds"])
        figure.peak_bytes.append(peak_bytes)
        figure.disk_bytes.append(answer["disk_bytes"])
        if answer["raw_seconds"]:
            figure.pace.append(rate * answer["raw_seconds"] / answer["events"])

    def build(self, kept: ExitStack) -> Path | None:
        """Append all events; the ledger of the last round is kept for the works that follow."""
        if given := self.bench.terms.given.get(self.size):
            say(f"{self.size:>10,}  copying {given.folder}")
            self.bench.leave_out(BUILD, LEDGER, self.size, "an earlier ledger was taken")
            return given.copy(kept.enter_context(self.bench.place("given")), self.bench.env)
        folders = []

        def once() -> None:
            folder = kept.enter_context(self.bench.place("built"))
            done, answer = self.bench.work(
                "append", store=LEDGER, folder=str(folder), seed=self.seed,
                size=self.size, batch=CHUNK, seconds=self.bench.terms.limit_seconds,
            )  # fmt: skip
            if answer["events"] < self.size:
                raise Unmeasured(f"there was time for {answer['events']:,} events only")
            self.appended_events(BUILD, LEDGER, answer, done.peak_bytes)
            folders.append(folder / "store" / "ledger")

        self.bench.rounds(BUILD, self.size, {LEDGER: once}, self.long_rounds)
        return folders[-1] if folders else None

    @property
    def counts_commands(self) -> bool:
        """Whether commands are measured here: as many as at a smaller size tell nothing new."""
        return self.size <= MOST_COMMANDS or MOST_COMMANDS not in self.bench.results.sizes

    # ── whole processes ──────────────────────────────────────────────────────────────────────

    def commands(self, folder: Path) -> None:
        """`claims append` of a file of commands, and once more when all of them stand already."""
        file, count = folder / "commands.ndjson", min(self.size, MOST_COMMANDS)
        say(f"{self.size:>10,}  writing {count:,} commands")
        source.write_ndjson(file, self.seed, count)
        ledgers = iter(folder / f"ledger-{number}" for number in range(self.bench.terms.rounds))

        def once() -> None:
            ledger = next(ledgers)
            self.bench.run(self.bench.claims, "init", ledger,
                           "--origin", f"example.org/{self.size}/{ledger.name}")  # fmt: skip
            for work in (COMMANDS, AGAIN):
                before = log_bytes(ledger)
                done = self.bench.ledger_command(
                    ledger, "append", "--batch", str(COMMANDS_A_BATCH), file
                )
                if (log_bytes(ledger) > before) != (work == COMMANDS):
                    raise Unmeasured(f"`{work}` did not leave the log as it should")
                self.bench.whole(work, LEDGER, self.size, done)
                self.bench.figure(work, LEDGER, self.size, "s").events.append(count)

        self.bench.rounds(COMMANDS, self.size, {LEDGER: once}, self.long_rounds)

    def seal(self, ledger: Path) -> None:
        """`claims seal`: what the sealed segments take up, against the same lines in the plain."""

        def once() -> None:
            if "seal" not in self.bench.run(self.bench.claims, "--help").output.split():
                raise Unmeasured("this version has no `claims seal`")
            before = set((ledger / "log").glob("*.jsonl.zst"))
            done = self.bench.ledger_command(ledger, "seal")
            sealed = list((ledger / "log").glob("*.jsonl.zst"))
            if not sealed:
                raise Unmeasured("no segment is full at this size")
            if before != set(sealed):  # else all were sealed while they were written
                self.bench.whole(SEAL, LEDGER, self.size, done)
            ratio = self.bench.figure(SEALED_BYTES, LEDGER, self.size, "ratio")
            ratio.values.append(size_of(sealed) / sum(map(plain_bytes, sealed)))
            ratio.disk_bytes.append(size_of(sealed))

        self.bench.rounds(SEAL, self.size, {LEDGER: once}, 1)

    def rebuild(self, ledger: Path) -> None:
        """`claims rebuild` beside DuckDB reading the same lines into one table."""

        def ours() -> None:
            done = self.bench.ledger_command(ledger, "rebuild")
            self.bench.whole(REBUILD, LEDGER, self.size, done)

        def bare(name: str, which: str) -> None:
            target = self.bare / f"{which}.duckdb"
            target.unlink(missing_ok=True)
            done = self.bench.run(
                sys.executable, "-m", "benchmarks.peers.bare", ledger, target, which
            )
            self.bench.whole(REBUILD, name, self.size, done)

        once: dict[str, Callable[[], None]] = {
            LEDGER: ours, SAME: partial(bare, SAME, "same"), FEW: partial(bare, FEW, "few"),
        }  # fmt: skip
        rounds = self.rounds if self.size <= REPEATED else min(self.rounds, REBUILDS)
        self.bench.rounds(REBUILD, self.size, once, rounds)

    def verify(self, ledger: Path) -> None:
        """`claims verify`; a finding ends it with another exit code, which counts as a failure."""

        def once(work: str, *options: str) -> None:
            done = self.bench.ledger_command(ledger, "verify", *options)
            self.bench.whole(work, LEDGER, self.size, done)
            self.bench.figure(work, LEDGER, self.size, "s").events.append(self.size)

        for work, options in ((VERIFY, ()), (VERIFY_LOG, ("--log-only",))):
            contenders = {LEDGER: partial(once, work, *options)}
            self.bench.rounds(work, self.size, contenders, self.long_rounds)

    def typed(self, ledger: Path) -> None:
        """The commands that are typed: they should answer at once."""
        numbers = iter(range(1_000))
        source = thing_id(self.seed, "source", 0)

        def status() -> None:
            self.bench.whole(STATUS, LEDGER, self.size, self.bench.ledger_command(ledger, "status"))

        def add() -> None:
            quote = f"Statement {next(numbers)} of the benchmark, which counts 12,300 of them."
            done = self.bench.ledger_command(
                ledger, "add", "--source", source, "-s", speaker_id(0), "-q", quote, "-n", "12300",
                "-m", "measure-0",
            )  # fmt: skip
            self.bench.whole(ADD, LEDGER, self.size, done)

        def shown() -> None:
            self.bench.whole(HELP, LEDGER, self.size, self.bench.run(self.bench.claims, "--help"))

        for work, once in ((STATUS, status), (ADD, add), (HELP, shown)):
            self.bench.rounds(work, self.size, {LEDGER: once})


def plain_bytes(path: Path) -> int:
    """How many bytes of lines a sealed segment holds, read as any zstd."""
    from zstandard import ZstdDecompressor

    with path.open("rb") as file:
        reader = ZstdDecompressor().stream_reader(file, read_across_frames=True)
        return sum(map(len, iter(lambda: reader.read(1 << 20), b"")))


def log_bytes(ledger: Path) -> int:
    """How many bytes the files of a log have."""
    return size_of(list((ledger / "log").iterdir()))
