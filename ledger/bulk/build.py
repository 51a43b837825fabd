"""Makes the data of events from shapes, as ledger/rules.py makes it from commands.

Rules kept here:
- what only the ledger can say is not decided here: each function gives the names that must not be
  there yet and those that must be, and a quote counts as one from a source that was only cited;
- whatever is not certain raises Unfit or Refused; the command then goes the slow way.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from events.ids import is_id, random_id, slug
from events.values import ImpreciseDate, Quantity, Quote, Span, Value, Via
from events.values import Rating as EventRating
from events.vocabulary import (
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
from ledger.anchor import find_span
from ledger.bulk import shapes as s
from ledger.dates import parse_date
from ledger.quantities import check_quantity, check_words, parse_value

_KEPT = 200_000  # names that are remembered; there are few speakers, and sources come in runs


def in_order(kind: type[Value]) -> Any:  # noqa: ANN401  a type that is made while running
    """An event's type whose fields are given by their order, which is twice as quick."""
    fields = [
        (each.encode_name, Any, None if each.default is msgspec.NODEFAULT else each.default)
        for each in msgspec.structs.fields(kind)
    ]
    return msgspec.defstruct(
        kind.__name__,
        fields,
        namespace={"TYPE": kind.TYPE},
        omit_defaults=True,
        frozen=True,
        gc=False,
    )


_Statement = in_order(StatementRecorded)


class Unfit(Exception):
    """A command is not one for the quick path."""


class Built(NamedTuple):
    """Data of an event, its subject, and the names on which it depends, as `<noun>/<id>`.

    `made` are new, `named` must stand already; `settled` says that all ids were given.
    """

    data: Value
    subject: str
    made: tuple[str, ...]
    named: tuple[str, ...]
    settled: bool = True
    publisher: str | None = None


class Names(dict[str, str]):
    """Names of the things of one noun by their ids, each checked once; raises Unfit for no id."""

    def __init__(self, noun: str) -> None:
        super().__init__()
        self.noun = noun

    def __missing__(self, wanted: str) -> str:
        name = fresh_name(self.noun, wanted)
        if len(self) > _KEPT:
            self.clear()
        self[wanted] = name
        return name


SPEAKER, SOURCE, MEASURE, STATEMENT = map(Names, ("speaker", "source", "measure", "statement"))


def fresh_name(noun: str, wanted: str) -> str:
    """The name of a thing that is met once; raises Unfit for what is no id."""
    if not is_id(wanted):
        raise Unfit
    return f"{noun}/{wanted}"


def refuse_blank(*texts: str | None) -> None:
    """Raise Unfit for a text of white space alone; empty ones the shapes do not take."""
    for text in texts:
        if text and text.isspace():
            raise Unfit


def date_of(text: str | None) -> ImpreciseDate | None:
    """A date with its bounds; raises Refused."""
    return None if text is None else parse_date(text)


@lru_cache(maxsize=65_536)
def quantity_of(value: str) -> Quantity:
    """A number with its hedge; raises Refused."""
    return parse_value(value)


@lru_cache(maxsize=65_536)
def check_said(value: str, words: str) -> None:
    """Refuse words that say another number than the value."""
    check_words(quantity_of(value), words)


# ── things ───────────────────────────────────────────────────────────────────────────────────


def register_speaker(said: s.RegisterSpeaker) -> Built:
    """A speaker; the id is made of the name where none is given."""
    refuse_blank(said.name, said.note, *(said.aliases or ()))
    speaker_id = said.speaker_id if said.speaker_id is not None else slug(said.name)
    name = fresh_name("speaker", speaker_id)
    data = SpeakerRegistered(
        speaker_id=speaker_id,
        kind=said.kind,
        name=said.name,
        aliases=tuple(said.aliases or ()),
        note=said.note,
    )
    return Built(data, name, (name,), ())


def define_measure(said: s.DefineMeasure) -> Built:
    """A measure; the id is made of the label where none is given."""
    refuse_blank(said.label, said.unit, said.definition, said.note, *(said.tags or ()))
    measure_id = said.measure_id if said.measure_id is not None else slug(said.label)
    name = fresh_name("measure", measure_id)
    data = MeasureDefined(
        measure_id=measure_id,
        label=said.label,
        unit=said.unit,
        definition=said.definition,
        kind=said.kind,
        tags=tuple(said.tags or ()),
        note=said.note,
    )
    return Built(data, name, (name,), ())


def cite_source(said: s.CiteSource) -> Built:
    """A source that is not at hand; whether its publisher is registered the ledger says."""
    refuse_blank(said.publisher, said.title, said.author, said.url, said.language)
    refuse_blank(said.media_type, said.retrieved_at, said.note)
    source_id = said.source_id if said.source_id is not None else random_id()
    name = fresh_name("source", source_id)
    named, publisher, publisher_id = [], None, said.publisher_id
    if publisher_id is not None:
        named.append(SPEAKER[publisher_id])
    elif said.publisher is not None:
        publisher, publisher_id = said.publisher, outlet_of(said.publisher)
    if said.version_of is not None:
        named.append(fresh_name("source", said.version_of))
    data = SourceCaptured(
        source_id=source_id,
        publisher_id=publisher_id,
        title=said.title,
        author=said.author,
        published=date_of(said.published),
        url=said.url,
        language=said.language,
        media_type=said.media_type,
        captured=False,
        retrieved_at=said.retrieved_at,
        version_of=said.version_of,
        note=said.note,
    )
    return Built(data, name, (name,), tuple(named), said.source_id is not None, publisher)


@lru_cache(maxsize=65_536)
def outlet_of(name: str) -> str:
    """The id under which an outlet is registered when only its name is given."""
    from ledger.references import outlet_id  # brings pydantic along, which workers go without

    return outlet_id(name)


def record_statement(said: s.RecordStatement) -> Built:
    """A statement with its reports and estimates."""
    topics = said.topics or ()
    refuse_blank(said.proposition, said.language, said.venue, said.audience, said.note, *topics)
    settled = said.statement_id is not None
    statement_id = said.statement_id if said.statement_id is not None else random_id()
    subject = fresh_name("statement", statement_id)
    made, named = [subject], [SPEAKER[said.speaker_id]]
    reports = [report_fields(each, named) for each in said.reports]
    made += [fresh_name("report", each.report_id) for each in reports]
    settled = settled and None not in [each.report_id for each in said.reports]
    estimates = []
    if said.estimates:
        by_id = {each.report_id: each for each in reports}
        estimates = [estimate_fields(each, by_id, named) for each in said.estimates]
        made += [fresh_name("estimate", each.estimate_id) for each in estimates]
        settled = settled and None not in [each.estimate_id for each in said.estimates]
    if len(set(made)) != len(made):
        raise Unfit
    for more in (said.co_speakers, said.alternatives, said.citing):
        if more:
            named += [SPEAKER[each] for each in more]
    if said.on_behalf_of is not None:
        named.append(SPEAKER[said.on_behalf_of])
    if said.within is not None:
        named.append(STATEMENT[said.within])
    data = _Statement(
        statement_id,
        said.speaker_id,
        tuple(said.co_speakers or ()),
        said.attribution or "stated",
        tuple(said.alternatives or ()),
        said.on_behalf_of,
        tuple(said.citing or ()),
        date_of(said.said_at),
        said.speech_act or "assert",
        said.proposition,
        said.language,
        said.venue,
        said.audience,
        tuple(topics),
        said.within,
        said.note,
        tuple(reports),
        tuple(estimates),
    )
    return Built(data, subject, tuple(made), tuple(named), settled)


def report_fields(said: s.Report | s.AddReport, named: list[str]) -> ReportFields:
    """A report, its quote as it was given; what it names is added to `named`."""
    refuse_blank(
        said.quote, said.prefix, said.suffix, said.attributed_to, said.translated_from,
        said.media_fragment, said.note,
    )  # fmt: skip
    named.append(SOURCE[said.source_id])
    if said.alternatives:
        named += [SPEAKER[each] for each in said.alternatives]
    return ReportFields(
        report_id=said.report_id if said.report_id is not None else random_id(),
        source_id=said.source_id,
        quote=Quote(said.quote, said.prefix, said.suffix),
        quote_mode=said.quote_mode or "direct",
        part=said.part,
        translated_from=said.translated_from,
        media_fragment=said.media_fragment,
        attributed_to=said.attributed_to,
        attribution=said.attribution,
        alternatives=tuple(said.alternatives or ()),
        via=tuple([link(each, named) for each in said.via]) if said.via else (),
        anchor="unanchored",
        note=said.note,
    )


def link(said: s.Link, named: list[str]) -> Via:
    """One link of the chain by which a report came."""
    refuse_blank(said.words)
    if (said.speaker_id is None) == (said.source_id is None):
        raise Unfit
    if said.speaker_id is not None:
        named.append(SPEAKER[said.speaker_id])
    elif said.source_id is not None:
        named.append(SOURCE[said.source_id])
    return Via(said.speaker_id, said.source_id, date_of(said.on), said.words)


def estimate_fields(
    said: s.Estimate, reports: dict[str, ReportFields], named: list[str]
) -> EstimateFields:
    """A number, its words found in the quote of its report."""
    refuse_blank(said.value_text, said.method, said.note)
    if said.report_id is None and len(reports) != 1:
        raise Unfit
    report = next(iter(reports.values())) if said.report_id is None else reports.get(said.report_id)
    if report is None:
        raise Unfit
    named.append(MEASURE[said.measure_id])
    quantity = quantity_of(said.value)
    span: Span | None = None
    if said.value_text is not None:
        span = find_span(report.quote.exact, said.value_text)
        if said.basis != "derived":
            check_said(said.value, span.exact)
    return EstimateFields(
        estimate_id=said.estimate_id if said.estimate_id is not None else random_id(),
        report_id=report.report_id,
        measure_id=said.measure_id,
        comparator=quantity.comparator,
        low=quantity.low,
        best=quantity.best,
        high=quantity.high,
        low_inclusive=quantity.low_inclusive,
        high_inclusive=quantity.high_inclusive,
        value_text=span,
        reference_period=date_of(said.reference_period),
        basis=said.basis or "stated",
        method=said.method,
        note=said.note,
    )


def add_report(said: s.AddReport) -> Built:
    """A further report of a statement."""
    named = [STATEMENT[said.statement_id]]
    fields = report_fields(said, named)
    data = ReportAdded(
        **{name: getattr(fields, name) for name in ReportFields.__struct_fields__},
        statement_id=said.statement_id,
    )
    name = fresh_name("report", data.report_id)
    return Built(data, name, (name,), tuple(named), said.report_id is not None)


# ── judgements ───────────────────────────────────────────────────────────────────────────────


def relate_statements(said: s.RelateStatements) -> Built:
    """How one statement stands to another."""
    refuse_blank(said.note)
    if said.from_ == said.to:
        raise Unfit
    data = StatementsRelated(
        from_=said.from_,
        to=said.to,
        relation=said.relation,
        basis=said.basis or "stated",
        note=said.note,
    )
    named = (STATEMENT[said.from_], STATEMENT[said.to])
    return Built(data, named[0], (), named)


def judge_speakers(said: s.JudgeSpeakers) -> Built:
    """Whether two speakers are one."""
    refuse_blank(said.reason, said.note)
    if said.left == said.right:
        raise Unfit
    data = SpeakersJudged(
        left=said.left,
        right=said.right,
        judgement=said.judgement,
        reason=said.reason,
        note=said.note,
    )
    named = (SPEAKER[said.left], SPEAKER[said.right])
    return Built(data, named[0], (), named)


def assess_statement(said: s.AssessStatement) -> Built:
    """A third party's rating of a statement."""
    refuse_blank(said.assessor, said.url, said.explanation, said.note)
    data = StatementAssessed(
        statement_id=said.statement_id,
        assessor=said.assessor,
        rating=rating_of(said.rating),
        url=said.url,
        explanation=said.explanation,
        note=said.note,
    )
    name = STATEMENT[said.statement_id]
    return Built(data, name, (), (name,))


def assess_source(said: s.AssessSource) -> Built:
    """A third party's rating of a source."""
    refuse_blank(said.assessor, said.url, said.explanation, said.note)
    data = SourceAssessed(
        source_id=said.source_id,
        assessor=said.assessor,
        rating=rating_of(said.rating),
        source_reliability=said.source_reliability,
        url=said.url,
        explanation=said.explanation,
        note=said.note,
    )
    name = SOURCE[said.source_id]
    return Built(data, name, (), (name,))


def rating_of(said: s.Rating | None) -> EventRating | None:
    """A rating on its scale; raises Refused for a number that cannot be kept."""
    if said is None:
        return None
    refuse_blank(said.label)
    return EventRating(said.label, rated(said.value), rated(said.best), rated(said.worst))


def rated(number: float | None) -> float | None:
    """A number of a rating, as it is kept; raises Refused."""
    if number is None:
        return None
    return check_quantity(Quantity(comparator="about", best=number)).best
