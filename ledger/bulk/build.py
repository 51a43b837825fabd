"""Makes the data of events from shapes, as ledger/rules.py makes it from commands.

Rules kept here:
- what only the ledger can say is not decided here: each function gives the names that must not be
  there yet and those that must be, and a quote counts as one from a source that was only cited;
- whether what is made has an id that is one is left to `are_names`, which tells of many at once;
- whatever is not certain raises Unfit or Refused; the command then goes the slow way.
"""

from collections.abc import Sequence
from functools import lru_cache
from string import ascii_lowercase, digits
from typing import Any

import msgspec

from events.codec import encode_data
from events.ids import MOST_CHARACTERS, is_id, random_id, slug
from events.values import Quantity, Quote, Span, Value, Via
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

# What names in lines are made of: with what an id may begin, with what it may not, and what is in
# none; the slash stands for itself.
_BEGIN, _END, _OTHER = b"a", b".", b"!"
_KINDS = bytes(
    (_BEGIN if chr(each) in ascii_lowercase + digits else _END if each in b"._-\n"
     else b"/" if each == ord("/") else _OTHER)[0]
    for each in range(256)
)  # fmt: skip
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


_Source, _Statement = in_order(SourceCaptured), in_order(StatementRecorded)
_Report, _ReportAdded = in_order(ReportFields), in_order(ReportAdded)
_Estimate, _Quote, _Via = in_order(EstimateFields), in_order(Quote), in_order(Via)


class Unfit(Exception):
    """A command is not one for the quick path."""


# Data of an event (a Value, or one of a type that `in_order` made), its subject, and the names on
# which it depends, as `<noun>/<id>`: those that are new, and those that must stand already; whether
# all ids were given; and the name of a publisher that must be registered.
Built = tuple[Any, str, tuple[str, ...], tuple[str, ...], bool, str | None]


class Names(dict[str, str]):
    """Names of the things of one noun by their ids, each checked once; raises Unfit for no id."""

    def __init__(self, noun: str) -> None:
        super().__init__()
        self.noun = noun

    def __missing__(self, wanted: str) -> str:
        if not is_id(wanted):
            raise Unfit
        if len(self) > _KEPT:
            self.clear()
        self[wanted] = name = f"{self.noun}/{wanted}"
        return name


SPEAKER, SOURCE, MEASURE, STATEMENT = map(Names, ("speaker", "source", "measure", "statement"))


def are_names(names: Sequence[str]) -> bool:
    """Whether texts of the form `<noun>/<text>` surely are names; very long ones are not taken."""
    if not names:
        return True
    data = "\n".join(names).encode("utf-8", "replace")
    kinds = data.translate(_KINDS) + _END
    return (
        _OTHER not in kinds
        and kinds.count(b"/") == len(names)
        and data.count(b"\n") == len(names) - 1
        and b"/" + _END not in kinds
        and max(map(len, names)) <= MOST_CHARACTERS
    )


def refuse_blank(*texts: str | None) -> None:
    """Raise Unfit for a text of white space alone; empty ones the shapes do not take."""
    for text in texts:
        if text and text.isspace():
            raise Unfit


@lru_cache(maxsize=65_536)
def date_of(text: str | None) -> msgspec.Raw | None:
    """A date with its bounds, as it is written; raises Refused."""
    return None if text is None else msgspec.Raw(encode_data(parse_date(text)))


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
    name = "speaker/" + speaker_id
    data = SpeakerRegistered(
        speaker_id=speaker_id,
        kind=said.kind,
        name=said.name,
        aliases=tuple(said.aliases or ()),
        note=said.note,
    )
    return data, name, (name,), (), True, None


def define_measure(said: s.DefineMeasure) -> Built:
    """A measure; the id is made of the label where none is given."""
    refuse_blank(said.label, said.unit, said.definition, said.note, *(said.tags or ()))
    measure_id = said.measure_id if said.measure_id is not None else slug(said.label)
    name = "measure/" + measure_id
    data = MeasureDefined(
        measure_id=measure_id,
        label=said.label,
        unit=said.unit,
        definition=said.definition,
        kind=said.kind,
        tags=tuple(said.tags or ()),
        note=said.note,
    )
    return data, name, (name,), (), True, None


def cite_source(said: s.CiteSource) -> Built:
    """A source that is not at hand; whether its publisher is registered the ledger says."""
    refuse_blank(said.publisher, said.title, said.author, said.url, said.language)
    refuse_blank(said.media_type, said.retrieved_at, said.note)
    source_id = said.source_id if said.source_id is not None else random_id()
    name = "source/" + source_id
    named, publisher, publisher_id = [], None, said.publisher_id
    if publisher_id is not None:
        named.append(SPEAKER[publisher_id])
    elif said.publisher is not None:
        publisher, publisher_id = said.publisher, outlet_of(said.publisher)
    if said.version_of is not None:
        if said.version_of == source_id:
            raise Unfit
        named.append(SOURCE[said.version_of])
    data = _Source(
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
    return data, name, (name,), tuple(named), said.source_id is not None, publisher


@lru_cache(maxsize=65_536)
def outlet_of(name: str) -> str:
    """The id under which an outlet is registered when only its name is given."""
    from ledger.references import outlet_id  # brings pydantic along, which workers go without

    return outlet_id(name)


def record_statement(said: s.RecordStatement) -> Built:
    """A statement with its reports and estimates."""
    topics = said.topics or ()
    refuse_blank_statement(said, topics)
    statement_id, settled = said.statement_id, True
    if statement_id is None:
        statement_id, settled = random_id(), False
    subject = "statement/" + statement_id
    made, named, reports = [subject], [SPEAKER[said.speaker_id]], []
    for each in said.reports:
        report_id = each.report_id
        if report_id is None:
            report_id, settled = random_id(), False
        made.append("report/" + report_id)
        reports.append(_Report(report_id, *report_fields(each, named)))
    estimates: list[Any] = []
    if said.estimates:
        settled = add_estimates(estimates, said.estimates, reports, made, named) and settled
    if len(made) > 2 and len(set(made)) != len(made):  # noqa: PLR2004  a statement and its report
        raise Unfit
    co_speakers, alternatives, citing = said.co_speakers, said.alternatives, said.citing
    if co_speakers or alternatives or citing:
        named += [SPEAKER[each] for some in (co_speakers, alternatives, citing)
                  for each in some or ()]  # fmt: skip
    on_behalf_of, within = said.on_behalf_of, said.within
    if on_behalf_of is not None:
        named.append(SPEAKER[on_behalf_of])
    if within is not None:
        if within == statement_id:
            raise Unfit
        named.append(STATEMENT[within])
    data = _Statement(
        statement_id,
        said.speaker_id,
        co_speakers or (),
        said.attribution or "stated",
        alternatives or (),
        on_behalf_of,
        citing or (),
        date_of(said.said_at),
        said.speech_act or "assert",
        said.proposition,
        said.language,
        said.venue,
        said.audience,
        topics,
        within,
        said.note,
        reports,
        estimates or (),
    )
    return data, subject, tuple(made), tuple(named), settled, None


def refuse_blank_statement(said: s.RecordStatement, topics: Sequence[str]) -> None:
    """Raise Unfit for a text of white space alone; rare ones are looked at only where they are."""
    language = said.language
    if said.proposition.isspace() or (language and language.isspace()):
        raise Unfit
    if said.note or said.venue or said.audience:
        refuse_blank(said.note, said.venue, said.audience)
    for topic in topics:
        if topic.isspace():
            raise Unfit


def add_estimates(
    estimates: list[Any], said: list[s.Estimate], reports: list[Any], made: list[str],
    named: list[str],
) -> bool:  # fmt: skip
    """Add the numbers of a statement, and their names; tells whether all gave their ids."""
    settled = True
    for each in said:
        estimate_id = each.estimate_id
        if estimate_id is None:
            estimate_id, settled = random_id(), False
        made.append("estimate/" + estimate_id)
        estimates.append(_Estimate(estimate_id, *estimate_fields(each, reports, named)))
    return settled


def report_fields(said: s.Report | s.AddReport, named: list[str]) -> tuple[Any, ...]:
    """The fields of a report after its id, in their order; its quote is as it was given.

    What it names is added to `named`.
    """
    quote, attributed_to, note = said.quote, said.attributed_to, said.note
    if quote.isspace() or (attributed_to and attributed_to.isspace()):
        raise Unfit
    prefix, suffix, media_fragment = said.prefix, said.suffix, said.media_fragment
    translated_from = said.translated_from
    if note or prefix or suffix or media_fragment or translated_from:
        refuse_blank(note, prefix, suffix, media_fragment, translated_from)
    named.append(SOURCE[said.source_id])
    alternatives, via = said.alternatives, said.via
    if alternatives:
        named += [SPEAKER[each] for each in alternatives]
    return (
        said.source_id,
        _Quote(quote, prefix, suffix),
        (),
        said.quote_mode or "direct",
        said.part,
        translated_from,
        media_fragment,
        attributed_to,
        said.attribution,
        alternatives or (),
        [link(each, named) for each in via] if via else (),
        "unanchored",
        note,
    )


def link(said: s.Link, named: list[str]) -> Any:  # noqa: ANN401  a Via whose fields are in order
    """One link of the chain by which a report came."""
    words, speaker_id, source_id = said.words, said.speaker_id, said.source_id
    if (speaker_id is None) == (source_id is None) or (words and words.isspace()):
        raise Unfit
    if speaker_id is not None:
        named.append(SPEAKER[speaker_id])
    elif source_id is not None:
        named.append(SOURCE[source_id])
    return _Via(speaker_id, source_id, date_of(said.on), words)


def estimate_fields(said: s.Estimate, reports: list[Any], named: list[str]) -> tuple[Any, ...]:
    """The fields of a number after its id, in their order; its words are in a report's quote."""
    value_text, method, note = said.value_text, said.method, said.note
    if value_text or method or note:
        refuse_blank(value_text, method, note)
    report = report_of(said.report_id, reports)
    named.append(MEASURE[said.measure_id])
    quantity = quantity_of(said.value)
    span: Span | None = None
    if value_text is not None:
        span = find_span(report.quote.exact, value_text)
        if said.basis != "derived":
            check_said(said.value, span.exact)
    return (
        report.report_id,
        said.measure_id,
        quantity.comparator,
        quantity.low,
        quantity.best,
        quantity.high,
        quantity.low_inclusive,
        quantity.high_inclusive,
        span,
        date_of(said.reference_period),
        said.basis or "stated",
        (),
        method,
        note,
    )


def report_of(report_id: str | None, reports: list[Any]) -> Any:  # noqa: ANN401  a report whose fields are in order
    """The report in which a number stands; raises Unfit where that is none, or not told."""
    if report_id is None and len(reports) != 1:
        raise Unfit
    for each in reports:
        if report_id is None or report_id == each.report_id:
            return each
    raise Unfit


def add_report(said: s.AddReport) -> Built:
    """A further report of a statement."""
    named = [STATEMENT[said.statement_id]]
    report_id = said.report_id if said.report_id is not None else random_id()
    name = "report/" + report_id
    data = _ReportAdded(report_id, *report_fields(said, named), said.statement_id)
    return data, name, (name,), tuple(named), said.report_id is not None, None


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
    return data, named[0], (), named, True, None


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
    return data, named[0], (), named, True, None


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
    return data, name, (), (name,), True, None


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
    return data, name, (), (name,), True, None


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
