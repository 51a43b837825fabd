"""Processes that generate: a second core helps, and their memory is not that of what is measured.

Each is `python -m benchmarks.source SEED WHAT`: the numbers of chunks come on its standard input,
and what was made of them goes to its standard output.

Rules kept here:
- what comes out is what `generate` and `ready` make, whichever process made it;
- they are asked between measurements, and have nothing left to do once they have answered;
- they are never waited for, so that what they took does not count as what their parent took.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from benchmarks.generate import CHUNK, Chunk, ndjson
from events.record import Draft
from events.values import Value
from events.vocabulary import BY_TYPE, Agent

PROCESSES = 2
AT_ONCE = 4  # chunks that are asked for together
MODULE = "benchmarks.source"  # whoever measures memory leaves such processes out

_LENGTH_BYTES = 8
_PROJECT = Path(__file__).parent.parent

_Wire = tuple[str, str, str, Agent, str | None, msgspec.Raw]

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[_Wire]).decode
_data: dict[str, msgspec.msgpack.Decoder[Value]] = {
    name: msgspec.msgpack.Decoder(data) for name, data in BY_TYPE.items()
}


def drafts(seed: int, size: int) -> Iterator[list[Draft]]:
    """The events of a ledger in batches of 1,000."""
    for data in _made(seed, "drafts", size):
        yield unpacked(data)


def write_ndjson(path: Path, seed: int, size: int) -> int:
    """Write the commands of a ledger, one a line; gives how many bytes they are."""
    with path.open("wb") as file:
        file.writelines(_made(seed, "ndjson", size))
        return file.tell()


# ── who asks ─────────────────────────────────────────────────────────────────────────────────


def _made(seed: int, what: str, size: int) -> Iterator[bytes]:
    """What was made of each chunk, in order."""
    numbers = range(size // CHUNK)
    count = min(PROCESSES, os.cpu_count() or 1, len(numbers))
    with _processes(seed, what, count) as pipes:
        for first in range(0, len(numbers), AT_ONCE):
            asked = numbers[first : first + AT_ONCE]
            for number in asked:
                _send(pipes[number % len(pipes)][0], number.to_bytes(_LENGTH_BYTES, "big"))
            yield from [_receive(pipes[number % len(pipes)][1]) for number in asked]


@contextmanager
def _processes(seed: int, what: str, count: int) -> Iterator[list[tuple[BinaryIO, BinaryIO]]]:
    """Processes by their pipes; they end when those are closed."""
    pipes = []
    for _ in range(count):
        child = subprocess.Popen(
            [sys.executable, "-m", MODULE, str(seed), what],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(_PROJECT)},
        )  # fmt: skip
        assert child.stdin, "there are pipes"
        assert child.stdout, "there are pipes"
        pipes.append((child.stdin, child.stdout))
        child.returncode = 0  # nobody waits for it
    try:
        yield pipes  # type: ignore[misc]  # typeshed: IO[bytes]
    finally:
        for pipe in pipes:
            for end in pipe:
                end.close()


def _receive(pipe: BinaryIO) -> bytes:
    head = pipe.read(_LENGTH_BYTES)
    data = pipe.read(int.from_bytes(head, "big")) if head else b""
    assert data, "a process that generates has failed"
    return data


def _send(pipe: BinaryIO, data: bytes) -> None:
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    pipe.flush()


# ── who answers ──────────────────────────────────────────────────────────────────────────────


def packed(made: list[Draft]) -> bytes:
    """Events as they go from process to process."""
    return _encode([
        (each.data.TYPE, each.subject, each.actor, each.agent, each.key,
         msgspec.Raw(_encode(each.data)))
        for each in made
    ])  # fmt: skip


def unpacked(data: bytes) -> list[Draft]:
    """Events as they were before."""
    return [
        Draft(data=_data[name].decode(rest), subject=subject, actor=actor, agent=agent, key=key)
        for name, subject, actor, agent, key, rest in _decode(data)
    ]


def _drafts_of(seed: int, number: int) -> bytes:
    from benchmarks.ready import drafts_of

    return packed(drafts_of(seed, number))


def _ndjson_of(seed: int, number: int) -> bytes:
    return ndjson(Chunk(seed, number).commands()).encode()


WORKS: dict[str, Callable[[int, int], bytes]] = {"drafts": _drafts_of, "ndjson": _ndjson_of}


def main() -> None:
    """Answer until nobody asks any more."""
    seed, make = int(sys.argv[1]), WORKS[sys.argv[2]]
    while head := sys.stdin.buffer.read(_LENGTH_BYTES):
        number = int.from_bytes(sys.stdin.buffer.read(int.from_bytes(head, "big")), "big")
        _send(sys.stdout.buffer, make(seed, number))


if __name__ == "__main__":
    main()
