"""The one writer of a ledger: takes the locks, takes up the log, appends batches, signs the head.

Rules kept here:
- a batch is acknowledged, by returning, only once it is durable; what the next batch builds on is
  replaced in one assignment after that, so an interruption leaves nothing half-changed;
- a head is signed only over acknowledged batches: before the locks are let go, and about every
  second while batches go on;
- after a write or sync that failed, this writer writes no more lines.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from events.codec import NotAnEvent, encode_batch, encode_lines, format_time
from events.record import Draft, Placing
from events.vocabulary import Agent, KeyRotated
from ledger.beside import Beside, Task
from ledger.checkpoint import Checkpoint
from ledger.disk import create_file, disk_failed, telling
from ledger.erase import finish_redaction
from ledger.errors import ClaimsError, ClockBehind, DiskFailed, Refused
from ledger.identity import check_is_ledger
from ledger.keys import KeyFiles
from ledger.locks import are_wanted, hold
from ledger.log import Log
from ledger.merkle import Frontier, leaf_hashes
from ledger.recovery import change_of_key, judge, own_events, settle
from ledger.rotate import Rotated, Signer
from ledger.seal import Progress, Sealed, seal_by_the_way, seal_segments
from ledger.segments import Appender, Mark, list_segments, segment_path
from ledger.terms import Terms, now_utc
from ledger.tree import TreeWriter
from ledger.turns import Turn

if TYPE_CHECKING:
    from concurrent.futures import Future

SIGN_SECONDS = 1.0
CLOCK_AHEAD = timedelta(minutes=10)
MANY = 200  # lines: so many are worth a second thread
WHILE_WRITING = 0.4  # of them are hashed while they are written, the others while they are synced


class Appended(NamedTuple):
    """One acknowledged batch: its positions, the log's size after it, its time and lines."""

    first: int
    last: int
    size: int
    time: datetime
    lines: list[bytes]


class _Durable(NamedTuple):
    """What is acknowledged: how many events, where they end on disk, and when the last was made."""

    size: int
    end: Mark
    time: datetime


class Writer:
    """Holds a ledger for appending, from `open` until `close`; a context manager.

    `notices` are sentences about what was found and settled, for the person who opened it; `turn`
    tells whoever appends batch after batch when to let others in.
    """

    _durable: _Durable
    _appender: Appender

    def __init__(self, log: Log, files: KeyFiles, held: ExitStack, terms: Terms) -> None:
        """Take up a log whose locks are in `held`; use `open`."""
        self._log = log
        self._files = files
        self._terms = terms
        self._held_since = self._signed_at = time.monotonic()
        self._held: ExitStack | None = held
        self._broken = False
        self._beside = Beside()  # hashes lines
        self._apart = Beside()  # writes a batch that was only begun
        self._begun: Future[Appended] | None = None
        self.notices: list[str] = []
        self.turn = Turn(self)
        with telling(log.folder):
            self._take_up(held)

    @classmethod
    def open(  # noqa: PLR0913  each is an option of the command line
        cls,
        folder: Path,
        *,
        actor: str,
        agent: Agent = "person",
        wait_seconds: float = 120.0,
        accept_clock: bool = False,
        accept_restored: str | None = None,
        expect_size: int | None = None,
        seal: bool = True,
        clock: Callable[[], datetime] = now_utc,
        log: Log | None = None,
    ) -> Self:
        """Wait for the ledger and take it up; `log` is its log, where it was looked at before.

        Raises UsageFault (no ledger), KeyMissing, KeyUnfit, Busy, SizeDiffers, HeadForgotten,
        Damaged or ClockBehind, all before anything in the log was touched; or DiskFailed.
        """
        terms = Terms(
            actor=actor, agent=agent, expect_size=expect_size, accept_restored=accept_restored,
            accept_clock=accept_clock, seal=seal, clock=clock,
        )  # fmt: skip
        if log is None:
            log = Log.open(folder)
        check_is_ledger(folder)
        files = KeyFiles.of(log.origin)
        files.check_key()  # without it there is nothing to wait for
        with hold(locks_of(folder, files), wait_seconds) as held:
            log.refresh()
            writer = cls(log, files, held, terms)
            writer._held = held.pop_all()  # from here on it is the writer that lets go
        return writer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.close()
        except ClaimsError as failure:
            if error is None:
                raise
            error.add_note(f"Besides, the head could not be signed: {failure.what}")

    @property
    def log(self) -> Log:
        """The log as far as it is acknowledged now; ask again after an append."""
        size, end, _ = self._durable
        extent = self._log.extent
        if size != extent.size:
            segments = extent.segments
            if end.segment != segments[-1].first:
                segments = tuple(list_segments(self._log.folder, segments))
            self._log.adopt(replace(extent, segments=segments, size=size, end=end))
        return self._log

    @property
    def size(self) -> int:
        """How many events are acknowledged."""
        return self._durable.size

    @property
    def held_seconds(self) -> float:
        """How long the locks have been held."""
        return time.monotonic() - self._held_since

    @property
    def is_wanted(self) -> bool:
        """Whether others wait for the ledger; True where that cannot be told."""
        return are_wanted(locks_of(self._log.folder, self._files))

    def append(self, drafts: Sequence[Draft]) -> Appended:
        """Append one batch; when this returns, it is durable.

        Raises Refused for a line over 65,535 bytes, ClockBehind, or DiskFailed, after which
        nothing of the batch counts.
        """
        assert drafts, "a batch has at least one event"
        self._prepare()
        return self._append(drafts)

    def append_ready(self, kinds: Sequence[str], rests: Sequence[bytes]) -> Appended:
        """Append one batch of events given by their types and what `encode_rest` made of them.

        The rest must be what it says it is: nothing of it is looked at. Raises like `append`.
        """
        return self._write(*self._made_ready(kinds, rests))

    def begin_ready(self, kinds: Sequence[str], rests: Sequence[bytes]) -> None:
        """Begin to append such a batch; it is acknowledged when `finish` returns.

        Until then this writer is to be asked for nothing else. Raises like `append`.
        """
        lines, placing = self._made_ready(kinds, rests)
        self._begun = self._apart.start(lambda: self._write(lines, placing))

    def finish(self) -> None:
        """Wait for a batch that was begun, if one was; raises DiskFailed."""
        if self._begun is not None:
            self._begun.exception()  # what interrupts this leaves it to be waited for again
            begun, self._begun = self._begun, None
            begun.result()

    def _made_ready(
        self, kinds: Sequence[str], rests: Sequence[bytes]
    ) -> tuple[list[bytes], Placing]:
        assert kinds, "a batch has at least one event"
        self._prepare()
        placing = self._place(len(kinds))
        try:
            return encode_lines(kinds, rests, placing), placing
        except NotAnEvent as error:
            raise Refused(f"An event cannot be written: {error}.") from error

    def _prepare(self) -> None:
        """Refuse where this writer is broken; sign about every second."""
        self._check_unbroken()
        if time.monotonic() - self._signed_at >= SIGN_SECONDS:
            self._sign()

    def rotate(self, note: str | None = None) -> Rotated:
        """Hand over to a new key, which signs from now on; durable and signed when this returns.

        Raises what `append` raises.
        """
        self._check_unbroken()
        self._sign()
        old, origin, terms = self._log.verifier, self._log.origin, self._terms
        with telling(self._files.folder):
            new = self._signer.prepare(self.size)
        data = KeyRotated(verifier_key=new.format(), note=note)
        subject = f"ledger/{origin}"
        try:
            done = self._append(
                [Draft(data=data, subject=subject, actor=terms.actor, agent=terms.agent)]
            )
        except ClaimsError:
            self._signer.withdraw()
            raise
        self._sign()
        return Rotated(done.first, old, new)

    def sign(self) -> None:
        """Sign a head over all that is acknowledged, now."""
        self._check_unbroken()
        self._sign()

    def reopen(self) -> None:
        """Go on at the end of the log after segments were replaced by others of the same events."""
        segment = self._durable.end.segment
        end = Mark(segment, segment_path(self._log.folder, segment).stat().st_size)
        self._appender.reopen(end)
        self._durable = self._durable._replace(end=end)
        self._log.adopt(replace(self.log.extent, end=end))

    def seal(self, progress: Progress | None = None) -> Sealed:
        """Sign, then seal every segment that can be; `progress` is told of bytes."""
        self.sign()
        try:
            return seal_segments(self._log, progress)
        finally:
            self._list_again()

    def _seal_by_the_way(self) -> None:
        """Seal the segments that this writer filled; what fails is done when it is asked for."""
        filled = self._durable.end.segment != self._first_segment
        if filled and self._terms.seal and not self._broken:
            with suppress(ClaimsError):
                seal_by_the_way(self._log)
            self._list_again()

    def _list_again(self) -> None:
        extent = self.log.extent
        segments = tuple(list_segments(self._log.folder, extent.segments))
        self._log.adopt(replace(extent, segments=segments))

    def close(self) -> None:
        """Sign what is acknowledged and let go of the ledger; a second time does nothing."""
        held, self._held = self._held, None
        if held is not None:
            with held:
                try:
                    self.finish()
                finally:
                    self._apart.close()
                    self._beside.close()
                    self._sign()
                    self._seal_by_the_way()

    # ── taking up ────────────────────────────────────────────────────────────────────────────

    def _take_up(self, held: ExitStack) -> None:
        """Judge what was found, then settle it, record and sign that, and remember the head."""
        log, terms = self._log, self._terms
        found = judge(log, self._files.read_head(log.chain), terms)
        log.adopt(replace(log.extent, size=found.tail.size, end=found.tail.end))
        self._signer = Signer(self._files, log.chain, log.size, change_of_key(log))
        self._frontier: Frontier = found.signed  # of what is in the stored tree
        self._fresh: list[bytes] = found.tail.hashes  # leaf hashes from there on
        self._durable = _Durable(found.tail.size, found.tail.end, log.last_time)
        drafts = own_events(found, log, terms)
        if drafts:
            self._next_time()  # a clock that is refused is refused before anything is touched
        self.notices += [*self._signer.settle(), *self._files.warnings(), *settle(log, found)]
        self._open_files(held)
        if drafts:
            self._append(drafts)
        self._sign()
        if found.remembered != log.checkpoint:
            self._files.write_head(log.extent.note)
        self.notices += finish_redaction(self)

    def _open_files(self, held: ExitStack) -> None:
        folder, (size, end, _) = self._log.folder, self._durable
        if not segment_path(folder, end.segment).exists():  # sealed: nothing is added to it
            end = Mark(size, 0)
            create_file(segment_path(folder, size), b"")
            self._durable = self._durable._replace(end=end)
            self._list_again()
        self._first_segment = end.segment
        self._appender = Appender(folder, end)
        held.callback(self._appender.close)
        self._tree: TreeWriter | None = TreeWriter(folder / "tree")
        held.callback(self._tree.close)

    # ── appending ────────────────────────────────────────────────────────────────────────────

    def _append(self, drafts: Sequence[Draft]) -> Appended:
        placing = self._place(len(drafts))
        try:
            lines = encode_batch(drafts, placing)
        except (NotAnEvent, UnicodeEncodeError) as error:
            raise Refused(f"An event cannot be written: {error}.") from error
        return self._write(lines, placing)

    def _place(self, count: int) -> Placing:
        """What the log gives to the next batch."""
        first, when = self._durable.size, self._next_time()
        return Placing(origin=self._log.origin, first=first, count=count, time=when)

    def _write(self, lines: list[bytes], placing: Placing) -> Appended:
        """Hash, write, sync: what comes after that can wait until the head is signed."""
        first, size = placing.first, placing.first + len(lines)
        data = b"\n".join([*lines, b""])
        self._broken = True  # until all is done; whatever interrupts it leaves this writer unusable
        try:
            if len(lines) < MANY:
                hashes, end = leaf_hashes(lines), self._appender.append(data, first)
            else:
                hashes, end = self._hash_beside(lines, data, first)
        except OSError as error:
            raise disk_failed(error, self._log.folder) from error
        self._fresh += hashes
        self._durable = _Durable(size, end, placing.time)
        self._broken = False
        return Appended(first, size - 1, size, placing.time, lines)

    def _hash_beside(self, lines: list[bytes], data: bytes, first: int) -> tuple[list[bytes], Mark]:
        """While the disk is at work, hash the lines, and grow the tree of those before them."""

        def hash_others() -> list[bytes]:
            hashes = leaf_hashes(lines[cut:])
            self._grow_tree()
            return hashes

        cut = int(len(lines) * WHILE_WRITING)
        some = Task(self._beside, lambda: leaf_hashes(lines[:cut]))
        others = Task(self._beside, hash_others)
        end = self._appender.append(data, first, (some, others))
        return some.result() + others.result(), end

    def _next_time(self) -> datetime:
        """The time of the next batch: the clock's, but never before the last event's."""
        now, last = self._terms.clock(), self._durable.time
        if now >= last:
            return now
        if last - now > CLOCK_AHEAD and not self._terms.accept_clock:
            raise ClockBehind(format_time(last), format_time(now))
        return last

    def _check_unbroken(self) -> None:
        if self._broken or self._held is None:
            raise DiskFailed(
                "An earlier write failed or was interrupted, so this writer writes no more.",
                way_out="Repeat the command: it takes up the log where it was acknowledged last.",
            ).at(file=str(self._log.folder))

    # ── signing ──────────────────────────────────────────────────────────────────────────────

    def _sign(self) -> None:
        """Sign a head over all that is acknowledged; nothing happens when that is done already."""
        log = self._log
        if self.size == log.checkpoint.size:
            return
        self._grow_tree()
        head = Checkpoint(log.origin, self._frontier.size, self._frontier.root())
        with telling(log.folder):
            note, chain = self._signer.sign(log.folder, head)
        log.adopt(replace(self.log.extent, note=note, checkpoint=head, chain=chain))
        self._signed_at = time.monotonic()

    def _grow_tree(self) -> None:
        """Take the hashes of all acknowledged lines into the tree, in memory and stored.

        The stored one is a cache: where it cannot be written it is left to be rebuilt.
        """
        frontier = self._frontier.copy()
        rows = frontier.extend(self._fresh[: self.size - frontier.size])
        self._frontier, self._fresh = frontier, []
        if self._tree is not None:
            try:
                self._tree.append(rows)
            except OSError:
                self._tree = None


def locks_of(folder: Path, files: KeyFiles) -> list[Path]:
    """The locks that whoever appends to a ledger holds, in the order in which they are taken."""
    return [files.lock, folder / "lock"]
