"""Verification: everything hashed again, by `claims verify` in a process of its own."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ledger.web.beside import Beside
from ledger.web.page import Asked, Page
from ledger.web.pages.checks import NOT_YET

_PROGRAM = "from ledger.cli.app import main; main()"
_MOST_SECONDS = 3_600
_MOST_AGAIN = 1 << 40


class VerifyPage:
    """Whether the ledger is what was signed; asked once for each head, and again when wanted."""

    def __init__(self) -> None:
        self.beside = Beside()

    def __call__(self, asked: Asked) -> Page:
        """What `claims verify` found, or that it is at work."""
        log = asked.moment.log
        key = (log.size, log.checkpoint.root64, asked.number("again", 0, most=_MOST_AGAIN))
        work = self.beside.ask(key, lambda _: verified(log.folder))
        found: dict[str, Any] = work.result or {}
        data = {
            "ready": work.result is not None,
            "failed": work.failed,
            "found": found,
            "key": log.verifier_key,
            "next": int(time.time()),  # seconds; an address that was not asked for yet
        }
        status = 200 if data["ready"] or work.failed else NOT_YET
        rows = found.get("findings", [])
        return Page("verify.html", "Verification", data, rows, status=status, lasts=not work.failed)


def verified(folder: Path) -> dict[str, Any]:
    """What `claims verify --json` says; raises where it says nothing."""
    command = [sys.executable, "-c", _PROGRAM, "--ledger", str(folder), "verify", "--json"]
    done = subprocess.run(  # noqa: S603  our own program, by this very interpreter
        command, capture_output=True, check=False, timeout=_MOST_SECONDS
    )
    if not done.stdout:
        raise RuntimeError(done.stderr.decode(errors="replace").strip() or "it said nothing")
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"until": datetime.now(UTC)}
