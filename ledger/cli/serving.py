"""`claims serve`: the ledger in a browser."""

from typing import Annotated

import typer

from ledger.cli.context import Actor, ledger_folder

LOOPBACK = "127.0.0.1"


def serve(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")
    ] = 8600,
    host: Annotated[
        str,
        typer.Option("--host", help="The address to listen on; beyond this machine on purpose."),
    ] = LOOPBACK,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", help="A further name by which browsers may call it."),
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Let whoever has the token record statements.")
    ] = False,
    actor: Actor = None,
) -> None:
    """Show the ledger in a browser on this machine: pages, charts, sources, SQL.

    \b
    claims serve
    claims serve --port 0
    claims serve --write --actor ana
    """
    from secrets import token_urlsafe

    from ledger.api import default_actor
    from ledger.web.serving import listen, run
    from ledger.web.settings import Settings

    usual = Settings.hosts
    named = f"[{host}]" if ":" in host else host  # an IPv6 address, as it stands in addresses
    settings = Settings(
        folder=ledger_folder(),
        hosts=usual | {named.lower(), *(name.lower() for name in allow_host or ())},
        token=token_urlsafe(24) if write else None,
        actor=actor or default_actor(),
    )
    with listen(host, port) as socket:
        called = "localhost" if host in ("0.0.0.0", "::") else named  # noqa: S104  compared, not bound
        address = f"http://{called}:{socket.getsockname()[1]}/"
        run(settings, socket, lambda: typer.echo(opening(address, settings.token), err=True))


def opening(address: str, token: str | None) -> str:
    """What is said when the server is ready."""
    lines = [f"The ledger is at {address} (Ctrl-C ends it)."]
    if token:
        lines.append(f"To record, open {address}record?token={token}")
    return "\n".join(lines)


COMMANDS = {"serve": serve}
