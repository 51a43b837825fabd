"""`claims key`: the key that signs a ledger; shown, brought elsewhere, changed."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.context import AcceptClock, AcceptRestored, Actor, Wait, open_ledger

if TYPE_CHECKING:
    from ledger.keys import KeyFiles
    from ledger.log import Log

key = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Show the key that signs a ledger, take it to another machine, change it.",
)


def show(
    json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
) -> None:
    """Show the verifier keys of a ledger in their order, and what lies in your key folder.

    The first key checks heads from the first event on, each other one those that cover its
    position. Whoever checks the ledger can begin with any of them. No secret is shown.

    \b
    claims key show
    claims key show --json | jq -r '.keys[-1].verifier_key'
    """
    facts = key_facts(open_ledger().log)
    if json:
        from ledger.cells import encoded

        typer.echo(encoded(facts))
        return
    for line in key_lines(facts):
        typer.echo(line)


def key_facts(log: "Log") -> dict[str, Any]:
    """The keys of a ledger, and what lies in the key folder."""
    from ledger.disk import telling
    from ledger.keys import KeyFiles

    files, chain = KeyFiles.of(log.origin), log.chain
    with telling(files.folder):
        remembered = files.read_head(chain)
        current = sum(one.position < log.signed_size for one in chain.rotations)
        positions = (0, *(one.position for one in chain.rotations))
        return {
            "origin": log.origin,
            "keys": [
                {
                    "verifier_key": each.format(),
                    "position": positions[number],
                    "in_force": number == current,
                }
                for number, each in enumerate(chain.keys)
            ],
            "key_file": file_facts(files.key),
            "signs": can_sign(files, log),
            "next": file_facts(files.next),
            "retired": [file_facts(path) for path in files.all_retired()],
            "remembered_size": remembered.size if remembered else None,
        }


def file_facts(path: Path) -> dict[str, Any]:
    """Where a key lies, if it does, and who may read it; `mode` as `chmod` writes it."""
    import stat

    there = path.exists()
    mode = f"{stat.S_IMODE(path.stat().st_mode):04o}" if there else None
    return {"file": str(path), "here": there, "mode": mode}


def can_sign(files: "KeyFiles", log: "Log") -> bool:
    """Whether the key that signs for a ledger lies here."""
    from ledger.errors import KeyMissing, KeyUnfit
    from ledger.rotate import signing_key

    try:
        signing_key(files, log.chain, log.size)
    except (KeyMissing, KeyUnfit):
        return False
    return True


def key_lines(facts: dict[str, Any]) -> list[str]:
    """The same for a person."""
    lines = [f"{'ledger':<11} {facts['origin']}"]
    for each in facts["keys"]:
        name = "signs now" if each["in_force"] else "verifier"
        lines.append(f"{name:<11} {each['verifier_key']} from position {each['position']}")
    file = facts["key_file"]
    state = f"mode {file['mode']}" if file["here"] else "not here"
    if file["here"] and not facts["signs"]:
        state += "; it does not sign for this ledger as it stands"
    lines.append(f"{'key file':<11} {file['file']} ({state})")
    if facts["next"]["here"]:
        lines.append(f"{'next key':<11} {facts['next']['file']} (prepared by a change of key)")
    lines += [
        f"{'retired':<11} {each['file']} (mode {each['mode']}; signs no more)"
        for each in facts["retired"]
    ]
    size = facts["remembered_size"]
    remembered = "none" if size is None else f"at {size:,} events, the last that was signed here"
    return [*lines, f"{'head':<11} {remembered}"]


def export(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="A new file, for you alone to read."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Print it even on a terminal, where it can be seen.")
    ] = False,
) -> None:
    """Take out the signing key, to keep a copy or to bring it to another machine.

    Whoever has it can sign for you: keep it where only you can read it, and share it with nobody.
    It is not written into the ledger, nor over a file that is there.

    \b
    claims key export -o my-ledger.key
    claims key export | ssh other claims --ledger my-ledger key import -
    """
    from ledger.cli.notes import check_new
    from ledger.errors import Refused
    from ledger.transfer import export_key, write_secret

    if output is None and sys.stdout.isatty() and not force:
        raise Refused(
            "A signing key is a secret, and a terminal keeps what it showed.",
            way_out="Write it to a file, claims key export -o FILE; or print it with `--force`.",
        )
    if output is not None:
        check_new(output, "--output")
    log = open_ledger().log
    data = export_key(log)
    if output is None:
        typer.echo(data, nl=False)
    else:
        write_secret(log, output, data)
        typer.echo(f"Wrote the signing key of {log.origin} to {output}.", err=True)
    typer.echo(
        f"note: whoever has it can sign for {log.origin}. Share it with nobody; delete it where"
        " it was only passing through.",
        err=True,
    )


def import_(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="What `claims key export` wrote; - for a pipe."),
    ],
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Let it take the place of a key that lies here; that one is kept."
        ),
    ] = False,
    wait: Wait = 120.0,
) -> None:
    """Bring the signing key of a ledger to this machine, so that it can be appended to here.

    The ledger's head is remembered with it. One machine at a time should append: two that share a
    key and not the ledger's folder would each sign a history of their own.

    \b
    claims key import my-ledger.key
    claims key import --replace retired.key
    """
    from ledger.cli.notes import STANDARD_INPUT, read_given
    from ledger.errors import Refused
    from ledger.transfer import import_key

    data = read_given(file, "FILE")
    log = open_ledger().log
    try:
        done = import_key(log, data, replace=replace, wait_seconds=wait)
    except Refused as error:
        raise error.at(file=str(file)) from None
    typer.echo(f"The key that signs for {log.origin} lies in {done.file}.", err=True)
    if done.kept:
        typer.echo(f"note: the key that lay there is kept as {done.kept}.", err=True)
    if done.behind:
        typer.echo(
            f"note: the head signed last here covers {done.behind:,} events, and this ledger does"
            " not extend it; appends need `--accept-restored --reason …`.",
            err=True,
        )
    if file != STANDARD_INPUT:
        typer.echo(f"note: {file} is still there; delete it if it was only for this.", err=True)


def rotate(
    reason: Annotated[
        str | None, typer.Option("--reason", "--note", help="Why; it is recorded.")
    ] = None,
    actor: Actor = None,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
) -> None:
    """Change the signing key: a new one signs from now on, and the old one hands over to it.

    The change is an event; the head over it is signed by both keys, so that whoever trusts the old
    verifier key can go on to the new one. A stolen key can still sign heads from before the change,
    which only heads that others kept can refute.

    The old key is kept beside the new one. It is needed only to go on from a backup from before the
    change, and can be deleted.

    \b
    claims key rotate --reason "yearly"
    claims key rotate --reason "the laptop was stolen"
    """
    from ledger.api import checked_words
    from ledger.cli.writing import put_notices, writer_options
    from ledger.writer import Writer

    note = checked_words(reason, "--reason") if reason is not None else None
    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=note
    )
    ledger = open_ledger(actor)
    with Writer.open(ledger.log.folder, actor=ledger.recorder.actor, **options) as writer:
        put_notices(writer.notices)
        done = writer.rotate(note)
    typer.echo(f"old {done.old.format()}")
    typer.echo(f"new {done.new.format()}")
    for line in after_rotation(ledger.log.origin, done.position, done.old.key_hash.hex()):
        typer.echo(line, err=True)


def after_rotation(origin: str, position: int, old_hash: str) -> list[str]:
    """What the owner of a key that was changed has to know and to do; the hash is the old key's."""
    return [
        f"A new key signs for {origin} from position {position} on; both signed the head over it.",
        "Tell those who keep the old verifier key: auditors, witnesses, readers of your site.",
        "Until then the head that both keys signed leads them on from the old one to the new one.",
        f"Make a new copy of the key (claims key export -o FILE): {old_hash} signs no more.",
    ]


VERBS: dict[str, Callable[..., None]] = {
    "show": show, "export": export, "import": import_, "rotate": rotate,
}  # fmt: skip
for name, command in VERBS.items():
    first_line = (command.__doc__ or "").partition("\n")[0]
    key.command(name, short_help=first_line)(command)

COMMANDS = {"key": key}
