"""Zip files of strangers: looked at before anything in them is unpacked.

Rules kept here:
- what the directory of the archive says is a true bound: `zipfile` reads no more of a member than
  that, and checks its sum;
- too many members, too much in all or in one, or a member that grows out of all proportion is
  refused before the first byte is unpacked.
"""

import io
import zipfile

from ledger.errors import Refused

MAX_MEMBERS = 5_000
MAX_ALL_BYTES = 512 << 20
MAX_MEMBER_BYTES = 128 << 20
MAX_RATIO = 200  # of what compresses well, such as XML, it is 10 to 30
_SMALL_BYTES = 1 << 20  # which any ratio may have

_LOCKED = 0x1  # flag bit 0 of a member (APPNOTE 4.4.4)


def open_zip(data: bytes, name: str) -> zipfile.ZipFile:
    """Open an archive that may be unpacked; raises Refused for one that may not."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused(
            f"{name} is damaged: it is no whole zip file.",
            way_out="Open it where it came from, save it again, and capture that.",
        ) from error
    what = fault(archive.infolist())
    if what:
        raise Refused(
            f"{name} is refused unopened: {what}.",
            way_out="If it is no trap, save it as PDF or text, and capture that.",
        )
    return archive


def fault(members: list[zipfile.ZipInfo]) -> str | None:
    """What keeps an archive from being unpacked."""
    if len(members) > MAX_MEMBERS:
        return f"it holds {len(members):,} files, where {MAX_MEMBERS:,} are taken"
    total = sum(member.file_size for member in members)
    if total > MAX_ALL_BYTES:
        return f"it would unpack to {total >> 20:,} MiB, where {MAX_ALL_BYTES >> 20} are taken"
    for member in members:
        if member.flag_bits & _LOCKED:
            return f"{member.filename!r} in it needs a password"
        if member.file_size > MAX_MEMBER_BYTES:
            return (
                f"{member.filename!r} in it would unpack to {member.file_size >> 20:,} MiB,"
                f" where {MAX_MEMBER_BYTES >> 20} are taken"
            )
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > _SMALL_BYTES and ratio > MAX_RATIO:
            return f"{member.filename!r} in it grows {ratio:,.0f}-fold (a zip bomb does)"
    return None
