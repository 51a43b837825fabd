"""`claims seal`: makes the full segments of the log small."""

from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.context import Actor, Wait, open_ledger

if TYPE_CHECKING:
    from ledger.seal import Sealed


def seal(
    wait: Wait = 120.0,
    actor: Actor = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print what was done as one JSON object.")
    ] = False,
) -> None:
    """Seal every full segment of the log as standard zstd: the same lines in a quarter of the room.

    A segment is full when the next one was begun; that is sealed on the way as a rule. What was
    sealed is compared byte by byte before the plain file goes. Everything reads both forms.

    \b
    claims seal
    zstdcat my-ledger/log/*.jsonl.zst | jq -r .type
    """
    from ledger.cli.publishing import progress_bar
    from ledger.cli.writing import put_notices
    from ledger.seal import seal_ledger

    ledger = open_ledger(actor)
    with progress_bar("Sealing") as progress:
        done = seal_ledger(
            ledger.log.folder, ledger.recorder, progress, notify=put_notices, wait_seconds=wait
        )
    put_sealed(done, as_json=json)


def put_sealed(done: "Sealed", *, as_json: bool) -> None:
    """Say what was sealed."""
    if as_json:
        from dataclasses import asdict

        from ledger.cells import encoded

        typer.echo(encoded(asdict(done)))
    elif done.segments:
        segments = "segment" if done.segments == 1 else "segments"
        share = done.sealed_bytes / done.plain_bytes
        typer.echo(
            f"Sealed {done.segments:,} {segments}: {done.plain_bytes:,} bytes are"
            f" {done.sealed_bytes:,} now ({share:.0%}).",
            err=True,
        )
    else:
        typer.echo("No segment is full that was not sealed before.", err=True)


COMMANDS = {"seal": seal}
