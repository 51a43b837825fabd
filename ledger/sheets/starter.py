"""Starts a sheet for a document: the source as far as its text shows it, and an example."""

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from events.ids import slug
from ledger.documents import Document, read_document
from ledger.errors import Refused
from ledger.sheets.yaml_faults import in_quotes, shortened
from ledger.sheets.yaml_nodes import FORBIDDEN, read_yaml

LINES_READ = 12  # a title, a byline and a date stand at the top
LONGEST_TITLE = 200
LONGEST_AUTHOR = 60

_MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS)
_DATE = re.compile(
    r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?![\d-])"
    rf"|\b(?P<month2>{_MONTH})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}})\b"
    rf"|\b(?P<day3>\d{{1,2}}) (?P<month3>{_MONTH})\.?,? (?P<year3>\d{{4}})\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"by (?P<author>[^\d|,–—]+?)(?: *(?:[|,–—]| - ).*)?", re.IGNORECASE)
_LABEL = re.compile(r"(?:date|dated|published|posted)(?: on)?:? *", re.IGNORECASE)

_INTRODUCTION = """\
## One entry under `statements` for each thing that somebody says in this text.
## To use a line that begins with "# ", remove these two characters.
"""

_EXAMPLE = """
## Who speaks. `narrator` needs no entry: it is the author, else the outlet, else somebody unnamed.
# speakers:
#   jane-doe: {name: Jane Doe, kind: person}

## What numbers are numbers of.
# measures:
#   fighters-in-the-north: {label: Fighters in the north, unit: people}

# statements:
#   - speaker: jane-doe
#     said_at: 2023-01
#     proposition: One neutral sentence that says what is claimed.
##    A quote has the exact words. Below >- it may hold every sign: quotation marks, colons, #.
#     quote: >-
#       the words: exactly as they stand in the text, "with more than 10,000" of their signs
#     attributed_to: Doe
#     estimates:
##      A value or words that begin with a sign (> < [ " ?) or hold a comma stand in quotes.
#       - measure: fighters-in-the-north
#         value: "> 10000"
#         words: "more than 10,000"
#         reference_period: 2023-01
"""


_EXAMPLES = {
    "title": "The headline, where the text has one",
    "author": "The author, where the text names one",
}


class Shown(NamedTuple):
    """What a line shows of its document, and whether it can hardly mean anything else."""

    text: str
    line: str
    certain: bool


def start_sheet(document: Path, *, relative_to: Path) -> str:
    """The YAML of a sheet for a document; `relative_to` is the folder that the sheet will be in.

    What is only a guess stands there as a comment. Raises Refused where it cannot be read.
    """
    read = read_document(document)
    lines, facts = head(read.text), stated(read)
    path = Path(os.path.relpath(document.resolve(), relative_to.resolve())).as_posix()
    return "".join([
        _INTRODUCTION,
        "source:\n",
        *entry("id", slug(document.stem)),
        *entry("document", path),
        "  # publisher: The outlet, where the text names one\n",
        *guess("title", facts.get("title") or title_in(lines), _EXAMPLES["title"]),
        *guess("author", facts.get("author") or author_in(lines), _EXAMPLES["author"]),
        *guess("published", facts.get("published") or published_in(lines), "2023-01-20"),
        *guess("url", facts.get("url"), "https://example.org/where/it/was/found"),
        *guess("language", facts.get("language"), "en"),
        _EXAMPLE,
    ])  # fmt: skip


def stated(document: Document) -> dict[str, Shown]:
    """What the document's own metadata say: that is certain to be what it says."""
    facts = {
        name: getattr(document.facts, name, None)
        for name in ("title", "author", "published", "url", "language")
    }
    return {name: Shown(text, text, certain=True) for name, text in facts.items() if text}


def entry(key: str, text: str) -> Iterator[str]:
    """A line of the source, where there is something to say."""
    if text:
        yield f"  {key}: {scalar(text)}\n"


def guess(key: str, shown: Shown | None, example: str) -> Iterator[str]:
    """A line of the source: filled in, or as a comment with the line that suggests it."""
    if shown is None:
        yield f"  # {key}: {scalar(example)}\n"
    elif shown.certain:
        yield from entry(key, shown.text)
    else:
        yield f"  ## by the line: {shortened(shown.line)}\n"
        yield f"  # {key}: {scalar(shown.text)}\n"


# ── what a text shows ────────────────────────────────────────────────────────────────────────


def head(text: str) -> list[str]:
    """The first lines that hold something, their white space made single spaces."""
    lines = (" ".join(FORBIDDEN.sub(" ", line).split()) for line in text.splitlines())
    return [line for line in lines if line][:LINES_READ]


def title_in(lines: list[str]) -> Shown | None:
    """The first line, unless it is a paragraph, a byline or a date."""
    first = lines[0] if lines else ""
    if len(first) > LONGEST_TITLE or first.endswith(".") or author_in([first]):
        return None
    return None if published_in([first]) else Shown(first, first, certain=True)


def author_in(lines: list[str]) -> Shown | None:
    """Who stands in a byline; never certain, since outlets have bylines that name nobody."""
    for line in lines:
        found = _BYLINE.fullmatch(line)
        if found and found["author"][0].isupper() and len(found["author"]) <= LONGEST_AUTHOR:
            return Shown(found["author"].strip(" -"), line, certain=False)
    return None


def published_in(lines: list[str]) -> Shown | None:
    """The date of a byline, of a line `date …` or of its own line; else any date, as a guess."""
    dates = [
        Shown(day.isoformat(), line, certain=is_dateline(line, found))
        for line in lines
        for found in _DATE.finditer(line)
        if (day := day_of(found))
    ]
    return next((shown for shown in dates if shown.certain), dates[0] if dates else None)


def is_dateline(line: str, found: re.Match[str]) -> bool:
    """Whether a date is what its line is there to say."""
    before = _LABEL.sub("", line[: found.start()], count=1).strip(" -|,–—()")
    labelled = before == "" and bool(_LABEL.match(line))
    alone = before == "" and line[found.end() :].strip(" -|,.–—()") == ""
    return labelled or alone or bool(_BYLINE.fullmatch(line))


def day_of(found: re.Match[str]) -> date | None:
    """The day that a match means, where there is such a day."""
    year, month, day = (
        next(value for name, value in found.groupdict().items() if name.startswith(part) and value)
        for part in ("year", "month", "day")
    )
    names = [each[:3].lower() for each in _MONTHS]
    number = int(month) if month.isdigit() else names.index(month[:3].lower()) + 1
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def scalar(text: str) -> str:
    """A text as it is written in YAML: in quotes where it would be understood differently."""
    try:
        read = read_yaml(Path(), f"x: {text}".encode())
    except Refused:
        return in_quotes(text)
    whole = read.content == {"x": text} and not any(read.cut_short())
    return text if whole else in_quotes(text)
