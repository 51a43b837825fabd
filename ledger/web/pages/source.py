"""One source: its whole text, with every quote marked where it stands."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from ledger.asker import Row
from ledger.errors import ClaimsError, UnknownId
from ledger.web.keeper import Moment
from ledger.web.page import Asked, Page
from ledger.web.past import past_of

_MOST_TEXT = 400_000  # code points that are shown at once
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # the direction of writing


class Stretch(NamedTuple):
    """A part of a text, and the reports whose quotes cover it, `opens` those that begin."""

    text: str
    covering: tuple[str, ...]
    opens: tuple[str, ...]


def source_page(asked: Asked) -> Page:
    """A source's text with the statements that were found in it, linked both ways."""
    moment, key = asked.moment, asked.path["id"]
    found = moment.views.sql("from sources where source_id = $id", id=key)
    if not found:
        raise UnknownId("source", key)
    reports = told_in(moment, key)
    text, missing = text_of(asked, found[0])
    start = asked.number("from", 0, most=len(text))
    end = min(start + _MOST_TEXT, len(text))
    data = {
        "source": found[0],
        "reports": reports,
        "stretches": [each._asdict() for each in stretches(text, reports, start, end)],
        "by_report": {row["report_id"]: row["statement_id"] for row in reports},
        "missing": missing,
        "turning": sorted({f"U+{ord(each):04X}" for each in _TURNING.findall(text, start, end)}),
        "start": start,
        "end": end,
        "length": len(text),
        "history": past_of(moment, [f"source/{key}"], found[0]["position"]),
    }
    title = found[0]["title"] or found[0]["url"] or key
    return Page("source.html", title, data, reports, lasts=not missing or not found[0]["captured"])


def told_in(moment: Moment, key: str) -> list[Row]:
    """The reports of a source, each with what its statement says."""
    reports = moment.views.named("page_source_reports", source=key)
    statements: dict[str, Row] = {}
    for widest in (False, True):  # those recorded with their statements, then all
        sought = sorted({row["statement_id"] for row in reports} - statements.keys())
        if sought:
            places = [row["position"] for row in reports]
            first, last = (0, moment.size) if widest else (min(places), max(places))
            rows = moment.views.named("page_statements_named", ids=sought, first=first, last=last)
            statements |= {row["statement_id"]: row for row in rows}
    return [row | statements[row["statement_id"]] for row in reports]


def text_of(asked: Asked, source: Row) -> tuple[str, str | None]:
    """A source's text, or why there is none to show."""
    if source["text_sha256"] is None:
        return "", "This source is only cited: no document was captured."
    try:
        return asked.moment.store.text(source["text_sha256"]), None
    except ClaimsError as error:
        return "", f"{error.what} {error.way_out}"


def stretches(text: str, reports: Sequence[Row], start: int, end: int) -> Iterator[Stretch]:
    """A text cut wherever a quote begins or ends; code points, as spans count them."""
    spans = [
        (max(row["quote_start"], start), min(row["quote_end"], end), row["report_id"])
        for row in reports
        if row["quote_start"] is not None and row["quote_start"] < end and row["quote_end"] > start
    ]
    cuts = sorted({start, end, *(cut for first, last, _ in spans for cut in (first, last))})
    beginning, ending = defaultdict(list), defaultdict(list)
    for first, last, key in spans:
        beginning[first].append(key)
        ending[last].append(key)
    covering: dict[str, None] = {}  # in the order in which they began
    for left, right in pairwise(cuts):
        opens = tuple(beginning[left])
        for key in ending[left]:
            covering.pop(key, None)
        covering.update(dict.fromkeys(opens))
        yield Stretch(text[left:right], tuple(covering), opens)
