"""Reads the SQL files of this package: what each makes, what it needs, and in which order."""

import hashlib
import json
import re
import sys
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from projections.schema import line_columns

HERE = Path(__file__).parent
NOTHING = "nothing"  # instead of the name of a view: no rows
_FIELD = re.compile(r'\bdata\."?([a-z0-9_]+)')
_TYPE = re.compile(r"\btype = '([a-z_.]+\.v[0-9]+)'")


@dataclass(frozen=True)
class Definition:
    """One object: its name, its header (`grain`, `needs`, `why`) and its select statement.

    A view that people ask is needed by its name alone, one of an inner layer as `forms.<name>`.
    Where the condition under `when` is not met, a view gives the same as the one under `else`, and
    its own select is not even planned; `nothing` stands for no rows.
    """

    layer: str
    name: str
    header: dict[str, str]
    select: str

    @property
    def needs(self) -> set[str]:
        """The names that it reads from, with their layer."""
        named = {need.strip() for need in self.header.get("needs", "").split(",")}
        return (named | {self.header.get("else", "")}) - {"", NOTHING}

    @property
    def types(self) -> frozenset[str]:
        """Of a table, the types of events that fill it; none where every line does."""
        return frozenset(_TYPE.findall(self.select))

    @property
    def fields(self) -> frozenset[str]:
        """Of a table, the fields of the data of events that it is filled from."""
        return frozenset(_FIELD.findall(self.select))

    @property
    def plain(self) -> frozenset[str]:
        """Of a table, the columns whose values hardly repeat: they are stored uncompressed."""
        return frozenset(
            name.strip() for name in self.header.get("plain", "").split(",") if name.strip()
        )

    @property
    def brief(self) -> list[str]:
        """The columns that a table for people shows."""
        return [name.strip() for name in self.header.get("brief", "").split(",") if name.strip()]

    @property
    def qualified_name(self) -> str:
        """The name by which queries and other views call it."""
        return self.name if self.layer == "views" else f"{self.layer}.{self.name}"


@cache
def tables() -> tuple[Definition, ...]:
    """The tables: each a select over `incoming`, the lines that are being projected."""
    return read_folder("tables")


def tables_of(types: frozenset[str]) -> list[Definition]:
    """The tables to which events of some types add rows."""
    return [table for table in tables() if not table.types or table.types & types]


@cache
def columns_of(types: frozenset[str]) -> dict[str, str]:
    """The columns of a line that the tables of events of some types are filled from."""
    always = frozenset({"redacted_by"})
    return line_columns(always.union(*(table.fields for table in tables_of(types))))


@cache
def forms() -> tuple[Definition, ...]:
    """The inner views: what counts after voids, revisions and judgements."""
    return in_order(read_folder("forms"))


@cache
def views() -> tuple[Definition, ...]:
    """The views that people ask."""
    return in_order(read_folder("views"))


def view_named(name: str) -> Definition:
    """A view that people ask, by its name; raises KeyError where there is none."""
    return {view.name: view for view in views()}[name]


@cache
def query(name: str) -> str:
    """A query with parameters, by the name of its file."""
    return read_definition(HERE / "queries" / f"{name}.sql").select


def script(name: str) -> str:
    """The text of a file that is run as it stands."""
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")


@cache
def code_digest() -> str:
    """SHA-256 over all that views are made of: it changes when their rows might.

    That is every SQL file of a view or below one, how they are laid over each other, the types of
    a line, and the version of DuckDB.
    """
    digest = hashlib.sha256(json.dumps([version_of("duckdb"), line_columns()]).encode())
    made_of = [HERE / "kept.py", HERE / "layers.py", HERE / "names.py", *HERE.glob("*.sql")]
    for folder in ("tables", "forms", "views"):
        made_of += (HERE / folder).glob("*.sql")
    for path in sorted(made_of):
        digest.update(
            path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0"
        )
    return digest.hexdigest()


def version_of(package: str) -> str:
    """The version of a package that is installed, as `importlib.metadata` tells it.

    The name of the folder that tells it is looked for first: that module takes long to import.
    """
    for folder in map(Path, filter(None, sys.path)):
        found = list(folder.glob(f"{package}-*.dist-info"))
        if len(found) == 1:
            return found[0].name.removesuffix(".dist-info").removeprefix(f"{package}-")
        if found:
            break
    from importlib.metadata import version

    return version(package)


def read_folder(folder: str) -> tuple[Definition, ...]:
    """Every definition of a folder, by name."""
    return tuple(read_definition(path) for path in sorted((HERE / folder).glob("*.sql")))


def read_definition(path: Path) -> Definition:
    """Read one file: a header of `-- word: text` lines, then its select."""
    header: dict[str, str] = {}
    word = ""
    lines = path.read_text(encoding="utf-8").splitlines()
    body = next(number for number, line in enumerate(lines) if not line.startswith("--"))
    for line in lines[:body]:
        text = line.removeprefix("--")
        if text.startswith("   "):
            header[word] += " " + text.strip()
        else:
            word, _, value = text.strip().partition(":")
            header[word] = value.strip()
    return Definition(path.parent.name, path.stem, header, "\n".join(lines[body:]).strip())


def in_order(definitions: tuple[Definition, ...]) -> tuple[Definition, ...]:
    """Sort so that each comes after those of the same folder that it needs."""
    by_name = {definition.qualified_name: definition for definition in definitions}
    graph = {name: definition.needs & by_name.keys() for name, definition in by_name.items()}
    return tuple(by_name[name] for name in TopologicalSorter(graph).static_order())
