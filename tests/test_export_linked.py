"""Exports in JSON-LD: valid for a processor, right by the shapes, the same when they come back."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from export_tools import COMMANDS, TEXT, export, imported, new_ledger, said
from pyld import jsonld

from ledger.api import Ledger

Node = dict[str, Any]

SCHEMA = "https://schema.org/"
OA = "http://www.w3.org/ns/oa#"
OWN = "urn:claims-ledger:v1:"

# What the published contexts say of the names that are used here; nothing is fetched.
IRI: Node = {"@type": "@id"}
CONTEXTS: dict[str, Node] = {
    "https://schema.org": {
        "@vocab": SCHEMA, "schema": SCHEMA, "id": "@id", "type": "@type",
        **{name: {"@id": SCHEMA + name, **IRI} for name in ("url", "sameAs", "license")},
        "datePublished": {"@id": SCHEMA + "datePublished", "@type": SCHEMA + "Date"},
        "dateCreated": {"@id": SCHEMA + "dateCreated", "@type": SCHEMA + "Date"},
        "dateModified": {"@id": SCHEMA + "dateModified", "@type": SCHEMA + "Date"},
    },
    "http://www.w3.org/ns/anno.jsonld": {
        "oa": OA, "as": "http://www.w3.org/ns/activitystreams#", "id": "@id", "type": "@type",
        "dcterms": "http://purl.org/dc/terms/",
        **{name: f"oa:{name}" for name in (
            "Annotation", "TextualBody", "FragmentSelector", "TextQuoteSelector",
            "TextPositionSelector", "describing", "start", "end", "exact", "prefix", "suffix",
        )},
        "Person": "http://xmlns.com/foaf/0.1/Person", "name": "http://xmlns.com/foaf/0.1/name",
        "AnnotationCollection": "as:OrderedCollection",
        "AnnotationPage": "as:OrderedCollectionPage",
        "body": {"@id": "oa:hasBody", **IRI}, "target": {"@id": "oa:hasTarget", **IRI},
        "source": {"@id": "oa:hasSource", **IRI}, "selector": {"@id": "oa:hasSelector", **IRI},
        "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
        "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
        "creator": {"@id": "dcterms:creator", **IRI}, "created": "dcterms:created",
        "rights": {"@id": "dcterms:rights", **IRI},
        "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
        "partOf": {"@id": "as:partOf", **IRI}, "first": {"@id": "as:first", **IRI},
        "label": "http://www.w3.org/2000/01/rdf-schema#label", "total": "as:totalItems",
        "startIndex": "as:startIndex",
        "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    },
}  # fmt: skip


@pytest.fixture
def beforehand() -> Sequence[dict[str, Any]]:
    """A bit of everything."""
    return COMMANDS


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger to import into."""
    with new_ledger(tmp_path / "other") as made:
        yield made


def loader(address: str, _options: object) -> Node:
    """Contexts from here; any other address is a failure."""
    document = {"@context": CONTEXTS[address]}
    return {"contextUrl": None, "documentUrl": address, "document": document}


def expanded(path: Path) -> list[Node]:
    """The file as a JSON-LD processor understands it; every name must mean something."""
    found: list[Node] = jsonld.expand(
        json.loads(path.read_bytes()), {"documentLoader": loader, "base": ""}
    )
    assert nodes(found), "a name that means nothing is dropped"
    normal = jsonld.normalize(
        json.loads(path.read_bytes()),
        {"documentLoader": loader, "algorithm": "URDNA2015", "format": "application/n-quads"},
    )
    assert normal
    return found


def nodes(value: object, kind: str = "") -> list[Node]:
    """Every node within a value, or those of a type."""
    found: list[Node] = []
    if isinstance(value, list):
        for each in value:
            found += nodes(each, kind)
    elif isinstance(value, dict):
        if not kind or kind in value.get("@type", []):
            found.append(value)
        for each in value.values():
            found += nodes(each, kind)
    return found


def one(node: Node, name: str) -> Any:  # noqa: ANN401  JSON has no type
    """The only value of a property."""
    (value,) = node[name]
    return value.get("@value", value.get("@id", value))


# ── ClaimReview ──────────────────────────────────────────────────────────────────────────────


def test_reviews_have_the_shape_that_is_asked_for(ledger: Ledger, tmp_path: Path) -> None:
    """The properties that Google and Data Commons document; the reviewer is not the speaker."""
    path = tmp_path / "feed.json"
    done = export(ledger, "claimreview", "-o", path)
    assert "1 assessment without a rating is left out." in done.err
    assert "1 of 2 reviews have no page" in done.err
    feed = expanded(path)
    (head,) = nodes(feed, SCHEMA + "DataFeed")
    assert one(head, OWN + "root") == ledger.log.root_at(ledger.size).hex()
    assert (one(head, OWN + "size"), one(head, OWN + "origin")) == (ledger.size, "example.org/test")
    reviews = nodes(feed, SCHEMA + "ClaimReview")
    assert len(reviews) == 2
    for review in reviews:
        assert one(review, SCHEMA + "claimReviewed")
        (author,) = review[SCHEMA + "author"]
        assert author["@type"] == [SCHEMA + "Organization"]
        (rating,) = review[SCHEMA + "reviewRating"]
        assert one(rating, SCHEMA + "alternateName")
        numbers = [one(rating, SCHEMA + name)
                   for name in ("ratingValue", "bestRating", "worstRating")]  # fmt: skip
        assert all(isinstance(number, int) for number in numbers)
        (claim,) = review[SCHEMA + "itemReviewed"]
        assert claim["@type"] == [SCHEMA + "Claim"]
        for speaker in claim[SCHEMA + "author"]:
            assert one(speaker, SCHEMA + "name") != one(author, SCHEMA + "name")
        for work in claim[SCHEMA + "appearance"]:
            assert work["@type"] == [SCHEMA + "CreativeWork"]
    rated, judged = reviews
    assert one(rated, SCHEMA + "url") == "https://facts.example/1"
    assert SCHEMA + "url" not in judged
    (claim,) = rated[SCHEMA + "itemReviewed"]
    (speaker,) = claim[SCHEMA + "author"]
    assert one(speaker, SCHEMA + "name") == "Zamir Kabulov"
    assert one(speaker, SCHEMA + "sameAs") == "https://www.wikidata.org/entity/Q4207990"
    assert SCHEMA + "datePublished" not in claim, "2017-12? is no date of ISO 8601"


def test_reviews_come_back_as_the_same_statements(
    ledger: Ledger, other: Ledger, tmp_path: Path
) -> None:
    """And as the same assessments; a second import makes nothing, here or there."""
    path = tmp_path / "feed.json"
    export(ledger, "claimreview", "-o", path)
    report = imported(other, "claimreview", path)
    assert (report["rows"], report["read"]) == (2, 2)
    names = "statement_id, report_id, speaker, said_at, proposition, quote, quote_mode, source_id"
    assert said(other, names) == said(ledger, names)
    assessed = "from assessments select assessor, url, explanation, rating.label, rating.value"
    assert set(other.query(assessed).fetchall()) >= {
        ("Fact Desk", "https://facts.example/1", "=1+1 of it holds.", "Half true", 3)
    }
    assert imported(other, "claimreview", path)["events"] == 0


def test_a_feed_of_nothing_says_so(other: Ledger, tmp_path: Path) -> None:
    """It is a feed all the same, and names the ledger."""
    done = export(other, "claimreview", "-o", tmp_path / "feed.json")
    assert "the feed is empty" in done.err
    assert "Exported from example.org/other at 1 event, root " in done.err
    assert nodes(expanded(tmp_path / "feed.json"), SCHEMA + "DataFeed")


# ── Web Annotations ──────────────────────────────────────────────────────────────────────────


def test_annotations_are_those_of_the_recommendation(ledger: Ledger, tmp_path: Path) -> None:
    """A collection with one page; each annotation has a body, a target and its selectors."""
    path = tmp_path / "annotations.jsonld"
    export(ledger, "web-annotation", "-o", path)
    made = expanded(path)
    (collection,) = nodes(made, "http://www.w3.org/ns/activitystreams#OrderedCollection")
    assert one(collection, "http://www.w3.org/ns/activitystreams#totalItems") == 3
    assert one(collection, OWN + "root") == ledger.log.root_at(ledger.size).hex()
    found = nodes(made, OA + "Annotation")
    assert len(found) == 3
    for each in found:
        assert each["@id"].startswith(OWN)
        assert one(each, OA + "motivatedBy") == OA + "describing"
        (target,) = each[OA + "hasTarget"]
        assert one(target, OA + "hasSource")
        quotes = nodes(target[OA + "hasSelector"], OA + "TextQuoteSelector")
        assert [one(quote, OA + "exact") for quote in quotes]
        (text,) = nodes(each[OA + "hasBody"], OA + "TextualBody")
        assert " claimed: " in one(text, "http://www.w3.org/1999/02/22-rdf-syntax-ns#value")
        assert one(text, OWN + "claimedBy") in {"zamir-kabulov", "evil"}
    raw = json.loads(path.read_bytes())
    assert len(raw["first"]["items"]) == raw["total"] == 3


def test_annotations_come_back_as_the_same_statements(
    ledger: Ledger, other: Ledger, tmp_path: Path
) -> None:
    """With numbers, chains and everybody who is named; into the same ledger nothing comes."""
    path = tmp_path / "annotations.jsonld"
    export(ledger, "web-annotation", "-o", path)
    report = imported(other, "web-annotation", path)
    assert (report["rows"], report["read"]) == (3, 3)
    same = (
        "from statements select * exclude (position, recorded_at, actor, revisions)",
        "from reports select * exclude (position, recorded_at, actor)",
        "from estimates select * exclude (position, recorded_at, actor)",
        "from speakers select * exclude (position, recorded_at, actor)",
        "from measures select * exclude (position, recorded_at, actor)",
        "from sources select * exclude (position, recorded_at, actor)",
    )
    for sql in same:
        ours, theirs = (sorted(map(str, each.query(sql).fetchall())) for each in (ledger, other))
        assert theirs == ours, sql
    assert imported(other, "web-annotation", path)["events"] == 0
    assert imported(ledger, "web-annotation", path)["events"] == 0


def test_the_words_of_a_document_are_marked_by_their_place(ledger: Ledger, tmp_path: Path) -> None:
    """A TextPositionSelector beside the words, with the hash of the text that it counts in."""
    (tmp_path / "article.txt").write_text(TEXT)
    ledger.submit(
        [
            {"command": "capture_source", "source_id": "article", "document": "article.txt"},
            {"command": "add_report", "statement_id": "number-2017", "source_id": "article",
             "report_id": "r9", "quote": "the number of militants exceeds 10,000"},
        ],
        documents=tmp_path,
    )  # fmt: skip
    path = tmp_path / "annotations.jsonld"
    export(ledger, "web-annotation", "-o", path, "--where", "statement_id = 'number-2017'")
    items = {each["id"].rpartition("/")[2]: each
             for each in json.loads(path.read_bytes())["first"]["items"]}  # fmt: skip
    assert items.keys() == {"r1", "r2", "r9"}
    target = items["r9"]["target"]
    assert target["source"] == "urn:claims-ledger:v1:source/article"
    place = next(each for each in target["selector"] if each["type"] == "TextPositionSelector")
    assert TEXT[place["start"] : place["end"]] == "the number of militants exceeds 10,000"
    assert len(target["claims:text_sha256"]) == 64
