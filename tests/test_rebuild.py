"""Rebuilding the view file: however the log is taken in, the same tables."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from strategies import BEGINNING, EVERY_KIND

from benchmarks.generate import commands as generated
from events.codec import types_in
from ledger import segments
from ledger.api import Ledger
from ledger.log import Log
from projections import build, catalog
from projections.build import build_file, lines_in_file, rebuild
from projections.fill import load_lines
from projections.schema import data_fields
from projections.stamp import view_file

Rows = dict[str, list[tuple[object, ...]]]

# What DuckDB calls that which it chooses for a column whose rows are all the same or all empty.
PLAIN = {"Uncompressed", "Constant", "Empty Validity"}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """A log of a thousand commands of all kinds, in several segments."""
    folder = tmp_path_factory.mktemp("rebuild")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setattr(segments, "SEGMENT_BYTES", 150_000)
        lines = list(generated(24, 1000))
        with Ledger.create(folder / "ledger", origin="example.org/test", actor="ana") as ledger:
            for first in range(0, len(lines), 100):
                ledger.submit(lines[first : first + 100])
    log = Log.open(folder / "ledger")
    assert len(log.segments()) > 4
    return log


def rows(file: Path, more: Sequence[str] = ("names", "hidden", "built")) -> Rows:
    """All rows of all tables, sorted: in which order they lie is nobody's business."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return {
            name: sorted(connection.execute(f"from facts.{name}").fetchall(), key=repr)
            for name in (*more, *(table.name for table in catalog.tables()))
        }


def test_tables_do_not_depend_on_how_many_segments_are_parsed_at_once(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each segment on its own, two at once, and all of them."""
    at_once, apart, twos = (tmp_path / name for name in ("at_once", "apart", "twos"))
    build_file(at_once, log, log.size)
    monkeypatch.setattr("projections.fill.CHUNK_BYTES", 1)
    build_file(apart, log, log.size)
    monkeypatch.setattr("projections.fill.CHUNK_BYTES", 350_000)
    build_file(twos, log, log.size)

    expected = rows(at_once)
    assert all(expected[name] for name in ("statements", "reports", "estimates", "relations"))
    assert rows(apart) == rows(twos) == expected


def test_where_memory_is_not_enough_more_is_taken(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build that runs out of its bound begins again with the next one; the last one counts."""
    enough, short = tmp_path / "enough", tmp_path / "short"
    build_file(enough, log, log.size)
    for bounds in (("4MB", build.MEMORY[0]), ("4MB", "5MB", build.MEMORY[0])):
        monkeypatch.setattr(build, "MEMORY", bounds)
        build_file(short, log, log.size)
        assert rows(short) == rows(enough)
        assert [path.name for path in tmp_path.glob("short*")] == ["short"]
        short.unlink()
    monkeypatch.setattr(build, "MEMORY", ("4MB", "5MB"))
    with pytest.raises(duckdb.OutOfMemoryException):
        build_file(short, log, log.size)


def test_a_file_does_not_depend_on_what_is_asked_at_once(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept of a file too large for that is asked for one after another."""
    monkeypatch.setattr("projections.kept.WHOLE_FROM", 1)
    kept = ("names", "said", "told", "counted", "dated", "totals")
    found = []
    for name, most in (("at_once", log.size), ("apart", log.size - 1)):
        monkeypatch.setattr("projections.at_once.MOST_AT_ONCE", most)
        build_file(tmp_path / name, log, log.size)
        found.append(rows(tmp_path / name, kept))
    assert all(found[0][name] for name in kept)
    assert found[0] == found[1]


def test_columns_that_hardly_repeat_are_stored_plain(log: Log) -> None:
    """They name columns that are there, and DuckDB takes no other form for them."""
    rebuild(log)
    with duckdb.connect(str(view_file(log.folder)), read_only=True) as connection:
        for table in catalog.tables():
            stored = connection.execute(
                "select column_name, segment_type, list(distinct compression)"
                f" from pragma_storage_info('facts.{table.name}') group by all"
            ).fetchall()
            forms = {name: set(found) for name, kind, found in stored if kind == "VARCHAR"}
            columns = connection.execute(f"describe facts.{table.name}").fetchall()
            assert table.plain <= {name for name, *_ in columns}, table.name
            for name in table.plain & forms.keys():
                assert forms[name] <= PLAIN, (table.name, name)
            assert table.plain <= forms.keys() or not forms, table.name


def test_few_columns_fill_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events of each type, parsed with all columns or with those that their tables need alone."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with Ledger.create(tmp_path / "ledger", origin="example.org/test", actor="ana") as ledger:
        ledger.submit([*BEGINNING, *EVERY_KIND])
    lines = Log.open(tmp_path / "ledger").tail(0).splitlines(keepends=True)
    by_type: dict[frozenset[str], bytes] = {}
    for line in lines:
        by_type[types_in(line)] = by_type.get(types_in(line), b"") + line
    known = frozenset[str]().union(*(table.types for table in catalog.tables()))
    assert known - frozenset[str]().union(*by_type) == {"claims.record.redacted.v1"}
    for types, some in (*by_type.items(), (known, b"".join(lines))):
        columns = catalog.columns_of(types)
        assert table_rows(some, len(lines), columns) == table_rows(some, len(lines), None)


def table_rows(lines: bytes, size: int, columns: dict[str, str] | None) -> Rows:
    """What lines add to each table that has columns enough, and none to the others."""
    with duckdb.connect() as connection, lines_in_file(lines) as file:
        load_lines(connection, [file], range(size), columns)
        touched = catalog.tables_of(types_in(lines))
        if columns is None:
            for table in catalog.tables():
                found = connection.execute(table.select).fetchall()
                assert table in touched or not found, table.name
        return {table.name: connection.execute(table.select).fetchall() for table in touched}


def test_a_table_names_fields_that_events_have() -> None:
    """What is read of an event is told by the select alone: a field that is overlooked is lost."""
    read = frozenset[str]().union(*(table.fields for table in catalog.tables()))
    assert read <= data_fields().keys()
    assert not any("data" in table.select.replace("data.", "") for table in catalog.tables())
