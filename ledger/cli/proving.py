"""`claims prove`: proofs that can be handed to someone who has no ledger."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.context import open_ledger

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.checkpoint import Checkpoint
    from ledger.log import Log
    from ledger.prove import SignedHead

STANDARD_OUTPUT = Path("-")
_POSITION_DIGITS = 20


def prove(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID|POSITION]",
            help="A thing, for the event that made it; a number is a position.",
        ),
    ] = None,
    consistency: Annotated[
        str | None,
        typer.Option(
            "--consistency",
            metavar="OLD",
            help="Prove instead that the log goes on from OLD: a size, or a file with a head.",
        ),
    ] = None,
    size: Annotated[
        int | None, typer.Option("--size", min=1, help="Lead to the kept head of that size.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="A new file; `-` is standard output, as is a pipe by itself."
        ),
    ] = None,
) -> None:
    """Write a proof that an event is in the log, or that the log goes on from an older head.

    It is checked with no ledger at hand: all that the other side needs is the verifier key.

    \b
    claims prove kabulov-2017-12-number
    claims prove 17 -o 17.tlog-proof
    claims verify --proof 17.tlog-proof --vkey KEY
    claims prove --consistency 120 > from-120.proof
    claims prove --consistency kept-checkpoint -o since-then.proof
    """
    from ledger.errors import UsageFault
    from ledger.prove import current_head, head_at

    if (what is None) == (consistency is None):
        raise UsageFault(
            "It takes one thing to prove.",
            way_out="Give an id or a position, or `--consistency` with a size or a file.",
        )
    ledger = open_ledger()
    signed = current_head(ledger.log) if size is None else head_at(ledger.log, size)
    if what is not None:
        put_inclusion(ledger, what, signed, output)
    elif consistency is not None:
        put_consistency(ledger.log, consistency, signed, output)


# ── an event ─────────────────────────────────────────────────────────────────────────────────


def put_inclusion(ledger: "Ledger", what: str, signed: "SignedHead", output: Path | None) -> None:
    """Write the proof of an event."""
    from ledger.prove import inclusion_proof

    log, position = ledger.log, position_of(ledger, what)
    proof = inclusion_proof(log, position, signed)
    file = write_proof(proof.format(), output, f"{position}.tlog-proof")
    say_head(f"Position {position}, {told(log, position)}, is in", log, signed)
    if proof.entry is None:
        from ledger.leaves import hash_of_line

        typer.echo(
            "Its content was erased, so the proof hands no event on; the leaf hash of what stood"
            f" there is {hash_of_line(log.line(position)).hex()}.",
            err=True,
        )
    say_how(log, signed, f"--proof {file}")


def position_of(ledger: "Ledger", text: str) -> int:
    """The position that is meant: as it stands, or of the event that made a thing."""
    from ledger.cli.resolve import NAMES, subject_ever
    from ledger.errors import UnknownId

    if text.isascii() and text.isdigit() and len(text) <= _POSITION_DIGITS:
        return int(text)
    views = ledger.views()
    noun, _, name = subject_ever(views, text).partition("/")
    if noun not in NAMES:
        raise UnknownId("", text)
    sql = f"select min(position) from seen.{noun}s where {noun}_id = $name"  # noqa: S608  ours
    ((position,),) = views.connection.execute(sql, {"name": name}).fetchall()
    if position is None:  # what made it was erased, though others still name it
        raise UnknownId(noun, name)
    return int(position)


def told(log: "Log", position: int) -> str:
    """What stands at a position, in a few words."""
    import msgspec

    said = msgspec.json.decode(log.line(position))
    about = f" of {said['subject']}, recorded by {said['actor']}" if "subject" in said else ""
    return f"{said['type']}{about} at {said['time']}"


# ── an older head ────────────────────────────────────────────────────────────────────────────


def put_consistency(log: "Log", text: str, signed: "SignedHead", output: Path | None) -> None:
    """Write the proof that a head's log goes on from an older one; Exit 1 where it does not."""
    from ledger.prove import consistency_proof

    if text.isascii() and text.isdigit() and len(text) <= _POSITION_DIGITS:
        old, kept = int(text), "OLD"
    else:
        old, kept = kept_head(log, Path(text)).size, text
    proof = consistency_proof(log, old, signed)
    file = write_proof(proof.format(), output, f"{old}-{signed.head.size}.proof")
    say_head(f"What was signed at size {old:,} is still the beginning of", log, signed)
    say_how(log, signed, f"--proof {file} --checkpoint {kept}")


def kept_head(log: "Log", file: Path) -> "Checkpoint":
    """An older head from a file, which the log must go on from."""
    from ledger.checkpoint import parse_checkpoint
    from ledger.cosign import signing_keys
    from ledger.disk import telling
    from ledger.errors import Refused, UsageFault
    from ledger.note import BadNote
    from ledger.offline import check_kept_head

    if not file.is_file():
        raise UsageFault(
            f"{str(file)!r} is neither a size nor a file.",
            field="--consistency",
            way_out="Give a size, or a file with a head that somebody kept.",
        )
    try:
        with telling(file):
            data = file.read_bytes()
        note, head = parse_checkpoint(data)
        if head.origin != log.origin:
            raise BadNote(f"its origin is {head.origin}")  # noqa: TRY301  told like a garbled one
        signing_keys(note, log.chain.keys)
    except BadNote as error:
        raise Refused(
            f"This is no head of the ledger {log.origin}: {error}.",
            way_out="Give a head as `claims checkpoint` prints it, signed by this ledger's key.",
        ).at(file=str(file)) from error
    finding = check_kept_head(data, log.chain, log.signed_size, log.root_at)
    if finding is not None:
        typer.echo(f"{file}: {finding}", err=True)
        typer.echo("There is nothing to prove: this log does not go on from that head.", err=True)
        raise typer.Exit(1)
    return head


# ── where it goes ────────────────────────────────────────────────────────────────────────────


def write_proof(data: bytes, output: Path | None, name: str) -> str:
    """Write a proof to the file that was named, to a pipe, or on a terminal to a file of its own.

    Gives the name under which to speak of it.
    """
    if output == STANDARD_OUTPUT or (output is None and not sys.stdout.isatty()):
        typer.echo(data, nl=False)
        return "PROOF"
    file = output or Path(name)
    create_new(file, data)
    typer.echo(f"Wrote {file}.", err=True)
    return str(file)


def create_new(file: Path, data: bytes) -> None:
    """Write a file that is not there yet; raises Refused."""
    from ledger.disk import create_file, telling
    from ledger.errors import Refused

    if file.exists() or not file.parent.is_dir():
        why = "is there already" if file.exists() else "lies in a folder that is not there"
        raise Refused(f"{file} {why}.", way_out="Name a new file in a folder that is there.")
    with telling(file):
        create_file(file, data)  # which never replaces one, should it appear just now


def say_head(sentence: str, log: "Log", signed: "SignedHead") -> None:
    """Say what is proven under which head."""
    typer.echo(f"{sentence} {log.origin}, as it was signed at size {signed.head.size:,}.", err=True)


def say_how(log: "Log", signed: "SignedHead", options: str) -> None:
    """Say how the other side checks it."""
    key = log.chain.key_for(signed.head.size).format()
    typer.echo(f"To check it anywhere: claims verify {options} --vkey {key}", err=True)
    typer.echo("Whoever checks it should have the key from elsewhere than this file.", err=True)


COMMANDS = {"prove": prove}
