"""`eventsourcing` at the level of its recorder: stored events straight into SQLite."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from benchmarks.peers import encode
from events.record import Draft

FULL = 2  # PRAGMA synchronous: the WAL is synced at every commit


class RecorderStore:
    """A table of stored events; the version of each subject is counted here."""

    def __init__(self, recorder: SQLiteApplicationRecorder) -> None:
        self.recorder = recorder
        self.versions: Counter[UUID] = Counter()

    def prepare(self, drafts: Sequence[Draft]) -> list[tuple[UUID, int, Draft]]:
        """Each event with its subject and version."""
        placed = []
        for draft in drafts:
            subject = uuid5(NAMESPACE_URL, draft.subject)
            self.versions[subject] += 1
            placed.append((subject, self.versions[subject], draft))
        return placed

    def append(self, prepared: list[tuple[UUID, int, Draft]]) -> None:
        """Encode and insert, in one transaction."""
        self.recorder.insert_events([
            StoredEvent(subject, version, draft.data.TYPE, encode(draft))
            for subject, version, draft in prepared
        ])  # fmt: skip

    def finish(self) -> None:
        """Nothing is left to do."""


@contextmanager
def open_store(folder: Path) -> Iterator[RecorderStore]:
    """A new database in a folder."""
    datastore = SQLiteDatastore(str(folder / "events.sqlite"))
    recorder = SQLiteApplicationRecorder(datastore)
    recorder.create_table()
    check_durable(datastore)
    try:
        yield RecorderStore(recorder)
    finally:
        datastore.close()


def check_durable(datastore: SQLiteDatastore) -> None:
    """Make sure that its connections sync at every commit."""
    with datastore.transaction(commit=False) as cursor:
        cursor.execute("pragma synchronous")
        assert cursor.fetchone()[0] == FULL, "SQLite would not sync at every commit"
        cursor.execute("pragma journal_mode")
        assert cursor.fetchone()[0] == "wal", "SQLite does not use its WAL"
