"""Names are asked for while the ledger is taken up: what is found, what another did meanwhile."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from strategies import BEGINNING, Command
from test_sure import SURE

from ledger.api import Ledger
from ledger.errors import ClaimsError
from ledger.names_ahead import NamesAhead
from ledger.writer import Writer
from projections.build import rebuild
from projections.names import Names

NAMES = ["statement/s1", "speaker/new", "measure/shells", "source/late", "report/none"]
STATEMENT = SURE[3]


@pytest.fixture
def rebuilt(ledger: Ledger) -> Ledger:
    """A ledger whose view file holds all that it has, and which keeps what it appended with."""
    ledger.submit([*BEGINNING, *SURE[:3]])
    build(ledger)
    ledger.close()
    ledger.submit({"command": "register_speaker", "kind": "person", "name": "Somebody"})
    return ledger


def build(ledger: Ledger) -> None:
    """Build the view file anew."""
    ledger.log.refresh()
    rebuild(ledger.log)


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something once, after names were asked for and before the writer's lock is taken."""
    usual, acts = Writer.open, [act]

    def first(*words: Any, **options: Any) -> Writer:  # noqa: ANN401  as they came
        if acts:
            acts.pop()()
        return usual(*words, **options)

    monkeypatch.setattr(Writer, "open", first)


@pytest.mark.parametrize("ahead", [[], NAMES[:1], NAMES[2:], NAMES, ["speaker/else"]])
def test_what_was_asked_ahead_is_what_is_there(rebuilt: Ledger, ahead: list[str]) -> None:
    """All names are found once, whether they were asked for before, in part, or not."""
    views = rebuilt.views()
    names = NamesAhead(views)
    expected = Names(views.connection).positions(NAMES)
    assert len(expected) == len(NAMES) - 1

    names.begin(["statement/s1"])  # and nobody fetches it
    names.begin(ahead)

    assert names.positions(NAMES) == expected
    assert names.positions(NAMES) == expected
    names.close()


@pytest.mark.parametrize("raw", [SURE[3], SURE[4] | {"statement_id": "s1", "source_id": "late"}])
def test_what_another_recorded_meanwhile_is_there(
    rebuilt: Ledger, monkeypatch: pytest.MonkeyPatch, raw: Command
) -> None:
    """The same command of two at once is recorded once."""
    with Ledger.open(rebuilt.log.folder, actor=rebuilt.recorder.actor) as other:
        meanwhile(monkeypatch, lambda: other.submit(raw))
        receipt = rebuilt.submit(raw)

    assert receipt.unchanged == 1
    assert receipt.first is None


def test_what_another_made_void_meanwhile_is_refused(
    rebuilt: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that stood when its name was asked for stands no more."""
    [(position,)] = rebuilt.query(
        "select position from sources where source_id = 'late'"
    ).fetchall()
    void = {"command": "void_record", "position": position, "reason": "a mistake"}
    with Ledger.open(rebuilt.log.folder, actor="ben") as other:
        meanwhile(monkeypatch, lambda: other.submit(void))
        with pytest.raises(ClaimsError, match="late"):
            rebuilt.submit(STATEMENT)


def test_a_view_file_that_was_built_anew_meanwhile_changes_nothing(
    rebuilt: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked goes on with the file that was there; a later merge begins anew."""
    with Ledger.open(rebuilt.log.folder, actor="ben") as other:
        meanwhile(monkeypatch, lambda: build(other))
        assert rebuilt.submit(STATEMENT).unchanged == 0
    monkeypatch.setattr("projections.database.MERGE_AT", 1)
    assert rebuilt.submit(SURE[4]).unchanged == 0
    assert rebuilt.verify().findings == ()


def test_no_thread_is_left(rebuilt: Ledger) -> None:
    """Closing a ledger ends what it began, also where nobody waited for it."""
    rebuilt.submit(STATEMENT)
    kept = rebuilt.desk()
    assert kept is not None
    kept.names.begin(NAMES)
    assert any(thread.name.startswith("names-ahead") for thread in threading.enumerate())

    rebuilt.close()

    assert not any(thread.name.startswith("names-ahead") for thread in threading.enumerate())
