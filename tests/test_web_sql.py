"""The sandbox of the SQL page: what is asked honestly is answered, whole and as of a moment."""

import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from cli_tools import speakers
from ready_ledgers import demo_once

from ledger.api import Ledger
from ledger.errors import Busy, Refused
from ledger.web.sql import Answer, Form, Limits, Sandbox, TakesTooMuch
from ledger.web.sql.turns import Turns
from ledger.web.sql.values import cell_of, defused

COUNT = "select count(*) from events"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox on the ledger of the seeds."""
    with Sandbox(demo_once()) as made:
        made.start()
        yield made


def downloaded(sandbox: Sandbox, sql: str, form: Form) -> bytes:
    """The bytes of a download."""
    made = sandbox.download(sql, None, form)
    with made.file:
        data = made.file.read()
    assert len(data) == made.length
    return data


# ── answers ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("from militant_estimates", 3),
        ("describe statements", 24),
        ("pivot (select speech_act from statements) on speech_act using count(*)", 1),
        ("with a as (select 1) from a", 1),
        ("set variable as_of = 3; from events", 3),
        ("/* a comment; */ SET /* x */ VARIABLE mine = 2; from range(getvariable('mine'))", 2),
        ("explain select 1", 1),
        ("values (1), (2); -- and no more", 2),
        ("from statements where proposition like '%ü%'", 0),
    ],
)
def test_what_reads_is_answered(sandbox: Sandbox, sql: str, count: int) -> None:
    """Every kind of statement that only reads has its rows."""
    assert len(sandbox.ask(sql).rows) == count


def test_an_answer_says_what_it_is_of(sandbox: Sandbox) -> None:
    """Names, types, rows, the size of the ledger and the time that it took."""
    answer = sandbox.ask("select 1 as a, 'x' as a, date '2020-01-02' as day, [1.5, null] as list")

    assert answer[:4] == (
        ["a", "a", "day", "list"],
        ["INTEGER", "VARCHAR", "DATE", "DECIMAL(2,1)[]"],
        [[1, "x", "2020-01-02", ["1.5", None]]],
        False,
    )
    assert answer.size == 176
    assert 0 < answer.seconds < 5


def test_values_of_every_type_come_through(sandbox: Sandbox) -> None:
    """Whatever DuckDB has a type for is a value of JSON; what JSON has no number for is text."""
    answer = sandbox.ask("from test_all_types()")

    assert len(answer.columns) > 50
    assert len(answer.rows) == 3
    json.dumps(answer.rows, allow_nan=False)
    assert cell_of([3.0, float("nan"), 1 << 70, b"\x01", (1,), {1: None}]) == [
        3, "nan", "1180591620717411303424", "01", [1], {"1": None},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "size"),
    [
        (None, 176),
        (0, 0),
        (50, 50),
        (176, 176),
        (date(2000, 1, 1), 0),
        (datetime(2999, 1, 1, tzinfo=UTC), 176),
    ],
)
def test_a_query_is_asked_as_of_a_moment(
    sandbox: Sandbox, moment: int | date | datetime | None, size: int
) -> None:
    """A size, a day or a time: the answer is of then, and names the size."""
    answer = sandbox.ask(COUNT, moment)
    assert (answer.rows, answer.size) == ([[size]], size)


def test_a_moment_beyond_the_head_is_refused(sandbox: Sandbox) -> None:
    """It is said in the words of the ledger, whoever set it."""
    for sql, moment in ((COUNT, 9999), (f"set variable as_of = 9999; {COUNT}", None)):
        with pytest.raises(Refused, match="9999 is not a size of this ledger"):
            sandbox.ask(sql, moment)


def test_a_wrong_query_is_told_with_its_place(sandbox: Sandbox) -> None:
    """DuckDB's own words, which point to the fault and to what may be meant."""
    with pytest.raises(Refused) as refused:
        sandbox.ask("select proposition\nfrom statments")
    assert "statments does not exist" in refused.value.what
    assert 'Did you mean "statements' in refused.value.what
    assert "LINE 2" in refused.value.what


def test_the_data_of_an_event_is_read_from_its_line(sandbox: Sandbox) -> None:
    """Of all files beside the views, queries reach the log's."""
    [[data]] = sandbox.ask("select data from events where position = 0").rows
    assert json.loads(data)["title"] == "Five news texts"


def test_a_large_result_is_cut_short_and_says_so() -> None:
    """Whichever bound comes first, of rows or of bytes; what is shown is whole rows."""
    with Sandbox(demo_once(), Limits(rows=5, size=10_000)) as sandbox:
        few = sandbox.ask("from range(5)")
        many = sandbox.ask("from range(100000000)")
        wide = sandbox.ask("select repeat('x', 4000) from range(4)")
        huge = sandbox.ask("select repeat('x', 20000)")

    assert (len(few.rows), few.truncated) == (5, False)
    assert (many.rows, many.truncated) == ([[0], [1], [2], [3], [4]], True)
    assert (len(wide.rows), wide.truncated) == (2, True)
    assert (huge.rows, huge.truncated) == ([], True)


# ── downloads ────────────────────────────────────────────────────────────────────────────────

THREE = "select position, subject, agent = 'person' as p, {'a': [1]} as s from events limit 3"


def test_each_format_of_a_download_holds_the_rows(sandbox: Sandbox, tmp_path: Path) -> None:
    """CSV, JSON, JSON lines and Parquet, read by others' readers, hold the same."""
    rows = sandbox.ask(THREE).rows
    names = ["position", "subject", "p", "s"]
    objects = [dict(zip(names, row, strict=True)) for row in rows]
    parquet = tmp_path / "x.parquet"
    parquet.write_bytes(downloaded(sandbox, THREE, "parquet"))

    read = list(csv.reader(io.StringIO(downloaded(sandbox, THREE, "csv").decode(), newline="")))
    assert read == [names, *([str(a), b, "true", '{"a":[1]}'] for a, b, _, _ in rows)]
    assert json.loads(downloaded(sandbox, THREE, "json")) == objects
    lines = downloaded(sandbox, THREE, "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == objects
    with duckdb.connect() as connection:
        found = connection.execute("from read_parquet(?)", [str(parquet)]).fetchall()
    assert [list(row) for row in found] == rows


def test_a_download_without_rows_is_a_file_of_its_format(sandbox: Sandbox) -> None:
    """A line of names, an empty list, or nothing."""
    made = {form: downloaded(sandbox, "from range(0)", form) for form in ("csv", "json", "jsonl")}
    assert made == {"csv": b"range\r\n", "json": b"[]\n", "jsonl": b""}


def test_json_in_a_column_stays_json_in_a_download(sandbox: Sandbox) -> None:
    """The data of an event is an object, not a text that holds one."""
    [made] = json.loads(downloaded(sandbox, "select data from events where position = 0", "json"))
    assert made["data"]["format_version"] == 1


def test_a_formula_is_defused_in_csv(sandbox: Sandbox) -> None:
    """A spreadsheet shows it as text; numbers stay numbers."""
    made = downloaded(sandbox, "select '=1+1' as a, -1 as b, '''=x' as c, 'a=b' as d", "csv")
    assert made.splitlines()[1] == b"'=1+1,-1,''=x,a=b"
    assert defused("") == ""


WIDE = "select repeat('x', 2000) from range(99)"  # Parquet keeps it small


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "parquet"])
def test_a_download_is_whole_or_refused(form: Form) -> None:
    """Nobody takes a part of a result for all of it."""
    with Sandbox(demo_once(), Limits(file_rows=100, file_size=100_000)) as sandbox:
        assert downloaded(sandbox, "from range(100)", form)
        for sql in ("from range(101)", WIDE) if form != "parquet" else ("from range(101)",):
            with pytest.raises(TakesTooMuch, match="100 rows"):
                sandbox.download(sql, None, form)


# ── processes ────────────────────────────────────────────────────────────────────────────────


def test_a_new_event_is_in_the_next_answer(ledger: Ledger) -> None:
    """The views are caught up before each query, by one process that stays."""
    with Sandbox(ledger.log.folder) as sandbox:
        before = sandbox.ask(COUNT)
        ledger.submit(speakers(3))
        after = sandbox.ask("select count(*), max(position) from events where data is not null")
        earlier = sandbox.ask(COUNT, before.size)

    assert after.rows == [[before.size + 3, before.size + 2]]
    assert after.size == before.size + 3
    assert earlier.rows == before.rows


def test_what_was_erased_is_in_no_later_answer(ledger: Ledger) -> None:
    """A process that stays ready since before a redaction shows nothing of it."""
    ledger.submit(speakers(2, prefix="erased"))
    with Sandbox(ledger.log.folder) as sandbox:
        assert sandbox.ask("select name from speakers order by 1").rows[0] == ["erased 0"]
        ledger.redact("speaker/erased-0", authority="a court", reason="ordered")
        told = [sandbox.ask("from speakers"), sandbox.ask("select data from events")]

    assert not any("erased 0" in repr(answer.rows) for answer in told)
    assert "erased 1" in repr(told[0].rows)


def hosts(sandbox: Sandbox) -> list[int]:
    """The ids of the processes that wait ready."""
    return [worker.process.pid for worker in sandbox._idle]


def test_a_process_that_died_is_replaced(sandbox: Sandbox) -> None:
    """Nobody hears of it."""
    sandbox.ask(COUNT)
    [pid] = hosts(sandbox)
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)

    assert sandbox.ask(COUNT).rows == [[176]]
    assert hosts(sandbox) != [pid]


def test_who_finds_all_places_taken_waits_and_then_is_told() -> None:
    """Two run at once; a third has an answer when one of them ends, or hears that it is busy."""
    limits = Limits(seconds=3, wait_seconds=0.3)
    answers: list[Answer] = []

    with Sandbox(demo_once(), limits) as sandbox:
        sandbox.start()
        asking = [
            threading.Thread(target=lambda: answers.append(sandbox.ask("select sleep_ms(1000)")))
            for _ in range(2)
        ]
        for each in asking:
            each.start()
        time.sleep(0.4)
        with pytest.raises(Busy, match="2 other queries are running"):
            sandbox.ask(COUNT)
        for each in asking:
            each.join()
        assert len(hosts(sandbox)) == len(answers) == 2
        assert sandbox.ask(COUNT).rows == [[176]]


def test_turns_are_given_in_the_order_in_which_they_were_asked_for() -> None:
    """Who waits longest is next, and who gave up takes nobody's place."""
    turns, order = Turns(1), list[int]()
    assert turns.take(0)
    assert not turns.take(0.01)

    def ask(number: int) -> None:
        assert turns.take(10)
        order.append(number)
        turns.give_back()

    asking = [threading.Thread(target=ask, args=[number]) for number in range(5)]
    for waiting, each in enumerate(asking, 1):
        each.start()
        while len(turns._waiting) < waiting:
            time.sleep(0.001)
    turns.give_back()
    for each in asking:
        each.join()
    assert order == [0, 1, 2, 3, 4]
    assert turns.take(0)


def test_processes_and_rooms_are_gone_once_closed() -> None:
    """Nothing is left in memory or in the folder for temporary files."""
    with Sandbox(demo_once()) as sandbox:
        sandbox.ask("select sum(a) from (select range as a from range(1000000) order by hash(a))")
        [worker] = sandbox._idle
        assert worker.room.is_dir()

    assert worker.process.returncode is not None
    assert not worker.room.exists()
    with pytest.raises(Busy):
        sandbox.ask(COUNT)


def test_a_host_ends_with_its_server() -> None:
    """Its input is at its end then: it throws its room away and goes."""
    with Sandbox(demo_once()) as sandbox:
        sandbox.ask(COUNT)
        [worker] = sandbox._idle
        assert worker.process.stdin is not None
        worker.process.stdin.close()
        assert worker.process.wait(5) == 0
        assert not worker.room.exists()


def test_a_guest_holds_nothing_worth_having(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread, no pipe to the server, no word of the server's environment, no way to more."""
    monkeypatch.setenv("CLAIMS_TOKEN", "secret token")
    with Sandbox(demo_once(), Limits(seconds=3)) as sandbox:
        sandbox.start()
        [host] = hosts(sandbox)
        asking = threading.Thread(target=sandbox.ask, args=["select sleep_ms(700)"])
        asking.start()
        guest = child_of(host)
        status = Path(f"/proc/{guest}/status").read_text()
        links = [str(each.readlink()) for each in Path(f"/proc/{guest}/fd").iterdir()]
        environment = Path(f"/proc/{guest}/environ").read_text()
        asking.join()

    assert "\nThreads:\t1\n" in status
    assert "\nNoNewPrivs:\t1\n" in status
    assert sum(link.startswith("pipe:") for link in links) == 1  # by which the host sees it end
    assert not any(link.startswith("socket:") for link in links)
    assert "secret token" not in environment
    assert "XDG_CONFIG_HOME" not in environment


def child_of(pid: int) -> int:
    """The child of a process, once it has one and that has given up its rights."""
    for _ in range(200):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children and "\nNoNewPrivs:\t1\n" in Path(f"/proc/{children[0]}/status").read_text():
            return int(children[0])
        time.sleep(0.01)
    raise AssertionError


WALLED = """
import os, socket, sys
from pathlib import Path
from ledger.web.sql.confine import wall_in
mine, other, port, parent = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), os.getppid()
(mine / "inside").mkdir()
wall_in([mine / "inside"], mine)
def fails(call, *words):
    try:
        call(*words)
    except OSError as error:
        return True
    return False
(mine / "written").write_text("x")
print([
    fails(Path("/etc/passwd").read_text),
    fails((other / "secret").read_text),
    fails((other / "new").write_text, "x"),
    fails(os.listdir, other),
    fails(socket.create_connection, ("127.0.0.1", port), 1),
    fails(os.kill, parent, 0),
    (mine / "written").read_text() != "x",
])
"""


def landlock() -> int:
    """The version that this system has, asked in a process of its own; 0 for none."""
    code = "from pathlib import Path; from ledger.web.sql.confine import wall_in;"
    code += "raise SystemExit(wall_in([], Path('/tmp')))"
    return subprocess.run([sys.executable, "-c", code], check=False).returncode


def test_behind_duckdb_stands_the_wall_of_the_system(tmp_path: Path) -> None:
    """Even code of its own in a guest reads no other file, connects nowhere and signals nobody."""
    version = landlock()
    if version < 6:
        pytest.skip(f"this system has version {version} of Landlock")
    mine, other = tmp_path / "mine", tmp_path / "other"
    mine.mkdir()
    other.mkdir()
    (other / "secret").write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", WALLED, mine, other, port],
            capture_output=True, check=True, text=True,
        )  # fmt: skip

    assert done.stdout == "[True, True, True, True, True, True, False]\n", done.stderr
