"""What `claims demo` does: five documents, their claim sheets, and what the ledger answers."""

import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from ledger.api import Ledger
from ledger.cli.auditing import facts_of, status_lines
from ledger.cli.chart import draw_estimates
from ledger.cli.output import Format, put_rows
from ledger.cli.recording import prepare_from_sheet
from ledger.cli.verifying import put_verification
from ledger.errors import Conflict
from ledger.heads import Auditor
from ledger.sheets import read_sheets
from projections import catalog
from projections.build import rebuild


def demonstrate(folder: Path | None) -> None:
    """Build a ledger from the seeds, in a folder or for the moment, and show it."""
    if folder is not None and folder.exists():
        raise Conflict(
            f"{folder} is there already.", way_out="Name a folder that is not there yet."
        )
    with TemporaryDirectory(prefix="claims-demo-") as made, own_keys(Path(made) / "config"):
        place = folder or Path(made) / "ledger"
        ledger = build_demo(place)
        show_demo(ledger)
        ledger.close()
    if folder:
        typer.echo(f"\nLook at it: claims --ledger {folder} serve", err=True)
        typer.echo(f'Ask it:     claims --ledger {folder} query "from denials"', err=True)
        typer.echo(
            "Its key was thrown away, so it can be read and verified, not appended to.", err=True
        )
    else:
        typer.echo(
            "\nIt is gone now. To keep one, ask it and look at it: claims demo DIR", err=True
        )


@contextmanager
def own_keys(folder: Path) -> Iterator[None]:
    """Keep the demo's key apart from the user's own."""
    before = os.environ.get("XDG_CONFIG_HOME")
    os.environ["XDG_CONFIG_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_CONFIG_HOME"]
        else:
            os.environ["XDG_CONFIG_HOME"] = before


def build_demo(place: Path) -> Ledger:
    """Record every sheet of the seeds as one batch."""
    origin = f"demo.invalid/{secrets.token_hex(4)}"
    ledger = Ledger.create(place, origin=origin, title="Five news texts", actor="demo")
    seeds = Path(str(files("seeds")))
    sheets = sorted((seeds / "sheets").glob("*.yaml"))
    batch = [prepare_from_sheet(command, seeds) for command in read_sheets(sheets)]
    receipt = ledger.append(batch)
    ledger.log.refresh()
    rebuild(ledger.log)
    typer.echo(f"Recorded {len(sheets)} sheets: {receipt.size} events.\n", err=True)
    return ledger


def show_demo(ledger: Ledger) -> None:
    """Show what the issue of a conflict desk is: numbers over time, who claims, and the proof."""
    views = ledger.views()
    estimates = views.connection.sql("from militant_estimates")
    heading("Militant estimates over time, as claimed")
    columns = ("reference_period", "claimed", "value_text", "speaker", "said_at", "publisher")
    put_rows(estimates, Format.table, brief=columns, hint=False)
    rows = [dict(zip(estimates.columns, row, strict=True)) for row in estimates.fetchall()]
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    typer.echo()
    width = min(shutil.get_terminal_size((100, 24)).columns, 110)
    typer.echo(draw_estimates(rows, width=width, height=14, colour=colour), color=colour)
    heading("Claims by speaker")
    by_speaker = views.connection.sql("from claims_by_speaker")
    brief = catalog.view_named("claims_by_speaker").brief
    put_rows(by_speaker, Format.table, brief=brief, hint=False)
    heading("Where everything stands")
    typer.echo("\n".join(status_lines(facts_of(ledger.log))))
    heading("Is it what was recorded?")
    # The views were made of the log a second ago; `claims verify` replays them.
    put_verification(ledger.verify(auditor=Auditor(deep=True, views=False)), as_json=False)


def heading(text: str) -> None:
    """A heading between two parts of the output."""
    typer.echo(f"\n{text}\n{'─' * len(text)}")
