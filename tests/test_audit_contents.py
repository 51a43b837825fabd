"""Deep checks of contents: documents, erased and damaged events, and what is right."""

import hashlib
import itertools
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from audit_tools import (
    SIZE,
    TEXT,
    Base,
    added,
    audit,
    captured,
    change,
    erase,
    make_base,
    moved,
    of,
    only,
    report,
    revised,
    speaker,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_tools import make_ledger, snapshot
from strategies import BEGINNING, Command, audited_histories

from events.values import Via
from events.vocabulary import (
    RecordVoided,
    SourceCaptured,
    SourceRevised,
    SpeakerRegistered,
)
from ledger import references
from ledger.api import Ledger
from ledger.audits import Counts, check_contents, contents
from ledger.cli.demonstration import build_demo
from ledger.errors import ClaimsError, DiskFailed, Place
from ledger.findings import Findings
from ledger.given import prepare
from ledger.segments import list_segments
from projections.audits import UNASKED, Audit, audit_columns

OTHER_TEXT = "Other words: the number of militants exceeds 10,000 and grows.\n"


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


# ── what is right ────────────────────────────────────────────────────────────────────────────


def test_a_ledger_of_the_writer_has_no_findings(base: Base) -> None:
    """What the writer recorded is clean, strictly too, and all of it is counted."""
    findings, counts = audit(base.folder)
    assert (findings.wrong, findings.notes) == ([], [])
    assert counts == Counts(documents=1, quotes=4, quotes_unchecked=0, things_unchecked=0, erased=0)


def test_nothing_is_written(base: Base) -> None:
    """An audit leaves every file of the ledger as it was."""
    before = snapshot(base.folder)
    audit(base.folder)
    assert snapshot(base.folder) == before


def test_the_seeds_have_no_findings(tmp_path: Path) -> None:
    """Five real documents and their sheets are clean."""
    build_demo(tmp_path / "demo").close()
    findings, counts = audit(tmp_path / "demo")
    assert (findings.wrong, findings.notes) == ([], [])
    assert counts.documents == 5
    assert counts.quotes > 90


def test_a_ledger_of_one_event_is_clean(tmp_path: Path) -> None:
    """There need be no documents, no quotes and no second event."""
    make_ledger(tmp_path / "l")
    findings, counts = audit(tmp_path / "l")
    assert (findings.wrong, counts.documents, counts.quotes) == ([], 0, 0)


_numbers = itertools.count()
WORDS = "one two ده هزار больше 10 000 e\u0301 🦊\u2028 exceeds 10,000"
CAPTURES: tuple[Command, ...] = tuple(
    {"command": "capture_source", "source_id": name, "document": f"{name}.txt"}
    for name in ("tass", "later")
)


def append_all(ledger: Ledger, folder: Path, history: list[Command]) -> None:
    """Append the commands that are accepted, each as a batch of its own."""
    for name in ("tass", "later"):
        (folder / f"{name}.txt").write_text(f"{name}: {WORDS}")
    with ledger.session() as session:
        for number, raw in enumerate((*CAPTURES, *BEGINNING, *history)):
            try:
                given_ = prepare(raw | {"command_id": f"{number}"}, Place(), folder)
                session.submit([given_])
            except ClaimsError:
                continue


def check_history(history: list[Command], data: st.DataObject) -> None:
    """Whatever the writer accepts is clean, also with any of its events erased."""
    with TemporaryDirectory() as made:
        folder = Path(made) / "ledger"
        origin = f"example.org/{next(_numbers)}"
        with Ledger.create(folder, origin=origin, actor="ana") as ledger:
            append_all(ledger, Path(made), history)
        findings, counts = audit(folder)
        assert (findings.wrong, findings.notes) == ([], [])
        assert counts.quotes_unchecked == 0
        base = Base(folder)
        gone = data.draw(st.sets(st.integers(1, base.size - 1), max_size=4))
        erase(base, *sorted(gone))
        findings, counts = audit(folder, strict=False)
        assert (findings.wrong, counts.erased) == ([], len(gone))


quick = settings(deadline=None, max_examples=5, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(history=audited_histories, data=st.data())
def test_what_the_writer_accepts_is_clean(history: list[Command], data: st.DataObject) -> None:
    """No history that was recorded by commands has a finding."""
    check_history(history, data)


@pytest.mark.slow
@settings(quick, max_examples=40)
@given(history=audited_histories, data=st.data())
def test_what_the_writer_accepts_is_clean_for_many_histories(
    history: list[Command], data: st.DataObject
) -> None:
    """No history that was recorded by commands has a finding, tried on many."""
    check_history(history, data)


# ── documents ────────────────────────────────────────────────────────────────────────────────

SHA256 = hashlib.sha256(TEXT.encode()).hexdigest()


def document(base: Base, sha256: str = SHA256) -> Path:
    """The file of a document."""
    return base.folder / "documents" / sha256[:2] / sha256


def test_an_edited_document_is_found(base: Base) -> None:
    """One changed letter is found; its quotes are not held against a text that is not theirs."""
    path = document(base)
    path.write_text(TEXT.replace("10,000", "20,000"))
    findings, counts = audit(base.folder)
    assert [(one.what, one.file) for one in findings.wrong] == [
        ("the content of a document", str(path))
    ]
    assert findings.wrong[0].position == base.position(SourceCaptured)
    assert findings.wrong[0].expected == f"SHA-256 {SHA256}"
    assert (counts.quotes, counts.quotes_unchecked) == (0, 4)


def test_a_missing_document_is_found(base: Base) -> None:
    """A document that a source names must be there."""
    document(base).unlink()
    finding = only(base.folder)
    assert (finding.what, finding.file) == ("a document", str(document(base)))
    assert finding.position == base.position(SourceCaptured)
    shutil.rmtree(base.folder / "documents")
    assert only(base.folder).found == "none"


def test_a_document_that_cannot_be_read_is_found(base: Base) -> None:
    """A folder in the place of a document is not one, and no traceback."""
    document(base).unlink()
    document(base).mkdir()
    wrong = audit(base.folder)[0].wrong
    assert str(document(base)) in {one.file for one in wrong}


def test_a_document_under_a_wrong_name_is_found(base: Base) -> None:
    """Nobody names it, but its name is not its hash."""
    other = document(base, "ab" + "0" * 62)
    other.parent.mkdir()
    other.write_text("words")
    findings, counts = audit(base.folder, strict=False)
    assert [(one.what, one.file) for one in findings.wrong] == [
        ("the content of a document", str(other))
    ]
    assert counts.documents == 2


def test_what_a_crash_leaves_among_the_documents_is_a_note(base: Base) -> None:
    """A document without its event and a file that was not finished harm nobody."""
    words = b"words"
    other = document(base, hashlib.sha256(words).hexdigest())
    other.parent.mkdir(exist_ok=True)
    other.write_bytes(words)
    other.with_name(f"{other.name}.new").write_bytes(words)
    (base.folder / "documents" / "note.txt").write_bytes(words)
    (base.folder / "documents" / ".DS_Store").write_bytes(words)
    findings, _ = audit(base.folder, strict=False)
    assert findings.wrong == []
    assert sorted(findings.notes) == [
        "A file among the documents is none of them.",
        "A file among the documents is none of them.",
        f"No source names the document {other.name}.",
    ]
    assert len(audit(base.folder)[0].wrong) == 3


def test_a_text_that_is_not_utf_8_is_found(base: Base) -> None:
    """A text under its right hash must still be one."""
    data = b"\xff\xfe"
    sha256 = hashlib.sha256(data).hexdigest()
    path = document(base, sha256)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    source = captured(base, sha256=sha256, size=2, text_sha256=sha256)
    base.append([of(source), of(added(base, source_id="new"))])
    finding = only(base.folder)
    assert (finding.what, finding.file) == ("the text of a document", str(path))


def test_a_quote_is_held_against_the_text_of_its_time(base: Base) -> None:
    """A source whose text was revised has its earlier quotes in the earlier text."""
    data = OTHER_TEXT.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    path = document(base, sha256)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    first = base.position(SourceCaptured)
    fields = msgspec.structs.asdict(base.data(SourceCaptured))
    fields |= {"sha256": sha256, "text_sha256": sha256, "size": len(data)}
    quote = change(moved(base, -13), prefix="Other words: ", suffix=" and grows.\n")
    base.append([
        of(SourceRevised(**fields, replaces=first, reason="x")),
        of(added(base, quote=quote, fragments=())),
        of(RecordVoided(position=base.size, reason="x"), subject="source/article"),
        of(added(base, report_id="r-last")),
    ])  # fmt: skip
    findings, counts = audit(base.folder)
    assert findings.wrong == []
    assert counts.quotes == 6
    base.append([of(added(base, report_id="r-bad", quote=quote, fragments=()))])
    assert only(base.folder).position == base.size + 4


# ── what was erased ──────────────────────────────────────────────────────────────────────────


def test_what_names_an_erased_thing_is_counted(base: Base) -> None:
    """A reference to what an erased event made is no fault, and is counted."""
    erase(base, base.position(SpeakerRegistered, 1))
    findings, counts = audit(base.folder)
    assert findings.wrong == []
    assert (counts.erased, counts.things_unchecked) == (1, 1)
    assert findings.notes == [
        "1 thing is named that only events which cannot be read may have made."
    ]


def test_a_reference_to_nothing_is_found_beside_erased_events(base: Base) -> None:
    """An erased speaker excuses no source that is not there."""
    erase(base, base.position(SpeakerRegistered, 1))
    base.append([of(added(base, via=(Via(source_id="nowhere"),)))])
    assert only(base.folder).found == "nowhere, which nothing made"


def test_an_erased_document_is_missed_by_nobody(base: Base) -> None:
    """Its quotes cannot be checked any more, which is counted."""
    document(base).unlink()
    erase(base, base.position(SourceCaptured), documents=(SHA256,))
    findings, counts = audit(base.folder)
    assert findings.wrong == []
    assert (counts.documents, counts.quotes, counts.quotes_unchecked) == (0, 0, 4)


def test_an_erased_document_that_is_named_elsewhere_is_missed_by_nobody(base: Base) -> None:
    """Erasing a document erases it for every source that has it."""
    document(base).unlink()
    erase(base, documents=(SHA256,))
    findings, counts = audit(base.folder)
    assert findings.wrong == []
    assert counts.quotes_unchecked == 4


def test_an_erased_document_that_is_there_is_found(base: Base) -> None:
    """What was erased must be gone."""
    erase(base, base.position(SourceCaptured), documents=(SHA256,))
    finding = only(base.folder)
    assert finding.what == "a document that was erased"
    assert (finding.file, finding.position) == (str(document(base)), base.size)


def test_a_document_that_was_captured_again_is_there(base: Base) -> None:
    """After a redaction the same document may be captured anew."""
    erase(base, base.position(SourceCaptured), documents=(SHA256,))
    base.append([of(captured(base))])
    assert audit(base.folder)[0].wrong == []
    document(base).unlink()
    assert only(base.folder).found == "none"


@pytest.mark.parametrize("position", range(1, SIZE))
@pytest.mark.sampled(4)
def test_any_event_may_be_erased(base: Base, position: int) -> None:
    """What hangs on an event that was erased alone is not held against it."""
    erase(base, position)
    findings, counts = audit(base.folder, strict=False)
    assert (findings.wrong, counts.erased) == ([], 1)


def test_an_erased_void_leaves_open_what_counted(base: Base) -> None:
    """Which form counted cannot be told once the void is gone, so no revision is blamed."""
    base.append([of(revised(base))])
    assert audit(base.folder)[0].wrong == []
    again = Base(base.folder)
    erase(again, again.position(RecordVoided))
    assert audit(again.folder)[0].wrong == []


# ── damaged lines ────────────────────────────────────────────────────────────────────────────

DAMAGES: Mapping[str, Callable[[bytes], bytes]] = {
    "no JSON": lambda line: line[:50],
    "another type of value": lambda line: line.replace(b'"Kabulov"', b"7"),
    "not UTF-8": lambda line: line.replace(b"Kabulov", b"\xff\xfe"),
    "no object": lambda _: b"[1]",
    "zeros": lambda line: bytes(len(line)),
    "a sequence that is none": lambda line: line.replace(b'"0000000000', b'"x000000000'),
    "deeply nested": lambda _: b"[" * 50_000,
    "longer than a parser takes": lambda _: b'{"a":"' + b"x" * 40_000_000 + b'"}',
    "a carriage return": lambda line: line[:50] + b"\r" + line[50:],
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_line_is_passed_over(base: Base, name: str) -> None:
    """The rest is still checked: a false quote behind the damage is found."""
    base.append([of(added(base, quote=change(report(base).quote, suffix=" and shrinks")))])
    path = base.folder / "log" / f"{0:020d}.jsonl"
    lines = path.read_bytes().split(b"\n")
    lines[1] = DAMAGES[name](lines[1])
    path.write_bytes(b"\n".join(lines))
    wrong = audit(base.folder)[0].wrong
    assert base.size in [one.position for one in wrong if "the quote of" in one.what]
    assert {one.what.partition(",")[0] for one in wrong} <= {
        "the quote of report/new-r", "a reference", "the subject of an event",
    }  # fmt: skip


VALUES: tuple[tuple[bytes, bytes], ...] = (
    (b'"start":26', b'"start":9223372036854775807'),
    (b'"start":26', b'"start":-9223372036854775808'),
    (b'"end":64', b'"end":9223372036854775807'),
    (b'"start":50', b'"start":-9223372036854775808'),
    (b'"start":24', b'"start":9223372036854775807'),
    (b'"exact":"the number', b'"exact":[],"was":"the number'),
    (b'"low":10000', b'"low":1e308'),
    (b'"earliest":"2017-12-01"', b'"earliest":"290000-01-01"'),
    (b'"sha256":"', b'"sha256":"../../'),
    (b'"replaces":7', b'"replaces":-9223372036854775808'),
    (b'"position":12', b'"position":16'),
)


@pytest.mark.parametrize(("old", "new"), VALUES)
def test_no_value_makes_it_fail(base: Base, old: bytes, new: bytes) -> None:
    """Values that no writer gives, and that cannot be counted with, are findings."""
    path = base.folder / "log" / f"{0:020d}.jsonl"
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    assert audit(base.folder)[0].wrong


def test_an_event_of_a_newer_type_may_have_made_anything(base: Base) -> None:
    """What only a newer program can read is not blamed for what this one does not find."""
    base.append([of(added(base, via=(Via(speaker_id="gone"),)))])
    assert len(audit(base.folder)[0].wrong) == 1
    path = base.folder / "log" / f"{0:020d}.jsonl"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"claims.speakers.judged.v1", b"claims.speakers.merged.v9"))
    findings, counts = audit(base.folder)
    assert (findings.wrong, counts.things_unchecked) == ([], 1)


def test_events_beyond_the_size_are_not_looked_at(base: Base) -> None:
    """Only what lies below the size is checked."""
    base.append([of(speaker(base), subject="speaker/karzai")])
    findings = Findings(base.folder, strict=True)
    check_contents(base.folder, list_segments(base.folder), base.size, findings)
    assert findings.wrong == []


def test_a_segment_that_cannot_be_read_is_passed_over(base: Base) -> None:
    """That it cannot be read is told where lines are read."""
    segments = list_segments(base.folder)
    segments[0].path.unlink()
    segments[0].path.mkdir()
    findings = Findings(base.folder, strict=False)
    counts = check_contents(base.folder, segments, 10**18, findings)
    assert counts.quotes == 0


def test_many_small_groups_give_the_same(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    """How the log is cut into segments and groups does not matter."""
    base.append([of(speaker(base), key=base.events[1].key)])
    path = base.folder / "log" / f"{0:020d}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:9]))
    path.with_name(f"{9:020d}.jsonl").write_bytes(b"".join(lines[9:]))
    monkeypatch.setattr(contents, "GROUP_BYTES", 10)
    finding = only(base.folder)
    assert finding.what == "the key of a command"
    assert finding.file == str(path.with_name(f"{9:020d}.jsonl"))


def test_progress_is_told_in_bytes(base: Base) -> None:
    """Progress goes up to what there is."""
    told: list[tuple[int, int]] = []
    check_contents(
        base.folder, list_segments(base.folder), 99, Findings(base.folder, strict=False),
        lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] > 0


def test_no_room_is_an_error_of_the_disk(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the audit cannot work, it says so in three lines."""
    monkeypatch.setattr("projections.audits.MEMORY", "1MB")
    with pytest.raises(DiskFailed) as error:
        audit(base.folder)
    assert len(error.value.sentences()) == 3


# ── the columns ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def empty_audit(tmp_path: Path) -> Iterator[Audit]:
    """An audit of no lines."""
    with Audit(tmp_path) as made:
        made.settle()
        yield made


def test_every_field_that_names_a_thing_is_read(empty_audit: Audit) -> None:
    """Fields that are left out hold words; none of them names a thing, a position or a date."""
    assert not UNASKED & references.NOUN_OF_FIELD.keys()
    assert not UNASKED & {"said_at", "published", "reference_period", "replaces", "position"}
    assert "proposition" not in audit_columns()["data"]
    assert empty_audit.number("select count(*) from events") == 0


def test_temporary_files_are_gone(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left where the audit worked."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    audit(base.folder)
    assert list(place.iterdir()) == []
