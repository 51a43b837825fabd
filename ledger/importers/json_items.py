"""JSON of any length, item by item: memory grows with the longest item, not with the file.

Rules kept here:
- items are the entries of a list that stands at the top, or in a field of the object at the top;
  without such a list the object is the one item; objects one after another (JSON lines) are each;
- an item that is too long or is no JSON spoils itself and no other, since its brackets show where
  it ends; where they do not, the file is refused;
- nothing is fetched, whatever addresses a file names.
"""

import json
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import count
from typing import Any, BinaryIO, NamedTuple

from ledger.errors import ClaimsError, Refused
from ledger.importers.delimited import blocks_of, recoded, wide_encoding
from ledger.inputs import refuse_constant, without_duplicates

MOST_BYTES = 1 << 20  # of an item in a list
MOST_WHOLE = 16 << 20  # of what is not parted into items

_BOM = b"\xef\xbb\xbf"
_SPACE = re.compile(rb"[ \t\r\n]*+")
_SCALAR = re.compile(rb'[^ \t\r\n,:"\[\]{}]*+')
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{}]', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_IN_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


class JsonItem(NamedTuple):
    """An item: its number from 1, and its JSON or what is wrong with it.

    `head` is what the object around its list says before the list; None where it is in no list.
    """

    number: int
    value: Any
    head: dict[str, Any] | None = None
    fault: Refused | None = None


def json_items(
    file: BinaryIO, lists: AbstractSet[str], wrappers: AbstractSet[str] = frozenset()
) -> Iterator[JsonItem]:
    """The items of an open file; `lists` are fields that hold them, `wrappers` objects that do.

    Raises Refused where the file is no JSON, cut short, or holds nothing.
    """
    reader = Reader(file)
    if not reader.peek():
        raise Refused("The file is empty.", way_out="Give a file that holds JSON.")
    numbers = count(1)
    while sign := reader.peek():
        if sign == b"[":
            yield from _entries(reader, numbers, {})
        elif sign == b"{":
            yield from _object(reader, numbers, lists, wrappers)
        else:
            raise reader.not_json("an object or a list")


def _entries(reader: "Reader", numbers: Iterator[int], head: dict[str, Any]) -> Iterator[JsonItem]:
    for _ in reader.entries():
        number = next(numbers)
        try:
            yield JsonItem(number, decoded(reader.value(MOST_BYTES), MOST_BYTES), head)
        except Refused as fault:
            yield JsonItem(number, None, head, fault)


def _object(
    reader: "Reader", numbers: Iterator[int], lists: AbstractSet[str], wrappers: AbstractSet[str]
) -> Iterator[JsonItem]:
    head: dict[str, Any] = {}
    has_list = False
    fault: Refused | None = None
    for name in reader.members():
        if name in lists and reader.peek() == b"[":
            has_list = True
            yield from _entries(reader, numbers, head)
        elif name in wrappers and reader.peek() == b"{":
            has_list = True
            for item in _object(reader, numbers, lists, wrappers):
                yield item._replace(head=head | (item.head or {}))
        else:
            try:
                if name in head:
                    without_duplicates([(name, None), (name, None)])
                head[name] = decoded(reader.value(MOST_WHOLE), MOST_WHOLE)
            except Refused as refused:
                fault = fault or refused
    if not has_list:
        yield JsonItem(next(numbers), head, None, fault)


def decoded(data: bytes | str | None, most: int = MOST_WHOLE) -> Any:  # noqa: ANN401  JSON has no type
    """JSON of its text; None is one that was too long to be kept. Raises Refused."""
    if data is None:
        raise Refused(
            f"The item has more than {most:,} bytes.",
            way_out="Shorten it: what is long stands in a document, and a quote is a part of it.",
        )
    try:
        said = data if isinstance(data, str) else data.decode()
        value = json.loads(
            said,
            strict=False,  # line ends within strings, which pages of the web have
            object_pairs_hook=without_duplicates,
            parse_constant=refuse_constant,
        )
        if _SURROGATE.search(said):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Refused(
            "The item holds a lone surrogate, which is no character.", way_out="Remove it."
        ) from error
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise Refused(
            f"The item is not UTF-8: its byte {error.start} is 0x{byte:02x}.",
            way_out="Save the file as UTF-8.",
        ) from error
    except json.JSONDecodeError as error:
        raise Refused(
            f"The item is not JSON: {error.msg} at character {error.pos + 1}.",
            way_out="Correct it, or fetch the file again.",
        ) from error
    except ClaimsError:
        raise
    except ValueError as error:
        raise Refused(
            "The item holds a number that is too long.",
            way_out="A number has at most 15 significant digits.",
        ) from error
    except RecursionError as error:
        raise Refused("The JSON is nested too deeply.", way_out="Flatten it.") from error
    return value


class Reader:
    """Takes JSON apart without holding more of it than a block and the value that is asked for."""

    def __init__(self, file: BinaryIO) -> None:
        self._blocks = blocks_of(file)
        self._block = next(self._blocks, b"")
        self._at = 0
        self._lines = 1
        if encoding := wide_encoding(self._block[:4]):
            self._blocks = recoded(_with(self._block, self._blocks), encoding)
            self._block = b""
        self._block = self._block.removeprefix(_BOM)

    def more(self) -> bool:
        """Read on; what was passed is let go."""
        block = next(self._blocks, None)
        self._lines += self._block.count(b"\n", 0, self._at)
        self._block = self._block[self._at :] + (block or b"")
        self._at = 0
        return block is not None

    def peek(self) -> bytes:
        """The sign that comes next, white space aside; none at the end."""
        while True:
            space = _SPACE.match(self._block, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._block):
                return self._block[self._at : self._at + 1]
            if not self.more():
                return b""

    def value(self, most: int) -> bytes | None:
        """The next value whole, as its bytes; None where it has more than so many."""
        if (sign := self.peek()) in (b"", b",", b":", b"]", b"}"):
            raise self.not_json("a value")
        kept, length = bytearray(), 0
        depth, inside = 0, False
        is_scalar = sign not in (b'"', b"[", b"{")
        while True:
            if is_scalar:
                found = _SCALAR.match(self._block, self._at)
                end = found.end() if found else self._at
                done = end < len(self._block)
            else:
                end, depth, inside, done = scan(self._block, self._at, depth, inside)
            length += end - self._at
            if length <= most:
                kept += self._block[self._at : end]
            self._at = end
            if not done and not self.more():
                if not is_scalar:
                    raise self.not_json("the rest of a value")
                done = True
            if done:
                return bytes(kept) if length <= most else None

    def members(self) -> Iterator[str]:
        """The names of an object's fields; after each, its value is to be taken."""
        for _ in self._parts(b"{", b"}"):
            if self.peek() != b'"':
                raise self.not_json("the name of a field")
            name = decoded(self.value(MOST_BYTES), MOST_BYTES)
            self._take(b":")
            yield str(name)

    def entries(self) -> Iterator[None]:
        """The entries of a list, each of which is to be taken."""
        yield from self._parts(b"[", b"]")

    def _parts(self, opening: bytes, closing: bytes) -> Iterator[None]:
        self._take(opening)
        if self.peek() == closing:
            self._take(closing)
            return
        yield
        while self.peek() == b",":
            self._take(b",")
            yield
        self._take(closing)

    def _take(self, sign: bytes) -> None:
        if self.peek() != sign:
            raise self.not_json(f'"{sign.decode()}"')
        self._at += 1

    def not_json(self, wanted: str) -> Refused:
        """The refusal of a file whose parts cannot be told from each other."""
        line = self._lines + self._block.count(b"\n", 0, self._at)
        found = self._block[self._at : self._at + 1]
        if not found:
            what = f"The file ends where {wanted} should come: it is cut short."
        else:
            what = f"The file is not JSON: {wanted} should come where {_shown(found)} stands."
        return Refused(what, way_out="Fetch or save the file again.").at(line=line)


def scan(block: bytes, at: int, depth: int, inside: bool) -> tuple[int, int, bool, bool]:  # noqa: FBT001  a state
    """Go on through a value: how far, how deep, whether within a string, and whether it is over."""
    while True:
        if inside:
            found = _IN_STRING.match(block, at)
            at = found.end() if found else at
            if block[at : at + 1] != b'"':
                return at, depth, True, False  # its end, or what a backslash is for, is to come
            at, inside = at + 1, False
            if not depth:
                return at, depth, False, True
        for token in _TOKEN.finditer(block, at):
            sign = token[0]
            if sign == b'"':
                at, inside = token.end(), True
                break
            if sign in (b"[", b"{"):
                depth += 1
            elif sign in (b"]", b"}"):
                depth -= 1
            if depth <= 0:
                return token.end(), depth, False, True
        else:
            return len(block), depth, False, False


def _with(block: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield block
    yield from blocks


def _shown(sign: bytes) -> str:
    return repr(sign.decode("ascii", "replace"))
