"""The bytes of the log: finding lines in segments, writing them durably, beginning new segments."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_tools import NOON, ORIGIN, draft

from events.codec import encode_batch
from events.record import Placing
from ledger import segments
from ledger.errors import Differs
from ledger.segments import (
    Appender,
    Mark,
    find_line,
    last_line,
    list_segments,
    read_blocks,
    segment_of,
    segment_path,
)


def lines_of(*lengths: int, first: int = 0) -> list[bytes]:
    """Real lines whose texts have such lengths."""
    return [
        encode_batch(
            [draft(number, "x" * length)],
            Placing(origin=ORIGIN, first=number, count=1, time=NOON),
        )[0]
        for number, length in enumerate(lengths, first)
    ]


def write_segment(folder: Path, first: int, data: bytes) -> Path:
    """A segment with these bytes."""
    path = segment_path(folder, first)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.fixture(scope="module")
def long_segment(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes]]:
    """A segment of 3,000 lines of very different lengths, some as long as a line may be."""
    lengths = [(number * 7919) % 700 if number % 97 else 65_000 for number in range(3000)]
    lines = lines_of(*lengths)
    folder = tmp_path_factory.mktemp("long")
    return write_segment(folder, 0, b"".join(line + b"\n" for line in lines)), lines


def test_every_line_is_found(long_segment: tuple[Path, list[bytes]]) -> None:
    """Any position is found with the offset at which its line begins."""
    path, lines = long_segment
    offset = 0
    for position, line in enumerate(lines):
        if position % 13 == 0 or position > len(lines) - 5:
            assert find_line(path, position) == (line, offset)
        offset += len(line) + 1
    assert find_line(path, len(lines)) is None


def test_garbage_at_the_end_hides_no_line(long_segment: tuple[Path, list[bytes]]) -> None:
    """Lines are found also when a crash left many zeros behind them."""
    path, lines = long_segment
    whole = path.read_bytes()
    with_zeros = path.with_name("zeros")
    with_zeros.write_bytes(whole + b"\0" * 5_000_000)
    for position in (0, 1, 1500, 2998, 2999):
        found = find_line(with_zeros, position)
        assert found is not None
        assert found[0] == lines[position]


@settings(deadline=None)
@given(st.integers(0, 10_000_000), st.none() | st.integers(0, 10_000_000))
def test_blocks_are_the_bytes_of_the_file(
    long_segment: tuple[Path, list[bytes]], start: int, end: int | None
) -> None:
    """Blocks joined are the bytes asked for, and all but the last end with a line."""
    path, _ = long_segment
    blocks = list(read_blocks(path, start, end))
    assert b"".join(blocks) == path.read_bytes()[start:end]
    assert all(block.endswith(b"\n") for block in blocks[:-1])


def test_blocks_of_garbage_stay_small(tmp_path: Path) -> None:
    """A file without a single newline is not drawn into memory whole."""
    path = tmp_path / "garbage"
    path.write_bytes(b"\0" * 9_000_000)
    blocks = list(read_blocks(path))
    assert sum(len(block) for block in blocks) == 9_000_000
    assert max(len(block) for block in blocks) < 3_000_000


@pytest.mark.parametrize("torn", [b"", b"x", b"x" * 65_535])
def test_the_last_whole_line_is_found(tmp_path: Path, torn: bytes) -> None:
    """The last line that has its newline is found behind whatever was torn after it."""
    lines = lines_of(10, 64_900)
    data = b"".join(line + b"\n" for line in lines)
    path = write_segment(tmp_path, 0, data + torn)
    assert last_line(path) == (lines[-1], len(data))
    assert last_line(write_segment(tmp_path, 1, torn)) == (b"", 0)


def test_segments_are_listed_in_order(tmp_path: Path) -> None:
    """Segments come by their first position; other files do not count, nor a sealed twin."""
    for first in (200, 0, 30):
        write_segment(tmp_path, first, b"")
    (tmp_path / "log" / "notes.txt").write_text("mine")
    (tmp_path / "log" / f"{30:020d}.jsonl.zst").write_bytes(b"")
    found = list_segments(tmp_path)
    assert [one.first for one in found] == [0, 30, 200]
    assert [segment_of(found, position).first for position in (0, 29, 30, 199, 200, 999)] == [
        0, 0, 30, 30, 200, 200,
    ]  # fmt: skip


def test_a_log_without_its_beginning_is_damaged(tmp_path: Path) -> None:
    """Where the segment of position 0 is missing it is said; sealed it is there."""
    write_segment(tmp_path, 30, b"")
    with pytest.raises(Differs, match="position 0"):
        list_segments(tmp_path)
    (tmp_path / "log" / f"{0:020d}.jsonl.zst").write_bytes(b"")
    assert [one.is_sealed for one in list_segments(tmp_path)] == [True, False]


def test_a_new_segment_begins_before_a_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the active segment is large enough the next batch begins a new one, named by it."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 10)
    write_segment(tmp_path, 0, b"")
    appender = Appender(tmp_path, Mark(0, 0))
    assert appender.append(b"0123456\n", 0) == Mark(0, 8)
    assert appender.append(b"0123456\n", 1) == Mark(0, 16)
    assert appender.append(b"0123456\n89\n", 2) == Mark(2, 11)
    assert appender.append(b"x\n", 4) == Mark(4, 2)
    appender.close()
    assert [path.read_bytes() for path in sorted((tmp_path / "log").iterdir())] == [
        b"0123456\n" * 2, b"0123456\n89\n", b"x\n",
    ]  # fmt: skip


def test_a_write_that_stops_short_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """write(2) may take fewer bytes than it was given; all of them arrive."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:3]))
    appender = Appender(tmp_path, Mark(0, 0)) if write_segment(tmp_path, 0, b"") else None
    assert appender is not None
    assert appender.append(b"0123456789\n", 0) == Mark(0, 11)
    appender.close()
    assert segment_path(tmp_path, 0).read_bytes() == b"0123456789\n"


@pytest.mark.parametrize("failing", ["write", "fsync"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_what_a_failed_write_left_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, error: BaseException
) -> None:
    """After a write or sync that failed the segment ends where it did before."""
    path = write_segment(tmp_path, 0, b"first\n")
    appender = Appender(tmp_path, Mark(0, 6))

    def fail(*_: object) -> int:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(os, failing, fail)
        with pytest.raises(type(error)):
            appender.append(b"second\n", 1)
    assert path.read_bytes() == b"first\n"
    assert appender.append(b"third\n", 1) == Mark(0, 12)
    appender.close()
    assert path.read_bytes() == b"first\nthird\n"
