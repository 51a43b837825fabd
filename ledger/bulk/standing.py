"""Which names stand already: those that the views know, and those that this stream made since.

Rules kept here:
- the views stay as they were when they were opened; what came since is noted beside them, in the
  same DuckDB, by a salted hash of 16 bytes for each name, so that memory holds millions;
- a name whose hash is that of another would be taken for standing; with 128 bits and a salt that
  nobody knows, that does not happen: in a stream of 10⁷ events the chance is below 1 in 10²³.
"""

from collections.abc import Iterable
from secrets import token_hex
from typing import TYPE_CHECKING

from events.things import forms_of
from events.values import Value
from events.vocabulary import (
    RecordVoided,
    ReportAdded,
    ReportRevised,
    SourceCaptured,
    SourceRevised,
)
from projections import catalog

if TYPE_CHECKING:
    from projections.database import Database


class Standing:
    """The names that stand, at the size that is appended to."""

    def __init__(self, views: "Database") -> None:
        self.views = views
        self.size = views.size
        self.noted = 0
        self._salt = token_hex(8)
        self._connection = views.connection
        self._connection.execute(
            "create or replace table memory.main.noted (digest uhugeint, position bigint)"
        )
        found = self._connection.execute(catalog.query("names_odd")).fetchall()
        self.odd = {name for (name,) in found}  # things that are decided on one by one

    def positions(self, names: Iterable[str]) -> dict[str, int]:
        """Where each name that stands was made first."""
        wanted = list(names)
        found: dict[str, int] = {}
        if wanted and self.views.size > 1:
            asked = {"names": "\n".join(wanted)}
            rows = self._connection.execute(catalog.query("names_standing"), asked).fetchall()
            found = dict(rows)  # the views know of each thing only where it was made
        if wanted and self.noted:
            for name, position in self._ask("names_noted", wanted):
                if position < found.get(name, position + 1):
                    found[name] = position
        return found

    def noted_positions(self, names: Iterable[str]) -> dict[str, list[int]]:
        """Every event since the views were opened that bears or makes one of the names."""
        found: dict[str, list[int]] = {}
        wanted = list(names)
        if self.noted and wanted:
            for name, position in self._ask("names_noted", wanted):
                found.setdefault(name, []).append(position)
        return found

    def note(self, names: Iterable[str], positions: Iterable[int]) -> None:
        """Note names with the positions of the events that bear or make them, in the same order."""
        text = "\n".join(names)
        if text:
            self.noted += text.count("\n") + 1
            self._connection.execute(
                catalog.query("note_names"),
                {
                    "names": text,
                    "positions": "\n".join(map(str, positions)),
                    "salt": self._salt,
                },
            )

    def _ask(self, query: str, names: list[str]) -> list[tuple[str, int]]:
        asked = {"names": "\n".join(names), "salt": self._salt}
        return self._connection.execute(catalog.query(query), asked).fetchall()


def names_of(data: Value, key: str | None) -> list[str]:
    """The names under which an event is found again."""
    names = [form.subject for form in forms_of(data)]
    if key:
        names.append(key)
    if isinstance(data, RecordVoided):
        names.append(f"void/{data.position}")
    if isinstance(data, ReportAdded | ReportRevised):
        names.append(f"reports/{data.statement_id}")
    return names


def odd_names(data: Value, hidden: Value | None) -> set[str]:
    """The things that an event makes odd; `hidden` is the data of the event that a void hides."""
    if isinstance(data, SourceRevised) or (isinstance(data, SourceCaptured) and data.captured):
        return {f"source/{data.source_id}"}
    if isinstance(data, RecordVoided) and hidden is not None:
        return {form.subject for form in forms_of(hidden)}
    return set()
