"""What a row of a data file becomes: the fields of a statement, of its report and of its numbers.

Rules kept here:
- the report quotes the whole row, from a source that stands for the file; a source that the row
  names is the way by which it came;
- a column that a version does not have says nothing in it.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ledger.errors import ClaimsError, Refused
from ledger.importers.git_files import Line, escaped, visible
from ledger.importers.rows import Raw
from ledger.importers.tables_cells import Record
from ledger.importers.tables_columns import Cells, Header
from ledger.importers.tables_parts import SOURCE_FIELDS, Lookups
from ledger.importers.tables_rows import Reader
from ledger.importers.tables_settings import QUOTED, Column, NumberColumns, TableSettings
from ledger.quantities import parse_value

LEAVE = "Or record such rows without what cannot be read: --set unreadable=leave."
WHOLE_ROW = "@row"  # the column that holds all cells of a row as words

_NEEDED = ("speaker", "proposition", "quote")  # what no row can do without


@dataclass(frozen=True)
class Wanted:
    """A row as fields of commands; numbers by their place in the mapping."""

    statement: Raw
    report: Raw
    numbers: dict[int, Raw]


class Made(NamedTuple):
    """A row, and the commands that make whom and what it names."""

    wanted: Wanted
    shared: list[Raw]


class RowReader(Reader):
    """Reads rows of one version of the file that the source `source_id` stands for."""

    def __init__(
        self, source_id: str, settings: TableSettings, columns: Sequence[str], found: Lookups
    ) -> None:
        names = [*columns, WHOLE_ROW]
        super().__init__(Path(source_id), there(settings, Header(names)), Header(names), found)
        self.source_id = source_id
        self.names = columns
        self.singles = [
            (at, single(self, alone))
            for at, one in enumerate(settings.columns.all_numbers())
            if (alone := number_there(one[1], self.header)) is not None
        ]

    def look_up(self, lines: Sequence[Line]) -> None:
        """Look up the names in some rows, all at once."""
        rows = [self.cells(line) for line in lines]
        self._look_up([Record(0, row) for row in rows])
        measures = [reader.numbers[0].measure for _, reader in self.singles]
        cells = [Cells(row, self.empty) for row in rows]
        self.found.measures.load(each.peek(field) for each in cells for field in measures)

    def cells(self, line: Line) -> list[str]:
        """The cells of a row, and all of them as words."""
        pairs = zip(self.names, line.cells, strict=True)
        words = "; ".join(f"{name}: {cell}" for name, cell in pairs if cell.strip())
        return [*line.cells, visible(" ".join(words.split()))]

    def row(self, line: Line, *, leave: bool) -> Made:
        """The fields of a row; `leave` leaves out a cell that cannot be read, and notes it.

        Raises Refused with the column at fault.
        """
        cells = self.cells(line)
        left: list[str] = []
        while True:
            try:
                return self._made(line, cells, left)
            except ClaimsError as error:
                place = self._place(error.place.field)
                if place is None or not cells[place]:
                    raise error.at(line=line.number) from None
                if not leave:
                    error.way_out = f"{error.way_out} {LEAVE}".strip()
                    raise error.at(line=line.number) from None
                left.append(f"{self.header.names[place]} “{visible(cells[place])}”")
                cells[place] = ""

    def _place(self, column: str | None) -> int | None:
        """Where a column stands that a row can do without."""
        needed = {self.fields[name].column for name in _NEEDED if name in self.fields}
        if column is None or column in needed:
            return None
        try:
            return self.header.index("columns", column)
        except Refused:
            return None

    def _made(self, line: Line, row: list[str], left: list[str]) -> Made:
        cells = Cells(row, self.empty)
        said = {name: cells.text(field) for name, field in self.fields.items()}
        shared: list[Raw] = []
        numbers: dict[int, Raw] = {}
        statement = self._statement(said, shared)
        if left:
            note = f"Not read: {', '.join(left)}."
            statement["note"] = f"{statement['note']} {note}" if statement["note"] else note
        report = self._report_of(line, said, shared)
        for at, reader in self.singles:
            for made in reader.numbers_of(cells, shared):
                numbers[at] = number_fields(made.command, reader.numbers[0].value.column)
        return Made(Wanted(statement, report, numbers), shared)

    def _statement(self, said: dict[str, str], shared: list[Raw]) -> Raw:
        return {
            "speaker_id": self._speaker(said, shared).id,
            "said_at": self.date_of(said, "said_at"),
            "speech_act": (said.get("speech_act") or "assert").lower().replace(" ", "_"),
            "proposition": visible(said.get("proposition") or said["quote"]),
            "language": said.get("language") or None,
            "venue": visible(said.get("venue", "")) or None,
            "topics": self._topics(said),
            "note": visible(said.get("note", "")) or None,
        }

    def _report_of(self, line: Line, said: dict[str, str], shared: list[Raw]) -> Raw:
        """The report: the row itself, with the words that somebody said in it."""
        quote = said.get("quote")
        mode = said.get("quote_mode", "").lower() or "direct"
        is_quoted = bool(quote) and mode in QUOTED
        via = []
        if any(said.get(name) for name in SOURCE_FIELDS):
            via = [{"source_id": self.source_of(said, shared)[0]}]
        return {
            "source_id": self.source_id,
            "quote": line.said,
            "quote_mode": "partial" if is_quoted else "indirect",
            "fragments": [inner(quote)] if quote and is_quoted else [],
            "attributed_to": visible(said.get("attributed_to", "")) or None,
            "via": via,
        }


def number_fields(command: Raw, column: str | None) -> Raw:
    """The fields of a number; raises Refused for a cell that holds none."""
    try:
        parse_value(command["value"])
    except ClaimsError as error:
        raise error.at(field=column) from None
    words = command.get("value_text")
    return {
        "measure_id": command["measure_id"],
        "value": command["value"],
        "reference_period": command.get("reference_period"),
        "value_text": inner(words) if words else None,
        "note": command.get("note"),
    }


def inner(text: str) -> str:
    """A text as it stands within a row that is written as JSON."""
    return escaped(text)[1:-1]


def single(reader: Reader, number: NumberColumns) -> Reader:
    """The same reader with one number only."""
    made = copy(reader)
    made.numbers = [reader._number("columns", number)]  # noqa: SLF001  of the class that it extends
    return made


# ── columns that a version has ───────────────────────────────────────────────────────────────


def there(settings: TableSettings, header: Header) -> TableSettings:
    """The mapping without the columns that a version lacks, and without its numbers."""
    columns = settings.columns
    kept: dict[str, Any] = {
        name: column if has(header, column) else None
        for name in type(columns).model_fields
        if isinstance(column := getattr(columns, name), Column)
    }
    if kept.get("speaker") is None:
        header.field("columns.speaker", columns.speaker)  # raises
    if kept.get("proposition") is None and kept.get("quote") is None:
        claim = columns.proposition or columns.quote
        assert claim is not None, "the mapping names one"
        header.field("columns.proposition", claim)  # raises
    numbers = dict.fromkeys(("value", "measure", "unit", "reference_period", "words"))
    made = columns.model_copy(update=kept | numbers | {"numbers": []})
    return settings.model_copy(update={"columns": made})


def number_there(number: NumberColumns, header: Header) -> NumberColumns | None:
    """A number without the columns that a version lacks; None without its value or measure."""
    if not has(header, number.value) or not has(header, number.measure):
        return None
    rest = ("unit", "reference_period", "words")
    kept = {name: each if has(header, each := getattr(number, name)) else None for name in rest}
    return number.model_copy(update=kept)


def has(header: Header, column: Column | None) -> bool:
    """Whether a version has a column of the mapping; a constant is everywhere."""
    if column is None or column.column is None:
        return True
    try:
        header.index("columns", column.column)
    except Refused:
        return column.column in header.names  # two of one name: it is told when it is read
    return True


def lacking(settings: TableSettings, names: Sequence[str]) -> Refused | None:
    """The refusal of a column of the mapping that no version has."""
    header = Header([*names, WHOLE_ROW])
    columns = settings.columns
    single_ones = [
        (f"columns.{name}", getattr(columns, name)) for name in type(columns).model_fields
    ]
    several = [
        (f"{path}.{name}", getattr(number, name))
        for path, number in columns.all_numbers()
        for name in type(number).model_fields
    ]
    for path, column in [*single_ones, *several]:
        if isinstance(column, Column) and column.column is not None:
            try:
                header.index(path, column.column)
            except Refused as refused:
                return refused
    return None
