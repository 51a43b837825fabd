"""Sealing: full segments are written anew as zstd, and the plain ones go.

The steps, each durable before the next:
1. the sealed segment is written beside the plain one, under a name that nobody reads;
2. it is read back from the disk, and compared with the plain one byte by byte;
3. it takes its name; from here on both are there, and the plain one counts;
4. the plain one is deleted, while the next segment is being sealed.

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
from typing import TYPE_CHECKING, Any, BinaryIO, Self

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
CHECKS = 2  # threads that read a segment back; each costs little where there is one core


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
        with _threads() as threads, Retiring() as retiring:
            for segment in waiting:
                for count in pack_segment(segment.path, threads):
                    done += count
                    if progress:
                        progress(done, total)
                packed += sealed_form(segment.path).stat().st_size
                retiring.add(segment.path)
    return Sealed(len(waiting), total, packed)


def seal_by_the_way(log: "Log") -> int:
    """Seal what can be sealed in about a second, and is worth it; tells how many segments."""
    started, count = time.monotonic(), 0
    with telling(log.folder), _threads() as threads, Retiring() as retiring:
        for segment in sealable(log):
            spent = time.monotonic() - started
            if count and spent + spent / count > BY_THE_WAY_SECONDS:
                break
            if WORTH_BYTES <= segment.length <= MUCH_BYTES:
                for _ in pack_segment(segment.path, threads):
                    pass
                retiring.add(segment.path)
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


class Retiring:
    """Deletes plain segments some time after their sealed ones took their names.

    When it is left, all are deleted; where something fails or interrupts, those that are left stay.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[float, Path]] = []

    def add(self, plain: Path) -> None:
        """Take a segment that is sealed; delete those of which the time has come."""
        now = time.monotonic()
        self._waiting.append((now + BOTH_SECONDS, plain))
        while self._waiting[0][0] < now:
            self._delete()

    def _delete(self) -> None:
        _, plain = self._waiting.pop(0)
        plain.unlink()
        sync_folder(plain.parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        while kind is None and self._waiting:
            time.sleep(max(0.0, self._waiting[0][0] - time.monotonic()))
            self._delete()


def pack_segment(path: Path, threads: "Executor") -> Iterator[int]:
    """Put a sealed segment beside a plain one; tells of bytes as they are packed."""
    sealed = sealed_form(path)
    beside = sealed.with_name(f"{sealed.name}.new")
    try:
        with beside.open("wb") as file:
            shutil.copymode(path, beside)
            yield from write_frames(read_blocks(path), file, threads)
            file.flush()
            sync_file(file.fileno())
        check_same(path, beside, threads)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    beside.replace(sealed)
    sync_folder(path.parent)


def write_segment(blocks: Iterator[bytes], file: BinaryIO, *, sealed: bool) -> None:
    """Write a segment anew, from blocks of whole lines, in the form that it had."""
    if not sealed:
        file.writelines(blocks)
        return
    with _threads() as threads:
        for _ in write_frames(blocks, file, threads):
            pass


def check_same(plain: Path, sealed: Path, threads: "Executor") -> None:
    """Check that a sealed segment holds what a plain one does; raises Differs."""

    def is_same(part: int) -> bool:
        with PlainFile(plain) as lines, SealedFile(sealed) as packed:
            starts = packed.frames.plain
            return packed.size == lines.size and all(
                lines.read(starts[index], starts[index + 1] - starts[index]) == packed.frame(index)
                for index in range(part, packed.frames.count, CHECKS)
            )

    if not all(threads.map(is_same, range(CHECKS))):
        raise Differs(
            "what was read back of a sealed segment", file=str(sealed),
            expected="the bytes of the plain one", found="others",
        )  # fmt: skip


def _threads() -> "ThreadPoolExecutor":
    from concurrent.futures import ThreadPoolExecutor

    from ledger.workers import cores

    return ThreadPoolExecutor(cores(), "seal")
