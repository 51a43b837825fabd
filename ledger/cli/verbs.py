"""Which module of this package holds which command, so that only what is run is loaded.

Rules kept here:
- a command line that names its command outright loads the module of that command and no other;
- every other one (help, completion, a word that is no command) loads them all, so that it says what
  it would say if nothing were left out.
"""

from collections.abc import Callable, Sequence
from importlib import import_module

import typer

# The modules in the order of the help, with the commands that each holds under COMMANDS.
HOLDERS: dict[str, tuple[str, ...]] = {
    "starting": ("demo", "init"),
    "recording": ("sheet", "record", "capture", "add"),
    "appending": ("append",),
    "importing": ("import",),
    "correcting": (
        "revise", "retract", "void", "relate", "assess", "judge", "add-report", "add-estimate",
    ),
    "redacting": ("redact",),
    "serving": ("serve",),
    "asking": ("view", "query", "show", "history", "search", "log"),
    "auditing": ("status", "rebuild"),
    "verifying": ("verify",),
    "checking": ("check",),
    "replaying": ("replay", "attest"),
    "plotting": ("plot",),
    "similar": ("similar",),
    "comparing": ("diff",),
    "proving": ("prove",),
    "exporting": ("export",),
    "reporting": ("report", "exhibit"),
    "publishing": ("publish",),
    "sealing": ("seal",),
    "heads": ("checkpoint",),
    "keys": ("key",),
    "witnessing": ("witness",),
}  # fmt: skip

HOLDER_OF = {name: holder for holder, names in HOLDERS.items() for name in names}


def named(words: Sequence[str]) -> str | None:
    """The command that a command line names, past `--ledger DIR`; None where anything else stands.

    `words` are the arguments after the program's name.
    """
    at = 0
    while at < len(words) and words[at].partition("=")[0] == "--ledger":
        at += 1 if "=" in words[at] else 2
    return words[at] if at < len(words) and words[at] in HOLDER_OF else None


def add_commands(app: typer.Typer, only: str | None = None) -> None:
    """Give an app its commands, or only the one of a name, and load the modules that hold them."""
    for holder in [HOLDER_OF[only]] if only else HOLDERS:
        module = import_module(f"ledger.cli.{holder}")
        for name, command in module.COMMANDS.items():
            if only in (None, name):
                add_command(app, name, command)


def add_command(app: typer.Typer, name: str, command: typer.Typer | Callable[..., None]) -> None:
    """Give an app one command, or a group of commands such as `claims witness`."""
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name, short_help=command.info.help)
        return
    first_line = (command.__doc__ or "").partition("\n")[0]
    app.command(name, short_help=first_line)(command)
