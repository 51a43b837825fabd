"""A quick look at many lines at once: whether all of them are as they must be.

Each line is read into the struct of its type, envelope and data, and written again: the same bytes
mean that it is in its one form. What the log itself wrote is then compared in bulk. Where only
envelopes are asked for, the data are passed over as they lie there.

Rules kept here:
- lines that pass here pass `check_line` and `order_fault` one by one, too; a test holds them to it;
- lines that do not pass may still be well (a tombstone, a type newer than this code, text escaped
  in a way that only the slow path allows): they are looked at one by one, which names the fault.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal, NamedTuple

import msgspec

from events.codec import MAX_LINE_BYTES
from events.vocabulary import BY_TYPE, Agent, KeyRotated, LedgerCreated, RecordRedacted
from ledger.leaves import MARK
from ledger.lines import Stamp, may_hold_needless_point, read_stamp

# Events that say something about the log itself: a verifier must look at each of them.
SPECIAL = frozenset(kind.TYPE for kind in (LedgerCreated, KeyRotated, RecordRedacted))

_BEFORE_TYPE = b'{"specversion":"1.0","type":"'
_TYPE_AT = len(_BEFORE_TYPE)
_THOUSAND = [f"{number:03d}" for number in range(1000)]
_ID_DASHES = (8, 13, 18, 23)
_ID_LENGTH = 36
_KEY_LENGTH = 22
_HEX = re.compile(r"[0-9a-f-]*")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_BATCH = re.compile(r"([0-9]{20})-([0-9]{20})")
_facts = attrgetter("id", "sequence", "batch", "time", "key")
_END = b"}}"  # so the data, which end before the last brace, are an object


class Scanned(NamedTuple):
    """What came of lines that are well: the stamp of the last, and which of them are `SPECIAL`."""

    last: Stamp
    special: list[int]


Lines = Sequence[bytes] | Sequence[memoryview]


class Scan:
    """Looks at lines of one ledger, whole or at their envelopes alone."""

    def __init__(self, origin: str, *, whole: bool = True) -> None:
        self.whole = whole
        kinds, self._readers = _readers(origin)
        self._special = {kinds[name] for name in SPECIAL}
        self._envelopes = _envelopes(origin).decode_lines
        self._encode = msgspec.json.Encoder(decimal_format="number").encode_lines

    def split(self, block: bytes) -> Lines:
        """The lines of a block of whole lines as `take` wants them."""
        return block[:-1].split(b"\n") if self.whole else _views(block)

    def take(self, lines: Lines, block: bytes, before: Stamp) -> Scanned | None:
        """Look at some lines, one at least, which should follow `before`; None if in doubt.

        `block` holds the same lines, each with its newline.
        """
        if max(map(len, lines)) > MAX_LINE_BYTES:
            return None
        try:
            read = (
                self._read_whole(lines, block) if self.whole else self._read_envelopes(lines, block)
            )
        except (KeyError, ValueError, msgspec.MsgspecError, RecursionError):
            return None
        if read is None or self._encode(read) != block:
            return None
        ids, sequences, batches, times, keys = zip(*map(_facts, read), strict=True)
        well = (
            _are_next(sequences, before.position + 1)
            and _are_ids(ids)
            and _are_keys(keys)
            and _are_times(times, before.time)
            and _are_batches(batches, times, before)
        )
        last = read_stamp(lines[-1]) if well else None
        return Scanned(last, self._find_special(read)) if last else None

    def _read_whole(self, lines: Sequence[Any], block: bytes) -> list[Any] | None:
        if may_hold_needless_point(block):
            return None
        readers = self._readers
        return [readers[line[_TYPE_AT : line.index(b'"', _TYPE_AT)]](line) for line in lines]

    def _read_envelopes(self, lines: Lines, block: bytes) -> list[Any] | None:
        """Read the lines as envelopes; of the data it is known that they are JSON objects."""
        read: list[Any] = self._envelopes(block)
        well = {line.type for line in read} <= BY_TYPE.keys() and MARK not in block
        return read if well and all(line[-2:] == _END for line in lines) else None

    def _find_special(self, read: Sequence[Any]) -> list[int]:
        if self.whole:
            if self._special.isdisjoint(map(type, read)):
                return []
            return [at for at, line in enumerate(read) if type(line) in self._special]
        types = [line.type for line in read]
        return [at for at, name in enumerate(types) if name in SPECIAL]


def _views(block: bytes) -> list[memoryview]:
    """The lines of a block without their newlines, in place: a copy of each would take longer."""
    whole, found, at = memoryview(block), [], 0
    while (end := block.find(b"\n", at)) >= 0:
        found.append(whole[at:end])
        at = end + 1
    return found


def _line_struct(name: Any, origin: str, data: Any) -> type[msgspec.Struct]:  # noqa: ANN401  hints have no type
    """A whole line; the envelope's fields stand in their order."""
    fields: list[Any] = [
        ("specversion", Literal["1.0"]), ("type", name), ("source", Literal[origin]),
        ("id", str), ("sequence", str), ("batch", str, ""), ("time", str), ("subject", str),
        ("actor", str), ("agent", Agent), ("key", str, ""), ("data", data),
    ]  # fmt: skip
    return msgspec.defstruct("Line", fields, kw_only=True, omit_defaults=True, gc=False)


@lru_cache(maxsize=8)
def _envelopes(origin: str) -> msgspec.json.Decoder[Any]:
    """What reads lines of any type and leaves their data as they lie there."""
    return msgspec.json.Decoder(_line_struct(str, origin, msgspec.Raw))


@lru_cache(maxsize=8)
def _readers(
    origin: str,
) -> tuple[dict[str, type[msgspec.Struct]], dict[bytes, Callable[[bytes], Any]]]:
    """The struct of each type, and what reads it."""
    kinds = {name: _line_struct(Literal[name], origin, data) for name, data in BY_TYPE.items()}
    readers: dict[bytes, Callable[[bytes], Any]] = {
        name.encode(): msgspec.json.Decoder(kind).decode for name, kind in kinds.items()
    }
    return kinds, readers


def _are_next(sequences: Sequence[str], first: int) -> bool:
    """Whether the positions go on from `first`; numbers are made a thousand at a time."""
    at = 0
    while at < len(sequences):
        thousands, rest = divmod(first + at, 1000)
        head, ends = f"{thousands:017d}", _THOUSAND[rest : rest + len(sequences) - at]
        if [head + end for end in ends] != list(sequences[at : at + len(ends)]):
            return False
        at += len(ends)
    return True


def _are_ids(ids: Sequence[str]) -> bool:
    """Whether ids are UUIDs of version 7 (RFC 9562) in lower case."""
    text, count = "".join(ids), len(ids)
    return (
        set(map(len, ids)) == {_ID_LENGTH}
        and all(text[at::_ID_LENGTH] == "-" * count for at in _ID_DASHES)
        and text.count("-") == len(_ID_DASHES) * count
        and text[14::_ID_LENGTH] == "7" * count
        and set(text[19::_ID_LENGTH]) <= set("89ab")
        and _HEX.fullmatch(text) is not None
    )


def _are_keys(keys: Sequence[str]) -> bool:
    """Whether keys are 22 characters of base64url, or none."""
    return set(map(len, keys)) <= {0, _KEY_LENGTH} and bool(_BASE64URL.fullmatch("".join(keys)))


def _are_times(times: Sequence[str], before: str) -> bool:
    """Whether times are well written and never run back."""
    if times[0] < before or list(times) != sorted(times):
        return False
    try:
        return all(_TIME.fullmatch(each) and datetime.fromisoformat(each) for each in set(times))
    except ValueError:  # a 30th of February
        return False


def _are_batches(batches: Sequence[str], times: Sequence[str], before: Stamp) -> bool:
    """Whether each line goes on with the batch of the line before, or begins the next where it may.

    The lines are known to be in their order, from `before.position + 1` on.
    """
    first, end = before.position + 1, before.position + 1 + len(batches)
    position = first
    if position < before.batch.stop:
        shown = _shown(before.batch)
        stop = min(before.batch.stop, end)
        if not _all(batches, 0, stop - first, shown) or times[0] != before.time:
            return False
        if (
            times[stop - first - 1] != before.time
        ):  # they do not run back, so the first tells the rest
            return False
        position = stop
    while position < end:
        at = position - first
        if batches[at] == "":
            position += 1
            continue
        found = _BATCH.fullmatch(batches[at])
        if found is None or int(found[1]) != position or int(found[2]) <= position:
            return False
        stop = min(int(found[2]) + 1, end)
        if not _all(batches, at, stop - first, batches[at]) or times[stop - first - 1] != times[at]:
            return False
        position = stop
    return True


def _shown(batch: range) -> str:
    return f"{batch.start:020d}-{batch.stop - 1:020d}" if len(batch) > 1 else ""


def _all(texts: Sequence[str], start: int, stop: int, text: str) -> bool:
    return list(texts[start:stop]) == [text] * (stop - start)
