"""Near matches: found across translations, left alone where a person has said what they are."""

import json
import shlex
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from cli_tools import PROJECT, SHEETS, call, is_refusal
from hypothesis import given
from hypothesis import strategies as st

from ledger import pairs
from ledger.api import Ledger
from ledger.cli.recording import prepare_from_sheet
from ledger.errors import Place
from ledger.given import Given, prepare
from ledger.near import near_sentences
from ledger.pairs import Pair, similar_pairs
from ledger.sheets import read_sheets
from ledger.similar import THRESHOLD, Quoted, Sought, commands_adding, similar_to
from ledger.wording import alike, stem, words_of

Command = dict[str, Any]

SEEDS = PROJECT / "seeds"
RETOLD = "news-desk-2023-02-12"  # the source that retells the interview of January 2023
ONE_UTTERANCE = {
    "avenge-defeat": "kabulov-2023-01-avenge-defeat",
    "anglo-saxons": "kabulov-2023-01-anglo-saxons-sponsor-daesh",
    "no-peace": "kabulov-2023-01-no-peace",
    "headline": "kabulov-2023-01-us-supports-isis-k",
}
QUOTE = "the number of militants exceeds 10,000 and continues to grow in northern Afghanistan"


def statement(name: str, quote: str, **fields: Any) -> Command:  # noqa: ANN401  those of a command
    """A statement of Kabulov, in the source `one` unless told, whose proposition is its quote."""
    source = fields.pop("source", "one")
    made = {
        "command": "record_statement", "statement_id": name, "speaker_id": "kabulov",
        "said_at": "2017-12-20", "proposition": quote,
        "reports": [{"source_id": source, "quote": quote}], **fields,
    }  # fmt: skip
    return {key: value for key, value in made.items() if value is not None}


BASE: tuple[Command, ...] = (
    {"command": "register_speaker", "speaker_id": "kabulov", "kind": "person",
     "name": "Zamir Kabulov"},
    {"command": "register_speaker", "speaker_id": "z-kabulov", "kind": "person", "name": "Z. K."},
    {"command": "register_speaker", "speaker_id": "karzai", "kind": "person", "name": "Karzai"},
    {"command": "cite_source", "source_id": "one"},
    {"command": "cite_source", "source_id": "two"},
    statement("first", QUOTE),
)  # fmt: skip


@pytest.fixture
def beforehand() -> Sequence[Command]:
    """All ledgers here begin with BASE, but those of the seeds."""
    return BASE


@pytest.fixture
def desk(ledger: Ledger) -> Ledger:
    """The ledger of BASE."""
    return ledger


new = pytest.mark.parametrize("beforehand", [()], ids=["nothing"])


def ids(pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """The statements of pairs."""
    return [(pair.left.statement_id, pair.right.statement_id) for pair in pairs]


def found(ledger: Ledger) -> list[tuple[str, str]]:
    """The near matches of a ledger."""
    return ids(similar_pairs(ledger.views()))


def batch(*commands: Command) -> list[Given]:
    """Commands as they are about to be appended."""
    return [prepare(dict(each), Place(), Path()) for each in commands]


# ── the seeds ────────────────────────────────────────────────────────────────────────────────


def seeds() -> tuple[list[Given], list[Given]]:
    """The commands of the seeds; and what the second outlet retells, as statements of its own."""
    others, own = [], []
    for command in read_sheets(sorted(SHEETS.glob("*.yaml"))):
        raw = command.raw
        if raw["command"] == "add_report" and raw["source_id"] == RETOLD:
            own.extend(batch(as_own_statement(dict(raw))))
        else:
            others.append(prepare_from_sheet(command, SEEDS))
    return others, own


def as_own_statement(report: Command) -> Command:
    """A report as the statement that it would be for someone who does not know the other."""
    del report["command"], report["statement_id"]
    name = report["report_id"].removeprefix(f"{RETOLD}.")
    return {
        "command": "record_statement", "statement_id": f"own-{name}", "said_at": "2023-01",
        "speaker_id": "zamir-kabulov", "proposition": report["quote"], "reports": [report],
    }  # fmt: skip


@new
def test_two_translations_of_one_interview_are_found(ledger: Ledger) -> None:
    """What two outlets carry of one interview is found, the right statement first."""
    others, own = seeds()
    ledger.append(others + own)
    pairs = [pair for pair in similar_pairs(ledger.views()) if "own-" in pair.right.statement_id]
    best: dict[str, str] = {}
    for left, right in ids(pairs):
        best.setdefault(right.removeprefix("own-"), left)
    del best["lead"]  # sums up two statements at once
    assert best == ONE_UTTERANCE
    scores = {pair.right.statement_id: pair.score.total for pair in reversed(pairs)}
    assert min(scores[f"own-{name}"] for name in best) > THRESHOLD + 10


@new
def test_of_different_statements_of_the_seeds_few_are_near(ledger: Ledger) -> None:
    """Beside the utterances themselves, two pairs are near: both speak of the same support."""
    others, own = seeds()
    ledger.append(others + own)
    near = set(found(ledger)) - {(left, f"own-{name}") for name, left in ONE_UTTERANCE.items()}
    assert near == {
        # "There is data on US support for ISIS-K", beside a headline that alleges this support.
        ("kabulov-2023-01-such-data", "own-headline"),
        # The United States had "secretly sponsored" ISIS-K, beside US planners who support it.
        ("kabulov-2023-01-anglo-saxons-sponsor-daesh", "own-lead"),
    }


@new
def test_the_seeds_hold_no_near_match(ledger: Ledger) -> None:
    """No two statements of the sheets are near; the likest are clauses of one sentence."""
    ledger.append(
        [prepare_from_sheet(each, SEEDS) for each in read_sheets(sorted(SHEETS.glob("*.yaml")))]
    )
    scores = [pair.score.total for pair in similar_pairs(ledger.views(), least=50)]
    assert scores
    assert max(scores) < THRESHOLD - 2


@new
def test_while_recording_the_second_outlet_the_first_is_shown(ledger: Ledger) -> None:
    """Before the second outlet is recorded, each near statement is shown with its command."""
    others, own = seeds()
    ledger.append(others)
    lines = near_sentences(ledger.views(), own)
    shown = [line.split()[5] for line in lines if line.startswith("near match")]
    assert set(ONE_UTTERANCE.values()) <= set(shown)
    commands = [shlex.split(line.partition(": ")[2]) for line in lines if "claims add-" in line]
    quotes = {each.command.reports[0].quote for each in own}  # type: ignore[attr-defined]  # statements
    assert {words[2] for words in commands} == set(shown)
    assert {words[6] for words in commands} <= {" ".join(quote.split()) for quote in quotes}
    assert call(*commands[0][1:], ledger=ledger.log.folder).code == 0


# ── words ────────────────────────────────────────────────────────────────────────────────────

TRANSLATIONS = [
    ("the Anglo-Saxons are covertly sponsoring Daesh",
     "the Anglo-Saxons secretly sponsor the Daesh"),
    ("they do everything so that peace isn’t established in this troubled land",
     "they [US] do everything so that peace is not established in this long-suffering land"),
    ("阿富汗的武装分子人数超过一万人", "阿富汗的武装分子人数已经超过一万人"),
    ("число боевиков превышает 10 000 и растёт", "численность боевиков превысила 10 000 и растет"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), TRANSLATIONS)
def test_translations_are_alike(left: str, right: str) -> None:
    """Two translations of one quote are near, in several scripts."""
    assert alike(words_of(left), words_of(right), partly=True) >= THRESHOLD


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("The enemies are trying to make Afghanistan unsafe", "Daesh is growing in Afghanistan"),
        ("Yes, there is such data", "Yes, there is money"),
        ("", "anything"),
        ("the of and", "the of and"),
    ],
)
def test_other_words_are_not_alike(left: str, right: str) -> None:
    """Texts that share a subject, a word or nothing are not near."""
    assert alike(words_of(left), words_of(right), partly=True) < THRESHOLD


def test_names_and_numbers_weigh_more() -> None:
    """A shared name or number says more than a shared common word."""
    text = words_of("they killed 150 villagers in Kunduz and NATO")
    assert [text[stem(word)] for word in ("150", "Kunduz", "NATO", "villagers")] == [2, 2, 2, 1]
    assert alike(text, words_of("150 died near Kunduz, by NATO")) > alike(
        text, words_of("they killed villagers, not 160 of Herat")
    )


def test_endings_spellings_and_country_names_do_not_matter() -> None:
    """Inflected and misspelled words count as shared, another number does not."""
    assert stem("sponsoring") == stem("sponsors") == stem("Sponsored") == stem("sponsor")
    assert words_of("the United States").keys() == words_of("US").keys() == words_of("U.S.").keys()
    one = words_of("Mujahideen attacked villages in Nangarhar")
    assert alike(one, words_of("Mujahedeen attack villages in Nangarhar")) == 100
    assert alike(words_of("killed 10000 of them there, people, in Kabul"), words_of(
        "killed 10001 of them there, people, in Kabul")) < 100  # fmt: skip
    assert words_of("10,000") == words_of("10000")


VOCABULARY = sorted(
    """afghanistan border militants northern army village weapons government talks envoy prison
    released attack airport wounded soldiers ministry bombing province fighters training money
    opposition security trade isolation mosque hotel police commander""".split()  # noqa: SIM905  words
)


@given(data=st.data())
def test_a_copy_with_a_few_words_changed_is_found(data: st.DataObject) -> None:
    """Whatever the order, case and quotation marks, a copy with a fifth of its words changed."""
    words = data.draw(st.lists(st.sampled_from(VOCABULARY), min_size=6, max_size=20, unique=True))
    changed = list(words)
    for place in data.draw(
        st.sets(st.sampled_from(range(len(words))), max_size=len(words) // 5)
    ):  # fmt: skip
        changed[place] = f"other{'abcdefghijklmnopqrstuvw'[place]}"
    told = " ".join(data.draw(st.permutations(changed)))
    case = data.draw(st.sampled_from((str.upper, str.title, str.lower)))
    marks = data.draw(st.sampled_from(("“{}”", '"{}"', "{}, …", "— {}!")))
    mine, its = words_of(" ".join(words)), words_of(marks.format(case(told)))
    assert alike(mine, its) >= THRESHOLD
    assert alike(mine, its) == pytest.approx(alike(its, mine))
    assert alike(mine, words_of(marks.format(case(" ".join(words))))) == pytest.approx(100)


@given(st.text(), st.text())
def test_any_texts_have_a_score(left: str, right: str) -> None:
    """No text is too odd for a score, which lies between 0 and 100."""
    assert 0 <= alike(words_of(left), words_of(right), partly=True) <= 100.001


# ── speakers, dates, sources ─────────────────────────────────────────────────────────────────

AGAIN = "In Afghanistan's north the militants number over 10,000, and they continue growing."


def test_a_retelling_is_found_with_the_parts_of_its_score(desk: Ledger) -> None:
    """The same speaker, date and words give a pair, with the command that makes it one."""
    desk.submit(statement("second", QUOTE.upper(), source="two"))
    (pair,) = similar_pairs(desk.views())
    assert (pair.left.statement_id, pair.right.statement_id) == ("first", "second")
    score = pair.score
    assert [score.words, score.dates, score.source, score.total] == pytest.approx([100, 0, 0, 100])
    assert pair.commands == (
        f"claims add-report first --source two -q {shlex.quote(QUOTE.upper())}",
    )


@pytest.mark.parametrize(
    ("fields", "total"),
    [
        ({}, 100),
        ({"said_at": "2017-12"}, 100),
        ({"said_at": "2018-01-20"}, 95),
        ({"said_at": "2017-11-19"}, 95),
        ({"said_at": "2018-01-21"}, None),
        ({"said_at": "2017-11-18"}, None),
        ({"said_at": "2015/2017"}, 100),
        ({"said_at": "2016/2017-11-19"}, 95),
        ({"said_at": "2015/2016"}, None),
        ({"said_at": None}, 97),
        ({"said_at": "../2016"}, None),
        ({"said_at": "../2017"}, 97),
        ({"source": "one"}, 70),
        ({"speaker_id": "karzai"}, None),
        ({"speaker_id": "karzai", "co_speakers": ["kabulov"]}, 100),
        ({"speaker_id": "karzai", "alternatives": ["kabulov"]}, 100),
        ({"within": "first"}, None),
    ],
)
@pytest.mark.sampled(4)
def test_what_speaks_against_a_pair(
    desk: Ledger, fields: dict[str, Any], total: float | None
) -> None:
    """Distance in time, unknown dates and the same source cost; another speaker rules it out.

    What is looked for before it is recorded gets the score that it has afterwards.
    """
    command = statement("second", QUOTE, **{"source": "two", **fields})
    lines = near_sentences(desk.views(), batch(command))
    desk.submit(command)
    scores = [pair.score.total for pair in similar_pairs(desk.views())]
    assert scores == ([] if total is None else [pytest.approx(total)])
    assert [line for line in lines if "near match" in line] == (
        [] if total is None else [f"near match, {total} of 100: first (Zamir Kabulov, 2017-12-20)"]
    )


def test_speakers_judged_the_same_are_matched(desk: Ledger) -> None:
    """Two speakers are compared while they are judged to be one, and at no other time."""
    other = statement("second", QUOTE, source="two", speaker_id="z-kabulov")
    judge = {"command": "judge_speakers", "left": "kabulov", "right": "z-kabulov", "reason": "x"}
    new = other | {"statement_id": "third"}
    desk.submit(other)
    sizes = [desk.size]
    for judgement in ("same", "different"):
        desk.submit(judge | {"judgement": judgement})
        sizes.append(desk.size)
    pairs = [found(desk.as_of(size)) for size in sizes]
    assert pairs == [[], [("first", "second")], []]
    for who in ("kabulov", "z-kabulov"):
        assert ids(similar_pairs(desk.as_of(sizes[1]).views(), speakers=[who])) == pairs[1]
    near = [
        [line.split()[5] for line in near_sentences(desk.as_of(size).views(), batch(new))[::4]]
        for size in sizes
    ]
    assert near == [["second"], ["first", "second"], ["second"]]


@pytest.mark.parametrize("part", [1, 3, pairs.PART])
@pytest.mark.parametrize("at_once", [1, pairs.AT_ONCE])
def test_pairs_do_not_depend_on_how_many_are_taken_at_once(
    desk: Ledger, monkeypatch: pytest.MonkeyPatch, part: int, at_once: int
) -> None:
    """Each pair is told once, also where both statements have two speakers."""
    monkeypatch.setattr(pairs, "PART", part)
    monkeypatch.setattr(pairs, "AT_ONCE", at_once)
    both = {"co_speakers": ["karzai"]}
    desk.submit([
        {"command": "cite_source", "source_id": "three"},
        {"command": "cite_source", "source_id": "four"},
        statement("second", QUOTE, source="two", **both),
        statement("third", AGAIN, source="three", **both),
        statement("karzai-1", QUOTE, source="four", speaker_id="karzai"),
    ])  # fmt: skip
    done: list[tuple[int, int]] = []
    near = similar_pairs(desk.views(), tell=lambda *so_far: done.append(so_far))
    names = ("first", "second", "third", "karzai-1")
    others = {("first", "karzai-1")}  # no speaker in common
    assert sorted(ids(near)) == sorted({*combinations(names, 2)} - others)
    assert done[-1] == (6, 6)  # three statements of each speaker
    assert len(done) == (1 if part > 3 else 2)


def test_related_pairs_are_left_out(desk: Ledger) -> None:
    """A pair that any relation joins is no near match, until the relation is void."""
    desk.submit(statement("second", QUOTE, source="two"))
    relate = {"command": "relate_statements", "from": "second", "to": "first"}
    desk.submit(relate | {"relation": "repeats"})
    assert found(desk) == []
    desk.submit({"command": "void_record", "position": desk.size - 1, "reason": "not so"})
    assert found(desk) == [("first", "second")]


@pytest.mark.slow
def test_moments_revisions_and_voids_are_heeded(desk: Ledger) -> None:
    """Words, dates and statements count as they stood at the moment that is looked at."""
    desk.submit(statement("second", "Nothing of that kind was ever discussed", source="two"))
    desk.submit(
        {"command": "revise_statement", "statement_id": "second", "proposition": AGAIN,
         "reason": "wrong line"}
    )  # fmt: skip
    desk.submit(
        {"command": "revise_statement", "statement_id": "second", "said_at": "2019", "reason": "x"}
    )
    end = desk.size
    assert [found(desk.as_of(size)) for size in (end - 2, end - 1, end)] == [
        [], [("first", "second")], [],
    ]  # fmt: skip
    sought = [Sought(speakers=("kabulov",), proposition=AGAIN)]
    near = [
        [each.statement_id for each in similar_to(desk.as_of(size).views(), sought)]
        for size in (6, end - 2, end - 1)
    ]
    assert near == [[], ["first"], ["second", "first"]]
    desk.submit({"command": "void_record", "position": 6, "reason": "nobody said so"})
    assert [each.statement_id for each in similar_to(desk.views(), sought)] == ["second"]


# ── while recording ──────────────────────────────────────────────────────────────────────────


def test_at_most_so_many_of_each_are_given(desk: Ledger) -> None:
    """Of several near matches the best come first, and no more than were asked for."""
    desk.submit([statement(f"copy-{number}", QUOTE, source="two") for number in range(5)])
    sought = Sought(speakers=("kabulov",), proposition=QUOTE, quotes=(Quoted("three", QUOTE),))
    near = similar_to(desk.views(), [sought, sought], limit=2)
    assert [(each.place, each.statement_id) for each in near] == [
        (0, "copy-0"), (0, "copy-1"), (1, "copy-0"), (1, "copy-1"),
    ]  # fmt: skip


def test_what_stands_already_is_not_near_itself(desk: Ledger) -> None:
    """A command that is given again, or that changes what stands, is no new statement."""
    unnamed = statement("first", AGAIN, source="two", statement_id=None)
    assert near_sentences(desk.views(), batch(unnamed)) != []
    desk.submit(unnamed)
    assert near_sentences(desk.views(), batch(unnamed)) == []
    assert near_sentences(desk.views(), batch(BASE[-1])) == []
    assert near_sentences(desk.views(), batch(statement("first", AGAIN, source="two"))) == []


def test_what_a_batch_relates_is_not_near(desk: Ledger) -> None:
    """Who relates a new statement to the one that is there knows of it."""
    new = statement("new", AGAIN, source="two")
    relate = {"command": "relate_statements", "from": "new", "to": "first", "relation": "repeats"}
    assert near_sentences(desk.views(), batch(new)) != []
    assert near_sentences(desk.views(), batch(new, relate)) == []
    assert near_sentences(desk.views(), batch(relate)) == []
    assert near_sentences(desk.views(), []) == []


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip))
def test_commands_keep_any_words(words: str) -> None:
    """A shell reads the command's words back, white space aside, and in one line."""
    (command,) = commands_adding("first", [Quoted("two", words)])
    expected = ["claims", "add-report", "first", "--source", "two", "-q", " ".join(words.split())]
    assert shlex.split(command) == expected
    assert len(command.splitlines()) == 1


# ── claims similar ───────────────────────────────────────────────────────────────────────────


def run(desk: Ledger, *words: str) -> list[Command]:
    """The rows of `claims similar`."""
    outcome = call("similar", *words, "--format", "jsonl", ledger=desk.log.folder)
    assert outcome.code == 0, outcome.err
    return [json.loads(line) for line in outcome.text.splitlines()]


@pytest.fixture
def told_twice(desk: Ledger) -> Ledger:
    """A ledger of two pairs, at 100 and below."""
    desk.submit([
        statement("second", QUOTE, source="two"),
        statement("karzai-1", QUOTE, speaker_id="karzai"),
        statement("karzai-2", AGAIN, source="two", speaker_id="karzai"),
    ])  # fmt: skip
    return desk


def test_the_command_lists_pairs_best_first(told_twice: Ledger) -> None:
    """Each row has both statements, the score with its parts, and the command."""
    first, second = run(told_twice)
    assert (first["left_id"], first["right_id"], first["score"]) == ("first", "second", 100)
    assert (first["speaker"], first["left_said_at"]) == ("Zamir Kabulov", "2017-12-20")
    assert first["commands"] == [f"claims add-report first --source two -q {shlex.quote(QUOTE)}"]
    assert (second["left_words"], second["right_words"]) == (QUOTE, AGAIN)
    assert second["words"] + second["dates"] + second["source"] == pytest.approx(second["score"])
    assert THRESHOLD <= second["score"] < 100


@pytest.mark.slow
def test_the_options_of_the_command(told_twice: Ledger) -> None:
    """Speaker, score, number of rows and moment narrow what is listed."""
    assert [row["left_id"] for row in run(told_twice, "--speaker", "Karzai")] == ["karzai-1"]
    assert [row["left_id"] for row in run(told_twice, "--min", "99.5")] == ["first"]
    assert [row["left_id"] for row in run(told_twice, "--limit", "1")] == ["first"]
    assert [row["left_id"] for row in run(told_twice, "--as-of", "8")] == ["first"]
    assert run(told_twice, "--as-of", "7") == []
    assert run(told_twice, "--limit", "0") == []
    folder = told_twice.log.folder
    assert is_refusal(call("similar", "--speaker", "nobody", ledger=folder), lines=2)
    assert call("similar", "--min", "101", ledger=folder).code == 2


@pytest.mark.parametrize("form", ["table", "csv", "json", "md", "parquet"])
@pytest.mark.sampled(3)
def test_the_command_speaks_every_format(told_twice: Ledger, form: str, tmp_path: Path) -> None:
    """Rows come out in every format, also where there are none."""
    for words in ((), ("--min", "100")):
        output = tmp_path / f"{form}{len(words)}"
        outcome = call(
            "similar", *words, "--format", form, "--output", output, ledger=told_twice.log.folder
        )
        assert outcome.code == 0, outcome.err
        assert output.stat().st_size > 0


def test_nothing_is_changed(told_twice: Ledger) -> None:
    """Looking for near matches writes nothing, and says that nothing is merged."""
    size = told_twice.size
    outcome = call("similar", ledger=told_twice.log.folder)
    assert "second" in outcome.text
    assert "Nothing is merged" in outcome.err
    near_sentences(told_twice.views(), batch(statement("new", QUOTE)))
    assert told_twice.size == size
