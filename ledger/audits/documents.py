"""Checking captured documents: that each is there, and is what was captured (log-format section 8).

Rules kept here:
- every file in `documents/` is hashed once, also those that no source names;
- a document that no source names is a note, since a crash may leave one;
- a document that was erased must be gone, and is missed by nobody.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ledger.documents import DocumentStore
from ledger.findings import Finding, Findings
from projections.audits import Audit

AT_ONCE = 1_000  # files that wait to be hashed

_FOLDER = re.compile(r"[0-9a-f]{2}")
_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Documents:
    """How many documents were hashed, and those (by name) that are not what was captured."""

    count: int
    wrong: frozenset[str]


class Hashed(NamedTuple):
    """A document's file: its name, its bytes, its hash; or what kept it from being read."""

    path: Path
    size: int
    sha256: str
    fault: str = ""


def list_documents(audit: Audit, folder: Path, findings: Findings) -> int:
    """Take the names and sizes of all documents into the audit; gives their bytes in all."""
    for part in entries(DocumentStore(folder).folder, findings):
        if part.name.startswith("."):
            continue  # what a file manager left
        if not _FOLDER.fullmatch(part.name) or not part.is_dir():
            findings.note("A file among the documents is none of them.", Path(part.path))
            continue
        audit.take_documents(*list_folder(part, findings))
    return audit.number("select sum(size) from present")


def list_folder(part: os.DirEntry[str], findings: Findings) -> tuple[list[str], list[int]]:
    """The names and sizes of the documents in one of the folders; other files are noted."""
    names, sizes = [], []
    for entry in entries(Path(part.path), findings):
        if _NAME.fullmatch(entry.name) and entry.name.startswith(part.name) and entry.is_file():
            names.append(entry.name)
            sizes.append(entry.stat().st_size)
        elif not entry.name.startswith("."):
            findings.note("A file among the documents is none of them.", Path(entry.path))
    return names, sizes


def entries(folder: Path, findings: Findings) -> list[os.DirEntry[str]]:
    """What lies in a folder, in order; nothing where there is none."""
    if not folder.exists():
        return []
    found = findings.attempt(lambda: sorted(os.scandir(folder), key=lambda entry: entry.name))
    return found or []


def check_documents(
    audit: Audit, folder: Path, findings: Findings, tell: Callable[[int], None]
) -> Documents:
    """Hash every document, and hold what is there against what the sources name.

    `tell` is given the bytes of each document when it is done.
    """
    store = DocumentStore(folder)
    wrong: set[str] = set()
    count = 0
    for one in hash_all(store, (name for (name,) in audit.rows("select sha256 from present"))):
        count += 1
        tell(one.size)
        if one.sha256 != one.path.name:
            wrong.add(one.path.name)
            findings.add(content_finding(audit, one))
    check_missing(audit, store, findings)
    check_sizes(audit, store, findings, wrong)
    check_unnamed(audit, store, findings)
    return Documents(count, frozenset(wrong))


def hash_all(store: DocumentStore, names: Iterator[str]) -> Iterator[Hashed]:
    """Hash files on all cores: hashlib lets other threads run meanwhile."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        while group := [store.path(name) for name in islice(names, AT_ONCE)]:
            yield from threads.map(hash_file, group)


def hash_file(path: Path) -> Hashed:
    """The SHA-256 of a file, read piece by piece."""
    try:
        with path.open("rb", buffering=0) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return Hashed(path, file.tell(), digest)
    except OSError as error:
        return Hashed(path, 0, "", error.strerror or str(error))


def content_finding(audit: Audit, one: Hashed) -> Finding:
    """A document whose bytes are not those that its name is the hash of."""
    position = audit.number(
        "select coalesce(min(position), -1) from forms.named_documents where sha256 = ?",
        one.path.name,
    )
    return Finding(
        what="the content of a document" if not one.fault else "a document",
        file=str(one.path),
        position=None if position < 0 else position,
        expected=f"SHA-256 {one.path.name}",
        found=one.fault or f"SHA-256 {one.sha256}",
    )


def check_missing(audit: Audit, store: DocumentStore, findings: Findings) -> None:
    """Every document that a source names is there, unless it was erased."""
    for sha256, position in audit.rows("from forms.missing_documents order by position, sha256"):
        findings.add(
            Finding(
                what="a document",
                file=str(store.path(sha256)),
                position=position,
                expected="a file of this name",
                found="none",
            )
        )


def check_sizes(audit: Audit, store: DocumentStore, findings: Findings, wrong: set[str]) -> None:
    """Every source says how many bytes its document has."""
    for sha256, position, said, size in audit.rows("from forms.differing_sizes order by 2, 1"):
        if sha256 not in wrong:
            findings.add(
                Finding(
                    what="the size of a document, as its source says it",
                    file=str(store.path(sha256)),
                    position=position,
                    expected=f"{size} bytes",
                    found=f"{said}",
                )
            )


def check_unnamed(audit: Audit, store: DocumentStore, findings: Findings) -> None:
    """A document that was erased is gone; any other that no source names may be left of a crash."""
    for sha256, position in audit.rows("from forms.leftover_documents order by 2, 1"):
        path = store.path(sha256)
        if position is None:
            findings.note(f"No source names the document {sha256}.", path)
        else:
            findings.add(
                Finding(
                    what="a document that was erased",
                    file=str(path),
                    position=position,
                    expected="no file of this name",
                    found="one",
                )
            )
