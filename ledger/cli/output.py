"""Rows on their way out: tables for people, plain formats for programs."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ledger.cells import as_csv, as_json, as_jsonl, cell_text, one_line

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation


class Format(StrEnum):
    """How rows come out."""

    table = "table"
    csv = "csv"
    json = "json"
    jsonl = "jsonl"
    md = "md"
    parquet = "parquet"


FormatOption = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="table on a terminal and in a pipe unless told."),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to a file instead.", dir_okay=False)
]


_SEALED = "sealed meanwhile"


def put_rows(
    relation: "DuckDBPyRelation",
    form: Format | None,
    output: Path | None = None,
    brief: Sequence[str] = (),
    *,
    hint: bool = True,
    room: Path | None = None,
) -> None:
    """Write rows in a format; a table shows the columns in `brief`, every other format all.

    `room` is where the connection may write, if it is locked down.
    """
    from duckdb import InvalidInputException, IOException

    try:
        _put_rows(relation, form, output, brief, hint=hint, room=room)
    except (IOException, InvalidInputException) as error:
        # A segment may have been sealed since DuckDB listed the files; the view `events` says so.
        if isinstance(error, InvalidInputException) and _SEALED not in str(error):
            raise
        _put_rows(relation, form, output, brief, hint=hint, room=room)


def _put_rows(
    relation: "DuckDBPyRelation",
    form: Format | None,
    output: Path | None,
    brief: Sequence[str],
    *,
    hint: bool,
    room: Path | None,
) -> None:
    form = form or Format.table
    if form is Format.table:
        shown = [name for name in brief if name in relation.columns] or relation.columns
        places = [relation.columns.index(name) for name in shown]
        rows = [[row[at] for at in places] for row in relation.fetchall()]
        put_text(text_table(shown, rows), output)
        if hint and len(shown) < len(relation.columns) and output is None:
            more = len(relation.columns) - len(shown)
            typer.echo(
                f"{more} more columns: --all, or --format csv|json|jsonl|md|parquet", err=True
            )
    elif form is Format.parquet:
        put_parquet(relation, output, room)
    else:
        put_text(WRITERS[form](relation.columns, json_rows(relation, form)), output)


def json_rows(relation: "DuckDBPyRelation", form: Format) -> Sequence[Sequence[Any]]:
    """Rows; what is JSON in a column stays JSON in JSON, instead of a text that holds it."""
    rows: Sequence[Sequence[Any]] = relation.fetchall()
    nested = [at for at, kind in enumerate(relation.types) if str(kind) == "JSON"]
    if form not in (Format.json, Format.jsonl) or not nested:
        return rows
    import msgspec

    return [
        [
            msgspec.Raw(cell.encode()) if at in nested and cell is not None else cell
            for at, cell in enumerate(row)
        ]
        for row in rows
    ]


def put_text(text: str, output: Path | None) -> None:
    """Write text to a file or to standard output."""
    if output:
        write_file(output, f"{text}\n".encode())
    elif text:
        sys.stdout.write(text + "\n")


def put_parquet(relation: "DuckDBPyRelation", output: Path | None, room: Path | None) -> None:
    """Write Parquet; to a terminal it is refused, since it is not text."""
    from ledger.errors import UsageFault

    if output is None and sys.stdout.isatty():
        raise UsageFault("Parquet is not text.", way_out="Add --output FILE, or pipe it.")
    with room_to_write() if room is None else nullcontext(room) as folder:
        path = folder / "rows.parquet"
        relation.write_parquet(str(path))
        data = path.read_bytes()
    if output:
        write_file(output, data)
    else:
        sys.stdout.buffer.write(data)


@contextmanager
def room_to_write() -> Iterator[Path]:
    """A folder for the files that DuckDB writes, gone afterwards."""
    with TemporaryDirectory(prefix="claims-") as made:
        yield Path(made)


def write_file(path: Path, data: bytes) -> None:
    """Write what was asked for to a file; raises Refused where it cannot be."""
    from ledger.errors import Refused

    try:
        path.write_bytes(data)
    except OSError as error:
        raise Refused(
            f"{path} cannot be written: {(error.strerror or str(error)).lower()}.",
            way_out="Name a file in a folder that is there.",
        ) from error


# ── text ─────────────────────────────────────────────────────────────────────────────────────


def text_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table: framed by rich on a terminal, aligned and never cut short in a pipe."""
    cells = [[cell_text(value) for value in row] for row in rows]
    if not rows:
        return "no rows"
    return framed(columns, cells) if sys.stdout.isatty() else aligned(columns, cells)


def aligned(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """Columns side by side, two spaces apart."""
    flat = [list(columns), *[[one_line(cell) for cell in row] for row in cells]]
    widths = [max(len(row[at]) for row in flat) for at in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in flat
    )


def framed(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """A table that fits the terminal; long cells are wrapped, none is cut."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    plain = "NO_COLOR" in os.environ
    table = Table(box=box.SIMPLE_HEAD, header_style="" if plain else "bold", pad_edge=False)
    for at, name in enumerate(columns):
        numeric = all(
            row[at].replace(",", "").lstrip("-").isdigit() or not row[at] for row in cells
        )
        justify: Literal["left", "right"] = "right" if numeric else "left"
        table.add_column(name.replace("_", " "), justify=justify, overflow="fold")
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    console = Console(highlight=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get().rstrip("\n")


def as_markdown(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table in Markdown."""
    lines = [list(columns), ["---"] * len(columns)]
    lines += [[one_line(cell_text(value)).replace("|", r"\|") for value in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


WRITERS = {
    Format.csv: as_csv,
    Format.json: as_json,
    Format.jsonl: as_jsonl,
    Format.md: as_markdown,
}
