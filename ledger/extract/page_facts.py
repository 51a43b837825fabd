"""What a web page's metadata say of it: title, author, date, language, canonical URL, site.

Read are `<meta>` (Open Graph, article, Dublin Core, citation), `<link rel=canonical>`, `lang` and
one article in JSON-LD (schema.org).

Rules kept here:
- only what stands in metadata counts; nothing is guessed from class names, addresses or the text;
- where metadata give several dates of publication that differ, there is none;
- a date stays the day that is written; no time zone moves it.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from ledger.extract.made import Facts

LONGEST = 500
_LONGEST_URL = 2_000
_DEEPEST = 8  # of what JSON-LD nests

_TITLES = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
_AUTHORS = ("author", "article:author", "citation_author", "dc.creator", "dcterms.creator",
            "parsely-author", "og:article:author")  # fmt: skip
_DATES = ("article:published_time", "og:article:published_time", "datepublished", "citation_date",
          "citation_publication_date", "dc.date.issued", "dcterms.issued", "dc.date",
          "parsely-pub-date", "sailthru.date")  # fmt: skip
_SITES = ("og:site_name", "citation_journal_title", "dc.publisher", "dcterms.publisher")

_DATE = re.compile(r"(\d{4})(?:[-/](\d{2})(?:[-/](\d{2}))?)?(?![\d/.-])")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ARTICLE = re.compile(r"(?:\w*Article|\w*Posting|Report|WebPage)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def facts_of(tree: HtmlElement) -> Facts:
    """What a page says about itself."""
    meta = metadata(tree)
    article = the_article(tree)
    published = dates([*meta_values(meta, _DATES), *strings(article.get("datePublished"))])
    return Facts(
        title=first([*meta_values(meta, _TITLES), *strings(article.get("headline")), title(tree)]),
        author=authors(meta, article),
        published=published[0] if len(published) == 1 else None,
        language=language(tree, meta),
        url=canonical(tree, meta),
        publisher=first(meta_values(meta, _SITES)),
    )


def metadata(tree: HtmlElement) -> dict[str, list[str]]:
    """The contents of all `<meta>`, and what is marked as `datePublished`, by their names."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta", "time"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        value = element.get("content") or element.get("datetime") or ""
        if name and (clear := one_line(value)):
            found.setdefault(name.strip().lower(), []).append(clear)
    return found


def meta_values(meta: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    """The values of several names, in the order of the names."""
    return [value for name in names for value in meta.get(name, [])]


def first(values: list[str | None] | list[str]) -> str | None:
    """The first value that is there."""
    return next((value for value in values if value), None)


def one_line(text: str) -> str:
    """Words on one line; nothing where they are too long to be what they should be."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) <= LONGEST else ""


def title(tree: HtmlElement) -> str | None:
    """What `<title>` says."""
    element = tree.find(".//title")
    return one_line(str(element.text_content())) or None if element is not None else None


def authors(meta: dict[str, list[str]], article: dict[str, Any]) -> str | None:
    """Who wrote it; an address of a profile is no name."""
    for names in (list(names_in(article.get("author"))), meta_values(meta, _AUTHORS)):
        people = [name for name in dict.fromkeys(names) if "://" not in name]
        if people:
            return one_line(", ".join(people)) or None
    return None


def dates(values: list[str]) -> list[str]:
    """The different days, months or years that values name, as precise as the most precise."""
    days = {day for value in values if (day := edtf(value))}
    return sorted(day for day in days if not any(d != day and d.startswith(day) for d in days))


def edtf(value: str) -> str | None:
    """A date as EDTF: its day as written; None for what is not in the order of ISO 8601."""
    match = _DATE.match(value.strip())
    if not match:
        return None
    year, month, day = match[1], match[2], match[3]
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)


def language(tree: HtmlElement, meta: dict[str, list[str]]) -> str | None:
    """The language that the page says it is in."""
    root = tree.getroottree().getroot()
    said: list[str] = [root.get("lang", ""), root.get(_XML_LANGUAGE, "")]
    for value in (*said, *meta.get("og:locale", []), *meta.get("dc.language", [])):
        if _LANGUAGE.fullmatch(value.strip()):
            return value.strip().replace("_", "-")
    return None


def canonical(tree: HtmlElement, meta: dict[str, list[str]]) -> str | None:
    """The address that the page gives for itself, where it is a whole one."""
    links = [
        element.get("href", "")
        for element in tree.iter("link")
        if "canonical" in element.get("rel", "").lower().split()
    ]
    return next((url for url in (*links, *meta.get("og:url", [])) if is_address(url)), None)


def is_address(url: str) -> bool:
    """Whether an address is whole and on the web."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    except ValueError:
        return False
    return bool(whole) and len(url) <= _LONGEST_URL and url.isprintable() and " " not in url


# ── JSON-LD ──────────────────────────────────────────────────────────────────────────────────


def the_article(tree: HtmlElement) -> dict[str, Any]:
    """The one article that JSON-LD describes; empty where there is none, or several."""
    found = [
        node
        for script in tree.iter("script")
        if script.get("type", "").partition(";")[0].strip().lower() == "application/ld+json"
        for node in nodes(read_json(script.text or ""))
    ]
    articles = [node for node in found if is_typed(node) and not is_typed(node, "WebPage")]
    chosen = articles or [node for node in found if is_typed(node, "WebPage")]
    return chosen[0] if len(chosen) == 1 else {}


def read_json(text: str) -> Any:  # noqa: ANN401  whatever somebody wrote
    """JSON as pages hold it; None where it is none."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def nodes(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The nodes of a document: the object itself, those of a list or of `@graph`."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for each in value:
            yield from nodes(each, depth + 1)
    elif isinstance(value, dict):
        yield value
        yield from nodes(value.get("@graph"), depth + 1)


def is_typed(node: dict[str, Any], kind: str | None = None) -> bool:
    """Whether a node is of a type, or else of any that is read."""
    types = [name.rpartition("/")[2] for name in strings(node.get("@type"))]
    return any(name == kind if kind else _ARTICLE.fullmatch(name) for name in types)


def strings(value: object) -> list[str]:
    """The texts in a value that may be one or a list."""
    values = value if isinstance(value, list) else [value]
    return [line for each in values if isinstance(each, str) and (line := one_line(each))]


def names_in(value: object) -> Iterator[str]:
    """The names of one or several authors."""
    for each in value if isinstance(value, list) else [value]:
        yield from strings(each.get("name") if isinstance(each, dict) else each)
