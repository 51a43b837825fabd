"""The ledger with what a writer does when it closes: full segments are sealed, in measured time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peers.ledger_log import LogStore, new_ledger


class SealedStore(LogStore):
    """The same log; at its end it is closed, which seals what was filled."""

    def finish(self) -> None:
        """Sign the head, and seal all full segments."""
        self.writer.seal()
        self.writer.close()


@contextmanager
def open_store(folder: Path) -> Iterator[SealedStore]:
    """A new ledger in a folder."""
    with new_ledger(folder, seal=True) as writer:
        yield SealedStore(writer)
