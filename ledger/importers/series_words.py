"""The cells of a row as a quote, the words of its numbers in it, and ids made of names."""

from collections.abc import Sequence
from typing import NamedTuple

from events.ids import is_id
from ledger.importers.names import digest, slug

BETWEEN = "; "


class Quoted(NamedTuple):
    """The cells of a row as a quote, and where the words of each number begin in it."""

    text: str
    begins: list[int]


def quoted(date: str, figures: Sequence[str], texts: Sequence[str]) -> Quoted:
    """The row's cells as they stand, each after the name of its column."""
    quote = f"{date}: "
    begins = []
    for words in figures:
        begins.append(len(quote))
        quote += words + BETWEEN
    return Quoted((quote + BETWEEN.join(texts)).removesuffix(BETWEEN), begins)


def words_at(quote: str, start: int, end: int) -> str | None:
    """The words at a place of a quote, with the signs around them where they stand before it too.

    Words are looked for from the beginning of a quote: `tank 60` stands in `fuel tank 60` too.
    """
    before, after = start - len(BETWEEN), end + 1
    for first, last in ((start, end), (start, after), (before, end), (before, after)):
        words = quote[first:last]
        if quote.find(words) == first:
            return words
    return None


def short(text: str, most: int) -> str:
    """A text as a part of an id: itself, or as much of it as fits with a hash of it."""
    return text if is_id(text) and len(text) <= most else f"{slug(text, most)}-{digest(text, 8)}"
