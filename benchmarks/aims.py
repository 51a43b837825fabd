"""What is aimed at in each work, the floor, and how the figure is made of the results."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benchmarks import names
from benchmarks.peers import LEDGER, OURS
from benchmarks.results import Figure, Results, Spread, best, spread

Measured = Callable[[Results, int], Spread | None]

TEN_MILLION = 10_000_000
ONE_MILLION = 1_000_000


@dataclass(frozen=True)
class Aim:
    """A row of the table. `at` is the size from which on the aim holds.

    `more` says whether more is better; `show` turns a figure into text.
    """

    work: str
    aim: float
    floor: float
    measured: Measured
    show: str = "{:.2f} s"
    more: bool = False
    at: int = 0

    def verdict(self, value: float, size: int) -> str:
        """What a figure is worth; nothing where the ledger is smaller than the aim is for."""
        if size < self.at:
            return ""
        for limit, word in ((self.aim, "aim met"), (self.floor, "floor met")):
            if value >= limit if self.more else value <= limit:
                return word
        return "below the floor"


def values(work: str, contender: str = LEDGER, scale: float = 1.0) -> Measured:
    """A figure as it was measured."""

    def measured(results: Results, size: int) -> Spread | None:
        found = results.find(work, contender, size)
        return spread([each * scale for each in found.values]) if found else None

    return measured


def rate(work: str) -> Measured:
    """Events or commands a second of a work that was measured in seconds."""

    def measured(results: Results, size: int) -> Spread | None:
        found = results.find(work, LEDGER, size)
        if found is None:
            return None
        return spread([count / taken for count, taken
                       in zip(found.events, found.values, strict=False)])  # fmt: skip

    return measured


def pace(results: Results, size: int) -> Spread | None:
    """Single durable appends against a raw loop beside them."""
    found = results.find(names.SINGLE, LEDGER, size)
    return spread(found.pace) if found and found.pace else None


def against_peers(results: Results, size: int) -> Spread | None:
    """Bulk appends against the fastest store that Python can reach."""
    others = [each for each in results.of_work(names.BATCHED, size)
              if each.contender not in OURS]  # fmt: skip
    peer = best(others)
    return results.ratio(names.BATCHED, LEDGER, peer.contender, size) if peer else None


def speed(peer: str) -> Measured:
    """The speed of a rebuild against bare DuckDB: its seconds by ours."""

    def measured(results: Results, size: int) -> Spread | None:
        return results.ratio(names.REBUILD, peer, LEDGER, size)

    return measured


def cost_growth(work: str) -> Measured:
    """Processor time per event at a size, against that at the smallest that was measured."""

    def measured(results: Results, size: int) -> Spread | None:
        smallest = min(results.sizes)
        here, there = results.find(work, LEDGER, size), results.find(work, LEDGER, smallest)
        if here is None or there is None or size == smallest:
            return None
        base = median(there.cpu_seconds) / smallest
        return spread([each / size / base for each in here.cpu_seconds])

    return measured


def peak(*works: str) -> Measured:
    """The most memory of some works, in GB."""

    def measured(results: Results, size: int) -> Spread | None:
        found: list[Figure] = [each for name in works
                               if (each := results.find(name, LEDGER, size))]  # fmt: skip
        tops = [max(each.peak_bytes) / 1e9 for each in found if each.peak_bytes]
        return Spread(max(tops), min(tops), max(tops)) if tops else None

    return measured


def question(name: str) -> str:
    """The work of a question."""
    return f"{names.ASK}: {name}"


def asked(name: str, aim: float, floor: float) -> list[Aim]:
    """A question, now and as of the middle."""
    return [
        Aim(f"{name}, {moment}", aim, floor, values(question(f"{name}, {moment}")),
            "{:.3f} s", at=TEN_MILLION)
        for moment in ("now", "halfway")
    ]  # fmt: skip


AIMS = (
    Aim("durable append, one a commit ÷ raw append + fsync", 0.75, 0.5, pace, "{:.2f} ×",
        more=True),
    Aim("`Ledger.submit` of one command, all checks, median", 3, 15, values(names.SUBMIT),
        "{:.1f} ms", at=TEN_MILLION),
    Aim("batches of 1,000 ready-made events, tree included, events a second", 250_000, 150_000,
        values(names.BATCHED), "{:,.0f}", more=True),
    Aim("the same ÷ the fastest peer", 1.2, 1.0, against_peers, "{:.2f} ×", more=True),
    Aim("`claims append`, whole process, all checks, commands a second", 100_000, 70_000,
        rate(names.COMMANDS), "{:,.0f}", more=True, at=ONE_MILLION),
    Aim("rebuild, whole process: speed ÷ bare DuckDB, same columns", 0.95, 0.8,
        speed(names.SAME), "{:.2f} ×", more=True, at=ONE_MILLION),
    Aim("rebuild, whole process: speed ÷ bare DuckDB, few columns", 0.95, 0.45,
        speed(names.FEW), "{:.2f} ×", more=True, at=ONE_MILLION),
    Aim("views catch up after one event", 40, 100, values(names.CATCH_UP), "{:.0f} ms",
        at=TEN_MILLION),
    *asked("one speaker's statements", 0.2, 0.5),
    *asked("one measure's estimates", 0.2, 0.5),
    *asked("all of claims_by_speaker", 0.8, 1.5),
    *asked("all of estimates_over_time", 0.8, 1.5),
    Aim("processor time per event, append: ÷ the smallest size", 1.1, 1.25,
        cost_growth(names.BUILD), "{:.2f} ×", at=TEN_MILLION),
    Aim("processor time per event, rebuild: ÷ the smallest size", 1.1, 1.25,
        cost_growth(names.REBUILD), "{:.2f} ×", at=TEN_MILLION),
    Aim("peak memory, append and rebuild", 1.5, 2.5,
        peak(names.BUILD, names.COMMANDS, names.REBUILD), "{:.2f} GB", at=TEN_MILLION),
    Aim("`claims verify --log-only`, whole process, events a second", 400_000, 300_000,
        rate(names.VERIFY_LOG), "{:,.0f}", more=True, at=ONE_MILLION),
    Aim("`claims status`, whole process", 0.15, 0.3, values(names.STATUS)),
    Aim("`claims add`, whole process", 0.3, 0.5, values(names.ADD)),
    Aim("bytes of sealed segments ÷ the plain lines", 0.15, 0.25, values(names.SEALED_BYTES),
        "{:.3f} ×", at=ONE_MILLION),
)  # fmt: skip
