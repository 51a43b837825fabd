"""New files of a site, made beside what is there and then moved in, the checkpoint last.

Rules kept here:
- nothing that is served changes before all new files are whole and durable; what was made until
  then goes again where something fails;
- the checkpoint is moved in after everything that it speaks of, and after that is durable too, so
  what a head covers can be trusted by its length alone the next time;
- what was withdrawn goes before anything comes; what nobody needs any more goes after all else.
"""

import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

from ledger.disk import sync_file, sync_folder
from ledger.publish.place import CHECKPOINT, STAGING

_FEW = 64  # files that are synced one by one; for more, the whole disk is asked once
_LAST = ("withdrawn.json", "index.html", CHECKPOINT)  # what speaks of other files comes after them


class Staging:
    """What a publication adds to a site, and what it takes away; names are paths in the site."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.folder = site / STAGING
        self.bytes_written = 0
        self._made: set[Path] = set()
        self._names: dict[str, None] = {}
        self._withdrawn: dict[str, None] = {}
        self._dropped: dict[str, None] = {}

    def __enter__(self) -> Self:
        self.clear()
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def clear(self) -> None:
        """Begin anew, and drop what an earlier publication left when it was broken off."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir()
        self._made.clear()
        self._names.clear()
        self._withdrawn.clear()
        self._dropped.clear()

    @property
    def count(self) -> int:
        """How many files will be written."""
        return len(self._names)

    @property
    def removed(self) -> int:
        """How many files will be taken away."""
        return len(self._withdrawn) + len(self._dropped)

    def holds(self, name: str) -> bool:
        """Whether a file is made anew."""
        return name in self._names

    def path(self, name: str) -> Path:
        """Where a new file is to be made."""
        path = self.folder / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        self._names[name] = None
        return path

    def put(self, name: str, data: bytes) -> None:
        """Make a new file."""
        self.path(name).write_bytes(data)

    def put_changed(self, name: str, data: bytes) -> None:
        """Make a small file anew where the site has none, or another."""
        path = self.site / name
        if not path.is_file() or path.read_bytes() != data:
            self.put(name, data)

    def withdraw(self, name: str) -> None:
        """Take a file away that must not be seen any more."""
        self._withdrawn[name] = None

    def drop(self, name: str) -> None:
        """Take a file away, if there is one, that is of no more use."""
        if (self.site / name).is_file():
            self._dropped[name] = None

    def drop_others(self, folder: str, kept: Iterable[str] = ()) -> None:
        """Take away every file of a folder of the site that is not among those named."""
        wanted = set(kept)
        for path in sorted((self.site / folder).rglob("*")):
            name = path.relative_to(self.site).as_posix()
            if name not in wanted:
                self.drop(name)

    def length(self, name: str) -> int | None:
        """How long a file of the site is, the new one where there is one; None without any."""
        path = (self.folder if name in self._names else self.site) / name
        try:
            return path.stat().st_size
        except FileNotFoundError:
            return None

    def commit(self) -> None:
        """Take away and move in, durably."""
        self._remove(self._withdrawn)
        names = sorted(self._names, key=_turn)
        self.bytes_written = sum((self.folder / name).stat().st_size for name in names)
        _sync_files([self.folder / name for name in names])
        folders = self._move([name for name in names if name != CHECKPOINT])
        for folder in sorted(folders, reverse=True):
            sync_folder(folder)
        self._move([name for name in names if name == CHECKPOINT])
        sync_folder(self.site)
        self._remove(self._dropped)
        self._remove_empty({Path(name).parent for name in self._dropped})

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            (self.site / name).unlink(missing_ok=True)

    def _remove_empty(self, folders: Iterable[Path]) -> None:
        """Remove folders of the site, and those above them, where nothing is left in them."""
        for folder in folders:
            for part in (folder, *folder.parents[:-1]):
                with suppress(OSError):  # it holds something, or is gone already
                    (self.site / part).rmdir()

    def _move(self, names: Iterable[str]) -> set[Path]:
        """Move files in; gives the folders that have new names in them."""
        touched: set[Path] = set()
        for name in names:
            target = self.site / name
            if target.parent not in touched:
                target.parent.mkdir(parents=True, exist_ok=True)
                above = (self.site / part for part in Path(name).parents)
                touched.update(above)
            os.replace(self.folder / name, target)  # noqa: PTH105  one call, no new Path for each
        return touched


def _turn(name: str) -> tuple[int, str]:
    return (_LAST.index(name) + 1 if name in _LAST else 0, name)


def _sync_files(paths: list[Path]) -> None:
    """Make files durable: thousands take seconds one by one, and Linux waits in sync(2)."""
    if len(paths) > _FEW and sys.platform == "linux":
        os.sync()
        return
    for path in paths:
        fd = os.open(path, os.O_RDONLY)
        try:
            sync_file(fd)
        finally:
            os.close(fd)
