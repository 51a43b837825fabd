"""The ledger itself: its log, with the tree and the signed head; segments stay plain."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.ready import ACTOR
from events.record import Draft
from ledger.create import create_ledger
from ledger.writer import Writer

ORIGIN = "example.org/benchmark"


class LogStore:
    """Appends batches of events; signs the head about every second, and at the end."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def prepare(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        """The events as they are."""
        return drafts

    def append(self, prepared: Sequence[Draft]) -> None:
        """Encode, hash, write, sync."""
        self.writer.append(prepared)

    def finish(self) -> None:
        """Grow the tree and sign the head over all of it."""
        self.writer.sign()


@contextmanager
def open_store(folder: Path) -> Iterator[LogStore]:
    """A new ledger in a folder."""
    with new_ledger(folder, seal=False) as writer:
        yield LogStore(writer)


def new_ledger(folder: Path, *, seal: bool) -> Writer:
    """The writer of a new ledger in a folder."""
    create_ledger(folder / "ledger", origin=f"{ORIGIN}/{folder.parent.name}", actor=ACTOR)
    return Writer.open(folder / "ledger", actor=ACTOR, agent="importer", seal=seal)
