"""The views on a ledger worked by hand: revised, voided, reinstated, judged, retracted."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import pytest

from ledger.api import Ledger
from projections import catalog

Command = dict[str, Any]
Rows = list[tuple[Any, ...]]
Ask = Callable[..., Rows]


def speaker(name: str, kind: str = "person") -> Command:
    """A speaker whose id is its name."""
    return {"command": "register_speaker", "speaker_id": name, "kind": kind, "name": name.title()}


def source(name: str, publisher: str | None, published: str) -> Command:
    """A cited source."""
    made: Command = {"command": "cite_source", "source_id": name, "published": published}
    return made | ({"publisher_id": publisher} if publisher else {})


def statement(name: str, who: str, where: str, **fields: Any) -> Command:  # noqa: ANN401  those of a command
    """A statement with one report, whose id is `r-` and the statement's."""
    via = fields.pop("via", [])
    report = {"report_id": f"r-{name}", "source_id": where, "quote": name, "via": via}
    return {
        "command": "record_statement", "statement_id": name, "speaker_id": who,
        "proposition": name, "reports": [report], **fields,
    }  # fmt: skip


def estimate(name: str, value: str, period: str, measure: str = "fighters") -> Command:
    """An estimate of fighters."""
    return {
        "estimate_id": name, "measure_id": measure, "value": value, "reference_period": period,
    }  # fmt: skip


BASE: tuple[Command, ...] = (  # positions 1 to 14
    speaker("kabulov"),
    speaker("z-kabulov"),
    speaker("karzai"),
    speaker("tass", "outlet"),
    speaker("rtvi", "outlet"),
    source("one", "tass", "2017-12-20"),
    source("two", "rtvi", "2017-12-23"),
    source("three", None, "2018"),
    {"command": "define_measure", "measure_id": "fighters", "label": "Fighters", "unit": "people",
     "tags": ["militant-count"]},
    {"command": "define_measure", "measure_id": "killed", "label": "Killed"},
    statement("more", "kabulov", "one", said_at="2017-12",
              estimates=[estimate("e-more", "> 10000", "2017-12")]),
    statement("fewer", "karzai", "two", said_at="2017-12", via=["tass"],
              estimates=[estimate("e-fewer", "3500", "2017-12")]),
    statement("old", "z-kabulov", "three", said_at="2015-10",
              estimates=[estimate("e-old", "~3500", "2015-10")]),
    {"command": "add_report", "report_id": "again", "statement_id": "more", "source_id": "two",
     "quote": "more, again", "via": ["tass"]},
)  # fmt: skip


@pytest.fixture
def beforehand() -> Sequence[Command]:
    """All ledgers here begin with BASE, but where a test says otherwise."""
    return BASE


@pytest.fixture
def worked(ledger: Ledger) -> Ledger:
    """The ledger of BASE."""
    return ledger


def test_estimates_over_time_keep_hedge_and_period(worked: Ledger, rows: Ask) -> None:
    """Estimates come in order of their period, with the words of their hedge."""
    assert rows("select reference_period, claimed, speaker, publisher from militant_estimates") == [
        ("2015-10", "about 3,500", "Z-Kabulov", None),
        ("2017-12", "more than 10,000", "Kabulov", "Tass"),
        ("2017-12", "3,500", "Karzai", "Rtvi"),
    ]


def test_a_revision_counts_from_its_position_on(worked: Ledger, rows: Ask) -> None:
    """A revised statement shows its latest form now, and its earlier one as of before."""
    worked.submit(
        {"command": "revise_statement", "statement_id": "more", "speaker_id": "karzai",
         "reason": "misread"}
    )  # fmt: skip
    ask = "select speaker_id, revisions, position from statements where statement_id = 'more'"
    assert rows(ask) == [("karzai", 1, 15)]
    assert rows(ask, 15) == [("kabulov", 0, 11)]
    assert rows("select statements from claims_by_speaker where speaker_id = 'karzai'") == [(2,)]


def test_a_void_hides_what_hangs_on_it(worked: Ledger, rows: Ask) -> None:
    """A voided speaker hides statements, reports and estimates; voiding the void shows them."""
    count = """
        select (select count(*) from statements), (select count(*) from reports),
               (select count(*) from estimates), (select count(*) from estimates_over_time)
    """
    assert rows(count) == [(3, 4, 3, 3)]
    worked.submit({"command": "void_record", "position": 1, "reason": "nobody said so"})
    assert rows(count) == [(2, 2, 2, 2)]
    worked.submit({"command": "void_record", "position": 15, "reason": "somebody did"})
    assert rows(count) == [(3, 4, 3, 3)]
    worked.submit({"command": "void_record", "position": 16, "reason": "after all not"})
    assert rows(count) == [(2, 2, 2, 2)]
    assert rows(count, 15) == rows(count, 17) == [(3, 4, 3, 3)]
    assert rows("select target, position from voids order by position") == [(1, 15), (16, 17)]


def test_a_void_of_a_part_hides_the_part_alone(worked: Ledger, rows: Ask) -> None:
    """A voided estimate inside a statement leaves the statement and its report."""
    worked.submit(
        {"command": "void_record", "position": 11, "part": "estimate/e-more", "reason": "misread"}
    )
    assert rows("select estimate_id from estimates order by all") == [("e-fewer",), ("e-old",)]
    assert rows("select count(*) from reports where statement_id = 'more'") == [(2,)]


def test_a_voided_revision_gives_the_form_before(worked: Ledger, rows: Ask) -> None:
    """When the latest revision is void, the one before it counts again."""
    for period in ("2016", "2014"):
        worked.submit(
            {"command": "revise_estimate", "estimate_id": "e-old", "reference_period": period,
             "reason": "misread"}
        )  # fmt: skip
    worked.submit({"command": "void_record", "position": 16, "reason": "it was right"})
    ask = "select reference_period from estimates where estimate_id = 'e-old'"
    assert [rows(ask, size) for size in (15, 16, 17, 18)] == [
        [("2015-10",)], [("2016",)], [("2014",)], [("2016",)],
    ]  # fmt: skip


def test_speakers_judged_the_same_are_one(worked: Ledger, rows: Ask) -> None:
    """Speakers judged the same are counted as the one registered first, until judged otherwise."""
    ask = "select speaker_id, statements from claims_by_speaker order by all"
    judge = {"command": "judge_speakers", "left": "z-kabulov", "right": "kabulov", "reason": "x"}
    worked.submit(judge | {"judgement": "same"})
    assert rows(ask) == [("kabulov", 2), ("karzai", 1)]
    swapped = judge | {"left": "kabulov", "right": "z-kabulov"}
    worked.submit(swapped | {"judgement": "different"})
    assert rows(ask) == [("kabulov", 1), ("karzai", 1), ("z-kabulov", 1)]
    worked.submit({"command": "void_record", "position": 16, "reason": "a slip"})
    assert rows(ask) == rows(ask, 16) == [("kabulov", 2), ("karzai", 1)]
    assert rows("select canonical_id from speakers where speaker_id = 'z-kabulov'") == [
        ("kabulov",)
    ]


def test_one_agency_is_one_primary_source(worked: Ledger, rows: Ask) -> None:
    """An outlet that repeats an agency adds a report and an outlet, not a primary source."""
    assert rows("from corroboration where statement_id = 'more'") == [("more", 2, 2, 1, ["Tass"])]
    assert rows("from corroboration where statement_id = 'old'") == [("old", 1, 1, 1, ["three"])]


def test_repetitions_come_in_order_of_publication(worked: Ledger, rows: Ask) -> None:
    """The reports of a statement that has several are numbered, with their lag in days."""
    assert rows("select report_id, nth, lag_days from repetitions") == [
        ("r-more", 1, 0),
        ("again", 2, 3),
    ]


def test_a_denial_says_whether_it_is_told_only_inside(worked: Ledger, rows: Ask) -> None:
    """A denial names both speakers, its words, who reports it, and inside what it is told."""
    worked.submit([
        statement("denial", "karzai", "two", speech_act="deny", within="more"),
        {"command": "relate_statements", "from": "denial", "to": "more", "relation": "denies"},
    ])  # fmt: skip
    assert rows("select speaker, denied_speaker, quote, reported_by, within from denials") == [
        ("Karzai", "Kabulov", "denial", "Rtvi", "more")
    ]
    assert rows("select denied from claims_by_speaker where speaker_id = 'kabulov'") == [(1,)]
    worked.submit({"command": "void_record", "position": 15, "reason": "not said"})
    assert rows("from denials") == []


def test_a_retraction_marks_the_statement(worked: Ledger, rows: Ask) -> None:
    """A statement that another retracts is shown as retracted, as of then."""
    worked.submit([
        statement("sorry", "kabulov", "two", speech_act="retract"),
        {"command": "relate_statements", "from": "sorry", "to": "more", "relation": "retracts"},
    ])  # fmt: skip
    ask = "select retracted from statements where statement_id = 'more'"
    assert (rows(ask), rows(ask, 16)) == ([(True,)], [(False,)])


CONFLICTING: dict[str, tuple[str, str, bool]] = {
    "more than against a lower number": ("> 10000", "3500", True),
    "at least against nearly": (">= 170", "< 200", False),
    "about within ten per cent": ("~1000", "1090", False),
    "about beyond ten per cent": ("~1000", "1200", True),
    "touching, inclusive": (">= 10", "<= 10", False),
    "touching, exclusive": ("> 10", "<= 10", True),
    "between meets between": ("10..20", "20..30", False),
    "between misses between": ("10..20", "21..30", True),
    "no figure": ("?", "5", False),
}


@pytest.mark.parametrize("beforehand", [BASE[:10]], ids=["no statement"])
@pytest.mark.parametrize("case", CONFLICTING)
@pytest.mark.sampled(3)
def test_estimates_conflict_when_they_cannot_meet(ledger: Ledger, rows: Ask, case: str) -> None:
    """Two estimates of one measure and time conflict when their intervals do not meet."""
    left, right, conflict = CONFLICTING[case]
    ledger.submit([
        statement("a", "kabulov", "one", estimates=[estimate("e-a", left, "2017-12")]),
        statement("b", "karzai", "two", estimates=[estimate("e-b", right, "2017")]),
        statement("c", "karzai", "two", estimates=[estimate("e-c", right, "2018")]),
    ])  # fmt: skip
    found = rows("select left_estimate_id, right_estimate_id from conflicts")
    assert found == ([("e-a", "e-b")] if conflict else [])


def test_history_names_every_event_about_a_thing(worked: Ledger, rows: Ask) -> None:
    """The history of a thing shows what made it, what names it, and what hides it."""
    worked.submit({"command": "void_record", "position": 11, "reason": "not said"})
    asked = "select position, type, reason from history where subject = '{}' order by position"
    assert rows(asked.format("statement/more")) == [
        (11, "claims.statement.recorded.v1", None),
        (14, "claims.report.added.v1", None),
        (15, "claims.record.voided.v1", "not said"),
    ]
    assert [position for position, *_ in rows(asked.format("source/two"))] == [7, 12, 14]
    assert rows("from statements where statement_id = 'more'") == []


AS_OF = (
    "set variable as_of = 'yesterday'", "set variable as_of = 1.5", "set variable as_of = 999",
    "set variable as_of = -1", "set variable as_of = true", "set variable as_of = [1]",
)  # fmt: skip


@pytest.mark.parametrize("setting", AS_OF)
def test_a_moment_that_is_none_raises(worked: Ledger, setting: str) -> None:
    """As of anything but a size within the log or a time, a view raises instead of saying now."""
    views = worked.views()
    views.connection.execute(setting)
    with pytest.raises(duckdb.Error, match="as_of"):
        views.connection.execute("from statements").fetchall()


def test_a_time_stands_for_the_last_event_of_it(worked: Ledger) -> None:
    """A time with a zone, one without and a date stand for the largest size up to then."""
    views = worked.views()
    at = list(worked.events())[-1].time
    for moment, size in (
        (f"timestamptz '{at.isoformat()}'", 15),
        (f"timestamp '{at:%Y-%m-%d %H:%M:%S.%f}'", 15),
        (f"timestamp '{at:%Y-%m-%d %H:%M:%S.%f}' - interval 1 minute", 0),
        (f"date '{at:%Y-%m-%d}'", 15),
        (f"date '{at:%Y-%m-%d}' - 1", 0),
        ("15::utinyint", 15),
    ):
        views.connection.execute("set timezone = 'Asia/Kabul'")
        views.connection.execute(f"set variable as_of = {moment}")
        assert views.size_as_of() == size, moment


@pytest.mark.parametrize("layer", ["forms", "views"])
def test_headers_name_what_a_view_reads(layer: str) -> None:
    """The header of every view names all that it reads and nothing else."""
    for definition in getattr(catalog, layer)():
        read = set(re.findall(r"\b(?:facts|seen|forms|whole)\.\w+", definition.select))
        read |= {definition.header.get("else", "")} - {"", catalog.NOTHING}
        named = {need for need in definition.needs if "." in need}
        assert named == read, definition.name
        assert {"grain", "why"} <= definition.header.keys(), definition.name
