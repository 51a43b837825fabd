"""What would become of rows: the rule book decides on them one by one, and nothing is written.

Rules kept here:
- a row that is refused leaves nothing behind: later rows are decided on as if it were not there;
- all rows are looked at, so that a person hears of every fault at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from events.codec import NotAnEvent, encode_lines, encode_rest
from events.record import Draft, Placing
from ledger.decide import Decision, decide
from ledger.errors import ClaimsError, Place, Refused
from ledger.given import Given, prepare
from ledger.importers.rows import Fault, Row, column_of
from ledger.known import Known, Name
from ledger.lookup import Lookup
from ledger.terms import now_utc

if TYPE_CHECKING:
    from ledger.api import Ledger


@dataclass
class Tried:
    """What rows would become."""

    faults: list[Fault] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)  # indexes of rows
    given: list[Given] = field(default_factory=list)  # the commands of the rows that are taken
    decisions: list[Decision] = field(default_factory=list)  # one for each of them

    @contextmanager
    def row(self, at: int, row: Row) -> Iterator[None]:
        """Note what is wrong with a row."""
        try:
            yield
        except ClaimsError as error:
            column = column_of(row.columns, error.place.field)
            self.faults.append(Fault.of(error, row.number, column=column, file=row.file))
            self.refused.add(at)


class Trial:
    """Decides on rows as if they were appended one after another; remembers what they make."""

    def __init__(self, ledger: "Ledger", documents: Path) -> None:
        self.recorder = ledger.recorder
        self.documents = documents
        views = ledger.views()
        self.lookup = Lookup(views, ledger.log)
        self.known = Known(views.size)

    def rows(self, rows: Sequence[Row]) -> Tried:
        """Decide on further rows; each is taken whole or refused whole."""
        tried = Tried()
        given: dict[int, list[Given]] = {}
        for at, row in enumerate(rows):
            with tried.row(at, row):
                given[at] = list(self._given(row))
        self.lookup.fill(self.known, [each for some in given.values() for each in some])
        for at, some in given.items():
            with tried.row(at, rows[at]):
                tried.decisions += self._decide(some)
                tried.given += some
        return tried

    def look_up(self, names: Iterable[Name]) -> Known:
        """What is known of some things."""
        self.lookup.fill_names(self.known, set(names))
        return self.known

    def _given(self, row: Row) -> Iterator[Given]:
        for raw in row.shared:
            yield replace(prepare(raw, Place(), self.documents), implied=True)
        for raw in row.commands:
            yield prepare(raw, Place(), self.documents)

    def _decide(self, given: Sequence[Given]) -> list[Decision]:
        """Decide on one row; where it is refused, others are to make what they shared with it."""
        decisions: list[Decision] = []
        taken: list[Draft] = []
        try:
            for each in given:
                decision = decide(each, self.known, self.recorder)
                self.known.take(decision.drafts)
                decisions.append(decision)
                taken += decision.drafts
                self._check_length(decision.drafts)
        except ClaimsError:
            self.known.take_back(taken)
            raise
        return decisions

    def _check_length(self, drafts: Sequence[Draft]) -> None:
        """Refuse an event that would be too long for a line of the log."""
        placing = Placing(
            origin=self.lookup.log.origin, first=self.known.size, count=len(drafts) + 1,
            time=now_utc(),
        )  # fmt: skip
        kinds = [draft.data.TYPE for draft in drafts]
        rests = [encode_rest(draft)[0] for draft in drafts]
        try:  # one more, since batches say their ends
            encode_lines([*kinds, ""], [*rests, b""], placing)
        except NotAnEvent as error:
            raise Refused(
                f"The row cannot be written: {error}.",
                way_out="Shorten it: what is long stands in a document; a quote is a part of it.",
            ) from None
