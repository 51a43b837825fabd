"""What all rows of a series share: who is meant, what is counted, the file as a source."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import ClaimsError, Refused
from ledger.importers.names import id_of
from ledger.importers.rows import Raw
from ledger.importers.series_settings import Counted, SeriesSettings, Who, said_of
from ledger.importers.tables_names import Meant, Names
from ledger.importers.tables_settings import NewMeasure, NewSpeaker

if TYPE_CHECKING:
    from ledger.api import Ledger

LONGEST_SOURCE_ID = 60


class Measured(NamedTuple):
    """What a column counts, and the column with its hedge."""

    column: str
    measure_id: str
    hedge: str | None
    decimal: str | None


class Shared(NamedTuple):
    """What the rows of a series share; `made` are the commands for what may not be there yet."""

    speaker_id: str
    transcriber_id: str | None
    page_publisher_id: str
    measures: tuple[Measured, ...]
    made: tuple[Raw, ...]


def shared_of(ledger: "Ledger | None", settings: SeriesSettings) -> Shared:
    """Look up who and what the mapping names; raises Refused where that is not certain."""
    made: list[Raw] = []
    speaker = person_of(ledger, settings.speaker, "speaker", made)
    transcriber = page_publisher = None
    if settings.transcriber:
        transcriber = person_of(ledger, settings.transcriber, "transcriber", made)
    if settings.page_publisher:
        page_publisher = person_of(ledger, settings.page_publisher, "page_publisher", made)
    measures = measures_of(ledger, settings.measures, settings.decimal, made)
    return Shared(
        speaker_id=speaker.id,
        transcriber_id=transcriber.id if transcriber else None,
        page_publisher_id=page_publisher.id if page_publisher else speaker.id,
        measures=measures,
        made=tuple(made),
    )


def person_of(ledger: "Ledger | None", who: Who, setting: str, made: list[Raw]) -> Meant:
    """Who is meant: by id, by a name that the ledger knows, or somebody new."""
    called = who.name or who.id or ""
    listed: dict[str, str | NewSpeaker] = {}
    if who.id and who.name:
        listed[called] = NewSpeaker(id=who.id, name=who.name, kind=who.kind)
    elif who.id:
        listed[called] = who.id
    meant = found(Names(ledger, "speaker", listed), called, setting)
    if meant.make:
        made.append({**meant.make, "kind": who.kind})
    return meant


def measures_of(
    ledger: "Ledger | None", counted: Mapping[str, Counted], decimal: str | None, made: list[Raw]
) -> tuple[Measured, ...]:
    """What each column counts; raises Refused where two count the same, or a unit differs."""
    listed = {column: listed_measure(each) for column, each in counted.items()}
    names = Names(ledger, "measure", listed)
    names.load(listed)
    columns: dict[str, Measured] = {}
    for column, each in counted.items():
        setting = f"measures.{column}"
        meant = found(names, column, setting)
        if meant.id in columns:
            raise Refused(
                f"The columns {columns[meant.id].column!r} and {column!r} count the same measure,"
                f" {meant.id}.",
                field=setting,
                way_out="Give each its own, or leave one out by `ignore`.",
            )
        if each.unit and meant.make is None and meant.unit not in (None, each.unit):
            raise Refused(
                f"The measure {meant.id} has the unit {meant.unit!r}, not {each.unit!r}.",
                field=setting,
                way_out="Numbers in another unit are another measure: give it another id.",
            )
        if meant.make:
            made.append(meant.make)
        columns[meant.id] = Measured(column, meant.id, each.hedge, each.decimal or decimal)
    return tuple(columns.values())


def listed_measure(counted: Counted) -> str | NewMeasure:
    """A measure as a mapping of names lists it: an id that is there, or what is made."""
    if counted.id and not counted.label:
        return counted.id
    return NewMeasure(**said_of(counted, "hedge", "decimal"))


def found(names: Names, called: str, setting: str) -> Meant:
    """What a name means; raises Refused with the setting at fault."""
    try:
        names.load([called])
        return names.find(called)
    except ClaimsError as error:
        raise Refused(
            error.what,
            field=setting,
            way_out="Say who or what of the ledger is meant by its `id` alone, or give a new one"
            " another `id`.",
        ) from None


def source_of(path: Path, settings: SeriesSettings, transcriber_id: str | None) -> Raw:
    """The command that names the file as a source, published by who wrote the figures down."""
    said = settings.source
    title = said.title or path.name
    told = f"{transcriber_id} {title}" if transcriber_id else title
    made: Raw = {
        "command": "cite_source",
        "source_id": said.id or id_of(told, LONGEST_SOURCE_ID),
        "title": title,
    }
    if transcriber_id:
        made["publisher_id"] = transcriber_id
    if said.url:
        made["url"] = said.url
    if said.published:
        made["published"] = said.published
    if said.licence:
        made["note"] = f"Licence: {said.licence}."
    return made


def unknown_column(column: str) -> Refused:
    """The refusal of a column that the mapping does not know."""
    return Refused(
        f"The mapping does not say what the column {column!r} is.",
        field=column,
        way_out="Name it under `measures` or `texts`, or leave it out by `ignore`.",
    )


def check_columns(header: Sequence[str], known: AbstractSet[str]) -> None:
    """Refuse a table with columns that the mapping does not know."""
    for column in header:
        if column and column not in known:
            raise unknown_column(column)
