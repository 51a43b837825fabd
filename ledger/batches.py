"""Batches before the rule book: decided command by command, told of in a receipt."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from events.codec import encode_data
from events.record import Draft
from ledger.decide import Decision, decide
from ledger.errors import ClaimsError, Refused
from ledger.given import Given
from ledger.known import Known
from ledger.log import Log
from ledger.lookup import Lookup
from ledger.session import Receipt
from ledger.terms import Recorder

if TYPE_CHECKING:
    from projections.database import Database


def decide_batch(batch: Sequence[Given], known: Known, recorder: Recorder) -> list[Decision]:
    """Decide on each command in turn; raises for the first fault, with its place."""
    decisions = []
    for given in batch:
        try:
            decisions.append(decide(given, known, recorder))
        except ClaimsError as error:
            raise given.placed(error) from None
        known.take(decisions[-1].drafts)
    return decisions


def too_long(batch: Sequence[Given], decisions: Sequence[Decision], error: Refused) -> ClaimsError:
    """The refusal of a batch that the log cannot hold, at the command with the longest event."""

    def length(decision: Decision) -> int:
        return max((len(encode_data(draft.data)) for draft in decision.drafts), default=0)

    at = max(range(len(batch)), key=lambda each: length(decisions[each]))
    error.way_out = "Shorten it: what is long stands in a document, and a quote is a part of it."
    return batch[at].placed(error)


def repeated_receipt(log: Log, views: "Database", batch: Sequence[Given]) -> Receipt | None:
    """The receipt of a batch all of whose commands were given before; None where one is new."""
    known = Known(log.size)
    Lookup(views, log).fill_keys(known, {given.key for given in batch})
    found = [known.keys.get(given.key) for given in batch]
    decisions = [Decision((), each.made, each.position) for each in found if each]
    return receipt(decisions, log.size) if len(decisions) == len(batch) else None


def receipt(decisions: Sequence[Decision], first: int) -> Receipt:
    """Say what became of the decisions on a batch that was appended at `first`."""
    positions, size = [], first
    for decision in decisions:
        size += len(decision.drafts)
        at = decision.unchanged_at
        positions.append(size - 1 if at is None else at)
    return Receipt(
        first=first if size > first else None,
        last=size - 1 if size > first else None,
        size=size,
        ids=tuple(decision.made[0].partition("/")[2] for decision in decisions),
        positions=tuple(positions),
        made=tuple(decision.made for decision in decisions),
        unchanged=sum(decision.unchanged_at is not None for decision in decisions),
    )


def drafts_of(decisions: Sequence[Decision]) -> list[Draft]:
    """All events that were decided on, in order."""
    return [draft for decision in decisions for draft in decision.drafts]
