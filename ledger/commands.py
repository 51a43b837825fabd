"""The commands: what may be asked of a ledger, checked field by field as it comes in.

A command's fields are those of the event that it becomes (DESIGN 6): a date is its EDTF text, a
quote its words, an estimate's `value` the short form of a number. Unknown fields are refused.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Optional

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from events.ids import ID_PATTERN
from events.values import Comparator
from events.vocabulary import (
    Agent,
    Attribution,
    Basis,
    ErrorKind,
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
from ledger.dates import parse_date
from ledger.errors import Refused
from ledger.quantities import parse_value
from ledger.texts import check_text


def refusing(check: Callable[[str], object]) -> Callable[[str], str]:
    """A validator that keeps the text when `check` accepts it, and says why where it does not."""

    def validate(text: str) -> str:
        try:
            check(text)
        except Refused as refused:
            raise PydanticCustomError(
                "refused", "{what}", {"what": refused.what, "way_out": refused.way_out}
            ) from refused
        return text

    return validate


def number_as_text(value: object) -> object:
    """A JSON number stands for its digits; whether they can be kept is checked as for text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{Decimal(repr(value)):f}"


def link_of_bare_id(value: object) -> object:
    """A bare id is a link of the chain that has nothing but an id."""
    return {"id": value} if isinstance(value, str) else value


def evidence_of_bare_id(value: object) -> object:
    """A bare id is a report that shows the relation."""
    return {"report_id": value} if isinstance(value, str) else value


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Text = Annotated[str, AfterValidator(refusing(check_text))]
DateText = Annotated[str, AfterValidator(refusing(parse_date))]
ValueText = Annotated[str, BeforeValidator(number_as_text), AfterValidator(refusing(parse_value))]
Number = int | float


class Model(BaseModel):
    """A part of a command; unknown fields and wrong types are refused."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, populate_by_name=True, defer_build=True
    )


class Command(Model):
    """What every command may say besides its own fields."""

    VERB: ClassVar[str] = ""
    NOUN: ClassVar[str] = ""  # of the thing that it makes or changes
    command: str
    actor: Text | None = None
    agent: Agent | None = None
    command_id: Text | None = None
    note: Text | None = None


# ── parts ────────────────────────────────────────────────────────────────────────────────────


class LinkInput(Model):
    """One link of the chain by which a report reached its source."""

    id: Id | None = None  # a speaker's or, failing that, a source's
    speaker_id: Id | None = None
    source_id: Id | None = None
    on: DateText | None = None
    words: Text | None = None

    @model_validator(mode="after")
    def names_one(self) -> "LinkInput":
        """A link is one speaker or one source."""
        if sum(name is not None for name in (self.id, self.speaker_id, self.source_id)) != 1:
            raise PydanticCustomError("link", "A link of `via` names one speaker or one source.")
        return self


class MembershipInput(Model):
    """A role that a speaker has or had."""

    role: Text | None = None
    organization: Text | None = None
    from_: Annotated[DateText | None, Field(alias="from")] = None
    to: DateText | None = None


class RatingInput(Model):
    """A rating on its scale."""

    label: Text | None = None
    value: Number | None = None
    best: Number | None = None
    worst: Number | None = None


class EvidenceInput(Model):
    """What shows a relation: a report, or words in a source."""

    report_id: Id | None = None
    source_id: Id | None = None
    quote: Text | None = None
    prefix: Text | None = None
    suffix: Text | None = None

    @model_validator(mode="after")
    def is_one(self) -> "EvidenceInput":
        """Evidence is a report, or a source with a quote from it."""
        if bool(self.report_id) == bool(self.source_id and self.quote):
            raise PydanticCustomError(
                "evidence", "Evidence is a report_id, or a source_id with a quote from it."
            )
        return self


class ReportInput(Model):
    """One appearance of a statement in one source."""

    report_id: Id | None = None
    source_id: Id
    quote: Text
    prefix: Text | None = None
    suffix: Text | None = None
    fragments: list[Text] = []
    quote_mode: QuoteMode = "direct"
    part: Part | None = None
    translated_from: Text | None = None
    media_fragment: Text | None = None
    attributed_to: Text | None = None
    attribution: Attribution | None = None
    alternatives: list[Id] = []
    via: list[Annotated[LinkInput, BeforeValidator(link_of_bare_id)]] = []
    note: Text | None = None


class EstimateInput(Model):
    """A number that a report claims: its `value` in short form, or comparator and bounds."""

    estimate_id: Id | None = None
    report_id: Id | None = None
    measure_id: Id
    value: ValueText | None = None
    comparator: Comparator | None = None
    low: Number | None = None
    best: Number | None = None
    high: Number | None = None
    low_inclusive: bool | None = None
    high_inclusive: bool | None = None
    value_text: Annotated[
        Text | None, Field(validation_alias=AliasChoices("value_text", "words"))
    ] = None
    reference_period: DateText | None = None
    basis: Basis = "stated"
    derived_from: list[Id] = []
    method: Text | None = None
    note: Text | None = None


# ── things ───────────────────────────────────────────────────────────────────────────────────


class SourceInput(Model):
    """What is known of a document."""

    source_id: Id | None = None
    publisher: Text | None = None
    publisher_id: Id | None = None
    title: Text | None = None
    author: Text | None = None
    published: DateText | None = None
    url: Text | None = None
    language: Text | None = None
    media_type: Text | None = None
    retrieved_at: Text | None = None
    version_of: Id | None = None


class CiteSource(SourceInput, Command):
    """Name a document that is not at hand."""

    VERB: ClassVar[str] = "cite_source"
    NOUN: ClassVar[str] = "source"


class CaptureSource(SourceInput, Command):
    """Keep a document: its bytes and its text; `document` is the path of a file."""

    VERB: ClassVar[str] = "capture_source"
    NOUN: ClassVar[str] = "source"
    document: Text


class SpeakerInput(Model):
    """What is known of a speaker."""

    speaker_id: Id | None = None
    kind: SpeakerKind
    name: Text
    aliases: list[Text] = []
    identifiers: dict[Text, Text] = {}
    memberships: list[MembershipInput] = []


class RegisterSpeaker(SpeakerInput, Command):
    """Introduce someone who makes statements."""

    VERB: ClassVar[str] = "register_speaker"
    NOUN: ClassVar[str] = "speaker"


class MeasureInput(Model):
    """What an estimate is a number of."""

    measure_id: Id | None = None
    label: Text
    unit: Text | None = None
    definition: Text | None = None
    kind: MeasureKind | None = None
    tags: list[Text] = []


class DefineMeasure(MeasureInput, Command):
    """Say what numbers are numbers of."""

    VERB: ClassVar[str] = "define_measure"
    NOUN: ClassVar[str] = "measure"


class StatementInput(Model):
    """What is known of a statement besides where it was found."""

    statement_id: Id | None = None
    speaker_id: Id
    co_speakers: list[Id] = []
    attribution: Attribution = "stated"
    alternatives: list[Id] = []
    on_behalf_of: Id | None = None
    citing: list[Id] = []
    said_at: DateText | None = None
    speech_act: SpeechAct = "assert"
    proposition: Text
    language: Text | None = None
    venue: Text | None = None
    audience: Text | None = None
    topics: list[Text] = []
    within: Id | None = None


class RecordStatement(StatementInput, Command):
    """Record who said what, with where it was found and the numbers that are claimed."""

    VERB: ClassVar[str] = "record_statement"
    NOUN: ClassVar[str] = "statement"
    reports: Annotated[list[ReportInput], Field(min_length=1)]
    estimates: list[EstimateInput] = []


class AddReport(ReportInput, Command):
    """Say that a statement was found in a further place."""

    VERB: ClassVar[str] = "add_report"
    NOUN: ClassVar[str] = "report"
    statement_id: Id


class AddEstimate(EstimateInput, Command):
    """Add a number that a report of a statement claims."""

    VERB: ClassVar[str] = "add_estimate"
    NOUN: ClassVar[str] = "estimate"
    statement_id: Id


# ── judgements and corrections ───────────────────────────────────────────────────────────────


class JudgeSpeakers(Command):
    """Say whether two speakers are one."""

    VERB: ClassVar[str] = "judge_speakers"
    left: Id
    right: Id
    judgement: Judgement
    reason: Text


class RelateStatements(Command):
    """Say that one statement denies, repeats, updates … another."""

    VERB: ClassVar[str] = "relate_statements"
    from_: Annotated[Id, Field(alias="from")]
    to: Id
    relation: RelationKind
    basis: RelationBasis = "stated"
    evidence: Annotated[EvidenceInput | None, BeforeValidator(evidence_of_bare_id)] = None


class AssessStatement(Command):
    """Keep a third party's rating of a statement."""

    VERB: ClassVar[str] = "assess_statement"
    statement_id: Id
    assessor: Text
    rating: RatingInput | None = None
    information_credibility: Annotated[int, Field(ge=1, le=6)] | None = None
    url: Text | None = None
    explanation: Text | None = None


class AssessSource(Command):
    """Keep a third party's rating of a source."""

    VERB: ClassVar[str] = "assess_source"
    source_id: Id
    assessor: Text
    rating: RatingInput | None = None
    source_reliability: SourceReliability | None = None
    url: Text | None = None
    explanation: Text | None = None


class VoidRecord(Command):
    """Say that an event, or the part `report/<id>` or `estimate/<id>` of it, counts no longer."""

    VERB: ClassVar[str] = "void_record"
    position: Annotated[int, Field(ge=0)]
    part: Annotated[
        Text | None, Field(pattern=r"^(report|estimate)/[a-z0-9][a-z0-9._-]{0,99}$")
    ] = None
    reason: Text


class Revise(Command):
    """A patch: a field that is left out stays as it is, null clears it."""

    replaces: Annotated[int, Field(ge=0)] | None = None
    reason: Text
    error: ErrorKind | None = None


def revision_of(noun: str, fields: type[Model]) -> type[Revise]:
    """The revising command of a thing: all of its fields, each of which may be left out."""
    own = f"{noun}_id"
    patch: dict[str, Any] = {
        name: optional(field) for name, field in fields.model_fields.items() if name != own
    }
    patch[own] = (Id, ...)
    made: type[Revise] = create_model(
        f"Revise{noun.capitalize()}",
        __base__=Revise,
        __doc__=f"Correct what we recorded wrongly of this {noun}; its earlier form stays.",
        **patch,
    )
    made.VERB = f"revise_{noun}"
    made.NOUN = noun
    return made


def optional(field: FieldInfo) -> Any:  # noqa: ANN401  what create_model takes has no type
    """A field with its checks, that may be left out or null."""
    checked = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    info = Field(default=None, alias=field.alias, validation_alias=field.validation_alias)
    return (Optional[checked], info)  # noqa: UP045  made of a value


ReviseSource = revision_of("source", SourceInput)
ReviseSpeaker = revision_of("speaker", SpeakerInput)
ReviseMeasure = revision_of("measure", MeasureInput)
ReviseStatement = revision_of("statement", StatementInput)
ReviseReport = revision_of("report", ReportInput)
ReviseEstimate = revision_of("estimate", EstimateInput)

COMMANDS: dict[str, type[Command]] = {
    command.VERB: command
    for command in (
        RegisterSpeaker, CiteSource, CaptureSource, DefineMeasure, RecordStatement,
        AddReport, AddEstimate, JudgeSpeakers, RelateStatements, AssessStatement, AssessSource,
        VoidRecord, ReviseSource, ReviseSpeaker, ReviseMeasure, ReviseStatement, ReviseReport,
        ReviseEstimate,
    )
}  # fmt: skip
