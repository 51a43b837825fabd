"""Addresses of pages, which keep the moment that is looked at."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

# Of every noun, the page that shows one.
_PAGES = {
    "statement": "statements", "source": "sources", "speaker": "speakers", "measure": "measures",
    "event": "log", "report": "reports", "estimate": "estimates",
}  # fmt: skip


@dataclass(frozen=True)
class Links:
    """Addresses as of a moment; `as_of` is as the person wrote it, None for now."""

    as_of: str | None = None

    def to(self, path: str, /, **query: object) -> str:
        """The address of a path, with what stands behind the `?`; None is left out."""
        given = {name: value for name, value in query.items() if value is not None}
        if self.as_of is not None:
            given.setdefault("as_of", self.as_of)
        return f"{path}?{urlencode(given)}" if given else path

    def thing(self, noun: str, key: str | int, /, **query: object) -> str:
        """The address of one statement, source, speaker, measure or event."""
        return self.to(f"/{_PAGES[noun]}/{quote(str(key), safe='')}", **query)

    def subject(self, subject: str) -> str | None:
        """The address of `<noun>/<id>`, where such things have a page."""
        noun, _, key = subject.partition("/")
        return self.thing(noun, key) if noun in _PAGES else None
