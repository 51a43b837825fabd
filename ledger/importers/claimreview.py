"""Fact-checks of others: schema.org ClaimReview, as JSON-LD, in a page, in a feed, or in a table.

file ─▶ claimreview_files (JSON, HTML, TSV) ─▶ reviews as plain objects ─▶ claimreview_rows ─▶ rows

What becomes what; one review is one row:
- claimReviewed (else text or name of a Claim that is reviewed) ─▶ `proposition`, and the quote of
  its reports with the mode `indirect`, since nobody compared the words with the document;
- itemReviewed.author ─▶ the speaker: Person, …Organization, NewsMediaOrganization (an outlet),
  GovernmentOrganization; `sameAs` and `url` ─▶ identifiers; further authors ─▶ `co_speakers`. None,
  or one who is the reviewer ─▶ the speaker `unnamed-<source_id>` of the first report;
- itemReviewed.datePublished ─▶ `said_at`; itemReviewed.inLanguage ─▶ `language`;
- itemReviewed.firstAppearance and appearance ─▶ sources with a report each; so is itemReviewed
  where it is no Claim but a work with an address; without any, the review's page is the source;
- the review's page ─▶ a source: url, name or headline as its title, datePublished, inLanguage, its
  publisher, else its author, as the outlet; an author who is a Person as `author`;
- author of the review, else its publisher ─▶ `assessor`, never the speaker; reviewRating ─▶
  `rating`: ratingValue, bestRating, worstRating as they are; alternateName, else name ─▶ `label`,
  else a ratingValue that is no number; reviewBody, else description, name or headline ─▶
  `explanation`; url ─▶ `url`.
- Image, keywords, dateModified and whatever else a review may say is not taken.

A date is taken by its day (ISO 8601, and days that are written out); one that is no date is left
out, and the note says what stood there. `https:host` without slashes is read as browsers do (the
URL standard, section 4.4).

Our own terms, for the exporter: with `{"claims": "urn:claims-ledger:v1:"}` in the context a file of
ours may say, and these fields are then taken as they are,
- in itemReviewed: claims:statement_id, said_at (EDTF), attribution, speech_act, venue, audience,
  topics, language, note;
- in each appearance: claims:source_id, published (EDTF), and of its report claims:report_id, quote,
  quote_mode, prefix, suffix, part, media_fragment, attributed_to; in the review itself the same,
  its report being taken where there is no appearance;
- in each author and publisher: claims:speaker_id and claims:kind.
A statement of that id that stands is compared, and a conflict where it differs; reports that it
lacks are added; an assessment that stands is not recorded again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from events.vocabulary import SpeakerKind
from ledger.errors import ClaimsError
from ledger.importers.rows import Item
from ledger.importers.settings import Settings
from ledger.importers.tables_settings import NewSpeaker, Word, listed

if TYPE_CHECKING:
    from ledger.api import Ledger

TOGETHER = 500  # reviews whose names are looked up at once


class ReviewSettings(Settings):
    """What is to be known besides the reviews themselves."""

    # Whom names mean: an id, or what is to be registered; reviewers too.
    speakers: dict[Word, Word | NewSpeaker] = Field(default={})
    speaker_kind: SpeakerKind | None = None  # of speakers of whom the review does not say it
    language: Word | None = None  # of claims and reviews that do not say theirs
    # Texts of a table that stand for nothing.
    empty: Annotated[list[Word], BeforeValidator(listed)] = Field(default=[])
    encoding: Word = "utf-8"  # of a table
    quoting: bool = False  # whether quotation marks may hold tabs and line ends in a table


SETTINGS = ReviewSettings


def guess(form: str, files: Sequence[str]) -> dict[str, Any]:  # noqa: ARG001  as all formats
    """A kind of speaker where the reviews may not say it; words of a table that say nothing."""
    from ledger.importers.claimreview_files import kind_of
    from ledger.importers.claimreview_table import words_for_nothing

    found: dict[str, Any] = {}
    words: set[str] = set()
    for path in map(Path, files):
        with in_file(path):
            if kind_of(path) == "table":
                words |= words_for_nothing(path, ReviewSettings())
            else:
                found["speaker_kind"] = "person"
    return found | ({"empty": sorted(words)} if words else {})


def read(form: str, files: Sequence[str], settings: ReviewSettings) -> Iterator[Item]:
    """The reviews in the files; who is named in them is taken for new."""
    return read_into(None, form, files, settings)


def read_into(
    ledger: "Ledger | None",
    form: str,  # noqa: ARG001  as all formats
    files: Sequence[str],
    settings: ReviewSettings,
) -> Iterator[Item]:
    """The reviews in the files; names that the ledger has are found in it."""
    from ledger.importers.claimreview_files import reviews_of
    from ledger.importers.claimreview_rows import Reviews

    made = Reviews(ledger, settings)
    for path in map(Path, files):
        with in_file(path):
            found = reviews_of(path, settings)
            while some := list(islice(found, TOGETHER)):
                yield from made.items(path, some)


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Name the file in what is raised inside."""
    try:
        yield
    except ClaimsError as error:
        raise error.at(file=str(path)) from None
