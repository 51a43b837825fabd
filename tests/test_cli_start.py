"""Beginning with the command line: help, demo, init, sheets, and one statement at a time."""

import importlib
import os
import pty
import resource
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from cli_tools import (
    ARTICLE,
    CLAIMS,
    PROJECT,
    arguments,
    call,
    claims,
    events,
    is_refusal,
    log_bytes,
)
from log_tools import snapshot

from ledger.api import Ledger
from ledger.cli import app as frame
from ledger.cli.app import app
from ledger.cli.verbs import HOLDER_OF, HOLDERS

HELP_CPU_SECONDS = 0.25


@pytest.fixture
def folder(ledger: Ledger, tmp_path: Path) -> Path:
    """The folder of a ledger into which the article was captured, as `article`."""
    (tmp_path / "article.txt").write_bytes(ARTICLE.read_bytes())
    done = call("capture", tmp_path / "article.txt", ledger=ledger.log.folder)
    assert (done.code, done.text) == (0, "source/article\n")
    return ledger.log.folder


# ── help, demo, init ─────────────────────────────────────────────────────────────────────────


def cpu_seconds(words: Sequence[str]) -> float:
    """The CPU time of a child, of its own and the system's on its behalf."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_help_starts_fast() -> None:
    """`claims --help` takes under a quarter of a second of CPU time."""
    assert min(cpu_seconds([str(CLAIMS), "--help"]) for _ in range(5)) < HELP_CPU_SECONDS


PROBE = """
import sys
from ledger.cli.app import run
code = run()
print(*sys.modules, sep="\\n", file=sys.stderr)
sys.exit(code)
"""


def loaded_by(*words: str | Path, ledger: Path | None = None) -> set[str]:
    """The modules that a run of `claims` has loaded in the end."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments(words, ledger)[1:]],
        capture_output=True,
        check=True,
        text=True,
    )
    return set(done.stderr.splitlines())


HEAVY = {
    "_duckdb",  # the engine of DuckDB
    "duckdb",  # what makes relations of it
    "pydantic",
    "ruamel.yaml",
    "plotext",
    "rapidfuzz",
    "edtf",
    "rich",
    "cryptography",
}


def test_help_loads_neither_duckdb_nor_pydantic() -> None:
    """Nor any other library that only some commands need."""
    loaded = loaded_by("--help")

    assert "typer" in loaded
    assert not loaded & HEAVY


def test_a_command_loads_no_other_command() -> None:
    """Who asks for one command does not wait for the others."""
    loaded = loaded_by("status", "--help")

    assert "ledger.cli.auditing" in loaded
    assert not loaded & (HEAVY | {f"ledger.cli.{name}" for name in HOLDERS if name != "auditing"})


def test_status_loads_neither_duckdb_nor_pydantic(folder: Path) -> None:
    """What it says of the view file is kept beside it; where nothing is, the file is asked."""
    assert call("rebuild", ledger=folder).code == 0
    said = call("status", "--json", ledger=folder)
    assert said.objects[0]["views_size"] == said.objects[0]["size"] == len(events(folder))

    loaded = loaded_by("status", "--json", ledger=folder)

    assert "ledger.log" in loaded
    assert not loaded & (HEAVY - {"cryptography"})  # which checks the signature of the head
    (folder / "views" / "ledger.duckdb.stamp").unlink()
    assert call("status", "--json", ledger=folder).out == said.out
    assert "_duckdb" in loaded_by("status", ledger=folder)


def test_asking_does_not_load_what_checks_commands(folder: Path) -> None:
    """A view is shown without the models of commands, and without YAML."""
    loaded = loaded_by("view", "sources", ledger=folder)

    assert "duckdb" in loaded
    assert not loaded & (HEAVY - {"_duckdb", "duckdb", "cryptography"})


def test_nothing_is_said_when_a_process_ends(folder: Path) -> None:
    """DuckDB looks at the end for what is left of it; what ends quickly leaves nothing."""
    for words in (("view", "sources"), ("status",), ("rebuild",)):
        assert claims(*words, ledger=folder).err == call(*words, ledger=folder).err


def test_adding_loads_nothing_that_it_does_not_need(folder: Path) -> None:
    """One statement needs DuckDB and near matches; of a source with a text, what checks quotes."""
    assert call(*NUMBER, ledger=folder).code == 0
    never = {"rich", "ruamel.yaml", "plotext", "ledger.verify", "ledger.create",
             "multiprocessing", "numpy", "pandas", "pyarrow"}  # fmt: skip

    loaded = loaded_by(*KABULOV, "-q", "continues to grow", "-p", "They grow", ledger=folder)

    assert {"_duckdb", "pydantic", "ledger.similar"} <= loaded
    assert not loaded & never
    cited = {"command": "cite_source", "source_id": "cited"}
    with Ledger.open(folder) as ledger:
        ledger.submit(cited)
    loaded = loaded_by(
        "add", "--source", "cited", "-s", "zamir-kabulov", "-q", "They grow", ledger=folder
    )
    assert {"_duckdb", "ledger.similar"} <= loaded
    assert not loaded & never
    assert not loaded & (HEAVY - {"_duckdb", "cryptography", "rapidfuzz", "edtf"})


def test_the_table_of_commands_is_right() -> None:
    """Every command stands in the table of those who hold them, in the order of the help."""
    for holder, names in HOLDERS.items():
        module = importlib.import_module(f"ledger.cli.{holder}")
        assert tuple(module.COMMANDS) == names, f"ledger/cli/verbs.py: {holder}"
    holding = [path.stem for path in (PROJECT / "ledger" / "cli").glob("*.py")
               if "\nCOMMANDS = " in path.read_text()]  # fmt: skip
    assert sorted(holding) == sorted(HOLDERS)


UNUSUAL = ("--help", "", "nonsense", "--version", "-h", "--ledger", "--ledger= --help", "-- status",
           "--ledger status", "status --nonsense", "--nonsense status", "witness",
           "witness nonsense")  # fmt: skip


@pytest.mark.parametrize("line", UNUSUAL)
def test_one_command_answers_as_all_of_them_would(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not loaded is not missed: every answer is that of the whole command line."""
    short = call(*line.split())
    monkeypatch.setattr(frame, "named", lambda _words: None)
    whole = call(*line.split())

    assert (short.code, short.out, short.err) == (whole.code, whole.out, whole.err)


def test_every_help_is_that_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone, a command is described in the same words."""
    alone = {name: call(name, "--help") for name in HOLDER_OF}
    monkeypatch.setattr(frame, "named", lambda _words: None)

    assert all(call(name, "--help").out == alone[name].out for name in HOLDER_OF)


def test_every_command_has_help_with_an_example() -> None:
    """The help of each command shows how it is called."""
    names = [each.name for each in app.registered_commands]
    assert {"demo", "init", "sheet", "record", "append", "add", "view", "verify"} <= set(names)
    for name in names:
        done = call(str(name), "--help")
        assert done.code == 0, done.err
        assert f"claims {name}" in done.text.split("\n", 1)[1]


def test_the_demo_shows_numbers_speakers_and_proof(key_home: Path) -> None:
    """The demo answers the questions of a conflict desk, and leaves nothing behind."""
    done = claims("demo", env={"TMPDIR": str(key_home.parent)})

    assert done.code == 0, done.err
    lines = done.text.splitlines()
    assert any(line.startswith("2015-10 ") and " 3,500 " in line for line in lines)
    assert any(line.startswith("2017-12 ") and "more than 10,000" in line for line in lines)
    assert any(line.startswith("Zamir Kabulov  ") for line in lines)
    assert any(line.startswith("Verified: 176 events") for line in lines)
    assert "\x1b" not in done.text
    assert list(key_home.parent.iterdir()) == []


def test_init_makes_a_ledger_once(tmp_path: Path, key_home: Path) -> None:
    """The key lies outside; a folder or origin that is taken is a conflict, and is left alone."""
    place = tmp_path / "new" / "ledger"

    made = call("init", place, "--origin", "example.org/new", "--title", "Первый")
    before = snapshot(tmp_path)
    again = call("init", place, "--origin", "example.org/other")
    other = call("init", tmp_path / "other", "--origin", "example.org/new")
    bad = call("init", tmp_path / "third", "--origin", "bad origin")

    assert made.code == 0
    assert made.text.startswith("example.org/new+")
    assert [done.code for done in (again, other, bad)] == [4, 4, 3]
    assert snapshot(tmp_path) == before
    assert not any(path.suffix == ".key" for path in place.rglob("*"))
    assert any(path.suffix == ".key" for path in key_home.rglob("*"))


def test_a_title_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """What a line cannot hold, or a terminal cannot show, is refused before anything is made."""
    for title in ("a\udcff", "a\x1b[31m"):
        done = call("init", tmp_path / "l", "--origin", "example.org/l", "--title", title)
        assert "Traceback" not in done.err
        assert done.code == 3
        assert not (tmp_path / "l").exists()


# ── one statement at a time ──────────────────────────────────────────────────────────────────

KABULOV = ("add", "--source", "article", "-s", "Zamir Kabulov")
NUMBER = (*KABULOV, "-q", "exceeds 10,000", "-n", "> 10000", "-m", "Daesh fighters")


def test_from_an_article_to_a_number_in_two_lines(folder: Path) -> None:
    """Capture, then one line: speaker, measure, statement, report and estimate are made."""
    done = call(*NUMBER, "--tag", "militant-count", "--said-at", "2017-12", ledger=folder)
    seen = call("view", "militant_estimates", ledger=folder)

    assert done.code == 0, done.err
    assert [line.partition("/")[0] for line in done.text.split()] == [
        "speaker", "measure", "statement", "report", "estimate",
    ]  # fmt: skip
    assert "more than 10,000" in seen.text
    before = log_bytes(folder)
    again = call(*NUMBER, "--tag", "militant-count", "--said-at", "2017-12", ledger=folder)
    assert (again.code, log_bytes(folder)) == (0, before)


MISTAKES: dict[str, tuple[tuple[str, ...], int, tuple[str, ...]]] = {
    # what: the words, the exit code, words of the answer
    "unknown-source": (("add", "--source", "artcle", "-s", "Zamir Kabulov", "-q", "x"), 3,
                       ("artcle", "claims search")),
    "misspelt-name": (("add", "--source", "article", "-s", "Zamir Kabulow", "-q", "10,000"), 3,
                      ("--speaker", "zamir-kabulov", "--new")),
    "misspelt-id": (("add", "--source", "article", "-s", "zamir-kabulow", "-q", "10,000"), 3,
                    ("--speaker", "zamir-kabulov")),
    "contradiction": ((*KABULOV, "-q", "exceeds 10,000", "-n", "> 9000", "-m", "Daesh fighters"),
                      3, ("exceeds 10,000", "9000")),
    "measure-missing": ((*KABULOV, "-q", "exceeds 10,000", "-n", "> 10000"), 2, ("--measure",)),
    "quote-missing": (KABULOV, 2, ("--quote",)),
    "ambiguous": ((*KABULOV, "-q", "Daesh"), 3, ("6 times", "prefix")),
    "wrong-word": ((*KABULOV, "-q", "exceed 10,000"), 3, ("line 17", "exceeds 10,000")),
    "no-number": ((*KABULOV, "-q", "exceeds 10,000", "-n", "lots", "-m", "daesh-fighters"), 3,
                  ("lots",)),
    "bad-date": ((*KABULOV, "-q", "exceeds 10,000", "--said-at", "December 2017"), 3,
                 ("2017-12",)),
    "bad-act": ((*KABULOV, "-q", "exceeds 10,000", "--act", "claims"), 3, ("'assert'",)),
    "invalid-bytes": ((*KABULOV, "-q", "exceeds\udcff"), 3, ("UTF-8",)),
}  # fmt: skip


def test_each_mistake_is_answered_by_a_sentence(folder: Path) -> None:
    """Mistakes of a new user name what was wrong and what to do, and write nothing."""
    call(*NUMBER, ledger=folder)
    before = log_bytes(folder)

    answers = {what: call(*words, ledger=folder) for what, (words, _, _) in MISTAKES.items()}

    assert log_bytes(folder) == before
    for what, (_, code, words) in MISTAKES.items():
        done = answers[what]
        assert done.code == code, (what, done.err)
        assert "Traceback" not in done.err, what
        assert 1 < len(done.error) <= 3, (what, done.err)
        assert all(word in done.err for word in words), (what, done.err)


def test_a_fault_of_add_is_told_in_the_words_of_its_options(folder: Path) -> None:
    """Who wrote --quote is told of --quote, not of a field in a JSON object."""
    done = call(*KABULOV, "-q", "Daesh", ledger=folder)

    assert "reports[0]" not in done.err
    assert "--quote" in done.err
    assert "--prefix" in done.err


def answered(words: Sequence[str], answers: Sequence[str]) -> tuple[int, str]:
    """Run a command on a terminal of its own; give it a line whenever it asks."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(words[0], list(words))  # a terminal of its own needs a fork
    said, left = b"", list(answers)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if ready:
            try:
                block = os.read(terminal, 4096)
            except OSError:
                break
            if not block:
                break
            said += block
        elif said.rstrip(b" ").endswith(b":"):
            os.write(terminal, (left.pop(0) if left else "\x03").encode() + b"\n")
            said += b"\n"
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said.decode()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_on_a_terminal_it_asks_for_what_is_missing(folder: Path) -> None:
    """Every answer becomes a field; the period is proposed from the time of speaking."""
    answers = ("article", "Zamir Kabulov", "exceeds 10,000", "Over 10,000 fighters", "2017-12",
               "> 10000", "Daesh fighters", "")  # fmt: skip

    code, said = answered(arguments(["add"], folder), answers)

    assert code == 0, said
    data = events(folder)[-1]["data"]
    assert data["proposition"] == "Over 10,000 fighters"
    assert data["said_at"]["edtf"] == "2017-12"
    assert data["estimates"][0]["reference_period"]["edtf"] == "2017-12"
    assert data["estimates"][0]["comparator"] == "gt"


# ── sheets ───────────────────────────────────────────────────────────────────────────────────

STATEMENTS = """
# mine: kept as it is
speakers:
  zamir-kabulov: {name: Zamir Kabulov, kind: person}
measures:
  daesh-fighters: {label: Daesh fighters, unit: people, tags: [militant-count]}
statements:
  - speaker: zamir-kabulov
    said_at: 2017-12   # told on that page
    proposition: More than 10,000 militants are in Afghanistan.
    quote: the number of militants exceeds 10,000 and continues to grow
    estimates:
      - {measure: daesh-fighters, value: more than 10000, words: "exceeds 10,000"}
"""


def test_a_sheet_goes_from_its_start_to_the_ledger_and_stays_known(
    ledger: Ledger, tmp_path: Path
) -> None:
    """Start, fill in, plan, record, record again, edit: nothing is written twice or by surprise."""
    folder, sheet = ledger.log.folder, tmp_path / "sheets" / "article.yaml"
    sheet.parent.mkdir()
    (tmp_path / "article.txt").write_bytes(ARTICLE.read_bytes())
    begun = call("sheet", tmp_path / "article.txt", "--output", sheet)
    assert begun.code == 0, begun.err
    assert call("sheet", tmp_path / "article.txt", "--output", sheet).code == 3
    sheet.write_text(sheet.read_text() + STATEMENTS)
    filled = sheet.read_text()

    planned = call("record", sheet, "--dry-run", ledger=folder)
    assert planned.code == 0, planned.err
    assert "More than 10,000 militants" in planned.text
    assert (sheet.read_text(), len(events(folder))) == (filled, 1)

    done = call("record", sheet, ledger=folder)
    assert done.code == 0, done.err
    written, stored = sheet.read_text(), log_bytes(folder)
    statement = events(folder)[-1]["data"]
    for name in (statement["statement_id"], statement["reports"][0]["report_id"],
                 statement["estimates"][0]["estimate_id"]):  # fmt: skip
        assert name in written
    assert "# mine: kept as it is" in written
    assert "# told on that page" in written

    again = call("record", sheet, ledger=folder)
    assert (again.code, log_bytes(folder), sheet.read_text()) == (0, stored, written)

    sheet.write_text(written.replace("are in Afghanistan.", "were in Afghanistan."))
    edited = call("record", sheet, ledger=folder)
    assert (edited.code, len(edited.error)) == (4, 3), edited.err
    assert "proposition" in edited.err
    assert str(sheet) in edited.error[1]
    assert log_bytes(folder) == stored

    revised = call("record", sheet, "--reason", "tense misread", ledger=folder)
    assert revised.code == 0, revised.err
    assert events(folder)[-1]["type"] == "claims.statement.revised.v1"


def test_a_plan_shows_no_id_that_will_not_be_given(ledger: Ledger, tmp_path: Path) -> None:
    """An id that is still open is not shown as if it were known: two plans are the same."""
    (tmp_path / "article.txt").write_bytes(ARTICLE.read_bytes())
    sheet = tmp_path / "article.yaml"
    assert call("sheet", tmp_path / "article.txt", "--output", sheet).code == 0
    sheet.write_text(sheet.read_text() + STATEMENTS)

    plans = [
        call("record", sheet, "--dry-run", "--documents", tmp_path, ledger=ledger.log.folder)
        for _ in range(2)
    ]

    assert plans[0].code == 0, plans[0].err
    assert plans[0].text == plans[1].text


def test_a_wrong_word_in_a_sheet_is_answered_with_the_nearest_passage(
    ledger: Ledger, tmp_path: Path
) -> None:
    """The refusal names the sheet, the line of the quote in it, and the line of the passage."""
    (tmp_path / "article.txt").write_bytes(ARTICLE.read_bytes())
    sheet = tmp_path / "article.yaml"
    sheet.write_text(
        "source: {id: article, document: article.txt}\n"
        + STATEMENTS.replace("militants exceeds 10,000 and", "militants exceed 10,000 and")
    )

    done = call("record", sheet, "--documents", tmp_path, ledger=ledger.log.folder)

    line = 1 + sheet.read_text().splitlines().index(
        "    quote: the number of militants exceed 10,000 and continues to grow"
    )
    assert is_refusal(done), done.err
    assert "line 17" in done.error[0]
    assert "exceeds 10,000" in done.error[0]
    assert done.error[1].startswith(f"   at: {sheet}, line {line}")
    assert len(events(ledger.log.folder)) == 1
