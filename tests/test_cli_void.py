"""`claims void`: what is hidden, what comes back, and what is told of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from correct_tools import INDIRECT, SIZE, STATEMENT, VERBS, WHY, Rows, copied_desk, done, last

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


def test_a_void_by_id_hides_and_its_position_brings_back(desk: Path, rows: Rows) -> None:
    """What hangs on it goes and comes with it, and both are told in one line."""
    count = "select (select count(*) from statements), (select count(*) from estimates)"
    plan = done(desk, "void", "number-2017", "--reason", "twice", "--dry-run")
    gone = done(desk, "void", "number-2017", "--reason", "twice")

    assert gone.text == "statement/number-2017\n"
    assert "It hides 1 statement, 1 report and 1 estimate." in plan.err
    assert "It hides 1 statement, 1 report and 1 estimate." in gone.err
    assert last(desk)["data"] == {"position": STATEMENT, "reason": "twice"}
    assert rows(count) == [(1, 0)]
    plan = done(desk, "void", str(SIZE), "--reason", "it was right", "--dry-run")
    done(desk, "void", str(SIZE), "--reason", "it was right")
    assert "It brings back 1 statement, 1 report and 1 estimate." in plan.err
    assert rows(count) == [(2, 1)]
    voids = "type like '%voided%' and subject = 'statement/number-2017'"
    assert rows(f"select reason from history where {voids} order by position") == [
        ("twice",), ("it was right",),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_report_inside_a_statement_is_a_part_of_its_event(desk: Path, rows: Rows) -> None:
    """A report or estimate that came with its statement is void as a part, an added one whole."""
    done(desk, "void", "e1", *WHY)
    assert last(desk)["data"] == {"position": STATEMENT, "part": "estimate/e1", "reason": "x"}
    assert last(desk)["subject"] == "estimate/e1"

    done(desk, "add-report", "number-2017", "--source", "article", "-q", INDIRECT, "--id", "r9")
    done(desk, "void", "report/r9", *WHY)
    assert last(desk)["data"] == {"position": SIZE + 1, "reason": "x"}
    done(desk, "void", str(STATEMENT), "--part", "report/r1", *WHY, "--note", "by hand")
    assert last(desk)["data"] == {
        "position": STATEMENT, "part": "report/r1", "reason": "x", "note": "by hand",
    }  # fmt: skip
    assert rows("select report_id from reports") == [("r2",)]


def test_a_void_revision_shows_the_form_that_counts_again(desk: Path, rows: Rows) -> None:
    """Voiding our correction says field by field what it brings back."""
    done(desk, "revise", "number-2017", "--set", "said_at=2016", "--set", "venue=Kabul", *WHY)
    said = done(desk, "void", str(SIZE), "--reason", "it was right")

    assert "said_at: 2016 → 2017-12\nvenue: Kabul → Moscow\n" in said.err
    assert rows("select said_at from statements where statement_id = 'number-2017'") == [
        ("2017-12",)
    ]


def test_a_relation_that_is_void_is_not_brought_back_by_its_repetition(desk: Path) -> None:
    """Who gives the same command again is told that its event is void, and how it comes back."""
    done(desk, *VERBS["relate"])
    hidden = done(desk, "void", str(SIZE), *WHY)
    again = done(desk, *VERBS["relate"])

    assert "It hides 1 relation." in hidden.err
    assert f"claims void {SIZE + 1} --reason" in again.err
