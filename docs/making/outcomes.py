"""The sections of views and of errors."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

import ledger
from ledger.errors import ClaimsError
from making.markdown import first_line, table
from projections import catalog
from projections.build import empty_file
from projections.columns import meaning

# ── views ────────────────────────────────────────────────────────────────────────────────────


def view_columns() -> dict[str, list[tuple[str, str]]]:
    """The columns of every view with their types, from a database of no events."""
    with TemporaryDirectory(prefix="claims-") as made:
        path = Path(made) / "empty.duckdb"
        path.write_bytes(empty_file())
        log = Path(made) / "log.jsonl"
        log.touch()
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("set variable log_files = ?", [[str(log)]])
            return {
                view.name: [
                    (str(name), str(kind))
                    for name, kind, *_ in connection.execute(f"describe {view.name}").fetchall()
                ]
                for view in catalog.views()
            }


def view_lines() -> Iterator[str]:
    """The section of views."""
    yield from VIEWS_INTRODUCTION.strip().splitlines()
    yield ""
    columns = view_columns()
    for view in sorted(catalog.views(), key=lambda each: each.name):
        yield from (f"### `{view.name}`", "")
        yield f"{sentence(view.header['grain'])} {sentence(view.header['why'])}"
        yield ""
        rows = [
            [f"`{name}`", column_type(kind), meaning(view.name, name)]
            for name, kind in columns[view.name]
        ]
        yield from table(["column", "type", "meaning"], rows)


def sentence(text: str) -> str:
    """Words of a header as a sentence."""
    return f"{text[:1].upper()}{text[1:]}."


def column_type(kind: str) -> str:
    """A type; one that DuckDB wrote in many words stands as code."""
    return f"`{kind}`" if "(" in kind else kind


VIEWS_INTRODUCTION = """
## Views

Every view follows the session variable `as_of`: a size of the log, a `TIMESTAMP`, a `TIMESTAMPTZ`
or a `DATE` (UTC). `position` is that of the event that the row's form came from, `recorded_at` and
`actor` are its time and its recorder. A date is three columns: the EDTF text, the first day and the
last day. `claims view NAME` shows a few columns, `--all` every one.
"""


# ── errors ───────────────────────────────────────────────────────────────────────────────────


def error_classes() -> Iterator[tuple[int, type[ClaimsError]]]:
    """Every way to fail with its depth in the tree, each below what it is a kind of."""
    for module in pkgutil.walk_packages(ledger.__path__, "ledger."):
        importlib.import_module(module.name)

    def below(kind: type[ClaimsError], depth: int) -> Iterator[tuple[int, type[ClaimsError]]]:
        yield depth, kind
        for each in sorted(kind.__subclasses__(), key=lambda each: each.__name__):
            yield from below(each, depth + 1)

    yield from below(ClaimsError, 0)


def error_lines() -> Iterator[str]:
    """The section of errors and exit codes."""
    yield from ERRORS_INTRODUCTION.strip().splitlines()
    yield ""
    rows = [
        [f"`{kind.__name__}`", parent(kind, depth), str(kind.exit_code), first_line(kind.__doc__)]
        for depth, kind in error_classes()
    ]
    yield from table(["error", "a kind of", "exit code", "what happened"], rows)


def parent(kind: type[ClaimsError], depth: int) -> str:
    """What an error is a kind of."""
    return f"`{kind.__mro__[1].__name__}`" if depth else ""


ERRORS_INTRODUCTION = """
## Errors and exit codes

An error is three short lines on stderr: what happened, where, what to do. Nothing of a failing
batch is written. Besides the codes below, 0 says that all went well, 1 that there are findings,
2 also that the command line was not understood, and 130 that the command was interrupted.
"""
