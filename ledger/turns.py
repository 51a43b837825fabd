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


def is_over(writer: "Writer") -> bool:
    """Whether it is time to let others in."""
    held = writer.held_seconds
    return held > UNASKED_SECONDS or (held > HOLD_SECONDS and writer.is_wanted)


def leave_room() -> None:
    """Wait for others to take what was let go of."""
    time.sleep(YIELD_SECONDS)
