"""Builds views that lack much of a log, in a process of its own.

What DuckDB takes for that it gives back to nobody but the process; a stream that goes on beside it
would hold both at once.

Rules kept here:
- it is only brought forward: where it cannot be done here, whoever opens the views does it, and
  tells what is wrong.
"""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.views import build_views, lack_much

if TYPE_CHECKING:
    from ledger.log import Log

_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[2:];"
    " from ledger.bulk.building import main; main(sys.argv[1])"
)


def build_apart(log: "Log") -> None:
    """Build the views of a log, as far as it is signed, where they lack much of it."""
    if not sys.executable or not lack_much(log):
        return
    with suppress(OSError):
        child = subprocess.Popen(  # noqa: S603  our own interpreter, with a fixed program
            [
                sys.executable, "-c", _PROGRAM, str(log.folder),
                *(path or os.curdir for path in sys.path),
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,  # what interrupts this process ends it below
        )  # fmt: skip
        try:
            child.wait()
        finally:
            child.kill()
            child.wait()


def main(folder: str) -> None:
    """Build them here."""
    from ledger.log import Log

    build_views(Log.open(Path(folder)))
