"""What a person sees of an import: its settings, how far it is, and what became of the rows."""

import csv
import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ledger.cli.receipts import counted

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
    """Show on a terminal how many rows are read, tried or appended, with the rate."""
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
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")


def put_report(report: "Report", *, json: bool) -> None:
    """Print what became of the rows."""
    if json:
        import msgspec

        typer.echo(msgspec.json.encode(report).decode())
        return
    for fault in report.refused[:MOST_SHOWN]:
        typer.echo(f"refused: {fault}", err=True)
        if fault.way_out:
            typer.echo(f"     do: {fault.way_out}", err=True)
    more = len(report.refused) - MOST_SHOWN
    if more > 0:
        typer.echo(
            f"… and {counted(more, 'further row')}: --refused FILE lists them all.", err=True
        )
    typer.echo(sentence_of(report), err=True)


def sentence_of(report: "Report") -> str:
    """A report as a sentence or two."""
    rows = f"{counted(report.rows, 'row')}: {report.read:,} read, {len(report.refused):,} refused."
    if report.counts:
        rows += f" They hold {', '.join(counted(n, each) for each, n in report.counts.items())}"
        rows += f"; {report.empty:,} record nothing by themselves." if report.empty else "."
    would = " would be" if report.dry_run else ""
    if not report.events:
        stood = f" {report.unchanged:,} stood already." if report.unchanged else ""
        return f"{rows} Nothing new{would and ' would be appended'}.{stood}"
    made = ", ".join(counted(count, noun) for noun, count in report.made.items())
    stood = f"; {report.unchanged:,} stood already" if report.unchanged else ""
    verb = "would be appended" if report.dry_run else "appended"
    end = "Nothing was." if report.dry_run else f"The ledger holds {report.size:,} events."
    return f"{rows} {counted(report.events, 'event')} {verb} ({made}){stood}. {end}"


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
        raise Refused(
            f"{len(report.refused):,} of {counted(report.rows, 'row')} cannot be recorded as they"
            f" stand{'' if report.dry_run or report.events else '; nothing was written'}.",
            way_out="Mend them, or import the rest with --skip-invalid; --refused FILE lists them.",
        )
