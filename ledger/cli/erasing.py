"""What is said of a redaction: the plan before it, and the receipt after it."""

from typing import TYPE_CHECKING, Any

import typer

from ledger.cli.receipts import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.redact import RedactionReceipt
    from ledger.redaction import Plan

SHOWN = 20  # of the events that name what is erased; --json has all
BEYOND_REACH = (
    "It cannot be undone. Out of reach are backups, snapshots, copies and clones elsewhere, and"
    " what a disk keeps of deleted files."
)


def put_plan(plan: "Plan", *, as_json: bool = False, err: bool = False) -> None:
    """Show what would be erased, and what would stay."""
    if as_json:
        from ledger.cells import encoded

        typer.echo(encoded(told(plan)))
        return
    for line in lines_of(plan):
        typer.echo(line, err=err)
    events = counted(len(plan.covered), "event")
    documents = counted(len(plan.documents.erased), "document")
    done = "" if err else " Nothing was."
    typer.echo(f"{events} and {documents} would be erased.{done}", err=True)
    if not plan.is_empty:
        typer.echo(BEYOND_REACH, err=True)


def told(plan: "Plan") -> dict[str, Any]:
    """A plan for programs."""
    return {
        "size": plan.size,
        "erase": [each._asdict() for each in plan.covered],
        "documents": plan.documents.erased,
        "documents_kept": plan.documents.kept,
        "naming": [each._asdict() for each in plan.naming],
        "reviving": plan.reviving,
        "erased_already": plan.erased,
        "absent": plan.absent,
    }


def lines_of(plan: "Plan") -> "Iterator[str]":
    """A plan for people, one line each: what is erased, what stays, what names it."""
    for each in plan.covered:
        yield f"{'erase':10}  {each.position:>8}  {short(each.type):24}  {each.subject}"
    for sha256 in plan.documents.erased:
        yield f"{'erase':10}  document {sha256}"
    for sha256 in plan.documents.kept:
        yield f"{'keep':10}  document {sha256}  (to erase it: --document, --documents)"
    for position in plan.reviving:
        yield f"{'note':10}  {position:>8}  what this event changed counts again without it"
    for naming in plan.naming[:SHOWN]:
        names = ", ".join(name for name in naming.names if name != naming.subject)
        kind = short(naming.type)
        about = f"  names {names}" if names else ""
        yield f"{'not erased':10}  {naming.position:>8}  {kind:24}  {naming.subject}{about}"
    if len(plan.naming) > SHOWN:
        yield f"{'not erased':10}  and {len(plan.naming) - SHOWN:,} more that name it; see --json"
    for position in plan.erased:
        yield f"{'unchanged':10}  {position:>8}  erased already"
    for subject in plan.absent:
        yield f"{'unchanged':10}  {'':>8}  nothing is about {subject}, or names it"


def short(type_name: str) -> str:
    """The name of an event's type without what all share."""
    return type_name.removeprefix("claims.").rpartition(".v")[0]


def put_erased(receipt: "RedactionReceipt", *, as_json: bool) -> None:
    """Print what a redaction did, and what it could not reach."""
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(receipt).decode())
    else:
        typer.echo(sentence_of(receipt), err=True)
    for site in receipt.sites:
        typer.echo(f"note: the published site {site} was brought up to date.", err=True)
    for site, why in receipt.unreached:
        typer.echo(f"note: the published site {site} still holds it: {why}", err=True)


def sentence_of(receipt: "RedactionReceipt") -> str:
    """A receipt as a sentence."""
    holds = f"The ledger holds {receipt.size:,} events."
    unchanged = f"{receipt.unchanged:,} erased already, or never there"
    if receipt.first is None:
        return f"Nothing to erase: {unchanged if receipt.unchanged else 'nothing is left'}. {holds}"
    events = counted(len(receipt.erased), "event")
    documents = counted(len(receipt.documents), "document")
    rest = f"; {unchanged}" if receipt.unchanged else ""
    return (
        f"Erased {events} and {documents}{rest}; the order stands at {receipt.first}. {holds}\n"
        f"{BEYOND_REACH}"
    )
