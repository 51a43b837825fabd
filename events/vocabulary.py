"""The whole vocabulary: one frozen type for each kind of event.

The fields of a type stand in the order in which they are written. A field that an older event
lacks has a default, so that a new field keeps the version; a change of meaning makes a new type.
A revision gives the subject's own fields complete, as they should have been, and says which form
(the position of its event) it replaces and why.
"""

from typing import Any, ClassVar, Literal, get_args

import msgspec

from events.values import (
    Anchor,
    Comparator,
    Evidence,
    ImpreciseDate,
    Membership,
    Number,
    Quote,
    Rating,
    Span,
    Value,
    Via,
)

Agent = Literal["person", "importer", "model"]
Attribution = Literal["stated", "inferred", "disputed"]
Basis = Literal["stated", "derived"]
ErrorKind = Literal["transcription", "attribution", "span", "derivation", "duplicate", "other"]
Judgement = Literal["same", "different", "unsure"]
MeasureKind = Literal["stock", "flow", "cumulative", "share"]
Part = Literal["headline", "deck", "body", "caption"]
QuoteMode = Literal["direct", "partial", "indirect"]
RelationBasis = Literal["stated", "juxtaposed", "inferred"]
SourceReliability = Literal["A", "B", "C", "D", "E", "F"]
SpeakerKind = Literal["person", "organization", "government", "group", "outlet", "unnamed"]

SpeechAct = Literal[
    "assert", "deny", "confirm", "accuse", "correct", "retract", "clarify", "predict", "warn",
    "threaten", "demand", "request", "offer", "promise", "condemn", "endorse", "admit", "decline",
    "claim_responsibility", "question", "other",
]  # fmt: skip

RelationKind = Literal[
    "denies", "contradicts", "retracts", "repeats", "elaborates", "summarises", "supports",
    "corroborates", "endorses", "qualifies", "corrects", "updates", "responds_to", "similar_to",
]  # fmt: skip


# ── the ledger itself ────────────────────────────────────────────────────────────────────────


class LedgerCreated(Value, frozen=True, kw_only=True):
    """The first event: the ledger's name, its format and the key that signs its head."""

    TYPE: ClassVar[str] = "claims.ledger.created.v1"
    origin: str
    title: str | None = None
    format_version: int
    verifier_key: str
    note: str | None = None


class KeyRotated(Value, frozen=True, kw_only=True):
    """From here on another key signs; the head over this event is signed by the old one."""

    TYPE: ClassVar[str] = "claims.key.rotated.v1"
    verifier_key: str
    note: str | None = None


class LedgerRecovered(Value, frozen=True, kw_only=True):
    """Lines `from`..`to` (half-open) were found complete beyond the checkpoint after a crash.

    `root` is the root hash of the first `to` lines.
    """

    TYPE: ClassVar[str] = "claims.ledger.recovered.v1"
    from_: int = msgspec.field(name="from")
    to: int
    root: str
    note: str | None = None


class LedgerRestored(Value, frozen=True, kw_only=True):
    """The owner goes on from an earlier state on purpose; size and root are those remembered."""

    TYPE: ClassVar[str] = "claims.ledger.restored.v1"
    size: int
    root: str
    reason: str
    note: str | None = None


# ── things with an id ────────────────────────────────────────────────────────────────────────


class SourceFields(Value, frozen=True, kw_only=True):
    """A document (schema.org CreativeWork); `captured` says whether its bytes are held."""

    source_id: str
    publisher_id: str | None = None
    title: str | None = None
    author: str | None = None
    published: ImpreciseDate | None = None
    url: str | None = None
    language: str | None = None
    media_type: str | None = None
    captured: bool
    sha256: str | None = None
    size: int | None = None
    text_sha256: str | None = None
    extractor: str | None = None
    extractor_version: str | None = None
    retrieved_at: str | None = None
    version_of: str | None = None
    note: str | None = None


class SourceCaptured(SourceFields, frozen=True, kw_only=True):
    """A document was captured, or cited where `captured` is false."""

    TYPE: ClassVar[str] = "claims.source.captured.v1"


class SourceRevised(SourceFields, frozen=True, kw_only=True):
    """We had recorded a source wrongly."""

    TYPE: ClassVar[str] = "claims.source.revised.v1"
    replaces: int
    reason: str
    error: ErrorKind | None = None


class SpeakerFields(Value, frozen=True, kw_only=True):
    """Someone who makes statements (Popolo agent)."""

    speaker_id: str
    kind: SpeakerKind
    name: str
    aliases: tuple[str, ...] = ()
    identifiers: dict[str, str] = {}  # noqa: RUF012  msgspec copies the default for each struct
    memberships: tuple[Membership, ...] = ()
    note: str | None = None


class SpeakerRegistered(SpeakerFields, frozen=True, kw_only=True):
    """A speaker was registered."""

    TYPE: ClassVar[str] = "claims.speaker.registered.v1"


class SpeakerRevised(SpeakerFields, frozen=True, kw_only=True):
    """We had recorded a speaker wrongly."""

    TYPE: ClassVar[str] = "claims.speaker.revised.v1"
    replaces: int
    reason: str
    error: ErrorKind | None = None


class MeasureFields(Value, frozen=True, kw_only=True):
    """What an estimate is a number of (schema.org StatisticalVariable)."""

    measure_id: str
    label: str
    unit: str | None = None
    definition: str | None = None
    kind: MeasureKind | None = None
    tags: tuple[str, ...] = ()
    note: str | None = None


class MeasureDefined(MeasureFields, frozen=True, kw_only=True):
    """A measure was defined."""

    TYPE: ClassVar[str] = "claims.measure.defined.v1"


class MeasureRevised(MeasureFields, frozen=True, kw_only=True):
    """We had defined a measure wrongly."""

    TYPE: ClassVar[str] = "claims.measure.revised.v1"
    replaces: int
    reason: str
    error: ErrorKind | None = None


class ReportFields(Value, frozen=True, kw_only=True):
    """One appearance of a statement in one source, with its quote."""

    report_id: str
    source_id: str
    quote: Quote
    fragments: tuple[Span, ...] = ()
    quote_mode: QuoteMode
    part: Part | None = None
    translated_from: str | None = None
    media_fragment: str | None = None
    attributed_to: str | None = None
    attribution: Attribution | None = None
    alternatives: tuple[str, ...] = ()
    via: tuple[Via, ...] = ()
    anchor: Anchor
    note: str | None = None


class EstimateFields(Value, frozen=True, kw_only=True):
    """A number that a report claims: a Quantity with its measure and the period it refers to."""

    estimate_id: str
    report_id: str
    measure_id: str
    comparator: Comparator
    low: Number | None = None
    best: Number | None = None
    high: Number | None = None
    low_inclusive: bool | None = None
    high_inclusive: bool | None = None
    value_text: Span | None = None
    reference_period: ImpreciseDate | None = None
    basis: Basis
    derived_from: tuple[str, ...] = ()
    method: str | None = None
    note: str | None = None


class StatementFields(Value, frozen=True, kw_only=True):
    """One speech act: a speaker says one proposition at one time (schema.org Claim)."""

    statement_id: str
    speaker_id: str
    co_speakers: tuple[str, ...] = ()
    attribution: Attribution
    alternatives: tuple[str, ...] = ()
    on_behalf_of: str | None = None
    citing: tuple[str, ...] = ()
    said_at: ImpreciseDate | None = None
    speech_act: SpeechAct
    proposition: str
    language: str | None = None
    venue: str | None = None
    audience: str | None = None
    topics: tuple[str, ...] = ()
    within: str | None = None
    note: str | None = None


class StatementRecorded(StatementFields, frozen=True, kw_only=True):
    """A statement was recorded, with its first reports and the numbers that they claim."""

    TYPE: ClassVar[str] = "claims.statement.recorded.v1"
    reports: tuple[ReportFields, ...]
    estimates: tuple[EstimateFields, ...] = ()


class StatementRevised(StatementFields, frozen=True, kw_only=True):
    """We had recorded a statement wrongly; its reports and estimates stay."""

    TYPE: ClassVar[str] = "claims.statement.revised.v1"
    replaces: int
    reason: str
    error: ErrorKind | None = None


class ReportAdded(ReportFields, frozen=True, kw_only=True):
    """The same statement was found in a further place."""

    TYPE: ClassVar[str] = "claims.report.added.v1"
    statement_id: str


class ReportRevised(ReportFields, frozen=True, kw_only=True):
    """We had recorded a report wrongly."""

    TYPE: ClassVar[str] = "claims.report.revised.v1"
    statement_id: str
    replaces: int
    reason: str
    error: ErrorKind | None = None


class EstimateAdded(EstimateFields, frozen=True, kw_only=True):
    """A further number was read in a report of a statement."""

    TYPE: ClassVar[str] = "claims.estimate.added.v1"
    statement_id: str


class EstimateRevised(EstimateFields, frozen=True, kw_only=True):
    """We had recorded a number wrongly."""

    TYPE: ClassVar[str] = "claims.estimate.revised.v1"
    statement_id: str
    replaces: int
    reason: str
    error: ErrorKind | None = None


# ── judgements about things ──────────────────────────────────────────────────────────────────


class SpeakersJudged(Value, frozen=True, kw_only=True):
    """Whether two registered speakers are one; the latest judgement of a pair counts."""

    TYPE: ClassVar[str] = "claims.speakers.judged.v1"
    left: str
    right: str
    judgement: Judgement
    reason: str
    note: str | None = None


class StatementsRelated(Value, frozen=True, kw_only=True):
    """One statement denies, repeats, updates … another (CiTO)."""

    TYPE: ClassVar[str] = "claims.statements.related.v1"
    from_: str = msgspec.field(name="from")
    to: str
    relation: RelationKind
    basis: RelationBasis
    evidence: Evidence | None = None
    note: str | None = None


class StatementAssessed(Value, frozen=True, kw_only=True):
    """A third party's rating of a statement; credibility is Admiralty 1 (confirmed) to 6."""

    TYPE: ClassVar[str] = "claims.statement.assessed.v1"
    statement_id: str
    assessor: str
    rating: Rating | None = None
    information_credibility: int | None = None
    url: str | None = None
    explanation: str | None = None
    note: str | None = None


class SourceAssessed(Value, frozen=True, kw_only=True):
    """A third party's rating of a source; reliability is Admiralty A (completely) to F."""

    TYPE: ClassVar[str] = "claims.source.assessed.v1"
    source_id: str
    assessor: str
    rating: Rating | None = None
    source_reliability: SourceReliability | None = None
    url: str | None = None
    explanation: str | None = None
    note: str | None = None


# ── the record itself ────────────────────────────────────────────────────────────────────────


class RecordVoided(Value, frozen=True, kw_only=True):
    """An event, or the part `report/<id>` or `estimate/<id>` inside it, counts no longer.

    Voiding a void reinstates. Everything stays in the history.
    """

    TYPE: ClassVar[str] = "claims.record.voided.v1"
    position: int
    part: str | None = None
    reason: str
    note: str | None = None


class RecordRedacted(Value, frozen=True, kw_only=True):
    """Content was erased under an authority; the leaf hashes stay."""

    TYPE: ClassVar[str] = "claims.record.redacted.v1"
    positions: tuple[int, ...]
    documents: tuple[str, ...] = ()
    authority: str
    reason: str
    note: str | None = None


class Redacted(Value, frozen=True, kw_only=True):
    """What is left of an event whose content was erased: its leaf hash, and who ordered it.

    It is no event of its own: it stands as `data` in the line that it replaced, which keeps the
    type. `redacted_by` is the position of the `record.redacted` event; `leaf_hash` is in hex.
    """

    redacted_by: int
    leaf_hash: str


class ViewsAttested(Value, frozen=True, kw_only=True):
    """The digests that every view had at a size of the log."""

    TYPE: ClassVar[str] = "claims.views.attested.v1"
    size: int
    root: str
    code: str
    digests: dict[str, str]
    note: str | None = None


EVENTS: tuple[type[Any], ...] = (
    LedgerCreated, KeyRotated, LedgerRecovered, LedgerRestored,
    SourceCaptured, SourceRevised, SpeakerRegistered, SpeakerRevised, SpeakersJudged,
    MeasureDefined, MeasureRevised,
    StatementRecorded, StatementRevised, ReportAdded, ReportRevised, EstimateAdded, EstimateRevised,
    StatementsRelated, StatementAssessed, SourceAssessed,
    RecordVoided, RecordRedacted, ViewsAttested,
)  # fmt: skip

BY_TYPE: dict[str, type[Any]] = {event.TYPE: event for event in EVENTS}


def choices(of: Any) -> tuple[str, ...]:  # noqa: ANN401  a Literal has no type of its own
    """The words that a closed vocabulary allows: `choices(SpeechAct)`."""
    return get_args(of)
