"""A redaction that is killed anywhere either never happened or is finished by the next writer."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from log_tools import PROJECT
from redaction_tools import (
    OF_STATEMENT,
    RELATION,
    SOURCE,
    cells_with,
    erase,
    files_with,
    tell,
    told_once,
)

from events.codec import decode_event
from events.vocabulary import RecordRedacted, Redacted
from ledger.api import Ledger
from ledger.erase import MARKER
from ledger.log import Log
from ledger.verify import verify_ledger
from ledger.writer import Writer

MOST = 40  # changes on disk that a redaction makes, and more
TARGETS = (SOURCE, *OF_STATEMENT[:1], RELATION, *OF_STATEMENT[1:])


def killed(copies: Path, numbers: Iterable[int]) -> dict[int, str]:
    """Redact in copies of a ledger, killed before the n-th change; gives at what, or `done`."""
    done = subprocess.run(
        [sys.executable, str(PROJECT / "tests" / "redaction_child.py"), str(told_once()),
         str(copies), *map(str, numbers)],
        capture_output=True, text=True, check=True, timeout=300,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    told = (line.split(" ", 2) for line in done.stdout.splitlines())
    return {int(number): rest[-1] for number, *rest in told}


def erased_positions(log: Log) -> list[int]:
    """The positions of tombstones."""
    events = map(decode_event, log.lines())
    return [event.position for event in events if isinstance(event.data, Redacted)]


def is_ordered(log: Log) -> bool:
    """Whether the log has an event that orders an erasure."""
    return any(isinstance(decode_event(line).data, RecordRedacted) for line in log.lines())


def check_after_kill(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Read, take up and redact again what a kill left; tells whether the order was recorded."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    place = folder / "ledger"
    before = Log.open(told_once() / "ledger")
    log = Log.open(place)
    ordered = is_ordered(log)
    assert log.root_at(before.size) == before.root_at(before.size)
    with Ledger.open(place, actor="ana") as ledger:
        found = ledger.query("select statement_id from statements order by 1").fetchall()
        assert found == [("denial",)] if ordered else [("denial",), ("quill-said",)]
    with Writer.open(place, actor="ana"):
        pass
    assert not (place / MARKER).exists()
    log = Log.open(place)
    assert is_ordered(log) == ordered
    assert erased_positions(log) == (sorted(TARGETS) if ordered else [])
    if ordered:
        assert files_with(place) == []
    with Ledger.open(place, actor="ana") as ledger:
        again = erase(ledger, *TARGETS, documents=["quill-source"] if not ordered else [])
        assert (again.first is None) == ordered
        assert ledger.query("select statement_id from statements").fetchall() == [("denial",)]
    assert files_with(place) == []
    assert cells_with(place) == []
    verified = verify_ledger(place)
    assert verified.findings == ()
    assert verified.redactions == len(TARGETS)
    return ordered


def check_kills(
    copies: Path, numbers: Iterable[int], monkeypatch: pytest.MonkeyPatch
) -> dict[int, str]:
    """Kill before each of some changes; once it is recorded, it is at every later one."""
    at = killed(copies, numbers)
    outcomes = [check_after_kill(copies / str(number), monkeypatch) for number in sorted(at)]
    assert outcomes == sorted(outcomes)
    assert outcomes[0] is False
    assert outcomes[-1] is True
    return at


def test_a_redaction_that_is_killed_is_finished_or_never_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before some of the changes that it makes on disk."""
    check_kills(tmp_path, (5, 19), monkeypatch)


@pytest.mark.slow
def test_a_redaction_that_is_killed_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before each of the changes that it makes on disk."""
    at = check_kills(tmp_path, range(1, MOST), monkeypatch)
    assert at[MOST - 1] == "done"
    steps = ("rename ledger/redacting", "rename ledger/log/", "ledger/documents", "ledger.duckdb",
             "0-1.torn", "remove ledger/redacting")  # fmt: skip
    for step in steps:
        assert any(step in what for what in at.values()), step


def test_a_marker_without_an_order_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the order was recorded: the next writer says that nothing was erased."""
    with tell(tmp_path) as ledger:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        marker = ledger.log.folder / MARKER
        marker.write_bytes(b'{"first":15,"positions":[7],"documents":[]}\n')
        with Writer.open(ledger.log.folder, actor="ana") as writer:
            assert writer.notices == [
                "A redaction was interrupted before it was recorded; nothing was erased."
            ]
        assert not marker.exists()
        assert erased_positions(Log.open(ledger.log.folder)) == []


def test_a_garbled_marker_erases_only_what_was_ordered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the marker says, the signed log alone says what is erased."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with tell(tmp_path) as ledger:
        erase(ledger, RELATION)
        (ledger.log.folder / MARKER).write_bytes(b'{"first":0,"positions":[7,8,')
        with Writer.open(ledger.log.folder, actor="ana") as writer:
            assert "0 lines and 0 documents" in writer.notices[0]
        assert erased_positions(Log.open(ledger.log.folder)) == [RELATION]
