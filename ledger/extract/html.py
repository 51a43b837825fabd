"""Web pages: the main text by trafilatura, a paragraph a line, with headline and captions.

Rules kept here:
- readers' comments, menus and the like are left out; tables stay, a row a line;
- captions of pictures are kept where they stand, and the headline first, where trafilatura would
  lose them: words that a person sees in the article can be quoted;
- nothing is fetched, and no script runs.
"""

import re

import lxml.etree
import lxml.html
import trafilatura

from ledger.errors import Refused
from ledger.extract.charset import Decoded, decode
from ledger.extract.made import Extracted, clean
from ledger.extract.page_facts import facts_of

ARRANGEMENT = 1  # counts how we lay the text out; part of the extractor's version
VERSION = f"{trafilatura.__version__}/{ARRANGEMENT}, lxml {lxml.etree.__version__}"

_PRESCAN_BYTES = 4096  # browsers look for a declaration in the first 1,024
_DECLARED = re.compile(
    rb"<meta\b[^>]{0,400}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE
)
_XML_DECLARED = re.compile(
    rb"\A\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})"
)
_HEAD_LETTERS = 2_000  # where a headline stands, if it is in the text


def extract(data: bytes, name: str, charset: str | None = None) -> Extracted:
    """The text of a page and what its metadata say; raises Refused where it holds no text."""
    found = decode(data, name, charset, declared_charset(data))
    tree = parsed(clean(found.text), name)
    facts = facts_of(tree)
    heading = headline(tree)
    keep_captions(tree)
    text = trafilatura.extract(
        tree, output_format="txt", include_comments=False, include_tables=True, deduplicate=False
    )
    if not text or not any(letter.isalnum() for letter in text):
        raise Refused(
            f"{name} is a page without text{because(tree)}.",
            way_out="Save the page from the browser once its text is seen, or capture its PDF.",
        )
    text = clean(text)
    if heading and folded(heading) not in folded(text[:_HEAD_LETTERS]):
        text = f"{heading}\n{text}"
    return Extracted(
        text=text + "\n", extractor="trafilatura", version=VERSION, charset=told_by(found),
        facts=facts, notes=found.notes,
    )  # fmt: skip


def told_by(found: Decoded) -> str | None:
    """The charset, where it has to be kept beside the bytes."""
    return found.charset if found.needs_told else None


def declared_charset(data: bytes) -> str | None:
    """The charset that a page declares; UTF-16 there can only mean UTF-8 (WHATWG HTML 13.2.3)."""
    start = data[:_PRESCAN_BYTES]
    match = _DECLARED.search(start) or _XML_DECLARED.search(start)
    label = match[1].decode("ascii").lower() if match else None
    return "utf-8" if label and label.startswith("utf-16") else label


def parsed(text: str, name: str) -> lxml.html.HtmlElement:
    """The tree of a page; raises Refused where there is nothing in it."""
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        tree = lxml.html.document_fromstring(text.encode(), parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise Refused(
            f"{name} is no page: nothing in it can be read as HTML.",
            way_out="Capture the file that holds the words themselves.",
        ) from error
    return tree


def headline(tree: lxml.html.HtmlElement) -> str | None:
    """The page's one main heading."""
    headings = tree.findall(".//h1")
    return " ".join(headings[0].text_content().split()) or None if len(headings) == 1 else None


def keep_captions(tree: lxml.html.HtmlElement) -> None:
    """Make paragraphs of captions, which go with their pictures otherwise."""
    for caption in list(tree.iter("figcaption")):
        caption.tag = "p"
    for figure in list(tree.iter("figure")):
        figure.tag = "div"


def folded(words: str) -> str:
    """Words without regard to spaces, quotation marks and case."""
    return "".join(letter for letter in words.casefold() if letter.isalnum())


def because(tree: lxml.html.HtmlElement) -> str:
    """Why a page may hold no text."""
    return ": a script would have to write it" if tree.find(".//script") is not None else ""
