"""How long a stream of batches keeps the ledger, while others may want to write.

Rules kept here:
- whoever says that he waits is let in after a second;
- who does not say so, such as a program that only tries the lock now and then, is let in too.
"""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.writer import Writer

HOLD_SECONDS = 1.0  # where somebody is known to wait
UNASKED_SECONDS = 10.0  # where nobody is
YIELD_SECONDS = 0.03  # how long one steps aside: longer than others take to look again
LOOK_SECONDS = 0.1  # how often it is looked whether somebody waits


class Turn:
    """From taking a ledger to letting go of it."""

    def __init__(self, writer: "Writer") -> None:
        self.writer = writer
        self._wanted = False
        self._looked_at = -LOOK_SECONDS  # in seconds of this turn

    @property
    def is_over(self) -> bool:
        """Whether it is time to let others in."""
        held = self.writer.held_seconds
        return held > UNASKED_SECONDS or (held > HOLD_SECONDS and self.is_wanted)

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waited for the ledger a moment ago."""
        held = self.writer.held_seconds
        if held - self._looked_at >= LOOK_SECONDS:
            self._wanted, self._looked_at = self.writer.is_wanted, held
        return self._wanted


def leave_room() -> None:
    """Wait for others to take what was let go of."""
    time.sleep(YIELD_SECONDS)
