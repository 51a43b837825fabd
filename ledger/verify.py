"""Checking a ledger without trusting it: everything is read, hashed and compared; nothing repaired.

What is wrong is collected as findings. What an honest writer may have left behind (lines that are
not signed yet, a stored tree that is short) is a note, or a finding when asked to be strict.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from events.vocabulary import LedgerCreated
from ledger.checkpoint import Checkpoint
from ledger.errors import ClaimsError, Differs
from ledger.identity import (
    check_is_ledger,
    check_settings,
    check_settings_text,
    read_checkpoint,
    read_created,
    read_settings,
    read_verifier,
)
from ledger.keys import KeyFiles
from ledger.log import tail_beyond
from ledger.merkle import HASH_BYTES, Frontier
from ledger.note import VerifierKey
from ledger.segments import Segment, list_segments, segment_path
from ledger.tree import TreeIncomplete, read_hashes
from ledger.walk import MAX_FAULTS, HashFault, Progress, Walk

T = TypeVar("T")

_HASHES_AT_ONCE = 1 << 15


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong: what, in which file, at which position, and how it should be."""

    what: str
    file: str
    position: int | None = None
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        where = self.file if self.position is None else f"{self.file}, position {self.position}"
        return f"{where}: {self.what}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was checked and what came of it: the size and root of the whole batches that were found.

    `signed_size` is that of the checkpoint, 0 where it could not be believed.
    """

    size: int
    root: bytes
    signed_size: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def verify_ledger(
    folder: Path, *, strict: bool = False, progress: Progress = lambda done, total: None
) -> Verification:
    """Check a ledger from its lines up; `progress` is told of bytes read and bytes in all.

    Raises UsageFault where there is no ledger; whatever else is wrong is a finding.
    """
    check_is_ledger(folder)
    return _Audit(folder, strict).run(progress)


@dataclass
class _Audit:
    """Collects what is wrong; the parts of a ledger are checked one after another."""

    folder: Path
    strict: bool
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: int = 0

    def run(self, progress: Progress) -> Verification:
        """Check everything; remembered head, checkpoint and log are read in this order."""
        identity = self._check_identity()
        remembered, head = self._read_heads(identity) if identity else (None, None)
        segments = self._try(lambda: list_segments(self.folder)) or []
        walk = Walk(
            self.folder, identity.origin if identity else "",
            [one.size for one in (head, remembered) if one], self.differs,
        )  # fmt: skip
        self._try(lambda: walk.go(segments, head.size if head else sys.maxsize, progress))
        if head:
            self._check_root(walk, head)
            if remembered not in (None, head):
                self._check_remembered(walk, head, remembered)
        self._check_tree(walk, head)
        if head and walk.frontier.size == head.size:
            self._check_tail(walk, head, segments)
        return self._result(walk, head)

    def _read_heads(self, identity: LedgerCreated) -> tuple[Checkpoint | None, Checkpoint | None]:
        """The head signed last, as far as it is remembered here, and the checkpoint."""
        verifier = self._try(lambda: read_verifier(self.folder, identity))
        if verifier is None:
            return None, None
        remembered = self._try(lambda: _read_remembered(verifier))
        found = self._try(lambda: read_checkpoint(self.folder, verifier))
        return remembered, found[1] if found else None

    def _try(self, check: Callable[[], T]) -> T | None:
        """What a check gives; None, and a finding, where it fails."""
        try:
            return check()
        except Differs as fault:
            self.differs(fault)
        except ClaimsError as fault:
            self._add(Finding(what=fault.what, file=fault.place.file or str(self.folder)))
        except OSError as error:
            file = str(error.filename or self.folder)
            self._add(Finding(what="a file", file=file, expected="to read it", found=str(error)))
        return None

    def differs(self, fault: Differs) -> None:
        """Collect a fault as a finding."""
        self._add(Finding(
            what=fault.thing, file=fault.place.file or "", position=fault.position,
            expected=fault.expected, found=fault.found,
        ))  # fmt: skip

    def _add(self, finding: Finding) -> None:
        if len(self.findings) < MAX_FAULTS:
            self.findings.append(finding)
        else:
            self.left_out += 1

    def _note(self, what: str, file: Path, position: int | None = None) -> None:
        """What an honest writer may have left behind; wrong only to the strict."""
        if self.strict:
            self._add(Finding(what=what, file=str(file), position=position))
        else:
            self.notes.append(what)

    # ── the parts ────────────────────────────────────────────────────────────────────────────

    def _check_identity(self) -> LedgerCreated | None:
        """The first event; where it cannot be read, what `ledger.toml` repeats of it."""
        created = self._try(lambda: read_created(self.folder))
        settings = self._try(lambda: read_settings(self.folder))
        if created and settings:
            before = len(self.findings)
            self._try(lambda: check_settings(self.folder, created))
            if len(self.findings) == before:
                self._try(lambda: check_settings_text(self.folder, created))
        return created or settings

    def _check_root(self, walk: Walk, head: Checkpoint) -> None:
        log = str(self.folder / "log")
        if walk.frontier.size < head.size:
            self._add(Finding(
                what="the end of the log", file=log, position=walk.frontier.size,
                expected=f"{head.size} events, as many as were signed",
                found=f"{walk.frontier.size}",
            ))  # fmt: skip
        elif walk.roots.get(head.size) != head.root:
            found = Checkpoint(head.origin, head.size, walk.roots.get(head.size, b""))
            self._add(Finding(
                what="the root hash of the lines", file=log,
                expected=f"{head.root64}, as it was signed", found=found.root64,
            ))  # fmt: skip

    def _check_tree(self, walk: Walk, head: Checkpoint | None) -> None:
        """Say of every hash that differs whether the line or the stored hash is wrong."""
        lines_are_right = head is not None and walk.roots.get(head.size) == head.root
        tree_is_right = head is not None and not lines_are_right and self._tree_leads_to(head)
        for one in walk.hash_faults:
            if tree_is_right and one.level == 0:
                self._add(_line_fault(self.folder, one))
            elif lines_are_right or one.level == 0:
                self._add(_tree_fault(self.folder, one))
        if walk.tree_is_short:
            self._note("The stored tree is short; the next append computes it anew.", self.folder / "tree")

    def _tree_leads_to(self, head: Checkpoint) -> bool:
        """Whether the stored leaf hashes alone have the root that was signed."""
        frontier = Frontier()
        try:
            for first in range(0, head.size, _HASHES_AT_ONCE):
                wanted = range(first, min(first + _HASHES_AT_ONCE, head.size))
                data = read_hashes(self.folder / "tree", 0, wanted)
                frontier.extend([data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)])
        except TreeIncomplete:
            return False
        return frontier.root() == head.root

    def _check_remembered(self, walk: Walk, head: Checkpoint, remembered: Checkpoint) -> None:
        if remembered.size > head.size:
            self._add(Finding(
                what="the checkpoint is older than the head signed last",
                file=str(self.folder / "checkpoint"), expected=f"size {remembered.size} at least",
                found=f"size {head.size}",
            ))  # fmt: skip
        elif walk.roots.get(remembered.size) != remembered.root:
            self._add(Finding(
                what=f"the root hash at size {remembered.size}", file=str(self.folder / "log"),
                expected=f"{remembered.root64}, as it was signed", found="another",
            ))  # fmt: skip

    def _check_tail(self, walk: Walk, head: Checkpoint, segments: list[Segment]) -> None:
        tail = self._try(lambda: tail_beyond(segments, head.size))
        if tail is None:
            return
        file = segment_path(self.folder, tail.end.segment)
        if tail.hashes:
            self._note(
                f"Positions {head.size} to {tail.size - 1} are not signed yet.", file, head.size
            )
        if tail.torn_bytes:
            self._note(
                f"After position {tail.size - 1} lie {tail.torn_bytes:,} bytes of a batch that is not"
                " whole.", file, tail.size,
            )  # fmt: skip
        walk.frontier.extend(tail.hashes)

    def _result(self, walk: Walk, head: Checkpoint | None) -> Verification:
        notes = [*self.notes]
        notes += [f"Events of {name} are newer than this program." for name in sorted(walk.unknown_types)]
        if self.left_out:
            notes.append(f"{self.left_out:,} further findings were left out.")
        return Verification(
            size=walk.frontier.size, root=walk.frontier.root(),
            signed_size=head.size if head else 0,
            findings=tuple(self.findings), notes=tuple(notes),
        )  # fmt: skip


def _read_remembered(verifier: VerifierKey) -> Checkpoint | None:
    """The head signed last, where this user has the key; another's ledger is remembered by nobody."""
    files = KeyFiles.of(verifier.name)
    return files.read_head(verifier) if files.key.exists() else None


def _line_fault(folder: Path, one: HashFault) -> Finding:
    return Finding(
        what="the leaf hash of a line", file=str(folder / "log"), position=one.index,
        expected=one.stored.hex(), found=one.computed.hex(),
    )  # fmt: skip


def _tree_fault(folder: Path, one: HashFault) -> Finding:
    return Finding(
        what=f"stored hash {one.index}", file=str(folder / "tree" / str(one.level)),
        position=one.index if one.level == 0 else None,
        expected=one.computed.hex(), found=one.stored.hex(),
    )  # fmt: skip
