"""Redacts: erases what was recorded, under an authority, and keeps the proof of all else.

There is no command for it among those of `claims append`: it cannot be undone, so a person orders
it, and sees the plan first.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from events.record import Draft
from events.vocabulary import RecordRedacted
from ledger.erase import record_and_erase
from ledger.errors import Conflict, Refused, in_field
from ledger.redaction import Asked, Plan, make_plan
from ledger.terms import Recorder
from ledger.texts import check_text
from ledger.views import open_views
from ledger.writer import Writer

MAX_WORDS = 1_000  # characters of an authority, a reason or a note
MAX_POSITIONS = 1_400  # in one event: its line must hold them, however many digits they have
MAX_DOCUMENTS = 250


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Under which authority and why content is erased; both stay in the log for good."""

    authority: str
    reason: str
    note: str | None = None

    def check(self) -> None:
        """Raise Refused where it cannot stand in a line."""
        for name in ("authority", "reason", "note"):
            text = getattr(self, name)
            if text is not None:
                with in_field(name):
                    check_words(text)


class RedactionReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a redaction did: where it stands (None when nothing was left to erase), what it erased.

    `sites` are those published to that were brought up to date, `unreached` those that were not,
    each with the reason. `unchanged` counts what was asked for and was erased already.
    """

    first: int | None
    last: int | None
    size: int
    ids: tuple[str, ...] = ()
    unchanged: int
    erased: tuple[int, ...]
    documents: tuple[str, ...]
    sites: tuple[str, ...] = ()
    unreached: tuple[tuple[str, str], ...] = ()


def redact(  # noqa: PLR0913  each is a part of one order
    folder: Path,
    asked: Asked,
    order: Order,
    recorder: Recorder,
    *,
    seen: Plan | None = None,
    notify: Callable[[Sequence[str]], None] | None = None,
    **options: Any,  # noqa: ANN401  those of Writer.open
) -> RedactionReceipt:
    """Erase what is asked for; all of it is done when this returns, and it cannot be undone.

    `seen` is the plan that a person agreed to: where more is covered by now, nothing is done.
    Raises Refused, UnknownId, Conflict, and what `Writer.open` and `Writer.append` raise. When it
    is interrupted after the order was recorded, the next writer finishes it.
    """
    order.check()
    with Writer.open(folder, actor=recorder.actor, agent=recorder.agent, **options) as writer:
        if notify:
            notify(writer.notices)
        with open_views(writer.log) as views:
            plan = make_plan(views, writer.log, asked)
        if seen is not None:
            check_same(seen, plan)
        passed_over = len(plan.erased) + len(plan.absent)
        if plan.is_empty:
            return RedactionReceipt(
                first=None, last=None, size=writer.size, unchanged=passed_over, erased=(),
                documents=(),
            )  # fmt: skip
        subject = f"ledger/{writer.log.origin}"
        drafts = [
            Draft(data=data, subject=subject, actor=recorder.actor, agent=recorder.agent)
            for data in events_of(plan, order)
        ]
        appended, erased = record_and_erase(writer, drafts)
    return RedactionReceipt(
        first=appended.first, last=appended.last, size=appended.size, unchanged=passed_over,
        erased=plan.positions, documents=plan.documents.erased, sites=tuple(erased.sites),
        unreached=tuple(erased.unreached),
    )  # fmt: skip


def events_of(plan: Plan, order: Order) -> Iterator[RecordRedacted]:
    """The events that record a redaction; more than one where their lines would be too long."""
    positions, documents = plan.positions, plan.documents.erased
    while positions or documents:
        yield RecordRedacted(
            positions=positions[:MAX_POSITIONS], documents=documents[:MAX_DOCUMENTS],
            authority=order.authority, reason=order.reason, note=order.note,
        )  # fmt: skip
        positions, documents = positions[MAX_POSITIONS:], documents[MAX_DOCUMENTS:]


def check_same(seen: Plan, plan: Plan) -> None:
    """Refuse to erase what was not in the plan that somebody agreed to."""
    more = sorted({*plan.positions} - {*seen.positions})
    if more or {*plan.documents.erased} - {*seen.documents.erased}:
        raise Conflict(
            f"More was recorded meanwhile that would be erased: {len(more):,} events"
            + (f", the first at position {more[0]}." if more else ", or documents."),
            way_out="Look at the plan again.",
        )


def check_words(text: str) -> None:
    """Check an authority, a reason or a note; raises Refused."""
    check_text(text)
    if not text.strip():
        raise Refused("It is empty.", way_out="Say on whose order, and why.")
    if len(text) > MAX_WORDS:
        raise Refused(
            f"The text has {len(text):,} characters; at most {MAX_WORDS:,} are kept.",
            way_out="Shorten it.",
        )
