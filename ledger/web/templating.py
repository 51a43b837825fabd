"""Templates: what they may call, and how values look in them. Every text is escaped."""

import re
from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ledger.cells import CONTROLS, cell_text, harmless
from ledger.web.assets import asset

_LONG = 140  # characters of a text in a list

# Characters that turn the direction of writing or are not seen: shown by their numbers.
_UNSEEN = re.compile(
    r"[\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\u3164\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)

# Accents upon accents, which would cover the lines above; no script has five on one letter.
_ACCENT = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILED = re.compile(f"(?<={_ACCENT}{{4}}){_ACCENT}{{2,}}")


@cache
def environment() -> Environment:
    """The templates of this package."""
    from ledger.report.wording import language  # reports write texts as is done here

    made = Environment(
        loader=PackageLoader("ledger.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        said=said, short=short, day=day, moment=moment, count=count, cell=cell, words=words,
        counted=counted, harmless=harmless, language=language,
    )  # fmt: skip
    made.globals["asset"] = asset
    return made


def said(text: Any) -> Markup:  # noqa: ANN401  a cell holds anything
    """A text of somebody else's: apart from what stands around it, its unseen characters shown."""
    return Markup("<bdi>{}</bdi>").format(seen(str(text)))


def seen(text: str) -> Markup:
    """A text with the characters that would hide or turn something shown by their numbers."""
    marked = Markup('<span class="unseen" title="{}">U+{:04X}{}</span>')
    parts: list[Markup] = []
    start = 0
    for found in re.finditer(f"{CONTROLS.pattern}|{_UNSEEN.pattern}|{_PILED.pattern}", text):
        many = len(found[0])
        why = "a character that is not seen" if many == 1 else "accents upon accents"
        shown = marked.format(why, ord(found[0][0]), f" ×{many}" if many > 1 else "")
        parts += [escape(text[start : found.start()]), shown]
        start = found.end()
    return Markup("").join([*parts, escape(text[start:])])


def short(text: str | None, most: int = _LONG) -> str:
    """A text in a list: cut at a word, with `…`."""
    text = " ".join((text or "").split())
    if len(text) <= most:
        return text
    cut = text[:most].rpartition(" ")[0]
    return (cut if len(cut) > most // 2 else text[:most]).rstrip(" ,;:") + "…"


def day(value: date | str | None) -> str:
    """A date as it was written, a dash where there is none."""
    return str(value) if value else "–"


def moment(value: datetime | None) -> str:
    """A time in UTC, to the minute."""
    return f"{value:%Y-%m-%d %H:%M}" if value else "–"


def count(value: float | None) -> str:
    """A whole number with thousands apart."""
    return "–" if value is None else f"{value:,.0f}"


def counted(value: int, one: str, several: str | None = None) -> str:
    """A count with its noun: `1 report`, `2 reports`."""
    return f"{value:,} {one if value == 1 else several or one + 's'}"


def cell(value: Any) -> Markup:  # noqa: ANN401  a cell holds anything
    """A value of a table."""
    return said(short(cell_text(value), 600)) if value not in (None, "", []) else Markup("")


def words(value: str | None) -> str:
    """A term of the vocabulary as words: `claim_responsibility` is `claim responsibility`."""
    return (value or "").replace("_", " ").removeprefix("claims.").removesuffix(".v1")
