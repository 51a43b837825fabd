"""`claims revise`: what was recorded wrongly is replaced, field by field, with a reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli_tools import (
    call,
    events,
    log_bytes,
    ndjson,
)
from correct_tools import QUOTE, SIZE, STATEMENT, Rows, copied_desk, done, last

from ledger.api import Ledger
from ledger.cli.patching import patch_of
from ledger.errors import ClaimsError


@pytest.fixture
def desk(key_home: Path, tmp_path: Path) -> Path:
    """The folder of a ledger of two statements, with its key."""
    return copied_desk(tmp_path, key_home)


@pytest.fixture
def rows(desk: Path) -> Iterator[Rows]:
    """Ask that ledger in SQL; what was appended meanwhile is seen."""
    with Ledger.open(desk) as ledger:
        yield lambda sql: ledger.views().connection.execute(sql).fetchall()


REVISED: dict[str, tuple[tuple[str, ...], str, Any]] = {
    # what: the words after `revise`, a query, the one value that it gives
    "statement": (
        ("number-2017", "--set", "said_at=2017-11"),
        "select said_at from statements where statement_id = 'number-2017'", "2017-11",
    ),
    "source": (
        ("article", "--set", "title=Russia says US behind"),
        "select title from sources where source_id = 'article'", "Russia says US behind",
    ),
    "a publisher by name": (
        ("article", "--set", "publisher=TASS"),
        "select publisher_id from sources where source_id = 'article'", "tass",
    ),
    "speaker": (
        ("Hamid Karzai", "--set", "aliases=Karzai", "--set", "aliases=H. Karzai"),
        "select aliases from speakers where speaker_id = 'karzai'", ["Karzai", "H. Karzai"],
    ),
    "a mapping": (
        ("karzai", "--set", 'identifiers={"wikidata": "Q1"}'),
        "select cast(identifiers as varchar) from speakers where speaker_id = 'karzai'",
        "{wikidata=Q1}",
    ),
    "measure": (
        ("measure/fighters", "--set", "kind=stock"),
        "select kind from measures where measure_id = 'fighters'", "stock",
    ),
    "report": (
        ("r1", "--set", "quote=exceeds 10,000 and continues", "--set", "quote_mode=partial"),
        "select quote from reports where report_id = 'r1'", "exceeds 10,000 and continues",
    ),
    "estimate": (
        ("e1", "--set", "value=>= 10000"),
        "select claimed from estimates where estimate_id = 'e1'", "at least 10,000",
    ),
    "a speaker by name": (
        ("number", "--set", "speaker=Z. Kabulov"),
        "select speaker_id from statements where statement_id = 'number-2017'", "z-kabulov",
    ),
    "a list as JSON": (
        ("number-2017", "--set", 'topics=["a", "b, c"]'),
        "select topics from statements where statement_id = 'number-2017'", ["a", "b, c"],
    ),
    "a field cleared": (
        ("number-2017", "--clear", "venue"),
        "select venue from statements where statement_id = 'number-2017'", None,
    ),
    "a list cleared": (
        ("number-2017", "--clear", "topics"),
        "select coalesce(len(topics), 0) from statements where statement_id = 'number-2017'", 0,
    ),
    "a text that begins as JSON does": (
        ("number-2017", "--set", "venue=[off the record]"),
        "select venue from statements where statement_id = 'number-2017'", "[off the record]",
    ),
    "words under their short name": (
        ("e1", "--set", "words=10,000"),
        "select value_text from estimates where estimate_id = 'e1'", "10,000",
    ),
    "a number by its bounds": (
        ("e1", "--set", "comparator=between", "--set", "low=10000", "--set", "high=10000.5",
         "--set", "high_inclusive=true", "--clear", "words"),
        "select high from estimates where estimate_id = 'e1'", 10000.5,
    ),
}  # fmt: skip


def test_each_noun_is_revised_by_its_fields(desk: Path, rows: Rows) -> None:
    """A revision holds the whole form, names the one that it replaces, and counts at once."""
    forms = {"statement/number-2017": STATEMENT, "report/r1": STATEMENT, "estimate/e1": STATEMENT,
             "speaker/karzai": 3, "source/article": 5, "measure/fighters": 8}  # fmt: skip
    for position, (words, sql, value) in enumerate(REVISED.values(), SIZE):
        said = done(desk, "revise", *words, "--reason", "misread", "--error", "transcription")

        event = last(desk)
        subject, data = event["subject"], event["data"]
        assert event["type"] == f"claims.{subject.partition('/')[0]}.revised.v1"
        assert (data["reason"], data["error"]) == ("misread", "transcription")
        assert data["replaces"] == forms[subject]
        assert said.text == f"{subject}\n"
        assert " → " in said.err
        assert rows(sql) == [(value,)], words
        forms[subject] = position
    assert len(events(desk)) == SIZE + len(REVISED)


def test_what_is_not_named_stays(desk: Path) -> None:
    """A revision is a patch: every other field is as it was."""
    before = events(desk)[STATEMENT]["data"]
    done(desk, "revise", "number-2017", "--set", "venue=Kabul", "--reason", "x", "--actor", "ben")

    data = last(desk)["data"]
    kept = before.keys() - {"venue", "reports", "estimates"}
    assert {name: data[name] for name in kept} == {name: before[name] for name in kept}
    assert data["venue"] == "Kabul"
    assert last(desk)["actor"] == "ben"


def test_a_revision_may_be_meant_twice(desk: Path, rows: Rows) -> None:
    """Forth, back and forth again are three revisions."""
    for month in ("2017-11", "2017-12", "2017-11"):
        done(desk, "revise", "number-2017", "--set", f"said_at={month}", "--reason", "x")

    assert len(events(desk)) == SIZE + 3
    assert rows("select said_at, revisions from statements where statement_id = 'number-2017'") == [
        ("2017-11", 3)
    ]


def test_a_stale_revision_shows_both_forms(desk: Path) -> None:
    """What the command meant to replace and what counts now are shown where they differ."""
    done(desk, "revise", "number-2017", "--set", "said_at=2017-11", "--clear", "venue",
         "--reason", "wrong month", "--actor", "ben")  # fmt: skip
    before = log_bytes(desk)

    stale = call("revise", "number-2017", "--set", "said_at=2017-10", "--reason", "x",
                 "--replaces", str(STATEMENT), ledger=desk)  # fmt: skip

    assert stale.code == 4
    assert log_bytes(desk) == before
    lines = [line.strip() for line in stale.error]
    assert lines[0].endswith(f"stands at position {SIZE}, not at {STATEMENT}.")
    assert lines[1:5] == [
        f"said_at at {STATEMENT}: 2017-12",
        f"said_at at {SIZE}: 2017-11",
        f"venue at {STATEMENT}: Moscow",
        f"venue at {SIZE}: nothing",
    ]
    assert "gives the reason: wrong month" in lines[5]
    assert f"Position {SIZE} is by ben, 20" in lines[6]
    assert lines[7] == "at: field --replaces"
    assert "claims history number-2017" in lines[8]


def test_a_stale_revision_in_ndjson_shows_both_forms(desk: Path, tmp_path: Path) -> None:
    """The rule is the same on every way in; a position without a form is told as such."""
    done(desk, "revise", "r1", "--set", "quote=exceeds 10,000", "--reason", "x")
    stale = {"command": "revise_report", "report_id": "r1", "part": "body", "reason": "x"}

    behind, nowhere = (
        call("append", ndjson(tmp_path / "c", [stale | {"replaces": at}]), ledger=desk)
        for at in (STATEMENT, 3)
    )

    assert (behind.code, nowhere.code) == (4, 4)
    assert f"quote at {STATEMENT}: {QUOTE}" in behind.err
    assert f"quote at {SIZE}: exceeds 10,000" in behind.err
    assert f"Position 3 holds no form of it; its forms stand at {STATEMENT}, {SIZE}." in nowhere.err


def test_the_form_that_counts_may_be_named(desk: Path) -> None:
    """A revision that names the right form goes through, also after a void brought one back."""
    done(desk, "revise", "number-2017", "--set", "said_at=2017-11", "--reason", "x")
    done(desk, "void", str(SIZE), "--reason", "it was right")
    done(desk, "revise", "number-2017", "--set", "said_at=2016", "--reason", "x",
         "--replaces", str(STATEMENT))  # fmt: skip

    assert last(desk)["data"]["replaces"] == STATEMENT


PATCHES: dict[str, tuple[str, list[str], list[str], str]] = {
    # what: the noun, what is set, what is cleared, words of the refusal
    "an unknown field to clear": ("statement", [], ["venu"], "--clear venu"),
    "an empty value": ("statement", ["said_at="], [], "is empty"),
    "set twice": ("statement", ["venue=x", "venue=y"], [], "stands twice"),
    "what is not JSON": ("speaker", ["identifiers={"], [], "not JSON"),
    "no number": ("estimate", ["low=lots"], [], "lots"),
    "a field of another noun": ("measure", ["said_at=2016"], [], "no such field"),
}


@pytest.mark.parametrize("case", PATCHES)
def test_what_options_cannot_mean_is_refused(case: str) -> None:
    """A patch is made of the fields that its noun has, each given once."""
    noun, given, cleared, words = PATCHES[case]

    with pytest.raises(ClaimsError, match=words) as caught:
        patch_of(noun, given, cleared)
    assert caught.value.way_out
