"""Any table: CSV, TSV or a sheet of a workbook, read by a mapping of its columns to fields.

file ─▶ delimited, workbook ─▶ cells ─▶ tables_rows (columns, dates, numbers, names) ─▶ commands
                                 └────▶ tables_guess (words of the header, forms of the cells)
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import ClaimsError, Refused
from ledger.importers.delimited import Delimited
from ledger.importers.files import opened
from ledger.importers.rows import Item
from ledger.importers.settings import checked
from ledger.importers.tables_cells import Record, as_meant
from ledger.importers.tables_columns import Header
from ledger.importers.tables_settings import Layout, TableSettings

if TYPE_CHECKING:
    from ledger.api import Ledger

SETTINGS = TableSettings

TOGETHER = 1_000  # rows whose names are looked up at once
DELIMITERS = {"csv": ",", "tsv": "\t"}


class Table(NamedTuple):
    """An open table; blank rows are none."""

    header: Header
    records: Iterator[Record]


def guess(form: str, files: Sequence[str]) -> dict[str, Any]:
    """A mapping to start from, by the words of the header and the forms of the cells."""
    return guess_with(form, files, {})


def guess_with(form: str, files: Sequence[str], told: dict[str, Any]) -> dict[str, Any]:
    """The same where some settings are told already."""
    from ledger.importers.tables_guess import MOST_ROWS, guess_columns
    from ledger.importers.tables_layout import guess_layout, is_defused

    path = Path(files[0])
    said = {name: told[name] for name in Layout.model_fields if name in told}
    with in_file(path):
        found = guess_layout(form, path, said)
        layout = checked(Layout, found | said, None)
        with table(form, path, layout) as opened_table:
            rows = [each.cells for each in islice(opened_table.records, MOST_ROWS)]
            if form != "xlsx" and "defused" not in said and is_defused(path, rows):
                found["defused"] = True
            found |= guess_columns(path, opened_table.header, rows, told)
    return found


def read(form: str, files: Sequence[str], settings: TableSettings) -> Iterator[Item]:
    """The rows of the files; who and what they name is taken for new."""
    return read_into(None, form, files, settings)


def read_into(
    ledger: "Ledger | None", form: str, files: Sequence[str], settings: TableSettings
) -> Iterator[Item]:
    """The rows of the files; names that the ledger has are found in it."""
    from ledger.importers.tables_names import Names, Sources
    from ledger.importers.tables_parts import Lookups
    from ledger.importers.tables_rows import Reader

    found = Lookups(
        Names(ledger, "speaker", settings.speakers), Names(ledger, "measure", settings.measures),
        Sources(ledger), {},
    )  # fmt: skip
    for name in files:
        path = Path(name)
        with in_file(path), table(form, path, settings) as opened_table:
            reader = Reader(path, settings, opened_table.header, found)
            while records := list(islice(opened_table.records, TOGETHER)):
                yield from reader.items(records)


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Name the file in what is raised inside."""
    try:
        yield
    except ClaimsError as error:
        raise error.at(file=str(path)) from None


@contextmanager
def table(form: str, path: Path, layout: Layout) -> Iterator[Table]:
    """A table, past its header; raises Refused where there is none."""
    with records_of(form, path, layout) as records:
        if not layout.header:
            first = next((each for each in records if not each.is_blank), None)
            if first is None:
                raise nothing()
            names = [f"#{at}" for at in range(1, len(first.cells) + 1)]
            yield Table(Header(names), filled(chain([first], records), layout))
            return
        first = next((each for each in records if each.number >= layout.header), None)
        if first is None or first.is_blank:
            raise nothing()
        if first.fault:
            raise first.fault.at(line=first.number)
        yield Table(Header(first.cells), filled(records, layout))


@contextmanager
def records_of(form: str, path: Path, layout: Layout) -> Iterator[Iterator[Record]]:
    """All rows of a file, blank ones too."""
    if form == "xlsx":
        from ledger.importers.workbook import SheetRows, sheet_of, workbook

        with workbook(path) as book:
            yield iter(SheetRows(book, sheet_of(book, layout.sheet), layout))
        return
    with opened(path) as file:
        yield iter(Delimited(file, layout, layout.delimiter or DELIMITERS[form]))


def filled(records: Iterator[Record], layout: Layout) -> Iterator[Record]:
    """Rows that hold anything; texts that were defused are as they were before."""
    rows = (record for record in records if not record.is_blank)
    if not layout.defused:
        return rows
    return (row._replace(cells=[as_meant(cell) for cell in row.cells]) for row in rows)


def nothing() -> Refused:
    """The refusal of a file without a table."""
    return Refused(
        "The file holds no table.", way_out="Give a file whose first row names its columns."
    )
