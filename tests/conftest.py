"""Fixtures for all tests: keys apart from the user's own, a ledger to append to."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.api import Ledger, Moment

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True)
def key_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep every key of a test in its own folder, and its ledger and actor out of the way."""
    home = tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.delenv("CLAIMS_LEDGER", raising=False)
    monkeypatch.delenv("CLAIMS_ACTOR", raising=False)
    return home


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger of one event."""
    with Ledger.create(tmp_path / "ledger", origin="example.org/test", actor="ana") as made:
        yield made


@pytest.fixture
def rows(ledger: Ledger) -> Callable[..., list[tuple[Any, ...]]]:
    """Ask the ledger in SQL, now or as of a moment."""

    def ask(sql: str, as_of: Moment | None = None) -> list[tuple[Any, ...]]:
        asked = ledger if as_of is None else ledger.as_of(as_of)
        return asked.query(sql).fetchall()

    return ask
