"""A pinned moment gives the rows that every other connection gives, and goes when it is let go."""

import gc
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import EVERY_KIND, Command, histories
from test_time_travel import FEW, append_history, append_history_part, new_ledger

from ledger.api import Ledger
from projections.database import Database
from projections.digest import digests
from projections.pinned import Pinned

KEPT = ("claims_by_speaker", "denials", "estimates_over_time")


def check(database: Database, sizes: Sequence[int]) -> None:
    """Hold every view of pinned moments to the same views as of their sizes."""
    for size in sizes:
        database.set_as_of(size)
        wanted = database.digests()
        database.set_as_of(None)
        pinned = Pinned(database, size)
        assert digests(pinned.cursor()) == wanted, size
        pinned.keep(*KEPT)
        assert digests(pinned.cursor(), KEPT) == {name: wanted[name] for name in KEPT}


def check_history(beginning: Sequence[Command], rest: Sequence[Command], *sizes: int) -> None:
    """Compare with the rest in the tail, as of some sizes."""
    with TemporaryDirectory() as made, new_ledger(Path(made)) as ledger:
        append_history(ledger, beginning)
        ledger.views()
        append_history_part(ledger, rest)
        check(ledger.views(), [size % (ledger.size + 1) for size in sizes])


def test_a_pinned_moment_gives_what_as_of_gives() -> None:
    """With events in the view file and others in its tail."""
    half = len(EVERY_KIND) // 2
    check_history(EVERY_KIND[:half], EVERY_KIND[half:], 27)


@pytest.mark.slow
@given(histories, histories, st.integers(0, 200))
@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_a_pinned_moment_gives_what_as_of_gives_for_many_histories(
    beginning: list[Command], rest: list[Command], size: int
) -> None:
    """Whatever was recorded, revised, voided and judged, also at the head."""
    check_history(beginning, rest, size, -1)


def test_a_pinned_moment_stays_as_it_is(ledger: Ledger) -> None:
    """What comes later is not in it, though the connection that it was made on takes it in."""
    append_history(ledger, EVERY_KIND)
    database = ledger.views()
    pinned = Pinned(database, database.size)
    before = digests(pinned.cursor(), FEW)
    ledger.submit({"command": "register_speaker", "name": "Late", "kind": "person"})
    assert ledger.views() is database
    assert database.size > pinned.size
    assert digests(pinned.cursor(), FEW) == before
    assert pinned.sql("select count(*) as n from events") == [{"n": pinned.size}]


def test_many_threads_ask_at_once(ledger: Ledger) -> None:
    """Each on a cursor of its own; a table that several want is made once."""
    append_history(ledger, EVERY_KIND)
    pinned = Pinned(ledger.views(), ledger.size)
    found: list[object] = []

    def ask() -> None:
        pinned.keep(*KEPT)
        found.append(pinned.sql(f"from {pinned.kept('page_measures')}"))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(threads)
    assert found.count(found[0]) == len(threads)


def test_what_a_moment_held_is_gone_with_it(ledger: Ledger) -> None:
    """A server that pins a moment for every append keeps none of them."""
    database = ledger.views()
    held = "select count(*) from duckdb_databases() where starts_with(database_name, 'pinned')"
    for _ in range(3):
        pinned = Pinned(database, database.size)
        assert pinned.sql("select 1 as one") == [{"one": 1}]
    assert database.connection.execute(held).fetchall() == [(1,)]
    del pinned
    gc.collect()
    assert database.connection.execute(held).fetchall() == [(0,)]


def test_conflicts_of_one_measure_are_those_of_the_view(ledger: Ledger) -> None:
    """Asked of one measure, all is worked out for it alone, and gives the rows that all have."""
    append_history(ledger, EVERY_KIND)
    pinned = Pinned(ledger.views(), ledger.size)
    pairs = pinned.sql("from conflicts")
    assert pairs, "there is something to find"
    for measure in (row["measure_id"] for row in pinned.sql("select measure_id from measures")):
        found = pinned.sql("from conflicts where measure_id = $measure", measure=measure)
        assert found == [pair for pair in pairs if pair["measure_id"] == measure]


def test_measures_are_counted_as_the_view_of_conflicts_has_them(ledger: Ledger) -> None:
    """Those with most pairs come first; the counts are those of the whole view."""
    append_history(ledger, EVERY_KIND)
    pinned = Pinned(ledger.views(), ledger.size)
    pinned.kept("page_measures")
    pinned.kept("page_conflict_counts")
    found = [(row["measure_id"], row["pairs"]) for row in pinned.named("page_conflicting_measures")]
    wanted = pinned.sql("select measure_id, count(*) as pairs from conflicts group by measure_id")
    assert wanted, "there is something to count"
    assert [each for each in found if each[1]] == sorted(
        ((row["measure_id"], row["pairs"]) for row in wanted), key=lambda each: -each[1]
    )
