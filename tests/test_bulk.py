"""Appending in bulk: the quick path gives what the slow one gives, byte for byte, or nothing."""

import json
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from examples import examples
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from log_tools import NOON, drafts
from strategies import BEGINNING, Command, histories, odd_lines

from benchmarks.generate import commands as generated
from events.codec import encode_batch, encode_data, encode_lines, encode_rest
from events.ids import uuid7s
from events.record import Placing
from events.vocabulary import (
    MeasureDefined,
    SourceCaptured,
    SpeakerRegistered,
    StatementRecorded,
)
from ledger.api import Ledger
from ledger.bulk import pieces, shapes, sources, standing, stream
from ledger.bulk.deciding import Giving
from ledger.bulk.quick import MAKERS, Quick
from ledger.bulk.reading import Read, read_block
from ledger.bulk.sources import source_of
from ledger.bulk.stream import Stream
from ledger.decide import decide
from ledger.errors import Busy, ClaimsError, Place
from ledger.given import Given, command_key, prepare
from ledger.inputs import decode_command
from ledger.known import Known
from ledger.session import Receipt
from ledger.terms import Recorder
from projections import catalog

ANA = Recorder("ana")
QUICK = Quick("ana", "person")
RANDOM_ID = re.compile(rb'"(?:statement|report|source|estimate)(?:_id":"|/)[a-z2-7]{16}"')


# ── one line ─────────────────────────────────────────────────────────────────────────────────


def slow(line: bytes) -> Given:
    """A line as the slow path takes it."""
    return prepare(decode_command(line), Place(), Path())


def ledger_with(names: Iterable[str]) -> Known:
    """What is known where just these things stand, the sources of which were only cited."""
    known = Known(0)
    for at, name in enumerate(names):
        noun, _, wanted = name.partition("/")
        made = {
            "speaker": SpeakerRegistered(speaker_id=wanted, kind="person", name="n"),
            "source": SourceCaptured(source_id=wanted, captured=False),
            "measure": MeasureDefined(measure_id=wanted, label="l"),
            "statement": StatementRecorded(
                statement_id=wanted, speaker_id="s", attribution="stated", speech_act="assert",
                proposition="p", reports=(),
            ),
        }[noun]  # fmt: skip
        known.learn(at, name, made)
    known.size = len(known.events)
    return known


def masked(rest: bytes) -> bytes:
    """A line's rest without the ids that were drawn."""
    return RANDOM_ID.sub(b"?", rest)


@examples(80, 600)
@given(odd_lines)
@example(b'{"command":"register_speaker","kind":"person","name":"A","name":"B"}')
@example(
    b'{"command":"register_speaker","kind":"person","name":"\\u0022\\u0022","note":"x","note":"y"}'
)
@example(b'{"command":"register_speaker","kind":"person","name":"A","note":null}')
@example(b'{"command":"register_speaker","kind":"person","name":"\\u00a0"}')
@example(b'{"command":"register_speaker","kind":"person","name":"A\\u0085B"}')
@example(b'{"command":"register_speaker","kind":"person","name":"A\\u0084B"}')
@example(b'{"command":"register_speaker","kind":"person","name":"A\\\\u0041"}')
@example(b'{"command":"register_speaker","kind":"person","name":"A","actor":"\\u007f"}')
@example(b'{"command":"register_speaker","kind":"person","name":"A","actor":"\\"","agent":"model"}')
@example(b'{"command":"register_speaker","kind":"person","name":"A","command_id":"\xc3\xa9 \\" x"}')
@example(b'{"command":"assess_source","source_id":"a","assessor":"b","rating":{"value":1e3}}')
@example(b'{"command":"assess_source","source_id":"a","assessor":"b","rating":{"value":-0.0}}')
@example(b'{"command":"assess_source","source_id":"a","assessor":"b","rating":{}}')
@example(b'{"command":"cite_source","source_id":"a\\n"}')
@example(b'{"command":"cite_source","source_id":"a","version_of":"a"}')
@example(
    b'{"command":"record_statement","statement_id":"a","speaker_id":"b","proposition":"p",'
    b'"within":"a","reports":[{"source_id":"c","quote":"q"}]}'
)
def test_what_the_quick_path_takes_the_slow_one_takes_too(line: bytes) -> None:
    """Whatever a line holds, an event of the quick path is byte for byte that of the rule book."""
    ready = QUICK.take(line)
    if ready is None:
        return
    command = slow(line)
    assert command.key == ready.key == command_key(decode_command(line))
    decision = decide(command, ledger_with(ready.named), ANA)
    made = decision.drafts[-1]
    rest, data_at = encode_rest(made)
    assert (made.data.TYPE, masked(rest), data_at) == (
        ready.type, masked(ready.rest), ready.data_at,
    )  # fmt: skip
    if ready.settled:
        assert (rest, decision.made) == (ready.rest, ready.made or (ready.subject,))
    assert len(decision.drafts) == (2 if ready.publisher else 1)


@examples(30, 150)
@given(st.lists(odd_lines.filter(lambda line: b"\n" not in line and line.strip()), max_size=12))
@example([b'{"command":"cite_source","source_id":"%b"}' % each for each in (
    b"a", b"", b".a", b"a/b", b"A", b"\xc3\xa9", b"a\\n", b"source/a", b"a" * 93, b"a" * 94, b"-",
)])  # fmt: skip
def test_a_block_becomes_what_each_of_its_lines_does(lines: list[bytes]) -> None:
    """What is asked of a block as a whole gives what is asked of each line alone."""
    read = Read(read_block(QUICK, b"\n".join(lines)))
    alone = [QUICK.take(line) for line in lines]
    assert read.slow == [at for at, each in enumerate(alone) if each is None]
    seen: set[str] = set()
    for at, each in enumerate(alone):
        together = read.ready(at)
        assert (each is None) == (together is None)
        if each and together and each.settled:
            assert together == each
        if together:
            assert {*together.named} - seen <= {*read.outside}
            seen.update(together.made)
            event = read.event(at)
            assert event.subject == together.subject
            assert encode_data(event.data) == together.rest[together.data_at : -1]
    assert read.unsettled == [at for at, each in enumerate(alone) if each and not each.settled]


def test_the_common_commands_go_the_quick_way() -> None:
    """Of what the generator makes, only what corrects is left to the rule book."""
    lines = [json.dumps(each, ensure_ascii=False).encode() for each in generated(7, 1000)]
    left = [json.loads(line)["command"] for line in lines if QUICK.take(line) is None]
    assert set(left) == {"revise_statement", "void_record"}
    assert len(left) == 11


@pytest.mark.parametrize("shape", [shape for shape, _, _ in MAKERS.values()] + [
    shapes.Report, shapes.Estimate, shapes.Link, shapes.Rating,
])  # fmt: skip
def test_shapes_are_written_with_sorted_keys(shape: type[shapes.Shape]) -> None:
    """The order of a shape's fields is that in which keys are sorted."""
    assert list(shape.__struct_encode_fields__) == sorted(shape.__struct_encode_fields__)


def test_lines_that_were_made_ready_are_those_of_their_drafts() -> None:
    """Encoding in two steps gives the bytes of one, but for the random ids."""
    events = drafts(5)
    placing = Placing(origin="example.org/é", first=7, count=5, time=NOON)
    kinds, rests = [each.data.TYPE for each in events], [encode_rest(each)[0] for each in events]
    ready = encode_lines(kinds, rests, placing)
    whole = encode_batch(events, placing)
    assert [masked_id(line) for line in ready] == [masked_id(line) for line in whole]


def masked_id(line: bytes) -> bytes:
    """A line without its id."""
    return re.sub(rb'"id":"[0-9a-f-]{36}"', b"", line)


def test_ids_of_events_are_version_7_and_all_different() -> None:
    """RFC 9562: the time in milliseconds, version 7, variant 10, the rest random."""
    ids = uuid7s(2000, 0x0123456789AB)
    form = re.compile(r"01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert all(form.fullmatch(each) for each in ids)
    assert len(set(ids)) == 2000
    assert {each[19] for each in ids} == set("89ab")


# ── streams ──────────────────────────────────────────────────────────────────────────────────


def told(folder: Path) -> list[dict[str, Any]]:
    """The events without what two ledgers cannot share."""
    lines = b"".join(path.read_bytes() for path in sorted((folder / "log").iterdir()))
    events = [json.loads(line) for line in lines.splitlines()][1:]
    for event in events:
        for name in ("id", "time", "source"):
            del event[name]
    return events


def made_in(place: Path, name: str) -> Ledger:
    """A new ledger."""
    return Ledger.create(place / name, origin=f"example.org/{place.name}/{name}", actor="ana")


def accepted(ledger: Ledger, commands: Iterable[Command]) -> Iterator[Command]:
    """Those of some commands that a ledger takes one after another, each appended."""
    session = ledger.session()
    try:
        for each in commands:
            try:
                session.submit([prepare(dict(each), Place(), Path())])
            except ClaimsError:
                session.close()
                session = ledger.session()
            else:
                yield each
    finally:
        session.close()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks and runs so small that a few commands cross all their borders."""
    monkeypatch.setattr(stream, "CHUNK", 7)
    monkeypatch.setattr(stream, "SLOW_RUN", 2)


@settings(
    max_examples=6, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(histories, st.integers(1, 5), st.booleans())
def test_a_stream_makes_the_events_of_the_rule_book(
    small: None,
    tmp_path_factory: pytest.TempPathFactory,
    history: list[Command],
    batch: int,
    as_lines: bool,  # noqa: FBT001  drawn
) -> None:
    """Any history, in any batches, gives the same events with the same keys and positions."""
    place = tmp_path_factory.mktemp("bulk")
    with made_in(place, "one") as one, made_in(place, "two") as two:
        commands = list(accepted(one, [*BEGINNING, *history]))
        given_as = [json.dumps(each).encode() for each in commands] if as_lines else commands
        receipts = list(two.submit_many(given_as, batch=batch))
        assert without_batch(told(one.log.folder)) == without_batch(told(two.log.folder))
        assert [len(each.ids) for each in receipts[:-1]] == [batch] * (len(receipts) - 1)
        before = len(told(two.log.folder))
        again = list(two.submit_many(given_as, batch=batch))
        assert sum(each.unchanged for each in again) == len(commands)
        assert [each.positions for each in again] == [each.positions for each in receipts]
        assert [each.made for each in again] == [each.made for each in receipts]
        assert len(told(two.log.folder)) == before


@settings(
    examples(3, 40),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    histories,
    st.sampled_from((1, 700, 1 << 20)),
    st.sampled_from((3, 11, 1000)),
    st.sampled_from(((0, 1), (0, 150), (25, 150), (1_000_000, 150))),
)
def test_blocks_of_a_file_make_the_events_of_the_rule_book(
    tmp_path_factory: pytest.TempPathFactory,
    history: list[Command],
    block_bytes: int,
    batch: int,
    names: tuple[int, int],
) -> None:
    """Wherever blocks and batches end, and however few names are held, events are the same.

    So they are where all commands come twice, later or in one stream.
    """
    place = tmp_path_factory.mktemp("blocks")
    with ExitStack() as kept:
        one, two, three = (
            kept.enter_context(made_in(place, name)) for name in ("one", "two", "three")
        )
        kept.enter_context(patch.object(sources, "BLOCK_BYTES", block_bytes))
        kept.enter_context(patch.object(standing, "MOST_NAMES", names[0]))
        kept.enter_context(patch.object(stream, "CHUNK", 13))
        kept.enter_context(patch.object(stream, "NAMES_A_COMMAND", names[1]))
        commands = list(accepted(one, [*BEGINNING, *history]))
        lines = [json.dumps(each).encode() for each in commands]
        file, blank = place / "commands.ndjson", [part for line in lines for part in (line, b"  ")]
        first = streamed(two, file, lines, batch)
        assert without_batch(told(one.log.folder)) == without_batch(told(two.log.folder))
        for given_as in (blank, lines + lines):
            again = streamed(two, file, given_as, batch)
            assert all(each.first is None for each in again)
            assert positions_in(again)[: len(lines)] == positions_in(first)
        assert two.size == one.size
        twice = positions_in(streamed(three, file, lines + lines, batch))
        assert twice == 2 * positions_in(first)
        assert three.size == one.size


@pytest.mark.parametrize(("names_a_command", "most"), [(1_000_000, 20), (1, 12)])
def test_names_that_are_noted_are_asked_for_together(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, names_a_command: int, most: int
) -> None:
    """A few questions for each chunk, and chunks grow with what each question reads through."""
    asked: list[str] = []
    query = catalog.query

    def counted(name: str) -> str:
        asked.append(name)
        return query(name)

    monkeypatch.setattr(catalog, "query", counted)
    monkeypatch.setattr(standing, "MOST_NAMES", 50)
    monkeypatch.setattr(stream, "CHUNK", 100)
    monkeypatch.setattr(stream, "NAMES_A_COMMAND", names_a_command)
    list(ledger.submit_many(generated(5, 1000), batch=50))
    assert ledger.size == 1001
    assert 0 < asked.count("names_noted") <= most


def positions_in(receipts: list[Receipt]) -> list[int]:
    """Of each command, where its event stands."""
    return [position for each in receipts for position in each.positions]


def streamed(ledger: Ledger, file: Path, lines: list[bytes], batch: int) -> list[Receipt]:
    """The receipts of lines that come from a file."""
    file.write_bytes(b"\n".join(lines))
    with file.open("rb") as opened:
        source = source_of(opened.fileno())
        with Stream(ledger.log, ledger.recorder, source, Giving(None, file.parent)) as several:
            return list(several.receipts(batch))


def without_batch(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events without the bounds of the batches that they came in."""
    return [{name: value for name, value in each.items() if name != "batch"} for each in events]


def test_a_fault_in_the_middle_is_told_as_ever(ledger: Ledger) -> None:
    """The batches before stay, nothing of the one at fault is written, the words are the same."""
    good = [*BEGINNING[:4]]
    for bad, field in (
        ({"command": "add_report", "statement_id": "nowhere", "source_id": "tass", "quote": "q"},
         "statement_id"),
        ({"command": "register_speaker", "speaker_id": "zamir", "kind": "person", "name": "Other"},
         "speaker_id"),
        ({"command": "register_speaker", "kind": "person", "nmae": "x"}, "nmae"),
        ({"command": "cite_source", "published": "31/12/2017"}, "published"),
        ({"command": "register_speaker", "kind": "person", "name": "A" * 66_000,
          "speaker_id": "long"}, None),
        ({"command": "record_statement", "speaker_id": "later", "proposition": "p",
          "reports": [{"source_id": "tass", "quote": "q"}]}, "speaker_id"),
    ):  # fmt: skip
        later = {
            "command": "register_speaker",
            "speaker_id": "later",
            "kind": "person",
            "name": "L",
        }
        with pytest.raises(ClaimsError) as refused:
            list(ledger.submit_many([*good, bad, later], batch=4))
        with pytest.raises(ClaimsError) as expected:
            ledger.submit([bad, later])
        assert type(refused.value) is type(expected.value)
        assert refused.value.what == expected.value.what
        assert refused.value.way_out == expected.value.way_out
        assert (refused.value.place.line, refused.value.place.field) == (5, field)
        assert ledger.size == 5


def test_what_is_not_json_or_not_an_object_is_refused(ledger: Ledger) -> None:
    """A program may give what no line says; it is checked as it stands."""
    for bad in (
        {"command": "register_speaker", "kind": "person", "name": "A", "aliases": ("x",)},
        {"command": "register_speaker", "kind": "person", "name": 7},
        {"command": "register_speaker", "kind": "person", "name": NOON},
        {"command": "register_speaker", "kind": "person", "name": "A\ud800"},
        b"not json", b"[1]", b'{"command":"register_speaker",\n"kind":"person","name":"A\\u0000"}',
    ):  # fmt: skip
        with pytest.raises(ClaimsError):
            list(ledger.submit_many([bad]))
    assert ledger.size == 1


def test_quotes_of_captured_sources_are_found(ledger: Ledger, tmp_path: Path) -> None:
    """A source that was captured, earlier in the stream or before it, has its quotes anchored."""
    (tmp_path / "a.txt").write_text("There were more than 10,000 men there.", encoding="utf-8")
    quoting = [{"source_id": "doc", "quote": "10,000 men"}]
    said = {"command": "record_statement", "statement_id": "s1", "speaker_id": "ana",
            "proposition": "p", "reports": quoting}  # fmt: skip
    commands: list[Command] = [
        {"command": "register_speaker", "speaker_id": "ana", "kind": "person", "name": "Ana"},
        {"command": "capture_source", "source_id": "doc", "document": str(tmp_path / "a.txt")},
        said,
    ]
    list(ledger.submit_many(commands, documents=tmp_path, batch=2))
    later = said | {"statement_id": "s2"}
    list(ledger.submit_many([later], documents=tmp_path))
    found = ledger.query("select anchor, quote_start from reports order by position").fetchall()
    assert found == [("exact", 21), ("exact", 21)]
    with pytest.raises(ClaimsError) as refused:
        list(ledger.submit_many([said | {"statement_id": "s3", "reports": [
            {"source_id": "doc", "quote": "12,000 men"}]}]))  # fmt: skip
    assert refused.value.place.field == "reports[0].quote"


def test_publishers_are_registered_once(ledger: Ledger) -> None:
    """A name of an outlet that is new makes the outlet; one that is taken by another is refused."""
    cited = [{"command": "cite_source", "source_id": f"s{at}", "publisher": "Tass News"}
             for at in range(5)]  # fmt: skip
    (receipt,) = ledger.submit_many(cited)
    assert receipt.positions == (2, 3, 4, 5, 6)
    revision = {"command": "revise_speaker", "speaker_id": "tass-news", "name": "Another",
                "reason": "r"}  # fmt: skip
    with pytest.raises(ClaimsError, match="which Another has"):
        list(ledger.submit_many([
            cited[0] | {"source_id": "s8"}, revision, cited[0] | {"source_id": "s9"},
        ]))  # fmt: skip
    assert ledger.size == 7


def test_others_who_write_between_turns_are_taken_in(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream that let go of the ledger knows what was appended, voided and revised meanwhile."""
    monkeypatch.setattr(stream, "HOLD_SECONDS", 0.0)
    monkeypatch.setattr(stream, "YIELD_SECONDS", 0.0)
    other = Ledger.open(ledger.log.folder, actor="bo")
    first = [*BEGINNING[:4]]
    report = {"command": "add_report", "statement_id": "s1", "source_id": "tass", "quote": "q"}
    commands = [*first, *BEGINNING[4:], report | {"report_id": "r8"}, report | {"report_id": "r9"}]
    receipts = ledger.submit_many(commands, batch=1)
    for _ in range(len(commands) - 1):
        next(receipts)
    other.submit({"command": "register_speaker", "speaker_id": "bo", "kind": "person", "name": "B"})
    at = next(e.position for e in ledger.events() if e.subject == "statement/s1")
    other.submit({"command": "void_record", "position": at, "reason": "r"})
    with pytest.raises(ClaimsError, match="is void since position"):
        next(receipts)
    again = ledger.submit_many(
        [{"command": "register_speaker", "speaker_id": "bo", "kind": "person", "name": "B"}]
    )
    assert [each.unchanged for each in again] == [1]


def test_views_that_lack_much_are_built_before_the_ledger_is_taken(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever appends meanwhile does not wait for that, nor does it wait for them."""
    list(ledger.submit_many(generated(5, 1000)))
    file = ledger.log.folder / "views" / "ledger.duckdb"
    file.unlink()
    monkeypatch.setattr(stream, "CHUNK", 100)
    more = {"command": "register_speaker", "kind": "person", "name": "Zamir Kabulov"}
    with (
        Ledger.open(ledger.log.folder, actor="bo").session(),
        pytest.raises(Busy),
    ):
        list(ledger.submit_many([more], wait_seconds=0))
    assert file.exists()
    assert [each.first for each in ledger.submit_many([more])] == [1001]


@pytest.mark.slow
def test_a_large_file_goes_through_helpers(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With helpers the events are those of one process; a second pass adds none."""
    monkeypatch.setattr(pieces, "ALONE_BYTES", 0)
    monkeypatch.setattr(stream, "CHUNK", 1500)
    commands = list(generated(5, 3000))
    lines = [json.dumps(each).encode() for each in commands]
    list(ledger.submit_many(lines, batch=700))
    with made_in(tmp_path, "slow") as one:
        for start in range(0, 3000, 700):
            one.submit(commands[start : start + 700])
        assert told(one.log.folder) == told(ledger.log.folder)
    again = list(ledger.submit_many(lines, batch=1000))
    assert [each.unchanged for each in again] == [1000, 1000, 1000]
    assert ledger.size == 3001
    assert not ledger.verify().findings


@pytest.mark.slow
@pytest.mark.parametrize("hold_seconds", [0.0, 60.0])
def test_segments_are_sealed_while_a_stream_goes_on(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, hold_seconds: float
) -> None:
    """All full segments but the last are sealed by the end, and nothing is still at work then."""
    monkeypatch.setattr("ledger.segments.SEGMENT_BYTES", 100_000)
    monkeypatch.setattr("ledger.seal.WORTH_BYTES", 1)
    monkeypatch.setattr("ledger.seal.BOTH_SECONDS", 0.0)
    monkeypatch.setattr(stream, "HOLD_SECONDS", hold_seconds)
    monkeypatch.setattr(stream, "YIELD_SECONDS", 0.0)
    commands = list(generated(6, 1000))
    for left in (False, True):  # the first pass leaves the ledger as it is
        list(ledger.submit_many(commands[: 500 if not left else 1000], batch=50, seal=left))
        names = sorted(path.name for path in (ledger.log.folder / "log").iterdir())
        plain = [name for name in names if name.endswith(".jsonl")]
        assert len(names) > 3
        assert plain == names[-1:] if left else plain == names
    assert [event.position for event in ledger.events()] == list(range(1001))
    assert not [each.name for each in threading.enumerate() if each.name.startswith("beside")]
    assert not ledger.verify().findings
