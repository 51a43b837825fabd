"""A form of a thing, written as the fields of the command that would make it.

What an event holds is more than what a person gave: a date has bounds, a quote its span. Here it
is what a person would write again, to be read, compared and changed.
"""

from typing import Any

from events.values import ImpreciseDate, Membership, Quantity, Quote, Span, Value, Via
from events.vocabulary import EstimateFields, ReportFields
from ledger import commands as c
from ledger.quantities import format_quantity

Written = dict[str, Any]

INPUTS: dict[str, type[c.Model]] = {
    "source": c.SourceInput,
    "speaker": c.SpeakerInput,
    "measure": c.MeasureInput,
    "statement": c.StatementInput,
    "report": c.ReportInput,
    "estimate": c.EstimateInput,
}
BOUNDS = ("comparator", "low", "best", "high", "low_inclusive", "high_inclusive")


def own_fields(noun: str) -> list[str]:
    """The fields of a thing that a revision may change, in the order of its command."""
    names = [name for name in INPUTS[noun].model_fields if name not in (f"{noun}_id", "note")]
    return [*names, "note"]


def kinds_of(noun: str, kind: type) -> set[str]:
    """The fields of a thing that hold a list, or a mapping."""
    fields = INPUTS[noun].model_fields.items()
    return {name for name, field in fields if isinstance(field.default, kind)}


def written(noun: str, form: Value) -> Written:
    """The fields of a form as texts, lists and mappings of them; what is empty is None.

    A number is its short form, and has no bounds beside it.
    """
    fields = {name: plain(getattr(form, name, None)) for name in own_fields(noun)}
    if isinstance(form, ReportFields):
        fields["prefix"], fields["suffix"] = form.quote.prefix, form.quote.suffix
    if isinstance(form, EstimateFields):
        bounds: dict[str, Any] = {name: getattr(form, name) for name in BOUNDS}
        fields |= dict.fromkeys(BOUNDS) | {"value": format_quantity(Quantity(**bounds))}
    return fields


def plain(value: object) -> Any:  # noqa: ANN401  a field may hold anything
    """One value of an event as a person writes it."""
    match value:
        case ImpreciseDate(edtf=text) | Quote(exact=text) | Span(exact=text):
            return text
        case Via(speaker_id=str(name), on=None, words=None):
            return name
        case Via() | Membership():
            pairs = ((name.rstrip("_"), getattr(value, name)) for name in value.__struct_fields__)
            return {name: plain(each) for name, each in pairs if each is not None}
        case tuple() | list():
            return [plain(each) for each in value] or None
        case dict():
            return dict(value) or None
    return value


def text_of(value: object) -> str:
    """A written value in a line of text."""
    if isinstance(value, list):
        return ", ".join(map(text_of, value))
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {text_of(each)}" for name, each in value.items()) + "}"
    return "nothing" if value is None else " ".join(str(value).split())


def differences(noun: str, old: Value, new: Value) -> list[tuple[str, str, str]]:
    """The fields in which two forms differ: name, earlier and later text."""
    before, after = written(noun, old), written(noun, new)
    return [
        (name, text_of(before[name]), text_of(after[name]))
        for name in after
        if before[name] != after[name]
    ]
