"""Lines made many at once are those that are made one by one, and so is the log that holds them."""

import errno
import os
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from log_tools import ORIGIN, drafts, make_ledger, ticking
from strategies import texts

import ledger.writer
from benchmarks.ready import drafts_of
from events.codec import (
    NotAnEvent,
    encode_batch,
    encode_data,
    encode_lines,
    encode_rest,
    format_time,
)
from events.ids import blank_uuid7, fill_uuid7s, uuid7s
from events.record import Draft, Placing
from ledger.beside import Task
from ledger.errors import DiskFailed, Refused
from ledger.log import Log
from ledger.merkle import leaf_hash, node_hash, pair_up
from ledger.verify import verify_ledger
from ledger.writer import Writer

_some = cache(lambda: drafts_of(3, 1))  # of every type that the generator makes
_times = st.timedeltas(timedelta(), timedelta(days=10**5)).map(
    lambda passed: datetime(1970, 1, 1, tzinfo=UTC) + passed
)


@st.composite
def _drafts(draw: st.DrawFn) -> Draft:
    """An event as the ledger decides on them, with any texts about it."""
    return Draft(
        data=draw(st.sampled_from(_some())).data,
        subject=draw(texts),
        actor=draw(texts),
        agent=draw(st.sampled_from(("person", "importer", "model"))),
        key=draw(st.none() | st.just("") | st.text("abcXYZ019-_", min_size=22, max_size=22)),
    )


def plain(batch: Sequence[Draft], placing: Placing) -> list[bytes]:
    """The lines of a batch as the format says it, field by field."""

    def fields(position: int, identity: str, draft: Draft) -> dict[str, object]:
        last = placing.first + len(batch) - 1
        told = {
            "specversion": "1.0", "type": draft.data.TYPE, "source": placing.origin,
            "id": identity, "sequence": f"{position:020d}",
            "batch": f"{placing.first:020d}-{last:020d}" if len(batch) > 1 else None,
            "time": format_time(placing.time), "subject": draft.subject, "actor": draft.actor,
            "agent": draft.agent, "key": draft.key or None,
        }  # fmt: skip
        known: dict[str, object] = {
            name: value for name, value in told.items() if value is not None
        }
        return known | {"data": msgspec.Raw(encode_data(draft.data))}

    ids = uuid7s(len(batch), int(placing.time.timestamp() * 1000))
    return [
        msgspec.json.encode(fields(position, identity, draft))
        for position, (identity, draft) in enumerate(zip(ids, batch, strict=True), placing.first)
    ]


@examples(30, 500)
@given(batch=st.lists(_drafts(), min_size=1, max_size=12), first=st.integers(0, 10**15),
       origin=texts, time=_times, seed=st.integers())  # fmt: skip
def test_a_batch_is_encoded_as_its_events_one_by_one(
    batch: list[Draft], first: int, origin: str, time: datetime, seed: int
) -> None:
    """Both ways of making many lines give the bytes of the plain one, ids included."""
    placing = Placing(origin=origin, first=first, count=len(batch), time=time)
    kinds, rests = [each.data.TYPE for each in batch], [encode_rest(each)[0] for each in batch]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", lambda count: random.Random(seed).randbytes(count))
        expected = plain(batch, placing)
        assert encode_batch(batch, placing) == expected
        assert encode_lines(kinds, rests, placing) == expected


def test_a_batch_of_another_length_than_told_is_refused() -> None:
    """What the log gives to a batch is for so many events, neither more nor fewer."""
    placing = Placing(origin=ORIGIN, first=5, count=3, time=datetime.now(UTC))
    for count in (2, 4):
        with pytest.raises(ValueError, match="argument 2"):
            encode_batch(drafts(count), placing)


def test_a_line_that_is_too_long_is_refused() -> None:
    """With the subject of the event that makes it."""
    placing = Placing(origin=ORIGIN, first=5, count=2, time=datetime.now(UTC))
    long = msgspec.structs.replace(drafts(1)[0], actor="x" * 70_000)
    for batch in ([drafts(1)[0], long], [long, drafts(1)[0]]):
        with pytest.raises(NotAnEvent, match=f"^{long.subject} makes a line of 70,"):
            encode_batch(batch, placing)


@settings(deadline=None)
@given(count=st.integers(1, 40), around=st.integers(0, 9), time=st.integers(0, 2**48 - 1),
       seed=st.integers())  # fmt: skip
def test_ids_are_filled_in_as_they_are_made(count: int, around: int, time: int, seed: int) -> None:
    """Digit by digit for many at once gives the ids of one after another; nothing else changes."""
    before, behind = b"<" * around, b">" * (9 - around)
    made = bytearray((before + blank_uuid7(time) + behind) * count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", lambda count: random.Random(seed).randbytes(count))
        fill_uuid7s(made, around, 45)
        expected = [before + each.encode() + behind for each in uuid7s(count, time)]
    assert bytes(made) == b"".join(expected)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=9))
def test_a_row_is_paired_as_its_nodes_one_by_one(row: list[bytes]) -> None:
    """An odd last one is left over."""
    whole = row[: len(row) // 2 * 2]
    assert pair_up(row) == [node_hash(*whole[at : at + 2]) for at in range(0, len(whole), 2)]


# ── hashed beside the disk ───────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new ledger, whose writers hash batches of two events and more in a second thread."""
    monkeypatch.setattr(ledger.writer, "MANY", 2)
    make_ledger(tmp_path / "l")
    return tmp_path / "l"


def test_large_batches_make_the_same_log(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines, roots and stored hashes are those of a writer that does one thing after another."""
    monkeypatch.setattr(os, "urandom", lambda count: random.Random(count).randbytes(count))
    other = tmp_path / "m"
    make_ledger(other, origin="example.org/other")
    noon = datetime(2027, 1, 1, 12, tzinfo=UTC)
    written = []
    for many, each in ((2, folder), (10**9, other)):
        monkeypatch.setattr(ledger.writer, "MANY", many)
        monkeypatch.setattr(ledger.writer, "SIGN_SECONDS", 0.0 if many == 2 else 10**9)
        with Writer.open(each, actor="ana", clock=ticking(noon)) as writer:
            written.append([
                writer.append(drafts(count, first=writer.size)).lines
                for count in (1, 2, 3, 300, 1, 255, 1, 1, 700)
            ])  # fmt: skip
    told = [[line.replace(b"example.org/other", ORIGIN.encode()) for line in lines]
            for lines in written[1]]  # fmt: skip
    assert written[0] == told
    for each in (folder, other):
        lines = list(Log.open(each).lines())
        assert (each / "tree" / "0").read_bytes() == b"".join(map(leaf_hash, lines))
        assert verify_ledger(each, strict=True).findings == ()


@pytest.mark.parametrize("failing", ["write", "fsync"])
def test_a_disk_that_fails_leaves_nothing_of_a_large_batch(
    folder: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """What was acknowledged stays; the writer writes no more."""

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with Writer.open(folder, actor="ana") as writer:
        writer.append(drafts(40))
        with monkeypatch.context() as patch:
            patch.setattr(os, failing, fail)
            with pytest.raises(DiskFailed):
                writer.append(drafts(50))
        with pytest.raises(DiskFailed):
            writer.append(drafts(1))
    assert Log.open(folder).size == 41
    assert verify_ledger(folder, strict=True).findings == ()


@pytest.mark.parametrize("at", range(4))
def test_an_interruption_leaves_nothing_of_a_large_batch(
    folder: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """From the keyboard: before and after the write, before and after the sync."""
    enter, leave, calls = Task.__enter__, Task.__exit__, iter(range(4))

    def interrupt(wanted: int) -> None:
        if next(calls) == wanted:
            raise KeyboardInterrupt

    def entered(task: Task[object]) -> None:
        interrupt(at)
        enter(task)

    def left(task: Task[object], *_: object) -> None:
        leave(task)
        interrupt(at)

    writer = Writer.open(folder, actor="ana")
    writer.append(drafts(40))
    monkeypatch.setattr(Task, "__enter__", entered)
    monkeypatch.setattr(Task, "__exit__", left)
    with pytest.raises(KeyboardInterrupt), writer:
        writer.append(drafts(50))
    assert next(calls, 4) == at + 1
    log = Log.open(folder)
    assert (log.size, log.checkpoint.size) == (41, 41)
    assert verify_ledger(folder, strict=True).findings == ()


def test_a_text_that_is_none_is_refused_before_anything_is_written(folder: Path) -> None:
    """A half of a pair of surrogates has no UTF-8; the writer goes on."""
    wrong = msgspec.structs.replace(drafts(1)[0], actor="\ud800")
    with Writer.open(folder, actor="ana") as writer:
        for batch in ([wrong], [*drafts(5), wrong]):
            with pytest.raises(Refused, match="cannot be written"):
                writer.append(batch)
        assert writer.append(drafts(3)).first == 1
    assert verify_ledger(folder, strict=True).findings == ()
