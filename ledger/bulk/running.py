"""A stream at its present size: which names stand, what was made since they were noted.

Rules kept here:
- an event is made the quick way only where all that it makes is new, and all that it names stands
  and is not odd: void, erased, or a source with a text;
- the names of what is made are noted before anybody looks them up.
"""

from collections.abc import Sequence

from events.codec import decode_event, encode_rest
from events.record import Draft, Event
from events.values import Value
from events.vocabulary import RecordVoided, ReportAdded, SpeakerRevised
from ledger.bulk.chunk import Chunk
from ledger.bulk.deciding import Deciding
from ledger.bulk.quick import Ready
from ledger.bulk.standing import Standing, names_of, odd_names
from ledger.decide import Decision
from ledger.documents import DocumentStore
from ledger.errors import ClaimsError, Refused
from ledger.given import Given
from ledger.log import Log
from ledger.session import Receipt
from ledger.writer import Writer

_MOST_OUTLETS = 100_000


class Running:
    """What is known while batches are appended; `size` is that of the log."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.size = standing.size
        self.where: dict[str, int] = {}  # names of this chunk that stand, and where
        self.ready: dict[int, Ready] = {}  # what the quick path made and is not noted
        self.reports: dict[str, list[int]] = {}  # of those, added reports by their statement
        self.outlets: set[str] = set()  # names of publishers that are registered under them
        self._names: list[str] = []  # of what was decided, not noted yet
        self._positions: list[int] = []
        self._deciding: Deciding | None = None
        self._is_new = False  # whether nothing that the quick path makes of this chunk stands yet

    def ask(self, chunk: Chunk, start: int) -> None:
        """Ask where the names stand on which a chunk depends from an index on.

        What was asked before is forgotten.
        """
        self.settle()
        made, named = chunk.made(start), chunk.named(start)
        self.where = self.standing.positions(made | named)
        odd = self.standing.odd
        self._is_new = (
            made.isdisjoint(self.where) and made.isdisjoint(odd) and odd.isdisjoint(named)
        )

    def settle(self) -> None:
        """Note the names of all that was made."""
        names, positions = self._names, self._positions
        for position, entry in self.ready.items():
            names += entry[2]
            names.append(entry[6])
            positions += [position] * (len(entry[2]) + 1)
        for statement_id, added in self.reports.items():
            names += [f"reports/{statement_id}"] * len(added)
            positions += added
        self.standing.note(names, positions)
        self._names, self._positions = [], []
        self.ready.clear()
        self.reports.clear()

    def slow_of(self, chunk: Chunk, among: range) -> list[Given]:
        """The commands that the rule book is to decide on, as far as is known now."""
        if self._is_new:
            return [chunk.give(at) for at in among if not chunk.entries[at]]
        where, odd = self.where.keys(), self.standing.odd
        return [
            chunk.give(at)
            for at in among
            if isinstance(entry := chunk.entries[at], int)
            or (entry[6] in where and not entry[4])
            or (
                entry[6] not in where
                and not (where.isdisjoint(entry[2]) and odd.isdisjoint(entry[3]))
            )
        ]

    def begin(self, deciding: Deciding, given: Sequence[Given]) -> None:
        """Begin a run of commands that the rule book is to decide on."""
        self.settle()
        deciding.look_up(given)
        deciding.recent.where, deciding.recent.ready = self.where, self.ready
        deciding.recent.reports = self.reports
        self._deciding = deciding

    def append(self, writer: Writer, chunk: Chunk, batch: range) -> Receipt:
        """Append one batch of a chunk; raises Refused, Conflict and what a writer raises."""
        chunk.give_slow(batch)
        made = Made(writer.size)
        for at, entry in zip(batch, chunk.entries[batch.start : batch.stop], strict=True):
            if isinstance(entry, int) or not self._take(entry, made):
                self._decide(chunk.give(at), made)
        store = DocumentStore(writer.log.folder)
        for given in made.documents:
            assert given.document is not None
            store.put(given.document)
        if made.events:
            try:
                writer.append_ready(made.events)
            except Refused as error:
                raise self._too_long(chunk, batch, made, error) from None
        self.size = writer.size
        return made.receipt()

    def _take(self, entry: Ready, made: "Made") -> bool:
        """Take what the quick path made of a command, if that is certain as things stand."""
        kind, subject, names, named, settled, publisher, key, rest, _ = entry
        where, odd, position = self.where, self.standing.odd, made.position
        if key in where:
            if settled:
                made.repeated(names or (subject,), where[key])
            return settled
        for name in names:
            if name in where or name in odd:
                return False
        for name in named:
            if name not in where or name in odd:
                return False
        if publisher is not None and publisher not in self.outlets:
            return False
        where[key] = position
        for name in names:
            where[name] = position
        self.ready[position] = entry
        if kind == ReportAdded.TYPE:
            self.reports.setdefault(named[0].partition("/")[2], []).append(position)
        made.take(kind, rest, names or (subject,))
        return True

    def _decide(self, given: Given, made: "Made") -> None:
        assert self._deciding is not None, "a run was begun"
        decision = self._deciding.decide(given, made.position)
        for position, draft in enumerate(decision.drafts, made.position):
            self._know(position, draft.data, draft.key)
        if decision.drafts:
            publisher = getattr(given.command, "publisher", None)
            if publisher and len(self.outlets) < _MOST_OUTLETS:
                self.outlets.add(publisher)
        made.decided(given, decision)

    def _know(self, position: int, data: Value, key: str | None) -> None:
        """Know an event that was decided on from now on."""
        names = names_of(data, key)
        for name in names:
            self.where.setdefault(name, position)
        self._names += names
        self._positions += [position] * len(names)
        hidden = None
        if isinstance(data, RecordVoided) and self._deciding is not None:
            hidden = self._deciding.known.events.get(data.position)
        self._heed(data, hidden[1] if hidden else None)

    def _heed(self, data: Value, hidden: Value | None) -> None:
        self.standing.odd |= odd_names(data, hidden)
        if isinstance(data, RecordVoided | SpeakerRevised):
            self.outlets.clear()

    def take_in(self, event: Event, log: Log) -> None:
        """Know an event that somebody else appended."""
        names = names_of(event.data, event.key)
        for name in names:
            self.where.setdefault(name, event.position)
        self.standing.note(names, [event.position] * len(names))
        hidden = None
        if isinstance(event.data, RecordVoided):
            hidden = decode_event(log.line(event.data.position)).data
        self._heed(event.data, hidden)

    def _too_long(self, chunk: Chunk, batch: range, made: "Made", error: Refused) -> ClaimsError:
        """The refusal of a batch that the log cannot hold, at its longest event."""
        lengths = [len(rest) for _, rest in made.events]
        position = made.first + lengths.index(max(lengths))
        at = next(at for at, last in enumerate(made.positions) if last >= position)
        error.way_out = (
            "Shorten it: what is long stands in a document, and a quote is a part of it."
        )
        return chunk.give(batch[at]).placed(error)


class Made:
    """What a batch makes, in order, and what its receipt will say."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.position = first  # of the next event
        self.events: list[tuple[str, bytes]] = []
        self.positions: list[int] = []
        self.made: list[tuple[str, ...]] = []
        self.unchanged = 0
        self.documents: list[Given] = []

    def take(self, kind: str, rest: bytes, made: tuple[str, ...]) -> None:
        """Take an event of the quick path."""
        self.events.append((kind, rest))
        self.positions.append(self.position)
        self.made.append(made)
        self.position += 1

    def repeated(self, made: tuple[str, ...], position: int) -> None:
        """Take a command that was given before, all of whose ids it gave itself."""
        self.positions.append(position)
        self.made.append(made)
        self.unchanged += 1

    def decided(self, given: Given, decision: Decision) -> None:
        """Take what the rule book decided."""
        self.events += [ready_of(draft) for draft in decision.drafts]
        self.position += len(decision.drafts)
        at = decision.unchanged_at
        self.positions.append(self.position - 1 if at is None else at)
        self.unchanged += at is not None
        self.made.append(decision.made)
        if given.document and decision.drafts:
            self.documents.append(given)

    def receipt(self) -> Receipt:
        """Say what became of the batch."""
        size = self.position
        return Receipt(
            first=self.first if size > self.first else None,
            last=size - 1 if size > self.first else None,
            size=size,
            ids=tuple([made[0].partition("/")[2] for made in self.made]),
            positions=tuple(self.positions),
            made=tuple(self.made),
            unchanged=self.unchanged,
        )


def ready_of(draft: Draft) -> tuple[str, bytes]:
    """A decided event as the writer takes it; raises Refused for text that is none."""
    try:
        return draft.data.TYPE, encode_rest(draft)[0]
    except UnicodeEncodeError as error:
        raise Refused(f"An event cannot be written: {error}.") from error
