"""Statements that a file of ours names by their ids: which of them stand, and what they lack.

Rules kept here:
- a statement that stands is compared with what the file says of it: where they differ it is a
  conflict, never another statement and never left as it is without a word;
- one statement may come in several items, each with a report: the first makes it, the others add.
Of each thing that came, some 150 bytes are remembered.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from ledger.errors import Conflict
from ledger.importers.names import digest
from ledger.importers.rows import Raw

if TYPE_CHECKING:
    from ledger.api import Ledger

# Fields of which the views have what a command says, word for word.
COMPARED = {
    "statement": (
        "speaker_id", "co_speakers", "attribution", "alternatives", "on_behalf_of", "citing",
        "said_at", "speech_act", "proposition", "language", "venue", "audience", "topics", "within",
        "note",
    ),
    "report": (
        "statement_id", "source_id", "quote", "quote_mode", "part", "translated_from",
        "media_fragment", "attributed_to", "attribution", "alternatives", "note",
    ),
    "estimate": (
        "statement_id", "report_id", "measure_id", "comparator", "low", "best", "high",
        "reference_period", "basis", "method", "note",
    ),
}  # fmt: skip
PARTS = {"report": "reports", "estimate": "estimates"}

_encode = msgspec.json.Encoder(order="sorted").encode


class OwnThings:
    """What stands in the ledger, and what came in this import."""

    def __init__(self, ledger: "Ledger | None") -> None:
        self.ledger = ledger
        self._standing: dict[str, dict[str, Any]] = {}
        self._came: dict[str, str] = {}  # what was said of it, as a hash

    def load(self, statements: Iterable[str]) -> None:
        """Look up some statements with their reports and estimates, all at once."""
        wanted = sorted(set(statements))
        self._standing = {}
        if self.ledger is None or not wanted:
            return
        connection = self.ledger.views().connection
        for noun, fields in COMPARED.items():
            columns = ", ".join(fields)
            sql = f"""
                select {noun}_id, {columns} from forms.{noun}s
                where statement_id in (select unnest($ids))
            """  # noqa: S608  names of ours
            for key, *values in connection.execute(sql, {"ids": wanted}).fetchall():
                self._standing[f"{noun}/{key}"] = dict(zip(fields, values, strict=True))

    def commands(self, statement: Raw) -> Iterator[Raw]:
        """What is to be recorded of a statement with its reports; raises Conflict.

        `statement` is a command that names it, and every report and estimate of it, by its id.
        """
        statement_id = str(statement["statement_id"])
        fields = {
            name: value for name, value in statement.items() if name not in ("reports", "estimates")
        }
        is_known = self._is_known("statement", statement_id, fields)
        new: list[Raw] = []
        for noun, parts in PARTS.items():
            for at, part in enumerate(statement.get(parts, ())):
                said = {"statement_id": statement_id, **part}
                try:
                    if not self._is_known(noun, str(part[f"{noun}_id"]), said):
                        new.append({"command": f"add_{noun}", **said})
                except Conflict as conflict:
                    raise conflict.at(field=f"{parts}[{at}]") from None
        if is_known:
            yield from new
        else:
            yield statement

    def _is_known(self, noun: str, name: str, said: Raw) -> bool:
        """Whether a thing stands or came before; raises Conflict where it was another."""
        standing = self._standing.get(f"{noun}/{name}")
        if standing is not None:
            if differing := list(_differing(COMPARED[noun], standing, said)):
                raise _taken(noun, name, f"they differ in {', '.join(differing)}")
            return True
        content = digest(_encode(said).decode(), 12)
        before = self._came.get(f"{noun}/{name}")
        if before is None:
            self._came[f"{noun}/{name}"] = content
        elif before != content:
            raise _taken(noun, name, "an earlier item of this import says something else of it")
        return before is not None


def _differing(
    names: Iterable[str], standing: Mapping[str, Any], said: Mapping[str, Any]
) -> Iterator[str]:
    """The fields of which something else is said than stands."""
    for name in names:
        told = said.get(name)
        if told not in (None, []) and told != standing[name]:
            yield name


def _taken(noun: str, name: str, why: str) -> Conflict:
    return Conflict(
        f"The {noun} {name} is already recorded; {why}.",
        field=f"{noun}_id",
        way_out=f"To correct it use revise_{noun} with a reason; for another {noun}, another id.",
    )
