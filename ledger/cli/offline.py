"""What `claims verify` says of proofs and of evidence, which are checked with no ledger at hand."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ledger.heads import Auditor
    from ledger.note import VerifierKey
    from ledger.offline import ProofVerdict


def put_proof(data: bytes, auditor: "Auditor", leaf: str | None, *, as_json: bool) -> bool:
    """Check a proof and print what it shows; whether it holds."""
    from ledger.offline import check_proof_file

    assert auditor.vkey is not None, "a proof is refused without the key"
    kept = auditor.heads[0][1] if auditor.heads else None
    verdict = check_proof_file(
        data, auditor.vkey, kept, cosigners=auditor.witnesses, leaf=given_leaf(leaf)
    )
    cosigned = len(verdict.cosigners) >= auditor.cosigners_required
    if as_json:
        put_json(verdict)
    else:
        for finding in verdict.findings:
            typer.echo(f"{finding.file}: {finding.what}")
        typer.echo("\n".join(proof_lines(verdict)) if verdict.holds else "It proves nothing.")
    if verdict.holds and not cosigned:
        typer.echo(
            f"The head is cosigned by {len(verdict.cosigners)} of the witnesses, not by"
            f" {auditor.cosigners_required}.",
            err=True,
        )
    return verdict.holds and cosigned


def given_leaf(text: str | None) -> bytes | None:
    """A leaf hash from the command line; raises UsageFault."""
    from ledger.errors import UsageFault
    from ledger.merkle import HASH_BYTES

    try:
        leaf = bytes.fromhex(text) if text else None
    except ValueError:
        leaf = b""
    if leaf is not None and len(leaf) != HASH_BYTES:
        raise UsageFault(
            f"{text!r} is no leaf hash.", field="--leaf", way_out="Give its 64 hexadecimal digits."
        )
    return leaf


def put_json(verdict: "ProofVerdict") -> None:
    """Print a verdict as one JSON object; hashes in hex."""
    import msgspec

    facts = {**msgspec.to_builtins(verdict, builtin_types=(bytes,)), "root": verdict.root.hex()}
    typer.echo(msgspec.json.encode({"holds": verdict.holds, **facts}).decode())


def proof_lines(verdict: "ProofVerdict") -> list[str]:
    """What a proof shows, for people."""
    head = f"{verdict.origin} at {verdict.size:,} events, root {verdict.root.hex()}"
    signed = [f"cosigned by {', '.join(verdict.cosigners)}"] if verdict.cosigners else []
    if verdict.old_size is not None:
        return [
            f"Proven: the log goes on from its first {verdict.old_size:,} events",
            head,
            *signed,
        ]
    lines = [f"Proven: position {verdict.position} is in the log", head, *signed]
    if verdict.event is None:
        return [*lines, "Its content was erased; its leaf hash is the one that was given."]
    event = verdict.event
    return [
        *lines,
        f"{event.type} {event.subject}, recorded {event.time} by {event.actor} ({event.agent})",
        event.line,
    ]


def put_evidence(data: bytes, vkey: "VerifierKey | None", *, as_json: bool) -> bool:
    """Check evidence of two histories and print what it shows; whether it shows them."""
    from ledger.evidence import NoEvidence, check_evidence

    try:
        found = check_evidence(data, vkey)
    except NoEvidence as error:
        if as_json:
            typer.echo(encoded_words({"holds": False, "why": str(error)}))
        else:
            typer.echo(f"It shows no two histories: {error}")
        return False
    if as_json:
        typer.echo(encoded_words({
            "holds": True, "vkey": found.key.format(), "key_given": found.key_given,
            "kept_size": found.kept.size, "kept_root": found.kept.root.hex(),
            "shown_size": found.shown.size, "shown_root": found.shown.root.hex(),
            "root": found.root.hex(),
        }))  # fmt: skip
    else:
        typer.echo("\n".join(found.sentences()))
    return True


def encoded_words(facts: dict[str, object]) -> str:
    """JSON on one line."""
    import msgspec

    return msgspec.json.encode(facts).decode()
