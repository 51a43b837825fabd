"""The reviews in a file: JSON-LD alone, in a list or a feed; in a page; in a table.

Rules kept here:
- every ClaimReview is found, however deep it stands; an entry of a list or a feed that holds none
  is a fault, whereas a page and a graph hold other things too;
- a list is read item by item; a page, a graph and a single object have a limit.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ledger.errors import Refused
from ledger.importers.delimited import wide_encoding
from ledger.importers.files import opened
from ledger.importers.json_items import MOST_WHOLE, JsonItem, decoded, json_items
from ledger.importers.jsonld import Node, by_id, is_reference, plain, resolved, types

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from ledger.importers.claimreview import ReviewSettings

LISTS = frozenset({"dataFeedElement", "itemListElement"})

_HEAD_BYTES = 4096
_WRAPPED = re.compile(  # comments and CDATA marks around a script
    r"\A\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)"
    r"|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*\Z"
)


class Found(NamedTuple):
    """A review, or what is wrong with an entry that should hold one.

    `number` is that of its entry, line or script, from 1; `path` where in it the review stands;
    `names` what a table calls the fields of a review.
    """

    number: int
    review: Node
    fault: Refused | None = None
    path: str = ""
    names: Mapping[str, str] = MappingProxyType({})


def kind_of(path: Path) -> Literal["json", "page", "table"]:
    """What a file is, by its first signs."""
    with opened(path) as file:
        head = file.read(_HEAD_BYTES)
    text = head.decode(wide_encoding(head[:4]) or "utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text[:1] in ("{", "["):
        return "json"
    return "page" if text[:1] == "<" else "table"


def reviews_of(path: Path, settings: "ReviewSettings") -> Iterator[Found]:
    """The reviews of a file; raises Refused where it holds none."""
    kind = kind_of(path)
    if kind == "table":
        from ledger.importers.claimreview_table import reviews_in_table

        yield from reviews_in_table(path, settings)
        return
    any_found = False
    for found in _in_json(path) if kind == "json" else _in_page(path):
        any_found = True
        yield found
    if not any_found:
        raise Refused("The file holds no ClaimReview.", way_out="Give a file that does.")


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────


def _in_json(path: Path) -> Iterator[Found]:
    with opened(path) as file:
        for item in json_items(file, LISTS):
            yield from _in_item(item)


def _in_item(item: JsonItem) -> Iterator[Found]:
    if item.fault:
        yield Found(item.number, {}, item.fault)
        return
    any_found = False
    context = item.head.get("@context") if item.head else None
    for found in reviews_in(item.value, item.number, context):
        any_found = True
        yield found
    if not any_found and item.head is not None:
        yield Found(item.number, {}, _no_review(item.value))


def reviews_in(value: Any, number: int, context: object = None) -> Iterator[Found]:  # noqa: ANN401  JSON has no type
    """The reviews within a value; what they name elsewhere in it is put in its place."""
    made = plain(value, context)
    known = by_id(made)
    for path, review in _reviews(made, ""):
        yield Found(number, resolved(review, known), path=path)


def _reviews(value: Any, path: str) -> Iterator[tuple[str, Node]]:  # noqa: ANN401  JSON has no type
    if isinstance(value, list):
        for at, each in enumerate(value):
            yield from _reviews(each, f"{path}[{at}]")
    elif isinstance(value, dict):
        if "ClaimReview" in types(value) and not is_reference(value):
            yield path, value
            return
        for name, each in value.items():
            yield from _reviews(each, f"{path}.{name}" if path else name)


def _no_review(value: Any) -> Refused:  # noqa: ANN401  JSON has no type
    kinds = types(plain(value)) if isinstance(value, dict) else set()
    what = f"a {' and '.join(sorted(kinds))}" if kinds else "of no type"
    return Refused(
        f"The entry is {what}, and holds no ClaimReview.",
        way_out="Leave it out with --skip-invalid.",
    )


# ── pages ────────────────────────────────────────────────────────────────────────────────────


def _in_page(path: Path) -> Iterator[Found]:
    page = _page(path)
    address = page.xpath("string(//link[@rel='canonical']/@href)").strip()
    scripts = page.xpath("//script[contains(@type, 'ld+json')]")
    for number, script in zip(count(1), scripts, strict=False):
        text = _WRAPPED.sub("", script.text or "")
        if "ClaimReview" not in text:
            continue
        try:
            value = decoded(text)
        except Refused as fault:
            yield Found(number, {}, fault)
            continue
        for found in reviews_in(value, number):
            is_at_page = address and not found.review.get("url")
            yield found._replace(review={**found.review, "url": address}) if is_at_page else found
    if not scripts and page.xpath("boolean(//*[contains(@itemtype, 'ClaimReview')])"):
        raise Refused(
            "The page holds its review as microdata, which is not read.",
            way_out="Give the review as JSON-LD.",
        )


def _page(path: Path) -> "HtmlElement":
    from lxml import etree, html

    with opened(path) as file:
        data = file.read(MOST_WHOLE + 1)
    if len(data) > MOST_WHOLE:
        raise Refused(
            f"The page has more than {MOST_WHOLE:,} bytes.",
            way_out="Give the part with the review.",
        )
    try:
        data.decode()
        encoding: str | None = "utf-8"
    except UnicodeDecodeError:
        encoding = wide_encoding(data[:4])  # else what the page itself says
    try:
        return html.document_fromstring(data, parser=html.HTMLParser(encoding=encoding))
    except (etree.ParserError, ValueError) as error:
        raise Refused("The page holds nothing.", way_out="Fetch it again.") from error
