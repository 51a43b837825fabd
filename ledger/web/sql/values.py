"""Values of any SQL as values that JSON has, and as the lines of a file.

Rules kept here:
- nothing is lost: what a number of JSON could not hold exactly, or at all, leaves as text;
- a text that a spreadsheet would run as a formula gets an apostrophe in CSV, as in every export.
"""

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time

import msgspec

from events.formulas import FORMULA_SIGNS
from ledger.cells import distinct
from ledger.exporters.cells import time_text
from ledger.web.sql.messages import Cell

_LEAST, _BEYOND = -(1 << 63), 1 << 64  # the whole numbers that MessagePack has
_MOST_EXACT = 1 << 53  # up to which a float is each whole number


def cell_of(value: object) -> Cell:
    """A value as JSON has it; times are ISO 8601 in UTC, bytes are hexadecimal.

    >>> cell_of([3.0, math.inf, 1 << 64])
    [3, 'inf', '18446744073709551616']
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if _LEAST <= value < _BEYOND else str(value)
    if isinstance(value, float):
        return number_of(value)
    if isinstance(value, list | tuple):
        return [cell_of(each) for each in value]
    if isinstance(value, dict):
        return {str(name): cell_of(each) for name, each in value.items()}
    return text_of(value)


def number_of(value: float) -> float | str:
    """A float as a number, a whole one without a point; as text where it is none."""
    if not math.isfinite(value):
        return str(value)
    return int(value) if value.is_integer() and abs(value) <= _MOST_EXACT else value


def text_of(value: object) -> str:
    """A value that JSON has no kind of, as text."""
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


# ── lines of a file ──────────────────────────────────────────────────────────────────────────

Lines = Callable[[Sequence[str], Sequence[str], Iterable[Sequence[object]]], Iterator[bytes]]


def csv_lines(
    columns: Sequence[str], _types: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[bytes]:
    """Comma-separated values (RFC 4180) with a line of names; lists and structs are JSON."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    for row in _with_head(columns, rows):
        writer.writerow([_csv_cell(value) for value in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def _with_head(
    columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[Sequence[object]]:
    yield columns
    yield from rows


def _csv_cell(value: object) -> Cell:
    cell = cell_of(value)
    if isinstance(cell, list | dict):
        return msgspec.json.encode(cell).decode()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return defused(cell) if isinstance(cell, str) else cell


def defused(text: str) -> str:
    """A text with an apostrophe before it where a spreadsheet would run it as a formula."""
    first = text.lstrip("'")[:1]
    return f"'{text}" if first and first in FORMULA_SIGNS else text


def json_lines(
    columns: Sequence[str], types: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[bytes]:
    """One JSON object a line; what is JSON in a column stays JSON."""
    for made in _objects(columns, types, rows):
        yield made + b"\n"


def json_list(
    columns: Sequence[str], types: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[bytes]:
    """One JSON array of objects."""
    before = b"["
    for made in _objects(columns, types, rows):
        yield before + made
        before = b",\n "
    yield b"]\n" if before != b"[" else b"[]\n"


def _objects(
    columns: Sequence[str], types: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[bytes]:
    names, nested = distinct(list(columns)), [kind == "JSON" for kind in types]
    for row in rows:
        cells = (
            msgspec.Raw(value.encode()) if is_json and isinstance(value, str) else cell_of(value)
            for value, is_json in zip(row, nested, strict=True)
        )
        yield msgspec.json.encode(dict(zip(names, cells, strict=True)))


LINES: dict[str, Lines] = {"csv": csv_lines, "json": json_list, "jsonl": json_lines}
