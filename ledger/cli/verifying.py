"""`claims verify`: nothing that the keeper says is believed; whatever is wrong is named."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ledger.heads import Auditor
    from ledger.note import VerifierKey
    from ledger.verify import Verification

BAR_SECONDS = 1.0  # work that is done sooner shows no bar


def verify(
    strict: Annotated[
        bool, typer.Option("--strict", help="Take what is not signed yet for a finding.")
    ] = False,
    log_only: Annotated[
        bool,
        typer.Option("--log-only", help="Only lines, tree and heads: not what the lines say."),
    ] = False,
    vkey: Annotated[
        str | None,
        typer.Option("--vkey", metavar="KEY", help="The log's key, as you got it from elsewhere."),
    ] = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(
            "--checkpoint", metavar="FILE", help="A head that somebody kept; may be repeated."
        ),
    ] = None,
    evidence_out: Annotated[
        Path | None,
        typer.Option(
            "--evidence-out", metavar="FILE", help="Write evidence where a kept head disagrees."
        ),
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option("--witness", metavar="KEY", help="The key of a witness; may be repeated."),
    ] = None,
    require_cosigners: Annotated[
        int,
        typer.Option(
            "--require-cosigners", min=0, help="So many of the witnesses must have signed a head."
        ),
    ] = 0,
    proof: Annotated[
        Path | None,
        typer.Option("--proof", metavar="FILE", help="Check a proof; no ledger is needed."),
    ] = None,
    leaf: Annotated[
        str | None,
        typer.Option("--leaf", metavar="HASH", help="With --proof: the leaf hash, in hex."),
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(
            "--evidence", metavar="FILE", help="Check evidence of two histories; without a ledger."
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print what was found as one JSON object.")
    ] = False,
) -> None:
    """Hash every line again; check keys, heads, documents, quotes and views. Repairs nothing.

    \b
    claims verify
    claims verify --vkey KEY --checkpoint kept-checkpoint
    claims verify --json | jq .findings
    claims verify --proof 17.tlog-proof --vkey KEY
    claims verify --evidence two-histories.json --vkey KEY
    """
    from ledger.cli.notes import read_given
    from ledger.heads import Auditor

    heads = [(str(each), read_given(each, "--checkpoint")) for each in checkpoint or ()]
    auditor = Auditor(
        vkey=given_vkey(vkey),
        heads=heads,
        witnesses=given_witnesses(witness or []),
        cosigners_required=require_cosigners,
        deep=not log_only,
        forms=not log_only,
    )
    check_together(auditor, proof, evidence)
    if proof or evidence:
        from ledger.cli.offline import put_evidence, put_proof

        given = read_given(proof or evidence or Path(), "--proof" if proof else "--evidence")
        if proof:
            holds = put_proof(given, auditor, leaf, as_json=json)
        else:
            holds = put_evidence(given, auditor.vkey, as_json=json)
    else:
        holds = verify_here(auditor, strict=strict, evidence_out=evidence_out, as_json=json)
    if not holds:
        raise typer.Exit(1)


# ── what was given ───────────────────────────────────────────────────────────────────────────


def given_vkey(text: str | None) -> "VerifierKey | None":
    """The log's key from the command line; raises UsageFault."""
    from ledger.cli.witness_words import given_key

    return given_key(text, "--vkey") if text else None


def given_witnesses(texts: list[str]) -> "list[VerifierKey]":
    """The keys of witnesses from the command line; raises UsageFault."""
    from ledger.cli.witness_words import given_key
    from ledger.note import COSIGNATURE

    return [given_key(text, "--witness", COSIGNATURE) for text in texts]


def check_together(auditor: "Auditor", proof: Path | None, evidence: Path | None) -> None:
    """Refuse options that mean nothing together; raises UsageFault."""
    from ledger.errors import UsageFault

    if proof and evidence:
        raise UsageFault("--proof and --evidence are two things.", way_out="Give one of them.")
    if proof and auditor.vkey is None:
        raise UsageFault(
            "A proof shows nothing without the key of its log.",
            field="--vkey",
            way_out="Give the verifier key, as you got it from elsewhere: --vkey KEY",
        )
    if proof and len(auditor.heads) > 1:
        raise UsageFault("A proof goes on from one head.", way_out="Give one --checkpoint.")
    if auditor.cosigners_required > len(auditor.witnesses):
        raise UsageFault(
            f"{auditor.cosigners_required} cosigners are asked for, of"
            f" {len(auditor.witnesses)} witnesses.",
            field="--require-cosigners",
            way_out="Name the witnesses that you trust by their keys: --witness KEY …",
        )


# ── a ledger ─────────────────────────────────────────────────────────────────────────────────


def verify_here(
    auditor: "Auditor", *, strict: bool, evidence_out: Path | None, as_json: bool
) -> bool:
    """Check the chosen ledger and print what was found; whether all is well."""
    from ledger.cli.context import ledger_folder
    from ledger.cli.notes import check_new
    from ledger.verify import verify_ledger

    folder = ledger_folder()
    if evidence_out:
        check_new(evidence_out, "--evidence-out")
    with progress_bar() as (stage, progress):
        found = verify_ledger(
            folder, strict=strict, auditor=auditor, stage=stage, progress=progress
        )
    put_verification(found, as_json=as_json)
    if evidence_out:
        write_evidence(folder, auditor, evidence_out)
    return not found.findings


def write_evidence(folder: Path, auditor: "Auditor", file: Path) -> None:
    """Write evidence from the first kept head that shows two histories; says so, or why not."""
    from ledger.cli.notes import write_new
    from ledger.errors import Damaged
    from ledger.evidence import NoEvidence, evidence_from_log
    from ledger.log import Log

    for name, data in auditor.heads:
        try:
            evidence = evidence_from_log(Log.open(folder), data)
        except (NoEvidence, Damaged) as error:
            why = str(error).partition("\n")[0]
            typer.echo(f"No evidence of two histories from {name}: {why}", err=True)
            continue
        write_new(file, evidence, "--evidence-out")
        typer.echo(f"Evidence of two histories: {file}", err=True)
        return


@contextmanager
def progress_bar() -> Iterator[tuple[Callable[[str], None], Callable[[int, int], None]]]:
    """A bar on a terminal for each stage that takes over a second; else nothing is shown."""
    if not sys.stderr.isatty():
        yield (lambda _: None), (lambda _done, _total: None)
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: list[TaskID] = []

        def begin(what: str) -> None:
            for task in tasks:
                bar.update(task, visible=False)
            tasks.append(bar.add_task(f"Checking the {what}", visible=False))

        def tell(done: int, total: int) -> None:
            visible = (bar.tasks[-1].elapsed or 0) > BAR_SECONDS
            bar.update(tasks[-1], completed=done, total=total, visible=visible)

        yield begin, tell


# ── what was found ───────────────────────────────────────────────────────────────────────────


def put_verification(found: "Verification", *, as_json: bool) -> None:
    """Print what was found: findings and the verdict as data, all else as words."""
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(facts_of(found)).decode())
        return
    for line in checked_lines(found):
        typer.echo(line, err=True)
    for note in found.notes:
        typer.echo(f"note: {note}", err=True)
    for finding in found.findings:
        typer.echo(str(finding))
    if found.findings:
        count = len(found.findings)
        typer.echo(f"{count} {'finding' if count == 1 else 'findings'}. Nothing changed.", err=True)
    else:
        typer.echo(f"Verified: {found.size:,} events, root {found.root.hex()}")


def facts_of(found: "Verification") -> dict[str, object]:
    """What was found, as it stands in JSON: hashes in hex."""
    import msgspec

    facts: dict[str, object] = msgspec.to_builtins(found, builtin_types=(bytes,))
    return {**facts, "root": found.root.hex()}


def checked_lines(found: "Verification") -> list[str]:
    """What was looked at, for people: one thing a line, and what was not."""
    counted = [
        (found.redactions, "erased event", "by an order in the log"),
        (found.documents, "document", "by hash"),
        (found.quotes, "quote", "against the texts"),
        (found.quotes_unchecked, "quote", "whose text is not there to be read"),
        (found.things_unchecked, "thing", "made by events that cannot be read"),
        (found.views, "view", f"against a replay of the log, {found.views_compared}"),
    ]
    signed = f"checked: {found.signed_size:,} events, tree and signature"
    lines = [
        signed,
        *(
            f"checked: {count:,} {noun}{'s' if count > 1 else ''} {how}"
            for count, noun, how in counted
            if count
        ),
    ]
    if found.cosigners:
        names = ", ".join(found.cosigners)
        lines.append(f"checked: a head of {found.cosigned_size:,} events, cosigned by {names}")
    if found.documents is None:
        lines.append("not checked: the data of the events, documents, quotes, references, views")
    elif found.views is None:
        why = ", since the log is not as it was signed" if found.findings else ""
        lines.append(f"not checked: views{why}")
    if not found.key_given:
        lines.append(
            "not checked: whose key it is. The ledger names it itself; get it from elsewhere and"
            " give it with --vkey."
        )
    return lines


COMMANDS = {"verify": verify}
