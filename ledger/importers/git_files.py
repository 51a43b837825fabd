"""One version of a data file: its columns, and its rows as text from which they can be had back.

Rules kept here:
- what a row says is kept whole: every cell, in the order of the columns, digits as they stand;
- how a file is laid out (quotation marks, line ends, indents, the order of rows) says nothing.
"""

import io
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, NoReturn

from ledger.errors import ClaimsError, Refused
from ledger.importers.delimited import Delimited
from ledger.importers.tables_settings import Layout

OUTER_KEY = "@key"  # the column of the names in an object of objects
DELIMITERS = {"csv": ",", "tsv": "\t"}

# Control characters but tab and line ends, and surrogates: no event holds them.
_ODD = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

Key = tuple[str, ...]


class Literal(str):
    """A number of a JSON file, as its digits stand there."""

    __slots__ = ()


class Line(NamedTuple):
    """A row: where it stands, its cells under the columns, and all that it says, as JSON."""

    number: int
    cells: list[str]
    said: str


class Version(NamedTuple):
    """A version of a file; `shape` is all that it says besides its rows, as JSON."""

    shape: str
    columns: list[str]
    lines: list[Line]


def form_of(path: str, told: str | None) -> str:
    """How a file is read: as told, else by the end of its name."""
    end = path.rpartition(".")[2].lower()
    return told or (end if end in ("json", "tsv") else "csv")


def version_of(data: bytes, form: str, layout: Layout) -> Version:
    """Read a version; raises Refused with the line of what cannot be read."""
    return json_version(data) if form == "json" else table_version(data, form, layout)


def keyed(version: Version, key: Sequence[str]) -> dict[Key, Line]:
    """The rows by their keys; raises Refused where one has none, or two have the same."""
    missing = [name for name in key if name not in version.columns]
    if missing and version.lines:
        raise Refused(
            f"There is no column {missing[0]!r}, which is part of the key.",
            way_out=f"The columns are {', '.join(version.columns)[:300]}.",
        )
    places = [version.columns.index(name) for name in key] if version.lines else []
    found: dict[Key, Line] = {}
    for line in version.lines:
        name = tuple(line.cells[place] for place in places)
        if not all(map(str.strip, name)):
            raise at_line(line.number, "The row has no key.", ", ".join(key))
        if name in found:
            what = f"The row has the key {' / '.join(name)!r} of that on line {found[name].number}."
            raise at_line(line.number, what, ", ".join(key))
        found[name] = line
    return found


def at_line(number: int, what: str, column: str | None = None) -> ClaimsError:
    """The refusal of a row."""
    return Refused(what, field=column, way_out="").at(line=number)


# ── tables ───────────────────────────────────────────────────────────────────────────────────


def table_version(data: bytes, form: str, layout: Layout) -> Version:
    """A version of a CSV or TSV file; one without anything has no columns."""
    records = iter(Delimited(io.BytesIO(data), layout, layout.delimiter or DELIMITERS[form]))
    columns: list[str] = []
    lines: list[Line] = []
    for record in records:
        if record.fault is not None:
            raise record.fault.at(line=record.number)
        if not record.cells or record.number < layout.header:
            continue
        if not columns:
            columns = names_of(record.cells, layout)
            if layout.header:
                continue
        if len(record.cells) != len(columns):
            count = f"{len(record.cells)} cell{'' if len(record.cells) == 1 else 's'}"
            what = f"The row has {count}; the header has {len(columns)}."
            raise at_line(record.number, what)
        said = written(zip(columns, record.cells, strict=True))
        lines.append(Line(record.number, record.cells, said))
    return Version(canonical(columns), columns, lines)


def names_of(cells: Sequence[str], layout: Layout) -> list[str]:
    """The names of columns; raises Refused where two are the same."""
    if not layout.header:
        return [f"#{at}" for at in range(1, len(cells) + 1)]
    twice = next((name for at, name in enumerate(cells) if name in cells[:at]), None)
    if twice is not None:
        raise at_line(layout.header, f"Two columns are called {twice!r}.", twice)
    return list(cells)


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────


def json_version(data: bytes) -> Version:
    """A version of a JSON file: a list of objects, or an object of objects."""
    found = parsed(data)
    if isinstance(found, list):
        shape, objects = "list", found
    elif isinstance(found, dict):
        shape, objects = "object", list(outer_keys(found))
    else:
        raise no_rows(None)
    columns: dict[str, None] = {}
    for at, each in enumerate(objects, 1):
        if not isinstance(each, dict):
            raise no_rows(at)
        columns |= dict.fromkeys(each)
    lines = [
        Line(at, [cell_of(each.get(name)) for name in columns], written(each.items()))
        for at, each in enumerate(objects, 1)
    ]
    return Version(canonical(shape), list(columns), lines)


def outer_keys(found: dict[str, Any]) -> Iterator[Any]:
    """The objects of an object, each with the name that it has there."""
    for at, (name, each) in enumerate(found.items(), 1):
        if isinstance(each, dict) and OUTER_KEY in each:
            raise at_line(at, f"The object has a field {OUTER_KEY}.", OUTER_KEY)
        yield {OUTER_KEY: name, **each} if isinstance(each, dict) else each


def no_rows(number: int | None) -> ClaimsError:
    """The refusal of JSON that is no table."""
    what = "The file is no list of objects, and no object of objects"
    return Refused(f"{what}." if number is None else f"{what}: item {number} is no object.")


def parsed(data: bytes) -> Any:  # noqa: ANN401  as the file has it
    """JSON with its numbers as they are written; raises Refused."""
    try:
        text = data.decode("utf-8-sig")
        return json.loads(
            text, parse_int=Literal, parse_float=Literal, parse_constant=refuse_constant,
            object_pairs_hook=without_twins,
        )  # fmt: skip
    except UnicodeDecodeError as error:
        raise Refused(f"The file is not UTF-8, at byte {error.start:,}.") from None
    except json.JSONDecodeError as error:
        raise at_line(error.lineno, f"The file is no JSON: {error.msg}.") from None
    except RecursionError:
        raise Refused("The file is nested too deeply.") from None


def refuse_constant(name: str) -> NoReturn:
    """NaN and infinity are not JSON (RFC 8259, section 6)."""
    raise Refused(f"The file is no JSON: it holds {name}.")


def without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; raises Refused where it has two fields of one name."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise Refused(f"An object has two fields called {twice!r}.", field=twice)
    return made


def cell_of(value: Any) -> str:  # noqa: ANN401  as the file has it
    """A value as a cell: texts and numbers as they stand, nothing for null, the rest as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical(value)


# ── one way of writing ───────────────────────────────────────────────────────────────────────


def written(fields: Any) -> str:  # noqa: ANN401  pairs of a name and a value
    """Pairs as a JSON object, on one line."""
    return "{" + ", ".join(f"{escaped(name)}: {canonical(value)}" for name, value in fields) + "}"


def canonical(value: Any) -> str:  # noqa: ANN401  any JSON
    """A value as JSON on one line, always in the same way; numbers as they stood."""
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, dict):
        return written(value.items())
    if isinstance(value, list):
        return "[" + ", ".join(map(canonical, value)) + "]"
    return json.dumps(value)


def escaped(text: str) -> str:
    """A text as JSON, so that no control character stands in it."""
    return visible(json.dumps(text, ensure_ascii=False))


def visible(text: str) -> str:
    """A text whose control characters are written as JSON writes them."""
    return _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
