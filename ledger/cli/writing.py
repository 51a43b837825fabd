"""Appends prepared commands for the commands of the command line: one batch, or a stream."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self

import typer

from ledger.cli.printing import put_line
from ledger.cli.receipts import put_plan, put_receipt, receipt_text
from ledger.turns import leave_room

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.given import Given
    from ledger.session import Receipt, Session


def writer_options(
    wait: float,
    *,
    accept_clock: bool = False,
    accept_restored: bool = False,
    reason: str | None = None,
) -> dict[str, Any]:
    """The options of a writer as the command line gives them."""
    from ledger.errors import UsageFault

    if accept_restored and not reason:
        raise UsageFault(
            "--accept-restored needs a reason.",
            way_out='Say why the ledger goes on from an earlier state: --reason "…".',
        )
    return {
        "wait_seconds": wait,
        "accept_clock": accept_clock,
        "accept_restored": reason if accept_restored else None,
    }


def append_batch(
    ledger: "Ledger",
    batch: "Sequence[Given]",
    options: dict[str, Any],
    *,
    json: bool,
    dry_run: bool,
) -> "Receipt | None":
    """Append a batch and print its receipt, or show its plan; None for a plan."""
    if dry_run:
        put_plan(batch, ledger.plan(batch))
        return None
    receipt = ledger.append(batch, notify=put_notices, **options)
    put_receipt(receipt, as_json=json)
    return receipt


def append_stream(
    ledger: "Ledger",
    batches: "Iterator[list[Given] | None]",
    options: dict[str, Any],
    *,
    json: bool,
) -> None:
    """Append batch after batch, printing each receipt as soon as it is durable.

    None among the batches says that the next one is being waited for. The ledger is let go then,
    when a turn is over, and while nobody takes the receipts, so that others can write.
    """
    with Turns(ledger, options) as turns:
        for batch in batches:
            if batch is None:
                turns.end()
                continue
            receipt = turns.append(batch)
            if turns.are_over():
                turns.end()
            put_line(receipt_text(receipt, as_json=json), turns.end, err=not json)


class Turns:
    """Takes the ledger for a turn at a time, a second where others wait; steps aside in between."""

    def __init__(self, ledger: "Ledger", options: dict[str, Any]) -> None:
        self.ledger = ledger
        self.options = options
        self.session: Session | None = None

    def append(self, batch: "list[Given]") -> "Receipt":
        """Append a batch, in this turn or in a new one."""
        if self.session is None:
            receipt = repeated(self.ledger, batch, self.options)
            if receipt:
                return receipt
            self.session = self.ledger.session(**self.options)
            put_notices(self.session.writer.notices)
            self.options["expect_size"] = None
        return self.session.submit(batch)

    def are_over(self) -> bool:
        """Whether others should have the ledger now."""
        return self.session is not None and self.session.writer.turn.is_over

    def end(self) -> None:
        """Let go of the ledger, long enough for others to take it."""
        if self.session is not None:
            self.session.close()
            self.session = None
            leave_room()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.session is not None:
            self.session.close()


def repeated(
    ledger: "Ledger", batch: "Sequence[Given]", options: dict[str, Any]
) -> "Receipt | None":
    """The receipt of a batch that stands already, where a size is expected that is long past.

    So a stream that was killed can be run again from its start, with the same options.
    """
    expected = options.get("expect_size")
    return ledger.repeated(batch) if expected not in (None, ledger.size) else None


def put_notices(notices: Sequence[str]) -> None:
    """Say what was found and settled when the ledger was taken up."""
    for notice in notices:
        typer.echo(f"note: {notice}", err=True)
