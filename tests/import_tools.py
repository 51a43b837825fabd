"""What tests of importers share: files to import, and what became of them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ledger.importers.rows import Fault, Item, Row


def written(path: Path, content: Any) -> Path:  # noqa: ANN401  JSON
    """A file of JSON, or of text or bytes as they are."""
    said = content if isinstance(content, str | bytes) else json.dumps(content)
    path.write_bytes(said if isinstance(said, bytes) else said.encode())
    return path


def only_row(items: Iterable[Item]) -> Row:
    """The one row that was read."""
    [item] = items
    assert isinstance(item, Row), item
    return item


def faults(items: Iterable[Item]) -> list[Fault]:
    """Those that are refused."""
    return [each for each in items if isinstance(each, Fault)]


def without_none(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of JSON but for those that are left out."""
    return {name: value for name, value in fields.items() if value is not None}
