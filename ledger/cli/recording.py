"""`claims sheet`, `record`, `capture` and `add`: from a document to recorded statements."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.adding import add
from ledger.cli.capturing import capture
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
from ledger.cli.receipts import put_corrections, put_receipt, put_sheet_plan
from ledger.cli.similar import put_near
from ledger.cli.writing import put_notices, writer_options

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.errors import ClaimsError
    from ledger.given import Given
    from ledger.session import Receipt
    from ledger.sheets import Orders, Plan, SheetCommand


def sheet(
    document: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="A document's file: html, pdf, docx, srt, vtt, md or txt."
        ),
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
    error: Annotated[
        str | None, typer.Option("--error", help="What kind of mistake is corrected.")
    ] = None,
    void_missing: Annotated[
        bool,
        typer.Option(
            "--void-missing", help="Void what the sheets no longer mention; needs --reason."
        ),
    ] = False,
) -> None:
    """Append what claim sheets say, as one batch; every quote is found in its source first.

    The ids that were given are written back into the sheets, so that an edited sheet is known
    again: what it says differently is shown, and recorded as a correction only with a reason.

    \b
    claims record sheets/article.yaml --dry-run
    claims record sheets/*.yaml
    claims record sheets/article.yaml --reason "wrong month" --error transcription
    """
    from ledger.sheets import Orders, read_sheets

    check_orders(reason, error, needs_reason=void_missing and not dry_run)
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    ledger = open_ledger(actor)
    commands = read_sheets(sheets)
    batch = [prepare_from_sheet(command, documents) for command in commands]
    orders = Orders(reason, error, void_missing)
    plan = plan_of(ledger, batch, orders)
    put_near(ledger.views(), batch)
    if dry_run:
        put_sheet_plan(plan, as_json=json)
        return
    plan, receipt = record_sheets(ledger, batch, orders, json=json, **options)
    put_receipt(plan.whole(receipt), as_json=json)
    write_back(commands, list(plan.names_made(receipt)))


def check_orders(reason: str | None, error: str | None, *, needs_reason: bool) -> None:
    """Refuse what the command line cannot mean; a kind of mistake is one of a few."""
    from events.vocabulary import ErrorKind, choices
    from ledger.errors import UsageFault

    if error is not None and error not in choices(ErrorKind):
        raise UsageFault(
            f"{error!r} is not a kind of mistake.",
            field="--error",
            way_out=f"One of {', '.join(choices(ErrorKind))}.",
        )
    if needs_reason and not reason:
        raise UsageFault(
            "--void-missing needs a reason.",
            way_out='Say why these things are to count no longer: --reason "…"; or see which they'
            " are with --dry-run.",
        )


def plan_of(ledger: "Ledger", batch: "list[Given]", orders: "Orders") -> "Plan":
    """What would become of sheets; needs no key."""
    from ledger.lookup import Lookup
    from ledger.sheets import plan_sheets

    return plan_sheets(batch, Lookup(ledger.views(), ledger.log), ledger.recorder, orders)


def record_sheets(
    ledger: "Ledger",
    batch: "list[Given]",
    orders: "Orders",
    *,
    json: bool,
    **options: Any,  # noqa: ANN401  those of a writer
) -> "tuple[Plan, Receipt]":
    """Plan and append while no other can write, so that what was shown is what is recorded.

    Raises Conflict, with the plan shown, where history would be touched and no reason is given.
    """
    from ledger.lookup import Lookup
    from ledger.sheets import plan_sheets

    with ledger.session(**options) as session:
        put_notices(session.writer.notices)
        lookup = Lookup(session.views, session.writer.log)
        plan = plan_sheets(batch, lookup, ledger.recorder, orders)
        if plan.corrections and not orders.reason:
            put_sheet_plan(plan, as_json=json, only_lines=True)
            raise unexplained(plan)
        receipt = session.submit(plan.batch)
    put_corrections(plan)
    return plan, receipt


def unexplained(plan: "Plan") -> "ClaimsError":
    """The conflict of a sheet that would change what is recorded, without saying why."""
    from ledger.errors import Conflict

    first, *others = plan.corrections
    fields = ", ".join(change.field for change in first.changes)
    name = f"{first.kind}: {first.gist}" if first.kind else first.subject
    how = f"in {fields}" if fields else "is void in the ledger"
    more = f"; and {len(others)} more" if others else ""
    return Conflict(
        f"Sheet and ledger differ: {name} {how}{more}. Nothing was recorded.",
        way_out='If the sheet is right, say why the ledger is not: --reason "…". What was'
        f" recorded when: claims history {first.subject.partition('/')[2]}",
    ).at(file=first.place.file, line=first.place.line, field=first.place.field)


def prepare_from_sheet(command: "SheetCommand", documents: Path | None) -> "Given":
    """Check a sheet's command; its document lies under the folder above the sheet's own."""
    from ledger.given import prepare

    own = Path(command.place.file or ".").resolve().parent
    given = prepare(command.raw, command.place, documents or own.parent, command.places)
    return replace(given, implied=command.implied)


def write_back(commands: "list[SheetCommand]", made: list[tuple[str, ...]]) -> None:
    """Write the ids that were given into the sheets that left them open."""
    from ledger.sheets import write_ids

    filled: dict[Path, list[Any]] = {}
    for command, names in zip(commands, made, strict=True):
        for slot, name in zip(command.slots, names, strict=bool(command.slots)):
            if slot and command.place.file:
                path = Path(command.place.file)
                filled.setdefault(path, []).append((slot, name.partition("/")[2]))
    for path, slots in filled.items():
        write_ids(path, slots)
        ids = "id" if len(slots) == 1 else "ids"
        typer.echo(f"Wrote {len(slots)} {ids} into {path}.", err=True)


COMMANDS = {"sheet": sheet, "record": record, "capture": capture, "add": add}
