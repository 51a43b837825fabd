"""Turns the reviews of a file into rows: whom they name is looked up together."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import ClaimsError
from ledger.importers.claimreview_files import Found
from ledger.importers.claimreview_known import Standing
from ledger.importers.claimreview_one import OneReview, item_of, works_of
from ledger.importers.claimreview_parts import Notes, address_of, agents
from ledger.importers.jsonld import own
from ledger.importers.own_things import OwnThings
from ledger.importers.rows import Fault, Item, Row
from ledger.importers.tables_names import Names

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.importers.claimreview import ReviewSettings

# The fields of commands, and the fields of a review that they come from.
COLUMNS = {
    "proposition": "claimReviewed", "reports": "claimReviewed", "said_at": "itemReviewed",
    "speaker_id": "itemReviewed.author", "co_speakers": "itemReviewed.author",
    "rating": "reviewRating", "rating.value": "reviewRating.ratingValue",
    "rating.best": "reviewRating.bestRating", "rating.worst": "reviewRating.worstRating",
    "rating.label": "reviewRating.alternateName", "assessor": "author", "publisher_id": "author",
    "explanation": "reviewBody", "url": "url", "published": "datePublished", "title": "name",
}  # fmt: skip


class Reviews:
    """Makes rows of reviews."""

    def __init__(self, ledger: "Ledger | None", settings: "ReviewSettings") -> None:
        self.settings = settings
        self.names = Names(ledger, "speaker", settings.speakers)
        self.standing = Standing(ledger)
        self.own = OwnThings(ledger)

    def items(self, file: Path, found: Sequence[Found]) -> Iterator[Item]:
        """The rows of some reviews of a file, whose names are looked up together."""
        self._look_up(found)
        for each in found:
            columns = {
                path: each.names.get(name.rpartition(".")[2], joined(each.path, name))
                for path, name in COLUMNS.items()
            }
            try:
                if each.fault:
                    raise each.fault
                row = OneReview(self, file, each.review).row()
            except ClaimsError as error:
                column = columns.get(error.place.field or "", error.place.field)
                yield Fault.of(error, each.number, column=column, file=str(file))
            else:
                commands, shared = row
                yield Row(
                    number=each.number, commands=commands, shared=shared, columns=columns,
                    file=str(file), counts={"review": 1},
                )  # fmt: skip

    def _look_up(self, found: Sequence[Found]) -> None:
        people: set[str] = set()
        statements: set[str] = set()
        for each in found:
            item = item_of(each.review)
            url = address_of(each.review.get("url"), "url", Notes())
            told = agents([each.review.get("author"), each.review.get("publisher")], url)
            told += agents(
                [item.get("author"), *(work.get("publisher") for work in works_of(item))]
            )
            people |= {agent.name for agent in told}
            if statement_id := own(item, "statement_id").get("statement_id"):
                statements.add(str(statement_id))
        self.names.load(people)
        self.standing.load(statements)
        self.own.load(statements)


def joined(path: str, name: str) -> str:
    """A field of a review that stands somewhere in its entry."""
    return f"{path}.{name}" if path else name
