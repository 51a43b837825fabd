"""How a finding of an audit says where it is, and shows words."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.findings import Finding
from ledger.segments import Segment, segment_of

LONGEST_SHOWN = 120  # characters


@dataclass(frozen=True)
class Place:
    """A ledger's folder and the segments in which its positions lie."""

    folder: Path
    segments: Sequence[Segment]

    def finding(self, position: int, what: str, expected: str | None, found: str | None) -> Finding:
        """A finding about the event at a position."""
        return Finding(
            what=what,
            file=str(segment_of(self.segments, position).path),
            position=position,
            expected=shown(expected or "nothing"),
            found=shown(found or "nothing"),
        )


def shown(text: str) -> str:
    """A text on one line, shortened in the middle."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_SHOWN:
        return line
    half = LONGEST_SHOWN // 2 - 2
    return f"{line[:half].rstrip()} … {line[-half:].lstrip()}"
