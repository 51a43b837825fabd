"""A stream at its present size: which names stand, and what becomes of the next commands.

Rules kept here:
- an event is made the quick way only where all that it makes is new, and all that it names stands
  and is not odd: void, erased, or a source with a text;
- that is asked of whole runs of commands; where it does not hold of a run, of each command;
- whatever is decided in the middle of a block, or appended by others, may change what was asked of
  the block as a whole; where it may, the rest of the block is taken command by command.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat

from events.codec import decode_event
from events.record import Event
from events.values import Value
from events.vocabulary import RecordVoided, SpeakerRevised
from ledger.bulk.chunk import Chunk, Part
from ledger.bulk.deciding import Deciding
from ledger.bulk.lookup import Placed
from ledger.bulk.made import Made
from ledger.bulk.quick import Ready
from ledger.bulk.reading import Read
from ledger.bulk.standing import Standing, names_of, odd_names
from ledger.documents import DocumentStore
from ledger.errors import ClaimsError, Refused
from ledger.given import Given
from ledger.log import Log
from ledger.references import given_in
from ledger.writer import Writer

_MOST_OUTLETS = 100_000
_NO_KEY = ""  # of a command that goes the slow way


class Running:
    """What is known while batches are appended; `size` is that of the log with all of them."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.size = standing.size
        self.placed = Placed()  # what the quick path made since the names were settled
        self.outlets: set[str] = set()  # names of publishers that are registered under them
        self._state = object()  # another one whenever something becomes odd, or an outlet uncertain
        self._deciding: Deciding | None = None
        self._repeats = True  # whether commands are likely to have been given before

    # ── asking ───────────────────────────────────────────────────────────────────────────────

    def ask(self, chunk: Chunk, start: int) -> None:
        """Ask where the names stand on which a chunk depends from an index on.

        Of a part all of whose commands were given before, only their keys are asked for, where that
        is likely: each time that something is asked costs as much as many names.
        """
        self.settle()
        standing = self.standing
        standing.make_room()
        if standing.is_whole:
            return
        parts = list(chunk.parts(range(start, len(chunk))))
        keys = [set(part.read.keys[part.start : part.stop]) - {_NO_KEY} for part in parts]
        if self._repeats:
            standing.look_up(set().union(*keys))
        wanted: list[Iterable[str]] = []
        for part, some in zip(parts, keys, strict=True):
            if not standing.where.keys() >= some:
                wanted += some, part.read.made_in(part.start, part.stop), part.read.outside
        standing.look_up(chain.from_iterable(wanted), chunk.names_of_slow())
        self._repeats = any(some and standing.where.keys() >= some for some in keys)

    def settle(self) -> None:
        """Go on from what the log has now: all that was made can be read from there."""
        self.standing.settled = self.size
        self.placed = Placed()
        if self._deciding is not None:
            self._deciding.recent.placed = self.placed

    def begin(self, deciding: Deciding, given: Sequence[Given]) -> None:
        """Begin a run of commands that the rule book is to decide on."""
        self._deciding = deciding
        self.settle()
        deciding.look_up(given)

    # ── appending ────────────────────────────────────────────────────────────────────────────

    def make(self, chunk: Chunk, batch: range) -> Made:
        """What one batch of a chunk makes, and know that from now on; raises Refused, Conflict."""
        chunk.give_slow(batch)
        made = Made(self.size)
        for part in chunk.parts(batch):
            self._append_part(chunk, part, made)
        self.size = made.position
        return made

    def write(self, writer: Writer, chunk: Chunk, batch: range, made: Made) -> None:
        """Begin to append what a batch made; raises what a writer raises."""
        store = DocumentStore(writer.log.folder)
        for given in made.documents:
            assert given.document is not None
            store.put(given.document)
        if made.kinds:
            try:
                writer.begin_ready(made.kinds, made.rests)
            except Refused as error:
                raise self._too_long(chunk, batch, made, error) from None

    def _append_part(self, chunk: Chunk, part: Part, made: Made) -> None:
        """Take the commands of one block: runs of quick ones, and those between them."""
        read, at = part.read, part.start
        self._consider(read)
        for slow in [*read.slow_in(part.start, part.stop), part.stop]:
            if at < slow and not self._take_run(read, range(at, slow), made):
                read.single = True
                self._take_each(chunk, part, range(at, slow), made)
            if slow < part.stop:
                self._decide(chunk.give(slow - part.start + part.at), made)
            at = slow + 1

    def _consider(self, read: Read) -> None:
        """Ask what must stand before a block, when its first command is taken."""
        if read.heeded is None:
            read.heeded = self._state
            odd, where = self.standing.odd, self.standing.where
            stands = all(map(where.__contains__, read.outside)) and odd.isdisjoint(read.outside)
            read.single = read.single or not stands

    def _take_run(self, read: Read, commands: range, made: Made) -> bool:
        """Take quick commands that follow each other, if all are certain as things stand."""
        where, odd = self.standing.where, self.standing.odd
        start, stop = commands.start, commands.stop
        if read.keys[start] in where:
            return self._repeat_run(read, commands, made)
        if read.single or read.heeded is not self._state:
            return False
        names = read.made_in(start, stop)
        if not self.outlets.issuperset(read.publishers.values()) or not odd.isdisjoint(names):
            return False
        positions = range(made.position, made.position + len(commands))
        counted = chain.from_iterable(map(repeat, positions, read.counts_in(start, stop)))
        if not put_new(where, [*names, *read.keys[start:stop]], [*counted, *positions]):
            return False
        self.placed.add(made.position, read, commands)
        made.take_run(read, commands)
        return True

    def _repeat_run(self, read: Read, commands: range, made: Made) -> bool:
        """Take commands all of which were given before, with all of their ids."""
        where = self.standing.where
        keys = read.keys[commands.start : commands.stop]
        positions = [where[key] for key in keys if key in where]
        if len(positions) < len(keys) or not read.settled_in(commands.start, commands.stop):
            return False
        read.single = True  # what they made once is not known to stand undisputed
        made.repeat_run(read, commands, positions)
        return True

    def _take_each(self, chunk: Chunk, part: Part, commands: range, made: Made) -> None:
        """Take quick commands one by one; those that are not certain are decided on."""
        offset = part.at - part.start
        entries = [part.read.ready(at) for at in commands]
        self._foresee([
            chunk.give(at + offset)
            for at, entry in zip(commands, entries, strict=True)
            if entry and self._is_doubtful(entry)
        ])  # fmt: skip
        for at, entry in zip(commands, entries, strict=True):
            if entry is None or not self._take(part.read, at, entry, made):
                self._decide(chunk.give(at + offset), made)

    def _is_doubtful(self, entry: Ready) -> bool:
        """Whether the rule book is to decide on a quick command, as far as can be told now."""
        where, odd = self.standing.where, self.standing.odd
        if entry.key in where:
            return not entry.settled
        return not (where.keys().isdisjoint(entry.made) and odd.isdisjoint(entry.named))

    def _foresee(self, given: list[Given]) -> None:
        """Look up what several commands name, all at once."""
        if given:
            assert self._deciding is not None, "a run was begun"
            self._deciding.look_up(given)

    def _take(self, read: Read, at: int, entry: Ready, made: Made) -> bool:
        """Take what the quick path made of a command, if that is certain as things stand."""
        where, odd = self.standing.where, self.standing.odd
        if entry.key in where:
            if entry.settled:
                made.repeat_run(read, range(at, at + 1), [where[entry.key]])
            return entry.settled
        for name in entry.made:
            if name in where or name in odd:
                return False
        for name in entry.named:
            if name not in where or name in odd:
                return False
        if entry.publisher is not None and entry.publisher not in self.outlets:
            return False
        where[entry.key] = made.position
        for name in entry.made:
            where[name] = made.position
        self.placed.add(made.position, read, range(at, at + 1))
        made.take_run(read, range(at, at + 1))
        return True

    # ── deciding ─────────────────────────────────────────────────────────────────────────────

    def _decide(self, given: Given, made: Made) -> None:
        assert self._deciding is not None, "a run was begun"
        decision = self._deciding.decide(given, made.position)
        for position, draft in enumerate(decision.drafts, made.position):
            self._know(position, draft.data, draft.key)
        if decision.drafts:
            publisher = given_in(given.command, "publisher")
            if publisher and len(self.outlets) < _MOST_OUTLETS:
                self.outlets.add(publisher)
        made.decided(given, decision)

    def _know(self, position: int, data: Value, key: str | None) -> None:
        """Know an event that was decided on from now on."""
        self.standing.learn(names_of(data, key), position)
        hidden = None
        if isinstance(data, RecordVoided) and self._deciding is not None:
            hidden = self._deciding.known.events.get(data.position)
        self._heed(data, hidden[1] if hidden else None)

    def _heed(self, data: Value, hidden: Value | None) -> None:
        odd = odd_names(data, hidden) - self.standing.odd
        self.standing.odd |= odd
        uncertain = isinstance(data, RecordVoided | SpeakerRevised) and bool(self.outlets)
        if uncertain:
            self.outlets.clear()
        if odd or uncertain:
            self._state = object()

    def take_in(self, event: Event, log: Log) -> None:
        """Know an event that somebody else appended."""
        self.standing.learn(names_of(event.data, event.key), event.position)
        hidden = None
        if isinstance(event.data, RecordVoided):
            hidden = decode_event(log.line(event.data.position)).data
        self._heed(event.data, hidden)

    def _too_long(self, chunk: Chunk, batch: range, made: Made, error: Refused) -> ClaimsError:
        """The refusal of a batch that the log cannot hold, at its longest event."""
        lengths = list(map(len, made.rests))
        position = made.first + lengths.index(max(lengths))
        at = next(at for at, last in enumerate(made.positions()) if last >= position)
        error.way_out = (
            "Shorten it: what is long stands in a document, and a quote is a part of it."
        )
        return chunk.give(batch[at]).placed(error)


def put_new(where: dict[str, int], names: list[str], positions: list[int]) -> bool:
    """Put names with their positions, if none of them is there yet; else nothing is changed.

    Each name is looked up once, since that is what takes the time where there are millions.
    """
    found = list(map(where.setdefault, names, positions))
    if found == positions:
        return True
    for name, was, position in zip(names, found, positions, strict=True):
        if was == position:
            del where[name]
    return False
