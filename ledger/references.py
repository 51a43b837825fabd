"""Which things a command names, by the names of its fields."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

from pydantic import BaseModel

from events.ids import slug
from ledger.commands import (
    AddEstimate,
    AddReport,
    CaptureSource,
    CiteSource,
    Command,
    DefineMeasure,
    RecordStatement,
    RegisterSpeaker,
)
from ledger.errors import Conflict, Refused, UnknownId, join_fields
from ledger.known import Known, Thing

NOUN_OF_FIELD = {
    "speaker_id": "speaker",
    "co_speakers": "speaker",
    "alternatives": "speaker",
    "on_behalf_of": "speaker",
    "citing": "speaker",
    "publisher_id": "speaker",
    "left": "speaker",
    "right": "speaker",
    "source_id": "source",
    "version_of": "source",
    "measure_id": "measure",
    "statement_id": "statement",
    "within": "statement",
    "from_": "statement",
    "to": "statement",
    "report_id": "report",
    "estimate_id": "estimate",
    "derived_from": "estimate",
}
ENDS = ("from_", "to")  # of a relation; a membership has dates of these names
MAKING = (CiteSource, CaptureSource, RegisterSpeaker, DefineMeasure, RecordStatement)


class Reference(NamedTuple):
    """A thing that a command names, and the field in which it does."""

    noun: str
    id: str
    field: str


def references(command: Command) -> Iterator[Reference]:
    """Every thing that a command names, also those that it makes."""
    yield from _walk({name: getattr(command, name) for name in command.model_fields_set}, "")


def _walk(fields: dict[str, Any], outer: str) -> Iterator[Reference]:
    for name, value in fields.items():
        path = join_fields(outer, name.rstrip("_")) or name
        noun = NOUN_OF_FIELD.get(name)
        if outer and name in ENDS:
            noun = None
        for at, item in enumerate(value if isinstance(value, list) else [value]):
            here = f"{path}[{at}]" if isinstance(value, list) else path
            if isinstance(item, str) and noun:
                yield Reference(noun, item, here)
            elif isinstance(item, BaseModel):
                yield from _walk(
                    {each: getattr(item, each) for each in item.model_fields_set}, here
                )


def wanted(command: Command, named: Iterable[Reference]) -> Iterator[tuple[str, str]]:
    """The names of all things that must be looked up before a command is decided."""
    for reference in named:
        yield reference.noun, reference.id
    for link in _links(command):
        yield "speaker", link
        yield "source", link
    publisher = given_in(command, "publisher")
    if publisher:
        yield "speaker", outlet_id(publisher)
    yield from _own(command)


def _links(command: Command) -> Iterator[str]:
    for report in given_in(command, "reports") or [command]:
        for link in given_in(report, "via") or ():
            if link.id:
                yield link.id


def given_in(part: BaseModel, name: str) -> Any:  # noqa: ANN401  as the field has it
    """A field as it was given, or None; asking a model for a field that it lacks takes long."""
    return getattr(part, name) if name in part.model_fields_set else None


def _own(command: Command) -> Iterator[tuple[str, str]]:
    if isinstance(command, RegisterSpeaker):
        yield "speaker", command.speaker_id or slug(command.name)
    if isinstance(command, DefineMeasure):
        yield "measure", command.measure_id or slug(command.label)


def is_own(command: Command, reference: Reference) -> bool:
    """Whether a reference names a thing that the command itself is to make."""
    top, _, rest = reference.field.partition(".")
    if isinstance(command, RecordStatement) and rest in ("report_id", "estimate_id"):
        return top.startswith(("reports[", "estimates["))
    if isinstance(command, RecordStatement) and rest.startswith("derived_from"):
        return reference.id in {each.estimate_id for each in command.estimates}
    if isinstance(command, MAKING):
        return reference.field == f"{command.NOUN}_id"
    if isinstance(command, AddReport | AddEstimate):
        return reference.field == f"{command.NOUN}_id"
    return False


def check_references(command: Command, named: Iterable[Reference], known: Known) -> None:
    """Raise UnknownId for a thing that is not there, Refused for one that is void or erased."""
    for reference in named:
        if is_own(command, reference):
            continue
        thing = known.thing(reference.noun, reference.id)
        refuse_gone(reference.noun, reference.id, known, reference.field)
        if thing is None:
            raise UnknownId(reference.noun, reference.id, field=reference.field)
        refuse_void(thing, known, reference.field)


def refuse_void(thing: Thing, known: Known, field: str) -> None:
    """Raise Refused for a thing that counts no longer."""
    void = known.hidden_by(thing.created, thing.part)
    if void is not None:
        raise Refused(
            f"The {thing.noun} {thing.id} is void since position {void}.",
            field=field,
            way_out=f"To reinstate it, void position {void}.",
        )


def refuse_gone(noun: str, name: str, known: Known, field: str) -> None:
    """Raise Refused for a thing that is erased, and that events still name."""
    if (noun, name) in known.erased:
        raise Refused(
            f"The {noun} {name} was erased, and what hangs on it counts no longer.",
            field=field,
            way_out="Name another one.",
        )


def refuse_erased(noun: str, name: str, known: Known, field: str | None = None) -> None:
    """Raise Conflict for the id of a thing that is erased and that events still name."""
    if (noun, name) in known.erased:
        raise Conflict(
            f"The {noun} {name} was erased, and events still name it; its id is not given again.",
            field=field or f"{noun}_id",
            way_out="Take another id.",
        )


def outlet_id(name: str) -> str:
    """The id under which an outlet is registered when only its name is given."""
    return slug(name) or f"outlet-{blake2b(name.encode(), digest_size=8).hexdigest()}"
