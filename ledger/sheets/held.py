"""What the ledger holds of the sources of sheets, and which of it no sheet is about any more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from events.values import Value
from events.vocabulary import (
    SourceAssessed,
    SpeakersJudged,
    StatementAssessed,
    StatementsRelated,
)
from ledger import commands as c
from ledger.given import Given
from ledger.known import Known
from ledger.lookup import Lookup
from ledger.sheets.identify import Name, own_names


@dataclass(frozen=True)
class Held:
    """What the ledger holds, void things left out; `sheet` is the command of the first source.

    Reports are (report, statement, source), estimates (estimate, report), and `loose` has the
    positions of relations, judgements and assessments.
    """

    sheet: Given
    sources: frozenset[str]
    reports: tuple[tuple[str, str, str], ...]
    estimates: tuple[tuple[str, str], ...]
    loose: tuple[int, ...]

    @classmethod
    def of(cls, wanted: Sequence[Given], known: Known, lookup: Lookup) -> "Held":
        """Look up what stood before the sheets; all of it is known then."""
        captured = [each for each in wanted if isinstance(each.command, c.SourceInput)]
        sources = [str(getattr(each.command, "source_id", "")) for each in captured]
        found = lookup.rows("reports_ever_in_sources", sources=sources)
        statements = sorted({statement for _, statement in found})
        reports = [each for (each,) in lookup.rows("reports_of_statements", statements=statements)]
        rows = lookup.rows("estimates_ever_of_reports", reports=reports)
        estimates = [each for (each,) in rows]
        lookup.fill_names(known, {
            *(("statement", each) for each in statements),
            *(("report", each) for each in reports),
            *(("estimate", each) for each in estimates),
        })  # fmt: skip
        standing = {
            each: (statement, current(known, "report", each).source_id)
            for each in sorted(reports)
            if stands(known, "report", each)
            and stands(known, "statement", statement := statement_of(known, each))
        }
        claimed = {
            each: current(known, "estimate", each).report_id
            for each in sorted(estimates)
            if stands(known, "estimate", each)
        }
        return cls(
            sheet=captured[0],
            sources=frozenset(sources),
            reports=tuple((report, *of) for report, of in standing.items()),
            estimates=tuple(
                (each, report)
                for each, report in claimed.items()
                if report in standing and standing[report][1] in sources
            ),
            loose=answers(wanted, {*statements}, known, lookup),
        )

    def missing(self, wanted: Sequence[Given]) -> Iterator[Name]:
        """What is held and no entry is about, without what goes with it.

        A statement is missing when all that is known of it stands in these sources and is missing.
        """
        named = set(own_names(wanted)) | {
            ("statement", getattr(each.command, "statement_id", "") or "")
            for each in wanted
            if isinstance(each.command, c.AddReport | c.AddEstimate)
        }
        gone = [each for each in self.reports if self.is_gone(each, named)]
        kept = {statement for _, statement, _ in set(self.reports) - set(gone)}
        whole = {
            statement
            for _, statement, _ in gone
            if statement not in kept and ("statement", statement) not in named
        }
        yield from (("statement", each) for each in sorted(whole))
        for report, statement, _ in gone:
            if statement not in whole:
                yield "report", report
        with_report = {report for report, _, _ in gone}
        for estimate, report in self.estimates:
            if report not in with_report and ("estimate", estimate) not in named:
                yield "estimate", estimate

    def is_gone(self, report: tuple[str, str, str], named: set[Name]) -> bool:
        """Whether a report stands in one of these sources and no entry is about it."""
        return report[2] in self.sources and ("report", report[0]) not in named

    def missing_loose(self, free: Mapping[int, Any], gone: set[str]) -> Iterator[int]:
        """The relations among what no entry stands for that were told in these sources alone.

        A judgement or an assessment may come from anywhere, and is not missing. What hangs on a
        statement that is `gone` goes with it.
        """
        here = {report for report, _, source in self.reports if source in self.sources}
        elsewhere = {
            statement for _, statement, source in self.reports if source not in self.sources
        }
        home = {statement for _, statement, _ in self.reports} - elsewhere
        for position, data in free.items():
            if not isinstance(data, StatementsRelated):
                continue
            if {f"statement/{data.from_}", f"statement/{data.to}"} & gone:
                continue
            told = data.evidence
            by_report = told is not None and told.report_id in here
            by_words = told is not None and told.source_id in self.sources
            if by_report or by_words or (told is None and data.from_ in home):
                yield position


def stands(known: Known, noun: str, name: str) -> bool:
    """Whether a thing is there and not void."""
    thing = known.thing(noun, name)
    return thing is not None and not known.is_hidden(thing.created, thing.part)


def current(known: Known, noun: str, name: str) -> Any:  # noqa: ANN401  a form of any thing
    """The form of a thing that counts."""
    thing = known.thing(noun, name)
    assert thing is not None
    return known.current(thing)[1]


def statement_of(known: Known, report_id: str) -> str:
    """The statement that a report belongs to."""
    thing = known.thing("report", report_id)
    return (thing and thing.statement_id) or ""


def answers(
    wanted: Sequence[Given], statements: set[str], known: Known, lookup: Lookup
) -> tuple[int, ...]:
    """The positions of relations, judgements and assessments that count.

    Of these statements, and of all that the sheets relate, judge or assess.
    """
    about = names_about(wanted)
    rows = lookup.rows(
        "positions_of_answers",
        statements=sorted(about["statement"] | statements),
        sources=sorted(about["source"]),
        speakers=sorted(about["speaker"]),
    )
    positions = sorted(position for (position,) in rows)
    lookup.fill_events(known, positions)
    counting: dict[object, int] = {}
    for position in positions:
        data = known.events[position][1]
        if not known.is_hidden(position):  # of judgements of one pair the latest counts
            judged = isinstance(data, SpeakersJudged)
            counting[question_of(data) if judged else position] = position
    return tuple(sorted(counting.values()))


def names_about(wanted: Iterable[Given]) -> dict[str, set[str]]:
    """What relations, judgements and assessments are about, by noun."""
    about: dict[str, set[str]] = {"statement": set(), "source": set(), "speaker": set()}
    for command in (each.command for each in wanted):
        if isinstance(command, c.RelateStatements):
            about["statement"].add(command.from_)
        elif isinstance(command, c.AssessStatement):
            about["statement"].add(command.statement_id)
        elif isinstance(command, c.AssessSource):
            about["source"].add(command.source_id)
        elif isinstance(command, c.JudgeSpeakers):
            about["speaker"] |= {command.left, command.right}
    return about


def question_of(data: Value) -> tuple[object, ...]:
    """What a relation, a judgement or an assessment answers, however it does."""
    if isinstance(data, StatementsRelated):
        return (data.from_, data.to, data.relation)
    if isinstance(data, SpeakersJudged):
        return (frozenset((data.left, data.right)),)
    if isinstance(data, StatementAssessed):
        return (data.statement_id, data.assessor)
    assert isinstance(data, SourceAssessed)
    return (data.source_id, data.assessor)


def stands_for(old: Value, new: Value) -> bool:
    """Whether two answers are answers to the same question."""
    return type(old) is type(new) and question_of(old) == question_of(new)


def same_loose(old: Value, new: Value) -> bool:
    """Whether two answers are the same; of two speakers it does not matter who stands left."""
    if isinstance(old, SpeakersJudged) and isinstance(new, SpeakersJudged):
        said = [(each.judgement, each.reason, each.note) for each in (old, new)]
        return stands_for(old, new) and said[0] == said[1]
    return old == new
