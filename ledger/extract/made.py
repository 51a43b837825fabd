"""What is made of a document's bytes: its text, and what the document says about itself."""

import re

import msgspec

from ledger.errors import Refused

MAX_TEXT_BYTES = 16 << 20  # of an extracted text, in UTF-8: some 30 novels

PAGE_BREAK = "\n\n"  # an empty line stands between two pages, and nowhere else in a PDF's text

# Neither XML nor a terminal takes them; a font without a table of its letters gives them.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c]")
_UNREADABLE = "\ufffd"


class Facts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a document's own metadata say, word for word; a date as EDTF. Nothing is guessed."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    language: str | None = None
    url: str | None = None
    publisher: str | None = None


class Extracted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text, what made it, and what a person should know of how it was made.

    `charset` is named where only the sender or a person told it: the text needs it then.
    """

    text: str
    extractor: str
    version: str
    charset: str | None = None
    facts: Facts = Facts()
    notes: tuple[str, ...] = ()


def clean(text: str) -> str:
    """A text as it is kept: lines end with a newline; what is no letter becomes U+FFFD."""
    return _CONTROL.sub(_UNREADABLE, _LINE_END.sub("\n", text))


def one_line(text: str, most: int) -> str:
    """What a library or a stranger says, on one line that a terminal can show."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:most]


def checked(name: str, text: str) -> str:
    """A text that has words and is not too long; raises Refused."""
    if not any(letter.isalnum() for letter in text):
        raise Refused(
            f"{name} holds no text.",
            way_out="Capture the document that holds the words themselves.",
        )
    size = len(text.encode())
    if size > MAX_TEXT_BYTES:
        raise Refused(
            f"{name} holds more than {MAX_TEXT_BYTES >> 20} MiB of text.",
            way_out="Capture the part that the statements stand in.",
        )
    return text
