"""Rows of cells from a file with delimiters (CSV, TSV; RFC 4180): streamed, each fault at its row.

Rules kept here:
- a row's number is the line on which it begins, from 1;
- bytes that are not of the encoding, NUL bytes, cells too long and quotation marks that are never
  closed spoil their own row and no other; a fault of one cell names its column by number, as `#3`;
- memory does not grow with the file, nor with a cell.
"""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, Literal, NamedTuple

from ledger.errors import Refused
from ledger.importers.tables_cells import MOST_CHARACTERS, Record, too_long
from ledger.importers.tables_settings import Layout

MOST_BYTES = 1 << 20  # of a line, and of a row of several lines
BLOCK_BYTES = 1 << 16
_BOM = b"\xef\xbb\xbf"
_ODD = re.compile("[\0\ufffd]")  # what stands where bytes are no text
_WIDE = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
         codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # fmt: skip


class Line(NamedTuple):
    """A line with its ending, as bytes; of one that is too long the beginning, without an end."""

    number: int
    offset: int
    data: bytes
    is_cut: bool = False


def wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32, where the first bytes of a file say so."""
    return next((name for mark, name in _WIDE.items() if head.startswith(mark)), None)


def is_wide(encoding: str) -> bool:
    """Whether an encoding writes ASCII as something else than its bytes."""
    return "\n,".encode(encoding) != b"\n,"


class Delimited:
    """The rows of an open file; iterating over it gives each as a Record."""

    def __init__(self, file: BinaryIO, layout: Layout, delimiter: str) -> None:
        self.layout = layout
        self.delimiter = delimiter
        self.encoding = "utf-8" if is_wide(layout.encoding) else layout.encoding
        blocks = blocks_of(file)
        if is_wide(layout.encoding):
            blocks = recoded(blocks, layout.encoding)
        self._lines = lines_of(blocks)
        self._again: deque[Line] = deque()
        self._taken: list[Line] = []
        self._bytes = 0
        self._fault: Refused | None = None

    def __iter__(self) -> Iterator[Record]:
        reader = self._reader()
        while True:
            self._taken, self._bytes, self._fault = [], 0, None
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Record(self._taken[0].number, [], self._unreadable(error))
                self._again.extendleft(reversed(self._taken[1:]))
                reader = self._reader()
            else:
                yield Record(self._taken[0].number, cells, self._told(cells))

    def _reader(self) -> "Iterator[list[str]]":
        quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if self.layout.quoting else csv.QUOTE_NONE
        return csv.reader(self._texts(), delimiter=self.delimiter, quoting=quoting, strict=True)

    def _texts(self) -> Iterator[str]:
        while line := self._again.popleft() if self._again else next(self._lines, None):
            self._taken.append(line)
            self._bytes += 0 if line.is_cut else len(line.data)
            if self._bytes > MOST_BYTES:
                raise csv.Error("field larger than field limit")
            yield self._text(line)

    def _text(self, line: Line) -> str:
        if line.is_cut:
            self._fault = self._fault or too_long(self._column_of_length([line]))
            return "\n"
        data = line.data.removeprefix(_BOM) if line.number == 1 else line.data
        if b"\0" in data:
            self._fault = self._fault or Refused(
                "The row holds NUL bytes; it is no text, or another encoding.",
                way_out="Name the encoding, as --set encoding=utf-16, or remove them.",
            )
        try:
            return data.decode(self.encoding)
        except UnicodeDecodeError as error:
            at = line.offset + len(line.data) - len(data) + error.start
            self._fault = self._fault or wrong_encoding(self.layout.encoding, data[error.start], at)
            return data.decode(self.encoding, "replace")

    def _told(self, cells: list[str]) -> Refused | None:
        """What is wrong with a row that was read, with the column where one cell shows it."""
        odd = (f"#{at}" for at, cell in enumerate(cells, 1) if _ODD.search(cell))
        if self._fault and self._fault.place.field is None:
            self._fault.at(field=next(odd, None))
        # The csv module has a limit too, but one that any library of the process may have lifted.
        long = (f"#{at}" for at, cell in enumerate(cells, 1) if len(cell) > MOST_CHARACTERS)
        return self._fault or (too_long(at) if (at := next(long, None)) else None)

    def _column_of_length(self, lines: list[Line]) -> str | None:
        """The first column of a row whose cell is too long, by its number."""
        text = b"".join(line.data for line in lines).decode(self.encoding, "replace")
        mark = re.escape(self.delimiter)
        quoted = r'"(?:[^"]++|"")*+"?|' if self.layout.quoting else ""
        cells = re.finditer(rf"({quoted}[^{mark}]*)(?:{mark}|\Z)", text)
        return next(
            (f"#{at}" for at, each in enumerate(cells, 1) if len(each[1]) > MOST_CHARACTERS), None
        )

    def _unreadable(self, error: csv.Error) -> Refused:
        """What is wrong with a row whose quotation marks or lengths the reader does not take."""
        if self._fault is not None:
            return self._fault
        if len(self._taken) > 1 or "unexpected end" in str(error):
            return Refused(
                "A quotation mark that opens here is not closed as it should be.",
                way_out="Close it, or write it twice inside of quotation marks; in a table without"
                " quoting say --set quoting=no.",
            )
        if "limit" in str(error):
            return too_long(self._column_of_length(self._taken))
        if "expected after" in str(error):
            return Refused(
                "Text follows a closing quotation mark.",
                way_out="Write a quotation mark inside of quotation marks twice; in a table"
                " without quoting say --set quoting=no.",
            )
        return Refused(f"The row cannot be read: {error}.", way_out="Save the table as CSV anew.")


def wrong_encoding(encoding: str, byte: int, offset: int) -> Refused:
    """The refusal of bytes that are not of an encoding."""
    return Refused(
        f"The row is not {encoding.upper()}: byte 0x{byte:02x} at offset {offset:,} of the file.",
        way_out="Name the encoding of the file, as --set encoding=cp1252 or latin-1.",
    )


# ── bytes ────────────────────────────────────────────────────────────────────────────────────


def blocks_of(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file, some at a time."""
    while block := file.read(BLOCK_BYTES):
        yield block


def recoded(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The same text as UTF-8; raises Refused where it is not of its encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    before = 0
    try:
        for block in blocks:
            yield decoder.decode(block).encode()
            before += len(block)
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise Refused(
            f"The file is not {encoding.upper()}, somewhere after byte {before:,}.",
            way_out="Name the encoding of the file, as --set encoding=cp1252 or utf-8.",
        ) from error


def lines_of(blocks: Iterator[bytes]) -> Iterator[Line]:
    """Lines that end in LF or CRLF, or in CR where no LF comes first in the file."""
    rest = b""
    number, offset = 1, 0
    end = b""
    cut, skipped = b"", 0  # of a line that is too long: its beginning, and its bytes so far
    for block in blocks:
        rest += block
        end = end or (b"\r" if b"\r" in rest[:-1] and b"\n" not in rest else b"\n")
        *whole, rest = rest.split(end)
        for data in whole:
            if cut or len(data) > MOST_BYTES:
                yield Line(number, offset, cut or data[:MOST_BYTES], is_cut=True)
            else:
                yield Line(number, offset, data + b"\n")
            offset += skipped + len(data) + 1
            number, skipped, cut = number + 1, 0, b""
        if len(rest) > MOST_BYTES:
            cut, skipped, rest = cut or rest, skipped + len(rest), b""
    if rest or cut:
        yield Line(number, offset, cut or rest, is_cut=bool(cut))
