"""`claims publish`: a static site that any web server can serve and anybody can verify."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.context import Wait, open_ledger

if TYPE_CHECKING:
    from ledger.publish import Published


def publish(
    site: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new folder, or one published to before.")
    ],
    documents: Annotated[
        bool, typer.Option("--documents", help="Publish the captured documents too.")
    ] = False,
    no_views: Annotated[
        bool, typer.Option("--no-views", help="Publish the log without a file for each view.")
    ] = False,
    wait: Wait = 120.0,
    json: Annotated[
        bool, typer.Option("--json", help="Print what was done as one JSON object.")
    ] = False,
) -> None:
    """Write the signed ledger as a static site that third-party tools verify (C2SP tlog-tiles).

    A second time only what is new is written. Documents that were captured belong to their
    publishers: they are left out, and taken away again, unless `--documents` is given.

    \b
    claims publish site
    claims publish site --documents
    python -m http.server --directory site
    """
    from ledger.publish import Options
    from ledger.publish import publish as publish_site

    log = open_ledger().log
    with progress_bar() as progress:
        options = Options(
            documents=documents, views=not no_views, wait_seconds=wait, progress=progress
        )
        done = publish_site(log, site, options)
    if json:
        from ledger.cells import encoded

        typer.echo(encoded(facts_of(done)))
    else:
        put_words(done, unsigned=log.size - log.signed_size)


def facts_of(done: "Published") -> dict[str, object]:
    """What was done, for a program."""
    from dataclasses import asdict

    return {**asdict(done), "site": str(done.site.resolve())}


def put_words(done: "Published", *, unsigned: int) -> None:
    """What was done, for a person."""
    typer.echo(
        f"Published {done.origin} to {done.site}: {done.size:,} events, root {done.root}.", err=True
    )
    written = f"{done.files_written:,} files written ({done.bytes_written:,} bytes)"
    removed = f", {done.files_removed:,} taken away" if done.files_removed else ""
    before = f"; the site showed {done.earlier_size:,} events before" if done.earlier_size else ""
    typer.echo(f"{written}{removed}{before}.", err=True)
    if unsigned:
        typer.echo(f"note: {unsigned:,} events beyond the signed head are not published.", err=True)
    if done.bundles_withdrawn:
        typer.echo(
            f"note: {done.bundles_withdrawn:,} bundles hold erased events and are not published;"
            " withdrawn.json lists them.",
            err=True,
        )
    if not done.remembered:
        typer.echo(
            "note: the ledger's folder cannot be written to, so an erasure will not know of this"
            " site.",
            err=True,
        )


@contextmanager
def progress_bar(doing: str = "Publishing") -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal, for work that takes over a second."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, visible=False)

        def tell(done: int, total: int) -> None:
            visible = (bar.tasks[task].elapsed or 0) > 1
            bar.update(task, completed=done, total=total, visible=visible)

        yield tell


COMMANDS = {"publish": publish}
