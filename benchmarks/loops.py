"""What is measured within a process: appends to a store, submits, catching up, questions.

Each function is one process's work (see `child`): it takes what JSON can hold and gives the same.
"""

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import source
from benchmarks.generate import CHUNK, SPEAKERS, commands, measure_id, speaker_id
from benchmarks.ready import ACTOR, drafts_of

if TYPE_CHECKING:
    from benchmarks.peers import Store
    from events.record import Draft
    from projections.database import Database

Answer = dict[str, Any]

TURN = 25  # commits

_DISK_BLOCK = 512  # of st_blocks (POSIX leaves it open; Linux and macOS use this)


class Stopwatch:
    """Adds up the time of the parts that are measured."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.cpu_seconds = 0.0
        self.laps: list[float] = []

    @contextmanager
    def lap(self) -> Iterator[None]:
        """Measure what is done inside."""
        cpu, begun = time.process_time(), time.perf_counter()
        yield
        self.laps.append(time.perf_counter() - begun)
        self.cpu_seconds += time.process_time() - cpu
        self.seconds += self.laps[-1]


def append(  # noqa: PLR0913  the options of one process
    *, store: str, folder: str, seed: int, size: int, batch: int, seconds: float, pace: bool = False
) -> Answer:
    """Append events to a new store, `batch` a commit, until there are `size` or time is over.

    With `pace`, a raw loop writes the same beside it, taking turns every 25 commits, since the time
    of a sync depends on what else the disk does; then the answer has the raw loop's time too.
    """
    from benchmarks.peers import RAW, open_store

    watch, raw_watch, count = Stopwatch(), Stopwatch(), 0
    place, beside = Path(folder) / "store", Path(folder) / "raw"
    for each in (place, beside):
        each.mkdir(parents=True)
    with open_store(store, place) as opened, open_store(RAW, beside) as raw:
        for turn in turns(parts(seed, size, batch), TURN if pace else 1):
            append_all(opened, turn, watch)
            if pace:
                append_all(raw, turn, raw_watch)
            count += sum(map(len, turn))
            if watch.seconds + raw_watch.seconds > seconds:
                break
        with watch.lap():
            opened.finish()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)  # such as a server
    return {
        "seconds": watch.seconds,
        "raw_seconds": raw_watch.seconds,
        "events": count,
        "cpu_seconds": watch.cpu_seconds + children.ru_utime + children.ru_stime,
        "disk_bytes": disk_bytes(place),
    }


def append_all(store: "Store", turn: "Sequence[Sequence[Draft]]", watch: Stopwatch) -> None:
    """Append some batches, measuring what is to be measured."""
    for drafts in turn:
        prepared = store.prepare(drafts)
        with watch.lap():
            store.append(prepared)


def turns(made: "Iterator[Sequence[Draft]]", count: int) -> "Iterator[list[Sequence[Draft]]]":
    """Batches in groups of so many."""
    while turn := list(islice(made, count)):
        yield turn


def parts(seed: int, size: int, batch: int) -> Iterator[Sequence["Draft"]]:
    """The events of a ledger in batches of one size, which divides 1,000."""
    assert CHUNK % batch == 0, "a batch must divide 1,000"
    for chunk in source.drafts(seed, size):
        for at in range(0, CHUNK, batch):
            yield chunk[at : at + batch]


def disk_bytes(folder: Path) -> int:
    """What the files of a folder take up on the disk."""
    return sum(path.stat().st_blocks * _DISK_BLOCK for path in folder.rglob("*") if path.is_file())


def submit(*, ledger: str, seed: int, first: int, count: int) -> Answer:
    """Submit statements one by one, with all checks, to a ledger that has `first` commands."""
    from ledger.api import Ledger

    raws = list(commands(seed, first + CHUNK, first))
    things = [raw for raw in raws if raw["command"] in ("register_speaker", "define_measure",
                                                        "cite_source")]  # fmt: skip
    told = (raw for raw in raws if raw["command"] == "record_statement")
    watch = Stopwatch()
    with Ledger.open(ledger, actor=ACTOR, agent="importer") as opened:
        opened.submit(things)
        for raw in islice(told, count):
            with watch.lap():
                opened.submit(raw)
    return {"milliseconds": 1000 * median(watch.laps), "cpu_seconds": watch.cpu_seconds,
            "events": count}  # fmt: skip


def catch_up(*, ledger: str, seed: int, first: int, count: int) -> Answer:
    """Bring open views up to date after somebody else appended one event, again and again."""
    from ledger.api import Ledger
    from ledger.writer import Writer

    drafts = drafts_of(seed, first // CHUNK)[:count]  # speakers, who hang on nothing
    watch = Stopwatch()
    with Ledger.open(ledger, actor=ACTOR) as opened:
        opened.views()
        for draft in drafts:
            with Writer.open(Path(ledger), actor=ACTOR, agent="importer") as writer:
                writer.append([draft])
            with watch.lap():
                size = opened.views().size
            assert size == opened.log.size, "the views did not catch up"
    return {"milliseconds": 1000 * median(watch.laps), "cpu_seconds": watch.cpu_seconds,
            "events": len(drafts)}  # fmt: skip


# ── questions ────────────────────────────────────────────────────────────────────────────────


def questions(chunks: int) -> dict[str, str]:
    """The SQL of each question, for a ledger of so many chunks.

    The speaker has rank 100 among those who speak, the measure rank 20; fewer where there are few.
    """
    speaker = speaker_id(min(100, chunks * SPEAKERS // 2))
    measure = measure_id(min(20, chunks // 2))
    return {
        "one speaker's statements": f"from statements where speaker_id = '{speaker}'",
        "one measure's estimates": f"from estimates where measure_id = '{measure}'",
        "all of claims_by_speaker": "from claims_by_speaker",
        "all of estimates_over_time": "from estimates_over_time",
    }


def ask(*, ledger: str, chunks: int, times: int) -> Answer:
    """Ask each question several times, now and as of the middle: seconds until all rows are there.

    The rows are those that DuckDB has made; turning them into Python objects is not measured.
    """
    from ledger.api import Ledger

    with Ledger.open(ledger) as opened:
        views = opened.views()
        found = {}
        for moment, size in (("now", None), ("halfway", opened.size // 2)):
            views.set_as_of(size)
            for name, sql in questions(chunks).items():
                found[f"{name}, {moment}"] = timed(answering(views, sql), times)
    return found


def answering(views: "Database", sql: str) -> Callable[[], object]:
    """A call that asks once."""
    return lambda: views.connection.sql(sql).materialize()


def timed(call: Callable[[], object], times: int) -> Answer:
    """The median of several calls, after one that is not counted."""
    call()
    watch = Stopwatch()
    for _ in range(times):
        with watch.lap():
            call()
    return {"seconds": median(watch.laps), "cpu_seconds": watch.cpu_seconds / times}


def ask_bare(*, database: str, chunks: int, times: int) -> Answer:
    """The first question on a bare table: no corrections, no earlier moments, no joins."""
    import duckdb

    speaker = speaker_id(min(100, chunks * SPEAKERS // 2))
    sql = (
        "select sequence, time, data from events where type = 'claims.statement.recorded.v1'"
        " and data.speaker_id = getvariable('speaker')"
    )
    with duckdb.connect(database, read_only=True) as connection:
        connection.execute("set variable speaker = ?", [speaker])
        return timed(lambda: connection.sql(sql).materialize(), times)
