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

from cli_tools import call
from msgspec.structs import replace

from ledger.api import Ledger
from projections.build import rebuild
from projections.stamp import identity_of, keep, read_kept, view_file

Command = Mapping[str, Any]


def copy_of(commands: Sequence[Command], folder: Path, key_home: Path) -> Path:
    """A ledger of one event and what became of some commands, its views up to date, with its key.

    `folder` and `key_home`, where XDG_CONFIG_HOME points to, must not be there yet.
    """
    made = _made_once(json.dumps(list(commands)))
    copytree(made / "config", key_home)
    return copy_with_views(made / "ledger", folder)


def copy_with_views(ledger: Path, folder: Path) -> Path:
    """A copy of a ledger, its views as ready as those of the original."""
    copytree(ledger, folder)
    return keep_stamp_of(ledger, folder)


def keep_stamp_of(ledger: Path, folder: Path) -> Path:
    """Keep beside the view file of a copy what is kept of that of the original.

    Else every opening of its views asks the file itself, which takes as long again.
    """
    if kept := read_kept(view_file(ledger)):
        keep(view_file(folder), replace(kept, file=identity_of(view_file(folder))))
    return folder


@cache
def demo_once() -> Path:
    """The ledger that `claims demo` makes of the seeds; nobody changes it."""
    made = Path(mkdtemp(prefix="claims-tests-"))
    atexit.register(rmtree, made, ignore_errors=True)
    with patch.dict(os.environ, XDG_CONFIG_HOME=str(made / "config")):
        done = call("demo", made / "ledger")
    assert done.code == 0, done.err
    return made / "ledger"


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
