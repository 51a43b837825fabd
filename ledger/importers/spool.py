"""Rows that passed their check, kept aside in a file until all of them are known to be sound."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Self

import msgspec

from ledger.importers.rows import Row

_NUMBER_BYTES = 4

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Row)


class Spool:
    """A file of rows that nobody else sees, gone when it is closed; a context manager."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  closed with this object
        self.rows = 0
        self.commands = 0

    def add(self, row: Row, commands: int) -> None:
        """Keep a row, and how many commands it adds: what earlier rows share too is none."""
        data = _encoder.encode(row)
        for number in (commands, len(data)):
            self._file.write(number.to_bytes(_NUMBER_BYTES, "big"))
        self._file.write(data)
        self.rows += 1
        self.commands += commands

    def batches(self, most: int) -> Iterator[list[Row]]:
        """The rows in their order, together so long as they hold at most so many commands."""
        batch: list[Row] = []
        count = 0
        for held, row in self._read():
            if batch and count + held > most:
                yield batch
                batch, count = [], 0
            batch.append(row)
            count += held
        if batch:
            yield batch

    def _read(self) -> Iterator[tuple[int, Row]]:
        """The rows, each with the number of commands that it adds."""
        self._file.seek(0)
        while head := self._file.read(2 * _NUMBER_BYTES):
            held, length = head[:_NUMBER_BYTES], head[_NUMBER_BYTES:]
            data = self._file.read(int.from_bytes(length, "big"))
            yield int.from_bytes(held, "big"), _decoder.decode(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
