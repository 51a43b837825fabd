"""The section of the command line: every command with its arguments, options and examples."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import click
import typer
from typer.models import ArgumentInfo
from typer.utils import get_params_from_function

from ledger.cli.app import app
from making.markdown import table


def command_group() -> click.Group:
    """The commands as click has them."""
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group)
    return group


def help_of(command: click.Command) -> tuple[str, list[str]]:
    """The sentences of a command's help, and its examples."""
    text, _, examples = (command.help or "").partition("\b\n")
    lines = examples.strip("\n").splitlines()
    return " ".join(text.split()), [
        re.sub(r"(?<=\S)( {2,})", r"\1# ", line, count=1) for line in lines
    ]


def argument_help() -> dict[tuple[str, str], str]:
    """What the code says of each command's arguments; not every click passes it on."""
    return {
        (name, argument): parameter.default.help or ""
        for name, callback in callbacks(app)
        for argument, parameter in get_params_from_function(callback).items()
        if isinstance(parameter.default, ArgumentInfo)
    }


def callbacks(of: typer.Typer, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """The function of every command, those of groups under both names."""
    for command in of.registered_commands:
        if command.callback:
            yield f"{before}{command.name}", command.callback
    for group in of.registered_groups:
        if group.typer_instance:
            yield from callbacks(group.typer_instance, f"{before}{group.name} ")


def every_command(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by its whole name, a group before those that it holds."""
    for name, command in group.commands.items():
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from every_command(command, f"{before}{name} ")


def parameter_row(parameter: click.Parameter, command: str = "") -> list[str]:
    """One argument or option: how it is written, what it takes, what it means."""
    if isinstance(parameter, click.Option):
        names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    else:
        names = f"`{parameter.metavar or (parameter.name or '').upper()}`"
    says = getattr(parameter, "help", None) or ""
    says = says or argument_help().get((command, parameter.name or ""), "")
    must = "required" if parameter.required else ""
    default = parameter.default
    shown = default not in (None, False, (), "-") and not callable(default)
    standard = f"default {default:g}" if isinstance(default, float) else f"default {default}"
    rest = "; ".join(text for text in (must, standard if shown else "") if text)
    return [names, takes(parameter), f"{says} ({rest})" if says and rest else says or rest]


def takes(parameter: click.Parameter) -> str:
    """What an argument or option takes."""
    if getattr(parameter, "is_flag", False):
        return ""
    kind = parameter.type
    if isinstance(kind, click.Choice):
        taken = ", ".join(f"`{choice}`" for choice in kind.choices)
    elif isinstance(kind, click.types.IntParamType):
        taken = "number"
    elif isinstance(kind, click.types.FloatParamType):
        taken = "seconds" if parameter.metavar == "SECONDS" else "number"
    else:
        taken = "path" if isinstance(kind, click.Path) else "text"
    several = parameter.nargs < 0 or getattr(parameter, "multiple", False)
    return f"{taken}, several" if several else taken


def usage(name: str, command: click.Command) -> str:
    """A command with its arguments, as a heading says it."""
    arguments = [
        parameter.metavar or (parameter.name or "").upper()
        for parameter in command.params
        if not isinstance(parameter, click.Option)
    ]
    return " ".join(["claims", name, *arguments])


def command_lines() -> Iterator[str]:
    """The section of the command line."""
    group = command_group()
    sentences, examples = help_of(group)
    yield from ("## The command line", "", sentences, "", "```sh", *examples, "```", "")
    yield from ("Options that stand before the command:", "")
    shown = [each for each in group.params if "completion" not in (each.name or "")]
    yield from table(["option", "takes", "meaning"], map(parameter_row, shown))
    yield "`--install-completion` and `--show-completion` set up your shell. `--help` stands"
    yield from ("behind any command.", "")
    for name, command in every_command(group):
        sentences, examples = help_of(command)
        yield from (f"### `{usage(name, command)}`", "", sentences, "")
        if examples:
            yield from ("```sh", *examples, "```", "")
        if command.params:
            head = ["argument or option", "takes", "meaning"]
            yield from table(head, (parameter_row(each, name) for each in command.params))
