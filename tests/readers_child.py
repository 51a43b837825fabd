"""Processes that append, rebuild and ask at the same time, for a test; each says what it saw."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from ledger.api import Ledger
from projections import database
from projections.build import rebuild

BATCH = 3
GROUPS = "select count(*), count(distinct split_part(speaker_id, '-', 2)) from speakers"


def append(folder: Path, until: float) -> int:
    """Append batches of three speakers, each told of in the file `acknowledged` once it stands."""
    told, count = folder.parent / "acknowledged", 0
    with Ledger.open(folder, actor="ana") as ledger:
        while time.monotonic() < until:
            commands = [
                {"command": "register_speaker", "speaker_id": f"batch-{count}-{at}",
                 "kind": "person", "name": f"Number {at}"}
                for at in range(BATCH)
            ]  # fmt: skip
            size = ledger.submit(commands).size
            beside = told.with_suffix(".new")
            beside.write_text(f"{size}")
            beside.replace(told)
            count += 1
    return count


def build(folder: Path, until: float) -> int:
    """Rebuild the view file again and again."""
    count = 0
    while time.monotonic() < until:
        with Ledger.open(folder, actor="ana") as ledger:
            rebuild(ledger.log)
        count += 1
    return count


def ask(folder: Path, until: float) -> int:
    """Ask from a connection that stays open and from new ones, in turns."""
    told, count = folder.parent / "acknowledged", 0
    with Ledger.open(folder, actor="ana") as kept:
        while time.monotonic() < until:
            acknowledged = int(told.read_text())
            with Ledger.open(folder, actor="ana") as fresh:
                check(kept if count % 2 else fresh, acknowledged)
            count += 1
    return count


def check(ledger: Ledger, acknowledged: int) -> None:
    """All that was acknowledged is seen, and no batch in part."""
    views = ledger.views()
    speakers, batches = views.connection.execute(GROUPS).fetchone() or (0, 0)
    assert views.size >= acknowledged, f"{views.size} of {acknowledged}"
    assert speakers == BATCH * batches, f"{speakers} speakers of {batches} batches"
    assert speakers >= acknowledged - 1, f"{speakers} speakers, {acknowledged} acknowledged"


if __name__ == "__main__":
    what, where, seconds = sys.argv[1:]
    database.MERGE_AT = 50
    works: dict[str, Callable[[Path, float], int]] = {"append": append, "build": build, "ask": ask}
    print(works[what](Path(where), time.monotonic() + float(seconds)))  # noqa: T201  read by the test
