"""What the events of a log say, laid out for an audit: which of it does not fit together.

Rules kept here:
- everything is read from the lines alone, into a database of its own that is gone afterwards;
- what cannot be read as an event is passed over: it is named where the lines themselves are read;
- memory is bounded: the lines are parsed in groups, and what does not fit goes to the disk.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from events.vocabulary import BY_TYPE
from projections import catalog
from projections.catalog import Definition
from projections.schema import ENVELOPE, line_columns

MEMORY = "2GB"  # what DuckDB holds at once; the rest of what it works on lies in the folder
ROWS_AT_ONCE = 10_000

# Fields that no rule between events speaks of; reading them would take twice the time.
UNASKED = frozenset({
    "aliases", "assessor", "attributed_to", "attribution", "audience", "author", "authority",
    "basis", "code", "definition", "digests", "error", "explanation", "format_version",
    "identifiers", "information_credibility", "judgement", "kind", "label", "language", "leaf_hash",
    "media_fragment", "media_type", "method", "name", "note", "organization", "origin",
    "proposition", "quote_mode", "rating", "reason", "relation", "retrieved_at", "role", "root",
    "source_reliability", "speech_act", "tags", "title", "topics", "translated_from", "unit", "url",
    "venue", "verifier_key", "words",
})  # fmt: skip


class Audit:
    """A database of what events say; a context manager. Its files lie in a folder of the caller's.

    Raises duckdb.Error where a file cannot be parsed at all, or the disk is full.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = duckdb.connect()
        self.connection.execute("set enable_progress_bar = false")  # it would go to stdout
        self.connection.execute(f"set memory_limit = '{MEMORY}'")
        self.connection.execute("set temp_directory = ?", [str(folder / "spilled")])
        self.connection.execute("set preserve_insertion_order = false")
        # Compressing tables that are read a few times and thrown away takes longer than the rest.
        self.connection.execute("set checkpoint_threshold = '1TB'")
        self.connection.execute("set variable audit_columns = ?", [audit_columns()])
        self.connection.execute("set variable audit_types = ?", [list(BY_TYPE)])
        self.connection.execute("create table present (sha256 varchar, size bigint)")
        self.has_tables = False

    def load(self, files: Sequence[Path], size: int) -> None:
        """Take in the events below position `size` of some files of lines, all of them or none."""
        self.connection.execute("set variable audit_files = ?", [[str(file) for file in files]])
        self.connection.execute("set variable audit_size = ?", [size])
        self.connection.execute(catalog.script("audits/lines"))
        self.connection.execute("begin")
        try:
            self.fill_tables()
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")
        self.has_tables = True

    def fill_tables(self) -> None:
        """Fill every table from `lines`; the first time they are made."""
        beginning = "insert into {}" if self.has_tables else "create table {} as"
        for table in definitions("tables"):
            self.connection.execute(f"{beginning.format(table.name)} {table.select}")

    def take_documents(self, names: Sequence[str], sizes: Sequence[int]) -> None:
        """Take in the names of documents that are there, and their sizes in bytes."""
        self.connection.execute("insert into present select unnest(?), unnest(?)", [names, sizes])

    def settle(self) -> None:
        """Work out, once all lines are in, which form of each thing counted when."""
        if not self.has_tables:
            nothing = self.folder / "nothing.jsonl"
            nothing.touch()
            self.load([nothing], 0)
        self.connection.execute("drop table lines; create schema whole; create schema forms")
        self.connection.execute(catalog.script("audits/voids"))
        hidden = catalog.read_definition(catalog.HERE / "forms" / "hidden_ever.sql")
        self.connection.execute(f"create view whole.hidden_ever as {hidden.select}")
        for form in catalog.in_order(definitions("forms")):
            kind = "table" if "table" in form.header else "view"
            self.connection.execute(f"create {kind} {form.qualified_name} as {form.select}")

    def rows(self, sql: str, *parameters: object) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, fetched in groups."""
        reader = self.connection.cursor().execute(sql, parameters)
        while group := reader.fetchmany(ROWS_AT_ONCE):
            yield from group

    def number(self, sql: str, *parameters: object) -> int:
        """The only number that a query gives; 0 for null."""
        row = self.connection.execute(sql, parameters).fetchone()
        return int(row[0] or 0) if row else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.connection.close()


@cache
def definitions(kind: str) -> tuple[Definition, ...]:
    """The files of a folder of `audits/`: tables filled from lines, forms over them, checks.

    A check gives the rows that offend: position, what, expected, found.
    """
    return catalog.read_folder(f"audits/{kind}")


@cache
def audit_columns() -> dict[str, str]:
    """The columns of a line that rules between events speak of, with the DuckDB type of each."""
    envelope = {name: ENVELOPE[name] for name in ("sequence", "type", "subject", "key")}
    return envelope | {"data": pruned(duckdb.sqltype(line_columns()["data"]))}


def pruned(kind: Any) -> str:  # noqa: ANN401  a type of DuckDB, whose stubs do not say what it holds
    """A type without the fields that are not asked for, at any depth."""
    if kind.id == "list":
        return f"{pruned(dict(kind.children)['child'])}[]"
    if kind.id != "struct":
        return str(kind)
    fields = (f'"{name}" {pruned(each)}' for name, each in kind.children if name not in UNASKED)
    return f"STRUCT({', '.join(fields)})"
