"""Daily figures as they are: four files of three transcribers, brought in whole."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cli_tools import PROJECT, Outcome, claims, log_bytes
from conftest import SHARED
from ready_ledgers import copy_of

from ledger.importers import series
from ledger.importers.rows import Row
from ledger.importers.settings import checked, load_settings

MAPPINGS = PROJECT / "seeds" / "mappings"
DATA = SHARED / "data" / "ua_mod_losses"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not here")

# Each file with its mapping and the number of its rows.
FILES = {
    "russia_losses_personnel.json": ("losses-ivaniuk-personnel", 1_626),
    "russia_losses_equipment.json": ("losses-ivaniuk-equipment", 1_626),
    "orc_losses.json": ("losses-orc", 1_449),
    "romansverdan_russia_losses.csv": ("losses-romansverdan", 1_641),
}


@needs_data
@pytest.mark.parametrize("name", FILES)
def test_every_day_of_the_real_data_becomes_a_row(name: str) -> None:
    """Read and refused are the rows of the source, and each number cell is an estimate."""
    mapping, count = FILES[name]
    chosen = checked(series.SETTINGS, load_settings(MAPPINGS / f"{mapping}.yaml"), None)

    items = list(series.read("series", [str(DATA / name)], chosen))

    read = [item for item in items if isinstance(item, Row)]
    assert (len(items), len(read)) == (count, count)
    cells = sum(
        row.get(column) not in (None, "") for row in rows_in(DATA / name)
        for column in chosen.measures
    )  # fmt: skip
    estimates = [each for row in read for each in row.commands[0]["estimates"]]
    assert len(estimates) == cells
    assert all(each["value_text"] for each in estimates)


@needs_data
def test_the_mappings_say_under_which_licence_their_data_is() -> None:
    """In each file, and in what an import records of its source."""
    for mapping, _ in FILES.values():
        path = MAPPINGS / f"{mapping}.yaml"
        chosen = checked(series.SETTINGS, load_settings(path), None)
        licence = chosen.source.licence
        assert licence in ("MIT", "none stated")
        assert ("MIT" if licence == "MIT" else "states no licence") in path.read_text("utf-8")


def rows_in(path: Path) -> list[dict[str, Any]]:
    """The rows of a real file, read with nothing of ours."""
    if path.suffix == ".json":
        rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
        return rows
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def differing(column_of: Mapping[str, str]) -> dict[str, set[int]]:
    """The days on which the files' figures of one column each differ, with these figures."""
    figures: dict[str, set[int]] = {}
    for name, column in column_of.items():
        for row in rows_in(DATA / name):
            if row.get(column) not in (None, ""):
                figures.setdefault(row["date"], set()).add(int(row[column]))
    return {day: several for day, several in figures.items() if len(several) > 1}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A ledger with all four files."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        folder = copy_of((), home / "ledger", home / "config")
        for name, (mapping, count) in FILES.items():
            done = import_real(folder, name, mapping)
            report = json.loads(done.out)
            assert (report["rows"], report["read"], report["refused"]) == (count, count, [])
        yield folder


def import_real(folder: Path, name: str, mapping: str) -> Outcome:
    """Import one file of the real data."""
    done = claims("import", "series", DATA / name, "-m", MAPPINGS / f"{mapping}.yaml", "--json",
                  ledger=folder)  # fmt: skip
    assert done.code == 0, done.err
    return done


@needs_data
@pytest.mark.slow
def test_three_transcribers_stay_three_sources_of_one_series(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement a day, four files as sources, and nothing more on a second import."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(whole.parent / "config"))
    before = log_bytes(whole)
    for name, (mapping, count) in FILES.items():
        report = json.loads(import_real(whole, name, mapping).out)
        assert (report["rows"], report["read"], report["events"]) == (count, count, 0)
    assert log_bytes(whole) == before

    days = {row["date"] for name in FILES for row in rows_in(DATA / name)}
    asked = claims("query", "select (select count(*) from statements), (select count(distinct"
                   " source_id) from reports), max(primary_sources) from corroboration",
                   "--format", "json", ledger=whole)  # fmt: skip
    [counts] = json.loads(asked.out)
    assert list(counts.values()) == [len(days), 4, 1]
    assert claims("verify", ledger=whole).code == 0


@needs_data
@pytest.mark.slow
def test_the_days_on_which_transcribers_differ_are_listed(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the query beside the mappings: those that the files themselves show, and no others."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(whole.parent / "config"))
    sql = (MAPPINGS / "differences.sql").read_bytes()

    asked = claims("query", "-", "--format", "json", ledger=whole, stdin=sql)

    assert asked.code == 0, asked.err
    found = json.loads(asked.out)
    columns = {
        "russian-personnel-lost": ("personnel", "russia_losses_personnel.json", "personnel"),
        "russian-tanks-lost": ("tanks", "russia_losses_equipment.json", "tank"),
    }
    for measure, (column, name, theirs) in columns.items():
        wanted = differing(
            {name: theirs, "orc_losses.json": column, "romansverdan_russia_losses.csv": column}
        )
        listed = {each["day"]: each["figures"] for each in found if each["measure_id"] == measure}
        assert wanted
        assert listed == {day: len(figures) for day, figures in wanted.items()}
