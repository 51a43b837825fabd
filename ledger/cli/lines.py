"""Reads lines from a file or a pipe, and knows when the next one would have to be waited for."""

import os
import select
from collections.abc import Iterator

READ_BYTES = 1 << 20
LIMIT_BYTES = 4 << 20  # of one line: more is not a command, and would fill the memory


class Lines:
    """The lines of a file descriptor, without their newlines."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.rest = b""
        self.ended = False

    def __iter__(self) -> Iterator[bytes]:
        while True:
            line, newline, rest = self.rest.partition(b"\n")
            if newline:
                self.rest = rest
                yield line
            elif self.ended or len(self.rest) > LIMIT_BYTES:
                self.rest = b""
                if line:
                    yield line
                if self.ended:
                    return
            else:
                self._read()

    def _read(self) -> None:
        block = os.read(self.fd, READ_BYTES)
        self.ended = not block
        self.rest += block

    def waits(self) -> bool:
        """Whether the next line is not there yet."""
        if b"\n" in self.rest or self.ended:
            return False
        return not select.select([self.fd], [], [], 0)[0]
