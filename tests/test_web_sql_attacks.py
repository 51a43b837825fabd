"""Attacks on the SQL of strangers: each refused or stopped within its limit, and nothing told."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from _pytest.mark import ParameterSet
from log_tools import snapshot
from ready_ledgers import copy_with_views, demo_once

from ledger.errors import Refused
from ledger.web.sql import Limits, Sandbox, TakesTooLong, TakesTooMuch

SECONDS = 1.0
HONEST = "select count(*) as n from statements"
SECRET = "a secret that nobody may be told"


class Arena(NamedTuple):
    """A sandbox, its ledger, and a folder with secrets beside it."""

    sandbox: Sandbox
    ledger: Path
    place: Path
    before: set[Path]


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """One sandbox for all attacks: what one of them broke, the next would meet."""
    place = tmp_path_factory.mktemp("arena")
    ledger = copy_with_views(demo_once(), place / "ledger")
    for name in ("secret.csv", "secret.json", "secret.parquet", "secret.key", "ledger/secret.csv"):
        (place / name).write_text(f'{{"a": "{SECRET}"}}\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLAIMS_TOKEN", SECRET)
        patch.setenv("HOME", str(place))
        limits = Limits(seconds=SECONDS, text_size=1 << 20)
        with Sandbox(ledger, limits) as sandbox:
            sandbox.start()
            yield Arena(sandbox, ledger, place, seen(place))


FILES = (
    "from read_text('/etc/passwd')", "from read_blob('/etc/passwd')",
    "from read_csv('/etc/passwd')",
    "from read_json('/etc/passwd')", "from read_text('{place}/secret.csv')",
    "from read_csv('{place}/secret.csv')", "from read_csv_auto('{place}/secret.csv')",
    "from read_json('{place}/secret.json')", "from read_ndjson_objects('{place}/secret.json')",
    "from read_parquet('{place}/secret.parquet')", "from read_duckdb('{place}/secret.csv')",
    "from sniff_csv('{place}/secret.csv')", "from parquet_metadata('{place}/secret.parquet')",
    "from '{place}/secret.csv'", "from '{place}/secret.parquet'", "from '{place}/*.json'",
    "from query_table('{place}/secret.csv')", "from query_table(['{place}/secret.csv'])",
    "from query('from read_text(''{place}/secret.csv'')')",
    "from json_execute_serialized_sql(json_serialize_sql('from read_text(''/etc/passwd'')'))",
    "from glob('{place}/*')", "from glob('/etc/*')", "from glob('{ledger}/log/../*')",
    "from read_text('{ledger}/ledger.toml')", "from read_text('{ledger}/documents/*/*')",
    "from read_text('{ledger}/log/../ledger.toml')",
    "from read_text('{ledger}/log/./../secret.csv')",
    "from read_text('{ledger}/checkpoint')",
    "from read_text('file://{place}/secret.csv')", "from read_text('~/secret.csv')",
    "from read_text('{place}/config/claims/*')", "from read_text('/proc/self/environ')",
    "from read_text('/proc/self/cmdline')", "from read_text('/dev/stdin')",
    "select content from read_text('{place}/secret.key')",
    "set variable log_files = ['{place}/secret.json']; select data from events",
    "set variable log_files = ['{ledger}/documents/*/*']; select data from events",
    "set variable tail_statements = '{place}/secret.csv'; from statements",
    "set variable hidden_table = '{place}/secret.csv'; from statements",
    "from 'https://example.org/x.csv'", "from read_csv('http://127.0.0.1:9/x.csv')",
    "from read_parquet('s3://bucket/x.parquet')", "from 'hf://datasets/x/y.csv'",
    "from read_text('https://example.org/')",
)  # fmt: skip
WRITES = (
    "copy (select 1) to '{place}/stolen.csv'", "copy statements to '{place}/stolen.parquet'",
    "export database '{place}/stolen'", "import database '{place}'",
    "copy from database views to x",
    "create table x as select 1", "create temp table x as select 1", "create view x as select 1",
    "create macro x() as 1", "create schema x", "create sequence x", "create type x as integer",
    "create secret (type s3)", "create index i on events (id)", "alter table events rename to x",
    "insert into events values (1)", "insert into memory.main.x values (1)",
    "update events set actor = 'x'", "delete from events", "delete from facts.statements",
    "truncate facts.statements", "drop view events", "drop table facts.statements",
    "with x as (insert into facts.voids default values returning *) from x",
    "explain analyze create table memory.main.x as select 1",
    "explain analyze delete from facts.statements", "explain analyze drop view events",
    "explain analyze copy (select 1) to '{place}/stolen.csv'",
    "comment on view events is 'x'",
    "merge into events using events as e on false when matched then delete",
    "checkpoint", "force checkpoint", "vacuum", "vacuum analyze", "analyze",
)  # fmt: skip
SETTINGS = (
    "set threads = 8", "reset threads", "set memory_limit = '100GB'", "set max_memory = '100GB'",
    "set enable_external_access = true", "set lock_configuration = false", "set schema = 'facts'",
    "set allowed_directories = ['/']", "set temp_directory = '{place}'", "use memory",
    "set file_search_path = '{place}'", "set home_directory = '{place}'",
    "set python_enable_replacements = true", "set global threads = 8", "set session threads = 8",
    "set threads = 8; select 1", "reset memory_limit; select 1", "use memory; select 1",
    "/* x */ set threads = 8; select 1", "-- set variable\nset threads = 8; select 1",
    "set enable_profiling = 'json'; select 1", "set profiling_output = '{place}/stolen'; select 1",
    "pragma database_list", "pragma enable_profiling", "pragma memory_limit = '100GB'",
    "pragma threads = 8", "pragma version", "call pragma_version()", "call enable_logging()",
    "from enable_logging()", "from enable_logging('QueryLog')", "from disable_logging()",
    "from enable_logging(storage = 'file', storage_config = {{'path': '{place}/stolen'}})",
    "from enable_profiling()", "from enable_profiling(save_location = '{place}/stolen')",
    "attach '{place}/stolen.db'", "attach '{ledger}/views/ledger.duckdb' as again",
    "attach ':memory:' as x", "detach views", "install httpfs", "load httpfs", "force install json",
    "load '{place}/secret.csv'", "update extensions", "begin", "commit", "rollback", "abort",
    "prepare x as select 1", "execute x", "deallocate x", "set role x",
)  # fmt: skip
INSIDE = (
    "from os", "from sys", "from views", "from given", "from asked", "from limits", "from self",
    "select getenv('CLAIMS_TOKEN')", "select getenv('HOME')", "from arrow_scan(1, 2, 3)",
    "from arrow_scan(1::pointer, 2::pointer, 3::pointer)", "from pandas_scan(1)",
    "from python_map_function((select 1))", "from register_external_resource('x', 'y')",
    "select system('id')", "select load_extension('x')", "from seq_scan(1)",
)  # fmt: skip
NOTHING = (
    "", " \n\t", ";", ";;;", "-- only a comment", "/* only a comment */", "select 1\0", "\0",
    "select 1; select 2", "select 1; drop view events", "set variable x = 1", "reset variable x",
    "from events; set variable as_of = 3", "select '", 'select "', "select $$", "select /*",
    "select " + "(" * 100_000 + "1" + ")" * 100_000, "select " + "x" * 1_100_000, "\ufeff",
    "\u202eselect",
    "select repeat('x', 10000000000)", "select '\ud800' from",
)  # fmt: skip
DEEP = (
    "select " + "[" * 50_000, "select " + "not " * 30_000 + "true",
    "select " + "- " * 50_000 + "1", "select 1" + " + 1" * 50_000,
    "select " + "{'a': " * 20_000 + "1" + "}" * 20_000,
    "from (" * 20_000 + "select 1" + ")" * 20_000,
)  # fmt: skip
ENDLESS = ("select count(*) from range(1000000000000000) as t(x) where x % 7 = 3",)
MORE_ENDLESS = (
    "with recursive a as (select 1 as x union all select x + 1 from a) select count(*) from a",
    "select sum(a.range * b.range) from range(1000000000) as a, range(1000000000) as b",
    "select sleep_ms(3600000)",
    "select count(*) from (select unnest(range(1000000)) from range(1000000))",
    "select max(md5(range::varchar)) from range(100000000000)",
)  # fmt: skip
HEAVY = (
    "select a.*, b.*, c.* from events as a, events as b, events as c, events as d order by all",
    "select length(repeat('x', 4000000000))",
)
MORE_HEAVY = (
    "select list(a.range) from range(1000000000) as a",
    "select repeat('x', 2000000000)",
    "select list_aggregate(range(1000000000), 'sum')",
    "select string_agg(repeat('x', 1000000), '') from range(100000)",
    "select count(distinct range) from range(10000000000)",
    "select array_agg(repeat('x', 100000)) from range(1000000) group by range % 2",
)  # fmt: skip
REFUSED: tuple[str, ...] = (*FILES, *WRITES, *SETTINGS, *INSIDE, *NOTHING)


def slowly(attacks: Sequence[str]) -> list[ParameterSet]:
    """Attacks that are tried with the slow tests alone: each takes all of its time."""
    return [pytest.param(sql, marks=pytest.mark.slow) for sql in attacks]


def filled(arena: Arena, sql: str) -> str:
    """An attack with the places that it aims at."""
    named = "{place}" in sql or "{ledger}" in sql
    return sql.format(place=arena.place, ledger=arena.ledger) if named else sql


def seen(place: Path) -> set[Path]:
    """Every file of a folder, but those of the views, which are rebuilt at will."""
    return {path for path in snapshot(place) if "views" not in path.parts}


def still_answers(arena: Arena) -> bool:
    """Whether the next honest query has its rows."""
    return arena.sandbox.ask(HONEST).rows == [[93]]


@pytest.mark.parametrize("sql", [*REFUSED, *slowly(DEEP)], ids=range(len(REFUSED + DEEP)))
def test_what_is_not_allowed_is_refused(arena: Arena, sql: str) -> None:
    """It is refused in plain words and soon, and nothing of any file is in them."""
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        arena.sandbox.ask(filled(arena, sql))

    words = str(refused.value)
    assert time.monotonic() - began < SECONDS + 1
    assert not any(text in words for text in (SECRET, "root:", "Traceback", "a bug of ours"))


def test_nothing_was_written_and_queries_are_answered_still(arena: Arena) -> None:
    """Of writes no trace is on disk, and the same process goes on answering."""
    for sql in WRITES[:3]:
        with pytest.raises(Refused):
            arena.sandbox.ask(filled(arena, sql))

    assert seen(arena.place) == arena.before
    assert still_answers(arena)


@pytest.mark.parametrize("sql", [*ENDLESS, *slowly(MORE_ENDLESS)])
def test_a_query_without_end_is_stopped_in_time(arena: Arena, sql: str) -> None:
    """It is told so when its time has passed, and the next query is answered."""
    began = time.monotonic()
    with pytest.raises(TakesTooLong, match=f"{SECONDS:g} seconds"):
        arena.sandbox.ask(sql)

    assert time.monotonic() - began < SECONDS + 1
    assert still_answers(arena)


@pytest.mark.parametrize("sql", [*HEAVY, *slowly(MORE_HEAVY)])
def test_a_query_that_would_fill_memory_is_stopped(arena: Arena, sql: str) -> None:
    """Whichever comes first, its memory or its time, ends it; the next query is answered."""
    began = time.monotonic()
    with pytest.raises((TakesTooMuch, TakesTooLong)):
        arena.sandbox.ask(sql)

    assert time.monotonic() - began < SECONDS + 1
    assert still_answers(arena)


TELLING = (
    "from duckdb_settings()", "from duckdb_databases()", "from duckdb_variables()",
    "from duckdb_secrets()", "from duckdb_extensions()", "from duckdb_logs()",
    "from duckdb_external_file_cache()", "from duckdb_temporary_files()", "from duckdb_views()",
    "from duckdb_prepared_statements()", "from pragma_database_size()", "from duckdb_memory()",
    "select current_setting('secret_directory') || current_setting('temp_directory')",
    "select current_query()", "select write_log('x')", "from checkpoint()", "show databases",
    "from which_secret('s3://a/b', 's3')", "from pg_catalog.pg_settings", "from duckdb_functions()",
    "with a as (select lambda x: x + 1) select 1", "select list_transform([1], lambda x: x + 1)",
    "set variable ledger_size = 1000000; set variable as_of = 999999; select count(*) from events",
    "set variable log_files = []; select count(*) from events",
    "from read_text('{ledger}/log/%2e%2e/ledger.toml')", "from glob('{ledger}/log/x/../../*')",
    "select regexp_matches(repeat('a', 100000), '(a*)*(a*)*b')",
    "select regexp_matches(repeat('a', 1000), '((a{1,100}){1,10}){1,1}b')",
    "from (values ('=1+1'), ('<script>alert(1)</script>'), (chr(8238) || 'abc'))",
)  # fmt: skip


@pytest.mark.parametrize("sql", TELLING, ids=range(len(TELLING)))
@pytest.mark.sampled(3)
def test_what_duckdb_tells_of_itself_is_no_secret(arena: Arena, sql: str) -> None:
    """Answered or refused: of this machine nothing is told but where the ledger lies."""
    try:
        told = repr(arena.sandbox.ask(filled(arena, sql)))
    except Refused as refused:
        told = str(refused)

    outside = told.replace(str(arena.ledger), "")
    assert SECRET not in told
    assert str(arena.place) not in outside
    assert str(Path.home()) not in outside
    assert still_answers(arena)


def test_one_query_leaves_nothing_to_the_next(arena: Arena) -> None:
    """Variables, a moment that was set, the seed of chance: each query begins anew."""
    arena.sandbox.ask("set variable as_of = 3; set variable mine = 'x'; select setseed(0.5)")

    assert still_answers(arena)
    assert arena.sandbox.ask("select getvariable('mine')").rows == [[None]]
    assert arena.sandbox.ask("select count(*) from events").rows == [[176]]
