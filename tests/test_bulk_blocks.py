"""Blocks of commands: read by other processes as by this one, also of a file that gets shorter."""

import json
import os
from pathlib import Path

import pytest

from benchmarks.generate import commands as generated
from ledger.api import Ledger
from ledger.bulk import sources, stream
from ledger.bulk.blocks import Block, Extent
from ledger.bulk.deciding import Giving
from ledger.bulk.helpers import Helpers
from ledger.bulk.quick import Quick
from ledger.bulk.reading import Read, read_block
from ledger.bulk.sources import source_of
from ledger.bulk.stream import Stream
from ledger.errors import Refused

QUICK = Quick("ana", "person")


def test_other_processes_read_blocks_as_this_one_does(tmp_path: Path) -> None:
    """A block comes back as it would have been read here, whether it is sent or lies in a file."""
    lines = [json.dumps(each).encode() for each in generated(3, 1000)]
    data = b"\n".join([*lines, b"  ", b"nonsense", b""])
    here = Read(read_block(QUICK, data))
    (tmp_path / "commands.ndjson").write_bytes(b"before\n" + data + b"after\n")
    with (
        (tmp_path / "commands.ndjson").open("rb") as file,
        Helpers("ana", "person") as several,
    ):
        several.start(file.fileno())
        sent, lying = Block(data, 0), Block(Extent(file.fileno(), 7, len(data)), 0)
        asked = [several.ask(block) for block in (sent, lying, sent, lying)]
        assert all(each and each.result() for each in asked)  # none was left to this process
        there = [several.read(sent, each) for each in asked]
    assert here.count == 1001
    assert here.slow[-1] == 1000
    assert here.line(1000) == 1001
    for found in there:
        assert vars(found) == vars(Read(read_block(QUICK, data)))


def test_a_helper_that_ends_leaves_its_blocks_to_this_process() -> None:
    """Blocks that a process had, and those that wait for it, are read here when it is gone."""
    lines = [json.dumps(each).encode() for each in generated(3, 1000)]
    block = Block(b"\n".join(lines), 0)
    with Helpers("ana", "person") as several:
        several.start()
        asked = [several.ask(block) for _ in range(40)]
        for helper in several._started:  # as when the system ends them
            helper.child.kill()
        there = [several.read(block, each) for each in asked]
    assert not all(each and each.result() for each in asked)
    expected = vars(Read(read_block(QUICK, block.data)))
    assert all(vars(found) == expected for found in there)


def test_a_file_that_becomes_shorter_is_told(tmp_path: Path) -> None:
    """No line is taken that was cut off, whether a helper or this process reads it."""
    file = tmp_path / "commands.ndjson"
    file.write_bytes(b"\n".join(json.dumps(each).encode() for each in generated(3, 1000)))
    with file.open("rb+") as opened, Helpers("ana", "person") as several:
        block = source_of(opened.fileno()).next()
        assert block
        opened.truncate(block.behind - 1)
        several.start(opened.fileno())
        for asked in (several.ask(block), None):
            with pytest.raises(Refused, match="became shorter while it was read"):
                several.read(block, asked)


@pytest.mark.slow
def test_what_a_shorter_file_gave_before_stays(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batches that were appended are whole, and a second pass goes on from there."""
    monkeypatch.setattr(stream, "CHUNK", 100)
    monkeypatch.setattr(sources, "BLOCK_BYTES", 20_000)
    file, lines = (
        tmp_path / "commands.ndjson",
        [json.dumps(e).encode() for e in generated(3, 1000)][:300],
    )
    file.write_bytes(b"\n".join(lines))
    source, giving = source_of(os.open(file, os.O_RDONLY)), Giving("c.ndjson", tmp_path)
    assert source.file is not None
    with Stream(ledger.log, ledger.recorder, source, giving) as several:
        receipts = several.receipts(50)
        next(receipts)
        os.truncate(file, 20_000)
        with pytest.raises(Refused, match="20,000 bytes are left") as refused:
            list(receipts)
    assert refused.value.place.file == "c.ndjson"
    os.close(source.file)
    kept = ledger.size - 1
    assert kept >= 100
    assert not ledger.verify().findings
    again = list(ledger.submit_many(lines, batch=50))
    assert sum(each.unchanged for each in again) == kept
