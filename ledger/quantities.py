"""Numbers that keep their hedge: short forms such as `> 10000`, and the words they rest on.

A number is read in exact decimal arithmetic and kept only if a DOUBLE holds all that was written:
at most 2**53 in size and 15 significant digits. Whole numbers become ints, all others floats.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from decimal import Context, Decimal
from typing import Literal, NamedTuple

from events.values import Comparator, Number, Quantity
from ledger.errors import Refused

Bound = Literal["low", "best", "high"]


class Form(NamedTuple):
    """What stands in a quantity of one comparator, and how it is written."""

    phrase: str
    bounds: tuple[Bound, ...] = ()
    low_inclusive: bool | None = None
    high_inclusive: bool | None = None


_FORMS: dict[Comparator, Form] = {
    "eq": Form("{}", ("low", "best", "high"), low_inclusive=True, high_inclusive=True),
    "about": Form("about {}", ("best",)),
    "gt": Form("more than {}", ("low",), low_inclusive=False),
    "ge": Form("at least {}", ("low",), low_inclusive=True),
    "lt": Form("less than {}", ("high",), high_inclusive=False),
    "le": Form("at most {}", ("high",), high_inclusive=True),
    "between": Form("{} to {}", ("low", "high"), low_inclusive=True, high_inclusive=True),
    "unspecified": Form("no figure"),
}
_NO_FIGURE = frozenset({"?", _FORMS["unspecified"].phrase})

_HEDGE_SYMBOLS: dict[str, Comparator] = {
    "~": "about",
    "≈": "about",
    ">=": "ge",
    "≥": "ge",
    "<=": "le",
    "≤": "le",
    ">": "gt",
    "<": "lt",
    "=": "eq",
}
_HEDGE_WORDS: dict[Comparator, str] = {
    "eq": "exactly",
    "about": "about|around|approximately|approx.|circa|ca.|roughly|some|an estimated|estimated",
    "gt": "more than|greater than|over|above|exceeds|exceeding|upwards of",
    "ge": "at least|no fewer than|no less than|not less than|a minimum of",
    "lt": "less than|fewer than|under|below|nearly|almost",
    "le": "at most|up to|no more than|not more than|a maximum of",
}
_HEDGES = _HEDGE_SYMBOLS | {
    words: comparator for comparator, listed in _HEDGE_WORDS.items() for words in listed.split("|")
}

# Each unit with the power of ten that it stands for.
_UNITS = {
    "%": -2,
    "percent": -2,
    "per cent": -2,
    "thousand": 3,
    "million": 6,
    "billion": 9,
    "trillion": 12,
}
# Understood in the words of a source as well: there nobody can be asked to write it out.
_WORD_UNITS = _UNITS | {
    "\u066a": -2,  # the Arabic percent sign
    "pct": -2,
    "hundred": 2,
    "k": 3,
    "lakh": 5,
    "m": 6,
    "mn": 6,
    "mln": 6,
    "crore": 7,
    "b": 9,
    "bn": 9,
    "bln": 9,
}
_UNNAMED_POWERS = {3, 6, 9}

_MOST = 2**53  # beyond it a DOUBLE skips whole numbers
_DIGITS = 15  # a DOUBLE gives back any decimal number of so many digits (C's DBL_DIG)
_ROUNDED = Context(prec=_DIGITS)
_CLOSE = 1e-12  # relative; for fractions, which are kept rounded
_GROUP = 3  # digits between two thousands separators
_LONGEST_SHOWN = 60


def _any_of(phrases: Iterable[str]) -> str:
    """Write a pattern for any of the phrases; the longest goes first, so that it is found."""
    return "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))


_HEDGE = re.compile(
    rf"({_any_of(_HEDGE_SYMBOLS)}|(?:{_any_of(_HEDGES.keys() - _HEDGE_SYMBOLS)})(?!\w))\s*"
)
_RANGE = re.compile(r"between (.+) and (.+)|(?:from )?(.+) to (.+)|(.+?) ?\.\. ?(.+)")
# Three zeros after a point are left out: `10.000` is ten here and ten thousand elsewhere.
_PLAIN = r"-?(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.(?!000(?![0-9]))[0-9]+)?"
_FIGURE = re.compile(rf"({_PLAIN})(?:\s?/\s?({_PLAIN}))?(?:\s?({_any_of(_UNITS)}))?")

# What else people write for a figure, and what to tell them.
_HINTS = (
    (r"-?[\d.,]+e[-+]?\d+", "Write out its digits, such as 1000 for 1e3."),
    (
        r"-?\d+,\d+(?![\d,]).*",
        "Write {point} if the comma marks decimals; commas group by three, as in 10,000.",
    ),
    (r"-?\d+\.000", "Write it without the point; a comma groups thousands, as in 10,000."),
    (r".*\.\..*|.*\d\W*[-\u2013\u2014]\W*\d.*", "Write a range as 10..20, without a hedge."),
    (r"-?\d[\d.,'_ ]*", "Write it as 10000 or 10,000, with a point before decimals only."),
    (r".*\d.*", "Write it like 3500, ~3500, > 10000, 10..20, 25% or 1/3; leave its unit out."),
    (r".*", "Write ? for a number that gives no figure, and its words beside it."),
)

# A figure in a source: grouped by spaces, or with any mark inside.
_SPACED = r"(?<![0-9])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])(?:[.,][0-9]+)?"
_MARKED = r"[0-9]+(?:[.,'\u2019\u00b7\u066b\u066c][0-9]+)*"
_LETTER = r"[^\W\d_]"
_WORD_UNIT = rf"(?<!{_LETTER})({_any_of(_WORD_UNITS)})(?=s?(?!{_LETTER}))"
_NUMERAL = re.compile(rf"({_SPACED}|{_MARKED})(?:[ -]?{_WORD_UNIT})?")
_QUOTIENT = re.compile(
    r"(?<![0-9])(?:([0-9]{1,15}) )?([0-9]{1,15})(?: ?/ ?| in | out of )([0-9]{1,15})"
)
_OTHER_SCRIPT = re.compile(r"(?![\u0000-\u024f])[^\W\d_]")


def parse_value(text: str) -> Quantity:
    """Read the short form of a value: `3500`, `about 3500`, `> 10000`, `10..20`, `1/3`, `?`.

    `25%` is 0.25 and a fraction is rounded to 15 digits. Raises Refused for what is not such a
    form, and for a number that a DOUBLE cannot hold as written.
    """
    folded = " ".join(text.lower().replace("\N{MINUS SIGN}", "-").split())
    if folded in _NO_FIGURE:
        return Quantity("unspecified")
    if hedge := _HEDGE.match(folded):
        return _hedged(_HEDGES[hedge[1]], folded[hedge.end() :])
    if ends := _RANGE.fullmatch(folded):
        return _between(*filter(None, ends.groups()))
    return _hedged("eq", folded)


def check_quantity(quantity: Quantity) -> Quantity:
    """Check a quantity against its comparator; flags are filled in, whole floats become ints.

    Of `eq` one bound is enough. Raises Refused for a bound too few or too many, bounds out of
    order, a flag that contradicts the comparator, a number that a DOUBLE cannot hold as written.
    """
    if quantity.comparator not in _FORMS:
        raise Refused(
            f'"{quantity.comparator}" is not a comparator.',
            way_out=f"Use one of {', '.join(_FORMS)}.",
        )
    numbers = {bound: _recordable(_decimal(number)) for bound, number in _given(quantity).items()}
    if quantity.comparator == "eq" and len(set(numbers.values())) == 1:
        numbers = dict.fromkeys(_FORMS["eq"].bounds, *set(numbers.values()))
    _check_bounds(quantity.comparator, numbers)
    checked = _assemble(quantity.comparator, numbers)
    _check_flags(quantity, checked)
    return checked


def check_words(quantity: Quantity, words: str) -> None:
    """Refuse words that give figures, but not those of the quantity.

    Every plausible reading of a figure counts, in any script: `10.000` may be 10000 or 10. Words
    without digits say nothing to check, nor does a quantity without numbers.
    """
    folded = _fold(words)
    figures, quotients = set(_figures(folded)), list(_quotients(folded))
    for number in _given(quantity).values() if figures else ():
        size = abs(_decimal(number))  # the words may say "fell by" for the minus
        if size in figures or any(math.isclose(size, near, rel_tol=_CLOSE) for near in quotients):
            continue
        raise Refused(
            f'The words "{_shown(words)}" say {_said(folded)}; the value says {number}.',
            way_out="Correct the value or the words; write ? if the words give no figure.",
        )


def format_quantity(quantity: Quantity, unit: str = "") -> str:
    """Write a quantity with its hedge, as `parse_value` reads it: `more than 10,000`."""
    figures = [f"{_decimal(number):,f}" for number in _given(quantity).values()]
    hedged = _FORMS[quantity.comparator].phrase.format(*figures)
    return f"{hedged} {unit}" if unit and figures else hedged


def _hedged(comparator: Comparator, figure: str) -> Quantity:
    number = _number(_match_figure(figure))
    return _assemble(comparator, dict.fromkeys(_FORMS[comparator].bounds, number))


def _between(lower: str, upper: str) -> Quantity:
    low, high = _match_figure(lower), _match_figure(upper)
    if bool(low[3]) != bool(high[3]):  # "10 to 20 thousand" begins at 10,000, not at 10
        unit = low[3] or high[3]
        raise Refused(
            f'"{unit}" stands at one end of the range only.',
            way_out=f'Write "{unit}" at both ends, or the numbers in full.',
        )
    return check_quantity(Quantity("between", low=_number(low), high=_number(high)))


def _assemble(comparator: Comparator, numbers: Mapping[Bound, Number]) -> Quantity:
    form = _FORMS[comparator]
    return Quantity(
        comparator,
        low=numbers.get("low"),
        best=numbers.get("best"),
        high=numbers.get("high"),
        low_inclusive=form.low_inclusive,
        high_inclusive=form.high_inclusive,
    )


def _given(quantity: Quantity) -> dict[Bound, Number]:
    bounds: dict[Bound, Number | None] = {
        "low": quantity.low,
        "best": quantity.best,
        "high": quantity.high,
    }
    return {bound: number for bound, number in bounds.items() if number is not None}


def _check_bounds(comparator: Comparator, numbers: Mapping[Bound, Number]) -> None:
    wanted = _FORMS[comparator].bounds
    if comparator == "eq" and len(set(numbers.values())) > 1:
        raise Refused(
            f'The bounds of "eq" are one number, not {_listed(numbers.values())}.',
            way_out='Use "between" with low and high.',
        )
    if numbers.keys() != set(wanted):
        raise Refused(
            f'"{comparator}" takes {_listed(wanted)}; given was {_listed(numbers)}.',
            way_out="Give just these bounds, or the comparator that the words mean.",
        )
    if comparator == "between":
        _check_range(numbers["low"], numbers["high"])


def _check_range(low: Number, high: Number) -> None:
    if low == high:
        raise Refused(f"The range begins and ends at {low}.", way_out=f"Write {low} alone.")
    if low > high:
        raise Refused(
            f"The range begins at {low} and ends at {high}, which is less.",
            way_out=f"Write the smaller number first: {high}..{low}.",
        )


def _check_flags(given: Quantity, checked: Quantity) -> None:
    flags = (
        ("low_inclusive", given.low_inclusive, checked.low_inclusive),
        ("high_inclusive", given.high_inclusive, checked.high_inclusive),
    )
    for flag, stated, implied in flags:
        if stated is not None and stated != implied:
            raise Refused(
                f'"{flag}" cannot be {str(stated).lower()} with "{given.comparator}".',
                way_out=f'Leave "{flag}" out, or give the comparator that it fits.',
            )


def _match_figure(text: str) -> re.Match[str]:
    if match := _FIGURE.fullmatch(text):
        return match
    shown = _shown(text)
    hint = next(hint for pattern, hint in _HINTS if re.fullmatch(pattern, shown, re.DOTALL))
    raise Refused(
        f'"{shown}" is not a figure.' if text else "The figure is missing.",
        way_out=hint.format(point=shown.replace(",", ".")),
    )


def _number(figure: re.Match[str]) -> Number:
    number = _exact(figure[1])
    if figure[2]:
        divisor = _exact(figure[2])
        if not divisor:
            raise Refused(f'"{figure[0]}" divides by zero.', way_out="Correct the fraction.")
        number = _ROUNDED.divide(number, divisor)
    return _recordable(number.scaleb(_UNITS[figure[3]]) if figure[3] else number)


def _exact(written: str) -> Decimal:
    number = Decimal(written.replace(",", ""))
    _check_written(number)
    return number


def _decimal(number: Number) -> Decimal:
    """Give the number that a person would write for it: of a float, its shortest form."""
    if isinstance(number, float) and not math.isfinite(number):
        raise Refused(f"{number} is not a number.", way_out='Use "unspecified" without bounds.')
    return Decimal(int(number)) if number == int(number) else Decimal(repr(number))


def _check_written(number: Decimal) -> None:
    if number.copy_abs() > _MOST:
        raise Refused(
            f"{_shown(f'{number:f}')} is beyond 2**53, where whole numbers are skipped.",
            way_out="Use a measure with a larger unit, such as millions.",
        )
    written = f"{number.copy_abs():f}"
    digits = written.replace(".", "").lstrip("0") if "." in written else written.strip("0")
    if len(digits) > _DIGITS:
        raise Refused(
            f"{_shown(written)} has {len(digits)} significant digits; at most {_DIGITS} are kept.",
            way_out=f"Round it, as far as its words allow: {_ROUNDED.plus(number).normalize():f}.",
        )


def _recordable(number: Decimal) -> Number:
    """Give the number as int or float, if that says the same to the last digit."""
    _check_written(number)
    if number == number.to_integral_value():
        return int(number)
    recorded = float(number)
    if Decimal(repr(recorded)) != number:
        raise Refused(
            f"{_shown(f'{number:f}')} is too small to be kept exactly.",
            way_out="Use a measure with a smaller unit.",
        )
    return recorded


def _fold(words: str) -> str:
    """Write all digits as 0 to 9, `½` as ` 1/2`, and white space as single spaces."""
    return " ".join("".join(map(_fold_numeral, words.lower())).split())


def _fold_numeral(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", char)
    if "\N{FRACTION SLASH}" in plain:
        return f" {plain}".replace("\N{FRACTION SLASH}", "/")
    return char


def _figures(folded: str) -> Iterator[Decimal]:
    """Give every reading of every figure, with and without each unit that the words name."""
    powers = _powers(folded)
    for figure in re.findall(_SPACED, folded) + re.findall(_MARKED, folded):
        for reading in _figure_readings(figure):
            yield from map(reading.scaleb, powers)


def _figure_readings(figure: str) -> list[Decimal]:
    """Read a figure with its last mark as a decimal point and without, the likelier first."""
    parts = re.findall("[0-9]+", figure)
    whole = Decimal("".join(parts))
    if len(parts) == 1:
        return [whole]
    decimal = Decimal("".join(parts[:-1]) + "." + parts[-1])
    grouped = all(len(part) == _GROUP for part in parts[1:])
    return [whole, decimal] if grouped else [decimal, whole]


def _quotients(folded: str) -> Iterator[Decimal]:
    powers = _powers(folded)
    for whole, dividend, divisor in _QUOTIENT.findall(folded):
        if int(divisor):
            quotient = _ROUNDED.divide(Decimal(dividend), Decimal(divisor))
            yield from map(quotient.scaleb, powers)
            yield from map((quotient + int(whole or 0)).scaleb, powers)


def _powers(folded: str) -> set[int]:
    """Give the powers of ten that the words may add to a figure: "10 to 20 thousand" to both."""
    named = {_WORD_UNITS[unit] for unit in re.findall(_WORD_UNIT, folded)}
    # "Thousand" has a name in every language; in other scripts any is taken for granted.
    return {0} | named | (_UNNAMED_POWERS if _OTHER_SCRIPT.search(folded) else set())


def _said(folded: str) -> str:
    likely = (
        _figure_readings(figure)[0].scaleb(_WORD_UNITS[unit] if unit else 0)
        for figure, unit in _NUMERAL.findall(folded)
    )
    return _listed(f"{number.normalize():f}" for number in likely)


def _listed(items: Iterable[object]) -> str:
    *others, last = [str(item) for item in items] or ["no bound"]
    return f"{', '.join(others)} and {last}" if others else last


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
