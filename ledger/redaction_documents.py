"""Which captured documents a redaction erases with the sources that name them.

Rules kept here:
- a document goes only where it is asked for, with its text where bytes and text are two files;
- a document that a source still names, which is not covered, stays: that is refused.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from events.record import Event
from events.vocabulary import SourceFields
from ledger.documents import DocumentStore
from ledger.errors import Refused
from ledger.log import Log
from projections import catalog

if TYPE_CHECKING:
    from projections.database import Database

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHOWN = 5  # of several sources that name a document


@dataclass(frozen=True)
class Documents:
    """Documents by their SHA-256: those to be erased, and those of covered sources that stay."""

    erased: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def plan_documents(
    views: "Database",
    log: Log,
    events: Iterable[Event],
    asked: Iterable[str],
    *,
    every: bool,
) -> Documents:
    """Which documents go with events that are to be erased; raises Refused."""
    events = list(events)
    store = DocumentStore(log.folder)
    forms = [event.data for event in events if isinstance(event.data, SourceFields)]
    wanted = {sha256 for text in asked for sha256 in meant(store, views, forms, text)}
    theirs = {sha256 for form in forms for sha256 in named_by(form)}
    wanted |= theirs if every else set()
    wanted |= {
        sha256 for form in forms if wanted & named_by(form) for sha256 in named_by(form)
    }  # bytes and text go together
    refuse_named(views, sorted(wanted), {event.position for event in events})
    there = {sha256 for sha256 in wanted | theirs if store.path(sha256).exists()}
    return Documents(tuple(sorted(there & wanted)), tuple(sorted(there - wanted)))


def named_by(form: SourceFields) -> set[str]:
    """The documents of one form of a source: its bytes and its text."""
    return {sha256 for sha256 in (form.sha256, form.text_sha256) if sha256}


def meant(
    store: DocumentStore, views: "Database", forms: Sequence[SourceFields], text: str
) -> set[str]:
    """The documents that a text names: a hash, or a source that is covered."""
    if _SHA256.fullmatch(text):
        if not (store.path(text).exists() or was_erased(views, text)):
            raise Refused(
                f"No document has the SHA-256 {text}.",
                field="--document",
                way_out="`claims show SOURCE --json` says what a source's document has.",
            )
        return {text}
    source_id = text.removeprefix("source/")
    found = {sha256 for form in forms if form.source_id == source_id for sha256 in named_by(form)}
    if not found:
        raise Refused(
            f"The source {source_id} is not covered, or has no document.",
            field="--document",
            way_out="Name the source among what is to be erased, or give the document's SHA-256.",
        )
    return found


def was_erased(views: "Database", sha256: str) -> bool:
    """Whether a redaction lists a document."""
    sql = "from whole.redactions where list_contains(documents, $1) limit 1"
    return views.connection.execute(sql, [sha256]).fetchone() is not None


def refuse_named(views: "Database", documents: Sequence[str], covered: set[int]) -> None:
    """Refuse documents that a source names which is not covered."""
    found = views.connection.execute(
        catalog.query("sources_of_documents"), {"documents": documents}
    ).fetchall()
    left = [(sha256, source) for sha256, position, source in found if position not in covered]
    if left:
        sources = list(dict.fromkeys(f"source/{source}" for _, source in left))
        more = f" and {len(sources) - _SHOWN} more" if len(sources) > _SHOWN else ""
        raise Refused(
            f"The document {left[0][0][:12]}… is named by {', '.join(sources[:_SHOWN])}{more},"
            " which would be left without it.",
            field="--document",
            way_out="Name these sources too among what is to be erased, or leave the document.",
        )
