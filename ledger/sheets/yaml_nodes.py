"""Reads the YAML of a sheet as text, and knows where each thing of it stands.

YAML loses words without saying so: a comment sign or a comma cuts a text short, `null` and dates
become something else, an alias puts in what stands elsewhere. So every scalar is text here, just
as it was written, and what a person cannot have meant is refused with its line.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from warnings import catch_warnings

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ledger.errors import Place, Refused
from ledger.inputs import path_of
from ledger.sheets.yaml_faults import QUOTE_IT, syntax_refused

MAX_SHEET_BYTES = 4 << 20
FILL_IT = "Fill it, or remove it."
MAX_DEPTH = 20  # a sheet needs seven

Loc = tuple[str | int, ...]  # the keys and list positions that lead to a thing

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")  # by YAML
_RAISED_BY_RUAMEL = (LookupError, ValueError, OverflowError)  # for `%YAML 9.9` or "\\UFFFFFFFF"
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_COMMENT = re.compile(r"[ \t]+#")


@dataclass(frozen=True)
class Spot:
    """Where a thing stands: the offset where its key begins (in a list, it itself); its node."""

    start: int
    node: Node


@dataclass(frozen=True)
class SheetText:
    """A sheet as it was read: its bytes, the text, what YAML makes of it, and where that stands."""

    path: Path
    data: bytes
    text: str  # without a byte order mark
    content: dict[str, Any]
    spots: Mapping[Loc, Spot]

    @cached_property
    def _lines(self) -> list[int]:
        return line_starts(self.text)

    @cached_property
    def digest(self) -> str:
        """The hash by which a sheet that was changed is known."""
        return digest_of(self.data)

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return bisect_right(self._lines, offset)

    def column(self, offset: int) -> int:
        """How many characters stand before an offset in its line."""
        return offset - self._lines[self.line(offset) - 1]

    def line_after(self, offset: int) -> int:
        """The offset at which the line after that of an offset begins."""
        return self._lines[self.line(offset)]

    def place(self, loc: Loc) -> Place:
        """The place of a thing, or of the nearest thing around it where it is not there."""
        while loc and loc not in self.spots:
            loc = loc[:-1]
        line = self.line(self.spots[loc].start) if loc else 1
        return Place(file=str(self.path), line=line, field=path_of(loc) or None)

    def cut_short(self) -> Iterator[Loc]:
        """Texts without quotes on whose line a comment follows: it may have been part of them."""
        for loc, spot in self.spots.items():
            if is_plain(spot.node) and _COMMENT.match(self.text, spot.node.end_mark.index):
                yield loc


def read_yaml(path: Path, data: bytes) -> SheetText:
    """Read the bytes of a sheet; raises Refused with file and line."""
    try:
        text = decoded(data).removeprefix("\ufeff")
        spots: dict[Loc, Spot] = {}
        content = Walk(text, spots).content(root_of(text), ())
    except Refused as refused:
        raise refused.at(file=str(path)) from None
    return SheetText(path, data, text, content, spots)


def digest_of(data: bytes) -> str:
    """The hash of a sheet's bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def decoded(data: bytes) -> str:
    """The text of a sheet's bytes; raises Refused where they are not text."""
    if len(data) > MAX_SHEET_BYTES:
        raise Refused(
            f"The sheet is larger than {MAX_SHEET_BYTES >> 20} MiB.",
            way_out="Split it: sheets given together are recorded as one.",
        )
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Refused(
            f"The sheet is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}.",
            way_out="Save it as UTF-8.",
        ).at(line=len(_LINE_BREAK.findall(data[: error.start].decode())) + 1) from None
    if found := FORBIDDEN.search(text):
        raise Refused(
            f"The sheet holds the control character U+{ord(found[0]):04X}.", way_out="Remove it."
        ).at(line=bisect_right(line_starts(text), found.start()))
    return text


def line_starts(text: str) -> list[int]:
    """The offset of every line; what an editor counts as one, so not the line breaks of Unicode."""
    return [0, *(found.end() for found in _LINE_BREAK.finditer(text))]


def root_of(text: str) -> MappingNode:
    """The keys at the top of a sheet; raises Refused with a line where YAML finds none."""
    try:
        with catch_warnings(action="ignore"):  # of anchors, which are refused below
            root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, *_RAISED_BY_RUAMEL) as error:
        raise syntax_refused(error, text) from None
    except RecursionError:
        raise too_deep() from None
    if not isinstance(root, MappingNode):
        raise Refused(
            "The sheet has no keys." if root else "The sheet is empty.",
            way_out="A sheet begins with `source:`; `claims sheet FILE` starts one.",
        ).at(line=1)
    return root


@dataclass(frozen=True)
class Walk:
    """Goes through the nodes of a sheet: what they hold is given back, where they stand is kept."""

    text: str
    spots: dict[Loc, Spot]

    def content(self, node: Node, loc: Loc) -> Any:  # noqa: ANN401  what a sheet holds is not known
        """The texts, lists and mappings of a node; raises Refused."""
        self.check(node, loc)
        if isinstance(node, MappingNode):
            return self.mapping(node, loc)
        if isinstance(node, SequenceNode):
            for at, item in enumerate(node.value):
                self.spots[*loc, at] = Spot(item.start_mark.index, item)
            return [self.content(item, (*loc, at)) for at, item in enumerate(node.value)]
        return node.value

    def mapping(self, node: MappingNode, loc: Loc) -> dict[str, Any]:
        """The keys of a mapping with what they hold."""
        made: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                raise self.refused(key, loc, "A key is a word.", QUOTE_IT)
            self.check(key, loc)
            if key.value in made:
                first = self.line(self.spots[*loc, key.value].start)
                what = f"{key.value} stands twice, first on line {first}."
                raise self.refused(key, loc, what, "Keep one of them.")
            self.spots[*loc, key.value] = Spot(key.start_mark.index, value)
            if is_missing(value):
                raise self.without_value(node, key, loc)
            made[key.value] = self.content(value, (*loc, key.value))
        return made

    def check(self, node: Node, loc: Loc) -> None:
        """Refuse the signs of YAML that a sheet has no use for."""
        if len(loc) > MAX_DEPTH:
            raise too_deep().at(line=self.line(node.start_mark.index))
        sign = self.text[node.start_mark.index : node.start_mark.index + 1]
        if sign in ("&", "!"):
            what = f"YAML takes {sign} for a sign of its own, and drops the word after it."
            raise self.refused(node, loc, what, QUOTE_IT)
        if is_missing(node):
            raise self.refused(node, loc, "A list item or a key is empty.", FILL_IT)
        if isinstance(node, ScalarNode):
            self.check_text(node, loc)
        if isinstance(node, MappingNode) and node.flow_style and sign != "{":
            pair = self.text[node.start_mark.index : node.end_mark.index]
            raise self.refused(
                node, loc, f"{pair!r} is a key with a value, inside a list.",
                f'Put braces around it, or quotes where it is a text: "{pair}".',
            )  # fmt: skip

    def check_text(self, node: ScalarNode, loc: Loc) -> None:
        """Refuse a block that has no lines, and half a character."""
        if node.style in ("|", ">") and not node.value.strip():
            what = f"{node.style} begins a block of lines, but no line follows."
            raise self.refused(node, loc, what, QUOTE_IT)
        if _SURROGATE.search(node.value):
            raise self.refused(node, loc, "The text holds half a character (a surrogate).", FILL_IT)

    def without_value(self, node: MappingNode, key: ScalarNode, loc: Loc) -> Refused:
        """The refusal of a key that stands alone: in braces it is what a comma cut off."""
        if node.flow_style:
            return self.refused(
                key, loc, f"{key.value!r} has no value: inside braces a comma ends the one before.",
                'Put a text that holds a comma in quotes, such as label: "A, B".',
            )  # fmt: skip
        return self.refused(key, (*loc, key.value), f"{key.value} is empty.", FILL_IT)

    def refused(self, node: Node, loc: Loc, what: str, way_out: str) -> Refused:
        """A refusal with line and field."""
        line = self.line(node.start_mark.index)
        return Refused(what, field=path_of(loc) or None, way_out=way_out).at(line=line)

    def line(self, offset: int) -> int:
        """The line of an offset, from 1; asked for at most once a reading."""
        return bisect_right(line_starts(self.text), offset)


def is_plain(node: Node) -> bool:
    """Whether a text stands without quotes, and not as a block."""
    return isinstance(node, ScalarNode) and not node.style


def is_missing(node: Node) -> bool:
    """Whether nothing at all was written where YAML expects a value."""
    return is_plain(node) and node.start_mark.index == node.end_mark.index


def too_deep() -> Refused:
    """The refusal of lists in lists in lists."""
    return Refused(
        f"The sheet is nested more than {MAX_DEPTH} deep.",
        way_out="A text that begins with [ or { stands in quotes.",
    )
