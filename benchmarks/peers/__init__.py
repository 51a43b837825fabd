"""What the ledger is measured beside: each store in a module and in a process of its own.

Rules kept here:
- every store gets the same events, as objects in memory, and encodes their data in its own measured
  time (but for the raw loop, which gets ready lines: it says what the disk alone allows);
- what is measured is durable: `append` returns only after the disk was told to sync, once a call.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

import msgspec

from events.record import Draft


class Store(Protocol):
    """Something that takes events; `prepare` is not measured, `append` and `finish` are."""

    def prepare(self, drafts: Sequence[Draft]) -> Any:  # noqa: ANN401  whatever `append` takes
        """Turn events into what `append` takes."""

    def append(self, prepared: Any) -> None:  # noqa: ANN401  what `prepare` gave
        """Make one batch durable, in one commit."""

    def finish(self) -> None:
        """Do what is left after the last batch."""


class Contender(NamedTuple):
    """How a store is shown, where its code is, and how it makes sure that a commit lasts."""

    label: str
    module: str
    durability: str


LEDGER, SEALED, RAW = "ledger", "ledger-sealed", "raw"
OURS = (LEDGER, SEALED, RAW)  # what is no peer

STORES = {
    LEDGER: Contender("Claims Ledger (`Writer.append`)", "ledger_log",
                      "one fsync a batch; tree and signed head included"),
    SEALED: Contender("Claims Ledger, full segments sealed too", "ledger_sealed",
                      "the same; sealed segments are synced before the plain ones go"),
    RAW: Contender("raw append + fsync", "raw", "ready lines, one write and one fsync a batch"),
    "recorder": Contender("eventsourcing, recorder on SQLite", "recorder",
                          "WAL, synchronous=FULL: one fsync a commit"),
    "aggregate": Contender("eventsourcing, aggregates on SQLite", "aggregate",
                           "WAL, synchronous=FULL: one fsync a commit"),
    "umadb": Contender("UmaDB, server and Python client", "uma",
                       "its own: two fdatasync a commit; its file begins at 256 MiB"),
    "sqlite-utils": Contender("sqlite-utils", "sqlite_tables",
                              "WAL, synchronous=FULL: one fsync a commit"),
    "duckdb": Contender("DuckDB table", "duck", "its own: the WAL is synced at every commit"),
}  # fmt: skip


def open_store(name: str, folder: Path) -> AbstractContextManager[Store]:
    """Open a new store in an empty folder; raises ImportError where its library is missing."""
    module = import_module(f"benchmarks.peers.{STORES[name].module}")
    return cast("AbstractContextManager[Store]", module.open_store(folder))


_encode = msgspec.json.Encoder().encode


def encode(draft: Draft) -> bytes:
    """All of an event but its type and subject, as the JSON that a store keeps."""
    return _encode(
        {"actor": draft.actor, "agent": draft.agent, "key": draft.key, "data": draft.data}
    )
