"""PDF: the text of every page by pypdf, pages apart by an empty line.

Rules kept here:
- an empty line stands between two pages and nowhere else, also where a page has no text: the page
  of a place is the count of empty lines before it, and 1 (`page=` of RFC 8118). A form feed would
  say the same, but no field of an event may hold one, and quotes keep the text around them;
- lines are those of the page: a word that is divided at a line's end stays divided;
- a PDF without text is refused, and pages without any are told.
"""

import io
import logging

import pypdf
from pypdf.errors import DependencyError, PyPdfError

from ledger.errors import Refused
from ledger.extract.kinds import looks_like
from ledger.extract.made import MAX_TEXT_BYTES, PAGE_BREAK, Extracted, clean, one_line

ARRANGEMENT = 1  # counts how we lay the text out; part of the extractor's version
VERSION = f"{pypdf.__version__}/{ARRANGEMENT}"
_MAGIC_WITHIN = 1024  # bytes in which readers look for the mark of a PDF
_MOST_NAMED = 10


def extract(data: bytes, name: str, _charset: str | None = None) -> Extracted:
    """The text of a PDF; raises Refused for a scan, a locked one, and what is none."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if b"%PDF-" not in data[:_MAGIC_WITHIN]:
        raise Refused(
            f"{name} is no PDF: {looks_like(data)}.",
            way_out="Capture the file under its own ending, or say what it is: --media-type.",
        )
    pages = read_pages(data, name)
    empty = [number for number, text in enumerate(pages, 1) if not has_words(text)]
    if len(empty) == len(pages):
        many = f"its {len(pages):,} pages are pictures"
        only = "its only page is a picture"
        raise Refused(
            f"{name} has no text: {only if len(pages) == 1 else many} (a scan) or empty.",
            way_out="Make its text readable by OCR (ocrmypdf IN OUT) and capture that; or only"
            " cite it: cite_source.",
        )
    return Extracted(
        text=PAGE_BREAK.join(pages) + "\n",
        extractor="pypdf",
        version=VERSION,
        notes=tuple(missing(empty)),
    )


def read_pages(data: bytes, name: str) -> list[str]:
    """The text of each page; raises Refused."""
    pages: list[str] = []
    size = 0
    try:
        for page in opened(data, name).pages:
            pages.append(page_text(page.extract_text()))
            size += len(pages[-1])
            if size > MAX_TEXT_BYTES:
                break  # is refused for it
    except DependencyError as error:
        raise locked(name) from error
    except (MemoryError, RecursionError, Refused):
        raise
    except Exception as error:  # whatever a broken file brings a parser to (PyPdfError and others)
        raise broken(name, len(pages), error) from error
    if not pages:
        raise broken(name, 0, PyPdfError("it has no pages"))
    return pages


def opened(data: bytes, name: str) -> pypdf.PdfReader:
    """A reader; one that only forbids changes opens without a password, as in every viewer."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise locked(name)
    return reader


def page_text(text: str) -> str:
    """The text of a page as it is kept: without empty lines, or spaces at the ends of lines."""
    lines = (line.rstrip() for line in clean(text).split("\n"))
    return "\n".join(line for line in lines if line)


def has_words(text: str) -> bool:
    """Whether a text has a letter or a digit."""
    return any(letter.isalnum() for letter in text)


def missing(empty: list[int]) -> list[str]:
    """What is told of pages without text."""
    if not empty:
        return []
    more = f" and {len(empty) - _MOST_NAMED} more" if len(empty) > _MOST_NAMED else ""
    pages = ", ".join(map(str, empty[:_MOST_NAMED]))
    which = f"Page {pages} has" if len(empty) == 1 else f"Pages {pages}{more} have"
    return [f"{which} no text; what is pictured there cannot be quoted."]


def locked(name: str) -> Refused:
    """The refusal of a PDF that needs a password."""
    return Refused(
        f"{name} is encrypted, and opens with a password only.",
        way_out="Save a copy without the password, if you may, and capture that.",
    )


def broken(name: str, pages: int, error: Exception) -> Refused:
    """The refusal of a PDF that cannot be read."""
    where = f" on page {pages + 1}" if pages else ""
    why = one_line(str(error), 120) or type(error).__name__
    return Refused(
        f"{name} cannot be read as a PDF{where}: {why}.".replace("..", "."),
        way_out="Print it to a new PDF with a viewer that opens it, and capture that.",
    )
