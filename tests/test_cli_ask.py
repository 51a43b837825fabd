"""Asking where it stands: replays, files held open elsewhere, damage, faults of usage."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from cli_tools import CLAIMS, call, claims, is_refusal, ndjson, speakers
from log_tools import snapshot
from ready_ledgers import copy_with_views, demo_once

from ledger.api import Ledger

NUMBERS = "militant_estimates"


@pytest.fixture(scope="module")
def demo() -> Path:
    """The ledger of the seeds, which is only read."""
    return demo_once()


@pytest.fixture
def copied(demo: Path, tmp_path: Path) -> Path:
    """A copy of the seeds' ledger, to be damaged."""
    return copy_with_views(demo, tmp_path / "copied")


@pytest.mark.slow
def test_replay_builds_any_moment_from_the_log(demo: Path, tmp_path: Path) -> None:
    """A replay to a size or a time keeps a DuckDB file with as many rows as it prints."""
    file = tmp_path / "then.duckdb"

    done = call("replay", "--to", "100", "--output", file, ledger=demo)
    now = call("replay", "--to", "2999-01-01", ledger=demo)

    assert (done.code, now.code) == (0, 0), done.err
    rows = {line.split()[0]: int(line.split()[1]) for line in done.text.splitlines()[1:]}
    with duckdb.connect(file, read_only=True) as then:
        for name in ("events", "statements", NUMBERS):
            assert then.execute(f"select count(*) from {name}").fetchall() == [(rows[name],)]
    assert "176 events" in now.err
    assert is_refusal(call("replay", "--to", "100", "--output", file, ledger=demo), lines=2)
    assert is_refusal(call("replay", "--to", "9999", ledger=demo))
    nowhere = call("replay", "--to", "1", "--output", tmp_path / "no" / "x.duckdb", ledger=demo)
    assert "Traceback" not in nowhere.err


def test_status_and_rebuild_say_where_views_stand(copied: Path) -> None:
    """After a rebuild the views' file holds all events, and other DuckDB programs read it."""
    built = call("rebuild", ledger=copied)
    facts = json.loads(call("status", "--json", ledger=copied).out)

    assert built.code == 0
    assert (facts["size"], facts["signed_size"], facts["views_size"]) == (176, 176, 176)
    with duckdb.connect(copied / "views" / "ledger.duckdb", read_only=True) as views:
        views.execute("set variable as_of = 100")
        assert views.execute("select count(*) from events").fetchall() == [(100,)]


HOLDER = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "read") as held:
    held.execute("from speakers")
    print("held", flush=True)
    sys.stdin.readline()
    print(held.execute("select count(*) from speakers").fetchall()[0][0], flush=True)
"""


@pytest.mark.parametrize("how", ["read", "write"])
@pytest.mark.sampled(2)
def test_a_views_file_held_open_elsewhere_stops_nobody(
    ledger: Ledger, tmp_path: Path, how: str
) -> None:
    """While another process has the file open, appends go on and queries see them at once."""
    folder = ledger.log.folder
    ledger.close()
    assert call("rebuild", ledger=folder).code == 0
    file = folder / "views" / "ledger.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        added = claims("append", ndjson(tmp_path / "s", speakers(3)), ledger=folder)
        asked = claims("query", "select count(*) as n from speakers", "-f", "json", ledger=folder)
        again = claims("rebuild", ledger=folder)
        held, _ = holder.communicate("\n", timeout=30)

    assert added.code == 0, added.err
    assert asked.objects == [[{"n": 3}]], asked.err
    assert again.code == 0, again.err
    assert held == "0\n"


# ── damage ───────────────────────────────────────────────────────────────────────────────────


def cut(folder: Path) -> None:
    """Take the end of the log away."""
    path = next((folder / "log").glob("*.jsonl"))
    os.truncate(path, path.stat().st_size - 1000)


def break_head(folder: Path) -> None:
    """Make the checkpoint something else."""
    (folder / "checkpoint").write_text("nonsense\n")


def change_head(folder: Path) -> None:
    """Change one digit of the signed size."""
    text = (folder / "checkpoint").read_text()
    (folder / "checkpoint").write_text(text.replace("\n176\n", "\n175\n"))


@pytest.mark.parametrize("damage", [cut, break_head, change_head])
def test_damage_is_told_and_not_touched(copied: Path, tmp_path: Path, damage: object) -> None:
    """On a damaged ledger all but an audit end with 5, an audit with 1, and no byte changes."""
    assert callable(damage)
    damage(copied)
    before = snapshot(copied)
    file = ndjson(tmp_path / "s", speakers(1))

    for words in (("append", file), ("query", "from events"), ("status",), ("log",), ("rebuild",)):
        done = call(*words, ledger=copied)
        assert done.code == 5, (words, done.err)
        assert "Traceback" not in done.err
        assert len(done.error) == 3
    assert call("verify", ledger=copied).code == 1
    assert snapshot(copied) == before


def test_a_flipped_byte_is_a_finding_with_its_position(copied: Path) -> None:
    """An audit names the first position where a letter was changed, and ends with 1."""
    path = next((copied / "log").glob("*.jsonl"))
    lines = path.read_bytes().split(b"\n")
    lines[99] = lines[99].replace(b'"actor":"demo"', b'"actor":"demi"')
    path.write_bytes(b"\n".join(lines))

    done = call("verify", ledger=copied)
    told = claims("verify", "--json", ledger=copied)

    assert "position 99" in done.text
    assert "position 98" not in done.text
    assert done.code == 1
    assert told.code == 1
    assert len(json.loads(told.out)["findings"]) == len(done.text.splitlines())


# ── usage ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        ("view", "statements", "--bogus"), ("view", "statments"), ("bogus",), ("query",),
        ("view", "statements", "--format", "xlsx"), ("view", "statements", "--limit", "-1"),
        ("view", "denials", "--plot"), ("append", "--batch", "0"),
        ("append", "--expect-size", "-1"),
        ("append", "--accept-restored", "/dev/null"), ("replay",), ("init",),
        ("view", "statements", "--as-of", "yesterday"),
    ],
)  # fmt: skip
def test_usage_faults_end_with_2(demo: Path, words: tuple[str, ...]) -> None:
    """What the command line does not understand ends with 2 and a hint."""
    done = call(*words, ledger=demo)

    assert done.code == 2, done.err
    assert done.err
    assert not done.out


def test_no_ledger_is_a_usage_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a ledger every command ends with 2 and tells how to make one."""
    monkeypatch.chdir(tmp_path)
    for words in (("status",), ("verify",), ("view", "events"), ("append", "-"), ("add",)):
        done = call(*words)
        assert done.code == 2, words
        assert "claims init" in done.err
        assert call(*words, ledger=tmp_path / "nowhere").code == 2


def test_the_nearest_ledger_upwards_is_taken(
    demo: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--ledger goes before CLAIMS_LEDGER, and that before the folder that one stands in."""
    monkeypatch.chdir(ledger.log.folder / "log")
    assert "example.org/test" in call("status").text
    monkeypatch.setenv("CLAIMS_LEDGER", str(demo))
    assert "demo.invalid" in call("status").text
    assert "example.org/test" in call("status", ledger=ledger.log.folder).text


@pytest.fixture
def small_pipe(demo: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A child whose output nobody reads to its end."""
    with subprocess.Popen(
        [str(CLAIMS), "--ledger", str(demo), "query", "from events, range(50)", "-f", "jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        yield child


def test_a_reader_that_leaves_is_no_failure(small_pipe: subprocess.Popen[bytes]) -> None:
    """When `head` has seen enough, the command ends with 0 and no traceback."""
    assert small_pipe.stdout
    assert small_pipe.stderr
    assert small_pipe.stdout.readline().startswith(b'{"position":0')
    small_pipe.stdout.close()

    told = small_pipe.stderr.read()

    assert b"Traceback" not in told
    assert small_pipe.wait(timeout=20) == 0
