"""The rules of revising and voiding: our own errors, which never erase what was recorded."""

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from events.things import forms_of
from events.values import Value
from events.vocabulary import (
    EstimateFields,
    EstimateRevised,
    KeyRotated,
    LedgerCreated,
    LedgerRecovered,
    LedgerRestored,
    MeasureFields,
    MeasureRevised,
    RecordRedacted,
    RecordVoided,
    Redacted,
    ReportFields,
    ReportRevised,
    SourceFields,
    SourceRevised,
    SpeakerFields,
    SpeakerRevised,
    StatementFields,
    StatementRevised,
)
from ledger import commands as c
from ledger.documents import Document
from ledger.errors import Conflict, Refused, in_field
from ledger.known import Known, Thing
from ledger.parts import date_of, links, memberships, place_quote, quantity_of, spans, value_span
from ledger.references import given_in, refuse_gone
from ledger.rules import Outcome, publisher_of
from ledger.written import differences

Fields = dict[str, Any]

LASTING = (LedgerCreated, LedgerRecovered, LedgerRestored, KeyRotated, RecordRedacted)
RESTING = {"source": ("report",), "report": ("estimate",)}
ABOUT_COMMAND = {"command", "actor", "agent", "command_id", "replaces", "reason", "error"}
REVISED: dict[str, tuple[type[Value], type[Value]]] = {
    "source": (SourceFields, SourceRevised),
    "speaker": (SpeakerFields, SpeakerRevised),
    "measure": (MeasureFields, MeasureRevised),
    "statement": (StatementFields, StatementRevised),
    "report": (ReportFields, ReportRevised),
    "estimate": (EstimateFields, EstimateRevised),
}


def revise(command: c.Revise, known: Known, _document: Document | None) -> Outcome:
    """A thing's fields, complete, with those that the command gives in place of the earlier."""
    thing = subject_of(command, known)
    replaced, current = known.current(thing)
    if command.replaces is not None and command.replaces != replaced:
        raise stale(thing, command.replaces, replaced)
    kind, revised = REVISED[thing.noun]
    fields = {name: getattr(current, name) for name in own_fields(kind)}
    given = command.model_fields_set - ABOUT_COMMAND - {f"{thing.noun}_id"}
    refuse_resting_on_erased(fields, command, known)
    patch = PATCHES[thing.noun](command, given, fields, known)
    refuse_clearing(kind, patch)
    if all(fields[name] == value for name, value in patch.items()):
        raise Refused("The revision changes nothing.", way_out="Give the fields that were wrong.")
    refuse_other_statement(thing, patch, known)
    if thing.statement_id:
        patch["statement_id"] = thing.statement_id
    data = revised(
        **(fields | patch), replaces=replaced, reason=command.reason, error=command.error
    )
    return Outcome(data, f"{thing.noun}/{thing.id}")


def stale(thing: Thing, wanted: int, replaced: int) -> Conflict:
    """The conflict of a revision that replaces another form than the one that counts.

    It shows both: each field in which they differ, and why it was revised meanwhile.
    """
    forms = dict(thing.forms)
    what = f"The form of {thing.noun} {thing.id} that counts stands at position {replaced},"
    lines = [f"{what} not at {wanted}."]
    if wanted not in forms:
        places = ", ".join(map(str, forms))
        lines += [f"Position {wanted} holds no form of it; its forms stand at {places}."]
    else:
        lines += [
            f"{name} at {position}: {text}"
            for name, old, new in differences(thing.noun, forms[wanted], forms[replaced])
            for position, text in ((wanted, old), (replaced, new))
        ] or ["Both say the same."]
    reason = getattr(forms[replaced], "reason", None)
    if reason:
        lines += [f"Position {replaced} gives the reason: {reason}"]
    return Conflict(
        "\n       ".join(lines),
        field="replaces",
        way_out=f"Look at `claims history {thing.id}`; if it is still wrong, revise the form at"
        f" {replaced}.",
    )


def refuse_other_statement(thing: Thing, patch: Fields, known: Known) -> None:
    """A number moves to another report of its statement, never to another statement."""
    report = known.thing("report", patch["report_id"]) if patch.get("report_id") else None
    if report and report.statement_id != thing.statement_id:
        raise Refused(
            f"The report {report.id} belongs to the statement {report.statement_id}.",
            field="report_id",
            way_out="Void this estimate, and add one to that report.",
        )


def refuse_resting_on_erased(fields: Fields, command: c.Revise, known: Known) -> None:
    """What hangs on an erased source or report counts no longer, so it is not revised either."""
    for noun in ("source", "report"):
        name = given_in(command, f"{noun}_id") or fields.get(f"{noun}_id")
        if name and command.NOUN in RESTING[noun]:
            refuse_gone(noun, name, known, f"{noun}_id")


def subject_of(command: c.Revise, known: Known) -> Thing:
    """The thing that a revision is about; that it is there was checked with the references."""
    thing = known.thing(command.NOUN, getattr(command, f"{command.NOUN}_id"))
    assert thing is not None
    return thing


@cache
def own_fields(kind: type[Value]) -> tuple[str, ...]:
    """The fields of a thing, without those of the event that revised it."""
    names = [field.name for field in msgspec.structs.fields(kind)]
    return tuple(name for name in names if name not in ("replaces", "reason", "error"))


@cache
def lasting_fields(kind: type[Value]) -> tuple[str, ...]:
    """The fields that every form of a thing has."""
    return tuple(field.name for field in msgspec.structs.fields(kind) if field.required)


def refuse_clearing(kind: type[Value], patch: Fields) -> None:
    """A field that every form has can be changed, not cleared."""
    for name in lasting_fields(kind):
        if patch.get(name, True) is None:
            raise Refused(
                f"{name} cannot be empty.",
                field=name,
                way_out="Give what it should be; leave it out to keep it.",
            )


# ── patches: what the given fields of each thing become ──────────────────────────────────────


def plain(command: c.Revise, given: set[str]) -> Fields:
    """Given fields as they stand in an event: dates with bounds, lists as tuples."""
    return {name: settled(name, getattr(command, name)) for name in sorted(given)}


def settled(name: str, value: Any) -> Any:  # noqa: ANN401  a field may hold anything
    """One given field as it stands in an event."""
    if name in ("said_at", "published", "reference_period"):
        return date_of(value)
    if name in LISTS:
        return tuple(value or ())
    return {} if name == "identifiers" and value is None else value


LISTS = {"co_speakers", "alternatives", "citing", "topics", "aliases", "tags", "derived_from"}


def patch_plain(command: c.Revise, given: set[str], _fields: Fields, _known: Known) -> Fields:
    """A measure or a statement: the given fields as they are."""
    return plain(command, given)


def patch_speaker(command: c.Revise, given: set[str], _fields: Fields, _known: Known) -> Fields:
    """A speaker: its memberships with the dates of each."""
    patch = plain(command, given - {"memberships"})
    if "memberships" in given:
        patch["memberships"] = memberships(getattr(command, "memberships", None) or [])
    return patch


def patch_source(command: Any, given: set[str], _fields: Fields, known: Known) -> Fields:  # noqa: ANN401  made by create_model
    """A source: its publisher by id, or by the name of an outlet that is registered."""
    patch = plain(command, given - {"publisher"})
    if "publisher" in given:
        publisher_id, outlets = publisher_of(command, known)
        if outlets:
            raise Refused(
                f"No outlet is registered as {command.publisher!r}.",
                field="publisher",
                way_out="Register it first (register_speaker with kind outlet).",
            )
        patch["publisher_id"] = publisher_id
    return patch


def patch_report(command: Any, given: set[str], fields: Fields, known: Known) -> Fields:  # noqa: ANN401  made by create_model
    """A report: when words or source change, the words are found anew."""
    placing = {"source_id", "quote", "prefix", "suffix", "fragments"}
    patch = plain(command, given - placing - {"via"})
    if "via" in given:
        patch["via"] = links(known, command.via or [])
    if not given & placing:
        return patch
    old = fields["quote"]
    around = (command.prefix, command.suffix)
    if "quote" not in given and not given & {"prefix", "suffix"}:
        around = (old.prefix, old.suffix)
    source_id = command.source_id or fields["source_id"]
    with in_field("quote"):
        quote, anchor = place_quote(known, source_id, command.quote or old.exact, around)
    pieces = command.fragments if "fragments" in given else [f.exact for f in fields["fragments"]]
    return patch | {
        "source_id": source_id,
        "quote": quote,
        "anchor": anchor,
        "fragments": spans(quote, pieces or [], "fragments"),
    }


def patch_estimate(command: Any, given: set[str], fields: Fields, known: Known) -> Fields:  # noqa: ANN401  made by create_model
    """An estimate: its number as a whole, and its words within its report's quote."""
    bounds = {"comparator", "low", "best", "high", "low_inclusive", "high_inclusive"}
    numbers = {"value", *bounds}
    patch = plain(command, given - numbers - {"value_text"})
    if given & numbers:
        quantity = quantity_of(command)
        patch |= {name: getattr(quantity, name) for name in bounds}
    if given & {*numbers, "value_text", "report_id"}:
        patch["value_text"] = words_of_number(command, given, fields | patch, known)
    return patch


def words_of_number(command: Any, given: set[str], fields: Fields, known: Known) -> Any:  # noqa: ANN401  made by create_model
    """The words of a revised number, found in the quote of its report."""
    old = fields["value_text"]
    words = command.value_text if "value_text" in given else (old and old.exact)
    if words is None:
        return None
    thing = known.thing("report", fields["report_id"])
    assert thing is not None
    report: Any = known.current(thing)[1]
    number = c.EstimateInput(
        measure_id=fields["measure_id"],
        comparator=fields["comparator"],
        **{name: fields[name] for name in ("low", "best", "high")},
        value_text=words,
        basis=fields["basis"],
    )
    return value_span(number, quantity_of(number), report.quote)


PATCHES: dict[str, Callable[[Any, set[str], Fields, Known], Fields]] = {
    "source": patch_source,
    "speaker": patch_speaker,
    "measure": patch_plain,
    "statement": patch_plain,
    "report": patch_report,
    "estimate": patch_estimate,
}


# ── voids ────────────────────────────────────────────────────────────────────────────────────


def void_record(command: c.VoidRecord, known: Known, _document: Document | None) -> Outcome:
    """An event, or a part of one, counts no longer; voiding a void reinstates."""
    if command.position not in known.events:
        raise Refused(
            f"There is no event at position {command.position}; the ledger holds {known.size}.",
            field="position",
            way_out="Positions begin at 0; `claims history ID` shows those of a thing.",
        )
    subject, data = known.events[command.position]
    if isinstance(data, Redacted):
        raise Refused(
            f"The event at position {command.position} was erased, by that at {data.redacted_by}.",
            field="position",
            way_out="There is nothing left to be void.",
        )
    if isinstance(data, LASTING):
        raise Refused(
            f"The event at position {command.position} is {data.TYPE}, which cannot be void.",
            field="position",
            way_out="What is recorded of the ledger itself stays.",
        )
    parts = [form.part for form in forms_of(data) if form.part]
    if command.part is not None and command.part not in parts:
        raise Refused(
            f"The event at position {command.position} has no part {command.part}.",
            field="part",
            way_out=f"Its parts are {', '.join(map(str, parts))}." if parts else "Leave it out.",
        )
    already = known.hidden_by(command.position, command.part)
    if already is not None:
        raise Conflict(
            f"Position {command.position} is void already, by the event at position {already}.",
            field="position",
            way_out=f"To reinstate it, void position {already}.",
        )
    voided = RecordVoided(
        position=command.position, part=command.part, reason=command.reason, note=command.note
    )
    return Outcome(voided, command.part or subject)
