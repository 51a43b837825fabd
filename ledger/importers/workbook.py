"""Rows of cells from a sheet of an Excel workbook (Office Open XML), streamed.

Rules kept here:
- of formulas the values count that the workbook keeps; one without a value is told, where its
  column is asked for, and so is a cell that shares a value with its neighbours;
- a date is as precise as it is shown: one shown as "Feb 2018" is a month.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from ledger.errors import Refused
from ledger.importers.package import FAULTS_OF_ZIP, SAVE, Merges, check_package, scan
from ledger.importers.tables_cells import (
    MOST_CHARACTERS,
    Broken,
    Day,
    Figure,
    Record,
    too_long,
)
from ledger.importers.tables_settings import Layout


class Sheet(NamedTuple):
    """A sheet of a workbook, and the part of the package that holds it."""

    title: str
    part: str


class Book(NamedTuple):
    """An open workbook: its sheets, and what its cells refer to."""

    package: ZipFile
    sheets: list[Sheet]
    strings: list[str]
    inner: Any  # openpyxl's own, which has no types


@contextmanager
def workbook(path: Path) -> Iterator[Book]:
    """An open workbook; raises Refused for what is none, and for what would fill the memory."""
    check_package(path)
    with ZipFile(path) as package:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of extensions and styles, which are not read
                book = read_book(path, package)
        except Exception as error:  # the library raises whatever the XML leads it to
            raise Refused(
                "The workbook cannot be read; it is damaged, or not from Excel.", way_out=SAVE
            ) from error
        yield book


def read_book(path: Path, package: ZipFile) -> Book:
    """What stands in a workbook beside its sheets.

    The library's own way to open one may read a whole sheet for its size.
    """
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    reader = ExcelReader(path, read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        sheets = [
            Sheet(sheet.name, relation.target)
            for sheet, relation in reader.parser.find_sheets()
            if "chartsheet" not in relation.Type and relation.target in reader.valid_files
        ]
    return Book(package, sheets, reader.shared_strings, reader.wb)


def sheet_of(book: Book, wanted: str | None) -> Sheet:
    """The sheet of a name, or the only one that holds anything; raises Refused."""
    sheets = book.sheets
    if wanted is not None:
        chosen = [sheet for sheet in sheets if sheet.title.casefold() == wanted.casefold()]
    else:
        chosen = sheets if len(sheets) == 1 else [s for s in sheets if holds_any(book, s)]
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(sheet.title for sheet in sheets)
    if wanted is not None:
        raise Refused(f"No sheet is called {wanted!r}.", way_out=f"The sheets are {names}.")
    if not chosen:
        raise Refused("No sheet holds anything.", way_out="Give a workbook with a table.")
    raise Refused(
        f"The workbook has several sheets: {names}.",
        way_out=f'Say which: --set sheet="{chosen[0].title}".',
    )


def holds_any(book: Book, sheet: Sheet) -> bool:
    """Whether a sheet has a cell with a value."""
    return any(record.cells for record in SheetRows(book, sheet, Layout()))


class SheetRows:
    """The rows of a sheet; iterating over it gives each as a Record.

    The library's own rows are not used: they keep something of every row, and do not tell a formula
    without a value from an empty cell.
    """

    def __init__(self, book: Book, sheet: Sheet, layout: Layout) -> None:
        self.book = book
        self.sheet = sheet
        self.layout = layout
        self._precisions: dict[int, str] = {}

    def __iter__(self) -> Iterator[Record]:
        number = 0
        try:
            merges = Merges(
                scan(self.book.package, self.sheet.part), fill=self.layout.merged == "fill"
            )
            for number, cells in self._rows():
                yield Record(number, merges.apply(number, cells))
        except (SyntaxError, ValueError, TypeError, LookupError, ArithmeticError) as error:
            raise Refused(
                f"The sheet cannot be read after row {number:,}; it is damaged.", way_out=SAVE
            ) from error
        except FAULTS_OF_ZIP as error:
            raise Refused(f"The workbook is damaged after row {number:,}.", way_out=SAVE) from error

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        from openpyxl.worksheet import _reader as reader
        from openpyxl.xml.functions import iterparse

        inner = self.book.inner
        with self.book.package.open(self.sheet.part) as source:
            parser = reader.WorkSheetParser(
                source, self.book.strings, data_only=True, epoch=inner.epoch,
                date_formats=inner._date_formats,  # noqa: SLF001  no public name
                timedelta_formats=inner._timedelta_formats,  # noqa: SLF001  no public name
            )  # fmt: skip
            data: Any = None
            for event, element in iterparse(source, events=("start", "end")):
                if event == "start":
                    data = element if element.tag == reader.DATA_TAG else data
                elif element.tag == reader.ROW_TAG:
                    number = int(element.get("r") or parser.row_counter + 1)
                    parser.row_counter, parser.col_counter = number, 0
                    yield number, self._cells(parser, element)
                    if data is not None:
                        data.clear()

    def _cells(self, parser: Any, row: Any) -> list[str]:  # noqa: ANN401  openpyxl has no types
        cells: list[str] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a date beyond the calendar becomes an error cell
            found = [(parser.parse_cell(element), element) for element in row]
        for cell, element in found:
            text = self._text(cell, element)
            if text:
                cells += [""] * (cell["column"] - len(cells))
                cells[cell["column"] - 1] = text
        return cells

    def _text(self, cell: dict[str, Any], element: Any) -> str:  # noqa: ANN401  an XML element
        value = cell["value"]
        if value is None:
            return no_value(element)
        if cell["data_type"] == "e":
            return Broken(f"The cell holds the error {value}.")
        if isinstance(value, datetime | date):
            return Day(as_shown(value, self._precision(cell["style_id"])))
        return text_of(value)

    def _precision(self, style: int) -> str:
        """How precisely a style shows dates: `day`, `month` or `year`."""
        if style not in self._precisions:
            from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

            number = self.book.inner._cell_styles[style].numFmtId  # noqa: SLF001  no public name
            own = number - BUILTIN_FORMATS_MAX_SIZE
            formats = self.book.inner._number_formats  # noqa: SLF001  no public name
            code = formats[own] if own >= 0 else BUILTIN_FORMATS.get(number, "")
            self._precisions[style] = precision_of(code)
        return self._precisions[style]


def no_value(element: Any) -> str:  # noqa: ANN401  an XML element
    """An empty cell, or a formula whose value is not kept."""
    tags = {child.tag.rpartition("}")[2] for child in element}
    if "f" not in tags or (element.get("t") == "str" and "v" in tags):
        return ""
    return Broken("The formula has no value: nothing has worked it out.")


def text_of(value: object) -> str:
    """A value that is no date."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return Figure(digits(value))
    text = unescaped(str(value))
    return text if len(text) <= MOST_CHARACTERS else Broken(too_long().what)


def unescaped(text: str) -> str:
    """A text with the characters that XML cannot hold, which workbooks write as `_x000D_`."""
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda sign: chr(int(sign[1], 16)), text)


def digits(number: float) -> str:
    """A number as its sheet shows it: 15 digits at most, as Excel does."""
    if isinstance(number, int):
        return str(number)
    return f"{Decimal(f'{number:.15g}').normalize():f}"


def precision_of(code: str) -> str:
    """How precisely a number format shows a date."""
    signs = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.', "", code).lower()
    if "d" in signs or "y" not in signs:
        return "day"
    return "month" if "m" in signs else "year"


def as_shown(moment: date, precision: str) -> str:
    """A date as EDTF, with its time where it has one."""
    text = moment.isoformat()
    if precision == "month":
        return text[:7]
    if precision == "year":
        return text[:4]
    if isinstance(moment, datetime):
        has_time = moment.hour or moment.minute or moment.second
        return moment.replace(microsecond=0).isoformat() if has_time else text[:10]
    return text
