"""`eventsourcing` as its documentation shows it: an application saves aggregates, on SQLite."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate

from benchmarks.peers.recorder import check_durable
from events.record import Draft

Content = dict[str, Any]


class Thing(Aggregate):
    """Anything that events are about: a speaker, a source, a statement."""

    class Recorded(Aggregate.Created):
        """Its first event."""

        type: str
        content: Content

    class Changed(Aggregate.Event):
        """A later one."""

        type: str
        content: Content

        def apply(self, aggregate: Any) -> None:  # noqa: ANN401  the library leaves it open
            """Nothing is kept of it but that it was."""

    def __init__(self, type: str, content: Content) -> None:  # noqa: A002, ARG002  names of fields
        self.type = type

    @staticmethod
    def named(subject: UUID, type_name: str, content: Content) -> "Thing":
        """A new one with an id that is given."""
        made: Thing = Thing._create(  # the library's own way to give an id
            event_class=Thing.Recorded, id=subject, type=type_name, content=content
        )
        return made


class AggregateStore:
    """An application; what it saves at once is one commit."""

    def __init__(self, application: "Application[UUID]") -> None:
        self.application = application
        self.known: set[UUID] = set()

    def prepare(self, drafts: Sequence[Draft]) -> list[tuple[UUID, str, Content]]:
        """Each event with its subject, as plain JSON objects."""
        return [
            (uuid5(NAMESPACE_URL, draft.subject), draft.data.TYPE, msgspec.to_builtins({
                "actor": draft.actor, "agent": draft.agent, "key": draft.key, "data": draft.data,
            }))
            for draft in drafts
        ]  # fmt: skip

    def append(self, prepared: list[tuple[UUID, str, Content]]) -> None:
        """Make or load the aggregates, trigger their events, and save them together."""
        changed: dict[UUID, Thing] = {}
        for subject, type_name, content in prepared:
            if subject not in self.known:
                self.known.add(subject)
                changed[subject] = Thing.named(subject, type_name, content)
                continue
            if subject not in changed:
                changed[subject] = self.application.repository.get(subject)
            changed[subject].trigger_event(Thing.Changed, type=type_name, content=content)
        self.application.save(*changed.values())

    def finish(self) -> None:
        """Nothing is left to do."""


@contextmanager
def open_store(folder: Path) -> Iterator[AggregateStore]:
    """A new application on a database in a folder."""
    application: Application[UUID] = Application(env={
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SQLITE_DBNAME": str(folder / "events.sqlite"),
    })  # fmt: skip
    factory: Any = application.factory  # that of SQLite, which has a datastore
    check_durable(factory.datastore)
    try:
        yield AggregateStore(application)
    finally:
        application.close()
