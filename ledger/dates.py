"""Dates as precise as their source: EDTF text (ISO 8601-2, levels 0 to 2) and its bounds.

The edtf library says whether a text is EDTF. The bounds are read from the text itself, since the
library's own stretch unknown sides by ten years and give years of 0 to 9999 to `XXXX-10`.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache
from itertools import product
from typing import TYPE_CHECKING

from events.values import ImpreciseDate
from ledger.errors import Refused

if TYPE_CHECKING:
    from pyparsing import ParserElement

Bounds = tuple[date | None, date | None]

_LONGEST = 200  # code points; a longer set of dates takes the grammar seconds
_LONGEST_SHOWN = 60
_EXAMPLES = "Write it like 2018, 2018-02, 2018-02-28, 2018?-02, 2018-XX, 2015/.. or 2015/2017."

# Calendar dates that need no grammar: nearly all that a ledger ever reads. A time, with or without
# its zone, may follow a whole day only.
_PLAIN = re.compile(
    r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?"
    r"(?:[?~%]|(?<=-[0-9]{2}-[0-9]{2})T"
    r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]|24:00:00)"
    r"(?:Z|[+-](?:0[0-9]|1[0-3])(?::[0-5][0-9])?|[+-]14:00)?)?"
)
# Other dates that the grammar takes, each in tens of milliseconds: with a qualifier within, with
# unknown last digits, and sets: spans of one precision, and lists of two members and more.
_YEAR, _MONTH, _DAY = "[0-9]{4}", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9])"
_YEARS_DAY = rf"(?:{_MONTH}-{_DAY}|(?!02){_MONTH}-30|(?:0[13578]|1[02])-31)"
_PRECISIONS = (rf"{_YEAR}-{_YEARS_DAY}", rf"{_YEAR}-{_MONTH}", _YEAR)
_SPAN = "|".join(rf"(?:{one})?\.\.{one}|{one}\.\." for one in _PRECISIONS)
_LIST = "{0}(?:,{0})+".format(f"(?:{'|'.join(_PRECISIONS)})")
USUAL = re.compile(
    rf"{_YEAR}[?~%]-(?:{_YEARS_DAY}|{_MONTH})|{_YEAR}-{_MONTH}[?~%]-{_DAY}"
    rf"|[0-9]{{2}}[0-9X]X|{_YEAR}-(?:XX-|{_MONTH}-)?XX"
    rf"|\[(?:{_SPAN}|{_LIST})\]|\{{(?:{_SPAN}|{_LIST})\}}"
)
_QUALIFIER = re.compile(r"[?~%]")
# One date in digits; the library takes no qualifier at the end of `2018-21` and `XXXX`.
_QUALIFIED_WHOLE = re.compile(r"([0-9X]{4}(?:-[0-9X]{2}){0,2})[?~%]")
_PART = re.compile(r"([0-9X]{4})(?:S([0-9]+))?(?:-([0-9X]{2}))?(?:-([0-9X]{2}))?")
_DIGITAL = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?(?![0-9])")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\.?")
# How people write dates, and how EDTF would; `m` stands before a month that was given by name.
_REWRITES = (
    (r"(\d{4})(\d\d)(\d\d)", r"\1-\2-\3"),
    (r"(\d{4})\W+m?(\d{1,2})\W+(\d{1,2})", r"\1-\2-\3"),
    (r"(\d{4})\W+m?(\d{1,2})", r"\1-\2"),
    (r"(\d{1,2})\W+m?(\d{1,2})\W+(\d{4})", r"\3-\2-\1"),
    (r"m?(\d{1,2})[^\w.]+(\d{1,2})\W+(\d{4})", r"\3-\1-\2"),  # with points the day comes first
    (r"m?(\d{1,2})\W+(\d{4})", r"\2-\1"),
    (r"(\d{4})\s*[-\u2013\u2014]\s*(\d{4})", r"\1/\2"),
    (r"(\d{4}-\d\d-\d\d)[t ]\d.*", r"\1"),
    (r"(.+)/(.+)", r"\2/\1"),
)


@lru_cache(maxsize=65_536)
def parse_date(text: str) -> ImpreciseDate:
    """Read an EDTF date (ISO 8601-2); the text is kept as written, without outer white space.

    Both bounds are days, inclusive. They ignore `?`, `~` and `%`, also inside; an open or unknown
    side, or a year of which no digit is known, is None; a time counts as its written day.
    Raises Refused for what is not EDTF, not in the calendar, reversed, or outside 0001 to 9999.
    """
    written = text.strip()
    try:
        return ImpreciseDate(written, *_bounds(written))
    except ValueError as fault:
        raise Refused(str(fault), way_out=_way_out(written)) from None


def _bounds(text: str) -> Bounds:
    """Give the first and last day; a ValueError says in a sentence why there are none."""
    if plain := _PLAIN.fullmatch(text):
        return _plain_bounds(*plain.groups())
    if not _is_edtf(text):
        raise _not_edtf(text)
    bare = _QUALIFIER.sub("", text)
    if bare[0] in "[{":
        return _hull([_range_bounds(member, "..") for member in bare[1:-1].split(",")])
    return _range_bounds(bare, "/")


def _plain_bounds(year: str, month: str | None, day: str | None) -> Bounds:
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise _absent("-".join(filter(None, (year, month, day)))) from None
    if day:
        return first, first
    if month:
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    return first, first.replace(month=12, day=31)


def _hull(members: list[Bounds]) -> Bounds:
    """Span a set's members; a member without a bound leaves the set without it."""
    earliest = [first for first, _ in members if first]
    latest = [last for _, last in members if last]
    return (
        min(earliest) if len(earliest) == len(members) else None,
        max(latest) if len(latest) == len(members) else None,
    )


def _range_bounds(text: str, separator: str) -> Bounds:
    lower, separated, upper = text.partition(separator)
    if not separated:
        return _part_bounds(text)
    earliest, latest = _part_bounds(lower)[0], _part_bounds(upper)[1]
    if earliest and latest and earliest > latest:
        message = f'"{text}" ends before it begins.'
        raise ValueError(message)
    return earliest, latest


def _part_bounds(part: str) -> Bounds:
    """Give the bounds of one date without qualifiers; of an open or unknown side, none."""
    if part in {"", ".."}:
        return None, None
    match = _PART.fullmatch(part)
    if not match:
        raise _absent(part) if part[0] in "Y-" else _not_edtf(part)
    year, significant, month, day = match.groups()
    if significant:  # 1950S2 is some year of 1900 to 1999
        year = year[: int(significant)].ljust(4, "X")
    choices = _matching(year, 1, 9999), _months(month or "XX"), _matching(day or "XX", 1, 31)
    first = _first_day(product(*choices))
    last = _first_day(product(*(numbers[::-1] for numbers in choices)))
    if not first:
        raise _absent(part)
    return (None, None) if year == "XXXX" else (first, last)


def _months(mask: str) -> list[int]:
    """Give the months of a month or a season; 21 to 24 as in the north, winter as December."""
    if mask.isdigit() and mask > "12":
        from edtf.appsettings import SEASON_L2_MONTHS_RANGE

        first, last = SEASON_L2_MONTHS_RANGE.get(int(mask), (1, 0))
        return list(range(first, last + 1))
    return _matching(mask, 1, 12)


def _matching(mask: str, low: int, high: int) -> list[int]:
    """List the numbers of `low` to `high` that a mask like `201X` may stand for, in order."""
    digits = ("0123456789" if digit == "X" else digit for digit in mask)
    return [number for number in map(int, map("".join, product(*digits))) if low <= number <= high]


def _first_day(candidates: Iterable[tuple[int, ...]]) -> date | None:
    for year, month, day in candidates:
        with suppress(ValueError):  # the 31st of April
            return date(year, month, day)
    return None


def _is_edtf(text: str) -> bool:
    # The grammar skips white space between its tokens, which EDTF does not allow.
    if not 0 < len(text) <= _LONGEST or len(text.split()) > 1:
        return False
    if "/" not in text:
        return _fits_grammar(text)
    # Side by side, since the library knows no open interval of dates such as `201X`.
    return text != "/" and text.count("/") == 1 and all(map(_is_side, text.split("/")))


def _is_side(text: str) -> bool:
    return text in {"", ".."} or (text[0] not in "[{" and _fits_grammar(text))


def _fits_grammar(part: str) -> bool:
    if _PLAIN.fullmatch(part) or USUAL.fullmatch(part):
        return True
    from pyparsing import ParseException

    whole = _QUALIFIED_WHOLE.fullmatch(part)
    try:
        # Tried without its actions: those print and raise on valid dates such as `2018-1X`.
        grammar().try_parse(whole[1] if whole else part, 0)
    except ParseException:
        return False
    return True


@cache
def grammar() -> "ParserElement":
    """The grammar of the edtf library, for a whole text."""
    from edtf.parser.grammar import edtfParser
    from pyparsing import StringEnd

    return edtfParser + StringEnd()


def _absent(part: str) -> ValueError:
    if part.startswith(("Y", "-", "0000")):
        return ValueError(f'"{part}" lies outside the years 0001 to 9999.')
    return ValueError(f'"{part}" is not in the calendar.')


def _not_edtf(text: str) -> ValueError:
    """Say why a text is no date, by the part that is not in the calendar if there is one."""
    if not text:
        return ValueError("The date is empty.")
    try:
        for part in _DIGITAL.findall(text):
            _part_bounds(part)
    except ValueError as fault:
        return fault
    return ValueError(f'"{_shown(text)}" is not a date in the form of ISO 8601 (EDTF).')


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _way_out(text: str) -> str:
    readings = dict.fromkeys(reading for reading in _readings(text) if _is_date(reading))
    if not readings:
        return _EXAMPLES
    which = ", whichever is meant" if len(readings) > 1 else ""
    return f"Write {' or '.join(readings)}{which}."


def _readings(text: str) -> Iterable[str]:
    """Guess what a text that is not EDTF would be in EDTF; not every guess is a date."""
    if len(text) > _LONGEST:
        return
    yield "".join(text.split()).upper()
    numbered = _MONTH_NAME.sub(lambda name: f"m{_MONTHS.index(name[1]) + 1}", text.lower())
    for people, edtf in _REWRITES:
        if match := re.fullmatch(people, numbered, re.ASCII):
            yield re.sub(r"\b\d\b", r"0\g<0>", match.expand(edtf))


def _is_date(text: str) -> bool:
    try:
        _bounds(text)
    except ValueError:
        return False
    return True
