"""Puts what was exported in its place: all of it at once, or nothing.

Rules kept here:
- an export is made in a folder of its own beside its place and moved there once it is whole;
- what lies there already stays, unless it is to be replaced (`--force`), and a folder is replaced
  only where it is an export itself.
"""

import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.disk import sync_file, sync_folder, telling
from ledger.errors import Refused

ABOUT = "about.json"
MARKS = (ABOUT, "datapackage.json")  # what a folder that was exported holds
_BLOCK = 1 << 20
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same for ever, so that the same rows make the same file


@contextmanager
def staging(target: Path | None) -> Iterator[Path]:
    """An empty folder on the disk of a target, gone afterwards; else among temporary files."""
    parent = target.resolve().parent if target else None
    if target and parent and not parent.is_dir():
        raise Refused(
            f"{target} lies in a folder that is not there.",
            way_out="Make the folder, or name another file.",
        )
    with (
        telling(target or Path()),
        TemporaryDirectory(prefix=".claims-export-", dir=parent) as made,
    ):
        yield Path(made).resolve()


def check_free(target: Path, *, force: bool) -> None:
    """Refuse a target that something lies at; raises Refused."""
    if not (target.exists() or target.is_symlink()):
        return
    if not force:
        raise Refused(
            f"{target} is there already.", way_out="Name another, or replace it with --force."
        )
    if target.is_dir() and not any((target / mark).is_file() for mark in MARKS):
        raise Refused(
            f"{target} is a folder, and no export: it is not replaced.",
            way_out="Name a new folder.",
        )


def put_file(made: Path, beside: Mapping[str, bytes], target: Path, *, force: bool) -> list[Path]:
    """Move a file to its place, after what lies beside it; gives the paths of all."""
    files = [(made, target)]
    for ending, data in beside.items():
        companion = made.with_name(made.name + ending)
        companion.write_bytes(data)
        files.insert(0, (companion, target.with_name(target.name + ending)))
    for _, place in files:
        check_free(place, force=force)
    with telling(target):
        for source, _ in files:
            sync_path(source)
        for source, place in files:
            move(source, place, force=force)
        sync_folder(target.resolve().parent)
    return [place for _, place in reversed(files)]


def put_folder(made: Path, target: Path, *, force: bool) -> None:
    """Move a folder to its place."""
    check_free(target, force=force)
    with telling(target):
        for path in made.rglob("*"):
            if path.is_file():
                sync_path(path)
        old = made.with_name("replaced")
        if target.exists():
            target.rename(old)
        made.chmod(0o755)
        made.rename(target)
        sync_folder(target.resolve().parent)
        shutil.rmtree(old, ignore_errors=True)


def move(source: Path, place: Path, *, force: bool) -> None:
    """Give a file its name; without `force` never one that is taken by now."""
    if force:
        source.replace(place)
        return
    try:
        os.link(source, place)
    except FileExistsError:
        check_free(place, force=False)
        raise
    except OSError:  # a file system without links
        check_free(place, force=False)
        source.rename(place)
    else:
        source.unlink()


def sync_path(path: Path) -> None:
    """Make a file's bytes durable."""
    with path.open("rb+") as file:
        sync_file(file.fileno())


def zip_folder(folder: Path, path: Path) -> None:
    """Zip the files of a folder in the order of their names, with times that never change."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            with (
                file.open("rb") as source,
                made.open(zip_entry(file.relative_to(folder).as_posix()), "w") as place,
            ):
                shutil.copyfileobj(source, place, _BLOCK)


def zip_entry(name: str) -> zipfile.ZipInfo:
    """A file in a zip that says nothing of when and by whom it was put there."""
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry
