"""How the words of several reports of one statement differ, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

Piece = tuple[str, bool]  # words, and whether the first report has others in their place

_MOST_WORDS = 2_000  # of a quote; longer ones are shown as they are
_LEAST_SHARED = 0.4  # of the words; with less in common, two quotes are told in other words
_BETWEEN = " "
_WORDS = re.compile(r"\S+|\s+")


@dataclass(frozen=True)
class Compared:
    """A quote in pieces; where `own`, it shares too few words with the first to mark others."""

    pieces: list[Piece]
    own: bool = False


def compare(quotes: Sequence[str]) -> list[Compared]:
    """Each quote against the first, word by word; case and punctuation do not count."""
    parts = [_WORDS.findall(quote) for quote in quotes]
    if not parts or any(len(words) > _MOST_WORDS for words in parts):
        return [Compared([(quote, False)]) for quote in quotes]
    return [Compared([(quotes[0], False)]), *(_against(parts[0], other) for other in parts[1:])]


def _against(first: Sequence[str], other: Sequence[str]) -> Compared:
    """The words of one quote in pieces, measured against the first one's."""
    plain = [*map(_plain, other)]
    pieces: list[Piece] = []
    shared = 0
    for step in Levenshtein.opcodes([*map(_plain, first)], plain):
        place = slice(step.dest_start, step.dest_end)
        if other[place]:
            pieces.append(("".join(other[place]), step.tag != "equal"))
            shared += _count(plain[place]) if step.tag == "equal" else 0
    if shared < _LEAST_SHARED * _count(plain):
        return Compared([("".join(other), False)], own=True)
    return Compared(pieces)


def _count(words: Sequence[str]) -> int:
    """How many are words, and not what stands between words."""
    return sum(word != _BETWEEN for word in words)


def _plain(word: str) -> str:
    return re.sub(r"[^\w]+", "", word).lower() or _BETWEEN
