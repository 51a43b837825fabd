"""A ledger with nearly every kind of event to audit, and events that no command makes."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from strategies import Command

from events.codec import encode_tombstone
from events.record import Draft, Event
from events.things import forms_of
from events.values import ImpreciseDate, Quote
from events.vocabulary import (
    EstimateAdded,
    RecordRedacted,
    Redacted,
    ReportAdded,
    SourceAssessed,
    SourceCaptured,
    SpeakerRegistered,
    SpeakersJudged,
    StatementAssessed,
    StatementRecorded,
    StatementRevised,
    StatementsRelated,
)
from ledger.api import Ledger
from ledger.audits import Counts, check_contents
from ledger.findings import Finding, Findings
from ledger.segments import list_segments
from ledger.writer import Writer

TEXT = "🗞 Kabulov told reporters: the number of militants exceeds 10,000 and grows.\nNo more.\n"
COMMANDS: tuple[Command, ...] = (
    {"command": "register_speaker", "speaker_id": "kabulov", "kind": "person", "name": "Kabulov",
     "memberships": [{"role": "envoy", "from": "2011", "to": "2021-04"}]},
    {"command": "register_speaker", "speaker_id": "karzai", "kind": "person", "name": "Karzai"},
    {"command": "capture_source", "source_id": "article", "document": "article.txt",
     "publisher": "Example Herald", "published": "2018?-02"},
    {"command": "cite_source", "source_id": "tass", "version_of": "article"},
    {"command": "define_measure", "measure_id": "militants", "label": "Militants"},
    {"command": "record_statement", "statement_id": "number", "speaker_id": "kabulov",
     "said_at": "2017-12", "proposition": "p",
     "reports": [
         {"report_id": "r1", "source_id": "article", "quote_mode": "partial",
          "quote": "the number of militants exceeds 10,000", "fragments": ["exceeds 10,000"],
          "via": ["karzai", {"id": "tass", "on": "2018-01"}], "alternatives": ["karzai"]},
         {"report_id": "r2", "source_id": "tass", "quote": "more than 10,000 militants",
          "fragments": ["10,000"]},
     ],
     "estimates": [{"estimate_id": "e1", "report_id": "r1", "measure_id": "militants",
                    "value": "> 10000", "value_text": "exceeds 10,000",
                    "reference_period": "2017-12"}]},
    {"command": "record_statement", "statement_id": "other", "speaker_id": "karzai",
     "proposition": "q", "within": "number", "co_speakers": ["kabulov"], "citing": ["kabulov"],
     "on_behalf_of": "kabulov",
     "reports": [{"report_id": "r3", "source_id": "article", "quote": "No more."}]},
    {"command": "add_estimate", "statement_id": "number", "report_id": "r2", "estimate_id": "e2",
     "measure_id": "militants", "value": "10..20", "derived_from": ["e1"], "basis": "derived"},
    {"command": "relate_statements", "from": "other", "to": "number", "relation": "denies",
     "evidence": {"source_id": "article", "quote": "and grows"}},
    {"command": "judge_speakers", "left": "kabulov", "right": "karzai", "judgement": "different",
     "reason": "names"},
    {"command": "revise_statement", "statement_id": "number", "said_at": "2017-11", "reason": "x"},
    {"command": "revise_report", "report_id": "r1", "quote": "militants exceeds 10,000",
     "reason": "shorter", "fragments": ["10,000"]},
    # Its words stay those of the first form of the report.
    {"command": "revise_estimate", "estimate_id": "e1", "reference_period": "2018", "reason": "x"},
    {"command": "revise_estimate", "estimate_id": "e1", "value": ">= 10000",
     "value_text": "exceeds 10,000", "reason": "x"},
)  # fmt: skip
VOIDED = 12  # the position of the revision of the statement, which is void in the end
SIZE = 17

Drafts = list[Draft]


class Base:
    """A ledger to tamper with: its events by what they are about, and where the next will lie."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with Ledger.open(folder) as ledger:
            self.events: list[Event] = list(ledger.events())
        self.size = len(self.events)
        self.counts = {"statement/number": 7, "report/r1": 13, "report/r3": 8, "estimate/e1": 15}
        self.fresh = "new"  # an id, and the beginning of ids, that nothing has

    def data(self, kind: type[Any], number: int = 0) -> Any:  # noqa: ANN401  the data of any event
        """What one of the events of a type says."""
        return [each.data for each in self.events if isinstance(each.data, kind)][number]

    def position(self, kind: type[Any], number: int = 0) -> int:
        """Where one of the events of a type stands."""
        return [each.position for each in self.events if isinstance(each.data, kind)][number]

    def append(self, drafts: Drafts) -> None:
        """Append events that no command would make, under a right signature."""
        with Writer.open(self.folder, actor="mallory") as writer:
            writer.append(drafts)

    def replaces(self, subject: str) -> int:
        """The position of the form of a thing that counts."""
        return self.counts[subject]


def of(data: Any, subject: str | None = None, key: str | None = None) -> Draft:  # noqa: ANN401
    """An event, its subject that of its data unless another is given."""
    about = next((form.subject for form in forms_of(data)), None)
    if isinstance(data, SpeakersJudged):
        about = f"speaker/{data.left}"
    elif isinstance(data, StatementsRelated):
        about = f"statement/{data.from_}"
    elif isinstance(data, StatementAssessed):
        about = f"statement/{data.statement_id}"
    elif isinstance(data, SourceAssessed):
        about = f"source/{data.source_id}"
    return Draft(
        data=data, subject=subject or about or "ledger/example.org/test", actor="mallory", key=key
    )


change = msgspec.structs.replace


def make_base(folder: Path) -> None:
    """Make the ledger in a folder, with its key and the document that it captures beside it."""
    (folder / "article.txt").write_text(TEXT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        with Ledger.create(folder / "ledger", origin="example.org/test", actor="ana") as ledger:
            ledger.submit(COMMANDS, documents=folder)
            void = {"command": "void_record", "position": VOIDED, "reason": "x"}
            assert ledger.submit(void).size == SIZE


def audit(folder: Path, *, strict: bool = True) -> tuple[Findings, Counts]:
    """Check all contents of a ledger."""
    findings = Findings(folder, strict)
    counts = check_contents(folder, list_segments(folder), 10**18, findings)
    return findings, counts


def only(folder: Path) -> Finding:
    """The one thing that is wrong."""
    findings, _ = audit(folder)
    assert len(findings.wrong) == 1, findings.wrong
    return findings.wrong[0]


# ── events that no command makes ─────────────────────────────────────────────────────────────


def speaker(base: Base, **fields: Any) -> SpeakerRegistered:  # noqa: ANN401  of a speaker
    """A further speaker."""
    made = SpeakerRegistered(speaker_id=base.fresh, kind="person", name="New")
    return change(made, **fields)


def cited(base: Base, **fields: Any) -> SourceCaptured:  # noqa: ANN401  of a source
    """A further source that was only cited."""
    source: SourceCaptured = change(
        base.data(SourceCaptured, 1), **({"source_id": base.fresh} | fields)
    )
    return source


def captured(base: Base, **fields: Any) -> SourceCaptured:  # noqa: ANN401  of a source
    """A further source with the document of the first."""
    source: SourceCaptured = change(
        base.data(SourceCaptured), **({"source_id": base.fresh} | fields)
    )
    return source


def statement(base: Base, **fields: Any) -> StatementRecorded:  # noqa: ANN401  of a statement
    """A further statement, right but for some fields."""
    first = base.data(StatementRecorded)
    own = {"statement_id": base.fresh, "reports": (report(base),), "estimates": ()}
    made: StatementRecorded = change(first, **(own | fields))
    return made


def report(base: Base, **fields: Any) -> Any:  # noqa: ANN401  of a report
    """A further report, the first one of the first statement but for some fields."""
    first = base.data(StatementRecorded).reports[0]
    return change(first, **({"report_id": f"{base.fresh}-r"} | fields))


def number(base: Base, **fields: Any) -> Any:  # noqa: ANN401  of an estimate
    """A further number in a further report, without its words, but for some fields."""
    own = {"estimate_id": f"{base.fresh}-e", "report_id": f"{base.fresh}-r", "value_text": None}
    return change(base.data(StatementRecorded).estimates[0], **(own | fields))


def added(base: Base, **fields: Any) -> ReportAdded:  # noqa: ANN401  of a report
    """A further report, right but for some fields."""
    values = msgspec.structs.asdict(report(base))
    return ReportAdded(**(values | {"statement_id": "number"} | fields))


def counted(base: Base, **fields: Any) -> EstimateAdded:  # noqa: ANN401  of an estimate
    """A further estimate, right but for some fields."""
    values = msgspec.structs.asdict(number(base, report_id="r1"))
    return EstimateAdded(**(values | {"statement_id": "number"} | fields))


def revised(base: Base, **fields: Any) -> StatementRevised:  # noqa: ANN401  of a statement
    """A further revision of the first statement, right but for some fields."""
    own = {"replaces": base.replaces("statement/number")}
    made: StatementRevised = change(base.data(StatementRevised), **(own | fields))
    return made


def moved(base: Base, by: int) -> Quote:
    """The quote of the first report, its place moved."""
    quote: Quote = report(base).quote
    assert quote.start is not None
    assert quote.end is not None
    return change(quote, start=quote.start + by, end=quote.end + by)


def day(text: str, earliest: str | None, latest: str | None) -> ImpreciseDate:
    """A date with bounds that may be wrong."""
    bounds = (date.fromisoformat(each) if each else None for each in (earliest, latest))
    return ImpreciseDate(text, *bounds)


def erase(base: Base, *positions: int, documents: tuple[str, ...] = ()) -> None:
    """Append a redaction and put tombstones in the place of its lines, as `claims redact` does."""
    redaction = RecordRedacted(
        positions=positions, documents=documents, authority="court", reason="x"
    )
    base.append([of(redaction, subject=f"ledger/{base.events[0].source}")])
    path = base.folder / "log" / f"{0:020d}.jsonl"
    lines = path.read_bytes().split(b"\n")
    for position in positions:
        leaf = hashlib.sha256(b"\0" + lines[position]).hexdigest()
        redacted = Redacted(redacted_by=base.size, leaf_hash=leaf)
        lines[position] = encode_tombstone(base.events[position], redacted)
    path.write_bytes(b"\n".join(lines))
