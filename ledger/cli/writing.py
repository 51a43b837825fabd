"""Appends prepared commands for the commands of the command line: one batch, or a stream."""

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from ledger.cli.receipts import put_plan, put_receipt

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.given import Given
    from ledger.session import Receipt, Session

HOLD_SECONDS = 1.0  # how long a stream keeps the ledger before it lets others in
YIELD_SECONDS = 0.03  # how long it steps aside: longer than others take to look again


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
    and every second, so that others can write.
    """
    session: Session | None = None
    try:
        for batch in batches:
            if batch is not None:
                if session is None and (receipt := repeated(ledger, batch, options)):
                    put_receipt(receipt, as_json=json)
                    continue
                if session is None:
                    session = ledger.session(**options)
                    put_notices(session.writer.notices)
                    options["expect_size"] = None
                put_receipt(session.submit(batch), as_json=json)
            if session and (batch is None or session.writer.held_seconds > HOLD_SECONDS):
                session.close()
                session = None
                time.sleep(YIELD_SECONDS)
    finally:
        if session:
            session.close()


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
