"""Looking things up: `show`, `history`, `log` and `search`."""

import json
from pathlib import Path

import pytest
from cli_tools import call, is_refusal, speakers, start
from ready_ledgers import demo_once

from ledger.api import Ledger


@pytest.fixture(scope="module")
def demo() -> Path:
    """The ledger of the seeds, which is only read."""
    return demo_once()


def test_a_thing_is_found_by_id_beginning_or_name(demo: Path) -> None:
    """Each of show and history takes an id, the beginning of one, a name, and <noun>/<id>."""
    for name in ("kabulov-2017-12-number", "statement/kabulov-2017-12-n", "kabulov-2017-12-num"):
        shown = call("show", name, ledger=demo)
        assert shown.text.startswith("statement kabulov-2017-12-number\n"), shown.err
        assert "»" in shown.text
        assert "more than 10,000" in shown.text
    assert call("show", "Zamir Kabulov", ledger=demo).text.startswith("speaker zamir-kabulov")
    whole = json.loads(call("show", "kabulov-2017-12-number", "--json", ledger=demo).out)
    assert [each["claimed"] for each in whole["estimates"]] == ["more than 10,000", "about 10,000"]
    unclear = call("show", "kabulov-2", ledger=demo)
    assert is_refusal(unclear, lines=2)
    assert "may mean" in unclear.err
    assert call("show", "no-such-thing", ledger=demo).code == 3


def test_history_and_log_show_what_was_recorded(ledger: Ledger) -> None:
    """A revision stands in the history with its reason, and in the log as the bytes on disk."""
    folder = ledger.log.folder
    ledger.submit(speakers(1))
    ledger.submit({"command": "revise_speaker", "speaker_id": "speaker-0", "name": "Name",
                   "reason": "misread"})  # fmt: skip

    past = json.loads(call("history", "speaker-0", "-f", "json", ledger=folder).out)
    lines = call("log", "--from", "1", "--limit", "1", ledger=folder)

    assert [each["position"] for each in past] == [1, 2]
    assert past[1]["reason"] == "misread"
    assert (
        lines.out
        == (folder / "log").glob("*.jsonl").__next__().read_bytes().split(b"\n")[1] + b"\n"
    )


@pytest.mark.parametrize("lines_passed", [0, 1_000_000])
@pytest.mark.parametrize("moment", [(), ("--as-of", "100")])
def test_a_history_is_that_of_the_view_however_its_lines_are_found(
    demo: Path, monkeypatch: pytest.MonkeyPatch, lines_passed: int, moment: tuple[str, ...]
) -> None:
    """Looked for one by one, as in a large log, or picked from all."""
    monkeypatch.setattr("ledger.cli.asking.LINES_PASSED", lines_passed)
    for subject in (
        "speaker/zamir-kabulov",
        "statement/kabulov-2017-12-number",
        "source/tca-2018-02",
    ):
        wanted = f"from history where subject = '{subject}' order by position"
        rows = json.loads(call("query", wanted, *moment, "-f", "json", ledger=demo).out)
        asked = call("history", subject, *moment, "-f", "json", ledger=demo)
        assert asked.code == (0 if rows else 3), asked.err
        assert not rows or json.loads(asked.out) == rows


def test_the_last_lines_of_the_log_are_the_last(demo: Path) -> None:
    """`log --limit 2` without --from ends with the last event, as `tail` does."""
    lines = call("log", "--limit", "2", ledger=demo).objects

    assert [int(line["sequence"]) for line in lines] == [174, 175]


def test_search_folds_case_and_accents(ledger: Ledger) -> None:
    """Words are found whatever their case and accents, in every script."""
    folder = ledger.log.folder
    names = ("François Müller", "Замир КАБУЛОВ", "علی رضایی", "İsmet Işık")
    ledger.submit([
        {"command": "register_speaker", "speaker_id": f"n-{at}", "kind": "person", "name": name}
        for at, name in enumerate(names)
    ])  # fmt: skip

    found = {
        words: [
            row["id"] for row in json.loads(call("search", words, "-f", "json", ledger=folder).out)
        ]
        for words in ("FRANCOIS", "muller", "кабулов", "رضایی", "ismet", "%", "_")
    }

    assert found == {
        "FRANCOIS": ["n-0"], "muller": ["n-0"], "кабулов": ["n-1"], "رضایی": ["n-2"],
        "ismet": ["n-3"], "%": [], "_": [],
    }  # fmt: skip


def test_the_log_is_followed(ledger: Ledger, tmp_path: Path) -> None:
    """`log --follow` prints a line that is appended later."""
    folder = ledger.log.folder
    with start("log", "--follow", ledger=folder) as child:
        assert child.stdout
        first = json.loads(child.stdout.readline())
        ledger.submit(speakers(1))
        later = json.loads(child.stdout.readline())
        child.terminate()

    assert (first["sequence"][-1], later["sequence"][-1]) == ("0", "1")
    assert later["data"]["name"] == "speaker 0"
