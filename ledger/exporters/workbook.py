"""An Excel workbook: a sheet for each view, and one that says what it is.

Rules kept here:
- every text is a text cell, marked so that a spreadsheet does not run it when it is edited either;
- what a sheet cannot hold (rows, long texts) is refused, and never cut;
- the same rows give the same bytes.

Beside it lies the mapping by which `claims import xlsx` reads its flat sheet again.
"""

import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from events.formulas import FORMULA_SIGNS
from ledger.errors import Refused
from ledger.exporters.cells import Cell, cell_of
from ledger.exporters.csv_tables import mapping_beside
from ledger.exporters.leaving import Leaving, Table
from ledger.exporters.whole import zip_entry
from projections.exports import FLAT, USUAL

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MOST_ROWS = 1_048_576  # of a sheet, with its header
MOST_CHARACTERS = 32_767  # of a cell
_MARKED = (*FORMULA_SIGNS, "#")  # formulas, and errors such as #N/A
_CORE = "docProps/core.xml"
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_NOT_XML = re.compile("[\ufffe\uffff]")  # other such signs are in no text of a ledger


def write(leaving: Leaving, place: Path) -> Mapping[str, bytes]:
    """Write the workbook; raises Refused for what a workbook cannot hold."""
    from openpyxl import Workbook

    book: Any = Workbook(write_only=True)
    book.properties.title = leaving.about.name
    book.properties.creator = leaving.about.origin
    book.properties.description = leaving.about.notice
    about = book.create_sheet("about")
    for pair in leaving.about.facts().items():
        about.append(_row(about, pair, "about", 0))
    tables = leaving.tables((FLAT, *USUAL))
    try:
        for table in tables:
            _write_sheet(book.create_sheet(table.name[:31]), table)
    except BaseException:
        for sheet in book:
            sheet.close()  # what is written behind it must end, too
        raise
    made = place.with_name("workbook.xlsx")
    book.save(made)
    _settle(made, place, leaving.about.recorded_until or "1980-01-01T00:00:00Z")
    made.unlink()
    return mapping_beside(leaving, tables, sheet=FLAT)


def _write_sheet(sheet: "WriteOnlyWorksheet", table: Table) -> None:
    sheet.freeze_panes = "A2"
    sheet.append(table.columns)
    for number, row in enumerate(table.rows(), 2):
        if number > MOST_ROWS:
            raise Refused(
                f"{table.name} has more rows than a sheet holds ({MOST_ROWS - 1:,}).",
                way_out="Choose some with --where, or export csv, parquet or sqlite.",
            )
        sheet.append(_row(sheet, map(cell_of, row), table.name, number))


def _row(sheet: "WriteOnlyWorksheet", cells: Iterable[Cell], name: str, number: int) -> list[Any]:
    """The cells of a row; those that would be formulas as texts that say so."""
    from openpyxl.cell import WriteOnlyCell

    made: list[Any] = []
    for cell in cells:
        if isinstance(cell, str) and (len(cell) > MOST_CHARACTERS or _NOT_XML.search(cell)):
            fault = "holds a sign that XML has not"
            if len(cell) > MOST_CHARACTERS:
                fault = f"has {len(cell):,} characters; a cell holds {MOST_CHARACTERS:,}"
            raise Refused(
                f"A text {fault}.",
                field=f"{name}, row {number}",
                way_out="Leave it out with --where, or export csv, parquet or sqlite.",
            )
        if isinstance(cell, str) and cell.startswith(_MARKED):
            text = WriteOnlyCell(sheet, cell)
            text.data_type = "s"
            text.quotePrefix = True
            made.append(text)
        else:
            made.append(cell)
    return made


def _settle(made: Path, place: Path, time: str) -> None:
    """Write the workbook anew with the ledger's time in the place of the clock's."""
    moment = time[:19].encode() + b"Z"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            with old.open(entry) as source, new.open(zip_entry(entry.filename), "w") as target:
                if entry.filename == _CORE:
                    target.write(_TIMES.sub(rb"\g<1>" + moment, source.read()))
                else:
                    shutil.copyfileobj(source, target, 1 << 20)
