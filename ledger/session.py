"""A writer at work: batches of commands are decided on what the ledger holds, and appended.

Rules kept here:
- the rule book and the models of commands are loaded only where a batch needs them.
"""

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from ledger.desk import Desk, DeskKeeper
from ledger.errors import Refused
from ledger.sure import are_sure, data_of
from ledger.terms import Recorder
from ledger.writer import Writer
from projections.database import Database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.bulk.quick import Ready
    from ledger.decide import Decision
    from ledger.given import Given


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch became: first and last position (None when nothing was written), size after it.

    `ids` and `positions` have one entry a command, in order, and so has `made`, which names every
    thing as `<noun>/<id>`, the nested ones too; `unchanged` counts commands that stood already.
    """

    first: int | None
    last: int | None
    size: int
    ids: tuple[str, ...]
    positions: tuple[int, ...]
    made: tuple[tuple[str, ...], ...]
    unchanged: int


class Session:
    """Holds the writer's lock, and a desk that stands where the log stands."""

    def __init__(
        self, writer: Writer, recorder: Recorder, keeper: DeskKeeper | None = None
    ) -> None:
        self.writer = writer
        self.recorder = recorder
        self.keeper = keeper
        self.desk = keeper.desk_for(writer.log) if keeper else Desk(writer.log)

    @classmethod
    def open(
        cls,
        folder: Path,
        recorder: Recorder,
        keeper: DeskKeeper | None = None,
        **options: Any,  # noqa: ANN401  those of Writer.open
    ) -> Self:
        """Wait for the ledger; `keeper` keeps the desk for the next session, where one is given."""
        log = keeper.log if keeper else None
        writer = Writer.open(folder, actor=recorder.actor, agent=recorder.agent, log=log, **options)
        try:
            return cls(writer, recorder, keeper)
        except BaseException:
            writer.close()
            raise

    def submit(self, batch: "Sequence[Given]") -> Receipt:
        """Decide on a batch and append it, all or nothing; durable when this returns."""
        from ledger.batches import receipt

        first = self.writer.size
        try:
            decisions = self._append(batch)
        except BaseException:  # what was decided before the fault is not so
            self.desk.forget()
            raise
        return receipt(decisions, first)

    def submit_sure(self, events: "Sequence[Ready]") -> Receipt | None:
        """Append the events of a few commands, if that is certain as things stand; else None.

        They are all or nothing too, and durable when this returns.
        """
        log, desk, first = self.writer.log, self.desk, self.writer.size
        desk.take_in(log)
        if not are_sure(events, desk, log):
            return None
        try:
            self.writer.append_ready(
                [event.type for event in events], [event.rest for event in events]
            )
        except Refused:  # a line that is too long: the rule book says which command's
            return None
        for event in events:
            desk.learn(event.subject, data_of(event), event.key)
        size = first + len(events)
        made = tuple(event.made or (event.subject,) for event in events)
        return Receipt(
            first=first,
            last=size - 1,
            size=size,
            ids=tuple(names[0].partition("/")[2] for names in made),
            positions=tuple(range(first, size)),
            made=made,
            unchanged=0,
        )

    def _append(self, batch: "Sequence[Given]") -> "list[Decision]":
        from ledger.batches import decide_batch, drafts_of, too_long
        from ledger.desk_lookup import DeskLookup
        from ledger.documents import DocumentStore

        log, desk = self.writer.log, self.desk
        desk.take_in(log)
        DeskLookup(desk, log).fill(desk.known, batch)
        decisions = decide_batch(batch, desk.known, self.recorder)
        store = DocumentStore(log.folder)
        for given, decision in zip(batch, decisions, strict=True):
            if given.document and decision.drafts:
                store.put(given.document)
        if drafts := drafts_of(decisions):
            try:
                self.writer.append(drafts)
            except Refused as error:
                raise too_long(batch, decisions, error) from None
            for draft in drafts:
                desk.learn(draft.subject, draft.data, draft.key)
        return decisions

    @property
    def views(self) -> Database:
        """The views, caught up with the log."""
        return self.desk.caught_up(self.writer.log)

    def close(self) -> None:
        """Sign the head and let go of the ledger."""
        self.__exit__(None, None, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.writer.__exit__(kind, error, trace)
        finally:
            if self.keeper:
                self.keeper.keep(self.desk, self.writer.log)
            else:
                self.desk.close()
