"""`claims capture`: a document's bytes and its text, from a file or from the web."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.context import (
    AcceptClock,
    AcceptRestored,
    Actor,
    DryRun,
    Json,
    Reason,
    Wait,
    open_ledger,
)
from ledger.cli.receipts import put_ids
from ledger.cli.writing import append_batch, put_notices, writer_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.documents import Document
    from ledger.fetch import Fetched

PATIENCE_SECONDS = 1.0  # a fetch that takes longer shows how far it is
_REFRESH_SECONDS = 0.2
_PROPOSED = ("title", "author", "published", "language", "url")
_SAYS_NOTHING = {"index", "default", "home", "main", "article", "story", "page", "view", "node"}


def capture(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|URL", help="html, pdf, docx, srt, vtt, md or txt; or its address."
        ),
    ],
    source_id: Annotated[
        str | None, typer.Option("--id", help="The source's id; else made of the file's name.")
    ] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="The outlet.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="As it stands there.")] = None,
    author: Annotated[str | None, typer.Option("--author", help="Who wrote it.")] = None,
    published: Annotated[
        str | None, typer.Option("--published", help="A date as precise as it is known: 2018-02.")
    ] = None,
    url: Annotated[str | None, typer.Option("--url", help="Where it was found.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="Such as en or fa.")] = None,
    version_of: Annotated[
        str | None, typer.Option("--version-of", help="The source that this one corrects.")
    ] = None,
    media_type: Annotated[
        str | None,
        typer.Option("--media-type", help="What it is, where name or server do not say it right."),
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="What else is to be said.")] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from addresses that are not public, too.")
    ] = False,
    actor: Actor = None,
    json: Json = False,
    dry_run: DryRun = False,
    wait: Wait = 120.0,
    accept_clock: AcceptClock = False,
    accept_restored: AcceptRestored = False,
    reason: Reason = None,
) -> None:
    """Keep a document: its bytes and its text, by their hashes, for quotes to be found in.

    The text is taken from web pages, PDF, Word documents and transcripts; what was used, and its
    version, is recorded. What a page's metadata say (title, author, date, language, address) is
    recorded where you say nothing else, and shown. A URL is fetched once, here, and nowhere else.

    \b
    claims capture article.txt --publisher "The Times of Central Asia" --published 2018-02
    claims capture https://example.org/2018/article.html --publisher "Example Herald"
    claims capture report.pdf --title "Quarterly report" --published 2018-03
    claims capture page.html --media-type "text/html;charset=windows-1251"
    """
    from ledger.given import is_address, prepare_read

    options = writer_options(
        wait, accept_clock=accept_clock, accept_restored=accept_restored, reason=reason
    )
    ledger = open_ledger(actor)
    given = {
        "source_id": source_id, "publisher": publisher, "title": title, "author": author,
        "published": published, "url": url, "language": language, "media_type": media_type,
        "version_of": version_of, "note": note,
    }  # fmt: skip
    said = {name: value for name, value in given.items() if value is not None}
    taken = (
        from_web(file, said, allow_private=allow_private)
        if is_address(file)
        else from_file(Path(file), said)
    )
    put_notices(taken.document.notes)
    raw = taken.said | proposed(taken.document, taken.said) | taken.learned
    batch = [prepare_read(raw, taken.document, taken.said)]
    with newer_version(taken.said["source_id"]):
        receipt = append_batch(ledger, batch, options, json=json, dry_run=dry_run)
    if receipt and not json:
        put_ids(receipt)


@dataclass(frozen=True)
class Taken:
    """A document, the command as the person gave it, and what else was learned on the way."""

    document: "Document"
    said: dict[str, Any]
    learned: dict[str, Any]


def from_file(path: Path, said: dict[str, Any]) -> Taken:
    """A document of a file; raises Refused."""
    from events.ids import random_id, slug
    from ledger.documents import read_document
    from ledger.errors import in_field

    with in_field("document"):
        document = read_document(path.resolve(), said.get("media_type"))
    name = said.get("source_id") or slug(path.stem) or random_id()
    return Taken(document, command(said, source_id=name, document=str(path.resolve())), {})


def from_web(url: str, said: dict[str, Any], *, allow_private: bool) -> Taken:
    """A document of the web; raises Refused."""
    from ledger.errors import UsageFault, in_field
    from ledger.fetch import fetch

    if said.get("url"):
        raise UsageFault("The address is given twice.", field="--url", way_out="Leave out --url.")
    with in_field("document"), progress() as tell:
        fetched = fetch(url, allow_private=allow_private, tell=tell)
        document = fetched.document(said.get("media_type"))
    name = said.get("source_id") or name_of(url)
    whole = command(said, source_id=name, document=url, url=url)
    return Taken(document, whole, learned(fetched, said.get("note")))


def command(said: dict[str, Any], **more: str) -> dict[str, Any]:
    """The command that a person gave."""
    return {"command": "capture_source"} | said | more


def learned(fetched: "Fetched", note: str | None) -> dict[str, Any]:
    """What is known once a document was fetched: when, and where it was in the end."""
    found = {"retrieved_at": fetched.retrieved_at}
    if fetched.final_url:
        told = f"Fetched from {fetched.final_url}, to which the address redirects."
        typer.echo(f"note: {told}", err=True)
        found["note"] = f"{note} {told}" if note else told
    return found


def name_of(url: str) -> str:
    """An id for the document of an address: its last part, or all of it where that says nothing."""
    from urllib.parse import unquote, urlsplit

    from events.ids import random_id, slug

    parts = urlsplit(url)
    last = PurePosixPath(unquote(parts.path)).stem
    told = slug(last)
    if parts.query or told in _SAYS_NOTHING or not any(letter.isalpha() for letter in told):
        told = slug(f"{parts.hostname or ''}{unquote(parts.path)}-{parts.query}")
    return told or random_id()


def proposed(document: "Document", said: dict[str, Any]) -> dict[str, Any]:
    """What the document says of itself, where the person says nothing; it is shown."""
    from ledger.cells import harmless
    from ledger.dates import parse_date
    from ledger.errors import Refused

    found = {name: getattr(document.facts, name, None) for name in _PROPOSED}
    used = {name: value for name, value in found.items() if value and name not in said}
    if "published" in used:
        try:
            parse_date(used["published"])
        except Refused:
            del used["published"]
    for name, value in used.items():
        typer.echo(f"found in the page: {name}: {harmless(value)}", err=True)
    outlet = getattr(document.facts, "publisher", None)
    if outlet and "publisher" not in said:
        told = f"publisher: {harmless(outlet)} (--publisher)"
        typer.echo(f"found in the page, not recorded: {told}", err=True)
    return used


@contextmanager
def newer_version(source_id: str) -> Iterator[None]:
    """Where the id has another document, say how to keep both."""
    from ledger.errors import Conflict

    try:
        yield
    except Conflict as error:
        if error.place.field == "source_id":
            error.way_out = (
                f"If this is a later state of that document, keep both: --id {source_id}-2"
                f" --version-of {source_id}. If it is another one: --id. A wrong entry is"
                " corrected with claims revise."
            )
        raise


@contextmanager
def progress() -> "Iterator[Callable[[int], None]]":
    """Show on a terminal how much of a document has come."""
    begun = shown_at = time.monotonic()
    shown = False

    def tell(count: int) -> None:
        nonlocal shown_at, shown
        now = time.monotonic()
        if sys.stderr.isatty() and now - begun > PATIENCE_SECONDS and now > shown_at:
            shown_at, shown = now + _REFRESH_SECONDS, True
            sys.stderr.write(f"\r{count / 1e6:,.1f} MB fetched\x1b[K")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
