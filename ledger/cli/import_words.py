"""What a person sees of an import: its settings, how far it is, and what became of the rows."""

import csv
import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ledger.cli.receipts import counted
from ledger.cli.stopping import STOPPED, was_stopped

if TYPE_CHECKING:
    from ledger.importers.report import Report
    from ledger.importers.settings import Settings

MOST_SHOWN = 20  # refused rows
PATIENCE_SECONDS = 1.0  # work that takes longer shows how far it is
_REFRESH_SECONDS = 0.2


def settings_words(settings: "Settings") -> str:
    """Settings as they stand in a mapping file; what is left to its default stays out."""
    from ledger.importers.settings import settings_text

    said = settings.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return settings_text(said) if said else ""


def show_settings(settings: "Settings") -> None:
    """Say with which settings the files are read, where nobody gave them."""
    words = settings_words(settings)
    if words:
        typer.echo("Read with this mapping (--save-mapping FILE keeps it to be changed):", err=True)
        typer.echo("".join(f"  {line}\n" for line in words.splitlines()), err=True)


def save_settings(path: Path, settings: "Settings") -> None:
    """Write a mapping file to start from."""
    from ledger.cli.output import write_file

    write_file(path, settings_words(settings).encode() or b"{}\n")
    typer.echo(f"Wrote {path}. Look through it, then import with --mapping {path}.", err=True)


@contextmanager
def progress() -> Iterator[Callable[[str, int], None]]:
    """Show on a terminal how many rows are read, tried or appended, with the rate.

    Who stops it hears that nothing is lost: batches are whole or not there, and what stands already
    is left as it is.
    """
    begun = shown_at = time.monotonic()
    shown = False

    def told(done: str, rows: int) -> None:
        nonlocal shown_at, shown
        now = time.monotonic()
        if sys.stderr.isatty() and now - begun > PATIENCE_SECONDS and now > shown_at:
            shown_at, shown = now + _REFRESH_SECONDS, True
            rate = rows / (now - begun)
            sys.stderr.write(f"\r{rows:,} rows {done}, {rate:,.0f} a second\x1b[K")
            sys.stderr.flush()

    try:
        yield told
    except (KeyboardInterrupt, RuntimeError) as error:
        if not was_stopped(error):
            raise
        end = "\r\x1b[K" if shown else ""
        sys.stderr.write(f"{end}Stopped. Import the same again, and it goes on from there.\n")
        shown = False
        raise typer.Exit(STOPPED) from error
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")


def put_report(report: "Report", *, json: bool, skip_invalid: bool) -> None:
    """Print what became of the rows."""
    if json:
        import msgspec

        typer.echo(msgspec.json.encode(report).decode())
        return
    for way_out, faults in groupby(report.refused[:MOST_SHOWN], lambda fault: fault.way_out):
        for fault in faults:
            typer.echo(f"refused: {fault}", err=True)
        if way_out:
            typer.echo(f"     do: {way_out}", err=True)
    more = len(report.refused) - MOST_SHOWN
    if more > 0:
        typer.echo(
            f"… and {counted(more, 'further row')}: --refused FILE lists them all.", err=True
        )
    typer.echo(sentence_of(report, skip_invalid=skip_invalid), err=True)


def sentence_of(report: "Report", *, skip_invalid: bool) -> str:
    """A report as a sentence or two."""
    rows = f"{counted(report.rows, 'row')}: {report.read:,} read, {len(report.refused):,} refused."
    if report.counts:
        rows += f" They hold {', '.join(counted(n, each) for each, n in report.counts.items())}"
        rows += f"; {report.empty:,} record nothing by themselves." if report.empty else "."
    is_stopped = bool(report.refused) and not skip_invalid
    stood = f"{counted(report.unchanged, 'command')} stood already" if report.unchanged else ""
    if not report.events:
        return rows if is_stopped else f"{rows} Nothing new{stood and f': {stood}'}."
    made = ", ".join(counted(count, noun) for noun, count in report.made.items())
    verb, end = "appended", f"The ledger holds {report.size:,} events."
    if report.dry_run:
        end = "Nothing was."
        verb = "would be appended with --skip-invalid" if is_stopped else "would be appended"
    rest = f"; {stood}" if stood else ""
    return f"{rows} {counted(report.events, 'event')} {verb} ({made}){rest}. {end}"


def write_refused(path: Path, report: "Report") -> None:
    """Write all refused rows as CSV."""
    from ledger.cli.output import write_file

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "row", "column", "what", "do"])
    for fault in report.refused:
        writer.writerow([fault.file, fault.number, fault.column, fault.what, fault.way_out])
    write_file(path, text.getvalue().encode())


def check_whole(report: "Report", *, skip_invalid: bool) -> None:
    """End with an error where rows were refused that were not to be skipped."""
    from ledger.errors import Refused

    if report.refused and not skip_invalid:
        written = "; what stands before was appended" if report.events else "; nothing was written"
        count = len(report.refused)
        stand, them = ("it stands", "it") if count == 1 else ("they stand", "them")
        raise Refused(
            f"{count:,} of {counted(report.rows, 'row')} cannot be recorded as {stand}"
            f"{'' if report.dry_run else written}.",
            way_out=f"Mend {them}, or import the rest with --skip-invalid; --refused FILE lists"
            f" {them}.",
        )
