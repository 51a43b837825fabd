"""What is kept between submits decides as the views themselves do, whoever else appends."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redaction_tools import SOURCE, erase, tell
from strategies import BEGINNING, EVERY_KIND, REFUSED, Command, histories
from test_time_travel import new_ledger, thorough

from ledger import desk
from ledger.api import Ledger
from ledger.bulk.standing import names_of
from ledger.decide import Decision
from ledger.errors import ClaimsError, Damaged, Place, Refused, UsageFault
from ledger.given import Given, prepare
from projections import database, names
from projections.database import Database
from projections.names import Names

SPEAKER: Command = {"command": "register_speaker", "kind": "person", "name": "Ana Berg"}


def given_of(raw: Command) -> Given:
    """A command that is checked."""
    return prepare(dict(raw), Place(), Path())


def planned(ledger: Ledger, batch: Sequence[Given]) -> list[Decision] | str:
    """What the views alone say would become of a batch, or why it is refused."""
    try:
        return ledger.plan(batch)
    except ClaimsError as error:
        return str(error)


def appended(ledger: Ledger, batch: Sequence[Given]) -> list[Decision] | str:
    """What became of a batch, told like `planned`."""
    try:
        receipt = ledger.append(batch)
    except ClaimsError as error:
        return str(error)
    assert len(batch) == 1, "the events of several commands are not told apart"
    if receipt.first is None:
        return [Decision((), receipt.made[0], receipt.positions[0])]
    made = ledger.events(receipt.first, receipt.size)
    drafts = tuple(
        desk_draft(each.data, each.subject, each.actor, each.agent, each.key) for each in made
    )
    return [Decision(drafts, receipt.made[0])]


def desk_draft(data: Any, subject: str, actor: str, agent: Any, key: str | None) -> Any:  # noqa: ANN401  as an event has them
    """The draft that an event was."""
    from events.record import Draft

    return Draft(data=data, subject=subject, actor=actor, agent=agent, key=key)


def compare_with_views(history: list[Command], turns: list[bool], merge_at: int) -> None:
    """Let two that keep their desks append in turns, each command held against the views."""
    with (
        TemporaryDirectory() as made,
        new_ledger(Path(made)) as one,
        Ledger.open(one.log.folder, actor="ben") as other,
        patch.object(database, "MERGE_AT", merge_at),
        patch.object(names, "FOLD_SHARE", 0),
        patch.object(names, "FOLD_ROWS", 2 * merge_at),
        patch.object(names, "MANY", 4),
    ):
        for number, raw in enumerate((*BEGINNING, *history)):
            ledger = one if turns[number % len(turns)] else other
            batch = [given_of(raw)]
            expected = planned(ledger, batch)
            assert appended(ledger, batch) == expected, raw
            ledger.log.refresh()
        check_names(one)


def check_names(ledger: Ledger) -> None:
    """Every name of the events that the view file has is found there, by either way of asking."""
    with Database.open_file(ledger.log) as views:
        truth: dict[str, list[int]] = {}
        for event in ledger.events(0, views.size):
            for name in names_of(event.data, event.key):
                truth.setdefault(name, []).append(event.position)
        index, asked = Names(views.connection), [*truth, "statement/none"]
        singly = {name: set(index.positions([name]).get(name, ())) for name in asked}
        assert all(singly[name] >= set(positions) for name, positions in truth.items())
        assert not singly["statement/none"]
        at_once = index.positions(asked)
        assert {name: set(at_once.get(name, ())) for name in asked} == singly


def test_it_decides_as_the_views_do() -> None:
    """Each command becomes what the views alone would make of it, or is refused as they would."""
    compare_with_views([*EVERY_KIND, *REFUSED], [True, False, False], 7)


@pytest.mark.slow
def test_a_revised_report_is_found_by_its_statement() -> None:
    """The names of a revision of a report stand in the view file as they do outside of it."""
    revision = {"command": "revise_report", "report_id": "r1", "reason": "misread"}
    again = [{**revision, "note": f"look {number}"} for number in range(4)]
    compare_with_views([*again], [True], 2)


@pytest.mark.slow
@thorough
@given(history=histories, turns=st.lists(st.booleans(), min_size=1), merge_at=st.integers(2, 40))
def test_it_decides_as_the_views_do_for_many_histories(
    history: list[Command], turns: list[bool], merge_at: int
) -> None:
    """The same, tried on many histories."""
    compare_with_views(history, turns, merge_at)


def test_what_was_refused_is_not_known(ledger: Ledger) -> None:
    """A batch that is refused at its second command leaves nothing of its first."""
    first = SPEAKER | {"speaker_id": "ana-berg"}
    with pytest.raises(Refused):
        ledger.submit([first, {"command": "void_record", "position": 99, "reason": "x"}])
    assert ledger.submit(first).unchanged == 0
    assert ledger.submit(first).unchanged == 1


def test_the_views_stay_open_between_submits(ledger: Ledger) -> None:
    """A second submit opens no view file; closing the ledger lets go of it."""
    ledger.submit(SPEAKER | {"speaker_id": "a"})
    with patch.object(desk, "open_view_file", side_effect=AssertionError("opened again")):
        ledger.submit(SPEAKER | {"speaker_id": "b"})
        ledger.close()
        with pytest.raises(AssertionError, match="opened again"):
            ledger.submit(SPEAKER | {"speaker_id": "c"})


def test_what_another_erased_is_not_taken_for_there(tmp_path: Path) -> None:
    """An id that was erased by another program since is refused."""
    with tell(tmp_path) as ledger, Ledger.open(ledger.log.folder, actor="ben") as other:
        report = {"command": "add_report", "statement_id": "denial", "quote": "Xenia Quill"}
        ledger.submit(report | {"source_id": "quill-source"})
        erase(other, SOURCE)
        with pytest.raises(ClaimsError, match="quill-source"):
            ledger.submit(report | {"source_id": "quill-source", "report_id": "again"})


def test_an_earlier_state_put_back_is_not_taken_for_the_log(tmp_path: Path) -> None:
    """After a backup was put back, what was recorded since is not known any more."""
    with new_ledger(tmp_path) as ledger:
        ledger.submit(SPEAKER | {"speaker_id": "early"})
        shutil.copytree(ledger.log.folder, tmp_path / "backup")
        ledger.submit([SPEAKER | {"speaker_id": f"late-{number}"} for number in range(3)])
        shutil.rmtree(ledger.log.folder)
        shutil.copytree(tmp_path / "backup", ledger.log.folder)
        receipt = ledger.submit(SPEAKER | {"speaker_id": "late-1"}, accept_restored="a disk died")
        assert receipt.unchanged == 0
        again = ledger.submit([SPEAKER | {"speaker_id": f"late-{number}"} for number in range(3)])
        assert again.unchanged == 1


def test_a_ledger_that_is_gone_is_named(ledger: Ledger) -> None:
    """A folder that was taken away meanwhile is told of, not written to."""
    ledger.submit(SPEAKER | {"speaker_id": "a"})
    shutil.rmtree(ledger.log.folder)
    with pytest.raises((UsageFault, Damaged)):
        ledger.submit(SPEAKER | {"speaker_id": "b"})
    assert not ledger.log.folder.exists()
