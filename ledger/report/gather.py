"""Gathers what a report shows of some statements: what was said, where it stands, what disputes it.

Everything is asked in sets, so that a report of hundreds of statements asks no more often than one
of a single statement.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from ledger.asker import Row
from ledger.errors import Refused
from ledger.report.stood import Stood
from ledger.report.wording import DISPUTING, listed
from ledger.whole import context_of

_MOST_CONFLICTS = 100  # that are told one by one; the others are counted
REACH = 280  # code points of the source that are shown on each side of a quote


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What a report shows; rows as the queries `report_*` give them, with what hangs on them.

    A statement and a source have a number, `no`, from 1. `names` are of speakers, by id.
    """

    statements: list[Row]
    sources: list[Row]
    measures: list[Row]
    estimates: list[Row]
    answers: list[Row]
    conflicts: list[Row]
    assessments: list[Row]
    recorders: list[Row]
    names: dict[str, str]

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each statement, by its id."""
        return {row["statement_id"]: row["no"] for row in self.statements}

    @property
    def places(self) -> dict[str, int]:
        """The number of each source, by its id."""
        return {row["source_id"]: row["no"] for row in self.sources}

    @property
    def reports(self) -> list[Row]:
        """Every report, statement by statement."""
        return [report for row in self.statements for report in row["reports"]]

    @property
    def disputes(self) -> list[Row]:
        """The relations by which one statement disputes another."""
        return [row for row in self.answers if row["relation"] in DISPUTING]

    @property
    def unresolved(self) -> list[Row]:
        """The statements of which it is not plain who made them."""
        return [row for row in self.statements if _is_unresolved(row)]

    @property
    def retracted(self) -> list[Row]:
        """The statements that were taken back."""
        return [row for row in self.statements if row["retracted"]]


def gathered(at: Stood, ids: Sequence[str]) -> Gathered:
    """What a report shows of some statements, by their ids."""
    ask, wanted = at.ask.named, list(ids)
    reports = ask("report_reports", statements=wanted)
    estimates = ask("report_estimates", statements=wanted)
    answers = _answers(at, wanted)
    statements = ask("report_statements", statements=wanted)
    for report in reports:
        report["context"], report["is_missing"] = _context(at, report)
    measure_ids = _distinct(row["measure_id"] for row in estimates)
    measures = ask("report_measures", measures=measure_ids) if estimates else []
    estimates = _told(estimates, statements, reports, measures)
    _hang(statements, reports, estimates, answers)
    sources = _source_ids(reports)
    return Gathered(
        statements=_numbered(statements),
        sources=_numbered(_with_quoting(ask("report_sources", sources=sources), reports)),
        measures=measures,
        estimates=estimates,
        answers=answers,
        conflicts=ask(
            "report_conflicts", statements=wanted, measures=measure_ids, most=_MOST_CONFLICTS
        ) if estimates else [],
        assessments=ask("report_assessments", statements=wanted, sources=sources),
        recorders=ask("report_recorders", positions=_positions(statements, reports, estimates)),
        names=_names(at, statements, reports),
    )  # fmt: skip


def _told(
    estimates: list[Row], statements: list[Row], reports: list[Row], measures: list[Row]
) -> list[Row]:
    """Numbers with who claimed them, where that was reported, and what they are numbers of."""
    said = {row["statement_id"]: row for row in statements}
    found = {row["report_id"]: row for row in reports}
    named = {row["measure_id"]: row for row in measures}
    return [
        row
        | {name: said[row["statement_id"]][name] for name in ("speaker", *_dates("said_at"))}
        | {name: found[row["report_id"]][name] for name in ("publisher", *_dates("published"))}
        | {"measure": named[row["measure_id"]]["label"], "unit": named[row["measure_id"]]["unit"]}
        for row in estimates
    ]


def _dates(name: str) -> tuple[str, str, str]:
    """The columns of an imprecise date."""
    return name, f"{name}_earliest", f"{name}_latest"


def _hang(
    statements: list[Row], reports: list[Row], estimates: list[Row], answers: list[Row]
) -> None:
    """Put on each statement its reports, its numbers, and what answers what."""
    of_reports, of_estimates = _by(reports), _by(estimates)
    for statement in statements:
        name = statement["statement_id"]
        statement["reports"], statement["estimates"] = of_reports[name], of_estimates[name]
        statement["answers"] = [
            row for row in answers if name in (row["answer_id"], row["answered_id"])
        ]


def _answers(at: Stood, statements: list[str]) -> list[Row]:
    """What answers what; a denial that only the other side tells of is marked."""
    rows = at.ask.named("report_answers", statements=statements)
    denials = [row["position"] for row in rows if row["relation"] == "denies"]
    told = at.ask.named("report_one_sided", positions=denials) if denials else []
    one_sided = {row["position"] for row in told}
    return [row | {"is_one_sided": row["position"] in one_sided} for row in rows]


def _context(at: Stood, report: Row) -> tuple[Row | None, bool]:
    """The words around a quote; and whether the captured text that they stand in is missing."""
    try:
        return context_of(at.store, report, REACH), False
    except Refused:
        return None, True


def _by(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by their statement."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["statement_id"]].append(row)
    return found


def _numbered(rows: list[Row]) -> list[Row]:
    return [row | {"no": number} for number, row in enumerate(rows, 1)]


def _with_quoting(sources: list[Row], reports: list[Row]) -> list[Row]:
    """Sources with the statements that were found in each."""
    quoted: defaultdict[str, list[str]] = defaultdict(list)
    for report in reports:
        quoted[report["source_id"]].append(report["statement_id"])
    return [row | {"quoted": _distinct(quoted[row["source_id"]])} for row in sources]


def _source_ids(reports: list[Row]) -> list[str]:
    """The sources that reports stand in, and those that they came by."""
    links = chain.from_iterable(listed(report["via"]) for report in reports)
    by_way = (link["source_id"] for link in links if link["source_id"])
    return _distinct(chain((report["source_id"] for report in reports), by_way))


def _names(at: Stood, statements: list[Row], reports: list[Row]) -> dict[str, str]:
    """The names of all speakers that are named by their ids."""
    ids: list[str] = []
    for row in statements:
        ids += listed(row["co_speakers"]) + listed(row["alternatives"]) + listed(row["citing"])
        ids += [row["on_behalf_of"]] if row["on_behalf_of"] else []
    for row in reports:
        ids += listed(row["alternatives"])
        ids += [link["speaker_id"] for link in listed(row["via"]) if link["speaker_id"]]
    rows = at.ask.named("report_speakers", speakers=_distinct(ids)) if ids else []
    return {row["speaker_id"]: row["name"] for row in rows}


def _positions(*rows: list[Row]) -> list[int]:
    return sorted({row["position"] for row in chain(*rows)})


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _is_unresolved(statement: Row) -> bool:
    doubted = [statement, *statement["reports"]]
    return any(row["attribution"] not in (None, "stated") or row["alternatives"] for row in doubted)
