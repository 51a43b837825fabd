"""Carries out a redaction on disk, and finishes one that a crash interrupted.

The steps, each durable before the next:
1. the file `redacting` says what is about to be recorded;
2. the events `record.redacted` are in the log, and the head is signed over them;
3. every segment with an erased line is replaced by one with a tombstone in its place;
4. documents, views and whatever else may hold the content are deleted;
5. the sites that the ledger was published to are brought up to date, as far as they can be reached;
6. the file `redacting` is removed.

Rules kept here:
- nothing is erased that an event in the signed log does not name;
- from step 2 on the redaction stands, and whoever opens the ledger for writing next finishes it;
  before, it never happened;
- a tombstone keeps the leaf hash of the line that it replaces, so no root changes;
- a sealed segment stays sealed;
- what is deleted is no longer in the file system; that the medium forgets it cannot be promised.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from events.codec import decode_event, encode_tombstone
from events.record import Draft
from events.vocabulary import RecordRedacted, Redacted
from ledger.disk import replace_file, sync_file, sync_folder, telling
from ledger.documents import DocumentStore
from ledger.errors import ClaimsError, ClockBehind, Refused
from ledger.leaves import hash_of_line
from ledger.merkle import leaf_hash
from ledger.seal import write_segment
from ledger.sealed import sealed_form
from ledger.segments import Segment, read_blocks, segment_of

if TYPE_CHECKING:
    from ledger.log import Log
    from ledger.writer import Appended, Writer

MARKER = "redacting"
SITE_SECONDS = 10.0  # how long a site is waited for that somebody is publishing to
LEFTOVERS = ("views", "aside")  # folders that can hold content, and that nothing is proven by


class Marker(msgspec.Struct, frozen=True):
    """What the file `redacting` says: where the events of the redaction are to stand, and which."""

    first: int
    positions: tuple[int, ...]
    documents: tuple[str, ...]


@dataclass
class Erased:
    """What was erased: lines and documents, and the sites that were reached and that were not."""

    lines: int = 0
    documents: int = 0
    sites: list[str] = field(default_factory=list)
    unreached: list[tuple[str, str]] = field(default_factory=list)  # each with the reason


def record_and_erase(writer: "Writer", drafts: Sequence[Draft]) -> tuple["Appended", Erased]:
    """Append redactions as one batch, and carry them out; all is done when this returns."""
    redactions = [each.data for each in drafts if isinstance(each.data, RecordRedacted)]
    folder = writer.log.folder
    write_marker(folder, writer.size, redactions)
    try:
        appended = writer.append(drafts)
    except (Refused, ClockBehind):  # nothing was written
        remove_marker(folder)
        raise
    writer.sign()
    ordered = dict(enumerate(redactions, appended.first))
    return appended, carry_out(writer, ordered)


def finish_redaction(writer: "Writer") -> list[str]:
    """Finish a redaction that was interrupted, if there is one; tells what was done."""
    folder = writer.log.folder
    if not (folder / MARKER).exists():
        return []
    ordered = redactions_from(writer.log, first_of(folder))
    if not ordered:
        remove_marker(folder)
        return ["A redaction was interrupted before it was recorded; nothing was erased."]
    erased = carry_out(writer, ordered)
    done = f"{erased.lines:,} lines and {erased.documents:,} documents were erased"
    return [
        f"A redaction that was interrupted was finished: {done}.",
        *(f"The site {site} still holds what was erased: {why}" for site, why in erased.unreached),
    ]


def carry_out(writer: "Writer", ordered: Mapping[int, RecordRedacted]) -> Erased:
    """Erase what redactions at some positions of the signed log name; may be done again."""
    log, erased = writer.log, Erased()
    folder = log.folder
    by = {position: at for at, each in ordered.items() for position in each.positions}
    documents = sorted({sha256 for each in ordered.values() for sha256 in each.documents})
    with telling(folder):
        for segment, positions in segments_of(log, by):
            erased.lines += bury(segment, positions)
        writer.reopen()
        erased.documents = sum(erase_document(folder, sha256) for sha256 in documents)
        remove_leftovers(folder)
        reach_sites(log, list(by), documents, erased)
        remove_marker(folder)
    return erased


# ── the marker ───────────────────────────────────────────────────────────────────────────────


def write_marker(folder: Path, first: int, redactions: Sequence[RecordRedacted]) -> None:
    """Say what is about to be recorded at a position."""
    marker = Marker(
        first,
        tuple(position for each in redactions for position in each.positions),
        tuple(sha256 for each in redactions for sha256 in each.documents),
    )
    with telling(folder):
        replace_file(folder / MARKER, msgspec.json.encode(marker) + b"\n")


def first_of(folder: Path) -> int:
    """The position that the marker names; 0, so that all is looked at, where it cannot be read."""
    try:
        return msgspec.json.decode((folder / MARKER).read_bytes(), type=Marker).first
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return 0


def redactions_from(log: "Log", first: int) -> dict[int, RecordRedacted]:
    """The redactions in the log from a position on."""
    name = RecordRedacted.TYPE.encode()
    found = {}
    for line in log.lines(min(first, log.size)):
        if name in line:
            event = decode_event(line)
            if isinstance(event.data, RecordRedacted):
                found[event.position] = event.data
    return found


def remove_marker(folder: Path) -> None:
    """Say that nothing is on its way any more."""
    (folder / MARKER).unlink(missing_ok=True)
    (folder / f"{MARKER}.new").unlink(missing_ok=True)
    sync_folder(folder)


# ── the log ──────────────────────────────────────────────────────────────────────────────────


def segments_of(log: "Log", by: Mapping[int, int]) -> Iterator[tuple[Segment, dict[int, int]]]:
    """The segments that hold some positions, each with those that it holds."""
    grouped: dict[Segment, dict[int, int]] = {}
    for position in sorted(by):
        segment = segment_of(log.segments(), position)
        grouped.setdefault(segment, {})[position] = by[position]
    yield from grouped.items()


def bury(segment: Segment, by: Mapping[int, int]) -> int:
    """Replace a segment by one with tombstones at some positions; tells how many are new.

    `by` gives for each position that of the event that names it.
    """
    path, fresh = segment.path, set[int]()
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        shutil.copymode(path, beside)
        write_segment(_buried(segment, by, fresh), file, sealed=segment.is_sealed)
        file.flush()
        sync_file(file.fileno())
    if fresh:
        beside.replace(path)
    else:
        beside.unlink()
    sealed_form(path).unlink(missing_ok=True)  # a sealed twin does not count
    sync_folder(path.parent)
    return len(fresh)


def _buried(segment: Segment, by: Mapping[int, int], fresh: set[int]) -> Iterator[bytes]:
    """The blocks of a segment with tombstones at some positions; adds those that are new."""
    position = segment.first
    for block in read_blocks(segment.path):
        lines = block[:-1].split(b"\n")
        for at in by.keys() & set(range(position, position + len(lines))):
            line = lines[at - position]
            lines[at - position] = entomb(line, at, by[at])
            if lines[at - position] is not line:
                fresh.add(at)
        position += len(lines)
        yield b"\n".join([*lines, b""])


def entomb(line: bytes, position: int, redacted_by: int) -> bytes:
    """The tombstone of the line of a position; a line that is one already stays as it is."""
    event = decode_event(line)
    assert event.position == position, "lines follow each other without gaps"
    if isinstance(event.data, Redacted):
        return line
    leaf = leaf_hash(line)
    tombstone = encode_tombstone(event, Redacted(redacted_by=redacted_by, leaf_hash=leaf.hex()))
    assert hash_of_line(tombstone) == leaf, "a tombstone stands for the line that it replaces"
    return tombstone


# ── what else may hold the content ───────────────────────────────────────────────────────────


def erase_document(folder: Path, sha256: str) -> bool:
    """Delete a captured document, and what a crash left of its writing; tells if it was there."""
    path = DocumentStore(folder).path(sha256)
    there = path.exists()
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.new").unlink(missing_ok=True)
    if path.parent.exists():
        sync_folder(path.parent)
    return there


def remove_leftovers(folder: Path) -> None:
    """Delete the views, with whatever lies beside them, and what crashes left.

    A reader that is building a view file finds its place gone, or drops its file itself: see
    `projections.build.swapped`.
    """
    for name in LEFTOVERS:
        if (folder / name).exists():
            shutil.rmtree(folder / name)
    for path in (folder / "log").glob("*.new"):
        path.unlink()
    sync_folder(folder / "log")
    sync_folder(folder)


def reach_sites(
    log: "Log", positions: Sequence[int], documents: Sequence[str], erased: Erased
) -> None:
    """Take the content away from the sites that the ledger was published to."""
    from ledger.publish import known_sites, withdraw

    for site in known_sites(log.folder):
        try:
            withdraw(site, log, positions, documents, wait_seconds=SITE_SECONDS)
            erased.sites.append(os.fspath(site))
        except ClaimsError as error:
            erased.unreached.append((os.fspath(site), error.what))
        except OSError as error:
            erased.unreached.append((os.fspath(site), f"{error.strerror or error}."))
