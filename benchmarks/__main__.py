"""`python -m benchmarks`: measure, print the tables, and keep them where it is asked for."""

import argparse
import platform
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from benchmarks.generate import CHUNK
from benchmarks.given import NotThatLedger, given_ledgers
from benchmarks.machine import machine, versions
from benchmarks.page import publish, tables
from benchmarks.plan import Bench, Terms, say
from benchmarks.results import NotOneRun, Results, read_results
from benchmarks.table import QUIET_LOAD
from benchmarks.works import PARTS, Works
from ledger.errors import ClaimsError

SIZES = [100_000, 1_000_000]
QUICK_SIZES = [10_000]
REPEATS, QUICK_REPEATS = 50, 5  # of a single submit within a process
IN_MEMORY = ("tmpfs", "ramfs")


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=size, nargs="+", help="events; 100000 1000000 unless told")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run (default 3)")
    parser.add_argument("--seed", type=int, default=20, help="of the generator (default 20)")
    parser.add_argument("--quick", action="store_true", help="10,000 events, and one round")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="these works alone")
    parser.add_argument("--slice", type=float, default=6.0, metavar="SECONDS",
                        help="the most that a store may take in a round (default 6)")  # fmt: skip
    parser.add_argument("--limit", type=float, default=3600.0, metavar="SECONDS",
                        help="the most that a process may take (default 3600)")  # fmt: skip
    parser.add_argument(
        "--folder", type=Path, help="where to work; a folder on the disk to measure"
    )
    parser.add_argument("--ledger", type=Path, nargs="+", default=[], metavar="DIR",
                        help="take these for their sizes, instead of appending all: ledgers of the"
                             " same seed, whose keys are in the key folder")  # fmt: skip
    parser.add_argument(
        "--output", type=Path, metavar="JSON", help="write all figures there, after each work"
    )
    parser.add_argument("--publish", type=Path, metavar="DIR",
                        help="renew benchmarks.md, .json and .svg in a folder")  # fmt: skip
    parser.add_argument("--from", type=Path, nargs="+", metavar="JSON", dest="given",
                        help="measure nothing; take the figures of an earlier run, and of later"
                             " ones what they measured anew on the same machine")  # fmt: skip
    return parser.parse_args(words)


def size(text: str) -> int:
    """A number of events: a multiple of 1,000, as the generator makes them."""
    number = int(float(text)) if "e" in text else int(text.replace("_", "").replace(",", ""))
    if number < CHUNK or number % CHUNK:
        raise argparse.ArgumentTypeError(f"{text} is not a multiple of {CHUNK:,}")
    return number


def wanted(asked: argparse.Namespace, *, largest: bool) -> set[str]:
    """What to do at a size: the stores stand side by side at the largest one only."""
    return set(asked.only) - (set() if largest else {"stores"})


def measure(asked: argparse.Namespace) -> Results:
    """Run everything, in a folder that is gone afterwards."""
    given = given_ledgers(asked.ledger, asked.seed)
    asked_for = asked.sizes or sorted(given) or (QUICK_SIZES if asked.quick else SIZES)
    sizes = sorted(asked_for)
    folder = Path(mkdtemp(prefix="claims-bench-", dir=asked.folder))
    try:
        results = Results(
            measured_at=datetime.now(tz=UTC).isoformat(timespec="seconds"),
            seed=asked.seed,
            rounds=1 if asked.quick else asked.rounds,
            sizes=sizes,
            machine=machine(folder),
            versions=versions(),
        )
        if results.machine["file_system"] in IN_MEMORY:
            say("This folder lies in memory: every sync is free. Name another with --folder.")
        repeats = QUICK_REPEATS if asked.quick else REPEATS
        if results.machine["load"] > QUIET_LOAD * results.machine["cores"]:
            say("Other work keeps this machine busy: the figures will be of no use.")
        terms = Terms(asked.seed, results.rounds, asked.slice, asked.limit, repeats, given)
        bench = Bench(results, folder, terms, asked.output)
        for number in sizes:
            Works(bench, number, wanted(asked, largest=number == sizes[-1])).all()
        return results
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_runs(files: list[Path]) -> Results:
    """What a run measured, and what later ones measured anew."""
    results, *later = map(read_results, files)
    for each in later:
        results.renew(each)
    return results


def main() -> int:
    """Measure, or read what was measured; print and keep it."""
    asked = arguments()
    if platform.system() == "Windows":
        say("The benchmark runs on Linux and macOS.")
        return 2
    try:
        results = read_runs(asked.given) if asked.given else measure(asked)
    except (NotThatLedger, ClaimsError, NotOneRun) as error:
        say(f"{error}")
        return 2
    if asked.output:
        results.write(asked.output)
    if asked.publish:
        publish(results, asked.publish)
    sys.stdout.write(tables(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
