"""Numbers as people write them in tables, as the short form of a value (DESIGN 7).

Rules kept here:
- the hedge stays: "more than 10,000" is `more than 10000`;
- which sign marks decimals is told, or shown by the number itself; else it is asked for.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ledger.errors import ClaimsError, Refused
from ledger.importers.tables_cells import Figure, folded
from ledger.quantities import parse_value

_SPACES = "\u00a0\u2007\u2009\u202f"  # as they stand between groups of digits
_SPACED = str.maketrans(dict.fromkeys(_SPACES, " ") | {"\N{MINUS SIGN}": "-", "’": "'"})
# A figure with the marks inside it; spaces and apostrophes only between groups of three.
_FIGURE = re.compile(
    r"\d{1,3}(?:[ ']\d{3})+(?!\d)(?:[.,]\d+)*|\d+(?:[.,]\d+)*",
    re.ASCII,
)
_RANGE = re.compile(r"(\d+(?:\.\d+)?) ?[-\u2013\u2014] ?(\d+(?:\.\d+)?)", re.ASCII)
_AT_LEAST = re.compile(r"(\d+(?:\.\d+)?) ?\+", re.ASCII)
_GROUP = 3  # digits between two marks of thousands

# Hedges and words for thousands of millions, folded, as the ledger's own short form has them; its
# English ones are understood without. None of them means two things among these languages.
_HEDGES = {
    "more than": "mehr als|uber|ueber|plus de|mas de|mais de|mais do que",
    "at least": "mindestens|wenigstens|au moins|al menos|por lo menos|pelo menos|ao menos",
    "less than": "weniger als|unter|moins de|menos de|menos do que",
    "at most": "hochstens|hoechstens|bis zu|maximal|au plus|jusqu'a|como maximo|hasta|no maximo"
    "|ate",
    "nearly": "fast|knapp|beinahe|pres de|presque|casi|quase",
    "about": "etwa|ungefahr|ungefaehr|rund|zirka|environ|alrededor de|cerca de|unos|unas"
    "|aproximadamente",
}
_HEDGE = {said: english for english, listed in _HEDGES.items() for said in listed.split("|")}
_HEDGED = re.compile(rf"({'|'.join(sorted(_HEDGE, key=len, reverse=True))})(?=[\s\d])")
_UNITS = {"mio.": "million", "mio": "million", "mrd.": "billion", "mrd": "billion"}
_UNIT = re.compile(r"(?<=\d) ?(mio\.?|mrd\.?)$")

_NUMBER = re.compile(
    r"(?:[a-z'. ]{1,40}|[~≈<>=≤≥]{1,2})? ?-?\d[\d.,' ]*"
    r"(?: ?[-\u2013\u2014] ?\d[\d.,' ]*| ?\+| ?%| (?:to|and) \d[\d.,' ]*)?"
    r"(?: ?(?:%|percent|thousand|million|billion|trillion|mio\.?|mrd\.?))?"
)


class Value(NamedTuple):
    """A number in its short form, and a note of how it stood where that is not plain to see."""

    value: str
    note: str | None = None


@lru_cache(maxsize=65_536)
def _read(text: str, decimal: str | None) -> Value:
    plain = folded(text.translate(_SPACED))
    if hedge := _HEDGED.match(plain):
        plain = _HEDGE[hedge[1]] + plain[hedge.end() :]
    plain = _UNIT.sub(lambda unit: f" {_UNITS[unit[1]]}", plain)
    plain = _FIGURE.sub(lambda figure: _plain_figure(figure[0], decimal), plain)
    if ends := _RANGE.fullmatch(plain):
        plain = f"{ends[1]}..{ends[2]}"
    elif least := _AT_LEAST.fullmatch(plain):
        plain = f">= {least[1]}"
    return Value(plain, None if _same(text, plain) else f"In the table: {text}")


def value_of(cell: str, decimal: str | None = None) -> Value:
    """The number of a cell; raises Refused where its marks may be read in two ways.

    `decimal` is the sign before decimals. What is no number is given back as it is, and is refused
    later by the rules for all numbers.
    """
    text = cell.strip()
    return Value(text) if isinstance(cell, Figure) else _read(text, decimal)


def _same(text: str, plain: str) -> bool:
    """Whether the ledger reads the text as it stands as the same number."""
    try:
        return text == plain or parse_value(text) == parse_value(plain)
    except ClaimsError:
        return False


# ── marks ────────────────────────────────────────────────────────────────────────────────────


def _plain_figure(written: str, decimal: str | None) -> str:
    """A figure without marks of thousands, its decimals after a point."""
    bare = written.replace(" ", "").replace("'", "")
    if "." not in bare and "," not in bare:
        return bare
    mark = decimal or mark_shown(bare)
    if mark is None:
        raise ambiguous(written)
    other = "," if mark == "." else "."
    whole, _, fraction = bare.partition(mark)
    groups = whole.split(other)
    grouped = len(groups[0]) <= _GROUP and all(len(group) == _GROUP for group in groups[1:])
    decimals = mark not in bare or fraction.isdigit()
    if not decimals or not (grouped or len(groups) == 1):
        raise Refused(
            f'"{written}" is no number whose decimals stand after "{mark}".',
            way_out="Correct the cell, or `decimal` in the mapping.",
        )
    made = "".join(groups)
    return f"{made}.{fraction}" if fraction and fraction != "000" else made


def mark_shown(figure: str) -> str | None:
    """Which sign marks decimals, where a figure with marks shows it by itself."""
    marks = [char for char in figure if char in ".,"]
    last = marks[-1]
    other = "," if last == "." else "."
    if len(set(marks)) > 1:
        return last
    if len(marks) > 1:
        return other  # it stands twice, so it parts thousands
    before, _, after = figure.partition(last)
    if len(after) != _GROUP or len(before) > _GROUP or before.startswith("0"):
        return last
    return None


def ambiguous(written: str) -> Refused:
    """The refusal of a figure that may be read in two ways."""
    whole = re.sub(r"[.,]", "", written)
    parts = written.replace(",", ".")
    return Refused(
        f'"{written}" may be {whole} or {parts}.',
        way_out="Say which sign marks decimals: --set decimal=. or --set decimal=,",
    )


class Marks(NamedTuple):
    """What the figures of a column show of their marks."""

    decimal: str | None  # the sign before decimals, where they show one
    unclear: str | None  # a figure that may be read in two ways, where none shows it


def marks_in(cells: Iterable[str]) -> Marks:
    """Which sign marks decimals in a column, as far as its figures decide it.

    Where figures such as `10,000` stand beside some without a mark, the mark parts thousands:
    decimals would be written in all of them, or end in no zero.
    """
    shown: set[str] = set()
    unclear: dict[str, str] = {}
    zeros = plain = False
    for figure in figures_in(cells):
        if "." not in figure and "," not in figure:
            plain = True
        elif mark := mark_shown(figure):
            shown.add(mark)
        else:
            mark = "." if "." in figure else ","
            unclear.setdefault(mark, figure)
            zeros = zeros or figure.endswith("0")
    if len(shown) == 1:
        return Marks(shown.pop(), None)
    if shown or not unclear:
        return Marks(None, None)
    if len(unclear) == 1 and zeros and plain:
        return Marks("," if "." in unclear else ".", None)
    return Marks(None, next(iter(unclear.values())))


def figures_in(cells: Iterable[str]) -> Iterator[str]:
    """All figures of cells that are text, without spaces inside."""
    for cell in cells:
        if not isinstance(cell, Figure):
            for figure in _FIGURE.findall(cell.translate(_SPACED)):
                yield figure.replace(" ", "").replace("'", "")


def is_number(cell: str) -> bool:
    """Whether a cell holds a number and nothing else, hedged or not."""
    plain = folded(cell.translate(_SPACED))
    if isinstance(cell, Figure):
        return True
    if not any(map(str.isdigit, plain)) or not _NUMBER.fullmatch(plain):
        return False
    hedge = re.match(r"[a-z'. ]*", plain)
    words = hedge[0].strip() if hedge else ""
    return not words or words in _HEDGE or _is_hedge(words)


def _is_hedge(words: str) -> bool:
    try:
        parse_value(f"{words} 1")
    except ClaimsError:
        return False
    return True
