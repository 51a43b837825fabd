"""What `claims witness` reads and says."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import typer

from ledger.cli.notes import write_new
from ledger.errors import Refused, UsageFault
from ledger.note import ED25519, BadNote, VerifierKey
from ledger.witness import Contradiction, Witnessed
from ledger.witness_client import Obtained
from ledger.witness_memory import WitnessMemory


def given_key(text: str, field: str, algorithm: bytes = ED25519) -> VerifierKey:
    """A verifier key from the command line, a log's unless told; raises UsageFault."""
    owner = "log" if algorithm == ED25519 else "witness"
    try:
        return VerifierKey.parse(text, algorithm)
    except BadNote as error:
        raise UsageFault(
            f"That is no verifier key of a {owner}: {error}.",
            field=field,
            way_out=f"Give it as the {owner}'s keeper does: <name>+<hash>+<base64>",
        ) from error


def remembered_note(memory: WitnessMemory, origin: str) -> bytes:
    """The head of a log that the witness remembers, as a note; raises Refused."""
    found = memory.remembered(origin)
    if found is None:
        raise Refused(
            f"You have not cosigned any head of {origin} yet.",
            field="--head",
            way_out="`claims witness show` lists what you remember.",
        )
    return found[0].format()


def log_facts(memory: WitnessMemory, origin: str) -> dict[str, Any]:
    """What a witness knows of a log."""
    found = memory.remembered(origin)
    return {
        "origin": origin,
        "vkeys": [key.format() for key in memory.trusted(origin)],
        "size": found[1].size if found else None,
        "root": found[1].root.hex() if found else None,
    }


def fact_lines(facts: dict[str, Any]) -> list[str]:
    """The same for a person."""
    lines = [f"your key    {facts['vkey']}"]
    for log in facts["logs"]:
        head = f"{events(log['size'])}, root {log['root']}" if log["size"] else "no head seen yet"
        lines += [f"log         {log['origin']}", f"remembered  {head}"]
        lines += [f"trusted     {vkey}" for vkey in log["vkeys"]]
    return lines


def say_cosigned(found: Witnessed) -> None:
    """Say what was signed, and after what."""
    if found.before is None:
        since = "the first head of it that you saw, taken as it is"
    elif found.before == found.head:
        since = "as you did before"
    else:
        since = f"which extends the {found.before.size:,} that you saw before"
    typer.echo(f"Cosigned {events(found.head.size)} of {found.head.origin}, {since}.", err=True)


def events(size: int) -> str:
    """A count of events in words."""
    return f"{size:,} {'event' if size == 1 else 'events'}"


def say_obtained(got: Obtained) -> None:
    """Say what a witness on the network signed, and when."""
    name, size = got.cosignature.key.name, got.head.size
    try:
        when = f"{datetime.fromtimestamp(got.cosignature.seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):  # a clock that shows no year of ours
        when = f"{got.cosignature.seconds} seconds after 1970"
    typer.echo(f"{name} cosigned {events(size)} at {when} by its clock.", err=True)
    typer.echo("It is kept: claims checkpoint --list", err=True)


def put_contradiction(found: Contradiction, shown: Path, evidence: Path | None) -> None:
    """Say that there are two histories, and write the evidence to a file of its own."""
    before, head = found.remembered, found.shown
    typer.echo(
        f"Nothing was signed: {head.origin} has two histories. You cosigned {events(before.size)}"
        f" with the root {before.root.hex()}; the log of {events(head.size)} that you are shown"
        " has another root there.",
        err=True,
    )
    if found.evidence is None:
        typer.echo(
            f"No evidence could be made: {found.why_not}. Keep {shown}, and what"
            f" `claims witness show --head {head.origin}` prints.",
            err=True,
        )
        return
    path = evidence or free_name(f"two-histories-{head.size}", ".json")
    write_new(path, found.evidence, "--evidence")
    typer.echo(f"The evidence is in {path}. Anybody can check it:", err=True)
    typer.echo(f"claims verify --evidence {path} --vkey KEY", err=True)


def free_name(stem: str, ending: str) -> Path:
    """A file name in the working directory that nothing has yet."""
    names = (Path(f"{stem}{f'-{number}' if number > 1 else ''}{ending}") for number in count(1))
    return next(path for path in names if not path.exists())
