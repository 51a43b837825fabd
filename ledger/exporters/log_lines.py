"""The log itself: its lines, byte for byte, from a position up to the moment that is looked at.

They are events, not commands: `claims import jsonl` takes commands. Lines are copied and hashed.
"""

from collections.abc import Mapping
from pathlib import Path

from ledger.errors import Refused
from ledger.exporters.leaving import Leaving

META = ".meta.json"


def write(leaving: Leaving, place: Path) -> Mapping[str, bytes]:
    """Write the lines; what they are from lies beside them."""
    first, size = leaving.asked.first, leaving.about.size
    if first > size:
        raise Refused(
            f"There are {size:,} events; the lines cannot begin at {first:,}.",
            field="--from",
            way_out=f"Give a position from 0 to {max(size - 1, 0)}.",
        )
    with place.open("wb") as file:
        for block in leaving.log.blocks(first, size):
            file.write(block)
    return {META: leaving.about.json(first=first, lines=size - first)}
