"""Turns the generator's commands into ready-made events, as fast as they are wanted.

It knows only the commands that the generator makes. A test holds it against the ledger's own rules:
the events that `Ledger.submit` makes of the same commands have the same data.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from benchmarks.generate import CHUNK, Chunk, Raw
from events.record import Draft
from events.values import ImpreciseDate, Quantity, Quote, Rating, Span, Value, Via
from events.vocabulary import (
    EstimateFields,
    MeasureDefined,
    RecordVoided,
    ReportAdded,
    ReportFields,
    SourceCaptured,
    SpeakerRegistered,
    SpeakersJudged,
    StatementAssessed,
    StatementRecorded,
    StatementRevised,
    StatementsRelated,
)
from ledger.dates import parse_date
from ledger.given import command_key
from ledger.quantities import parse_value

ACTOR = "bench"

Fields = dict[str, Any]


def batches(seed: int, size: int, first: int = 0) -> Iterator[list[Draft]]:
    """The events from index `first` up to `size`, in batches of 1,000."""
    for number in range(first // CHUNK, size // CHUNK):
        yield drafts_of(seed, number)


def drafts_of(seed: int, number: int) -> list[Draft]:
    """The events of one chunk."""
    ready = Ready()
    raws = Chunk(seed, number).commands()
    return [ready.draft(raw, at) for at, raw in enumerate(raws, number * CHUNK + 1)]


class Ready:
    """Makes the events of one chunk; it remembers what later commands of the chunk refer to."""

    def __init__(self) -> None:
        self.statements: dict[str, tuple[int, Fields]] = {}
        self.subjects: dict[int, str] = {}
        self.makers: dict[str, Callable[[Fields, int], tuple[Value, str]]] = {
            "register_speaker": self.speaker, "define_measure": self.measure,
            "cite_source": self.source, "record_statement": self.statement,
            "revise_statement": self.revision, "relate_statements": self.relation,
            "add_report": self.report, "assess_statement": self.assessment,
            "judge_speakers": self.judgement, "void_record": self.void,
        }  # fmt: skip

    def draft(self, raw: Raw, position: int) -> Draft:
        """The event that a command becomes at a position."""
        fields = {name: value for name, value in raw.items() if name != "command"}
        data, subject = self.makers[raw["command"]](fields, position)
        return Draft(
            data=data, subject=subject, actor=ACTOR, agent="importer", key=command_key(raw)
        )

    def speaker(self, fields: Fields, _at: int) -> tuple[Value, str]:
        """A speaker."""
        return SpeakerRegistered(**fields), f"speaker/{fields['speaker_id']}"

    def measure(self, fields: Fields, _at: int) -> tuple[Value, str]:
        """A measure."""
        fields["tags"] = tuple(fields["tags"])
        return MeasureDefined(**fields), f"measure/{fields['measure_id']}"

    def source(self, fields: Fields, _at: int) -> tuple[Value, str]:
        """A source that is only cited."""
        fields["published"] = date_of(fields["published"])
        return SourceCaptured(**fields, captured=False), f"source/{fields['source_id']}"

    def statement(self, fields: Fields, at: int) -> tuple[Value, str]:
        """A statement with its reports and estimates."""
        reports = tuple(report_of(each) for each in fields.pop("reports"))
        quotes = {each.report_id: each.quote.exact for each in reports}
        estimates = tuple(estimate_of(each, quotes) for each in fields.pop("estimates", ()))
        fields["said_at"] = date_of(fields["said_at"])
        fields["topics"] = tuple(fields["topics"])
        fields["attribution"] = "stated"
        self.statements[fields["statement_id"]] = at, fields
        made = StatementRecorded(**fields, reports=reports, estimates=estimates)
        return made, f"statement/{made.statement_id}"

    def revision(self, fields: Fields, _at: int) -> tuple[Value, str]:
        """A statement as it should have been recorded."""
        at, before = self.statements[fields["statement_id"]]
        return (
            StatementRevised(**(before | fields), replaces=at),
            f"statement/{fields['statement_id']}",
        )

    def relation(self, fields: Fields, at: int) -> tuple[Value, str]:
        """A relation of two statements."""
        fields["from_"] = fields.pop("from")
        self.subjects[at] = f"statement/{fields['from_']}"
        return StatementsRelated(**fields), self.subjects[at]

    def report(self, fields: Fields, _at: int) -> tuple[Value, str]:
        """A further report of a statement."""
        statement_id = fields.pop("statement_id")
        made = ReportAdded(**reported(fields), statement_id=statement_id)
        return made, f"report/{made.report_id}"

    def assessment(self, fields: Fields, _at: int) -> tuple[Value, str]:
        """A third party's rating of a statement."""
        fields["rating"] = Rating(**fields["rating"])
        return StatementAssessed(**fields), f"statement/{fields['statement_id']}"

    def judgement(self, fields: Fields, _at: int) -> tuple[Value, str]:
        """A judgement on two speakers."""
        return SpeakersJudged(**fields), f"speaker/{fields['left']}"

    def void(self, fields: Fields, _at: int) -> tuple[Value, str]:
        """What counts no longer."""
        return RecordVoided(**fields), self.subjects[fields["position"]]


def report_of(raw: Raw) -> ReportFields:
    """A report; its quote is unanchored, since its source is only cited."""
    return ReportFields(**reported(raw))


def reported(raw: Raw) -> Fields:
    """The fields of a report."""
    via = tuple(Via(**each) for each in raw.get("via", ()))
    return {**raw, "quote": Quote(raw["quote"]), "via": via, "anchor": "unanchored"}


def estimate_of(raw: Raw, quotes: dict[str, str]) -> EstimateFields:
    """An estimate, with the place of its words in the quote."""
    quantity, words = quantity_of(raw["value"]), raw["value_text"]
    start = quotes[raw["report_id"]].index(words)
    return EstimateFields(
        estimate_id=raw["estimate_id"],
        report_id=raw["report_id"],
        measure_id=raw["measure_id"],
        comparator=quantity.comparator,
        low=quantity.low,
        best=quantity.best,
        high=quantity.high,
        low_inclusive=quantity.low_inclusive,
        high_inclusive=quantity.high_inclusive,
        value_text=Span(words, start, start + len(words)),
        reference_period=date_of(raw["reference_period"]),
        basis="stated",
    )


@cache
def date_of(edtf: str) -> ImpreciseDate:
    """A date with its bounds; there are not many different ones."""
    return parse_date(edtf)


@cache
def quantity_of(value: str) -> Quantity:
    """A number with its hedge; there are not many different ones."""
    return parse_value(value)
