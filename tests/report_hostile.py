"""A ledger with hostile text in every field, and what reports make of it."""

import os
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from unittest.mock import patch

from hostile_ledger import EVIL, tell
from report_tools import Read, exhibit, report

from ledger.api import Ledger


@cache
def hostile_pages() -> tuple[Read, Read]:
    """A report and an exhibit of such a ledger, made once in a process."""
    room = Path(mkdtemp(prefix="claims-tests-"))
    folder = room / "ledger"
    try:
        with (
            patch.dict(os.environ, XDG_CONFIG_HOME=str(room / "config")),
            Ledger.create(folder, origin="example.org/test", actor="ana") as ledger,
        ):
            tell(ledger, room)
        return report(folder, "--title", EVIL, "--topic", EVIL), exhibit(folder, "s1")
    finally:
        rmtree(room)
