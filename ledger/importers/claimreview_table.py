"""Reviews in a table with tabs, such as FACTCK.BR: a column for each field of a ClaimReview.

Rules kept here:
- a column that nothing is known of is refused, since it would be lost;
- words that stand for nothing are a setting; the verdict itself is never one of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Refused
from ledger.importers.claimreview_files import Found
from ledger.importers.delimited import Delimited
from ledger.importers.files import opened
from ledger.importers.jsonld import Node
from ledger.importers.settings import checked
from ledger.importers.tables_cells import Record
from ledger.importers.tables_columns import Header
from ledger.importers.tables_forms import NO_VALUE
from ledger.importers.tables_settings import Layout

if TYPE_CHECKING:
    from ledger.importers.claimreview import ReviewSettings

# What columns are called, in small letters, and the field of a review that each is.
COLUMNS = {
    "url": "url", "author": "author", "publisher": "publisher", "datepublished": "datePublished",
    "claimreviewed": "claimReviewed", "reviewbody": "reviewBody", "description": "description",
    "title": "name", "name": "name", "headline": "headline", "inlanguage": "inLanguage",
    "ratingvalue": "ratingValue", "bestrating": "bestRating", "worstrating": "worstRating",
    "alternatename": "alternateName", "alternativename": "alternateName",
}  # fmt: skip
RATING = ("ratingValue", "bestRating", "worstRating", "alternateName")
NOTHING = {*NO_VALUE, "empty"}


class Table:
    """An open table, past its header."""

    def __init__(self, records: Iterator[Record]) -> None:
        first = next((each for each in records if not each.is_blank), None)
        if first is None or first.fault:
            raise no_table()
        self.records = records
        self.header = Header(first.cells)
        self.fields = [COLUMNS.get(name.casefold(), "") for name in self.header.names]
        if "claimReviewed" not in self.fields:
            raise no_table()
        if "" in self.fields:
            name = self.header.names[self.fields.index("")]
            raise Refused(
                f"Nothing is known of the column {name!r}.",
                field=name or None,
                way_out="Leave it out, or import the file as tsv, with a mapping of its columns.",
            ).at(line=first.number)


@contextmanager
def table_of(path: Path, settings: "ReviewSettings") -> Iterator[Table]:
    """Open a table; raises Refused where it is none of reviews."""
    told = {"encoding": settings.encoding, "quoting": settings.quoting}
    layout = checked(Layout, told, None)
    with opened(path) as file:
        yield Table(iter(Delimited(file, layout, "\t")))


def reviews_in_table(path: Path, settings: "ReviewSettings") -> Iterator[Found]:
    """The reviews of a table, by the lines on which they begin."""
    nothing = frozenset(settings.empty)
    with table_of(path, settings) as table:
        names = dict(zip(table.fields, table.header.names, strict=True))
        for record in table.records:
            if record.is_blank:
                continue
            try:
                if record.fault:
                    raise table.header.named(record.fault)
                table.header.check_width(record.cells)
                review = review_of(table.fields, record.cells, nothing)
            except Refused as fault:
                yield Found(record.number, {}, fault)
            else:
                yield Found(record.number, review, names=names)


def review_of(fields: list[str], cells: list[str], nothing: frozenset[str]) -> Node:
    """The review of a row, as JSON-LD would say it."""
    said = {
        name: cell.strip()
        for name, cell in zip(fields, cells, strict=False)
        if cell.strip() and (name == "alternateName" or cell.strip() not in nothing)
    }
    rating = {name: said.pop(name) for name in RATING if name in said}
    return {"@type": ["ClaimReview"], **said} | ({"reviewRating": rating} if rating else {})


def words_for_nothing(path: Path, settings: "ReviewSettings") -> set[str]:
    """The words of a table that may stand for nothing, such as `Empty`."""
    words: set[str] = set()
    with table_of(path, settings) as table:
        for record in table.records:
            for name, cell in zip(table.fields, record.cells, strict=False):
                if name != "alternateName" and cell.strip().casefold() in NOTHING:
                    words.add(cell.strip())
    return words


def no_table() -> Refused:
    """The refusal of a file that holds no reviews in any form."""
    return Refused(
        "The file is neither JSON-LD, nor a page, nor a table with a column claimReviewed.",
        way_out="A table of another form is imported as csv or tsv, with a mapping of its columns.",
    )
