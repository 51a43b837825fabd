"""Tampering with what lines say, under a right signature: each rule that is broken is found."""

import re
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from audit_tools import (
    SIZE,
    TEXT,
    Base,
    Drafts,
    added,
    audit,
    captured,
    change,
    cited,
    counted,
    day,
    make_base,
    moved,
    number,
    of,
    only,
    report,
    revised,
    speaker,
    statement,
)

from events.record import Draft
from events.values import Evidence, ImpreciseDate, Membership, Quote, Span, Via
from events.vocabulary import (
    EstimateRevised,
    MeasureDefined,
    MeasureRevised,
    RecordVoided,
    ReportRevised,
    SourceAssessed,
    SourceRevised,
    SpeakerRevised,
    SpeakersJudged,
    StatementAssessed,
    StatementRevised,
    StatementsRelated,
    ViewsAttested,
)
from ledger import references
from ledger.findings import Finding
from ledger.writer import Writer


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger that has an event of nearly every kind, and its key."""
    folder = tmp_path_factory.mktemp("made")
    make_base(folder)
    return folder


@pytest.fixture
def base(made: Path, key_home: Path, tmp_path: Path) -> Base:
    """A copy of that ledger."""
    shutil.copytree(made / "config", key_home)
    return Base(shutil.copytree(made / "ledger", tmp_path / "ledger"))


Tampering = tuple[Callable[[Base], Drafts], str, str, str]

TAMPERINGS: Mapping[str, Tampering] = {
    # what: the events, and a part of what is said of one of them: what, expected, found; `new` is
    # an id that nothing had before
    "a speaker's id twice": (
        lambda base: [of(speaker(base, speaker_id="karzai"))],
        "the id of speaker/karzai", "no earlier event", "made at position 2",
    ),
    "a statement's id twice": (
        lambda base: [of(statement(base, statement_id="other"))],
        "the id of statement/other", "no earlier event", "made at position 8",
    ),
    "a source's id twice": (
        lambda base: [of(cited(base)), of(cited(base))],
        "the id of source/new", "no earlier event", "made at position",
    ),
    "a nested report's id twice": (
        lambda base: [of(added(base)), of(statement(base))],
        "the id of report/new-r", "no earlier event", "made at position",
    ),
    "a report's id twice in one event": (
        lambda base: [of(statement(base, reports=(report(base),) * 2))],
        "the id of report/new-r", "no earlier event", "made at position",
    ),
    "an estimate's id twice": (
        lambda base: [of(counted(base, estimate_id="e2"))],
        "the id of estimate/e2", "no earlier event", "made at position 9",
    ),
    "a key twice": (
        lambda base: [of(speaker(base), key=base.events[1].key)],
        "the key of a command", "no earlier event", "which stands on position 1",
    ),
    "a subject of another": (
        lambda base: [of(speaker(base), subject="speaker/karzai")],
        "the subject of an event", "speaker/new", "speaker/karzai",
    ),
    "a subject of a judgement": (
        lambda base: [of(base.data(SpeakersJudged), subject="speaker/karzai")],
        "the subject of an event", "speaker/kabulov", "speaker/karzai",
    ),
    "a subject of a void": (
        lambda _: [of(RecordVoided(position=1, reason="x"), subject="speaker/karzai")],
        "the subject of an event", "speaker/kabulov", "speaker/karzai",
    ),
    "a subject of an attestation": (
        lambda _: [of(ViewsAttested(size=1, root="x", code="x", digests={"a": "b"}),
                         subject="ledger/example.org/other")],
        "the subject of an event", "ledger/example.org/test", "ledger/example.org/other",
    ),
    "a number in the report of another statement": (
        lambda base: [of(counted(base, report_id="r3"))],
        "the statement of report/r3", "other", "number",
    ),
    "a nested number in an earlier report": (
        lambda base: [of(statement(base, estimates=(number(base, report_id="r3"),)))],
        "the statement of report/r3", "other, at position 8", "new, at position",
    ),
    "a void of something later": (
        lambda base: [of(RecordVoided(position=base.size + 1, reason="x"),
                         subject=f"speaker/{base.fresh}"), of(speaker(base))],
        "the target of a void", "an earlier event", "claims.speaker.registered.v1",
    ),
    "a void of the first event": (
        lambda _: [of(RecordVoided(position=0, reason="x"))],
        "the target of a void", "an event that can be void", "claims.ledger.created.v1",
    ),
    "a void of a part that is not there": (
        lambda _: [of(RecordVoided(position=7, part="report/r3", reason="x"),
                         subject="report/r3")],
        "the target of a void", "an event with the part report/r3", "claims.statement.recorded.v1",
    ),
    "words that are not there": (
        lambda base: [of(added(base, fragments=(), quote=change(
            report(base).quote, exact="the number of militants exceeds 20,000")))],
        "the quote of report/new-r", "exceeds 20,000", "exceeds 10,000",
    ),
    "a prefix that is not there": (
        lambda base: [of(added(base, quote=change(
            report(base).quote, prefix="🦊 Kabulov told reporters: ")))],
        "the quote of report/new-r", "🦊", "🗞",
    ),
    "a suffix that is not there": (
        lambda base: [of(added(base, quote=change(report(base).quote, suffix=" and shrinks")))],
        "the quote of report/new-r", "shrinks", "grows",
    ),
    "a quote one place on": (
        lambda base: [of(added(base, quote=moved(base, 1), fragments=()))],
        "the quote of report/new-r", "“…🗞 Kabulov", "“… Kabulov",
    ),
    "a quote beyond the end": (
        lambda base: [of(added(base, quote=moved(base, 9_000), fragments=()))],
        "the quote of report/new-r", "“…🗞 Kabulov", "the end of the text",
    ),
    "a quote before the beginning": (
        lambda base: [of(added(base, quote=moved(base, -20), fragments=()))],
        "the place of the quote of report/new-r", "38 code points", "6 to 44",
    ),
    "a quote of another length": (
        lambda base: [of(added(base, quote=change(report(base).quote, end=60), fragments=()))],
        "the place of the quote of report/new-r", "38 code points", "26 to 60",
    ),
    "a nested quote that is not there": (
        lambda base: [of(statement(base, reports=(report(
            base, fragments=(), quote=Quote("nothing of the kind", start=26, end=45)),)))],
        "the quote of report/new-r", "nothing of the kind", "the number of milit",
    ),
    "a revised quote that is not there": (
        lambda base: [of(change(
            base.data(ReportRevised), report_id="r3", statement_id="other", replaces=8,
            fragments=(), quote=Quote("nothing of the kind", start=26, end=45)))],
        "the quote of report/r3", "nothing of the kind", "the number of milit",
    ),
    "an evidence that is not there": (
        lambda base: [of(change(base.data(StatementsRelated), evidence=Evidence(
            source_id="article", quote=Quote("and falls", start=65, end=74), anchor="exact")))],
        "the quote of the evidence", "and falls", "and grows",
    ),
    "a fragment that is not there": (
        lambda base: [of(added(base, fragments=(Span("exceeds 20,000", 50, 64),)))],
        "a fragment of the quote of report/new-r", "exceeds 20,000", "exceeds 10,000",
    ),
    "a fragment outside of its quote": (
        lambda base: [of(added(base, fragments=(Span("and grows", 65, 74),)))],
        "a fragment of the quote of report/new-r", "and grows", "“”",
    ),
    "a fragment of an unanchored quote": (
        lambda base: [of(added(base, source_id="tass", anchor="unanchored", quote=Quote("words"),
                               fragments=(Span("other"),)))],
        "a fragment of the quote of report/new-r", "other", "no place",
    ),
    "an unanchored quote with a place": (
        lambda base: [of(added(base, anchor="unanchored"))],
        "the place of the quote of report/new-r", "none, since it is unanchored", "26 to 64",
    ),
    "a place where there is no text": (
        lambda base: [of(added(base, source_id="tass"))],
        "the quote of report/new-r", "its source has no text", "begins at 26",
    ),
    "no place where there is a text": (
        lambda base: [of(added(base, anchor="unanchored", quote=Quote("false words"),
                               fragments=()))],
        "the quote of report/new-r", "its place in the text", "none",
    ),
    "words of a number that are not there": (
        lambda base: [of(counted(base, report_id="r2", value_text=Span("exceeds", 0, 7)))],
        "the words of estimate/new-e", "exceeds", "more th",
    ),
    "words of a number in an older form": (
        lambda base: [of(counted(base, value_text=Span("exceeds 10,000", 24, 38)))],
        "the words of estimate/new-e", "exceeds 10,000", "“”",
    ),
    "words of a nested number": (
        lambda base: [of(statement(base, estimates=(
            number(base, value_text=Span("exceeds 10,000", 23, 37)),)))],
        "the words of estimate/new-e", "exceeds 10,000", "exceeds 10,00",
    ),
    "words of a number without a place": (
        lambda base: [of(counted(base, value_text=Span("exceeds 10,000")))],
        "the words of estimate/new-e", "exceeds 10,000", "no place",
    ),
    "words of a revised number": (
        lambda base: [of(change(base.data(EstimateRevised, 1),
                                replaces=base.replaces("estimate/e1"),
                                value_text=Span("exceeds 20,000", 10, 24)))],
        "the words of estimate/e1", "exceeds 20,000", "exceeds 10,000",
    ),
    "a hedge without its bound": (
        lambda base: [of(counted(base, comparator="lt"))],
        "the bounds of estimate/new-e", "those of lt", "low 10000",
    ),
    "a hedge with another bound": (
        lambda base: [of(counted(base, high=20_000))],
        "the bounds of estimate/new-e", "those of gt", "high 20000",
    ),
    "a hedge with another flag": (
        lambda base: [of(counted(base, low_inclusive=True))],
        "the bounds of estimate/new-e", "those of gt", "inclusive true",
    ),
    "a hedge without its flag": (
        lambda base: [of(counted(base, low_inclusive=None))],
        "the bounds of estimate/new-e", "those of gt", "inclusive none",
    ),
    "bounds that are turned round": (
        lambda base: [of(counted(base, comparator="between", low=20, high=10, low_inclusive=True,
                                 high_inclusive=True))],
        "the bounds of estimate/new-e", "those of between", "low 20",
    ),
    "a number that differs from its bounds": (
        lambda base: [of(counted(base, comparator="eq", low=10, best=11, high=10,
                                 low_inclusive=True, high_inclusive=True))],
        "the bounds of estimate/new-e", "those of eq", "best 11",
    ),
    "a number of too many digits": (
        lambda base: [of(counted(base, low=0.1 + 0.2))],
        "the bounds of estimate/new-e", "15 digits", "0.30000000000000004",
    ),
    "a number too large": (
        lambda base: [of(counted(base, low=2**60))],
        "the bounds of estimate/new-e", "2^53", "low",
    ),
    "a date whose first day is wrong": (
        lambda base: [of(revised(base, said_at=day("2017-12", "2017-12-02", "2017-12-31")))],
        "the bounds of the date 2017-12", "2017-12-01 to 2017-12-31", "2017-12-02 to 2017-12-31",
    ),
    "a date that is open without saying so": (
        lambda base: [of(counted(base, reference_period=day("2015", "2015-01-01", None)))],
        "the bounds of the date 2015", "2015-01-01 to 2015-12-31", "2015-01-01 to none",
    ),
    "a date of a link": (
        lambda base: [of(added(base, via=(Via(speaker_id="karzai", on=day("2018", None, None)),)))],
        "the bounds of the date 2018", "2018-01-01 to 2018-12-31", "none to none",
    ),
    "a date of a membership": (
        lambda base: [of(speaker(base, memberships=(
            Membership(role="x", to=day("2018", "2018-01-01", "2019-12-31")),)))],
        "the bounds of the date 2018", "2018-01-01 to 2018-12-31", "2018-01-01 to 2019-12-31",
    ),
    "a date of a source": (
        lambda base: [of(cited(base, published=day("2018", "2017-01-01", "2018-12-31")))],
        "the bounds of the date 2018", "2018-01-01 to 2018-12-31", "2017-01-01 to 2018-12-31",
    ),
    "what is no date": (
        lambda base: [of(revised(base, said_at=ImpreciseDate("next year")))],
        "a date", "EDTF", "next year",
    ),
    "a citation with a document": (
        lambda base: [of(captured(base, captured=False))],
        "the document of source/new", "not captured", "some of it",
    ),
    "a capture without a text": (
        lambda base: [of(captured(base, text_sha256=None))],
        "the document of source/new", "text_sha256", "not all of them",
    ),
    "a hash that leads elsewhere": (
        lambda base: [of(captured(base, sha256="../../../../../../../../../etc/passwd"))],
        "the document of source/new", "text_sha256", "not in their form",
    ),
    "the size of a document": (
        lambda base: [of(captured(base, size=7))],
        "the size of a document", f"{len(TEXT.encode())} bytes", "7",
    ),
}  # fmt: skip

# Every field that names a thing: an event that names `new` there, after the noun of the thing.
REFERENCES: Mapping[str, Callable[[Base, str], Any]] = {
    "speaker: speaker_id": lambda base, new: statement(base, speaker_id=new),
    "speaker: co_speakers": lambda base, new: statement(base, co_speakers=("kabulov", new)),
    "speaker: alternatives": lambda base, new: statement(base, alternatives=(new,)),
    "speaker: citing": lambda base, new: statement(base, citing=(new,)),
    "speaker: on_behalf_of": lambda base, new: revised(base, on_behalf_of=new),
    "speaker: publisher_id": lambda base, new: cited(base, publisher_id=new),
    "speaker: left": lambda base, new: change(base.data(SpeakersJudged), left=new),
    "speaker: right": lambda base, new: change(base.data(SpeakersJudged), right=new),
    "speaker: via": lambda base, new: added(base, via=(Via(speaker_id=new),)),
    "speaker: report's alternatives": lambda base, new: added(base, alternatives=(new,)),
    "source: source_id": lambda base, new: added(
        base, source_id=new, anchor="unanchored", quote=Quote("words"), fragments=()
    ),
    "source: via": lambda base, new: added(base, via=(Via(source_id=new),)),
    "source: version_of": lambda base, new: cited(base, version_of=new),
    "source: assessed": lambda _, new: SourceAssessed(source_id=new, assessor="x"),
    "source: evidence": lambda base, new: change(
        base.data(StatementsRelated),
        evidence=Evidence(source_id=new, quote=Quote("words"), anchor="unanchored"),
    ),
    "measure: measure_id": lambda base, new: counted(base, measure_id=new),
    "statement: statement_id": lambda base, new: added(base, statement_id=new),
    "statement: within": lambda base, new: statement(base, within=new),
    "statement: from": lambda base, new: change(base.data(StatementsRelated), from_=new),
    "statement: to": lambda base, new: change(base.data(StatementsRelated), to=new),
    "statement: assessed": lambda _, new: StatementAssessed(statement_id=new, assessor="x"),
    "report: report_id": lambda base, new: counted(base, report_id=new),
    "report: evidence": lambda base, new: change(
        base.data(StatementsRelated), evidence=Evidence(report_id=new)
    ),
    "estimate: derived_from": lambda base, new: counted(base, derived_from=("e1", new)),
    "source: revised": lambda base, new: SourceRevised(
        **msgspec.structs.asdict(cited(base, source_id=new)), replaces=1, reason="x"
    ),
    "speaker: revised": lambda base, new: SpeakerRevised(
        **msgspec.structs.asdict(speaker(base, speaker_id=new)), replaces=1, reason="x"
    ),
    "measure: revised": lambda _, new: MeasureRevised(
        measure_id=new, label="x", replaces=1, reason="x"
    ),
    "statement: revised": lambda base, new: revised(base, statement_id=new),
    "report: revised": lambda base, new: change(base.data(ReportRevised), report_id=new),
    "estimate: revised": lambda base, new: change(
        base.data(EstimateRevised), estimate_id=new, value_text=None
    ),
}


def tamper_with(base: Base, cases: Mapping[str, Callable[[], Drafts]]) -> dict[str, list[Finding]]:
    """Append the events of each case in turn; gives what is found in those of each."""
    places: dict[str, range] = {}
    with Writer.open(base.folder, actor="mallory") as writer:
        for name, drafts in cases.items():
            base.fresh = f"new{len(places)}"
            made = drafts()
            for position, each in enumerate(made, base.size):
                if hasattr(each.data, "replaces") and each.subject in base.counts:
                    base.counts[each.subject] = position
            writer.append(made)
            places[name] = range(base.size, base.size + len(made))
            base.size += len(made)
    wrong = audit(base.folder)[0].wrong
    assert all(one.position and one.position >= SIZE for one in wrong)
    return {name: [one for one in wrong if one.position in place] for name, place in places.items()}


@pytest.fixture(scope="module")
def tampered(made: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """What is found in a ledger with every tampering in it, by tampering."""
    folder = tmp_path_factory.mktemp("tampered")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(shutil.copytree(made / "config", folder / "config")))
        base = Base(shutil.copytree(made / "ledger", folder / "ledger"))
        by_name = {name: partial(case[0], base) for name, case in TAMPERINGS.items()}
        by_field = {
            name: partial(lambda case: [of(case(base, f"{base.fresh}-gone"))], case)
            for name, case in REFERENCES.items()
        }
        return tamper_with(base, {**by_name, **by_field})


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampering_is_found_at_its_position(
    tampered: dict[str, list[Finding]], name: str
) -> None:
    """A log that was signed anew, with events that no command makes, is found out."""
    _, what, expected, found = TAMPERINGS[name]
    assert len(tampered[name]) == 1, tampered[name]
    finding = tampered[name][0]
    ids = re.compile(r"\bnew[0-9]+")
    assert what in ids.sub("new", finding.what)
    assert expected in ids.sub("new", finding.expected)
    assert found in ids.sub("new", finding.found)


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_to_nothing_is_found(tampered: dict[str, list[Finding]], name: str) -> None:
    """Every field that names a thing is checked: it names one that an earlier event made."""
    noun = name.partition(":")[0]
    assert len(tampered[name]) == 1, tampered[name]
    finding = tampered[name][0]
    assert finding.what.startswith("a reference, ")
    assert finding.expected.endswith(f" {noun} that was made before")
    assert finding.found.endswith("-gone, which nothing made")


def test_a_finding_names_its_segment(base: Base) -> None:
    """A person finds the line by its file and position."""
    base.append([of(speaker(base), subject="speaker/karzai")])
    finding = only(base.folder)
    assert finding.file == str(base.folder / "log" / f"{0:020d}.jsonl")
    assert finding.position == SIZE


def making(base: Base, noun: str) -> Draft:
    """The event that makes a thing with the id "later"."""
    made: dict[str, Callable[[], Any]] = {
        "speaker": lambda: speaker(base, speaker_id="later"),
        "source": lambda: cited(base, source_id="later"),
        "measure": lambda: change(base.data(MeasureDefined), measure_id="later"),
        "statement": lambda: statement(base, statement_id="later"),
        "report": lambda: added(base, report_id="later"),
        "estimate": lambda: counted(base, estimate_id="later"),
    }
    return of(made[noun]())


@pytest.mark.parametrize(
    "name",
    [
        "speaker: via", "source: version_of", "measure: measure_id", "statement: within",
        "report: evidence", "estimate: derived_from",
    ],
)  # fmt: skip
def test_a_reference_to_something_later_is_found(base: Base, name: str) -> None:
    """A thing that is made only later was slipped in; the first event that names it is named."""
    naming = of(REFERENCES[name](base, "later"))
    base.fresh = "newer"
    base.append([naming, making(base, name.partition(":")[0])])
    finding = only(base.folder)
    assert finding.found == f"later, which was made at position {SIZE + 1}"
    assert finding.position == SIZE


def test_every_field_that_names_a_thing_is_tried() -> None:
    """A field that the writer checks is among those that the audit is tried on."""
    tried = {name.partition(": ")[2] for name in REFERENCES}
    own = {"estimate_id", "from_"}  # tried as `revised` and `from`
    assert references.NOUN_OF_FIELD.keys() - own <= tried


def test_a_reference_within_one_event_is_no_fault(base: Base) -> None:
    """An event may name what it makes itself."""
    both = number(base), number(base, estimate_id="b", derived_from=("new-e",))
    base.append([of(statement(base, estimates=both))])
    assert audit(base.folder)[0].wrong == []


def test_a_revision_of_a_form_that_does_not_count_is_found(base: Base) -> None:
    """Neither a form that is void nor one that was replaced is the one that counts."""
    base.append([
        of(revised(base, replaces=base.position(StatementRevised))),
        of(change(base.data(EstimateRevised), replaces=base.position(EstimateRevised))),
    ])  # fmt: skip
    wrong = audit(base.folder)[0].wrong
    assert {one.what for one in wrong} == {"the form that a revision replaces"}
    assert [(one.position, one.expected, one.found) for one in wrong] == [
        (SIZE, "position 7, which counted", "position 12"),
        (SIZE + 1, "position 15, which counted", "position 14"),
    ]


def test_a_report_that_moves_to_another_statement_is_found(base: Base) -> None:
    """A revision keeps what its thing belongs to."""
    base.append([of(change(base.data(ReportRevised), statement_id="other", replaces=13))])
    finding = only(base.folder)
    assert (finding.what, finding.expected, finding.found) == (
        "the statement of report/r1", "number", "other"
    )  # fmt: skip
