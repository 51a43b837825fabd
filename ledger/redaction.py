"""Plans a redaction: which events it covers, which it leaves, and what else names them.

Rules kept here:
- a subject covers every event about it, voids among them; a statement covers its reports and
  estimates too; a position covers that event alone;
- events that merely name what is covered are shown and not covered: a person decides on them;
- what the ledger says of itself (its making, its keys, its redactions) is never covered;
- what is erased already is passed over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from events.codec import decode_event
from events.record import Event
from events.things import NOUNS, forms_of
from events.vocabulary import (
    KeyRotated,
    LedgerCreated,
    LedgerRecovered,
    LedgerRestored,
    RecordRedacted,
    RecordVoided,
    ViewsAttested,
)
from ledger.errors import Refused, UnknownId
from ledger.log import Log
from ledger.redaction_documents import Documents, plan_documents
from projections import catalog

if TYPE_CHECKING:
    from projections.database import Database

KEPT = (
    LedgerCreated, LedgerRecovered, LedgerRestored, KeyRotated, RecordRedacted, ViewsAttested,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be erased: subjects `<noun>/<id>`, positions, and documents.

    A document is named by its SHA-256 in hex, or by a source that is covered; `all_documents`
    asks for those of every source that is covered.
    """

    subjects: tuple[str, ...] = ()
    positions: tuple[int, ...] = ()
    documents: tuple[str, ...] = ()
    all_documents: bool = False


class Covered(NamedTuple):
    """An event that is to be erased."""

    position: int
    type: str
    subject: str


class Naming(NamedTuple):
    """An event that names what is to be erased, and is not covered; `names` is what it names."""

    position: int
    type: str
    subject: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a redaction of a ledger of `size` events erases, leaves and passes over."""

    size: int
    covered: tuple[Covered, ...]
    documents: Documents
    naming: tuple[Naming, ...]
    reviving: tuple[int, ...]  # voids and revisions: without them, what they changed counts again
    erased: tuple[int, ...]  # positions that were asked for and are erased already
    absent: tuple[str, ...]  # subjects that nothing in the ledger is about, or names

    @property
    def positions(self) -> tuple[int, ...]:
        """The positions to be erased, in order."""
        return tuple(each.position for each in self.covered)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to be erased."""
        return not (self.covered or self.documents.erased)


def make_plan(views: "Database", log: Log, asked: Asked) -> Plan:
    """Plan a redaction on views that stand at the log's size.

    Raises Refused for what cannot be erased, UnknownId for a subject that was never there.
    """
    check_positions(asked.positions, views.size)
    parts = parts_of(views, asked.subjects)
    subjects = (*asked.subjects, *parts)
    about = [position for (position,) in rows(views, "events_about", subjects=subjects)]
    erased = dict(rows(views, "events_erased", positions=asked.positions))
    positions = sorted({*about, *asked.positions} - erased.keys())
    events = events_at(log, positions)
    for event in events:
        check_erasable(event)
    check_nested(views, asked.subjects, positions)
    naming = naming_of(views, {*subjects, *made_by(events)}, positions)
    return Plan(
        size=views.size,
        covered=tuple(Covered(each.position, each.type, each.subject) for each in events),
        documents=plan_documents(views, log, events, asked.documents, every=asked.all_documents),
        naming=naming,
        reviving=reviving(events, positions),
        erased=tuple(erased),
        absent=absent_of(views, asked.subjects, events, naming),
    )


def check_positions(positions: Iterable[int], size: int) -> None:
    """Refuse positions that no event has."""
    for position in positions:
        if not 0 <= position < size:
            raise Refused(
                f"There is no event at position {position}; the ledger holds {size}.",
                field="position",
                way_out="Positions begin at 0; `claims history ID` shows those of a thing.",
            )


def check_erasable(event: Event) -> None:
    """Refuse what the ledger says of itself."""
    if isinstance(event.data, KEPT):
        raise Refused(
            f"The event at position {event.position} is {event.type}, which cannot be erased.",
            field="position",
            way_out="What is recorded of the ledger itself stays.",
        )


def check_nested(views: "Database", subjects: Iterable[str], positions: Sequence[int]) -> None:
    """Refuse a report or estimate that stands in the event of a statement that is not covered."""
    for subject in subjects:
        noun, _, name = subject.partition("/")
        if noun in ("report", "estimate"):
            sql = f"select position, statement_id from whole.{noun}s where {noun}_id = $1"  # noqa: S608  names of ours
            row = views.connection.execute(sql, [name]).fetchone()
            if row and row[0] not in positions:
                raise Refused(
                    f"The {noun} {name} stands in the event that recorded the statement {row[1]}.",
                    field="SUBJECT",
                    way_out=f"Only the whole event can be erased: name statement/{row[1]},"
                    f" or position {row[0]}.",
                )


def parts_of(views: "Database", subjects: Iterable[str]) -> tuple[str, ...]:
    """The reports and estimates of the statements among some subjects."""
    statements = [each.partition("/")[2] for each in subjects if each.startswith("statement/")]
    found = rows(views, "subjects_of_statements", statements=statements)
    return tuple(subject for (subject,) in found)


def events_at(log: Log, positions: Sequence[int]) -> list[Event]:
    """The events of some positions, in their order."""
    lines = log.lines_at(positions)
    return [decode_event(lines[position]) for position in positions]


def made_by(events: Iterable[Event]) -> set[str]:
    """The things that some events made; one that is only revised stays."""
    return {
        form.subject
        for event in events
        for form in forms_of(event.data)
        if not hasattr(event.data, "replaces")
    }


def naming_of(
    views: "Database", subjects: Iterable[str], positions: Sequence[int]
) -> tuple[Naming, ...]:
    """The events that name what is covered, and are not covered themselves."""
    wanted = sorted(subjects)
    found = {
        position: Naming(position, kind, subject, tuple(names))
        for position, kind, subject, names in rows(views, "events_naming", subjects=wanted)
    }
    voids = [position for (position,) in rows(views, "positions_of_voids", targets=positions)]
    for position in set(voids) - found.keys():
        sql = "select type, subject from whole.events where position = $1"
        kind, subject = views.connection.execute(sql, [position]).fetchall()[0]
        found[position] = Naming(position, kind, subject, ())
    covered = set(positions)
    return tuple(found[position] for position in sorted(found.keys() - covered))


def absent_of(
    views: "Database", subjects: Iterable[str], events: Iterable[Event], naming: Iterable[Naming]
) -> tuple[str, ...]:
    """The subjects of which nothing is left; raises UnknownId where nothing was ever erased."""
    there = {each.subject for each in events} | {name for each in naming for name in each.names}
    there |= {form.subject for each in events for form in forms_of(each.data)}
    absent = tuple(subject for subject in subjects if subject not in there)
    if absent and not views.connection.execute("from whole.redactions limit 1").fetchone():
        noun, _, name = absent[0].partition("/")
        raise UnknownId(noun if noun in NOUNS.values() else "", name, field="SUBJECT")
    return absent


def rows(views: "Database", query: str, **asked: Sequence[object]) -> list[tuple[Any, ...]]:
    """Run one of the queries of `projections/queries`; lists are its parameters."""
    if not any(asked.values()):
        return []
    parameters = {name: list(values) for name, values in asked.items()}
    return views.connection.execute(catalog.query(query), parameters).fetchall()


def reviving(events: Iterable[Event], positions: Sequence[int]) -> tuple[int, ...]:
    """The voids and revisions among some events by whose erasure something else counts again."""
    covered = set(positions)
    targets = {
        event.position: event.data.position
        if isinstance(event.data, RecordVoided)
        else getattr(event.data, "replaces", None)
        for event in events
    }
    return tuple(
        position
        for position, target in targets.items()
        if target is not None and target not in covered
    )
