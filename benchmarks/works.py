"""The works that are measured, each with its contenders; `plan` has the machinery."""

import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.generate import CHUNK, speaker_id, thing_id, write_ndjson
from benchmarks.peers import LEDGER, RAW, STORES
from benchmarks.plan import Answer, Bench, Unmeasured, say, size_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

SINGLE, BATCHED = "append one", "append batches of 1,000"
BUILD, COMMANDS, AGAIN = "append all", "claims append", "claims append again"
SEAL, REBUILD, VERIFY = "claims seal", "rebuild", "claims verify"
VERIFY_LOG = "claims verify --log-only"
SEALED_BYTES = "sealed bytes"
ASK, CATCH_UP, SUBMIT = "ask", "catch up", "submit"
STATUS, ADD, HELP = "claims status", "claims add", "claims --help"

SAME, FEW, BARE = "bare DuckDB, same columns", "bare DuckDB, few columns", "bare DuckDB table"

PARTS = (
    "stores", "commands", "build", "seal", "rebuild", "ask", "verify", "submit", "catch-up",
    "typed",
)  # fmt: skip

MOST_BATCHED = 200_000  # events of a store and round
MOST_COMMANDS = 1_000_000
REPEATED = 1_000_000  # up to this size the long works are done in every round, beyond it once
COMMANDS_A_BATCH = 10_000


class Works:
    """All works at one size, or those that are asked for by the names of `PARTS`."""

    def __init__(self, bench: Bench, size: int, wanted: "AbstractSet[str]") -> None:
        self.bench = bench
        self.size = size
        self.wanted = wanted
        self.seed = bench.terms.seed
        self.chunks = size // CHUNK
        self.long_rounds = bench.terms.rounds if size <= REPEATED else 1
        self.appended = 0  # chunks beyond the size that were begun

    def all(self) -> None:
        """Do them, one after another; what they make is gone afterwards."""
        if "stores" in self.wanted:
            self.side_by_side(SINGLE, batch=1, most=CHUNK)
            self.side_by_side(BATCHED, batch=CHUNK, most=MOST_BATCHED)
        if "commands" in self.wanted:
            with self.bench.place("commands") as folder:
                self.commands(folder)
        # `submit` comes first of those that append: its commands refer to those of chunks before.
        parts = {
            "seal": self.seal, "rebuild": self.rebuild, "ask": self.ask, "verify": self.verify,
            "submit": self.submit, "catch-up": self.catch_up, "typed": self.typed,
        }  # fmt: skip
        if not self.wanted & {"build", *parts}:
            return
        with ExitStack() as kept:
            self.bare = kept.enter_context(self.bench.place("bare"))
            ledger = self.build(kept)
            for name, part in parts.items():
                if ledger and name in self.wanted:
                    part(ledger)

    # ── stores ───────────────────────────────────────────────────────────────────────────────

    def side_by_side(self, work: str, *, batch: int, most: int) -> None:
        """Every store in turn, with the same events."""
        once = {name: partial(self.store, work, name, batch, most) for name in STORES}
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

    # ── whole processes ──────────────────────────────────────────────────────────────────────

    def commands(self, folder: Path) -> None:
        """`claims append` of a file of commands, and once more when all of them stand already."""
        file, count = folder / "commands.ndjson", min(self.size, MOST_COMMANDS)
        say(f"{self.size:>10,}  writing {count:,} commands")
        write_ndjson(file, self.seed, count)
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
        self.bench.rounds(REBUILD, self.size, once)

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

    # ── within a process ─────────────────────────────────────────────────────────────────────

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


def plain_bytes(path: Path) -> int:
    """How many bytes of lines a sealed segment holds, read as any zstd."""
    from zstandard import ZstdDecompressor

    with path.open("rb") as file:
        reader = ZstdDecompressor().stream_reader(file, read_across_frames=True)
        return sum(map(len, iter(lambda: reader.read(1 << 20), b"")))


def log_bytes(ledger: Path) -> int:
    """How many bytes the files of a log have."""
    return size_of(list((ledger / "log").iterdir()))
