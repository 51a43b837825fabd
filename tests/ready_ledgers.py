"""Ledgers that are made once in a process, with their key and view file, and copied for each test.

Making one anew takes a tenth of a second, most of it for the view file; copying it takes a few
thousandths. Nobody changes what is copied.
"""

import atexit
import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

from ledger.api import Ledger
from projections.build import rebuild

Command = Mapping[str, Any]


def copy_of(commands: Sequence[Command], folder: Path, key_home: Path) -> Path:
    """A ledger of one event and what became of some commands, its views up to date, with its key.

    `folder` and `key_home`, where XDG_CONFIG_HOME points to, must not be there yet.
    """
    made = _made_once(json.dumps(list(commands)))
    copytree(made / "config", key_home)
    return copytree(made / "ledger", folder)


@cache
def _made_once(commands: str) -> Path:
    """The folder of a ledger of these commands as JSON, submitted as one batch, and of its key."""
    made = Path(mkdtemp(prefix="claims-tests-"))
    atexit.register(rmtree, made, ignore_errors=True)
    with (
        patch.dict(os.environ, XDG_CONFIG_HOME=str(made / "config")),
        Ledger.create(made / "ledger", origin="example.org/test", actor="ana") as ledger,
    ):
        if wanted := json.loads(commands):
            ledger.submit(wanted)
        ledger.log.refresh()
        rebuild(ledger.log)
    return made
