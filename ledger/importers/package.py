"""The zip that an Excel workbook is: looked through before anything of it is read.

Rules kept here:
- nothing is unpacked before the sizes of all parts are known to be bearable;
- cells that are merged with others are known before the rows come.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile
from zlib import error as error_of_zlib

from ledger.errors import Refused
from ledger.extract.zips import Limits, fault
from ledger.importers.files import opened
from ledger.importers.tables_cells import Broken

MOST_MERGED = 10_000  # ranges of merged cells
# What the standard library raises for a zip that is none, or damaged, encrypted or of another kind.
FAULTS_OF_ZIP = (
    BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, error_of_zlib,
)  # fmt: skip
_PIECE = 1 << 20
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SAVE = "Save the sheet as CSV and import that."


class Merge(NamedTuple):
    """A range of merged cells; numbers from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def check_package(path: Path) -> None:
    """Refuse what is no workbook, or what its parts would unpack to."""
    with opened(path) as file:
        if file.read(len(_OLE)) == _OLE:
            raise not_a_package(file.read(_PIECE))
        try:
            with ZipFile(file) as package:
                check_parts(package)
        except FAULTS_OF_ZIP:
            raise Refused(
                "The file is no Excel workbook (.xlsx).",
                way_out="Give the file that Excel saved, or import it as csv.",
            ) from None


def not_a_package(beginning: bytes) -> Refused:
    """The refusal of a workbook in the older wrapping, which encrypted ones have too."""
    if _ENCRYPTED in beginning:
        return Refused(
            "The workbook is protected by a password.", way_out="Save it without one, or as CSV."
        )
    return Refused(
        "The file is a workbook of the older kind (.xls), or protected by a password.",
        way_out="Save it as .xlsx without a password, or as CSV.",
    )


def check_parts(package: ZipFile) -> None:
    """Refuse a package whose parts are too large, or far larger than they are packed."""
    parts = package.infolist()
    what = fault(parts, WORKBOOK)
    if what:
        raise Refused(f"The workbook is refused unopened: {what}.", way_out=SAVE)
    for part in parts:
        if not is_streamed(part.filename):
            scan(package, part.filename)


def is_streamed(name: str) -> bool:
    """Whether a part is a sheet, which is read row by row, or none of XML, which is not read."""
    return "/worksheets/" in name or not name.endswith((".xml", ".rels"))


WORKBOOK = Limits(members=10_000, all_bytes=1 << 30, member_bytes=64 << 20, is_streamed=is_streamed)


def scan(package: ZipFile, name: str) -> list[Merge]:
    """The merged ranges of a part; raises Refused for what XML of a workbook never holds."""
    found: list[Merge] = []
    before = b""
    with package.open(name) as part:
        while piece := part.read(_PIECE):
            if not before and b"<!DOCTYPE" in piece:
                raise Refused("The workbook declares entities.", way_out=SAVE)
            if len(piece) == _PIECE and b"<" not in piece:
                raise Refused(
                    f"A cell of the workbook has more than {_PIECE:,} bytes.",
                    way_out="Shorten it: what is long stands in a document.",
                )
            window = before[-200:] + piece
            found += [merge for merge in merges_in(window) if merge not in found[-20:]]
            before = piece
            if len(found) > MOST_MERGED:
                raise Refused(
                    f"The sheet has more than {MOST_MERGED:,} merged ranges.",
                    way_out="Take the cells apart, or save the sheet as CSV.",
                )
    return found


def merges_in(data: bytes) -> Iterator[Merge]:
    """The merged ranges that a piece of XML tells."""
    from openpyxl.utils import column_index_from_string

    for left, top, right, bottom in _MERGED.findall(data):
        yield Merge(
            int(top), column_index_from_string(left.decode()),
            int(bottom), column_index_from_string(right.decode()),
        )  # fmt: skip


class Merges:
    """The merged ranges of a sheet, row by row from above."""

    def __init__(self, merges: Sequence[Merge], *, fill: bool) -> None:
        self._coming = sorted(merges, reverse=True)
        self._open: list[tuple[Merge, str]] = []
        self.fill = fill

    def apply(self, number: int, cells: list[str]) -> list[str]:
        """The cells of a row; where they lie under a merged one they say so, or repeat it."""
        while self._coming and self._coming[-1].top <= number:
            merge = self._coming.pop()
            value = (
                cells[merge.left - 1] if merge.top == number and merge.left <= len(cells) else ""
            )
            self._open.append((merge, value))
        if not self._open:
            return cells
        self._open = [each for each in self._open if each[0].bottom >= number]
        for merge, value in self._open:
            if not value:
                continue
            cells += [""] * (merge.right - len(cells))
            for column in range(merge.left, merge.right + 1):
                if (number, column) != (merge.top, merge.left) and not cells[column - 1]:
                    cells[column - 1] = value if self.fill else self._told(merge)
        return cells

    def _told(self, merge: Merge) -> str:
        return Broken(
            f"The cell is merged with others, rows {merge.top} to {merge.bottom}, and holds no"
            " value of its own."
        )
