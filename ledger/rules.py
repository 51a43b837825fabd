"""The rules of each command that makes a thing or a judgement: what event it becomes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from events.ids import random_id, slug
from events.values import Value
from events.vocabulary import (
    EstimateAdded,
    EstimateFields,
    MeasureDefined,
    ReportAdded,
    ReportFields,
    SourceAssessed,
    SourceCaptured,
    SpeakerRegistered,
    SpeakersJudged,
    StatementAssessed,
    StatementRecorded,
    StatementsRelated,
)
from ledger import commands as c
from ledger.documents import Document
from ledger.errors import Conflict, Refused, in_field
from ledger.known import Known
from ledger.parts import (
    date_of,
    estimate_fields,
    evidence_of,
    memberships,
    rating_of,
    report_fields,
)
from ledger.references import outlet_id, refuse_erased


class Outcome(NamedTuple):
    """The data of the event that a command's verb names, its subject, and outlets to register."""

    data: Value
    subject: str
    outlets: tuple[SpeakerRegistered, ...] = ()


class Ids:
    """Gives the ids that a command leaves open.

    For a statement that is there already they are those that it got then, so that its content can
    be compared with what the command says.
    """

    def __init__(self, taken: StatementRecorded | None) -> None:
        self.reports = iter(taken.reports if taken else ())
        self.estimates = iter(taken.estimates if taken else ())

    def report(self, given: str | None) -> str:
        """The id of the next report."""
        taken = next(self.reports, None)
        return given or (taken.report_id if taken else random_id())

    def estimate(self, given: str | None) -> str:
        """The id of the next estimate."""
        taken = next(self.estimates, None)
        return given or (taken.estimate_id if taken else random_id())


# ── things ───────────────────────────────────────────────────────────────────────────────────


def register_speaker(
    command: c.RegisterSpeaker, _known: Known, _document: Document | None
) -> Outcome:
    """A speaker; the id is made of the name where none is given."""
    speaker_id = command.speaker_id or id_from(command.name, "speaker_id")
    data = SpeakerRegistered(
        speaker_id=speaker_id,
        kind=command.kind,
        name=command.name,
        aliases=tuple(command.aliases),
        identifiers=command.identifiers,
        memberships=memberships(command.memberships),
        note=command.note,
    )
    return Outcome(data, f"speaker/{speaker_id}")


def define_measure(command: c.DefineMeasure, _known: Known, _document: Document | None) -> Outcome:
    """A measure; the id is made of the label where none is given."""
    measure_id = command.measure_id or id_from(command.label, "measure_id")
    data = MeasureDefined(
        measure_id=measure_id,
        label=command.label,
        unit=command.unit,
        definition=command.definition,
        kind=command.kind,
        tags=tuple(command.tags),
        note=command.note,
    )
    return Outcome(data, f"measure/{measure_id}")


def take_source(
    command: c.CiteSource | c.CaptureSource, known: Known, document: Document | None
) -> Outcome:
    """A source, captured or cited; an outlet that is not registered yet is registered."""
    source_id = command.source_id or random_id()
    publisher_id, outlets = publisher_of(command, known)
    data = SourceCaptured(
        source_id=source_id,
        publisher_id=publisher_id,
        title=command.title,
        author=command.author,
        published=date_of(command.published),
        url=command.url,
        language=command.language,
        media_type=command.media_type or (document.media_type if document else None),
        captured=document is not None,
        sha256=document.sha256 if document else None,
        size=len(document.data) if document else None,
        text_sha256=document.text_sha256 if document else None,
        extractor=document.extractor if document else None,
        extractor_version=document.extractor_version if document else None,
        retrieved_at=command.retrieved_at,
        version_of=command.version_of,
        note=command.note,
    )
    return Outcome(data, f"source/{source_id}", outlets)


def publisher_of(
    command: c.SourceInput, known: Known
) -> tuple[str | None, tuple[SpeakerRegistered, ...]]:
    """The id of a source's publisher, and the outlet to register where its name is new."""
    name = command.publisher
    if name is None or command.publisher_id:
        return command.publisher_id, ()
    outlet = outlet_id(name)
    thing = known.thing("speaker", outlet)
    refuse_erased("speaker", outlet, known, "publisher")
    if thing is None:
        return outlet, (SpeakerRegistered(speaker_id=outlet, kind="outlet", name=name),)
    speaker: Any = known.current(thing)[1]
    names = {outlet, speaker.name.casefold(), *(alias.casefold() for alias in speaker.aliases)}
    if name.casefold() in names:
        return outlet, ()
    raise Conflict(
        f"The publisher {name!r} would get the id {outlet}, which {speaker.name} has.",
        field="publisher",
        way_out="Say whom you mean with publisher_id, or register the outlet under another id.",
    )


def record_statement(
    command: c.RecordStatement, known: Known, _document: Document | None
) -> Outcome:
    """A statement with its reports and estimates, every quote found in its source."""
    statement_id = command.statement_id or random_id()
    ids = Ids(known.recorded(statement_id))
    reports: dict[str, ReportFields] = {}
    for at, report in enumerate(command.reports):
        with in_field(f"reports[{at}]"):
            made = report_fields(known, report, ids.report(report.report_id))
            refuse_twice("report", made.report_id, reports)
        reports[made.report_id] = made
    estimates: dict[str, EstimateFields] = {}
    for at, estimate in enumerate(command.estimates):
        with in_field(f"estimates[{at}]"):
            origin = report_of(estimate, reports)
            counted = estimate_fields(estimate, ids.estimate(estimate.estimate_id), origin)
            refuse_twice("estimate", counted.estimate_id, estimates)
        estimates[counted.estimate_id] = counted
    data = StatementRecorded(
        statement_id=statement_id,
        speaker_id=command.speaker_id,
        co_speakers=tuple(command.co_speakers),
        attribution=command.attribution,
        alternatives=tuple(command.alternatives),
        on_behalf_of=command.on_behalf_of,
        citing=tuple(command.citing),
        said_at=date_of(command.said_at),
        speech_act=command.speech_act,
        proposition=command.proposition,
        language=command.language,
        venue=command.venue,
        audience=command.audience,
        topics=tuple(command.topics),
        within=command.within,
        note=command.note,
        reports=tuple(reports.values()),
        estimates=tuple(estimates.values()),
    )
    return Outcome(data, f"statement/{statement_id}")


def report_of(estimate: c.EstimateInput, reports: Mapping[str, ReportFields]) -> ReportFields:
    """The report that a number was read in; it may be left open when there is one."""
    if estimate.report_id is None and len(reports) == 1:
        return next(iter(reports.values()))
    if estimate.report_id is not None and estimate.report_id in reports:
        return reports[estimate.report_id]
    what = (
        "The statement has several reports; which one does the number stand in?"
        if estimate.report_id is None
        else f"The statement has no report {estimate.report_id}."
    )
    raise Refused(what, field="report_id", way_out=f"One of {', '.join(reports)}.")


def add_report(command: c.AddReport, known: Known, _document: Document | None) -> Outcome:
    """A further report of a statement."""
    fields = report_fields(known, command, command.report_id or random_id())
    data = ReportAdded(**msgspec.structs.asdict(fields), statement_id=command.statement_id)
    return Outcome(data, f"report/{data.report_id}")


def add_estimate(command: c.AddEstimate, known: Known, _document: Document | None) -> Outcome:
    """A further number in a report of a statement."""
    reports = {}
    for name in known.reports_of(command.statement_id):
        thing = known.thing("report", name)
        if thing:
            fields: Any = known.current(thing)[1]
            reports[name] = fields
    report = report_of(command, reports)
    made = estimate_fields(command, command.estimate_id or random_id(), report)
    data = EstimateAdded(**msgspec.structs.asdict(made), statement_id=command.statement_id)
    return Outcome(data, f"estimate/{data.estimate_id}")


# ── judgements ───────────────────────────────────────────────────────────────────────────────


def judge_speakers(command: c.JudgeSpeakers, _known: Known, _document: Document | None) -> Outcome:
    """Whether two speakers are one."""
    refuse_equal(command.left, command.right, "right")
    data = SpeakersJudged(
        left=command.left,
        right=command.right,
        judgement=command.judgement,
        reason=command.reason,
        note=command.note,
    )
    return Outcome(data, f"speaker/{command.left}")


def relate_statements(
    command: c.RelateStatements, known: Known, _document: Document | None
) -> Outcome:
    """How one statement stands to another."""
    refuse_equal(command.from_, command.to, "to")
    data = StatementsRelated(
        from_=command.from_,
        to=command.to,
        relation=command.relation,
        basis=command.basis,
        evidence=evidence_of(known, command.evidence),
        note=command.note,
    )
    return Outcome(data, f"statement/{command.from_}")


def assess_statement(
    command: c.AssessStatement, _known: Known, _document: Document | None
) -> Outcome:
    """A third party's rating of a statement."""
    data = StatementAssessed(
        statement_id=command.statement_id,
        assessor=command.assessor,
        rating=rating_of(command.rating),
        information_credibility=command.information_credibility,
        url=command.url,
        explanation=command.explanation,
        note=command.note,
    )
    return Outcome(data, f"statement/{command.statement_id}")


def assess_source(command: c.AssessSource, _known: Known, _document: Document | None) -> Outcome:
    """A third party's rating of a source."""
    data = SourceAssessed(
        source_id=command.source_id,
        assessor=command.assessor,
        rating=rating_of(command.rating),
        source_reliability=command.source_reliability,
        url=command.url,
        explanation=command.explanation,
        note=command.note,
    )
    return Outcome(data, f"source/{command.source_id}")


def id_from(name: str, field: str) -> str:
    """The id that a name suggests; raises Refused where it suggests none."""
    made = slug(name)
    if not made:
        raise Refused(
            f"No id can be made of {name!r}: it has no Latin letter.",
            field=field,
            way_out=f"Give {field}, in a-z 0-9 . _ -",
        )
    return made


def refuse_equal(left: str, right: str, field: str) -> None:
    """A thing is not related to itself."""
    if left == right:
        raise Refused(f"{left} stands on both sides.", field=field, way_out="Name another one.")


def refuse_twice(noun: str, name: str, among: Mapping[str, object]) -> None:
    """An id names one thing."""
    if name in among:
        raise Refused(
            f"Two {noun}s have the id {name}.", field=f"{noun}_id", way_out="Give each its own."
        )
