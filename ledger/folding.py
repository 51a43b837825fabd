"""A pattern that finds a text whatever its case and accents, without taking them off what is read.

DuckDB's `strip_accents` takes ten times as long over a text as a look through it with a pattern.
"""

import re
import unicodedata
from functools import cache

_LAST = 0x3130  # beyond it no letter loses an accent: the last ones are voiced kana

# The marks that may stand over a letter, by where the letter lies. A class of all marks that there
# are (\p{M}) takes RE2 longer to make ready than it takes to read ten thousand texts.
_MARKS = (
    (
        0x590,
        r"[\x{300}-\x{36f}\x{483}-\x{489}\x{1ab0}-\x{1ace}\x{1dc0}-\x{1dff}\x{20d0}-\x{20f0}]*",
    ),
    (
        0x700,
        r"[\x{300}-\x{36f}\x{591}-\x{5c7}\x{610}-\x{61a}\x{64b}-\x{65f}\x{670}\x{6d6}-\x{6ed}]*",
    ),
    (0x110000, r"\p{M}*"),
)


def folded(text: str) -> str:
    """A text in lower case and without accents, as DuckDB's `lower(strip_accents(text))` has it."""
    apart = unicodedata.normalize("NFD", text)
    plain = "".join(each for each in apart if unicodedata.category(each)[0] != "M")
    return unicodedata.normalize("NFC", plain).lower()


def pattern_of(text: str) -> str:
    """A pattern (RE2) that matches wherever a text stands, whatever the case and the accents."""
    return "(?i)" + "".join(map(_one, folded(text)))


def _one(letter: str) -> str:
    """A letter in any of its forms, or another character as it is, with any marks over it."""
    variants = _variants().get(letter, "")
    marks = next(marks for end, marks in _MARKS if ord(letter) < end)
    return (f"[{letter}{variants}]" if variants else re.escape(letter)) + marks


@cache
def _variants() -> dict[str, str]:
    """Of every letter those that have accents besides; not those that RE2 finds by their case."""
    found: dict[str, str] = {}
    for each in map(chr, range(0xC0, _LAST)):
        plain = folded(each)
        found_by_case = len(each.lower()) == 1 and each != each.lower()
        if len(plain) == 1 and plain != each and not found_by_case:
            found[plain] = found.get(plain, "") + each
    return found
