"""Guards in front of every page: who may ask, and what a browser may do with the answer.

Rules kept here:
- a request must name the server by a name that it was given: a page of another site that had its
  own name point here (DNS rebinding) gets nothing;
- a page loads nothing but what this server gives, runs no script within it, and stands in no frame
  (Content Security Policy level 3);
- text is never guessed to be of another type.
"""

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guards:
    """Turns away requests under foreign names, and adds what every answer says to the browser."""

    def __init__(self, app: "ASGIApp", hosts: frozenset[str]) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer a request; other kinds than HTTP are not served."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            app = self.app if self._is_called(scope) else _MISDIRECTED
            await app(scope, receive, _with_headers(send))

    def _is_called(self, scope: "Scope") -> bool:
        """Whether the request names this server; exactly one Host header (RFC 9110 section 7.2)."""
        named = Headers(scope=scope).getlist("host")
        return len(named) == 1 and host_of(named[0]) in self.hosts


def host_of(authority: str) -> str:
    """The host of `host:port`, in lower case; an IPv6 address keeps its brackets."""
    host, colon, port = authority.rpartition(":")
    return (host if colon and port.isdigit() else authority).lower().rstrip(".")


_MISDIRECTED = PlainTextResponse(
    "This server does not go by that name. Start it with --allow-host NAME if it should.\n",
    status_code=421,  # Misdirected Request (RFC 9110 section 15.5.20)
)


def _with_headers(send: "Send") -> "Send":
    async def sending(message: "Message") -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _ALWAYS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
