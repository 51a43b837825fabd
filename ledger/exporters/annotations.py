"""W3C Web Annotations: each report as the words that it marks in its source.

The shape is that of `ledger.importers.annotations`, which makes the same statements of it again:
a text that says who claimed what, a statement in terms of ours, and a target with its selectors.
`claims:text_sha256` of a target is the hash of the text in which its positions count.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ledger.exporters.about import OWN
from ledger.exporters.cells import filled, time_text
from ledger.exporters.json_list import HERE, name_of, own_facts, write_list
from ledger.exporters.leaving import Leaving

Node = dict[str, Any]

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"claims": OWN}]

# The fields of the commands that an import makes of them.
STATEMENT = (
    "statement_id", "speaker_id", "co_speakers", "attribution", "alternatives", "on_behalf_of",
    "citing", "said_at", "speech_act", "proposition", "language", "venue", "audience", "topics",
    "within", "note",
)  # fmt: skip
REPORT = (
    "report_id", "quote_mode", "part", "translated_from", "media_fragment", "attributed_to",
    "attribution", "alternatives", "note",
)  # fmt: skip
SOURCE = (
    "source_id", "publisher_id", "title", "author", "published", "url", "language", "media_type",
    "retrieved_at", "note",
)  # fmt: skip
ESTIMATE = (
    "estimate_id", "measure_id", "comparator", "low", "best", "high", "low_inclusive",
    "high_inclusive", "value_text", "reference_period", "basis", "derived_from", "method", "note",
)  # fmt: skip
SPEAKER = ("speaker_id", "kind", "name", "aliases", "note")
MEASURE = ("measure_id", "label", "unit", "definition", "kind", "tags", "note")


def write(leaving: Leaving, place: Path) -> Mapping[str, bytes]:
    """Write a collection with its one page."""
    about = leaving.about
    name = name_of(about, str(about.size), "annotations")
    collection: Node = {
        "@context": CONTEXT,
        "id": name,
        "type": "AnnotationCollection",
        "label": f"{about.name}. {about.notice}",
        **({"rights": about.licence} if about.licence else {}),
        **own_facts(about),
        "total": _count(leaving),
        "first": {
            "id": f"{name}/1", "type": "AnnotationPage", "partOf": name, "startIndex": 0,
            "items": HERE,
        },
    }  # fmt: skip
    write_list(place, collection, _items(leaving))
    return {}


def _count(leaving: Leaving) -> int:
    named = "semi join memory.main.chosen_statements using (statement_id)"
    chosen = named if leaving.is_chosen else ""
    row = leaving.connection.execute(f"select count(*) from (from reports {chosen})").fetchone()  # noqa: S608  ours
    return int(row[0]) if row else 0


def _items(leaving: Leaving) -> Iterator[Node]:
    for row in leaving.rows("annotations"):
        yield _annotation(leaving, row)


def _annotation(leaving: Leaving, row: Node) -> Node:
    statement = row["statement"]
    return {
        "id": name_of(leaving.about, "report", row["report_id"]),
        "type": "Annotation",
        "motivation": "describing",
        "creator": {"type": "Person", "name": row["actor"]},
        "created": time_text(row["recorded_at"]),
        "body": [
            {
                "type": "TextualBody",
                "purpose": "describing",
                "value": f"{statement['speaker']} claimed: {statement['proposition']}",
                "claims:claimedBy": statement["speaker_id"],
            },
            _statement(row),
        ],
        "target": _target(row),
    }


# ── what is claimed ──────────────────────────────────────────────────────────────────────────


def _statement(row: Node) -> Node:
    report = row["report"]
    more = {
        "fragments": [each["exact"] for each in report["fragments"] or []],
        "via": [_via(each) for each in report["via"] or []],
    }
    return {
        "type": "claims:Statement",
        **_own(row["statement"], STATEMENT),
        "claims:report": _own(report | more, (*REPORT, *more)),
        **_several("estimates", [_own(each, ESTIMATE) for each in row["estimates"] or []]),
        "claims:source": _own(row["source"], SOURCE),
        **_several("speakers", [_speaker(each) for each in row["speakers"] or []]),
        **_several("measures", [_own(each, MEASURE) for each in row["measures"] or []]),
    }


def _own(fields: Node, names: tuple[str, ...]) -> Node:
    """Some fields as terms of ours; those that say nothing are left out."""
    made = {name: filled(fields[name]) for name in names}
    return {f"claims:{name}": _prefixed(value) for name, value in made.items()
            if value not in (None, [], {})}  # fmt: skip


def _prefixed(value: object) -> object:
    """The fields within a field of ours are ours too."""
    if isinstance(value, list):
        return [_prefixed(each) for each in value]
    if isinstance(value, dict):
        return {f"claims:{name}": _prefixed(each) for name, each in value.items()}
    return value


def _several(name: str, nodes: list[Node]) -> Node:
    return {f"claims:{name}": nodes} if nodes else {}


def _via(link: Node) -> Node:
    """A link of the chain; its day as EDTF."""
    return {**link, "on": _day(link["on"])}


def _speaker(person: Node) -> Node:
    memberships = [
        {**each, "from": _day(each["from"]), "to": _day(each["to"])}
        for each in person["memberships"] or []
    ]
    made = _own(person | {"memberships": memberships}, (*SPEAKER, "memberships"))
    if person["identifiers"]:  # names of its own, which are no terms
        made["claims:identifiers"] = {"@type": "@json", "@value": dict(person["identifiers"])}
    return made


def _day(date: Node | None) -> str | None:
    return date["edtf"] if date else None


# ── where it stands ──────────────────────────────────────────────────────────────────────────


def _target(row: Node) -> Node:
    report, source = row["report"], row["source"]
    quote = {"exact": report["quote"], "prefix": report["quote_prefix"],
             "suffix": report["quote_suffix"]}  # fmt: skip
    selectors: list[Node] = [
        {"type": "TextQuoteSelector", **{name: text for name, text in quote.items() if text}}
    ]
    if report["quote_start"] is not None:
        selectors.append({
            "type": "TextPositionSelector",
            "start": report["quote_start"], "end": report["quote_end"],
        })  # fmt: skip
    if report["media_fragment"]:
        selectors.append({"type": "FragmentSelector", "value": report["media_fragment"]})
    hashes = {name: source[name] for name in ("sha256", "text_sha256") if source[name]}
    return {
        "source": source["url"] or f"{OWN}source/{source['source_id']}",
        "selector": selectors,
        **_own(hashes, tuple(hashes)),
    }
