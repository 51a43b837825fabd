"""`claims retract`, `relate`, `assess` and `judge`: what is said about statements and speakers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_tools import (
    ARTICLE,
    events,
)
from correct_tools import SIZE, VERBS, Rows, copied_desk, done, last

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


def test_a_retraction_is_a_statement_and_its_relation(desk: Path, rows: Rows) -> None:
    """Both lie in one batch, by the speaker of what is retracted, with the words that show it."""
    said = done(desk, *VERBS["retract"], "--said-at", "2018-01", "-p", "It was misstated.",
                "--attributed-to", "Kabulov", "--via", "TASS", "--id", "takes-back")  # fmt: skip

    statement, relation = events(desk)[SIZE:]
    assert statement["batch"] == relation["batch"]
    data = statement["data"]
    assert (data["speaker_id"], data["speech_act"], data["said_at"]["edtf"]) == (
        "kabulov", "retract", "2018-01",
    )  # fmt: skip
    assert data["reports"][0]["quote"]["exact"] == "exceeds 10,000"
    assert data["reports"][0]["via"] == [{"speaker_id": "tass"}]
    assert relation["data"] == {
        "from": "takes-back", "to": "number-2017", "relation": "retracts", "basis": "stated",
    }  # fmt: skip
    assert said.text.split() == [
        "statement/takes-back",
        f"report/{data['reports'][0]['report_id']}",
    ]
    assert rows("select statement_id, retracted from statements order by position") == [
        ("number-2017", True), ("karzai-2017", False), ("takes-back", False),
    ]  # fmt: skip


def test_a_retraction_may_be_another_speakers(desk: Path) -> None:
    """Whoever takes it back is named by id or name."""
    done(desk, *VERBS["retract"], "-s", "Hamid Karzai")

    assert events(desk)[SIZE]["data"]["speaker_id"] == "karzai"
    assert events(desk)[SIZE]["data"]["proposition"] == "exceeds 10,000"


def test_a_relation_keeps_its_evidence(desk: Path, rows: Rows) -> None:
    """Evidence is a report, or words that were found in a source."""
    done(desk, "relate", "karzai-2017", "responds-to", "number-2017", "--evidence", "r2",
         "--basis", "juxtaposed", "--note", "side by side")  # fmt: skip
    assert last(desk)["data"] == {
        "from": "karzai-2017", "to": "number-2017", "relation": "responds_to",
        "basis": "juxtaposed", "evidence": {"report_id": "r2"}, "note": "side by side",
    }  # fmt: skip
    done(desk, "relate", "karzai", "denies", "number", "--source", "article", "-q", "Daesh",
         "--prefix", "Russia says US behind")  # fmt: skip
    evidence = last(desk)["data"]["evidence"]
    assert (evidence["source_id"], evidence["anchor"], evidence["quote"]["start"]) == (
        "article", "exact", ARTICLE.read_text().index("Daesh"),
    )  # fmt: skip
    assert rows('select "from", relation, "to" from relations order by position') == [
        ("karzai-2017", "responds_to", "number-2017"), ("karzai-2017", "denies", "number-2017"),
    ]  # fmt: skip


def test_assessments_stand_side_by_side(desk: Path, rows: Rows) -> None:
    """A statement has its credibility, a source its reliability, and the noun follows the id."""
    done(desk, "assess", "number-2017", "--assessor", "Full Fact", "--label", "Half true",
         "--value", "2.5", "--best", "5", "--worst", "1", "--url", "https://a.org")  # fmt: skip
    assert last(desk)["type"] == "claims.statement.assessed.v1"
    assert last(desk)["data"]["rating"] == {
        "label": "Half true", "value": 2.5, "best": 5, "worst": 1,
    }  # fmt: skip
    done(desk, "assess", "number-2017", "--assessor", "ana", "--credibility", "3",
         "--explanation", "no second source")  # fmt: skip
    done(desk, "assess", "tass-1", "--assessor", "ana", "--reliability", "c")
    assert last(desk)["type"] == "claims.source.assessed.v1"
    asked = "select assessor, information_credibility, source_reliability from assessments"
    assert rows(f"{asked} order by position") == [
        ("Full Fact", None, None), ("ana", 3, None), ("ana", None, "C"),
    ]  # fmt: skip


def test_a_judgement_can_be_taken_back(desk: Path, rows: Rows) -> None:
    """The latest of a pair counts, whoever stands left."""
    who = "select canonical_id from speakers where speaker_id in ('kabulov', 'z-kabulov')"
    done(desk, "judge", "Zamir Kabulov", "z-kab", "same", "--reason", "his initial")
    assert last(desk)["data"] == {
        "left": "kabulov", "right": "z-kabulov", "judgement": "same", "reason": "his initial",
    }  # fmt: skip
    assert len(set(rows(who))) == 1
    done(desk, "judge", "z-kabulov", "kabulov", "different", "--reason", "his brother")
    assert len(set(rows(who))) == 2
