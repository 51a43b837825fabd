"""`claims diff`: what changed between two moments, in which event, by whom and why."""

from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.asking import All, view_named
from ledger.cli.context import check_size, open_ledger
from ledger.cli.output import Format, FormatOption, Output, put_rows

if TYPE_CHECKING:
    from ledger.api import Ledger


def diff(
    start: Annotated[str, typer.Option("--from", help="A size, or a time in UTC.")],
    stop: Annotated[
        str | None, typer.Option("--to", help="A later size or time; else now.")
    ] = None,
    view: Annotated[
        list[str] | None,
        typer.Option("--view", metavar="NAME", help="Only this view; may be given several times."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    every: All = False,
    form: FormatOption = None,
    output: Output = None,
) -> None:
    """Show row by row what changed between two moments: old and new, by whom and why.

    The exit code is 1 when something changed, 0 when nothing did.

    \b
    claims diff --from 1200 --to 1300
    claims diff --from 2026-11-20 --view estimates --format json
    """
    from ledger import compare
    from ledger.errors import UsageFault

    names = dict.fromkeys(view_named(name).name for name in view or compare.RECORDED)
    ledger = open_ledger()
    first = size_at(ledger, start, "--from")
    last = ledger.size if stop is None else size_at(ledger, stop, "--to")
    if first > last:
        raise UsageFault(
            f"Size {first:,} lies after size {last:,}.",
            field="--from",
            way_out="Give the earlier moment as --from.",
        )
    rows = compare.compare(ledger.views(), first, last, names)
    count = len(rows)
    if count or form is not None or json:
        brief = () if every else compare.BRIEF
        put_rows(rows, form or (Format.json if json else None), output, brief)
    said = f"{count:,} changes" if count > 1 else "1 change" if count else "No change"
    typer.echo(f"{said} between size {first:,} and size {last:,}.", err=True)
    if count:
        raise typer.Exit(1)


def size_at(ledger: "Ledger", text: str, option: str) -> int:
    """The size that a moment stands for; says which one that is for a time."""
    from ledger.moments import parse_moment

    moment = parse_moment(text, option)
    if isinstance(moment, int):
        check_size(moment, ledger.size, option)
        return moment
    with ledger.as_of(moment) as then:
        size = then.size
    typer.echo(f"At {text} the ledger held {size:,} events.", err=True)
    return size


COMMANDS = {"diff": diff}
