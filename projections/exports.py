"""Rows on their way out: the tables that are exported, and their cells as text.

Rules kept here:
- a proposition leaves as `claimed_proposition`, with its speaker in a column beside it;
- rows stand in the order in which they were recorded, so that the same ledger gives the same file;
- a text that a spreadsheet would run as a formula gets an apostrophe, and so does one that begins
  with apostrophes before such a sign: whoever takes the first one away has the text again.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from events.formulas import FORMULA_SIGNS
from projections import catalog
from projections.layers import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The views that leave together unless others are named, those that others refer to first.
USUAL = (
    "speakers", "sources", "measures", "statements", "reports", "estimates", "relations",
    "assessments",
)  # fmt: skip
FLAT = "claims"  # one table for a spreadsheet

TOGETHER = 2_000  # rows that are fetched at once

_FOLDER = Path(__file__).parent / "export"
_CLAIM, _CLAIMED = "proposition", "claimed_proposition"
_CHOSEN = re.compile(r"is_chosen\(('\w+'), ([^)]+)\)")  # as the headers have it
_IN = r"\2 in (select id from memory.main.chosen where noun = \1)"
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


class Exported(NamedTuple):
    """A table on its way out; `links` are columns that hold a key of another table."""

    name: str
    grain: str
    why: str
    key: tuple[str, ...]
    links: dict[str, str]
    chosen: str
    select: str
    claims: bool  # whether it has a column `proposition`
    is_own: bool  # whether it stands in `export/`


@cache
def exported(name: str) -> Exported:
    """A table of `export/`, or else a view as it stands; raises KeyError where there is neither."""
    path = _FOLDER / f"{name}.sql"
    made = catalog.read_definition(path) if path.is_file() else catalog.view_named(name)
    header = made.header
    links = dict(link.split() for link in header.get("links", "").split(",") if link.strip())
    return Exported(
        name=name, grain=header["grain"], why=header["why"], key=_words(header.get("key", "")),
        links=links, chosen=header.get("chosen", ""),
        select=made.select if path.is_file() else f"from {name}",
        claims=header.get("claims", "") == _CLAIM, is_own=path.is_file(),
    )  # fmt: skip


def query(name: str) -> str:
    """A query of `export/`, by the name of its file."""
    return catalog.read_definition(_FOLDER / f"{name}.sql").select


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


# ── what is chosen ───────────────────────────────────────────────────────────────────────────


def choose(connection: "DuckDBPyConnection", conditions: Sequence[str]) -> None:
    """Keep to the statements that fit all conditions, and to what leaves with them."""
    chosen = f"select statement_id from statements where {_all_of(conditions)}"  # noqa: S608  checked
    connection.execute(f"create table memory.main.chosen_statements as {chosen}")
    connection.execute(f"create table memory.main.chosen as {query('chosen')}")


def select_of(
    connection: "DuckDBPyConnection", table: Exported, *, is_chosen: bool, where: str | None = None
) -> str:
    """The SQL of a table's rows in their order; raises duckdb.Error where `where` is none.

    It is put together as text: every step of a relation plans all views below it anew.
    """
    conditions = [_CHOSEN.sub(_IN, table.chosen)] if is_chosen and table.chosen else []
    if where:
        conditions.append(where)
    rows = f"from (\n{table.select}\n) as {table.name} where {_all_of(conditions)}"
    order = ("position", *(name for name in table.key if name != "position"))
    if not table.is_own:
        columns = connection.sql(f"from {table.name}").columns
        order = tuple(name for name in order if name in columns)
    names = f"* rename ({_CLAIM} as {_CLAIMED})" if table.claims else "*"
    return f"select {names} {rows} order by {', '.join(map(_name, order)) or 'all'}"


def _all_of(conditions: Sequence[str]) -> str:
    """A condition of several; raises duckdb.Error where one of them is more than a condition."""
    for condition in conditions:
        statements = duckdb.extract_statements(f"select 1 where (\n{condition}\n)")
        if len(statements) != 1:
            raise duckdb.ParserException("Parser Error: a condition is no statement")
    return " and ".join(f"(\n{condition}\n)" for condition in conditions) or "true"


class Rows:
    """The rows of a query as they come, memory flat; no other query may run meanwhile."""

    def __init__(self, connection: "DuckDBPyConnection", sql: str) -> None:
        self._result = connection.execute(sql)
        self.columns = [str(column[0]) for column in self._result.description or ()]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        while rows := self._result.fetchmany(TOGETHER):
            yield from rows


# ── cells ────────────────────────────────────────────────────────────────────────────────────


def as_text(sql: str, columns: Sequence[tuple[str, str]]) -> str:
    """The same rows with every cell as text, as it may stand in CSV; columns have their types."""
    cells = ", ".join(f"{text_of(name, kind)} as {_name(name)}" for name, kind in columns)
    return f"select {cells} from ({sql})"  # noqa: S608  names of columns


def text_of(name: str, kind: str) -> str:
    """The SQL of a cell as text; lists and structs as JSON, whole numbers without a point."""
    cell = _name(name)
    if kind == "VARCHAR":
        return f"case when {formula_like(cell)} then '''' || {cell} else {cell} end"
    if kind in ("DOUBLE", "FLOAT"):
        return (
            f"case when {cell} = trunc({cell}) and abs({cell}) < 1e18"
            f" then cast(cast({cell} as bigint) as varchar) else cast({cell} as varchar) end"
        )
    if kind.startswith("TIMESTAMP"):
        return f"strftime({cell}, '{_TIME}')"
    if is_nested(kind):
        return f"cast(to_json({cell}) as varchar)"
    return f"cast({cell} as varchar)"


def is_nested(kind: str) -> bool:
    """Whether a type of DuckDB holds several values."""
    return kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))


def formula_like(cell: str) -> str:
    """The SQL condition that a spreadsheet would run a text, its apostrophes taken away."""
    signs = ", ".join(f"chr({ord(sign)})" for sign in FORMULA_SIGNS)
    return f"list_contains([{signs}], left(ltrim({cell}, ''''), 1))"


def write_csv(
    connection: "DuckDBPyConnection", sql: str, columns: Sequence[tuple[str, str]], path: Path
) -> None:
    """Write rows as CSV (RFC 4180) in UTF-8, with a line of names first."""
    connection.execute(
        f"copy ({as_text(sql, columns)}) to {quoted(str(path))} (format csv, header true)"
    )


def write_parquet(
    connection: "DuckDBPyConnection", sql: str, path: Path, facts: Sequence[tuple[str, str]]
) -> None:
    """Write rows as Parquet, with facts in the key-value metadata of the file."""
    named = ", ".join(f"{quoted(key)}: {quoted(value)}" for key, value in facts)
    connection.execute(
        f"copy ({sql}) to {quoted(str(path))}"
        f" (format parquet, compression zstd, kv_metadata {{{named}}})"
    )


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
