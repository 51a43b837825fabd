"""What is written can be read by others, and text comes back as it was given."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from cli_tools import call, events
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ready_ledgers import demo_once
from strategies import texts

from ledger.api import Ledger

SCRIPTS = (
    "زعم الوزير أن العدد ١٠٬٠٠٠", "ده هزار نفر در افغانستان\u200cاند", "больше 10 000 боевиков",
    "é and e\u0301, ñ and n\u0303", "👩‍👩‍👧 🦊 🇦🇫",
    "10\u00a0000\u202f000", "line\u2028and\u2029paragraph",
    "a\u202eb\u202c", "\ufefffirst", "x\u0085y", "𝒳 \U0010ffff", "\ttab and 'quotes' \"…\" \\ /",
)  # fmt: skip

scripts = st.one_of(st.sampled_from(SCRIPTS), texts)


@pytest.fixture(scope="module")
def demo() -> Path:
    """The ledger of the seeds, which is only read."""
    return demo_once()


# ── others read the log ──────────────────────────────────────────────────────────────────────


def test_the_sdk_of_cloudevents_reads_every_line(demo: Path) -> None:
    """Each line is a CloudEvent in the JSON event format, its extensions allowed."""
    for position, line in enumerate(read_lines(demo)):
        message = HTTPMessage({"content-type": "application/cloudevents+json"}, line)
        event = from_structured_event(message)
        raw = json.loads(line)
        assert event.get_specversion() == "1.0"
        assert int(event.get_extension("sequence")) == position
        assert event.get_type() == raw["type"]
        assert event.get_subject() == raw["subject"]
        assert event.get_data() == raw["data"]
        assert event.get_time() is not None
        assert {name for name in raw if not re.fullmatch("[a-z0-9]{1,20}", name)} == set()


def read_lines(folder: Path) -> list[bytes]:
    """The lines of the log's files."""
    return [
        line
        for path in sorted((folder / "log").glob("*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_jq_reads_the_log(demo: Path) -> None:
    """The tool of the trade finds the two numbers with nothing of ours."""
    find = (
        'select(.type == "claims.statement.recorded.v1") | .data.estimates[]?'
        ' | select(.measure_id == "daesh-fighters-afghanistan") | [.comparator, .low]'
    )

    done = subprocess.run(
        ["jq", "-c", find, *(demo / "log").glob("*.jsonl")],
        capture_output=True,
        check=True,
        text=True,
    )

    assert '["eq",3500]' in done.stdout
    assert '["gt",10000]' in done.stdout


def test_duckdb_reads_the_log(demo: Path) -> None:
    """DuckDB's own JSON reader sees every event, at positions without a gap."""
    found = duckdb.execute(
        "select count(*), max(sequence::int), count(distinct id) from read_json(?)",
        [str(demo / "log" / "*.jsonl")],
    ).fetchall()

    assert found == [(176, 175, 176)]


def test_the_envelope_is_written_in_its_one_form(demo: Path) -> None:
    """Keys stand in order, times have six decimals, nothing is null, empty or after the line."""
    order = ["specversion", "type", "source", "id", "sequence", "batch", "time", "subject",
             "actor", "agent", "key", "data"]  # fmt: skip
    before = ""
    for line in read_lines(demo):
        event = json.loads(line)
        assert list(event) == [name for name in order if name in event]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", event["time"])
        assert before <= event["time"]
        before = event["time"]
        assert not list(blanks(event["data"]))
        assert json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() == line


def blanks(value: object) -> Iterator[object]:
    """Every null and every empty list or object inside a value."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inside:
        if each is None or each in ([], {}):
            yield each
        yield from blanks(each)


# ── text survives ────────────────────────────────────────────────────────────────────────────


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=st.fixed_dictionaries(dict.fromkeys(("name", "proposition", "quote"), scripts)),
       around=st.tuples(texts, texts))  # fmt: skip
def test_text_of_every_script_survives_to_the_byte(
    tmp_path_factory: pytest.TempPathFactory,
    ledger: Ledger,
    said: dict[str, str],
    around: tuple[str, str],
) -> None:
    """Names, propositions and quotes come back from the raw line and from the views as given."""
    name, proposition, marked = said["name"], said["proposition"], f"«{said['quote']}»"
    before, after = (words.replace("«", "") for words in around)
    text = f"{before}\n{marked}\n{after}"
    place = tmp_path_factory.mktemp("page")
    (place / "page.txt").write_bytes(text.encode())
    at = ledger.size
    ledger.submit(
        [
            {"command": "register_speaker", "speaker_id": f"s{at}", "kind": "person", "name": name},
            {"command": "capture_source", "source_id": f"d{at}", "document": "page.txt"},
            {"command": "record_statement", "statement_id": f"t{at}", "speaker_id": f"s{at}",
             "proposition": proposition,
             "reports": [{"report_id": f"r{at}", "source_id": f"d{at}", "quote": marked}]},
        ],
        documents=place,
    )  # fmt: skip

    stored = [event["data"] for event in events(ledger.log.folder)][at:]
    found = stored[2]["reports"][0]["quote"]
    assert stored[0]["name"] == name
    assert stored[2]["proposition"] == proposition
    assert found["exact"] == marked
    assert text[found["start"] : found["end"]] == marked
    assert text[: found["start"]].endswith(found.get("prefix", ""))
    assert text[found["end"] :].startswith(found.get("suffix", ""))
    for encoded in (name, proposition, marked):
        plain = json.dumps(encoded, ensure_ascii=False).encode()
        assert plain in b"".join(read_lines(ledger.log.folder))
    seen = ledger.query(
        "select s.speaker, s.proposition, r.quote, r.quote_start from statements s"
        f" join reports r using (statement_id) where statement_id = 't{at}'"
    ).fetchall()
    assert seen == [(name, proposition, marked, found["start"])]


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.sampled(3)
def test_a_file_of_commands_in_any_script_is_kept(
    ledger: Ledger, tmp_path: Path, name: str
) -> None:
    """The command line writes and shows a name as it stood in the file, escaped or not."""
    folder = ledger.log.folder
    for at, escaped in enumerate((True, False)):
        command = {"command": "register_speaker", "speaker_id": f"s{at}", "kind": "person",
                   "name": name}  # fmt: skip
        file = tmp_path / f"{at}.ndjson"
        file.write_text(json.dumps(command, ensure_ascii=escaped) + "\n")
        done = call("append", file, ledger=folder)
        assert done.code == 0, done.err

    assert [event["data"]["name"] for event in events(folder)[1:]] == [name, name]
    rows = call("view", "speakers", "-f", "jsonl", ledger=folder).objects
    assert [row["name"] for row in rows] == [name, name]
