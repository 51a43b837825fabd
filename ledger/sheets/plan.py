"""Sheets as the wanted state: what is new, changed, unchanged or no longer mentioned (DESIGN 6).

Each command of the sheets is decided in turn on what is known, as it would be when it is recorded;
what the ledger holds already in another form becomes a revision that names the form it replaces.
Commands without a thing of their own (relations, judgements, assessments) come last.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from events.ids import random_id
from events.things import forms_of
from ledger import commands as c
from ledger.batches import decide_batch
from ledger.decide import RULES
from ledger.errors import ClaimsError, Conflict, join_fields
from ledger.given import Given, command_key, nearest, prepare
from ledger.inputs import Raw
from ledger.known import Known, Thing
from ledger.lookup import Lookup
from ledger.references import check_references
from ledger.rules import Outcome
from ledger.sheets.differences import Change, changes, differing, gist_of, kind_of, patch
from ledger.sheets.held import Held, same_loose, stands_for
from ledger.sheets.identify import identified
from ledger.sheets.planned import Entry, Orders, Plan, State
from ledger.terms import Recorder

THINGS = (
    c.RegisterSpeaker, c.DefineMeasure, c.CiteSource, c.CaptureSource, c.RecordStatement,
    c.AddReport, c.AddEstimate,
)  # fmt: skip


def plan_sheets(batch: Sequence[Given], lookup: Lookup, recorder: Recorder, orders: Orders) -> Plan:
    """Compare what sheets want with what the ledger holds; writes nothing.

    Raises Refused for what cannot be recorded, and Conflict for what no revision can change.
    """
    known = Known(lookup.database.size)
    wanted = identified(batch, known, lookup)
    held = Held.of(wanted, known, lookup)
    planner = Planner(Plan(), known, lookup, recorder, orders)
    for at, given in enumerate(wanted):
        if isinstance(given.command, THINGS):
            planner.take_thing(at, given)
    planner.take_missing(held, wanted)
    loose = [(at, given) for at, given in enumerate(wanted) if at not in planner.plan.made]
    planner.take_loose(loose, held)
    return planner.plan


@dataclass
class Planner:
    """Goes through the commands of sheets; what was decided for one is known for the next."""

    plan: Plan
    known: Known
    lookup: Lookup
    recorder: Recorder
    orders: Orders

    # ── things ───────────────────────────────────────────────────────────────────────────────

    def take_thing(self, at: int, given: Given) -> None:
        """Plan one thing with its parts."""
        command: Any = given.command
        name = getattr(command, f"{command.NOUN}_id")
        thing = self.known.thing(command.NOUN, name) if name else None
        if thing is None:
            self.plan.made[at] = len(self.plan.batch)
            self.emit(given)
            data = self.plan.decisions[-1].drafts[-1].data
            self.note("new", f"{command.NOUN}/{name}" if name else command.NOUN, data, given)
            return
        subjects: tuple[str, ...] = (f"{thing.noun}/{thing.id}",)
        before = len(self.plan.entries)
        if not given.implied:
            with placing(given):
                outcome = self.outcome(given, thing)
            self.register(outcome, given)
            subjects = tuple(form.subject for form in forms_of(outcome.data))
            self.compare(given, outcome)
        self.plan.made[at] = subjects
        if len(self.plan.entries) == before:
            position = self.known.current(thing)[0]
            self.plan.entries.append(
                Entry("unchanged", subjects[0], "", given.place, position=position)
            )

    def outcome(self, given: Given, thing: Thing) -> Outcome:
        """What a command would make of a thing that is known; raises Refused and Conflict."""
        check_references(given.command, given.references, self.known)
        outcome: Outcome = RULES[type(given.command)](given.command, self.known, given.document)
        if given.document:
            refuse_other_document(self.known.current(thing)[1], outcome.data, thing.id)
        for form in forms_of(outcome.data):
            there = self.known.thing(form.noun, form.id)
            owner = getattr(outcome.data, "statement_id", None)
            if there and there.statement_id not in (None, owner):
                raise Conflict(
                    f"The {form.noun} {form.id} belongs to the statement {there.statement_id}.",
                    field=f"{form.noun}_id",
                    way_out=f"It cannot move to another one: give this {form.noun} another id.",
                )
        return outcome

    def register(self, outcome: Outcome, given: Given) -> None:
        """Plan the outlets that a changed source brings along."""
        for outlet in outcome.outlets:
            self.note("new", f"speaker/{outlet.speaker_id}", outlet, given)
            raw = {"speaker_id": outlet.speaker_id, "kind": outlet.kind, "name": outlet.name}
            self.emit(self.made({"command": "register_speaker", **raw}, given, "publisher"))

    def compare(self, given: Given, outcome: Outcome) -> None:
        """Plan what differs between a thing with its parts, as they are and as they should be."""
        for (path, part), form in zip(parts_of(given.command), forms_of(outcome.data), strict=True):
            thing = self.known.thing(form.noun, form.id)
            if thing is None:
                raw = {"command": f"add_{form.noun}", **said(part), f"{form.noun}_id": form.id}
                if form.noun == "estimate":
                    raw["report_id"] = getattr(form.fields, "report_id", None)
                raw["statement_id"] = getattr(outcome.data, "statement_id", None)
                self.note("new", form.subject, form.fields, given, path=path)
                self.emit(self.made(raw, given, path))
            else:
                self.reinstate(thing, given, path)
                self.revise(thing, given, path, (part, form.fields))

    def reinstate(self, thing: Thing, given: Given, path: str) -> None:
        """Plan that a void thing counts again."""
        void = self.known.hidden_by(thing.created, thing.part)
        if void is None:
            return
        form = self.known.current(thing)[1]
        self.note("reinstated", f"{thing.noun}/{thing.id}", form, given, path=path)
        while void is not None:
            self.emit(self.made(self.void(void), given, path))
            void = self.known.hidden_by(thing.created, thing.part)

    def revise(self, thing: Thing, given: Given, path: str, sides: tuple[Any, Any]) -> None:
        """Plan the revision of a thing, where its current form is not the one that is wanted."""
        part, new = sides
        position, old = self.known.current(thing)
        names = differing(old, new, part)
        if not names:
            return
        shown = tuple(self.with_names(each) for each in changes(old, new, names))
        subject = f"{thing.noun}/{thing.id}"
        where = join_fields(path, names[0])
        self.note("changed", subject, new, given, path=where, changes=shown)
        raw = {
            "command": f"revise_{thing.noun}", f"{thing.noun}_id": thing.id,
            **patch(part, new, names), "replaces": position, "reason": self.reason,
        }  # fmt: skip
        if self.orders.error:
            raw["error"] = self.orders.error
        self.emit(self.made(raw, given, path))

    def with_names(self, change: Change) -> Change:
        """A change of publisher has their names, as the sheet does."""
        if change.field != "publisher":
            return change
        return change._replace(old=self.name_of(change.old), new=self.name_of(change.new))

    def name_of(self, speaker_id: str) -> str:
        """The name of a speaker, where it is known."""
        thing = self.known.thing("speaker", speaker_id)
        return getattr(self.known.current(thing)[1], "name", speaker_id) if thing else speaker_id

    # ── what sheets no longer mention ────────────────────────────────────────────────────────

    def take_missing(self, held: Held, wanted: Sequence[Given]) -> None:
        """Name what the ledger holds of the sheets' sources and no entry is about; void it if told.

        What hangs on a missing thing goes with it, and is not named.
        """
        for noun, name in held.missing(wanted):
            thing = self.known.thing(noun, name)
            if thing is None or self.known.is_hidden(thing.created, thing.part):
                continue
            state: State = "void" if self.orders.void_missing else "missing"
            form = self.known.current(thing)[1]
            self.note(state, f"{noun}/{name}", form, held.sheet)
            if self.orders.void_missing:
                self.emit(self.made(self.void(thing.created, thing.part), held.sheet))

    # ── relations, judgements, assessments ───────────────────────────────────────────────────

    def take_loose(self, loose: Sequence[tuple[int, Given]], held: Held) -> None:
        """Plan what has no id.

        It stands when the same stands, and is changed when another answer to its question does.
        """
        free = {at: self.known.events[at][1] for at in held.loose}
        outcomes: dict[int, Outcome] = {}
        found: dict[int, int] = {}
        for at, given in loose:
            with placing(given):
                check_references(given.command, given.references, self.known)
                outcomes[at] = RULES[type(given.command)](given.command, self.known, None)
        for fits in (same_loose, stands_for):
            for at, _ in loose:
                data = outcomes[at].data
                match = next((each for each, old in free.items() if fits(old, data)), None)
                if at not in found and match is not None:
                    found[at] = match
                    del free[match]
        for at, given in loose:
            self.take_loose_one(at, given, outcomes[at], found.get(at))
        gone = {each.subject for each in self.plan.entries if each.state in ("missing", "void")}
        for position in held.missing_loose(free, gone):
            subject = self.known.events[position][0]
            state: State = "void" if self.orders.void_missing else "missing"
            self.note(state, subject, free[position], held.sheet)
            if self.orders.void_missing:
                self.emit(self.made(self.void(position), held.sheet))

    def take_loose_one(self, at: int, given: Given, outcome: Outcome, found: int | None) -> None:
        """Plan one of them, `found` being the position of what stands for it in the ledger."""
        self.plan.made[at] = (outcome.subject,)
        if found is None:
            self.note("new", outcome.subject, outcome.data, given)
            self.emit(self.fresh(given))
            return
        old = self.known.events[found][1]
        if same_loose(old, outcome.data):
            self.note("unchanged", outcome.subject, outcome.data, given, position=found)
            return
        names = differing(old, outcome.data)
        shown = tuple(changes(old, outcome.data, names))
        self.note("changed", outcome.subject, outcome.data, given, changes=shown)
        if not isinstance(given.command, c.JudgeSpeakers):  # of judgements the latest counts
            self.emit(self.made(self.void(found), given))
        self.emit(self.fresh(given))

    # ── writing the plan ─────────────────────────────────────────────────────────────────────

    @property
    def reason(self) -> str:
        """The reason given; without one the plan is only shown."""
        return self.orders.reason or "(not given)"

    def void(self, position: int, part: str | None = None) -> Raw:
        """The command that makes an event, or a part of it, count no longer; never a repetition."""
        raw: Raw = {"command": "void_record", "position": position, "reason": self.reason}
        return raw | ({"part": part} if part else {}) | {"command_id": random_id()}

    def made(self, raw: Raw, given: Given, path: str = "") -> Given:
        """A command that follows from an entry of a sheet, with its places there."""
        place = given.places.get(path, given.place)
        begin = f"{path}." if path else ""
        places = {
            name.removeprefix(begin): where
            for name, where in given.places.items()
            if name.startswith(begin)
        }
        return self.fresh(prepare(raw, place, Path(), places))

    def fresh(self, given: Given) -> Given:
        """A command with a key of its own, also where it was given before.

        So it is when an edit is undone and made again.
        """
        self.lookup.fill_keys(self.known, {given.key} - self.known.keys.keys())
        if given.key not in self.known.keys:
            return given
        return replace(given, key=command_key({"command_id": random_id()}))

    def emit(self, given: Given) -> None:
        """Decide on a command of the batch, and know what it makes."""
        self.plan.decisions += decide_batch([given], self.known, self.recorder)
        self.plan.batch.append(given)

    def note(self, state: State, subject: str, form: object, given: Given, **more: Any) -> None:  # noqa: ANN401  fields of an entry
        """Add a line to the plan."""
        place = nearest(given.places, more.pop("path", "")) or given.place
        kind = kind_of(form)
        self.plan.entries.append(Entry(state, subject, gist_of(form), place, kind=kind, **more))


@contextmanager
def placing(given: Given) -> Iterator[None]:
    """Give what is raised inside the place of the sheet that it comes from."""
    try:
        yield
    except ClaimsError as error:
        raise given.placed(error) from None


def parts_of(command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  any command of a thing
    """A command and its parts, each with its path, in the order in which they are made."""
    yield "", command
    if isinstance(command, c.RecordStatement):
        for at, report in enumerate(command.reports):
            yield f"reports[{at}]", report
        for at, estimate in enumerate(command.estimates):
            yield f"estimates[{at}]", estimate


def said(part: Any) -> Mapping[str, Any]:  # noqa: ANN401  any part of a command
    """What a part of a command says."""
    dumped: dict[str, Any] = part.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude_unset=True
    )
    return dumped


def refuse_other_document(old: Any, new: Any, source_id: str) -> None:  # noqa: ANN401  forms of a source
    """A source has the document that it was captured with."""
    if old.sha256 == new.sha256:
        return
    what = "was captured from other bytes" if old.captured else "was only cited"
    raise Conflict(
        f"The source {source_id} {what}; a revision cannot give it this document.",
        field="document",
        way_out=f"Another version is a source of its own: another id, with version_of: {source_id}"
        " where it replaces it.",
    )
