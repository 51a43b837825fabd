"""The mapping of a series: who claims the figures, who wrote them down, which column counts what.

speaker: {id: general-staff, name: General Staff, kind: organization}
series: Losses
transcriber: {name: Ana Writer, kind: person}
source: {title: losses.csv, url: "https://…", licence: MIT}
date: date
measures:
  tanks: {id: tanks-lost, label: Tanks lost, unit: tanks, kind: cumulative}
  personnel: {id: people-lost, label: People lost, unit: people, hedge: "personnel*"}
hedge_words: {about: about, more: gt}
ignore: [day]
"""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from events.vocabulary import MeasureKind, SpeakerKind
from ledger.importers.settings import Settings
from ledger.importers.tables_settings import Layout, Mark, Word, checked_format, listed, refusal

Hedge = Literal["eq", "about", "gt", "ge", "lt", "le"]
Words = Annotated[list[Word], BeforeValidator(listed)]


class Who(Settings):
    """A speaker by name, by id, or both; made where it is not there yet. A bare word is a name."""

    id: Word | None = None
    name: Word | None = None
    kind: SpeakerKind

    @model_validator(mode="after")
    def is_named(self) -> Self:
        """A name or an id."""
        if not self.id and not self.name:
            raise refusal("Nobody is named.", "Give `name`, or the `id` of one in the ledger.")
        return self


def who(kind: SpeakerKind) -> BeforeValidator:
    """Take a bare word for a name, and say which kind is assumed where none is given."""

    def complete(value: object) -> object:
        named = {"name": value} if isinstance(value, str) else value
        return {"kind": kind, **named} if isinstance(named, dict) else named

    return BeforeValidator(complete)


class Counted(Settings):
    """What a column counts. A bare word is the id of a measure that the ledger has.

    `hedge` is the column that says how exact the number beside it is.
    """

    id: Word | None = None
    label: Word | None = None
    unit: Word | None = None
    definition: Word | None = None
    kind: MeasureKind | None = None
    tags: Words = Field(default=[])
    hedge: Word | None = None
    decimal: Mark = None

    @model_validator(mode="before")
    @classmethod
    def of_a_word(cls, value: object) -> object:
        """A bare word is an id."""
        return {"id": value} if isinstance(value, str) else value


class FileSource(Settings):
    """The file as a source. Its title is its name where none is given, its id made of both."""

    id: Word | None = None
    title: Word | None = None
    url: Word | None = None
    published: Word | None = None
    licence: Word | None = None


class SeriesSettings(Layout):
    """The mapping of a series."""

    speaker: Annotated[Who, who("organization")]
    series: Word
    proposition: Word = "{series}: the figures of {date}."
    topics: Words = Field(default=[])
    transcriber: Annotated[Who | None, who("person")] = None
    source: FileSource = FileSource()
    date: Word
    date_format: Word | None = None
    page: Word | None = None  # the column with the address where the speaker gave the figures
    page_publisher: Annotated[Who | None, who("outlet")] = None  # the speaker where none is given
    measures: Annotated[dict[Word, Counted], Field(min_length=1)]
    hedge_words: dict[Word, Hedge] = Field(default={})
    decimal: Mark = None
    texts: Words = Field(default=[])  # columns that stand in the quote and are no numbers
    ignore: Words = Field(default=[])
    empty: Words = Field(default=[])  # cells that say nothing

    @field_validator("date_format")
    @classmethod
    def can_be_read(cls, value: str | None) -> str | None:
        """A date format that can be read."""
        return checked_format(value)

    @field_validator("proposition")
    @classmethod
    def tells_days_apart(cls, value: str) -> str:
        """What is claimed on one day is not what is claimed on the next."""
        if "{date}" not in value:
            raise refusal("The proposition does not say its date.", "Write {date} into it.")
        return value

    @field_validator("measures", mode="before")
    @classmethod
    def without_nothing(cls, value: object) -> object:
        """A column that is set to nothing is no measure: `--set measures.day=`."""
        if not isinstance(value, dict):
            return value
        return {name: each for name, each in value.items() if each not in ("", None)}

    @model_validator(mode="after")
    def has_each_column_once(self) -> Self:
        """A column is one thing, but that one column may hedge several numbers."""
        hedges = {each.hedge for each in self.measures.values() if each.hedge}
        rest = [name for name, _ in self.other_columns()]
        twice = [name for name, times in Counter([*rest, *hedges]).items() if times > 1]
        if twice:
            raise refusal(f"The column {twice[0]!r} is named twice.", "A column is one thing.")
        return self

    def other_columns(self) -> Iterator[tuple[str, str]]:
        """All columns but those of hedges, each with the setting that names it."""
        yield self.date, "date"
        if self.page:
            yield self.page, "page"
        yield from ((name, f"measures.{name}") for name in self.measures)
        yield from ((name, "texts") for name in self.texts)
        yield from ((name, "ignore") for name in self.ignore)

    def columns(self) -> dict[str, str]:
        """All columns that the mapping knows, each with the setting that names it."""
        hedges = {
            each.hedge: f"measures.{name}.hedge"
            for name, each in self.measures.items()
            if each.hedge
        }
        return {**hedges, **dict(self.other_columns())}


def said_of(settings: Settings, *without: str) -> dict[str, Any]:
    """What a part of the mapping says, without what it leaves open."""
    said: dict[str, Any] = settings.model_dump(exclude_none=True, exclude_defaults=True)
    return {name: value for name, value in said.items() if name not in without}
