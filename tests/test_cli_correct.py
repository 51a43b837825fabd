"""Correcting from the command line: revisions, voids, retractions, relations, ratings."""

import os
import pty
import shutil
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from cli_tools import (
    ARTICLE,
    CLAIMS,
    Outcome,
    arguments,
    call,
    events,
    is_refusal,
    log_bytes,
    ndjson,
)
from ready_ledgers import copy_with_views

from ledger.api import Ledger
from ledger.cli.editing import Shown, edited_file, form_text, read_back
from ledger.cli.patching import patch_of
from ledger.errors import ClaimsError, Refused, UsageFault
from ledger.sheets.yaml_nodes import read_yaml
from projections.build import rebuild

Rows = Callable[..., list[tuple[Any, ...]]]

QUOTE = "the number of militants exceeds 10,000 and continues to grow"
INDIRECT = "an estimated 10,000 members of the Takfiri terrorist group"

COMMANDS: tuple[dict[str, Any], ...] = (
    {"command": "register_speaker", "speaker_id": "kabulov", "kind": "person",
     "name": "Zamir Kabulov"},
    {"command": "register_speaker", "speaker_id": "z-kabulov", "kind": "person",
     "name": "Z. Kabulov"},
    {"command": "register_speaker", "speaker_id": "karzai", "kind": "person",
     "name": "Hamid Karzai"},
    {"command": "capture_source", "source_id": "article", "document": "article.txt",
     "publisher": "TCA", "published": "2018-02", "title": "Russia says"},
    {"command": "cite_source", "source_id": "tass-1", "publisher": "TASS",
     "published": "2017-12-23"},
    {"command": "define_measure", "measure_id": "fighters", "label": "Daesh fighters",
     "unit": "people", "tags": ["militant-count"]},
    {"command": "record_statement", "statement_id": "number-2017", "speaker_id": "kabulov",
     "said_at": "2017-12", "proposition": "There are more than 10,000.", "topics": ["daesh"],
     "venue": "Moscow",
     "reports": [{"report_id": "r1", "source_id": "article", "quote": QUOTE}],
     "estimates": [{"estimate_id": "e1", "measure_id": "fighters", "value": "> 10000",
                    "value_text": "exceeds 10,000", "reference_period": "2017-12"}]},
    {"command": "record_statement", "statement_id": "karzai-2017", "speaker_id": "karzai",
     "said_at": "2017-11", "proposition": "There are none.",
     "reports": [{"report_id": "r2", "source_id": "tass-1", "quote": "there are none"}]},
)  # fmt: skip
STATEMENT, KARZAI, SIZE = 9, 10, 11  # positions of the two statements, and of the next event


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger of two statements, found in an article and a cited source, its key."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "article.txt").write_bytes(ARTICLE.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        with Ledger.create(folder / "ledger", origin="example.org/test", actor="ana") as ledger:
            assert ledger.submit(COMMANDS, documents=folder).size == SIZE
            ledger.log.refresh()  # else the views are those of its first event
            rebuild(ledger.log)
    return folder


@pytest.fixture
def desk(made: Path, key_home: Path, tmp_path: Path) -> Path:
    """The folder of a copy of that ledger."""
    shutil.copytree(made / "config", key_home)
    return copy_with_views(made / "ledger", tmp_path / "ledger")


@pytest.fixture
def rows(desk: Path) -> Iterator[Rows]:
    """Ask that ledger in SQL; what was appended meanwhile is seen."""
    with Ledger.open(desk) as ledger:
        yield lambda sql: ledger.query(sql).fetchall()


def done(desk: Path, *words: str) -> Outcome:
    """What a command said that had to succeed."""
    outcome = call(*words, ledger=desk)
    assert outcome.code == 0, outcome.err
    return outcome


def last(desk: Path) -> dict[str, Any]:
    """The last event."""
    return events(desk)[-1]


# ── revise ───────────────────────────────────────────────────────────────────────────────────

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


REVISE = ("revise", "number-2017")
WHY = ("--reason", "x")
MISTAKES: dict[str, tuple[tuple[str, ...], int, tuple[str, ...]]] = {
    # what: the words, the exit code, words of the answer
    "no reason": ((*REVISE, "--set", "said_at=2016"), 2, ("--reason",)),
    "an empty reason": ((*REVISE, "--set", "said_at=2016", "--reason", " "), 3, ("--reason",)),
    "no field": ((*REVISE, *WHY), 2, ("--set", "said_at", "proposition")),
    "an unknown field": ((*REVISE, "--set", "speeker=x", *WHY), 2, ("speeker", "speaker?")),
    "no value": ((*REVISE, "--set", "said_at", *WHY), 2, ("--set said_at=VALUE",)),
    "set and cleared": (
        (*REVISE, "--set", "venue=x", "--clear", "venue", *WHY), 2, ("both set and cleared",)),
    "an id": ((*REVISE, "--set", "statement_id=x", *WHY), 2, ("An id stays",)),
    "a key twice": (
        ("revise", "karzai", "--set", 'identifiers={"a":"1","a":"2"}', *WHY), 3, ("twice",)),
    "no date": ((*REVISE, "--set", "said_at=June", *WHY), 3, ("--set said_at", "2018-02")),
    "no error of ours": (
        (*REVISE, "--set", "said_at=2016", "--error", "typo", *WHY), 3, ("--error", "'span'")),
    "an unknown speaker": (
        (*REVISE, "--set", "speaker=Nobody", *WHY), 3, ("Nobody", "--set speaker_id")),
    "words that are not there": (
        ("revise", "r1", "--set", "quote=exceeds 12,000", *WHY), 3, ("--set quote", "10,000")),
    "a number against its words": (
        ("revise", "e1", "--set", "value=1000", *WHY), 3, ("10,000", "1000")),
    "an unknown id": (("revise", "nothing", "--set", "x=y", *WHY), 3, ("ID", "claims search")),
    "no such noun": (("relate", "speaker/karzai", "denies", "number-2017"), 3, ("is a speaker",)),
    "void without a reason": (("void", "number-2017"), 2, ("--reason",)),
    "void beyond the end": (("void", "99", *WHY), 3, ("no event at position 99",)),
    "void of no part": (("void", "9", "--part", "e1", *WHY), 2, ("report/ID",)),
    "void of a part elsewhere": (
        ("void", "10", "--part", "estimate/e1", *WHY), 3, ("--part", "report/r2")),
    "retract without a source": (("retract", "number-2017", "-q", "10,000"), 2, ("--source",)),
    "retract in words that are not there": (
        ("retract", "number-2017", "--source", "article", "-q", "I was wrong about 10,000"), 3,
        ("--quote", "does not stand")),
    "retract of itself": (
        ("retract", "number-2017", "--source", "tass-1", "-q", "x", "--id", "number-2017"), 4,
        ("already recorded", "--id")),
    "relate to itself": (("relate", "number-2017", "denies", "number-2017"), 3, ("TO", "both")),
    "no relation": (("relate", "karzai-2017", "negates", "number-2017"), 3, ("'denies'", "RELATI")),
    "two kinds of evidence": (
        ("relate", "karzai-2017", "denies", "number-2017", "--evidence", "r2", "-q", "x"), 2,
        ("two kinds",)),
    "evidence without its source": (
        ("relate", "karzai-2017", "denies", "number-2017", "-q", "x"), 2, ("--source is missing",)),
    "evidence that stands twice": (
        ("relate", "karzai-2017", "denies", "number-2017", "--source", "article", "-q", "Daesh"),
        3, ("--quote", "6 times", "--prefix")),
    "an assessment of a speaker": (
        ("assess", "speaker/karzai", "--assessor", "A", "--label", "x"), 3,
        ("a statement or a source",)),
    "reliability of a statement": (
        ("assess", "number-2017", "--assessor", "A", "--reliability", "A"), 2, ("--credibility",)),
    "no reliability": (
        ("assess", "tass-1", "--assessor", "A", "--reliability", "G"), 3, ("--reliability",)),
    "judge without a reason": (("judge", "kabulov", "z-kabulov", "same"), 2, ("--reason",)),
    "judge otherwise": (("judge", "kabulov", "z-kabulov", "equal", *WHY), 3, ("'unsure'",)),
    "judge one": (("judge", "kabulov", "kabulov", "same", *WHY), 3, ("RIGHT", "both sides")),
    "a report that stands often": (
        ("add-report", "number-2017", "--source", "article", "-q", "Daesh"), 3, ("--prefix",)),
    "a report by way of nobody": (
        ("add-report", "number-2017", "--source", "tass-1", "-q", "x", "--via", "Nobody"), 3,
        ("--via", "Nobody")),
    "an estimate without a number": (("add-estimate", "number-2017", "-m", "fighters"), 2,
                                     ("--number",)),
    "an estimate against its words": (
        ("add-estimate", "number-2017", "-n", "9000", "-m", "fighters"), 3, ("--words", "9000")),
    "an estimate of what is misspelt": (
        ("add-estimate", "number-2017", "-n", "10000", "-m", "Daesh fihgters"), 3,
        ("--measure", "--new", "fighters")),
    "an estimate in another report": (
        ("add-estimate", "number-2017", "-n", "10000", "-m", "fighters", "--report", "r2"), 3,
        ("--report", "no report r2")),
    "a restored ledger without a reason": (
        ("relate", "karzai-2017", "denies", "number-2017", "--accept-restored"), 2, ("--reason",)),
}  # fmt: skip


def test_each_mistake_is_answered_by_a_sentence(desk: Path) -> None:
    """Every mistake gets what was wrong, where, and what to do; nothing is written."""
    before = log_bytes(desk)

    answers = {what: call(*words, ledger=desk) for what, (words, _, _) in MISTAKES.items()}

    assert log_bytes(desk) == before
    for what, (_, code, words) in MISTAKES.items():
        answer = answers[what]
        assert is_refusal(answer, code, lines=len(answer.error)), (what, answer.err)
        assert 1 < len(answer.error) <= 3, (what, answer.err)
        assert all(word in answer.err for word in words), (what, answer.err)


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


def test_what_is_void_says_how_it_comes_back(desk: Path) -> None:
    """Every verb finds a void thing by its id, and names the void to void."""
    done(desk, "void", "number-2017", "--reason", "x")
    before = log_bytes(desk)

    for words in (
        (*REVISE, "--set", "said_at=2016", *WHY),
        ("void", "number-2017", *WHY),
        ("relate", "karzai-2017", "denies", "number-2017"),
        ("retract", "number-2017", "--source", "tass-1", "-q", "x"),
        ("assess", "number-2017", "--assessor", "A", "--label", "x"),
        ("add-report", "number-2017", "--source", "tass-1", "-q", "x"),
    ):
        answer = call(*words, ledger=desk)
        assert answer.code in (3, 4), answer.err
        assert f"To reinstate it, void position {SIZE}." in answer.err, words
    assert log_bytes(desk) == before


# ── every verb ───────────────────────────────────────────────────────────────────────────────

VERBS: dict[str, tuple[str, ...]] = {
    "revise": (*REVISE, "--set", "said_at=2016", *WHY),
    "retract": ("retract", "number-2017", "--source", "article", "-q", "exceeds 10,000"),
    "void": ("void", "number-2017", *WHY),
    "relate": ("relate", "karzai-2017", "denies", "number-2017"),
    "assess": ("assess", "number-2017", "--assessor", "A", "--credibility", "2"),
    "judge": ("judge", "kabulov", "z-kabulov", "same", *WHY),
    "add-report": ("add-report", "number-2017", "--source", "article", "-q", INDIRECT),
    "add-estimate": ("add-estimate", "number-2017", "-n", "10000", "-m", "fighters"),
}


TWICE = ("revise", "void", "judge")  # may be meant twice


@pytest.mark.parametrize("verb", VERBS)
def test_planned_then_written_then_known(desk: Path, verb: str) -> None:
    """A dry run writes nothing, --json prints the receipt alone, what others said is said once."""
    before = log_bytes(desk)
    planned = done(desk, *VERBS[verb], "--dry-run")
    assert log_bytes(desk) == before
    assert planned.text.startswith("new  ")
    assert "would be appended. Nothing was." in planned.err

    said = done(desk, *VERBS[verb], "--json", "--actor", "ben")
    (receipt,) = said.objects
    assert (receipt["first"], receipt["size"]) == (SIZE, len(events(desk)))
    assert said.err == ""
    assert {event["actor"] for event in events(desk)[SIZE:]} == {"ben"}

    if verb not in TWICE:
        written = log_bytes(desk)
        again = done(desk, *VERBS[verb])
        assert again.text.split() == list(dict.fromkeys(chain(*receipt["made"])))
        assert "stood already" in again.err
        assert log_bytes(desk) == written


@pytest.mark.parametrize("verb", ["judge", "void"])
def test_what_may_be_meant_twice_has_a_key_of_its_own(desk: Path, verb: str) -> None:
    """Given again it is a new command: a judgement is written, a void conflicts."""
    done(desk, *VERBS[verb])
    again = call(*VERBS[verb], ledger=desk)

    assert (again.code, len(events(desk))) == ((0, SIZE + 2) if verb == "judge" else (4, SIZE + 1))


# ── void ─────────────────────────────────────────────────────────────────────────────────────


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


# ── retract, relate, assess, judge ───────────────────────────────────────────────────────────


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


# ── add-report, add-estimate ─────────────────────────────────────────────────────────────────


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


# ── the editor ───────────────────────────────────────────────────────────────────────────────


def on_terminal(desk: Path, *words: str, **env: str) -> tuple[int, str]:
    """Run a command on a terminal of its own; gives its exit code and what it said."""
    call_words = arguments(words, desk)
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(env)
        os.environ.pop("VISUAL", None)
        os.execv(call_words[0], call_words)
    said = b""
    while block := read_block(terminal):
        said += block
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said.decode().replace("\r\n", "\n")


def read_block(terminal: int) -> bytes:
    """What comes from a terminal; nothing when its child has ended."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which temporary files are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def editing(tmp_path: Path) -> Callable[[str], str]:
    """Make an editor of a few lines of Python, in which `text` is the form and `path` its file."""

    def editor(lines: str) -> str:
        script = tmp_path / "editor.py"
        script.write_text(
            "import pathlib, re, sys, subprocess\n"
            "path = pathlib.Path(sys.argv[-1])\ntext = path.read_text('utf-8')\n"
            f"{lines}\npath.write_text(text, 'utf-8') if path.exists() else None\n"
        )
        return f"{sys.executable} '{script}' --wait"

    return editor


def changing(**fields: str) -> str:
    """The lines of an editor that changes fields, or fills in those that are comments."""
    return "\n".join(
        f"text = re.sub(r'(?m)^(# )?{name}:.*$', {f'{name}: {value}'!r}, text, count=1)"
        for name, value in fields.items()
    )


pty_only = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


@pty_only
def test_the_editor_shows_the_form_and_its_changes_are_recorded(
    desk: Path, temporary: Path, editing: Callable[[str], str], rows: Rows, tmp_path: Path
) -> None:
    """Changed, filled in and removed fields become the patch; the file is gone afterwards."""
    seen = tmp_path / "seen.yaml"
    lines = changing(reason='"page 3: another month"', error="transcription", said_at="2017-11",
                     audience="the press", speaker_id="Hamid Karzai")  # fmt: skip
    remove = "text = re.sub(r'(?m)^venue:.*\\n', '', text)"
    editor = editing(f"pathlib.Path({str(seen)!r}).write_text(text)\n{lines}\n{remove}")

    code, said = on_terminal(desk, "revise", "number-2017", EDITOR=editor)

    assert code == 0, said
    form = seen.read_text()
    assert f"(position {STATEMENT})" in form
    assert "\nsaid_at: 2017-12\n" in form
    assert "\n# audience:\n" in form
    assert "\ntopics:\n  - daesh\n" in form
    event = last(desk)
    data = event["data"]
    assert (data["replaces"], data["reason"], data["error"]) == (
        STATEMENT, "page 3: another month", "transcription",
    )  # fmt: skip
    assert rows("select speaker_id, said_at, audience, venue, topics from statements"
                " where statement_id = 'number-2017'") == [
        ("karzai", "2017-11", "the press", None, ["daesh"])
    ]  # fmt: skip
    assert "said_at: 2017-12 → 2017-11\n" in said
    assert list(temporary.iterdir()) == []


NOT_EDITED: dict[str, tuple[str, str]] = {
    "unchanged": ("", "The form was left unchanged; nothing was appended."),
    "emptied": ("text = ''", "The form was emptied; nothing was appended."),
    "only comments left": ("text = '# no\\n\\n'", "The form was emptied"),
    "removed": ("path.unlink()", "The form was emptied"),
    "ended badly": ("sys.exit(3)", "ended with 3; nothing was appended."),
}
SHOWN = Shown("statement", "s", 4, {
    "speaker_id": "kabulov", "said_at": "2017-12", "proposition": "P.", "venue": None,
    "topics": ["daesh"],
})  # fmt: skip


@pytest.mark.parametrize("case", NOT_EDITED)
def test_an_edit_that_was_none_ends_in_a_sentence(
    temporary: Path,
    editing: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    case: str,
) -> None:
    """A form that comes back untouched or empty is refused, and leaves no file."""
    lines, words = NOT_EDITED[case]
    monkeypatch.setenv("VISUAL", editing(lines))

    with pytest.raises(ClaimsError, match=words), edited_file(SHOWN, form_text(SHOWN)):
        pytest.fail("this is no edit")
    assert list(temporary.iterdir()) == []


def test_an_editor_that_is_not_there_is_named(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The way out is another editor, or the options."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "no-such-editor -w")

    with (
        pytest.raises(UsageFault, match="'no-such-editor' cannot be run") as caught,
        edited_file(SHOWN, form_text(SHOWN)),
    ):
        pytest.fail("there is no editor")
    assert "--set FIELD=VALUE" in caught.value.way_out
    assert list(temporary.iterdir()) == []


MISREAD: dict[str, tuple[str, int | None, str]] = {
    # what: the file, the line and words of the refusal
    "a reason left empty": ("reason:\nsaid_at: 2016\n", 1, "reason is empty"),
    "only a reason": (
        "reason: x\nspeaker: kabulov\nsaid_at: 2017-12\nproposition: P.\ntopics: [daesh]\n", None,
        "No field was changed"),
    "an unknown key": ("reason: x\nspeeker: y\n", 2, "no such field"),
    "an id": ("reason: x\nstatement_id: y\n", 2, "An id stays"),
    "a comment that cut": ("reason: x\nvenue: Hall # 3\n", 2, "behind #"),
    "a quote left open": ('reason: x\nvenue: "Hall\n', 2, "YAML"),
    "a key twice": ("reason: x\nvenue: a\nvenue: b\n", 3, "twice"),
    "no number": ("reason: x\nlow: lots\n", 2, "lots"),
}  # fmt: skip


@pytest.mark.parametrize("case", MISREAD)
def test_what_a_form_cannot_mean_is_refused_with_its_line(tmp_path: Path, case: str) -> None:
    """A form is read with the care of a sheet."""
    text, line, words = MISREAD[case]
    shown = SHOWN
    if case == "no number":
        shown = Shown("estimate", "e", 1, {"value": "1", "low": None})
    path = tmp_path / "form.yaml"
    path.write_text(text)

    with pytest.raises(Refused, match=words) as caught:
        read_back(path, shown)
    assert caught.value.place.line == line
    assert caught.value.way_out


REFUSED_EDITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "no date": (changing(reason="x", said_at="in June"), ("in June", "line 17, field said_at")),
    "no reason": (
        f"{changing(said_at='2016')}\ntext = text.replace('reason:\\n', '')",
        ("reason is missing",)),
    "an unknown speaker": (
        changing(reason="x", speaker_id="nobody"), ("nobody", "line 11, field speaker_id")),
}  # fmt: skip


@pty_only
@pytest.mark.parametrize("case", REFUSED_EDITS)
def test_a_refused_edit_is_kept_in_a_file_that_is_named(
    desk: Path, temporary: Path, editing: Callable[[str], str], case: str
) -> None:
    """Nobody types a form twice: each refusal names the field, and where the text lies."""
    lines, words = REFUSED_EDITS[case]
    before = log_bytes(desk)

    code, said = on_terminal(desk, "revise", "number-2017", EDITOR=editing(lines))

    assert code == 3, said
    assert all(word in said for word in words), said
    (kept,) = temporary.glob("*/*.yaml")
    assert f"Your text is kept in {kept}" in said
    assert "in the form that counts now" in kept.read_text()
    assert log_bytes(desk) == before


@pty_only
def test_a_change_in_between_is_a_conflict_of_both_forms(
    desk: Path, temporary: Path, editing: Callable[[str], str]
) -> None:
    """Who revises while another has the form open is not overwritten; the edit is kept."""
    other = [str(CLAIMS), "--ledger", str(desk), *REVISE, "--set", "said_at=2015",
             "--reason", "seen elsewhere", "--actor", "ben"]  # fmt: skip
    lines = f"subprocess.run({other!r}, check=True)\n{changing(reason='x', said_at='2016')}"

    code, said = on_terminal(desk, "revise", "number-2017", EDITOR=editing(lines))

    assert code == 4, said
    assert len(events(desk)) == SIZE + 1
    for words in (f"said_at at {STATEMENT}: 2017-12", f"said_at at {SIZE}: 2015",
                  "seen elsewhere", f"Position {SIZE} is by ben"):  # fmt: skip
        assert words in said
    (kept,) = temporary.glob("*/*.yaml")
    assert "said_at: 2016" in kept.read_text()
    assert str(kept) in said


@pty_only
def test_a_dry_run_in_the_editor_keeps_the_text(
    desk: Path, temporary: Path, editing: Callable[[str], str]
) -> None:
    """The plan is shown with what would change; the reason may come from the options."""
    before = log_bytes(desk)
    editor = editing(changing(value='">= 10000"'))

    code, said = on_terminal(
        desk, "revise", "e1", "--dry-run", "--reason", "read again", EDITOR=editor
    )

    assert code == 0, said
    assert "value: more than 10,000 → at least 10,000" in said
    assert log_bytes(desk) == before
    (kept,) = temporary.glob("*/*.yaml")
    assert f"Your text is kept in {kept}" in said


HARD: tuple[str, ...] = (
    "plain", "> 10000", "a: b", "a # b", "#", "- a", "[a]", "{a}", "null", "2017-12", "'", '"',
    "two\nlines", "\nbefore", "after\n", "a\n\n\nb", "  in\n    steps\n", "# a\n# b", "tab\tin",
    "\u201cquoted\u201d", "a\u2028b", "a\u0085b", "a\r\nb", "---", "...\nx", "%x", "\u00a0x",
    "x: |-\n  y",
)  # fmt: skip


@pytest.fixture
def forms() -> Iterator[Shown]:
    """Forms that hold every text that YAML may misread, in each kind of field."""
    return (
        Shown("speaker", "x", 1, {
            "kind": "person", "name": text, "aliases": [text, "b"], "identifiers": {"a": text},
            "memberships": [{"role": text, "from": "2001"}, {"organization": text}], "note": text,
        })
        for text in HARD
    )  # fmt: skip


def test_a_form_is_read_as_it_was_written(forms: Iterator[Shown], tmp_path: Path) -> None:
    """Every text, also of several lines and of YAML's own signs, comes back as it was."""
    path = tmp_path / "form.yaml"
    for shown in forms:
        path.write_bytes(form_text(shown, reason="r", error="span").encode())
        content = read_yaml(path, path.read_bytes()).content
        assert content == {"reason": "r", "error": "span", **shown.fields}
        with pytest.raises(Refused, match="No field was changed"):
            read_back(path, shown)


def test_one_changed_text_is_the_whole_patch(tmp_path: Path) -> None:
    """A list that is one text, and a field under its short name, are understood."""
    path = tmp_path / "form.yaml"
    shown = Shown("estimate", "e", 1, {"report_id": "r", "value": "more than 10", "note": None,
                                       "derived_from": None, "value_text": "10"})  # fmt: skip
    path.write_text("reason: r\nreport: r\nvalue: '> 11'\nwords: '10'\nderived_from: e2\n")

    edited = read_back(path, shown)

    assert edited.patch == {"value": "> 11", "derived_from": ["e2"]}
    assert edited.about == {"reason": "r"}
