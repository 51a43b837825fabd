"""All statements of a ledger that look alike and are not related, in pairs.

Rules kept here:
- speakers are taken part by part, and the pairs of a part some at a time, so that memory does not
  grow with the ledger; only pairs that are near are kept;
- a pair whose speakers lie in several parts is told once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.candidates import DAYS, LEAST_SHARE
from ledger.similar import (
    THRESHOLD,
    Score,
    Told,
    ask,
    commands_adding,
    contents,
    dates_cost,
    score_of,
    source_cost,
)
from ledger.wording import STOP_WORDS, UNSPACED
from projections import catalog

if TYPE_CHECKING:
    from projections.database import Database

MEMORY = "1GB"  # what DuckDB holds at once; the rest lies in its temporary folder
PART = 20_000  # statements whose speakers are taken at once; a speaker of more is a part of its own
AT_ONCE = 100_000  # pairs that are compared word by word, and whose statements are held

WORD_PATTERN = rf"[{UNSPACED}]|[\p{{L}}\p{{N}}]+"
MOST_SHARING = 300  # statements of a speaker and a time; a word of more of them leads nowhere

Ids = tuple[str, str]
Tell = Callable[[int, int], None]  # how many statements' speakers are done, and of how many


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two statements that are there and look alike; `left` was recorded first."""

    left: Told
    right: Told
    score: Score
    commands: tuple[str, ...]  # record each report of `right` as one of `left`


def similar_pairs(
    views: "Database",
    *,
    speakers: Sequence[str] | None = None,
    least: float = THRESHOLD,
    tell: Tell | None = None,
) -> list[Pair]:
    """All pairs of statements that look alike and are not related: best first.

    `speakers` leaves all but those of these speakers out, judgements heeded. The views hold no
    more than MEMORY from here on.
    """
    views.bound_memory(MEMORY)
    found: dict[Ids, Pair] = {}
    voices = ask(views, "similar_voices", speakers=list(speakers) if speakers is not None else None)
    done, total = 0, sum(count for _, count in voices)
    for part, count in parts(voices):
        for rows in likely(views, part):
            told = contents(views, {name for row in rows for name in row})
            for ids in rows:
                pair = pair_of(told[ids[0]], told[ids[1]], least)
                if pair:
                    found[ids] = pair
        done += count
        if tell:
            tell(done, total)
    return sorted(found.values(), key=lambda pair: (-pair.score.total, pair.left.recorded))


def parts(voices: Sequence[tuple[str, int]]) -> Iterator[tuple[list[str], int]]:
    """Speakers with as many statements together as are looked at once, and how many these are."""
    part: list[str] = []
    weight = 0
    for voice, count in voices:
        if part and weight + count > PART:
            yield part, weight
            part, weight = [], 0
        part.append(voice)
        weight += count
    if part:
        yield part, weight


def likely(views: "Database", voices: Sequence[str]) -> Iterator[list[Ids]]:
    """The pairs of statements of some speakers that are worth comparing word by word."""
    asked: dict[str, Any] = {
        "voices": voices,
        "days": DAYS,
        "pattern": WORD_PATTERN,
        "stop": sorted(STOP_WORDS),
        "share": LEAST_SHARE,
        "most": MOST_SHARING,
    }
    views.connection.execute(
        f"create or replace temp table likely as {catalog.query('similar_pairs')}", asked
    )
    first = 0
    sql = "select left_id, right_id from likely where rowid >= $first and rowid < $last"
    while rows := views.connection.execute(
        sql, {"first": first, "last": first + AT_ONCE}
    ).fetchall():
        yield rows
        first += AT_ONCE
    views.connection.execute("drop table temp.likely")


def pair_of(one: Told, other: Told, least: float) -> Pair | None:
    """Two statements that are there, where they have the least score."""
    left, right = sorted((one, other), key=lambda each: each.recorded)
    score = score_of(left.texts, right.texts, dates_cost(left, right), source_cost(left, right))
    if score.total < least:
        return None
    commands = commands_adding(left.statement_id, right.quotes)
    return Pair(left=left, right=right, score=score, commands=commands)
