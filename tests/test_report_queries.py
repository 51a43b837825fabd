"""The queries of reports find, of a few things, what the views find of all."""

from collections.abc import Iterator

import pytest
from report_tools import Command, told_copy

from ledger.api import Ledger, Moment
from ledger.asker import LedgerAsker

VALUES = ("900", "~1000", "> 1000", ">= 1000", "< 1000", "<= 1000", "900..1000", "1100", "?")
QUOTES = (
    ("desk-1", "Kabul denied it"), ("herald-1", "Nobody has counted them"),
    ("desk-1", "Kabul denied it"), ("tass-1", "The envoy spoke on Saturday"),
)  # fmt: skip
PERIODS = ("2018", "2018-03", "2018-06/..", "2019", None)


def more() -> list[Command]:
    """Numbers of every kind for periods that overlap or not, chains, judgements and corrections."""
    report = {"quote": "Nobody has counted them", "quote_mode": "indirect"}
    numbers: list[Command] = [
        {"measure_id": "districts", "value": value, "estimate_id": f"n{at}-{place}",
         "reference_period": period}
        for at, period in enumerate(PERIODS)
        for place, value in enumerate(VALUES)
    ]  # fmt: skip
    said: list[Command] = [
        {"command": "record_statement", "statement_id": f"s{at}", "speaker_id": "ministry",
         "proposition": "So.", "within": "s0" if at == 2 else None, "estimates": numbers[at::4],
         "reports": [{"source_id": source, "report_id": f"r{at}", "quote": quote,
                      "quote_mode": "indirect"}]}
        for at, (source, quote) in enumerate(QUOTES)
    ]  # fmt: skip
    return [
        *said,
        {"command": "register_speaker", "speaker_id": "tass-agency", "kind": "outlet",
         "name": "The TASS agency"},
        {"command": "judge_speakers", "left": "tass", "right": "tass-agency",
         "judgement": "same", "reason": "One house."},
        {"command": "add_report", "statement_id": "s0", "report_id": "again", **report,
         "source_id": "herald-1", "via": ["tass-agency", "ministry"]},
        {"command": "add_report", "statement_id": "s0", "report_id": "by-source", **report,
         "source_id": "herald-1", "via": [{"source_id": "tass-1"}]},
        {"command": "add_estimate", "statement_id": "s0", "report_id": "r0", "estimate_id": "sum",
         "measure_id": "districts", "value": "1900", "reference_period": "2018",
         "basis": "derived", "derived_from": ["n0-0"], "method": "Added up."},
        {"command": "relate_statements", "from": "s3", "to": "s0", "relation": "denies",
         "evidence": {"report_id": "again"}},
        {"command": "assess_statement", "statement_id": "s0", "assessor": "Bo",
         "information_credibility": 3},
        {"command": "revise_estimate", "estimate_id": "n0-0", "value": "950", "reason": "Misread."},
        {"command": "revise_report", "report_id": "again", "via": ["tass"], "reason": "No."},
        {"command": "revise_source", "source_id": "tass-1", "title": "Other", "reason": "Typo."},
    ]  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger with conflicts, chains, judgements, corrections, and voids of voids."""
    room = tmp_path_factory.mktemp("queries")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(room / "config"))
        with Ledger.open(told_copy(room / "ledger", room / "config"), actor="ana") as ledger:
            ledger.submit(more())
            places = {event.subject: event.position for event in ledger.events()}
            related = next(
                event.position for event in ledger.events()
                if event.type.startswith("claims.statements.related") and event.position > 20
            )  # fmt: skip
            void = {"command": "void_record", "reason": "Tried."}
            ledger.submit([
                {**void, "position": related}, {**void, "position": places["statement/s1"]},
                {**void, "position": places["statement/s2"], "part": "report/r2"},
                {**void, "position": places["report/by-source"]},
            ])  # fmt: skip
            last = ledger.size - 1
            ledger.submit([{**void, "position": last}, {**void, "position": last - 3}])
            yield ledger


@pytest.fixture(
    params=[
        "now",
        pytest.param("before the voids", marks=pytest.mark.slow),
        pytest.param("before the corrections", marks=pytest.mark.slow),
    ]
)
def ask(asked: Ledger, request: pytest.FixtureRequest) -> Iterator[LedgerAsker]:
    """That ledger at three moments."""
    moments: dict[str, Moment | None] = {
        "now": None, "before the voids": asked.size - 6, "before the corrections": 24,
    }  # fmt: skip
    moment = moments[request.param]
    with asked.as_of(asked.size if moment is None else moment) as then:
        yield LedgerAsker(then)


def ids_of(ask: LedgerAsker) -> list[str]:
    """Every statement that counts."""
    return [row["statement_id"] for row in ask.sql("select statement_id from statements")]


def test_outlets_and_primary_sources_are_those_of_the_view(ask: LedgerAsker) -> None:
    """As `corroboration` counts them: judged speakers as one, chains by their first link."""
    columns = "statement_id, outlets, primary_sources, primary_source_names"
    expected = ask.sql(f"select {columns} from corroboration order by 1")
    found = ask.named("report_statements", statements=ids_of(ask))
    told = [{name: row[name] for name in columns.split(", ")} for row in found]
    assert sorted(told, key=lambda row: str(row["statement_id"])) == expected
    assert any(row["primary_sources"] > 1 for row in expected) or len(expected) < 6


def test_conflicts_are_those_of_the_view(ask: LedgerAsker) -> None:
    """Every pair that the view has of a statement, in the same words; those beyond are counted."""
    every = ask.sql("from conflicts")
    measures = ["districts", "fighters"]
    for chosen in ([name] for name in ids_of(ask)):
        expected = {
            (row["left_estimate_id"], row["right_estimate_id"], row["left_claimed"],
             row["right_speaker"], row["reading"])
            for row in every
            if {row["left_statement_id"], row["right_statement_id"]} & set(chosen)
        }  # fmt: skip
        rows = ask.named("report_conflicts", statements=chosen, measures=measures, most=10_000)
        found = {
            (row["left_estimate_id"], row["right_estimate_id"], row["left_claimed"],
             row["right_speaker"], row["reading"])
            for row in rows
        }  # fmt: skip
        assert found == expected
        assert {row["total"] for row in rows} <= {len(expected)}
    few = ask.named("report_conflicts", statements=ids_of(ask), measures=measures, most=3)
    assert len(few) == min(3, len(every))
    assert not few or few[0]["total"] == len(every)


def test_the_past_is_that_of_the_history(ask: LedgerAsker) -> None:
    """Every event about a statement and its parts, voids and voids of voids among them."""
    every = ask.sql("select subject, position from history")
    statements = {row["subject"] for row in every if row["subject"].startswith("statement/")}
    assert len(statements) > 2
    for statement in sorted(statements):
        name = statement.removeprefix("statement/")
        parts = ask.named("subjects_of_statements", statements=[name])
        subjects = [statement, *(row["subject"] for row in parts)]
        expected = {row["position"] for row in every if row["subject"] in subjects}
        found = ask.named("report_past", subjects=subjects)
        assert {row["position"] for row in found} == expected, statement
