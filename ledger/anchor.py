"""Where words stand in a text: exact spans of code points, and the nearest passage where not.

Words match exactly or, failing that, with curly quotes taken for straight ones and any run of
white space for any other. Nothing else is folded: neither case nor Unicode composition.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from operator import eq
from typing import Literal

from events.values import Quote, Span
from ledger.errors import QuoteAmbiguous, QuoteNotFound, Refused

_Place = tuple[int, int]  # a half-open range of code points

_APOSTROPHES = "'\u2018\u2019\u201a\u201b"
_QUOTATION_MARKS = '"\u201c\u201d\u201e\u201f'
_ALIKE = {mark: f"[{marks}]" for marks in (_APOSTROPHES, _QUOTATION_MARKS) for mark in marks}
# One for one, so that places in the folded text are places in the text.
_STRAIGHT = str.maketrans(
    {mark: alike[1] for mark, alike in _ALIKE.items()}
    | {char: " " for char in map(chr, range(0x3001)) if char.isspace()}  # U+3000 is the last
)

_CONTEXT = 32  # code points of prefix and suffix that a quote keeps
_NEAR = 60  # the score, of 100, from which a passage is worth showing
_COMPARED = 200  # code points of the words; the time of a comparison grows with them
_LONGEST_SHOWN = 120
_LINES_SHOWN = 5
_EXAMPLE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Anchored:
    """A quote that stands in its source, and how it was found there."""

    quote: Quote
    how: Literal["exact", "normalised"]


def find_quote(
    text: str, words: str, *, prefix: str | None = None, suffix: str | None = None
) -> Anchored:
    """Find words in a source's text; the quote holds the text's own words and their span.

    Of several places, `prefix` and `suffix` choose the one that they stand right before and after,
    white space aside. Raises QuoteNotFound and QuoteAmbiguous; Refused where there are no words.
    """
    wanted = _wanted(words)
    found = find_places(text, wanted)
    if not found:
        raise _not_found(text, wanted)
    fitting = found
    if len(found) > 1 and (prefix or suffix):
        beside = set(_folded_places(text, wanted, prefix or "", suffix or ""))
        fitting = [place for place in found if place in beside]
    if len(fitting) != 1:
        raise _ambiguous(text, found, len(fitting) if prefix or suffix else None)
    quote = _quote(text, *fitting[0])
    return Anchored(quote, "exact" if quote.exact == wanted else "normalised")


def find_places(text: str, words: str) -> list[tuple[int, int]]:
    """Every place of words in a text, as half-open ranges; exact ones or, where none is, folded.

    Raises Refused where there are no words.
    """
    wanted = _wanted(words)
    return list(_exact_places(text, wanted)) or list(_folded_places(text, wanted))


def find_span(within: str, words: str, *, offset: int | None = 0) -> Span:
    """Find words in a quote's text, the first time that they stand there.

    `offset` is where the quote itself begins; None, for a quote without a place, gives no place.
    Raises QuoteNotFound; Refused where there are no words.
    """
    wanted = _wanted(words)
    start = within.find(wanted)
    end = start + len(wanted)
    if start < 0:
        start, end = next(_folded_places(within, wanted), (-1, -1))
    if start < 0:
        raise QuoteNotFound(
            f'"{_shown(wanted)}" does not stand in the quote "{_shown(within)}".',
            way_out="Copy the words from the quote, or lengthen the quote until they stand in it.",
        )
    if offset is None:
        return Span(within[start:end])
    return Span(within[start:end], offset + start, offset + end)


def _wanted(words: str) -> str:
    wanted = words.strip()
    if not wanted:
        raise Refused("There are no words to find.", way_out="Copy them from the text.")
    return wanted


def _exact_places(text: str, words: str) -> Iterator[_Place]:
    """Give every place of the words, overlapping ones too."""
    start = text.find(words)
    while start >= 0:
        yield start, start + len(words)
        start = text.find(words, start + 1)


def _folded_places(text: str, words: str, prefix: str = "", suffix: str = "") -> Iterator[_Place]:
    """Give every place of the folded words that stand between the folded prefix and suffix."""
    # A pattern on the text itself needs no map from folded places back to those of the text.
    before = rf"{_pattern(prefix)}\s*+" if prefix.strip() else ""
    pattern = re.compile(rf"{before}({_pattern(words)})\s*+{_pattern(suffix)}")
    match = pattern.search(text)
    while match:
        yield match.span(1)
        match = pattern.search(text, match.start() + 1)


def _pattern(words: str) -> str:
    return r"\s++".join(
        "".join(_ALIKE.get(char) or re.escape(char) for char in word) for word in words.split()
    )


def _quote(text: str, start: int, end: int) -> Quote:
    return Quote(
        text[start:end],
        prefix=text[max(0, start - _CONTEXT) : start] or None,
        suffix=text[end : end + _CONTEXT] or None,
        start=start,
        end=end,
    )


def _not_found(text: str, words: str) -> QuoteNotFound:
    nearest = _nearest(text, words)
    if not nearest:
        return QuoteNotFound(
            f'"{_shown(words)}" does not stand in the text, nor does anything near it.',
            way_out="Check that this is the right document, and that its text is complete.",
        )
    start, end = nearest
    passage = text[start : start + 2 * len(words)]
    return QuoteNotFound(
        f'"{_shown(words)}" does not stand in the text; the nearest passage, '
        f'on line {_line(text, start)}, is "{_shown(text[start:end])}".',
        way_out=f"Copy the words as they stand in the text{_agreement(passage, words)}.",
    )


def _nearest(text: str, words: str) -> _Place | None:
    """Find the passage most like the words, or like their beginning if they are long."""
    from rapidfuzz.fuzz import partial_ratio_alignment

    # The whole text is searched, since that takes under a second for 10 MB.
    near = partial_ratio_alignment(
        _folded(words)[:_COMPARED], text.translate(_STRAIGHT), score_cutoff=_NEAR
    )
    return _whole_words(text, near.dest_start, near.dest_end) if near else None


def _whole_words(text: str, start: int, end: int) -> _Place:
    """Move a place to the borders of its words, but not far: some scripts write no borders."""
    passage = text[start:end]
    start += len(passage) - len(passage.lstrip())
    end -= len(passage) - len(passage.rstrip())
    head: str = re.findall(r"\S*\Z", text[max(0, start - _CONTEXT) : start])[0]
    tail: str = re.findall(r"\A\S*", text[end : end + _CONTEXT])[0]
    return start - len(head), end + len(tail)


def _agreement(passage: str, words: str) -> str:
    """Say how far words agree with a passage, if they are too long to be shown."""
    if len(words) <= _LONGEST_SHOWN:
        return ""
    folded = _folded(words)
    same = sum(1 for _ in takewhile(bool, map(eq, folded, _folded(passage))))
    return f'; both agree up to "{_shown(folded[max(0, same - _CONTEXT) : same])}"' if same else ""


def _ambiguous(text: str, found: list[_Place], fitting: int | None) -> QuoteAmbiguous:
    """Say where the words stand; `fitting` counts the places that a prefix and suffix leave."""
    lines = [*dict.fromkeys(_line(text, start) for start, _ in found[:_LINES_SHOWN])]
    where = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(map(str, lines))}"
    more = " and further" if len(found) > _LINES_SHOWN else ""
    narrowed = "" if fitting is None else f"; the prefix and suffix given fit {fitting} of them"
    start, end = found[0]
    before, after = text[:start].split()[-_EXAMPLE_WORDS:], text[end:].split()[:_EXAMPLE_WORDS]
    example = f'prefix: "{" ".join(before)}"' if before else f'suffix: "{" ".join(after)}"'
    return QuoteAmbiguous(
        f"The words stand {len(found)} times in the text, on {where}{more}{narrowed}.",
        way_out=f"Give prefix: or suffix:, the words beside them; the first has {example}.",
    )


def _line(text: str, place: int) -> int:
    """Count the line of a place, from 1."""
    return text.count("\n", 0, place) + 1


def _folded(words: str) -> str:
    return " ".join(words.split()).translate(_STRAIGHT)


def _shown(words: str) -> str:
    """Write words on one line, shortened in the middle."""
    line = " ".join(words.split())
    if len(line) <= _LONGEST_SHOWN:
        return line
    half = _LONGEST_SHOWN // 2
    return f"{line[:half].rstrip()} … {line[-half:].lstrip()}"
