"""Appending in bulk: the quick path gives what the slow one gives, byte for byte, or nothing."""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st
from log_tools import NOON, drafts
from strategies import odd_lines

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
from ledger.bulk import shapes
from ledger.bulk.quick import MAKERS, Quick
from ledger.bulk.reading import Read, read_block
from ledger.decide import decide
from ledger.errors import Place
from ledger.given import Given, command_key, prepare
from ledger.inputs import decode_command
from ledger.known import Known
from ledger.terms import Recorder

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
