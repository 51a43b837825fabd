"""What a report is of: the statements that were asked for, and how that is said in words.

Rules kept here:
- options of one kind widen by what they name, options of several kinds narrow;
- a report holds all that was asked for, or is refused: a part of it would look like the whole.
"""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ledger.asker import Asker
from ledger.errors import Refused
from ledger.exporters.leaving import told_of_condition
from projections import catalog
from projections.engine import engine

MOST_STATEMENTS = 500  # some 300 printed pages; more serves no reader
_SHOWN_TOPICS = 12


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which statements are asked for, by ids; empty where it is all of them.

    `where` is an SQL condition on the view `statements`; `title` is the question, in the words of
    whoever asks.
    """

    title: str | None = None
    measures: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    where: str | None = None

    def options(self) -> Iterator[tuple[str, str]]:
        """Each option of the command that was given, with its value."""
        for option, names in (
            ("--measure", self.measures), ("--speaker", self.speakers), ("--topic", self.topics),
            ("--statement", self.statements),
        ):  # fmt: skip
            yield from ((option, name) for name in names)
        for option, text in (("--where", self.where), ("--title", self.title)):
            if text:
                yield option, text

    def words(self, names: Mapping[str, str] | None = None) -> list[str]:
        """What was asked for, one kind a text; `names` are of ids that have one."""
        known = names or {}
        kinds = (
            ("claiming a number of", self.measures), ("by", self.speakers),
            ("on the topic", self.topics), ("named", self.statements),
        )  # fmt: skip
        told = [
            f"{word} {' or '.join(known.get(each, each) for each in ids)}"
            for word, ids in kinds if ids
        ]  # fmt: skip
        return told + ([f"where {self.where}"] if self.where else [])

    def command(self, size: int) -> str:
        """The command that makes the same report of the same ledger; `size` counts events."""
        given = (f"{option} {shlex.quote(value)}" for option, value in self.options())
        return " ".join(["claims report", f"--as-of {size}", *given, "-o again.html"])


def chosen(ask: Asker, selection: Selection) -> list[str]:
    """The ids of the statements that fit, in the order in which they were said; raises Refused."""
    with told_of_condition(selection.where):
        rows = ask.sql(
            _select(selection.where or "true"),
            statements=list(selection.statements),
            speakers=list(selection.speakers),
            topics=[topic.lower() for topic in selection.topics],
            measures=list(selection.measures),
        )
    if not rows:
        raise _nothing(ask, selection)
    total = rows[0]["total"]
    if total > MOST_STATEMENTS:
        raise Refused(
            f"{total:,} statements fit; a report holds at most {MOST_STATEMENTS}.",
            way_out="Narrow it, as with --measure, --speaker, --topic or --where; `claims export`"
            " gives all of it.",
        )
    return [row["statement_id"] for row in rows]


def _select(condition: str) -> str:
    """The SQL of what fits; raises the engine's error for what is more than a condition.

    With a semi join in the place of `in`, DuckDB 2.0 drops conditions such as `random() < 0.5`.
    """
    if len(engine.extract_statements(f"select 1 where (\n{condition}\n)")) != 1:
        raise engine.ParserException("Parser Error: a condition is no statement")
    return f"""
        with fitting as ({catalog.query("report_selection")})
        select statement_id, count(*) over () as total
        from statements
        where statement_id in (select statement_id from fitting) and (\n{condition}\n)
        order by said_at_earliest nulls last, position
        limit {MOST_STATEMENTS}
    """  # noqa: S608  the condition is checked above, and the views are locked down


def _nothing(ask: Asker, selection: Selection) -> Refused:
    """The refusal of a report of nothing; names topics where one of those was asked for."""
    asked = "; ".join(selection.words())
    if not asked:
        return Refused("No statement is recorded.", way_out="Record one: claims record SHEET…")
    if not selection.topics:
        return Refused(f"No statement fits: {asked}.", way_out="See `claims view statements`.")
    rows = ask.sql(
        "select distinct unnest(topics) as topic from statements order by 1 limit $most",
        most=_SHOWN_TOPICS,
    )
    topics = ", ".join(row["topic"] for row in rows) or "none"
    return Refused(f"No statement fits: {asked}.", way_out=f"Topics are: {topics} …")
