"""`claims diff`: what changed between two moments, in which event, by whom and why."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cli_tools import Outcome, call, is_refusal
from test_views import BASE, statement

from ledger.api import Ledger
from projections import catalog

Command = dict[str, Any]

REVISED: Command = {
    "command": "revise_statement", "statement_id": "more", "said_at": "2017-11",
    "reason": "misread",
}  # fmt: skip


def diff(ledger: Ledger, start: object, stop: object, *words: str) -> Outcome:
    """Run `claims diff` from one moment to another."""
    return call(
        "diff", "--from", str(start), "--to", str(stop), *words, ledger=ledger.log.folder
    )  # fmt: skip


def changes(ledger: Ledger, start: int, stop: int, *words: str) -> list[tuple[Any, ...]]:
    """Each change in short: its view, key, kind, position and reason."""
    return [
        (each["view"], each["key"], each["change"], each["position"], each["reason"])
        for each in diff(ledger, start, stop, "--format", "jsonl", *words).objects
    ]


@pytest.fixture
def beforehand() -> Sequence[Command]:
    """Every ledger here begins with BASE."""
    return BASE


@pytest.fixture
def worked(ledger: Ledger) -> Ledger:
    """A ledger whose last position is 14."""
    return ledger


def test_a_revision_is_exactly_one_change(worked: Ledger) -> None:
    """A revision is one row: what it changed, at which position, by whom and why."""
    worked.submit(REVISED | {"actor": "ben"})
    found = diff(worked, 15, 16, "--format", "jsonl")
    assert found.code == 1
    (row,) = found.objects
    assert row.pop("recorded_at")
    assert row == {
        "view": "statements", "key": "more", "change": "changed",
        "what": "said_at: 2017-12 → 2017-11",
        "fields": [{"field": "said_at", "old": "2017-12", "new": "2017-11"}],
        "position": 15, "type": "claims.statement.revised.v1", "actor": "ben", "reason": "misread",
    }  # fmt: skip
    shown = diff(worked, 15, 16)
    assert "said_at: 2017-12 → 2017-11" in shown.text
    assert shown.error[-1] == "1 change between size 15 and size 16."


def test_nothing_changed(worked: Ledger) -> None:
    """When nothing changed the exit code is 0, also after something was done and undone."""
    assert diff(worked, 15, 15, "--json").text == "[]\n"
    worked.submit({"command": "void_record", "position": 1, "reason": "nobody"})
    worked.submit({"command": "void_record", "position": 15, "reason": "somebody"})
    found = diff(worked, 15, 17)
    assert (found.code, found.out) == (0, b"")


@pytest.mark.slow
def test_a_void_and_its_void_are_named_for_all_that_they_hide(worked: Ledger) -> None:
    """What hangs on a void thing goes by the void, and comes by the void of the void."""
    worked.submit({"command": "void_record", "position": 1, "reason": "nobody"})
    worked.submit({"command": "void_record", "position": 15, "reason": "somebody"})
    hidden = [
        ("estimates", "e-more"), ("reports", "again"), ("reports", "r-more"),
        ("speakers", "kabulov"), ("statements", "more"),
    ]  # fmt: skip
    assert changes(worked, 15, 16) == [(*each, "removed", 15, "nobody") for each in hidden]
    assert changes(worked, 16, 17) == [(*each, "added", 16, "somebody") for each in hidden]


def test_the_first_void_that_lasts_removed_it(worked: Ledger) -> None:
    """Of several voids the one counts that hid the row first and still does."""
    for position in (11, 15, 1, 6):  # the statement, that void, its speaker, its source
        worked.submit({"command": "void_record", "position": position, "reason": f"no {position}"})
    found = changes(worked, 15, 19)
    assert ("statements", "more", "removed", 17, "no 1") in found
    assert ("reports", "r-more", "removed", 17, "no 1") in found


def test_a_void_of_a_part_is_named_for_the_part_alone(worked: Ledger) -> None:
    """A voided estimate is removed by its void; what else the event made is not touched."""
    worked.submit(
        {"command": "void_record", "position": 11, "part": "estimate/e-more", "reason": "twice"}
    )
    worked.submit({"command": "void_record", "position": 6, "reason": "no source"})
    assert changes(worked, 15, 17) == [
        ("estimates", "e-more", "removed", 15, "twice"),
        ("reports", "r-more", "removed", 16, "no source"),
        ("sources", "one", "removed", 16, "no source"),
    ]


@pytest.mark.slow
def test_a_voided_revision_changes_it_back(worked: Ledger) -> None:
    """A form comes back by the void of the form that replaced it, and goes by the void of that."""
    worked.submit(REVISED)
    worked.submit({"command": "void_record", "position": 15, "reason": "it was right"})
    worked.submit({"command": "void_record", "position": 16, "reason": "it was not"})
    assert changes(worked, 16, 17) == [("statements", "more", "changed", 16, "it was right")]
    assert changes(worked, 17, 18) == [("statements", "more", "changed", 17, "it was not")]
    assert changes(worked, 16, 18) == []


@pytest.mark.slow
def test_a_judgement_and_another_one(worked: Ledger) -> None:
    """A second judgement on a pair is a change of the first, whoever stands left."""
    judge: Command = {"command": "judge_speakers", "left": "z-kabulov", "right": "kabulov"}
    worked.submit(judge | {"judgement": "same", "reason": "one name"})
    worked.submit({"command": "judge_speakers", "left": "kabulov", "right": "z-kabulov",
                   "judgement": "different", "reason": "two men"})  # fmt: skip
    worked.submit({"command": "void_record", "position": 16, "reason": "one man"})
    pair = ("judgements", "kabulov z-kabulov")
    assert changes(worked, 15, 16) == [(*pair, "added", 15, "one name")]
    assert changes(worked, 16, 17) == [(*pair, "changed", 16, "two men")]
    assert changes(worked, 17, 18) == [(*pair, "changed", 17, "one man")]
    by_speaker = changes(worked, 15, 18, "--view", "claims_by_speaker")
    assert [each[1:4] for each in by_speaker] == [
        ("kabulov", "changed", 17), ("z-kabulov", "removed", 17),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("start", "stop"), [(15, 20), (0, 15), (0, 20)])
def test_every_view_can_be_compared(worked: Ledger, start: int, stop: int) -> None:
    """Any view can be asked, no row comes twice, and each change has its event."""
    worked.submit([
        statement("denial", "karzai", "two", within="more"),
        {"command": "relate_statements", "from": "denial", "to": "more", "relation": "denies"},
        {"command": "assess_statement", "statement_id": "more", "assessor": "Desk"},
        {"command": "void_record", "position": 14, "reason": "not told"},
        {"command": "revise_source", "source_id": "one", "publisher_id": "rtvi", "reason": "no"},
    ])  # fmt: skip
    every = [word for view in catalog.views() for word in ("--view", view.name)]
    found = changes(worked, start, stop, *every)
    assert found
    assert len({each[:2] for each in found}) == len(found)
    assert [each for each in found if each[3] is None or not start <= each[3] < stop] == []


def test_a_time_says_its_size_and_a_later_start_is_refused(worked: Ledger) -> None:
    """A time stands for a size, which is said; what lies the wrong way round is refused."""
    found = diff(worked, "2000-01-01", 15, "--view", "measures")
    assert found.error[0] == "At 2000-01-01 the ledger held 0 events."
    assert [line.split()[1] for line in found.text.splitlines()[1:]] == ["fighters", "killed"]
    assert is_refusal(diff(worked, 15, 14), 2)
    assert is_refusal(diff(worked, 0, 99), 3)
    assert is_refusal(diff(worked, 0, 1, "--view", "measure"), 2, lines=2)


def test_to_is_now_unless_told(worked: Ledger, tmp_path: Path) -> None:
    """Without --to the ledger is compared as it is now; a file takes the rows."""
    path = tmp_path / "changes.csv"
    found = call("diff", "--from", "14", "--format", "csv", "--output", path,
                 ledger=worked.log.folder)  # fmt: skip
    assert (found.code, found.out) == (1, b"")
    assert path.read_text().splitlines()[1].startswith("reports,again,added,")
