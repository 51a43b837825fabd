"""What holds of every verb that corrects: plans, repetitions, mistakes, what is void."""

from itertools import chain
from pathlib import Path

import pytest
from cli_tools import (
    call,
    events,
    is_refusal,
    log_bytes,
)
from correct_tools import REVISE, SIZE, VERBS, WHY, copied_desk, done


@pytest.fixture
def desk(key_home: Path, tmp_path: Path) -> Path:
    """The folder of a ledger of two statements, with its key."""
    return copied_desk(tmp_path, key_home)


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


@pytest.mark.slow
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


TWICE = ("revise", "void", "judge")  # may be meant twice


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.sampled(3)
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
