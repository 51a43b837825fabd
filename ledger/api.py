"""The ledger as a Python object: what the command line does, in code."""

import getpass
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from events.codec import decode_event
from events.record import Event
from events.vocabulary import Agent
from ledger.errors import Place, Refused, SizeDiffers, UsageFault, in_field
from ledger.log import Log
from ledger.terms import Recorder
from ledger.texts import check_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from ledger.attest import Attested
    from ledger.bulk.quick import Ready
    from ledger.decide import Decision
    from ledger.desk import Desk, DeskKeeper
    from ledger.given import Given
    from ledger.heads import Auditor
    from ledger.redact import RedactionReceipt
    from ledger.seal import Sealed
    from ledger.session import Receipt, Session
    from ledger.verify import Verification
    from projections.database import Database

Moment = int | date | datetime

MAX_NAME = 1_000  # characters of an actor or a title
MAX_BATCH = 100_000  # commands that are appended as one, unless a batch size is asked for


class Ledger:
    """A ledger in a folder; open it, ask it, append to it.

    >>> ledger = Ledger.open("my-ledger", actor="ana")
    >>> ledger.submit({"command": "register_speaker", "kind": "person", "name": "Zamir Kabulov"})
    >>> ledger.query("from militant_estimates").df()
    """

    def __init__(self, log: Log, recorder: Recorder, moment: Moment | None = None) -> None:
        self.log = log
        self.recorder = recorder
        self.moment = moment
        self._views: Database | None = None
        self._desk: DeskKeeper | None = None

    @classmethod
    def create(
        cls, folder: str | Path, *, origin: str, title: str | None = None, actor: str | None = None
    ) -> Self:
        """Make a ledger and its signing key, which lies outside of it. Raises Conflict, Refused."""
        from ledger.create import create_ledger

        who = checked_words(actor or default_actor(), "actor")
        title = checked_words(title, "title") if title else None
        create_ledger(Path(folder), origin=origin, title=title, actor=who)
        return cls.open(folder, actor=actor)

    @classmethod
    def open(cls, folder: str | Path, *, actor: str | None = None, agent: Agent = "person") -> Self:
        """Open the ledger in a folder. Raises UsageFault where there is none, Damaged."""
        who = checked_words(actor or default_actor(), "actor")
        return cls(Log.open(Path(folder)), Recorder(who, agent))

    @property
    def size(self) -> int:
        """How many events there are, or were at the moment that this looks at."""
        if self.moment is not None:
            return self.views().size_as_of()
        self.log.refresh()
        return self.log.size

    # ── appending ────────────────────────────────────────────────────────────────────────────

    def submit(
        self,
        commands: Mapping[str, Any] | Iterable[Mapping[str, Any]],
        *,
        documents: str | Path = ".",
        **options: Any,  # noqa: ANN401  those of Writer.open, such as expect_size
    ) -> "Receipt":
        """Append commands as one atomic batch; durable when this returns.

        Commands are JSON-like objects as `claims append` takes them. Raises Refused, Conflict,
        Busy; nothing is written then. A document that a command names must lie under `documents`.
        """
        from ledger.sure import ask_ahead, taken

        raws = [commands] if isinstance(commands, Mapping) else list(commands)

        def prepared() -> "list[Given]":
            from ledger.given import prepare

            return [prepare(dict(raw), Place(), Path(documents)) for raw in raws]

        events = taken(raws, self.recorder)
        if events is None:
            return self.append(prepared(), **options)
        if self._desk and self._desk.kept:
            ask_ahead(events, self._desk.kept)
        return self.append_sure(events, prepared, **options)

    def append(
        self,
        batch: "Sequence[Given]",
        *,
        notify: Callable[[Sequence[str]], None] | None = None,
        **options: Any,  # noqa: ANN401  those of Writer.open
    ) -> "Receipt":
        """Append prepared commands as one atomic batch; see `submit`.

        `notify` is told what was found and settled, such as the traces of a crash.
        """
        if len(batch) > MAX_BATCH:
            raise UsageFault(
                f"The batch has {len(batch):,} commands; one batch has at most {MAX_BATCH:,}.",
                way_out="Append in several batches, as with --batch 1000.",
            )
        return self._append(lambda session: session.submit(batch), lambda: batch, notify, options)

    def append_sure(
        self,
        events: "Sequence[Ready]",
        prepared: "Callable[[], Sequence[Given]]",
        *,
        notify: Callable[[Sequence[str]], None] | None = None,
        **options: Any,  # noqa: ANN401  those of Writer.open
    ) -> "Receipt":
        """Append what `ledger.sure.taken` made of a few commands, as one batch; see `append`.

        Where it is not certain as things stand, `prepared` is asked for the commands themselves.
        """
        return self._append(
            lambda session: session.submit_sure(events) or session.submit(prepared()),
            prepared,
            notify,
            options,
        )

    def _append(
        self,
        submit: "Callable[[Session], Receipt]",
        prepared: "Callable[[], Sequence[Given]]",
        notify: Callable[[Sequence[str]], None] | None,
        options: dict[str, Any],
    ) -> "Receipt":
        if self.moment is not None:
            raise UsageFault(
                "This looks at an earlier moment.", way_out="Append to the ledger now."
            )
        try:
            with self.session(**options) as session:
                if notify:
                    notify(session.writer.notices)
                return submit(session)
        except SizeDiffers:
            repeated = self.repeated(prepared())
            if repeated is None:
                raise
            return repeated

    def submit_many(
        self,
        commands: Iterable[Mapping[str, Any] | bytes],
        *,
        batch: int = 1000,
        documents: str | Path = ".",
        **options: Any,  # noqa: ANN401  those of Writer.open
    ) -> "Iterator[Receipt]":
        """Append commands of any number in batches; each receipt comes once its batch is durable.

        Commands are JSON-like objects, or lines of NDJSON as bytes; memory does not grow with them.
        What was given before is left as it is, so an interrupted run can be repeated from its
        start. Raises like `submit`, with the number of the command as its line, from 1; the batches
        before stay. Nothing is appended but as the receipts are asked for, each with the batch
        after it under way; between two of them the ledger may be held: whoever takes them appends
        nothing else before all are taken.
        """
        from ledger.bulk.deciding import Giving
        from ledger.bulk.sources import CommandSource
        from ledger.bulk.stream import Stream

        if self.moment is not None:
            raise UsageFault(
                "This looks at an earlier moment.", way_out="Append to the ledger now."
            )
        if batch < 1:
            raise UsageFault("A batch has at least one command.", way_out="Give batch=1000.")
        source = CommandSource(iter(commands), batch)
        giving = Giving(None, Path(documents))
        with Stream(self.log, self.recorder, source, giving, **options) as stream:
            yield from stream.receipts(batch)

    def plan(self, batch: "Sequence[Given]") -> "list[Decision]":
        """Decide what would become of a batch; needs no key, and changes nothing."""
        from ledger.batches import decide_batch
        from ledger.known import Known
        from ledger.lookup import Lookup

        views = self.views()
        known = Known(views.size)
        Lookup(views, self.log).fill(known, batch)
        return decide_batch(batch, known, self.recorder)

    def session(self, **options: Any) -> "Session":  # noqa: ANN401  those of Writer.open
        """A writer for several batches, as a context manager; let go of it each second.

        What it knows of the ledger is kept for the next one, until `close`.
        """
        from ledger.desk import DeskKeeper
        from ledger.session import Session

        self._desk = self._desk or DeskKeeper()
        return Session.open(self.log.folder, self.recorder, self._desk, **options)

    def desk(self) -> "Desk | None":
        """What is kept for appending, at the log as it stands: to ask what would be, at once.

        None where the log goes on beyond its signed head, as while another writes.
        """
        from ledger.desk import DeskKeeper

        self._desk = self._desk or DeskKeeper()
        self.log.refresh()
        return self._desk.look(self.log)

    def repeated(self, batch: "Sequence[Given]") -> "Receipt | None":
        """The receipt of a batch all of whose commands were given before; None where one is new."""
        from ledger.batches import repeated_receipt

        return repeated_receipt(self.log, self.views(), batch)

    def redact(
        self,
        *targets: str | int,
        authority: str,
        reason: str,
        documents: Sequence[str] = (),
        note: str | None = None,
        **options: Any,  # noqa: ANN401  those of Writer.open, such as expect_size
    ) -> "RedactionReceipt":
        """Erase things `<noun>/<id>` and events at positions, under an authority; see `redact`.

        It cannot be undone. `documents` are hashes, or sources that are covered. Raises Refused,
        UnknownId, Conflict, Busy; nothing is erased then.
        """
        from ledger.redact import Order, redact
        from ledger.redaction import Asked

        asked = Asked(
            subjects=tuple(each for each in targets if isinstance(each, str)),
            positions=tuple(each for each in targets if isinstance(each, int)),
            documents=tuple(documents),
        )
        order = Order(authority=authority, reason=reason, note=note)
        self.close()
        return redact(self.log.folder, asked, order, self.recorder, **options)

    # ── asking ───────────────────────────────────────────────────────────────────────────────

    def events(self, first: int = 0, last: int | None = None) -> Iterator[Event]:
        """The events of a half-open range of positions, to the end unless told."""
        end = self.size if last is None else min(last, self.size)
        return (decode_event(line) for line in self.log.lines(min(first, end), end))

    def query(self, sql: str) -> "DuckDBPyRelation":
        """Ask the views in SQL, as of this ledger's moment; a DuckDB relation comes back."""
        return self.views().connection.sql(sql)

    def as_of(self, moment: Moment) -> "Ledger":
        """The ledger as it stood at a size, or at a time (UTC; a date means to its end)."""
        return Ledger(self.log, self.recorder, moment)

    def views(self) -> "Database":
        """The connection on which the views answer, caught up with the log."""
        if self._views is None:
            from ledger.views import open_views

            self.log.refresh()
            self._views = open_views(self.log)
            self._views.set_as_of(self.moment)
        elif self.moment is None:
            self.log.refresh()
            self._views.catch_up()
        return self._views

    def attest(self, *, note: str | None = None, **options: Any) -> "Attested":  # noqa: ANN401  those of `attest`
        """Record the digest of every view of the signed log as an event; durable when this returns.

        Takes `notify` and the options of Writer.open. Raises like `append`.
        """
        from ledger.attest import attest

        if self.moment is not None:
            raise UsageFault("This looks at an earlier moment.", way_out="Attest the ledger now.")
        if note is not None:
            with in_field("note"):
                check_text(note)
        return attest(self.log, self.recorder, note=note, **options)

    def seal(
        self,
        progress: Callable[[int, int], None] | None = None,
        **options: Any,  # noqa: ANN401  those of Writer.open
    ) -> "Sealed":
        """Seal every full segment of the log; `progress` is told of bytes. Raises like `append`."""
        from ledger.seal import seal_ledger

        return seal_ledger(self.log.folder, self.recorder, progress, **options)

    def replay(self, size: int | None = None) -> "Database":
        """Build the views anew from the log alone, up to a size; close what comes back."""
        from ledger.views import replayed

        self.log.refresh()
        return replayed(self.log, self.log.size if size is None else size)

    def verify(self, *, strict: bool = False, auditor: "Auditor | None" = None) -> "Verification":
        """Check everything, from lines and signatures to quotes and views; nothing is repaired.

        `auditor` is what you bring along, such as the log's key and heads that you kept.
        """
        from ledger.heads import Auditor
        from ledger.verify import verify_ledger

        return verify_ledger(self.log.folder, strict=strict, auditor=auditor or Auditor(deep=True))

    def prove(self, position: int) -> bytes:
        """A proof that an event is in the log as it was signed: a C2SP `.tlog-proof`, to hand on.

        Raises Refused for what is not there or not signed yet, Damaged.
        """
        from ledger.prove import current_head, inclusion_proof

        self.log.refresh()
        return inclusion_proof(self.log, position, current_head(self.log)).format()

    def close(self) -> None:
        """Let go of the views, and of what is kept for appending."""
        if self._views is not None:
            self._views.close()
            self._views = None
        if self._desk is not None:
            self._desk.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def checked_words(text: str, field: str) -> str:
    """A name or title that can stand in a line; raises Refused."""
    with in_field(field):
        check_text(text)
        if len(text) > MAX_NAME:
            raise Refused(
                f"The text has {len(text):,} characters; at most {MAX_NAME:,} are kept.",
                way_out="Shorten it; what else is to be said stands in a note.",
            )
    return text


def default_actor() -> str:
    """Who writes when nobody is named: `CLAIMS_ACTOR`, else the system's user."""
    actor = os.environ.get("CLAIMS_ACTOR")
    if actor:
        return actor
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
