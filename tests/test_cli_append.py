"""Appending on the command line: receipts, repeats, kills, races, refusals."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from cli_tools import (
    ARTICLE,
    FIVE,
    Command,
    Outcome,
    arguments,
    call,
    claims,
    events,
    is_refusal,
    log_bytes,
    ndjson,
    speakers,
    start,
)
from log_tools import start_child
from ready_ledgers import copy_with_views

from ledger.api import Ledger
from ledger.heads import Auditor
from ledger.verify import verify_ledger
from projections.build import rebuild


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with the five commands of the design and a captured article, beside its key."""
    place = tmp_path_factory.mktemp("original")
    (place / "article.txt").write_bytes(ARTICLE.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(place / "config"))
        with Ledger.create(place / "ledger", origin="example.org/filled", actor="ana") as ledger:
            capture = {"command": "capture_source", "source_id": "tca", "document": "article.txt"}
            ledger.submit([*FIVE, capture], documents=place)
            ledger.log.refresh()
            rebuild(ledger.log)
    return place


@pytest.fixture
def filled(original: Path, tmp_path: Path, key_home: Path) -> Path:
    """A copy of the original, with its key where this test looks for keys."""
    shutil.copytree(original / "config", key_home)
    return copy_with_views(original / "ledger", tmp_path / "filled")


# ── receipts and repeats ─────────────────────────────────────────────────────────────────────


def test_the_lines_of_the_design_are_accepted_as_shown(folder: Path, tmp_path: Path) -> None:
    """All five commands become one batch, and the receipt says where each stands."""
    done = claims("append", "--json", ndjson(tmp_path / "five", FIVE), ledger=folder)

    assert done.code == 0, done.err
    [receipt] = done.objects
    assert (receipt["first"], receipt["last"], receipt["size"]) == (1, 6, 7)  # TASS is registered
    assert receipt["ids"] == [
        "zamir-kabulov", "tass-1", "daesh-fighters", "number-2017", "number-2017",
    ]  # fmt: skip
    assert receipt["unchanged"] == 0
    assert [event["type"] for event in events(folder)][1:] == [
        "claims.speaker.registered.v1",
        "claims.speaker.registered.v1",
        "claims.source.captured.v1",
        "claims.measure.defined.v1",
        "claims.statement.recorded.v1",
        "claims.statement.revised.v1",
    ]


def test_the_same_file_again_writes_nothing(folder: Path, tmp_path: Path) -> None:
    """A repeated batch leaves the log as it is and gets the ids that it got then."""
    file = ndjson(tmp_path / "five", FIVE)
    first = call("append", "--json", file, ledger=folder).objects[0]
    before = log_bytes(folder)

    again = call("append", "--json", "--expect-size", "1", file, ledger=folder).objects[0]

    assert log_bytes(folder) == before
    assert (again["first"], again["last"], again["unchanged"]) == (None, None, 5)
    assert [again[name] for name in ("ids", "positions", "made", "size")] == [
        first[name] for name in ("ids", "positions", "made", "size")
    ]


def test_other_content_under_the_same_id_is_a_conflict(filled: Path, tmp_path: Path) -> None:
    """An id that names something else is refused with the field that differs and the way out."""
    before = log_bytes(filled)

    done = call("append", ndjson(tmp_path / "c", [FIVE[0] | {"name": "Z. Kabulov"}]), ledger=filled)

    assert is_refusal(done, 4)
    assert "name" in done.error[0]
    assert "revise_speaker" in done.err
    assert log_bytes(filled) == before


def test_a_wrong_expected_size_is_a_conflict(folder: Path, tmp_path: Path) -> None:
    """A batch of new commands is refused when the ledger has another size."""
    done = call("append", "--expect-size", "7", ndjson(tmp_path / "s", speakers(1)), ledger=folder)

    assert done.code == 4
    assert "1 events, where 7" in done.err
    assert len(events(folder)) == 1


def test_a_plan_writes_nothing(folder: Path, tmp_path: Path) -> None:
    """--dry-run tells what each command would become and leaves the log alone."""
    done = call("append", "--dry-run", ndjson(tmp_path / "f", FIVE), ledger=folder)

    assert done.code == 0
    assert done.text.count("new ") == 5
    assert len(events(folder)) == 1


def test_windows_line_ends_blank_lines_and_a_byte_order_mark_are_passed_over(
    folder: Path, tmp_path: Path
) -> None:
    """A file saved by an editor of another system is read like any other."""
    file = tmp_path / "dos.ndjson"
    lines = [json.dumps(each).encode() for each in speakers(2)]
    file.write_bytes(b"\xef\xbb\xbf" + b"\r\n\r\n".join(lines))

    done = call("append", "--json", file, ledger=folder)

    assert done.code == 0, done.err
    assert done.objects[0]["ids"] == ["speaker-0", "speaker-1"]


# ── streams, kills, races ────────────────────────────────────────────────────────────────────


def test_a_killed_stream_run_again_gives_the_same_events(tmp_path: Path) -> None:
    """A stream that was killed midway and run again from its start loses and doubles nothing."""
    commands = [json.dumps(each).encode() + b"\n" for each in speakers(200)]
    killed, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"
    for place in (killed, undisturbed):
        Ledger.create(place, origin=f"example.org/{place.name}", actor="ana").close()

    with start("append", "--batch", "10", "--json", ledger=killed) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(b"".join(commands[:105]))
        child.stdin.flush()
        receipts = [json.loads(child.stdout.readline()) for _ in range(5)]
        child.send_signal(signal.SIGKILL)
    assert receipts[-1]["last"] == 50
    survived = len(events(killed))
    again = claims("append", "--batch", "10", "--json", ledger=killed, stdin=b"".join(commands))
    whole = claims("append", "--batch", "10", ledger=undisturbed, stdin=b"".join(commands))

    assert child.returncode == -signal.SIGKILL
    assert 51 <= survived < 201
    assert (again.code, whole.code) == (0, 0), again.err + whole.err
    assert [each["data"] for each in contents(killed)] == [
        each["data"] for each in contents(undisturbed)
    ]
    positions = [at for receipt in again.objects for at in receipt["positions"]]
    assert len(set(positions)) == 200
    assert call("verify", "--strict", "--log-only", ledger=killed).text.startswith("Verified")


def contents(folder: Path) -> list[dict[str, Any]]:
    """The events that commands made."""
    return [each for each in events(folder) if not each["type"].startswith("claims.ledger.")]


@pytest.mark.parametrize(
    ("writers", "each"), [(4, 50), pytest.param(8, 500, marks=pytest.mark.slow)]
)
def test_many_writers_at_once_lose_and_double_nothing(
    folder: Path, tmp_path: Path, writers: int, each: int
) -> None:
    """Commands of several processes get positions without a gap, each acknowledged exactly once."""
    files = [
        ndjson(tmp_path / f"{at}.ndjson", speakers(each, prefix=f"writer-{at}"))
        for at in range(writers)
    ]
    children = [
        subprocess.Popen(
            arguments(["append", "--json", "--batch", str(1 + 6 * (at % 2)), file], folder),
            stdout=subprocess.PIPE,
        )
        for at, file in enumerate(files)
    ]

    answers = [child.communicate(timeout=300)[0].splitlines() for child in children]

    assert [child.returncode for child in children] == [0] * writers
    receipts = [json.loads(line) for answer in answers for line in answer]
    acknowledged = [at for receipt in receipts for at in receipt["positions"]]
    assert sorted(acknowledged) == list(range(1, writers * each + 1))
    by_id = {
        name: at
        for receipt in receipts
        for name, at in zip(receipt["ids"], receipt["positions"], strict=True)
    }
    stored = events(folder)
    assert [int(event["sequence"]) for event in stored] == list(range(writers * each + 1))
    assert {event["data"]["speaker_id"]: at for at, event in enumerate(stored) if at} == by_id
    assert call("verify", "--strict", "--log-only", ledger=folder).text.startswith("Verified")


def test_a_held_ledger_is_busy(folder: Path, tmp_path: Path) -> None:
    """Another process that holds the ledger ends the waiting with exit 6, after the time given."""
    with start_child("hold", folder) as child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        begun = time.monotonic()
        done = call("append", "--wait", "0.2", ndjson(tmp_path / "s", speakers(1)), ledger=folder)
        took = time.monotonic() - begun
        child.communicate("\n")

    assert done.code == 6
    assert "Traceback" not in done.err
    assert 0.2 <= took < 5
    assert len(events(folder)) == 1


# ── what is refused ──────────────────────────────────────────────────────────────────────────

A: Command = {"command": "register_speaker", "kind": "person", "name": "A"}
SAID: Command = {"command": "record_statement", "speaker_id": "zamir-kabulov", "proposition": "p"}
COUNT: Command = {"measure_id": "daesh-fighters", "reference_period": "2017-12"}
COUNTED = '{"command":"add_estimate","statement_id":"a","measure_id":"b","value":1e999}'
RATED = (
    '{"command":"assess_statement","statement_id":"number-2017","assessor":"a",'
    '"rating":{"value":%s}}'
)
LINE = '{"command":"register_speaker","kind":"person","name":%s}'


def quoting(quote: str, **number: str) -> Command:
    """A statement with words from the captured article."""
    said = SAID | {"reports": [{"source_id": "tca", "quote": quote}]}
    return said | {"estimates": [COUNT | number]} if number else said


REFUSED: dict[str, tuple[Command | str | bytes, str | None, str]] = {
    # what: the line, the field named, words of the answer
    "unknown-field": (A | {"nmae": "B"}, "nmae", "Did you mean name?"),
    "nested-field": (SAID | {"reports": [{"source_id": "tca", "qoute": "x"}]}, "reports[0].qoute",
                     "Did you mean quote?"),
    "wrong-type": (A | {"name": 7}, "name", "7"),
    "missing-field": ({"command": "register_speaker", "kind": "person"}, "name", "missing"),
    "unknown-command": (A | {"command": "register_speeker"}, "command", "register_speaker?"),
    "no-command": ({"name": "A"}, "command", "no command"),
    "bad-id": (A | {"speaker_id": "A B"}, "speaker_id", "not an id"),
    "newline-id": (A | {"speaker_id": "ab\n"}, "speaker_id", "not an id"),
    "long-id": (A | {"speaker_id": "a" * 101}, "speaker_id", "not an id"),
    "nul-id": (A | {"speaker_id": "a\0b"}, "speaker_id", "not an id"),
    "nul-text": (A | {"name": "a\0b"}, "name", "U+0000"),
    "escape-text": (A | {"name": "a\x1b[31m"}, "name", "U+001B"),
    "surrogate": (LINE % r'"A\ud800"', "name", "surrogate"),
    "surrogate-key": (LINE % r'"A","identifiers":{"\ud800":"Q1"}', "identifiers", "surrogate"),
    "surrogate-command-id": (LINE % r'"A","command_id":"\ud800"', "command_id", "surrogate"),
    "nan": (LINE % "NaN", None, "NaN"),
    "infinity": (LINE % "-Infinity", None, "Infinity"),
    "endless-value": (
        COUNTED, "value", ""),
    "endless-rating": (
        RATED % "1e999", "rating.value", ""),
    "huge-rating": (
        RATED % "123456789012345678901234567890", "rating.value", ""),
    "huge-integer": ('{"command":"void_record","reason":"x","position":' + "9" * 5000 + "}",
                     None, ""),
    "long-line": (A | {"name": "A" * 66_000, "speaker_id": "a"}, None, "65,535"),
    "five-megabytes": (A | {"name": "A" * 5_000_000}, None, "bytes"),
    "not-utf-8": (LINE.encode() % b'"caf\xe9"', None, "byte 57 is 0xe9"),
    "utf-16": ((LINE % '"A"').encode("utf-16-le"), None, "UTF-8"),
    "not-json": ("nope", None, "not JSON"),
    "cut-short": ('{"command":"register_speaker",', None, "not JSON"),
    "array": ("[1]", None, "not an object"),
    "text": ('"x"', None, "not an object"),
    "duplicate-key": (LINE % '"A","name":"B"', None, "'name' stands twice"),
    "deep": (LINE % ("[" * 200_000 + "]" * 200_000), None, "deep"),
    "deep-object": (LINE % ('"A","identifiers":' + '{"a":' * 500 + "1" + "}" * 500),
                    "identifiers.a", ""),
    "empty-text": (A | {"name": " "}, "name", "empty"),
    "no-quote": (quoting("the number exceeds 12,000 and continues"), "reports[0].quote",
                 "line 17"),
    "quote-twice": (quoting("Daesh"), "reports[0].quote", "prefix"),
    "digits": (quoting("exceeds 10,000", value="> 9000", words="exceeds 10,000"),
               "estimates[0].value_text", "9000"),
    "words-elsewhere": (quoting("exceeds 10,000", value="> 10000", words="3,500"),
                        "estimates[0].value_text", "quote"),
    "unknown-speaker": (SAID | {"speaker_id": "nobody", "reports": [
        {"source_id": "tca", "quote": "exceeds 10,000"}]}, "speaker_id", "nobody"),
    "unknown-source": (SAID | {"reports": [{"source_id": "none", "quote": "x"}]},
                       "reports[0].source_id", "none"),
    "no-report": (SAID | {"reports": []}, "reports", "at least one report"),
    "impossible-date": (SAID | {"said_at": "2017-02-30", "reports": [
        {"source_id": "tca", "quote": "exceeds 10,000"}]}, "said_at", "calendar"),
    "other-date": ({"command": "cite_source", "published": "31/12/2017"}, "published",
                   "2017-12-31"),
    "beyond": ({"command": "void_record", "position": 99, "reason": "x"}, "position", "99"),
    "the-first": ({"command": "void_record", "position": 0, "reason": "x"}, "position", "cannot"),
    "itself": ({"command": "relate_statements", "from": "number-2017", "to": "number-2017",
                "relation": "denies"}, "to", "both sides"),
    "nothing-new": ({"command": "revise_statement", "statement_id": "number-2017",
                     "said_at": "2017-11", "reason": "x"}, None, "changes nothing"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_recorded_is_refused_where_it_stands(
    filled: Path, tmp_path: Path, what: str
) -> None:
    """A fault in line 3 of 5 is told with file, line and field in three lines; none is written."""
    line, field, words = REFUSED[what]
    if isinstance(line, dict):
        line = json.dumps(line)
    bad = line.encode() if isinstance(line, str) else line
    good = [json.dumps(each).encode() for each in speakers(4, prefix="good")]
    file = tmp_path / "commands.ndjson"
    file.write_bytes(b"\n".join([*good[:2], bad, *good[2:]]))
    before = log_bytes(filled)

    done = call("append", file, ledger=filled)

    assert log_bytes(filled) == before
    assert "Traceback" not in done.err, done.err[-300:]
    assert is_refusal(done), done.err[-500:]
    place = f"   at: {file}, line 3" + (f", field {field}" if field else "")
    assert done.error[1].startswith(place)
    assert words in done.err
    assert max(map(len, done.error)) < 400


def test_a_conflicting_form_is_named(filled: Path, tmp_path: Path) -> None:
    """A revision of a form that counts no longer is a conflict."""
    revision = FIVE[4] | {"replaces": 2, "said_at": "2016"}

    done = call("append", ndjson(tmp_path / "r", [revision]), ledger=filled)

    assert done.code == 4
    assert "stands at position 6, not at 2" in done.error[0]
    assert "history number-2017" in done.error[-1]


@pytest.mark.parametrize(
    "document",
    [
        "../outside.txt", "link.txt", "loop.txt", "missing.txt", "report.pdf", "empty.txt",
        "folder.txt", "latin.txt", "nul.txt", ".", "pipe.txt",
    ],
)  # fmt: skip
def test_documents_that_cannot_be_captured_are_refused(
    folder: Path, tmp_path: Path, document: str
) -> None:
    """What is no text file under the folder of the commands is refused; nothing is written."""
    place = tmp_path / "place"
    (place / "folder.txt").mkdir(parents=True)
    (tmp_path / "outside.txt").write_text("words")
    (place / "link.txt").symlink_to(tmp_path / "outside.txt")
    (place / "loop.txt").symlink_to(place / "loop.txt")
    (place / "report.pdf").write_text("words")
    (place / "empty.txt").touch()
    (place / "latin.txt").write_bytes(b"caf\xe9")
    (place / "nul.txt").write_bytes(b"a\0b")
    os.mkfifo(place / "pipe.txt")
    file = ndjson(place / "c.ndjson", [{"command": "capture_source", "document": document}])

    done = claims_within(3, "append", file, ledger=folder)

    assert "Traceback" not in done.err
    assert is_refusal(done), done.err
    assert f"{file}, line 1, field document" in done.error[1]
    assert len(events(folder)) == 1
    assert not any((folder / "documents").rglob("*"))


class Hangs(BaseException):
    """The command did not come back; nothing between here and there catches it."""


def claims_within(seconds: float, *words: str | Path, ledger: Path) -> Outcome:
    """Run in this process, but give up where it hangs."""

    def give_up(*_: object) -> None:
        raise Hangs

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return call(*words, ledger=ledger)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("file", ["folder", "missing"])
def test_a_file_of_commands_that_cannot_be_read_is_refused(
    folder: Path, tmp_path: Path, file: str
) -> None:
    """A folder or a missing file is told in words."""
    (tmp_path / "folder").mkdir()

    done = call("append", tmp_path / file, ledger=folder)

    assert is_refusal(done, lines=2), done.err[-300:]
    assert file in done.error[0]


@pytest.mark.parametrize(
    "words",
    [
        ("--actor", "\udcff"),
        ("--actor", "a\x1b[31m"),
    ],
)
def test_a_recorder_is_text_that_a_terminal_can_show(
    folder: Path, tmp_path: Path, words: tuple[str, str]
) -> None:
    """The name of who records is held to the rules of every text."""
    done = call("append", *words, ndjson(tmp_path / "s", speakers(1)), ledger=folder)

    assert done.code in (2, 3), done.err
    assert "Traceback" not in done.err
    assert "actor" in done.err
    assert len(events(folder)) == 1


def test_what_was_accepted_verifies(filled: Path, tmp_path: Path) -> None:
    """No command that is accepted leaves a line that the ledger's own audit complains of."""
    ratings = [1e999, 1e300, 2**70, 0.1 + 0.2, -0.0, 1e-9]
    for at, value in enumerate(ratings):
        text = json.dumps({"value": value}).replace("Infinity", "1e999")
        (tmp_path / f"{at}").write_text(
            '{"command":"assess_statement","statement_id":"number-2017","assessor":"a",'
            f'"rating":{text}}}\n'
        )
        call("append", tmp_path / f"{at}", ledger=filled)

    accepted = verify_ledger(filled, strict=True, auditor=Auditor(deep=True, views=False))
    assert accepted.findings == ()


def test_a_stream_that_waits_lets_others_write(folder: Path, tmp_path: Path) -> None:
    """While a stream waits for input, also within a batch, others append and its head is signed."""
    call("append", ndjson(tmp_path / "w", speakers(1, prefix="warm")), ledger=folder)
    with start("append", "--batch", "10", "--json", ledger=folder) as child:
        assert child.stdin
        assert child.stdout
        for first, count in ((0, 10), (10, 15)):
            commands = speakers(count, first=first)
            child.stdin.write(b"".join(json.dumps(each).encode() + b"\n" for each in commands))
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["last"] == first + 11
        time.sleep(1.5)
        signed = json.loads(call("status", "--json", ledger=folder).out)["signed_size"]
        file = ndjson(tmp_path / "o", speakers(1, prefix="other"))
        other = call("append", "--wait", "1", file, ledger=folder)
        child.stdin.close()
        child.wait(timeout=20)

    assert other.code == 0, other.err
    assert signed == 22
    assert child.returncode == 0
    assert [int(event["sequence"]) for event in events(folder)] == list(range(28))
