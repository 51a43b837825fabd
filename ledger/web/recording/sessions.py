"""Who may record: the token opens a session, and a session seals the forms that it is given.

Rules kept here:
- the token is compared in constant time, and so is all that is made of it;
- the cookie is a one-way function of the token, never the token itself; no script can read it, and
  a browser sends it with no request that another site begins (SameSite=Strict);
- a form is sealed for one session: the seal of one is of no use in another;
- a right token is never made to wait for those who guess.
"""

import hmac
from secrets import token_urlsafe

from anyio import CapacityLimiter, sleep
from starlette.requests import Request
from starlette.responses import Response

from ledger.web.recording.refusals import Unfit

_GUESS_SECONDS = 1.0  # that a wrong token takes
_GUESSES_AT_ONCE = 8  # that wait; whoever comes then is turned away at once

_HOW = "Open the address that `claims serve --write` printed; it ends with /record?token=…"


class Sessions:
    """Opens sessions for a token and tells them again; nothing of them is kept."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        # Cookies are shared by all ports of a host: each server has a name of its own.
        self.cookie = f"claims-record-{self._signed('cookie')[:8]}"
        self._guesses = CapacityLimiter(_GUESSES_AT_ONCE)

    async def open(self, token: str, request: Request) -> str:
        """The session of a token: the browser's own, or a new one; raises Unfit for a wrong one."""
        if hmac.compare_digest(token.encode(), self._token):
            return self.of(request) or self._new()
        if self._guesses.available_tokens < 1:
            raise Unfit(429, "Too many wrong tokens come at once.", _HOW)
        async with self._guesses:
            await sleep(_GUESS_SECONDS)
        raise Unfit(403, "This is not the token of this server.", _HOW)

    def of(self, request: Request) -> str | None:
        """The session that a request belongs to; None where there is none."""
        session = request.cookies.get(self.cookie, "")
        nonce, _, signature = session.partition(".")
        return session if _same(signature, self._signed("session", nonce)) else None

    def needed(self, request: Request) -> str:
        """The session that a request belongs to; raises Unfit."""
        if session := self.of(request):
            return session
        what = "Only who has the token of this server may record."
        raise Unfit(403, what, f"{_HOW}. Then send the form again.")

    def keep(self, session: str, response: Response) -> None:
        """Let the browser keep a session until it is closed."""
        response.set_cookie(self.cookie, session, path="/", httponly=True, samesite="strict")

    def seal(self, session: str, form: str) -> str:
        """What shows that a form was made for a session."""
        return self._signed("form", session, form)

    def is_sealed(self, session: str, form: str, seal: str) -> bool:
        """Whether a form was made for a session."""
        return _same(seal, self.seal(session, form))

    def _new(self) -> str:
        nonce = token_urlsafe(18)
        return f"{nonce}.{self._signed('session', nonce)}"

    def _signed(self, *words: str) -> str:
        # No word holds a line break: a cookie has none, nor an id.
        return hmac.digest(self._token, "\n".join(words).encode(), "sha256").hex()


def _same(given: str, right: str) -> bool:
    """Compare in constant time; as bytes, since a text that is not ASCII cannot be compared so."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode())
