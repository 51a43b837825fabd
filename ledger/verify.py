"""Checking a ledger without trusting it: everything is read, hashed and compared; nothing repaired.

Rules kept here:
- what is wrong is collected, and named by file and position; no damage makes it stop or throw;
- what an honest writer may have left behind (lines not signed yet, a stored tree that is short) is
  a note, or a finding when asked to be strict;
- remembered head, checkpoint and log are read in this order, so a writer at work is no fault.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from events.vocabulary import LedgerCreated
from ledger.checkpoint import Checkpoint
from ledger.errors import Differs
from ledger.extent import tail_beyond
from ledger.findings import Finding, Findings
from ledger.identity import (
    check_is_ledger,
    check_settings,
    read_checkpoint,
    read_created,
    read_settings,
    read_verifier,
)
from ledger.keys import KeyFiles
from ledger.merkle import HASH_BYTES, Frontier
from ledger.note import VerifierKey
from ledger.segments import Segment, list_segments, segment_path
from ledger.tree import TreeIncomplete, read_hashes
from ledger.walk import HashFault, Progress, Walk

_HASHES_AT_ONCE = 1 << 15


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was checked and what came of it: size and root of the whole batches that were found.

    `signed_size` is that of the checkpoint, 0 where it could not be believed.
    """

    size: int
    root: bytes
    signed_size: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def verify_ledger(
    folder: Path, *, strict: bool = False, progress: Progress | None = None
) -> Verification:
    """Check a ledger from its lines up; `progress` is told of bytes read and bytes in all.

    Raises UsageFault where there is no ledger; whatever else is wrong is a finding.
    """
    check_is_ledger(folder)
    findings = Findings(folder, strict)
    identity = _check_identity(folder, findings)
    remembered, head = _read_heads(folder, identity, findings) if identity else (None, None)
    segments = findings.attempt(lambda: list_segments(folder)) or []
    walk = Walk(
        folder=folder,
        origin=identity.origin if identity else "",
        wanted=[one.size for one in (head, remembered) if one],
        report=findings.differs,
        progress=progress,
    )
    findings.attempt(lambda: walk.go(segments, head.size if head else sys.maxsize))
    _check_tree(walk, head, findings)
    if head:
        _check_heads(walk, head, remembered, findings)
        if walk.frontier.size == head.size:
            _check_tail(walk, head, segments, findings)
    return _verification(walk, head, findings)


def _check_identity(folder: Path, findings: Findings) -> LedgerCreated | None:
    """The first event; where it cannot be read, what `ledger.toml` repeats of it."""
    created = findings.attempt(lambda: read_created(folder))
    if created is None:
        return findings.attempt(lambda: read_settings(folder))
    findings.attempt(lambda: check_settings(folder, created, to_the_byte=True))
    return created


def _read_heads(
    folder: Path, identity: LedgerCreated, findings: Findings
) -> tuple[Checkpoint | None, Checkpoint | None]:
    """The head signed last, as far as it is remembered here, and the checkpoint."""
    verifier = findings.attempt(lambda: read_verifier(folder, identity))
    if verifier is None:
        return None, None
    remembered = findings.attempt(lambda: _read_remembered(verifier))
    found = findings.attempt(lambda: read_checkpoint(folder, verifier))
    return remembered, found[1] if found else None


def _read_remembered(verifier: VerifierKey) -> Checkpoint | None:
    """The head signed last; only the owner of the key remembers one."""
    files = KeyFiles.of(verifier.name)
    return files.read_head(verifier) if files.key.exists() else None


def _check_heads(
    walk: Walk, head: Checkpoint, remembered: Checkpoint | None, findings: Findings
) -> None:
    """Check that the lines have the signed root, and that no later head was signed."""
    size = walk.frontier.size
    if size < head.size:
        findings.differs(Differs(
            "the end of the log", file=str(walk.folder / "log"), position=size,
            expected=f"{head.size} events, as many as were signed", found=f"{size}",
        ))  # fmt: skip
    else:
        _check_root(walk, head, findings)
    if remembered and remembered.size > head.size:
        findings.differs(Differs(
            "the checkpoint is older than the head signed last",
            file=str(walk.folder / "checkpoint"),
            expected=f"size {remembered.size} at least", found=f"size {head.size}",
        ))  # fmt: skip
    elif remembered not in (None, head):
        _check_root(walk, remembered, findings)


def _check_root(walk: Walk, signed: Checkpoint, findings: Findings) -> None:
    found = Checkpoint(signed.origin, signed.size, walk.roots.get(signed.size, b""))
    if found != signed:
        findings.differs(Differs(
            f"the root hash of the first {signed.size} lines", file=str(walk.folder / "log"),
            expected=f"{signed.root64}, as signed", found=found.root64,
        ))  # fmt: skip


def _check_tree(walk: Walk, head: Checkpoint | None, findings: Findings) -> None:
    """Say of every hash that differs whether the line or the stored hash is wrong.

    Above the leaves a stored hash can be blamed only when the lines are right.
    """
    lines_are_right = head is not None and walk.roots.get(head.size) == head.root
    leaves_are_right = not lines_are_right and head is not None and _leads_to(walk.folder, head)
    for one in walk.hash_faults:
        if leaves_are_right and one.level == 0:
            findings.add(_line_fault(walk.folder, one))
        elif lines_are_right or one.level == 0:
            findings.add(_tree_fault(walk.folder, one))
    if walk.tree_is_short:
        text = "The stored tree is short; the next append computes it anew."
        findings.note(text, walk.folder / "tree")


def _leads_to(folder: Path, head: Checkpoint) -> bool:
    """Whether the stored leaf hashes alone have the root that was signed."""
    frontier = Frontier()
    try:
        for first in range(0, head.size, _HASHES_AT_ONCE):
            wanted = range(first, min(first + _HASHES_AT_ONCE, head.size))
            data = read_hashes(folder / "tree", 0, wanted)
            frontier.extend([data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)])
    except TreeIncomplete:
        return False
    return frontier.root() == head.root


def _check_tail(walk: Walk, head: Checkpoint, segments: list[Segment], findings: Findings) -> None:
    """Look at what lies beyond the head, and count whole batches in."""
    tail = findings.attempt(lambda: tail_beyond(segments, head.size))
    if tail is None:
        return
    file = segment_path(walk.folder, tail.end.segment)
    if tail.hashes:
        text = f"Positions {head.size} to {tail.size - 1} are not signed yet."
        findings.note(text, file, head.size)
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


def _verification(walk: Walk, head: Checkpoint | None, findings: Findings) -> Verification:
    newer = [f"Events of {name} are newer than this program." for name in sorted(walk.newer_types)]
    left_out = [f"{findings.left_out:,} further findings were left out."]
    return Verification(
        size=walk.frontier.size,
        root=walk.frontier.root(),
        signed_size=head.size if head else 0,
        findings=tuple(findings.wrong),
        notes=(*findings.notes, *newer, *(left_out if findings.left_out else ())),
    )
