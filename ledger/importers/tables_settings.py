"""The mapping of a table: which of its columns, or which constant, is which field of a statement.

columns:
  speaker: Who
  said_at: {column: Date, format: "%d.%m.%Y"}
  proposition: Claim
  value: {column: Number, decimal: ","}
  measure: {constant: daesh-fighters}
"""

import codecs
from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from events.vocabulary import MeasureKind, SpeakerKind
from ledger.errors import Refused
from ledger.importers.settings import Settings
from ledger.importers.tables_dates import check_format


def refusal(what: str, way_out: str) -> PydanticCustomError:
    """What `ledger.inputs` shows as a sentence with its way out."""
    return PydanticCustomError("refused", "{what}", {"what": what, "way_out": way_out})


def as_text(value: object) -> object:
    """YAML reads some words as numbers or dates; here all of them are text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float | date) else value


def listed(value: object) -> object:
    """A list from the command line, where commas part its entries."""
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else value


Word = Annotated[str, BeforeValidator(as_text)]
Mark = Annotated[Literal[".", ","] | None, BeforeValidator(as_text)]


class Column(Settings):
    """A column by its name, or by its number as `#3`; or a constant for all rows.

    `values` says what certain cells stand for. A bare word is a column's name.
    """

    model_config = ConfigDict(coerce_numbers_to_str=True)

    column: Word | None = None
    constant: Word | None = None
    format: Word | None = None
    decimal: Mark = None
    separator: Word | None = None
    values: dict[Word, Word] = Field(default={})

    @model_validator(mode="before")
    @classmethod
    def of_a_word(cls, value: object) -> object:
        """A bare word is a column's name."""
        value = as_text(value)
        return {"column": value} if isinstance(value, str) else value

    @field_validator("format")
    @classmethod
    def can_be_read(cls, value: str | None) -> str | None:
        """A date format has a year, and only signs that are known."""
        return checked_format(value)

    @model_validator(mode="after")
    def names_one(self) -> Self:
        """Either a column or a constant."""
        if (self.column is None) == (self.constant is None):
            raise refusal("It is a column or a constant.", "Write `column: NAME` or `constant: …`.")
        return self

    @model_serializer(mode="wrap")
    def short(self, handler: SerializerFunctionWrapHandler) -> Any:  # noqa: ANN401  a word, or keys with values
        """A column of which nothing else is said is its name."""
        made = {name: value for name, value in handler(self).items() if value}
        return made["column"] if made.keys() == {"column"} else made


class NumberColumns(Settings):
    """The columns of one number of a row."""

    value: Column
    measure: Column
    unit: Column | None = None
    reference_period: Column | None = None
    words: Column | None = None


class Columns(Settings):
    """Which column is which field; what a table does not have is left out."""

    id: Column | None = None
    speaker: Column
    speaker_kind: Column | None = None
    said_at: Column | None = None
    speech_act: Column | None = None
    proposition: Column | None = None
    quote: Column | None = None
    quote_mode: Column | None = None
    attributed_to: Column | None = None
    value: Column | None = None
    measure: Column | None = None
    unit: Column | None = None
    reference_period: Column | None = None
    words: Column | None = None
    numbers: list[NumberColumns] = Field(default=[])
    source: Column | None = None
    url: Column | None = None
    title: Column | None = None
    publisher: Column | None = None
    published: Column | None = None
    topics: Column | None = None
    language: Column | None = None
    venue: Column | None = None
    note: Column | None = None

    @model_validator(mode="before")
    @classmethod
    def without_nothing(cls, value: object) -> object:
        """A field that is set to nothing is left out: `--set columns.note=`."""
        if not isinstance(value, dict):
            return value
        return {name: column for name, column in value.items() if column not in ("", None)}

    @model_validator(mode="after")
    def fits_together(self) -> Self:
        """What is needed is there, and what rests on something else has it."""
        if self.proposition is None and self.quote is None:
            raise refusal("No column says what is claimed.", "Name columns.proposition or .quote.")
        if self.quote is None and self.quote_mode and self.quote_mode.constant in QUOTED:
            raise refusal(
                f"Without a column of quotes nothing is {self.quote_mode.constant}.",
                "Name columns.quote, or write quote_mode: {constant: indirect}.",
            )
        if self.value is not None and self.measure is None:
            raise refusal(
                "A number of what?", "Name columns.measure, or write measure: {constant: LABEL}."
            )
        if self.value is None and (self.measure or self.unit or self.words):
            raise refusal("No column holds the number.", "Name columns.value.")
        return self

    def all_numbers(self) -> Iterator[tuple[str, NumberColumns]]:
        """The numbers of a row, each with the path of its settings."""
        if self.value and self.measure:
            yield "columns", NumberColumns(
                value=self.value, measure=self.measure, unit=self.unit, words=self.words,
                reference_period=self.reference_period,
            )  # fmt: skip
        for at, number in enumerate(self.numbers):
            yield f"columns.numbers[{at}]", number


QUOTED = ("direct", "partial")


class NewSpeaker(Settings):
    """A speaker whom a name of the table means; made where it is not there yet."""

    id: Word | None = None
    name: Word | None = None
    kind: SpeakerKind = "person"
    aliases: list[Word] = Field(default=[])


class NewMeasure(Settings):
    """A measure that a name of the table means; made where it is not there yet."""

    id: Word | None = None
    label: Word | None = None
    unit: Word | None = None
    definition: Word | None = None
    kind: MeasureKind | None = None
    tags: list[Word] = Field(default=[])


class Layout(Settings):
    """How a file is read as rows of cells."""

    encoding: Word = "utf-8"
    delimiter: Word | None = None
    quoting: bool = True  # whether quotation marks may hold delimiters and line ends
    sheet: Word | None = None
    header: Annotated[int, Field(ge=0)] = 1  # the number of its row; 0 where there is none
    merged: Literal["refuse", "fill"] = "refuse"  # cells that share one value
    # Whether apostrophes stand before what a spreadsheet would run, as in `claims export csv`.
    defused: bool = False

    @field_validator("encoding")
    @classmethod
    def is_known(cls, value: str) -> str:
        """An encoding of text that Python knows."""
        try:
            codecs.lookup(value)
            "".encode(value)
        except (LookupError, UnicodeError, ValueError):
            raise refusal(
                f"{value!r} is no encoding.", "Such as utf-8, utf-16, cp1252 or latin-1."
            ) from None
        return value

    @field_validator("delimiter")
    @classmethod
    def is_one_sign(cls, value: str | None) -> str | None:
        """One character; a tab by its name too."""
        value = "\t" if value in ("tab", "\\t") else value
        if value is not None and (len(value) != 1 or value in '"\r\n\0'):
            raise refusal(f"{value!r} cannot part cells.", 'Such as "," or ";" or "tab".')
        return value


class TableSettings(Layout):
    """The mapping of a table."""

    columns: Columns
    speakers: dict[Word, Word | NewSpeaker] = Field(default={})
    measures: dict[Word, Word | NewMeasure] = Field(default={})
    decimal: Mark = None  # of all numbers whose columns do not say theirs
    date_format: Word | None = None  # likewise
    # Cells that say nothing.
    empty: Annotated[list[Word], BeforeValidator(listed)] = Field(default=[])
    id_prefix: Word = ""

    @field_validator("date_format")
    @classmethod
    def can_be_read(cls, value: str | None) -> str | None:
        """A date format has a year, and only signs that are known."""
        return checked_format(value)


def checked_format(value: str | None) -> str | None:
    """A date format that can be read."""
    return value if value is None else refusing(check_format, value)


def refusing(check: Callable[[str], object], value: str) -> str:
    """Keep a text that a check accepts, and say why where it does not."""
    try:
        check(value)
    except Refused as refused:
        raise refusal(refused.what, refused.way_out) from None
    return value
