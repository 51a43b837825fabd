"""Turns a row of a series into commands: the day's statement, this file's report, its numbers.

Rules kept here:
- a day is one statement of the speaker, however many wrote its figures down: the first file
  records it, each further one adds its report and its numbers to it;
- a number is quoted from the file that it stands in, and so never credited to another;
- an empty cell is no number, a hedge stays with its number.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ledger.errors import ClaimsError, Refused, in_field
from ledger.importers.names import stable_id
from ledger.importers.rows import Raw, Row
from ledger.importers.series_cells import Observed
from ledger.importers.series_parts import Measured, Shared, unknown_column
from ledger.importers.series_settings import SeriesSettings
from ledger.importers.series_words import quoted, short, words_at
from ledger.importers.tables_dates import edtf_of
from ledger.importers.tables_numbers import value_of
from ledger.quantities import parse_value

# Most characters of the parts of an id, so that all of them fit; a hash may add 9 to each.
_SERIES, _DATE, _SOURCE, _MEASURE = 24, 10, 12, 12
_PREFIXES = {"eq": "", "about": "about ", "gt": "> ", "ge": ">= ", "lt": "< ", "le": "<= "}


class Figure(NamedTuple):
    """A number of a row: its value in short form, the words of its cells, a note."""

    measured: Measured
    value: str
    words: str
    note: str | None


class Dated(NamedTuple):
    """A row with its day, and the ids that follow from it."""

    row: Observed
    date: str
    statement_id: str
    report_id: str


class Reader:
    """Makes rows of commands of one file."""

    def __init__(self, path: Path, settings: SeriesSettings, shared: Shared, source: Raw) -> None:
        self.file = str(path)
        self.settings = settings
        self.shared = shared
        self.source = source
        self.known = settings.columns()
        self.empty = frozenset(settings.empty)
        self._series = short(f"{settings.series} {shared.speaker_id}", _SERIES)
        self._source = short(source["source_id"], _SOURCE)
        self._hedges = {word.casefold(): each for word, each in settings.hedge_words.items()}
        self._days: dict[str, int] = {}

    # ── its day ──────────────────────────────────────────────────────────────────────────────

    def dated(self, row: Observed) -> Dated:
        """A row with its day; raises Refused."""
        if row.fault is not None:
            raise row.fault
        for column, cell in row.cells.items():
            if column not in self.known and cell.strip():
                raise unknown_column(column)
        column = self.settings.date
        text = self._text(row.cells, column)
        if not text:
            raise Refused("The row has no date.", field=column, way_out="Fill the cell.")
        try:
            date = edtf_of(row.cells[column], self.settings.date_format)
        except ClaimsError as error:
            raise error.at(field=column) from None
        statement_id = f"{self._series}.{short(date, _DATE)}"
        return Dated(row, date, statement_id, f"{statement_id}.{self._source}")

    def check_once(self, dated: Dated) -> None:
        """Refuse a day that stands in the file already."""
        first = self._days.setdefault(dated.date, dated.row.number)
        if first != dated.row.number:
            raise Refused(
                f"The day {dated.date} stands in row {first} already.",
                field=self.settings.date,
                way_out="A series has one row a day: keep the one that counts.",
            )

    # ── its commands ─────────────────────────────────────────────────────────────────────────

    def row(self, dated: Dated, *, further: bool) -> Row:
        """The commands of a row; `further` where its statement was recorded from another file."""
        cells = dated.row.cells
        figures = self._figures(cells)
        texts = self._texts(cells)
        if not figures and not texts:
            raise Refused(
                "The row has no figure.", way_out="Remove it, or import the rest: --skip-invalid."
            )
        shared = [*self.shared.made, self.source]
        date = cells[self.settings.date].strip()
        quote = quoted(date, [figure.words for figure in figures], texts)
        report = self._report(dated, quote.text, shared)
        estimates = [
            self._estimate(dated, figure, words_at(quote.text, at, at + len(figure.words)))
            for figure, at in zip(figures, quote.begins, strict=True)
        ]
        if further:
            commands = self._added(dated, report, estimates)
        else:
            commands = [self._recorded(dated, report, estimates)]
        return Row(
            number=dated.row.number, commands=commands, shared=shared, file=self.file,
            columns=self._columns(figures),
        )  # fmt: skip

    def _recorded(self, dated: Dated, report: Raw, estimates: Sequence[Raw]) -> Raw:
        settings = self.settings
        proposition = settings.proposition
        for name, value in {"series": settings.series, "date": dated.date}.items():
            proposition = proposition.replace(f"{{{name}}}", value)
        statement: Raw = {
            "command": "record_statement",
            "statement_id": dated.statement_id,
            "speaker_id": self.shared.speaker_id,
            "said_at": dated.date,
            "proposition": proposition,
            "reports": [report],
        }
        if settings.topics:
            statement["topics"] = list(settings.topics)
        if estimates:
            statement["estimates"] = list(estimates)
        return statement

    def _added(self, dated: Dated, report: Raw, estimates: Sequence[Raw]) -> list[Raw]:
        of = {"statement_id": dated.statement_id}
        return [
            {"command": "add_report", **of, **report},
            *({"command": "add_estimate", **of, **estimate} for estimate in estimates),
        ]

    def _report(self, dated: Dated, quote: str, shared: list[Raw]) -> Raw:
        """The file's report of the statement, with the chain by which it came."""
        report: Raw = {
            "report_id": dated.report_id,
            "source_id": self.source["source_id"],
            "quote": quote,
            "quote_mode": "indirect",
        }
        via: list[Raw] = []
        if self.shared.transcriber_id not in (None, self.shared.speaker_id):
            via.append({"speaker_id": self.shared.speaker_id})
        if self.settings.page and (url := self._text(dated.row.cells, self.settings.page)):
            page = {
                "command": "cite_source",
                "source_id": stable_id("page", url),
                "publisher_id": self.shared.page_publisher_id,
                "url": url,
            }
            shared.append(page)
            via.append({"source_id": page["source_id"]})
        return report | ({"via": via} if via else {})

    def _estimate(self, dated: Dated, figure: Figure, words: str | None) -> Raw:
        made: Raw = {
            "estimate_id": f"{dated.report_id}.{short(figure.measured.measure_id, _MEASURE)}",
            "report_id": dated.report_id,
            "measure_id": figure.measured.measure_id,
            "value": figure.value,
            "reference_period": dated.date,
        }
        if words:
            made["value_text"] = words
        if figure.note:
            made["note"] = figure.note
        return made

    # ── its cells ────────────────────────────────────────────────────────────────────────────

    def _figures(self, cells: Mapping[str, str]) -> list[Figure]:
        made = []
        for measured in self.shared.measures:
            if text := self._text(cells, measured.column):
                with in_field(measured.column):
                    made.append(self._figure(cells, measured, text))
        return made

    def _figure(self, cells: Mapping[str, str], measured: Measured, text: str) -> Figure:
        """A number with its hedge; raises Refused where it is none."""
        found = value_of(cells[measured.column], measured.decimal)
        own = parse_value(found.value)
        said = self._text(cells, measured.hedge) if measured.hedge else ""
        hedge = self._hedge(said, measured.hedge)
        if hedge != "eq" and own.comparator != "eq":
            raise Refused(
                f'"{text}" has a hedge of its own, beside "{said}" in {measured.hedge}.',
                way_out="Write it in one of the two.",
            )
        value = _PREFIXES[hedge] + found.value if hedge != "eq" else found.value
        parse_value(value)
        words = " ".join(part for part in (measured.column, said, text) if part)
        return Figure(measured, value, words, found.note)

    def _hedge(self, said: str, column: str | None) -> str:
        """What the word of a hedge column means; nothing there is an exact number."""
        if not said:
            return "eq"
        meant = self._hedges.get(said.casefold())
        if meant is None:
            raise Refused(
                f'The mapping does not say what "{said}" in {column} means.',
                way_out=f"Say it: --set hedge_words.{said}=about (or eq, gt, ge, lt, le).",
            )
        return meant

    def _texts(self, cells: Mapping[str, str]) -> list[str]:
        return [
            f"{column} {text}"
            for column in self.settings.texts
            if (text := self._text(cells, column))
        ]

    def _text(self, cells: Mapping[str, str], column: str) -> str:
        text = cells.get(column, "").strip()
        return "" if text in self.empty else text

    def _columns(self, figures: Sequence[Figure]) -> dict[str, str]:
        """What the file calls the fields of the commands."""
        fields = ("said_at", "proposition", "statement_id", "reference_period")
        named = dict.fromkeys(fields, self.settings.date)
        named |= {f"estimates[{at}]": each.measured.column for at, each in enumerate(figures)}
        return named | ({"url": self.settings.page} if self.settings.page else {})
