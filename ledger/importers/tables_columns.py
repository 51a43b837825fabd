"""Finds the columns of a mapping in a table's header, and reads their cells."""

import difflib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import NamedTuple

from ledger.errors import Refused
from ledger.importers.tables_cells import Broken
from ledger.importers.tables_settings import Column


class Field(NamedTuple):
    """Where the value of a field comes from: the cell at a place from 0, or a constant."""

    place: int | None
    constant: str
    column: str | None  # what the table calls it
    values: dict[str, str]
    format: str | None = None
    separator: str | None = None


class Header:
    """The names of a table's columns."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = [" ".join(name.split()) for name in names]
        self.least = max((at for at, name in enumerate(self.names, 1) if name), default=0)

    def field(self, path: str, column: Column) -> Field:
        """Where a column of the mapping stands; raises Refused."""
        place = None if column.column is None else self.index(path, column.column)
        return Field(
            place=place, constant=column.constant or "", column=column.column,
            values=column.values, format=column.format, separator=column.separator,
        )  # fmt: skip

    def named(self, fault: Refused) -> Refused:
        """A fault that names a column by its number, with the column's name."""
        number = fault.place.field or ""
        if number.startswith("#") and int(number[1:]) <= len(self.names):
            fault.place = replace(fault.place, field=self.names[int(number[1:]) - 1] or number)
        return fault

    def index(self, path: str, wanted: str) -> int:
        """The index of a column by its name, or by its number from 1 as `#3`."""
        if wanted.startswith("#") and wanted[1:].isdigit() and wanted not in self.names:
            if 0 < int(wanted[1:]) <= len(self.names):
                return int(wanted[1:]) - 1
            raise Refused(
                f"There is no column {wanted}; there are {len(self.names)}.",
                field=path,
                way_out=self.listed(),
            )
        name = " ".join(wanted.split())
        found = [at for at, each in enumerate(self.names) if each == name]
        found = found or [
            at for at, each in enumerate(self.names) if each.casefold() == name.casefold()
        ]
        if len(found) == 1:
            return found[0]
        if found:
            numbers = " and ".join(f"#{at + 1}" for at in found)
            raise Refused(
                f"{len(found)} columns are called {wanted!r}.",
                field=path,
                way_out=f"Name it by its number: {numbers}.",
            )
        near = difflib.get_close_matches(name, self.names, n=1)
        hint = f"Did you mean {near[0]!r}? " if near and near[0] else ""
        raise Refused(f"No column is called {wanted!r}.", field=path, way_out=hint + self.listed())

    def listed(self) -> str:
        """A sentence that lists the columns."""
        shown = ", ".join(name or f"#{at}" for at, name in enumerate(self.names, 1))
        return f"The columns are {shown[:300]}." if shown else "The table has no columns."

    def check_width(self, cells: Sequence[str]) -> None:
        """Refuse a row with fewer cells than names, or with more that hold anything."""
        if len(cells) < self.least:
            count = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
            raise Refused(
                f"The row has {count}; the header has {len(self.names)}.",
                field=self.names[len(cells)] or f"#{len(cells) + 1}",
                way_out="Fill up the row; a missing delimiter moves all later cells.",
            )
        if len(cells) > len(self.names) and any(cells[len(self.names) :]):
            raise Refused(
                f"The row has {len(cells)} cells; the header has {len(self.names)}.",
                way_out="A cell that holds the delimiter stands in quotation marks.",
            )


class Cells:
    """The cells of a row, asked for by field."""

    def __init__(self, cells: Sequence[str], empty: AbstractSet[str]) -> None:
        self.cells = cells
        self.empty = empty

    def cell(self, field: Field) -> str:
        """The cell of a field as it stands, or what is said to stand for it; raises Refused."""
        if field.place is None:
            return field.constant
        cell = self.cells[field.place] if field.place < len(self.cells) else ""
        if isinstance(cell, Broken):
            raise Refused(
                str(cell), field=field.column, way_out="Write the value itself into the cell."
            )
        return field.values.get(cell.strip(), cell) if field.values else cell

    def text(self, field: Field) -> str:
        """The text of a field without outer white space; empty where it says nothing."""
        cell = self.cell(field)
        text = cell.strip()
        return "" if text in self.empty else cell if len(text) == len(cell) else text

    def peek(self, field: Field) -> str:
        """The text of a field; empty where it cannot be read."""
        try:
            return self.text(field)
        except Refused:
            return ""
