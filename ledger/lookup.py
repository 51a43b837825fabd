"""Fills what must be known for a batch: its things, keys, voids and texts, in a few set queries.

Rules kept here:
- the models of commands are loaded only with a batch of them.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from events.codec import decode_event
from events.record import Event
from events.things import NOUNS, forms_of
from events.vocabulary import EstimateFields, ReportFields, SourceFields
from ledger.documents import DocumentStore
from ledger.known import Known, Name, Repeated
from ledger.log import Log
from projections import catalog

if TYPE_CHECKING:
    from ledger.given import Given
    from projections.database import Database

_ASKS_VOIDS = "positions_of_voids"  # for every event that is looked up, and most ledgers have none


class Lookup:
    """Answers from the views, which must stand at the size that is decided on, and from the log."""

    def __init__(self, database: "Database", log: Log) -> None:
        self.database = database
        self.log = log
        self.documents = DocumentStore(log.folder)

    def fill(self, known: Known, batch: "Sequence[Given]") -> None:
        """Look up what a batch names and is not known yet."""
        from ledger.commands import VoidRecord

        for given in batch:
            if given.document:
                known.texts[given.document.text_sha256] = given.document.text
        self.fill_keys(known, {given.key for given in batch} - known.keys.keys())
        names = {name for given in batch for name in given.wanted}
        names |= self.reports_left_open(batch)
        targets = [each.command.position for each in batch if isinstance(each.command, VoidRecord)]
        names |= self.fill_events(known, targets)
        self.fill_names(known, names)

    def fill_names(self, known: Known, names: set[Name]) -> None:
        """Take in things that are not known yet, what they rest on, and the texts of sources."""
        if self.fill_all_things(known, names):
            self.fill_texts(known)

    def fill_all_things(self, known: Known, names: set[Name]) -> bool:
        """Take in things that are not known yet, and what they rest on; tells if there were any."""
        found = False
        while missing := names - known.loaded:
            names = self.fill_things(known, missing)
            found = True
        return found

    def fill_keys(self, known: Known, keys: set[str]) -> None:
        """Find which commands were given before, and what they made then."""
        found = dict(self.rows("positions_of_keys", keys=sorted(keys)))
        events = self.events_at(found.values())
        for key, position in found.items():
            event = events[position]
            made = tuple(form.subject for form in forms_of(event.data)) or (event.subject,)
            known.keys[key] = Repeated(position, made)

    def reports_left_open(self, batch: "Sequence[Given]") -> set[Name]:
        """The reports among which a number that is added may belong."""
        from ledger.commands import AddEstimate

        statements = [
            each.command.statement_id
            for each in batch
            if isinstance(each.command, AddEstimate) and each.command.report_id is None
        ]
        if not statements:
            return set()
        rows = self.rows("reports_of_statements", statements=statements)
        return {("report", report_id) for (report_id,) in rows}

    def fill_events(self, known: Known, positions: Iterable[int]) -> set[Name]:
        """Take in single events, with the voids that hide them; gives the things they are about."""
        events = self.events_at(position for position in positions if position < self.log.size)
        names: set[Name] = set()
        while events:
            for event in events.values():
                known.learn(event.position, event.subject, event.data)
                names |= {(form.noun, form.id) for form in forms_of(event.data)}
            rows = self.rows(_ASKS_VOIDS, targets=list(events))
            events = self.events_at({position for (position,) in rows} - known.events.keys())
        return names

    def fill_things(self, known: Known, names: set[Name]) -> set[Name]:
        """Take in all forms of some things; gives the things that these rest on."""
        self.fill_events(known, self.positions_of(names))
        for name in self.erased & names:
            known.forget(name)
        known.loaded |= names
        return {
            resting
            for name in names
            if name in known.things
            for _, fields in known.things[name].forms
            for resting in rests_on(fields)
        }

    @cached_property
    def erased(self) -> set[Name]:
        """The things that events name though the event that made them is erased."""
        return set(self.database.connection.execute("from forms.erased").fetchall())

    def fill_texts(self, known: Known) -> None:
        """Read the texts of the sources that are known."""
        for (noun, _), thing in known.things.items():
            if noun != "source" or not any(has_text(fields) for _, fields in thing.forms):
                continue
            source = known.current(thing)[1]
            sha256 = source.text_sha256 if isinstance(source, SourceFields) else None
            if sha256 and sha256 not in known.texts:
                known.texts[sha256] = self.documents.text(sha256)

    def events_at(self, positions: Iterable[int]) -> dict[int, Event]:
        """Events read from the log, in the order of their positions."""
        lines = self.log.lines_at(positions)
        return {position: decode_event(line) for position, line in sorted(lines.items())}

    def positions_of(self, names: Iterable[Name]) -> set[int]:
        """The positions of all forms of some things."""
        asked = list(names)
        return {
            position
            for noun in NOUNS.values()
            for position in self.forms_at(noun, [name for kind, name in asked if kind == noun])
        }

    def forms_at(self, noun: str, ids: Sequence[str]) -> set[int]:
        """The positions of all forms of the things of a noun that bear one of some ids."""
        if not ids:
            return set()
        tables = self.database.filled.intersection((f"{noun}s", f"{noun}_revisions"))
        if not tables:
            return set()
        sql = " union all ".join(
            f"select position from whole.{table} where {noun}_id in (select unnest($ids))"  # noqa: S608  names of ours
            for table in sorted(tables)
        )
        rows = self.database.connection.execute(sql, {"ids": ids}).fetchall()
        return {position for (position,) in rows}

    def rows(self, query: str, **asked: Sequence[object]) -> list[tuple[Any, ...]]:
        """Run one of the queries of `projections/queries`; lists are its parameters."""
        if not any(asked.values()):
            return []
        if query == _ASKS_VOIDS and "voids" not in self.database.filled:
            return []
        return self.database.connection.execute(catalog.query(query), asked).fetchall()


def has_text(fields: object) -> bool:
    """Whether a form is that of a source of which there is a text."""
    return isinstance(fields, SourceFields) and fields.text_sha256 is not None


def rests_on(fields: object) -> set[Name]:
    """The things without which a form cannot be revised: a report's source, a number's report."""
    if isinstance(fields, ReportFields):
        return {("source", fields.source_id)}
    if isinstance(fields, EstimateFields):
        return {("report", fields.report_id)}
    return set()
