"""What a view file keeps of views, and what a tail adds to it, is what the views give."""

from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import pytest
from test_views import BASE, source, speaker, statement
from test_views_worked import add_report, judge, relate, revise, void

from ledger.api import Ledger
from projections import kept
from projections.build import rebuild
from projections.database import Database
from projections.stamp import view_file

Command = dict[str, Any]
Ask = Callable[..., list[tuple[Any, ...]]]

LATER: tuple[Command, ...] = (  # from position 15 on; each hangs on what was recorded before
    revise("statement", "more", speaker_id="karzai"),                          # 15
    add_report("third", "fewer", "one", "fewer, once more"),                   # 16
    revise("report", "again", source_id="one"),                                # 17
    {"command": "add_estimate", "estimate_id": "e-later", "statement_id": "old",
     "report_id": "r-old", "measure_id": "killed", "value": "12"},             # 18
    revise("estimate", "e-more", value="> 9000"),                              # 19
    relate("fewer", "more", "denies"),                                         # 20
    relate("fewer", "old", "repeats"),                                         # 21: hangs on none
    statement("new", "rtvi", "three"),                                         # 22: the same
    revise("statement", "new", said_at="2019"),                                # 23
    revise("statement", "more", said_at="2016"),                               # 24
    void(24),                                                                  # 25
    void(7),                                                                   # 26: a source
    judge("z-kabulov", "kabulov", "same"),                                     # 27
    void(11, "report/r-more"),                                                 # 28: no whole event
)  # fmt: skip

HANGS = [
    (14, 11), (15, 11), (16, 12), (17, 11), (18, 13), (19, 11), (20, 11), (23, 22), (24, 11),
]  # fmt: skip
VOIDED = [(7, "source/two")]


@pytest.fixture
def beforehand() -> Sequence[Command]:
    """All ledgers here begin with BASE."""
    return BASE


def kept_rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """What is kept, as views read it: from the file and beside the tail."""
    return {
        "hangs": database.connection.execute("from forms.hangs order by all").fetchall(),
        "voided": database.connection.sql(
            "from query_table(voided_table()) order by all"
        ).fetchall(),
    }


def view_rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """What the views give that read all."""
    return {
        name: database.connection.execute(f"from forms.{name}_ever order by all").fetchall()
        for name in kept.TABLES
    }


def test_a_tail_and_a_rebuild_keep_what_the_views_give(ledger: Ledger) -> None:
    """After every single event the views find what reading everything would find."""
    assert ledger.views().built.size == len(BASE) + 1
    for command in LATER:
        ledger.submit(command)
        assert kept_rows(ledger.views()) == view_rows(ledger.views())
    wanted = {"hangs": HANGS, "voided": VOIDED}
    assert kept_rows(ledger.views()) == wanted
    ledger.log.refresh()
    rebuild(ledger.log)
    with Database.open(ledger.log) as built:
        assert not built.tail_tables
        assert kept_rows(built) == view_rows(built) == wanted


@pytest.mark.parametrize("few", [1_000, 0], ids=["the lines alone", "whole segments"])
def test_a_merge_keeps_what_a_rebuild_keeps(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """A file that took in its tail twice holds each event once."""
    monkeypatch.setattr("projections.database.MERGE_AT", 1)
    monkeypatch.setattr("projections.build.FEW", few)
    for part in (LATER[:9], LATER[9:]):
        ledger.submit(list(part))
        ledger.log.refresh()
        with Database.open(ledger.log) as merged:
            assert merged.built.size == ledger.size
            assert not merged.tail_tables
            assert kept_rows(merged) == view_rows(merged)
    assert kept_rows(ledger.views()) == {"hangs": HANGS, "voided": VOIDED}


def test_the_file_alone_keeps_them(ledger: Ledger) -> None:
    """Another DuckDB program finds them in the file."""
    ledger.submit(list(LATER))
    ledger.log.refresh()
    rebuild(ledger.log)
    with duckdb.connect(str(view_file(ledger.log.folder)), read_only=True) as other:
        assert other.execute("from facts.hangs order by all").fetchall() == HANGS
        assert other.execute("from facts.voided").fetchall() == VOIDED
        assert other.execute("from nothing.later").fetchall() == []


def test_speakers_whom_nobody_judged_stay_apart(ledger: Ledger, rows: Ask) -> None:
    """Speakers are counted by a number of their own, also where none was judged."""
    ledger.submit([
        speaker("rumor"), speaker("x"), source("four", "rtvi", "2020"),
        statement("a", "rumor", "four"), statement("b", "x", "four"),
    ])  # fmt: skip
    ask = "select speaker_id, statements, reports, sources from claims_by_speaker order by all"
    assert rows(ask) == [
        ("kabulov", 1, 2, 2), ("karzai", 1, 1, 1), ("rumor", 1, 1, 1), ("x", 1, 1, 1),
        ("z-kabulov", 1, 1, 1),
    ]  # fmt: skip


def test_a_statement_revised_twice_counts_once(ledger: Ledger, rows: Ask) -> None:
    """The latest form that is not void stands for the statement, at every size."""
    ledger.submit(list(LATER))
    ask = "select speaker_id, said_at from statements where statement_id = 'more'"
    assert [rows(ask, size) for size in (15, 16, 25, 26)] == [
        [("kabulov", "2017-12")], [("karzai", "2017-12")], [("karzai", "2016")],
        [("karzai", "2017-12")],
    ]  # fmt: skip
    found = "select estimate_id, speaker_id from estimates_over_time order by all"
    assert rows(found, 26) == [
        ("e-fewer", "karzai"), ("e-later", "z-kabulov"), ("e-more", "karzai"),
        ("e-old", "z-kabulov"),
    ]  # fmt: skip
    assert rows(found) == [("e-later", "z-kabulov"), ("e-old", "z-kabulov")]
