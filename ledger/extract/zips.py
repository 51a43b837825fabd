"""Zip files of strangers, such as documents and workbooks: looked at before they are unpacked.

Rules kept here:
- what the directory of the archive says is a true bound: `zipfile` reads no more of a member than
  that, and checks its sum;
- too many members, too much in all or in one, or a member that grows out of all proportion is
  refused before the first byte is unpacked.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ledger.errors import Refused

MAX_RATIO = 200  # of what compresses well, such as XML, it is 10 to 60
_SMALL_BYTES = 1 << 20  # which any ratio may have
_LOCKED = 0x1  # flag bit 0 of a member (APPNOTE 4.4.4)


class Limits(NamedTuple):
    """What is unpacked at most, in bytes; `is_streamed` says which members are never held whole."""

    members: int
    all_bytes: int
    member_bytes: int
    is_streamed: Callable[[str], bool] = lambda _: False


DOCUMENT = Limits(members=5_000, all_bytes=512 << 20, member_bytes=128 << 20)


def open_zip(data: bytes, name: str) -> zipfile.ZipFile:
    """Open a document that may be unpacked; raises Refused for one that may not."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused(
            f"{name} is damaged: it is no whole zip file.",
            way_out="Open it where it came from, save it again, and capture that.",
        ) from error
    what = fault(archive.infolist(), DOCUMENT)
    if what:
        raise Refused(
            f"{name} is refused unopened: {what}.",
            way_out="If it is no trap, save it as PDF or text, and capture that.",
        )
    return archive


def fault(members: Sequence[zipfile.ZipInfo], limits: Limits) -> str | None:
    """What keeps an archive from being unpacked."""
    if len(members) > limits.members:
        return f"it holds {len(members):,} files, where {limits.members:,} are taken"
    total = sum(member.file_size for member in members)
    if total > limits.all_bytes:
        return f"it would unpack to {total >> 20:,} MiB, where {limits.all_bytes >> 20:,} are taken"
    return next((what for each in members if (what := fault_of(each, limits))), None)


def fault_of(member: zipfile.ZipInfo, limits: Limits) -> str | None:
    """What keeps one member from being unpacked."""
    name, size = member.filename, member.file_size
    if member.flag_bits & _LOCKED:
        return f"{name!r} in it needs a password"
    if size > limits.member_bytes and not limits.is_streamed(name):
        return (
            f"{name!r} in it would unpack to {size >> 20:,} MiB,"
            f" where {limits.member_bytes >> 20} are taken"
        )
    ratio = size / max(member.compress_size, 1)
    if size > _SMALL_BYTES and ratio > MAX_RATIO:
        return f"{name!r} in it grows {ratio:,.0f}-fold (a zip bomb does)"
    return None
