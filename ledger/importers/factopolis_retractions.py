"""Turns a retraction of Factopolis into a statement of its own that takes others back.

Rules kept here:
- who took it back says it, for the speaker where it is somebody else;
- where its words are not given, what Factopolis says of it is quoted from Factopolis, and the page
  that it names is the way by which that came.
"""

from collections.abc import Sequence
from typing import NamedTuple

from events.ids import is_id
from ledger.errors import in_field
from ledger.importers.factopolis_pages import Known, Page, part_of, text_of
from ledger.importers.factopolis_people import FACTOPOLIS, issuer
from ledger.importers.factopolis_sources import Found, found_at
from ledger.importers.front_matter import Front
from ledger.importers.names import digest, slug
from ledger.importers.rows import Raw

LICENCE = "CC BY 4.0"
_LONGEST = 24  # characters of each part of an id

# The whole collection as a source, for what it says itself.
COLLECTION: Raw = {
    "command": "cite_source",
    "source_id": "factopolis-content",
    "publisher_id": "factopolis",
    "title": "Factopolis: content",
    "url": "https://github.com/factopolis/factopolis",
    "note": f"Licence: {LICENCE}.",
}


class Said(NamedTuple):
    """A statement's id, and the claim that it makes."""

    statement_id: str
    claim: str
    title: str


def retracted(  # noqa: PLR0913, PLR0917  all that it is about
    page: Page, front: Front, said: Sequence[Said], speaker: Raw, known: Known, shared: list[Raw]
) -> list[Raw]:
    """The retracting statement, and its relation to each statement that it takes back."""
    base = f"{short(page.path.parent.name)}.{short(page.slug)}"
    statement_id = f"{base}._retraction"  # no claim begins so
    kind = text_of(front, "type") or "retraction"
    claims = "; ".join(each.title for each in said)
    statement: Raw = {
        "command": "record_statement",
        "statement_id": statement_id,
        "speaker_id": speaker["speaker_id"],
        "speech_act": "clarify" if kind == "clarification" else "retract",
        "proposition": f"{kind.capitalize()} of the claim: {claims}",
        "topics": [each.claim for each in said],
        "note": f"Transcribed by Factopolis ({LICENCE}), {page.name}.",
    }
    if date := text_of(front, "date"):
        statement["said_at"] = date
    if by := part_of(front, "issuer"):
        with in_field("retraction.issuer"):
            spoken = issuer(by, page.path.parent.name, base, known)
        shared.append(spoken)
        if spoken["speaker_id"] != speaker["speaker_id"]:
            statement |= {"speaker_id": spoken["speaker_id"],
                          "on_behalf_of": speaker["speaker_id"]}  # fmt: skip
    report = retraction_report(front, f"{statement_id}.r1", shared)
    return [
        {**statement, "reports": [report]},
        *(
            {"command": "relate_statements", "from": statement_id, "to": each.statement_id,
             "relation": "retracts", "evidence": report["report_id"]}
            for each in said
        ),
    ]  # fmt: skip


def retraction_report(front: Front, report_id: str, shared: list[Raw]) -> Raw:
    """Where the retraction is told: in the page that is named, or else by Factopolis."""
    url, quote = text_of(front, "source"), text_of(front, "quote")
    found = found_at(url) if url else None
    if found:
        shared.append(found.make)
    if found and quote:
        return report_of(report_id, found, quote)
    shared += [FACTOPOLIS, COLLECTION]
    report: Raw = {
        "report_id": report_id,
        "source_id": COLLECTION["source_id"],
        "quote": quote or f"retraction: {told(front)}",
        "quote_mode": "direct" if quote else "indirect",
    }
    return report | ({"via": [{"source_id": found.source_id}]} if found else {})


def report_of(report_id: str, source: Found, quote: str | None) -> Raw:
    """A report of words in a source."""
    report: Raw = {
        "report_id": report_id,
        "source_id": source.source_id,
        "quote": quote,
        "quote_mode": "direct",
    }
    if source.media_fragment:
        report["media_fragment"] = source.media_fragment
    return report | ({"note": source.note} if source.note else {})


def told(front: Front) -> str:
    """What a page says of a retraction, as it stands there."""
    said = []
    for key, value in front.items():
        if isinstance(value, dict):
            said.append(f"{key} {', '.join(f'{name} {each}' for name, each in value.items())}")
        elif value is not None:
            said.append(f"{key} {value}")
    return "; ".join(said)


def short(text: str) -> str:
    """A name as a part of an id: itself, or as much of it as fits with a hash of it."""
    if is_id(text) and len(text) <= _LONGEST:
        return text
    return f"{slug(text, _LONGEST)}-{digest(text, 8)}".lstrip("-")
