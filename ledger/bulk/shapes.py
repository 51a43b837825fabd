"""The common commands as msgspec reads them, for the quick path.

Rules kept here:
- what these shapes take, ledger/commands.py takes too, with the same meaning; the reverse need not
  hold, since what they refuse goes the slow way;
- fields stand in alphabetical order and are left out where they were not given, so that the JSON of
  a shape is the command as it was given, with sorted keys: what its key is made of (DESIGN 4.1);
- None stands for "not given" alone: a null that was given is missing from that JSON, which tells.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from events.vocabulary import (
    Agent,
    Attribution,
    Basis,
    Judgement,
    MeasureKind,
    Part,
    QuoteMode,
    RelationBasis,
    RelationKind,
    SourceReliability,
    SpeakerKind,
    SpeechAct,
)

_MOST = 2**53  # beyond it a DOUBLE skips whole numbers

Text = Annotated[str, Meta(min_length=1)]
Number = Annotated[int, Meta(ge=-_MOST, le=_MOST)] | float


class Shape(Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A part of a command; unknown fields and wrong types are not taken."""


class Link(Shape):
    """One link of `via` that says whether it is a speaker or a source."""

    on: Text | None = None
    source_id: str | None = None
    speaker_id: str | None = None
    words: Text | None = None


class Rating(Shape):
    """A rating on its scale."""

    best: Number | None = None
    label: Text | None = None
    value: Number | None = None
    worst: Number | None = None


class Report(Shape, kw_only=True):
    """A report of a statement, without pieces of its quote."""

    alternatives: list[str] | None = None
    attributed_to: Text | None = None
    attribution: Attribution | None = None
    media_fragment: Text | None = None
    note: Text | None = None
    part: Part | None = None
    prefix: Text | None = None
    quote: Text
    quote_mode: QuoteMode | None = None
    report_id: str | None = None
    source_id: str
    suffix: Text | None = None
    translated_from: Text | None = None
    via: list[Link] | None = None


class Estimate(Shape, kw_only=True):
    """A number in its short form."""

    basis: Basis | None = None
    estimate_id: str | None = None
    measure_id: str
    method: Text | None = None
    note: Text | None = None
    reference_period: Text | None = None
    report_id: str | None = None
    value: Text
    value_text: Text | None = None


class RegisterSpeaker(Shape, kw_only=True):
    """Introduce someone who makes statements."""

    actor: Text | None = None
    agent: Agent | None = None
    aliases: list[Text] | None = None
    command: Literal["register_speaker"]
    command_id: Text | None = None
    kind: SpeakerKind
    name: Text
    note: Text | None = None
    speaker_id: str | None = None


class DefineMeasure(Shape, kw_only=True):
    """Say what numbers are numbers of."""

    actor: Text | None = None
    agent: Agent | None = None
    command: Literal["define_measure"]
    command_id: Text | None = None
    definition: Text | None = None
    kind: MeasureKind | None = None
    label: Text
    measure_id: str | None = None
    note: Text | None = None
    tags: list[Text] | None = None
    unit: Text | None = None


class CiteSource(Shape, kw_only=True):
    """Name a document that is not at hand."""

    actor: Text | None = None
    agent: Agent | None = None
    author: Text | None = None
    command: Literal["cite_source"]
    command_id: Text | None = None
    language: Text | None = None
    media_type: Text | None = None
    note: Text | None = None
    published: Text | None = None
    publisher: Text | None = None
    publisher_id: str | None = None
    retrieved_at: Text | None = None
    source_id: str | None = None
    title: Text | None = None
    url: Text | None = None
    version_of: str | None = None


class RecordStatement(Shape, kw_only=True):
    """Record who said what."""

    actor: Text | None = None
    agent: Agent | None = None
    alternatives: list[str] | None = None
    attribution: Attribution | None = None
    audience: Text | None = None
    citing: list[str] | None = None
    co_speakers: list[str] | None = None
    command: Literal["record_statement"]
    command_id: Text | None = None
    estimates: list[Estimate] | None = None
    language: Text | None = None
    note: Text | None = None
    on_behalf_of: str | None = None
    proposition: Text
    reports: Annotated[list[Report], Meta(min_length=1)]
    said_at: Text | None = None
    speaker_id: str
    speech_act: SpeechAct | None = None
    statement_id: str | None = None
    topics: list[Text] | None = None
    venue: Text | None = None
    within: str | None = None


class AddReport(Shape, kw_only=True):
    """Say that a statement was found in a further place."""

    actor: Text | None = None
    agent: Agent | None = None
    alternatives: list[str] | None = None
    attributed_to: Text | None = None
    attribution: Attribution | None = None
    command: Literal["add_report"]
    command_id: Text | None = None
    media_fragment: Text | None = None
    note: Text | None = None
    part: Part | None = None
    prefix: Text | None = None
    quote: Text
    quote_mode: QuoteMode | None = None
    report_id: str | None = None
    source_id: str
    statement_id: str
    suffix: Text | None = None
    translated_from: Text | None = None
    via: list[Link] | None = None


class RelateStatements(Shape, kw_only=True):
    """Say how one statement stands to another, without evidence."""

    actor: Text | None = None
    agent: Agent | None = None
    basis: RelationBasis | None = None
    command: Literal["relate_statements"]
    command_id: Text | None = None
    from_: str = field(name="from")
    note: Text | None = None
    relation: RelationKind
    to: str


class JudgeSpeakers(Shape, kw_only=True):
    """Say whether two speakers are one."""

    actor: Text | None = None
    agent: Agent | None = None
    command: Literal["judge_speakers"]
    command_id: Text | None = None
    judgement: Judgement
    left: str
    note: Text | None = None
    reason: Text
    right: str


class AssessStatement(Shape, kw_only=True):
    """Keep a third party's rating of a statement."""

    actor: Text | None = None
    agent: Agent | None = None
    assessor: Text
    command: Literal["assess_statement"]
    command_id: Text | None = None
    explanation: Text | None = None
    note: Text | None = None
    rating: Rating | None = None
    statement_id: str
    url: Text | None = None


class AssessSource(Shape, kw_only=True):
    """Keep a third party's rating of a source."""

    actor: Text | None = None
    agent: Agent | None = None
    assessor: Text
    command: Literal["assess_source"]
    command_id: Text | None = None
    explanation: Text | None = None
    note: Text | None = None
    rating: Rating | None = None
    source_id: str
    source_reliability: SourceReliability | None = None
    url: Text | None = None
