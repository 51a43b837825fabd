"""Prints for whoever may read slowly: what is held meanwhile is let go of before it is waited for.

Rules kept here:
- a line that was begun is printed whole, whatever becomes of the rest.
"""

import os
import select
import sys
from collections.abc import Callable

import typer

PATIENCE_SECONDS = 0.02  # in which a reader that is at work takes what it is given


def put_line(text: str, aside: Callable[[], None], *, err: bool = False) -> None:
    """Print a line; `aside` is called first where nobody takes it at once."""
    stream = sys.stderr if err else sys.stdout
    try:
        fd = stream.fileno()
        select.select([], [fd], [], 0)
    except (OSError, ValueError):  # nothing of the system's, or Windows: it cannot be told
        typer.echo(text, err=err)
        return
    stream.flush()
    rest = memoryview(f"{text}\n".encode(stream.encoding, stream.errors or "strict"))
    try:
        # What can be written to takes at least PIPE_BUF bytes at once (POSIX).
        while rest and select.select([], [fd], [], PATIENCE_SECONDS)[1]:
            rest = rest[os.write(fd, rest[: select.PIPE_BUF]) :]
        if rest:
            aside()
    finally:
        while rest:
            rest = rest[os.write(fd, rest) :]
