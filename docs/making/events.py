"""The section of event types, and the generated parts of the log format."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec

from events.vocabulary import EVENTS
from making.fields import EVENT_PARTS, literals, meaning, spaced, words_of
from making.markdown import anchor, first_line, table


def struct_rows(struct: type[Any]) -> Iterator[list[str]]:
    """The fields of an event or of a part of one, in the order in which they are written."""
    hints = get_type_hints(struct)
    for field in msgspec.structs.fields(struct):
        written = field.encode_name
        kind = words_of(hints[field.name], field.name)
        required = "yes" if field.required else ""
        yield [f"`{written}`", kind, required, meaning(struct, written)]


def event_tables() -> str:
    """The generated part of the log format: every event type, and the parts that they share."""
    head = ["field", "type", "required", "meaning"]
    lines = [""]
    for number, event in enumerate(EVENTS, 1):
        lines += [f"#### 6.{number} `{event.TYPE}`", "", first_line(event.__doc__), ""]
        lines += table(head, struct_rows(event))
    return "\n".join(lines)


def part_tables() -> str:
    """The generated part of the log format about parts that events share."""
    head = ["field", "type", "required", "meaning"]
    lines = [""]
    for part, says in EVENT_PARTS.items():
        lines += [f"#### {spaced(part.__name__).capitalize()}", "", says, ""]
        lines += table(head, struct_rows(part))
    return "\n".join([*lines, *vocabulary_lines("####")])


def vocabulary_lines(level: str) -> list[str]:
    """The closed vocabularies."""
    rows = [
        [title, ", ".join(f"`{word}`" for word in get_args(hint))]
        for hint, title in literals().items()
    ]
    return [f"{level} Closed vocabularies", "", *table(["vocabulary", "words"], rows)]


def event_lines() -> Iterator[str]:
    """The section of event types; their fields stand in the log format."""
    yield from ("## Event types", "")
    yield "Each event is one line of the log. The fields of each type, in order, stand in the"
    yield "[log format](log-format.md#6-event-types)."
    yield ""
    rows = []
    for number, event in enumerate(EVENTS, 1):
        link = f"log-format.md#{anchor(f'6.{number} {event.TYPE}')}"
        rows.append([f"[`{event.TYPE}`]({link})", first_line(event.__doc__)])
    yield from table(["type", "what it says"], rows)
    yield from vocabulary_lines("###")
