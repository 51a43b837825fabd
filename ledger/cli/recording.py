"""`claims sheet`, `record`, `capture` and `add`: from a document to recorded statements."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.adding import add
from ledger.cli.context import (
    AcceptClock,
    AcceptRestored,
    Actor,
    Documents,
    DryRun,
    Json,
    Reason,
    Wait,
    open_ledger,
)
from ledger.cli.receipts import put_ids
from ledger.cli.writing import append_batch, writer_options

if TYPE_CHECKING:
    from ledger.given import Given
    from ledger.session import Receipt
    from ledger.sheets import SheetCommand


def sheet(
    document: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A text or Markdown file.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The sheet to write; else it is printed.")
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of sheets, for editors.")
    ] = False,
) -> None:
    """Start a claim sheet for a document, with the source filled in as far as the text shows.

    \b
    claims sheet article.txt -o sheets/article.yaml
    claims sheet --schema > claim-sheet.schema.json
    """
    from ledger.errors import Refused, UsageFault
    from ledger.sheets import sheet_schema, start_sheet

    if schema:
        import json

        typer.echo(json.dumps(sheet_schema(), indent=2, ensure_ascii=False))
        return
    if document is None:
        raise UsageFault("Which document?", way_out="claims sheet article.txt -o article.yaml")
    beginning = output.parent if output else Path.cwd()
    text = start_sheet(document, relative_to=beginning)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Refused(
            f"{output} cannot be written: {(error.strerror or str(error)).lower()}.",
            way_out="Name a sheet that is not there yet.",
        ) from error
    typer.echo(f"Started {output}. Fill in statements, then: claims record {output}", err=True)


def record(
    sheets: Annotated[list[Path], typer.Argument(metavar="SHEET…", help="Claim sheets in YAML.")],
    documents: Documents = None,
    actor: Actor = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
    reason: Reason = None,
) -> None:
    """Append what claim sheets say, as one batch; every quote is found in its source first.

    The ids that were given are written back into the sheets, so that they are known again.

    \b
    claims record sheets/article.yaml --dry-run
    claims record sheets/*.yaml
    """
    from ledger.sheets import read_sheets

    ledger = open_ledger(actor)
    commands = read_sheets(sheets)
    batch = [prepare_from_sheet(command, documents) for command in commands]
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    receipt = append_batch(ledger, batch, options, json=json, dry_run=dry_run)
    if receipt:
        write_back(commands, receipt)


def prepare_from_sheet(command: "SheetCommand", documents: Path | None) -> "Given":
    """Check a sheet's command; its document lies under the folder above the sheet's own."""
    from ledger.given import prepare

    own = Path(command.place.file or ".").resolve().parent
    given = prepare(command.raw, command.place, documents or own.parent, command.places)
    return replace(given, implied=command.implied)


def write_back(commands: "list[SheetCommand]", receipt: "Receipt") -> None:
    """Write the ids that were given into the sheets that left them open."""
    from ledger.sheets import write_ids

    filled: dict[Path, list[Any]] = {}
    for command, made in zip(commands, receipt.made, strict=True):
        for slot, name in zip(command.slots, made, strict=True):
            if slot and command.place.file:
                path = Path(command.place.file)
                filled.setdefault(path, []).append((slot, name.partition("/")[2]))
    for path, slots in filled.items():
        write_ids(path, slots)
        typer.echo(f"Wrote {len(slots)} ids into {path}.", err=True)


def capture(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .txt or .md file, in UTF-8.")],
    source_id: Annotated[
        str | None, typer.Option("--id", help="The source's id; else made of the file's name.")
    ] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="The outlet.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="As it stands there.")] = None,
    author: Annotated[str | None, typer.Option("--author", help="Who wrote it.")] = None,
    published: Annotated[
        str | None, typer.Option("--published", help="A date as precise as it is known: 2018-02.")
    ] = None,
    url: Annotated[str | None, typer.Option("--url", help="Where it was found.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="Such as en or fa.")] = None,
    version_of: Annotated[
        str | None, typer.Option("--version-of", help="The source that this one corrects.")
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="What else is to be said.")] = None,
    actor: Actor = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
    reason: Reason = None,
) -> None:
    """Keep a document: its bytes and its text, by their hashes, for quotes to be found in.

    \b
    claims capture article.txt --publisher "The Times of Central Asia" --published 2018-02
    """
    from events.ids import random_id, slug
    from ledger.errors import Place
    from ledger.given import prepare

    given = {
        "source_id": source_id or slug(file.stem) or random_id(),
        "publisher": publisher,
        "title": title,
        "author": author,
        "published": published,
        "url": url,
        "language": language,
        "version_of": version_of,
        "note": note,
        "document": str(file.resolve()),
    }
    raw = {"command": "capture_source"} | {
        name: value for name, value in given.items() if value is not None
    }
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    batch = [prepare(raw, Place(), file.resolve().parent)]
    receipt = append_batch(open_ledger(actor), batch, options, json=json, dry_run=dry_run)
    if receipt and not json:
        put_ids(receipt)


COMMANDS = {"sheet": sheet, "record": record, "capture": capture, "add": add}
