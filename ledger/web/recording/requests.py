"""A form as it comes in: from a page of this very server, small, and well-formed.

Rules kept here:
- a browser says which page a form came from (Origin, RFC 6454; Sec-Fetch-Site, Fetch Metadata):
  it must be one of this host and port, and must be said;
- a form is read only as `application/x-www-form-urlencoded`, strictly, and up to a size.
"""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from ledger.web.recording.refusals import Unfit

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_BYTES = 1 << 20
_MOST_FIELDS = 1_000
_TYPE = "application/x-www-form-urlencoded"

Pairs = list[tuple[str, str]]


def check_origin(request: "Request") -> None:
    """Raise Unfit for what a page of another site, or no page at all, sends."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if (site or origin) and site in (None, "same-origin") and _is_ours(origin, request):
        return
    raise Unfit(
        403,
        "This was not sent by a page of this server.",
        "Record on the pages themselves; programs use `claims append`, which needs no browser.",
    )


def _is_ours(origin: str | None, request: "Request") -> bool:
    """Whether an origin is this host and port; where none is given, the browser said so itself."""
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    named = request.headers.get("host", "")
    return parts.scheme in ("http", "https") and parts.netloc.lower() == named.lower()


async def read_pairs(request: "Request") -> Pairs:
    """The fields of a form, in order; raises Unfit."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _TYPE:
        raise Unfit(415, f"A form comes as {_TYPE}.", "Send it with the page's own buttons.")
    body = await _body(request)
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError as error:
        raise Unfit(
            400, "The form cannot be read.", "Open the page again and fill it in anew."
        ) from error


async def _body(request: "Request") -> bytes:
    """The body of a request, read no further than it may be long."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Unfit(
                413,
                f"The form has more than {MOST_BYTES:,} bytes.",
                "Go back and shorten it: what is long stands in a document; a quote is a part.",
            )
    return bytes(body)
