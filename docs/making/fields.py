"""What the fields of commands, events and sheets hold and mean, in words."""

import re
import tomllib
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from events import values, vocabulary
from events.values import ImpreciseDate, Number, Quote, Span
from ledger import commands as c
from ledger.references import NOUN_OF_FIELD
from making.markdown import anchor

INLINE_WORDS = 7  # a closed vocabulary longer than this is linked to, not listed

MEANINGS_FILE = Path(__file__).with_name("meanings.toml")
MEANINGS: dict[str, str] = {
    f"{key}.{name}" if name else key: text
    for key, texts in tomllib.loads(MEANINGS_FILE.read_text("utf-8")).items()
    for name, text in (texts.items() if isinstance(texts, dict) else [("", texts)])
}
used: set[str] = set()  # of the meanings

PART_NAMES = {
    "ImpreciseDate": "date",
    "MembershipInput": "membership",
    "LinkInput": "link",
    "RatingInput": "rating",
    "EvidenceInput": "evidence",
    "ReportInput": "report",
    "EstimateInput": "estimate",
    "ReportFields": "report",
    "EstimateFields": "estimate",
    "FurtherReport": "further report",
    "StatementAssessment": "assessment of a statement",
    "SourceAssessment": "assessment of a source",
}
COMMAND_PARTS = (
    c.ReportInput, c.EstimateInput, c.LinkInput, c.MembershipInput, c.RatingInput, c.EvidenceInput,
)  # fmt: skip
EVENT_PARTS: dict[type[Any], str] = {
    ImpreciseDate: "A date as precise as its source, with its first and last day (section 5.1).",
    Quote: "The words of a report and where they stand in the source's text (section 5.2).",
    Span: "Words, and where they stand (section 5.2).",
    values.Via: "One link of the chain by which a report came: a speaker or a source.",
    values.Membership: "A role that a speaker has or had.",
    values.Rating: "A rating on its scale; the numbers are those of the assessor.",
    values.Evidence: "What shows a relation: a report, or words in a source.",
    vocabulary.ReportFields: "One appearance of a statement in one source.",
    vocabulary.EstimateFields: "A number that a report claims (section 5.3).",
}
TEXTS = ((c.Id, "id"), (c.Text, "text"), (c.DateText, "date"), (c.ValueText, "value"))
SCALARS = {
    str: "text", int: "whole number", float: "number", bool: "true or false", date: "day",
}  # fmt: skip


def meaning(owner: type[Any], name: str) -> str:
    """What a field means; raises KeyError where nobody has said it."""
    for place in (*(f"{kind.__name__}." for kind in owner.__mro__), ""):
        if f"{place}{name}" in MEANINGS:
            used.add(f"{place}{name}")
            return MEANINGS[f"{place}{name}"]
    raise KeyError(f"{MEANINGS_FILE.name}: say what {owner.__name__}.{name} means")


def literals() -> dict[Any, str]:
    """The closed vocabularies with their names."""
    return {
        hint: spaced(name)
        for module in (values, vocabulary)
        for name, hint in vars(module).items()
        if get_origin(hint) is Literal
    }


def spaced(name: str) -> str:
    """A class name as words: `SpeechAct` is a speech act."""
    return PART_NAMES.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def words_of(hint: Any, name: str) -> str:  # noqa: ANN401  hints have no type of their own
    """A type as a person calls it; `name` is the field's, by which an id is known."""
    for known, text in TEXTS:
        if hint == known:
            return text
    if hint == Number:
        return "number"
    if hint is str and name in NOUN_OF_FIELD:
        return "id"
    if hint in SCALARS:
        return SCALARS[hint]
    return compound(hint, name)


def compound(hint: Any, name: str) -> str:  # noqa: ANN401  the same
    """The name of a type that is made of others."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return words_of(arguments[0], name)
    if origin is Literal:
        return choices(hint)
    if origin in (Union, UnionType):
        return either([each for each in arguments if each is not type(None)], name)
    if origin in (list, tuple):
        return f"list of {words_of(arguments[0], name)}"
    if origin is dict:
        return f"map of {words_of(arguments[1], '')}"
    return f"[{spaced(hint.__name__)}](#{anchor(spaced(hint.__name__))})"


def either(hints: list[Any], name: str) -> str:
    """The name of a type that is one of several; a whole number is a number too."""
    if int in hints and float in hints:
        hints = [each for each in hints if each is not int]
    return " or ".join(dict.fromkeys(words_of(each, name) for each in hints))


def choices(hint: Any) -> str:  # noqa: ANN401  the same
    """The words of a closed vocabulary, or a link where they are many."""
    found = get_args(hint)
    if len(found) <= INLINE_WORDS:
        return ", ".join(f"`{word}`" for word in found)
    title = literals()[hint]
    return f"[{title}](#closed-vocabularies)"


def unused() -> list[str]:
    """Meanings that no field had; to be asked when all is made."""
    return sorted(MEANINGS.keys() - used)
