"""Captured documents: bytes and texts, kept by their SHA-256 beside the log."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.disk import replace_file, sync_folder, telling
from ledger.errors import Damaged, Refused
from ledger.extract.kinds import DOCX, HTML, PDF, SRT, VTT, Kind, MediaType, kind_of, named

if TYPE_CHECKING:
    from ledger.extract.made import Extracted, Facts

EXTRACTOR = "utf-8"  # the text of a text file is its bytes decoded, unchanged
EXTRACTOR_VERSION = "1"
MAX_DOCUMENT_BYTES = 64 << 20

# What is parsed, by which module of `extract`, in a process of its own.
_APART = {HTML: "html", PDF: "pdf", DOCX: "docx", SRT: "transcript", VTT: "transcript"}


@dataclass(frozen=True)
class Document:
    """A document as it was read: its bytes as they came, and its text.

    `facts` is what the document says about itself, `notes` what a person should know of the text.
    """

    data: bytes
    text: str
    media_type: str
    extractor: str = EXTRACTOR
    extractor_version: str = EXTRACTOR_VERSION
    facts: "Facts | None" = None
    notes: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Hash of the bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text_sha256(self) -> str:
        """Hash of the text in UTF-8, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_document(path: Path, media_type: str | None = None) -> Document:
    """Read a document's file; raises Refused where it is none that can be captured.

    `media_type` is what a person said that it is; one of a kind that is not known says nothing.
    """
    told = MediaType.parse(media_type)
    if named(told.essence) is None:
        told = MediaType("", told.charset)
    return document_of(read_bytes(path), path.name, told)


def document_of(data: bytes, name: str, told: MediaType, path: str | None = None) -> Document:
    """A document of its bytes; `name` is what a person is told, `path` where its ending stands.

    Raises Refused where it cannot be captured.
    """
    kind = kind_of(data, name, told, path)
    made = extracted(kind, data, name, told.charset)
    essence = told.essence if named(told.essence) is kind else kind.media_type
    return Document(
        data=data,
        text=made.text,
        media_type=f"{essence};charset={made.charset}" if made.charset else essence,
        extractor=made.extractor,
        extractor_version=made.version,
        facts=made.facts,
        notes=made.notes,
    )


def extracted(kind: Kind, data: bytes, name: str, charset: str | None) -> "Extracted":
    """The text of a document of a kind; raises Refused."""
    if kind in _APART:
        from ledger.extract.apart import extract_apart

        return extract_apart(_APART[kind], data, name, charset)
    from ledger.extract import text

    return text.extract(data, name, charset)


def read_bytes(path: Path) -> bytes:
    """The bytes of a document's file; raises Refused where it cannot be read."""
    try:
        if path.exists() and not path.is_file():
            raise Refused(f"{path.name} is no file.", way_out="Capture the file with the text.")
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise Refused(
                f"{path.name} is larger than {MAX_DOCUMENT_BYTES >> 20} MiB.",
                way_out="Capture the part that the statements stand in.",
            )
        return path.read_bytes()
    except OSError as error:
        raise Refused(
            f"{path} cannot be read: {(error.strerror or str(error)).lower()}.",
            way_out="Give the path of a file; a sheet's paths begin at the sheet.",
        ) from error


class DocumentStore:
    """The folder `documents/` of a ledger."""

    def __init__(self, ledger: Path) -> None:
        self.folder = ledger / "documents"

    def path(self, sha256: str) -> Path:
        """Where the document of a hash lies."""
        return self.folder / sha256[:2] / sha256

    def put(self, document: Document) -> None:
        """Keep bytes and text for good: synced before this returns; what lies there stays."""
        for sha256, data in (
            (document.sha256, document.data),
            (document.text_sha256, document.text.encode()),
        ):
            self._put(self.path(sha256), data)

    def _put(self, path: Path, data: bytes) -> None:
        with telling(path):
            if path.exists():
                if path.read_bytes() != data:
                    raise Damaged(
                        "A captured document is not what was captured.",
                        way_out="Restore the file from a copy; `claims verify` names all of them.",
                    ).at(file=str(path))
                return
            if not path.parent.exists():
                path.parent.mkdir(parents=True)
                sync_folder(self.folder)
            replace_file(path, data)

    def text(self, text_sha256: str) -> str:
        """The text of a hash; raises Refused where it is missing or not what was captured."""
        path = self.path(text_sha256)
        data = path.read_bytes() if path.exists() else b""
        if hashlib.sha256(data).hexdigest() != text_sha256:
            raise Refused(
                f"The captured text {text_sha256[:12]}… is missing or was changed.",
                way_out="`claims verify` names every document that is not what was captured.",
            )
        return data.decode()
