"""Fixtures for all tests: keys apart from the user's own, a ledger to append to."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import examples  # noqa: F401  the profiles of Hypothesis are made there
import pytest
from import_tools import written
from ready_ledgers import Command, copy_of

from ledger.api import Ledger, Moment

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHARED = Path(__file__).parents[2] / "shared"

# The hundreds of processes that tests start would each compile the program anew where bytecode is
# not kept, and so would every worker the tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session", autouse=True)
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the empty view file of all tests together, apart from the user's own."""
    home = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home))
        yield home


@pytest.fixture(autouse=True)
def key_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep every key of a test in its own folder, and its ledger and actor out of the way."""
    home = tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.delenv("CLAIMS_LEDGER", raising=False)
    monkeypatch.delenv("CLAIMS_ACTOR", raising=False)
    return home


@pytest.fixture
def beforehand() -> Sequence[Command]:
    """What `ledger` was told before a test begins: nothing, where a module does not say more."""
    return ()


@pytest.fixture
def ledger(tmp_path: Path, key_home: Path, beforehand: Sequence[Command]) -> Iterator[Ledger]:
    """A ledger of one event and of what it was told, its view file up to date."""
    folder = copy_of(beforehand, tmp_path / "ledger", key_home)
    with Ledger.open(folder, actor="ana") as opened:
        yield opened


@pytest.fixture
def folder(ledger: Ledger) -> Path:
    """The folder of a new ledger of one event."""
    return ledger.log.folder


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of JSON, or of text or bytes as they are."""
    return lambda content, name="f.json": written(tmp_path / name, content)


@pytest.fixture
def rows(ledger: Ledger) -> Callable[..., list[tuple[Any, ...]]]:
    """Ask the ledger in SQL, now or as of a moment."""

    def ask(sql: str, as_of: Moment | None = None) -> list[tuple[Any, ...]]:
        views = ledger.views()  # one connection for all moments: opening one takes long
        views.set_as_of(as_of)
        try:
            return views.connection.execute(sql).fetchall()
        finally:
            views.set_as_of(None)

    return ask


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that look at pages; of many cases of one promise all but every n-th are slow."""
    cases: Counter[str] = Counter()
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if sampled := item.get_closest_marker("sampled"):
            name, _, _ = item.nodeid.partition("[")
            if cases[name] % sampled.args[0]:
                item.add_marker("slow")
            cases[name] += 1


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, once for the tests of a module; skips where there is none.

    Not for longer: while it runs, no other test of the process may have an event loop of its own.
    """
    from browser_tools import started_browser

    with started_browser() as started:
        yield started
