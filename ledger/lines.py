"""What a line says about itself: its place in the log, and whether it is written as it must be."""

import re
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from events.codec import MAX_LINE_BYTES, NotAnEvent, decode_data, encode_data, parse_time
from events.vocabulary import BY_TYPE
from ledger.leaves import MARK

# Origins and types hold no character that JSON escapes, so the keys up to `time` can be read off.
_STAMP = re.compile(
    rb'\{"specversion":"1\.0","type":"([a-z0-9_.]{1,100})","source":"([A-Za-z0-9._~/-]{1,200})",'
    rb'"id":"[0-9a-f-]{36}","sequence":"([0-9]{20})",'
    rb'(?:"batch":"([0-9]{20})-([0-9]{20})",)?"time":"([0-9T:.Z-]{27})",'
)
_TEXT = rb'"(?:[^"\\\x00-\x1f]|\\["\\bfnrt]|\\u00(?:0[0-7bef]|1[0-9a-f]))*"'
_ERASED = re.compile(rb'"data":\{"redacted_by":(0|[1-9][0-9]{0,18}),"leaf_hash":"[0-9a-f]{64}"\}\}')
_WITHOUT_POINT = 1e16  # from here on a float is written with an exponent
_POINT = re.compile(rb"\.0[,}\]]")
_UUID7 = re.compile(
    rb'"id":"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}","sequence":'
)
_REST = re.compile(
    rb'"subject":' + _TEXT + rb',"actor":' + _TEXT + rb',"agent":"(?:person|importer|model)",'
    rb'(?:"key":"[A-Za-z0-9_-]{22}",)?"data":(\{.*\})\}'
)


class Stamp(NamedTuple):
    """What the log itself wrote on a line; `batch` is the half-open range of positions."""

    type: str
    origin: str
    position: int
    batch: range
    time: str
    end: int  # where in the bytes the stamp ends


BEGINNING = Stamp("", "", -1, range(-1, 0), "", 0)  # what the first line of a log follows


def read_stamp(data: bytes | memoryview, start: int = 0) -> Stamp | None:
    """Read the stamp of the line that begins at `start`; None when there is none."""
    found = _STAMP.match(data, start)
    if found is None:
        return None
    name, origin, sequence, first, last, time = found.groups()
    position = int(sequence)
    batch = range(int(first), int(last) + 1) if first else range(position, position + 1)
    return Stamp(name.decode(), origin.decode(), position, batch, time.decode(), found.end())


def check_line(line: bytes, origin: str, *, whole: bool = True) -> Stamp:
    """Check that a line is an event of this ledger, written in the one form it may have.

    A tombstone is one too; who authorised it is another question. Of a type newer than this code,
    and where not the `whole` line is asked for, the data need only be JSON. Raises NotAnEvent.
    """
    stamp = _checked_stamp(line, origin)
    if MARK in line:  # its leaf hash is the one that it keeps, so it must be nothing but that
        erased_by(line, stamp)
        return stamp
    rest = _REST.fullmatch(line, stamp.end)
    if rest is None or not _is_utf8(line if whole else line[: rest.start(1)]):
        raise NotAnEvent("the keys from `subject` on are not those of an event in their order")
    if whole:
        _check_data(stamp.type, rest[1])
    else:
        _check_json(rest[1])
    return stamp


def erased_by(line: bytes, stamp: Stamp) -> int:
    """The position of the event that ordered the erasure that a tombstone marks; NotAnEvent."""
    found = _ERASED.fullmatch(line, stamp.end)
    if found is None:
        raise NotAnEvent("it keeps the leaf hash of an erased event, but is no tombstone")
    return int(found[1])


def order_fault(before: Stamp, stamp: Stamp) -> tuple[str, str] | None:
    """What is wrong with a line as the one that follows another: what was expected, what found."""
    position = before.position + 1
    within = position < before.batch.stop
    if stamp.position != position:
        return f"position {position}", f"position {stamp.position}"
    if within and (stamp.batch, stamp.time) != (before.batch, before.time):
        return "the batch and time of the line before", "others"
    if not within and stamp.batch.start != position:
        return "the first event of a batch", f"one of a batch from {stamp.batch.start} on"
    if stamp.time < before.time:
        return f"a time not before {before.time}", stamp.time
    return None


def _checked_stamp(line: bytes, origin: str) -> Stamp:
    stamp = read_stamp(line)
    if stamp is None:
        raise NotAnEvent("the keys up to `time` are not those of an event in their order")
    if len(line) > MAX_LINE_BYTES:
        raise NotAnEvent(f"the line has {len(line):,} bytes; the most is {MAX_LINE_BYTES:,}")
    if stamp.origin != origin:
        raise NotAnEvent(f"its source is {stamp.origin}, not {origin}")
    if _UUID7.search(line, 0, stamp.end) is None:
        raise NotAnEvent("its id is not a UUID of version 7 in lower case")
    if stamp.batch.stop - stamp.batch.start == 1 and line.find(b'"batch":', 0, stamp.end) != -1:
        raise NotAnEvent("a batch of one event is not written")
    if stamp.position not in stamp.batch:
        raise NotAnEvent("its sequence lies outside its batch")
    _check_time(stamp.time)
    return stamp


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=8)  # the lines of a batch share their time
def _check_time(text: str) -> None:
    parse_time(text)


def _check_json(data: bytes) -> None:
    """Check that data are a JSON value, whose texts are not looked at."""
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise NotAnEvent(f"its data is not JSON: {error}") from error


def _check_data(type_name: str, data: bytes) -> None:
    """Read the data, write it again and compare: there is one way to write it."""
    try:
        if type_name not in BY_TYPE:
            msgspec.json.decode(data)
        elif encode_data(decoded := decode_data(type_name, data)) != data:
            raise NotAnEvent("its data is not written in its one form")
        elif may_hold_needless_point(data) and _has_needless_point(msgspec.to_builtins(decoded)):
            raise NotAnEvent("a whole number in its data is written with a decimal point")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotAnEvent(f"its data does not fit its type: {error}") from error


def may_hold_needless_point(data: bytes) -> bool:
    """Whether a number such as `1.0` may stand in JSON, or in a text of it."""
    return _POINT.search(data) is not None


def _has_needless_point(value: Any) -> bool:  # noqa: ANN401  JSON is made of anything
    """Whether a whole number is held as a float, and written so: those from 10**16 on are not."""
    if isinstance(value, dict):
        return any(_has_needless_point(each) for each in value.values())
    if isinstance(value, list | tuple):
        return any(_has_needless_point(each) for each in value)
    return isinstance(value, float) and value.is_integer() and abs(value) < _WITHOUT_POINT
