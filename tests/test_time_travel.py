"""Time travel, replay, rebuild and catch-up give the same rows, whatever was recorded."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import BEGINNING, EVERY_KIND, REFUSED, Command, histories

from ledger.api import Ledger
from ledger.errors import ClaimsError, Place
from ledger.given import prepare
from projections import catalog
from projections.build import rebuild
from projections.database import Database
from projections.stamp import view_file

Rows = dict[str, list[tuple[Any, ...]]]

_numbers = itertools.count(1_000_000)  # those below are ids of commands in `append_history`


def append_history(ledger: Ledger, history: Sequence[Command]) -> int:
    """Append each command that is accepted as a batch of its own; gives how many were."""
    accepted = 0
    with ledger.session() as session:
        for number, raw in enumerate((*BEGINNING, *history)):
            command = raw | {"command_id": f"{number}"}
            try:
                session.submit([prepare(command, Place(), Path())])
                accepted += 1
            except ClaimsError:
                continue
    return accepted


ALL = sorted(view.name for view in catalog.views())

# Planning a view takes far longer than its few rows; these are made of nearly everything.
FEW = ("claims_by_speaker", "denials", "estimates_over_time", "history", "voids")


def all_rows(database: Database, names: Sequence[str]) -> Rows:
    """The rows of views, in the same order every time."""
    return {
        name: sorted(database.connection.execute(f"from {name}").fetchall(), key=repr)
        for name in names
    }


def assert_equal(left: Rows, right: Rows) -> None:
    """Compare view by view, so that a difference names its view."""
    for name in left:
        assert left[name] == right[name], name


thorough = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def test_a_history_of_every_kind_is_accepted(ledger: Ledger) -> None:
    """The one history of the fast tests has rows in the views, and what is refused is refused."""
    assert append_history(ledger, EVERY_KIND + REFUSED) == len(BEGINNING + EVERY_KIND)
    views = ledger.views()
    asked = " union all ".join(f"(select '{name}' from {name} limit 1)" for name in FEW)
    assert {name for (name,) in views.connection.execute(asked).fetchall()} == set(FEW)


@pytest.mark.parametrize("size", [23, 31])
@pytest.mark.sampled(2)
def test_as_of_equals_a_replay(size: int) -> None:
    """A view as of a size or a time has the rows of a real replay to that size."""
    compare_as_of_with_replay(EVERY_KIND, size, FEW)


@pytest.mark.slow
@thorough
@given(history=histories, size=st.integers(0, 40))
def test_as_of_equals_a_replay_for_many_histories(history: list[Command], size: int) -> None:
    """Every view as of a size or a time has the rows of a real replay, for many histories."""
    compare_as_of_with_replay(history, size, ALL)


def compare_as_of_with_replay(history: Sequence[Command], size: int, names: Sequence[str]) -> None:
    """Travel to a size of a history's ledger, and replay to it."""
    with TemporaryDirectory() as made, new_ledger(Path(made)) as ledger:
        append_history(ledger, history)
        live = ledger.views()
        size = min(size, ledger.size)
        live.set_as_of(size)
        travelled = all_rows(live, names)
        with ledger.replay(size) as replayed:
            assert_equal(travelled, all_rows(replayed, names))
        if size:
            live.set_as_of(list(ledger.events())[size - 1].time)
            assert live.size_as_of() == last_of_that_time(ledger, size)


def last_of_that_time(ledger: Ledger, size: int) -> int:
    """The largest size whose last event has the time of the event before `size`."""
    times = [event.time for event in ledger.events()]
    return max(at for at, time in enumerate(times, 1) if time <= times[size - 1])


def test_a_rebuild_equals_catching_up_in_steps() -> None:
    """Views that caught up in steps of any size, a rebuild and another one have the same rows."""
    compare_rebuild_with_catching_up(EVERY_KIND, [1, 9, 4], FEW)


@pytest.mark.slow
@thorough
@given(history=histories, steps=st.lists(st.integers(1, 9), max_size=4))
def test_a_rebuild_equals_catching_up_for_many_histories(
    history: list[Command], steps: list[int]
) -> None:
    """All views that caught up in steps, a rebuild and another one agree, for many histories."""
    compare_rebuild_with_catching_up(history, steps, ALL)


def compare_rebuild_with_catching_up(
    history: Sequence[Command], steps: list[int], names: Sequence[str]
) -> None:
    """Let views catch up step by step, then rebuild them twice."""
    with TemporaryDirectory() as made, new_ledger(Path(made)) as ledger:
        live = ledger.views()
        rest = list(history)
        for step in (*steps, len(rest)):
            append_history_part(ledger, rest[:step])
            rest = rest[step:]
            ledger.log.refresh()
            live.catch_up()
        caught_up = all_rows(live, names)
        for _ in range(2):
            rebuild(ledger.log)
            with Database.open(ledger.log) as built:
                assert built.built.size == ledger.size
                assert_equal(caught_up, all_rows(built, names))


def append_history_part(ledger: Ledger, part: Sequence[Command]) -> None:
    """Append a part of a history as commands that differ from all others."""
    with ledger.session() as session:
        for raw in (*BEGINNING, *part):
            command = raw | {"command_id": f"{next(_numbers)}"}
            try:
                session.submit([prepare(command, Place(), Path())])
            except ClaimsError:
                continue


def test_one_batch_is_decided_as_single_commands_are() -> None:
    """What commands become does not depend on how they were put into batches."""
    compare_batch_with_single_commands(EVERY_KIND)


@pytest.mark.slow
@thorough
@given(history=histories)
def test_one_batch_is_decided_as_single_commands_are_for_many_histories(
    history: list[Command],
) -> None:
    """What commands become does not depend on their batches, tried on many histories."""
    compare_batch_with_single_commands(history)


def compare_batch_with_single_commands(history: Sequence[Command]) -> None:
    """Submit what is accepted of a history once more, as one batch in another ledger."""
    with TemporaryDirectory() as made, new_ledger(Path(made), "one") as one:
        accepted = accepted_alone(one, history)
        with new_ledger(Path(made), "all") as together:
            with together.session() as session:
                batch = [prepare(raw, Place(), Path()) for raw in accepted]
                receipt = session.submit(batch)
            assert receipt.unchanged == 0
            assert data_of(one) == data_of(together)


def accepted_alone(ledger: Ledger, history: Sequence[Command]) -> list[Command]:
    """Append commands one by one, each in a session of its own; gives those that made an event."""
    accepted: list[Command] = []
    for number, raw in enumerate((*BEGINNING, *history)):
        command = raw | {"command_id": f"{number}"}
        try:
            if ledger.submit(command).unchanged == 0:
                accepted.append(command)
        except ClaimsError:
            continue
    return accepted


def data_of(ledger: Ledger) -> list[Any]:
    """What the events say, after the first, which holds the key."""
    return [(event.type, event.subject, event.key, event.data) for event in ledger.events(1)]


def new_ledger(folder: Path, name: str = "ledger") -> Ledger:
    """A ledger with a key of its own."""
    return Ledger.create(folder / name, origin=f"example.org/{next(_numbers)}/{name}", actor="ana")


def test_the_view_file_speaks_for_itself(ledger: Ledger) -> None:
    """Another DuckDB program sees the signed part of the log, and can travel in time."""
    append_history(ledger, [])
    ledger.log.refresh()
    rebuild(ledger.log)
    with duckdb.connect(str(view_file(ledger.log.folder)), read_only=True) as other:
        assert other.execute("select count(*) from events").fetchall() == [(ledger.size,)]
        assert other.execute("select claimed from militant_estimates").fetchall() == [
            ("more than 10,000",)
        ]
        other.execute("set variable as_of = 2")
        assert other.execute("select speaker_id from speakers").fetchall() == [("zamir",)]
