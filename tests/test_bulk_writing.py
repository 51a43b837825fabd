"""In bulk a batch is written while the next one is made: what that must not change."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.generate import commands as generated
from ledger.api import Ledger
from ledger.bulk.deciding import Giving
from ledger.bulk.sources import source_of
from ledger.bulk.stream import Stream
from ledger.disk import sync_file
from ledger.errors import DiskFailed
from ledger.session import Receipt

BATCH = 250  # commands, and so many events: enough that lines are hashed beside the disk


def failing_at(call: int) -> Callable[[int], None]:
    """A sync that fails at its n-th call, as a disk does, and works before and after."""
    left = [call]

    def sync(fd: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(5, "Input/output error")
        sync_file(fd)

    return sync


def sizes(receipts: list[Receipt]) -> list[int]:
    """How large the ledger was after each batch."""
    return [each.size for each in receipts]


@pytest.mark.parametrize(
    "failing", [2, pytest.param(1, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]
)
def test_a_disk_that_fails_takes_no_earlier_batch_along(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """All batches before are told and stay; of the one at fault, and the next, nothing does."""
    commands = list(generated(8, 1000))[: 3 * BATCH]
    told: list[Receipt] = []
    with monkeypatch.context() as patched:
        patched.setattr("ledger.segments.sync_file", failing_at(failing))
        with pytest.raises(DiskFailed):
            told.extend(ledger.submit_many(commands, batch=BATCH))
    whole = [1 + BATCH * number for number in range(1, failing)]
    assert sizes(told) == whole
    assert Ledger.open(ledger.log.folder).size == (whole or [1])[-1]
    assert sizes(list(ledger.submit_many(commands, batch=BATCH)))[-1] == 1 + 3 * BATCH
    assert not ledger.verify().findings


@pytest.mark.slow
def test_who_stops_listening_leaves_a_whole_ledger(ledger: Ledger) -> None:
    """The batch that was being written meanwhile is there, signed, though nobody was told."""
    commands = list(generated(9, 1000))[: 3 * BATCH]
    stream = ledger.submit_many(commands, batch=BATCH)
    assert next(iter(stream)).size == 1 + BATCH
    stream.close()  # type: ignore[attr-defined]  # it is a generator
    size = ledger.size
    assert size in (1 + BATCH, 1 + 2 * BATCH)
    assert ledger.log.signed_size == size
    assert not ledger.verify().findings
    again = list(ledger.submit_many(commands, batch=BATCH))
    assert sum(each.unchanged for each in again) == size - 1


def test_what_is_durable_is_told_before_more_is_waited_for(ledger: Ledger, tmp_path: Path) -> None:
    """Whoever gives a batch through a pipe and waits for its receipt gets it."""
    lines = [json.dumps(each).encode() + b"\n" for each in generated(10, 1000)][: 2 * BATCH]
    reading, writing = os.pipe()
    source, giving = source_of(reading), Giving(None, tmp_path)
    with (
        os.fdopen(writing, "wb", buffering=0) as pipe,
        ThreadPoolExecutor(2) as apart,
        Stream(ledger.log, ledger.recorder, source, giving) as stream,
    ):
        receipts = stream.receipts(BATCH)
        for start in (0, BATCH):
            apart.submit(pipe.write, b"".join(lines[start : start + BATCH]))
            told = apart.submit(next, receipts).result(timeout=60)
            assert told.size == 1 + start + BATCH
        pipe.close()
        assert list(receipts) == []
    os.close(reading)
