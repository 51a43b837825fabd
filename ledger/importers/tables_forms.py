"""What cells show of the column that they stand in."""

import re
from collections.abc import Callable, Sequence

from ledger.importers.tables_cells import Broken
from ledger.importers.tables_dates import is_date
from ledger.importers.tables_numbers import is_number

ENOUGH = 0.8  # the share of a column's cells that show what it is
DATES = ("said_at", "published", "reference_period")
LONGEST_NAME = 40  # characters of an outlet's name
LONG = 20  # characters of a sentence, at least
NO_VALUE = {"-", "–", "—", "n/a", "na", "n.a.", "k.a.", "k. a.", "s/d", "nd", "n.d.", "null",
             "none", "unknown", "unbekannt", "inconnu", "desconocido", "desconhecido"}  # fmt: skip


def share(cells: Sequence[str], shows: Callable[[str], bool]) -> float:
    """The share of cells that show something; 0 where there are none."""
    return sum(map(shows, cells)) / len(cells) if cells else 0.0


def says_any(cell: str) -> bool:
    """Whether a cell holds something that can be read."""
    return bool(cell.strip()) and not isinstance(cell, Broken)


def is_url(cell: str) -> bool:
    """Whether a cell is an address on the web."""
    return cell.strip().lower().startswith(("http://", "https://", "www."))


def is_period(cell: str) -> bool:
    """Whether a cell is a date or a year."""
    return is_date(cell) or is_year(cell)


def is_year(cell: str) -> bool:
    """Whether a cell may be a year."""
    return re.fullmatch(r"[12]\d{3}[?~]?", cell.strip()) is not None


def is_sentence(cell: str) -> bool:
    """Whether a cell is made of several words."""
    return len(cell) >= LONG and " " in cell.strip()


def are_outlets(cells: Sequence[str]) -> bool:
    """Whether cells are names that come again and again, and no addresses or titles."""
    names = {cell.strip() for cell in cells}
    is_name = all(len(name) <= LONGEST_NAME and not any(map(str.isdigit, name)) for name in names)
    return is_name and not any("://" in name for name in names) and len(names) < len(cells)


# What some cells at least must show for a column to be a field, whatever it is called.
FORMS: dict[str, Callable[[str], bool]] = {
    "value": is_number, "url": is_url, **dict.fromkeys(DATES, is_period),
}  # fmt: skip
