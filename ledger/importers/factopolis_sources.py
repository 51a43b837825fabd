"""Where the words of an assertion were found: recordings, tweets, transcripts, as sources.

Rules kept here:
- an address is the one that is given, or that which Factopolis's own pages make of the id; where
  there is neither, the source is named as it stands and has none;
- the same address is the same source, whoever was quoted from it.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from ledger.errors import Refused
from ledger.importers.factopolis_pages import text_of
from ledger.importers.front_matter import Front
from ledger.importers.names import slug, stable_id
from ledger.importers.rows import Raw

# As `themes/factopolis/layouts/partials/quote.html` of Factopolis has them, without the time.
_ADDRESSES = {
    "youtube": "https://www.youtube.com/watch?v={id}",
    "archive-org": "https://archive.org/details/{id}",
    "c-span": "https://www.c-span.org/video/?{id}",
    "fox": "http://video.foxnews.com/v/{id}/",
    "abc": "http://abcnews.go.com/US/video/id-{id}",
    # Not there; the addresses that these sites give themselves.
    "fox-business": "https://video.foxbusiness.com/v/{id}/",
    "audioboom": "https://audioboom.com/posts/{id}",
    "soundcloud": "https://soundcloud.com/{id}",
}
_MOST_SECONDS = Decimal(10) ** 7
_ADDRESS = re.compile(r"https?://(?:www\.)?([^/:?#]+)(.*)", re.IGNORECASE | re.DOTALL)


class Found(NamedTuple):
    """A source, the command that names it, and where in it the words stand."""

    source_id: str
    make: Raw
    media_fragment: str | None = None
    note: str | None = None


def found_in(entry: Front) -> Found | None:
    """A source as an assertion lists it; None where it says no more than its type."""
    kind = text_of(entry, "type", needed=True) or ""
    url = address_of(kind, entry)
    name = text_of(entry, "name")
    made: Raw = {"command": "cite_source"}
    if url:
        made |= {"source_id": id_of_address(url), "url": url}
    else:
        known = text_of(entry, "id")
        if not known:
            return None
        made |= {"source_id": stable_id(slug(kind, 40), kind, known), "title": f"{kind} {known}"}
    if name:
        made["title"] = name
    if user := text_of(entry, "user"):
        made["author"] = f"@{user.removeprefix('@')}"
    return Found(made["source_id"], made, fragment_of(entry), note_of(kind, entry, url))


def found_at(url: str) -> Found:
    """A source of which only its address is given."""
    source_id = id_of_address(url)
    return Found(source_id, {"command": "cite_source", "source_id": source_id, "url": url})


def id_of_address(url: str) -> str:
    """The id of a source by its address, with its host to know it by.

    Addresses are one where they differ in the scheme, `www.` and the case of the host alone.
    """
    found = _ADDRESS.match(url)
    if not found:
        return stable_id("source", url)
    host = found[1].lower()
    return stable_id(slug(host, 40), host, found[2])


def address_of(kind: str, entry: Front) -> str | None:
    """The address of a source: the page around a recording before the recording itself."""
    given = text_of(entry, "source") or text_of(entry, "url") or text_of(entry, "iframe")
    if given:
        return given
    known, user = text_of(entry, "id"), text_of(entry, "user")
    if kind == "twitter" and user:
        timeline = text_of(entry, "timeline")
        if known:
            return f"https://twitter.com/{user}/status/{known}"
        return f"https://twitter.com/{user}/timelines/{timeline}" if timeline else None
    return _ADDRESSES[kind].format(id=known) if known and kind in _ADDRESSES else None


def note_of(kind: str, entry: Front, url: str | None) -> str:
    """What else a source's entry says: of which type it is, its other addresses, its ids."""
    said = [kind]
    for key in ("url", "iframe", "id", "eid", "timeline"):
        value = text_of(entry, key)
        if value and value != url:
            said.append(f"{key} {value}")
    if text_of(entry, "deleted") == "true":
        said.append("deleted")
    return f"Type of the source: {', '.join(said)}."


def fragment_of(entry: Front) -> str | None:
    """The part of a recording as a media fragment, `t=begin,end` in seconds; raises Refused."""
    start = seconds_of(entry, "start")
    duration = seconds_of(entry, "duration")
    if start is None and duration is None:
        return None
    begin = start or Decimal(0)
    return f"t={begin:f},{begin + duration:f}" if duration is not None else f"t={begin:f}"


def seconds_of(entry: Front, key: str) -> Decimal | None:
    """A time in seconds; raises Refused where it is none."""
    text = text_of(entry, key)
    if text is None:
        return None
    try:
        seconds = Decimal(text)
        fits = 0 <= seconds <= _MOST_SECONDS
    except InvalidOperation:
        fits = False
    if not fits:
        raise Refused(
            f'"{text[:40]}" is no time in seconds.', field=f"sources.{key}", way_out="Such as 12.5."
        )
    return seconds
