"""DuckDB types made from the event types, so that a new field is written once."""

import types
from datetime import date
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from events.values import Number
from events.vocabulary import EVENTS, Redacted

SCALARS: dict[Any, str] = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN"} | {
    date: "DATE",
    Number: "DOUBLE",
}

# A line's columns as `read_json` takes them; its BIGINT refuses a position padded with zeros.
ENVELOPE = {
    "type": "VARCHAR",
    "id": "VARCHAR",
    "sequence": "VARCHAR",
    "time": "TIMESTAMP",
    "subject": "VARCHAR",
    "actor": "VARCHAR",
    "agent": "VARCHAR",
    "key": "VARCHAR",
}


@cache
def line_columns(names: frozenset[str] | None = None) -> dict[str, str]:
    """The columns of a line with the DuckDB type of each.

    `data` holds the fields of every type of event; or of these those that are named.
    """
    fields = data_fields()
    return ENVELOPE | {"data": struct_type({
        name: kind for name, kind in fields.items() if names is None or name in names
    })}  # fmt: skip


@cache
def data_fields() -> dict[str, str]:
    """The fields of all events, erased ones too; where types differ it is text."""
    fields: dict[str, str] = {}
    events: tuple[type[Any], ...] = (*EVENTS, Redacted)
    for event in events:
        for name, kind in struct_fields(event).items():
            known = fields.setdefault(name, kind)
            if known != kind:
                fields[name] = common_type(name, known, kind)
    return fields


def common_type(name: str, left: str, right: str) -> str:
    """Text for scalars of two types (`from` is a position in one event, an id in another)."""
    scalars = set(SCALARS.values())
    assert left in scalars, f"{name} is {left} and {right}"
    assert right in scalars, f"{name} is {left} and {right}"
    return "VARCHAR"


def struct_fields(struct: type[Any]) -> dict[str, str]:
    """The DuckDB type of each field of a struct, under the name that it has in a line."""
    hints = get_type_hints(struct)
    return {
        field.encode_name: duckdb_type(hints[field.name])
        for field in msgspec.structs.fields(struct)
    }


def struct_type(fields: dict[str, str]) -> str:
    """A STRUCT type with its names quoted."""
    return "STRUCT(" + ", ".join(f'"{name}" {kind}' for name, kind in fields.items()) + ")"


def duckdb_type(hint: Any) -> str:  # noqa: ANN401  type hints have no common type
    """The DuckDB type that holds values of a Python type hint."""
    if hint in SCALARS:
        return SCALARS[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return optional_type(arguments)
    if origin is Literal:
        return "VARCHAR"
    if origin is tuple:
        return duckdb_type(arguments[0]) + "[]"
    if origin is dict:
        return f"MAP({duckdb_type(arguments[0])}, {duckdb_type(arguments[1])})"
    return struct_type(struct_fields(hint))


def optional_type(arguments: tuple[Any, ...]) -> str:
    """The type of `X | None`; every column may be null."""
    present = tuple(kind for kind in arguments if kind is not type(None))
    return duckdb_type(present[0] if len(present) == 1 else Union[present])  # noqa: UP007  made of a tuple
