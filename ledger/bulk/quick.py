"""The quick path for one command: from its line to an event that only lacks its place in the log.

Rules kept here:
- what is taken here would be accepted by `prepare` and `decide` too, with the same key and event,
  as long as the ledger has what the command names and lacks what it makes: that is asked later;
- everything else is left, without a word, to the slow path, which knows the words.
"""

import re
from binascii import b2a_base64
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

from events.values import Value
from events.vocabulary import (
    Agent,
    MeasureDefined,
    ReportAdded,
    SourceAssessed,
    SourceCaptured,
    SpeakerRegistered,
    SpeakersJudged,
    StatementAssessed,
    StatementRecorded,
    StatementsRelated,
)
from ledger.bulk import build
from ledger.bulk import shapes as s
from ledger.bulk.build import Built, Unfit, are_names
from ledger.errors import Refused

LONGEST_COMMAND = 1 << 20  # bytes; ledger/inputs.py refuses longer ones
LONGEST_REST = 65_000  # bytes; what is longer may make a line that the log does not take

# What no text may hold, as it stands in JSON that msgspec wrote: control characters but tab,
# newline, carriage return and U+0085. A backslash and a `u` look the same: they go the slow way.
_CONTROL = re.compile(rb"\\[ubf]|\x7f|\xc2[\x80-\x84\x86-\x9f]")
_QUOTE_ESCAPED = rb"\u0022"  # would be counted as another quote once it is written out
_BEGINNING = b'{"command":"'
_VERB_AT = len(_BEGINNING)
_VERB = re.compile(rb'"command"[ \t]*:[ \t]*"([a-z_]+)"')

Maker = Callable[[Any], Built]
# The fields of `Ready` but for its subject. What was not taken has the code 0.
Taken = tuple[int, tuple[str, ...], tuple[str, ...], bool, str | None, bytes, bytes]
Decode = Callable[[bytes], Any]  # each shape of a whole command has actor, agent and command_id
MAKERS: dict[bytes, tuple[type[s.Shape], Maker, type[Value]]] = {
    b"register_speaker": (s.RegisterSpeaker, build.register_speaker, SpeakerRegistered),
    b"define_measure": (s.DefineMeasure, build.define_measure, MeasureDefined),
    b"cite_source": (s.CiteSource, build.cite_source, SourceCaptured),
    b"record_statement": (s.RecordStatement, build.record_statement, StatementRecorded),
    b"add_report": (s.AddReport, build.add_report, ReportAdded),
    b"relate_statements": (s.RelateStatements, build.relate_statements, StatementsRelated),
    b"judge_speakers": (s.JudgeSpeakers, build.judge_speakers, SpeakersJudged),
    b"assess_statement": (s.AssessStatement, build.assess_statement, StatementAssessed),
    b"assess_source": (s.AssessSource, build.assess_source, SourceAssessed),
}
TYPES = ("", *(kind.TYPE for _, _, kind in MAKERS.values()))  # of events, by their code
_PATHS: dict[bytes, tuple[Decode, Maker, int, bool]] = {
    verb: (msgspec.json.Decoder(shape).decode, maker, code, "rating" in shape.__struct_fields__)
    for code, (verb, (shape, maker, _)) in enumerate(MAKERS.items(), 1)
}
_encode = msgspec.json.Encoder().encode
_data = msgspec.json.Encoder(decimal_format="number").encode  # as events/codec.py has it
_SUBJECT = b'"subject":"'
_DATA = b'"data":'
_KEY_ENDS = b'","data":'
_begin_key = blake2b(digest_size=16).copy
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
LEFT: Taken = (0, (), (), True, None, b"", b"")
_NOT_TAKEN = (msgspec.MsgspecError, UnicodeError, RecursionError, Unfit, Refused)


class Ready(NamedTuple):
    """An event without its place; the fields are those of `Built`, and what the line will say.

    `rest` is the line from its subject on.
    """

    code: int
    subject: str
    made: tuple[str, ...]
    named: tuple[str, ...]
    settled: bool
    publisher: str | None
    key: str
    rest: bytes

    @property
    def type(self) -> str:
        """The type of the event."""
        return TYPES[self.code]

    @property
    def data_at(self) -> int:
        """Where in the rest the data begins."""
        return data_at(self.rest)


class Quick:
    """Takes lines for one recorder."""

    def __init__(self, actor: str, agent: Agent) -> None:
        self.actor = actor
        self.agent = agent
        self._about = self._about_of(None, None)

    def take(self, line: bytes) -> Ready | None:
        """The event that a line becomes; None where the slow path is to say."""
        code, made, named, settled, publisher, key, rest = self.take_fields(line)
        if not code or not are_names(made):
            return None
        return Ready(code, subject_of(rest), made, named, settled, publisher, key.decode(), rest)

    def take_fields(self, line: bytes, clean: bool = False) -> Taken:  # noqa: FBT001, FBT002  called a million times
        """The same, as the fields of `Ready`, or LEFT; `are_names` is still to be asked of `made`.

        `clean` says that `is_plain` holds of the line.
        """
        if line.startswith(_BEGINNING):  # nearly always; whether that is the verb the decoder tells
            path = _PATHS.get(line[_VERB_AT : line.find(b'"', _VERB_AT)])
        else:
            found = _VERB.search(line)
            path = _PATHS.get(found[1]) if found else None
        if path is None or len(line) > LONGEST_COMMAND:
            return LEFT
        decode, make, code, has_numbers = path
        try:
            said = decode(line)
            actor, agent, about = said.actor, said.agent, self._about
            if actor is not None or agent is not None:
                said.actor = said.agent = None
                about = self._about_of(actor, agent)
            given = _encode(said)
            if (has_numbers or len(line) != len(given)) and not _is_whole(
                line, given, actor, agent
            ):
                return LEFT
            if not clean and not _is_clean(given):
                return LEFT
            data, subject, made, named, settled, publisher = make(said)
            if said.command_id is not None:
                settled, given = False, _given_id(said.command_id)
            hashed = _begin_key()
            hashed.update(given)
            key = b2a_base64(hashed.digest())[:22].translate(_URL_SAFE)
            rest = b"".join((_SUBJECT, subject.encode(), about, key, _KEY_ENDS, _data(data), b"}"))
        except _NOT_TAKEN:
            return LEFT
        return (
            LEFT if len(rest) > LONGEST_REST else (code, made, named, settled, publisher, key, rest)
        )

    def _about_of(self, actor: str | None, agent: Agent | None) -> bytes:
        """What a line says between its subject, an id that needs no escapes, and its key."""
        encoded = (_encode(actor or self.actor), (agent or self.agent).encode())
        return b'","actor":%b,"agent":"%b","key":"' % encoded


def subject_of(rest: bytes) -> str:
    """The subject of an event, from its line's rest: an id that needs no escapes."""
    return rest[len(_SUBJECT) : rest.index(b'"', len(_SUBJECT))].decode()


def data_at(rest: bytes) -> int:
    """Where in an event's line's rest its data begin: no text holds a quote that is not escaped."""
    return rest.index(_DATA) + len(_DATA)


def is_plain(block: bytes) -> bool:
    """Whether lines need not be looked at for control characters, one by one."""
    return b"\\" not in block and b"\x7f" not in block and b"\xc2" not in block


def _is_whole(line: bytes, given: bytes, actor: str | None, agent: str | None) -> bool:
    """Whether all that a line says was taken over: no key twice, no null.

    Each key that is lost takes its two quotes with it. Nothing that was taken over becomes longer,
    but for numbers, which `rating` alone holds; so without one, of two equal lengths nothing was
    lost, and then this is not asked.
    """
    quotes = given.count(b'"')
    if actor is not None:
        said = _encode(actor)
        if actor.isspace() or not _is_clean(said):
            return False
        quotes += said.count(b'"') + 2
    if agent is not None:
        quotes += 4
    return line.count(b'"') == quotes and _QUOTE_ESCAPED not in line


def _is_clean(given: bytes) -> bool:
    """Whether no text holds a control character."""
    if b"\\" in given or b"\x7f" in given or b"\xc2" in given:
        return _CONTROL.search(given) is None
    return True


def _given_id(command_id: str) -> bytes:
    """What the key of a command is made of that has an id of the caller's (DESIGN 4.1)."""
    if command_id.isspace():
        raise Unfit
    return command_id.encode()
