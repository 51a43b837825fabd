"""The signed heads that a log is held against: its own, those over changes of key, those kept.

Rules kept here:
- what others may replace while this reads comes first: remembered and kept heads, then the
  checkpoint, then the heads over changes of key, then the log; so a writer at work is no fault;
- a head counts when the key in force at its size signed it, and its root is that of the lines;
- a head that was signed later than the checkpoint shows that the log was cut back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from events.vocabulary import KeyRotated
from ledger.chain import KeyChain, Rotation, read_chain, rotation_path
from ledger.checkpoint import Checkpoint, parse_checkpoint
from ledger.errors import Differs
from ledger.extent import line_on_disk
from ledger.findings import Finding, Findings
from ledger.identity import open_note, read_note
from ledger.kept import count_cosigners, kept_heads, open_kept
from ledger.keys import KeyFiles
from ledger.lines import read_stamp
from ledger.note import BadNote, Note, VerifierKey
from ledger.walk import Walk


@dataclass(frozen=True, kw_only=True)
class Auditor:
    """What whoever checks brings along and did not get from this ledger, and how far they look.

    `vkey` is the ledger's key as they know it; `heads` are signed heads that somebody kept, with
    the names of their files; so many of the `witnesses` must have cosigned a head. Only with `deep`
    is looked at what the lines say (documents, quotes, references), and with `views` at the views;
    with `forms` whether the data of each line are in their one form.
    """

    vkey: VerifierKey | None = None
    heads: Sequence[tuple[str, bytes]] = ()
    witnesses: Sequence[VerifierKey] = ()
    cosigners_required: int = 0
    deep: bool = False
    views: bool = True
    forms: bool = True


@dataclass
class Heads:
    """The heads of a ledger as they were found; None and empty where they cannot be believed."""

    chain: KeyChain | None = None
    own: Checkpoint | None = None
    remembered: Checkpoint | None = None
    kept: list[tuple[Path, Checkpoint]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many events the checkpoint covers; 0 where there is none to believe."""
        return self.own.size if self.own else 0

    def wanted(self, auditor: Auditor) -> list[int]:
        """The sizes at which the log's root is needed."""
        heads = [self.own, self.remembered, *(head for _, head in self.kept)]
        heads += [one.head for one in self.chain.rotations] if self.chain else []
        return [one.size for one in heads if one] + [_size(data) for _, data in auditor.heads]


def read_heads(folder: Path, first: VerifierKey, findings: Findings) -> Heads:
    """Read the heads of a ledger whose first event gives the key `first`."""
    heads = Heads()
    files = KeyFiles.of(first.name)
    if files.key.exists():  # only the owner of the key remembers one
        heads.remembered = findings.attempt(lambda: files.read_head(KeyChain(first)))
    kept = [(size, path, path.read_bytes()) for size, path in kept_heads(folder)]
    note = findings.attempt(lambda: read_note(folder))
    find = partial(line_on_disk, folder)
    heads.chain = findings.attempt(lambda: read_chain(folder, first, find))
    chain = heads.chain or KeyChain(first)
    if note is not None:
        heads.own = findings.attempt(lambda: open_note(folder, note, chain))
    if note is not None and heads.own:
        findings.attempt(lambda: _check_signatures(folder / "checkpoint", note, chain))
    for size, path, data in kept:
        head = findings.attempt(partial(_open_kept, path, size, data, chain))
        if head:
            heads.kept.append((path, head))
            findings.attempt(partial(_check_signatures, path, data, chain))
    return heads


def _check_signatures(path: Path, data: bytes, chain: KeyChain) -> None:
    """Check every signature in the ledger's own name, not only that of the key in force."""
    note = Note.parse(data)
    for one in note.signatures:
        keys = [key for key in chain.keys if key.made(one)]
        if one.name == chain.origin and not any(
            key.verifies(note.text, one.signature) for key in keys
        ):
            raise Differs(
                "a signature", file=str(path), expected=f"one that a key of {one.name} made",
                found="a wrong one" if keys else "one of a key that is not in the ledger",
            )  # fmt: skip


def _open_kept(path: Path, size: int, data: bytes, chain: KeyChain) -> Checkpoint:
    try:
        open_kept(data, size, chain)
        return chain.open(data)
    except BadNote as error:
        raise Differs(
            "a kept head", file=str(path), expected=f"a head of {size} events of this ledger",
            found=str(error),
        ) from error  # fmt: skip


def check_heads(walk: Walk, heads: Heads, findings: Findings) -> None:
    """Check that the lines have the signed root, and that no later head was signed."""
    own = heads.own
    if own is None:
        return
    size = walk.frontier.size
    if size < own.size:
        findings.differs(Differs(
            "the end of the log", file=str(walk.folder / "log"), position=size,
            expected=f"{own.size} events, as many as were signed", found=f"{size}",
        ))  # fmt: skip
    else:
        _check_root(walk, own, findings)
    if heads.remembered:
        _check_earlier(walk, own, heads.remembered, "the head signed last", findings)
    for path, kept in heads.kept:
        _check_earlier(walk, own, kept, f"the kept head {path.name}", findings)


def _check_earlier(
    walk: Walk, own: Checkpoint, head: Checkpoint, which: str, findings: Findings
) -> None:
    if head.size > own.size:
        findings.differs(Differs(
            f"the checkpoint is older than {which}", file=str(walk.folder / "checkpoint"),
            expected=f"size {head.size} at least", found=f"size {own.size}",
        ))  # fmt: skip
    elif head != own:
        _check_root(walk, head, findings, f", as in {which}")


def _check_root(walk: Walk, signed: Checkpoint, findings: Findings, where: str = "") -> None:
    found = Checkpoint(signed.origin, signed.size, walk.roots.get(signed.size, b""))
    if found != signed:
        findings.differs(Differs(
            f"the root hash of the first {signed.size} lines", file=str(walk.folder / "log"),
            expected=f"{signed.root64}, as signed{where}", found=found.root64 or "no such size",
        ))  # fmt: skip


# ── keys ─────────────────────────────────────────────────────────────────────────────────────


def check_keys(walk: Walk, heads: Heads, auditor: Auditor, findings: Findings) -> None:
    """Check the chain of keys against the lines, and against the key that was brought."""
    chain, own = heads.chain, heads.own
    if chain is None or own is None:
        return
    known = {one.position for one in chain.rotations}
    for position, line in walk.special:
        stamp = read_stamp(line)
        if stamp and stamp.type == KeyRotated.TYPE and position not in known:
            findings.differs(Differs(
                "a change of key", file=str(rotation_path(walk.folder, position)),
                position=position, expected="a head over it, signed by the old key and the new one",
                found="none",
            ))  # fmt: skip
    for rotation in chain.rotations:
        _check_rotation(walk, own, rotation, findings)
    if auditor.vkey is not None and auditor.vkey not in chain.keys:
        findings.differs(Differs(
            "the key of the ledger", file=str(walk.folder / "log"), position=0,
            expected=f"{auditor.vkey.format()}, which was given", found=chain.first.format(),
        ))  # fmt: skip


def _check_rotation(walk: Walk, own: Checkpoint, one: Rotation, findings: Findings) -> None:
    path = rotation_path(walk.folder, one.position)
    if one.head.size > own.size:
        findings.note("A change of key is not covered by the checkpoint.", path, one.position)
    elif walk.roots.get(one.head.size) != one.head.root:
        findings.differs(Differs(
            "the head over a change of key", file=str(path), position=one.position,
            expected="the root hash of the lines at its size", found=one.head.root64,
        ))  # fmt: skip


# ── what an auditor brings ───────────────────────────────────────────────────────────────────


def check_brought(walk: Walk, heads: Heads, auditor: Auditor, findings: Findings) -> None:
    """Hold the ledger against the heads that were brought."""
    from ledger.offline import check_kept_head

    if heads.chain is None or heads.own is None:
        return
    for name, data in auditor.heads:
        found = check_kept_head(data, heads.chain, heads.own.size, walk.roots.get)
        if found:
            findings.add(replace(found, file=name))


def check_cosigners(
    walk: Walk, heads: Heads, auditor: Auditor, findings: Findings
) -> tuple[int, tuple[str, ...]]:
    """The newest kept head that enough witnesses cosigned: its size, and their names."""
    if not auditor.witnesses or heads.chain is None:
        return 0, ()
    right = {head.size for _, head in heads.kept if walk.roots.get(head.size) == head.root}
    cosigned = [
        one for one in count_cosigners(walk.folder, heads.chain, auditor.witnesses)
        if one.size in right and one.size <= heads.size
    ]  # fmt: skip
    needed = max(auditor.cosigners_required, 1)
    enough = next((one for one in cosigned if len(set(one.names)) >= needed), None)
    if enough is None and auditor.cosigners_required:
        most = max((len(set(one.names)) for one in cosigned), default=0)
        findings.add(Finding(
            what="the cosignatures of a head", file=str(walk.folder / "checkpoints"),
            expected=f"those of {needed} witnesses that were named", found=f"{most}",
        ))  # fmt: skip
    return (enough.size, enough.names) if enough else (0, ())


def _size(data: bytes) -> int:
    try:
        return parse_checkpoint(data)[1].size
    except BadNote:
        return 0
