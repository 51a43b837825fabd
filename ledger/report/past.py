"""What was recorded of the things of a report, and what was corrected: from the log's lines.

An event whose content was erased is passed over: nothing is known of what it was about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from events.codec import decode_event
from events.things import forms_of
from events.values import Value
from events.vocabulary import (
    EstimateAdded,
    RecordVoided,
    ReportAdded,
    SourceAssessed,
    StatementAssessed,
    StatementsRelated,
)
from ledger.asker import Row
from ledger.report.stood import Stood
from ledger.report.wording import ERRORS, RELATIONS, event_words
from ledger.written import differences

Lines = dict[int, bytes]
_CORRECTING = ("revised.v1", "record.voided.v1")


@dataclass(frozen=True, kw_only=True)
class Change:
    """A field that a correction changed: its name, and the text before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class PastEvent:
    """One event about the things of a report, as a person reads it."""

    position: int
    recorded_at: datetime
    actor: str
    agent: str
    subject: str
    did: str
    detail: str | None = None
    reason: str | None = None
    error: str | None = None
    changes: tuple[Change, ...] = ()


def past_of(at: Stood, statements: Sequence[str]) -> list[PastEvent]:
    """Every event about some statements and their parts, in the order of the log."""
    return told(at, at.ask.named("report_past", subjects=_subjects(at, statements)))


def corrections_of(at: Stood, statements: Sequence[str], sources: Sequence[str]) -> list[PastEvent]:
    """The revisions and voids among the events about some statements, their parts and sources."""
    subjects = _subjects(at, statements) + [f"source/{each}" for each in sources]
    rows = at.ask.named("report_past", subjects=subjects)
    return told(at, [row for row in rows if row["type"].endswith(_CORRECTING)])


def _subjects(at: Stood, statements: Sequence[str]) -> list[str]:
    """Some statements, and all parts that they have or once had."""
    parts = at.ask.named("subjects_of_statements", statements=list(statements))
    return [f"statement/{each}" for each in statements] + [row["subject"] for row in parts]


def told(at: Stood, rows: Sequence[Row]) -> list[PastEvent]:
    """Events in words, each with what its line says."""
    lines = at.log.lines_at(row["position"] for row in rows)
    return [_told(at, row, decode_event(lines[row["position"]]).data) for row in rows]


def _told(at: Stood, row: Row, data: Value) -> PastEvent:
    error = getattr(data, "error", None)
    return PastEvent(
        position=row["position"],
        recorded_at=row["recorded_at"],
        actor=row["actor"],
        agent=row["agent"],
        subject=row["subject"],
        did=event_words(row["type"]),
        detail=_detail(data),
        reason=getattr(data, "reason", None),
        error=ERRORS[error] if error else None,
        changes=tuple(_changes(at, row["subject"], data)),
    )


def _detail(data: Value) -> str | None:
    """What an event is about, where its subject does not tell all of it."""
    match data:
        case StatementsRelated():
            return f"{data.from_} {RELATIONS[data.relation]} {data.to}"
        case RecordVoided(part=part):
            what = f"{part} of the event" if part else "the event"
            return f"{what} at position {data.position} counts no longer"
        case ReportAdded() | EstimateAdded():
            return f"to {data.statement_id}"
        case StatementAssessed() | SourceAssessed():
            return f"by {data.assessor}"
    return None


def _changes(at: Stood, subject: str, data: Value) -> Iterator[Change]:
    """The fields in which a revision differs from the form that it replaces."""
    replaced: int | None = getattr(data, "replaces", None)
    if replaced is None:
        return
    noun = subject.partition("/")[0]
    before = _form_at(at, replaced, subject)
    if before is None:
        return
    for name, old, new in differences(noun, before, data):
        yield Change(field=name.replace("_", " "), before=old, after=new)


def _form_at(at: Stood, position: int, subject: str) -> Value | None:
    """The form that an event gave a thing; None where the event was erased."""
    forms = forms_of(decode_event(at.log.line(position)).data)
    return next((form.fields for form in forms if form.subject == subject), None)
