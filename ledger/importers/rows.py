"""What an importer gives: rows with the commands that they become, and rows that it refuses.

Rules kept here:
- a row counts once: it is read or refused, and both together are the rows of the source;
- what a row shares with others (its speaker, its source) is made where it is not there yet, and
  left as it is where it is.
"""

from typing import Any

import msgspec

from ledger.errors import ClaimsError

Raw = dict[str, Any]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row, item or file of a source, with the commands that it becomes.

    `number` counts as the person who looks at the source does, from 1; None where a row is a file.
    `columns` says by which name the source calls a field of a command: `reports[0].quote`, or a
    part of it. `expect_size` is given where commands name positions: that of the ledger when the
    row's turn comes. `counts` says what stands in the row in the source's own words, as
    `{"assertion": 1, "fact-check": 3}`, where these are not the things of the ledger. `size_after`
    is given with `expect_size`: the row's own name, and the size that the ledger has after it.
    """

    number: int | None
    commands: list[Raw]
    shared: list[Raw] = []
    columns: dict[str, str] = {}
    file: str | None = None
    expect_size: int | None = None
    counts: dict[str, int] = {}
    size_after: dict[str, int] = {}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is refused: where it stands, what is wrong, and the way out."""

    number: int | None
    what: str
    way_out: str = ""
    column: str | None = None
    file: str | None = None

    @classmethod
    def of(cls, error: ClaimsError, number: int | None, **more: str | None) -> "Fault":
        """The fault that an error tells; its field is the column unless another is given."""
        place = error.place
        said: dict[str, str | None] = {"column": place.field, "file": place.file}
        said |= {name: value for name, value in more.items() if value is not None}
        return cls(number=number, what=error.what, way_out=error.way_out, **said)

    def __str__(self) -> str:
        """Where, and what, on one line."""
        row = f"row {self.number}" if self.number is not None else None
        column = f"column {self.column}" if self.column else None
        where = ", ".join(part for part in (self.file, row, column) if part)
        return f"{where}: {self.what}" if where else self.what


Item = Row | Fault


def column_of(columns: dict[str, str], path: str | None) -> str | None:
    """What the source calls a field, or else the nearest part around it; the field itself else."""
    named = path
    while named:
        if named in columns:
            return columns[named]
        named = named[: max(named.rfind("."), named.rfind("["), 0)]
    return path
