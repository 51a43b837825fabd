"""Fetches a document from the web, for `claims capture URL`; no other command does.

Rules kept here:
- only http and https, without credentials in the address, to public addresses
  (`fetch_addresses.py`); each redirect is looked at as the first address was;
- size, time and the number of redirects are bounded; compressed bytes are unpacked piece by piece,
  so that memory stays flat whatever they unpack to;
- nothing is sent but the address, a plain user agent and what can be read: no cookie, no referrer,
  no credential of this machine; no proxy is used.
"""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import NamedTuple
from urllib.parse import unquote

import httpcore
import httpx

from ledger.documents import MAX_DOCUMENT_BYTES, Document, document_of
from ledger.errors import Refused
from ledger.extract.kinds import MediaType
from ledger.extract.made import one_line
from ledger.fetch_addresses import NotPublic
from ledger.fetch_transport import Deadline, DirectTransport

Tell = Callable[[int], None]

_ACCEPTED = "text/html, application/xhtml+xml, application/pdf, text/*;q=0.9, */*;q=0.5"
_PIECE_BYTES = 1 << 16
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS  # zlib finds out which of the two it is
_PACKED = {"gzip", "x-gzip", "deflate"}
_LONGEST_URL = 4_000
_LONGEST_SHOWN = 200
_LAST_PORT = 65_535
_WHOLE = (200, 203)  # the document, as it is or as a proxy changed it
_LATER = (408, 425, 429, 500, 502, 503, 504)


class Limits(NamedTuple):
    """What fetching one document may take: seconds, bytes, redirects."""

    connect: float = 10
    read: float = 20
    total: float = 60
    size: int = MAX_DOCUMENT_BYTES
    redirects: int = 10


LIMITS = Limits()


@dataclass(frozen=True)
class Fetched:
    """What a server gave: the bytes, what it calls them, where it gave them, and when (UTC)."""

    data: bytes
    media_type: str
    url: str
    final_url: str | None  # where it differs
    retrieved_at: str

    def document(self, media_type: str | None = None) -> Document:
        """What was fetched as a document, of the type that the server or a person told."""
        final = httpx.URL(self.final_url or self.url)
        told = MediaType.parse(media_type or self.media_type)
        return document_of(self.data, self.final_url or self.url, told, path=unquote(final.path))


def fetch(
    url: str, *, allow_private: bool = False, limits: Limits = LIMITS, tell: Tell | None = None
) -> Fetched:
    """Fetch a document; `tell` is given the bytes that came so far. Raises Refused.

    `allow_private` lets the host of the address itself be one of a private network; one that it
    redirects to may not.
    """
    hops = [checked_url(url)]
    deadline = Deadline(limits.total)
    trusted = hops[0].raw_host.decode() if allow_private else None
    with DirectTransport(deadline, trusted) as transport:
        while True:
            with telling(hops, limits, deadline):
                response = transport.handle_request(request_for(hops[-1], limits))
                try:
                    if not response.has_redirect_location:
                        return read(response, url, hops, limits, tell)
                    hops.append(next_hop(response, hops, limits))
                finally:
                    response.close()


def read(
    response: httpx.Response, url: str, hops: list[httpx.URL], limits: Limits, tell: Tell | None
) -> Fetched:
    """What the last answer brings."""
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    final = str(hops[-1])
    return Fetched(
        data=read_body(response, hops[-1], limits, tell or (lambda _: None)),
        media_type=response.headers.get("content-type", ""),
        url=url,
        final_url=final if final != str(hops[0]) else None,
        retrieved_at=at,
    )


# ── addresses ────────────────────────────────────────────────────────────────────────────────


def checked_url(url: str, *, led_by: httpx.URL | None = None) -> httpx.URL:
    """An address that may be asked for; raises Refused. `led_by` is what redirected to it."""
    from_where = f" ({led_by} leads there)" if led_by else ""
    shown = url if len(url) <= _LONGEST_SHOWN else f"{url[:_LONGEST_SHOWN]}…"
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise refused_url(f"{shown!r}{from_where}", "is no address of the web") from error
    if parsed.userinfo:
        bare = parsed.copy_with(username="", password="")
        raise refused_url(f"An address at {parsed.host}{from_where}", "holds a name or a password",
                          f"Give it without: {bare}")  # fmt: skip
    if parsed.scheme not in {"http", "https"}:
        raise refused_url(f"{shown!r}{from_where}", "is not http or https")
    fits = parsed.port is None or 0 < parsed.port <= _LAST_PORT
    plain = url.isprintable() and " " not in url and len(url) <= _LONGEST_URL
    if not (parsed.host and fits and plain):
        raise refused_url(f"{shown!r}{from_where}", "is no whole address")
    return parsed


def refused_url(
    what: str, why: str, way_out: str = "Give an address like https://example.org/article.html."
) -> Refused:
    """The refusal of an address."""
    return Refused(f"{what} {why}; it is not fetched.", way_out=way_out)


def next_hop(response: httpx.Response, hops: list[httpx.URL], limits: Limits) -> httpx.URL:
    """Where an answer redirects to; raises Refused where that is forbidden, or a loop."""
    here = hops[-1]
    location = response.headers["location"]
    try:
        joined = str(here.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise refused_url(
            f"{location[:_LONGEST_SHOWN]!r} ({here} leads there)", "is no address"
        ) from error
    there = checked_url(joined, led_by=here)
    if there in hops or len(hops) > limits.redirects:
        how = "in a circle" if there in hops else f"on and on, {limits.redirects} times"
        raise Refused(
            f"{hops[0]} redirects {how}.",
            way_out="Open it in a browser, and give the address that it ends at; or save the page"
            " and capture the file.",
        )
    return there


# ── one request ──────────────────────────────────────────────────────────────────────────────


def request_for(url: httpx.URL, limits: Limits) -> httpx.Request:
    """A request that says no more than it must."""
    times = {"connect": limits.connect, "read": limits.read, "write": limits.read,
             "pool": limits.connect}  # fmt: skip
    headers = {
        "User-Agent": f"claims-ledger/{version('claims-ledger')}",
        "Accept": _ACCEPTED,
        "Accept-Encoding": "gzip",
    }
    return httpx.Request("GET", url, headers=headers, extensions={"timeout": times})


def read_body(response: httpx.Response, url: httpx.URL, limits: Limits, tell: Tell) -> bytes:
    """The bytes of a document, unpacked; raises Refused."""
    check_status(response, url)
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limits.size:
        raise too_large(url, limits)
    data = bytearray()
    for piece in unpacked(response, url):
        data += piece
        if len(data) > limits.size:
            raise too_large(url, limits)
        tell(len(data))
    if not data:
        raise Refused(f"{url} is empty.", way_out="Open it in a browser: what does it show?")
    return bytes(data)


def check_status(response: httpx.Response, url: httpx.URL) -> None:
    """Raise Refused unless a document came."""
    status = response.status_code
    if status in _WHOLE:
        return
    words = f"{status} {response.reason_phrase}".strip()
    later = "Try again later" if status in _LATER else "Check the address in a browser"
    raise Refused(
        f"{url} answers {words}: there is no document.",
        way_out=f"{later}; or save the page from a browser and capture the file.",
    )


def unpacked(response: httpx.Response, url: httpx.URL) -> Iterator[bytes]:
    """The bytes of an answer, unpacked where they came packed, in pieces of a bounded size."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing in {"identity", ""}:
        yield from response.iter_raw()
        return
    if packing not in _PACKED:
        raise Refused(
            f"{url} comes packed as {packing[:40]!r}, which was not asked for.",
            way_out="Save the page from a browser, and capture the file.",
        )
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        for piece in response.iter_raw():
            rest = piece
            while rest:
                if unpacker.eof:  # gzip may go on with another member (RFC 1952 section 2.2)
                    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
                yield unpacker.decompress(rest, _PIECE_BYTES)
                rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        while more := unpacker.decompress(b"", _PIECE_BYTES):
            yield more
    except zlib.error as error:
        raise cut_off(url) from error
    if not unpacker.eof:
        raise cut_off(url)


def too_large(url: httpx.URL, limits: Limits) -> Refused:
    """The refusal of what goes on and on."""
    most = f"{limits.size >> 20} MiB" if limits.size >> 20 else f"{limits.size:,} bytes"
    return Refused(
        f"{url} is larger than {most}.",
        way_out="Save the part that the statements stand in, and capture the file.",
    )


def cut_off(url: httpx.URL) -> Refused:
    """The refusal of an answer that is not whole."""
    return Refused(f"{url} did not come whole.", way_out="Try again.")


@contextmanager
def telling(hops: list[httpx.URL], limits: Limits, deadline: Deadline) -> Iterator[None]:
    """Turn what may happen on the network into a sentence."""
    url = hops[-1]
    try:
        yield
    except NotPublic as error:
        if len(hops) == 1:
            raise
        raise Refused(
            f"{hops[-2]} redirects to {url}, which is not a public address; it is not fetched.",
            way_out="If you know it and want it, give that address itself with --allow-private.",
        ) from error
    except httpcore.TimeoutException as error:
        within = f"{limits.total:g} seconds in all" if deadline.is_over else "time"
        raise Refused(
            f"{url} did not answer within {within}.",
            way_out="Try again later; or save the page from a browser and capture the file.",
        ) from error
    except httpcore.RemoteProtocolError as error:
        raise Refused(
            f"{url} does not answer as a web server should: {reason(error)}.",
            way_out="Try again; or save the page from a browser and capture the file.",
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise Refused(
            f"{url} cannot be reached: {reason(error)}.",
            way_out="Check the address, and that this machine is on the network.",
        ) from error


def reason(error: Exception) -> str:
    """Why something failed, on one line."""
    return one_line(str(error), 160) or "the connection ended"
