"""`claims add-report` and `add-estimate`: further words and numbers of a known statement."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_tools import (
    call,
    events,
)
from correct_tools import INDIRECT, QUOTE, SIZE, Rows, copied_desk, done, last

from ledger.api import Ledger


@pytest.fixture
def desk(key_home: Path, tmp_path: Path) -> Path:
    """The folder of a ledger of two statements, with its key."""
    return copied_desk(tmp_path, key_home)


@pytest.fixture
def rows(desk: Path) -> Iterator[Rows]:
    """Ask that ledger in SQL; what was appended meanwhile is seen."""
    with Ledger.open(desk) as ledger:
        yield lambda sql: ledger.views().connection.execute(sql).fetchall()


def test_a_further_report_repeats_a_statement(desk: Path, rows: Rows) -> None:
    """The words are found in the source; a link is a speaker or a source, by id or name."""
    said = done(desk, "add-report", "number", "--source", "Russia says", "-q", INDIRECT,
                "--mode", "indirect", "--part", "body", "--attributed-to", "Kabulov",
                "--via", "Hamid Karzai", "--via", "tass-1", "--note", "later")  # fmt: skip

    data = last(desk)["data"]
    assert (data["statement_id"], data["quote_mode"], data["part"], data["note"]) == (
        "number-2017", "indirect", "body", "later",
    )  # fmt: skip
    assert data["via"] == [{"speaker_id": "karzai"}, {"source_id": "tass-1"}]
    assert said.text == f"report/{data['report_id']}\n"
    assert rows("select count(*) from repetitions where statement_id = 'number-2017'") == [(2,)]


def test_a_further_number_stands_in_the_whole_quote_unless_told(desk: Path, rows: Rows) -> None:
    """As in `add`, its words are the report's quote; of several reports one is named."""
    done(desk, "add-estimate", "number-2017", "-n", ">= 10000", "-m", "Daesh fighters",
         "--period", "2017", "--id", "e2")  # fmt: skip
    assert last(desk)["data"]["value_text"]["exact"] == QUOTE
    assert last(desk)["data"]["report_id"] == "r1"

    done(desk, "add-report", "number-2017", "--source", "article", "-q", INDIRECT, "--id", "r9")
    open_ = call("add-estimate", "number-2017", "-n", "~10000", "-m", "fighters", ledger=desk)
    assert (open_.code, "--report" in open_.err, "r1, r9" in open_.err) == (3, True, True)
    done(desk, "add-estimate", "number-2017", "-n", "~10000", "-m", "fighters", "--report", "r9",
         "--words", "an estimated 10,000", "--id", "e3")  # fmt: skip
    assert rows("select claimed, value_text from estimates where estimate_id = 'e3'") == [
        ("about 10,000", "an estimated 10,000")
    ]


def test_a_derived_number_names_what_it_rests_on(desk: Path) -> None:
    """No words of the quote are taken for those of a number that it does not give."""
    done(desk, "add-estimate", "number-2017", "-n", "20000", "-m", "Men in arms", "--unit", "men",
         "--basis", "derived", "--derived-from", "e1", "--method", "twice that")  # fmt: skip

    measure, estimate = events(desk)[SIZE:]
    assert measure["data"] == {"measure_id": "men-in-arms", "label": "Men in arms", "unit": "men"}
    assert (estimate["data"]["derived_from"], estimate["data"]["method"]) == (["e1"], "twice that")
    assert "value_text" not in estimate["data"]
