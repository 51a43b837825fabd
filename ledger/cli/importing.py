"""`claims import`: other people's data, checked row by row and appended whole."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.context import (
    AcceptClock,
    AcceptRestored,
    Actor,
    DryRun,
    Reason,
    Wait,
    ledger_folder,
)
from ledger.cli.import_words import (
    check_whole,
    progress,
    put_report,
    save_settings,
    show_settings,
    write_refused,
)
from ledger.cli.writing import writer_options

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.importers.formats import Importer
    from ledger.importers.settings import Settings


def import_(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="csv, tsv, xlsx, claimreview …")],
    files: Annotated[list[str], typer.Argument(metavar="FILE…", help="The files to import.")],
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", "-m", help="What the columns are (YAML).", dir_okay=False),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="One setting of the mapping."),
    ] = None,
    save_mapping: Annotated[
        Path | None,
        typer.Option("--save-mapping", help="Write the mapping there, and import nothing."),
    ] = None,
    skip_invalid: Annotated[
        bool, typer.Option("--skip-invalid", help="Import the rest where rows are refused.")
    ] = False,
    refused: Annotated[
        Path | None,
        typer.Option("--refused", help="List all refused rows in a CSV file.", dir_okay=False),
    ] = None,
    actor: Actor = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
    reason: Reason = None,
) -> None:
    """Import other people's data: all rows are checked before the first is appended.

    The mapping is guessed where none is given, and shown. The same file can be imported again: what
    stands already is left as it is.

    \b
    claims import csv figures.csv --save-mapping figures.yaml
    claims import csv figures.csv --mapping figures.yaml --dry-run
    claims import claimreview feed.json --skip-invalid --refused refused.csv
    """
    from ledger.importers.formats import importer, rows_of
    from ledger.importers.run import Manner, import_rows

    module = importer(form)
    chosen = chosen_settings(module, form, files, mapping, settings or [])
    if save_mapping:
        save_settings(save_mapping, chosen)
        return
    if mapping is None:
        show_settings(chosen)
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    with open_importing(actor) as ledger, progress() as told:
        manner = Manner(
            dry_run=dry_run, skip_invalid=skip_invalid, documents=Path.cwd(), options=options,
            told=told,
        )  # fmt: skip
        report = import_rows(ledger, rows_of(module, ledger, form, files, chosen), manner)
    if refused:
        write_refused(refused, report)
    put_report(report, json=json, skip_invalid=skip_invalid)
    check_whole(report, skip_invalid=skip_invalid)


def open_importing(actor: str | None) -> "Ledger":
    """Open the ledger that was chosen; what is recorded says that an importer did."""
    from ledger.api import Ledger

    return Ledger.open(ledger_folder(), actor=actor, agent="importer")


def chosen_settings(
    module: "Importer", form: str, files: list[str], mapping: Path | None, words: list[str]
) -> "Settings":
    """The settings of an import: those of a file, or guessed; single ones from the command line."""
    from ledger.importers.formats import guessed
    from ledger.importers.settings import checked, load_settings, set_on_line

    told = set_on_line({}, words)
    found = load_settings(mapping) if mapping else guessed(module, form, files, told)
    return checked(module.SETTINGS, set_on_line(found, words), mapping)


COMMANDS = {"import": import_}
