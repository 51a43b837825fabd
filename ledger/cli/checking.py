"""`claims check`: what is recorded, but most likely wrongly: findings with a way out."""

import os
import sys
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.context import AsOf, open_as_of
from ledger.cli.output import FormatOption, Output, put_rows
from ledger.cli.stopping import stoppable

if TYPE_CHECKING:
    from projections.catalog import Definition

BRIEF = ("severity", "check", "subject", "position", "finding")
SHOWN = 10  # findings of each check, unless told otherwise
NARROWEST = 40  # columns; a narrower terminal is not wrapped for


class Severity(StrEnum):
    """How grave a finding is: wrong for certain, likely wrong, or worth knowing."""

    error = "error"
    warning = "warning"
    note = "note"


def check(
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CHECK", help="Only this check; may be given repeatedly."),
    ] = None,
    severity: Annotated[
        Severity, typer.Option("--severity", help="Only findings that are at least so grave.")
    ] = Severity.note,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=0, help="Of each check at most so many; else 10 are shown."),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="List the checks with what they mean.")
    ] = False,
    as_of: AsOf = None,
    every: Annotated[bool, typer.Option("--all", help="Show every column in the table.")] = False,
    form: FormatOption = None,
    output: Output = None,
) -> None:
    """Look for what is recorded, but most likely wrongly; each finding says what to do.

    The exit code is 1 when something was found, 0 when nothing was. Whether a claim is true is not
    looked at; `claims verify` checks that nothing was altered.

    \b
    claims check
    claims check --list
    claims check --only number_contradicts_words --only published_before_said
    claims check --severity error --as-of 2026-11-01
    claims check --format csv --output findings.csv
    """
    from ledger.cli.verifying import progress_bar
    from projections.checks import counts, findings, run_checks

    chosen = chosen_checks(only or [], severity)
    if listing:
        list_checks(chosen)
        return
    ledger = open_as_of(as_of)
    connection = ledger.views().connection
    with progress_bar() as (begin, tell):
        begin("data")
        stoppable(connection, lambda: run_checks(connection, chosen, tell))
    found = counts(connection)
    if form is None and output is None:
        most = SHOWN if limit is None else limit
        put_groups(chosen, found, findings(connection, most).fetchall(), most)
    else:
        put_rows(findings(connection, limit), form, output, () if every else BRIEF)
    typer.echo(summary(chosen, found, ledger.size), err=True)
    if found:
        raise typer.Exit(1)


def chosen_checks(names: Sequence[str], least: Severity) -> "list[Definition]":
    """The checks of some names, or all, that are grave enough; raises UsageFault."""
    import difflib

    from ledger.errors import UsageFault
    from projections.checks import SEVERITIES, checks

    there = {each.name: each for each in checks()}
    for name in names:
        if name not in there:
            near = difflib.get_close_matches(name, there, n=1)
            hint = f"Did you mean {near[0]}?" if near else "`claims check --list` lists them."
            raise UsageFault(f"There is no check {name!r}.", field="--only", way_out=hint)
    grave = SEVERITIES[: SEVERITIES.index(least) + 1]
    return [
        each
        for name, each in there.items()
        if each.header["severity"] in grave and (not names or name in names)
    ]


def list_checks(chosen: "Sequence[Definition]") -> None:
    """Say of each check what it finds, why that matters and what to do."""
    for number, each in enumerate(chosen):
        head = each.header
        typer.echo(("\n" if number else "") + heading(each))
        for word, text in (("finds", head["finds"]), ("why", head["why"]), ("do", head["do"])):
            typer.echo(wrapped(f"{word}: {text}", "  ", "      "))


# ── what was found ───────────────────────────────────────────────────────────────────────────


def put_groups(
    chosen: "Sequence[Definition]",
    found: Mapping[str, int],
    rows: Sequence[tuple[Any, ...]],
    most: int,
) -> None:
    """Print findings under the checks that found them, with how many there are of each."""
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        groups.setdefault(row[1], []).append(row)
    first = True
    for each in chosen:
        if each.name not in found:
            continue
        count = found[each.name]
        typer.echo(("" if first else "\n") + f"{heading(each)}: {counted(count, 'finding')}")
        first = False
        for row in groups.get(each.name, ()):
            put_finding(*row[2:])
        if count > most:
            more = f"{count - most:,} more: claims check --only {each.name} --limit {count}"
            typer.echo(f"  … and {more}")


def put_finding(subject: str, position: int, finding: str, way_out: str) -> None:
    """Print one finding: what and where, then the way out."""
    from ledger.cells import harmless, one_line

    text = one_line(harmless(finding))
    typer.echo(wrapped(f"{subject} (position {position}): {text}", "  ", "    "))
    typer.echo(wrapped(f"do: {one_line(harmless(way_out))}", "    ", "        "))


def heading(check: "Definition") -> str:
    """A check with its severity; bold on a terminal."""
    text = f"{check.header['severity']} {check.name}"
    if sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        return typer.style(text, bold=True)
    return text


def wrapped(text: str, first: str, rest: str) -> str:
    """Text that fits a terminal; one line elsewhere, so that programs find it."""
    import shutil

    width = shutil.get_terminal_size((100, 24)).columns
    if not sys.stdout.isatty() or width < NARROWEST:
        return first + text
    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )


def summary(chosen: "Sequence[Definition]", found: Mapping[str, int], size: int) -> str:
    """How much was found, by how many checks, in how many events."""
    looked = f"{counted(len(chosen), 'check')} of {counted(size, 'event')}"
    if not found:
        return f"No finding by {looked}."
    kinds: Counter[str] = Counter()
    for each in chosen:
        kinds[each.header["severity"]] += found.get(each.name, 0)
    parts = ", ".join(counted(kinds[each], each) for each in Severity if kinds[each])
    return f"{counted(sum(found.values()), 'finding')} by {looked}: {parts}."


def counted(count: int, noun: str) -> str:
    """`1 finding`, `2,000 findings`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


COMMANDS = {"check": check}
