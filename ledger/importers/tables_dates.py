"""Dates as people write them in tables, as EDTF: never more precise than they stand there.

Rules kept here:
- a day and a month that may be either way round are asked for, never guessed;
- a date that is not in the calendar is refused in the words of its cell.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from ledger.dates import parse_date
from ledger.errors import Refused
from ledger.importers.tables_cells import Day, folded

_MONTHS = (
    "jan january januar janner janvier janv enero ene janeiro",
    "feb february februar fevrier fevr fev febrero fevereiro",
    "mar march marz maerz mrz mars marzo marco",
    "apr april avril avr abril abr",
    "may mai mayo maio",
    "jun june juni juin junio junho",
    "jul july juli juillet juil julio julho",
    "aug august aout agosto ago",
    "sep sept september septembre septiembre setiembre setembro set",
    "oct october oktober okt octobre octubre outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember dez decembre diciembre dic dezembro",
)
_MONTH = {name: f"{at:02}" for at, names in enumerate(_MONTHS, 1) for name in names.split()}
_LITTLE = {"de", "del", "of", "the", "le", "el", "den", "der", "do", "da"}

_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_YEAR_LAST = re.compile(r"(\d{1,2})(\. ?|[-/])(\d{1,2})(\. ?|[-/])(\d{4})", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})[./](\d{4})", re.ASCII)
_WORDS = re.compile(r"[a-z]+|\d+", re.ASCII)

_DIRECTIVES = {
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "b": r"(?P<b>[^\W\d_]+)\.?",
    "B": r"(?P<b>[^\W\d_]+)\.?",
    "H": r"(?P<H>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})",
    "%": "%",
}
_CENTURY_TURNS = 69  # POSIX strptime: 69 to 99 are of the twentieth century


class Order(NamedTuple):
    """What a cell shows of the order of day and month, and the sign between them."""

    first: Literal["day", "month", "either"]
    sign: str


def _dated(text: str, form: str | None) -> str:
    if form and (made := _by_format(text, form)):
        return made
    if made := _year_first(text) or _by_name(text) or _month_year(text):
        return made
    found = order_of(text)
    if found is None:
        return text  # EDTF, or what the rules for all dates refuse
    if form:
        raise Refused(
            f'"{text}" does not have the form {form}.',
            way_out="Correct the cell, or the format in the mapping.",
        )
    if found.first == "either":
        raise ambiguous(text, found.sign)
    numbers = re.findall(r"\d+", text)
    day, month = numbers[:2] if found.first == "day" else (numbers[1], numbers[0])
    return _edtf(numbers[2], month, day)


def edtf_of(cell: str, form: str | None = None) -> str:
    """The date of a cell as EDTF, by a format if one is given; raises Refused.

    What is not understood is given back as it is: it may be EDTF, and is checked as such later, by
    the rules for all dates.
    """
    text = cell.strip()
    return text if isinstance(cell, Day) else _in_calendar(text, form)


@lru_cache(maxsize=65_536)
def _in_calendar(text: str, form: str | None) -> str:
    made = _dated(text, form)
    if made != text:
        try:
            parse_date(made)
        except Refused as error:  # told with the words of the cell
            raise Refused(f'"{text}" is not in the calendar.', way_out=error.way_out) from None
    return made


def order_of(text: str) -> Order | None:
    """What a cell shows of the order of day and month; None where it is no such date."""
    found = _YEAR_LAST.fullmatch(text)
    if not found:
        return None
    one, sign, other, second, _ = found.groups()
    sign = sign.strip()
    if sign != second.strip() or min(int(one), int(other)) > 12:  # noqa: PLR2004  months
        return None
    if sign == "." or int(one) > 12:  # with points the day comes first  # noqa: PLR2004  months
        return Order("day", sign)
    if int(other) > 12:  # noqa: PLR2004  months
        return Order("month", sign)
    return Order("day" if int(one) == int(other) else "either", sign)


def ambiguous(text: str, sign: str) -> Refused:
    """The refusal of a date that may be read in two ways."""
    one, other, year = re.findall(r"\d+", text)
    return Refused(
        f'"{text}" may be {_edtf(year, other, one)} or {_edtf(year, one, other)}.',
        way_out=f"Say which comes first: --set date_format=%d{sign}%m{sign}%Y, or"
        f" --set date_format=%m{sign}%d{sign}%Y.",
    )


class Orders(NamedTuple):
    """What the cells of a column show of the order of day and month."""

    format: str | None  # that of all cells, where some of them decide
    unclear: str | None  # a cell that may be read in two ways, where none decides


def orders_in(cells: Iterable[str]) -> Orders:
    """Which format a column has, as far as its cells decide it."""
    decided: set[Order] = set()
    unclear: str | None = None
    for cell in cells:
        found = None if isinstance(cell, Day) else order_of(cell.strip())
        if found is None or found.sign == ".":
            continue
        one, other, _ = re.findall(r"\d+", cell)
        if found.first == "either":
            unclear = unclear or cell.strip()
        elif int(one) != int(other):
            decided.add(found)
    if len(decided) == 1:
        [(first, sign)] = decided
        return Orders(sign.join(("%d", "%m", "%Y") if first == "day" else ("%m", "%d", "%Y")), None)
    return Orders(None, None if decided else unclear)


def is_date(cell: str) -> bool:
    """Whether a cell shows a day or a month, in whatever form."""
    text = cell.strip()
    return isinstance(cell, Day) or bool(
        order_of(text) or _year_first(text) or _by_name(text) or re.fullmatch(r"\d{4}-\d\d", text)
    )


# ── forms ────────────────────────────────────────────────────────────────────────────────────


def _edtf(year: str, month: str | None = None, day: str | None = None, time: str = "") -> str:
    parts = [year, *(part.zfill(2) for part in (month, day) if part)]
    return "-".join(parts) + time


def _year_first(text: str) -> str | None:
    """`2018-2-28`, `2018/02/28`, with or without a time; midnight alone says nothing."""
    found = _YEAR_FIRST.fullmatch(text)
    if not found:
        return None
    year, month, day, hours, minutes, seconds, zone = found.groups()
    return _edtf(year, month, day, _time(hours, minutes, seconds, zone))


def _time(hours: str | None, minutes: str | None, seconds: str | None, zone: str | None) -> str:
    """A time as EDTF has it, to the second; one without seconds it does not have."""
    if not hours or not seconds or (not zone and (hours, minutes, seconds) == ("00",) * 3):
        return ""
    if zone and len(zone) == len("+0100"):
        zone = f"{zone[:3]}:{zone[3:]}"
    return f"T{hours.zfill(2)}:{minutes}:{seconds}{zone or ''}"


def _month_year(text: str) -> str | None:
    """`02/2018` and `2.2018`."""
    found = _MONTH_YEAR.fullmatch(text)
    return _edtf(found[2], found[1]) if found else None


def _by_name(text: str) -> str | None:
    """`Feb 2018`, `8. Februar 2018`, `February 8, 2018`, `8 de febrero de 2018`."""
    if len(text) > 40 or text.isdigit() or not any(map(str.isalpha, text)):  # noqa: PLR2004  longer is no date
        return None
    plain = re.sub(r"\b(\d{1,2})(?:st|nd|rd|th|er|o)\b", r"\1", folded(text))
    if re.search(r"[^\w\s.,/-]", plain):
        return None
    words = [word for word in _WORDS.findall(plain) if word not in _LITTLE]
    if "".join(words) != "".join(char for char in _without_little(plain) if char.isalnum()):
        return None
    months = [word for word in words if word.isalpha()]
    if len(months) != 1 or months[0] not in _MONTH:
        return None
    month, at = _MONTH[months[0]], words.index(months[0])
    numbers = [word for word in words if word.isdigit()]
    years = [number for number in numbers if len(number) == 4]  # noqa: PLR2004  digits
    days = [number for number in numbers if len(number) <= 2]  # noqa: PLR2004  digits
    if len(years) != 1 or len(days) > 1 or len(numbers) != len(years) + len(days) or at > 1:
        return None
    return _edtf(years[0], month, days[0] if days else None)


def _without_little(text: str) -> str:
    return " ".join(word for word in re.split(r"[\s.,/-]+", text) if word not in _LITTLE)


# ── formats ──────────────────────────────────────────────────────────────────────────────────


def check_format(form: str) -> None:
    """Refuse a format that does not say a year, or that has signs nobody knows."""
    pattern = _pattern(form)
    if not {"Y", "y"} & pattern.groupindex.keys():
        raise Refused(f"The format {form!r} has no year.", way_out='Such as "%d.%m.%Y" or "%Y".')


@lru_cache(maxsize=64)
def _pattern(form: str) -> re.Pattern[str]:
    try:
        made = re.sub(
            r"%(.?)|[^%]+",
            lambda sign: _DIRECTIVES[sign[1]] if sign[1] is not None else re.escape(sign[0]),
            form,
        )
        return re.compile(made, re.ASCII if "[^" not in made else 0)
    except (KeyError, re.error):
        raise Refused(
            f"The date format {form!r} cannot be read.",
            way_out="Use each of %d %m %b %Y %y %H %M %S at most once, and the signs between them.",
        ) from None


def _by_format(text: str, form: str) -> str | None:
    found = _pattern(form).fullmatch(text)
    if not found:
        return None
    said = found.groupdict()
    year = said.get("Y")
    if year is None:
        year = f"{'19' if int(said['y']) >= _CENTURY_TURNS else '20'}{said['y']}"
    month = said.get("m") or (_MONTH.get(folded(said["b"])) if said.get("b") else None)
    if (month is None and (said.get("b") or said.get("d"))) or int(month or 1) > 12:  # noqa: PLR2004  months
        return None
    day = said.get("d")
    time = _time(said.get("H"), said.get("M"), said.get("S"), None) if day else ""
    return _edtf(year, month, day, time)
