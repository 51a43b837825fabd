"""What is said after an append: a receipt for programs, a sentence for people."""

from collections import Counter
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.decide import Decision
    from ledger.given import Given
    from ledger.session import Receipt
    from ledger.sheets import Entry, Plan

LONGEST_GIST = 80  # what fits a line
LONGEST_CHANGE = 90  # both sides and the key of a change, on one line


def put_receipt(receipt: "Receipt", *, as_json: bool) -> None:
    """Print the receipt of one batch."""
    typer.echo(receipt_text(receipt, as_json=as_json), err=not as_json)


def receipt_text(receipt: "Receipt", *, as_json: bool) -> str:
    """A receipt as it is printed: one line of JSON, or a sentence."""
    if not as_json:
        return sentence_of(receipt)
    import msgspec

    return msgspec.json.encode(receipt).decode()


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
        f"{states['new']} new, {states['unchanged']} unchanged:"
        f" {counted(events, 'event')} would be appended."
        " Nothing was.",
        err=True,
    )


def put_sheet_plan(plan: "Plan", *, as_json: bool, only_lines: bool = False) -> None:
    """Show what sheets change, one line a thing and one a field; what is unchanged is counted."""
    if as_json:
        import msgspec

        for entry in plan.entries:
            typer.echo(msgspec.json.encode(told(entry)).decode())
    else:
        for entry in plan.entries:
            if entry.state != "unchanged":
                typer.echo("\n".join(lines_of(entry)))
    if only_lines:
        return
    counts: Counter[str] = Counter(each.state for each in plan.entries)
    states = ", ".join(f"{counts[state]} {word}" for state, word in WORDS.items() if counts[state])
    events = sum(len(decision.drafts) for decision in plan.decisions)
    would = f"{counted(events, 'event')} would"
    typer.echo(f"{states}: {would} be appended. Nothing was.", err=True)
    if plan.corrections:
        typer.echo("What corrects the ledger needs a reason: --reason.", err=True)
    put_missing(counts["missing"])


def put_corrections(plan: "Plan") -> None:
    """Say in words what was corrected, and what the sheets no longer mention."""
    for entry in plan.corrections:
        typer.echo("\n".join(lines_of(entry)), err=True)
    missing = [each for each in plan.entries if each.state == "missing"]
    for entry in missing:
        typer.echo("\n".join(lines_of(entry)), err=True)
    put_missing(len(missing))


def put_missing(count: int) -> None:
    """Say that what sheets no longer mention stays."""
    if count:
        typer.echo(
            f"note: {count} missing from the sheet, but kept in the ledger;"
            " to void it: --void-missing --reason.",
            err=True,
        )


# How many there are of each state, in words.
WORDS = {
    "new": "new",
    "changed": "changed",
    "reinstated": "void but in the sheet",
    "unchanged": "unchanged",
    "missing": "missing from the sheet",
    "void": "to be voided",
}


def told(entry: "Entry") -> dict[str, object]:
    """A line of a plan for programs."""
    return {
        "state": entry.state,
        "kind": entry.kind or entry.subject.partition("/")[0],
        "subject": entry.subject,
        "gist": entry.gist,
        "file": entry.place.file,
        "line": entry.place.line,
        "changes": [change._asdict() for change in entry.changes],
    }


def lines_of(entry: "Entry") -> "Iterator[str]":
    """A line of a plan for people, and one for each field that changes; long texts stand below."""
    name = entry.kind or entry.subject
    yield f"{entry.state:10}  {name:40}  {shortened(entry.gist)}".rstrip()
    for field, old, new in entry.changes:
        if len(field + old + new) <= LONGEST_CHANGE:
            yield f"            {field}: {old} → {new}"
        else:
            yield from (f"            {field}:", f"            - {old}", f"            + {new}")


def counted(count: int, noun: str) -> str:
    """A count with its noun, in the singular where it is one."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def gist(given: "Given") -> str:
    """The words by which a person knows a command again."""
    for name in ("proposition", "quote", "value", "title", "name", "label", "relation", "reason"):
        text = getattr(given.command, name, None)
        if text:
            return shortened(text)
    return ""


def shortened(text: str) -> str:
    """As much of a text as fits a line."""
    return text if len(text) <= LONGEST_GIST else f"{text[: LONGEST_GIST - 1]}…"
