"""Processes that redact and are killed right before the n-th change that they make on disk.

Arguments: the folder to copy from, the folder to copy to, and the numbers; for each number there is
a copy of its own. Prints for each how its process ended, and at what it was killed.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redaction_tools import OF_STATEMENT, RELATION, SOURCE, erase

from ledger.api import Ledger

CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def counting(folder: Path, number: int) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook that kills the process before its n-th change under a folder."""
    left = number

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        is_change = event in CHANGES or (event == "open" and int(arguments[2]) & WRITING)
        path = str(arguments[0])
        if is_change and (path.startswith(str(folder)) or not path.startswith("/")):
            left -= 1  # a relative path lies in a folder that is being removed with all in it
            if left == 0:
                what = f"{event} {path.removeprefix(f'{folder}/')}"
                os.write(1, f"{number} killed {what}\n".encode())
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


def redact(folder: Path, number: int) -> None:
    """Redact in a copy, as far as it comes."""
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    (folder / "ledger" / "aside").mkdir()
    (folder / "ledger" / "aside" / "0-1.torn").write_text("torn: Xenia Quill")
    ledger = Ledger.open(folder / "ledger", actor="ana")
    sys.addaudithook(counting(folder, number))
    targets = (*OF_STATEMENT, SOURCE, RELATION)
    erase(ledger, *targets, documents=["quill-source"])
    os.write(1, f"{number} done\n".encode())


if __name__ == "__main__":
    origin, copies, *numbers = sys.argv[1:]
    for text in numbers:
        copy = Path(copies) / text
        shutil.copytree(origin, copy)
        child = os.fork()
        if child == 0:
            try:
                redact(copy, int(text))
            finally:
                os._exit(0)
        os.waitpid(child, 0)
