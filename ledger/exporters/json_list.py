"""JSON with one long list in it, written item by item."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from ledger.exporters.about import OWN, About

HERE = "%ITEMS%"  # stands for the list in what is around it


def write_list(place: Path, around: object, items: Iterable[object]) -> int:
    """Write what is around a list, and the list in the place of HERE; how many there were."""
    before, _, after = msgspec.json.encode(around).partition(f'"{HERE}"'.encode())
    count = 0
    with place.open("wb") as file:
        file.write(before + b"[")
        for count, item in enumerate(items, 1):
            file.write(b"\n" if count == 1 else b",\n")
            file.write(msgspec.json.encode(item))
        file.write(b"\n]" + after + b"\n")
    return count


def own_facts(about: About) -> dict[str, object]:
    """Where an export comes from, in terms of ours."""
    return {f"claims:{name}": value for name, value in about.facts().items()}


def own(fields: dict[str, object]) -> dict[str, object]:
    """Fields as terms of ours; those that say nothing are left out."""
    return {
        f"claims:{name}": value for name, value in fields.items() if value not in (None, [], {})
    }


def name_of(about: About, *parts: str) -> str:
    """A name (URN) for a thing of a ledger."""
    return OWN + "/".join((about.origin, *parts))
