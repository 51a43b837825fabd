"""The sections of commands as NDJSON and of claim sheets."""

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel

from ledger import commands as c
from ledger.sheets.model import PARTS as SHEET_PARTS
from making.fields import COMMAND_PARTS, meaning, spaced, words_of
from making.markdown import first_line, table


def field_row(model: type[BaseModel], name: str, key: str = "") -> list[str]:
    """One field of a command or of a sheet."""
    field = model.model_fields[name]
    written = key or field.alias or name
    required = "yes" if field.is_required() else ""
    hint = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    default = field.default
    standard = f" (default `{default}`)" if isinstance(default, str) else ""
    meant = meaning(model, field.serialization_alias or field.alias or name)
    return [f"`{written}`", words_of(hint, name), required, meant + standard]


def command_fields(model: type[c.Command]) -> list[str]:
    """A command's own fields: its id first, why it is given last."""
    common = c.Command.model_fields.keys()
    names = [name for name in model.model_fields if name not in common]
    last = ("replaces", "reason", "error")
    return sorted(names, key=lambda name: (name in last, name != f"{model.NOUN}_id"))


def ndjson_lines() -> Iterator[str]:
    """The section of commands as NDJSON."""
    yield from NDJSON_INTRODUCTION.strip().splitlines()
    yield ""
    head = ["field", "type", "required", "meaning"]
    yield from table(head, (field_row(c.Command, name) for name in c.Command.model_fields))
    for verb, model in c.COMMANDS.items():
        yield from (f"### `{verb}`", "", first_line(model.__doc__), "")
        yield from table(head, (field_row(model, name) for name in command_fields(model)))
    yield from ("### Parts of commands", "")
    for part in COMMAND_PARTS:
        yield from (f"#### {spaced(part.__name__).capitalize()}", "", first_line(part.__doc__), "")
        yield from table(head, (field_row(part, name) for name in part.model_fields))


NDJSON_INTRODUCTION = """
## Commands as NDJSON

`claims append` takes one JSON object a line. Unknown fields are refused, and so is a key that
stands twice. A date is its EDTF text (`2018-02`, `2018?-02`, `2015/2017`), a quote its words. A
value is a number in its short form: `3500`, `about 3500`, `> 10000`, `at least 10`, `10..20`,
`25%`, `1/3`, or `?` for a number that gives no figure. An id is 1 to 100 of `a-z 0-9 . _ -` and
begins with a letter or a digit; an id that is left out is made from the name, or random. The
revising commands are patches: a field that is left out stays, `null` clears it. A line may refer to
what an earlier line of its batch made. Every command may have these fields:
"""


# ── sheets ───────────────────────────────────────────────────────────────────────────────────


def sheet_lines() -> Iterator[str]:
    """The section of claim sheets."""
    yield from SHEETS_INTRODUCTION.strip().splitlines()
    yield ""
    for part in SHEET_PARTS:
        yield from (f"### Sheet: {spaced(part.__name__)}", "", first_line(part.__doc__), "")
        names = sorted(part.model_fields, key=lambda name: name == "note")
        rows = (in_sheet(field_row(part, name)) for name in names)
        yield from table(["key", "type", "required", "meaning"], rows)


def in_sheet(row: list[str]) -> list[str]:
    """A row of a sheet's table, whose links lead to parts of the sheet."""
    return [row[0], re.sub(r"\(#(?!closed)", "(#sheet-", row[1]), *row[2:]]


SHEETS_INTRODUCTION = """
## Claim sheets

A claim sheet is YAML: one source, and what is said in it. Its keys are the fields of the commands
without their `_id`. Every scalar is read as text. An editor can check and complete sheets with the
[JSON Schema](claim-sheet.schema.json): put
`# yaml-language-server: $schema=<path>/claim-sheet.schema.json` at the top of a sheet.
`claims sheet FILE` starts one.
"""
