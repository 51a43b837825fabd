"""The kinds of documents that can be captured, and how a document's kind is known.

Rules kept here:
- a media type that was told decides; else the file's ending; else how the bytes begin;
- `text/plain` is what servers call every text: there the ending may say more;
- a kind that cannot be read is refused with the way out.
"""

from pathlib import PurePosixPath
from typing import NamedTuple

from ledger.errors import Refused


class Kind(NamedTuple):
    """A kind of document: its media type, other names of it, the endings of its files."""

    name: str
    media_type: str
    others: tuple[str, ...]
    endings: tuple[str, ...]


TEXT = Kind("text", "text/plain", (), (".txt", ".text"))
MARKDOWN = Kind("markdown", "text/markdown", ("text/x-markdown",), (".md", ".markdown"))
HTML = Kind("html", "text/html", ("application/xhtml+xml",), (".html", ".htm", ".xhtml", ".xht"))
PDF = Kind("pdf", "application/pdf", ("application/x-pdf",), (".pdf",))
DOCX = Kind(
    "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    (),
    (".docx",),
)
SRT = Kind("srt", "application/x-subrip", ("text/srt", "text/x-srt", "application/srt"), (".srt",))
VTT = Kind("vtt", "text/vtt", (), (".vtt",))
KINDS = (TEXT, MARKDOWN, HTML, PDF, DOCX, SRT, VTT)

READABLE = "html, pdf, docx, srt, vtt, md and txt"

_UNSAID = {"", "application/octet-stream", "binary/octet-stream", "application/download",
           "application/force-download", "application/x-download"}  # fmt: skip
_PLAIN = (MARKDOWN, SRT, VTT)  # what text/plain may be in truth
_BEGINNINGS = (
    (b"%PDF-", PDF),
    (b"WEBVTT", VTT),
    (b"<!doctype html", HTML),
    (b"<html", HTML),
)
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SNIFFED_BYTES = 1024
_BOM = b"\xef\xbb\xbf"

# What is not read, and what may be done about it.
_WAYS_OUT = {
    ".doc": "Save it as .docx or PDF, and capture that.",
    ".odt": "Save it as .docx or PDF, and capture that.",
    ".rtf": "Save it as .docx or PDF, and capture that.",
    ".epub": "Save the chapter as HTML or text, and capture that.",
    ".mht": "Save the page as HTML, and capture that.",
    ".mhtml": "Save the page as HTML, and capture that.",
    ".xlsx": "A table is imported: claims import xlsx FILE.",
    ".csv": "A table is imported: claims import csv FILE.",
    ".json": "Data are imported: claims import --help names the formats.",
}
_CITE = "Capture its words as a text file (of a picture by OCR), or only cite it: cite_source."


class MediaType(NamedTuple):
    """A media type without its parameters, in small letters, and the charset where it has one."""

    essence: str
    charset: str | None

    @classmethod
    def parse(cls, text: str | None) -> "MediaType":
        """Read the value of a Content-Type; what cannot be read is an empty one."""
        if not text:
            return cls("", None)
        from email.message import Message

        message = Message()
        message["content-type"] = line = " ".join(text.split())
        return cls(line.partition(";")[0].strip().lower(), message.get_content_charset())

    @property
    def is_unsaid(self) -> bool:
        """Whether it says nothing about the bytes."""
        return self.essence in _UNSAID


def kind_of(data: bytes, name: str, told: MediaType, path: str | None = None) -> Kind:
    """The kind of a document; `path` is where its ending stands, if `name` is not it.

    Raises Refused for a kind that cannot be read.
    """
    ending = PurePosixPath(path or name).suffix.lower()
    by_ending = next((kind for kind in KINDS if ending in kind.endings), None)
    if not told.is_unsaid:
        kind = named(told.essence)
        if kind is None:
            raise refused(name, told.essence, ending)
        return by_ending if kind is TEXT and by_ending in _PLAIN else kind
    kind = by_ending or sniffed(data) or (TEXT if not ending else None)
    if kind is None:
        raise refused(name, "", ending)
    return kind


def named(essence: str) -> Kind | None:
    """The kind of a media type."""
    return next((kind for kind in KINDS if essence in (kind.media_type, *kind.others)), None)


def sniffed(data: bytes) -> Kind | None:
    """The kind that the first bytes show, where they show one."""
    start = data[:_SNIFFED_BYTES].removeprefix(_BOM).lstrip()
    lower = start[:20].lower()
    for beginning, kind in _BEGINNINGS:
        if start.startswith(beginning) or lower.startswith(beginning):
            return kind
    if lower.startswith(b"<?xml") and b"<html" in start.lower():
        return HTML
    if start.startswith(_ZIP) and b"word/" in data:
        return DOCX
    return None


def looks_like(data: bytes) -> str:
    """What bytes look like that are not what they should be, in words."""
    kind = sniffed(data)
    if kind:
        return f"it looks like {kind.name}"
    if data.startswith(_OLD_OFFICE):
        return "it is an old or a locked Office file"
    shown = " ".join(data[:24].decode("ascii", "replace").replace("\ufffd", "?").split())
    return f"it begins with {shown!r}" if shown.isprintable() and shown else "it holds other bytes"


def refused(name: str, essence: str, ending: str) -> Refused:
    """The refusal of a kind that cannot be read."""
    what = essence or f"a file ending in {ending}"
    return Refused(
        f"{name} cannot be captured: it is {what}; {READABLE} can be.",
        way_out=_WAYS_OUT.get(ending, _CITE),
    )
