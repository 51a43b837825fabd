"""Gives commands that were made of options to the ledger; faults are told of the options."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.receipts import put_ids
from ledger.cli.writing import append_batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.api import Ledger
    from ledger.given import Given
    from ledger.session import Receipt

Note = Annotated[str | None, typer.Option("--note", help="What else is to be said.")]
Source = Annotated[
    str | None, typer.Option("--source", help="The source that it stands in: id, or title.")
]
Quote = Annotated[str | None, typer.Option("--quote", "-q", help="The exact words in the source.")]
Prefix = Annotated[
    str | None, typer.Option("--prefix", help="The words before, where the quote stands twice.")
]
Suffix = Annotated[str | None, typer.Option("--suffix", help="The words after.")]
Mode = Annotated[str, typer.Option("--mode", help="direct, partial or indirect quotation.")]
AttributedTo = Annotated[
    str | None, typer.Option("--attributed-to", help="The source's own words for the speaker.")
]
Via = Annotated[
    list[str] | None, typer.Option("--via", help="Who relayed it, nearest the speaker first.")
]

# The fields of commands, as the options by which they are given.
OPTIONS = {
    "source_id": "--source",
    "quote": "--quote",
    "prefix": "--prefix",
    "suffix": "--suffix",
    "quote_mode": "--mode",
    "part": "--part",
    "attributed_to": "--attributed-to",
    "via": "--via",
    "note": "--note",
    "reason": "--reason",
    "report_id": "--id",
    "estimate_id": "--id",
}


def given_with(raw: dict[str, Any], options: "Mapping[str, str]") -> "Given":
    """A command with the option that each of its fields was given by."""
    from pathlib import Path

    from ledger.errors import Place
    from ledger.given import prepare

    places = {name: Place(field=option) for name, option in (OPTIONS | dict(options)).items()}
    return prepare(raw, Place(), Path(), places)


def append_given(
    ledger: "Ledger",
    batch: "list[Given]",
    options: dict[str, Any],
    *,
    json: bool,
    dry_run: bool,
) -> "Receipt | None":
    """Append a batch and name what it made or changed, once; None for a plan."""
    import msgspec

    with in_options():
        receipt = append_batch(ledger, batch, options, json=json, dry_run=dry_run)
    if receipt:
        put_void(ledger, receipt)
        if not json:
            names = tuple(dict.fromkeys(name for made in receipt.made for name in made))
            put_ids(msgspec.structs.replace(receipt, made=(names,)))
    return receipt


@contextmanager
def in_options() -> "Iterator[None]":
    """Name options in the way out of what is raised inside, where it names keys of a sheet."""
    from ledger.errors import QuoteAmbiguous

    try:
        yield
    except QuoteAmbiguous as error:
        error.way_out = error.way_out.replace("prefix:", "--prefix").replace("suffix:", "--suffix")
        raise


def put_void(ledger: "Ledger", receipt: "Receipt") -> None:
    """Say where a command that stood already is void by now: to give it again brings nothing."""
    if not receipt.unchanged:
        return
    for position in receipt.positions:
        sql = "select max(position) from voids where target = $position and part is null"
        row = ledger.views().connection.execute(sql, {"position": position}).fetchone()
        if row and row[0] is not None:
            typer.echo(
                f"note: the event at {position} is void since position {row[0]};"
                f" to bring it back: claims void {row[0]} --reason …",
                err=True,
            )


def on_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def wanted(value: str | None, option: str, question: str, command: str) -> str:
    """A value that must be given: asked for on a terminal, refused elsewhere."""
    from ledger.errors import UsageFault

    if value:
        return value
    if on_terminal():
        answer: str = typer.prompt(question, err=True)
        return answer
    raise UsageFault(f"{option} is missing.", way_out=f"{question} See `claims {command} --help`.")


def given(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  fields hold anything
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, [], ())}


def asked(question: str, default: str | None = None) -> str | None:
    """A value that may be given: asked for on a terminal, the default elsewhere."""
    if not on_terminal():
        return default
    answer: str = typer.prompt(
        question, default=default or "", show_default=bool(default), err=True
    )
    return answer.strip() or None
