"""The rows of a series, from CSV, TSV, a workbook or a JSON list: cells by the name of a column.

Rules kept here:
- cells are text as it stands, the digits of JSON numbers too;
- tables are streamed; a JSON list is read whole, so there is a limit to its size;
- a row's number is its line in a table, its place in a JSON list.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ledger.errors import ClaimsError, Refused
from ledger.importers.files import opened
from ledger.importers.tables import table
from ledger.importers.tables_cells import Figure, Record
from ledger.importers.tables_columns import Header
from ledger.importers.tables_settings import Layout
from ledger.inputs import refuse_constant, without_duplicates

MOST_JSON_BYTES = 64 << 20
_HEAD_BYTES = 256
_BOM = b"\xef\xbb\xbf"
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_FORMS = {".tsv": "tsv", ".tab": "tsv", ".xlsx": "xlsx"}


class Observed(NamedTuple):
    """A row: its number, its cells by column, and what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    fault: ClaimsError | None = None


class Opened(NamedTuple):
    """A file that was opened: its rows, and the columns of its header, where it has one."""

    header: Header | None
    rows: Iterator[Observed]


def form_of(path: Path) -> str:
    """`json`, `csv`, `tsv` or `xlsx`: by what the file begins with, then by its name."""
    with opened(path) as file:
        head = file.read(_HEAD_BYTES).removeprefix(_BOM).lstrip()
    if head[:1] in (b"[", b"{"):
        return "json"
    return _FORMS.get(path.suffix.lower(), "csv")


@contextmanager
def observed(path: Path, layout: Layout) -> Iterator[Opened]:
    """The rows of a file; raises Refused where it holds none."""
    form = form_of(path)
    if form == "json":
        yield Opened(None, json_rows(path))
        return
    with table(form, path, layout) as found:
        header = found.header
        refuse_twins(header)
        yield Opened(header, (table_row(header, record) for record in found.records))


# ── tables ───────────────────────────────────────────────────────────────────────────────────


def refuse_twins(header: Header) -> None:
    """Columns are known by their names, so no two may have one."""
    names = [name for name in header.names if name]
    twin = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if twin is not None:
        raise Refused(f"Two columns are called {twin!r}.", way_out="Name each in its own way.")


def table_row(header: Header, record: Record) -> Observed:
    """A row of a table; what stands in a column without a name is under its number, `#3`."""
    if record.fault is not None:
        return Observed(record.number, {}, header.named(record.fault))
    try:
        header.check_width(record.cells)
    except ClaimsError as error:
        return Observed(record.number, {}, error)
    cells = dict(named_cells(header.names, record.cells))
    return Observed(record.number, cells)


def named_cells(names: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each cell with its column."""
    for at, (name, cell) in enumerate(zip(names, cells, strict=False), 1):
        if name or cell.strip():
            yield name or f"#{at}", cell


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────


def json_rows(path: Path) -> Iterator[Observed]:
    """The objects of a JSON list, one after another; raises Refused where it is none."""
    with opened(path) as file:
        data = file.read(MOST_JSON_BYTES + 1)
    if len(data) > MOST_JSON_BYTES:
        raise Refused(
            f"The file has more than {MOST_JSON_BYTES >> 20} MiB; a JSON list is read whole.",
            way_out="Part it, or save it as CSV, which is read row by row.",
        )
    try:
        items = msgspec.json.decode(data.removeprefix(_BOM), type=list[msgspec.Raw])
    except UnicodeDecodeError as error:
        raise Refused("The file is not UTF-8.", way_out="Save it as UTF-8.") from error
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Refused(
            f"The file is no JSON list: {error}.",
            way_out='A series is a list of objects: [{"date": "2026-01-31", "tanks": 3}, …].',
        ) from error
    for number, item in enumerate(items, 1):
        yield json_row(number, bytes(item))


def json_row(number: int, item: bytes) -> Observed:
    """An object as a row."""
    try:
        decoded = json.loads(
            item.decode(), object_pairs_hook=without_duplicates, parse_int=Figure,
            parse_float=Figure, parse_constant=refuse_constant,
        )  # fmt: skip
        if not isinstance(decoded, dict):
            raise Refused(
                "The item is no object.", way_out='Such as {"date": "2026-01-31", "tanks": 3}.'
            )
        cells = {" ".join(name.split()): cell_of(name, value) for name, value in decoded.items()}
    except ClaimsError as error:
        return Observed(number, {}, error)
    except (ValueError, RecursionError):
        fault = Refused("The item cannot be read.", way_out="Write it as flat JSON in UTF-8.")
        return Observed(number, {}, fault)
    return Observed(number, cells)


def cell_of(name: str, value: Any) -> str:  # noqa: ANN401  what JSON holds is not known
    """A value as a cell; null is an empty one."""
    if value is None:
        return ""
    if isinstance(value, str):  # numbers too: they are figures
        if _SURROGATE.search(value):
            raise Refused("The cell holds half a character.", field=name, way_out="Correct it.")
        return value
    if isinstance(value, bool):
        return str(value).lower()
    kind = "a list" if isinstance(value, list) else "an object"
    raise Refused(f"The cell holds {kind}.", field=name, way_out="A cell is a number or a text.")


def sample(rows: Iterator[Observed], most: int) -> list[Mapping[str, str]]:
    """The cells of the first rows that can be read."""
    return [row.cells for row in islice(rows, most) if row.fault is None]
