"""Cells of a table: text, and what a workbook knows of its cells beyond their text."""

import unicodedata
from typing import NamedTuple

from events.formulas import FORMULA_SIGNS
from ledger.errors import Refused

MOST_CHARACTERS = 131_072  # of a cell; an event's line takes at most 65,535 bytes anyway


class Figure(str):
    """A number that is no text in its workbook: plain digits, with a point before decimals."""

    __slots__ = ()


class Day(str):
    """A date that is no text in its workbook, as EDTF: as precise as it is shown there."""

    __slots__ = ()


class Broken(str):
    """A cell that cannot be read; it says why. It matters only where its column is asked for."""

    __slots__ = ()


class Record(NamedTuple):
    """A row of a table: its number as a person sees it, and its cells, or else what is wrong."""

    number: int
    cells: list[str]
    fault: Refused | None = None

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return self.fault is None and not any(cell.strip() for cell in self.cells)


def folded(text: str) -> str:
    """A text without case and accents, its white space single: for comparing words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def as_meant(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it (`claims export`)."""
    bare = cell.lstrip("'")
    return cell[1:] if bare != cell and bare.startswith(tuple(FORMULA_SIGNS)) else cell


def too_long(column: str | None = None) -> Refused:
    """The refusal of a cell that no event could hold."""
    return Refused(
        f"A cell has more than {MOST_CHARACTERS:,} characters.",
        field=column,
        way_out="Shorten it: what is long stands in a document, and a quote is a part of it.",
    )
