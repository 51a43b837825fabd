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

from events.codec import encode_rest
from events.record import Draft
from events.vocabulary import Agent
from ledger.bulk import build
from ledger.bulk import shapes as s
from ledger.bulk.build import Built, Unfit
from ledger.errors import Refused

LONGEST_COMMAND = 1 << 20  # bytes; ledger/inputs.py refuses longer ones
LONGEST_REST = 65_000  # bytes; what is longer may make a line that the log does not take

# What no text may hold, as it stands in JSON that msgspec wrote: control characters but tab,
# newline, carriage return and U+0085. A backslash and a `u` look the same: they go the slow way.
_CONTROL = re.compile(rb"\\[ubf]|\x7f|\xc2[\x80-\x84\x86-\x9f]")
_QUOTE_ESCAPED = rb"\u0022"  # would be counted as another quote once it is written out
_BEGINNING = b'{"command":"'
_VERB = re.compile(rb'"command"[ \t]*:[ \t]*"([a-z_]+)"')

Maker = Callable[[Any], Built]
Decode = Callable[[bytes], Any]  # each shape of a whole command has actor, agent and command_id
MAKERS: dict[bytes, tuple[type[s.Shape], Maker]] = {
    b"register_speaker": (s.RegisterSpeaker, build.register_speaker),
    b"define_measure": (s.DefineMeasure, build.define_measure),
    b"cite_source": (s.CiteSource, build.cite_source),
    b"record_statement": (s.RecordStatement, build.record_statement),
    b"add_report": (s.AddReport, build.add_report),
    b"relate_statements": (s.RelateStatements, build.relate_statements),
    b"judge_speakers": (s.JudgeSpeakers, build.judge_speakers),
    b"assess_statement": (s.AssessStatement, build.assess_statement),
    b"assess_source": (s.AssessSource, build.assess_source),
}
_PATHS: dict[bytes, tuple[Decode, Maker]] = {
    verb: (msgspec.json.Decoder(shape).decode, maker) for verb, (shape, maker) in MAKERS.items()
}
_encode = msgspec.json.Encoder().encode
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_NOT_TAKEN = (msgspec.MsgspecError, UnicodeError, RecursionError, Unfit, Refused)


class Ready(NamedTuple):
    """An event without its place; the fields are those of `Built`, and what the line will say.

    `rest` is the line from its subject on, `data_at` where the data begins in it.
    """

    type: str
    subject: str
    made: tuple[str, ...]
    named: tuple[str, ...]
    settled: bool
    publisher: str | None
    key: str
    rest: bytes
    data_at: int


class Quick:
    """Takes lines for one recorder."""

    def __init__(self, actor: str, agent: Agent) -> None:
        self.actor = actor
        self.agent = agent

    def take(self, line: bytes) -> Ready | None:
        """The event that a line becomes; None where the slow path is to say."""
        try:
            return self._take(line)
        except _NOT_TAKEN:
            return None

    def _take(self, line: bytes) -> Ready | None:
        path = _PATHS.get(_verb(line))
        if path is None or len(line) > LONGEST_COMMAND:
            return None
        decode, make = path
        said = decode(line)
        actor, agent = said.actor, said.agent
        said.actor = said.agent = None
        given = _encode(said)
        if not _is_whole(line, given, actor, agent) or not _is_clean(given):
            return None
        built: Built = make(said)
        key = _key(said.command_id, given)
        draft = Draft(
            data=built.data, subject=built.subject, actor=actor or self.actor,
            agent=agent or self.agent, key=key,
        )  # fmt: skip
        rest, data_at = encode_rest(draft)
        if len(rest) > LONGEST_REST:
            return None
        settled = built.settled and said.command_id is None
        return Ready(
            built.data.TYPE, built.subject, built.made, built.named, settled, built.publisher,
            key, rest, data_at,
        )  # fmt: skip


def _verb(line: bytes) -> bytes:
    """The verb of a command, nearly always its first field; whether it is the decoder tells."""
    if line.startswith(_BEGINNING):
        return line[len(_BEGINNING) : line.find(b'"', len(_BEGINNING))]
    found = _VERB.search(line)
    return found[1] if found else b""


def _is_whole(line: bytes, given: bytes, actor: str | None, agent: str | None) -> bool:
    """Whether all that a line says was taken over: no key twice, no null.

    Each key that is lost takes its two quotes with it. Nothing that was taken over becomes longer,
    but for numbers, which `rating` alone holds; so of two equal lengths nothing was lost.
    """
    if len(line) == len(given) and b'"rating":' not in given:
        return True
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


def _key(command_id: str | None, given: bytes) -> str:
    """The key of a command (`ledger.given.command_key`)."""
    if command_id is not None:
        if command_id.isspace():
            raise Unfit
        given = command_id.encode()
    digest = blake2b(given, digest_size=16).digest()
    return b2a_base64(digest)[:22].translate(_URL_SAFE).decode()
