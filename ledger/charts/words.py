"""Texts as a picture shows them: one line, harmless, cut to what there is room for.

Rules kept here:
- what comes from a source is text: no character of it steers a terminal, turns the direction of
  writing or is unknown to XML;
- what is cut ends with an ellipsis; the whole stands in the rows of the chart.
"""

import re
import unicodedata

_JOINERS = "\u200c\u200d"  # scripts and emoji need them
_STEERING = {"Cc", "Cf", "Cs"}  # controls, formats, halves of pairs
_NO_XML = "\ufffe\uffff"
_LONG_FRACTION = re.compile(r"(\d\.\d{3})\d{2,}")

# The width of characters as shares of the size of the font, a little more than those of Arial.
_NARROW = frozenset("iljtfrI.,:;'|!()[] ’‘")
_SHARES = {"narrow": 0.34, "capital": 0.72, "wide": 1.05, "other": 0.58}


def plain(text: str) -> str:
    """A text in one line, without what would steer or turn what stands around it."""
    kept = (
        char
        for char in " ".join(text.split())
        if char in _JOINERS or (unicodedata.category(char) not in _STEERING and char not in _NO_XML)
    )
    return "".join(kept)


def cut(text: str, most: int) -> str:
    """A text in one line of at most so many characters."""
    shown = plain(text[: most * 8])  # no more is looked at: a word may have 64 KB
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"


def shorter(figures: str) -> str:
    """Figures with at most three digits behind the point, and an ellipsis where there are more."""
    return _LONG_FRACTION.sub(r"\1…", figures)


def width_of(text: str, size: float) -> float:
    """About how wide a text is, in the unit of the font's size."""
    return size * sum(_SHARES[_kind(char)] for char in text)


def wrapped(text: str, size: float, width: float, lines: int = 2) -> list[str]:
    """A text in at most so many lines that fit a width; the last is cut where more would follow."""
    made = [""]
    for word in text.split():
        longer = f"{made[-1]} {word}".strip()
        if width_of(longer, size) <= width or not made[-1]:
            made[-1] = longer
        else:
            made.append(word)
    shown = [fitted(line, size, width) for line in made[:lines]]
    if len(made) > lines:
        shown[-1] = fitted(f"{made[lines - 1]}…", size, width)
    return shown


def fitted(text: str, size: float, width: float) -> str:
    """A text cut to a width."""
    if width_of(text, size) <= width:
        return text
    while text and width_of(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _kind(char: str) -> str:
    if char in _NARROW:
        return "narrow"
    if ord(char) < 128:  # noqa: PLR2004  the end of ASCII
        return "capital" if char.isupper() else "other"
    return "wide" if unicodedata.east_asian_width(char) in "WF" else "other"
