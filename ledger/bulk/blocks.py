"""A block of whole lines: bytes that are at hand, or a part of a file that is read when needed.

Rules kept here:
- what is read from a file again is what was read before, or a sentence says that it is not there.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from ledger.errors import Refused

Raw = Mapping[str, Any]


class Extent(NamedTuple):
    """A part of a file that can be read at any place."""

    fd: int
    start: int
    length: int

    def read(self) -> bytes:
        """Its bytes; raises Refused where the file became shorter."""
        data = read_at(self.fd, self.start, self.length)
        if len(data) < self.length:
            raise became_shorter(self.start + len(data))
        return data


@dataclass
class Block:
    """Lines as they were given, or commands of a program with the lines that they were written as.

    `behind` is how many bytes of input were read; `first`, the number of the first line, from 1, is
    known once those before it were counted.
    """

    given: bytes | Extent
    behind: int
    raws: list[Raw] | None = None
    first: int = 1

    @cached_property
    def data(self) -> bytes:
        """The bytes of the block; raises what `Extent.read` raises."""
        return self.given.read() if isinstance(self.given, Extent) else self.given

    @cached_property
    def lines(self) -> list[bytes]:
        """The lines of the block."""
        return self.data.removesuffix(b"\n").split(b"\n")


def became_shorter(size: int) -> Refused:
    """The refusal of a file that has only so many bytes left."""
    return Refused(
        f"The file of commands became shorter while it was read: {size:,} bytes are left.",
        way_out="Append it again once nobody writes to it; what stands already is left as it is.",
    )


def read_at(fd: int, start: int, length: int) -> bytes:
    """So many bytes of a file from an offset on; fewer where it ends before."""
    data = os.pread(fd, length, start)
    if 0 < len(data) < length:  # a signal came, or it is more than is read at once
        data += read_at(fd, start + len(data), length - len(data))
    return data
