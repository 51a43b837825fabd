"""Streams of commands: the events are those of the rule book, whatever bounds are drawn."""

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_tools import NOON
from strategies import BEGINNING, Command, histories

from benchmarks.generate import commands as generated
from ledger import turns
from ledger.api import Ledger
from ledger.bulk import pieces, sources, standing, stream
from ledger.bulk.deciding import Giving
from ledger.bulk.sources import source_of
from ledger.bulk.stream import Stream
from ledger.errors import Busy, ClaimsError, Place
from ledger.given import prepare
from ledger.session import Receipt
from projections import catalog


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
    monkeypatch.setattr(turns, "UNASKED_SECONDS", 0.0)
    monkeypatch.setattr(turns, "YIELD_SECONDS", 0.0)
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
    monkeypatch.setattr(turns, "UNASKED_SECONDS", hold_seconds)
    monkeypatch.setattr(turns, "YIELD_SECONDS", 0.0)
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


@pytest.mark.slow
def test_commands_are_found_again_in_segments_that_were_sealed_meanwhile(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one turn, which is long where nobody waits; ids that were drawn are told again."""
    monkeypatch.setattr("ledger.segments.SEGMENT_BYTES", 100_000)
    monkeypatch.setattr("ledger.seal.WORTH_BYTES", 1)
    monkeypatch.setattr("ledger.seal.BOTH_SECONDS", 0.0)
    monkeypatch.setattr(turns, "UNASKED_SECONDS", 600.0)
    commands = list(generated(6, 1000))
    for each in commands:
        if each["command"] == "record_statement" and not each.get("estimates"):
            each["reports"][-1].pop("report_id")
    receipts = list(ledger.submit_many([*commands, *commands], batch=50))
    half = len(receipts) // 2
    for first, again in zip(receipts[:half], receipts[half:], strict=True):
        assert again.unchanged == len(again.positions) == 50
        assert (again.positions, again.made) == (first.positions, first.made)
    assert not list((ledger.log.folder / "log").glob("*.jsonl"))[1:]
    assert not ledger.verify().findings
