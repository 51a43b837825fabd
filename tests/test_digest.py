"""The canonical digests of views: what goes into them, and all that does not."""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
import test_scale
from cli_tools import arguments
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import BEGINNING, EVERY_KIND, Command, histories
from test_time_travel import (
    ALL,
    FEW,
    append_history,
    append_history_part,
    new_ledger,
)
from test_views import BASE

import projections.database
from ledger.api import Ledger
from ledger.audits.views import check_views
from ledger.findings import Findings
from ledger.log import Log
from projections import catalog
from projections.build import rebuild
from projections.database import Database
from projections.digest import Digest, digest_rows, digest_views, unordered
from projections.fingerprint import fingerprint_file
from projections.stamp import view_file

quick = settings(deadline=None, max_examples=2, suppress_health_check=[HealthCheck.too_slow])
thorough = settings(quick, max_examples=25)

Digests = dict[str, str]


# ── what goes into a digest ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("beforehand", [()], ids=["nothing"])
def test_a_digest_is_that_of_header_and_sorted_rows(ledger: Ledger) -> None:
    """The digest of a view can be computed from its definition with a hash function and JSON."""
    ledger.submit([
        {"command": "define_measure", "measure_id": "b", "label": 'b ü"\\', "unit": "people",
         "tags": ["x", "y"]},
        {"command": "define_measure", "measure_id": "a", "label": "a", "kind": "share"},
    ])  # fmt: skip
    events = {event.position: event for event in ledger.events()}
    at = [f"{events[position].time:%Y-%m-%d %H:%M:%S.%f}".rstrip("0").rstrip(".")
          for position in range(3)]  # fmt: skip
    rows: list[dict[str, object]] = [
        {"measure_id": "b", "label": 'b ü"\\', "unit": "people", "definition": None, "kind": None,
         "tags": ["x", "y"], "note": None, "position": 1, "recorded_at": at[1], "actor": "ana"},
        {"measure_id": "a", "label": "a", "unit": None, "definition": None, "kind": "share",
         "tags": None, "note": None, "position": 2, "recorded_at": at[2], "actor": "ana"},
    ]  # fmt: skip
    kinds = {"tags": "VARCHAR[]", "position": "BIGINT", "recorded_at": "TIMESTAMP"}
    header = "".join(f"{name} {kinds.get(name, 'VARCHAR')}\n" for name in rows[0])
    texts = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    hashes = sorted(hashlib.sha256(text.encode()).digest() for text in texts)
    wanted = hashlib.sha256(f"measures\n{header}\n".encode() + b"".join(hashes)).hexdigest()

    assert ledger.views().digests(["measures"]) == {"measures": wanted}


VALUES = (
    "null::double", "0.1::double", "1e300::double", "'-0'::double", "2::double", "1/3::double",
    "null::varchar", "''", "'null'", "'a,b'", "date '0001-01-01'", "date '2018-02-01'",
    "timestamp '2018-02-01 00:00:00'", "timestamp '2018-02-01 00:00:00.000001'",
    "null::varchar[]", "[]::varchar[]", "[null]::varchar[]", "['a', 'b']", "['b', 'a']", "['a,b']",
    "map {'a': 'x', 'b': 'y'}", "map {'b': 'y', 'a': 'x'}", "map {}::map(varchar, varchar)",
    "{a: null::varchar, b: 'x'}", "{a: 'x', b: null::varchar}", "true", "false", "null::boolean",
    "9007199254740993::bigint", "9007199254740992::bigint", "'{\"a\": 1}'", "'{\"a\": 1}'::json",
    "'{\"a\": 2}'::json", "'ü'", "'u\u0308'", "'\u2028'", "chr(9)",
)  # fmt: skip


def test_every_value_has_a_digest_of_its_own() -> None:
    """Values of every kind, nulls and types too, are told apart."""
    with duckdb.connect() as connection:
        made = {value: digest_rows(connection, "x", f"select {value} as v") for value in VALUES}

    assert len(set(made.values())) == len(VALUES)


@quick
@given(
    rows=st.lists(st.tuples(st.integers(0, 3) | st.none(), st.floats() | st.none()), max_size=8),
    seed=st.integers(),
)
def test_order_does_not_count_and_repetition_does(
    rows: list[tuple[int | None, float | None]], seed: int
) -> None:
    """Rows in another order have the same digest; a row once more, or once less, has another."""
    shuffled = random.Random(seed).sample(rows, len(rows))
    with duckdb.connect() as connection:
        found = of_rows(connection, rows)
        assert of_rows(connection, shuffled) == found
        assert of_rows(connection, [*rows, (0, 0.0)]).hex != found.hex
        if rows:
            assert of_rows(connection, [*rows, rows[0]]).hex != found.hex
            assert of_rows(connection, rows[1:]).hex != found.hex


def of_rows(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[tuple[int | None, float | None]]
) -> Digest:
    """The digest of rows in a table."""
    connection.execute("create or replace table t (a integer, b double)")
    if rows:
        connection.executemany("insert into t values (?, ?)", rows)
    found = digest_rows(connection, "t", "from t")
    assert found.rows == len(rows)
    return found


def test_names_and_columns_count(ledger: Ledger) -> None:
    """The same rows under another name, and other columns, have another digest."""
    connection = ledger.views().connection
    alike = [digest_rows(connection, name, "from speakers").hex for name in ("a", "b")]
    renamed = digest_rows(connection, "a", "select * rename (kind as sort) from speakers").hex

    assert len({*alike, renamed}) == 3


@pytest.mark.parametrize("beforehand", [BASE], ids=["several of each"])
@pytest.mark.slow
def test_a_view_is_digested_as_it_is_asked(ledger: Ledger) -> None:
    """Leaving out the last `order by` of a view changes nothing: its rows are those of the view."""
    compare_with_rows_as_asked(ledger)


@pytest.mark.slow
@thorough
@given(history=histories)
def test_a_view_is_digested_as_it_is_asked_for_many_histories(history: list[Command]) -> None:
    """The digest of a view is that of its rows, tried on many histories."""
    with TemporaryDirectory() as made, new_ledger(Path(made)) as ledger:
        append_history(ledger, history)
        compare_with_rows_as_asked(ledger)


def compare_with_rows_as_asked(ledger: Ledger) -> None:
    """Digest each view as it is defined, and as anybody asks it."""
    connection = ledger.views().connection
    for name, found in digest_views(connection):
        assert found == digest_rows(connection, name, f"from {name}")


def test_only_the_last_order_is_left_out() -> None:
    """Inner orders, which decide what a row says, stay; and none is left at the end."""
    for view in catalog.views():
        left = unordered(view.select)
        assert view.select.startswith(left)
        assert "order by" not in view.select[len(left) + len("order by") :]
        assert not any(line.startswith("order by") for line in left.splitlines())


# ── what does not ────────────────────────────────────────────────────────────────────────────


def test_digests_do_not_depend_on_the_way() -> None:
    """Catching up, merging, rebuilding, replaying, one thread and another place agree."""
    compare_ways(EVERY_KIND, [2, 7, 5], FEW)


@pytest.mark.slow
@thorough
@given(history=histories, steps=st.lists(st.integers(1, 9), max_size=4))
def test_digests_do_not_depend_on_the_way_for_many_histories(
    history: list[Command], steps: list[int]
) -> None:
    """All ways to all views agree, tried on many histories."""
    compare_ways(history, steps, ALL)


def compare_ways(history: Sequence[Command], steps: list[int], names: Sequence[str]) -> None:
    """Come to the views of a history's ledger in every way there is, and compare the digests."""
    with TemporaryDirectory() as made, new_ledger(Path(made)) as ledger:
        live, rest = ledger.views(), list(history)
        for step in (*steps, len(rest)):
            append_history_part(ledger, rest[:step])
            rest = rest[step:]
            ledger.log.refresh()
            live.catch_up()
        wanted = live.digests(names)
        with ledger.replay() as replayed:
            replayed.connection.execute("set threads = 1")
            assert replayed.digests(names) == wanted
        with merging_at(1), Database.open(ledger.log) as merged:
            assert merged.built.size == ledger.size
            assert merged.digests(names) == wanted
        rebuild(ledger.log)
        size = ledger.size
        ledger.close()
        with moved(ledger) as elsewhere:
            assert elsewhere.views().built.size == size
            assert elsewhere.views().digests(names) == wanted


class merging_at:  # noqa: N801  it reads as a with statement
    """Merge into the view file after fewer events than usual."""

    def __init__(self, events: int) -> None:
        self.events = events
        self.usual = projections.database.MERGE_AT

    def __enter__(self) -> None:
        projections.database.MERGE_AT = self.events

    def __exit__(self, *_: object) -> None:
        projections.database.MERGE_AT = self.usual


def moved(ledger: Ledger) -> Ledger:
    """The ledger in another folder; its old one is gone."""
    folder = ledger.log.folder
    place = folder.with_name("elsewhere")
    shutil.move(folder, place)
    return Ledger.open(place)


def test_digests_as_of_are_those_of_a_replay() -> None:
    """As of a size the views have the digests of a real replay to it."""
    compare_as_of(EVERY_KIND, 27, FEW)


@pytest.mark.slow
@thorough
@given(history=histories, size=st.integers(0, 40))
def test_digests_as_of_are_those_of_a_replay_for_many_histories(
    history: list[Command], size: int
) -> None:
    """As of a size all views have the digests of a real replay, tried on many histories."""
    compare_as_of(history, size, ALL)


def compare_as_of(history: Sequence[Command], size: int, names: Sequence[str]) -> None:
    """Digest views as of a size, and those of a replay to it."""
    with TemporaryDirectory() as made, new_ledger(Path(made)) as ledger:
        append_history(ledger, history)
        size = min(size, ledger.size)
        live = ledger.views()
        live.set_as_of(size)
        with ledger.replay(size) as replayed:
            assert live.digests(names) == replayed.digests(names)


@pytest.mark.slow
def test_threads_and_merges_do_not_count_in_a_large_ledger(tmp_path: Path) -> None:
    """With 110,000 events, one processor and two, a merge and a tail give the same digests."""
    folder = tmp_path / "ledger"
    test_scale.fill(folder)
    with Ledger.open(folder) as ledger:
        half = ledger.size - 5_000
        with merging_at(1), Database.replay(ledger.log, half) as views:
            views.catch_up()
            wanted = views.digests()
        alone = replayed_on(folder, {0})
        assert replayed_on(folder, set(os.sched_getaffinity(0))) == alone == wanted


def replayed_on(folder: Path, processors: set[int]) -> Digests:
    """The digests of a replay in a process that may use some processors only."""
    words = ("replay", "--to", "2999-01-01", "--json")
    done = subprocess.run(
        arguments(words, folder),
        capture_output=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )
    return {view["view"]: view["digest"] for view in json.loads(done.stdout)["views"]}


if sys.platform == "darwin":  # which cannot say on which processors a process runs
    del test_threads_and_merges_do_not_count_in_a_large_ledger


# ── the fingerprint of the view file ─────────────────────────────────────────────────────────


@pytest.fixture
def beforehand() -> Sequence[Command]:
    """A small ledger has something of everything in it, a void too."""
    return (*BEGINNING, {"command": "void_record", "position": 7, "reason": "x"})


@pytest.fixture
def kept(ledger: Ledger) -> Path:
    """The view file of that ledger, built where it lies."""
    rebuild(ledger.log)
    ledger.close()
    return view_file(ledger.log.folder)


def test_a_build_keeps_the_hash_and_catching_up_does_not(ledger: Ledger, kept: Path) -> None:
    """A hash lies beside a built and a merged file, as sha256sum has it; a tail changes none."""
    first = fingerprint_file(kept).read_text()
    assert first == f"{hashlib.sha256(kept.read_bytes()).hexdigest()}  ledger.duckdb\n"
    ledger.submit({"command": "register_speaker", "kind": "person", "name": "new"})
    assert fingerprint_file(kept).read_text() == first
    ledger.log.refresh()
    with merging_at(1), Database.open(ledger.log):
        merged = fingerprint_file(kept).read_text()
    assert merged != first
    assert merged == f"{hashlib.sha256(kept.read_bytes()).hexdigest()}  ledger.duckdb\n"


@pytest.mark.slow
def test_builds_at_once_leave_no_wrong_hash(ledger: Ledger, kept: Path) -> None:
    """Processes that build at the same time leave a file with its hash, or with none."""
    words = arguments(("rebuild",), ledger.log.folder)
    running = [subprocess.Popen(words, stderr=subprocess.DEVNULL) for _ in range(3)]
    assert [each.wait() for each in running] == [0, 0, 0]
    found = fingerprint_file(kept)
    if found.exists():
        assert found.read_text()[:64] == hashlib.sha256(kept.read_bytes()).hexdigest()


# ── holding the view file against a replay ───────────────────────────────────────────────────


def audit(folder: Path) -> Findings:
    """What checking the views of a ledger finds."""
    findings = Findings(folder, strict=False)
    check_views(Log.open(folder), findings)
    return findings


@pytest.mark.slow
def test_an_honest_view_file_is_well(ledger: Ledger, kept: Path) -> None:
    """A file as it was built has no finding: not with a tail, moved elsewhere, or without hash."""
    found = audit(ledger.log.folder)
    assert (found.wrong, found.notes) == ([], [])
    ledger.submit({"command": "register_speaker", "kind": "person", "name": "new"})
    with moved(ledger) as elsewhere:
        folder = elsewhere.log.folder
        fingerprint_file(view_file(folder)).unlink()
        found = audit(folder)
        assert found.wrong == []
        assert ["SHA-256" in note or "where they lay" in note for note in found.notes] == [True] * 2


def test_without_a_view_file_there_is_nothing_to_compare(ledger: Ledger) -> None:
    """A ledger without a view file has none to check, and none is left in it."""
    shutil.rmtree(view_file(ledger.log.folder).parent)
    findings = Findings(ledger.log.folder, strict=False)
    assert check_views(ledger.log, findings) == 0
    assert findings.wrong == []
    assert not view_file(ledger.log.folder).exists()


DOCTORED = {
    "update facts.statements set proposition = 'x'": ("position 7", "facts.statements"),
    "update facts.estimates set low = 11": ("position 7", "facts.estimates"),
    "delete from facts.speakers where position = 2": ("position 2", "facts.speakers"),
    "insert into facts.speakers from facts.speakers where position = 3": (
        "position 3", "facts.speakers"),
    "insert into nothing.events from facts.events": ("nothing.events",),
    "delete from facts.hidden": ("facts.hidden",),
    "insert into facts.hangs values (8, 6)": ("facts.hangs",),
    "insert into facts.voided values (7, 'statement/s1')": ("facts.voided",),
    "insert into facts.totals (speaker_id) values ('s1')": ("facts.totals",),
    "insert into facts.dated (position) values (7)": ("facts.dated",),
    "delete from facts.touched": ("facts.touched",),
    "update facts.touched_statements set speaker_id = 'x'": ("facts.touched_statements",),
    "update facts.touched_reports set quote = 'x'": ("facts.touched_reports",),
    "insert into nothing.later values (7, 's1')": ("nothing.later",),
    "insert into facts.erased values ('statement', 's1')": ("facts.erased",),
    "create or replace view speakers as from forms.speakers": ("main.speakers",),
    "create or replace view assessments as from read_csv('/etc/passwd')": ("main.assessments",),
    "create or replace view forms.hidden_events as select 1 as position": ("forms.hidden_events",),
    "create or replace macro figure(number) as '7'": ("main.figure",),
    "create or replace macro ledger_size() as 5": ("main.ledger_size",),
    "create or replace macro keeps_whole() as true": ("main.keeps_whole",),
    "create or replace macro filled_tables() as ['events']": ("main.filled_tables", "voids"),
    "create or replace macro filled_tables() as [version()]": ("main.filled_tables",),
    "create or replace view worked.hidden as from forms.hidden_now": ("worked.hidden",),
    "create or replace view forms.hidden as from forms.hidden_now": ("forms.hidden",),
    "insert into nothing.gone_reports values ('r1')": ("nothing.gone_reports",),
    "create or replace macro log_files() as ['/etc/passwd']": ("the files of the log",),
    "create table evil as select 1 as a": ("main.evil",),
    "drop view militant_estimates": ("main.militant_estimates",),
    "create schema evil": ("the schema evil",),
    "insert into facts.built from facts.built": ("facts.built",),
    "update facts.built set root = 'abc'": ("the root",),
    "update facts.built set size = 1000": ("the root",),
    "update facts.built set size = 3": ("the root",),
    "update facts.built set size = null": ("cannot be read",),
    "delete from facts.built": ("cannot be read",),
    "drop table facts.built": ("cannot be read",),
}  # fmt: skip


@pytest.mark.parametrize("sql", DOCTORED)
@pytest.mark.sampled(4)
def test_a_doctored_view_file_is_found(ledger: Ledger, sql: str) -> None:
    """Whatever is changed in the file through DuckDB is found, though its hash is mended too."""
    kept = view_file(ledger.log.folder)
    with duckdb.connect(str(kept)) as connection:
        connection.execute(sql)
    line = f"{hashlib.sha256(kept.read_bytes()).hexdigest()}  ledger.duckdb\n"
    fingerprint_file(kept).write_text(line)

    told = [str(finding) for finding in audit(ledger.log.folder).wrong]

    assert any(all(part in one for part in DOCTORED[sql]) for one in told), told
    assert all(str(kept) in one for one in told)


def some_bytes(path: Path, count: int) -> Iterator[int]:
    """Places in a file: one in its first block, its end, and any others."""
    size = path.stat().st_size
    yield from (4_100 % size, size - 1)
    yield from random.Random(size).sample(range(size), count)


@pytest.mark.slow
@pytest.mark.parametrize("count", [20])
def test_any_flipped_bit_of_the_view_file_is_found(ledger: Ledger, kept: Path, count: int) -> None:
    """A bit that changed anywhere in the file, or in the hash beside it, is a finding."""
    for path in (kept, fingerprint_file(kept)):
        whole = path.read_bytes()
        for place in some_bytes(path, count):
            spoiled = bytearray(whole)
            spoiled[place] ^= 1
            path.write_bytes(spoiled)
            assert audit(ledger.log.folder).wrong, (path.name, place)
        path.write_bytes(whole)


@pytest.mark.slow
def test_what_is_no_database_is_found_and_readers_build_it_anew(ledger: Ledger, kept: Path) -> None:
    """A file that cannot be opened is a finding of the audit; a reader does without it."""
    kept.write_bytes(b"no database")
    assert any("cannot be read" in str(one) for one in audit(ledger.log.folder).wrong)
    assert kept.read_bytes() == b"no database"
    with Ledger.open(ledger.log.folder) as reader:
        assert reader.views().digests(["events"])
    assert audit(ledger.log.folder).wrong == []


def test_changes_left_beside_the_view_file_are_found(ledger: Ledger, kept: Path) -> None:
    """A write-ahead log that another program left is a finding: it changes what the views say."""
    child = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        " c.execute(\"update facts.statements set proposition = 'x'\"); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", child, str(kept)], check=True)
    told = [str(one) for one in audit(ledger.log.folder).wrong]
    assert any("beside it" in one for one in told)
    assert any("facts.statements" in one for one in told)
