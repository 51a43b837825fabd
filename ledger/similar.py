"""Near matches: statements that look like one utterance; whether they are, a person says.

The score of a pair, from 0 to 100, is how alike their words are, less what speaks against it:

    words   the best of quote to quote, proposition to proposition and quote to proposition
            (`ledger/wording.py`), without the speaker's own names and the source's words for them;
            of two quotes, one may be a part of the other
    dates   5 less for 31 days between the bounds of both dates, in proportion; 3 less where a
            bound is unknown; 0 where they meet. Further apart, a pair is not looked at
    source  30 less where one statement has no source besides those of the other: who recorded
            both had the same text in hand, and told them apart

A pair is near from THRESHOLD on. It was chosen on the seeds: what two outlets carry of one
interview, each in its own translation, scores 78 to 91 with dates that meet; of the pairs that the
sheets hold as two statements and do not relate, the likest scores 62.
"""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.candidates import DAYS, Beyond, Candidate, beginnings_of, candidates
from ledger.wording import Words, alike, words_of
from projections import catalog

if TYPE_CHECKING:
    from projections.database import Database

FULL = 100.0
THRESHOLD = 65.0
GAP_COST = 5.0  # of DAYS between two dates
UNKNOWN_COST = 3.0
SAME_SOURCE_COST = 30.0


@dataclass(frozen=True)
class Quoted:
    """Words in a source, and the source's words for who says them."""

    source_id: str
    words: str
    attributed_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sought:
    """A statement that is about to be recorded; `speakers` are all who may have made it."""

    speakers: tuple[str, ...]
    proposition: str
    quotes: tuple[Quoted, ...] = ()
    earliest: date | None = None
    latest: date | None = None
    apart_from: frozenset[str] = frozenset()  # statements that it is known not to be


class Text(NamedTuple):
    """A text of a statement with the words of it that count."""

    text: str
    words: Words
    is_quote: bool


@dataclass(frozen=True)
class Score:
    """What a score is made of: `words` less the costs of dates and source, which are not above 0.

    `left` and `right` are the texts that are most alike.
    """

    words: float
    dates: float
    source: float
    left: str
    right: str

    @property
    def total(self) -> float:
        """The score, from 0 to 100."""
        return max(0.0, self.words + self.dates + self.source)


@dataclass(frozen=True, kw_only=True)
class Near:
    """A statement that is there and looks like the one sought at `place`.

    `commands` record each report of the one sought as another report of this one instead.
    """

    place: int
    statement_id: str
    speaker: str
    said_at: str | None
    score: Score
    commands: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Told:
    """A statement as it is compared.

    `names` are those of its speaker, `speakers` all who may have made it; it was first recorded at
    the position `recorded`.
    """

    statement_id: str
    speaker: str
    names: Sequence[str | None]
    speakers: Sequence[str]
    said_at: str | None
    earliest: date | None
    latest: date | None
    proposition: str
    reports: Sequence[dict[str, Any]] = field(repr=False)
    recorded: int

    @cached_property
    def quotes(self) -> tuple[Quoted, ...]:
        """Its reports."""
        return tuple(Quoted(**report) for report in self.reports)

    @cached_property
    def texts(self) -> list[Text]:
        """Each of its texts with the words that count."""
        return texts_of(self.proposition, self.quotes, self.known_names)

    @cached_property
    def known_names(self) -> frozenset[str]:
        """The words of its speaker's names."""
        return name_words(self.names)

    @cached_property
    def speakers_of(self) -> frozenset[str]:
        """All who may have made it."""
        return frozenset(self.speakers)


# ── searching ────────────────────────────────────────────────────────────────────────────────


def similar_to(
    views: "Database",
    statements: Sequence[Sought],
    *,
    limit: int = 3,
    least: float = THRESHOLD,
    beyond: Beyond | None = None,
) -> list[Near]:
    """For statements about to be recorded, those there that look the same: best first, by place.

    At most `limit` for each. The views answer as of their own moment, with what is `beyond` them.
    """
    same = judged_the_same(views, {who for one in statements for who in one.speakers})
    sought = [
        {
            "place": place,
            "speakers": sorted({name for who in one.speakers for name in same[who]}),
            "beginnings": beginnings_of([one.proposition, *(quote.words for quote in one.quotes)]),
            "earliest": one.earliest,
            "latest": one.latest,
        }
        for place, one in enumerate(statements)
    ]
    hopeful = Hopeful(statements, least)
    likely = [
        each
        for each in candidates(views, sought, beyond)
        if each.statement_id not in statements[each.place].apart_from and hopeful.may_be_near(each)
    ]
    tell = beyond.tell if beyond else partial(contents, views)
    told = tell({each.statement_id for each in likely})
    found = [
        near_of(each.place, statements[each.place], told[each.statement_id])
        for each in likely
        if each.statement_id in told
        and not told[each.statement_id].speakers_of.isdisjoint(each.voices)
    ]
    return best_of((near for near in found if near.score.total >= least), limit)


class Hopeful:
    """Tells which candidates may have the least score, by all texts and names that they ever had.

    Which of these count takes longer to find. Dates and sources can only take from a score.
    """

    def __init__(self, statements: Sequence[Sought], least: float) -> None:
        self.statements = statements
        self.least = least
        self._mine: dict[tuple[int, frozenset[str]], list[Text]] = {}

    def may_be_near(self, there: Candidate) -> bool:
        """Whether a candidate may be near what it was found for."""
        for known in {name_words(each) for each in there.names} or {frozenset[str]()}:
            its = [
                text_of(each["words"], known)
                if each["source_id"] is None
                else text_of_quote(Quoted(**each), known)
                for each in there.texts
            ]
            if score_of(self.mine(there.place, known), its, 0.0, 0.0).total >= self.least:
                return True
        return False

    def mine(self, place: int, known: frozenset[str]) -> list[Text]:
        """The texts of what is sought, without the words of some names."""
        if (place, known) not in self._mine:
            one = self.statements[place]
            self._mine[place, known] = texts_of(one.proposition, one.quotes, known)
        return self._mine[place, known]


def near_of(place: int, sought: Sought, told: Told) -> Near:
    """Compare a statement that is sought with one that is there."""
    texts = texts_of(sought.proposition, sought.quotes, told.known_names)
    return Near(
        place=place,
        statement_id=told.statement_id,
        speaker=told.speaker,
        said_at=told.said_at,
        score=score_of(texts, told.texts, dates_cost(sought, told), source_cost(sought, told)),
        commands=commands_adding(told.statement_id, sought.quotes),
    )


def judged_the_same(views: "Database", speakers: Iterable[str]) -> dict[str, set[str]]:
    """For each speaker those who were judged to be the same, and the speaker."""
    same = {speaker: {speaker} for speaker in speakers}
    # Of most speakers there is no judgement, and which of them count takes long to find.
    named = "left_id = any($speakers) or right_id = any($speakers)"
    sql = f"select 1 from seen.judgements where {named} limit 1"  # noqa: S608  names of ours
    if views.connection.execute(sql, {"speakers": list(same)}).fetchone():
        for speaker, other in ask(views, "speakers_judged_the_same", speakers=list(same)):
            same[speaker].add(other)
    return same


def best_of(found: Iterable[Near], limit: int) -> list[Near]:
    """The best of each place, in order."""
    by_place: dict[int, list[Near]] = {}
    for near in sorted(found, key=lambda each: (-each.score.total, each.statement_id)):
        by_place.setdefault(near.place, []).append(near)
    return [near for place in sorted(by_place) for near in by_place[place][:limit]]


def contents(views: "Database", statements: Iterable[str]) -> dict[str, Told]:
    """What is compared of statements, by their ids."""
    wanted = sorted(statements)
    if not wanted:
        return {}
    relation = views.connection.execute(catalog.query("similar_contents"), {"statements": wanted})
    names = [column[0] for column in relation.description or ()]
    told = (Told(**dict(zip(names, row, strict=True))) for row in relation.fetchall())
    return {each.statement_id: each for each in told}


def ask(views: "Database", query: str, **asked: object) -> list[tuple[Any, ...]]:
    """Run one of the queries of `projections/queries`."""
    return views.connection.execute(catalog.query(query), asked).fetchall()


# ── scoring ──────────────────────────────────────────────────────────────────────────────────


def texts_of(proposition: str, quotes: Iterable[Quoted], names: frozenset[str]) -> list[Text]:
    """The texts of a statement, without the words that only say whose it is."""
    return [text_of(proposition, names), *(text_of_quote(quote, names) for quote in quotes)]


def text_of(proposition: str, names: frozenset[str]) -> Text:
    """A proposition, without some names."""
    return Text(proposition, without(words_of(proposition), names), is_quote=False)


def text_of_quote(quote: Quoted, names: frozenset[str]) -> Text:
    """A quote, without some names and its source's words for the speaker."""
    whose = quote.attributed_to or ""
    told = whose.casefold() in quote.words.casefold()
    drop = names | words_of(whose).keys() if told else names
    return Text(quote.words, without(words_of(quote.words), drop), is_quote=True)


def name_words(names: Iterable[str | None]) -> frozenset[str]:
    """The words of some names."""
    return frozenset(words_of(" ".join(name for name in names if name)))


def without(words: Words, names: Iterable[str]) -> Words:
    """Words without some of them."""
    drop = frozenset(names)
    return {word: weight for word, weight in words.items() if word not in drop}


def score_of(left: Sequence[Text], right: Sequence[Text], dates: float, source: float) -> Score:
    """The score of the two texts that are most alike."""
    words, one, other = 0.0, left[0], right[0]
    for mine in left:
        for its in right:
            here = alike(mine.words, its.words, partly=mine.is_quote and its.is_quote)
            if here > words:
                words, one, other = here, mine, its
    return Score(words, dates, source, one.text, other.text)


def dates_cost(left: "Sought | Told", right: "Sought | Told") -> float:
    """What two dates take from a score; below every score where they are too far apart."""
    gaps = [
        (later.earliest - earlier.latest).days
        for earlier, later in ((left, right), (right, left))
        if later.earliest and earlier.latest
    ]
    gap_days = max(0, *gaps) if gaps else 0
    if gap_days > DAYS:
        return -FULL
    known = all((left.earliest, left.latest, right.earliest, right.latest))
    return 0.0 - GAP_COST * gap_days / DAYS - (0.0 if known else UNKNOWN_COST)


def source_cost(left: "Sought | Told", right: "Sought | Told") -> float:
    """What it takes from a score that one statement has no source of its own."""
    one, other = ({quote.source_id for quote in each.quotes} for each in (left, right))
    told_apart = bool(one and other) and (one <= other or other <= one)
    return -SAME_SOURCE_COST if told_apart else 0.0


# ── for a person ─────────────────────────────────────────────────────────────────────────────


def commands_adding(statement_id: str, quotes: Iterable[Quoted]) -> tuple[str, ...]:
    """The command lines that record quotes as reports of a statement."""
    adding = ["claims", "add-report", statement_id, "--source"]
    return tuple(
        shlex.join([*adding, quote.source_id, "-q", one_line(quote.words)]) for quote in quotes
    )


def one_line(words: str) -> str:
    """Words without line breaks."""
    return " ".join(words.split())


def lines_of(near: Near) -> list[str]:
    """A near match in two lines and its commands."""
    said = f", {near.said_at}" if near.said_at else ", no date"
    return [
        f"near match, {near.score.total:.0f} of 100: {near.statement_id} ({near.speaker}{said})",
        f"  there: {one_line(near.score.right)}",
        f"  here:  {one_line(near.score.left)}",
        *(f"  if it is the same utterance: {command}" for command in near.commands),
    ]
