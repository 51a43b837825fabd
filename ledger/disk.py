"""The calls on which durability rests.

Rules kept here:
- a file's bytes are durable once it is synced, its name once its folder is synced too;
- a file that is replaced is replaced whole: a synced temporary file is renamed over it;
- on macOS a sync asks the drive to empty its own cache (F_FULLFSYNC), which fsync does not.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledger.errors import DiskFailed

BINARY = getattr(os, "O_BINARY", 0)  # Windows would else write newlines of its own


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses inside the block into DiskFailed, naming a file."""
    try:
        yield
    except OSError as error:
        raise disk_failed(error, path) from error


def disk_failed(error: OSError, path: Path) -> DiskFailed:
    """What a person is told of a refusal; `path` stands in where the system names no file."""
    return DiskFailed(
        f"The operating system refused: {error.strerror or error}.",
        way_out="Nothing that was acknowledged is lost. Make room or mend the disk, then repeat.",
    ).at(file=str(error.filename or path))


def sync_file(fd: int) -> None:
    """Make an open file's bytes durable."""
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):  # a file system that cannot do it still has fsync
            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
            return
    os.fsync(fd)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; Windows keeps them with their files."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        sync_file(fd)
    finally:
        os.close(fd)


def write_all(fd: int, data: bytes) -> None:
    """Write all of the bytes, however many calls it takes (write(2) may stop short)."""
    written = os.write(fd, data)
    while written < len(data):
        written += os.write(fd, memoryview(data)[written:])


def create_file(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a new file durably, up to its name; FileExistsError where there is one."""
    _write_file(path, data, mode, os.O_EXCL)
    sync_folder(path.parent)


def replace_file(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace a file whole and durably; a reader sees the old or the new one, never a mixture."""
    beside = path.with_name(f"{path.name}.new")
    _write_file(beside, data, mode, os.O_TRUNC)
    beside.replace(path)
    sync_folder(path.parent)


def _write_file(path: Path, data: bytes, mode: int, how: int) -> None:
    """Write a file and sync it; where that fails none is left."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | BINARY | how, mode)
    try:
        write_all(fd, data)
        sync_file(fd)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(fd)
