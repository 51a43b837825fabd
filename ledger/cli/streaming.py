"""Appends a stream of commands from the command line, with what a person sees meanwhile."""

import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.cli.printing import put_line
from ledger.cli.receipts import receipt_text
from ledger.cli.writing import put_notices

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.session import Receipt

PATIENCE_SECONDS = 1.0  # work that takes longer shows how far it is

Told = Callable[["Receipt", int, int], None]


def stream_commands(
    ledger: "Ledger",
    fd: int,
    file: str | None,
    options: dict[str, Any],
    *,
    batch: int,
    documents: Path,
    json: bool,
) -> None:
    """Append what comes from a file descriptor, printing each receipt once its batch is durable.

    While nobody takes the receipts the ledger is let go of, so that others can write.
    """
    from ledger.bulk.deciding import Giving
    from ledger.bulk.sources import source_of
    from ledger.bulk.stream import Stream

    source, giving = source_of(fd), Giving(file, documents)
    with (
        Stream(ledger.log, ledger.recorder, source, giving, **options) as stream,
        progress(fd) as told,
    ):
        for made in stream.batches(batch, put_notices, whole=json):
            receipt = made.receipt() if json else made.summary()
            if json or not told:
                text = receipt_text(receipt, as_json=json)
                put_line(text, stream.step_aside, err=not json)
            if told:
                told(receipt, made.count, stream.behind)


@contextmanager
def progress(fd: int) -> Iterator[Told | None]:
    """Show on a terminal how far a stream is, with its rate and, of a file, the time left.

    None where there is no terminal; each batch is told by its receipt then.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    begun = time.monotonic()
    about = os.fstat(fd)
    total = about.st_size if stat.S_ISREG(about.st_mode) else None
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=total)
    counts = {"commands": 0, "events": 0, "size": 0}

    def told(receipt: "Receipt", commands: int, read: int) -> None:
        counts["commands"] += commands
        counts["size"] = receipt.size
        if receipt.first is not None and receipt.last is not None:
            counts["events"] += receipt.last - receipt.first + 1
        taken = time.monotonic() - begun
        if taken > PATIENCE_SECONDS:
            bar.start()
            rate = counts["commands"] / taken
            said = f"{counts['commands']:,} commands, {rate:,.0f} a second"
            bar.update(task, completed=read, description=said)

    try:
        yield told
    finally:
        bar.stop()
        if counts["commands"]:
            sys.stderr.write(
                f"Appended {counts['events']:,} events for {counts['commands']:,} commands."
                f" The ledger holds {counts['size']:,} events.\n"
            )
