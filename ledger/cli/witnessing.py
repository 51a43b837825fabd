"""`claims witness`: a second person cosigns heads of a log, and remembers what they saw."""

from pathlib import Path
from typing import Annotated

import typer

from ledger.cli.context import Wait


def init(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Your name in the world: example.org/ben.")
    ],
) -> None:
    """Make a witness's key of your own, and print its verifier key.

    \b
    claims witness init example.org/ben
    """
    from ledger.witness_memory import WitnessMemory

    memory = WitnessMemory.here()
    key = memory.make_key(name)
    typer.echo(f"Your key lies in {memory.folder}: share it with nobody.", err=True)
    typer.echo("It lies beside your memory of heads: a copy without that memory would", err=True)
    typer.echo("sign what you have already seen to be false. Others check with:", err=True)
    typer.echo(key.format())


def show(
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="ORIGIN", help="Print the remembered head of that log."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
) -> None:
    """Print your verifier key, the log keys that you trust and the heads that you remember.

    \b
    claims witness show
    claims witness show --head example.org/me > remembered
    """
    from ledger.cells import encoded
    from ledger.cli.witness_words import fact_lines, log_facts, remembered_note
    from ledger.witness_memory import WitnessMemory

    memory = WitnessMemory.here()
    if head is not None:
        typer.echo(remembered_note(memory, head), nl=False)
        return
    facts = {
        "vkey": memory.read_key().verifier().format(),
        "logs": [log_facts(memory, origin) for origin in memory.origins()],
    }
    typer.echo(encoded(facts) if json else "\n".join(fact_lines(facts)))


def trust(
    vkey: Annotated[str, typer.Argument(metavar="VKEY", help="The log's verifier key.")],
    wait: Wait = 120.0,
) -> None:
    """Trust a log's key from now on; get it from the log's keeper in a way that you trust.

    A log that changes its key gets a second one: trust that one too.

    \b
    claims witness trust example.org/me+f832da24+AfVl3ssvpo3kc3nrPAuPHeZ3cQvYV2mtBmGPutZxxpvo
    """
    from ledger.cli.witness_words import given_key
    from ledger.witness_memory import WitnessMemory

    key = given_key(vkey, "VKEY")
    new = WitnessMemory.here().trust(key, wait)
    typer.echo(f"{'Trusted' if new else 'Trusted already'}: a key of {key.name}.", err=True)


def cosign(
    checkpoint: Annotated[
        Path, typer.Argument(metavar="CHECKPOINT", help="The head to look at; `-` for a pipe.")
    ],
    proof: Annotated[
        Path | None,
        typer.Option("--proof", help="That it extends what you saw: `claims prove --consistency`."),
    ] = None,
    vkey: Annotated[
        str | None,
        typer.Option("--vkey", metavar="KEY", help="Trust this key of the log, as `trust` does."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A new file; else standard output.")
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option("--evidence", help="A new file for evidence of two histories, if there are."),
    ] = None,
    wait: Wait = 120.0,
) -> None:
    """Cosign a head, unless it contradicts what you saw before.

    The first head of a log is remembered as it is. Each later one needs a proof from exactly the
    size that you remember. Where the log shows you another history, nothing is signed, evidence
    that others can check is written, and the exit code is 1.

    \b
    claims witness cosign checkpoint -o cosigned
    claims witness cosign checkpoint --proof since-120.proof > cosigned
    """
    import time

    from ledger.cli.notes import check_new, read_given, write_new
    from ledger.cli.witness_words import given_key, put_contradiction, say_cosigned
    from ledger.witness import Contradiction
    from ledger.witness import cosign as look_and_cosign
    from ledger.witness_memory import WitnessMemory

    for path, field in ((output, "--output"), (evidence, "--evidence")):
        if path is not None:
            check_new(path, field)
    data = read_given(checkpoint, "CHECKPOINT")
    shown = read_given(proof, "--proof") if proof else None
    memory = WitnessMemory.here()
    if vkey is not None:
        memory.trust(given_key(vkey, "--vkey"), wait)
    found = look_and_cosign(memory, data, shown, seconds=int(time.time()), wait_seconds=wait)
    if isinstance(found, Contradiction):
        put_contradiction(found, checkpoint, evidence)
        raise typer.Exit(1)
    say_cosigned(found)
    if output is None:
        typer.echo(found.note.format(), nl=False)
    else:
        write_new(output, found.note.format(), "--output")


def request(
    url: Annotated[str, typer.Argument(metavar="URL", help="The witness's submission prefix.")],
    vkey: Annotated[
        str, typer.Option("--witness", metavar="VKEY", help="The witness's verifier key.")
    ],
    timeout: Annotated[
        float,
        typer.Option("--timeout", metavar="SECONDS", min=0.1, help="How long a request may take."),
    ] = 30.0,
) -> None:
    """Ask a witness on the network to cosign your ledger's head, and keep it with its signature.

    It speaks the C2SP tlog-witness protocol, as public witnesses do. They must know your key.

    \b
    claims witness request https://witness.example.org --witness VKEY
    """
    from ledger.cli.context import open_ledger
    from ledger.cli.witness_words import given_key, say_obtained
    from ledger.note import COSIGNATURE
    from ledger.witness_client import request_cosignature

    key = given_key(vkey, "--witness", COSIGNATURE)
    log = open_ledger().log
    say_obtained(request_cosignature(log, url, key, timeout_seconds=timeout))


witness = typer.Typer(
    name="witness",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Cosign heads of somebody's ledger, each only when it extends what you saw before.",
)
for command in (init, trust, cosign, show, request):
    witness.command(short_help=(command.__doc__ or "").partition("\n")[0])(command)

COMMANDS = {"witness": witness}
