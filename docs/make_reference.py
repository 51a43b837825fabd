#!/usr/bin/env python3
"""Writes what can be made from the code: the reference, tables of the log format, the JSON Schema.

    docs/make_reference.py            write the files
    docs/make_reference.py --check    write nothing; exit 1 where a file is not what the code makes

What a field means is said once, in MEANINGS; a field without a meaning stops the script.
"""

import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import click
import duckdb
import msgspec
import typer
from pydantic import BaseModel
from typer.models import ArgumentInfo
from typer.utils import get_params_from_function

import ledger
from events import values, vocabulary
from events.values import ImpreciseDate, Number, Quote, Span
from events.vocabulary import EVENTS
from ledger import commands as c
from ledger.cli.app import app
from ledger.errors import ClaimsError
from ledger.references import NOUN_OF_FIELD
from ledger.sheets import sheet_schema
from ledger.sheets.model import PARTS as SHEET_PARTS
from projections import catalog
from projections.build import empty_file

DOCS = Path(__file__).parent
REFERENCE = DOCS / "reference.md"
LOG_FORMAT = DOCS / "log-format.md"
SCHEMA = DOCS / "claim-sheet.schema.json"

INLINE_WORDS = 7  # a closed vocabulary longer than this is linked to, not listed

# `Owner.field` where a name means something else in another place; the owner is a class, or one
# that it is made from.
MEANINGS = {
    "actor": "who records it; asserted, not proven",
    "agent": "what kind of recorder: person, importer or model",
    "aliases": "other names",
    "alternatives": "others who may have said it",
    "anchor": "how the quote was found in the source's text",
    "assessments": "third parties' ratings of statements and sources",
    "assessor": "who gives the rating",
    "attributed_to": "the source's own words for the speaker",
    "attribution": "how sure it is who said it",
    "audience": "to whom it was said",
    "author": "as the document names them",
    "authority": "on whose order",
    "basis": "whether the words say the number, or it was derived",
    "best": "the number itself, exact or about",
    "captured": "whether the ledger holds the document's bytes",
    "citing": "whose knowledge the speaker invokes",
    "co_speakers": "who said it together with the speaker",
    "code": "version of the program",
    "command": "the verb",
    "command_id": "the caller's own name for this command; its key is made of it",
    "comparator": "the hedge",
    "definition": "what counts and what does not",
    "denies": "a statement that this one denies: short for the relation",
    "derived_from": "the estimates that it was derived from",
    "digests": "digest of each view, by its name",
    "document": "path of a .txt or .md file in UTF-8",
    "documents": "SHA-256 of each document that was erased",
    "earliest": "first day that it may be; left out where open or unknown",
    "edtf": "the date as written, in EDTF",
    "end": "where they end; not included",
    "error": "what kind of mistake it was",
    "estimate_id": "the estimate",
    "estimates": "the numbers that its reports claim",
    "evidence": "what shows it: a report, or words in a source",
    "exact": "the words, as the text has them",
    "explanation": "the assessor's reasons",
    "extractor": "what made the text of the bytes",
    "extractor_version": "version of the extractor",
    "format_version": "version of this format",
    "fragments": "the words in quotation marks, where only parts are quoted",
    "high": "upper bound",
    "high_inclusive": "whether the upper bound itself is meant",
    "id": "a speaker or, failing that, a source",
    "identifiers": "ids elsewhere, by scheme, such as wikidata",
    "information_credibility": "Admiralty 1 (confirmed) to 6 (cannot be judged)",
    "judgement": "whether they are one",
    "judgements": "whether speakers are one",
    "kind": "what kind of speaker",
    "label": "what people call it",
    "language": "such as en or fa",
    "latest": "last day that it may be; left out where open or unknown",
    "left": "a speaker",
    "low": "lower bound",
    "low_inclusive": "whether the lower bound itself is meant",
    "measure_id": "the measure",
    "measures": "measures to define, by id",
    "media_fragment": "the part of a recording or a page: `t=`, `page=`",
    "media_type": "of the bytes, such as text/plain",
    "memberships": "roles, with organization and dates",
    "method": "how it was derived",
    "name": "as people know them",
    "note": "anything else worth keeping",
    "on": "when it was relayed",
    "on_behalf_of": "for whom the speaker speaks",
    "organization": "where",
    "origin": "the ledger's name in the world",
    "part": "the part of the document",
    "position": "of the event that counts no longer",
    "positions": "of the events that were erased",
    "prefix": "the words right before",
    "proposition": "what is claimed, in one neutral sentence",
    "published": "when it was published",
    "publisher": "the outlet's name; a new one is registered",
    "publisher_id": "the outlet, a speaker",
    "quote": "the words in the source",
    "quote_mode": "how it is quoted",
    "rating": "on the assessor's own scale",
    "reason": "why",
    "reference_period": "the time that the number refers to",
    "relation": "how `from` stands to `to`",
    "relations": "how statements stand to each other",
    "replaces": "position of the form that it replaces",
    "report_id": "the report",
    "reports": "where it was found; at least one",
    "retrieved_at": "when the document was fetched",
    "retracts": "a statement that this one retracts: short for the relation",
    "right": "another speaker",
    "role": "such as special envoy",
    "root": "root hash at that size, in base64",
    "said_at": "when it was said",
    "sha256": "of the bytes, in hex",
    "size": "of the bytes",
    "source": "the document",
    "source_id": "the source",
    "source_reliability": "Admiralty A (completely reliable) to F (cannot be judged)",
    "speaker_id": "the speaker",
    "speakers": "speakers to register, by id",
    "speech_act": "what the speaker does in saying it",
    "start": "where they begin, from 0",
    "statement_id": "the statement",
    "statements": "statements, and further reports of statements",
    "suffix": "the words right after",
    "tags": "such as militant-count",
    "text_sha256": "of the text in UTF-8, in hex",
    "title": "of the document",
    "topics": "what it is about",
    "translated_from": "the language that the source translated from",
    "unit": "such as people",
    "url": "where it is found",
    "value": "the number in its short form",
    "value_text": "the words of the number, in the quote",
    "venue": "where it was said",
    "verifier_key": "the key that the signed head is checked with",
    "version_of": "the source that this one corrects",
    "via": "who relayed it, nearest the speaker first",
    "within": "the statement inside which alone it is told",
    "words": "the words that say so",
    # where a name means something else
    "AddEstimate.report_id": "the report that it stands in; may be left out where there is one",
    "EstimateInput.report_id": "the report that it stands in; may be left out where there is one",
    "EvidenceInput.quote": "words in that source",
    "EvidenceInput.source_id": "or else a source",
    "Evidence.quote": "words in that source",
    "Evidence.source_id": "or else a source",
    "KeyRotated.verifier_key": "the new key",
    "LedgerCreated.title": "what people call the ledger",
    "LedgerRecovered.from": "first position that lay beyond the checkpoint",
    "LedgerRecovered.root": "root hash of the first `to` lines, in base64",
    "LedgerRecovered.to": "size after those lines",
    "LedgerRestored.root": "root hash that was remembered, in base64",
    "LedgerRestored.size": "size that was remembered",
    "MeasureFields.kind": "what kind of number",
    "MeasureInput.kind": "what kind of number",
    "Measure.kind": "what kind of number",
    "ReviseMeasure.kind": "what kind of number",
    "Membership.from": "since when",
    "Membership.to": "until when",
    "MembershipInput.from": "since when",
    "MembershipInput.to": "until when",
    "Rating.best": "best value of the scale",
    "Rating.label": "in words",
    "Rating.value": "on the scale",
    "Rating.worst": "worst value of the scale",
    "RatingInput.best": "best value of the scale",
    "RatingInput.label": "in words",
    "RatingInput.value": "on the scale",
    "RatingInput.worst": "worst value of the scale",
    "RecordVoided.part": "`report/<id>` or `estimate/<id>`, where only that part is void",
    "RelateStatements.basis": "whether they say so, or we infer it",
    "RelateStatements.from": "a statement",
    "RelateStatements.to": "another statement",
    "Relation.basis": "whether they say so, or we infer it",
    "Relation.from": "a statement",
    "Relation.to": "another statement",
    "StatementsRelated.basis": "whether they say so, or we infer it",
    "StatementsRelated.from": "a statement",
    "StatementsRelated.to": "another statement",
    "Statement.speaker_id": "the speaker; `narrator` is the text itself",
    "ViewsAttested.size": "how many events the views were built from",
    "VoidRecord.part": "`report/<id>` or `estimate/<id>`, where only that part is void",
    "LinkInput.source_id": "or a source",
    "LinkInput.speaker_id": "or a speaker",
    "Link.source_id": "or a source",
    "Link.speaker_id": "or a speaker",
    "Via.source_id": "or a source",
    "Via.speaker_id": "a speaker",
}
used: set[str] = set()

# What a person calls a class, where its own name will not do.
PART_NAMES = {
    "ImpreciseDate": "date",
    "MembershipInput": "membership",
    "LinkInput": "link",
    "RatingInput": "rating",
    "EvidenceInput": "evidence",
    "ReportInput": "report",
    "EstimateInput": "estimate",
    "ReportFields": "report",
    "EstimateFields": "estimate",
    "FurtherReport": "further report",
    "StatementAssessment": "assessment of a statement",
    "SourceAssessment": "assessment of a source",
}
COMMAND_PARTS = (
    c.ReportInput, c.EstimateInput, c.LinkInput, c.MembershipInput, c.RatingInput, c.EvidenceInput,
)  # fmt: skip
EVENT_PARTS: dict[type[Any], str] = {
    ImpreciseDate: "A date as precise as its source, with its first and last day (section 5.1).",
    Quote: "The words of a report and where they stand in the source's text (section 5.2).",
    Span: "Words, and where they stand (section 5.2).",
    values.Via: "One link of the chain by which a report came: a speaker or a source.",
    values.Membership: "A role that a speaker has or had.",
    values.Rating: "A rating on its scale; the numbers are those of the assessor.",
    values.Evidence: "What shows a relation: a report, or words in a source.",
    vocabulary.ReportFields: "One appearance of a statement in one source.",
    vocabulary.EstimateFields: "A number that a report claims (section 5.3).",
}
TEXTS = ((c.Id, "id"), (c.Text, "text"), (c.DateText, "date"), (c.ValueText, "value"))
SCALARS = {
    str: "text", int: "whole number", float: "number", bool: "true or false", date: "day",
}  # fmt: skip


# ── what fields are ──────────────────────────────────────────────────────────────────────────


def meaning(owner: type[Any], name: str) -> str:
    """What a field means; raises KeyError where nobody has said it."""
    for kind in owner.__mro__:
        if f"{kind.__name__}.{name}" in MEANINGS:
            used.add(f"{kind.__name__}.{name}")
            return MEANINGS[f"{kind.__name__}.{name}"]
    if name not in MEANINGS:
        raise KeyError(f"{Path(__file__).name}: say in MEANINGS what {owner.__name__}.{name} means")
    used.add(name)
    return MEANINGS[name]


def literals() -> dict[Any, str]:
    """The closed vocabularies with their names."""
    return {
        hint: spaced(name)
        for module in (values, vocabulary)
        for name, hint in vars(module).items()
        if get_origin(hint) is Literal
    }


def spaced(name: str) -> str:
    """A class name as words: `SpeechAct` is a speech act."""
    return PART_NAMES.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def words_of(hint: Any, name: str) -> str:  # noqa: ANN401  hints have no type of their own
    """A type as a person calls it; `name` is the field's, by which an id is known."""
    for known, text in TEXTS:
        if hint == known:
            return text
    if hint == Number:
        return "number"
    if hint is str and name in NOUN_OF_FIELD:
        return "id"
    if hint in SCALARS:
        return SCALARS[hint]
    return compound(hint, name)


def compound(hint: Any, name: str) -> str:  # noqa: ANN401  the same
    """The name of a type that is made of others."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return words_of(arguments[0], name)
    if origin is Literal:
        return choices(hint)
    if origin in (Union, UnionType):
        return either([each for each in arguments if each is not type(None)], name)
    if origin in (list, tuple):
        return f"list of {words_of(arguments[0], name)}"
    if origin is dict:
        return f"map of {words_of(arguments[1], '')}"
    return f"[{spaced(hint.__name__)}](#{anchor(spaced(hint.__name__))})"


def either(hints: list[Any], name: str) -> str:
    """The name of a type that is one of several; a whole number is a number too."""
    if int in hints and float in hints:
        hints = [each for each in hints if each is not int]
    return " or ".join(dict.fromkeys(words_of(each, name) for each in hints))


def choices(hint: Any) -> str:  # noqa: ANN401  the same
    """The words of a closed vocabulary, or a link where they are many."""
    found = get_args(hint)
    if len(found) <= INLINE_WORDS:
        return ", ".join(f"`{word}`" for word in found)
    title = literals()[hint]
    return f"[{title}](#closed-vocabularies)"


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table, and an empty one."""
    lines = [columns, ["---"] * len(columns), *rows]
    escaped = [[cell.replace("|", r"\|").replace("\n", " ") for cell in row] for row in lines]
    return [re.sub(r" +", " ", f"| {' | '.join(row)} |") for row in escaped] + [""]


def anchor(heading: str) -> str:
    """The anchor that a heading gets."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def first_line(doc: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((doc or "").strip().split("\n\n")[0].split())


# ── the command line ─────────────────────────────────────────────────────────────────────────


def command_group() -> click.Group:
    """The commands as click has them."""
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group)
    return group


def help_of(command: click.Command) -> tuple[str, list[str]]:
    """The sentences of a command's help, and its examples."""
    text, _, examples = (command.help or "").partition("\b\n")
    lines = examples.strip("\n").splitlines()
    return " ".join(text.split()), [
        re.sub(r"(?<=\S)( {2,})", r"\1# ", line, count=1) for line in lines
    ]


def argument_help() -> dict[tuple[str, str], str]:
    """What the code says of each command's arguments; not every click passes it on."""
    return {
        (name, argument): parameter.default.help or ""
        for name, callback in callbacks(app)
        for argument, parameter in get_params_from_function(callback).items()
        if isinstance(parameter.default, ArgumentInfo)
    }


def callbacks(of: typer.Typer, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """The function of every command, those of groups under both names."""
    for command in of.registered_commands:
        if command.callback:
            yield f"{before}{command.name}", command.callback
    for group in of.registered_groups:
        if group.typer_instance:
            yield from callbacks(group.typer_instance, f"{before}{group.name} ")


def every_command(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by its whole name, a group before those that it holds."""
    for name, command in group.commands.items():
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from every_command(command, f"{before}{name} ")


def parameter_row(parameter: click.Parameter, command: str = "") -> list[str]:
    """One argument or option: how it is written, what it takes, what it means."""
    if isinstance(parameter, click.Option):
        names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    else:
        names = f"`{parameter.metavar or (parameter.name or '').upper()}`"
    says = getattr(parameter, "help", None) or ""
    says = says or argument_help().get((command, parameter.name or ""), "")
    must = "required" if parameter.required else ""
    default = parameter.default
    shown = default not in (None, False, (), "-") and not callable(default)
    standard = f"default {default:g}" if isinstance(default, float) else f"default {default}"
    rest = "; ".join(text for text in (must, standard if shown else "") if text)
    return [names, takes(parameter), f"{says} ({rest})" if says and rest else says or rest]


def takes(parameter: click.Parameter) -> str:
    """What an argument or option takes."""
    if getattr(parameter, "is_flag", False):
        return ""
    kind = parameter.type
    if isinstance(kind, click.Choice):
        taken = ", ".join(f"`{choice}`" for choice in kind.choices)
    elif isinstance(kind, click.types.IntParamType):
        taken = "number"
    elif isinstance(kind, click.types.FloatParamType):
        taken = "seconds" if parameter.metavar == "SECONDS" else "number"
    else:
        taken = "path" if isinstance(kind, click.Path) else "text"
    several = parameter.nargs < 0 or getattr(parameter, "multiple", False)
    return f"{taken}, several" if several else taken


def usage(name: str, command: click.Command) -> str:
    """A command with its arguments, as a heading says it."""
    arguments = [
        parameter.metavar or (parameter.name or "").upper()
        for parameter in command.params
        if not isinstance(parameter, click.Option)
    ]
    return " ".join(["claims", name, *arguments])


def command_lines() -> Iterator[str]:
    """The section of the command line."""
    group = command_group()
    sentences, examples = help_of(group)
    yield from ("## The command line", "", sentences, "", "```sh", *examples, "```", "")
    yield from ("Options that stand before the command:", "")
    shown = [each for each in group.params if "completion" not in (each.name or "")]
    yield from table(["option", "takes", "meaning"], map(parameter_row, shown))
    yield "`--install-completion` and `--show-completion` set up your shell. `--help` stands"
    yield from ("behind any command.", "")
    for name, command in every_command(group):
        sentences, examples = help_of(command)
        yield from (f"### `{usage(name, command)}`", "", sentences, "")
        if examples:
            yield from ("```sh", *examples, "```", "")
        if command.params:
            head = ["argument or option", "takes", "meaning"]
            yield from table(head, (parameter_row(each, name) for each in command.params))


# ── NDJSON commands ──────────────────────────────────────────────────────────────────────────


def field_row(model: type[BaseModel], name: str, key: str = "") -> list[str]:
    """One field of a command or of a sheet."""
    field = model.model_fields[name]
    written = key or field.alias or name
    required = "yes" if field.is_required() else ""
    hint = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    default = field.default
    standard = f" (default `{default}`)" if isinstance(default, str) else ""
    meant = meaning(model, field.serialization_alias or field.alias or name)
    return [f"`{written}`", words_of(hint, name), required, meant + standard]


def command_fields(model: type[c.Command]) -> list[str]:
    """A command's own fields: its id first, why it is given last."""
    common = c.Command.model_fields.keys()
    names = [name for name in model.model_fields if name not in common]
    last = ("replaces", "reason", "error")
    return sorted(names, key=lambda name: (name in last, name != f"{model.NOUN}_id"))


def ndjson_lines() -> Iterator[str]:
    """The section of commands as NDJSON."""
    yield from NDJSON_INTRODUCTION.strip().splitlines()
    yield ""
    head = ["field", "type", "required", "meaning"]
    yield from table(head, (field_row(c.Command, name) for name in c.Command.model_fields))
    for verb, model in c.COMMANDS.items():
        yield from (f"### `{verb}`", "", first_line(model.__doc__), "")
        yield from table(head, (field_row(model, name) for name in command_fields(model)))
    yield from ("### Parts of commands", "")
    for part in COMMAND_PARTS:
        yield from (f"#### {spaced(part.__name__).capitalize()}", "", first_line(part.__doc__), "")
        yield from table(head, (field_row(part, name) for name in part.model_fields))


NDJSON_INTRODUCTION = """
## Commands as NDJSON

`claims append` takes one JSON object a line. Unknown fields are refused, and so is a key that
stands twice. A date is its EDTF text (`2018-02`, `2018?-02`, `2015/2017`), a quote its words. A
value is a number in its short form: `3500`, `about 3500`, `> 10000`, `at least 10`, `10..20`,
`25%`, `1/3`, or `?` for a number that gives no figure. An id is 1 to 100 of `a-z 0-9 . _ -` and
begins with a letter or a digit; an id that is left out is made from the name, or random. The
revising commands are patches: a field that is left out stays, `null` clears it. A line may refer to
what an earlier line of its batch made. Every command may have these fields:
"""


# ── event types ──────────────────────────────────────────────────────────────────────────────


def struct_rows(struct: type[Any]) -> Iterator[list[str]]:
    """The fields of an event or of a part of one, in the order in which they are written."""
    hints = get_type_hints(struct)
    for field in msgspec.structs.fields(struct):
        written = field.encode_name
        kind = words_of(hints[field.name], field.name)
        required = "yes" if field.required else ""
        yield [f"`{written}`", kind, required, meaning(struct, written)]


def event_tables() -> str:
    """The generated part of the log format: every event type, and the parts that they share."""
    head = ["field", "type", "required", "meaning"]
    lines = [""]
    for number, event in enumerate(EVENTS, 1):
        lines += [f"#### 6.{number} `{event.TYPE}`", "", first_line(event.__doc__), ""]
        lines += table(head, struct_rows(event))
    return "\n".join(lines)


def part_tables() -> str:
    """The generated part of the log format about parts that events share."""
    head = ["field", "type", "required", "meaning"]
    lines = [""]
    for part, says in EVENT_PARTS.items():
        lines += [f"#### {spaced(part.__name__).capitalize()}", "", says, ""]
        lines += table(head, struct_rows(part))
    return "\n".join([*lines, *vocabulary_lines("####")])


def vocabulary_lines(level: str) -> list[str]:
    """The closed vocabularies."""
    rows = [
        [title, ", ".join(f"`{word}`" for word in get_args(hint))]
        for hint, title in literals().items()
    ]
    return [f"{level} Closed vocabularies", "", *table(["vocabulary", "words"], rows)]


def event_lines() -> Iterator[str]:
    """The section of event types; their fields stand in the log format."""
    yield from ("## Event types", "")
    yield "Each event is one line of the log. The fields of each type, in order, stand in the"
    yield "[log format](log-format.md#6-event-types)."
    yield ""
    rows = []
    for number, event in enumerate(EVENTS, 1):
        link = f"log-format.md#{anchor(f'6.{number} {event.TYPE}')}"
        rows.append([f"[`{event.TYPE}`]({link})", first_line(event.__doc__)])
    yield from table(["type", "what it says"], rows)
    yield from vocabulary_lines("###")


# ── views ────────────────────────────────────────────────────────────────────────────────────


def view_columns() -> dict[str, list[tuple[str, str]]]:
    """The columns of every view with their types, from a database of no events."""
    with TemporaryDirectory(prefix="claims-") as made:
        path = Path(made) / "empty.duckdb"
        path.write_bytes(empty_file())
        log = Path(made) / "log.jsonl"
        log.touch()
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("set variable log_files = ?", [[str(log)]])
            return {
                view.name: [
                    (str(name), str(kind))
                    for name, kind, *_ in connection.execute(f"describe {view.name}").fetchall()
                ]
                for view in catalog.views()
            }


def view_lines() -> Iterator[str]:
    """The section of views."""
    yield from VIEWS_INTRODUCTION.strip().splitlines()
    yield ""
    columns = view_columns()
    for view in sorted(catalog.views(), key=lambda each: each.name):
        yield from (f"### `{view.name}`", "")
        yield f"{sentence(view.header['grain'])} {sentence(view.header['why'])}"
        yield ""
        rows = [[f"`{name}`", column_type(kind)] for name, kind in columns[view.name]]
        yield from table(["column", "type"], rows)


def sentence(text: str) -> str:
    """Words of a header as a sentence."""
    return f"{text[:1].upper()}{text[1:]}."


def column_type(kind: str) -> str:
    """A type; one that DuckDB wrote in many words stands as code."""
    return f"`{kind}`" if "(" in kind else kind


VIEWS_INTRODUCTION = """
## Views

Every view follows the session variable `as_of`: a size of the log, a `TIMESTAMP`, a `TIMESTAMPTZ`
or a `DATE` (UTC). `position` is that of the event that the row's form came from, `recorded_at` and
`actor` are its time and its recorder. A date is three columns: the EDTF text, the first day and the
last day. `claims view NAME` shows a few columns, `--all` every one.
"""


# ── errors ───────────────────────────────────────────────────────────────────────────────────


def error_classes() -> Iterator[tuple[int, type[ClaimsError]]]:
    """Every way to fail with its depth in the tree, each below what it is a kind of."""
    for module in pkgutil.walk_packages(ledger.__path__, "ledger."):
        importlib.import_module(module.name)

    def below(kind: type[ClaimsError], depth: int) -> Iterator[tuple[int, type[ClaimsError]]]:
        yield depth, kind
        for each in kind.__subclasses__():
            yield from below(each, depth + 1)

    yield from below(ClaimsError, 0)


def error_lines() -> Iterator[str]:
    """The section of errors and exit codes."""
    yield from ERRORS_INTRODUCTION.strip().splitlines()
    yield ""
    rows = [
        [f"`{kind.__name__}`", parent(kind, depth), str(kind.exit_code), first_line(kind.__doc__)]
        for depth, kind in error_classes()
    ]
    yield from table(["error", "a kind of", "exit code", "what happened"], rows)


def parent(kind: type[ClaimsError], depth: int) -> str:
    """What an error is a kind of."""
    return f"`{kind.__mro__[1].__name__}`" if depth else ""


ERRORS_INTRODUCTION = """
## Errors and exit codes

An error is three short lines on stderr: what happened, where, what to do. Nothing of a failing
batch is written. Besides the codes below, 0 says that all went well, 1 that there are findings,
2 also that the command line was not understood, and 130 that the command was interrupted.
"""


# ── sheets ───────────────────────────────────────────────────────────────────────────────────


def sheet_lines() -> Iterator[str]:
    """The section of claim sheets."""
    yield from SHEETS_INTRODUCTION.strip().splitlines()
    yield ""
    for part in SHEET_PARTS:
        yield from (f"### Sheet: {spaced(part.__name__)}", "", first_line(part.__doc__), "")
        names = sorted(part.model_fields, key=lambda name: name == "note")
        rows = (in_sheet(field_row(part, name)) for name in names)
        yield from table(["key", "type", "required", "meaning"], rows)


def in_sheet(row: list[str]) -> list[str]:
    """A row of a sheet's table, whose links lead to parts of the sheet."""
    return [row[0], re.sub(r"\(#(?!closed)", "(#sheet-", row[1]), *row[2:]]


SHEETS_INTRODUCTION = """
## Claim sheets

A claim sheet is YAML: one source, and what is said in it. Its keys are the fields of the commands
without their `_id`. Every scalar is read as text. An editor can check and complete sheets with the
[JSON Schema](claim-sheet.schema.json): put
`# yaml-language-server: $schema=<path>/claim-sheet.schema.json` at the top of a sheet.
`claims sheet FILE` starts one.
"""


# ── the files ────────────────────────────────────────────────────────────────────────────────

REFERENCE_INTRODUCTION = """
<!-- Made by docs/make_reference.py from the code; changes here are lost. -->
# Reference

- [The command line](#the-command-line)
- [Commands as NDJSON](#commands-as-ndjson)
- [Event types](#event-types)
- [Views](#views)
- [Errors and exit codes](#errors-and-exit-codes)
- [Claim sheets](#claim-sheets)
"""


def reference() -> str:
    """The text of docs/reference.md."""
    lines = [*REFERENCE_INTRODUCTION.strip().splitlines(), ""]
    for section in (
        command_lines, ndjson_lines, event_lines, view_lines, error_lines, sheet_lines,
    ):  # fmt: skip
        lines += section()
    return "\n".join(lines).rstrip() + "\n"


def schema() -> str:
    """The text of docs/claim-sheet.schema.json."""
    return json.dumps(sheet_schema(), indent=2, ensure_ascii=False) + "\n"


def log_format(text: str) -> str:
    """The text of docs/log-format.md with its generated parts made anew."""
    for name, part in (("shared parts", part_tables()), ("event types", event_tables())):
        begin, end = f"<!-- generated: {name} -->", f"<!-- end of generated: {name} -->"
        before, found, rest = text.partition(begin)
        _, ended, after = rest.partition(end)
        if not (found and ended):
            raise SystemExit(f"{LOG_FORMAT.name} lacks {begin} or {end}")
        text = f"{before}{begin}\n{part}{end}{after}"
    return text


def files() -> dict[Path, str]:
    """Every file that this makes, with its text."""
    made = {
        REFERENCE: reference(),
        SCHEMA: schema(),
        LOG_FORMAT: log_format(LOG_FORMAT.read_text("utf-8")),
    }
    if unused := sorted(MEANINGS.keys() - used):
        raise SystemExit(f"{Path(__file__).name}: no field has the meaning of {', '.join(unused)}")
    return made


def main() -> int:
    """Write the files, or check them."""
    wrong = {path: text for path, text in files().items() if not is_written(path, text)}
    only_check = "--check" in sys.argv[1:]
    for path, text in wrong.items():
        if only_check:
            sys.stderr.write(f"{path.name} is not what the code makes: run {Path(__file__).name}\n")
        else:
            path.write_text(text, "utf-8")
    return 1 if wrong and only_check else 0


def is_written(path: Path, text: str) -> bool:
    """Whether a file has a text already."""
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
