"""A stream of commands, appended batch by batch: the quick path where it is certain, else decided.

Rules kept here:
- a batch is all or nothing, and durable before its receipt is given;
- while a batch is written and synced, the next one is made;
- commands count in their order: one may name what an earlier one made, never what a later one does;
- the ledger is let go of about every second where others wait for it, now and then where nobody is
  known to, and whenever the input has to be waited for; what others appended meanwhile is taken in
  before going on;
- whatever the quick path cannot tell for certain is decided by the rule book, in its place;
- views that lack much are built before anything is read ahead, so that the memory for both is not
  taken at once, and before the ledger is taken, so that nobody has to wait for that.
"""

import gc
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from events.codec import decode_event
from events.vocabulary import RecordRedacted, Redacted
from ledger.bulk.building import build_apart
from ledger.bulk.chunk import Chunk
from ledger.bulk.deciding import Deciding, Giving
from ledger.bulk.helpers import Helpers
from ledger.bulk.made import Made
from ledger.bulk.pieces import Pieces
from ledger.bulk.running import Running
from ledger.bulk.sealing import Sealing
from ledger.bulk.sources import Source
from ledger.bulk.standing import Standing
from ledger.errors import ClaimsError
from ledger.log import Log
from ledger.session import Receipt
from ledger.terms import Recorder
from ledger.turns import leave_room
from ledger.views import open_views
from ledger.writer import Writer

CHUNK = 20_000  # commands whose names are looked up at once; more stay less near the processor
MOST_CHUNK = 100_000  # the same, where so many names stand that each time takes long
NAMES_A_COMMAND = 150  # that stand, for each command of a chunk
CHUNKS_A_COLLECTION = 10  # hardly anything is left behind in cycles
SLOW_RUN = 2_000  # commands that are prepared for the rule book at once
GATHER_SECONDS = 0.5  # for so many commands; what there is then is appended, if it makes a batch
SEAL_SECONDS = 0.5  # of a turn: a seal that is begun later would keep those waiting who wait

Notify = Callable[[Sequence[str]], None]


class Stream:
    """Appends what a source gives; a context manager. Options are those of `Writer.open`."""

    def __init__(
        self,
        log: Log,
        recorder: Recorder,
        source: Source,
        giving: Giving,
        **options: Any,  # noqa: ANN401  Writer.open says which
    ) -> None:
        self.log = log
        self.recorder = recorder
        self.options = options
        self.sealing = Sealing(wanted=options.pop("seal", True))
        self.helpers = Helpers(recorder.actor, recorder.agent)
        self.pieces = Pieces(source, self.helpers)
        self.chunk = Chunk(giving)
        self.writer: Writer | None = None
        self.running: Running | None = None
        self.begun: Made | None = None  # a batch that is being written while the next one is made
        self.done: list[Made] = []  # batches that are durable, and were not told yet
        self.behind = 0  # bytes of input that were taken up
        self.whole = False  # whether receipts are to be whole
        self.asked = False  # whether it was asked where the names of this chunk stand
        self.looked_up = 0  # how far into the chunk the slow commands are looked up

    def receipts(self, batch: int, notify: Notify | None = None) -> Iterator[Receipt]:
        """Append in batches of so many commands; each receipt is given once its batch is durable.

        Raises what `Ledger.append` raises; nothing of the batch at fault is written then.
        """
        return (made.receipt() for made in self.batches(batch, notify, whole=True))

    def batches(
        self, batch: int, notify: Notify | None = None, *, whole: bool = False
    ) -> Iterator[Made]:
        """The same, with what receipts are made of; without `whole` they give a summary alone."""
        self.whole = whole
        self.log.refresh()
        if self.log.size > CHUNK:
            build_apart(self.log)
        with collecting_later():
            done = 0
            while count := (yield from self._gather(batch)):
                yield from self._append_chunk(count, batch, notify)
                self.chunk = self.chunk.rest(count)
                done += 1
                if done % CHUNKS_A_COLLECTION == 0:
                    gc.collect(0)

    def step_aside(self) -> None:
        """Let go of the ledger, long enough for others to take it."""
        if self.writer is not None:
            self._let_go()
            leave_room()

    def _is_over(self) -> bool:
        """Whether it is time to let others in."""
        return self.writer is not None and self.writer.turn.is_over

    def _let_go(self) -> None:
        if self.writer is None:
            return
        try:
            self._finish()
            self.sealing.end()
        finally:
            writer, self.writer = self.writer, None
            writer.close()

    # ── gathering ────────────────────────────────────────────────────────────────────────────

    def _gather(self, batch: int) -> Generator[Made, None, int]:
        """Take in commands; gives how many of them are to be appended now, 0 at the end.

        They are whole batches, but for the last of all. Before more is waited for, all is told.
        """
        begun, wanted = time.monotonic(), max(self._worth_asking(), batch)
        seconds = GATHER_SECONDS * max(1, wanted // CHUNK)
        while len(self.chunk) < wanted:
            if len(self.chunk) >= batch and time.monotonic() - begun > seconds:
                break
            if self.chunk and self._is_over():
                self.step_aside()
                yield from self._told()
            if self.pieces.waits():
                if len(self.chunk) >= batch:
                    break
                self.step_aside()
                yield from self._told()
                self.chunk.give_slow(range(len(self.chunk)))  # a fault is told at once
            try:
                found = self.pieces.next()
            except ClaimsError as error:  # the file gives no more of what it had
                raise error.at(file=self.chunk.giving.file) from None
            if found is None:
                break
            self.behind = found[0].behind
            self.chunk.add(*found)
        if not self.chunk:
            self._finish()
            yield from self._told()
        return len(self.chunk) // batch * batch or len(self.chunk)

    def _worth_asking(self) -> int:
        """How many commands are worth looking names up for: more where more names stand."""
        beyond = self.running.standing.beyond if self.running else 0
        return max(CHUNK, min(beyond // NAMES_A_COMMAND, MOST_CHUNK))

    # ── appending ────────────────────────────────────────────────────────────────────────────

    def _append_chunk(self, count: int, batch: int, notify: Notify | None) -> Iterator[Made]:
        self.looked_up, self.asked = 0, False
        for start in range(0, count, batch):
            among = range(start, min(start + batch, count))
            if self.writer is None:
                self.writer = self._take_turn(start, notify)
            assert self.running is not None, "it came with the writer"
            try:
                self._foresee(among, count, batch)
                made = self.running.make(self.chunk, among)
            except ClaimsError:  # of the batches before this one all is well
                self._finish()
                yield from self._told()
                raise
            self._finish()
            if self.writer.held_seconds < SEAL_SECONDS or not self.writer.turn.is_wanted:
                self.sealing.go_on(self.writer)
            self.running.write(self.writer, self.chunk, among, made)
            self.begun = made
            self.pieces.ask_ahead()
            is_last = among.stop == count and self.pieces.ended  # then it is let go of at the end
            if self._is_over() and not is_last:
                self.step_aside()
            yield from self._told()

    def _foresee(self, among: range, count: int, batch: int) -> None:
        """Look up what a batch depends on, where that was not done for the whole chunk."""
        assert self.running is not None
        if not self.asked:
            self.chunk.give_slow(among)
            self._give_slow(among.stop, count, batch, SLOW_RUN)
            self._finish()
            self.running.ask(self.chunk, among.start)
            self.asked = True
        if among.stop > self.looked_up:
            self._finish()
            self._look_up(among, count, batch)

    def _finish(self) -> None:
        """Wait until the batch that was begun last is durable."""
        made, self.begun = self.begun, None
        if made is not None:
            assert self.writer is not None, "it is let go of only when all is durable"
            self.writer.finish()
            if self.whole:
                made.look_up(self.writer.log)
            self.done.append(made)

    def _told(self) -> Iterator[Made]:
        """The batches that became durable since they were told last."""
        while self.done:
            yield self.done.pop(0)

    def _give_slow(self, start: int, count: int, batch: int, wanted: int) -> int:
        """Prepare so many slow commands of batches to come, or a few more; tells where it ended."""
        given = 0
        while start < count and given < wanted:
            following = range(start, min(start + batch, count))
            try:
                given += len(self.chunk.give_slow(following))
            except ClaimsError:  # it is told when its own batch is due
                break
            start = following.stop
        return start

    def _look_up(self, now: range, count: int, batch: int) -> None:
        """Look up what the slow commands of this batch name, and those of the next ones."""
        assert self.running is not None
        assert self.writer is not None
        given = self.chunk.give_slow(now)
        stop = self._give_slow(now.stop, count, batch, SLOW_RUN - len(given))
        given += self.chunk.give_slow(range(now.stop, stop))
        self.running.begin(Deciding(self.running.standing, self.writer.log, self.recorder), given)
        self.looked_up = stop

    # ── turns ────────────────────────────────────────────────────────────────────────────────

    def _take_turn(self, start: int, notify: Notify | None) -> Writer:
        """Wait for the ledger, and take in what others appended since the last turn."""
        writer = Writer.open(
            self.log.folder, actor=self.recorder.actor, agent=self.recorder.agent, seal=False,
            **self.options,
        )  # fmt: skip
        self.options["expect_size"] = None  # it is that of the first batch
        try:
            if notify:
                notify(writer.notices)
            if self.running is None or not self._take_in(writer, start):
                self._begin_anew(writer, start)
            self.sealing.go_on(writer)
        except BaseException:
            writer.close()
            raise
        return writer

    def _begin_anew(self, writer: Writer, start: int) -> None:
        if self.running is not None:
            self.running.standing.views.close()
        self.running = Running(Standing(open_views(writer.log)))
        self.looked_up, self.asked = start, False

    def _take_in(self, writer: Writer, start: int) -> bool:
        """Take in what others appended; False where something was erased or cut off."""
        assert self.running is not None
        running = self.running
        if writer.size < running.size:
            return False
        if writer.size == running.size:
            return True
        running.settle()
        for line in writer.log.lines(running.size, writer.size):
            event = decode_event(line)
            if isinstance(event.data, RecordRedacted | Redacted):
                return False
            running.take_in(event, writer.log)
        self.looked_up = start
        running.size = writer.size
        return True

    # ── the end ──────────────────────────────────────────────────────────────────────────────

    def __enter__(self) -> Self:
        self.helpers.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.helpers.__exit__()
        if self.running is not None:
            self.running.standing.views.close()
        try:
            if self.writer is not None:
                self._finish()
                self.sealing.finish(self.writer)
        finally:
            self._let_go()
            self.sealing.close()


@contextmanager
def collecting_later() -> Iterator[None]:
    """Keep the garbage collector from looking through a whole chunk again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
