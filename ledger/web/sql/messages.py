"""What server, host and guest say to each other: MessagePack, each message after its length."""

import os
from datetime import date, datetime
from typing import IO, Any, Literal, NamedTuple, TypeVar

import msgspec

from ledger.web.sql.faults import Failure

Cell = Any  # what JSON has: None, bool, int, float, str, and lists and objects of these
Form = Literal["rows", "csv", "json", "jsonl", "parquet"]

_LENGTH = 8  # bytes, big-endian, before each message
_DAY = len("2026-11-20")

T = TypeVar("T")


class Asked(msgspec.Struct, frozen=True):
    """A query, the moment that it is asked at (a size, a time in ISO 8601, or now), and a form."""

    sql: str
    moment: int | str | None = None
    form: Form = "rows"

    def at(self) -> int | date | datetime | None:
        """The moment as views take it."""
        if not isinstance(self.moment, str):
            return self.moment
        if len(self.moment) == _DAY:
            return date.fromisoformat(self.moment)
        return datetime.fromisoformat(self.moment)


class Answered(msgspec.Struct, frozen=True):
    """What a guest leaves in its room: rows, or why there are none. Of a file, only its facts."""

    columns: list[str] = []
    types: list[str] = []
    rows: list[msgspec.Raw] = []  # each a list of cells
    truncated: bool = False
    size: int = 0
    failure: Failure | None = None


class Ended(msgspec.Struct, frozen=True):
    """What a host says of a guest that is gone, or why there was none.

    `status` is what `waitstatus_to_exitcode` makes of its end: negative for a signal.
    """

    status: int = 0
    seconds: float = 0
    timed_out: bool = False
    failure: Failure | None = None


class Answer(NamedTuple):
    """The rows of a query at one moment; `size` is how many events the ledger had then."""

    columns: list[str]
    types: list[str]
    rows: list[list[Cell]]
    truncated: bool
    seconds: float
    size: int


class Download(NamedTuple):
    """A result as a file, open at its beginning and already without a name; close it."""

    file: IO[bytes]
    length: int
    seconds: float
    size: int


def send(pipe: int, message: msgspec.Struct) -> None:
    """Write a message; raises OSError where nobody reads any more."""
    data = msgspec.msgpack.encode(message)
    rest = memoryview(len(data).to_bytes(_LENGTH) + data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def receive(pipe: int, kind: type[T]) -> T:
    """Read a message; raises EOFError where the pipe ends, msgspec.DecodeError."""
    length = int.from_bytes(read_exactly(pipe, _LENGTH))
    return msgspec.msgpack.decode(read_exactly(pipe, length), type=kind)


def read_exactly(pipe: int, length: int) -> bytes:
    """So many bytes of a pipe; raises EOFError where it ends before."""
    parts: list[bytes] = []
    while length:
        part = os.read(pipe, min(length, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
