"""Checks what a sheet holds against its model; a fault has the sheet's own words, and its line."""

from typing import Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from ledger import commands as c
from ledger.errors import Refused
from ledger.inputs import path_of, refusal
from ledger.sheets.model import KINDS, PARTS, Sheet
from ledger.sheets.yaml_faults import in_quotes, shortened
from ledger.sheets.yaml_nodes import Loc, SheetText


def check_sheet(text: SheetText) -> Any:  # noqa: ANN401  the models are made, so they are no types
    """The checked sheet; raises Refused for the first fault, with its place."""
    for loc in text.cut_short():
        if key_at(loc) not in WORDLESS:
            raise refused_at(text, loc, comment_cut(text, loc))
    try:
        return Sheet.model_validate(text.content)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        # A misspelt key is also a missing one; the misspelling says more.
        first = min(faults, key=lambda fault: fault["type"] != "extra_forbidden")
        raise refused_fault(text, first) from None


def refused_fault(text: SheetText, fault: ErrorDetails) -> Refused:
    """Say a fault that pydantic found, at the place of the key that it is about."""
    loc = tuple(step for step in fault["loc"] if step not in KINDS and step != "[key]")
    told = told_by_shape(text, fault, loc)
    if told is None:
        kind = next((at for at, step in enumerate(fault["loc"]) if step in KINDS), None)
        model = Sheet if kind is None else KINDS[str(fault["loc"][kind])]
        inner = fault["loc"] if kind is None else fault["loc"][kind + 1 :]
        told = refusal({**fault, "loc": tuple(s for s in inner if s != "[key]")}, model)
    return refused_at(text, loc, told)


def told_by_shape(text: SheetText, fault: ErrorDetails, loc: Loc) -> Refused | None:
    """What is told of a text where a list should be, or of a list where YAML saw one in a text."""
    name = str(loc[-1]) if loc and isinstance(loc[-1], str) else "The entry"
    if fault["type"] == "string_type" and loc in text.spots:
        node = text.spots[loc].node
        written = text.text[node.start_mark.index : node.end_mark.index]
        shape = "a list" if isinstance(fault["input"], list) else "keys with values"
        example = "." if "\n" in written else f": {entry(loc, written)}"
        return Refused(
            f"{name} is a text, but YAML reads {shape} here.",
            way_out=f"Put the text in quotes{example}",
        )
    if fault["type"] == "list_type":
        bare = f", such as {name}: [{fault['input']}]" if isinstance(fault["input"], str) else ""
        return Refused(f"{name} is a list.", way_out=f"Put its entries in [ ] or behind -{bare}.")
    if fault["type"] in ("dict_type", "model_type"):
        return Refused(f"{name} is made of keys with values.", way_out="Such as `key: value`.")
    return None


def comment_cut(text: SheetText, loc: Loc) -> Refused:
    """The refusal of a text that a comment follows."""
    node = text.spots[loc].node
    return Refused(
        f"A comment stands on the line of {key_at(loc)}: it may have cut the text short.",
        way_out="Put the text in quotes, or the comment on a line of its own: "
        + entry(loc, shortened(str(node.value))),
    )


def entry(loc: Loc, text: str) -> str:
    """A text in quotes as it stands at its place, behind its key or in a list."""
    key = f"{loc[-1]}: " if isinstance(loc[-1], str) else ""
    return key + in_quotes(text)


def refused_at(text: SheetText, loc: Loc, refused: Refused) -> Refused:
    """The same refusal at the place of a thing in its sheet."""
    place = text.place(loc)
    told = Refused(refused.what, field=path_of(loc) or None, way_out=refused.way_out)
    return told.at(file=place.file, line=place.line)


def key_at(loc: Loc) -> str:
    """The key under which a thing, or the list that it stands in, is found."""
    return next((step for step in reversed(loc) if isinstance(step, str)), "")


def holds_text(field: FieldInfo) -> bool:
    """Whether a field takes free text, by itself, in a list or in a mapping of texts."""
    return _FREE in field.metadata or _is_inside(field.annotation)


def _is_inside(hint: object) -> bool:
    return any(each is _FREE or _is_inside(each) for each in get_args(hint))


_FREE = get_args(c.Text)[1]  # what marks a free text among the hints
_FIELDS = [
    (field.alias or name, field) for part in PARTS for name, field in part.model_fields.items()
]

# The keys whose values are ids, dates, numbers or one of a few words: a comment cuts nothing off.
WORDLESS = {key for key, _ in _FIELDS} - {key for key, field in _FIELDS if holds_text(field)}
