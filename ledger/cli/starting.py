"""`claims init` and `claims demo`."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.context import Actor


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
    origin: Annotated[
        str,
        typer.Option(
            "--origin", help="The ledger's name in the world, like a URL: example.org/me."
        ),
    ],
    title: Annotated[str | None, typer.Option("--title", help="What people call it.")] = None,
    actor: Actor = None,
) -> None:
    """Make a ledger and its signing key, which lies outside of it.

    \b
    claims init my-ledger --origin example.org/my-ledger --title "Claims about Daesh"
    """
    from ledger.api import Ledger
    from ledger.keys import KeyFiles

    ledger = Ledger.create(folder, origin=origin, title=title, actor=actor)
    typer.echo(f"Made the ledger {origin} in {folder}.", err=True)
    typer.echo(
        f"Its signing key is {KeyFiles.of(origin).key}: keep a copy, share it with nobody.",
        err=True,
    )
    typer.echo("Others check the ledger with this verifier key:", err=True)
    typer.echo(ledger.log.verifier_key)


def demo(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Where to keep the ledger; else it goes.")
    ] = None,
) -> None:
    """Build a ledger from five news texts and show what it answers.

    \b
    claims demo                 build, show, and throw it away
    claims demo demo-ledger     keep it, to ask it: claims --ledger demo-ledger query "from denials"
    """
    from ledger.cli.demonstration import demonstrate

    demonstrate(folder)


COMMANDS = {"demo": demo, "init": init}
