"""The rule book: decide(command, known) gives the events that a command becomes.

It reads no disk, no clock and no terminal. What a command names must exist and not be void. An id
that is there already makes nothing when the content is the same, and is a conflict when it is not.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from events.record import Draft
from events.things import forms_of
from events.values import Value
from ledger import commands as c
from ledger import corrections, rules
from ledger.errors import Conflict
from ledger.given import Given
from ledger.known import Known
from ledger.references import check_references, refuse_erased, refuse_void
from ledger.rules import Outcome
from ledger.terms import Recorder


class Decision(NamedTuple):
    """What becomes of a command: events to append, or the position where it stands already.

    `made` names things as `<noun>/<id>`, the one that the command's verb names first.
    """

    drafts: tuple[Draft, ...]
    made: tuple[str, ...]
    unchanged_at: int | None = None


def decide(given: Given, known: Known, recorder: Recorder) -> Decision:
    """Decide what becomes of one command; raises Refused or Conflict with the field at fault."""
    repeated = known.keys.get(given.key)
    if repeated:
        return Decision((), repeated.made, repeated.position)
    check_references(given.command, given.references, known)
    outcome = RULES[type(given.command)](given.command, known, given.document)
    made = tuple(form.subject for form in forms_of(outcome.data)) or (outcome.subject,)
    standing = same_already(outcome, given, known)
    if standing is not None:
        return Decision((), made, standing)
    return Decision(drafts_of(outcome, given, recorder), made)


def drafts_of(outcome: Outcome, given: Given, recorder: Recorder) -> tuple[Draft, ...]:
    """The events of an outcome; the key stands on the one that the command's verb names."""
    actor = given.command.actor or recorder.actor
    agent = given.command.agent or recorder.agent
    outlets = (
        Draft(data=outlet, subject=f"speaker/{outlet.speaker_id}", actor=actor, agent=agent)
        for outlet in outcome.outlets
    )
    main = Draft(
        data=outcome.data, subject=outcome.subject, actor=actor, agent=agent, key=given.key
    )
    return (*outlets, main)


def same_already(outcome: Outcome, given: Given, known: Known) -> int | None:
    """The position where all that a command would make stands already; None where nothing does.

    Raises Conflict where an id is taken by something else.
    """
    if isinstance(given.command, c.Revise):
        return None
    for form in forms_of(outcome.data):
        refuse_erased(form.noun, form.id, known)
        thing = known.thing(form.noun, form.id)
        if thing is None:
            continue
        if given.implied:
            return thing.created
        refuse_void(thing, known, f"{form.noun}_id")
        if form.part is None and any(form.fields == fields for _, fields in thing.forms):
            return thing.created
        raise taken(form.noun, form.id, thing.created, differences(thing.forms[0][1], form.fields))
    return None


def taken(noun: str, name: str, position: int, differing: list[str]) -> Conflict:
    """The conflict of an id that something else has."""
    where = f"; they differ in {', '.join(differing)}" if differing else ""
    return Conflict(
        f"The {noun} {name} is already recorded at position {position}{where}.",
        field=f"{noun}_id",
        way_out=f"To correct it use revise_{noun} with a reason; for another {noun}, another id.",
    )


def differences(old: Value, new: Value) -> list[str]:
    """The names of the fields in which two forms of a thing differ."""
    left, right = msgspec.structs.asdict(old), msgspec.structs.asdict(new)
    return [name for name in right if left.get(name) != right[name]]


RULES: dict[type[c.Command], Callable[..., Outcome]] = {
    c.RegisterSpeaker: rules.register_speaker,
    c.CiteSource: rules.take_source,
    c.CaptureSource: rules.take_source,
    c.DefineMeasure: rules.define_measure,
    c.RecordStatement: rules.record_statement,
    c.AddReport: rules.add_report,
    c.AddEstimate: rules.add_estimate,
    c.JudgeSpeakers: rules.judge_speakers,
    c.RelateStatements: rules.relate_statements,
    c.AssessStatement: rules.assess_statement,
    c.AssessSource: rules.assess_source,
    c.VoidRecord: corrections.void_record,
    c.ReviseSource: corrections.revise,
    c.ReviseSpeaker: corrections.revise,
    c.ReviseMeasure: corrections.revise,
    c.ReviseStatement: corrections.revise,
    c.ReviseReport: corrections.revise,
    c.ReviseEstimate: corrections.revise,
}
