"""Which things an event makes or changes: its nouns, their ids and their fields."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from events.values import Value
from events.vocabulary import (
    EstimateAdded,
    EstimateFields,
    EstimateRevised,
    MeasureFields,
    ReportAdded,
    ReportFields,
    ReportRevised,
    SourceFields,
    SpeakerFields,
    StatementFields,
    StatementRecorded,
)

NOUNS: dict[type[Value], str] = {
    SourceFields: "source",
    SpeakerFields: "speaker",
    MeasureFields: "measure",
    StatementFields: "statement",
    ReportFields: "report",
    EstimateFields: "estimate",
}


class Form(NamedTuple):
    """A thing as one event gives it.

    `part` names it inside an event that makes several things; `statement_id` is that of a report
    or an estimate.
    """

    noun: str
    id: str
    fields: Value
    part: str | None = None
    statement_id: str | None = None

    @property
    def subject(self) -> str:
        """`<noun>/<id>`."""
        return f"{self.noun}/{self.id}"


_PARTS = (ReportAdded, ReportRevised, EstimateAdded, EstimateRevised)


@cache
def noun_of(kind: type[Value]) -> str | None:
    """What an event of a type makes or revises in the first place."""
    return next((noun for base, noun in NOUNS.items() if issubclass(kind, base)), None)


def forms_of(data: Value) -> Iterator[Form]:
    """The things that an event makes or revises, the main one first."""
    noun = noun_of(type(data))
    if noun:
        yield Form(noun, getattr(data, f"{noun}_id"), data, None, statement_of(data))
    if isinstance(data, StatementRecorded):
        for report in data.reports:
            part = f"report/{report.report_id}"
            yield Form("report", report.report_id, report, part, data.statement_id)
        for estimate in data.estimates:
            part = f"estimate/{estimate.estimate_id}"
            yield Form("estimate", estimate.estimate_id, estimate, part, data.statement_id)


def statement_of(data: Value) -> str | None:
    """The statement that a report or an estimate belongs to."""
    if isinstance(data, _PARTS):
        return data.statement_id
    return None
