"""What is said after an append: a receipt for programs, a sentence for people."""

from collections import Counter
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.decide import Decision
    from ledger.given import Given
    from ledger.session import Receipt


def put_receipt(receipt: "Receipt", *, as_json: bool) -> None:
    """Print the receipt of one batch."""
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(receipt).decode())
    else:
        typer.echo(sentence_of(receipt), err=True)


def sentence_of(receipt: "Receipt") -> str:
    """A receipt as a sentence."""
    unchanged = f"{receipt.unchanged:,} stood already" if receipt.unchanged else ""
    if receipt.first is None or receipt.last is None:
        return (
            f"Nothing new: {unchanged or 'no commands'}. The ledger holds {receipt.size:,} events."
        )
    span = (
        f"{receipt.first}" if receipt.first == receipt.last else f"{receipt.first}–{receipt.last}"
    )
    made = receipt.last - receipt.first + 1
    events = "event" if made == 1 else "events"
    rest = f"; {unchanged}" if unchanged else ""
    return f"Appended {made:,} {events} at {span}{rest}. The ledger holds {receipt.size:,} events."


def put_ids(receipt: "Receipt") -> None:
    """Name what was made, one a line, for pipes and for people."""
    for names in receipt.made:
        for name in names:
            typer.echo(name)


def put_plan(batch: "Sequence[Given]", decisions: "Sequence[Decision]") -> None:
    """Show what would be appended, one line a command."""
    for given, decision in zip(batch, decisions, strict=True):
        state = "unchanged" if decision.unchanged_at is not None else "new"
        typer.echo(f"{state:9}  {decision.made[0]:40}  {gist(given)}".rstrip())
    states = Counter("unchanged" if each.unchanged_at is not None else "new" for each in decisions)
    events = sum(len(decision.drafts) for decision in decisions)
    typer.echo(
        f"{states['new']} new, {states['unchanged']} unchanged: {events} events would be appended."
        " Nothing was.",
        err=True,
    )


def gist(given: "Given") -> str:
    """The words by which a person knows a command again."""
    for name in ("proposition", "quote", "value", "title", "name", "label", "relation", "reason"):
        text = getattr(given.command, name, None)
        if text:
            return f"{text if len(text) <= 80 else text[:79] + '…'}"  # noqa: PLR2004  a line
    return ""
