"""The parts of a Web Annotation: its bodies by purpose, and its targets with their selectors."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ledger.errors import Refused
from ledger.importers.jsonld import OWN_PREFIX, Node, listed, text, texts, types
from ledger.importers.rows import Raw

STATEMENT = f"{OWN_PREFIX}Statement"

_MEDIA = re.compile(r"(?:t|page)=\S+")
_GROUPS = {"Choice", "List", "Composite", "Independents"}
_SHOWN = ("value", "start", "end", "startSelector", "endSelector")


class Body(NamedTuple):
    """A text, or an address, with what it is for."""

    text: str
    purpose: str


class Target(NamedTuple):
    """A place in a source; `said` is what belongs to the source, `report` to the report."""

    url: str
    said: Raw
    report: Raw


def purpose_of(name: str) -> str:
    """A purpose or motivation without the prefix or IRI of its vocabulary."""
    return re.split(r"[#/:]", name)[-1].casefold()


# ── bodies ───────────────────────────────────────────────────────────────────────────────────


def statements_in(annotation: Node) -> list[Node]:
    """Bodies that are statements of ours."""
    return [
        each
        for each in _members(annotation.get("body"))
        if isinstance(each, dict) and STATEMENT in types(each)
    ]


def bodies_of(annotation: Node) -> list[Body]:
    """The bodies of an annotation, those that hold nothing left out."""
    told = texts(annotation.get("motivation"))
    motivation = purpose_of(told[0]) if told else ""
    made = [_body(each, motivation) for each in _members(annotation.get("body"))]
    value = text(annotation.get("bodyValue"))
    return [each for each in made if each.text] + ([Body(value, motivation)] if value else [])


def _body(each: object, motivation: str) -> Body:
    if not isinstance(each, dict):
        return Body(text(each) or "", motivation)
    told = texts(each.get("purpose"))
    purpose = purpose_of(told[0]) if told else motivation
    said = text(each.get("value")) or text(each.get("source")) or text(each.get("@id"))
    return Body(said or "", purpose)


def _members(value: object) -> Iterator[object]:
    """What may be one or several, choices and lists taken apart."""
    for each in listed(value):
        if isinstance(each, dict) and types(each) & _GROUPS:
            yield from _members(each.get("items") or each.get("item"))
        else:
            yield each


# ── targets ──────────────────────────────────────────────────────────────────────────────────


def targets_of(annotation: Node) -> list[Target]:
    """The targets of an annotation; raises Refused where one of them holds no words."""
    made = [_target(each) for each in _members(annotation.get("target"))]
    if not made:
        raise Refused(
            "The annotation has no target.", field="target", way_out="Fill in its source."
        )
    return made


def _target(each: object) -> Target:
    node: Node = each if isinstance(each, dict) else {"source": each}
    source = node.get("source", node.get("@id"))
    inner: Node = source if isinstance(source, dict) else {"@id": source}
    url = text(inner.get("@id"))
    if not url:
        raise Refused(
            "The target does not say which source it is in.",
            field="target.source",
            way_out="Fill in the address of the source.",
        )
    report, notes = _selected(node)
    if "quote" not in report:
        raise Refused(
            f"The target marks no words of {url}.",
            field="target.selector",
            way_out="Give a TextQuoteSelector, which holds them.",
        )
    if notes:
        report["note"] = " ".join(notes)
    told = {
        "title": text([inner.get(name) for name in ("title", "name", "label")]),
        "language": text(inner.get("language")),
        "media_type": text(inner.get("format")),
    }
    said = {name: value for name, value in told.items() if value}
    return Target(url, said, report)


def _selected(node: Node) -> tuple[Raw, list[str]]:
    """What selectors say of a report, and what of them can only be noted."""
    report: Raw = {}
    notes: list[str] = []
    for selector in _selectors(node.get("selector")):
        kinds = types(selector)
        exact, value = selector.get("exact"), text(selector.get("value"))
        if "TextQuoteSelector" in kinds and isinstance(exact, str) and "quote" not in report:
            around = {name: selector.get(name) for name in ("prefix", "suffix")}
            report["quote"] = exact
            report |= {name: said for name, said in around.items() if text(said)}
        elif "media_fragment" not in report and value and _MEDIA.fullmatch(value):
            report["media_fragment"] = value
        elif said := ", ".join(told for name in _SHOWN for told in _told(selector, name)):
            notes.append(f"{' '.join(sorted(kinds)) or 'Selector'}: {said}.")
    return report, notes


def _selectors(value: object) -> Iterator[Node]:
    """The selectors of a target, those that refine others after them."""
    for each in _members(value):
        if isinstance(each, dict):
            yield each
            yield from _selectors(each.get("refinedBy"))
        elif said := text(each):
            yield {"@type": ["Selector"], "value": said}


def _told(selector: Node, name: str) -> Iterator[str]:
    value = selector.get(name)
    for inner in _selectors(value) if isinstance(value, dict) else ():
        yield f"{name} {', '.join(texts(inner.get('value')))}"
    if not isinstance(value, dict):
        yield from (f"{name} {said}" if name != "value" else said for said in texts(value))
