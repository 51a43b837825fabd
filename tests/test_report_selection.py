"""What a report is of: how options widen and narrow, what is refused, and where it goes."""

import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_tools import arguments, call, is_refusal, ndjson
from report_tools import report, told_copy, told_once

from ledger.api import Ledger
from ledger.errors import ClaimsError
from ledger.report import Selection, Stood, chosen
from ledger.report.selection import MOST_STATEMENTS

FOLDER = told_once() / "ledger"


@pytest.fixture(scope="module")
def stood() -> Iterator[Stood]:
    """The ledger that was told, as it stands."""
    with Ledger.open(FOLDER) as ledger:
        yield Stood.of(ledger.as_of(ledger.size))


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), "fewer more-than uncounted"),
        (Selection(measures=("fighters",)), "fewer more-than"),
        (Selection(measures=("fighters",), speakers=("ministry",)), "fewer"),
        (Selection(speakers=("ministry", "zamir-kabulov")), "fewer more-than uncounted"),
        (Selection(topics=("NUMBERS",)), "fewer more-than"),
        (Selection(topics=("denials", "none")), "fewer"),
        (Selection(statements=("uncounted", "fewer")), "fewer uncounted"),
        (Selection(where="said_at is null -- so"), "uncounted"),
        (Selection(where="speech_act = 'deny' or retracted", speakers=("ministry",)), "fewer"),
    ],
)
@pytest.mark.sampled(3)
def test_options_of_one_kind_widen_and_of_several_narrow(
    stood: Stood, selection: Selection, expected: str
) -> None:
    """The statements stand in the order in which they were said, undated ones last."""
    assert chosen(stood.ask, selection) == expected.split()


@pytest.mark.parametrize(
    "where",
    [
        "no_such_column = 1", "true) ; drop view statements; select (1", "1 = error('no')",
        "exists (from read_text('/etc/passwd'))", "exists (from glob('/*'))", "; select 1", "1 = 0",
        "speaker = getenv('HOME')",
    ],
)  # fmt: skip
@pytest.mark.sampled(2)
def test_a_condition_can_do_nothing_but_select(stood: Stood, where: str) -> None:
    """What is no condition, reaches for a file or fails is refused, and the views stay whole."""
    with pytest.raises(ClaimsError) as refused:
        chosen(stood.ask, Selection(where=where))
    assert refused.value.exit_code == 3
    assert len(chosen(stood.ask, Selection())) == 3


def test_a_part_of_the_ledger_is_told_as_such() -> None:
    """By name and id, with how much of the ledger it is; a chart shows its numbers alone."""
    page = report(FOLDER, "-m", "Fighters", "-s", "Ministry of Defence", "--statement", "e-few")
    assert [str(each) for each in page.all("//article/@id")] == ["statement-fewer"]
    about = page.text("//section[@aria-labelledby='about']")
    assert "claiming a number of Fighters (fighters); by Ministry of Defence (ministry)" in about
    assert "all 1 statement selected, of 3 in the ledger" in about
    drawn = page.text("//*[local-name()='svg']")
    assert "less than 3,000" in drawn
    assert "more than 10,000" not in drawn
    numbers = page.text("//section[@aria-labelledby='numbers']")
    assert "The ledger holds 1 further number of this measure" in numbers


@pytest.mark.parametrize(
    ("words", "code", "lines"),
    [
        (["--measure", "nobody"], 3, 2), (["--speaker", "nobody"], 3, 2),
        (["--statement", "source/tass-1"], 3, 2), (["--topic", "nothing"], 3, 2),
        (["--where", "no_such_column = 1"], 3, 3), (["--as-of", "100000"], 3, 3),
        (["--as-of", "1"], 3, 2), (["--title", "x" * 1001], 3, 3), (["--as-of", "soon"], 2, 3),
        (["--statement", "fewer", "-o", "/nowhere/at/all.html"], 3, 2),
    ],
)  # fmt: skip
def test_what_makes_no_report_is_refused(words: list[str], code: int, lines: int) -> None:
    """Short lines, the exit code, and nothing on standard output."""
    assert is_refusal(call("report", *words, ledger=FOLDER), code, lines=lines)


def test_topics_are_named_where_none_fits() -> None:
    """The way out of a topic that is not there is the list of those that are."""
    done = call("report", "--topic", "nothing", ledger=FOLDER)
    assert "Topics are: Numbers, denials, numbers" in done.err


def test_more_than_a_reader_can_read_is_refused(tmp_path: Path, key_home: Path) -> None:
    """A part would look like the whole: it says how many fit, and narrowing is the way out."""
    folder = told_copy(tmp_path / "ledger", key_home)
    many = (
        {"command": "record_statement", "statement_id": f"s{number}", "speaker_id": "ministry",
         "proposition": f"Claim {number}.",
         "reports": [{"source_id": "desk-1", "quote": "There are fewer than 3,000",
                      "quote_mode": "direct"}]}
        for number in range(MOST_STATEMENTS)
    )  # fmt: skip
    assert call("append", ndjson(tmp_path / "many", many), ledger=folder).code == 0
    done = call("report", ledger=folder)
    assert is_refusal(done, lines=2)
    assert "503 statements fit; a report holds at most 500" in done.err


# ── where it goes ────────────────────────────────────────────────────────────────────────────


def test_it_goes_to_a_file_or_a_pipe_and_never_to_a_terminal(tmp_path: Path) -> None:
    """A terminal is refused before anything is asked."""
    file = tmp_path / "report.html"
    words = ("report", "--statement", "uncounted")
    done = call(*words, "-o", file, ledger=FOLDER)
    assert (done.code, done.out) == (0, b"")
    assert file.read_bytes() == call(*words, ledger=FOLDER).out
    main, terminal = pty.openpty()
    try:
        shown = subprocess.run(
            arguments(["report"], FOLDER), stdout=terminal, stderr=subprocess.PIPE,
            check=False, timeout=60,
        )  # fmt: skip
    finally:
        os.close(main)
        os.close(terminal)
    assert shown.returncode == 2
    assert b"Add -o FILE.html" in shown.stderr


def test_help_loads_nothing_heavy() -> None:
    """`claims report --help` needs neither DuckDB nor templates nor the renderer of charts."""
    code = (
        "import sys; sys.argv = ['claims', 'report', '--help']\n"
        "from ledger.cli.app import run\n"
        "run(); print(sorted({'duckdb', '_duckdb', 'jinja2', 'vl_convert', 'pydantic'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [str(Path(arguments([])[0]).with_name("python")), "-c", code],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.endswith("[]\n")
