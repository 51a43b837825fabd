"""Sheets given together are one batch, in which nothing names what comes later."""

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from pathlib import Path
from typing import TypeVar

from ledger.errors import ClaimsError, Place, Refused
from ledger.given import nearest
from ledger.inputs import parse_command
from ledger.references import is_own, references
from ledger.sheets.command import SheetCommand
from ledger.sheets.convert import convert
from ledger.sheets.yaml_nodes import MAX_SHEET_BYTES, SheetText, read_yaml

Name = tuple[str, str]  # noun and id
E = TypeVar("E", bound=ClaimsError)


def read_sheets(paths: Sequence[Path]) -> list[SheetCommand]:
    """The commands of sheets, in an order in which they can be recorded.

    Speakers, measures, sources, statements, further reports with their numbers, relations,
    judgements, assessments; within these as the sheets have them, save that what is named by
    another comes before it. Raises Refused for the first fault, with file, line and the sheet's own
    name of the field.
    """
    sheets = [convert(read_sheet(path)) for path in paths]
    speakers = merged(each for sheet in sheets for each in sheet.speakers)
    known = {each.raw["speaker_id"] for each in speakers}
    narrators = merged(
        each for sheet in sheets for each in sheet.narrator if each.raw["speaker_id"] not in known
    )
    return in_order(
        [
            *speakers,
            *narrators,
            *merged(each for sheet in sheets for each in sheet.measures),
            *(sheet.source for sheet in sheets),
            *(each for sheet in sheets for each in sheet.statements),
            *(each for sheet in sheets for each in sheet.further),
            *(each for sheet in sheets for each in sheet.relations),
            *(each for sheet in sheets for each in sheet.judgements),
            *(each for sheet in sheets for each in sheet.assessments),
        ]
    )


def read_sheet(path: Path) -> SheetText:
    """The text of one sheet; raises Refused where it cannot be read."""
    try:
        with path.open("rb") as file:
            return read_yaml(path, file.read(MAX_SHEET_BYTES + 1))
    except OSError as error:
        raise Refused(
            f"The sheet cannot be read: {(error.strerror or str(error)).lower()}.",
            way_out="Give the path of a sheet; `claims sheet FILE` starts one.",
        ).at(file=str(path)) from error


def merged(commands: Iterable[SheetCommand]) -> list[SheetCommand]:
    """Definitions, each once; raises Refused where two sheets define a thing differently."""
    first: dict[str, SheetCommand] = {}
    for command in commands:
        name = str(command.raw.get("speaker_id") or command.raw.get("measure_id"))
        known = first.setdefault(name, command)
        if known.raw != command.raw:
            raise at(command.place, Refused(
                f"{name} is defined differently in {shown(known.place)}.",
                way_out="Write both definitions alike, or leave one of them out.",
            ))  # fmt: skip
    return list(first.values())


def in_order(commands: Sequence[SheetCommand]) -> list[SheetCommand]:
    """The same commands, each moved behind what it names; raises Refused where that is circular."""
    named = [list(names(command)) for command in commands]
    makers = made_by(commands, named)
    needs = {
        here: {makers[name] for name, own in each if not own and name in makers} - {here}
        for here, each in enumerate(named)
    }
    sorter = TopologicalSorter(needs)
    try:
        sorter.prepare()
    except CycleError as error:
        raise circular([commands[at] for at in error.args[1]]) from None
    order, ready = [], list[int]()
    while sorter.is_active():
        for each in sorter.get_ready():
            heappush(ready, each)
        first = heappop(ready)  # of all that can come next, the one that the sheets have first
        order.append(commands[first])
        sorter.done(first)
    return order


def names(command: SheetCommand) -> Iterator[tuple[Name, bool]]:
    """What a command names, and whether it is its own; raises Refused with the sheet's place."""
    try:
        parsed = parse_command(command.raw)
    except ClaimsError as error:
        raise at(nearest(command.places, error.place.field) or command.place, error) from None
    for reference in references(parsed):
        yield (reference.noun, reference.id), is_own(parsed, reference)


def made_by(
    commands: Sequence[SheetCommand], named: Sequence[Iterable[tuple[Name, bool]]]
) -> dict[Name, int]:
    """Which command makes a thing; raises Refused for what stands in the sheets twice."""
    makers: dict[Name, int] = {}
    for here, each in enumerate(named):
        for name, own in each:
            if own and makers.setdefault(name, here) != here:
                raise twice(f"The {name[0]} {name[1]}", commands[makers[name]], commands[here])
    seen: dict[str, SheetCommand] = {}
    for command in commands:
        known = seen.setdefault(repr(command.raw), command)
        if known is not command:
            raise twice("The same entry", known, command)
    return makers


def twice(what: str, first: SheetCommand, second: SheetCommand) -> Refused:
    """The refusal of a thing that stands in the sheets twice."""
    return at(second.place, Refused(
        f"{what} stands in the sheets twice, first in {shown(first.place)}.",
        way_out="Keep one of them; another thing gets another id.",
    ))  # fmt: skip


def circular(commands: Sequence[SheetCommand]) -> Refused:
    """The refusal of things of which each must come before the other."""
    lines = ", ".join(str(each.place.line) for each in commands[:-1])
    return at(commands[0].place, Refused(
        f"The entry names itself by way of what it names (lines {lines}).",
        way_out="Look at `within`, `version_of` and `derived_from`; one of them is too much.",
    ))  # fmt: skip


def at(place: Place, error: E) -> E:
    """The same error at a place of a sheet."""
    error.place = place
    return error


def shown(place: Place) -> str:
    """File and line in a sentence."""
    return f"{place.file}, line {place.line}"
