"""What tests of ClaimReview share: a review, and what becomes of one."""

from pathlib import Path
from typing import Any

from import_tools import only_row, without_none

from ledger.importers import claimreview
from ledger.importers.claimreview import ReviewSettings
from ledger.importers.rows import Item, Row

# As Google's page on fact-checks shows it.
REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://example.com/news/science/worldisflat.html",
    "datePublished": "2016-06-22",
    "claimReviewed": "The world is flat",
    "itemReviewed": {
        "@type": "Claim",
        "author": {
            "@type": "Organization",
            "name": "Square World Society",
            "sameAs": "https://example.flatworlders.com/we-know-that-the-world-is-flat",
        },
        "datePublished": "2016-06-20",
        "appearance": {
            "@type": "OpinionNewsArticle",
            "url": "https://example.com/news/a122121",
            "headline": "Square Earth - Flat earthers for the Internet age",
            "datePublished": "2016-06-22",
            "author": {"@type": "Person", "name": "T. Tellar"},
            "image": "https://example.com/photos/1x1/photo.jpg",
            "publisher": {"@type": "Organization", "name": "Skeptical News"},
        },
    },
    "author": {"@type": "Organization", "name": "Example.com science watch"},
    "reviewRating": {
        "@type": "Rating",
        "ratingValue": 1,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "False",
    },
}

# One in our own terms, as an export writes it.
OURS: dict[str, Any] = {
    "@context": ["https://schema.org", {"claims": "urn:claims-ledger:v1:"}],
    "@type": "ClaimReview",
    "url": "https://check.example/1",
    "claims:source_id": "check-1",
    "claims:published": "2018?-02",
    "claimReviewed": "More than 10,000 fighters are there.",
    "author": {"@type": "NewsMediaOrganization", "name": "Check", "claims:speaker_id": "check"},
    "itemReviewed": {
        "@type": "Claim",
        "claims:statement_id": "k-1",
        "claims:said_at": "2017-12~",
        "claims:speech_act": "warn",
        "claims:topics": ["daesh"],
        "author": {"@type": "Person", "name": "Zamir Kabulov", "claims:speaker_id": "kabulov"},
        "appearance": [
            {"@type": "CreativeWork", "url": "https://tca.example/1", "claims:source_id": "tca-1",
             "claims:report_id": "k-1-a", "claims:quote": "exceeds 10,000",
             "claims:quote_mode": "direct", "claims:attributed_to": "Kabulov"},
        ],
    },
    "reviewRating": {"@type": "Rating", "ratingValue": 3, "bestRating": 5, "worstRating": 1},
    "reviewBody": "Half so.",
}  # fmt: skip

UNTYPED = ReviewSettings(speaker_kind="person")


def other(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    """The review with other fields; None leaves one out."""
    return without_none(REVIEW | fields)


def read(path: Path, told: ReviewSettings = UNTYPED) -> list[Item]:
    """What becomes of a file."""
    return list(claimreview.read("claimreview", [str(path)], told))


def one(path: Path, told: ReviewSettings = UNTYPED) -> Row:
    """The one row of a file."""
    return only_row(read(path, told))


def made(row: Row, verb: str) -> list[dict[str, Any]]:
    """The commands of a row that have a verb."""
    return [each for each in [*row.shared, *row.commands] if each["command"] == verb]
