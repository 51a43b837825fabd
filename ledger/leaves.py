"""The leaf hashes of lines as they lie on disk, those of erased lines included.

The line of a redacted event is a tombstone: it keeps the leaf hash of the line that it replaced,
and that hash stands for it in the tree. So the root still proves every other event; that the
tombstone itself is authorised is for `verify` to check.
"""

import re
from collections.abc import Iterable

from ledger.merkle import leaf_hash, leaf_hashes

MARK = b'"data":{"redacted_by":'  # no text of a line can hold it: quotes inside of text are escaped
_KEPT = re.compile(rb'"data":\{"redacted_by":[0-9]+,"leaf_hash":"([0-9a-f]{64})"\}\}$')


def hash_of_line(line: bytes) -> bytes:
    """The leaf hash that stands for a line (without its newline) in the tree."""
    kept = _KEPT.search(line) if MARK in line else None
    return bytes.fromhex(kept[1].decode()) if kept else leaf_hash(line)


def hashes_of_lines(lines: Iterable[bytes]) -> list[bytes]:
    """The leaf hashes of many lines, in their order."""
    return [hash_of_line(line) for line in lines]


def hashes_of_block(block: bytes) -> list[bytes]:
    """The leaf hashes of a block of whole lines, each with its newline."""
    lines = block[:-1].split(b"\n")
    return hashes_of_lines(lines) if MARK in block else leaf_hashes(lines)
