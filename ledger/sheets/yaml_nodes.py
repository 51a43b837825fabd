"""Reads the YAML of a sheet as text, and knows where each thing of it stands.

YAML loses words without saying so: a comment sign or a comma cuts a text short, `null` and dates
become something else, an alias puts in what stands elsewhere. So every scalar is text here, just
as it was written, and what a person cannot have meant is refused with its line.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ledger.errors import Place, Refused
from ledger.inputs import path_of
from ledger.sheets.yaml_faults import QUOTE_IT, syntax_refused

MAX_SHEET_BYTES = 4 << 20
MAX_DEPTH = 20  # a sheet needs seven

Loc = tuple[str | int, ...]  # the keys and list positions that lead to a thing

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_COMMENT = re.compile(r"[ \t]+#")


@dataclass(frozen=True)
class Spot:
    """Where a thing stands: the offset where its key (in a list, it itself) begins, and its node."""

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

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return bisect_right(self._lines, offset)

    def column(self, offset: int) -> int:
        """How many characters stand before an offset in its line."""
        return offset - self._lines[self.line(offset) - 1]

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


def decoded(data: bytes) -> str:
    """The text of a sheet's bytes; raises Refused where they are not text."""
    if len(data) > MAX_SHEET_BYTES:
        raise Refused(
            f"The sheet has {len(data):,} bytes; at most {MAX_SHEET_BYTES >> 20} MiB are read.",
            way_out="Split it: sheets given together are recorded as one.",
        )
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Refused(
            f"The sheet is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}.",
            way_out="Save it as UTF-8.",
        ).at(line=len(_LINE_BREAK.findall(data[: error.start].decode())) + 1) from None
    if control := _CONTROL.search(text):
        raise Refused(
            f"The sheet holds the control character U+{ord(control[0]):04X}.", way_out="Remove it."
        ).at(line=bisect_right(line_starts(text), control.start()))
    return text


def line_starts(text: str) -> list[int]:
    """The offset of every line; what an editor counts as one, so not the line breaks of Unicode."""
    return [0, *(found.end() for found in _LINE_BREAK.finditer(text))]


def root_of(text: str) -> MappingNode:
    """The keys at the top of a sheet; raises Refused with a line where YAML finds none."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)  # type: ignore[no-untyped-call]  ruamel's
    except MarkedYAMLError as error:
        raise syntax_refused(error, text) from None
    except YAMLError as error:  # a character that YAML does not allow, such as U+FFFE
        raise Refused(
            "The sheet holds a character that YAML does not allow.", way_out=str(error)
        ) from None
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
                raise self.refused(
                    key, loc, f"{key.value} stands twice, first on line {first}.", "Keep one of them."
                )
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
            raise self.refused(node, loc, "A list item or a key is empty.", "Fill it, or remove it.")
        if isinstance(node, MappingNode) and node.flow_style and sign != "{":
            pair = self.text[node.start_mark.index : node.end_mark.index]
            raise self.refused(
                node, loc, f"{pair!r} is a key with a value, inside a list.",
                f'Put braces around it, or quotes where it is a text: "{pair}".',
            )  # fmt: skip

    def without_value(self, node: MappingNode, key: ScalarNode, loc: Loc) -> Refused:
        """The refusal of a key that stands alone: in braces it is what a comma cut off."""
        if node.flow_style:
            return self.refused(
                key, loc, f"{key.value!r} has no value: inside braces a comma ends the one before.",
                'Put a text that holds a comma in quotes, such as label: "A, B".',
            )  # fmt: skip
        return self.refused(key, (*loc, key.value), f"{key.value} is empty.", "Fill it, or remove it.")

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
