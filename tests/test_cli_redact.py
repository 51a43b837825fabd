"""`claims redact` and `claims show POSITION`, as a person or a script gives them."""

import json
import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_tools import Outcome, arguments, call, claims, is_refusal
from log_tools import snapshot
from redaction_tools import OF_STATEMENT, RELATION, SOURCE, STATEMENT, tell

from ledger.api import Ledger

ORDER = ("--authority", "Court order 12/2026", "--reason", "A private home")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A ledger with a statement that has to go."""
    with tell(tmp_path) as ledger:
        yield ledger.log.folder


def redact(folder: Path, *words: str) -> Outcome:
    """Run `claims redact`."""
    return call("redact", *words, ledger=folder)


def test_a_dry_run_shows_the_plan_and_changes_nothing(folder: Path) -> None:
    """What is erased, what stays though it names it, and what is out of reach."""
    before = snapshot(folder / "log")
    done = redact(folder, "statement/quill-said", "--dry-run")
    assert done.code == 0
    shown = done.text.splitlines()
    assert [line.split()[1] for line in shown if line.startswith("erase ")] == [
        str(position) for position in OF_STATEMENT
    ]
    assert [line.split()[2] for line in shown if line.startswith("not erased")] == [str(RELATION)]
    assert "6 events and 0 documents would be erased. Nothing was." in done.err
    assert "backups" in done.err
    assert snapshot(folder / "log") == before


def test_a_plan_for_programs(folder: Path) -> None:
    """--dry-run --json gives the plan whole."""
    (plan,) = redact(folder, "source/quill-source", "12", "--dry-run", "--json").objects
    assert [each["position"] for each in plan["erase"]] == [SOURCE, 12]
    assert plan["reviving"] == [12]
    assert (plan["documents"], len(plan["documents_kept"])) == ([], 1)
    assert [each["position"] for each in plan["naming"]] == [7, 10]


def test_an_erasure_and_its_repetition(folder: Path) -> None:
    """The receipt says what was erased; a second time nothing is."""
    words = ("statement/quill-said", "source/quill-source", "--documents", *ORDER, "--yes")
    (receipt,) = redact(folder, *words, "--json").objects
    assert receipt["erased"] == [SOURCE, *OF_STATEMENT]
    assert len(receipt["documents"]) == 1
    assert receipt["first"] == receipt["last"] == receipt["size"] - 1
    again = redact(folder, *words)
    assert again.code == 0
    assert "erased already" in again.err
    (unchanged,) = redact(folder, *words, "--json").objects
    assert (unchanged["first"], unchanged["size"]) == (None, receipt["size"])


def test_what_is_left_of_an_event_is_shown(folder: Path) -> None:
    """`claims show POSITION` says on whose authority and why an event was erased."""
    assert redact(folder, str(STATEMENT), *ORDER, "--yes", "--actor", "ana").code == 0
    shown = call("show", str(STATEMENT), ledger=folder).text
    for words in ("authority: Court order 12/2026", "reason: A private home", "by ana"):
        assert words in shown
    (line,) = call("show", str(STATEMENT), "--json", ledger=folder).objects
    assert set(line["data"]) == {"redacted_by", "leaf_hash"}
    assert "Nobody lives there." in call("show", "8", ledger=folder).text
    assert is_refusal(call("show", "99", ledger=folder))


@pytest.mark.parametrize(
    ("words", "code", "lines"),
    [
        ((), 2, 2),
        (("statement/quill-said", *ORDER), 2, 2),
        (("statement/quill-said", "--yes"), 2, 2),
        (("quill", *ORDER, "--yes"), 3, 2),
        (("quill-s", "--dry-run"), 3, 2),
        (("officia", *ORDER, "--yes"), 2, 2),
        (("nothing", *ORDER, "--yes"), 3, 2),
        (("statement/nothing", *ORDER, "--yes"), 3, 3),
        (("0", *ORDER, "--yes"), 3, 3),
        (("99", *ORDER, "--yes"), 3, 3),
        (("report/denied", *ORDER, "--yes"), 3, 3),
        (("statement/denial", "--document", "other-source", *ORDER, "--yes"), 3, 3),
        (("statement/denial", *ORDER, "--yes", "--expect-size", "3"), 4, 2),
    ],
)
def test_what_is_refused_is_refused_in_words(
    folder: Path, words: tuple[str, ...], code: int, lines: int
) -> None:
    """A refusal has its exit code and three short lines at most, and nothing is erased."""
    before = snapshot(folder / "log")
    done = redact(folder, *words)
    assert done.code == code, done.err
    assert len(done.error) == lines, done.err
    assert sum(line.startswith(("error: ", "   at: ", "   do: ")) for line in done.error) <= 3
    assert snapshot(folder / "log") == before


def answered(folder: Path, answer: bytes, *words: str) -> tuple[int, str]:
    """Run `claims redact` on a terminal and give one answer."""
    ours, theirs = pty.openpty()
    os.write(ours, answer)
    with subprocess.Popen(
        arguments(("redact", *words), folder), stdin=theirs, stderr=theirs, stdout=subprocess.PIPE
    ) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                said += os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
        code = process.wait(timeout=60)
    os.close(ours)
    return code, said.decode()


def test_a_person_is_shown_the_plan_and_asked(folder: Path) -> None:
    """Only `y` erases; anything else leaves all as it was."""
    before = snapshot(folder / "log")
    code, said = answered(folder, b"n\n", "quill-said", *ORDER)
    assert code == 130
    assert "statement/quill-said" in said
    assert "cannot be undone" in said
    assert snapshot(folder / "log") == before
    code, said = answered(folder, b"y\n", "quill-said", *ORDER)
    assert code == 0, said
    assert "Erased 6 events" in said


def test_no_program_orders_an_erasure_among_its_commands(folder: Path) -> None:
    """There is no such command among those of `claims append`."""
    command = {"command": "redact_record", "position": 7, "reason": "x"}
    done = claims("append", ledger=folder, stdin=json.dumps(command).encode())
    assert is_refusal(done)


def test_the_api_does_the_same(folder: Path) -> None:
    """`Ledger.redact` is the same thing in code."""
    with Ledger.open(folder, actor="ana") as ledger:
        done = ledger.redact(
            "statement/quill-said", authority="court", reason="order", note="sealed"
        )
        assert done.erased == OF_STATEMENT
        assert ledger.query("select note from redactions limit 1").fetchall() == [("sealed",)]
