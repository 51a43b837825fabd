"""Values that several events share: dates with their bounds, quotes with their spans, numbers."""

from datetime import date
from typing import ClassVar, Literal

import msgspec


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Frozen data of an event, or a part of it; nulls and empty lists are left out of the line."""

    TYPE: ClassVar[str] = ""  # the event's type; empty where this is only a part of one


class ImpreciseDate(Value, frozen=True):
    """A date as precise as the source was: EDTF text (ISO 8601-2) and its bounds, both inclusive.

    Bounds take the date as written and ignore `?` and `~`; an open or unknown side is None.
    """

    edtf: str
    earliest: date | None = None
    latest: date | None = None


class Span(Value, frozen=True):
    """Words and where they stand, as a half-open range of code points; None where unanchored."""

    exact: str
    start: int | None = None
    end: int | None = None


class Quote(Value, frozen=True):
    """The words of a report (W3C TextQuoteSelector with TextPositionSelector).

    `exact` is the source's own text between `start` and `end`, a half-open range of code points
    of the stored text; `prefix` and `suffix` are the words around it.
    """

    exact: str
    prefix: str | None = None
    suffix: str | None = None
    start: int | None = None
    end: int | None = None


# A whole number is held as int, so that it is written without a decimal point; any other as float.
Number = int | float

# How a quote was found in its source: as given, with marks and spaces folded, or not looked for.
Anchor = Literal["exact", "normalised", "unanchored"]

Comparator = Literal["eq", "about", "gt", "ge", "lt", "le", "between", "unspecified"]


class Quantity(Value, frozen=True):
    """A number with its hedge: which of `low`, `best`, `high` stand depends on the comparator.

    `eq` sets all three; `about` only best; `gt` and `ge` only low; `lt` and `le` only high;
    `between` low and high; `unspecified` none. An inclusive flag stands only where its bound does.
    """

    comparator: Comparator
    low: Number | None = None
    best: Number | None = None
    high: Number | None = None
    low_inclusive: bool | None = None
    high_inclusive: bool | None = None


class Via(Value, frozen=True):
    """One link of the chain by which a report reached its source (prov:wasQuotedFrom)."""

    speaker_id: str | None = None
    source_id: str | None = None
    on: ImpreciseDate | None = None
    words: str | None = None


class Membership(Value, frozen=True):
    """A role that a speaker has or had (Popolo Membership)."""

    role: str | None = None
    organization: str | None = None
    from_: ImpreciseDate | None = msgspec.field(default=None, name="from")
    to: ImpreciseDate | None = None


class Rating(Value, frozen=True):
    """A rating on its scale (schema.org Rating); the numbers are those of the assessor."""

    label: str | None = None
    value: Number | None = None
    best: Number | None = None
    worst: Number | None = None


class Evidence(Value, frozen=True):
    """What shows a relation: a report, or words in a source."""

    report_id: str | None = None
    source_id: str | None = None
    quote: Quote | None = None
    anchor: Anchor | None = None
