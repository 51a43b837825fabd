"""What must be known to decide: the things that commands name, and the keys they bear.

It is filled from the ledger for what a batch names, and grows with every event decided on, so that
a command may refer to what an earlier one of its batch made.
"""

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter

from events.record import Draft
from events.things import Form, forms_of
from events.values import Value
from events.vocabulary import RecordVoided, SourceFields, StatementRecorded

Name = tuple[str, str]  # noun and id


@dataclass
class Thing:
    """A thing with every form it ever had: its creation first, then its revisions."""

    noun: str
    id: str
    statement_id: str | None
    part: str | None
    forms: list[tuple[int, Value]] = field(default_factory=list)

    @property
    def created(self) -> int:
        """The position of the event that made it."""
        return self.forms[0][0]


@dataclass(frozen=True)
class Repeated:
    """Where a command that was given before stands, and what it made then."""

    position: int
    made: tuple[str, ...]


class Known:
    """What is known of a ledger of `size` events; positions of decided events follow from there."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.things: dict[Name, Thing] = {}
        self.loaded: set[Name] = set()  # looked up with all of their forms, or found absent
        self.keys: dict[str, Repeated] = {}
        self.events: dict[int, tuple[str, Value]] = {}  # subject and data, of those asked for
        self.voids: dict[int, list[tuple[int, str | None]]] = {}  # by what they hide
        self.texts: dict[str, str] = {}  # by their hash
        self.erased: set[Name] = set()  # things that are still named, but whose making is erased
        # The reports of each statement, those taken back since too: looking through all things for
        # them would take long, and longer the more of them there are.
        self._reports: dict[str | None, dict[Name, None]] = {}

    # ── growing ──────────────────────────────────────────────────────────────────────────────

    def take(self, drafts: Sequence[Draft]) -> None:
        """Take in events that were decided on, at the positions that they will have."""
        for draft in drafts:
            self.learn(self.size, draft.subject, draft.data)
            self.loaded.update((form.noun, form.id) for form in forms_of(draft.data))
            if draft.key:
                made = tuple(form.subject for form in forms_of(draft.data)) or (draft.subject,)
                self.keys[draft.key] = Repeated(self.size, made)
            self.size += 1

    def learn(self, position: int, subject: str, data: Value) -> None:
        """Take in one event."""
        self.events[position] = (subject, data)
        known = self.voids.get(data.position, []) if isinstance(data, RecordVoided) else []
        if isinstance(data, RecordVoided) and (position, data.part) not in known:
            self.voids.setdefault(data.position, []).append((position, data.part))
        for form in forms_of(data):
            self.learn_form(position, form)

    def learn_form(self, position: int, form: Form) -> None:
        """Take in a form of a thing, unless it is known already."""
        name = (form.noun, form.id)
        thing = self.things.setdefault(
            name, Thing(form.noun, form.id, form.statement_id, form.part)
        )
        if form.noun == "report":
            self._reports.setdefault(thing.statement_id, {})[name] = None
        if all(position != known for known, _ in thing.forms):
            insort(thing.forms, (position, form.fields), key=itemgetter(0))

    def take_back(self, drafts: Sequence[Draft]) -> None:
        """Forget events that were taken in last, as if they had never been decided on."""
        for draft in reversed(drafts):
            self.size -= 1
            self.events.pop(self.size, None)
            if draft.key:
                self.keys.pop(draft.key, None)
            if isinstance(draft.data, RecordVoided):
                self.voids[draft.data.position].remove((self.size, draft.data.part))
            for form in forms_of(draft.data):
                thing = self.things[form.noun, form.id]
                thing.forms = [known for known in thing.forms if known[0] != self.size]
                if not thing.forms:
                    del self.things[form.noun, form.id]

    def forget(self, name: Name) -> None:
        """Take a thing for absent, since the event that made it is erased."""
        self.things.pop(name, None)
        self.erased.add(name)

    # ── asking ───────────────────────────────────────────────────────────────────────────────

    def is_hidden(self, position: int, part: str | None = None) -> bool:
        """Whether an event, or a part of it, is void by a void that is not void itself."""
        return any(
            hidden in (None, part) and not self.is_hidden(void)
            for void, hidden in self.voids.get(position, ())
        )

    def hidden_by(self, position: int, part: str | None = None) -> int | None:
        """The position of the void that hides an event or a part of it."""
        return next(
            (
                void
                for void, hidden in self.voids.get(position, ())
                if hidden in (None, part) and not self.is_hidden(void)
            ),
            None,
        )

    def thing(self, noun: str, wanted: str) -> Thing | None:
        """A thing by its id, void or not."""
        return self.things.get((noun, wanted))

    def current(self, thing: Thing) -> tuple[int, Value]:
        """The form of a thing that counts, and its position."""
        revised = [form for form in thing.forms[1:] if not self.is_hidden(form[0])]
        return revised[-1] if revised else thing.forms[0]

    def text_of(self, source_id: str) -> str | None:
        """The text of a source; None where it was only cited."""
        thing = self.things.get(("source", source_id))
        source = self.current(thing)[1] if thing else None
        if isinstance(source, SourceFields) and source.text_sha256:
            return self.texts[source.text_sha256]
        return None

    def reports_of(self, statement_id: str) -> Iterator[str]:
        """The ids of the reports of a statement that are not void, in the order of their events."""
        names = self._reports.get(statement_id, ())
        its = [
            thing
            for name in names
            if (thing := self.things.get(name)) and thing.statement_id == statement_id
        ]
        for thing in sorted(its, key=attrgetter("created")):
            if not self.is_hidden(thing.created, thing.part):
                yield thing.id

    def recorded(self, statement_id: str) -> StatementRecorded | None:
        """A statement as it was first recorded, with its reports and estimates."""
        thing = self.things.get(("statement", statement_id))
        first = thing.forms[0][1] if thing else None
        return first if isinstance(first, StatementRecorded) else None
