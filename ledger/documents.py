"""Captured documents: bytes and texts, kept by their SHA-256 beside the log."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ledger.disk import replace_file, sync_folder, telling
from ledger.errors import Damaged, Refused

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    "": "text/plain",
}
EXTRACTOR = "utf-8"  # the text of a text file is its bytes decoded, unchanged
EXTRACTOR_VERSION = "1"
MAX_DOCUMENT_BYTES = 64 << 20


@dataclass(frozen=True)
class Document:
    """A document as it was read: its bytes as they came, and its text."""

    data: bytes
    text: str
    media_type: str
    extractor: str = EXTRACTOR
    extractor_version: str = EXTRACTOR_VERSION

    @property
    def sha256(self) -> str:
        """Hash of the bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text_sha256(self) -> str:
        """Hash of the text in UTF-8, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_document(path: Path) -> Document:
    """Read a text or Markdown file; raises Refused where it is none."""
    media_type = MEDIA_TYPES.get(path.suffix.lower())
    if media_type is None:
        raise Refused(
            f"{path.name} is not a text file: this version captures .txt and .md.",
            way_out="Save its text as a .txt file in UTF-8, and capture that.",
        )
    data = read_bytes(path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            f"{path.name} is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}.",
            way_out="Save it as UTF-8.",
        ) from error
    if "\0" in text or not text.strip():
        raise Refused(
            f"{path.name} holds {'NUL characters' if text.strip() else 'no text'}.",
            way_out="Capture the file that holds the words themselves.",
        )
    return Document(data, text, media_type)


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
