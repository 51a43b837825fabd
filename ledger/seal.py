"""Sealing: full segments are written anew as zstd, and the plain ones go.

The steps, each durable before the next:
1. the sealed segment is written beside the plain one, under a name that nobody reads;
2. it is read back from the disk, and compared with the plain one byte by byte;
3. it takes its name; from here on both are there, and the plain one counts;
4. the plain one is deleted.

Rules kept here:
- whoever seals holds the ledger for writing; readers go on meanwhile;
- only a segment that the signed head covers whole, and that is not the last, is sealed;
- interrupted at any step, the ledger holds the same lines, and sealing begins again from step 1;
- a sealed segment of which one byte differs never takes its name.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from ledger.disk import sync_file, sync_folder, telling
from ledger.errors import Differs
from ledger.sealed import sealed_form, write_frames
from ledger.segment_file import PlainFile, SealedFile
from ledger.segments import Segment, list_segments, read_blocks

if TYPE_CHECKING:
    from concurrent.futures import Executor, ThreadPoolExecutor

    from ledger.log import Log
    from ledger.terms import Recorder

Progress = Callable[[int, int], None]

WORTH_BYTES = 1024 * 1024  # what is smaller is sealed only when that is asked for
MUCH_BYTES = 256 * 1024 * 1024  # what is larger takes too long to be sealed by the way
# So long both forms lie there: a program that listed the folder before, and looks at each name only
# now, as DuckDB does, would find neither.
BOTH_SECONDS = 0.1
BY_THE_WAY_SECONDS = 1.0


@dataclass(frozen=True)
class Sealed:
    """What was sealed: how many segments, and how many bytes they had and have now."""

    segments: int = 0
    plain_bytes: int = 0
    sealed_bytes: int = 0


def sealable(log: "Log") -> list[Segment]:
    """The plain segments that the signed head covers whole, but for the last."""
    return [
        one
        for one, following in pairwise(list_segments(log.folder))
        if not one.is_sealed and following.first <= log.signed_size
    ]


def seal_segments(log: "Log", progress: Progress | None = None) -> Sealed:
    """Seal all that can be; `progress` is told of bytes. Raises DiskFailed, Differs.

    The caller holds the ledger for writing.
    """
    with telling(log.folder):
        waiting = sealable(log)
        total, done, packed = sum(each.length for each in waiting), 0, 0
        with _threads() as threads:
            for segment in waiting:
                for count in seal_segment(segment.path, threads):
                    done += count
                    if progress:
                        progress(done, total)
                packed += sealed_form(segment.path).stat().st_size
    return Sealed(len(waiting), total, packed)


def seal_by_the_way(log: "Log") -> int:
    """Seal what can be sealed in about a second, and is worth it; tells how many segments."""
    started, count = time.monotonic(), 0
    with telling(log.folder), _threads() as threads:
        for segment in sealable(log):
            spent = time.monotonic() - started
            if count and spent + spent / count > BY_THE_WAY_SECONDS:
                break
            if WORTH_BYTES <= segment.length <= MUCH_BYTES:
                for _ in seal_segment(segment.path, threads):
                    pass
                count += 1
    return count


def seal_ledger(
    folder: Path,
    recorder: "Recorder",
    progress: Progress | None = None,
    *,
    notify: Callable[[Sequence[str]], None] | None = None,
    **options: Any,  # noqa: ANN401  those of Writer.open
) -> Sealed:
    """Take a ledger for writing and seal all that can be; raises what `Writer.open` raises.

    `notify` is told what was found and settled, such as the traces of a crash.
    """
    from ledger.writer import Writer

    with Writer.open(folder, actor=recorder.actor, agent=recorder.agent, **options) as writer:
        if notify:
            notify(writer.notices)
        return writer.seal(progress)


# ── one segment ──────────────────────────────────────────────────────────────────────────────


def seal_segment(path: Path, threads: "Executor") -> Iterator[int]:
    """Seal a plain segment; tells of bytes as they are packed, and is done when it ends."""
    sealed = sealed_form(path)
    beside = sealed.with_name(f"{sealed.name}.new")
    try:
        with beside.open("wb") as file:
            shutil.copymode(path, beside)
            yield from write_frames(read_blocks(path), file, threads)
            file.flush()
            sync_file(file.fileno())
        check_same(path, beside)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    beside.replace(sealed)
    sync_folder(path.parent)
    time.sleep(BOTH_SECONDS)
    path.unlink()
    sync_folder(path.parent)


def write_segment(blocks: Iterator[bytes], file: BinaryIO, *, sealed: bool) -> None:
    """Write a segment anew, from blocks of whole lines, in the form that it had."""
    if not sealed:
        file.writelines(blocks)
        return
    with _threads() as threads:
        for _ in write_frames(blocks, file, threads):
            pass


def check_same(plain: Path, sealed: Path) -> None:
    """Check that a sealed segment holds what a plain one does; raises Differs."""
    with PlainFile(plain) as lines, SealedFile(sealed) as frames:
        same = frames.size == lines.size
        for index in range(frames.frames.count):
            frame = frames.frame(index)
            same = same and lines.read(frames.frames.plain[index], len(frame)) == frame
    if not same:
        raise Differs(
            "what was read back of a sealed segment", file=str(sealed),
            expected="the bytes of the plain one", found="others",
        )  # fmt: skip


def _threads() -> "ThreadPoolExecutor":
    from concurrent.futures import ThreadPoolExecutor

    from ledger.workers import cores

    return ThreadPoolExecutor(cores(), "seal")
