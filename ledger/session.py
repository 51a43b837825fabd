"""A writer at work: batches of commands are decided on what the ledger holds, and appended."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from events.codec import encode_data
from events.record import Draft
from ledger.decide import Decision, decide
from ledger.desk import Desk, DeskKeeper, DeskLookup
from ledger.documents import DocumentStore
from ledger.errors import ClaimsError, Refused
from ledger.given import Given
from ledger.known import Known
from ledger.log import Log
from ledger.lookup import Lookup
from ledger.terms import Recorder
from ledger.writer import Writer
from projections.database import Database


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

    def submit(self, batch: Sequence[Given]) -> Receipt:
        """Decide on a batch and append it, all or nothing; durable when this returns."""
        first = self.writer.size
        try:
            decisions = self._append(batch)
        except BaseException:  # what was decided before the fault is not so
            self.desk.forget()
            raise
        return receipt(decisions, first)

    def _append(self, batch: Sequence[Given]) -> list[Decision]:
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


def decide_batch(batch: Sequence[Given], known: Known, recorder: Recorder) -> list[Decision]:
    """Decide on each command in turn; raises for the first fault, with its place."""
    decisions = []
    for given in batch:
        try:
            decisions.append(decide(given, known, recorder))
        except ClaimsError as error:
            raise given.placed(error) from None
        known.take(decisions[-1].drafts)
    return decisions


def too_long(batch: Sequence[Given], decisions: Sequence[Decision], error: Refused) -> ClaimsError:
    """The refusal of a batch that the log cannot hold, at the command with the longest event."""

    def length(decision: Decision) -> int:
        return max((len(encode_data(draft.data)) for draft in decision.drafts), default=0)

    at = max(range(len(batch)), key=lambda each: length(decisions[each]))
    error.way_out = "Shorten it: what is long stands in a document, and a quote is a part of it."
    return batch[at].placed(error)


def repeated_receipt(log: Log, views: Database, batch: Sequence[Given]) -> Receipt | None:
    """The receipt of a batch all of whose commands were given before; None where one is new."""
    known = Known(log.size)
    Lookup(views, log).fill_keys(known, {given.key for given in batch})
    found = [known.keys.get(given.key) for given in batch]
    decisions = [Decision((), each.made, each.position) for each in found if each]
    return receipt(decisions, log.size) if len(decisions) == len(batch) else None


def receipt(decisions: Sequence[Decision], first: int) -> Receipt:
    """Say what became of the decisions on a batch that was appended at `first`."""
    positions, size = [], first
    for decision in decisions:
        size += len(decision.drafts)
        at = decision.unchanged_at
        positions.append(size - 1 if at is None else at)
    return Receipt(
        first=first if size > first else None,
        last=size - 1 if size > first else None,
        size=size,
        ids=tuple(decision.made[0].partition("/")[2] for decision in decisions),
        positions=tuple(positions),
        made=tuple(decision.made for decision in decisions),
        unchanged=sum(decision.unchanged_at is not None for decision in decisions),
    )


def drafts_of(decisions: Sequence[Decision]) -> list[Draft]:
    """All events that were decided on, in order."""
    return [draft for decision in decisions for draft in decision.drafts]
