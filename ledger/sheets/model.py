"""What may stand in a sheet, made from the fields of the commands that it becomes.

A key is the event's field without its `_id`; `id` is the thing's own (DESIGN 7). The alias of a
field is its key in the sheet, its serialization alias the name that it has in the command.
"""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    create_model,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from ledger import commands as c
from ledger.errors import Refused
from ledger.quantities import parse_value

# The parts are made when this runs, so to mypy they are no types, and neither are hints of them.
LIST: Any = list
DICT: Any = dict
MARKED: Any = Annotated

NOT_IN_A_SHEET = frozenset({"command", "actor", "agent", "command_id"})


class Part(c.Model):
    """A part of a sheet; only the keys of the sheet are understood, not the command's names."""

    model_config = ConfigDict(populate_by_name=False)


def key_of(name: str, command: type[c.Model], own: str) -> str:
    """The key of a command's field in a sheet."""
    if name == f"{own}_id":
        return "id"
    if name == "value_text":
        return "words"
    short = name.removesuffix("_id")
    taken = short in command.model_fields  # a publisher is a name, a publisher_id an id
    return (name if taken else short).rstrip("_")


def fields_of(command: type[c.Model], own: str = "") -> dict[str, Any]:
    """The fields of a command as they stand in a sheet, as `create_model` takes them."""
    return {
        name: in_sheet(name, field, key_of(name, command, own))
        for name, field in command.model_fields.items()
        if name not in NOT_IN_A_SHEET
    }


def in_sheet(name: str, field: FieldInfo, key: str) -> tuple[Any, Any]:
    """A field under its key, read from text where the command wants something else."""
    own = (field.annotation, *field.metadata)
    hint = HINTS.get(name) or (MARKED[own] if field.metadata else field.annotation)
    return hint, Field(default=field.default, alias=key, serialization_alias=field.alias or name)


def made_optional(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    """The same fields, some of which may be left out."""
    made = dict(fields)
    for name in names:
        hint, info = fields[name]
        made[name] = (hint, Field(default=None, alias=info.alias, serialization_alias=name))
    return made


def under_its_id(command: type[c.Command]) -> dict[str, Any]:
    """The fields of a thing whose id is the key that it stands under."""
    fields = fields_of(command)
    del fields[f"{command.NOUN}_id"]
    return fields


# ── text to what a command wants ─────────────────────────────────────────────────────────────


def fault(what: str, way_out: str) -> PydanticCustomError:
    """A fault that is told in the sentence given."""
    return PydanticCustomError("refused", "{what}", {"what": what, "way_out": way_out})


def number_of(text: object) -> object:
    """The number that a text gives."""
    if not isinstance(text, str):
        raise fault("A number is one text.", "Such as 3500.")
    try:
        quantity = parse_value(text)
    except Refused as refused:
        raise fault(refused.what, refused.way_out) from None
    if quantity.comparator != "eq":
        raise fault(f"{text!r} is not a bare number.", "The hedge stands in `comparator`.")
    return quantity.best


def truth_of(text: object) -> object:
    """Whether a text says true or false."""
    if text in ("true", "false"):
        return text == "true"
    raise fault("This is neither true nor false.", "Write true or false.")


def link_of(text: object) -> object:
    """A bare id is a link that has nothing else."""
    return {"id": text} if isinstance(text, str) else text


def evidence_of(text: object) -> object:
    """A bare id is a report."""
    return {"report": text} if isinstance(text, str) else text


def rating_of(text: object) -> object:
    """A bare text is the label of a rating."""
    return {"label": text} if isinstance(text, str) else text


# ── the parts ────────────────────────────────────────────────────────────────────────────────


def part(name: str, doc: str | None, fields: dict[str, Any], base: type[Part] = Part) -> Any:  # noqa: ANN401  a made class is no type
    """A part of the sheet, made of fields."""
    return create_model(name, __base__=base, __doc__=doc, __module__=__name__, **fields)


_NUMBER = Annotated[c.Number, BeforeValidator(number_of, json_schema_input_type=float)]
_TRUTH = Annotated[bool, BeforeValidator(truth_of, json_schema_input_type=bool)]
HINTS: dict[str, Any] = {
    "low": _NUMBER,
    "best": _NUMBER,
    "high": _NUMBER,
    "low_inclusive": _TRUTH,
    "high_inclusive": _TRUTH,
}

Link = part("Link", c.LinkInput.__doc__, fields_of(c.LinkInput))
HINTS["via"] = LIST[MARKED[Link, BeforeValidator(link_of, json_schema_input_type=Link | str)]]
Evidence = part("Evidence", c.EvidenceInput.__doc__, fields_of(c.EvidenceInput))
HINTS["evidence"] = MARKED[
    Evidence, BeforeValidator(evidence_of, json_schema_input_type=Evidence | str)
]
_OF_RATING = {
    name: (hint if name == "label" else _NUMBER, info)  # `value` is no short form here
    for name, (hint, info) in fields_of(c.RatingInput).items()
}
Rating = part("Rating", c.RatingInput.__doc__, _OF_RATING)
HINTS["rating"] = MARKED[Rating, BeforeValidator(rating_of, json_schema_input_type=Rating | str)]
HINTS["information_credibility"] = MARKED[
    int, Field(ge=1, le=6), BeforeValidator(number_of, json_schema_input_type=int)
]

Source = part(
    "Source",
    "The document that the sheet is about; without `document` it is only cited.",
    made_optional(fields_of(c.CaptureSource, "source"), "document"),
)
Speaker = part("Speaker", c.RegisterSpeaker.__doc__, under_its_id(c.RegisterSpeaker))
Measure = part("Measure", c.DefineMeasure.__doc__, under_its_id(c.DefineMeasure))
Estimate = part("Estimate", c.EstimateInput.__doc__, fields_of(c.EstimateInput, "estimate"))
HINTS["estimates"] = LIST[Estimate]
Report = part(
    "Report", c.ReportInput.__doc__, made_optional(fields_of(c.ReportInput, "report"), "source_id")
)
HINTS["reports"] = MARKED[LIST[Report], Field(min_length=1)]

_OF_STATEMENT = fields_of(c.RecordStatement, "statement")
# What a statement does to an earlier one; the short form of the relation, which says so itself.
ANSWERS = {"denies": "deny", "retracts": "retract"}
_OF_REPORT = made_optional(fields_of(c.ReportInput), "quote")
INLINE = frozenset(_OF_REPORT.keys() - _OF_STATEMENT.keys() - {"source_id"})


class OneReportOrMany(Part):
    """The one report of a statement stands in the statement itself, several under `reports`."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["quote"]}, {"required": ["reports"]}]}
    )

    @model_validator(mode="after")
    def says_where_it_was_found(self) -> "OneReportOrMany":
        """A statement has its report once."""
        inline = self.model_fields_set & INLINE
        if "reports" in self.model_fields_set and inline:
            raise fault(
                f"The statement has `reports` and {_keys(inline)} of its own.",
                "What a report says stands in its entry under `reports`.",
            )
        if "reports" not in self.model_fields_set and "quote" not in inline:
            raise fault("quote is missing.", "Give the words as they stand in the source.")
        return self


def _keys(names: set[str]) -> str:
    return ", ".join(sorted(str(_OF_REPORT[name][1].alias) for name in names))


Statement = part(
    "Statement",
    "A statement with the report that it was found in.",
    {name: field for name, field in _OF_REPORT.items() if name in INLINE}
    | made_optional(_OF_STATEMENT, "reports")
    | {name: (c.Id, Field(default=None)) for name in ANSWERS},
    OneReportOrMany,
)


class NamedOnce(Part):
    """A further report has its id under `id` or, as in a statement, under `report`."""

    @model_validator(mode="after")
    def is_named_once(self) -> "NamedOnce":
        """An id is given once."""
        if {"report_id", "report"} <= self.model_fields_set:
            raise fault("The report has its id twice: `id` and `report`.", "Keep one of them.")
        return self


FurtherReport = part(
    "FurtherReport",
    "A further report of a statement that is recorded here or elsewhere.",
    {
        **made_optional(fields_of(c.ReportInput, "report"), "source_id"),
        "report": (c.Id, Field(default=None, serialization_alias="report_id")),
        "statement_id": (c.Id, Field(alias="report_of", serialization_alias="statement_id")),
        "estimates": (LIST[Estimate], Field(default=[])),
    },
    NamedOnce,
)
Relation = part("Relation", c.RelateStatements.__doc__, fields_of(c.RelateStatements))
Judgement = part("Judgement", c.JudgeSpeakers.__doc__, fields_of(c.JudgeSpeakers))
StatementAssessment = part(
    "StatementAssessment", c.AssessStatement.__doc__, fields_of(c.AssessStatement)
)
SourceAssessment = part(
    "SourceAssessment",
    "Keep a third party's rating of a source; of the sheet's own, unless `source` names another.",
    made_optional(fields_of(c.AssessSource), "source_id"),
)

KINDS = {
    "<statement>": Statement,
    "<further report>": FurtherReport,
    "<assessment of a statement>": StatementAssessment,
    "<assessment of a source>": SourceAssessment,
}


def kind_of(entry: object) -> str:
    """Which of the two an entry under `statements` is."""
    return "<further report>" if isinstance(entry, dict) and "report_of" in entry else "<statement>"


def kind_of_assessment(entry: object) -> str:
    """Which of the two an entry under `assessments` is."""
    of_statement = isinstance(entry, dict) and "statement" in entry
    return "<assessment of a statement>" if of_statement else "<assessment of a source>"


Entry = MARKED[
    MARKED[Statement, Tag("<statement>")] | MARKED[FurtherReport, Tag("<further report>")],
    Discriminator(kind_of),
]
Assessment = MARKED[
    MARKED[StatementAssessment, Tag("<assessment of a statement>")]
    | MARKED[SourceAssessment, Tag("<assessment of a source>")],
    Discriminator(kind_of_assessment),
]
Sheet = part(
    "Sheet",
    "A claim sheet: one source, and what is said in it.",
    {
        "source": (Source, ...),
        "speakers": (DICT[c.Id, Speaker], {}),
        "measures": (DICT[c.Id, Measure], {}),
        "statements": (LIST[Entry], []),
        "relations": (LIST[Relation], []),
        "judgements": (LIST[Judgement], []),
        "assessments": (LIST[Assessment], []),
    },
)
PARTS: tuple[type[BaseModel], ...] = (
    Sheet, Source, Speaker, Measure, Statement, FurtherReport, Report, Link, Estimate, Relation,
    Evidence, Judgement, StatementAssessment, SourceAssessment, Rating, c.MembershipInput,
)  # fmt: skip
