"""Taking up a log where its last writer left it: what was found is judged first, then settled.

Rules kept here:
- nothing is touched before everything was judged: the tail, the tree, the remembered head;
- only an incomplete batch beyond the checkpoint is removed, and it is kept aside;
- whole batches beyond the checkpoint are kept; they are synced before a head is signed over them;
- the log must extend the head that was signed last, wherever its checkpoint was put back to;
- a change of key beyond the checkpoint counts: what goes on from here is signed by the next key.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from events.codec import NotAnEvent
from events.record import Draft
from events.vocabulary import KeyRotated, LedgerRecovered, LedgerRestored
from ledger import tree
from ledger.chain import Rotation, rotated_key, rotation_path
from ledger.checkpoint import Checkpoint
from ledger.disk import sync_file, sync_folder
from ledger.errors import Differs, HeadForgotten, SizeDiffers
from ledger.extent import tail_beyond
from ledger.leaves import hashes_of_block
from ledger.log import Log, root_differs
from ledger.merkle import Frontier
from ledger.note import BadNote, VerifierKey
from ledger.segments import segment_of, segment_path
from ledger.tail import Tail
from ledger.terms import Terms

_ROTATED = f'{{"specversion":"1.0","type":"{KeyRotated.TYPE}",'.encode()


@dataclass(frozen=True)
class Found:
    """A log as it was found: its tail, the tree's edge at the checkpoint, and the head remembered.

    `extends` says whether the log goes on from that head.
    """

    tail: Tail
    signed: Frontier
    rebuilt: bool
    remembered: Checkpoint | None
    extends: bool


def judge(log: Log, remembered: Checkpoint | None, terms: Terms) -> Found:
    """Judge a log before it is taken up; only the stored tree is put right, where it is wrong.

    Raises Damaged, SizeDiffers, or HeadForgotten when the log does not extend the remembered head
    and that was not accepted.
    """
    tail = tail_beyond(log.extent.segments, log.checkpoint.size)
    if terms.expect_size is not None and terms.expect_size != tail.size:
        raise SizeDiffers(terms.expect_size, tail.size)
    signed, rebuilt = _signed_frontier(log)
    for rotation in log.chain.rotations:
        if rotation.position >= log.signed_size and not _extends(log, tail, signed, rotation.head):
            raise _stray(log, rotation)
    extends = remembered is None or _extends(log, tail, signed, remembered)
    if remembered is not None and not extends and not terms.accept_restored:
        forgotten = HeadForgotten(log.origin, remembered=remembered.size, found=tail.size)
        raise forgotten.at(file=str(log.folder))
    return Found(tail, signed, rebuilt, remembered, extends)


def _signed_frontier(log: Log) -> tuple[Frontier, bool]:
    """The tree's edge at the checkpoint, and whether the stored tree had to be computed anew."""
    head, folder = log.checkpoint, log.folder / "tree"
    try:
        tree.check_files(folder, head.size)
        frontier = tree.frontier_within(folder, head.size, head.size, head.root)
    except tree.TreeIncomplete:
        hashes = (hashes_of_block(block) for block in log.blocks(0, head.size))
        rebuilt = tree.rebuild(folder, hashes, head.root)
        if rebuilt is None:
            raise root_differs(log.folder, head) from None
        return rebuilt, True
    return frontier, False


def _extends(log: Log, tail: Tail, signed: Frontier, remembered: Checkpoint) -> bool:
    if remembered.size > tail.size:
        return False
    beyond = remembered.size - signed.size
    if beyond == 0:
        return signed.root() == remembered.root
    if beyond < 0:
        return log.root_at(remembered.size) == remembered.root
    frontier = signed.copy()
    frontier.extend(tail.hashes[:beyond])
    return frontier.root() == remembered.root


def _stray(log: Log, rotation: Rotation) -> Differs:
    return Differs(
        "the head over a change of key", file=str(rotation_path(log.folder, rotation.position)),
        position=rotation.position, expected="a head of this log", found="one of another",
    )  # fmt: skip


def change_of_key(log: Log) -> tuple[int, VerifierKey] | None:
    """The change of key that no head covers yet: its position, and the next key; raises Differs.

    There can be one at most: the head over it is signed before anything else is done.
    """
    kept = {rotation.position for rotation in log.chain.rotations}
    found = [
        (position, line)
        for position, line in enumerate(log.lines(log.signed_size), log.signed_size)
        if line.startswith(_ROTATED) and position not in kept
    ]
    if not found:
        return None
    position, line = found[0]
    try:
        if len(found) > 1 or position < max(kept, default=0):
            raise BadNote("several that no head covers")  # noqa: TRY301  told like a garbled key
        return position, rotated_key(line, log.origin)
    except (BadNote, NotAnEvent) as error:
        raise Differs(
            "a change of key beyond the signed head", position=position,
            file=str(segment_of(log.segments(), position).path),
            expected="one, to a key of this ledger", found=str(error),
        ) from error  # fmt: skip


def own_events(found: Found, log: Log, terms: Terms) -> list[Draft]:
    """The events by which the ledger records what was found in it."""
    data: list[LedgerRecovered | LedgerRestored] = []
    size, remembered = found.tail.size, found.remembered
    if found.tail.hashes:
        frontier = found.signed.copy()
        frontier.extend(found.tail.hashes)
        head = Checkpoint(log.origin, size, frontier.root())
        data.append(LedgerRecovered(from_=log.checkpoint.size, to=size, root=head.root64))
    if remembered is not None and not found.extends:
        reason = terms.accept_restored or ""
        data.append(LedgerRestored(size=remembered.size, root=remembered.root64, reason=reason))
    subject = f"ledger/{log.origin}"
    return [Draft(data=one, subject=subject, actor=terms.actor, agent=terms.agent) for one in data]


def settle(log: Log, found: Found) -> list[str]:
    """Make whole batches beyond the checkpoint durable, move a torn one aside; tells what it did.

    Interrupted at any point, it can be done again from its start.
    """
    notices, tail = [], found.tail
    if found.rebuilt:
        notices.append("The stored tree was missing or wrong; it was computed anew.")
    tree.cut(log.folder / "tree", log.checkpoint.size)
    path = segment_path(log.folder, tail.end.segment)
    if tail.torn_bytes:
        aside = _keep_aside(log.folder, path, tail)
        notices.append(
            f"A batch from position {tail.size} on was torn by a crash before it was acknowledged;"
            f" its {tail.torn_bytes:,} bytes were moved to {aside}."
        )
    if (tail.torn_bytes or tail.hashes) and path.exists():  # a sealed one is whole, and was synced
        _cut(path, tail.end.offset)
    if tail.hashes:
        notices.append(
            f"Positions {log.checkpoint.size} to {tail.size - 1} were found whole beyond the signed"
            " head after a crash; they were kept and signed."
        )
    return notices


def _keep_aside(folder: Path, path: Path, tail: Tail) -> Path:
    aside = folder / "aside"
    aside.mkdir(exist_ok=True)
    sync_folder(folder)
    number = 1 + sum(1 for _ in aside.glob(f"{tail.size:020d}-*.torn"))
    target = aside / f"{tail.size:020d}-{number}.torn"
    with path.open("rb") as torn, target.open("xb") as kept:
        torn.seek(tail.end.offset)
        shutil.copyfileobj(torn, kept)
        kept.flush()
        sync_file(kept.fileno())
    sync_folder(aside)
    return target


def _cut(path: Path, size_bytes: int) -> None:
    fd = os.open(path, os.O_WRONLY)
    try:
        os.ftruncate(fd, size_bytes)
        sync_file(fd)
    finally:
        os.close(fd)
