"""Checking a ledger without trusting it: everything is read, hashed and compared; nothing repaired.

Rules kept here:
- what is wrong is collected, and named by file and position; no damage makes it stop or throw;
- what an honest writer may have left behind (lines not signed yet, a stored tree that is short) is
  a note, or a finding when asked to be strict;
- views are held against the log only where the log itself is right.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from events.vocabulary import LedgerCreated
from ledger.erasures import check_erasures
from ledger.extent import tail_beyond
from ledger.findings import Finding, Findings
from ledger.heads import (
    Auditor,
    Heads,
    check_brought,
    check_cosigners,
    check_heads,
    check_keys,
    read_heads,
)
from ledger.identity import (
    check_is_ledger,
    check_settings,
    read_created,
    read_settings,
    read_verifier,
)
from ledger.merkle import HASH_BYTES, Frontier
from ledger.piece import HashFault
from ledger.segments import Segment, list_segments, segment_path
from ledger.tree import TreeIncomplete, read_hashes
from ledger.walk import Progress, Walk

if TYPE_CHECKING:
    from ledger.audits import Counts

Stage = Callable[[str], None]
T = TypeVar("T")

_HASHES_AT_ONCE = 1 << 15


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was checked and what came of it: size and root of the whole batches that were found.

    `signed_size` is that of the checkpoint, 0 where it could not be believed; `redactions` counts
    tombstones. Quotes and things are unchecked where what they hang on was erased, or cannot be
    read. What was not looked at is None: with the log alone, or with a log that is wrong.
    `cosigners` are those of the newest head that enough of the given witnesses signed. The views of
    a large ledger are compared by what goes into them, unless strict: `views_compared` says how.
    """

    size: int
    root: bytes
    signed_size: int
    key_given: bool = False
    redactions: int = 0
    cosigned_size: int = 0
    cosigners: tuple[str, ...] = ()
    documents: int | None = None
    quotes: int | None = None
    quotes_unchecked: int | None = None
    things_unchecked: int | None = None
    views: int | None = None
    views_compared: Literal["by digest", "by tables"] = "by digest"
    seconds: float = 0.0
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


def verify_ledger(
    folder: Path,
    *,
    strict: bool = False,
    auditor: Auditor | None = None,
    progress: Progress | None = None,
    stage: Stage | None = None,
) -> Verification:
    """Check a ledger from its lines up.

    `progress` is told of how much is done and how much there is in all, first in bytes of the log;
    `stage` is told what is looked at, before its progress begins again from 0. Raises UsageFault
    where there is no ledger; whatever else is wrong is a finding.
    """
    check_is_ledger(folder)
    audit = _Audit(folder, Findings(folder, strict), auditor or Auditor(), progress, stage)
    audit.check_log()
    if audit.auditor.deep:
        audit.check_contents()
        if audit.auditor.views:
            audit.check_views()
    return audit.verification()


@dataclass
class _Audit:
    """One run through a ledger, stage by stage."""

    folder: Path
    findings: Findings
    auditor: Auditor
    progress: Progress | None
    stage: Stage | None
    started: float = field(default_factory=time.monotonic)
    heads: Heads = field(default_factory=Heads)
    segments: list[Segment] = field(default_factory=list)
    walk: Walk = field(init=False)
    cosigned: tuple[int, tuple[str, ...]] = (0, ())
    counts: "Counts | None" = None
    views: int | None = None
    views_compared: Literal["by digest", "by tables"] = "by digest"

    def begin(self, what: str) -> None:
        """Tell what is looked at from here on."""
        if self.stage:
            self.stage(what)

    def check_log(self) -> None:
        """Check what was signed: identity, keys, heads, lines, tree and erasures."""
        self.begin("log")
        folder, findings = self.folder, self.findings
        identity = _check_identity(folder, findings)
        first = findings.attempt(lambda: read_verifier(folder, identity)) if identity else None
        if first:
            self.heads = findings.attempt(lambda: read_heads(folder, first, findings)) or Heads()
        self.segments = findings.attempt(lambda: list_segments(folder)) or []
        self.walk = Walk(
            folder=folder,
            origin=identity.origin if identity else "",
            wanted=self.heads.wanted(self.auditor),
            progress=self.progress,
            whole=self.auditor.forms,
        )
        if self.segments:
            limit = self.heads.size or sys.maxsize
            findings.attempt(lambda: self.walk.go(self.segments, limit))
        findings.take(self.walk.findings, self.walk.left_out)
        self._check_walk()

    def _check_walk(self) -> None:
        """Check what the lines add up to."""
        walk, heads, findings = self.walk, self.heads, self.findings
        _check_tree(walk, heads, findings)
        check_heads(walk, heads, findings)
        check_keys(walk, heads, self.auditor, findings)
        check_brought(walk, heads, self.auditor, findings)
        self.cosigned = check_cosigners(walk, heads, self.auditor, findings)
        check_erasures(walk, self.segments, findings)
        if heads.own and walk.frontier.size == heads.size:
            _check_tail(walk, heads.size, self.segments, findings)

    def check_contents(self) -> None:
        """Check what the lines say: documents, quotes, references."""
        from ledger.audits import check_contents

        self.begin("contents")
        self.counts = self._attempt_deep(
            lambda: check_contents(
                self.folder, self.segments, self.walk.frontier.size, self.findings, self.progress
            )
        )

    def check_views(self) -> None:
        """Check that views and attestations are what the log gives; only of a log that is right."""
        own = self.heads.own
        if own is None or self.walk.roots.get(own.size) != own.root or self.walk.findings:
            return
        from ledger.audits.views import LARGE, check_views
        from ledger.log import Log

        self.begin("views")
        if own.size > LARGE and not self.findings.strict:
            self.views_compared = "by tables"
        self.views = self._attempt_deep(
            lambda: check_views(Log.open(self.folder), self.findings, self.progress)
        )

    def _attempt_deep(self, check: Callable[[], T]) -> T | None:
        """What a check gives; a finding where DuckDB gives up on what it was given."""
        import duckdb

        try:
            return self.findings.attempt(check)
        except duckdb.Error as error:
            first = str(error).partition("\n")[0]
            self.findings.add(Finding(what=f"cannot be checked: {first}", file=str(self.folder)))
        return None

    def verification(self) -> Verification:
        """What came of it."""
        counts, walk, findings = self.counts, self.walk, self.findings
        newer = [
            f"Events of {name} are newer than this program." for name in sorted(walk.newer_types)
        ]
        left_out = [f"{findings.left_out:,} further findings were left out."]
        return Verification(
            size=walk.frontier.size,
            root=walk.frontier.root(),
            signed_size=self.heads.size,
            key_given=self.auditor.vkey is not None,
            redactions=len(walk.erased),
            cosigned_size=self.cosigned[0],
            cosigners=self.cosigned[1],
            documents=counts.documents if counts else None,
            quotes=counts.quotes if counts else None,
            quotes_unchecked=counts.quotes_unchecked if counts else None,
            things_unchecked=counts.things_unchecked if counts else None,
            views=self.views,
            views_compared=self.views_compared,
            seconds=round(time.monotonic() - self.started, 3),
            findings=tuple(sorted(findings.wrong, key=_where)),
            notes=(*findings.notes, *newer, *(left_out if findings.left_out else ())),
        )


def _where(finding: Finding) -> tuple[bool, int]:
    """The first bad position first; what has none comes last, in the order in which it was met."""
    return finding.position is None, finding.position or 0


def _check_identity(folder: Path, findings: Findings) -> LedgerCreated | None:
    """The first event; where it cannot be read, what `ledger.toml` repeats of it."""
    created = findings.attempt(lambda: read_created(folder))
    if created is None:
        return findings.attempt(lambda: read_settings(folder))
    findings.attempt(lambda: check_settings(folder, created, to_the_byte=True))
    return created


def _check_tree(walk: Walk, heads: Heads, findings: Findings) -> None:
    """Say of every hash that differs whether the line or the stored hash is wrong.

    Above the leaves a stored hash can be blamed only when the lines are right.
    """
    head = heads.own
    lines_are_right = head is not None and walk.roots.get(head.size) == head.root
    leaves_are_right = (
        bool(walk.hash_faults) and not lines_are_right and _leads_to(walk.folder, heads)
    )
    for one in walk.hash_faults:
        if leaves_are_right and one.level == 0:
            findings.add(_line_fault(walk.folder, one))
        elif lines_are_right or one.level == 0:
            findings.add(_tree_fault(walk.folder, one))
    if walk.tree_is_short:
        text = "The stored tree is short; the next append computes it anew."
        findings.note(text, walk.folder / "tree")


def _leads_to(folder: Path, heads: Heads) -> bool:
    """Whether the stored leaf hashes alone have the root that was signed."""
    if heads.own is None:
        return False
    frontier = Frontier()
    try:
        for first in range(0, heads.size, _HASHES_AT_ONCE):
            wanted = range(first, min(first + _HASHES_AT_ONCE, heads.size))
            data = read_hashes(folder / "tree", 0, wanted)
            frontier.extend([data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)])
    except TreeIncomplete:
        return False
    return frontier.root() == heads.own.root


def _check_tail(walk: Walk, signed: int, segments: list[Segment], findings: Findings) -> None:
    """Look at what lies beyond the head, and count whole batches in."""
    tail = findings.attempt(lambda: tail_beyond(segments, signed))
    if tail is None:
        return
    file = segment_path(walk.folder, tail.end.segment)
    if tail.hashes:
        text = f"Positions {signed} to {tail.size - 1} are not signed yet."
        findings.note(text, file, signed)
    if tail.torn_bytes:
        text = f"{tail.torn_bytes:,} bytes after position {tail.size - 1} are no whole batch."
        findings.note(text, file, tail.size)
    walk.frontier.extend(tail.hashes)


def _line_fault(folder: Path, one: HashFault) -> Finding:
    return Finding(
        what="the leaf hash of a line",
        file=str(folder / "log"),
        position=one.index,
        expected=one.stored.hex(),
        found=one.computed.hex(),
    )


def _tree_fault(folder: Path, one: HashFault) -> Finding:
    return Finding(
        what=f"stored hash {one.index}",
        file=str(folder / "tree" / str(one.level)),
        position=one.index if one.level == 0 else None,
        expected=one.computed.hex(),
        found=one.stored.hex(),
    )
