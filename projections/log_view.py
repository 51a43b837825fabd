"""What projections ask of a log. The log itself is not theirs: they are given one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


class Segment(Protocol):
    """A file of the log and the position of its first line."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def first(self) -> int:
        """The position of its first line."""

    @property
    def length(self) -> int:
        """How many bytes its lines have; its file has fewer where it is sealed."""


class LogView(Protocol):
    """A log as its reader sees it; sizes are counts, positions begin at 0."""

    @property
    def folder(self) -> Path:
        """The ledger's folder."""

    @property
    def size(self) -> int:
        """The number of events up to the last complete batch."""

    @property
    def signed_size(self) -> int:
        """The number of events that the checkpoint covers."""

    def root_at(self, size: int) -> bytes:
        """The root hash of the first `size` events."""

    def segments(self) -> Sequence[Segment]:
        """The files of the log in order."""

    def tail(self, position: int) -> bytes:
        """The complete lines from a position to the end, with their newlines."""

    def redacted_since(self, size: int) -> bool:
        """Whether content was erased since the log had that size, as the disk has it now."""
