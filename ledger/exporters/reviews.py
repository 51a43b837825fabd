"""schema.org ClaimReview: what third parties rate, as a DataFeed in JSON-LD.

One review an assessment of a statement that has a rating. Claim.author is the speaker; the assessor
is the author of the review and nothing else. Terms of ours (`claims:`) say what schema.org cannot,
so that `claims import claimreview` makes the same statements of it again. Nothing is made up: an
assessment without a page has no `url`, one without any rating is left out, and both are told.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ledger.exporters.about import OWN
from ledger.exporters.cells import filled, plain, time_text
from ledger.exporters.json_list import HERE, name_of, own, own_facts, write_list
from ledger.exporters.leaving import Leaving

Node = dict[str, Any]

CONTEXT = ["https://schema.org", {"claims": OWN}]
TYPES = {
    "person": "Person", "organization": "Organization", "government": "GovernmentOrganization",
    "group": "Organization", "outlet": "NewsMediaOrganization", "unnamed": "Person",
}  # fmt: skip

# The Admiralty scale of information, from 1; the sixth says that nothing can be said.
CREDIBILITY = (
    "confirmed by other sources", "probably true", "possibly true", "doubtfully true",
    "improbable", "truth cannot be judged",
)  # fmt: skip
WORST = 5

_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_OWN_STATEMENT = (
    "statement_id", "said_at", "attribution", "speech_act", "venue", "audience", "topics",
    "language", "note",
)  # fmt: skip
_OWN_REPORT = (
    "source_id", "published", "report_id", "quote", "quote_mode", "prefix", "suffix", "part",
    "media_fragment", "attributed_to",
)  # fmt: skip


def write(leaving: Leaving, place: Path) -> Mapping[str, bytes]:
    """Write the feed."""
    about = leaving.about
    feed: Node = {
        "@context": CONTEXT,
        "@type": "DataFeed",
        "@id": name_of(about, str(about.size), "reviews"),
        "name": about.name,
        "description": f"{about.notice} {about.sentence}",
        **({"dateModified": about.recorded_until} if about.recorded_until else {}),
        **({"license": about.licence} if about.licence else {}),
        **own_facts(about),
        "dataFeedElement": HERE,
    }
    without = {"rating": 0, "url": 0}
    count = write_list(place, feed, _items(leaving, without))
    if without["rating"]:
        one = without["rating"] == 1
        said = "1 assessment" if one else f"{without['rating']:,} assessments"
        leaving.notes.append(f"{said} without a rating {'is' if one else 'are'} left out.")
    if not count:
        leaving.notes.append("Nobody rated anything of it: the feed is empty.")
    if without["url"]:
        leaving.notes.append(
            f"{without['url']:,} of {count:,} reviews have no page (`url`), which search engines"
            " ask for."
        )
    return {}


def _items(leaving: Leaving, without: dict[str, int]) -> Iterator[Node]:
    for row in leaving.rows("reviews"):
        rating = _rating(row)
        if rating is None:
            without["rating"] += 1
            continue
        without["url"] += row["url"] is None
        yield {
            "@type": "DataFeedItem",
            "dateCreated": time_text(row["recorded_at"]),
            "item": _review(leaving, row, rating),
        }


def _review(leaving: Leaving, row: Node, rating: Node) -> Node:
    return _said({
        "@type": "ClaimReview",
        "@id": name_of(leaving.about, "event", str(row["position"])),
        "url": row["url"],
        "claimReviewed": row["claimed_proposition"],
        "author": {"@type": "Organization", "name": row["assessor"]},
        "reviewRating": rating,
        "reviewBody": row["explanation"],
        "itemReviewed": _claim(leaving, row),
    })  # fmt: skip


def _claim(leaving: Leaving, row: Node) -> Node:
    people = [row["claimant"], *(row["co_speakers"] or [])]
    authors = [agent(each) for each in people]
    said_at = row["said_at"]
    return _said({
        "@type": "Claim",
        "@id": name_of(leaving.about, "statement", row["statement_id"]),
        "text": row["claimed_proposition"],
        "author": authors[0] if len(authors) == 1 else authors,
        "datePublished": said_at if said_at and _DAY.fullmatch(said_at) else None,
        "inLanguage": row["language"],
        "appearance": [_appearance(each) for each in row["reports"] or []],
        **own({name: filled(row[name]) for name in _OWN_STATEMENT}),
    })  # fmt: skip


def _appearance(report: Node) -> Node:
    published, author = report["published"], report["author"]
    return _said({
        "@type": "CreativeWork",
        "url": report["url"],
        "headline": report["title"],
        "author": {"@type": "Person", "name": author} if author else None,
        "publisher": agent(report["publisher"]) if report["publisher"] else None,
        "datePublished": published if published and _DAY.fullmatch(published) else None,
        "inLanguage": report["language"],
        **own({name: report[name] for name in _OWN_REPORT}),
    })  # fmt: skip


def agent(person: Node) -> Node:
    """A speaker as schema.org has it; `sameAs` and `url` are addresses of theirs."""
    addresses = dict(person["identifiers"] or {})
    wikidata = addresses.pop("wikidata", None)
    same = [f"https://www.wikidata.org/entity/{wikidata}"] if wikidata else []
    url = addresses.pop("url", None)
    same += [each for each in addresses.values() if each.startswith(("http://", "https://"))]
    return _said({
        "@type": TYPES[person["kind"]],
        "name": person["name"],
        "url": url,
        "sameAs": same,
        **own({name: person[name] for name in ("speaker_id", "kind")}),
    })  # fmt: skip


def _rating(row: Node) -> Node | None:
    """The rating on its own scale; else the credibility on that of the Admiralty."""
    rating, credibility = row["rating"] or {}, row["information_credibility"]
    told = own({"information_credibility": credibility})
    found = {
        "ratingValue": rating.get("value"), "bestRating": rating.get("best"),
        "worstRating": rating.get("worst"), "alternateName": rating.get("label"),
    }  # fmt: skip
    if any(value is not None for value in found.values()):
        return _said({"@type": "Rating", **found, **told})
    if credibility is None:
        return None
    scale: Node = {}
    if credibility <= WORST:
        scale = {"ratingValue": credibility, "bestRating": 1, "worstRating": WORST}
    name = CREDIBILITY[credibility - 1]
    return _said({"@type": "Rating", **scale, "alternateName": name, **told})


def _said(node: Node) -> Node:
    """A node without what says nothing."""
    return {name: plain(value) for name, value in node.items() if value not in (None, [], {})}
