"""Where there is still room on a plot: what was placed is found by the squares it covers."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

_SQUARE = 48.0  # pixels on a side


class Box(NamedTuple):
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether two rectangles share more than an edge."""
        return (
            self.left < other.right and other.left < self.right
            and self.top < other.bottom and other.top < self.bottom
        )  # fmt: skip

    def moved(self, x: float, y: float = 0) -> "Box":
        """The same elsewhere."""
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)


class Room:
    """The boxes that are taken within a frame."""

    def __init__(self, frame: Box) -> None:
        self.frame = frame
        self._taken: dict[tuple[int, int], list[Box]] = defaultdict(list)

    def take(self, box: Box) -> None:
        """Take a place, whatever stands there."""
        for square in _squares(box):
            self._taken[square].append(box)

    def is_free(self, box: Box) -> bool:
        """Whether a place lies within the frame and nothing stands there."""
        frame = self.frame
        within = (
            frame.left <= box.left and box.right <= frame.right
            and frame.top <= box.top and box.bottom <= frame.bottom
        )  # fmt: skip
        return within and not any(
            box.meets(other) for square in _squares(box) for other in self._taken.get(square, ())
        )


def _squares(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(int(box.left // _SQUARE), int(box.right // _SQUARE) + 1):
        for row in range(int(box.top // _SQUARE), int(box.bottom // _SQUARE) + 1):
            yield column, row
