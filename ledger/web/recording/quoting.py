"""Where the words of a quote stand in their source, and what tells one place from another."""

from typing import NamedTuple

from ledger.anchor import find_places, find_quote
from ledger.errors import QuoteAmbiguous

_REACH = 90  # code points shown on each side
_MOST_SHOWN = 12  # places of words that stand more than once
_NEAREST, _FARTHEST = 32, 1 << 12  # code points on each side by which places are told apart

Around = tuple[str | None, str | None]


class Place(NamedTuple):
    """A place of a quote with the words around it; code points, half-open; lines from 1."""

    start: int
    end: int
    line: int
    before: str
    words: str
    after: str

    @property
    def name(self) -> str:
        """How the form names it."""
        return f"{self.start}-{self.end}"


def places_of(text: str, words: str) -> list[Place]:
    """The first places of some words; none where they are empty or do not stand in the text."""
    found = find_places(text, words)[:_MOST_SHOWN] if words.strip() else []
    return [place_at(text, start, end) for start, end in found]


def place_at(text: str, start: int, end: int) -> Place:
    """A place with the words around it, as far as its paragraph goes."""
    return Place(
        start,
        end,
        text.count("\n", 0, start) + 1,
        text[max(start - _REACH, 0) : start].rpartition("\n\n")[2],
        text[start:end],
        text[end : end + _REACH].partition("\n\n")[0],
    )


def selected(text: str, start: int, end: int) -> Place | None:
    """The words between two places, without the space around them; None where there are none."""
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    words = words.strip()
    return place_at(text, start, start + len(words)) if words else None


def words_and_sides(
    text: str | None, words: str, place: tuple[int, int] | None
) -> tuple[str, Around]:
    """A quote as a command gives it: its words, and the prefix and suffix that choose its place.

    Where the words were changed since they were selected, they are looked for anew.
    """
    if text is None or place is None:
        return words, (None, None)
    chosen = selected(text, *place)
    if chosen is None or chosen.words.split() != words.split():
        return words, (None, None)
    return chosen.words, sides_at(text, chosen)


def sides_at(text: str, chosen: Place) -> Around:
    """The prefix and suffix by which a place is told from others; as short as can be.

    Where the farthest do not tell it, they are given all the same: the rule book refuses then.
    """
    sides: Around = (None, None)
    reach = _NEAREST
    while reach <= _FARTHEST:
        try:
            find_quote(text, chosen.words, prefix=sides[0], suffix=sides[1])
        except QuoteAmbiguous:
            before = text[max(chosen.start - reach, 0) : chosen.start].strip()
            after = text[chosen.end : chosen.end + reach].strip()
            sides = (before or None, after or None)
            reach *= 2
        else:
            break
    return sides
