"""`claims show`: one thing whole, with its quotes in their context."""

import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.asker import LedgerAsker, Row
from ledger.cli.context import AsOf, open_as_of
from ledger.cli.receipts import counted
from ledger.cli.resolve import Found, resolve
from ledger.documents import DocumentStore
from ledger.whole import statement_whole

if TYPE_CHECKING:
    from ledger.api import Ledger

WIDTH = 92


def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID|POSITION", help="An id, the beginning of one, a name; or a position."
        ),
    ],
    as_of: AsOf = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
) -> None:
    """Show one thing whole: a statement with its quotes in context, a source, a speaker.

    A bare number is the position of an event, which is shown as it was recorded.

    \b
    claims show kabulov-2017-12-number
    claims show "Zamir Kabulov"
    claims show source/tca-2018-02 --json
    claims show 1207
    """
    ledger = open_as_of(as_of)
    if name.isascii() and name.isdigit():
        from ledger.cli.showing_event import show_event

        show_event(ledger, int(name), json=json)
        return
    found = shown_thing(ledger, resolve(ledger.views(), name))
    whole = whole_of(ledger, found)
    if json:
        from ledger.cells import encoded

        typer.echo(encoded(whole))
    else:
        lines = statement_lines(whole) if found.noun == "statement" else thing_lines(whole, found)
        typer.echo("\n".join(lines))


def shown_thing(ledger: "Ledger", found: Found) -> Found:
    """What is shown for a thing: for a report or an estimate its statement."""
    if found.noun not in ("report", "estimate"):
        return found
    rows = LedgerAsker(ledger).named("statement_of_part", id=found.id)
    return Found("statement", rows[0]["statement_id"], None)


def whole_of(ledger: "Ledger", found: Found) -> Row:
    """A statement with all of its parts; another thing with the statements recorded of it."""
    ask = LedgerAsker(ledger)
    if found.noun == "statement":
        whole = statement_whole(ask, DocumentStore(ledger.log.folder), found.id)
        assert whole is not None, "what was found is there"
        return whole
    [row] = ask.sql(f"from {found.noun}s where {found.noun}_id = $id", id=found.id)
    return row | {"statements": ask.named("statements_about", id=found.id)}


# ── statements ───────────────────────────────────────────────────────────────────────────────


def statement_lines(whole: Row) -> list[str]:
    """A statement as a person reads it."""
    said = f", {whole['said_at']}" if whole["said_at"] else ""
    lines = [
        f"statement {whole['statement_id']}",
        *wrapped(f"{whole['speaker']} ({whole['speaker_id']}), {whole['speech_act']}{said}:", "  "),
        *wrapped(whole["proposition"], "    "),
    ]
    for label, text in standing(whole):
        lines += wrapped(f"{label}: {text}", "  ")
    for estimate in whole["estimates"]:
        lines += ["", *estimate_lines(estimate)]
    for report in whole["reports"]:
        lines += ["", *report_lines(report)]
    if whole["relations"]:
        lines += [""]
    for relation in whole["relations"]:
        lines += relation_lines(relation)
    recorded = f"recorded {whole['recorded_at']:%Y-%m-%d %H:%M} UTC by {whole['actor']}"
    revised = f", revised {counted(whole['revisions'], 'time')}" if whole["revisions"] else ""
    return [*lines, "", f"  {recorded} at position {whole['position']}{revised}"]


def standing(whole: Row) -> list[tuple[str, str]]:
    """What else is to be said of a statement, where it is."""
    said: list[tuple[str, str]] = []
    if whole["attribution"] != "stated":
        others = ", ".join(whole["alternatives"] or ())
        said.append(("attribution", whole["attribution"] + (f"; or {others}" if others else "")))
    if whole["within"]:
        said.append(("told only inside", whole["within"]))
    if whole["retracted"]:
        said.append(("standing", "retracted"))
    for name in ("co_speakers", "on_behalf_of", "citing", "venue", "audience", "topics", "note"):
        value = whole[name]
        if value:
            text = ", ".join(value) if isinstance(value, list) else value
            said.append((name.replace("_", " "), text))
    return said


def estimate_lines(estimate: Row) -> list[str]:
    """A number with its hedge, its measure and its words."""
    period = f", for {estimate['reference_period']}" if estimate["reference_period"] else ""
    words = f" (“{estimate['value_text']}”)" if estimate["value_text"] else ""
    return wrapped(f"claims {estimate['claimed']}: {estimate['label']}{period}{words}", "  ")


def report_lines(report: Row) -> list[str]:
    """A report: where it stands, how it came there, and its words in context."""
    published = f", {report['published']}" if report["published"] else ""
    context = report["context"]
    line = f", line {context['line']}" if context else ""
    line += f", {context['fragment']}" if context and context["fragment"] else ""
    head = f"{report['outlet']}{published} ({report['source_id']}{line}), {report['quote_mode']}"
    lines = wrapped(f"in {head}, {report['anchor']}:", "  ")
    before, after = (context["before"], context["after"]) if context else ("", "")
    quoted = f"{before}»{report['quote']}«{after}"
    lines += wrapped(" ".join(quoted.split()), "    ")
    if report["attributed_to"]:
        lines += wrapped(f"attributed to: {report['attributed_to']}", "    ")
    if report["via"]:
        chain = [link["speaker_id"] or link["source_id"] for link in report["via"]]
        lines += wrapped(f"via: {' → '.join(chain)}", "    ")
    return lines


def relation_lines(relation: Row) -> list[str]:
    """A relation, read from this statement's side."""
    other = f"{relation['statement_id']}: {relation['speaker']}, {relation['proposition']}"
    word = relation["relation"].replace("_", " ")
    side = f"{word} →" if relation["outgoing"] else f"← {word}"
    return wrapped(f"{side} {other} ({relation['basis']})", "  ")


# ── other things ─────────────────────────────────────────────────────────────────────────────


def thing_lines(whole: Row, found: Found) -> list[str]:
    """A source, speaker or measure as a person reads it."""
    from ledger.cells import cell_text

    lines = [f"{found.noun} {found.id}"]
    for name, value in whole.items():
        if name not in ("statements", f"{found.noun}_id") and value not in (None, [], {}):
            lines += wrapped(f"{name.replace('_', ' ')}: {cell_text(value)}", "  ")
    lines += ["", f"  statements: {len(whole['statements'])}"]
    for statement in whole["statements"]:
        said = statement["said_at"] or "undated"
        claimed = f"{statement['speaker']}: {statement['proposition']}"
        lines += wrapped(f"{statement['statement_id']}  {said}  {claimed}", "    ")
    return lines


def wrapped(text: str, indent: str) -> list[str]:
    """Text in lines that fit a terminal."""
    from ledger.cells import harmless

    return textwrap.wrap(
        harmless(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
