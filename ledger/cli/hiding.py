"""What a void hides, found by supposing it: the views are asked before, and with it appended."""

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.record import Draft
    from projections.database import Database

# What is counted, in the order in which it is told.
COUNTED = {
    "statement": "forms.statements",
    "report": "forms.reports",
    "estimate": "forms.estimates",
    "relation": "forms.relations",
    "assessment": "main.assessments",
    "source": "forms.sources",
    "speaker": "forms.speakers",
    "measure": "forms.measures",
    "judgement": "forms.judgements",
}


def effect_of(views: "Database", drafts: "Sequence[Draft]") -> Counter[str]:
    """How many things would come into the views by some events; what would go is negative.

    The events stay in the views of this connection.
    """
    before = counts(views)
    suppose(views, drafts)
    after = counts(views)
    after.subtract(before)
    return after


def counts(views: "Database") -> Counter[str]:
    """How many things of each noun count."""
    found: Counter[str] = Counter()
    for noun, name in COUNTED.items():
        row = views.connection.execute(f"select count(*) from {name}").fetchone()  # noqa: S608  names of ours
        found[noun] = row[0] if row else 0
    return found


def suppose(views: "Database", drafts: "Sequence[Draft]") -> None:
    """Put events behind those that are there, in this connection alone."""
    from events.codec import encode_batch
    from events.record import Placing

    placing = Placing(
        origin="supposed", first=views.size, count=len(drafts), time=datetime.now(tz=UTC)
    )
    lines = b"".join(line + b"\n" for line in encode_batch(drafts, placing))
    views.take_lines(lines, views.size + len(drafts))


def effect_sentence(effect: Counter[str], otherwise: str) -> str:
    """An effect in one line; `otherwise` is told where no thing comes or goes."""
    gone = listed({noun: -count for noun, count in effect.items()})
    come = listed(effect)
    if gone and come:
        return f"It hides {gone}, and brings back {come}."
    if gone:
        return f"It hides {gone}."
    return f"It brings back {come}." if come else otherwise


def listed(found: "Counter[str] | dict[str, int]") -> str:
    """Counts in words: `1 statement, 2 reports and 1 estimate`."""
    words = [
        f"{count:,} {noun if count == 1 else noun + 's'}"
        for noun, count in found.items()
        if count > 0
    ]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
