"""Where the ids that the ledger gave go into a sheet, and how they are written there.

A sheet is its owner's text: nothing of it changes but the entries that are put in, and not even
these where the sheet was edited meanwhile or would then say something else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml.nodes import MappingNode

from ledger.disk import replace_file, telling
from ledger.errors import Conflict, Refused
from ledger.inputs import path_of
from ledger.sheets.yaml_nodes import Loc, SheetText, digest_of, read_yaml

BEHIND = frozenset({"id", "report_of"})  # an id goes behind these keys, before all others


@dataclass(frozen=True)
class Slot:
    """A place for an id at an offset of the text, in the entry that `loc` leads to.

    `lead` and `tail` part it from what stands around it; `digest` is of the sheet as it was read.
    """

    digest: str
    loc: Loc
    key: Literal["id", "report"]
    offset: int
    lead: str
    tail: str

    def entry(self, given: str) -> str:
        """What is put in."""
        return f"{self.lead}{self.key}: {given}{self.tail}"


def slot(text: SheetText, loc: Loc, key: Literal["id", "report"] = "id") -> Slot:
    """The place for the id of a thing of a sheet."""
    node = text.spots[loc].node
    assert isinstance(node, MappingNode), "only what has keys has an id"
    leading = list(takewhile(lambda pair: pair[0].value in BEHIND, node.value))
    here = partial(Slot, text.digest, loc, key)
    if node.flow_style:
        return here(node.value[len(leading)][0].start_mark.index, "", ", ")
    first: int = node.value[0][0].start_mark.index
    indent = " " * text.column(first)
    if leading:  # on the next line, so that a comment above the next key stays above it
        return here(text.line_after(leading[-1][1].end_mark.index), indent, newline_of(text.text))
    return here(first, "", newline_of(text.text) + indent)


def write_ids(path: Path, filled: Sequence[tuple[Slot, str]]) -> None:
    """Write ids into the sheet that their slots are of; all else in it stays, byte by byte.

    Raises Conflict where the sheet was changed since it was read, and Refused where YAML would
    understand something else than is meant; nothing is written then.
    """
    if not filled:
        return
    with telling(path):
        data = path.read_bytes()
    if filled[0][0].digest != digest_of(data):
        raise Conflict(
            "The sheet was changed while it was being recorded, so the ids were not written.",
            way_out=by_hand(filled),
        ).at(file=str(path))
    filled_in = with_ids(data, filled)
    if said_in(filled_in) != said_with_ids(said_in(data), filled):
        raise Refused(
            "The ids cannot be written into a sheet of this layout.",
            way_out=by_hand(filled),
        ).at(file=str(path))
    with telling(path):
        real = path.resolve()  # a link to a sheet stays a link
        replace_file(real, filled_in, real.stat().st_mode & 0o7777)


def by_hand(filled: Sequence[tuple[Slot, str]]) -> str:
    """What a person is to write where this program may not."""
    entries = (f"{path_of(slot.loc)} {slot.key}: {given}" for slot, given in filled)
    return f"Write them by hand, so that later edits are known as such: {'; '.join(entries)}."


def with_ids(data: bytes, filled: Sequence[tuple[Slot, str]]) -> bytes:
    """The bytes of a sheet with ids put in."""
    text = data.decode()
    mark = len(text) - len(text.removeprefix("\ufeff"))
    pieces, done = [], 0
    for slot, given in sorted(filled, key=lambda each: each[0].offset):
        pieces += [text[done : slot.offset + mark], slot.entry(given)]
        done = slot.offset + mark
    return "".join([*pieces, text[done:]]).encode()


def said_in(data: bytes) -> Any:  # noqa: ANN401  what a sheet holds is not known
    """What a sheet says; None where YAML cannot read it."""
    try:
        return read_yaml(Path(), data).content
    except Refused:
        return None


def said_with_ids(said: Any, filled: Sequence[tuple[Slot, str]]) -> Any:  # noqa: ANN401  the same
    """What a sheet says once it has the ids."""
    for slot, given in filled:
        entry: Any = said
        for step in slot.loc:
            entry = entry[step]
        entry[slot.key] = given
    return said


def newline_of(text: str) -> str:
    """How the first line of a text ends."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
