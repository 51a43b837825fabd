"""The benchmark: its events are seeded and those that the ledger makes; a small run works."""

import json
import os
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
import zstandard

from benchmarks import names, source, works
from benchmarks.aims import AIMS
from benchmarks.chart import chart
from benchmarks.generate import CHUNK, STATEMENTS, commands, ranked, write_ndjson
from benchmarks.given import NotThatLedger, given_ledgers
from benchmarks.measure import Failed, TookTooLong, held_bytes, processes_of, run
from benchmarks.page import BEGIN, END, publish, tables
from benchmarks.peers import LEDGER, RAW, SEALED
from benchmarks.ready import batches, drafts_of
from benchmarks.results import Figure, Missing, NotOneRun, Results, read_results, spread
from benchmarks.table import aims_table, side_by_side
from benchmarks.words import draw, vocabulary
from events.codec import encode_batch
from events.record import Placing
from ledger.api import Ledger
from ledger.create import create_ledger
from ledger.writer import Writer

SEED = 20
PROJECT = Path(__file__).parent.parent


def told(size: int) -> list[dict[str, Any]]:
    """The statements of a ledger."""
    return [raw for raw in commands(SEED, size) if raw["command"] == "record_statement"]


# ── the generator ────────────────────────────────────────────────────────────────────────────


def test_the_same_seed_gives_the_same_commands() -> None:
    """Twice the same, another seed another ledger, a small one the beginning of a large one."""
    once = list(commands(SEED, 2 * CHUNK))
    assert once == list(commands(SEED, 2 * CHUNK))
    assert once[CHUNK:] == list(commands(SEED, 2 * CHUNK, CHUNK))
    assert once[:CHUNK] == list(islice(commands(SEED, 5 * CHUNK), CHUNK))
    assert once != list(commands(SEED + 1, 2 * CHUNK))


def test_the_file_of_commands_holds_them(tmp_path: Path) -> None:
    """One command a line, as JSON."""
    path = tmp_path / "commands.ndjson"
    assert write_ndjson(path, SEED, CHUNK) == path.stat().st_size
    lines = path.read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == list(commands(SEED, CHUNK))


def test_other_processes_generate_the_same(tmp_path: Path) -> None:
    """Events and commands, whichever process made them, in their order."""
    assert list(source.drafts(SEED, 7 * CHUNK)) == list(batches(SEED, 7 * CHUNK))
    one, other = tmp_path / "one", tmp_path / "other"
    assert source.write_ndjson(one, SEED, 3 * CHUNK) == write_ndjson(other, SEED, 3 * CHUNK)
    assert one.read_bytes() == other.read_bytes()


def test_ready_made_events_are_those_that_the_ledger_makes(ledger: Ledger) -> None:
    """Submitted, the commands become the same events, in the same places."""
    wanted = [draft for batch in batches(SEED, 2 * CHUNK) for draft in batch]
    ledger.submit([raw | {"agent": "importer", "actor": "bench"}
                   for raw in commands(SEED, 2 * CHUNK)])  # fmt: skip
    made = list(ledger.events(1))
    assert len(made) == len(wanted)
    for event, draft in zip(made, wanted, strict=True):
        said = (draft.data, draft.subject, draft.key, draft.actor, draft.agent)
        assert (event.data, event.subject, event.key, event.actor, event.agent) == said


def test_the_shares_are_those_that_are_told() -> None:
    """1 statement in 5 has a number, 1 in 100 is revised, and a few speakers say most."""
    size = 10 * CHUNK
    statements = told(size)
    kinds = Counter(raw["command"] for raw in commands(SEED, size))
    assert len(statements) == STATEMENTS * size // CHUNK
    assert mean("estimates" in raw for raw in statements) == pytest.approx(0.2, abs=0.02)
    assert kinds["revise_statement"] / len(statements) == pytest.approx(0.01, abs=0.001)
    said = sorted(Counter(raw["speaker_id"] for raw in statements).values(), reverse=True)
    assert sum(said[:6]) > len(statements) * 0.4  # a tenth of the speakers


@pytest.mark.parametrize("count", [1, 2, 1_000])
def test_ranks_follow_zipf(count: int) -> None:
    """The ranks 10 to 20 come as often together as 100 to 200."""
    import random

    drawn = Counter(ranked(random.Random(number), count) for number in range(20_000))
    assert min(drawn) >= 0
    assert max(drawn) < count
    if count == 1_000:
        near = sum(drawn[rank] for rank in range(9, 19))
        far = sum(drawn[rank] for rank in range(99, 199))
        assert near / far == pytest.approx(1, abs=0.15)


def test_lines_have_the_length_and_the_repetition_of_real_ones() -> None:
    """About 1.2 kB; a compressor finds no more in the texts than in those that people write.

    Real claims with their reviews (FACTCK.BR, 420 kB) are compressed to 0.29.
    """
    from datetime import UTC, datetime

    placing = Placing(origin="example.org/b", first=1, count=CHUNK, time=datetime.now(tz=UTC))
    lines = encode_batch(drafts_of(SEED, 0), placing)
    assert mean(map(len, lines)) == pytest.approx(1_200, abs=100)
    texts = "\n".join(raw["reports"][0]["quote"] for raw in told(2 * CHUNK)).encode()
    packed = zstandard.ZstdCompressor(level=6).compress(texts[: 1 << 20])
    assert 0.29 < len(packed) / len(texts[: 1 << 20]) < 0.45


def test_words_are_drawn_by_their_frequency() -> None:
    """The first word is the most frequent; thousands of others come too."""
    import random

    words = vocabulary()
    drawn = Counter(draw(random.Random(1), 200_000))
    assert drawn.most_common(1)[0][0] == words[0]
    assert len(set(words)) > 4_000
    assert len(drawn) > 3_000


# ── measuring ────────────────────────────────────────────────────────────────────────────────


def timed(tmp_path: Path, code: str, limit: float = 30.0) -> Any:  # noqa: ANN401  a Run
    """A process that runs some Python."""
    return run([sys.executable, "-c", code], env=os.environ, folder=tmp_path, limit_seconds=limit)


def test_a_process_is_measured_with_those_under_it(tmp_path: Path) -> None:
    """Processor time and memory of a child's child count."""
    inner = "x = bytearray(120_000_000); x[::4096] = b'1' * len(x[::4096]); sum(range(3_000_000))"
    done = timed(
        tmp_path, f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    )
    assert done.peak_bytes > 120_000_000
    assert done.cpu_seconds > 0.03
    assert done.seconds > 0.03


def test_memory_of_processes_that_generate_does_not_count(tmp_path: Path) -> None:
    """Nor their time: they are not a part of what is measured."""
    code = (
        "from benchmarks import source\n"
        "import resource\n"
        "print(sum(map(len, source.drafts(20, 8_000))),"
        " resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, flush=True)"
    )
    alone = timed(tmp_path, "import benchmarks.source")
    done = timed(tmp_path, code)
    assert done.output.split() == ["8000", "0"]
    assert done.peak_bytes < alone.peak_bytes + 60_000_000
    assert os.getpid() in processes_of(os.getpid())
    assert held_bytes(os.getpid()) > 10_000_000


def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    """The last line of its words."""
    with pytest.raises(Failed, match=r"^no such thing$"):
        timed(tmp_path, "import sys; sys.exit('first\\nerror: no such thing.\\n   do: nothing')")
    bug = "try: int('x')\nexcept ValueError as e:\n import traceback; traceback.print_exc()"
    with pytest.raises(Failed, match=r"^ValueError: invalid literal .*'x'$"):
        timed(tmp_path, f"{bug}\n raise SystemExit('A bug of ours.')")


def test_a_process_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """With what it started."""
    code = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid, flush=True); input()"
    slow = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"
    with pytest.raises(TookTooLong, match="longer than 1 s"):
        timed(tmp_path, slow.replace("input()", "__import__('time').sleep(60)"), limit=1.0)


def test_a_sealed_segment_is_measured_in_all_its_frames(tmp_path: Path) -> None:
    """Also with a frame at the end that every reader passes over, such as a seek table."""
    frame = zstandard.ZstdCompressor().compress(b"a line\n" * 100)
    path = tmp_path / "0.jsonl.zst"
    path.write_bytes(frame + frame + b"\x5e\x2a\x4d\x18\x03\0\0\0abc")
    assert works.plain_bytes(path) == 1_400


# ── tables ───────────────────────────────────────────────────────────────────────────────────


def results(**speeds: float) -> Results:
    """Results of appending in batches, by contender, and of a rebuild."""
    figures = [
        Figure(names.BATCHED, name.replace("_", "-"), 1_000_000, "events/s",
               [speed, speed * 2, speed * 3], [1_000] * 3, [0.1] * 3, [10**8] * 3, [10**6] * 3)
        for name, speed in speeds.items()
    ]  # fmt: skip
    rebuilt = Figure(names.REBUILD, LEDGER, 1_000_000, "s", [4.0, 5.0, 6.0], [], [8.0], [10**9])
    bare = Figure(names.REBUILD, names.SAME, 1_000_000, "s", [2.0, 5.0, 9.0], [], [8.0], [10**9])
    on = {"cores": 2, "processor": "p", "memory_bytes": 2**34, "system": "s", "file_system": "f",
          "sync_milliseconds": 1.0, "load": 0.0}  # fmt: skip
    missing = [Missing(names.BATCHED, "umadb", 1_000_000, "umadb is not installed")]
    return Results("2026-11-20", SEED, 3, [1_000_000], on, {"python": "3.11"},
                   [*figures, rebuilt, bare], missing)  # fmt: skip


def test_a_peer_that_wins_is_named() -> None:
    """In bold, with how much faster it was; the raw loop is no peer."""
    text = side_by_side(results(ledger=100, raw=900, recorder=150, duckdb=50), names.BATCHED)
    assert "**Faster than the ledger here: eventsourcing, recorder on SQLite (1.50 ×).**" in text
    assert "UmaDB, server and Python client: not measured, umadb is not installed." in text
    text = side_by_side(results(ledger=100, ledger_sealed=150, raw=900, duckdb=50), names.BATCHED)
    assert "No peer was faster than the ledger here." in text


def test_ratios_are_made_within_a_round() -> None:
    """Not of the medians: 2/4, 5/5 and 9/6, whose median is 1."""
    found = results(ledger=100).ratio(names.REBUILD, names.SAME, LEDGER, 1_000_000)
    assert found == spread([0.5, 1.0, 1.5])


def test_a_verdict_stands_where_it_may() -> None:
    """Met, floor met, below; and none for a ledger that is smaller than the aim is for."""
    by_work = {aim.work: aim for aim in AIMS}
    caught_up = by_work["views catch up after one event"]
    verdicts = [caught_up.verdict(value, 10_000_000) for value in (39, 99, 101)]
    assert verdicts == ["aim met", "floor met", "below the floor"]
    assert caught_up.verdict(39, 1_000_000) == ""
    assert "200 (100–300), below the floor" in aims_table(results(ledger=100, duckdb=50))
    assert "2.00 ×, aim met" in aims_table(results(ledger=100, duckdb=50))


def test_publishing_keeps_what_people_wrote(tmp_path: Path) -> None:
    """The tables are replaced, the words around them stay; JSON and chart lie beside."""
    page = tmp_path / "benchmarks.md"
    page.write_text(f"before\n{BEGIN}old\n{END}after\n", "utf-8")
    found = results(ledger=100, raw=900)
    publish(found, tmp_path)
    assert page.read_text("utf-8") == f"before\n{BEGIN}\n{tables(found)}\n{END}after\n"
    assert read_results(tmp_path / "benchmarks.json") == found
    assert (tmp_path / "benchmarks.svg").read_text("utf-8") == chart(found)
    assert "Claims Ledger (Writer.append)" in chart(found)


def test_a_later_run_renews_what_it_measured() -> None:
    """All contenders of a work at a size come from one run; all other works stay."""
    run, later = results(ledger=100, raw=900), results(ledger=200)
    size, kept = run.sizes[0], Figure("another", LEDGER, run.sizes[0], "s", [1.0])
    run.figures.append(kept)
    run.missing.append(Missing(names.BATCHED, "duckdb", size, "no room"))
    later.figures = [each for each in later.figures if each.work == names.BATCHED]
    run.renew(later)
    assert run.of_work(names.BATCHED, size) == later.figures
    assert run.find("another", LEDGER, size) == kept
    assert run.missing == later.missing
    assert f"Measured anew: {names.BATCHED} at {size:,}: " in tables(run)
    for wrong, what in (({"seed": 21}, "seed"), ({"sizes": [7]}, "sizes")):
        run = results(ledger=100)
        vars(run).update(wrong)
        with pytest.raises(NotOneRun, match=f"the same {what}"):
            run.renew(later)


# ── ledgers that were made earlier ───────────────────────────────────────────────────────────


def made_earlier(folder: Path, seed: int, size: int) -> Path:
    """A ledger of the generator's events."""
    create_ledger(folder, origin=f"example.org/{folder.name}", actor="bench")
    with Writer.open(folder, actor="bench") as writer:
        for batch in batches(seed, size):
            writer.append(batch)
    return folder


def test_a_ledger_made_earlier_is_copied_with_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is known by its size, and goes on where it ended, in a place of its own."""
    folder = made_earlier(tmp_path / "earlier", SEED, 2 * CHUNK)
    [(size, given)] = given_ledgers([folder], SEED).items()
    assert size == 2 * CHUNK
    config = tmp_path / "other config"
    copied = given.copy(tmp_path, {"XDG_CONFIG_HOME": str(config)})
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))
    with Writer.open(copied, actor="bench") as writer:
        assert writer.append(drafts_of(SEED, 2)).first == size + 1
    assert Ledger.open(folder).size == size + 1


def test_a_ledger_of_something_else_is_not_taken(tmp_path: Path) -> None:
    """Of another seed, of another number of events, or without its key."""
    folder = made_earlier(tmp_path / "earlier", SEED + 1, CHUNK)
    with pytest.raises(NotThatLedger, match="not those of seed 20"):
        given_ledgers([folder], SEED)
    with Writer.open(folder, actor="bench") as writer:
        writer.append(drafts_of(SEED, 1)[:2])
    with pytest.raises(NotThatLedger, match="1,002 events beyond the first"):
        given_ledgers([folder], SEED + 1)


# ── a run ────────────────────────────────────────────────────────────────────────────────────


def small_run(tmp_path: Path, *words: str) -> Results:
    """A run at 1,000 events, from which nothing is left behind but what it prints and writes."""
    folder, output = tmp_path / "disk", tmp_path / "results.json"
    folder.mkdir()
    call = [sys.executable, "-m", "benchmarks", "--quick", "--sizes", "1000", *words]
    done = subprocess.run(
        [*call, "--folder", str(folder), "--output", str(output)],
        cwd=PROJECT, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == []
    found = read_results(output)
    assert done.stdout == tables(found)
    for each in found.missing:
        assert each.why.endswith("is not installed") or each.work == names.SEAL, each
    assert all(value > 0 for each in found.figures for value in each.values)
    assert str(tmp_path) not in output.read_text("utf-8")
    assert str(PROJECT) not in output.read_text("utf-8")
    return found


@pytest.mark.slow
def test_a_small_run_works_from_end_to_end(tmp_path: Path) -> None:
    """Stores, a ledger and its rebuild beside bare DuckDB: measured, or it says why not."""
    found = small_run(tmp_path, "--only", "stores", "rebuild")
    measured = {(each.work, each.contender) for each in found.figures}
    for work in (names.SINGLE, names.BATCHED):
        assert {(work, LEDGER), (work, RAW), (work, "duckdb")} <= measured
    assert (names.BATCHED, SEALED) in measured
    assert (names.BUILD, LEDGER) in measured
    assert {(names.REBUILD, name) for name in (LEDGER, names.SAME, names.FEW)} <= measured
    assert found.ratio(names.REBUILD, names.SAME, LEDGER, 1_000)


@pytest.mark.slow
def test_every_work_is_measured(tmp_path: Path) -> None:
    """All of them, once."""
    measured = {each.work for each in small_run(tmp_path).figures}
    for work in (names.COMMANDS, names.AGAIN, names.VERIFY, names.CATCH_UP, names.SUBMIT,
                 names.STATUS, names.ADD, names.HELP):  # fmt: skip
        assert work in measured
    for work in (names.ASKS, names.OPENS):
        assert {f"{work}: {which}" for which in (names.MEDIAN, names.LONGEST)} <= measured
    assert sum(work.startswith(names.ASK) for work in measured) == 8
