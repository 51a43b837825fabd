"""Search: things in whose words a text occurs, those recorded last first.

The texts of a large ledger take seconds to read, so they are read from the newest back until there
are enough rows or some time is over; the page then says how far it came, and goes on from there.
"""

import time

from ledger.asker import Row
from ledger.errors import Refused
from ledger.folding import pattern_of
from ledger.web.keeper import Moment
from ledger.web.page import Asked, Page

_ROWS = 50
_LONGEST = 120  # characters: the pattern of a text takes the longer to run, the longer it is
_NAMES = 12
_FIRST_STRETCH = 16_000  # events; each further one is twice as long
_ENOUGH = 0.05  # seconds after which no further stretch is begun


def search_page(asked: Asked) -> Page:
    """Speakers and measures by their names, then statements, reports, sources and estimates."""
    text, limit, moment = asked.text("q"), asked.limit(_ROWS), asked.moment
    if text and len(text) > _LONGEST:
        raise Refused(
            f"{len(text):,} characters are too many to look for.",
            field="q",
            way_out=f"Give at most {_LONGEST}, such as a few of the words.",
        )
    before = asked.number("before", moment.size, most=moment.size)
    names: list[Row] = []
    found: list[Row] = []
    reached = 0
    if text:
        if before == moment.size:
            names = moment.views.named("page_search_names", pattern=pattern_of(text), limit=_NAMES)
        found, reached = look_back(moment, text, before, limit)
    data = {
        "q": text or "",
        "names": names,
        "found": found,
        "reached": reached,
        "limit": limit,
    }
    return Page("search.html", f"Search: {text}" if text else "Search", data, [*names, *found])


def look_back(moment: Moment, text: str, before: int, limit: int) -> tuple[list[Row], int]:
    """What was found from a position back, and the position down to which everything was read."""
    begun, stretch = time.monotonic(), _FIRST_STRETCH
    pattern = pattern_of(text)
    found: list[Row] = []
    while before > 0 and time.monotonic() - begun < _ENOUGH:
        first = max(before - stretch, 0)
        wanted = limit - len(found)
        found += moment.views.named(
            "page_search",
            text=text,
            pattern=pattern,
            first=first,
            last=before,
            limit=wanted + 1,
        )
        if len(found) > limit:
            return found[:limit], found[limit - 1]["position"]
        before, stretch = first, 2 * stretch
    return found, before
