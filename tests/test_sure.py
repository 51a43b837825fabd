"""What is certain without the rule book is what the rule book says, and what the views find."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import duckdb
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    BEGINNING,
    DATES,
    EVERY_KIND,
    REFUSED,
    SOURCES,
    SPEAKERS,
    STATEMENTS,
    Command,
    histories,
)
from test_desk import SPEAKER, desk_draft, given_of, planned
from test_time_travel import new_ledger, thorough

from ledger import candidates
from ledger.api import Ledger
from ledger.decide import Decision
from ledger.errors import ClaimsError
from ledger.near import sought_of
from ledger.near_desk import Telling, beyond, near_statements
from ledger.session import Receipt, Session
from ledger.similar import Near, Sought, Told, contents, similar_to
from ledger.sure import FEW, are_sure, taken
from projections import database

SURE: tuple[Command, ...] = (
    {"command": "register_speaker", "speaker_id": "new", "kind": "person", "name": "New"},
    {"command": "define_measure", "measure_id": "shells", "label": "Shells"},
    {"command": "cite_source", "source_id": "late", "published": "2018"},
    {"command": "record_statement", "statement_id": "sure", "speaker_id": "new",
     "proposition": "p", "reports": [{"report_id": "sr", "source_id": "late", "quote": "some 3"}],
     "estimates": [{"estimate_id": "se", "measure_id": "shells", "value": "3"}]},
    {"command": "add_report", "statement_id": "sure", "report_id": "sr2", "source_id": "rtvi",
     "quote": "three"},
    {"command": "relate_statements", "from": "sure", "to": "s1", "relation": "repeats"},
    {"command": "assess_statement", "statement_id": "sure", "assessor": "x"},
)  # fmt: skip


def is_sure(ledger: Ledger, *raws: Command) -> bool:
    """Whether a batch is certain as the ledger stands."""
    events, desk = taken(raws, ledger.recorder), ledger.desk()
    return events is not None and desk is not None and are_sure(events, desk, ledger.log)


def decided(ledger: Ledger, receipt: Receipt) -> list[Decision]:
    """What became of a batch of one command, told as the rule book tells it."""
    if receipt.first is None:
        return [Decision((), receipt.made[0], receipt.positions[0])]
    made = ledger.events(receipt.first, receipt.size)
    drafts = tuple(
        desk_draft(each.data, each.subject, each.actor, each.agent, each.key) for each in made
    )
    return [Decision(drafts, receipt.made[0])]


def submitted(ledger: Ledger, raw: Command) -> list[Decision] | str:
    """What became of a command, or why it was refused."""
    try:
        return decided(ledger, ledger.submit(raw))
    except ClaimsError as error:
        return str(error)


def compare_with_rule_book(history: Sequence[Command], turns: Sequence[bool], merge_at: int) -> int:
    """Let two append in turns, held against the rule book; tells how many commands were sure."""
    sure = 0
    with (
        TemporaryDirectory() as made,
        new_ledger(Path(made)) as one,
        Ledger.open(one.log.folder, actor="ben") as other,
        patch.object(database, "MERGE_AT", merge_at),
    ):
        for number, raw in enumerate((*BEGINNING, *history)):
            ledger = one if turns[number % len(turns)] else other
            expected = planned(ledger, [given_of(raw)])
            sure += is_sure(ledger, raw)
            assert submitted(ledger, raw) == expected, raw
    return sure


def test_it_becomes_what_the_rule_book_makes_of_it() -> None:
    """Each command becomes the same events, or is refused in the same words."""
    compare_with_rule_book([*EVERY_KIND, *REFUSED], [True, False, False], 7)


@pytest.mark.slow
@thorough
@given(history=histories, turns=st.lists(st.booleans(), min_size=1), merge_at=st.integers(2, 40))
def test_it_becomes_what_the_rule_book_makes_of_it_for_many_histories(
    history: list[Command], turns: list[bool], merge_at: int
) -> None:
    """The same, tried on many histories."""
    compare_with_rule_book(history, turns, merge_at)


def test_the_common_commands_are_sure() -> None:
    """Else nothing would be gained: of these, and of the beginning, every command is."""
    assert compare_with_rule_book(SURE, [True, False], 5) == len(BEGINNING) + len(SURE)


def test_a_batch_may_name_what_it_makes(ledger: Ledger) -> None:
    """What comes earlier in a batch stands for what comes later, and not the other way round."""
    ledger.submit(list(BEGINNING))
    assert is_sure(ledger, *SURE[:4])
    assert not is_sure(ledger, SURE[3], *SURE[:3])
    assert not is_sure(ledger, *SURE[:2], SURE[0])
    with patch.object(Session, "submit", side_effect=AssertionError("the rule book was asked")):
        receipt = ledger.submit(list(SURE[:4]))
    assert [each.partition("/")[2] for made in receipt.made for each in made] == [
        "new", "shells", "late", "sure", "sr", "se",
    ]  # fmt: skip
    assert receipt.positions == tuple(range(receipt.size - 4, receipt.size))


@pytest.mark.parametrize(
    "then",
    [
        {"command": "void_record", "position": 4, "reason": "x"},
        {"command": "revise_source", "source_id": "tass", "published": "2016", "reason": "x"},
    ],
)
def test_what_something_befell_is_not_sure(ledger: Ledger, then: Command) -> None:
    """A void or revised source is for the rule book, also where it was certain just before."""
    ledger.submit(list(BEGINNING))
    told = SURE[3] | {"speaker_id": "nato", "estimates": []}
    told |= {"reports": [{"source_id": "tass", "quote": "some 3"}]}
    assert is_sure(ledger, told)
    ledger.submit(then)
    assert not is_sure(ledger, told)
    with Ledger.open(ledger.log.folder, actor="ben") as again:
        assert not is_sure(again, told)


@pytest.mark.parametrize(
    "raw",
    [
        SPEAKER | {"name": ""},
        SPEAKER | {"nmae": "A"},
        SPEAKER | {"speaker_id": "zamir"},
        {"command": "cite_source", "source_id": "x", "publisher": "An Outlet"},
        {"command": "void_record", "position": 1, "reason": "x"},
        SURE[3] | {"speaker_id": "nobody"},
        SPEAKER | {"name": b"bytes"},
    ],
)
def test_what_is_not_common_is_not_sure(ledger: Ledger, raw: Command) -> None:
    """Faults, conflicts and rarer commands are for the rule book, which knows the words."""
    ledger.submit(list(BEGINNING))
    assert not is_sure(ledger, raw)


def test_many_commands_are_looked_up_together(ledger: Ledger) -> None:
    """A larger batch goes the usual way, and is recorded."""
    batch = [SPEAKER | {"speaker_id": f"s-{number}"} for number in range(FEW + 1)]
    assert taken(batch, ledger.recorder) is None
    assert ledger.submit(batch).unchanged == 0


# ── near matches ─────────────────────────────────────────────────────────────────────────────

_speaker = st.sampled_from(SPEAKERS)
_speakers = st.lists(_speaker, max_size=1)
_texts = st.lists(
    st.sampled_from(("militants", "Afghanistan", "numbers", "exceed", "frontière", "growing",
                     "frontiere", "10,000", "northern", "weapons")),
    min_size=1, max_size=7,
).map(" ".join)  # fmt: skip
_told: st.SearchStrategy[Command] = st.fixed_dictionaries({
    "command": st.just("record_statement"), "statement_id": st.sampled_from((*STATEMENTS, "s4")),
    "speaker_id": _speaker, "co_speakers": _speakers, "alternatives": _speakers,
    "proposition": _texts,
    "reports": st.lists(
        st.fixed_dictionaries({"source_id": st.sampled_from(SOURCES), "quote": _texts}),
        min_size=1, max_size=2,
    ),
}, optional={"said_at": st.sampled_from((*DATES, "2017-12-20", "2018-01"))})  # fmt: skip
_changed: st.SearchStrategy[Command] = st.one_of(
    st.fixed_dictionaries({
        "command": st.just("revise_statement"), "statement_id": st.sampled_from(STATEMENTS),
        "proposition": _texts, "speaker_id": _speaker, "reason": st.just("x"),
    }),
    st.fixed_dictionaries({
        "command": st.just("add_report"), "statement_id": st.sampled_from(STATEMENTS),
        "source_id": st.sampled_from(SOURCES), "quote": _texts,
        "attributed_to": st.sampled_from(("militants", "an official")),
    }),
)  # fmt: skip
_retold = st.lists(st.one_of(_told, _told, _changed, histories.map(lambda each: each[0])),
                   min_size=6, max_size=24)  # fmt: skip


def as_told(told: Told) -> tuple[Any, ...]:
    """What is told of a statement, in types that compare."""
    fields = vars(told) | {"names": list(told.names), "speakers": list(told.speakers)}
    return tuple(fields[name] for name in Told.__dataclass_fields__)


def compare_near(ledger: Ledger, sought: Sought) -> list[Near]:
    """Compare what is found from the desk with what the views find; gives that."""
    views, desk = ledger.views(), ledger.desk()
    assert desk is not None, "the log is signed"
    assert near_statements([sought], desk, ledger.log) == similar_to(views, [sought])
    found = similar_to(views, [sought], least=0, limit=50)
    if not views.connection.execute("from seen.judgements limit 1").fetchone():
        there = beyond(desk.lacking(), Telling(desk, ledger.log))
        assert similar_to(desk.views, [sought], least=0, limit=50, beyond=there) == found
    ever = views.connection.execute(
        "select distinct statement_id from seen.statements union select 's9'"
    ).fetchall()
    names = {name for (name,) in ever}
    left, right = Telling(desk, ledger.log).of(names), contents(views, names)
    assert {name: as_told(each) for name, each in left.items()} == {
        name: as_told(each) for name, each in right.items()
    }
    return found


def compare_all_near(history: Sequence[Command], merge_at: int, latest: int) -> int:
    """Compare for every statement of a history, as it comes; tells how many were found."""
    found = 0
    with (
        TemporaryDirectory() as made,
        new_ledger(Path(made)) as ledger,
        patch.object(database, "MERGE_AT", merge_at),
        patch.object(candidates, "LATEST", latest),
    ):
        for raw in (*BEGINNING, *history):
            if raw["command"] == "record_statement":
                command: Any = given_of(raw).command
                found += len(compare_near(ledger, sought_of(command, [])))
            submitted(ledger, raw)
    return found


@pytest.mark.slow
@examples(2, 25)
@given(history=_retold, merge_at=st.sampled_from((2, 7, 100)))
def test_near_matches_are_those_of_the_views(history: list[Command], merge_at: int) -> None:
    """What looks the same is found with the same score, whatever was voided or revised."""
    compare_all_near(history, merge_at, 1_000)


@pytest.mark.slow
@thorough
@given(history=_retold, merge_at=st.integers(2, 40))
def test_near_matches_are_those_of_the_views_for_many_histories(
    history: list[Command], merge_at: int
) -> None:
    """The same, tried on many histories."""
    compare_all_near(history, merge_at, 1_000)


@pytest.mark.slow
def test_the_latest_are_looked_at() -> None:
    """Of a speaker who said more than is looked at, what was recorded last is found."""
    words = "militants exceed numbers in northern Afghanistan"
    history = [
        {"command": "record_statement", "statement_id": f"t{number}", "speaker_id": "nato",
         "proposition": words, "reports": [{"source_id": "rtvi", "quote": words}]}
        for number in range(6)
    ]  # fmt: skip
    assert compare_all_near(history, 100, 1_000) == 0 + 1 + 2 + 3 + 4 + 5
    assert compare_all_near(history, 3, 2) == 0 + 1 + 2 + 2 + 2 + 2


def test_what_the_views_took_in_is_compared_too(ledger: Ledger) -> None:
    """A desk whose views were caught up with the log still finds what the view file has not."""
    words = "militants exceed numbers in northern Afghanistan"
    sought = Sought(speakers=("nato",), proposition=words)
    ledger.submit(list(BEGINNING))
    ledger.submit(SURE[3] | {"speaker_id": "nato", "proposition": words, "estimates": [],
                             "reports": [{"source_id": "rtvi", "quote": words}]})  # fmt: skip
    desk = ledger.desk()
    assert desk is not None
    for _ in range(2):
        found = near_statements([sought], desk, ledger.log)
        assert [each.statement_id for each in found] == ["sure"]
        desk.caught_up(ledger.log)


def test_far_back_only_few_are_looked_at(ledger: Ledger) -> None:
    """What was recorded long ago is looked at where little was said since."""
    words = "militants exceed numbers in northern Afghanistan"
    sought = Sought(speakers=("nato",), proposition=words)
    ledger.submit(list(BEGINNING))
    told = {"command": "record_statement", "speaker_id": "nato", "proposition": words}
    for number in range(6):
        reports = [{"source_id": "rtvi", "quote": words}]
        ledger.submit(told | {"statement_id": f"t{number}", "reports": reports})
    for enough, count in ((1, 3), (3, 3), (4, 6)):
        with patch.object(candidates, "SPANS", (3,)), patch.object(candidates, "ENOUGH", enough):
            found = similar_to(ledger.views(), [sought], limit=50)
        assert sorted(each.statement_id for each in found) == [f"t{at}" for at in range(6)][-count:]


def test_letters_are_found_with_their_accents() -> None:
    """Whatever DuckDB takes for a letter with an accent is left in by the letter without."""
    letters = [chr(code) for code in (*range(0x80, 0xD800), *range(0xE000, 0x10000))]
    sql = "select letter, lower(strip_accents(letter)) from (select unnest($letters) as letter)"
    with duckdb.connect() as connection:
        folded = connection.execute(sql, {"letters": letters}).fetchall()
        pairs = [(each, bare) for each, bare in folded if bare not in {each, each.lower(), ""}]
        wanted = {"letters": [each for each, _ in pairs],
                  "patterns": [candidates.pattern_of({bare}) for _, bare in pairs]}  # fmt: skip
        missed = connection.execute(
            "select letter from (select unnest($letters) as letter, unnest($patterns) as pattern)"
            " where not regexp_matches(lower(letter), pattern)",
            wanted,
        ).fetchall()
    assert len(pairs) > 1_000
    assert not [letter for (letter,) in missed if not letter.isspace()]
