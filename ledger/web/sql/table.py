"""A result as a table: every cell is text, whatever stands in it."""

from collections.abc import Sequence

import msgspec
from markupsafe import Markup

from ledger.web.sql.messages import Cell
from ledger.web.templating import said

MOST = 2_000  # characters of a cell that are shown; a file holds all of them
_LONGEST_TYPE = 40
_NUMBERS = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
    "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "BIGNUM",
)  # fmt: skip


def shown(value: Cell) -> Markup:
    """A cell: apart from what stands around it, unseen characters by their numbers."""
    if value is None:
        return Markup('<span class="null">null</span>')
    text = text_of(value)
    if len(text) <= MOST:
        return said(text)
    more = Markup('… <span class="null">{:,} characters in all</span>').format(len(text))
    return said(text[:MOST]) + more


def text_of(value: Cell) -> str:
    """A value as text: what is a list or an object is JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def heads(columns: Sequence[str], types: Sequence[str]) -> list[tuple[str, str, bool]]:
    """The heads of columns: the name, the type, and whether its cells are numbers."""
    return [
        (name, kind if len(kind) <= _LONGEST_TYPE else f"{kind[: _LONGEST_TYPE - 1]}…", number)
        for name, kind, number in zip(columns, types, map(is_number, types), strict=True)
    ]


def is_number(kind: str) -> bool:
    """Whether a type of DuckDB is one of numbers."""
    return kind.startswith(_NUMBERS) and not kind.endswith("]")
