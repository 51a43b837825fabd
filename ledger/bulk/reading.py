"""A block of lines as the quick path read it: what each becomes, and what the whole depends on.

Rules kept here:
- what is asked of every command is answered for the whole block first, with sets; the parts of a
  single command are taken apart only where that does not settle it;
- a block travels between processes as one message of few objects, since each of them costs more
  than the bytes that it holds: names hold no newline, and go as one text.
"""

import marshal
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain, islice
from typing import NamedTuple

from events.codec import decode_data
from events.values import Value
from ledger.bulk.build import are_names
from ledger.bulk.quick import (
    LEFT,
    TYPES,
    Quick,
    Ready,
    Taken,
    data_at,
    is_plain,
    subject_of,
)

_VERSION = 2  # of marshal: without references, which is quicker; both ends are the same Python


class Event(NamedTuple):
    """An event that has no place in the log yet."""

    subject: str
    data: Value


class Read:
    """What became of the commands of a block, blank lines left out.

    Of each command there are the code of its type (0 where it goes the slow way), its key, the
    names that it makes, and its line from the subject on. `outside` are the names that must stand
    before the block.
    """

    lines: int  # of the block, blank ones included
    codes: bytes
    slow: list[int]
    slow_lines: list[bytes]  # as they were given
    unsettled: list[int]  # those of which an id was drawn
    publishers: dict[int, str]  # that must be registered, by the command that names them
    rests: tuple[bytes, ...]  # the lines that the commands become, from their subjects on
    indexes: list[int] | None  # of their lines, where some lines are blank

    def __init__(self, message: bytes | bytearray) -> None:
        """Take what `read_block` made."""
        (
            self.lines, self.codes, self._keys, self._made, self._made_counts, self._outside,
            self.slow, self.slow_lines, self.unsettled, self.publishers,
            self.indexes, self._named, self._named_counts, self.rests,
        ) = marshal.loads(message)  # noqa: S302  from our own process  # fmt: skip
        self.count = len(self.codes)
        self.single = False  # whether its commands must be taken one by one
        self.heeded: object = None  # the state of the stream when its first command was taken

    # ── all of them ──────────────────────────────────────────────────────────────────────────

    @cached_property
    def keys(self) -> list[str]:
        """The key of each command; empty where it goes the slow way."""
        return self._keys.split("\n") if self.count else []

    @cached_property
    def made(self) -> list[str]:
        """All names that are made, one command's after another's; see `made_from`."""
        return self._made.split("\n") if self._made else []

    @cached_property
    def made_from(self) -> list[int]:
        """Of each command, where in `made` its names begin, and where the last one's end."""
        return list(accumulate(as_counts(self._made_counts), initial=0))

    @cached_property
    def outside(self) -> list[str]:
        """The names that must stand before the block."""
        return self._outside.split("\n") if self._outside else []

    @cached_property
    def _named_by_each(self) -> list[tuple[str, ...]]:
        names = iter(self._named.split("\n"))
        return [tuple(islice(names, count)) for count in as_counts(self._named_counts)]

    # ── some of them ─────────────────────────────────────────────────────────────────────────

    def made_in(self, start: int, stop: int) -> list[str]:
        """The names that a range of commands makes."""
        return self.made[self.made_from[start] : self.made_from[stop]]

    def counts_in(self, start: int, stop: int) -> Sequence[int]:
        """How many names each of a range of commands makes."""
        return as_counts(self._made_counts)[start:stop]

    def kinds(self, start: int, stop: int) -> Iterator[str]:
        """The types of the events of commands that all went the quick way."""
        return map(TYPES.__getitem__, self.codes[start:stop])

    def told(self, start: int, stop: int) -> Iterator[tuple[str, ...]]:
        """The names that a receipt tells of each of a range of commands."""
        names = iter(self.made_in(start, stop))
        for at, count in enumerate(self.counts_in(start, stop), start):
            yield tuple(islice(names, count)) if count else (subject_of(self.rests[at]),)

    def slow_in(self, start: int, stop: int) -> list[int]:
        """The commands of a range that go the slow way."""
        return within(self.slow, start, stop)

    def settled_in(self, start: int, stop: int) -> bool:
        """Whether all commands of a range gave all of their ids."""
        return not within(self.unsettled, start, stop)

    # ── one of them ──────────────────────────────────────────────────────────────────────────

    def ready(self, at: int) -> Ready | None:
        """What one command becomes; None where it goes the slow way."""
        if not self.codes[at]:
            return None
        return Ready(
            self.codes[at], subject_of(self.rests[at]), tuple(self.made_in(at, at + 1)),
            self._named_by_each[at], self.settled_in(at, at + 1), self.publishers.get(at),
            self.keys[at], self.rests[at],
        )  # fmt: skip

    def event(self, at: int) -> Event:
        """The event that a command becomes, which went the quick way."""
        kind, rest = TYPES[self.codes[at]], self.rests[at]
        return Event(subject_of(rest), decode_data(kind, rest[data_at(rest) : -1]))

    def statement_of(self, at: int) -> str:
        """The statement to which a report was added: the last field of its event."""
        rest = self.rests[at]
        end = len(rest) - len(b'"}}')
        return rest[rest.rindex(b'"', 0, end) + 1 : end].decode()

    def line(self, at: int) -> int:
        """The index of a command's line in its block."""
        return at if self.indexes is None else self.indexes[at]

    def slow_line(self, at: int) -> bytes | None:
        """The line of a command that goes the slow way; None of any other."""
        number = bisect_left(self.slow, at)
        return self.slow_lines[number] if self.slow[number : number + 1] == [at] else None


def within(numbers: Sequence[int], start: int, stop: int) -> list[int]:
    """Those of some sorted numbers that lie in a half-open range."""
    if not numbers:
        return []
    return list(numbers[bisect_left(numbers, start) : bisect_left(numbers, stop)])


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def read_block(quick: Quick, block: bytes) -> bytes:
    """What becomes of each line of a block, whose last newline may be missing; see `Read`."""
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    count, indexes = len(lines), None
    if not all(lines) or any(map(bytes.isspace, lines)):
        indexes = [at for at, line in enumerate(lines) if line.strip()]
        lines = [lines[at] for at in indexes]
    taken = take_all(quick, lines, clean=is_plain(block))
    columns = zip(*taken, strict=True) if taken else [()] * len(LEFT)
    codes, made, named, settled, publishers, keys, rests = columns
    slow, names = where_not(codes), list(chain.from_iterable(made))
    return marshal.dumps(
        (
            count, bytes(codes), b"\n".join(keys).decode(), "\n".join(names), counts_of(made),
            "\n".join(outside_of(made, named)), slow, [lines[at] for at in slow],
            where_not(settled),
            {at: name for at, name in enumerate(publishers) if name is not None}, indexes,
            "\n".join(chain.from_iterable(named)), counts_of(named), rests,
        ),
        _VERSION,
    )  # fmt: skip


def take_all(quick: Quick, lines: Sequence[bytes], *, clean: bool) -> list[Taken]:
    """What the quick path makes of lines; what makes something whose name is none, it leaves."""
    take = quick.take_fields
    taken = [take(line, clean) for line in lines]
    if not are_names([name for each in taken for name in each[1]]):
        taken = [each if are_names(each[1]) else LEFT for each in taken]
    return taken


def where_not(column: Sequence[object]) -> list[int]:
    """Where something is false or nought."""
    return [] if all(column) else [at for at, each in enumerate(column) if not each]


def outside_of(made: Iterable[tuple[str, ...]], named: Iterable[tuple[str, ...]]) -> list[str]:
    """The names that commands need and that no command before them makes, each once."""
    outside: list[str] = []
    seen: set[str] = set()  # those that were made, or were found to be needed
    for new, needed in zip(made, named, strict=True):
        if not seen.issuperset(needed):
            fresh = [name for name in needed if name not in seen]
            outside += fresh
            seen.update(fresh)
        seen.update(new)
    return outside


def counts_of(column: Iterable[Sequence[str]]) -> bytes:
    """How many names there are for each command; a line holds fewer than 65,536."""
    return array("H", map(len, column)).tobytes()


def as_counts(data: bytes) -> Sequence[int]:
    """What `counts_of` made."""
    return memoryview(data).cast("H")
