"""Commands as they come in: JSON objects, checked and turned into typed commands.

What is refused gets one sentence, with the field, and the way out.
"""

import difflib
import json
from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ledger.commands import COMMANDS, Command
from ledger.errors import Refused, join_fields

MAX_COMMAND_BYTES = 1 << 20  # a line of input; an event's line is at most 65,535 bytes anyway

LONGEST_SHOWN = 60

SHAPES = {  # what pydantic calls a wrong type, and what was wanted
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
}

Raw = dict[str, Any]
M = TypeVar("M", bound=BaseModel)


def decode_command(line: bytes) -> Raw:
    """Read one line of NDJSON as a JSON object; raises Refused."""
    if len(line) > MAX_COMMAND_BYTES:
        raise Refused(
            f"The line has {len(line):,} bytes; a command has at most {MAX_COMMAND_BYTES:,}.",
            way_out="One command a line; documents are captured from files, not quoted whole.",
        )
    if b"\0" in line:
        raise Refused(
            "The line holds NUL bytes: it is not UTF-8, but perhaps UTF-16.",
            way_out="Save the file as UTF-8.",
        )
    try:
        decoded = json.loads(
            line.decode(), object_pairs_hook=without_duplicates, parse_constant=refuse_constant
        )
    except UnicodeDecodeError as error:
        raise Refused(
            f"The line is not UTF-8: byte {error.start} is 0x{line[error.start]:02x}.",
            way_out="Save the file as UTF-8.",
        ) from error
    except json.JSONDecodeError as error:
        raise Refused(
            f"The line is not JSON: {error.msg} at character {error.colno}.",
            way_out='One JSON object a line, as {"command":"register_speaker", …}.',
        ) from error
    except ValueError as error:
        raise Refused(
            "The line holds a number that is too long.",
            way_out="A number has at most 15 significant digits.",
        ) from error
    except RecursionError as error:
        raise Refused("The JSON is nested too deeply.", way_out="Commands are flat.") from error
    if not isinstance(decoded, dict):
        raise Refused(
            "The line is JSON, but not an object.",
            way_out='One JSON object a line, as {"command":"register_speaker", …}.',
        )
    return decoded


def without_duplicates(pairs: list[tuple[str, Any]]) -> Raw:
    """Make an object; a key given twice would lose one of its values without a word."""
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        raise Refused(f"The key {twice!r} stands twice in one object.", way_out="Keep one of them.")
    return made


def refuse_constant(name: str) -> NoReturn:
    """NaN and Infinity are not JSON, and no number of anything."""
    raise Refused(f"{name} is not a number.", way_out='A number without a figure is "?".')


def parse_command(raw: Mapping[str, Any]) -> Command:
    """Check a JSON object and make a typed command of it; raises Refused with the field."""
    verb = raw.get("command")
    model = COMMANDS.get(verb) if isinstance(verb, str) else None
    if model is None:
        raise unknown_verb(verb)
    return validate(model, raw)


def validate(model: type[M], raw: Mapping[str, Any]) -> M:
    """Check raw input against a model; raises Refused for the first fault."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        # A misspelt field is also a missing one; the misspelling says more.
        faults.sort(key=lambda fault: fault["type"] != "extra_forbidden")
        raise refusal(faults[0], model) from error


def refusal(fault: ErrorDetails, model: type[BaseModel]) -> Refused:
    """Say a fault that pydantic found as a sentence with its field and a way out."""
    context = fault.get("ctx", {})
    name = str(fault["loc"][-1]) if fault["loc"] else ""
    kind = fault["type"]
    if kind == "refused":
        what, way_out = context["what"], context["way_out"]
    elif kind == "missing":
        what, way_out = f"{name} is missing.", f"Give {name}."
    elif kind == "extra_forbidden":
        what, way_out = f"{name} is not a field here.", nearest_field(name, fault["loc"], model)
    elif kind == "literal_error":
        what = f"{shown(fault['input'])} is not a word for {name}."
        way_out = f"One of {context['expected']}."
    elif kind == "string_pattern_mismatch":
        what = f"{shown(fault['input'])} is not an id."
        way_out = "An id has 1 to 100 of a-z 0-9 . _ - and begins with a letter or a digit."
    elif kind == "string_unicode":
        what, way_out = "The text holds a lone surrogate, which is no character.", "Remove it."
    elif kind in SHAPES:
        what = f"{name} should be {SHAPES[kind]}; it is {shown(fault['input'])}."
        way_out = "In JSON, text stands in quotation marks and a number in none."
    elif kind == "too_short":
        what, way_out = f"{name} is empty.", "A statement has at least one report, with its quote."
    elif kind in ("link", "evidence"):
        what, way_out = fault["msg"], "See `via` and `evidence` in docs/reference.md."
    else:
        what = f"{fault['msg'].removesuffix('.')}."
        way_out = f"It was {shown(fault['input'])}." if "input" in fault else ""
    return Refused(what, field=path_of(fault["loc"]), way_out=way_out)


def nearest_field(name: str, place: tuple[int | str, ...], model: type[BaseModel]) -> str:
    """Which field may have been meant."""
    fields = fields_at(model, place[:-1])
    near = difflib.get_close_matches(name, fields, n=1)
    return f"Did you mean {near[0]}?" if near else f"The fields are {', '.join(fields)}."


def fields_at(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The names that a model, or the part of it at a place, may have."""
    for step in place:
        if isinstance(step, str) and step in model.model_fields:
            model = part_of(model.model_fields[step].annotation) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def part_of(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  hints have no type
    """The model inside a type hint, if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((part for each in get_args(annotation) if (part := part_of(each))), None)


def path_of(place: tuple[int | str, ...]) -> str:
    """A place as a person writes it: `reports[0].quote`."""
    path = ""
    for step in place:
        path = join_fields(path, f"[{step}]" if isinstance(step, int) else step) or ""
    return path


def shown(value: object) -> str:
    """A value as it may stand in a sentence."""
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def unknown_verb(verb: object) -> Refused:
    """The refusal of a command that there is not."""
    if verb is None:
        return Refused(
            "The line has no command.", field="command", way_out=f"One of {', '.join(COMMANDS)}."
        )
    near = difflib.get_close_matches(str(verb), COMMANDS, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"One of {', '.join(COMMANDS)}."
    return Refused(f"{verb!r} is not a command.", field="command", way_out=hint)
