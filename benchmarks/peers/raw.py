"""The floor: lines that are ready are written to a file and synced, and nothing else."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.peers.ledger_log import ORIGIN
from events.codec import encode_batch
from events.record import Draft, Placing
from ledger.disk import sync_file, write_all


class RawStore:
    """A file that is open for appending."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.size = 0

    def prepare(self, drafts: Sequence[Draft]) -> bytes:
        """The lines as the ledger would write them."""
        placing = Placing(
            origin=ORIGIN, first=self.size, count=len(drafts), time=datetime.now(tz=UTC)
        )
        self.size += len(drafts)
        return b"\n".join([*encode_batch(drafts, placing), b""])

    def append(self, prepared: bytes) -> None:
        """Write and sync."""
        write_all(self.fd, prepared)
        sync_file(self.fd)

    def finish(self) -> None:
        """Nothing is left to do."""


@contextmanager
def open_store(folder: Path) -> Iterator[RawStore]:
    """A new file in a folder."""
    fd = os.open(folder / "lines.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        yield RawStore(fd)
    finally:
        os.close(fd)
