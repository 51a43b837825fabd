"""Values of the views as cells of other formats: texts, numbers, true or false, and nothing."""

from datetime import UTC, date, datetime

import msgspec

Cell = str | int | float | bool | None

_MOST_EXACT = 1 << 53


def cell_of(value: object) -> Cell:
    """A value as a cell; lists and structs are JSON, times are ISO 8601 in UTC."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= _MOST_EXACT else value
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return msgspec.json.encode(plain(value), enc_hook=str).decode()


def plain(value: object) -> object:
    """A value made of lists and structs, as JSON has it: nothing is left out, whole numbers bare.

    >>> plain({"start": 3.0, "on": None})
    {'start': 3, 'on': None}
    """
    if isinstance(value, float):
        return cell_of(value)
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return value


def filled(value: object) -> object:
    """The same without what says nothing: nulls, empty lists and empty structs."""
    if isinstance(value, list | tuple):
        return [filled(each) for each in value if each is not None]
    if isinstance(value, dict):
        made = {name: filled(each) for name, each in value.items()}
        return {name: each for name, each in made.items() if each not in (None, [], {})}
    return plain(value)


def time_text(value: datetime) -> str:
    """A time in UTC, to the microsecond."""
    there = value.astimezone(UTC) if value.tzinfo else value
    return f"{there:%Y-%m-%dT%H:%M:%S.%f}Z"
