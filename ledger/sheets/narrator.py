"""Who the narrator of a source is: its author, else its outlet, else somebody unnamed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from events.ids import is_id, slug
from ledger.errors import Refused
from ledger.inputs import Raw
from ledger.references import NOUN_OF_FIELD, outlet_id
from ledger.sheets.command import SheetCommand

NARRATOR = "narrator"  # stands wherever a sheet names a speaker


def narrator_of(source: Raw) -> Raw:
    """The command that would register the narrator of a source."""
    if author := source.get("author"):
        return registering(slug(author), "person", author)
    if publisher_id := source.get("publisher_id"):
        return registering(publisher_id, "outlet", source.get("publisher") or publisher_id)
    if publisher := source.get("publisher"):
        return registering(outlet_id(publisher), "outlet", publisher)
    source_id = source["source_id"]
    name = f"Unnamed author of {source.get('title', source_id)}"
    return registering(f"unnamed-{source_id}", "unnamed", name)


def registering(speaker_id: str, kind: str, name: str) -> Raw:
    """The command that registers a speaker."""
    return {"command": "register_speaker", "speaker_id": speaker_id, "kind": kind, "name": name}


def told(command: SheetCommand, narrator: Raw) -> SheetCommand:
    """The same command with the narrator's id where the sheet says `narrator`."""
    raw = named(command.raw, narrator["speaker_id"])
    if raw == command.raw:
        return command
    if not is_id(narrator["speaker_id"]):
        raise Refused(
            f"No id can be made for the narrator, {narrator['name']}.",
            field=command.place.field,
            way_out="Define them under `speakers`, and write that id instead of narrator.",
        ).at(file=command.place.file, line=command.place.line)
    return replace(command, raw=raw)


def registration(narrator: Raw, commands: Iterable[SheetCommand]) -> tuple[SheetCommand, ...]:
    """What makes the narrator known where it speaks; an outlet comes with its source."""
    if narrator["kind"] == "outlet":
        return ()
    first = next((each for each in commands if told(each, narrator) is not each), None)
    if first is None:
        return ()
    return (SheetCommand(narrator, first.place, slots=(None,), implied=True),)


def named(value: Any, narrator_id: str, field: str = "") -> Any:  # noqa: ANN401  JSON has no type
    """JSON with the narrator's id in every field that names a speaker."""
    if isinstance(value, dict):
        return {key: named(each, narrator_id, key) for key, each in value.items()}
    if isinstance(value, list):
        return [named(each, narrator_id, field) for each in value]
    meant = value == NARRATOR and NOUN_OF_FIELD.get(field) == "speaker"
    return narrator_id if meant else value
