"""One speaker: who that is said to be, and what was claimed."""

from ledger.errors import UnknownId
from ledger.web.page import Asked, Page
from ledger.web.pages.lists import newest

_ROWS = 50
_ROLES = 12
_DENIALS = 50


def speaker_page(asked: Asked) -> Page:
    """A speaker's names and roles, counts, statements, and what is denied by or of them."""
    views, key = asked.moment.views, asked.path["id"]
    found = views.sql("from speakers where speaker_id = $id", id=key)
    if not found:
        raise UnknownId("speaker", key)
    canonical = found[0]["canonical_id"] or key
    views.keep("claims_by_speaker", "denials")
    counts = views.sql("from claims_by_speaker where speaker_id = $id", id=canonical)
    limit = asked.limit(_ROWS)
    before = asked.number("before", asked.moment.size, most=asked.moment.size)
    rows = newest(asked.moment, "page_statements", before, limit, speaker=key, topic=None, act=None)
    data = {
        "speaker": found[0],
        "counts": counts[0] if counts else None,
        "roles": (counts[0].get("roles") or [])[:_ROLES] if counts else [],
        "statements": rows,
        "older": rows[-1]["position"] if len(rows) == limit else None,
        "limit": limit,
        "denials": views.sql(
            f"from denials where $id in (speaker_id, denied_speaker_id) limit {_DENIALS}", id=key
        ),
    }
    return Page("speaker.html", found[0]["name"] or key, data, rows)
