"""What may stand in a sheet, made from the fields of the commands that it becomes.

A key is the event's field without its `_id`; `id` is the thing's own (DESIGN 7). The alias of a
field is its key in the sheet, its serialization alias the name that it has in the command.
"""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    create_model,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from ledger import commands as c
from ledger.errors import Refused
from ledger.quantities import parse_value

NOT_IN_A_SHEET = frozenset({"command", "actor", "agent", "command_id"})


class Part(c.Model):
    """A part of a sheet; only the keys of the sheet are understood, not the command's names."""

    model_config = ConfigDict(populate_by_name=False)


def key_of(name: str, command: type[c.Model], own: str) -> str:
    """The key of a command's field in a sheet."""
    if name == f"{own}_id":
        return "id"
    if name == "value_text":
        return "words"
    short = name.removesuffix("_id")
    taken = short in command.model_fields  # a publisher is a name, a publisher_id an id
    return (name if taken else short).rstrip("_")


def fields_of(command: type[c.Model], own: str = "") -> dict[str, Any]:
    """The fields of a command as they stand in a sheet, as `create_model` takes them."""
    return {
        name: in_sheet(name, field, key_of(name, command, own))
        for name, field in command.model_fields.items()
        if name not in NOT_IN_A_SHEET
    }


def in_sheet(name: str, field: FieldInfo, key: str) -> tuple[Any, Any]:
    """A field under its key, read from text where the command wants something else."""
    hint: Any = HINTS.get(name)
    if hint is None:
        hint = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    return hint, Field(default=field.default, alias=key, serialization_alias=field.alias or name)


def made_optional(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    """The same fields, some of which may be left out."""
    made = dict(fields)
    for name in names:
        hint, info = fields[name]
        made[name] = (hint, Field(default=None, alias=info.alias, serialization_alias=name))
    return made


# ── text to what a command wants ─────────────────────────────────────────────────────────────


def fault(what: str, way_out: str) -> PydanticCustomError:
    """A fault that is told in the sentence given."""
    return PydanticCustomError("refused", "{what}", {"what": what, "way_out": way_out})


def number_of(text: object) -> object:
    """The number that a text gives; pydantic says what is wrong with anything but a text."""
    if not isinstance(text, str):
        return text
    try:
        quantity = parse_value(text)
    except Refused as refused:
        raise fault(refused.what, refused.way_out) from None
    if quantity.comparator != "eq":
        raise fault(f"{text!r} is not a bare number.", "The hedge stands in `comparator`.")
    return quantity.best


def truth_of(text: object) -> object:
    """Whether a text says true or false."""
    if text in ("true", "false"):
        return text == "true"
    raise fault(f"{text!r} is neither true nor false.", "Write true or false.")


def link_of(text: object) -> object:
    """A bare id is a link that has nothing else."""
    return {"id": text} if isinstance(text, str) else text


def evidence_of(text: object) -> object:
    """A bare id is a report."""
    return {"report": text} if isinstance(text, str) else text


Link: Any = create_model(
    "Link", __base__=Part, __doc__=c.LinkInput.__doc__, **fields_of(c.LinkInput)
) if False else None  # fmt: skip
