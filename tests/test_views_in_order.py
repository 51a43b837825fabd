"""A large ledger gives `estimates_over_time` as it lies in the view file, in its order."""

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from strategies import BEGINNING, EVERY_KIND, Command
from test_time_travel import append_history_part

from ledger.api import Ledger
from ledger.audits.views import check_views
from ledger.findings import Findings
from projections.at_once import at_once
from projections.build import read_stamp, rebuild
from projections.database import Database
from projections.fingerprint import fingerprint_file
from projections.stamp import view_file

# More than two row groups, so that DuckDB's threads share them.
MANY = 400_000

COUNTED: Command = {
    "command": "record_statement", "statement_id": "s4", "speaker_id": "zamir", "said_at": "2019",
    "proposition": "three",
    "reports": [{"report_id": "r5", "source_id": "rtvi", "quote": "one"}],
    "estimates": [{"estimate_id": "e5", "measure_id": "fighters", "value": "12",
                   "reference_period": "2014"}],
}  # fmt: skip
SPOKEN = {key: value for key, value in COUNTED.items() if key != "estimates"}


@pytest.fixture
def beforehand() -> Sequence[Command]:
    """Commands of every kind."""
    return (*BEGINNING, *EVERY_KIND)


@pytest.fixture
def large(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A ledger whose view file keeps answers whole, as that of a large one does."""
    monkeypatch.setattr("projections.kept.WHOLE_FROM", 1)
    rebuild(ledger.log)
    return ledger


def change(ledger: Ledger, sql: str) -> None:
    """Change rows of the view file as another program could, and mend its hash."""
    path = view_file(ledger.log.folder)
    changed = path.with_name("changed")
    shutil.copyfile(path, changed)  # the ledger itself has the file open
    with duckdb.connect(str(changed)) as connection:
        connection.execute(sql)
    changed.replace(path)
    line = f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
    fingerprint_file(path).write_text(line)


@pytest.mark.parametrize(
    ("command", "in_order"),
    [
        (SPOKEN, True),
        (COUNTED, False),
        ({"command": "register_speaker", "speaker_id": "x", "name": "X", "kind": "person"}, True),
        ({"command": "cite_source", "source_id": "x", "title": "X"}, True),
        ({"command": "assess_statement", "statement_id": "s2", "assessor": "one"}, True),
        ({"command": "revise_measure", "measure_id": "fighters", "label": "two",
          "reason": "misread"}, False),
        ({"command": "revise_speaker", "speaker_id": "karzai", "name": "three",
          "reason": "misread"}, False),
        ({"command": "revise_estimate", "estimate_id": "e1", "value": "3600",
          "reason": "misread"}, False),
        ({"command": "void_record", "position": 9, "reason": "misread"}, False),
    ],
    ids=lambda given: str(given.get("command")) if isinstance(given, dict) else "",
)  # fmt: skip
@pytest.mark.sampled(3)
def test_rows_are_read_as_they_lie_until_a_tail_may_change_them(
    large: Ledger, command: Command, *, in_order: bool
) -> None:
    """What is read as it lies has the rows, and the order, of what is worked out."""
    append_history_part(large, [command])
    views = large.views()
    assert views.size > views.built.size
    assert views.connection.execute("select in_order()").fetchall() == [(in_order,)]
    found = views.connection.execute("from estimates_over_time").fetchall()
    assert found
    views.set_as_of(views.size)
    assert views.connection.execute("select in_order()").fetchall() == [(False,)]
    assert views.connection.execute("from estimates_over_time").fetchall() == found


def test_many_rows_come_in_their_order_whoever_takes_them(large: Ledger, tmp_path: Path) -> None:
    """DuckDB's threads read a table at once, and still give its rows as they lie."""
    wanted = [(position,) for position in range(1_000, 1_000 + MANY)]
    change(large, "delete from facts.dated; insert into facts.dated (position)"
                  f" select 1000 + range from range({MANY})")  # fmt: skip
    table, file = tmp_path / "made.duckdb", tmp_path / "made.csv"
    with Database(large.log, read_stamp(view_file(large.log.folder))) as views:
        ask = views.connection.execute
        assert ask("select position from estimates_over_time").fetchall() == wanted
        ask(f"attach '{table}' as made")
        ask("create table made.main.rows as select position from estimates_over_time")
        ask(f"copy (select position from estimates_over_time) to '{file}' (header false)")
        assert ask("from made.main.rows").fetchall() == wanted
        assert (
            ask("select position from estimates_over_time where position % 2 = 0").fetchall()
            == (wanted[::2])
        )
    assert [(int(line),) for line in file.read_text().split()] == wanted


def test_rows_that_lie_out_of_their_order_are_found(large: Ledger) -> None:
    """They are all there, so their order alone tells; nothing else is found wrong."""
    change(large, "create table other as from facts.dated order by position desc;"
                  " delete from facts.dated; insert into facts.dated from other;"
                  " drop table other")  # fmt: skip
    told = audit(large)
    assert len(told) == 1
    assert "the order of the rows of the table facts.dated" in told[0]


def audit(ledger: Ledger) -> list[str]:
    """What an audit finds wrong with the views of a ledger."""
    findings = Findings(ledger.log.folder, strict=False)
    check_views(ledger.log, findings)
    return [str(finding) for finding in findings.wrong]


# ── two jobs at once ─────────────────────────────────────────────────────────────────────────


ENDLESS = "select count(*) from range(100000000000) as a where hash(a.range) = 0"


def test_two_jobs_work_on_one_database() -> None:
    """Each on a connection of its own; both are done when this returns."""
    with duckdb.connect() as connection:
        at_once(
            connection,
            lambda cursor: cursor.execute("create table one as select 1"),
            lambda cursor: cursor.execute("create table two as select 2"),
        )
        assert connection.execute("from one, two").fetchall() == [(1, 2)]


@pytest.mark.parametrize("which", [0, 1])
def test_a_job_that_fails_breaks_the_other_one_off(which: int) -> None:
    """Whichever it is, nobody waits for the one that would never end."""
    jobs = [ENDLESS, ENDLESS]
    jobs[which] = "from no_such_table"
    with duckdb.connect() as connection, pytest.raises(duckdb.Error):
        at_once(connection, *(lambda cursor, sql=sql: cursor.execute(sql) for sql in jobs))
