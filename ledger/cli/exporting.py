"""`claims export`: what is recorded, in forms that other tools read, whole or not at all."""

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.context import AsOf, open_as_of

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.exporters.formats import Format
    from ledger.exporters.leaving import Asked, Leaving

Names = list[str] | None


def export(
    form: Annotated[
        str, typer.Argument(metavar="FORMAT", help="csv, xlsx, sqlite, bundle …; or `list`.")
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A new file, or a folder where it is several files."),
    ] = None,
    views: Annotated[
        Names, typer.Option("--view", metavar="NAME", help="A view to export; may be repeated.")
    ] = None,
    where: Annotated[
        str | None,
        typer.Option("--where", help="An SQL condition on the one view named, else on statements."),
    ] = None,
    subjects: Annotated[
        Names, typer.Option("--subject", metavar="ID", help="Only what hangs on a thing; repeat.")
    ] = None,
    speakers: Annotated[
        Names, typer.Option("--speaker", metavar="ID", help="Only what a speaker claimed; repeat.")
    ] = None,
    measures: Annotated[
        Names, typer.Option("--measure", metavar="ID", help="Only what is a number of it; repeat.")
    ] = None,
    first: Annotated[
        int, typer.Option("--from", min=0, help="jsonl: the position that the lines begin at.")
    ] = 0,
    as_of: AsOf = None,
    licence: Annotated[
        str | None,
        typer.Option(
            "--licence", "--license", help="Under which you give it away; none is assumed."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what lies there.")] = False,
) -> None:
    """Export what is recorded, now or as of an earlier moment, in a form that other tools read.

    With a statement leaves what it rests on: reports, numbers, sources and whoever is named. Each
    export names the ledger, its size and root, and says that what it holds is claimed.

    \b
    claims export csv -o claims.csv
    claims export xlsx -o claims.xlsx --where "said_at_earliest >= '2017-01-01'"
    claims export sqlite -o claims.sqlite
    claims export parquet --view estimates_over_time -o estimates.parquet --as-of 2026-11-20
    claims export bundle --speaker zamir-kabulov -o kabulov.zip
    claims export jsonl --as-of 1200 > log.jsonl
    """
    from ledger.exporters.formats import format_of
    from ledger.exporters.leaving import Asked, check_views, settled

    if form == "list":
        list_formats()
        return
    chosen = format_of(form)
    check_views(views or ())
    asked = Asked(
        views=tuple(views or ()), where=where, subjects=tuple(subjects or ()),
        speakers=tuple(speakers or ()), measures=tuple(measures or ()), first=first,
        licence=licence,
    )  # fmt: skip
    check_together(form, chosen, asked, output)
    ledger = settled(open_as_of(as_of))
    run(chosen, ledger, named_things(ledger, asked), output, force=force)


def list_formats() -> None:
    """Name every format with what it is."""
    from ledger.cli.output import text_table
    from ledger.exporters.formats import FORMATS

    typer.echo(text_table(["format", "is"], [(name, each.about) for name, each in FORMATS.items()]))


# ── what was asked for ───────────────────────────────────────────────────────────────────────


def check_together(name: str, form: "Format", asked: "Asked", output: Path | None) -> None:
    """Refuse options that mean nothing together; raises UsageFault."""
    from ledger.errors import UsageFault

    if asked.views and not form.views:
        raise UsageFault(
            f"The format {name} is not made of views.", field="--view", way_out="Leave it out."
        )
    if asked.first and name != "jsonl":
        raise UsageFault("Only lines begin at a position.", field="--from", way_out="Leave it out.")
    if name == "jsonl" and (asked.narrows or asked.where):
        raise UsageFault(
            "The log leaves line by line, whatever the lines say.",
            way_out="Take `claims export bundle` for some statements, with proofs.",
        )
    if output is not None:
        return
    if form.shape == "folder" or (form.shape == "views" and len(asked.views) > 1):
        raise UsageFault(
            "It is several files.", field="--output", way_out="Name a new folder: -o FOLDER."
        )
    if not form.is_text and sys.stdout.isatty():
        raise UsageFault("It is not text.", way_out="Add -o FILE, or pipe it.")


def named_things(ledger: "Ledger", asked: "Asked") -> "Asked":
    """The same with ids in the place of names and beginnings of ids; raises UnknownId, Refused."""
    from dataclasses import replace

    from ledger.cli.resolve import resolve

    if not (asked.subjects or asked.speakers or asked.measures):
        return asked
    views = ledger.views()
    subjects = [resolve(views, text).subject for text in asked.subjects]
    found = {
        noun: tuple(resolve(views, text, noun).id for text in texts)
        for noun, texts in (("speaker", asked.speakers), ("measure", asked.measures))
    }
    return replace(
        asked, subjects=tuple(subjects), speakers=found["speaker"], measures=found["measure"]
    )


# ── where it goes ────────────────────────────────────────────────────────────────────────────


def run(
    form: "Format", ledger: "Ledger", asked: "Asked", output: Path | None, *, force: bool
) -> None:
    """Make an export, and put it in its place."""
    from ledger.exporters.formats import exporter
    from ledger.exporters.leaving import Leaving
    from ledger.exporters.whole import check_free, put_file, put_folder, staging, zip_folder

    if output is not None:
        check_free(output, force=force)
    with staging(output) as room:
        leaving = Leaving.of(ledger, asked, room, output)
        made = room / "export"
        is_folder = makes_folder(form, asked, output)
        if is_folder:
            made.mkdir()
        beside = exporter(form).write(leaving, made)
        if output is None:
            put_out(made)
        elif is_folder and output.suffix == ".zip":
            zip_folder(made, zipped := room / "zipped")
            put_file(zipped, {}, output, force=force)
        elif is_folder:
            put_folder(made, output, force=force)
        else:
            put_file(made, beside, output, force=force)
        say(leaving, output, beside)


def makes_folder(form: "Format", asked: "Asked", output: Path | None) -> bool:
    """Whether a format is several files: by itself, by its views, or since no file is named."""
    if form.shape != "views" or output is None:
        return form.shape == "folder"
    if len(asked.views) > 1:
        return True
    return not asked.views and (output.suffix in ("", ".zip") or output.is_dir())


def put_out(made: Path) -> None:
    """Copy a file to standard output."""
    with made.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def say(leaving: "Leaving", output: Path | None, beside: Iterable[str]) -> None:
    """Say what was exported from where, and what it is."""
    if output is not None:
        names = " and ".join(f"{output.name}{ending}" for ending in beside)
        typer.echo(f"Wrote {output}{names and f', with {names} beside it'}.", err=True)
    for note in leaving.notes:
        typer.echo(note, err=True)
    typer.echo(leaving.about.sentence, err=True)
    typer.echo(leaving.about.notice, err=True)


COMMANDS = {"export": export}
