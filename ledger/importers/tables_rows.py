"""Turns rows of a table into commands: a statement, and its speaker, source and measures.

Rules kept here:
- a proposition is never passed off as a quote: without words of its own a report is indirect;
- a row has the same id whenever the same cells are imported, so that it is recorded once.
"""

from collections.abc import Iterator, Sequence

from ledger.errors import ClaimsError, Refused
from ledger.importers.names import id_of, slug, stable_id
from ledger.importers.rows import Fault, Item, Raw, Row
from ledger.importers.tables_cells import Record
from ledger.importers.tables_columns import Cells
from ledger.importers.tables_names import Meant
from ledger.importers.tables_parts import LONGEST_ID, SOURCE_FIELDS, NumberMade, Parts
from ledger.importers.tables_settings import (
    QUOTED,
)

_SAID = ("speaker", "said_at", "proposition", "quote", *SOURCE_FIELDS)  # what makes a row itself


class Reader(Parts):
    """Makes items of the rows of one file."""

    def items(self, records: Sequence[Record]) -> Iterator[Item]:
        """The items of some rows, whose names are looked up together."""
        self._look_up(records)
        for record in records:
            try:
                yield self._row(record)
            except ClaimsError as error:
                yield Fault.of(error, record.number, file=self.file)

    def _look_up(self, records: Sequence[Record]) -> None:
        cells = [Cells(each.cells, self.empty) for each in records if each.fault is None]
        people = [self.fields[name] for name in ("speaker", "publisher") if name in self.fields]
        self.found.speakers.load(each.peek(field) for each in cells for field in people)
        measures = [number.measure for number in self.numbers]
        self.found.measures.load(each.peek(field) for each in cells for field in measures)
        if source := self.fields.get("source"):
            self.found.sources.load(each.peek(source) for each in cells)

    # ── a row ────────────────────────────────────────────────────────────────────────────────

    def _row(self, record: Record) -> Row:
        if record.fault is not None:
            raise self.header.named(record.fault)
        self.header.check_width(record.cells)
        cells = Cells(record.cells, self.empty)
        said = {name: cells.text(field) for name, field in self.fields.items()}
        shared: list[Raw] = []
        speaker = self._speaker(said, shared)
        source_id, is_file = self.source_of(said, shared)
        numbers = list(self.numbers_of(cells, shared))
        own_id = self._own_id(said, numbers, is_file=is_file)
        statement: Raw = {
            "command": "record_statement",
            "statement_id": own_id,
            "speaker_id": speaker.id,
            "proposition": said.get("proposition") or said.get("quote"),
            "reports": [self._report(said, source_id, f"{own_id}.r")],
        }
        statement |= {name: said[name] for name in ("language", "venue", "note") if said.get(name)}
        if date := self.date_of(said, "said_at"):
            statement["said_at"] = date
        if act := said.get("speech_act"):
            statement["speech_act"] = act.lower().replace(" ", "_")
        if topics := self._topics(said):
            statement["topics"] = topics
        if numbers:
            statement["estimates"] = [
                {"estimate_id": f"{own_id}.e{at}", **number.command}
                for at, number in enumerate(numbers, 1)
            ]
        return Row(
            number=record.number, commands=[statement], shared=shared, columns=self.columns,
            file=self.file,
        )  # fmt: skip

    def _speaker(self, said: dict[str, str], shared: list[Raw]) -> Meant:
        field, name = self.fields["speaker"], said["speaker"]
        if not name:
            raise Refused(
                "The row has no speaker.",
                field=field.column,
                way_out="Fill the cell; who is not named is a speaker of the kind unnamed.",
            )
        if not said.get("proposition") and not said.get("quote"):
            claim = self.fields.get("proposition") or self.fields["quote"]
            raise Refused(
                "The row does not say what is claimed.",
                field=claim.column,
                way_out="Fill the cell.",
            )
        meant = self.meant_of(self.found.speakers, field, name)
        if meant.make:
            kind = (said.get("speaker_kind") or "person").lower()
            shared.append({"kind": kind, **meant.make})
        return meant

    def _report(self, said: dict[str, str], source_id: str, report_id: str) -> Raw:
        quote, mode = said.get("quote"), said.get("quote_mode", "").lower()
        if not quote:
            if mode in QUOTED and self.fields["quote_mode"].place is not None:
                raise Refused(
                    f"The row has no quote, but is said to be {mode}.",
                    field=self.fields["quote_mode"].column,
                    way_out="Fill in the quote, or write indirect.",
                )
            mode = "indirect"
        report: Raw = {
            "report_id": report_id,
            "source_id": source_id,
            "quote": quote or said["proposition"],
            "quote_mode": mode or "direct",
        }
        if said.get("attributed_to"):
            report["attributed_to"] = said["attributed_to"]
        return report

    def _topics(self, said: dict[str, str]) -> list[str]:
        text = said.get("topics")
        if not text:
            return []
        separator = self.fields["topics"].separator
        words = text.split(separator) if separator else [text]
        return list(dict.fromkeys(word.strip() for word in words if word.strip()))

    def _own_id(
        self, said: dict[str, str], numbers: "Sequence[NumberMade]", *, is_file: bool
    ) -> str:
        """The id of a row's statement: its own, or made of what it says."""
        prefix = self.settings.id_prefix
        if said.get("id"):
            made = id_of(prefix + said["id"], LONGEST_ID)
            exact = prefix + said["id"]
            return exact if _fits(exact) else made
        parts = [f"{name}={said[name]}" for name in _SAID if said.get(name)]
        parts += [each.said for each in numbers]
        if is_file:
            parts.append(f"file={self.title}")
        return stable_id(slug(prefix + said["speaker"], LONGEST_ID - 40), *parts)


def _fits(text: str) -> bool:
    from events.ids import is_id

    return is_id(text) and len(text) <= LONGEST_ID
