"""Events as lines: JSON in the CloudEvents event format, with the keys in one fixed order."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from events.ids import blank_uuid7, fill_uuid7s, uuid7s
from events.record import Draft, Event, Placing
from events.values import Value
from events.vocabulary import BY_TYPE, Agent, Redacted

POSITION_DIGITS = 20
MAX_LINE_BYTES = 65_535  # the limit of an entry in C2SP tlog-tiles

_AT_ONCE = 1_000  # lines: what is made of so many stays near the processor
_json = msgspec.json.Encoder(decimal_format="number")


class NotAnEvent(ValueError):
    """A line is not an event of this format; the message says what is wrong with it."""


class UnknownType(NotAnEvent):
    """An event of a type that this version does not know."""


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A line, field by field, in its order; `data` is left as the bytes that it is."""

    specversion: str
    type: str
    source: str
    id: str
    sequence: str
    batch: str = ""
    time: str = ""
    subject: str = ""
    actor: str = ""
    agent: Agent = "person"
    key: str = ""
    data: msgspec.Raw = msgspec.Raw(b"{}")


class _Typed(msgspec.Struct, gc=False):
    """Of a line, its type alone."""

    type: str


class _Whole(msgspec.Struct, gc=False):
    """A line as it is written: `id` holds all from the id to the time, ready as it stands."""

    specversion: str
    type: str
    source: msgspec.Raw
    id: msgspec.Raw
    subject: str
    actor: str
    agent: Agent
    key: str | msgspec.UnsetType
    data: Value


_line_decoder = msgspec.json.Decoder(_Line)
_type_decoder = msgspec.json.Decoder(_Typed)
_data_decoders: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(data) for name, data in BY_TYPE.items()
}
_erased_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Redacted)


def encode_data(data: Value) -> bytes:
    """The JSON of an event's data: fields in their order, nothing empty, text unescaped."""
    return _json.encode(data)


def encode_rest(draft: Draft) -> tuple[bytes, int]:
    """The part of a line that does not depend on its place, from the subject to the last brace.

    The number says where in it the data begins.
    """
    key = f'"key":"{draft.key}",' if draft.key else ""
    about = b'"subject":%b,"actor":%b,"agent":"%b",%b"data":' % (
        _json.encode(draft.subject), _json.encode(draft.actor), draft.agent.encode(), key.encode(),
    )  # fmt: skip
    return b"%b%b}" % (about, _json.encode(draft.data)), len(about)


def encode_batch(drafts: Sequence[Draft], placing: Placing) -> list[bytes]:
    """The lines of a batch, without their newlines; their order is that of the drafts.

    They are those that `encode_lines` makes of the same events, in less time. Raises NotAnEvent for
    a line over 65,535 bytes.
    """
    encode, raw, unset = _json.encode, msgspec.Raw, msgspec.UNSET
    source = raw(encode(placing.origin))
    return _checked([
        encode(
            _Whole("1.0", draft.data.TYPE, source, middle, draft.subject, draft.actor, draft.agent,
                   draft.key or unset, draft.data)
        )
        for draft, middle in zip(drafts, map(raw, _middles(placing)), strict=True)
    ])  # fmt: skip


def encode_lines(kinds: Sequence[str], rests: Sequence[bytes], placing: Placing) -> list[bytes]:
    """The same from the type of each event and what `encode_rest` gave."""
    origin = _json.encode(placing.origin).decode()
    heads = {
        name: f'{{"specversion":"1.0","type":"{name}","source":{origin},"id":'.encode()
        for name in set(kinds)
    }
    columns = zip(map(heads.__getitem__, kinds), _middles(placing, b","), rests, strict=True)
    return _checked(list(map(b"".join, columns)))


def _middles(placing: Placing, after: bytes = b"") -> list[bytes]:
    """What the log gives to each line of a batch: the values from its id to its time.

    All are equally long: many are made as one, into which the ids are put column by column.
    """
    first, count = placing.first, placing.count
    batch = f'"batch":"{first:020d}-{first + count - 1:020d}",' if count > 1 else ""
    end = f'","sequence":"%020d",{batch}"time":"{format_time(placing.time)}"'.encode() + after
    milliseconds = int(placing.time.timestamp() * 1000)
    if count == 1:
        return [b'"%b%b' % (uuid7s(1, milliseconds)[0].encode(), end % first)]
    one = b'"' + blank_uuid7(milliseconds) + end
    middles: list[bytes] = []
    for start in range(first, first + count, _AT_ONCE):
        middles += _filled(one, range(start, min(start + _AT_ONCE, first + count)))
    return middles


def _filled(one: bytes, positions: range) -> list[bytes]:
    """What stands in lines from the id to the time, with ids of their own and their positions."""
    made = bytearray((one * len(positions)) % tuple(positions))
    width = len(made) // len(positions)
    fill_uuid7s(made, 1, width)
    whole = bytes(made)
    return [whole[at : at + width] for at in range(0, len(whole), width)]


def _checked(lines: list[bytes]) -> list[bytes]:
    """The lines, none of which is too long; raises NotAnEvent."""
    if max(map(len, lines), default=0) > MAX_LINE_BYTES:
        line = next(line for line in lines if len(line) > MAX_LINE_BYTES)
        raise NotAnEvent(
            f"{_line_decoder.decode(line).subject} makes a line of {len(line):,} bytes;"
            " the most is 65,535"
        )
    return lines


def encode_tombstone(event: Event, redacted: Redacted) -> bytes:
    """The line that takes the place of an event whose content is erased, without its newline.

    Type, origin, sequence, batch and time stay as they were; the id is new, since the old one, with
    the leaf hash, could confirm a guess at the content.
    """
    milliseconds = int(event.time.timestamp() * 1000)
    batch = event.batch
    shown = f'"batch":"{batch.start:020d}-{batch.stop - 1:020d}",' if batch else ""
    return (
        f'{{"specversion":"1.0","type":"{event.type}","source":"{event.source}",'
        f'"id":"{uuid7s(1, milliseconds)[0]}","sequence":"{event.position:020d}",{shown}'
        f'"time":"{format_time(event.time)}","data":'
    ).encode() + b"%s}" % _json.encode(redacted)


def types_in(lines: bytes) -> frozenset[str]:
    """The types that some lines bear, ours or not; raises NotAnEvent where one has none."""
    try:
        return frozenset(_type_decoder.decode(line).type for line in lines.splitlines() if line)
    except msgspec.MsgspecError as error:
        raise NotAnEvent(str(error)) from None


def decode_event(line: bytes) -> Event:
    """Read a line; raises NotAnEvent, or UnknownType for a type newer than this code."""
    try:
        parts = _line_decoder.decode(line)
        return Event(
            position=parse_position(parts.sequence),
            id=parts.id,
            type=parts.type,
            time=parse_time(parts.time),
            source=parts.source,
            subject=parts.subject,
            actor=parts.actor,
            agent=parts.agent,
            data=decode_data(parts.type, parts.data, erased=not parts.subject),
            batch=parse_batch(parts.batch),
            key=parts.key or None,
        )
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotAnEvent(str(error)) from error


def decode_data(type_name: str, data: msgspec.Raw | bytes, *, erased: bool = False) -> Value:
    """Read an event's data by the name of its type; those of an erased event say by whom."""
    decoder = _erased_decoder if erased else _data_decoders.get(type_name)
    if decoder is None:
        raise UnknownType(f"{type_name} is not a type that this version knows")
    decoded: Value = decoder.decode(data)
    return decoded


def format_time(time: datetime) -> str:
    """A time as it stands in a line: UTC, six decimals, `Z`."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def parse_time(text: str) -> datetime:
    """Read a time as `format_time` writes it; raises NotAnEvent for any other form."""
    try:
        time = datetime.fromisoformat(text)
        same = time.tzinfo is not None and format_time(time) == text
    except (ValueError, OverflowError) as error:  # the latter of an offset at the end of all years
        raise NotAnEvent(f"time {text!r} is not of the form 2026-11-20T08:24:00.123456Z") from error
    if not same:
        raise NotAnEvent(f"time {text!r} is not in UTC, with six decimals and a Z")
    return time


def parse_position(text: str) -> int:
    """Read a position, zero-padded to 20 digits; raises NotAnEvent for any other form."""
    if len(text) != POSITION_DIGITS or not (text.isascii() and text.isdigit()):
        raise NotAnEvent(f"sequence {text!r} is not a number of 20 digits")
    return int(text)


def parse_batch(text: str) -> range | None:
    """Read `<first>-<last>`, both inclusive, as a half-open range; empty text means None."""
    if not text:
        return None
    first, dash, last = text.partition("-")
    if not dash:
        raise NotAnEvent(f"batch {text!r} is not of the form <first>-<last>")
    return range(parse_position(first), parse_position(last) + 1)
