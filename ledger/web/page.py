"""What a page is asked for, and what it gives: the same in HTML, JSON and CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import QueryParams

from ledger.asker import Row
from ledger.errors import Refused, UnknownId
from ledger.web.keeper import Moment
from ledger.web.links import Links

MOST_ROWS = 1_000
LONGEST = 200  # characters of what a list is narrowed by


@dataclass(frozen=True)
class Page:
    """What a page shows; `rows` is the table that its CSV holds, `pictures` are for HTML alone.

    `lasts` is false where it tells of something that may be mended without an event.
    """

    template: str
    title: str
    data: Row
    rows: Sequence[Row] = ()
    pictures: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    lasts: bool = True


@dataclass(frozen=True)
class Asked:
    """What a page is asked for: a moment, the names in its path, and what stands behind the `?`."""

    moment: Moment
    links: Links
    path: Row = field(default_factory=dict)
    query: QueryParams = field(default_factory=QueryParams)

    def text(self, name: str) -> str | None:
        """What stands for a name behind the `?`, None where it is empty; raises Refused."""
        value = self.query.get(name, "").strip()
        if len(value) > LONGEST:
            raise Refused(
                f"{len(value):,} characters are too many.",
                field=name,
                way_out=f"Give at most {LONGEST}.",
            )
        return value or None

    def number(self, name: str, default: int, *, least: int = 0, most: int = 2**53) -> int:
        """A whole number behind the `?`; raises Refused."""
        value = self.query.get(name, "").strip()
        if not value:
            return default
        if not (value.isascii() and value.isdigit() and len(value) <= len(str(most))):
            raise Refused(
                f"{value[:LONGEST]!r} is no whole number.",
                field=name,
                way_out=f"Give a number from {least:,} to {most:,}.",
            )
        return min(max(int(value), least), most)

    def limit(self, default: int) -> int:
        """How many rows a list shows."""
        return self.number("limit", default, least=1, most=MOST_ROWS)


def position_of(text: str, size: int) -> int:
    """The position below a size that stands in an address; raises UnknownId."""
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(size))
    if not digits or int(text) >= size:
        raise UnknownId("event", text[:LONGEST])
    return int(text)
