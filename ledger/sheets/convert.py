"""Turns a checked sheet into commands, each of which knows where its fields stand in the sheet."""

import re
from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import PurePath
from typing import Any

import msgspec
from pydantic import BaseModel

from events.ids import slug
from ledger.errors import Place, Refused, join_fields
from ledger.inputs import Raw
from ledger.sheets.check import check_sheet
from ledger.sheets.command import SheetCommand
from ledger.sheets.model import ANSWERS, INLINE, FurtherReport
from ledger.sheets.narrator import NARRATOR, narrator_of, registration, told
from ledger.sheets.slots import Slot, slot
from ledger.sheets.yaml_nodes import Loc, SheetText

_sorted = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True)
class Converted:
    """The commands of one sheet, by what they make; `further` are reports and their numbers."""

    speakers: tuple[SheetCommand, ...]
    measures: tuple[SheetCommand, ...]
    source: SheetCommand
    statements: tuple[SheetCommand, ...]
    further: tuple[SheetCommand, ...]
    relations: tuple[SheetCommand, ...]
    judgements: tuple[SheetCommand, ...]
    assessments: tuple[SheetCommand, ...]
    narrator: tuple[SheetCommand, ...]  # its registration, where it speaks and no source makes it


def convert(text: SheetText) -> Converted:
    """The commands of a sheet; raises Refused with the place of what is wrong."""
    sheet = check_sheet(text)
    source = source_command(text, sheet.source)
    source_id: str = source.raw["source_id"]
    statements: list[SheetCommand] = []
    further: list[SheetCommand] = []
    relations: list[SheetCommand] = []
    for at, entry in enumerate(sheet.statements):
        loc: Loc = ("statements", at)
        if isinstance(entry, FurtherReport):
            further += further_commands(text, entry, loc, source_id)
        else:
            statements.append(statement_command(text, entry, loc, source_id))
            relations += answers(text, statements[-1], entry, loc)
    relations += plain_commands(text, "relations", sheet.relations, "relate_statements")
    judgements = list(plain_commands(text, "judgements", sheet.judgements, "judge_speakers"))
    narrator = narrator_of(source.raw)
    return Converted(
        speakers=defined(text, "speakers", sheet.speakers, "register_speaker"),
        measures=defined(text, "measures", sheet.measures, "define_measure"),
        source=source,
        statements=tuple(told(each, narrator) for each in statements),
        further=tuple(told(each, narrator) for each in further),
        relations=tuple(relations),
        judgements=tuple(told(each, narrator) for each in judgements),
        assessments=tuple(assessments(text, sheet.assessments, source_id)),
        narrator=registration(narrator, (*statements, *further, *judgements)),
    )


# ── things ───────────────────────────────────────────────────────────────────────────────────


def defined(
    text: SheetText, section: str, parts: Mapping[str, BaseModel], verb: str
) -> tuple[SheetCommand, ...]:
    """The speakers or measures that a sheet defines, each under its id."""
    if NARRATOR in parts and section == "speakers":
        raise Refused(
            "narrator is the word for the source's own voice, so it cannot be a speaker's id.",
            way_out="Give the speaker another id.",
        ).at(**vars(text.place((section, NARRATOR))))
    made = []
    for name, part in parts.items():
        loc: Loc = (section, name)
        own = {f"{section.removesuffix('s')}_id": name}
        places = places_of(text, part, loc) | dict.fromkeys(own, text.place(loc))
        made.append(
            SheetCommand({"command": verb, **own, **said(part)}, text.place(loc), places, (None,))
        )
    return tuple(made)


def source_command(text: SheetText, source: BaseModel) -> SheetCommand:
    """The sheet's source: captured with its document, else cited."""
    loc: Loc = ("source",)
    fields = said(source)
    verb = "capture_source" if "document" in fields else "cite_source"
    given = "source_id" in fields
    if not given:
        stem = PurePath(fields.get("document", "").replace("\\", "/")).stem
        fields["source_id"] = slug(stem) or slug(fields.get("title", ""))
    if not fields["source_id"]:
        raise Refused(
            "No id can be made for the source from its document's or its own name.",
            way_out="Give it one: `id:`, in a-z 0-9 . _ -",
        ).at(**vars(text.place(loc)))
    slots = (None if given else slot(text, loc),)
    return SheetCommand(
        {"command": verb, **fields}, text.place(loc), places_of(text, source, loc), slots
    )


def statement_command(
    text: SheetText,
    statement: Any,  # noqa: ANN401  a made class is no type
    loc: Loc,
    source_id: str,
) -> SheetCommand:
    """A statement with its reports and estimates."""
    fields = said(statement)
    for answer, speech_act in ANSWERS.items():
        if fields.pop(answer, None) is not None:
            fields.setdefault("speech_act", speech_act)
    inline = {name: fields.pop(name) for name in list(fields) if name in INLINE}
    listed = fields.pop("reports", [])
    reports = [{"source_id": source_id, **report} for report in listed or [inline]]
    places = {in_report(path): place for path, place in places_of(text, statement, loc).items()}
    if listed:
        report_slots = open_slots(text, (*loc, "reports"), listed, "report_id")
    else:
        report_slots = [None if "report_id" in inline else slot(text, loc, "report")]
        places["reports[0]"] = text.place((*loc, "quote"))
    given = "statement_id" in fields
    if not given and statement.model_fields_set & ANSWERS.keys():
        fields["statement_id"] = derived_id({**fields, "reports": reports})
    return SheetCommand(
        {"command": "record_statement", **fields, "reports": reports},
        text.place(loc),
        places,
        (
            None if given else slot(text, loc),
            *report_slots,
            *open_slots(text, (*loc, "estimates"), fields.get("estimates", []), "estimate_id"),
        ),
    )


def further_commands(
    text: SheetText,
    report: Any,  # noqa: ANN401  a made class is no type
    loc: Loc,
    source_id: str,
) -> Iterator[SheetCommand]:
    """A further report of a statement, and then each number that it claims."""
    fields: Raw = {"command": "add_report", "source_id": source_id, **said(report)}
    estimates = fields.pop("estimates", [])
    places = places_of(text, report, loc)
    slots = (None if "report_id" in fields else slot(text, loc),)
    if estimates and "report_id" not in fields:
        fields["report_id"] = derived_id(fields)
    yield SheetCommand(fields, text.place(loc), places, slots)
    of: Raw = {name: fields[name] for name in ("statement_id", "report_id") if name in fields}
    around = {"statement_id": text.place((*loc, "report_of")), "report_id": text.place(loc)}
    free = open_slots(text, (*loc, "estimates"), estimates, "estimate_id")
    for at, estimate in enumerate(estimates):
        here: Loc = (*loc, "estimates", at)
        yield SheetCommand(
            {"command": "add_estimate", **of, **estimate},
            text.place(here),
            around | places_of(text, report.estimates[at], here),
            (free[at],),
        )


def derived_id(raw: Raw) -> str:
    """An id for a thing that must be named though the sheet gives it none.

    A random one would differ at the next reading, and so would the keys of the commands: the same
    sheet recorded again would write all of it again. So the id follows from what the command says.
    """
    return b32encode(blake2b(_sorted.encode(raw), digest_size=10).digest()).decode().lower()


def answers(
    text: SheetText,
    statement: SheetCommand,
    entry: Any,  # noqa: ANN401  a made class is no type
    loc: Loc,
) -> Iterator[SheetCommand]:
    """The relations that a statement has of its own: what it denies or retracts."""
    for answer in ANSWERS:
        if target := getattr(entry, answer):
            place = text.place((*loc, answer))
            relation = {"from": statement.raw["statement_id"], "to": target, "relation": answer}
            raw = {"command": "relate_statements", **relation, "basis": "stated"}
            yield SheetCommand(raw, place, {"to": place})


def plain_commands(
    text: SheetText, section: str, parts: Sequence[BaseModel], verb: str
) -> Iterator[SheetCommand]:
    """The entries of a section that have no id, each as one command."""
    for at, part in enumerate(parts):
        loc: Loc = (section, at)
        yield SheetCommand(
            {"command": verb, **said(part)}, text.place(loc), places_of(text, part, loc)
        )


def assessments(
    text: SheetText, parts: Sequence[BaseModel], source_id: str
) -> Iterator[SheetCommand]:
    """The assessments of a sheet; one that names nothing is of the sheet's source."""
    for command in plain_commands(text, "assessments", parts, ""):
        if "statement_id" in command.raw:
            raw = {**command.raw, "command": "assess_statement"}
        else:
            raw = {"source_id": source_id, **command.raw, "command": "assess_source"}
        yield replace(command, raw=raw)


# ── fields and their places ──────────────────────────────────────────────────────────────────


def said(part: BaseModel) -> Raw:
    """What a part of the sheet says, under the names that the command has for it."""
    return part.model_dump(by_alias=True, exclude_unset=True)


def places_of(text: SheetText, part: BaseModel, loc: Loc) -> dict[str, Place]:
    """The place of every field of a part, by the name that the command has for it."""
    return {path: text.place(where) for path, where in paths(part, loc, "")}


def paths(value: object, loc: Loc, path: str) -> Iterator[tuple[str, Loc]]:
    """A command's path for everything inside a part, with where it stands in the sheet."""
    if path:
        yield path, loc
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            field = type(value).model_fields[name]
            inner = join_fields(path, field.serialization_alias or field.alias or name)
            yield from paths(getattr(value, name), (*loc, field.alias or name), inner or name)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from paths(item, (*loc, at), f"{path}[{at}]")


def in_report(path: str) -> str:
    """The path of a field that a statement has of its one report."""
    head = re.split(r"[.\[]", path, maxsplit=1)[0]
    return f"reports[0].{path}" if head in INLINE else path


def open_slots(text: SheetText, loc: Loc, things: list[Raw], name: str) -> list[Slot | None]:
    """Where the ids of the things of a list go that have none."""
    return [None if name in thing else slot(text, (*loc, at)) for at, thing in enumerate(things)]
