"""The frame of `claims import`: all or nothing, dry runs, faults with their place, races."""

import csv
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer
from cli_tools import (
    Outcome,
    arguments,
    call,
    claims,
    events,
    is_refusal,
    log_bytes,
    ndjson,
    speakers,
    start,
)

from ledger.api import Ledger
from ledger.cli.import_words import progress
from ledger.importers.rows import Item, Row
from ledger.importers.run import Manner, import_rows

BAD = {"command": "register_speaker", "speaker_id": "bad", "kind": "nobody", "name": "Bad"}
HEADER = "Speaker,Date,Claim,Fighters,Source\n"


def figures(path: Path, *rows: str) -> Path:
    """A table of claims."""
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")
    return path


def row_of(number: int, *, value: str = "3500", day: str = "2018-02-03") -> str:
    """A row of it, all different."""
    return f"Speaker {number % 7},{day},There are {number} of them in the hills.,{value},Herald"


def report_of(done: Outcome) -> Any:  # noqa: ANN401  JSON
    """What `--json` printed."""
    return json.loads(done.out)


# ── all or nothing ───────────────────────────────────────────────────────────────────────────


def test_a_sound_file_is_appended_as_one_batch_by_an_importer(folder: Path, tmp_path: Path) -> None:
    """Every event says that an importer wrote it, and all stand in one batch."""
    file = figures(tmp_path / "f.csv", *map(row_of, range(20)))

    done = call("import", "csv", "--actor", "eva", "--json", file, ledger=folder)

    assert done.code == 0, done.err
    report = report_of(done)
    assert (report["rows"], report["read"], report["refused"]) == (20, 20, [])
    assert report["made"] == {
        "speaker": 8, "source": 1, "measure": 1, "statement": 20, "report": 20, "estimate": 20,
    }  # fmt: skip
    written = events(folder)[1:]
    assert {(each["actor"], each["agent"]) for each in written} == {("eva", "importer")}
    assert len({each["batch"] for each in written}) == 1
    assert report["events"] == len(written) == report["size"] - 1


def test_a_row_that_is_refused_keeps_the_whole_file_out(folder: Path, tmp_path: Path) -> None:
    """One bad date in the middle: nothing is written, and its row and column are named."""
    rows = [row_of(at, day="2018-02-31" if at == 5 else "2018-02-03") for at in range(9)]
    file, before = figures(tmp_path / "f.csv", *rows), log_bytes(folder)

    done = call("import", "csv", file, ledger=folder)

    assert done.code == 3
    assert f"refused: {file}, row 7, column Date: " in done.err
    assert '"2018-02-31" is not in the calendar' in done.err
    assert "error: 1 of 9 rows cannot be recorded as it stands; nothing was written." in done.err
    assert "--skip-invalid" in done.error[-1]
    assert log_bytes(folder) == before


def test_all_faults_are_told_at_once(folder: Path, tmp_path: Path) -> None:
    """Faults of form and faults that only the ledger knows are told together, in their order."""
    names = [{"command": "revise_speaker", "speaker_id": "nobody", "name": "N", "reason": "r"}]
    file = ndjson(tmp_path / "c.ndjson", [*speakers(1), BAD, *names, *speakers(1, first=1)])

    done = call("import", "jsonl", "--json", file, ledger=folder)

    assert done.code == 3
    faults = report_of(done)["refused"]
    assert [(each["number"], each["column"]) for each in faults] == [(2, "kind"), (3, "speaker_id")]
    assert report_of(done)["read"] == 2
    assert len(events(folder)) == 1


def test_what_was_refused_leaves_nothing_behind_where_the_rest_is_imported(
    folder: Path, tmp_path: Path
) -> None:
    """--skip-invalid: no speaker, source or measure of a refused row, unless another shares it."""
    rows = [row_of(1), "Only Here,2018-02-31,Nothing of this row.,5,Nowhere", row_of(2)]
    rows.append("Speaker 1,2018-02-31,Nor of this one.,6,Herald")
    file = figures(tmp_path / "f.csv", *rows)

    done = call("import", "csv", "--skip-invalid", "--json", file, ledger=folder)

    assert done.code == 0, done.err
    report = report_of(done)
    assert (report["rows"], report["read"], len(report["refused"])) == (4, 2, 2)
    text = log_bytes(folder).decode()
    assert "Only Here" not in text
    assert "Nowhere" not in text
    assert report["made"]["speaker"] == 3


def test_a_row_that_the_ledger_refuses_leaves_nothing_behind(ledger: Ledger) -> None:
    """A row of several commands whose last is refused: the first are not written either."""
    first, second, third = speakers(3)
    void = {"command": "void_record", "position": 99, "reason": "there is none"}
    shared = [{"command": "register_speaker", "speaker_id": "s", "kind": "group", "name": "S"}]
    items: list[Item] = [
        Row(number=1, commands=[first]),
        Row(number=2, commands=[second, void], shared=shared, columns={"position": "Where"}),
        Row(number=3, commands=[third], shared=shared),
    ]

    report = import_rows(ledger, items, Manner(skip_invalid=True))

    assert [(fault.number, fault.column) for fault in report.refused] == [(2, "Where")]
    found = ledger.query("select speaker_id from speakers order by 1").fetchall()
    assert found == [("s",), ("speaker-0",), ("speaker-2",)]


def test_an_event_that_no_line_holds_is_its_rows_fault(folder: Path, tmp_path: Path) -> None:
    """A claim of 70,000 characters is refused with its row, and the rest is importable."""
    rows = [row_of(1), row_of(2).replace("hills", "h" * 70_000), row_of(3)]
    file = figures(tmp_path / "f.csv", *rows)

    done = call("import", "csv", "--skip-invalid", "--json", file, ledger=folder)

    assert done.code == 0, done.err
    assert [each["number"] for each in report_of(done)["refused"]] == [3]
    assert "65,535" in report_of(done)["refused"][0]["what"]
    assert report_of(done)["made"]["statement"] == 2


# ── dry runs, repeats, files ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("bad", [False, True])
def test_a_dry_run_tells_what_comes_of_it(folder: Path, tmp_path: Path, *, bad: bool) -> None:
    """It writes nothing, and counts the events that the import then appends."""
    rows = [row_of(at) for at in range(8)]
    if bad:  # the first row with Speaker 0 is refused, others share him
        rows[0] = row_of(0, day="2018-13-01")
        rows.append(row_of(7))
    file, before = figures(tmp_path / "f.csv", *rows), log_bytes(folder)
    words: list[str | Path] = ["import", "csv", "--skip-invalid", "--json", file]

    tried = report_of(call(*words, "--dry-run", ledger=folder))
    assert log_bytes(folder) == before
    done = report_of(call(*words, ledger=folder))

    again = report_of(call(*words, "--dry-run", ledger=folder))

    assert tried["dry_run"]
    names = ("rows", "read", "refused", "events", "made")
    assert [tried[name] for name in names] == [done[name] for name in names]
    assert tried["unchanged"] == bad  # what rows share is no command that stood; a repeated row is
    assert (again["events"], again["unchanged"]) == (0, done["read"])


def test_what_is_changed_is_counted_as_such(folder: Path, tmp_path: Path) -> None:
    """A revision, a void, a judgement makes no new thing; an assessment is one of its own."""
    statement: dict[str, Any] = {
        "command": "record_statement", "statement_id": "s", "speaker_id": "speaker-0",
        "said_at": "2018", "proposition": "It rains.",
        "reports": [{"source_id": "s", "quote": "It rains."}],
    }  # fmt: skip
    source = {"command": "cite_source", "source_id": "s", "title": "T"}
    changes: list[dict[str, Any]] = [
        {"command": "revise_speaker", "speaker_id": "speaker-0", "name": "N", "reason": "r"},
        {"command": "assess_statement", "statement_id": "s", "assessor": "Desk",
         "information_credibility": 2},
        {"command": "judge_speakers", "left": "speaker-0", "right": "speaker-1",
         "judgement": "same", "reason": "r"},
        {"command": "void_record", "position": 2, "reason": "r"},
    ]  # fmt: skip
    file = ndjson(tmp_path / "c.ndjson", [*speakers(2), source, statement, *changes])

    done = call("import", "jsonl", "--dry-run", file, ledger=folder)
    report = report_of(call("import", "jsonl", "--json", file, ledger=folder))

    made = {"speaker": 2, "source": 1, "statement": 1, "report": 1, "revision": 1, "assessment": 1,
            "judgement": 1, "void": 1}  # fmt: skip
    assert report["made"] == made
    assert "1 report, 1 revision, 1 assessment, 1 judgement, 1 void)" in done.err


def test_a_log_in_the_place_of_commands_is_refused_once(folder: Path, tmp_path: Path) -> None:
    """Not line by line: what `claims export jsonl` wrote are events."""
    file = tmp_path / "log.jsonl"
    file.write_bytes(log_bytes(folder) * 3)

    done = call("import", "jsonl", file, ledger=folder)

    assert is_refusal(done)
    assert "The lines are events" in done.error[0]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_a_stop_in_a_query_is_a_stop(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    """DuckDB tells Ctrl-C in an error of its own; other errors of that kind stay bugs."""
    with pytest.raises(typer.Exit) as ended, progress():
        raise error
    assert ended.value.exit_code == 130
    assert capsys.readouterr().err.startswith("Stopped. ")
    with pytest.raises(RuntimeError, match="else"), progress():
        raise RuntimeError("something else")


def test_the_same_way_out_is_told_once(folder: Path, tmp_path: Path) -> None:
    """And nothing is said to be new or old where nothing was tried."""
    file = figures(tmp_path / "f.csv", *(row_of(at, day="2018-02-31") for at in range(3)))

    done = call("import", "csv", file, ledger=folder)

    assert done.err.count("     do: ") == 1
    assert "\n3 rows: 0 read, 3 refused.\n" in done.err


def test_who_stops_an_import_hears_that_it_goes_on(folder: Path, tmp_path: Path) -> None:
    """Ctrl-C while rows are read: nothing of them is there, and the log is sound."""
    pipe = tmp_path / "commands"
    os.mkfifo(pipe)
    with start("import", "jsonl", pipe, ledger=folder) as child, pipe.open("wb", 0) as rows:
        rows.write(b'{"command":"register_speaker","kind":"person","name":"A"}\n' * 2_000)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)

    assert (child.returncode, out) == (130, b"")
    assert err == b"Stopped. Import the same again, and it goes on from there.\n"
    assert len(events(folder)) == 1


def test_a_dry_run_that_refuses_says_so(folder: Path, tmp_path: Path) -> None:
    """It ends as the import would end, with the code of refused input."""
    file = figures(tmp_path / "f.csv", row_of(1, day="2018-02-31"), row_of(2))

    done = call("import", "csv", "--dry-run", file, ledger=folder)

    assert done.code == 3
    assert "would be appended" in done.err
    assert "row 2, column Date" in done.err


def test_a_second_import_writes_nothing(folder: Path, tmp_path: Path) -> None:
    """The same file again leaves every byte of the log as it is, and says how much stood."""
    file = figures(tmp_path / "f.csv", *map(row_of, range(30)))
    assert call("import", "csv", file, ledger=folder).code == 0
    before = log_bytes(folder)

    again = call("import", "csv", file, ledger=folder)

    assert again.code == 0, again.err
    assert log_bytes(folder) == before
    assert "30 rows: 30 read, 0 refused. Nothing new: 30 commands stood already." in again.err


def test_a_grown_file_adds_only_what_is_new(folder: Path, tmp_path: Path) -> None:
    """Rows that were added, and others that moved, are told apart."""
    file = figures(tmp_path / "f.csv", *map(row_of, range(5)))
    assert call("import", "csv", file, ledger=folder).code == 0
    figures(file, *map(row_of, [9, 4, 3, 2, 1, 0]))

    again = report_of(call("import", "csv", "--json", file, ledger=folder))

    assert (again["unchanged"], again["made"]["statement"]) == (5, 1)


def test_a_mended_file_is_imported_from_its_start(folder: Path, tmp_path: Path) -> None:
    """What --skip-invalid left out comes in once it is mended; nothing is doubled."""
    rows = [row_of(at, value="1,2,3" if at == 4 else "7") for at in range(6)]
    file = figures(tmp_path / "f.csv", *rows)
    file.write_text(file.read_text().replace("1,2,3", '"1,2,3"'))
    first = report_of(call("import", "csv", "--skip-invalid", "--json", file, ledger=folder))
    file.write_text(file.read_text().replace('"1,2,3"', "123"))

    second = report_of(call("import", "csv", "--json", file, ledger=folder))

    assert [len(each["refused"]) for each in (first, second)] == [1, 0]
    assert second["made"] == {"speaker": 1, "statement": 1, "report": 1, "estimate": 1}


def test_refused_rows_are_listed_in_a_file(folder: Path, tmp_path: Path) -> None:
    """--refused has every one of them, where the terminal shows the first twenty."""
    rows = [row_of(at, day="2018-02-30") for at in range(30)]
    file, listed = figures(tmp_path / "f.csv", *rows), tmp_path / "refused.csv"

    done = call("import", "csv", "--refused", listed, file, ledger=folder)

    assert done.code == 3
    assert done.err.count("refused: ") == 20
    assert "… and 10 further rows" in done.err
    with listed.open(newline="") as opened:
        found = list(csv.DictReader(opened))
    assert [int(each["row"]) for each in found] == list(range(2, 32))
    assert {each["column"] for each in found} == {"Date"}


def test_the_mapping_is_shown_saved_and_used(folder: Path, tmp_path: Path) -> None:
    """What was guessed is shown; what --save-mapping wrote gives the same import, and is quiet."""
    file, mapping = figures(tmp_path / "f.csv", *map(row_of, range(3))), tmp_path / "m.yaml"

    saved = call("import", "csv", "--save-mapping", mapping, file, ledger=folder)
    shown = call("import", "csv", "--dry-run", file, ledger=folder)
    used = call("import", "csv", "--mapping", mapping, "--dry-run", file, ledger=folder)

    assert saved.code == 0, saved.err
    assert len(events(folder)) == 1
    assert all(f"  {line}" in shown.err for line in mapping.read_text().splitlines())
    assert shown.error[-1] == used.error[-1]
    assert "mapping" not in used.err


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("columns: [", "not YAML"),
        ("- a\n", "no keys"),
        ("columns: {speaker: A, proposition: B}\nspeeker: x\n", "speeker is not a field"),
        ("columns: {speakr: A}\n", "speakr is not a field"),
        ("columns: {speaker: {column: A, constant: B}, quote: C}\n", "a column or a constant"),
        ("columns: {speaker: A}\n", "what is claimed"),
        ("columns: {speaker: A, quote: C, value: D}\n", "A number of what?"),
    ],
)
def test_a_mapping_that_is_wrong_is_refused(
    folder: Path, tmp_path: Path, mapping: str, said: str
) -> None:
    """The file and the key are named, in three lines."""
    file, path = figures(tmp_path / "f.csv", row_of(1)), tmp_path / "m.yaml"
    path.write_text(mapping)

    done = call("import", "csv", "--mapping", path, file, ledger=folder)

    assert done.code == 3
    assert said in done.err
    assert str(path) in done.err
    assert len(done.error) <= 3


def test_a_format_and_a_file_that_are_not_there(folder: Path, tmp_path: Path) -> None:
    """Both are told in a sentence."""
    assert call("import", "excel", "x", ledger=folder).code == 2
    done = call("import", "jsonl", tmp_path / "none", ledger=folder)
    assert done.code == 3
    assert "no such file" in done.err


def test_several_files_are_one_import(folder: Path, tmp_path: Path) -> None:
    """A fault in the second keeps out the first; rows are told with their file."""
    first = figures(tmp_path / "a.csv", row_of(1))
    second = figures(tmp_path / "b.csv", row_of(2), row_of(3, day="2018-02-31"))

    done = call("import", "csv", first, second, ledger=folder)

    assert done.code == 3
    assert f"{second}, row 3, column Date" in done.err
    assert len(events(folder)) == 1


def test_help_loads_no_library_of_a_format() -> None:
    """`claims import --help` is quick: it loads neither openpyxl nor pydantic."""
    done = claims("import", "--help", env={"PYTHONPROFILEIMPORTTIME": "1"})

    assert done.code == 0
    assert not any(name in done.err for name in ("openpyxl", "pydantic", "duckdb", "lxml"))


# ── races ────────────────────────────────────────────────────────────────────────────────────


def test_two_processes_import_the_same_rows_at_once(folder: Path, tmp_path: Path) -> None:
    """Nothing is lost and nothing is doubled, whoever comes first."""
    files = [
        figures(tmp_path / "a.csv", *map(row_of, range(200))),
        figures(tmp_path / "b.csv", *map(row_of, range(100, 300))),
    ]
    children = [
        subprocess.Popen(
            arguments(["import", "csv", "--json", file], folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for file in files
    ]
    told = [child.communicate(timeout=120) for child in children]

    assert [child.returncode for child in children] == [0, 0], told
    reports = [json.loads(out) for out, _ in told]
    assert sum(each["made"].get("statement", 0) for each in reports) == 300
    # What both found missing and made, such as a speaker, stood for the second.
    assert 100 <= sum(each["unchanged"] for each in reports) <= 110
    assert sum(each["events"] for each in reports) == len(events(folder)) - 1
    assert call("verify", "--log-only", ledger=folder).code == 0
