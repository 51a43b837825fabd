"""How two forms of a thing differ, in the words of a sheet, and the patch between them."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec
from pydantic import BaseModel

from events.things import NOUNS
from events.values import ImpreciseDate, Quantity, Quote, Span, Value
from events.vocabulary import (
    EstimateFields,
    SourceAssessed,
    SpeakersJudged,
    StatementAssessed,
    StatementsRelated,
)
from ledger.commands import CiteSource
from ledger.inputs import Raw
from ledger.quantities import format_quantity

BOUNDS = ("comparator", "low", "best", "high", "low_inclusive", "high_inclusive")
PLACED = ("source_id", "quote", "fragments")  # of a report: they are found together

# What the program found, and no sheet says.
FOUND = {
    "anchor", "captured", "sha256", "size", "text_sha256", "extractor", "extractor_version",
}  # fmt: skip
# What follows from other things that a sheet says, where it does not say it itself.
BY_RULE = {"publisher_id", "media_type", "report_id"}
KEYS = {"publisher_id": "publisher", "value_text": "words", "from_": "from"}


class Change(NamedTuple):
    """A field in which the two differ, under its key in a sheet; both sides as a sheet has them."""

    field: str
    old: str
    new: str


def differing(old: Value, new: Value, wanted: BaseModel | None = None) -> list[str]:
    """The names of the fields in which two forms of a thing differ.

    `wanted` is what a sheet says of it. The words of a quote that stand where they stood are the
    same, however the sheet has them. What a sheet that only cites does not say of the bytes of a
    document is not a difference.
    """
    names = [name for name in fields_of(new) if name not in FOUND]
    if isinstance(wanted, CiteSource) and wanted.media_type is None:
        names.remove("media_type")
    return [name for name in names if getattr(old, name) != getattr(new, name)]


def fields_of(form: Value) -> list[str]:
    """The fields of a thing, without those of the event that gives it; of other data, all."""
    kind = next((kind for kind in NOUNS if isinstance(form, kind)), type(form))
    return [field.name for field in msgspec.structs.fields(kind)]


def changes(old: Value, new: Value, names: list[str]) -> Iterator[Change]:
    """The fields that differ; the parts of a number are one value."""
    for name in names:
        if name not in BOUNDS:
            yield Change(KEYS.get(name, name.removesuffix("_id")), *both(old, new, name))
    if set(names) & set(BOUNDS):
        yield Change("value", value_of(old), value_of(new))


def both(old: Value, new: Value, name: str) -> tuple[str, str]:
    """Both sides of a field; with their places where only these differ."""
    sides = getattr(old, name), getattr(new, name)
    left, right = (told(side) for side in sides)
    return (left, right) if left != right else (placed(sides[0]), placed(sides[1]))


def patch(wanted: BaseModel, new: Value, names: list[str]) -> Raw:
    """The fields of a revision: those that differ as the sheet has them, null where it has none."""
    said = wanted.model_dump(mode="json", by_alias=True, exclude_none=True)
    made = {name: said.get(name) or None for name in names if name not in BOUNDS}
    if set(names) & set(BOUNDS):
        made |= {name: said[name] for name in ("value", *BOUNDS) if name in said}
    made |= {name: getattr(new, name) for name in BY_RULE & made.keys()}
    if set(names) & set(PLACED):
        around = {name: said.get(name) for name in ("quote", "prefix", "suffix")}
        made |= around | {"fragments": said.get("fragments") or None}
    return made


# ── values as a sheet has them ───────────────────────────────────────────────────────────────


def told(value: Any) -> str:  # noqa: ANN401  a field may hold anything
    """A value of a form as a person would write it in a sheet."""
    if value is None or value in ((), {}):
        return "(nothing)"
    for kind, say in SAID.items():
        if isinstance(value, kind):
            return say(value)
    return str(value)


def parts_told(value: Any) -> str:  # noqa: ANN401  a value with fields
    """What the fields of a value say, in one pair of brackets."""
    named = {name: getattr(value, name) for name in fields_of(value) if name != "anchor"}
    parts = [told(each) for each in named.values() if each is not None]
    return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"


SAID: dict[type, Callable[[Any], str]] = {
    tuple: lambda items: ", ".join(map(told, items)),
    dict: lambda pairs: ", ".join(f"{key}: {each}" for key, each in pairs.items()),
    ImpreciseDate: lambda date: str(date.edtf),
    Quote: lambda quote: " ".join(quote.exact.split()),
    Span: lambda span: " ".join(span.exact.split()),
    Value: parts_told,
}


def placed(value: Any) -> str:  # noqa: ANN401  the same
    """A value with all that sets it apart from one that reads the same."""
    if isinstance(value, Quote | Span):
        return f"{told(value)} (at {value.start}–{value.end})"
    if isinstance(value, tuple):
        return ", ".join(map(placed, value))
    return msgspec.json.encode(value).decode()


def value_of(estimate: Any) -> str:  # noqa: ANN401  an estimate in any form
    """The number of an estimate in its short form."""
    return format_quantity(Quantity(**{name: getattr(estimate, name) for name in BOUNDS}))


def gist_of(form: Any) -> str:  # noqa: ANN401  a form of any thing
    """The words by which a person knows a thing again."""
    for kind, say in GISTS.items():
        if isinstance(form, kind):
            return say(form)
    names = ("proposition", "quote", "title", "name", "label")
    return next((told(text) for name in names if (text := getattr(form, name, None))), "")


GISTS: dict[type, Callable[[Any], str]] = {
    EstimateFields: lambda form: f"{value_of(form)}  {form.measure_id}",
    StatementsRelated: lambda form: f"{form.from_} {form.relation} {form.to}",
    SpeakersJudged: lambda form: f"{form.left} and {form.right}: {form.judgement}",
    StatementAssessed: lambda form: f"{form.statement_id}, by {form.assessor}",
    SourceAssessed: lambda form: f"{form.source_id}, by {form.assessor}",
}


def kind_of(form: object) -> str:
    """The word for what has no id."""
    return next((kind for each, kind in WITHOUT_ID.items() if isinstance(form, each)), "")


WITHOUT_ID = {
    StatementsRelated: "relation",
    SpeakersJudged: "judgement",
    StatementAssessed: "assessment",
    SourceAssessed: "assessment",
}
