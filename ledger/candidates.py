"""The few statements that are worth comparing, word by word, with one that is about to be recorded.

They are found in steps, each a small query over a temporary table of the step before: one query of
all of them takes several times as long to plan as these take to run.

Rules kept here:
- a candidate has a speaker, the time and beginnings of words in common with what is sought, in any
  form that it ever had: whether that form counts is asked of the few that are left;
- of one's speakers and time the statements recorded last are looked at, LATEST of them, and in a
  ledger of more than SPANS events further back only until there are ENOUGH.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.wording import STOP_WORDS, UNSPACED
from projections import catalog

if TYPE_CHECKING:
    from projections.database import Database

DAYS = 31  # between the bounds of two dates; further apart is another time
MOST_CANDIDATES = 200  # of one statement, those that share most words
LATEST = 12_000  # statements that are looked at for one; more take longer than anyone waits
SPANS = (250_000, 2_000_000)  # of the last events: statements before them lie far apart, and are
ENOUGH = 500  # looked at only where fewer than these are found among them
LEAST_SHARE = 0.2  # of the words of the shorter statement, all its texts taken together

_BEGINNING = 5  # characters of a word, which most of its forms have in common
_STATEMENTS = ("statements", "statement_revisions")
_MOST_IN_PATTERN = 64  # beginnings
# Where letters with accents stand (Latin, Greek, Cyrillic, Arabic), and what holds no others.
_ACCENTED = (range(0xDF, 0x250), range(0x374, 0x530), range(0x620, 0x700), range(0x1E00, 0x2000))
_OTHERS = r"\p{M}|[^\x{0}-\x{6ff}\x{1e00}-\x{20cf}]"
_WORD = re.compile(rf"[{UNSPACED}]|[^\W_]+")

Row = dict[str, Any]


class Beyond(NamedTuple):
    """What views lack: forms of statements, reports and names, and what tells which of them count.

    `forms` and `reports` are rows of `near_since.sql` and `near_since_quotes.sql`, `names` the
    names that speakers had, by their ids; `tell` gives, by their ids, what is compared of
    statements that count. The views are asked past `as_of`, for all events that they have.
    """

    forms: Sequence[Row]
    reports: Sequence[Row]
    names: Sequence[tuple[str, list[str]]]
    tell: Callable[[set[str]], Any]


class Candidate(NamedTuple):
    """A statement that may look like the one sought at `place`.

    `voices` are speakers whom both have, `texts` and `names` all that it and its speakers ever had;
    a text that has no source is a proposition.
    """

    place: int
    statement_id: str
    voices: Sequence[str]
    texts: Sequence[Row]
    names: Sequence[Sequence[str | None]]


def candidates(
    views: "Database", sought: Sequence[Row], beyond: Beyond | None = None
) -> list[Candidate]:
    """The candidates for statements as rows of `near_sought.sql`, at the views' own moment."""
    return Search(views, beyond).of(sought)


class Search:
    """One search, step by step, in temporary tables of a connection."""

    def __init__(self, views: "Database", beyond: Beyond | None) -> None:
        self.views = views
        self.beyond = beyond

    def of(self, sought: Sequence[Row]) -> list[Candidate]:
        """The candidates for what is sought."""
        self.ask("near_sought", sought=as_json(sought))
        self.hear(sorted({speaker for each in sought for speaker in each["speakers"]}))
        pattern = pattern_of({word for each in sought for word in each["beginnings"]})
        compared = {"pattern": pattern, "share": LEAST_SHARE, "most": MOST_CANDIDATES}
        if not self.count(self.ask("near_best", **compared)):
            return []
        rows = self.ask("near_texts")
        names = self.names_of({name for row in rows for name in row[3]})
        return [
            Candidate(place, statement_id, voices, texts, [n for s in makers for n in names[s]])
            for place, statement_id, voices, makers, texts in rows
        ]

    def hear(self, speakers: list[str]) -> None:
        """Find all forms of statements of some speakers and of the time of what is sought."""
        found, how = 0, "create or replace temp table near_voices as"
        reaches = {speaker: self.reach_of(speaker) for speaker in speakers}
        for speaker, reach in reaches.items():
            sql = f"{how} {catalog.query('near_voices')}"
            asked = {"speaker": speaker, "days": DAYS, "reach": reach}
            found += self.count(self.run(sql, asked))
            how = "insert into near_voices"
        several = "select 1 from seen.{} where co_speakers <> [] or alternatives <> [] limit 1"
        shared = any(self.run(several.format(each)) for each in _STATEMENTS)
        if shared:
            found += self.count(self.ask("near_shared", days=DAYS))
        if self.beyond and self.beyond.forms:
            found += self.count(self.ask("near_since", days=DAYS, forms=as_json(self.beyond.forms)))
        if found > LATEST:
            self.ask("near_latest", latest=LATEST)
        if found:
            self.ask("near_elsewhere", reach=0 if shared else min(reaches.values()))
        if self.beyond and self.beyond.reports:
            self.ask("near_since_quotes", reports=as_json(self.beyond.reports))

    def reach_of(self, speaker: str) -> int:
        """The position from which on statements of a speaker are looked at."""
        for span in SPANS:
            reach = self.views.size - span
            if reach <= 0:
                break
            asked = {"speaker": speaker, "days": DAYS, "reach": reach}
            if self.count(self.ask("near_count", **asked)) >= ENOUGH:
                return reach
        return 0

    def names_of(self, speakers: set[str]) -> dict[str, list[list[str | None]]]:
        """All names that speakers ever had, form by form."""
        found: dict[str, list[list[str | None]]] = {speaker: [] for speaker in speakers}
        rows = self.ask("near_names", speakers=sorted(speakers))
        for speaker, names in (*rows, *(self.beyond.names if self.beyond else ())):
            if speaker in found:
                found[speaker].append(names)
        return found

    def ask(self, query: str, **asked: object) -> list[tuple[Any, ...]]:
        """Run one of the queries of `projections/queries`."""
        return self.run(catalog.query(query), asked)

    def run(self, sql: str, asked: Row | None = None) -> list[tuple[Any, ...]]:
        """Run a query over what is seen, or over the view file alone, which is planned sooner."""
        text = sql.replace("seen.", "facts.") if self.beyond else sql
        return self.views.connection.execute(text, asked or {}).fetchall()

    def count(self, rows: list[tuple[Any, ...]]) -> int:
        """How many rows a query made."""
        return int(rows[0][0])


def beginnings_of(texts: Iterable[str]) -> list[str]:
    """The beginnings of the words of some texts that count, without case and accents."""
    apart = unicodedata.normalize("NFD", "\n".join(texts))
    plain = "".join(each for each in apart if not unicodedata.combining(each))
    folded = unicodedata.normalize("NFC", plain).lower()
    words = set(_WORD.findall(folded)) - STOP_WORDS
    return sorted({word[:_BEGINNING] for word in words})


def pattern_of(beginnings: set[str]) -> str:
    """A pattern that any of some beginnings has in a text in lower case, with accents or without.

    A text of another script, or with accents as characters of their own, has it always, and so has
    every text where there are many beginnings.
    """
    if len(beginnings) > _MOST_IN_PATTERN:
        return ""
    accented = accented_letters()
    words = (
        "".join(
            f"[{each}{accented[each]}]" if each in accented else re.escape(each) for each in word
        )
        for word in sorted(beginnings)
    )
    return "|".join([_OTHERS, *words])


@cache
def accented_letters() -> dict[str, str]:
    """For letters those that are the same with an accent."""
    found: dict[str, str] = {}
    for letter in map(chr, itertools.chain(*_ACCENTED)):
        bare = unicodedata.normalize("NFD", letter)[0]
        if bare != letter:
            found[bare] = found.get(bare, "") + letter
    return found


def as_json(rows: Sequence[Row]) -> str:
    """Rows as a parameter of a query."""
    import msgspec

    return msgspec.json.encode(rows).decode()
