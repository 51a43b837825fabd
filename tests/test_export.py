"""Exports as tables: right, whole, harmless, and read by the tools made for them."""

import asyncio
import csv
import io
import json
import sqlite3
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from cli_tools import arguments, call, claims, is_refusal, log_bytes, speakers
from examples import examples
from export_tools import (
    COMMANDS,
    RUN_ME,
    export,
    has_nothing_else,
    imported,
    new_ledger,
    said,
)
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyarrow import parquet

from events.formulas import FORMULA_SIGNS
from ledger.api import Ledger
from ledger.importers.tables_cells import as_meant
from projections import catalog, exports

USUAL = sorted(exports.USUAL)


@pytest.fixture
def beforehand() -> Sequence[dict[str, Any]]:
    """A bit of everything."""
    return COMMANDS


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder to export to."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def root_of(ledger: Ledger, size: int | None = None) -> str:
    """The root hash, in hex."""
    return ledger.log.root_at(ledger.size if size is None else size).hex()


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, read with Python's own module."""
    return list(csv.DictReader(io.StringIO(path.read_text(), newline="")))


# ── the log itself ───────────────────────────────────────────────────────────────────────────


def test_the_log_leaves_byte_for_byte(ledger: Ledger, out: Path) -> None:
    """All of it, from a position, and as of a size."""
    whole = log_bytes(ledger.log.folder)
    export(ledger, "jsonl", "-o", out / "log.jsonl")
    assert (out / "log.jsonl").read_bytes() == whole
    about = json.loads((out / "log.jsonl.meta.json").read_bytes())
    assert (about["origin"], about["root"]) == ("example.org/test", root_of(ledger))
    assert about["lines"] == about["size"] == ledger.size

    part = call("export", "jsonl", "--from", "2", "--as-of", "5", ledger=ledger.log.folder)
    assert part.out == b"".join(whole.splitlines(keepends=True)[2:5])
    assert f"at 5 events, root {root_of(ledger, 5)}" in part.err
    assert is_refusal(call("export", "jsonl", "--from", "99", ledger=ledger.log.folder))


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_flat_table_comes_back_as_the_same_statements(
    ledger: Ledger, out: Path, tmp_path: Path
) -> None:
    """Speaker, date, what was claimed and the words; formulas are defused on the way."""
    path = out / "claims.csv"
    done = export(ledger, "csv", "-o", path)
    assert "These are claims" in done.err
    beside = [f"claims.csv{ending}" for ending in (".mapping.yaml", ".meta.json")]
    assert has_nothing_else(out, "claims.csv", *beside)
    rows = rows_of(path)
    assert [row["report_id"] for row in rows] == ["r1", "r2", "r3"]
    columns = list(rows[0])
    assert columns.index("speaker") < columns.index("claimed_proposition")
    assert rows[0]["value"] == "more than 10,000"
    assert rows[2]["speaker"] == "'" + RUN_ME
    assert rows[2]["claimed_proposition"].startswith("'-10,000")
    assert rows[2]["quote"] == "''+49 is no number"
    assert rows[2]["title"] == "'@TASS on numbers"

    with new_ledger(tmp_path / "other") as other:
        words = (path, "--mapping", out / beside[0])
        report = imported(other, "csv", *words)
        assert (report["rows"], report["read"]) == (3, 3)
        assert said(other) == said(ledger)
        assert other.query("select comparator, low from estimates").fetchall() == [("gt", 10_000)]
        again = imported(other, "csv", *words)
        assert again["events"] == 0


def test_what_goes_to_a_pipe_says_where_it_is_from(ledger: Ledger) -> None:
    """The data on standard output, the words beside it."""
    done = export(ledger, "csv", "--view", "speakers")
    header = done.text.splitlines()[0]
    assert header.startswith("speaker_id,")
    assert f"example.org/test at {ledger.size} events, root {root_of(ledger)}" in done.err


def test_several_views_go_into_a_folder(ledger: Ledger, out: Path) -> None:
    """A file each; numbers stay numbers, lists are JSON, no cell begins a formula."""
    export(ledger, "csv", "-o", out / "tables")
    assert has_nothing_else(out / "tables", "about.json", *(f"{name}.csv" for name in USUAL))
    (estimate,) = rows_of(out / "tables" / "estimates.csv")
    assert (estimate["speaker"], estimate["low"]) == ("Zamir Kabulov", "10000")
    statement = rows_of(out / "tables" / "statements.csv")[0]
    assert json.loads(statement["topics"]) == ["daesh", "numbers"]
    for name in USUAL:
        for row in rows_of(out / "tables" / f"{name}.csv"):
            assert not any(cell and cell[0] in FORMULA_SIGNS for cell in row.values())
    about = json.loads((out / "tables" / "about.json").read_bytes())
    assert (about["size"], about["root"]) == (ledger.size, root_of(ledger))


@examples(25, 60)
@given(st.text(alphabet="'=+-@\t\r\n＝a1 ", max_size=6))
def test_a_defused_text_can_be_had_again(text: str) -> None:
    """Whatever it is: one apostrophe is taken away where one was put."""
    with duckdb.connect() as connection:
        sql = exports.as_text("select $text as cell", [("cell", "VARCHAR")])
        ((cell,),) = connection.execute(sql, {"text": text}).fetchall()
    assert not cell or cell[0] not in FORMULA_SIGNS
    assert as_meant(cell) == text


def test_no_view_gives_a_proposition_without_its_speaker(ledger: Ledger) -> None:
    """Wherever a column holds what was claimed, another says who claimed it."""
    connection = ledger.views().connection
    found = set()
    for name in (exports.FLAT, *(view.name for view in catalog.views())):
        sql = exports.select_of(connection, exports.exported(name), is_chosen=False)
        columns = connection.sql(sql).columns
        assert "proposition" not in columns
        if "claimed_proposition" in columns:
            found.add(name)
            assert "speaker" in columns, name
    assert found == {"claims", "statements", "assessments"}


# ── workbooks ────────────────────────────────────────────────────────────────────────────────


def test_a_workbook_holds_texts_and_numbers_and_runs_nothing(ledger: Ledger, out: Path) -> None:
    """A sheet for each view, one that says what it is; the same bytes each time."""
    export(ledger, "xlsx", "-o", out / "a.xlsx")
    export(ledger, "xlsx", "-o", out / "b.xlsx")
    assert (out / "a.xlsx").read_bytes() == (out / "b.xlsx").read_bytes()
    book = load_workbook(out / "a.xlsx")
    assert book.sheetnames == ["about", "claims", *exports.USUAL]
    about = dict(book["about"].iter_rows(values_only=True))
    assert (about["size"], about["root"]) == (ledger.size, root_of(ledger))
    assert about["notice"].startswith("These are claims")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    dangerous = [cell for cell in cells if str(cell.value)[:1] in FORMULA_SIGNS]
    assert any(cell.value == RUN_ME for cell in dangerous)
    assert all(cell.quotePrefix for cell in dangerous)
    head, row = list(book["estimates"].iter_rows(values_only=True))
    assert row[head.index("low")] == 10_000


@pytest.mark.slow
def test_a_workbook_comes_back_as_the_same_statements(
    ledger: Ledger, out: Path, tmp_path: Path
) -> None:
    """By the mapping beside it: no text loses a sign, since none was defused."""
    export(ledger, "xlsx", "-o", out / "a.xlsx")
    mapping = out / "a.xlsx.mapping.yaml"
    with new_ledger(tmp_path / "other") as other:
        assert imported(other, "xlsx", out / "a.xlsx", "--mapping", mapping)["read"] == 3
        assert said(other) == said(ledger)
        assert other.query("select comparator, low from estimates").fetchall() == [("gt", 10_000)]


def test_numbers_that_do_not_come_back_are_told(ledger: Ledger, out: Path) -> None:
    """A report with several numbers has them in one cell, which no import reads."""
    ledger.submit({"command": "add_estimate", "statement_id": "number-2017", "report_id": "r1",
                   "measure_id": "fighters", "value": "20000"})  # fmt: skip
    done = export(ledger, "csv", "-o", out / "a.csv")
    assert "1 row claims several numbers" in done.err
    part = export(ledger, "csv", "-o", out / "b.csv", "--view", "speakers")
    assert "several numbers" not in part.err


def test_what_a_cell_cannot_hold_is_refused_and_never_cut(ledger: Ledger, out: Path) -> None:
    """A text longer than a cell of Excel; and nothing is left behind."""
    long = {**COMMANDS[7], "statement_id": "long", "proposition": "x" * 33_000, "estimates": [],
            "reports": [{"source_id": "leaflet", "quote": "x"}]}  # fmt: skip
    ledger.submit(long)
    refused = call("export", "xlsx", "-o", out / "a.xlsx", ledger=ledger.log.folder)
    assert is_refusal(refused)
    assert "33,000 characters" in refused.err
    assert has_nothing_else(out)


# ── Parquet ──────────────────────────────────────────────────────────────────────────────────


def test_parquet_says_in_its_metadata_where_it_is_from(ledger: Ledger, out: Path) -> None:
    """One view to a file, the usual ones to a folder; pyarrow reads them."""
    export(ledger, "parquet", "-o", out / "s.parquet", "--view", "statements",
           "--where", "speech_act = 'deny'")  # fmt: skip
    table = parquet.read_table(out / "s.parquet")
    assert table.column("statement_id").to_pylist() == ["denied"]
    metadata = {k.decode(): v.decode() for k, v in table.schema.metadata.items()}
    assert (metadata["origin"], metadata["size"]) == ("example.org/test", str(ledger.size))
    assert metadata["root"] == root_of(ledger)
    assert metadata["notice"].startswith("These are claims")
    export(ledger, "parquet", "-o", out / "all")
    assert has_nothing_else(out / "all", "about.json", *(f"{name}.parquet" for name in USUAL))
    for name in USUAL:
        found = parquet.read_table(out / "all" / f"{name}.parquet").num_rows
        assert [(found,)] == ledger.query(f"select count(*) from {name}").fetchall()


# ── SQLite ───────────────────────────────────────────────────────────────────────────────────


def test_datasette_opens_the_file_with_its_metadata(ledger: Ledger, out: Path) -> None:
    """Tables with keys, links and indexes; titles that say that these are claims."""
    path = out / "claims.sqlite"
    export(ledger, "sqlite", "-o", path, "--licence", "CC BY 4.0")
    metadata = json.loads((out / "claims.sqlite.metadata.json").read_bytes())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from datasette.app import Datasette

        served = Datasette([str(path)], metadata=metadata)

        async def ask(*addresses: str) -> list[Any]:
            await served.invoke_startup()
            return [(await served.client.get(each)).json() for each in addresses]

        rows, about, tables, said_of = asyncio.run(
            ask("/claims/statements.json?_shape=objects&_labels=on",
                "/claims/about.json?_shape=array", "/claims.json", "/-/metadata.json")
        )  # fmt: skip
    statement = next(row for row in rows["rows"] if row["statement_id"] == "number-2017")
    assert statement["claimed_proposition"] == COMMANDS[7]["proposition"]
    assert statement["speaker_id"] == {"value": "zamir-kabulov", "label": "Zamir Kabulov"}
    facts = {row["name"]: row["value"] for row in about}
    assert (facts["size"], facts["root"]) == (ledger.size, root_of(ledger))
    listed = {table["name"]: table for table in tables["tables"]}
    assert listed.keys() >= {"about", *exports.USUAL}
    assert listed["reports"]["primary_keys"] == ["report_id"]
    assert (
        "These are claims" in said_of["databases"]["claims"]["tables"]["statements"]["description"]
    )
    assert said_of["license"] == "CC BY 4.0"
    with sqlite3.connect(path) as connection:
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        (name,) = connection.execute("select name from speakers where speaker_id = 'evil'")
        assert name == (RUN_ME,)
    connection.close()


# ── Frictionless ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["package", "package.zip"])
@pytest.mark.sampled(2)
def test_frictionless_finds_the_package_valid(ledger: Ledger, out: Path, name: str) -> None:
    """Schema, keys, links, bytes and hashes, in a folder or a zip of it."""
    export(ledger, "datapackage", "-o", out / name)
    folder = out / "package"
    if name.endswith(".zip"):
        with zipfile.ZipFile(out / name) as zipped:
            zipped.extractall(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import Package, validate
        from frictionless.resources import TableResource

        report = validate(str(folder / "datapackage.json"))
        assert report.valid, report.flatten(["title", "message"])
        package = Package(str(folder / "datapackage.json"))
        table = package.get_resource("statements")
        assert isinstance(table, TableResource)
        rows = table.read_rows()
    assert len(rows) == 2
    assert rows[0]["topics"] == ["daesh", "numbers"]
    said_of = json.loads((folder / "datapackage.json").read_bytes())
    assert said_of["claims:ledger"]["root"] == root_of(ledger)
    assert "These are claims" in said_of["description"]

    (folder / "data" / "measures.csv").write_text("measure_id\nfighters\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not validate(str(folder / "datapackage.json")).valid


# ── whole or not at all ──────────────────────────────────────────────────────────────────────


def test_what_lies_there_is_kept_unless_it_is_to_be_replaced(ledger: Ledger, out: Path) -> None:
    """A file, and a folder, which is replaced only where it is an export."""
    path, folder = out / "a.csv", out / "keep"
    path.write_text("mine")
    folder.mkdir()
    (folder / "mine").touch()
    for words in (("csv", "-o", path), ("csv", "-o", folder), ("csv", "-o", folder, "--force"),
                  ("csv", "-o", out / "no" / "a.csv")):  # fmt: skip
        assert is_refusal(call("export", *words, ledger=ledger.log.folder), lines=2)
    assert path.read_text() == "mine"
    assert has_nothing_else(out, "a.csv", "keep")
    export(ledger, "csv", "-o", path, "--force")
    assert path.read_text().startswith("speaker,")
    export(ledger, "parquet", "-o", out / "all")
    export(
        ledger, "parquet", "-o", out / "all", "--force", "--view", "speakers", "--view", "sources"
    )
    assert has_nothing_else(out / "all", "about.json", "sources.parquet", "speakers.parquet")
    assert {path.name for path in out.iterdir()} == {
        "a.csv", "a.csv.mapping.yaml", "a.csv.meta.json", "all", "keep"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("csv", "--where", "no_such = 1"), 3),
        (("csv", "--where", "1=1); attach 'x.db'; --"), 3),
        (("csv", "--where", "(select count(*) from read_csv('/etc/passwd')) > 0"), 3),
        (("csv", "--view", "statments"), 2),
        (("xls",), 2),
        (("datapackage",), 2),
        (("jsonl", "--view", "statements"), 2),
        (("jsonl", "--speaker", "tass"), 2),
        (("csv", "--from", "3"), 2),
        (("csv", "--speaker", "nobody-at-all"), 3),
        (("csv", "--as-of", "9999"), 3),
    ],
)
def test_what_cannot_be_meant_is_refused(ledger: Ledger, words: tuple[str, ...], code: int) -> None:
    """In three short lines, and with nothing on standard output."""
    refused = call("export", *words, ledger=ledger.log.folder)
    assert refused.code == code, refused.err
    assert not refused.out
    assert "Traceback" not in refused.err
    assert refused.error[0].startswith("error: ")


@pytest.mark.slow
def test_an_export_of_an_earlier_moment_is_the_one_made_then(ledger: Ledger, out: Path) -> None:
    """Whatever was recorded since; and what nobody chose is not in it."""
    size = ledger.size
    export(ledger, "csv", "-o", out / "then")
    export(ledger, "sqlite", "-o", out / "then.sqlite")
    ledger.submit([*speakers(3), {
        "command": "revise_statement", "statement_id": "denied", "said_at": "2018-01-03",
        "reason": "misread",
    }])  # fmt: skip
    export(ledger, "csv", "-o", out / "later", "--as-of", str(size))
    export(ledger, "sqlite", "-o", out / "later.sqlite", "--as-of", str(size))
    for path in (out / "then").iterdir():
        assert path.read_bytes() == (out / "later" / path.name).read_bytes(), path.name
    assert (out / "then.sqlite").read_bytes() == (out / "later.sqlite").read_bytes()


@pytest.mark.slow
def test_with_a_statement_leaves_what_it_rests_on(ledger: Ledger, out: Path) -> None:
    """And nothing of others."""
    export(ledger, "csv", "-o", out / "his", "--speaker", "Zamir Kabulov")
    ids = {
        name: [row[exports.exported(name).key[0]] for row in rows_of(out / "his" / f"{name}.csv")]
        for name in USUAL
    }
    assert ids["statements"] == ["number-2017"]
    assert ids["reports"] == ["r1", "r2"]
    assert ids["speakers"] == ["zamir-kabulov", "tass", "nobody"]
    assert ids["sources"] == ["tass-1", "leaflet"]
    assert ids["measures"] == ["fighters"]
    assert ids["relations"] == []
    assert len(ids["assessments"]) == 2
    for words in (("--measure", "fighters"), ("--subject", "report/r2"), ("--subject", "e1"),
                  ("--where", "speech_act = 'assert'")):  # fmt: skip
        done = export(ledger, "csv", *words)
        assert [line["statement_id"] for line in csv.DictReader(io.StringIO(done.text))] == [
            "number-2017", "number-2017"
        ]  # fmt: skip


def test_the_formats_are_listed_and_nothing_heavy_is_loaded() -> None:
    """As a process of its own."""
    listed = claims("export", "list")
    assert listed.code == 0
    assert "web-annotation" in listed.text
    helped = claims("export", "--help")
    assert "claims export bundle --speaker" in helped.text


# Runs a program, and prints the most memory that it took, in KiB; small itself, since a process
# begins with the mark of the one that starts it.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured in KiB there")
def test_many_rows_leave_in_flat_memory(ledger: Ledger, out: Path) -> None:
    """200,000 speakers to every table format; the process stays below 700 MiB."""
    for first in range(0, 200_000, 50_000):
        ledger.submit(speakers(50_000, first))
    for form in ("csv", "parquet", "sqlite", "xlsx", "datapackage"):
        words = ("export", form, "--view", "speakers", "-o", out / f"a.{form}")
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, *arguments(words, ledger.log.folder)],
            capture_output=True, check=True, timeout=300,
        )  # fmt: skip
        assert int(done.stdout) < 700 << 10, form
    assert parquet.read_metadata(out / "a.parquet").num_rows == 200_004
