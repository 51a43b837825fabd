"""What every command needs: which ledger, who writes, and at which moment it is looked at."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.log import Log

Actor = Annotated[
    str | None, typer.Option("--actor", help="Who records this; else CLAIMS_ACTOR, else you.")
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="A size, or a time (UTC): 1200, 2026-11-20, 2026-11-20T08:24."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the receipt as JSON, one line a batch.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be appended, and append nothing.")
]
Wait = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", help="How long to wait for another writer.")
]
ExpectSize = Annotated[
    int | None,
    typer.Option("--expect-size", min=0, help="Refuse unless the ledger holds so many events."),
]
AcceptClock = Annotated[
    bool, typer.Option("--accept-clock", help="Append though the last event lies in the future.")
]
AcceptRestored = Annotated[
    bool,
    typer.Option(
        "--accept-restored", help="Go on from an earlier state on purpose, with --reason."
    ),
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why; it is recorded.")]
Documents = Annotated[
    Path | None,
    typer.Option("--documents", help="The folder under which documents may lie.", file_okay=False),
]

_chosen: list[Path] = []  # the --ledger of this process


def choose_ledger(folder: Path | None) -> None:
    """Remember the --ledger that stands before the command."""
    _chosen[:] = [folder] if folder else []


def ledger_folder() -> Path:
    """`--ledger`, else CLAIMS_LEDGER, else the nearest ledger from here upwards, as git does."""
    from ledger.errors import UsageFault

    if _chosen:
        return _chosen[0]
    named = os.environ.get("CLAIMS_LEDGER")
    if named:
        return Path(named)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "ledger.toml").is_file():
            return folder
    raise UsageFault(
        f"There is no ledger in {here} or above it.",
        way_out="Make one with `claims init DIR --origin NAME`, or name one: claims --ledger DIR …",
    )


def open_ledger(actor: str | None = None) -> "Ledger":
    """Open the ledger that was chosen."""
    from ledger.api import Ledger

    return Ledger.open(ledger_folder(), actor=actor)


def open_log() -> "Log":
    """Open the log of the ledger that was chosen, for what asks no views and writes nothing."""
    from ledger.log import Log

    return Log.open(ledger_folder())


def open_as_of(as_of: str | None) -> "Ledger":
    """Open the chosen ledger at a moment; says which size a time stood for."""
    ledger = open_ledger()
    if as_of is None:
        return ledger
    from ledger.moments import parse_moment

    moment = parse_moment(as_of)
    if isinstance(moment, int):
        check_size(moment, ledger.size)
        return ledger.as_of(moment)
    then = ledger.as_of(moment)
    typer.echo(f"As of {as_of} the ledger held {then.size:,} events.", err=True)
    return then


def check_size(size: int, head: int, option: str = "--as-of") -> None:
    """Refuse a size beyond the head."""
    from ledger.errors import Refused

    if size > head:
        raise Refused(
            f"The ledger holds {head:,} events, not {size:,}.",
            field=option,
            way_out=f"Give a size from 0 to {head}, or a time.",
        )
