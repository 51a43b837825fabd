"""What is kept of statements as they were recorded gives what joining everything by ids gives.

The plain definitions of the views that read the kept tables lie in `plain_views/`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import EVERY_KIND, Command, histories
from test_time_travel import append_history, append_history_part, new_ledger

from ledger.api import Ledger
from projections.build import rebuild
from projections.catalog import read_definition
from projections.database import Database
from projections.kept import RECORDED, TOUCHED, WHOLE

Rows = list[tuple[Any, ...]]

PLAIN = {path.stem: path for path in (Path(__file__).parent / "plain_views").glob("*.sql")}


def rows_of(database: Database, name: str) -> tuple[Rows, Rows]:
    """A view's rows in their order, and those of its plain definition."""
    plain = read_definition(PLAIN[name]).select
    ask = database.connection.sql
    return ask(f"from {name}").fetchall(), ask(plain).fetchall()


@pytest.fixture(autouse=True, scope="module")
def large() -> Iterator[None]:
    """What tells of all events at once is kept, as it is in a large ledger."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.kept.WHOLE_FROM", 1)
        yield


def compare(database: Database, sizes: Sequence[int]) -> None:
    """Hold each view to its plain definition as of some sizes, and now."""
    for size in (*sizes, None):
        database.set_as_of(size)
        for name in sorted(PLAIN):
            found, wanted = rows_of(database, name)
            assert found == wanted, f"{name} as of {size}"
    database.set_as_of(None)


def check_history(beginning: Sequence[Command], rest: Sequence[Command], size: int) -> None:
    """Compare with the rest in the tail, then merged into the file, then in a file built anew."""
    with TemporaryDirectory() as made, new_ledger(Path(made)) as ledger:
        append_history(ledger, beginning)
        rebuild_all(ledger)
        append_history_part(ledger, rest)
        sizes = [size % (ledger.size + 1)]
        compare(ledger.views(), sizes)
        for merge_at in (1, None):
            with pytest.MonkeyPatch.context() as patch:
                if merge_at:
                    patch.setattr("projections.database.MERGE_AT", merge_at)
                else:
                    rebuild_all(ledger)
                ledger.log.refresh()
                with Database.open(ledger.log) as file:
                    assert not file.tail_tables
                    assert recorded(file, "facts.{}") == recorded(file, "forms.{}_ever")
                    check_whole(file)
                    compare(file, sizes)


def rebuild_all(ledger: Ledger) -> None:
    """Build the view file of all that was signed."""
    ledger.log.refresh()
    rebuild(ledger.log)


def recorded(database: Database, which: str) -> dict[str, Rows]:
    """The rows of the kept tables, or of the views that they keep."""
    return {
        name: database.connection.sql(f"from {which.format(name)} order by all").fetchall()
        for name in (*RECORDED, *TOUCHED)
    }


def check_whole(file: Database) -> None:
    """Hold what is kept whole to what is worked out where a moment is named; nothing is doubted."""
    ask = file.connection.sql
    if ask("from facts.totals").fetchall():
        assert ask("from forms.changed_speakers").fetchall() == []
        assert ask("from forms.unsettled").fetchall() == []
    for name, select in WHOLE.items():
        kept = ask(f"from facts.{name} order by all").fetchall()
        file.set_as_of(file.size)
        assert kept == ask(f"from ({select}) order by all").fetchall()
        file.set_as_of(None)


# A tail that reaches far makes everything be worked out anew; of others only some of it is. A new
# name makes all numbers be worked out anew, since they are kept with names.
FAR = {"void_record", "judge_speakers", "revise_source"}
NAMES = {"revise_speaker", "revise_measure"}
NEAR: tuple[Command, ...] = (
    *(each for each in EVERY_KIND[14:] if each["command"] not in FAR),
    {"command": "record_statement", "statement_id": "s4", "speaker_id": "zamir",
     "alternatives": ["karzai"], "said_at": "2019", "proposition": "three",
     "reports": [{"report_id": "r5", "source_id": "rtvi", "quote": "one",
                  "attributed_to": "envoy"}],
     "estimates": [{"estimate_id": "e5", "measure_id": "fighters", "value": "12",
                    "reference_period": "2016"}]},
    {"command": "add_report", "statement_id": "s2", "report_id": "r6", "source_id": "tass",
     "quote": "two"},
    {"command": "revise_statement", "statement_id": "s3", "speaker_id": "zamir",
     "reason": "misread"},
    {"command": "revise_report", "report_id": "r6", "source_id": "rtvi", "alternatives": ["nato"],
     "reason": "misread"},
)  # fmt: skip


def test_every_kind_of_command_counts_as_by_ids() -> None:
    """A part of a history lies in the file, the rest comes later."""
    check_history(EVERY_KIND[:14], EVERY_KIND[14:], size=30)


@pytest.mark.parametrize("names", [NAMES, set()], ids=["names", "no names"])
def test_a_tail_that_reaches_near_counts_as_by_ids(names: set[str]) -> None:
    """What is kept whole stands for some, and others are worked out anew."""
    near = [command for command in NEAR if names or command["command"] not in NAMES]
    check_history(EVERY_KIND[:14], near, size=24)


def test_a_denial_counts_again_when_somebody_is_found_to_have_said_it() -> None:
    """Who is denied appears in no event of the tail."""
    nobody = {"command": "void_record", "position": 2, "reason": "misread"}
    again = {"command": "revise_statement", "statement_id": "s2", "speaker_id": "nato",
             "reason": "misread"}  # fmt: skip
    check_history([*EVERY_KIND[:6], nobody], [again], size=15)


@pytest.mark.parametrize(
    ("command", "changed", "unsettled"),
    [
        ({"command": "define_measure", "measure_id": "more", "label": "More"}, set(), set()),
        (
            {"command": "add_report", "statement_id": "s2", "report_id": "r6",
             "source_id": "tass", "quote": "two"},
            {"karzai", "zamir"}, {"s2"},  # s2 denies what zamir said
        ),
        (
            {"command": "relate_statements", "from": "s2", "to": "s3", "relation": "denies"},
            {"nato"}, {"s3"},
        ),
        (
            {"command": "void_record", "position": 16, "reason": "misread"},
            {"zamir", "karzai", "nato"}, {"s1", "s3"},
        ),
    ],
    ids=lambda given: given["command"] if isinstance(given, dict) else "",
)  # fmt: skip
def test_only_what_a_tail_changes_is_worked_out_anew(
    tmp_path: Path, command: Command, changed: set[str], unsettled: set[str]
) -> None:
    """Of the others the file tells."""
    with new_ledger(tmp_path) as ledger:
        append_history(ledger, EVERY_KIND[:14])
        rebuild_all(ledger)
        append_history_part(ledger, [command])
        ask = ledger.views().connection.sql
        speakers = ask("from forms.changed_speakers").fetchall()
        statements = ask("select statement_id from statements semi join forms.unsettled"
                         " using (position)").fetchall()  # fmt: skip
        assert {speaker for (speaker,) in speakers} == changed
        assert {statement for (statement,) in statements} == unsettled


@pytest.mark.slow
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    beginning=histories, rest=histories, size=st.integers(0, 60),
    far=st.sampled_from([FAR, FAR | NAMES]),
)  # fmt: skip
def test_many_tails_that_reach_near_count_as_by_ids(
    beginning: list[Command], rest: list[Command], size: int, far: set[str]
) -> None:
    """The same, for many histories."""
    near = [command for command in rest if command["command"] not in far]
    check_history(beginning, near, size)


@pytest.mark.slow
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(beginning=histories, rest=histories, size=st.integers(0, 60))
def test_many_histories_count_as_by_ids(
    beginning: list[Command], rest: list[Command], size: int
) -> None:
    """The same, for many histories."""
    check_history(beginning, rest, size)
