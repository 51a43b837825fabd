"""`claims checkpoint`: the signed head of a ledger, and the heads that others signed too."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.context import open_ledger

if TYPE_CHECKING:
    from ledger.log import Log
    from ledger.prove import SignedHead


def checkpoint(
    size: Annotated[
        int | None, typer.Option("--size", min=1, help="A kept head of that many events instead.")
    ] = None,
    listed: Annotated[
        bool, typer.Option("--list", help="List the heads that are kept, the newest first.")
    ] = False,
    add: Annotated[
        Path | None,
        typer.Option(
            "--add", metavar="FILE", help="Keep a head that others signed; `-` for a pipe."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Print the signed head: origin, size, root hash and signatures.

    Who keeps one can later hold the ledger against it. Others can sign it too (`claims witness`);
    what they send back is kept with `--add`, which needs no key.

    \b
    claims checkpoint > kept-checkpoint
    claims checkpoint --add cosigned
    claims checkpoint --list
    claims checkpoint --size 120
    """
    from ledger.errors import UsageFault
    from ledger.prove import current_head, head_at

    if (size is not None) + listed + (add is not None) > 1:
        raise UsageFault(
            "--size, --list and --add are three different things.", way_out="Give one of them."
        )
    log = open_ledger().log
    if listed:
        put_list(log, as_json=json)
        return
    if add is not None:
        put_head(keep(log, add), as_json=json)
        return
    put_head(current_head(log) if size is None else head_at(log, size), as_json=json)
    if size is None and log.size > log.signed_size:
        beyond = log.size - log.signed_size
        typer.echo(f"{beyond:,} events beyond it are not signed yet.", err=True)


def keep(log: "Log", file: Path) -> "SignedHead":
    """Keep a head with the signatures of others; says how many there are now."""
    from ledger.checkpoint import parse_checkpoint
    from ledger.cli.notes import read_given
    from ledger.errors import ClaimsError
    from ledger.kept import keep_head
    from ledger.prove import SignedHead

    data = read_given(file, "--add")
    try:
        note = keep_head(log, data)
    except ClaimsError as error:
        raise error.at(file=str(file)) from None
    head = parse_checkpoint(data)[1]
    others = len({one.name for one in note.signatures} - {log.origin})
    signers = f"{others} {'other signer' if others == 1 else 'other signers'}"
    typer.echo(f"Kept the head of size {head.size:,} with {signers}.", err=True)
    typer.echo("Whether they are whom they say: claims verify --witness VKEY", err=True)
    return SignedHead(note.format(), head)


def put_head(signed: "SignedHead", *, as_json: bool) -> None:
    """Print a head as it was signed, byte for byte, or what it says as one JSON object."""
    if not as_json:
        typer.echo(signed.note, nl=False)
        return
    from ledger.cells import encoded

    typer.echo(encoded(head_facts(signed.note)))


def put_list(log: "Log", *, as_json: bool) -> None:
    """Print the heads that are kept, one a line, the newest first."""
    from ledger.cells import encoded
    from ledger.cli.output import text_table
    from ledger.kept import kept_heads, read_kept

    notes = (read_kept(log.folder, size, log.chain) for size, _ in kept_heads(log.folder))
    facts = [head_facts(note.format()) for note in notes if note is not None]
    if as_json:
        typer.echo("\n".join(map(encoded, facts)), nl=bool(facts))
        return
    rows = [(each["size"], each["root"], ", ".join(other_names(each))) for each in facts]
    typer.echo(text_table(["size", "root", "said to be signed by"], rows))


def head_facts(data: bytes) -> dict[str, Any]:
    """What a head says; the names under it are those that it gives, valid or not."""
    from ledger.checkpoint import parse_checkpoint

    note, head = parse_checkpoint(data)
    return {
        "origin": head.origin,
        "size": head.size,
        "root": head.root.hex(),
        "signatures": [
            {"name": one.name, "key_hash": one.key_hash.hex()} for one in note.signatures
        ],
        "note": data.decode(),
    }


def other_names(facts: dict[str, Any]) -> list[str]:
    """The names under a head but for the ledger's own."""
    names = [each["name"] for each in facts["signatures"]]
    return [name for name in names if name != facts["origin"]]


COMMANDS = {"checkpoint": checkpoint}
