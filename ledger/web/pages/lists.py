"""Lists: statements, speakers, measures, sources, denials, conflicts."""

from ledger.asker import Row
from ledger.errors import UnknownId
from ledger.web.keeper import Moment
from ledger.web.page import Asked, Page

_ROWS = 50
_FIRST_STRETCH = 2_000  # events that are looked through for the newest
_NARROWED_STRETCH = 120_000  # the same for those of one speaker, topic or publisher
_WIDER = 16  # times as many are looked through next


def newest(moment: Moment, query: str, before: int, limit: int, **narrowed: object) -> list[Row]:
    """The rows of a query recorded last before a position; sought in longer and longer parts."""
    stretch = _NARROWED_STRETCH if any(narrowed.values()) else _FIRST_STRETCH
    while True:
        first = max(before - stretch, 0)
        rows = moment.views.named(query, first=first, last=before, limit=limit, **narrowed)
        if len(rows) == limit or first == 0:
            return rows
        stretch *= _WIDER


def latest_statements(moment: Moment, limit: int) -> list[Row]:
    """The statements that were recorded last."""
    every = {"speaker": None, "topic": None, "act": None}
    return newest(moment, "page_statements", moment.size, limit, **every)


def measures(moment: Moment, limit: int, skip: int = 0) -> list[Row]:
    """Measures with how many estimates there are of each, in the order of `page_measures`."""
    table = moment.views.kept("page_measures")
    return moment.views.sql(f"from {table} limit $limit offset $skip", limit=limit, skip=skip)


def speakers(moment: Moment, limit: int, skip: int = 0) -> list[Row]:
    """Who claims, those who claim most first."""
    moment.views.keep("claims_by_speaker")
    return moment.views.named("page_speakers", limit=limit, skip=skip)


def statements_page(asked: Asked) -> Page:
    """Statements, those recorded last first, narrowed by speaker, topic or speech act."""
    limit = asked.limit(_ROWS)
    before = asked.number("before", asked.moment.size, most=asked.moment.size)
    narrowed = {name: asked.text(name) for name in ("speaker", "topic", "act")}
    rows = newest(asked.moment, "page_statements", before, limit, **narrowed)
    older = rows[-1]["position"] if len(rows) == limit else None
    data = {"statements": rows, "narrowed": narrowed, "older": older, "limit": limit}
    return Page("statements.html", "Statements", data, rows)


def sources_page(asked: Asked) -> Page:
    """Sources, those recorded last first."""
    limit = asked.limit(_ROWS)
    before = asked.number("before", asked.moment.size, most=asked.moment.size)
    publisher = asked.text("publisher")
    rows = newest(asked.moment, "page_sources", before, limit, publisher=publisher)
    older = rows[-1]["position"] if len(rows) == limit else None
    data = {"sources": rows, "publisher": publisher, "older": older, "limit": limit}
    return Page("sources.html", "Sources", data, rows)


def speakers_page(asked: Asked) -> Page:
    """Everybody who is said to have claimed something."""
    limit, skip = asked.limit(100), asked.number("skip", 0)
    rows = speakers(asked.moment, limit + 1, skip)
    further = skip + limit if len(rows) > limit else None
    data = {"speakers": rows[:limit], "skip": skip, "further": further, "limit": limit}
    return Page("speakers.html", "Speakers", data, rows[:limit])


def measures_page(asked: Asked) -> Page:
    """Everything of which a number was claimed."""
    limit, skip = asked.limit(100), asked.number("skip", 0)
    rows = measures(asked.moment, limit + 1, skip)
    further = skip + limit if len(rows) > limit else None
    data = {"measures": rows[:limit], "skip": skip, "further": further, "limit": limit}
    return Page("measures.html", "Measures", data, rows[:limit])


def denials_page(asked: Asked) -> Page:
    """Who denies what, and whether only the other side tells of it."""
    limit, skip = asked.limit(_ROWS), asked.number("skip", 0)
    asked.moment.views.keep("denials")
    rows = asked.moment.views.sql(f"from denials limit {limit + 1} offset {skip}")
    further = skip + limit if len(rows) > limit else None
    data = {"denials": rows[:limit], "skip": skip, "further": further, "limit": limit}
    return Page("denials.html", "Denials", data, rows[:limit])


def measure_row(moment: Moment, key: str) -> Row:
    """A measure with its count; raises UnknownId."""
    table = moment.views.kept("page_measures")
    rows = moment.views.sql(f"from {table} where measure_id = $id", id=key)
    if not rows:
        raise UnknownId("measure", key)
    return rows[0]
