"""Attestations: the digests that every view had at a size, recorded as an event and compared later.

Rules kept here:
- what is attested comes from a replay of the signed log, never from the view file;
- an attestation speaks of the first `size` events, whatever else was appended before it;
- where digests differ, that is a finding, unless they were made by other code (`code` differs, so
  the views may) or content was erased since (so the log that is replayed is another one).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from events.codec import decode_event
from events.record import Draft
from events.values import Value
from events.vocabulary import RecordRedacted, ViewsAttested
from ledger.errors import Conflict
from ledger.keys import KeyFiles
from ledger.log import Log
from ledger.terms import Recorder
from ledger.views import replayed
from ledger.writer import Writer
from projections.catalog import code_digest

Verdict = Literal["same", "differs", "made by other code", "erased since"]


@dataclass(frozen=True)
class Attestation:
    """What an event at `position` says of the views at an earlier size."""

    position: int
    said: ViewsAttested


class Difference(msgspec.Struct, frozen=True):
    """A view (or `root`) whose digest is not the one attested; None where one side has none."""

    view: str
    attested: str | None
    replayed: str | None


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an attestation when it was compared with a replay."""

    position: int
    size: int
    code: str
    verdict: Verdict
    differences: tuple[Difference, ...]


class Attested(msgspec.Struct, frozen=True, kw_only=True):
    """The receipt of an attestation: where its event stands, and what it says."""

    position: int
    size: int
    root: str
    code: str
    digests: dict[str, str]


def attest(
    log: Log,
    recorder: Recorder,
    *,
    note: str | None = None,
    notify: Callable[[Sequence[str]], None] | None = None,
    **options: Any,  # noqa: ANN401  those of Writer.open
) -> Attested:
    """Replay the signed log and record what its views are; durable when this returns.

    Others may append while it is replayed: the lock is taken only to record. Raises KeyMissing,
    Refused (events newer than this code), Busy, Damaged, DiskFailed; Conflict where another
    history took the log's place meanwhile.
    """
    KeyFiles.of(log.origin).check_key()
    log.refresh()
    size, root = log.signed_size, log.root_at(log.signed_size)
    with replayed(log, size) as views:
        digests = views.digests()
    said = ViewsAttested(
        size=size, root=root.hex(), code=code_digest(), digests=digests, note=note
    )  # fmt: skip
    draft = Draft(
        data=said, subject=f"ledger/{log.origin}", actor=recorder.actor, agent=recorder.agent
    )
    with Writer.open(log.folder, actor=recorder.actor, agent=recorder.agent, **options) as writer:
        if notify:
            notify(writer.notices)
        if writer.size < size or writer.log.root_at(size) != root:
            raise Conflict(
                "Another history took this ledger's place while its views were made.",
                way_out="Nothing was recorded. Look at the ledger, then attest again.",
            )
        done = writer.append([draft])
    return Attested(
        position=done.first, size=size, root=said.root, code=said.code, digests=digests
    )  # fmt: skip


def attestations(log: Log, first: int = 0) -> Iterator[Attestation]:
    """Every attestation from a position on, read from the log alone, in order."""
    for position, data in events_of(log, ViewsAttested, first):
        yield Attestation(position, data)


def last_attestation(log: Log, size: int | None = None) -> Attestation | None:
    """The last attestation, or the last that speaks of a size; None where there is none."""
    last = None
    for each in attestations(log, size or 0):
        if size in (None, each.said.size):
            last = each
    return last


def compare(log: Log, one: Attestation, digests: Mapping[str, str]) -> Compared:
    """Hold an attestation against the digests of a replay to its size by this code."""
    said = one.said
    root = log.root_at(said.size).hex() if said.size <= log.size else None
    differences = [Difference("root", said.root, root)] if said.root != root else []
    differences += [
        Difference(name, said.digests.get(name), digests.get(name))
        for name in sorted({*said.digests, *digests})
        if said.digests.get(name) != digests.get(name)
    ]
    return Compared(
        position=one.position,
        size=said.size,
        code=said.code,
        verdict=_verdict(log, said, differences),
        differences=tuple(differences),
    )


def _verdict(log: Log, said: ViewsAttested, differences: Sequence[Difference]) -> Verdict:
    if not differences:
        return "same"
    if differences[0].view == "root":  # whatever the code, it speaks of another log
        return "differs"
    if said.code != code_digest():
        return "made by other code"
    return "erased since" if _erased_since(log, said.size) else "differs"


def _erased_since(log: Log, size: int) -> bool:
    """Whether an event from `size` on erased one that lies before it."""
    return any(
        min(data.positions, default=size) < size for _, data in events_of(log, RecordRedacted, size)
    )


def events_of(log: Log, kind: type[Any], first: int) -> Iterator[tuple[int, Any]]:
    """The positions and data of the events of one type, from a position on, but for erased ones.

    Only lines that hold the name of the type in its place are read; no text can hold it, since
    quotes inside of text are escaped.
    """
    mark = f'"type":"{kind.TYPE}","source":'.encode()
    for block in log.blocks(first, log.size) if first < log.size else ():
        if mark in block:
            for line in block.split(b"\n"):
                if mark in line:
                    yield from _of_kind(line, kind)


def _of_kind(line: bytes, kind: type[Value]) -> Iterator[tuple[int, Value]]:
    event = decode_event(line)
    if isinstance(event.data, kind):
        yield event.position, event.data
