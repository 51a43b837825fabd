"""The commands' frame: global options, errors and exit codes; `app` is all of it."""

import gc
import os
import sys
import threading
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.context import choose_ledger
from ledger.cli.stopping import STOPPED, was_stopped
from ledger.cli.verbs import add_commands, named

if TYPE_CHECKING:
    from ledger.errors import ClaimsError

    app: typer.Typer


OBJECTS_BETWEEN_COLLECTIONS = 200_000  # some 20 MB; Python itself looks after every 700


def show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        from importlib.metadata import version

        typer.echo(f"claims {version('claims-ledger')}")
        raise typer.Exit


def claims(
    ledger: Annotated[
        Path | None,
        typer.Option(
            "--ledger", metavar="DIR", help="The ledger; else CLAIMS_LEDGER, else upwards."
        ),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Record who said what, when, as reported by whom, in which words, provably.

    A claim in the ledger is never a fact: it says that somebody claimed it.

    \b
    claims demo                                    see it work on five news texts
    claims init my-ledger --origin example.org/me  make a ledger
    claims capture article.txt                     keep a document
    claims add --source article -s "Zamir Kabulov" -q "exceeds 10,000" -n "> 10000" -m "Fighters"
    claims view militant_estimates --plot          ask
    claims verify                                  check that nothing was altered
    """
    choose_ledger(ledger)


def app_of(command: str | None) -> typer.Typer:
    """The command line with one of its commands, or with all of them."""
    made = typer.Typer(
        name="claims",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    made.callback()(claims)
    add_commands(made, command)
    return made


def __getattr__(name: str) -> Any:  # noqa: ANN401  a module gives anything
    """Make the whole app when it is asked for: a run needs one command of it."""
    if name == "app":
        globals()["app"] = made = app_of(None)
        return made
    raise AttributeError(name)


def main() -> None:
    """Run a command; every failure becomes three short lines and its exit code.

    What a command imports is never garbage: looking for some in it now and then, and taking it all
    apart at the end, would take a fifth of the time of a short command.
    """
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    code = run()
    if code == 0 and nothing_is_pending():
        os._exit(code)
    sys.exit(code)


def nothing_is_pending() -> bool:
    """Whether a process that ends leaves nothing undone: all is printed, no thread is at work.

    What queries of much data wrote beside memory goes when their connection is closed.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return False
    database = sys.modules.get("projections.database")
    return threading.active_count() == 1 and not (database and database.has_spilled())


def run() -> int:
    """Run a command and give its exit code (DESIGN 6)."""
    from ledger.errors import ClaimsError

    try:
        check_arguments(sys.argv)
        asked = app_of(named(sys.argv[1:]))
        outcome = asked(standalone_mode=False)  # of typer.Exit, the code
        sys.stdout.flush()
    except ClaimsError as error:
        say(error)
        return error.exit_code
    except SystemExit as error:  # so click ends when nobody reads what is printed any more
        if isinstance(error.__context__, BrokenPipeError):
            return reader_left()
        raise
    except Exception as error:  # noqa: BLE001  whatever else comes is Typer's, or a bug of ours
        return outcome_of(error)
    return outcome if isinstance(outcome, int) else 0


def check_arguments(arguments: list[str]) -> None:
    """Refuse arguments that are no text: they could be neither recorded nor looked for."""
    from ledger.errors import Refused

    for before, argument in pairwise(arguments):
        if any("\ud800" <= character <= "\udfff" for character in argument):
            option = before if before.startswith("-") else None
            raise Refused(
                f"An argument is not UTF-8: {argument!r}.",
                field=option,
                way_out="Give it in UTF-8.",
            )


def outcome_of(error: Exception) -> int:
    """The exit code of what Typer raises; a bug of ours keeps its traceback."""
    from click import ClickException, exceptions

    if isinstance(error, exceptions.Exit):
        return error.exit_code
    if isinstance(error, ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, exceptions.Abort) or was_stopped(error):
        typer.echo("Stopped; nothing more was appended.", err=True)
        return STOPPED
    if isinstance(error, BrokenPipeError):
        return reader_left()
    import traceback

    traceback.print_exception(error)
    typer.echo("This is a bug of ours: please report it with the lines above.", err=True)
    return 70


def reader_left() -> int:
    """End well: `head` had seen enough. What is still to be written out goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def say(error: "ClaimsError") -> None:
    """Print an error as a person reads it: what happened, where, what to do."""
    for mark, text in (
        ("error:", error.what),
        ("   at:", str(error.place)),
        ("   do:", error.way_out),
    ):
        if text:
            typer.echo(f"{mark} {text}", err=True)
