"""What a site has from the ledger as it lies there: segments, settings, kept heads, documents.

Rules kept here:
- segments are cut at the signed size, and hold whole lines; sealed ones are published as they lie;
- a segment below the head that the site shows is trusted by its length; one with an erased line,
  whose length says nothing, is compared byte by byte;
- a document is published only if a line names it, and its content has the hash.
"""

import filecmp
import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from events.codec import NotAnEvent, UnknownType, decode_event
from events.vocabulary import SourceFields
from ledger.documents import DocumentStore
from ledger.errors import Differs
from ledger.identity import SETTINGS
from ledger.log import Log
from ledger.publish.staging import Staging
from ledger.segments import list_segments, read_blocks, segment_of, segment_path

_TRIES = 3
_KEPT_HEAD = re.compile(r"([0-9]{20})(\.rotation)?")
_SOURCE = b'{"specversion":"1.0","type":"claims.source.'


@dataclass(frozen=True)
class Part:
    """A segment as it is published: half-open positions, and bytes; not `whole` if it is cut."""

    name: str
    path: Path
    first: int
    last: int
    length: int
    whole: bool = True


def published_parts(log: Log) -> Iterator[Part]:
    """The segments of a log as they lie now, up to the signed size."""
    size, segments = log.signed_size, list_segments(log.folder)
    for one, following in zip_longest(segments, segments[1:]):
        if one.first >= size:
            return
        if following is not None and following.first <= size:
            length = one.path.stat().st_size
            yield Part(f"log/{one.path.name}", one.path, one.first, following.first, length)
        else:
            name = f"log/{segment_path(log.folder, one.first).name}"
            yield Part(name, one.path, one.first, size, log.mark(size).offset, whole=False)


def stage_segments(staging: Staging, log: Log, trusted: int, erased: Iterable[int]) -> list[Part]:
    """Copy the segments that the site lacks; gives all of them."""
    gone = sorted(erased)
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):  # it was sealed meanwhile
            return _stage_segments(staging, log, trusted, gone)
    return _stage_segments(staging, log, trusted, gone)


def _stage_segments(staging: Staging, log: Log, trusted: int, gone: Sequence[int]) -> list[Part]:
    parts = list(published_parts(log))
    for part in parts:
        there = part.last <= trusted and staging.length(part.name) == part.length
        if there and any(part.first <= position < part.last for position in gone):
            there = _is_same(part, staging.site / part.name)
        if not there:
            _copy(part, staging)
    staging.drop_others("log", (part.name for part in parts))
    return parts


def _copy(part: Part, staging: Staging) -> None:
    if part.whole:
        with part.path.open("rb") as source, staging.path(part.name).open("wb") as whole:
            shutil.copyfileobj(source, whole)
        return
    with staging.path(part.name).open("wb") as target:
        for block in read_blocks(part.path, 0, part.length):
            target.write(block)


def _is_same(part: Part, path: Path) -> bool:
    """Whether a file of the right length holds a segment, byte by byte."""
    if part.whole:
        return filecmp.cmp(part.path, path, shallow=False)
    with path.open("rb") as file:
        return all(
            file.read(len(block)) == block for block in read_blocks(part.path, 0, part.length)
        )


def stage_settings(staging: Staging, log: Log) -> list[str]:
    """Copy `ledger.toml` and the kept heads that the signed head covers; gives those heads."""
    staging.put_changed(SETTINGS, (log.folder / SETTINGS).read_bytes())
    kept = []
    for path in sorted((log.folder / "checkpoints").glob("*")):
        found = _KEPT_HEAD.fullmatch(path.name)
        if found and int(found[1]) + bool(found[2]) <= log.signed_size:
            name = f"checkpoints/{path.name}"
            staging.put_changed(name, path.read_bytes())
            kept.append(name)
    return kept


def documents_named(log: Log, first: int, lines: Iterable[bytes]) -> Iterator[str]:
    """The hashes of the documents that lines name, bytes and texts; raises Differs.

    `first` is the position of the first line. Events newer than this code are passed over.
    """
    for position, line in enumerate(lines, first):
        if line.startswith(_SOURCE):
            try:
                data = decode_event(line).data
            except UnknownType:
                continue
            except NotAnEvent as error:
                file = str(segment_of(log.segments(), position).path)
                raise Differs(
                    "a line", file=file, position=position, expected="an event", found=str(error)
                ) from error
            if isinstance(data, SourceFields):
                yield from (one for one in (data.sha256, data.text_sha256) if one)


def stage_documents(staging: Staging, log: Log, named: Iterable[str]) -> list[str]:
    """Copy the documents that the site lacks, and take others away; gives all of them.

    A document that the ledger no longer has was erased, or is for `verify` to miss.
    """
    store, names = DocumentStore(log.folder), []
    for sha256 in sorted(set(named)):
        path = store.path(sha256)
        if path.is_file():
            name = path.relative_to(log.folder).as_posix()
            names.append(name)
            if staging.length(name) != path.stat().st_size:
                staging.put(name, _checked(path, sha256))
    staging.drop_others("documents", names)
    return names


def _checked(path: Path, sha256: str) -> bytes:
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Differs(
            "a captured document", file=str(path), expected="the content of its hash",
            found="another",
        )  # fmt: skip
    return data
