"""Every view of the analyst on small ledgers worked by hand: now, and at three earlier sizes.

A case gives commands and the rows of one question per size. `BASE` of test_views fills positions
1 to 14, so that the first command of a case stands at position 15.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from test_views import BASE, estimate, source, speaker, statement

from ledger.api import Ledger
from projections.build import rebuild
from projections.database import Database

Command = dict[str, Any]
Rows = list[tuple[Any, ...]]
Ask = Callable[..., Rows]


def revise(noun: str, name: str, **fields: Any) -> Command:  # noqa: ANN401  those of a command
    """A revision for a reason."""
    return {"command": f"revise_{noun}", f"{noun}_id": name, "reason": "misread", **fields}


def void(position: int, part: str | None = None) -> Command:
    """A void of an event or a part of one."""
    given: Command = {"command": "void_record", "position": position, "reason": "a slip"}
    return given | ({"part": part} if part else {})


def judge(left: str, right: str, judgement: str) -> Command:
    """A judgement on two speakers."""
    return {"command": "judge_speakers", "left": left, "right": right,
            "judgement": judgement, "reason": "the name"}  # fmt: skip


def relate(left: str, right: str, relation: str) -> Command:
    """A relation between two statements."""
    return {"command": "relate_statements", "from": left, "to": right, "relation": relation}


def add_report(name: str, of: str, where: str, quote: str, **fields: Any) -> Command:  # noqa: ANN401  those of a command
    """A further report of a statement."""
    return {"command": "add_report", "report_id": name, "statement_id": of, "source_id": where,
            "quote": quote, **fields}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Commands after BASE, a question, and its rows at sizes, the last of which is the head."""

    given: Sequence[Command]
    asked: str
    expected: dict[int, Rows]


CASES: dict[str, Case] = {
    "denials: told by the other side, who is judged another name of the denied": Case(
        given=(
            statement("told", "z-kabulov", "one", said_at="2018"),                       # 15
            statement("denial", "karzai", "one", speech_act="deny", within="told"),      # 16
            relate("denial", "more", "denies"),                                          # 17
            judge("z-kabulov", "kabulov", "same"),                                       # 18
            judge("kabulov", "z-kabulov", "different"),                                  # 19
            void(19),                                                                    # 20
            void(15),                                                                    # 21
        ),
        asked="""
            select speaker, denied_speaker, denied_proposition, within, only_reported_by_other_side
            from denials
        """,
        expected={
            17: [],
            18: [("Karzai", "Kabulov", "more", "told", False)],
            19: [("Karzai", "Kabulov", "more", "told", True)],
            20: [("Karzai", "Kabulov", "more", "told", False)],
            21: [("Karzai", "Kabulov", "more", "told", True)],
            22: [("Karzai", "Kabulov", "more", "told", False)],  # the teller never said it
        },
    ),
    "denials: in order of said_at, with the words of the report published first": Case(
        given=(
            statement("later", "karzai", "one", said_at="2018-02"),                      # 15
            statement("first", "karzai", "two", said_at="2018-01", within="more"),       # 16
            relate("later", "more", "denies"),                                           # 17
            relate("first", "more", "denies"),                                           # 18
            add_report("r-sooner", "first", "one", "in other words"),                    # 19
            revise("statement", "first", said_at="2018-03"),                             # 20
            void(17),                                                                    # 21
            void(21),                                                                    # 22
            revise("statement", "more", speaker_id="karzai"),                            # 23
        ),
        asked="""
            select statement_id, quote, reported_by, denied_speaker, only_reported_by_other_side
            from denials
        """,
        expected={
            19: [("first", "first", "Rtvi", "Kabulov", True),
                 ("later", "later", "Tass", "Kabulov", False)],
            21: [("later", "later", "Tass", "Kabulov", False),
                 ("first", "in other words", "Tass", "Kabulov", True)],
            22: [("first", "in other words", "Tass", "Kabulov", True)],
            24: [("later", "later", "Tass", "Karzai", False),
                 ("first", "in other words", "Tass", "Karzai", True)],
        },
    ),
    "repetitions: order, lag, chain and words": Case(
        given=(
            add_report("r-words", "more", "three", "More! (again), and more",
                       via=["tass", "rtvi"]),                                            # 15
            revise("report", "again", quote="MORE"),                                     # 16
            revise("source", "three", published="2017-12-21", title="Three"),            # 17
            void(15),                                                                    # 18
            void(18),                                                                    # 19
            void(11, "report/r-more"),                                                   # 20
        ),
        asked="""
            select report_id, nth, lag_days, outlet, via_text, words_added, words_dropped,
                round(shared_words, 2)
            from repetitions
        """,
        expected={
            15: [("r-more", 1, 0, "Tass", None, [], [], 1.0),
                 ("again", 2, 3, "Rtvi", "Tass", ["again"], [], 0.5)],
            17: [("r-more", 1, 0, "Tass", None, [], [], 1.0),
                 ("again", 2, 3, "Rtvi", "Tass", [], [], 1.0),
                 ("r-words", 3, 12, "three", "Tass → Rtvi", ["again", "and"], [], 0.33)],
            19: [("r-more", 1, 0, "Tass", None, [], [], 1.0),
                 ("again", 2, 3, "Rtvi", "Tass", [], [], 1.0)],
            20: [("r-more", 1, 0, "Tass", None, [], [], 1.0),
                 ("r-words", 2, 1, "Three", "Tass → Rtvi", ["again", "and"], [], 0.33),
                 ("again", 3, 3, "Rtvi", "Tass", [], [], 1.0)],
            21: [("r-words", 1, 0, "Three", "Tass → Rtvi", [], [], 1.0),
                 ("again", 2, 2, "Rtvi", "Tass", [], ["again", "and"], 0.33)],
        },
    ),
    "corroboration: an agency by two names, and a source quoted by name": Case(
        given=(
            speaker("itar", "outlet"),                                                   # 15
            add_report("r-itar", "more", "three", "more", via=["itar"]),                 # 16
            judge("itar", "tass", "same"),                                               # 17
            judge("itar", "tass", "different"),                                          # 18
            void(18),                                                                    # 19
            source("four", "rtvi", "2018"),                                              # 20
            add_report("r-four", "more", "four", "more", via=[{"source_id": "one"}]),    # 21
            revise("report", "r-four", via=None),                                        # 22
            void(4),                                                                     # 23
        ),
        asked="""
            select reports, outlets, primary_sources, primary_source_names
            from corroboration where statement_id = 'more'
        """,
        expected={
            15: [(2, 2, 1, ["Tass"])],
            17: [(3, 3, 2, ["Itar", "Tass"])],
            18: [(3, 3, 1, ["Tass"])],
            19: [(3, 3, 2, ["Itar", "Tass"])],
            20: [(3, 3, 1, ["Tass"])],
            22: [(4, 3, 1, ["Tass"])],
            23: [(4, 3, 2, ["Rtvi", "Tass"])],
            24: [(4, 3, 3, ["Itar", "Rtvi", "one"])],
        },
    ),
    "conflicts: revised, void, reinstated": Case(
        given=(
            revise("estimate", "e-fewer", value="~9500"),                                # 15
            revise("estimate", "e-fewer", value="~8000"),                                # 16
            revise("estimate", "e-fewer", reference_period="2018"),                      # 17
            void(17),                                                                    # 18
            void(12),                                                                    # 19
            void(19),                                                                    # 20
        ),
        asked="""
            select left_estimate_id, right_estimate_id, left_claimed, right_claimed, reading,
                left_speaker, right_speaker, left_source_id, right_source_id
            from conflicts
        """,
        expected={
            15: [("e-fewer", "e-more", "3,500", "more than 10,000", None,
                  "Karzai", "Kabulov", "two", "one")],
            16: [],  # 8,550 to 10,450 meets more than 10,000
            17: [("e-fewer", "e-more", "about 8,000", "more than 10,000",
                  "about 8,000 read as 7,200 to 8,800", "Karzai", "Kabulov", "two", "one")],
            18: [],  # another year is an update
            20: [],
            21: [("e-fewer", "e-more", "about 8,000", "more than 10,000",
                  "about 8,000 read as 7,200 to 8,800", "Karzai", "Kabulov", "two", "one")],
        },
    ),
    "conflicts: open periods, unknown ones, and one source that tells a thing twice": Case(
        given=(
            statement("since", "karzai", "three",
                      estimates=[estimate("e-since", "50", "2016/..")]),                 # 15
            {"command": "add_estimate", "statement_id": "since", "report_id": "r-since",
             **estimate("e-unknown", "60", "../..")},                                    # 16
            add_report("r-headline", "since", "three", "hundreds"),                      # 17
            {"command": "add_estimate", "statement_id": "since", "report_id": "r-headline",
             **estimate("e-headline", "> 100", "2016/..")},                              # 18
            revise("report", "r-headline", source_id="two"),                             # 19
        ),
        asked="""
            select left_estimate_id, right_estimate_id, overlap_earliest::varchar,
                overlap_latest::varchar
            from conflicts where 'since' in (left_statement_id, right_statement_id)
        """,
        expected={
            15: [],
            17: [("e-fewer", "e-since", "2017-12-01", "2017-12-31"),
                 ("e-more", "e-since", "2017-12-01", "2017-12-31")],
            19: [("e-fewer", "e-since", "2017-12-01", "2017-12-31"),
                 ("e-more", "e-since", "2017-12-01", "2017-12-31")],
            20: [("e-fewer", "e-since", "2017-12-01", "2017-12-31"),
                 ("e-headline", "e-since", "2016-01-01", None),
                 ("e-more", "e-since", "2017-12-01", "2017-12-31")],
        },
    ),
    "claims_by_speaker: one speaker by two names, roles, and who may have said it": Case(
        given=(
            add_report("r-role", "more", "two", "x", attributed_to="the envoy"),         # 15
            statement("doubt", "karzai", "one", attribution="inferred",
                      alternatives=["z-kabulov"]),                                       # 16
            judge("z-kabulov", "kabulov", "same"),                                       # 17
            revise("statement", "doubt", alternatives=None),                             # 18
            void(18),                                                                    # 19
            statement("sorry", "kabulov", "two"),                                        # 20
            relate("sorry", "old", "retracts"),                                          # 21
            judge("kabulov", "z-kabulov", "different"),                                  # 22
        ),
        asked="""
            select speaker_id, statements, reports, sources, estimates, retracted,
                possible_statements, [each.role || ': ' || each.reports for each in roles]
            from claims_by_speaker where speaker_id <> 'karzai'
        """,
        expected={
            15: [("kabulov", 1, 2, 2, 1, 0, 0, []), ("z-kabulov", 1, 1, 1, 1, 0, 0, [])],
            17: [("kabulov", 1, 3, 2, 1, 0, 0, ["the envoy: 1"]),
                 ("z-kabulov", 1, 1, 1, 1, 0, 1, [])],
            18: [("kabulov", 2, 4, 3, 2, 0, 1, ["the envoy: 1"])],
            19: [("kabulov", 2, 4, 3, 2, 0, 0, ["the envoy: 1"])],
            22: [("kabulov", 3, 5, 3, 2, 1, 1, ["the envoy: 1"])],
            23: [("kabulov", 2, 4, 2, 1, 0, 0, ["the envoy: 1"]),
                 ("z-kabulov", 1, 1, 1, 1, 1, 1, [])],
        },
    ),
    "claims_by_speaker: a row for who only may have said something": Case(
        given=(
            speaker("nobody"),                                                           # 15
            statement("doubt", "karzai", "one", alternatives=["nobody"]),                # 16
            void(16),                                                                    # 17
            void(17),                                                                    # 18
        ),
        asked="""
            select statements, possible_statements, first_said
            from claims_by_speaker where speaker_id = 'nobody'
        """,
        expected={16: [], 17: [(0, 1, None)], 18: [], 19: [(0, 1, None)]},
    ),
    "history: a void stands in the history of all that its event is about": Case(
        given=(
            relate("fewer", "more", "denies"),                                           # 15
            judge("kabulov", "z-kabulov", "same"),                                       # 16
            void(15),                                                                    # 17
            void(16),                                                                    # 18
            void(17),                                                                    # 19
            void(11, "estimate/e-more"),                                                 # 20
        ),
        asked="""
            select subject, list(position order by position) from history
            where subject in ('statement/more', 'speaker/z-kabulov', 'estimate/e-more',
                'report/r-more')
            group by subject order by subject
        """,
        expected={
            15: [("estimate/e-more", [11]), ("report/r-more", [11]),
                 ("speaker/z-kabulov", [2, 13]), ("statement/more", [11, 14])],
            17: [("estimate/e-more", [11]), ("report/r-more", [11]),
                 ("speaker/z-kabulov", [2, 13, 16]), ("statement/more", [11, 14, 15])],
            19: [("estimate/e-more", [11]), ("report/r-more", [11]),
                 ("speaker/z-kabulov", [2, 13, 16, 18]),
                 ("statement/more", [11, 14, 15, 17])],
            21: [("estimate/e-more", [11, 20]), ("report/r-more", [11]),
                 ("speaker/z-kabulov", [2, 13, 16, 18]),
                 ("statement/more", [11, 14, 15, 17, 19, 20])],
        },
    ),
}  # fmt: skip


@pytest.fixture
def beforehand() -> Sequence[Command]:
    """Every case begins with BASE."""
    return BASE


@pytest.mark.parametrize("name", CASES)
@pytest.mark.sampled(2)
def test_a_view_at_every_size(ledger: Ledger, rows: Ask, name: str) -> None:
    """Given a ledger, a view has these rows now, and had those at earlier sizes."""
    case = CASES[name]
    for command in case.given:
        ledger.submit(command)
    assert ledger.size == max(case.expected)
    found = {size: rows(case.asked, size) for size in case.expected}
    assert found == case.expected
    assert rows(case.asked) == case.expected[ledger.size]


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_view_of_a_file_at_every_size(ledger: Ledger, name: str) -> None:
    """A view file that was built from all of them gives the same."""
    case = CASES[name]
    ledger.submit(list(case.given))
    ledger.log.refresh()
    rebuild(ledger.log)
    with Database.open(ledger.log) as built:
        assert not built.tail_tables
        found = {}
        for size in case.expected:
            built.set_as_of(size)
            found[size] = built.connection.execute(case.asked).fetchall()
    assert found == case.expected
