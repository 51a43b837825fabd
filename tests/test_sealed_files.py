"""Sealed segments as files: frames, tables, what others sealed, what was damaged."""

import io
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise, product
from pathlib import Path

import pytest
import zstandard
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from log_tools import NOON, ORIGIN, draft

from events.codec import encode_batch
from events.record import Placing
from ledger.errors import Differs
from ledger.sealed import DamagedFrame, find_frames, write_frames
from ledger.segment_file import SealedFile, open_segment
from ledger.segments import find_line, last_line, read_blocks, read_window, readable_blocks

COUNT = 3000


def lines_of(count: int) -> list[bytes]:
    """Real lines of very different lengths."""
    lengths = [(number * 7919) % 1400 if number % 97 else 65_000 for number in range(count)]
    return [
        encode_batch(
            [draft(number, "x" * (length % 331) + str(length) * (length // 6))],
            Placing(origin=ORIGIN, first=number, count=1, time=NOON),
        )[0]
        for number, length in enumerate(lengths)
    ]


def sealed(blocks: list[bytes]) -> bytes:
    """What sealing writes for blocks of lines."""
    target = io.BytesIO()
    with ThreadPoolExecutor(2) as threads:
        assert sum(write_frames(blocks, target, threads)) == sum(map(len, blocks))
    return target.getvalue()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[bytes]]:
    """The same lines plain and sealed."""
    folder, lines = tmp_path_factory.mktemp("both"), lines_of(COUNT)
    plain = folder / f"{0:020d}.jsonl"
    plain.write_bytes(b"".join(line + b"\n" for line in lines))
    packed = folder / "sealed" / f"{0:020d}.jsonl.zst"
    packed.parent.mkdir()
    packed.write_bytes(sealed(list(read_blocks(plain))))
    return plain, packed, lines


def others(plain: Path, folder: Path) -> list[Path]:
    """The same lines as others may seal them: one frame, cut anywhere, with skippable frames."""
    data = plain.read_bytes()
    cuts = [0, 1, 70_000, 70_100, 900_000, len(data) // 2, len(data)]
    frames = [zstandard.compress(data[a:b]) for a, b in pairwise(cuts)]
    skippable = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    made = {
        "one": zstandard.compress(data),
        "cut": b"".join(frames),
        "skipped": skippable + skippable.join(frames) + skippable,
    }
    paths = []
    for name, content in made.items():
        path = folder / name / f"{0:020d}.jsonl.zst"
        path.parent.mkdir()
        path.write_bytes(content)
        paths.append(path)
    return paths


@examples(25, 60)
@given(st.integers(0, 4_000_000), st.none() | st.integers(0, 4_000_000))
def test_sealed_bytes_are_the_plain_ones(
    both: tuple[Path, Path, list[bytes]], start: int, end: int | None
) -> None:
    """From any byte to any other, in blocks of whole lines."""
    plain, packed, _ = both
    blocks = list(read_blocks(packed, start, end))
    assert b"".join(blocks) == b"".join(read_blocks(plain, start, end))
    assert all(block.endswith(b"\n") for block in blocks[:-1])
    assert max(map(len, blocks), default=0) < 3_000_000
    assert read_window(packed, start) == read_window(plain, start)


def test_a_sealed_line_is_found(both: tuple[Path, Path, list[bytes]], tmp_path: Path) -> None:
    """Each position is found with the same offset, however it was sealed and wherever one looks."""
    plain, packed, lines = both
    for path in (packed, *others(plain, tmp_path)):
        for position in (*range(0, COUNT, 41), COUNT - 2, COUNT - 1, COUNT, COUNT + 500):
            for share in (position / COUNT, 0.5, 0.0, 1.0):
                assert find_line(path, position, share) == find_line(plain, position)
        assert last_line(path) == last_line(plain) == (lines[-1], plain.stat().st_size)
        assert b"".join(read_blocks(path)) == plain.read_bytes()


def test_one_event_is_read_without_the_whole(
    both: tuple[Path, Path, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking up a line unpacks two frames at the most."""
    _, packed, _ = both
    unpacked: list[int] = []

    def count(file: SealedFile, index: int) -> bytes:
        unpacked.append(index)
        return frame(file, index)

    frame = SealedFile.frame
    monkeypatch.setattr(SealedFile, "frame", count)
    with SealedFile(packed) as lines:
        assert lines.frames.count > 3
    for position in range(0, COUNT, 100):
        unpacked.clear()
        find_line(packed, position)
        assert len(set(unpacked)) <= 2


def test_frames_begin_with_lines(both: tuple[Path, Path, list[bytes]]) -> None:
    """The table says the same as the frames themselves; the last line is a frame of its own."""
    plain, packed, lines = both
    with SealedFile(packed) as opened, packed.open("rb") as file:
        frames = opened.frames
        data = packed.read_bytes()
        table = data[frames.packed[-1][1] :]
        alone = find_frames(io.BytesIO(data[: -len(table)]), packed, len(data) - len(table))
        assert alone == frames == find_frames(file, packed, len(data))
    whole = plain.read_bytes()
    assert all(at == 0 or whole[at - 1 : at] == b"\n" for at in frames.plain)
    assert frames.plain[-2] == len(whole) - len(lines[-1]) - 1


@pytest.mark.parametrize("tool", ["zstdcat", "zstd"])
def test_common_tools_read_it(both: tuple[Path, Path, list[bytes]], tool: str) -> None:
    """`zstdcat` gives the plain bytes back, and `zstd --test` finds nothing wrong."""
    plain, packed, _ = both
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not here")
    arguments = [tool, str(packed)] if tool == "zstdcat" else [tool, "--test", "-q", str(packed)]
    done = subprocess.run(arguments, capture_output=True, check=True)
    assert tool == "zstd" or done.stdout == plain.read_bytes()


def test_a_damaged_frame_takes_no_other_with_it(
    both: tuple[Path, Path, list[bytes]], tmp_path: Path
) -> None:
    """All lines but those of the frame are read and found; that one raises."""
    plain, packed, lines = both
    with SealedFile(packed) as opened:
        frames = opened.frames
    data = bytearray(packed.read_bytes())
    start, end = frames.packed[1]
    data[(start + end) // 2] ^= 0xFF
    path = tmp_path / packed.name
    path.write_bytes(data)
    whole, (low, high) = plain.read_bytes(), frames.plain[1:3]
    assert b"".join(readable_blocks(path)) == whole[:low] + whole[high:]
    with pytest.raises(DamagedFrame):
        list(read_blocks(path))
    first = whole[:low].count(b"\n")
    last = first + whole[low:high].count(b"\n")
    for position, share in product((0, first - 1, last, last + 1, COUNT - 1), (0.0, 0.3, 0.5, 1.0)):
        found = find_line(path, position, share)
        assert found is not None
        assert found[0] == lines[position]
    with pytest.raises(DamagedFrame):
        find_line(path, (first + last) // 2)


@examples(50, 150)
@given(data=st.data())
def test_whatever_happened_to_it_is_told(
    both: tuple[Path, Path, list[bytes]],
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
) -> None:
    """Cut anywhere, or with any byte changed, it gives the right lines or raises Differs."""
    plain, packed, _ = both
    content = bytearray(packed.read_bytes())
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    else:
        at = data.draw(
            st.integers(0, len(content) - 1)
            | st.integers(len(content) - 100, len(content) - 1)
            | st.integers(0, 30)
        )
        content[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("hurt") / packed.name
    path.write_bytes(content)
    whole = plain.read_bytes()
    try:
        found = b"".join(read_blocks(path))
    except Differs:
        return
    assert whole.startswith(found)
    assert found == whole or path.stat().st_size < packed.stat().st_size


def test_hidden_bytes_are_refused(both: tuple[Path, Path, list[bytes]], tmp_path: Path) -> None:
    """A table that passes over a frame which other tools would read is not believed."""
    hidden = zstandard.compress(b"hidden\n")
    open_line = zstandard.compress(b"shown\n")
    table = b"".join(
        part.to_bytes(4, "little")
        for part in (0x184D2A5E, 17, len(open_line) + len(hidden), 6, 1)
    ) + b"\0" + (0x8F92EAB1).to_bytes(4, "little")  # fmt: skip
    path = tmp_path / f"{0:020d}.jsonl.zst"
    path.write_bytes(open_line + hidden + table)
    with pytest.raises(DamagedFrame):
        list(read_blocks(path))


def test_a_sealed_segment_stands_in_for_the_plain_one(
    both: tuple[Path, Path, list[bytes]], tmp_path: Path
) -> None:
    """Whoever has the plain name in hand reads the sealed one once the plain is gone."""
    plain, packed, _ = both
    shutil.copy(packed, tmp_path)
    with open_segment(tmp_path / plain.name) as lines:
        assert lines.size == plain.stat().st_size
    with pytest.raises(FileNotFoundError):
        open_segment(tmp_path / "other.jsonl")
