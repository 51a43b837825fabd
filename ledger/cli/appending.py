"""`claims append`: commands as NDJSON, from a file, a program or a pipe."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.context import (
    AcceptClock,
    AcceptRestored,
    Actor,
    Documents,
    DryRun,
    ExpectSize,
    Json,
    Reason,
    Wait,
    open_ledger,
)
from ledger.cli.lines import Lines
from ledger.cli.streaming import stream_commands
from ledger.cli.writing import append_batch, append_stream, writer_options

if TYPE_CHECKING:
    from ledger.given import Given


def append(
    file: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="NDJSON, one command a line; - is a pipe.")
    ] = "-",
    batch: Annotated[
        int | None,
        typer.Option(
            "--batch", min=1, help="Append every N commands; for streams and large files."
        ),
    ] = None,
    expect_size: ExpectSize = None,
    actor: Actor = None,
    documents: Documents = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
    reason: Reason = None,
) -> None:
    """Append commands, one JSON object a line, as one batch: all of them or none.

    The same file can be appended again: what stands already is left as it is.

    \b
    claims append commands.ndjson
    jq -c '.rows[]' export.json | claims append --batch 1000 -
    echo '{"command":"register_speaker","kind":"person","name":"Zamir Kabulov"}' | claims append
    """
    ledger = open_ledger(actor)
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    options["expect_size"] = expect_size
    with opened(file) as lines:
        commands = read_commands(lines, file, documents)
        if batch is None:
            append_batch(ledger, whole_batch(commands), options, json=json, dry_run=dry_run)
        elif dry_run:
            for part in in_batches(commands, lines, batch):
                append_batch(ledger, part or [], options, json=json, dry_run=True)
        elif expect_size is not None:
            append_stream(ledger, in_batches(commands, lines, batch), options, json=json)
        else:
            named = None if file == "-" else file
            root = documents or (Path(named).parent if named else Path.cwd())
            stream_commands(
                ledger, lines.fd, named, options, batch=batch, documents=root, json=json
            )


@contextmanager
def opened(file: str) -> Iterator[Lines]:
    """The lines of a file, or of standard input for `-`."""
    from ledger.errors import Refused

    if file == "-":
        if sys.stdin.isatty():
            typer.echo("Reading commands from the terminal, one a line; end with Ctrl-D.", err=True)
        yield Lines(sys.stdin.fileno())
        return
    try:
        fd = os.open(file, os.O_RDONLY)
    except OSError as error:
        raise Refused(
            f"{file} cannot be read: {(error.strerror or str(error)).lower()}.",
            way_out="Give the path of a file of commands, or - for a pipe.",
        ) from error
    try:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise Refused(f"{file} is a folder.", way_out="Name the file that holds the commands.")
        yield Lines(fd)
    finally:
        os.close(fd)


def read_commands(lines: Lines, file: str, documents: Path | None) -> "Iterator[Given]":
    """The commands of the lines, each checked when it is reached; blank lines are passed over."""
    from ledger.bulk.deciding import Giving

    named = None if file == "-" else file
    giving = Giving(named, documents or (Path(named).parent if named else Path.cwd()))
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield giving.give_line(line, number)


def whole_batch(commands: "Iterator[Given]") -> "list[Given]":
    """All commands as one batch; more than one batch may hold is refused before it fills memory."""
    from itertools import islice

    from ledger.api import MAX_BATCH
    from ledger.errors import UsageFault

    batch = list(islice(commands, MAX_BATCH + 1))
    if len(batch) > MAX_BATCH:
        raise UsageFault(
            f"There are more than {MAX_BATCH:,} commands, the most that one batch holds.",
            way_out="Append them in batches: --batch 10000.",
        )
    return batch


def in_batches(
    commands: "Iterator[Given]", lines: Lines, size: int
) -> "Iterator[list[Given] | None]":
    """Commands in batches of a size; None whenever the input has to be waited for."""
    batch: list[Given] = []
    for given in commands:
        batch.append(given)
        if len(batch) == size:
            yield batch
            batch = []
        if lines.waits():
            yield None
    if batch:
        yield batch


COMMANDS = {"append": append}
