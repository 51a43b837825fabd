"""Turns the parts of commands into the parts of events: dates, links, reports, estimates."""

from typing import Any

from events.values import (
    Anchor,
    Evidence,
    ImpreciseDate,
    Membership,
    Number,
    Quantity,
    Quote,
    Rating,
    Span,
    Via,
)
from events.vocabulary import EstimateFields, ReportFields
from ledger.anchor import find_quote, find_span
from ledger.commands import (
    EstimateInput,
    EvidenceInput,
    LinkInput,
    MembershipInput,
    RatingInput,
    ReportInput,
)
from ledger.dates import parse_date
from ledger.errors import Refused, UnknownId, in_field
from ledger.known import Known
from ledger.quantities import check_quantity, check_words, parse_value

Placed = tuple[Quote, Anchor]


def date_of(text: str | None) -> ImpreciseDate | None:
    """A date with its bounds; it was checked when the command came in."""
    return parse_date(text) if text else None


def place_quote(
    known: Known, source_id: str, words: str, around: tuple[str | None, str | None]
) -> Placed:
    """Find a quote in its source's text; of a source that was only cited it stays unanchored.

    `around` is the prefix and the suffix that tell places apart.
    """
    text = known.text_of(source_id)
    prefix, suffix = around
    if text is None:
        return Quote(exact=words, prefix=prefix, suffix=suffix), "unanchored"
    found = find_quote(text, words, prefix=prefix, suffix=suffix)
    return found.quote, found.how


def spans(quote: Quote, words: list[str], field: str) -> tuple[Span, ...]:
    """Where pieces of a quote stand, in code points of the source's text."""
    placed = []
    for number, piece in enumerate(words):
        with in_field(f"{field}[{number}]"):
            placed.append(find_span(quote.exact, piece, offset=quote.start))
    return tuple(placed)


def links(known: Known, inputs: list[LinkInput]) -> tuple[Via, ...]:
    """The chain by which a report came, nearest the speaker first."""
    return tuple(link(known, each, f"via[{at}]") for at, each in enumerate(inputs))


def link(known: Known, given: LinkInput, field: str) -> Via:
    """One link; a bare id is a speaker's or, failing that, a source's."""
    speaker_id, source_id = given.speaker_id, given.source_id
    if given.id:
        if known.thing("speaker", given.id):
            speaker_id = given.id
        elif known.thing("source", given.id):
            source_id = given.id
        else:
            raise UnknownId("speaker or source", given.id, field=field)
    return Via(speaker_id=speaker_id, source_id=source_id, on=date_of(given.on), words=given.words)


def report_fields(known: Known, given: ReportInput, report_id: str) -> ReportFields:
    """A report with its quote found in its source."""
    with in_field("quote"):
        quote, anchor = place_quote(
            known, given.source_id, given.quote, (given.prefix, given.suffix)
        )
    return ReportFields(
        report_id=report_id,
        source_id=given.source_id,
        quote=quote,
        fragments=spans(quote, given.fragments, "fragments"),
        quote_mode=given.quote_mode,
        part=given.part,
        translated_from=given.translated_from,
        media_fragment=given.media_fragment,
        attributed_to=given.attributed_to,
        attribution=given.attribution,
        alternatives=tuple(given.alternatives),
        via=links(known, given.via),
        anchor=anchor,
        note=given.note,
    )


def estimate_fields(given: EstimateInput, estimate_id: str, report: ReportFields) -> EstimateFields:
    """An estimate with its number checked against its words, which stand in the report's quote."""
    quantity = quantity_of(given)
    return EstimateFields(
        estimate_id=estimate_id,
        report_id=report.report_id,
        measure_id=given.measure_id,
        comparator=quantity.comparator,
        low=quantity.low,
        best=quantity.best,
        high=quantity.high,
        low_inclusive=quantity.low_inclusive,
        high_inclusive=quantity.high_inclusive,
        value_text=value_span(given, quantity, report.quote),
        reference_period=date_of(given.reference_period),
        basis=given.basis,
        derived_from=tuple(given.derived_from),
        method=given.method,
        note=given.note,
    )


def value_span(given: EstimateInput, quantity: Quantity, quote: Quote) -> Span | None:
    """Where the words of a number stand within its report's quote; they must not contradict it."""
    if given.value_text is None:
        return None
    with in_field("value_text"):
        span = find_span(quote.exact, given.value_text)
        if given.basis == "stated":
            check_words(quantity, span.exact)
    return span


def quantity_of(given: EstimateInput) -> Quantity:
    """The number of an estimate, from its short form or from its comparator and bounds."""
    bounds: dict[str, Any] = {
        name: getattr(given, name)
        for name in ("low", "best", "high", "low_inclusive", "high_inclusive")
    }
    if given.value is not None and given.comparator is None and set(bounds.values()) == {None}:
        return parse_value(given.value)
    if given.value is None and given.comparator is not None:
        with in_field("comparator"):
            return check_quantity(Quantity(comparator=given.comparator, **bounds))
    raise Refused(
        "An estimate says its number once.",
        field="value",
        way_out='Give `value`, such as "> 10000", or else `comparator` with its bounds.',
    )


def memberships(inputs: list[MembershipInput]) -> tuple[Membership, ...]:
    """Roles with the dates between which they were held."""
    return tuple(
        Membership(
            role=each.role,
            organization=each.organization,
            from_=date_of(each.from_),
            to=date_of(each.to),
        )
        for each in inputs
    )


def rating_of(given: RatingInput | None) -> Rating | None:
    """A third party's rating on its own scale, its numbers held to the rules of all numbers."""
    if given is None:
        return None
    numbers = {name: getattr(given, name) for name in ("value", "best", "worst")}
    checked = {name: rated(name, value) for name, value in numbers.items() if value is not None}
    return Rating(label=given.label, **checked)


def rated(name: str, value: Number) -> Number | None:
    """A number of a rating; raises Refused for one that cannot be kept as it was written."""
    with in_field(f"rating.{name}"):
        return check_quantity(Quantity(comparator="about", best=value)).best


def evidence_of(known: Known, given: EvidenceInput | None) -> Evidence | None:
    """What shows a relation, its words found in their source."""
    if given is None or given.source_id is None or given.quote is None:
        return Evidence(report_id=given.report_id) if given else None
    with in_field("evidence.quote"):
        quote, how = place_quote(known, given.source_id, given.quote, (given.prefix, given.suffix))
    return Evidence(source_id=given.source_id, quote=quote, anchor=how)
