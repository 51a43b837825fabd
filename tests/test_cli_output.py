"""What views and queries print: formats, files, pipes, and nothing that steers a terminal."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest
from cli_tools import call, claims
from ready_ledgers import demo_once

from ledger.api import Ledger

NUMBERS = "militant_estimates"


@pytest.fixture(scope="module")
def demo() -> Path:
    """The ledger of the seeds, which is only read."""
    return demo_once()


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
