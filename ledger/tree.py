"""The tree's hashes on disk: flat files `tree/0`, `tree/1` … of 32 bytes a hash (C2SP tlog-tiles).

File 0 has the leaf hash of every event, file n the root of every complete subtree of 256**n leaves,
so a tile is a slice of a file, and `xxd -s $((32*POSITION)) -l 32 tree/0` shows an event's leaf.

Rules kept here:
- the files are a cache of what the lines of the log say: never synced, rebuilt when wrong;
- a hash from them is believed only when it leads to a root that was signed (see `frontier_within`).
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ledger.merkle import HASH_BYTES, Frontier, pair_up, step_up

STRIDE = 8  # levels of the tree from one file to the next
_MAX_FILES = 8  # 256**8 leaves are more than a position can count


class TreeIncomplete(Exception):
    """A hash is not stored."""


def read_hashes(folder: Path, level: int, wanted: range) -> bytes:
    """The stored hashes of file `level`, one after another; raises TreeIncomplete."""
    try:
        with (folder / str(level)).open("rb") as file:
            file.seek(wanted.start * HASH_BYTES)
            data = file.read(len(wanted) * HASH_BYTES)
    except OSError as error:
        raise TreeIncomplete(str(error)) from error
    if len(data) != len(wanted) * HASH_BYTES:
        raise TreeIncomplete(f"tree/{level} ends before hash {wanted.stop}")
    return data


def subtree_root(folder: Path, level: int, index: int) -> bytes:
    """The root of a complete subtree of 2**level leaves, from at most 128 stored hashes."""
    file, above = divmod(level, STRIDE)
    data = read_hashes(folder, file, range(index << above, (index + 1) << above))
    row = [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
    for _ in range(above):
        row = pair_up(row)
    return row[0]


def grow(folder: Path, frontier: Frontier, size: int) -> None:
    """Carry a frontier on to `size` over the largest complete subtrees that lie between."""
    while frontier.size < size:
        level = step_up(frontier.size, size)
        frontier.add(level, subtree_root(folder, level, frontier.size >> level))


def frontier_at(folder: Path, size: int) -> Frontier:
    """The frontier of the first `size` leaves; not yet believed."""
    frontier = Frontier()
    grow(folder, frontier, size)
    return frontier


def frontier_within(folder: Path, size: int, signed_size: int, signed_root: bytes) -> Frontier:
    """The frontier at `size`, believed because the same hashes lead on to a signed root.

    This is a consistency proof (RFC 6962 section 2.1.2) made and checked in one go. Raises
    TreeIncomplete where the stored hashes do not reach or do not lead there.
    """
    frontier = frontier_at(folder, size)
    onward = frontier.copy()
    grow(folder, onward, signed_size)
    if onward.root() != signed_root:
        raise TreeIncomplete("the stored hashes do not lead to the signed root")
    return frontier


def check_files(folder: Path, size: int) -> None:
    """Check that every file reaches as far as a tree of `size` leaves; raises TreeIncomplete.

    The edge alone does not tell: at a power of 256 it is a single hash.
    """
    for level in range(_MAX_FILES):
        count = size >> STRIDE * level
        if count:
            read_hashes(folder, level, range(count - 1, count))


def cut(folder: Path, size: int) -> None:
    """Shorten the files to a tree of `size` leaves; a file that is short already stays as it is."""
    for level in range(_MAX_FILES):
        path = folder / str(level)
        wanted = (size >> STRIDE * level) * HASH_BYTES
        with suppress(FileNotFoundError):
            if path.stat().st_size > wanted:
                with path.open("r+b") as file:
                    file.truncate(wanted)


class TreeWriter:
    """Appends to the files."""

    def __init__(self, folder: Path, ending: str = "") -> None:
        self._folder = folder
        self._ending = ending
        self._files: dict[int, BinaryIO] = {}
        folder.mkdir(exist_ok=True)

    def append(self, rows: Sequence[Sequence[bytes]]) -> None:
        """Take the rows that `Frontier.extend` gave; every eighth is stored."""
        for level, row in enumerate(rows[::STRIDE]):
            if row:
                file = self._file(level)
                file.write(b"".join(row))
                file.flush()

    def _file(self, level: int) -> BinaryIO:
        if level not in self._files:
            path = self._folder / f"{level}{self._ending}"
            self._files[level] = path.open("ab")
        return self._files[level]

    def close(self) -> None:
        """Let go of the files; what could not be written was told of by `append`."""
        for file in self._files.values():
            with suppress(OSError):
                file.close()
        self._files.clear()


def rebuild(folder: Path, blocks: Iterable[Sequence[bytes]], root: bytes) -> Frontier | None:
    """Store the tree anew from leaf hashes: beside, then in place of the old.

    Nothing is replaced, and None comes back, when they do not have the root that was signed.
    """
    files = TreeWriter(folder, ".new")
    try:
        _drop(folder, "*.new")
        frontier = Frontier()
        for hashes in blocks:
            files.append(frontier.extend(hashes))
        if frontier.root() != root:
            return None
        _drop(folder, "[0-9]")
        for path in folder.glob("*.new"):
            path.replace(path.with_suffix(""))
        return frontier
    finally:
        files.close()
        _drop(folder, "*.new")


def _drop(folder: Path, pattern: str) -> None:
    for path in folder.glob(pattern):
        path.unlink()
