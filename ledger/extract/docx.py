"""Word documents: paragraphs and table rows in reading order, a line each, then the notes.

python-docx opens the package and finds its parts; the text is taken from the parts' own XML, since
words in tracked insertions, text boxes and content controls would be lost otherwise.

Rules kept here:
- the text is that of the document with all tracked changes accepted;
- cells of a row stand on one line, a tab between two; a cell that spans several stands once;
- footnotes and endnotes stand at the end; headers, footers and comments are left out.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import docx
import lxml.etree
from docx.opc.exceptions import OpcError

from ledger.errors import Refused
from ledger.extract.kinds import looks_like
from ledger.extract.made import Extracted, clean, one_line
from ledger.extract.zips import open_zip

ARRANGEMENT = 1  # counts how we lay the text out; part of the extractor's version
VERSION = f"{docx.__version__}/{ARRANGEMENT}, lxml {lxml.etree.__version__}"

_NOTES = ("footnotes", "endnotes")
# What holds no words of the text: what was deleted, what a field is computed by, fallbacks.
_SKIPPED = {"del", "moveFrom", "delText", "instrText", "delInstrText", "Fallback", "rPr", "pPr",
            "sdtPr", "sdtEndPr", "rt", "tblPr", "trPr", "tcPr", "sectPr"}  # fmt: skip
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "ptab": "\t",
          "sym": "\ufffd"}  # fmt: skip  # a sign of a font of its own: what it shows is not told

Element = Any  # lxml's elements have no types


def extract(data: bytes, name: str, _charset: str | None = None) -> Extracted:
    """The text of a Word document; raises Refused for what is none, is locked, or is a trap."""
    if not data.startswith(b"PK"):
        raise Refused(
            f"{name} is no Word document (.docx): {looks_like(data)}.",
            way_out="Open it in a word processor, save it as .docx without a password, and"
            " capture that.",
        )
    open_zip(data, name).close()
    try:
        part = docx.Document(io.BytesIO(data)).part
        roots = [part.element, *(note for kind in _NOTES for note in notes_of(part, kind))]
        text = "".join(f"{line}\n" for root in roots for line in lines_of(root))
    except (OpcError, KeyError, ValueError, zipfile.BadZipFile, lxml.etree.LxmlError) as error:
        raise Refused(
            f"{name} cannot be read as a Word document: {one_line(str(error), 120)}.",
            way_out="Open it in a word processor, save it again as .docx, and capture that.",
        ) from error
    return Extracted(
        text=clean(text), extractor="python-docx", version=VERSION, notes=tuple(changes(roots))
    )


def notes_of(part: Any, kind: str) -> Iterator[Element]:  # noqa: ANN401  a part of python-docx
    """The footnotes or endnotes of a document, without the lines that separate them."""
    for relation in part.rels.values():
        if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
            for note in lxml.etree.fromstring(relation.target_part.blob, parser()):
                if attribute(note, "type") in (None, "normal"):
                    yield note


def parser() -> lxml.etree.XMLParser:
    """A parser that fetches and expands nothing."""
    return lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def lines_of(element: Element) -> Iterator[str]:
    """The lines of what holds paragraphs and tables, in the order of the document."""
    for child in element:
        kind = local(child)
        if kind == "p":
            yield from paragraph(child)
        elif kind == "tbl":
            yield from rows_of(child)
        elif kind not in _SKIPPED:
            yield from lines_of(child)


def paragraph(element: Element) -> Iterator[str]:
    """The words of a paragraph on one line, and after it those of boxes that hang on it."""
    boxes: list[Element] = []
    words = "".join(pieces(element, boxes))
    yield " ".join(words.split("\n")).strip()
    for box in boxes:
        yield from lines_of(box)


def pieces(element: Element, boxes: list[Element]) -> Iterator[str]:
    """The words in an element; what stands in a box is put aside."""
    for child in element:
        kind = local(child)
        if kind == "t":
            yield child.text or ""
        elif kind in _SIGNS:
            yield _SIGNS[kind]
        elif kind == "txbxContent":
            boxes.append(child)
        elif kind not in _SKIPPED:
            yield from pieces(child, boxes)


def rows_of(table: Element) -> Iterator[str]:
    """The rows of a table."""
    for row in within(table, "tr"):
        if any(local(mark) == "del" for part in row if local(part) == "trPr" for mark in part):
            continue
        cells = [" ".join(filter(None, lines_of(cell))) for cell in within(row, "tc")]
        yield "\t".join(cells).strip()


def within(element: Element, wanted: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, those in content controls too."""
    for child in element:
        kind = local(child)
        if kind == wanted:
            yield child
        elif kind in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from within(child, wanted)


def changes(roots: Iterable[Element]) -> Iterator[str]:
    """What is told of a document with tracked changes."""
    kinds = {"ins", "del", "moveFrom", "moveTo"}
    if any(local(element) in kinds for root in roots for element in root.iter()):
        yield "It has tracked changes; its text is the one with all of them accepted."


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None
