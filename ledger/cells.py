"""The values of rows as they are written: as text for people, as JSON, as CSV."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

# Control characters but tab and newline, and those that turn the direction of writing.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def cell_text(value: Any) -> str:  # noqa: ANN401  a cell holds anything
    """A value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(cell_text(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{key}: {cell_text(item)}" for key, item in value.items() if item is not None
        )
    if isinstance(value, float) and value.is_integer():
        return f"{int(value)}"
    return harmless(str(value))


def harmless(text: str) -> str:
    """Text without what would move the cursor or turn the direction of writing in a terminal."""
    return CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def one_line(text: str) -> str:
    """Text without the line breaks that would tear a table."""
    return " ".join(text.splitlines()) if "\n" in text else text


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Comma-separated values (RFC 4180); lists and structs as JSON."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return text.getvalue().removesuffix("\n")


def csv_cell(value: Any) -> Any:  # noqa: ANN401  a cell holds anything
    """A value as it stands in CSV."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return encoded(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def encoded(value: Any) -> str:  # noqa: ANN401  JSON is made of anything
    """JSON text; whole numbers without a decimal point, dates as ISO text."""
    import msgspec

    return msgspec.json.encode(whole_numbers(value), enc_hook=str).decode()


def whole_numbers(value: Any) -> Any:  # noqa: ANN401  JSON is made of anything
    """The same value with whole floats as ints."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        return [whole_numbers(item) for item in value]
    if isinstance(value, dict):
        return {key: whole_numbers(item) for key, item in value.items()}
    return value


def distinct(columns: Sequence[str]) -> list[str]:
    """Column names, told apart where two are the same: `a`, `a_2`."""
    names: list[str] = []
    for at, column in enumerate(columns):
        count = columns[:at].count(column) + 1
        names.append(column if count == 1 else f"{column}_{count}")
    return names


def objects(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterable[str]:
    """Each row as a JSON object."""
    names = distinct(columns)
    return (encoded(dict(zip(names, row, strict=True))) for row in rows)


def as_jsonl(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """One JSON object a line."""
    return "\n".join(objects(columns, rows))


def as_json(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """One JSON array."""
    return "[" + ",\n ".join(objects(columns, rows)) + "]"
