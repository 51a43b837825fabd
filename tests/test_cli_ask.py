"""Asking on the command line: views, queries, moments, formats, files held open elsewhere."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from cli_tools import CLAIMS, Outcome, call, claims, events, is_refusal, ndjson, speakers, start
from log_tools import snapshot
from ready_ledgers import copy_with_views

from ledger.api import Ledger

NUMBERS = "militant_estimates"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ledger of the seeds, which is only read."""
    place = tmp_path_factory.mktemp("demo") / "ledger"
    done = call("demo", place)
    assert done.code == 0, done.err
    return place


@pytest.fixture
def copied(demo: Path, tmp_path: Path) -> Path:
    """A copy of the seeds' ledger, to be damaged."""
    return copy_with_views(demo, tmp_path / "copied")


# ── reading only ─────────────────────────────────────────────────────────────────────────────

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


# ── formats ──────────────────────────────────────────────────────────────────────────────────


def test_every_format_parses_back_to_the_same_rows(demo: Path) -> None:
    """CSV, JSON, JSON lines, Markdown and Parquet hold the same rows."""
    forms = ("csv", "json", "jsonl", "md", "table")
    made = {form: call("view", NUMBERS, "-f", form, ledger=demo).text for form in forms}

    rows = json.loads(made["json"])
    assert [json.loads(line) for line in made["jsonl"].splitlines()] == rows
    read = list(csv.DictReader(io.StringIO(made["csv"])))
    assert [row["quote"] for row in read] == [row["quote"] for row in rows]
    assert [row["low"] for row in read] == ["3500", "10000", ""]
    assert [row["low"] for row in rows] == [3500, 10000, None]
    assert [len(line.split(" | ")) for line in made["md"].splitlines()] == [len(rows[0])] * 5
    assert len(made["table"].splitlines()) == 4


@pytest.mark.parametrize("words", [("view", "statements"), ("query", "from statements")])
def test_parquet_is_written_to_a_file_and_to_a_pipe(
    demo: Path, tmp_path: Path, words: tuple[str, str]
) -> None:
    """DuckDB reads back as many rows as were shown, from a file and from a pipe's bytes."""
    file, piped = tmp_path / "s.parquet", tmp_path / "p.parquet"

    done = call(*words, "-f", "parquet", "-o", file, ledger=demo)
    pipe = call(*words, "-f", "parquet", ledger=demo)
    piped.write_bytes(pipe.out)

    assert (done.code, pipe.code) == (0, 0), done.err
    for path in (file, piped):
        assert duckdb.execute("select count(*) from read_parquet(?)", [str(path)]).fetchall() == [
            (93,)
        ]


def test_output_goes_to_a_file(demo: Path, tmp_path: Path) -> None:
    """--output writes what would have been printed, and a file that cannot be written is told."""
    words = ("view", "speakers", "-f", "csv", "--output")

    done = call(*words, tmp_path / "s.csv", ledger=demo)
    lost = call(*words, tmp_path / "nowhere" / "s.csv", ledger=demo)

    assert (done.code, done.out) == (0, b"")
    assert (tmp_path / "s.csv").read_text() == call(
        "view", "speakers", "-f", "csv", ledger=demo
    ).text
    assert "Traceback" not in lost.err
    assert lost.code in (2, 3, 74)


def test_columns_of_one_name_are_not_lost(demo: Path) -> None:
    """A join that gives two columns one name keeps both of their values in JSON."""
    done = call("query", "select 1 as a, 2 as a", "-f", "json", ledger=demo)

    assert done.code in (0, 3)
    if done.code == 0:
        assert sorted(json.loads(done.out)[0].values()) == [1, 2]


def test_a_pipe_has_no_colour_and_no_frame(demo: Path) -> None:
    """What goes to a pipe is plain, also of charts and of tables."""
    for words in (("view", NUMBERS, "--plot"), ("view", "statements")):
        done = claims(*words, ledger=demo, env={"TERM": "xterm-256color"})
        assert done.code == 0
        assert "\x1b" not in done.text + done.err


def test_no_control_character_of_a_document_reaches_the_terminal(
    ledger: Ledger, tmp_path: Path
) -> None:
    """What is shown around a quote is made harmless: a captured page cannot write escapes."""
    (tmp_path / "page.txt").write_text("He \x1b]0;pwned\x07 said \x1b[31mfifty tanks\x1b[0m today.")
    folder = ledger.log.folder
    call("capture", tmp_path / "page.txt", ledger=folder)
    made = call("add", "--source", "page", "-s", "A Minister", "-q", "fifty tanks", ledger=folder)
    statement = next(line for line in made.text.split() if line.startswith("statement/"))

    shown = call("show", statement, ledger=folder)
    chart = call("query", "select quote_prefix from reports", ledger=folder)

    assert "fifty tanks" in shown.text
    assert "\x1b" not in shown.text
    assert "\x1b" not in chart.text


# ── looking things up ────────────────────────────────────────────────────────────────────────


def test_a_thing_is_found_by_id_beginning_or_name(demo: Path) -> None:
    """Each of show and history takes an id, the beginning of one, a name, and <noun>/<id>."""
    for name in ("kabulov-2017-12-number", "statement/kabulov-2017-12-n", "kabulov-2017-12-num"):
        shown = call("show", name, ledger=demo)
        assert shown.text.startswith("statement kabulov-2017-12-number\n"), shown.err
        assert "»" in shown.text
        assert "more than 10,000" in shown.text
    assert call("show", "Zamir Kabulov", ledger=demo).text.startswith("speaker zamir-kabulov")
    whole = json.loads(call("show", "kabulov-2017-12-number", "--json", ledger=demo).out)
    assert [each["claimed"] for each in whole["estimates"]] == ["more than 10,000", "about 10,000"]
    unclear = call("show", "kabulov-2", ledger=demo)
    assert is_refusal(unclear, lines=2)
    assert "may mean" in unclear.err
    assert call("show", "no-such-thing", ledger=demo).code == 3


def test_history_and_log_show_what_was_recorded(ledger: Ledger) -> None:
    """A revision stands in the history with its reason, and in the log as the bytes on disk."""
    folder = ledger.log.folder
    ledger.submit(speakers(1))
    ledger.submit({"command": "revise_speaker", "speaker_id": "speaker-0", "name": "Name",
                   "reason": "misread"})  # fmt: skip

    past = json.loads(call("history", "speaker-0", "-f", "json", ledger=folder).out)
    lines = call("log", "--from", "1", "--limit", "1", ledger=folder)

    assert [each["position"] for each in past] == [1, 2]
    assert past[1]["reason"] == "misread"
    assert (
        lines.out
        == (folder / "log").glob("*.jsonl").__next__().read_bytes().split(b"\n")[1] + b"\n"
    )


def test_the_last_lines_of_the_log_are_the_last(demo: Path) -> None:
    """`log --limit 2` without --from ends with the last event, as `tail` does."""
    lines = call("log", "--limit", "2", ledger=demo).objects

    assert [int(line["sequence"]) for line in lines] == [174, 175]


def test_search_folds_case_and_accents(ledger: Ledger) -> None:
    """Words are found whatever their case and accents, in every script."""
    folder = ledger.log.folder
    names = ("François Müller", "Замир КАБУЛОВ", "علی رضایی", "İsmet Işık")
    ledger.submit([
        {"command": "register_speaker", "speaker_id": f"n-{at}", "kind": "person", "name": name}
        for at, name in enumerate(names)
    ])  # fmt: skip

    found = {
        words: [
            row["id"] for row in json.loads(call("search", words, "-f", "json", ledger=folder).out)
        ]
        for words in ("FRANCOIS", "muller", "кабулов", "رضایی", "ismet", "%", "_")
    }

    assert found == {
        "FRANCOIS": ["n-0"], "muller": ["n-0"], "кабулов": ["n-1"], "رضایی": ["n-2"],
        "ismet": ["n-3"], "%": [], "_": [],
    }  # fmt: skip


def test_the_log_is_followed(ledger: Ledger, tmp_path: Path) -> None:
    """`log --follow` prints a line that is appended later."""
    folder = ledger.log.folder
    with start("log", "--follow", ledger=folder) as child:
        assert child.stdout
        first = json.loads(child.stdout.readline())
        ledger.submit(speakers(1))
        later = json.loads(child.stdout.readline())
        child.terminate()

    assert (first["sequence"][-1], later["sequence"][-1]) == ("0", "1")
    assert later["data"]["name"] == "speaker 0"


# ── where it stands ──────────────────────────────────────────────────────────────────────────


def test_replay_builds_any_moment_from_the_log(demo: Path, tmp_path: Path) -> None:
    """A replay to a size or a time keeps a DuckDB file with as many rows as it prints."""
    file = tmp_path / "then.duckdb"

    done = call("replay", "--to", "100", "--output", file, ledger=demo)
    now = call("replay", "--to", "2999-01-01", ledger=demo)

    assert (done.code, now.code) == (0, 0), done.err
    rows = {line.split()[0]: int(line.split()[1]) for line in done.text.splitlines()[1:]}
    with duckdb.connect(file, read_only=True) as then:
        for name in ("events", "statements", NUMBERS):
            assert then.execute(f"select count(*) from {name}").fetchall() == [(rows[name],)]
    assert "176 events" in now.err
    assert is_refusal(call("replay", "--to", "100", "--output", file, ledger=demo), lines=2)
    assert is_refusal(call("replay", "--to", "9999", ledger=demo))
    nowhere = call("replay", "--to", "1", "--output", tmp_path / "no" / "x.duckdb", ledger=demo)
    assert "Traceback" not in nowhere.err


def test_status_and_rebuild_say_where_views_stand(copied: Path) -> None:
    """After a rebuild the views' file holds all events, and other DuckDB programs read it."""
    built = call("rebuild", ledger=copied)
    facts = json.loads(call("status", "--json", ledger=copied).out)

    assert built.code == 0
    assert (facts["size"], facts["signed_size"], facts["views_size"]) == (176, 176, 176)
    with duckdb.connect(copied / "views" / "ledger.duckdb", read_only=True) as views:
        views.execute("set variable as_of = 100")
        assert views.execute("select count(*) from events").fetchall() == [(100,)]


HOLDER = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read") as held:
    held.execute("from speakers")
    print("held", flush=True)
    sys.stdin.readline()
    print(held.execute("select count(*) from speakers").fetchall()[0][0], flush=True)
"""


@pytest.mark.parametrize("how", ["read", "write"])
def test_a_views_file_held_open_elsewhere_stops_nobody(
    ledger: Ledger, tmp_path: Path, how: str
) -> None:
    """While another process has the file open, appends go on and queries see them at once."""
    folder = ledger.log.folder
    ledger.close()
    assert call("rebuild", ledger=folder).code == 0
    file = folder / "views" / "ledger.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        added = claims("append", ndjson(tmp_path / "s", speakers(3)), ledger=folder)
        asked = claims("query", "select count(*) as n from speakers", "-f", "json", ledger=folder)
        again = claims("rebuild", ledger=folder)
        held, _ = holder.communicate("\n", timeout=30)

    assert added.code == 0, added.err
    assert count(asked) == 3
    assert again.code == 0, again.err
    assert held == "0\n"


# ── damage ───────────────────────────────────────────────────────────────────────────────────


def cut(folder: Path) -> None:
    """Take the end of the log away."""
    path = next((folder / "log").glob("*.jsonl"))
    os.truncate(path, path.stat().st_size - 1000)


def break_head(folder: Path) -> None:
    """Make the checkpoint something else."""
    (folder / "checkpoint").write_text("nonsense\n")


def change_head(folder: Path) -> None:
    """Change one digit of the signed size."""
    text = (folder / "checkpoint").read_text()
    (folder / "checkpoint").write_text(text.replace("\n176\n", "\n175\n"))


@pytest.mark.parametrize("damage", [cut, break_head, change_head])
def test_damage_is_told_and_not_touched(copied: Path, tmp_path: Path, damage: object) -> None:
    """On a damaged ledger all but an audit end with 5, an audit with 1, and no byte changes."""
    assert callable(damage)
    damage(copied)
    before = snapshot(copied)
    file = ndjson(tmp_path / "s", speakers(1))

    for words in (("append", file), ("query", "from events"), ("status",), ("log",), ("rebuild",)):
        done = call(*words, ledger=copied)
        assert done.code == 5, (words, done.err)
        assert "Traceback" not in done.err
        assert len(done.error) == 3
    assert call("verify", ledger=copied).code == 1
    assert snapshot(copied) == before


def test_a_flipped_byte_is_a_finding_with_its_position(copied: Path) -> None:
    """An audit names the first position where a letter was changed, and ends with 1."""
    path = next((copied / "log").glob("*.jsonl"))
    lines = path.read_bytes().split(b"\n")
    lines[99] = lines[99].replace(b'"actor":"demo"', b'"actor":"demi"')
    path.write_bytes(b"\n".join(lines))

    done = call("verify", ledger=copied)
    told = claims("verify", "--json", ledger=copied)

    assert "position 99" in done.text
    assert "position 98" not in done.text
    assert done.code == 1
    assert told.code == 1
    assert len(json.loads(told.out)["findings"]) == len(done.text.splitlines())


# ── usage ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        ("view", "statements", "--bogus"), ("view", "statments"), ("bogus",), ("query",),
        ("view", "statements", "--format", "xlsx"), ("view", "statements", "--limit", "-1"),
        ("view", "denials", "--plot"), ("append", "--batch", "0"),
        ("append", "--expect-size", "-1"),
        ("append", "--accept-restored", "/dev/null"), ("replay",), ("init",),
        ("view", "statements", "--as-of", "yesterday"),
    ],
)  # fmt: skip
def test_usage_faults_end_with_2(demo: Path, words: tuple[str, ...]) -> None:
    """What the command line does not understand ends with 2 and a hint."""
    done = call(*words, ledger=demo)

    assert done.code == 2, done.err
    assert done.err
    assert not done.out


def test_no_ledger_is_a_usage_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a ledger every command ends with 2 and tells how to make one."""
    monkeypatch.chdir(tmp_path)
    for words in (("status",), ("verify",), ("view", "events"), ("append", "-"), ("add",)):
        done = call(*words)
        assert done.code == 2, words
        assert "claims init" in done.err
        assert call(*words, ledger=tmp_path / "nowhere").code == 2


def test_the_nearest_ledger_upwards_is_taken(
    demo: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--ledger goes before CLAIMS_LEDGER, and that before the folder that one stands in."""
    monkeypatch.chdir(ledger.log.folder / "log")
    assert "example.org/test" in call("status").text
    monkeypatch.setenv("CLAIMS_LEDGER", str(demo))
    assert "demo.invalid" in call("status").text
    assert "example.org/test" in call("status", ledger=ledger.log.folder).text


@pytest.fixture
def small_pipe(demo: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A child whose output nobody reads to its end."""
    with subprocess.Popen(
        [str(CLAIMS), "--ledger", str(demo), "query", "from events, range(50)", "-f", "jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        yield child


def test_a_reader_that_leaves_is_no_failure(small_pipe: subprocess.Popen[bytes]) -> None:
    """When `head` has seen enough, the command ends with 0 and no traceback."""
    assert small_pipe.stdout
    assert small_pipe.stderr
    assert small_pipe.stdout.readline().startswith(b'{"position":0')
    small_pipe.stdout.close()

    told = small_pipe.stderr.read()

    assert b"Traceback" not in told
    assert small_pipe.wait(timeout=20) == 0
