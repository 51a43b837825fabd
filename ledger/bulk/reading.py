"""A block of lines as the quick path read it: what each becomes, and what the whole depends on.

Rules kept here:
- what is asked of every command is answered for the whole block first, with sets; the parts of a
  single command are taken apart only where that does not settle it;
- a block travels between processes as one message of few objects, since each of them costs more
  than the bytes that it holds.
"""

import marshal
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain

from ledger.bulk.quick import NOT_TAKEN, TYPES, Quick, Ready, is_plain

_VERSION = 2  # of marshal: without references, which is quicker; both ends are the same Python
_SUBJECT = len(b'"subject":"')

_Detail = tuple[tuple[str, ...], bool, str | None]


class Read:
    """What became of the commands of a block, blank lines left out.

    Of each command there are the code of its type (0 where it goes the slow way), its line from the
    subject on, and the names that it makes with its key as the last of them. `outside` are the
    names that must stand before the block; `distinct` says that no name is made twice in it.
    """

    __slots__ = (
        "_details", "_known", "codes", "count", "distinct", "heeded", "indexes", "lines", "names",
        "outside", "publishers", "rests", "single", "slow", "slow_lines", "unsettled",
    )  # fmt: skip

    lines: int  # of the block, blank ones included
    codes: bytes
    rests: list[bytes]
    names: list[tuple[str, ...]]
    outside: list[str]
    distinct: bool
    slow: list[int]
    slow_lines: list[bytes]  # as they were given
    unsettled: list[int]  # those of which an id was drawn
    publishers: list[str]
    indexes: list[int] | None  # of their lines, where some lines are blank
    _details: bytes

    def __init__(self, message: bytes | bytearray) -> None:
        """Take what `read_block` made."""
        (
            self.lines, self.codes, self.rests, self.names, self.outside, self.distinct, self.slow,
            self.slow_lines, self.unsettled, self.publishers, self.indexes, self._details,
        ) = marshal.loads(message)  # noqa: S302  from our own process  # fmt: skip
        self.count = len(self.codes)
        self.single = not self.distinct  # whether its commands must be taken one by one
        self.heeded: object = None  # the state of the stream when its first command was taken
        self._known: list[_Detail] | None = None

    def ready(self, at: int) -> Ready | None:
        """What one command becomes; None where it goes the slow way."""
        if not self.codes[at]:
            return None
        if self._known is None:
            self._known = marshal.loads(self._details)  # noqa: S302  the same
        (named, settled, publisher), names = self._known[at], self.names[at]
        return Ready(
            self.codes[at], self.subject(at), names[:-1], named, settled, publisher, names[-1],
            self.rests[at],
        )  # fmt: skip

    def subject(self, at: int) -> str:
        """The subject of a command's event: an id that needs no escapes."""
        rest = self.rests[at]
        return rest[_SUBJECT : rest.index(b'"', _SUBJECT)].decode()

    def made(self, at: int) -> tuple[str, ...]:
        """The names that a receipt tells of a command."""
        return self.names[at][:-1] or (self.subject(at),)

    def events(self, start: int, stop: int) -> Iterator[tuple[str, bytes]]:
        """The events of commands that all went the quick way, as the writer takes them."""
        codes = self.codes[start:stop]
        return zip(map(TYPES.__getitem__, codes), self.rests[start:stop], strict=True)

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

    def slow_in(self, start: int, stop: int) -> list[int]:
        """The commands of a range that go the slow way."""
        return within(self.slow, start, stop)

    def settled_in(self, start: int, stop: int) -> bool:
        """Whether all commands of a range gave all of their ids."""
        return not within(self.unsettled, start, stop)


def within(numbers: Sequence[int], start: int, stop: int) -> list[int]:
    """Those of some sorted numbers that lie in a half-open range."""
    if not numbers:
        return []
    return list(numbers[bisect_left(numbers, start) : bisect_left(numbers, stop)])


def read_block(quick: Quick, block: bytes) -> bytes:
    """What becomes of each line of a block, whose last newline may be missing; see `Read`."""
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    count, indexes = len(lines), None
    if not all(lines) or any(map(bytes.isspace, lines)):
        indexes = [at for at, line in enumerate(lines) if line.strip()]
        lines = [lines[at] for at in indexes]
    take, clean = quick.take_fields, is_plain(block)
    codes, slow, unsettled = bytearray(), [], []
    rests: list[bytes] = []
    names: list[tuple[str, ...]] = []
    details: list[_Detail] = []
    outside: list[str] = []
    seen: set[str] = set()  # names that were made, or were found to be needed from outside
    publishers = set()
    for at, line in enumerate(lines):
        try:
            taken = take(line, clean)
        except NOT_TAKEN:
            taken = None
        if taken is None:
            taken = _SLOW
            slow.append(at)
        code, _, made, named, settled, publisher, key, rest = taken
        if not seen.issuperset(named):
            fresh = [name for name in named if name not in seen]
            outside += fresh
            seen.update(fresh)
        seen.update(made)
        if not settled:
            unsettled.append(at)
        if publisher is not None:
            publishers.add(publisher)
        codes.append(code)
        rests.append(rest)
        names.append((*made, key))
        details.append((named, settled, publisher))
    for at in slow:
        names[at] = ()
    flat = list(chain.from_iterable(names))
    distinct = len(set(flat)) == len(flat)
    return marshal.dumps(
        (
            count, bytes(codes), rests, names, outside, distinct, slow, [lines[at] for at in slow],
            unsettled, sorted(publishers), indexes, marshal.dumps(details, _VERSION),
        ),
        _VERSION,
    )  # fmt: skip


_SLOW = (0, "", (), (), True, None, "", b"")
