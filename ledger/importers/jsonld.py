"""JSON-LD as publishers write it, made plain: short names, no wrappers, no references.

Rules kept here:
- no context is ever fetched: names of schema.org and of this ledger are known by their IRIs, by
  the prefixes that a context in the file gives them, and by `schema:`;
- our own names (OWN) are taken for ours only where the file says what their prefix stands for.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Node = dict[str, Any]

OWN = "urn:claims-ledger:v1:"  # the IRI that our own terms begin with
OWN_PREFIX = "claims:"

_SCHEMA = re.compile(r"https?://(?:www\.)?schema\.org/?#?", re.IGNORECASE)
_ALIASES = {"type": "@type", "id": "@id"}  # as the contexts of schema.org and W3C have them
_DEEPEST = 4  # how far references are followed
_MOST_NESTED = 100


def prefixes_of(context: object) -> dict[str, str]:
    """What the prefixes of a context stand for, of those that are known here."""
    if isinstance(context, list):
        return {name: iri for each in context for name, iri in prefixes_of(each).items()}
    if not isinstance(context, dict):
        return {}
    found: dict[str, str] = {}
    for name, meant in context.items():
        iri = meant.get("@id") if isinstance(meant, dict) else meant
        if isinstance(iri, str) and _SCHEMA.fullmatch(iri):
            found[f"{name}:"] = ""
        elif iri == OWN:
            found[f"{name}:"] = OWN_PREFIX
    return found


def plain(value: Any, around: object = None, *, depth: int = 0) -> Any:  # noqa: ANN401  JSON has no type
    """JSON-LD with short names; `around` is the context of the object that it stands in."""
    return _plain(value, {"schema:": ""} | prefixes_of(around), depth)


def _plain(value: Any, prefixes: dict[str, str], depth: int) -> Any:  # noqa: ANN401  JSON has no type
    if depth > _MOST_NESTED:
        return None
    if isinstance(value, list):
        return [_plain(each, prefixes, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    for wrapper in ("@value", "@list", "@set"):
        if wrapper in value:
            inner = value[wrapper]
            is_literal = wrapper == "@value"
            return inner if is_literal else _plain(inner, prefixes, depth + 1)
    if "@context" in value:
        prefixes = prefixes | prefixes_of(value["@context"])
    made: Node = {}
    for name, inner in value.items():
        if name == "@context":
            continue
        known = short(name, prefixes)
        each = inner if known == "@type" else _plain(inner, prefixes, depth + 1)
        if known == "@type":
            each = [short(kind, prefixes) for kind in listed(inner) if isinstance(kind, str)]
        made[known] = [*listed(made[known]), *listed(each)] if known in made else each
    return made


def short(name: str, prefixes: Mapping[str, str]) -> str:
    """A name without the IRI or the prefix of schema.org; ours begin with `claims:`."""
    if name.startswith(OWN):
        return OWN_PREFIX + name.removeprefix(OWN)
    if found := _SCHEMA.match(name):
        return name[found.end() :]
    prefix, colon, rest = name.partition(":")
    if colon and not rest.startswith("//"):
        meant = prefixes.get(prefix + colon)
        if meant is not None:
            return meant + rest
        if prefix + colon == OWN_PREFIX:
            return f"?{name}"  # somebody else's
    return _ALIASES.get(name, name)


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def listed(value: Any) -> list[Any]:  # noqa: ANN401  JSON has no type
    """What may be one or several, as a list; null is none."""
    if value is None:
        return []
    return [each for one in value for each in listed(one)] if isinstance(value, list) else [value]


def nodes_in(value: Any) -> list[Node]:  # noqa: ANN401  JSON has no type
    """The objects among what may be one or several."""
    return [each for each in listed(value) if isinstance(each, dict)]


def types(node: Node) -> set[str]:
    """The types of an object, by their short names."""
    return {str(each) for each in listed(node.get("@type"))}


def texts(value: Any) -> list[str]:  # noqa: ANN401  JSON has no type
    """The texts of a field, without outer white space; a number stands for its digits."""
    found: list[str] = []
    for each in listed(value):
        if isinstance(each, dict):
            found += texts(each.get("name"))
        elif isinstance(each, str | int | float) and not isinstance(each, bool):
            found.append(str(each).strip())
    return [text for text in found if text]


def text(value: Any) -> str | None:  # noqa: ANN401  JSON has no type
    """The first text of a field."""
    return next(iter(texts(value)), None)


def own(node: Node, *names: str) -> Node:
    """Our own fields of an object that a file of ours says, as far as they are among some names."""
    found = {name: node.get(OWN_PREFIX + name) for name in names}
    return {name: without_prefix(value) for name, value in found.items() if value is not None}


def without_prefix(value: Any) -> Any:  # noqa: ANN401  JSON has no type
    """Our own fields within a field of ours, by their bare names; types say nothing there."""
    if isinstance(value, list):
        return [without_prefix(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name.removeprefix(OWN_PREFIX): without_prefix(each)
        for name, each in value.items()
        if name != "@type"
    }


# ── references ───────────────────────────────────────────────────────────────────────────────


def walk(value: Any) -> Iterator[Node]:  # noqa: ANN401  JSON has no type
    """Every object within a value, outer ones first."""
    if isinstance(value, list):
        for each in value:
            yield from walk(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from walk(each)


def by_id(value: Any) -> dict[str, Node]:  # noqa: ANN401  JSON has no type
    """The objects that say more of a thing than its `@id`."""
    return {
        node["@id"]: node
        for node in walk(value)
        if isinstance(node.get("@id"), str) and not is_reference(node)
    }


def is_reference(node: Node) -> bool:
    """Whether an object names another by its `@id`, and says no more."""
    return "@id" in node and node.keys() <= {"@id", "@type"}


def resolved(value: Any, known: Mapping[str, Node], depth: int = 0) -> Any:  # noqa: ANN401  JSON has no type
    """A value in which objects stand in the place of references to them."""
    if isinstance(value, list):
        return [resolved(each, known, depth) for each in value]
    if not isinstance(value, dict) or depth > _DEEPEST:
        return value
    if is_reference(value):
        value = known.get(str(value["@id"]), value)
    return {name: resolved(each, known, depth + 1) for name, each in value.items()}
