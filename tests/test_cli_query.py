"""`claims query` and moments: what reads is answered, what writes or looks elsewhere refused."""

import json
import signal
import time
from pathlib import Path

import pytest
from cli_tools import Outcome, call, events, is_refusal, speakers, start
from log_tools import snapshot
from ready_ledgers import copy_with_views, demo_once

from ledger.api import Ledger


@pytest.fixture(scope="module")
def demo() -> Path:
    """The ledger of the seeds, which is only read."""
    return demo_once()


@pytest.fixture
def copied(demo: Path, tmp_path: Path) -> Path:
    """A copy of the seeds' ledger, to be damaged."""
    return copy_with_views(demo, tmp_path / "copied")


READING = {
    "from militant_estimates": 3,
    "pivot (select speech_act from statements) on speech_act using count(*)": 1,
    "describe statements": 24,
    "set variable as_of = 3; from events": 3,
    "with a as (select 1) from a": 1,
    "select 1; select 2 union all select 3": 2,
    "summarize speakers": 11,
    "from events where false": 0,
}
WRITING = (
    "create table x as select 1", "create temp view x as select 1", "insert into events values (1)",
    "delete from events", "drop view events", "update events set actor = 'x'",
    "copy (select 1) to '{place}/stolen.csv'", "attach '{place}/stolen.db'", "detach views",
    "install httpfs", "load httpfs", "pragma database_list", "export database '{place}/stolen'",
    "set threads = 1", "set enable_external_access = true", "set lock_configuration = false",
    "reset threads", "set file_search_path = '{place}'", "call pragma_version()", "vacuum",
    "begin", "create secret (type s3)", "prepare p as select 1", "checkpoint",
)  # fmt: skip
ELSEWHERE = (
    "from read_text('{place}/secret.csv')", "from read_csv('{place}/secret.csv')",
    "from read_blob('{place}/secret.csv')", "from '{place}/secret.csv'",
    "from glob('{place}/*')", "from read_json('{place}/secret.csv')",
    "from query('from read_text(''{place}/secret.csv'')')",
    "from read_text('{ledger}/log/../../secret.csv')", "from read_text('{ledger}/ledger.toml')",
    "select getenv('HOME')", "from read_csv('https://example.org/x.csv')",
)  # fmt: skip


@pytest.mark.parametrize("sql", READING)
def test_what_reads_is_answered(demo: Path, sql: str) -> None:
    """Every kind of statement that only reads has its rows."""
    done = call("query", sql, "--format", "json", ledger=demo)

    assert done.code == 0, done.err
    assert len(json.loads(done.out)) == READING[sql]


@pytest.mark.parametrize("sql", [*WRITING, *ELSEWHERE])
def test_what_writes_or_looks_elsewhere_is_refused(copied: Path, tmp_path: Path, sql: str) -> None:
    """Nothing but the ledger is read, nothing is written, and no setting is changed."""
    (tmp_path / "secret.csv").write_text("secret,words\n")
    before = snapshot(tmp_path)

    done = call("query", sql.format(place=tmp_path, ledger=copied), ledger=copied)

    assert done.code == 3, done.text
    assert "secret,words" not in done.text + done.err
    assert "Traceback" not in done.err
    after = snapshot(tmp_path)
    assert {path for path in after if "views" not in path.parts} == {
        path for path in before if "views" not in path.parts
    }


@pytest.mark.parametrize(
    "sql", ["select * frm events", "from evnts", "select bogus from events", "select 'a"]
)
def test_a_wrong_query_is_told_in_three_short_lines(demo: Path, sql: str) -> None:
    """What DuckDB says of a query is said as every other error."""
    done = call("query", sql, ledger=demo)

    assert done.code == 3
    assert len(done.error) <= 3, done.err
    assert all(line.startswith(("error: ", "   at: ", "   do: ")) for line in done.error)


# ── moments ──────────────────────────────────────────────────────────────────────────────────


def count(done: Outcome) -> int:
    """The number that a counting query answered."""
    assert done.code == 0, done.err
    [row] = json.loads(done.out)
    return int(row["n"])


def test_a_moment_is_a_size_a_date_or_a_time(ledger: Ledger) -> None:
    """Each form of --as-of shows the events up to there, and times say which size they meant."""
    ledger.submit(speakers(2))
    ledger.submit(speakers(1, first=2))
    folder = ledger.log.folder
    times = [event["time"] for event in events(folder)]
    ask = ("query", "select count(*) as n from events", "-f", "json", "--as-of")

    answers = {
        moment: call(*ask, moment, ledger=folder)
        for moment in ("0", "2", "4", times[0], times[2], times[3], times[3][:10], "2000-01-01")
    }

    assert {moment: count(done) for moment, done in answers.items()} == {
        "0": 0, "2": 2, "4": 4, times[0]: 1, times[2]: 3, times[3]: 4, times[3][:10]: 4,
        "2000-01-01": 0,
    }  # fmt: skip
    assert "held 3 events" in answers[times[2]].err


@pytest.mark.parametrize(
    ("moment", "code"), [("9999", 3), ("-1", 2), ("bogus", 2), ("2026-13-01", 2), ("1.5", 2)]
)
def test_a_moment_that_is_none_is_refused(demo: Path, moment: str, code: int) -> None:
    """A size beyond the head is refused, and what is no moment is a fault of usage."""
    for words in (("view", "events"), ("query", "select 1"), ("search", "x"), ("show", "karzai")):
        assert is_refusal(call(*words, "--as-of", moment, ledger=demo), code)


def test_a_moment_set_in_sql_beyond_the_head_is_told_plainly(demo: Path) -> None:
    """The refusal says what is wrong, without DuckDB's wrapping."""
    done = call("query", "set variable as_of = 9999; from events", ledger=demo)

    assert done.code == 3
    assert "9999 is not a size" in done.err
    assert "Could not convert" not in done.err


def test_ctrl_c_ends_a_query_that_would_go_on(demo: Path) -> None:
    """It is told in a sentence, with the exit code that shells have for it."""
    endless = "select sum(a.range * b.range) from range(1000000) as a, range(1000000) as b"
    with start("query", endless, ledger=demo) as child:
        while thread_count(child.pid) < 2:
            assert child.poll() is None
            time.sleep(0.05)
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        output, error = child.communicate(timeout=30)
    assert (child.returncode, output) == (130, b"")
    assert b"Traceback" not in error


def thread_count(pid: int) -> int:
    """How many threads a process has: DuckDB starts some when it is connected to."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))
