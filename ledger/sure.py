"""Commands that are certain: a few common ones become events without the rule book and its models.

Rules kept here:
- what is taken here becomes what `prepare` and `decide` make of it; a test holds them together;
- each thing that a command names must stand and be plain: nothing void, erased or revised comes
  into question, and no source has a text in which a quote must be found; all that it makes must be
  new, and so must its key;
- everything else is left, without a word, to the rule book, which knows the words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from events.codec import decode_data
from events.things import forms_of
from events.values import Value
from events.vocabulary import SourceCaptured, SourceRevised, StatementRecorded
from ledger.bulk.quick import Quick, Ready
from ledger.desk import Desk, Finder
from ledger.known import Name
from ledger.log import Log
from ledger.terms import Recorder

FEW = 8  # commands; of more the names are looked up quicker together
_PLAIN_KEPT = 100_000  # names of plain things that a desk keeps at hand


def taken(raws: Sequence[Mapping[str, Any]], recorder: Recorder) -> list[Ready] | None:
    """The events that a few commands become if the ledger has what they name; else None."""
    if not 0 < len(raws) <= FEW:
        return None
    quick = Quick(recorder.actor, recorder.agent)
    events: list[Ready] = []
    for raw in raws:
        line = line_of(raw)
        event = quick.take(line) if line is not None else None
        if event is None or event.publisher is not None:
            return None
        events.append(event)
    return events


def line_of(raw: Mapping[str, Any]) -> bytes | None:
    """A command as a line; None for what JSON would not give back as it is."""
    try:
        line = msgspec.json.encode(raw)
        return line if msgspec.json.decode(line) == raw else None
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError):
        return None


def names_in(events: Sequence[Ready]) -> tuple[set[str], set[str]] | None:
    """What events make, and what they name beside; None where two of them make the same."""
    fresh: set[str] = set()
    named: set[str] = set()
    for event in events:
        named.update(name for name in event.named if name not in fresh)
        made = {*event.made, event.key}
        if not fresh.isdisjoint(made):
            return None
        fresh |= made
    return fresh, named


def ask_ahead(events: Sequence[Ready], desk: Desk) -> None:
    """Begin to ask for the names that `are_sure` will look for, before the ledger is taken up."""
    if names := names_in(events):
        fresh, named = names
        desk.names.begin([*fresh, *(named - desk.plain)])


def are_sure(events: Sequence[Ready], desk: Desk, log: Log) -> bool:
    """Whether a ledger has all that events name and nothing of what they make, for certain."""
    names = names_in(events)
    if names is None:
        return False
    fresh, named = names
    finder = Finder(desk, log)
    finder.find([*fresh, *(named - desk.plain)])
    erased = {name_of(name) for name in fresh if "/" in name} & desk.erased
    return not erased and not finder.named(list(fresh)) and are_plain(named, finder)


def are_plain(names: set[str], finder: Finder) -> bool:
    """Whether things stand, and nothing befell them that the rule book would have to weigh."""
    desk = finder.desk
    unknown = [name for name in names if name not in desk.plain]
    if not unknown:
        return True
    if not desk.erased.isdisjoint(map(name_of, unknown)):
        return False
    events = finder.named(unknown)
    made: dict[str, int] = {}
    for position, event in events.items():
        if isinstance(event.data, SourceRevised) or is_captured(event.data):
            return False
        for form in forms_of(event.data):
            made.setdefault(form.subject, position)
    if not all(name in made for name in unknown):
        return False
    if finder.named([f"void/{made[name]}" for name in unknown]):
        return False
    if len(desk.plain) > _PLAIN_KEPT:
        desk.plain.clear()
    desk.plain.update(unknown)
    return True


def stands(name: str, desk: Desk, log: Log) -> bool:
    """Whether a source, speaker or measure `<noun>/<id>` is there and counts, for certain."""
    return are_plain({name}, Finder(desk, log))


def is_captured(data: Value) -> bool:
    """Whether an event makes a source of which there is a text."""
    return isinstance(data, SourceCaptured) and (data.captured or data.text_sha256 is not None)


def recorded_by(events: Sequence[Ready]) -> list[StatementRecorded]:
    """The statements that events record."""
    found = [data_of(event) for event in events if event.type == StatementRecorded.TYPE]
    return [data for data in found if isinstance(data, StatementRecorded)]


def name_of(subject: str) -> Name:
    """A thing's noun and id."""
    noun, _, wanted = subject.partition("/")
    return noun, wanted


def data_of(event: Ready) -> Value:
    """The data of an event that was taken."""
    return decode_data(event.type, event.rest[event.data_at : -1])
