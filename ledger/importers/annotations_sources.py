"""Which sources of the ledger the addresses of annotations mean.

Rules kept here:
- a captured source goes before one that is only cited, since words can be looked for in its text;
- of several captured ones none is taken without being told.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import Refused

if TYPE_CHECKING:
    from ledger.api import Ledger

MOST_KEPT = 100_000  # addresses; the ledger is asked again for more


class Held(NamedTuple):
    """The sources of an address, in the order in which they were recorded."""

    captured: list[str]
    cited: list[str]


class Sources:
    """Finds sources by their addresses and ids; `listed` says which of several is meant."""

    def __init__(self, ledger: "Ledger | None", listed: Mapping[str, str]) -> None:
        self.ledger = ledger
        self.listed = listed
        self._held: dict[str, Held] = {}
        self._ids: set[str] = set()

    def load(self, urls: Iterable[str], ids: Iterable[str]) -> None:
        """Look up addresses and ids, all at once."""
        if len(self._held) > MOST_KEPT:
            self._held.clear()
        new = sorted({url for url in urls if url not in self._held})
        wanted = sorted(set(ids))
        self._held |= {url: Held([], []) for url in new}
        if self.ledger is None or not (new or wanted):
            return
        rows = self.ledger.views().connection.execute(
            "select source_id, url, text_sha256 is not null from forms.sources"
            " where url in (select unnest($urls)) or source_id in (select unnest($ids))"
            " order by position",
            {"urls": new, "ids": wanted},
        )
        self._ids = set()
        for source_id, url, is_captured in rows.fetchall():
            self._ids.add(source_id)
            if url in self._held and url in new:
                held = self._held[url]
                (held.captured if is_captured else held.cited).append(source_id)

    def has(self, source_id: str) -> bool:
        """Whether an id that was loaded is that of a source."""
        return source_id in self._ids

    def find(self, url: str, made: str) -> str:
        """The id of the source of an address; `made` is the one it gets where it is new.

        Raises Refused where several captured ones have it.
        """
        if url in self.listed:
            return self.listed[url]
        held = self._held.get(url, Held([], []))
        if len(held.captured) > 1:
            raise Refused(
                f"{len(held.captured)} captured sources have the address {url}:"
                f" {', '.join(held.captured)}.",
                field="target.source",
                way_out=f'Say which, in the mapping: sources: {{"{url}": {held.captured[-1]}}}.',
            )
        if held.captured:
            return held.captured[0]
        return made if made in held.cited or not held.cited else held.cited[0]
