"""What there is to draw of a measure: its estimates, what contradicts what, and earlier forms."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.asker import Asker, Row
from ledger.charts.claims import Claim, claim_of, time_of
from ledger.charts.excluding import excluding
from ledger.charts.words import cut, plain, shorter
from ledger.errors import UnknownId

Link = Callable[[str, str], str | None]

MOST_ESTIMATES = 120  # beyond them, spans of time are drawn
SPEAKER = 80  # characters, at most, of what a mark says when it is pointed at
WORDS = 240

COLUMNS = {
    "when": "For", "claimed": "Claimed", "words": "In the words", "speaker": "Speaker",
    "said_at": "Said", "outlet": "Reported by", "published": "Published", "notes": "Noted",
}  # fmt: skip


def no_link(noun: str, name: str) -> None:
    """Links nothing."""


@dataclass(frozen=True)
class Gathered:
    """The estimates of a measure, the pairs that cannot both be true, and earlier forms."""

    rows: Sequence[Row]
    conflicts: Sequence[tuple[str, str]]
    ghosts: Sequence[Row]

    @classmethod
    def of(cls, ask: Asker, measure_id: str) -> "Gathered | None":
        """Ask for all of a measure; None where there is more of it than is drawn."""
        rows = ask.named("chart_estimates", measure=measure_id, most=MOST_ESTIMATES + 1)
        if len(rows) > MOST_ESTIMATES:
            return None
        shown = {row["estimate_id"] for row in rows}
        ghosts = ask.named("chart_ghosts", measure=measure_id)
        return cls(rows, excluding(rows), [row for row in ghosts if row["estimate_id"] in shown])

    def told(self, unit: str) -> list["Told"]:
        """Each estimate with what is noted of it."""
        against, earlier = self.against(), self.earlier()
        return [
            Told(row, claim_of(row), unit, notes_of(row, against[name], earlier.get(name, ())))
            for row in self.rows
            if (name := row["estimate_id"])
        ]

    def marked(self) -> Iterator[tuple[Row, list[str]]]:
        """Each estimate with marks for a legend: ≠, denied, retracted, what it was before."""
        against, earlier = self.against(), self.earlier()
        for row in self.rows:
            marks = [name for name in ("denied", "retracted") if row[name]]
            marks += unequal(against[row["estimate_id"]])
            marks += [f"before: {form}" for form in earlier.get(row["estimate_id"], ())]
            yield row, marks

    def against(self) -> Counter[str]:
        """How many others an estimate cannot be true together with, by its id."""
        return Counter(name for pair in self.conflicts for name in pair)

    def earlier(self) -> dict[str, list[str]]:
        """What an estimate was recorded as before, in order, by its id."""
        forms: dict[str, list[str]] = {}
        for ghost in self.ghosts:
            forms.setdefault(ghost["estimate_id"], []).append(shorter(ghost["claimed"]))
        return forms


def notes_of(row: Row, against: int, earlier: Sequence[str]) -> list[str]:
    """What is noted of an estimate, in words."""
    notes = []
    if row["retracted"]:
        notes.append("the statement was retracted")
    if row["denied"]:
        notes.append("the statement was denied")
    if against:
        others = "another claim" if against == 1 else f"{against:,} other claims"
        notes.append(f"cannot be true together with {others}")
    if earlier:
        notes.append(f"recorded before as {', then '.join(earlier)}")
    return notes


def ghost_words(ghost: Row) -> str:
    """What the mark of an earlier form says."""
    why = f": {cut(ghost['reason'], WORDS)}" if ghost["reason"] else ""
    return (
        f"Recorded before as {shorter(ghost['claimed'])}; corrected at position"
        f" {ghost['replaced_by']} by {cut(ghost['revised_by'], SPEAKER)}{why}."
    )


def unequal(count: int) -> list[str]:
    """The mark of an estimate that cannot be true together with so many others."""
    return [f"≠ {count:,} other{'' if count == 1 else 's'}"] if count else []


def measure_of(ask: Asker, measure_id: str) -> Row:
    """A measure; raises UnknownId."""
    found = ask.sql(
        "select measure_id, label, unit, definition from measures where measure_id = $id",
        id=measure_id,
    )
    if not found:
        raise UnknownId("measure", measure_id)
    return found[0]


@dataclass(frozen=True)
class Told:
    """An estimate as it is drawn and told of."""

    row: Mapping[str, Any]
    claim: Claim
    unit: str
    notes: Sequence[str]

    @property
    def claimed(self) -> str:
        """The number with its hedge."""
        return shorter(self.row["claimed"])

    @property
    def speaker(self) -> str:
        """Who claimed it."""
        return plain(self.row["speaker"] or self.row["speaker_id"])

    @property
    def sentence(self) -> str:
        """What a mark says when it is pointed at."""
        row = self.row
        figure = f"{self.claimed} {plain(self.unit)}".strip()
        if row["comparator"] == "unspecified":
            figure = "a number without a figure"
        said = [f"{cut(self.speaker, SPEAKER)} claimed {figure} ({time_of(row)[1]})"]
        words = row["value_text"] or row["quote"]
        if words:
            said.append(f"“{cut(words, WORDS)}”")
        outlet = cut(row["publisher"] or row["source_id"], SPEAKER)
        published = f", published {row['published']}" if row["published"] else ""
        said.append(f"reported by {outlet}{published}")
        if row["said_at"]:
            said.append(f"said {row['said_at']}")
        return "; ".join((*said, *self.notes)) + "."


def table_row(each: Told, link: Link) -> Row:
    """An estimate as the table has it: every text whole."""
    row = each.row
    return {
        "when": time_of(row)[1],
        "claimed": row["claimed"],
        "words": row["value_text"] or row["quote"],
        "speaker": row["speaker"],
        "said_at": row["said_at"],
        "outlet": row["publisher"] or row["source_id"],
        "published": row["published"],
        "notes": "; ".join(each.notes),
        "statement_id": row["statement_id"],
        "estimate_id": row["estimate_id"],
        "speaker_id": row["speaker_id"],
        "source_id": row["source_id"],
        "href": link("statement", row["statement_id"]),
    }
