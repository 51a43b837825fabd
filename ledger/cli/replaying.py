"""`claims replay` and `attest`: the views built from the log alone, their digests, and a record."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.context import (
    AcceptClock,
    AcceptRestored,
    Actor,
    Reason,
    Wait,
    check_size,
    open_ledger,
)
from ledger.cli.giving import Note

if TYPE_CHECKING:
    from ledger.attest import Attestation, Compared
    from ledger.log import Log
    from projections.digest import Digest


def replay(
    position: Annotated[
        int | None,
        typer.Argument(metavar="[POSITION]", help="With --attested: of which attestation."),
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="A size, or a time in UTC.")] = None,
    attested: Annotated[
        bool,
        typer.Option("--attested", help="To the size of the last attestation, or of POSITION."),
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Keep the views as a DuckDB file.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
) -> None:
    """Build the views anew from the log alone, and print the rows and the digest of each.

    The digest of a view is the same on every machine. Where `claims attest` recorded those of this
    size, they are compared; the exit code is 1 when they differ.

    \b
    claims replay --to 1200
    claims replay --to 2026-11-20 --output then.duckdb
    claims replay --attested --json
    """
    log = open_ledger().log
    size, attestation = what_to_replay(log, position, to, attested=attested)
    compared = put_replay(log, size, attestation, output, json=json)
    if compared is not None and compared.verdict == "differs":
        raise typer.Exit(1)


def what_to_replay(
    log: "Log", position: int | None, to: str | None, *, attested: bool
) -> "tuple[int, Attestation | None]":
    """The size to replay to, and the attestation of that size, if there is one."""
    from ledger.attest import last_attestation
    from ledger.errors import UsageFault

    if attested == (to is not None) or (position is not None and not attested):
        raise UsageFault(
            "Say how far to replay.",
            way_out="Give --to SIZE|TIME, or --attested [POSITION].",
        )
    if to is None:
        attestation = attestation_at(log, position)
        check_size(attestation.said.size, log.size, "--attested")
        return attestation.said.size, attestation
    from ledger.moments import parse_moment

    size = size_meant(log, parse_moment(to, "--to"))
    return size, last_attestation(log, size)


def attestation_at(log: "Log", position: int | None) -> "Attestation":
    """The attestation at a position, or the last one; raises Refused."""
    from ledger.attest import attestations, last_attestation
    from ledger.errors import Refused

    if position is None:
        found = last_attestation(log)
    else:
        found = next(iter(attestations(log, position)), None)
        found = found if found and found.position == position else None
    if found is None:
        where = "in this ledger" if position is None else f"at position {position}"
        raise Refused(
            f"There is no attestation {where}.",
            field="--attested",
            way_out="`claims attest` records one; `claims query` finds them:"
            " from events where type = 'claims.views.attested.v1'",
        )
    return found


def size_meant(log: "Log", moment: int | date | datetime) -> int:
    """The size that a moment stands for; says which one that is for a time."""
    from ledger.moments import size_at

    if isinstance(moment, int):
        check_size(moment, log.size, "--to")
        return moment
    size = size_at(log, moment)
    typer.echo(f"At that time the ledger held {size:,} events.", err=True)
    return size


def put_replay(
    log: "Log",
    size: int,
    attestation: "Attestation | None",
    output: Path | None,
    *,
    json: bool,
) -> "Compared | None":
    """Replay, print what came of it, and give what became of an attestation."""
    from ledger.attest import compare
    from ledger.views import replayed
    from projections.catalog import code_digest
    from projections.digest import digest_views

    with replayed(log, size, output) as views:
        found = dict(digest_views(views.connection))
    digests = {name: each.hex for name, each in found.items()}
    compared = compare(log, attestation, digests) if attestation else None
    root = log.root_at(size).hex()
    if json:
        put_json(size, root, found, compared)
        return compared
    from ledger.cli.output import text_table

    rows = [(name, each.rows, each.hex) for name, each in found.items()]
    typer.echo(text_table(["view", "rows", "digest"], rows))
    typer.echo(f"Replayed {size:,} events; root {root}; code {code_digest()}", err=True)
    if compared:
        put_compared(compared)
    return compared


def put_json(size: int, root: str, found: "dict[str, Digest]", compared: "Compared | None") -> None:
    """Print a replay as one JSON object."""
    import msgspec

    from projections.catalog import code_digest

    told: dict[str, Any] = {
        "size": size,
        "root": root,
        "code": code_digest(),
        "views": [
            {"view": name, "rows": each.rows, "digest": each.hex} for name, each in found.items()
        ],
        "attested": compared,
    }
    typer.echo(msgspec.json.encode(told).decode())


def put_compared(compared: "Compared") -> None:
    """Say what became of an attestation; what differs is data, the rest is words."""
    where = f"position {compared.position} attested for size {compared.size:,}"
    if compared.verdict == "same":
        typer.echo(f"Same as {where}.", err=True)
        return
    if compared.verdict == "differs":
        for each in compared.differences:
            typer.echo(
                f"{each.view}: attested {each.attested or 'none'},"
                f" replayed {each.replayed or 'none'}"
            )
        typer.echo(f"Differs from what {where}.", err=True)
        return
    views = ", ".join(each.view for each in compared.differences)
    why = (
        f"by other code ({compared.code})"
        if compared.verdict == "made by other code"
        else "before content was erased"
    )
    typer.echo(f"note: what {where} was made {why}; these views differ: {views}", err=True)


def attest(
    note: Note = None,
    actor: Actor = None,
    json: Annotated[bool, typer.Option("--json", help="Print the receipt as JSON.")] = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
    reason: Reason = None,
) -> None:
    """Record the digest of every view as an event, so that an auditor can compare a replay.

    The views are replayed from the signed log; others may append meanwhile.

    \b
    claims attest --note "end of the month"
    claims replay --attested
    """
    from ledger.cli.writing import put_notices, writer_options

    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    done = open_ledger(actor).attest(note=note, notify=put_notices, **options)
    if json:
        import msgspec

        typer.echo(msgspec.json.encode(done).decode())
        return
    typer.echo(
        f"Attested {len(done.digests)} views of the first {done.size:,} events"
        f" at position {done.position}.",
        err=True,
    )


COMMANDS = {"replay": replay, "attest": attest}
