"""Ways to tamper with a ledger, each named; `resign` is what its keeper can do besides."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.leaves import hashes_of_lines
from ledger.merkle import Frontier
from ledger.note import SignerKey
from ledger.tree import TreeWriter

Tamper = Callable[[Path], None]


def segments(folder: Path) -> list[Path]:
    """The files of the log in order."""
    return sorted((folder / "log").glob("*.jsonl"))


def lines_of(folder: Path) -> list[bytes]:
    """Every line of the log, without its newline."""
    whole = b"".join(path.read_bytes() for path in segments(folder))
    return whole.split(b"\n")[:-1]


def write_lines(folder: Path, lines: list[bytes]) -> None:
    """Write lines into the segments that there are, as many into each as it held."""
    paths = segments(folder)
    counts = [path.read_bytes().count(b"\n") for path in paths]
    for at, path in enumerate(paths):
        start = sum(counts[:at])
        stop = None if at == len(paths) - 1 else start + counts[at]
        path.write_bytes(b"".join(line + b"\n" for line in lines[start:stop]))


def at_line(position: int, change: Callable[[bytes], bytes]) -> Tamper:
    """Change one line."""

    def tamper(folder: Path) -> None:
        lines = lines_of(folder)
        changed = change(lines[position])
        assert changed != lines[position], "nothing was changed"
        lines[position] = changed
        write_lines(folder, lines)

    return tamper


def removed(folder: Path) -> None:
    """Take line 5 out."""
    lines = lines_of(folder)
    write_lines(folder, lines[:5] + lines[6:])


def swapped(folder: Path) -> None:
    """Exchange lines 5 and 6."""
    lines = lines_of(folder)
    lines[5], lines[6] = lines[6], lines[5]
    write_lines(folder, lines)


def inserted(folder: Path) -> None:
    """Slip in a line before line 5, which says that it stands there."""
    lines = lines_of(folder)
    forged = lines[5].replace(b'"name":"Somebody"', b'"name":"Somebody else"')
    write_lines(folder, [*lines[:5], forged, *lines[5:]])


def duplicated(folder: Path) -> None:
    """Write line 5 twice."""
    lines = lines_of(folder)
    write_lines(folder, [*lines[:6], *lines[5:]])


def truncated(folder: Path) -> None:
    """Cut the log in the middle of its last line."""
    path = segments(folder)[-1]
    path.write_bytes(path.read_bytes()[:-100])


def emptied(folder: Path) -> None:
    """Take the last segment away."""
    segments(folder)[-1].unlink()


def exchanged(folder: Path) -> None:
    """Exchange the contents of the second and the third segment."""
    second, third = segments(folder)[1:3]
    one, other = second.read_bytes(), third.read_bytes()
    second.write_bytes(other)
    third.write_bytes(one)


def rehashed(folder: Path) -> None:
    """Change line 5 and store the tree anew; the signed head stays."""
    at_line(5, lambda line: line.replace(b'"name":"Somebody"', b'"name":"Nobody"'))(folder)
    store_tree(folder, lines_of(folder))


def signed_by_another(folder: Path) -> None:
    """Replace the checkpoint by one of another key, over the same root."""
    text = (folder / "checkpoint").read_text("utf-8")
    origin, size, _ = text.split("\n", 2)
    head = Checkpoint.parse(text.partition("\n\n")[0] + "\n")
    assert (head.origin, str(head.size)) == (origin, size)
    (folder / "checkpoint").write_bytes(sign_checkpoint(head, SignerKey.generate(origin)))


def store_tree(folder: Path, lines: list[bytes]) -> Frontier:
    """Store the tree over some lines, in place of what was there."""
    for path in (folder / "tree").iterdir():
        path.unlink()
    files, frontier = TreeWriter(folder / "tree"), Frontier()
    files.append(frontier.extend(hashes_of_lines(lines)))
    files.close()
    return frontier


def resign(folder: Path, lines: list[bytes], key: SignerKey) -> None:
    """Write a log as its keeper could: lines, tree and a signed head over them."""
    write_lines(folder, lines)
    frontier = store_tree(folder, lines)
    head = Checkpoint(key.name, frontier.size, frontier.root())
    (folder / "checkpoint").write_bytes(sign_checkpoint(head, key))


def with_time(line: bytes, time: str) -> bytes:
    """The same line with another time."""
    return re.sub(rb'"time":"[^"]*"', f'"time":"{time}"'.encode(), line)


def values_of(line: bytes) -> list[int]:
    """Where in a line the last byte of each key's value stands, nested ones too."""
    json.loads(line)
    ends = re.finditer(rb'"[a-z_0-9]+":(?:"(?:[^"\\]|\\.)*"|[0-9.-]+|true|false)', line)
    return [one.end() - (2 if line[one.end() - 1 : one.end()] == b'"' else 1) for one in ends]
