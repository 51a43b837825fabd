"""What a batch makes, in order, and what its receipt says."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from events.codec import decode_event, encode_rest
from events.record import Draft, Event
from events.things import forms_of
from ledger.bulk.reading import Read
from ledger.decide import Decision
from ledger.errors import Refused
from ledger.given import Given
from ledger.log import Log
from ledger.session import Receipt


class Run(NamedTuple):
    """Commands of a block that went the quick way, and the positions of their events."""

    read: Read
    commands: range
    positions: Sequence[int]


class One(NamedTuple):
    """A command that was decided on, where its event stands, and what it made.

    That is None of one that was given before, until it is looked up.
    """

    position: int
    names: tuple[str, ...] | None


class Made:
    """What a batch makes; its receipt is put together when it is asked for."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.position = first  # of the next event
        self.count = 0  # commands
        self.unchanged = 0
        self.kinds: list[str] = []  # of its events
        self.rests: list[bytes] = []
        self.documents: list[Given] = []
        self._parts: list[Run | One] = []
        self._names: dict[int, tuple[str, ...]] = {}  # that were looked up, by position

    def take_run(self, read: Read, commands: range) -> None:
        """Take events of the quick path."""
        self.kinds += read.kinds(commands.start, commands.stop)
        self.rests += read.rests[commands.start : commands.stop]
        after = self.position + len(commands)
        self._parts.append(Run(read, commands, range(self.position, after)))
        self.position = after
        self.count += len(commands)

    def repeat_run(self, read: Read, commands: range, positions: Sequence[int]) -> None:
        """Take commands that were given before, all of whose ids they gave themselves."""
        self._parts.append(Run(read, commands, positions))
        self.unchanged += len(commands)
        self.count += len(commands)

    def decided(self, given: Given, decision: Decision) -> None:
        """Take what the rule book decided."""
        for draft in decision.drafts:
            self.kinds.append(draft.data.TYPE)
            self.rests.append(rest_of(draft))
        self.position += len(decision.drafts)
        at = decision.unchanged_at
        self._parts.append(One(self.position - 1 if at is None else at, decision.made or None))
        self.unchanged += at is not None
        self.count += 1
        if given.document and decision.drafts:
            self.documents.append(given)

    def positions(self) -> Iterable[int]:
        """Of each command, where its event stands, which may be an earlier one."""
        return chain.from_iterable(
            part.positions if isinstance(part, Run) else (part.position,) for part in self._parts
        )

    def look_up(self, log: Log) -> None:
        """Look up what commands made that were given before, once the batch is appended."""
        unknown = [each.position for each in self._parts if isinstance(each, One)
                   and each.names is None]  # fmt: skip
        for position, line in log.lines_at(unknown).items():
            self._names[position] = names_made(decode_event(line))

    def names(self) -> Iterable[tuple[str, ...]]:
        """Of each command, the names of what it made."""
        for part in self._parts:
            if isinstance(part, Run):
                yield from part.read.told(part.commands.start, part.commands.stop)
            else:
                yield self._names[part.position] if part.names is None else part.names

    def summary(self) -> Receipt:
        """What became of the batch, without what became of each command."""
        size = self.position
        return Receipt(
            first=self.first if size > self.first else None,
            last=size - 1 if size > self.first else None,
            size=size,
            ids=(),
            positions=(),
            made=(),
            unchanged=self.unchanged,
        )

    def receipt(self) -> Receipt:
        """Say what became of the batch; what there is to be looked up was looked up before."""
        size, made = self.position, tuple(self.names())
        return Receipt(
            first=self.first if size > self.first else None,
            last=size - 1 if size > self.first else None,
            size=size,
            ids=tuple([each[0].partition("/")[2] for each in made]),
            positions=tuple(self.positions()),
            made=made,
            unchanged=self.unchanged,
        )


def names_made(event: Event) -> tuple[str, ...]:
    """The names that a receipt tells of an event."""
    return tuple(form.subject for form in forms_of(event.data)) or (event.subject,)


def rest_of(draft: Draft) -> bytes:
    """A decided event as the writer takes it; raises Refused for text that is none."""
    try:
        return encode_rest(draft)[0]
    except UnicodeEncodeError as error:
        raise Refused(f"An event cannot be written: {error}.") from error
