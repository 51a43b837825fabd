"""Checking what the lines say: references, documents, quotes and dates (log-format section 14).

Rules kept here:
- lines are not believed to be whole: what is no event is passed over, since reading the lines has
  named it; each thing that is wrong here is one finding at the first position that shows it;
- nothing is written beside or into the ledger; what is needed lies in a temporary folder;
- memory does not grow with the log: lines, documents and quotes are read in groups.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from events.codec import MAX_LINE_BYTES
from ledger.audits.documents import check_documents, list_documents
from ledger.audits.place import Place
from ledger.audits.quotes import check_quotes
from ledger.audits.references import check_references
from ledger.errors import ClaimsError, DiskFailed
from ledger.findings import Findings
from ledger.segments import Segment, readable_blocks
from projections.audits import Audit

Progress = Callable[[int, int], None]

GROUP_BYTES = 128 << 20  # of lines that are parsed at once


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What was looked at: documents hashed, quotes held against their texts, events erased.

    `quotes_unchecked` have no text here that could be read, since it was erased, is missing or was
    changed; `things_unchecked` are named by an event, and were made by one that cannot be read.
    """

    documents: int
    quotes: int
    quotes_unchecked: int
    things_unchecked: int
    erased: int


def check_contents(
    folder: Path,
    segments: Sequence[Segment],
    size: int,
    findings: Findings,
    progress: Progress | None = None,
) -> Counts:
    """Check the contents of the events below position `size`; `progress` is told of bytes.

    Raises DiskFailed where the temporary folder has no room; whatever is wrong is a finding.
    """
    read = [segment for segment in segments if segment.first < size]
    with opened_audit() as audit:
        document_bytes = list_documents(audit, folder, findings)
        log_bytes = sum(bytes_of(segment) for segment in read)
        meter = Meter(progress, 2 * log_bytes + document_bytes)
        load_lines(audit, read, size, meter)
        audit.settle()
        place = Place(folder, tuple(segments))
        check_references(audit, place, findings)
        documents = check_documents(audit, folder, findings, meter.add)
        quotes = check_quotes(audit, place, documents.wrong, findings, meter.part(log_bytes))
        unread = audit.number("select count(*) from forms.pointers where unread")
        if unread:
            findings.notes.append(unread_note(unread))
        meter.finish()
        return Counts(
            documents=documents.count,
            quotes=quotes.checked,
            quotes_unchecked=quotes.unchecked,
            things_unchecked=unread,
            erased=audit.number("select count(*) from events where subject is null"),
        )


def unread_note(count: int) -> str:
    """What is said of things that are named, and whose making cannot be read."""
    things = "thing is" if count == 1 else "things are"
    return f"{count:,} {things} named that only events which cannot be read may have made."


@dataclass
class Meter:
    """Tells how many bytes are done, of all that there are to do."""

    progress: Progress | None
    total: int
    done: int = 0

    def add(self, count: int) -> None:
        """So many bytes more are done."""
        self.done = min(self.done + count, self.total)
        if self.progress:
            self.progress(self.done, self.total)

    def part(self, size: int) -> Callable[[int, int], None]:
        """Tells of the next `size` bytes by how much of something else is done, and of how much."""
        begin = self.done
        return lambda done, of: self.add(begin + size * done // max(of, 1) - self.done)

    def finish(self) -> None:
        """All is done."""
        self.add(self.total)


@contextmanager
def opened_audit() -> Iterator[Audit]:
    """An audit in a temporary folder; what it cannot do for want of room becomes DiskFailed."""
    with TemporaryDirectory(prefix="claims-audit-") as made:
        try:
            with Audit(Path(made)) as audit:
                yield audit
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise DiskFailed(
                f"The audit has no room to work in: {str(error).splitlines()[0]}",
                way_out="Make room in the temporary folder, or name another one in TMPDIR.",
            ).at(file=str(Path(made).parent)) from error


# ── lines ────────────────────────────────────────────────────────────────────────────────────


def load_lines(audit: Audit, segments: Sequence[Segment], size: int, meter: Meter) -> None:
    """Read the lines of segments, group by group."""
    for group in groups(segments):
        try:
            audit.load([segment.path for segment in group], size)
        except duckdb.Error:
            for segment in group:
                load_damaged(audit, segment, size)
        meter.add(sum(bytes_of(segment) for segment in group))


def load_damaged(audit: Audit, segment: Segment, size: int) -> None:
    """Read a segment that the parser gives up on, without what is too long to be a line."""
    with TemporaryDirectory(prefix="claims-audit-") as made:
        copy = Path(made) / "lines.jsonl"
        try:
            with copy.open("wb") as file:
                file.writelines(fitting_lines(segment))
        except (ClaimsError, OSError):
            return  # that it cannot be read was found when its lines were read
        audit.load([copy], size)


def fitting_lines(segment: Segment) -> Iterator[bytes]:
    """The lines of a segment that are no longer than a line may be."""
    for block in readable_blocks(segment.path):
        for line in block.split(b"\n"):
            if len(line) <= MAX_LINE_BYTES:
                yield line + b"\n"


def groups(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Segments in groups that are parsed at once."""
    group: list[Segment] = []
    weight = 0
    for segment in segments:
        if group and weight + bytes_of(segment) > GROUP_BYTES:
            yield group
            group, weight = [], 0
        group.append(segment)
        weight += bytes_of(segment)
    if group:
        yield group


def bytes_of(segment: Segment) -> int:
    """The bytes of a segment's lines; 0 where it cannot be asked."""
    try:
        return segment.length
    except (ClaimsError, OSError):
        return 0
