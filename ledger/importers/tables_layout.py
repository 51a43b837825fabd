"""How a file is probably laid out: its encoding, delimiter, sheet and the row of its header.

Rules kept here:
- an encoding is taken from a byte order mark alone; which of the others it is, nobody can tell.
"""

import csv
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from ledger.errors import Refused
from ledger.importers.delimited import Delimited, wide_encoding
from ledger.importers.files import opened
from ledger.importers.settings import checked
from ledger.importers.tables_cells import Record, as_meant
from ledger.importers.tables_dates import is_date
from ledger.importers.tables_settings import Layout

SAMPLE_BYTES = 1 << 16
SAMPLE_LINES = 50
MOST_BEFORE = 20  # rows among which the header is looked for

_CANDIDATES = {"csv": (",", ";", "\t", "|"), "tsv": ("\t",)}


def guess_layout(form: str, path: Path, told: dict[str, Any]) -> dict[str, Any]:
    """What is to be said of a file's layout beyond the defaults, and was not told."""
    found: dict[str, Any] = {}
    if form == "xlsx":
        from ledger.importers.workbook import SheetRows, sheet_of, workbook

        layout = checked(Layout, told, None)
        with workbook(path) as book:
            sheet = sheet_of(book, layout.sheet)
            if len(book.sheets) > 1 and "sheet" not in told:
                found["sheet"] = sheet.title
            rows = list(islice(SheetRows(book, sheet, layout), MOST_BEFORE))
    else:
        with opened(path) as file:
            head = file.read(SAMPLE_BYTES)
            if "encoding" not in told and (wide := wide_encoding(head)):
                found["encoding"] = wide
            layout = checked(Layout, found | told, None)
            mark = layout.delimiter or delimiter_of(head.decode(layout.encoding, "replace"), form)
            if mark != _CANDIDATES[form][0] and "delimiter" not in told:
                found["delimiter"] = mark
            file.seek(0)
            rows = list(islice(Delimited(file, layout, mark), MOST_BEFORE))
    header = header_of(rows)
    if header != 1 and "header" not in told:
        found["header"] = header
    return found


def is_defused(path: Path, rows: Sequence[Sequence[str]]) -> bool:
    """Whether apostrophes keep texts from being run: as what lies beside an export says, or cells.

    What a spreadsheet itself writes as CSV has no such apostrophes.
    """
    if path.with_name(path.name + ".meta.json").is_file():
        return True
    return any(as_meant(cell) is not cell for row in rows for cell in row)


def delimiter_of(text: str, form: str) -> str:
    """The delimiter that parts most lines into as many cells as the first."""
    lines = text.splitlines()
    lines = lines[:SAMPLE_LINES] if len(lines) == 1 else lines[: min(SAMPLE_LINES, len(lines) - 1)]
    best = max(
        _CANDIDATES[form],
        key=lambda mark: evenness([row for row in parted(lines, mark) if row]),
    )
    return best if evenness(list(parted(lines, best))) else _CANDIDATES[form][0]


def parted(lines: list[str], mark: str) -> list[list[str]]:
    """Lines as rows of cells, as far as they can be read."""
    rows: list[list[str]] = []
    reader = csv.reader((line + "\n" for line in lines), delimiter=mark)
    while True:
        try:
            rows.append(next(reader))
        except StopIteration:
            return rows
        except csv.Error:
            continue


def evenness(rows: list[list[str]]) -> float:
    """How well rows are parted: the share of the commonest width, then the width; 0 for none."""
    widths = [len(row) for row in rows]
    wide = [width for width in widths if width > 1]
    if not wide:
        return 0.0
    width = max(set(wide), key=lambda each: (wide.count(each), each))
    return wide.count(width) / len(rows) + min(width, 999) / 1000


def header_of(rows: list[Record]) -> int:
    """The number of the row that names the columns; 0 where the first one holds data already.

    It is the first row that fills half as many cells as the fullest: titles above it fill fewer.
    """
    sound = [row for row in rows if row.fault is None and not row.is_blank]
    if not sound:
        if rows and rows[0].fault:
            raise rows[0].fault.at(line=rows[0].number)
        raise Refused(
            "The file holds no table.", way_out="Give a file whose first row names its columns."
        )
    fullest = max(map(filled, sound))
    first = next(row for row in sound if filled(row) * 2 >= fullest)
    faulty = next((row for row in rows if row.fault and row.number < first.number), None)
    if faulty is not None and faulty.fault is not None:
        raise faulty.fault.at(line=faulty.number)
    return 0 if any(map(is_data, first.cells)) else first.number


def filled(row: Record) -> int:
    """How many cells of a row hold anything."""
    return sum(bool(cell.strip()) for cell in row.cells)


def is_data(cell: str) -> bool:
    """Whether a cell cannot be the name of a column."""
    return cell.lower().startswith(("http://", "https://")) or is_date(cell)
