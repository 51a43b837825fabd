"""What commands become: given what stands, when a command comes, then these events or a refusal."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from events.values import Span, Value
from events.vocabulary import (
    EstimateRevised,
    RecordVoided,
    ReportRevised,
    SourceCaptured,
    SpeakerRegistered,
    StatementRecorded,
    StatementRevised,
)
from ledger.api import Ledger
from ledger.errors import ClaimsError, Conflict, Refused, UnknownId
from ledger.heads import Auditor

Command = dict[str, Any]

SPEAKER: Command = {
    "command": "register_speaker", "speaker_id": "kabulov", "kind": "person", "name": "Z. Kabulov",
}  # fmt: skip
SOURCE: Command = {"command": "cite_source", "source_id": "tass-1", "publisher": "TASS"}
MEASURE: Command = {
    "command": "define_measure", "measure_id": "fighters", "label": "Fighters", "unit": "people",
}  # fmt: skip
STATEMENT: Command = {
    "command": "record_statement", "statement_id": "s1", "speaker_id": "kabulov",
    "said_at": "2017-12", "proposition": "There are more than 10,000.",
    "reports": [{"report_id": "r1", "source_id": "tass-1", "quote": "exceeds 10,000 men"}],
    "estimates": [
        {"estimate_id": "e1", "measure_id": "fighters", "value": "> 10000",
         "value_text": "exceeds 10,000", "reference_period": "2017-12"}
    ],
}  # fmt: skip


@pytest.fixture
def beforehand() -> Sequence[Command]:
    """All ledgers here begin with these, but where a test says otherwise."""
    return (SPEAKER, SOURCE, MEASURE, STATEMENT)


@pytest.fixture
def recorded(ledger: Ledger) -> Ledger:
    """A ledger with a speaker, an outlet, a source, a measure, a statement (positions 1 to 5)."""
    return ledger


def last(ledger: Ledger) -> Value:
    """The data of the last event."""
    return list(ledger.events())[-1].data


def test_a_new_outlet_is_registered_along_the_way(recorded: Ledger) -> None:
    """Given an unknown publisher, when a source is cited, then the outlet comes first, unkeyed."""
    outlet, source = list(recorded.events())[2:4]
    assert outlet.data == SpeakerRegistered(speaker_id="tass", kind="outlet", name="TASS")
    assert isinstance(source.data, SourceCaptured)
    assert source.data.publisher_id == "tass"
    assert (outlet.key, len(source.key or "")) == (None, 22)


def test_a_statement_is_one_event_with_its_parts(recorded: Ledger) -> None:
    """Given all it names, when a statement is recorded, then one event holds its parts."""
    data = last(recorded)
    assert isinstance(data, StatementRecorded)
    (report,), (estimate,) = data.reports, data.estimates
    assert (report.anchor, report.quote.exact, report.quote.start) == (
        "unanchored", "exceeds 10,000 men", None,
    )  # fmt: skip
    assert (estimate.comparator, estimate.low, estimate.low_inclusive, estimate.best) == (
        "gt", 10000, False, None,
    )  # fmt: skip
    assert estimate.value_text == Span(exact="exceeds 10,000", start=0, end=14)


def test_a_repeated_command_writes_nothing(recorded: Ledger) -> None:
    """Given a command that stands, when it is given again by somebody else, nothing is written."""
    before = recorded.size
    receipt = recorded.submit([SPEAKER | {"actor": "ben"}, STATEMENT])
    assert (receipt.first, receipt.size, receipt.unchanged) == (None, before, 2)
    assert receipt.positions == (1, 5)
    assert receipt.made[1] == ("statement/s1", "report/r1", "estimate/e1")


def test_the_same_id_with_the_same_content_is_unchanged(recorded: Ledger) -> None:
    """Given a statement, when another command says the same of it, nothing is written."""
    without_ids = STATEMENT | {
        "command_id": "another",
        "reports": [{"source_id": "tass-1", "quote": "exceeds 10,000 men"}],
    }
    assert recorded.submit(without_ids).unchanged == 1


CONFLICTS: dict[str, tuple[Command, str]] = {
    "other content": (STATEMENT | {"said_at": "2018"}, "said_at"),
    "a taken report id": (
        STATEMENT | {"statement_id": "s2", "estimates": []}, "report r1 is already recorded",
    ),
    "a stale form": (
        {"command": "revise_statement", "statement_id": "s1", "said_at": "2018", "replaces": 3,
         "reason": "x"}, "position 5, not at 3",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONFLICTS)
def test_what_stands_otherwise_is_a_conflict(recorded: Ledger, case: str) -> None:
    """Given what stands, when a command assumes something else, then it conflicts."""
    command, words = CONFLICTS[case]
    before = recorded.size
    with pytest.raises(Conflict, match=words):
        recorded.submit(command)
    assert recorded.size == before


REFUSALS: dict[str, tuple[Command, str, str]] = {
    "an unknown speaker": (
        STATEMENT | {"statement_id": "s2", "speaker_id": "nobody"}, "nobody", "speaker_id",
    ),
    "an unknown source": (
        STATEMENT | {"statement_id": "s2", "reports": [{"source_id": "no", "quote": "q"}]},
        "no", "reports[0].source_id",
    ),
    "an unknown link": (
        {"command": "add_report", "statement_id": "s1", "source_id": "tass-1", "quote": "q",
         "via": ["nobody"]}, "nobody", "via[0]",
    ),
    "digits against words": (
        {"command": "add_estimate", "statement_id": "s1", "measure_id": "fighters",
         "value": "1000", "value_text": "10,000"}, "10000", "value_text",
    ),
    "words outside of the quote": (
        {"command": "add_estimate", "statement_id": "s1", "measure_id": "fighters",
         "value": "3500", "value_text": "3,500"}, "does not stand", "value_text",
    ),
    "a number said twice": (
        {"command": "add_estimate", "statement_id": "s1", "measure_id": "fighters",
         "value": "1000", "comparator": "eq", "best": 1000}, "once", "value",
    ),
    "no number": (
        {"command": "add_estimate", "statement_id": "s1", "measure_id": "fighters"},
        "once", "value",
    ),
    "a relation to itself": (
        {"command": "relate_statements", "from": "s1", "to": "s1", "relation": "denies"},
        "both sides", "to",
    ),
    "a revision of nothing": (
        {"command": "revise_statement", "statement_id": "s1", "said_at": "2017-12",
         "reason": "x"}, "changes nothing", "",
    ),
    "a cleared proposition": (
        {"command": "revise_statement", "statement_id": "s1", "proposition": None,
         "reason": "x"}, "cannot be empty", "proposition",
    ),
    "a rating beyond every number": (
        {"command": "assess_statement", "statement_id": "s1", "assessor": "A",
         "rating": {"value": 1e400}}, "not a", "rating.value",
    ),
    "a lone surrogate": (
        SPEAKER | {"speaker_id": "x", "name": "\ud800"}, "surrogate", "name",
    ),
    "a void of the ledger": (
        {"command": "void_record", "position": 0, "reason": "x"}, "cannot be void", "position",
    ),
    "a void beyond the end": (
        {"command": "void_record", "position": 99, "reason": "x"}, "no event", "position",
    ),
    "a void of a part elsewhere": (
        {"command": "void_record", "position": 5, "part": "report/r9", "reason": "x"},
        "no part", "part",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_what_cannot_be_is_refused_with_its_field(recorded: Ledger, case: str) -> None:
    """Given what stands, when the impossible is asked for, then field and way out are named."""
    command, words, field = REFUSALS[case]
    before = recorded.size
    with pytest.raises(Refused, match=words) as caught:
        recorded.submit([SPEAKER, command])
    assert (caught.value.place.field or "") == field
    assert caught.value.way_out
    assert recorded.size == before


@pytest.mark.parametrize("beforehand", [()], ids=["nothing"])
def test_a_batch_may_refer_to_what_it_makes(ledger: Ledger) -> None:
    """Given nothing, when a batch makes, revises and voids a thing, each builds on the last."""
    receipt = ledger.submit([
        SPEAKER, SOURCE, MEASURE, STATEMENT,
        {"command": "revise_statement", "statement_id": "s1", "said_at": "2018", "reason": "x"},
        {"command": "void_record", "position": 6, "reason": "it was right"},
        {"command": "revise_statement", "statement_id": "s1", "said_at": "2016", "reason": "y"},
    ])  # fmt: skip
    revised = last(ledger)
    assert isinstance(revised, StatementRevised)
    assert (receipt.size, revised.replaces, revised.proposition) == (
        9, 5, "There are more than 10,000.",
    )  # fmt: skip


def test_a_void_reinstates_a_void(recorded: Ledger) -> None:
    """Given a voided statement, when the void is void, then it can be referred to again."""
    report = {"command": "add_report", "statement_id": "s1", "source_id": "tass-1", "quote": "q"}
    recorded.submit({"command": "void_record", "position": 5, "reason": "wrong"})
    with pytest.raises(Refused, match="void since position 6"):
        recorded.submit(report)
    with pytest.raises(Conflict, match="void already"):
        recorded.submit({"command": "void_record", "position": 5, "reason": "again"})
    recorded.submit({"command": "void_record", "position": 6, "reason": "it was right"})
    recorded.submit(report)
    voided = list(recorded.events())[6]
    assert isinstance(voided.data, RecordVoided)
    assert voided.subject == "statement/s1"


@pytest.mark.parametrize("beforehand", [()], ids=["nothing"])
def test_a_role_has_dates_not_statements(ledger: Ledger) -> None:
    """Given nothing, when a speaker with a dated role is registered, then it is kept."""
    role = {"role": "envoy", "organization": "Russia", "from": "2014", "to": "2022"}
    ledger.submit(SPEAKER | {"memberships": [role]})
    data = last(ledger)
    assert isinstance(data, SpeakerRegistered)
    (kept,) = data.memberships
    assert kept.from_ is not None
    assert (kept.role, kept.from_.edtf) == ("envoy", "2014")


def test_a_number_stays_with_its_statement(recorded: Ledger) -> None:
    """Given two statements, when a number is to move to the other's report, it is refused."""
    reports = [{"report_id": "r2", "source_id": "tass-1", "quote": "exceeds 10,000 men"}]
    recorded.submit(STATEMENT | {"statement_id": "s2", "reports": reports, "estimates": []})
    with pytest.raises(Refused, match="belongs to the statement s2"):
        recorded.submit(
            {"command": "revise_estimate", "estimate_id": "e1", "report_id": "r2", "reason": "x"}
        )


def test_a_void_thing_is_not_recorded_again(recorded: Ledger) -> None:
    """Given a voided speaker, when it is registered anew, then the way back is named."""
    recorded.submit({"command": "void_record", "position": 1, "reason": "nobody"})
    with pytest.raises(Refused, match="void since position 6"):
        recorded.submit(SPEAKER | {"command_id": "anew"})


def test_a_rating_is_written_as_every_number_is(recorded: Ledger) -> None:
    """Given a rating in floats, when it is kept, then whole numbers have no decimal point."""
    recorded.submit({
        "command": "assess_statement", "statement_id": "s1", "assessor": "A",
        "rating": {"label": "Half", "value": 2.5, "best": 5.0, "worst": 1},
    })  # fmt: skip
    line = recorded.log.line(recorded.size - 1)
    assert b'"rating":{"label":"Half","value":2.5,"best":5,"worst":1}' in line
    assert recorded.verify(auditor=Auditor(deep=True, views=False)).findings == ()


def test_a_sum_names_its_siblings(recorded: Ledger) -> None:
    """Given a statement with two numbers, when a third is derived from them, it may name them."""

    def number(name: str, value: str) -> Command:
        return {"estimate_id": name, "measure_id": "fighters", "value": value}

    total = number("t", "7") | {"basis": "derived", "derived_from": ["a", "b"]}
    numbers = [number("a", "3"), number("b", "4"), total]
    reports = [{"source_id": "tass-1", "quote": "3 and 4"}]
    recorded.submit(STATEMENT | {"statement_id": "s2", "reports": reports, "estimates": numbers})
    data = last(recorded)
    assert isinstance(data, StatementRecorded)
    assert data.estimates[2].derived_from == ("a", "b")


def test_a_void_of_a_part_is_about_the_part(recorded: Ledger) -> None:
    """Given a statement with an estimate, when the part is void, it is the void's subject."""
    recorded.submit(
        {"command": "void_record", "position": 5, "part": "estimate/e1", "reason": "misread"}
    )
    assert list(recorded.events())[-1].subject == "estimate/e1"
    with pytest.raises(Refused, match="estimate e1 is void"):
        recorded.submit(
            {"command": "revise_estimate", "estimate_id": "e1", "value": "5", "reason": "x"}
        )


def test_a_revised_number_is_held_against_its_words(recorded: Ledger) -> None:
    """Given an estimate with words, when its number is revised, then the words must say it."""
    with pytest.raises(Refused, match="10000"):
        recorded.submit(
            {"command": "revise_estimate", "estimate_id": "e1", "value": "1000", "reason": "x"}
        )
    recorded.submit(
        {"command": "revise_estimate", "estimate_id": "e1", "value": ">= 10000", "reason": "x"}
    )
    data = last(recorded)
    assert isinstance(data, EstimateRevised)
    assert (data.comparator, data.low_inclusive, data.statement_id) == ("ge", True, "s1")


def test_a_revised_report_is_found_anew(recorded: Ledger) -> None:
    """Given a report, when its quote is revised, then the other fields stay as they were."""
    recorded.submit(
        {"command": "revise_report", "report_id": "r1", "quote": "exceeds 10,000", "reason": "x"}
    )
    data = last(recorded)
    assert isinstance(data, ReportRevised)
    assert (data.quote.exact, data.source_id, data.anchor) == (
        "exceeds 10,000", "tass-1", "unanchored",
    )  # fmt: skip


def test_expected_size_is_held_against_the_ledger(recorded: Ledger) -> None:
    """Given a size, when another is expected, then it conflicts, unless all was said before."""
    new = {"command": "register_speaker", "kind": "person", "name": "Hamid Karzai"}
    with pytest.raises(Conflict):
        recorded.submit(new, expect_size=3)
    assert recorded.submit(SPEAKER, expect_size=3).unchanged == 1
    assert recorded.submit(new, expect_size=6).size == 7


def test_a_reference_to_nothing_says_where_to_look(recorded: Ledger) -> None:
    """Given no such measure, when an estimate names it, then the refusal names noun and id."""
    with pytest.raises(UnknownId, match="No measure has the id 'ghosts'"):
        recorded.submit(
            {"command": "add_estimate", "statement_id": "s1", "measure_id": "ghosts", "value": "1"}
        )


def test_what_was_refused_leaves_nothing_behind(recorded: Ledger) -> None:
    """Given a batch whose last command is refused, when it comes, then not one event is written."""
    log = next((recorded.log.folder / "log").iterdir())
    before = log.read_bytes()
    new = [{"command": "register_speaker", "kind": "person", "name": f"N {n}"} for n in range(20)]
    with pytest.raises(ClaimsError):
        recorded.submit([*new, {"command": "void_record", "position": 0, "reason": "x"}])
    assert log.read_bytes() == before


def test_actor_and_agent_are_those_of_the_command(
    recorded: Ledger, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    """Given a recorder, when a command names another actor, then that one is noted."""
    recorded.submit(
        {"command": "register_speaker", "kind": "person", "name": "B", "actor": "bot",
         "agent": "model"}
    )  # fmt: skip
    assert rows("select actor, agent from events order by position desc limit 1") == [
        ("bot", "model")
    ]
