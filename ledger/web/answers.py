"""Answers: a page as HTML, JSON or CSV, kept for as long as the ledger does not change."""

import gzip
import hashlib
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from starlette.responses import Response

from events.formulas import FORMULA_SIGNS
from ledger.cells import as_csv, encoded
from ledger.errors import Refused
from ledger.web.templating import environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.web.keeper import Moment
    from ledger.web.links import Links
    from ledger.web.page import Page

FORMS = ("html", "json", "csv")
_MOST_BYTES = 64 << 20  # of answers that are kept
_WORTH_PACKING = 4_096  # bytes
_QUICKLY = 3  # of zlib's levels: a millisecond for 100 KB


class Made(NamedTuple):
    """An answer as it goes out."""

    body: bytes
    media_type: str
    status: int = 200
    lasts: bool = True  # as long as the ledger holds what it held

    def response(self, tag: str | None = None, *, accepted: str = "") -> Response:
        """The answer of HTTP, with a tag by which a browser knows it again (RFC 9110, 8.8.3).

        `accepted` are the codings that the browser reads (12.5.3); none for a page with a secret.
        """
        headers = {"cache-control": "no-cache"} | ({"etag": tag} if tag else {})
        body = self.body
        if "gzip" in accepted and len(body) > _WORTH_PACKING:
            body = gzip.compress(body, _QUICKLY, mtime=0)
            headers |= {"content-encoding": "gzip", "vary": "accept-encoding"}
        return Response(body, self.status, headers, media_type=self.media_type)

    @property
    def tag(self) -> str:
        """What tells this answer from others."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:24]}"'


def make(
    page: "Page", form: str, moment: "Moment", links: "Links", about: dict[str, object]
) -> Made:
    """Write a page in a form; raises Refused for one that there is not."""
    if form == "json":
        text = encoded({"title": page.title, "size": moment.size, **page.data}) + "\n"
        return Made(text.encode(), "application/json", page.status, page.lasts)
    if form == "csv":
        columns = list(page.rows[0]) if page.rows else []
        rows = [[defused(row[name]) for name in columns] for row in page.rows]
        text = as_csv(columns, rows) + "\n"
        return Made(text.encode(), "text/csv; charset=utf-8", page.status, page.lasts)
    if form != "html":
        raise Refused(
            f"{form!r} is no form of a page.",
            field="format",
            way_out=f"Ask for {', '.join(FORMS)}.",
        )
    template = environment().get_template(page.template)
    tools = {"to": links.to, "thing": links.thing, "subject": links.subject}
    named = {"page": page, "moment": moment, **tools, **about}
    text = template.render(named | dict(page.pictures) | page.data)
    return Made(text.encode(), "text/html; charset=utf-8", page.status, page.lasts)


def defused(value: object) -> object:
    """A cell with an apostrophe before a text that a spreadsheet would run, as in every export."""
    runs = isinstance(value, str) and value[:1] and value[0] in FORMULA_SIGNS
    return f"'{value}" if runs else value


def is_had(tags: str | None, tag: str) -> bool:
    """Whether a browser has an answer, by its `If-None-Match` (RFC 9110, 13.1.2)."""
    had = [each.strip().removeprefix("W/") for each in (tags or "").split(",")]
    return tag in had or had == ["*"]


class Kept:
    """Answers that are kept as long as the ledger holds what it held; each is made once.

    Many may ask for the same at once, as after an append: the first makes it, the others wait.
    What is kept is bounded, in bytes: keys, which strangers write, are counted too.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._turns: dict[object, Lock] = {}
        self._held: OrderedDict[object, Made] = OrderedDict()
        self._bytes = 0
        self._head: object = None

    def get(self, head: object, key: object, make: "Callable[[], Made]") -> Made:
        """The answer of a key at a head, made where it is not held; what it raises is not held."""
        with self._lock:
            if head != self._head:
                self._held.clear()
                self._turns.clear()
                self._bytes, self._head = 0, head
            turn = self._turns.setdefault(key, Lock())
        with turn:
            with self._lock:
                if (held := self._held.get(key)) is not None:
                    self._held.move_to_end(key)
                    return held
            try:
                made = make()
            finally:
                with self._lock:
                    self._turns.pop(key, None)
            self._hold(head, key, made)
        return made

    def _hold(self, head: object, key: object, made: Made) -> None:
        with self._lock:
            unfit = made.status != 200 or not made.lasts  # noqa: PLR2004  an answer that is none
            if head != self._head or unfit or key in self._held:
                return
            self._held[key] = made
            self._bytes += _weight(key, made)
            while self._bytes > _MOST_BYTES:
                self._bytes -= _weight(*self._held.popitem(last=False))


def _weight(key: object, made: Made) -> int:
    return len(made.body) + len(repr(key))
