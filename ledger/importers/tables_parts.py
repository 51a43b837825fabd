"""The parts of a table's rows: who is meant, the source, the numbers, as commands."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ledger.errors import ClaimsError, Refused
from ledger.importers.names import id_of, slug, stable_id
from ledger.importers.rows import Raw
from ledger.importers.tables_columns import Cells, Field, Header
from ledger.importers.tables_dates import edtf_of
from ledger.importers.tables_names import Meant, Names, Sources
from ledger.importers.tables_numbers import value_of
from ledger.importers.tables_settings import Column, NumberColumns, TableSettings

LONGEST_ID = 90  # of a statement; its reports and estimates have a little more
SOURCE_FIELDS = ("source", "url", "title", "publisher", "published")

_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_HOST = re.compile(r"https?://(?:www\.)?([^/:?#]+)", re.IGNORECASE)

# The fields of commands in which each column ends up.
_PATHS = {
    "speaker": ["speaker_id", "name"],
    "speaker_kind": ["kind"],
    "proposition": ["proposition", "reports[0].quote"],
    "quote": ["reports[0].quote"],
    "quote_mode": ["reports[0].quote_mode"],
    "attributed_to": ["reports[0].attributed_to"],
    "source": ["reports[0].source_id", "title", "url"],
    "publisher": ["publisher_id"],
    "id": ["statement_id"],
}


class NumberFields(NamedTuple):
    """The fields of one number of a row."""

    value: Field
    measure: Field
    unit: Field | None
    reference_period: Field | None
    words: Field | None
    decimal: str | None


class NumberMade(NamedTuple):
    """A number as a command says it, and what its cells say."""

    command: Raw
    said: str


class Lookups(NamedTuple):
    """What the names of a table mean; `units` are those of the measures that it makes."""

    speakers: Names
    measures: Names
    sources: Sources
    units: dict[str, str | None]


class Parts:
    """The columns of one file, and what a row of them says."""

    def __init__(
        self, path: Path, settings: TableSettings, header: Header, found: "Lookups"
    ) -> None:
        self.file = str(path)
        self.title = path.name
        self.settings = settings
        self.header = header
        self.found = found
        columns = settings.columns
        self.fields: dict[str, Field] = {
            name: header.field(f"columns.{name}", column)
            for name in type(columns).model_fields
            if isinstance(column := getattr(columns, name), Column)
        }
        self.numbers = [self._number(path, number) for path, number in columns.all_numbers()]
        self.empty = frozenset(settings.empty)
        self.columns = self._columns()

    def _number(self, path: str, number: NumberColumns) -> NumberFields:
        def found(name: str) -> Field | None:
            column = getattr(number, name)
            return self.header.field(f"{path}.{name}", column) if column else None

        return NumberFields(
            self.header.field(f"{path}.value", number.value),
            self.header.field(f"{path}.measure", number.measure),
            found("unit"), found("reference_period"), found("words"),
            number.value.decimal or self.settings.decimal,
        )  # fmt: skip

    # ── who, and when ────────────────────────────────────────────────────────────────────────

    def meant_of(self, names: Names, field: Field, text: str) -> Meant:
        """Who or what a name means; raises Refused with its column."""
        try:
            return names.find(text)
        except ClaimsError as error:
            raise error.at(field=field.column) from None

    def date_of(self, said: dict[str, str], name: str) -> str | None:
        """The date of a field as EDTF; None where the row does not say it."""
        return self.edtf_of(self.fields[name], said[name]) if said.get(name) else None

    def edtf_of(self, field: Field, text: str) -> str:
        """The date of a cell as EDTF; raises Refused with its column."""
        try:
            return edtf_of(text, field.format or self.settings.date_format)
        except ClaimsError as error:
            raise error.at(field=field.column) from None

    # ── its source ───────────────────────────────────────────────────────────────────────────

    def source_of(self, said: dict[str, str], shared: list[Raw]) -> tuple[str, bool]:
        """The source of a row, and whether it is the file itself."""
        told = {name: said[name] for name in SOURCE_FIELDS if said.get(name)}
        if not told:
            source_id = id_of(self.title, LONGEST_ID)
            shared.append({"command": "cite_source", "source_id": source_id, "title": self.title})
            return source_id, True
        name = told.get("source", "")
        if self.found.sources.is_id(name):
            return name, False
        made: Raw = {"command": "cite_source", "source_id": source_id_of(told)}
        if _URL.fullmatch(name) and "url" not in told:
            made["url"] = name
        elif name and "title" not in told:
            made["title"] = name
        elif name:
            made["note"] = f"{self.fields['source'].column or 'Source'}: {name}"
        made |= {field: told[field] for field in ("url", "title") if field in told}
        if date := self.date_of(said, "published"):
            made["published"] = date
        if "publisher" in told:
            meant = self.meant_of(self.found.speakers, self.fields["publisher"], told["publisher"])
            if meant.make:
                shared.append({"kind": "outlet", **meant.make})
            made["publisher_id"] = meant.id
        shared.append(made)
        return made["source_id"], False

    # ── its numbers ──────────────────────────────────────────────────────────────────────────

    def numbers_of(self, cells: Cells, shared: list[Raw]) -> Iterator[NumberMade]:
        """The numbers of a row; raises Refused with the column at fault."""
        for fields in self.numbers:
            text, measure = cells.text(fields.value), cells.text(fields.measure)
            if not text:
                continue
            if not measure:
                raise Refused(
                    "The row does not say what its number counts.",
                    field=fields.measure.column,
                    way_out="Fill the cell.",
                )
            try:
                value = value_of(cells.cell(fields.value), fields.decimal)
            except ClaimsError as error:
                raise error.at(field=fields.value.column) from None
            unit = cells.text(fields.unit) if fields.unit else ""
            made: Raw = {"measure_id": self._measure(fields, measure, unit, shared)}
            made["value"] = value.value
            period = cells.text(fields.reference_period) if fields.reference_period else ""
            if period and fields.reference_period:
                made["reference_period"] = self.edtf_of(
                    fields.reference_period, cells.cell(fields.reference_period)
                )
            if fields.words and (words := cells.text(fields.words)):
                made["value_text"] = words
            if value.note:
                made["note"] = value.note
            yield NumberMade(made, f"value={text};measure={measure};period={period}")

    def _measure(self, fields: NumberFields, name: str, unit: str, shared: list[Raw]) -> str:
        meant = self.meant_of(self.found.measures, fields.measure, name)
        standing = meant.unit
        if meant.make:
            made = {**meant.make}
            if unit:
                made.setdefault("unit", unit)
            shared.append(made)
            standing = self.found.units.setdefault(meant.id, made.get("unit"))
        if unit and unit != standing:
            has = f"the unit {standing!r}" if standing else "no unit"
            raise Refused(
                f"The measure {meant.id} has {has}, not {unit!r}.",
                field=fields.unit.column if fields.unit else None,
                way_out="Numbers in another unit are another measure: name it in another way.",
            )
        return meant.id

    # ── names of fields ──────────────────────────────────────────────────────────────────────

    def _columns(self) -> dict[str, str]:
        """What the table calls the fields of the commands."""
        named = {
            path: field.column
            for name, field in self.fields.items()
            for path in _PATHS.get(name, [name])
            if field.column
        }
        if "proposition" not in named and "reports[0].quote" in named:
            named["proposition"] = named["reports[0].quote"]
        for at, number in enumerate(self.numbers):
            parts = {
                "": number.value, ".measure_id": number.measure, ".value_text": number.words,
                ".reference_period": number.reference_period,
            }  # fmt: skip
            for part, field in parts.items():
                if field and field.column:
                    named[f"estimates[{at}]{part}"] = field.column
        measure = next((number.measure.column for number in self.numbers), None)
        return named | ({"label": measure} if measure else {})


def source_id_of(told: dict[str, str]) -> str:
    """The id of a source that a row tells, with a name to know it by."""
    url = told.get("url") or told.get("source", "")
    host = _HOST.match(url)
    known_by = told.get("publisher") or (
        host[1] if host else told.get("source") or told.get("title")
    )
    parts = (f"{name}={told[name]}" for name in SOURCE_FIELDS if name in told)
    return stable_id(slug(known_by or "source", 40), *parts)
