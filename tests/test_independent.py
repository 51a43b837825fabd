"""The verifier that shares no code with us agrees with ours, and finds what was tampered with."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from cli_tools import PROJECT, Outcome, call
from ready_ledgers import demo_once

from ledger.api import Ledger

VERIFIER = PROJECT / "tests" / "independent_verifier.py"


def check(*words: str | Path) -> Outcome:
    """Run the verifier as a process that cannot import anything of ours."""
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), *map(str, words)],
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr.decode())


def key_of(ledger: Path) -> str:
    """The verifier key that the ledger gives of itself."""
    found = re.search(r'verifier_key = "(.*)"', (ledger / "ledger.toml").read_text())
    assert found
    return found[1]


@pytest.fixture(scope="module")
def built() -> Path:
    """The seeds' ledger, which is only read; its key is its own and thrown away."""
    return demo_once()


@pytest.fixture
def seeds(built: Path, tmp_path: Path) -> Path:
    """A copy of the seeds' ledger, to do something to."""
    return Path(shutil.copytree(built, tmp_path / "copy"))


@pytest.fixture
def own(ledger: Ledger) -> Path:
    """The folder of a new ledger, whose key is here."""
    return ledger.log.folder


def segment(ledger: Path) -> Path:
    """The only segment of a small ledger."""
    return ledger / "log" / f"{0:020d}.jsonl"


def test_it_has_nothing_of_ours() -> None:
    """It imports none of our packages."""
    assert not re.search(
        r"^\s*(from|import) (events|ledger|projections)", VERIFIER.read_text(), re.MULTILINE
    )


def test_the_seeds_are_right(built: Path) -> None:
    """It agrees that the seeds are right, and says whose word the key is."""
    outcome = check(built, key_of(built))
    assert outcome.code == 0, outcome.text
    assert "5 documents, 104 anchored quotes" in outcome.text
    assert "own word" not in outcome.text
    assert "own word" in check(built).text


def change(at: str, to: str) -> Callable[[Path], object]:
    """A change of the words of the log."""

    def tamper(ledger: Path) -> None:
        text = segment(ledger).read_text()
        assert at in text
        segment(ledger).write_text(text.replace(at, to, 1))

    return tamper


def edit_lines(edit: Callable[[list[str]], object]) -> Callable[[Path], object]:
    """A change of the order or number of lines."""

    def tamper(ledger: Path) -> None:
        lines = segment(ledger).read_text().splitlines(keepends=True)
        edit(lines)
        segment(ledger).write_text("".join(lines))

    return tamper


def edit_a_document(ledger: Path) -> None:
    """One character of a captured text."""
    path = next(path for path in sorted((ledger / "documents").rglob("*")) if path.is_file())
    path.write_bytes(path.read_bytes().replace(b"e", b"3", 1))


TAMPERINGS: dict[str, Callable[[Path], object]] = {
    "a word": change("10,000", "90,000"),
    "a time": change('Z","subject"', 'Y","subject"'),
    "a line removed": edit_lines(lambda lines: lines.pop(50)),
    "a line twice": edit_lines(lambda lines: lines.insert(50, lines[50])),
    "two lines swapped": edit_lines(lambda lines: lines.insert(50, lines.pop(51))),
    "the end cut off": edit_lines(lambda lines: lines.pop()),
    "a document": edit_a_document,
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_it_finds(name: str, seeds: Path) -> None:
    """It ends with 1 and says what is wrong, without a traceback."""
    TAMPERINGS[name](seeds)
    outcome = check(seeds)
    assert outcome.code == 1
    assert outcome.text.startswith("WRONG: ")


def test_a_foreign_key(built: Path, own: Path) -> None:
    """A key of another ledger is refused."""
    assert check(built, key_of(own)).code == 1


def test_a_sealed_segment(seeds: Path) -> None:
    """Frames of zstd are read as the lines that they hold; torn ones are found."""
    plain = segment(seeds).read_bytes()
    lines = plain.splitlines(keepends=True)
    halves = (b"".join(lines[:80]), b"".join(lines[80:]))
    sealed = b"".join(zstandard.compress(half) for half in halves)
    segment(seeds).with_suffix(".jsonl.zst").write_bytes(sealed)
    segment(seeds).unlink()
    assert check(seeds).code == 0
    torn = b"".join(zstandard.compress(half) for half in (halves[0], halves[1][:-200]))
    segment(seeds).with_suffix(".jsonl.zst").write_bytes(torn)
    assert check(seeds).code == 1


def recorded(ledger: Path, tmp_path: Path) -> Path:
    """A document, a statement with its quote, and another statement."""
    article = tmp_path / "article.txt"
    article.write_text("Ana said: the bridge is closed. Ben said: it is open.\n")
    said = [("Ana", "the bridge is closed"), ("Ben", "it is open")]
    assert call("capture", article, "--id", "article", ledger=ledger).code == 0
    for who, words in said:
        outcome = call(
            "add", "--source", "article", "-s", f"{who} Example", "-q", words,
            "-p", f"{who}: {words}.", "--id", f"by-{who.lower()}", ledger=ledger,
        )  # fmt: skip
        assert outcome.code == 0, outcome.err
    return ledger


def test_a_change_of_key(own: Path, tmp_path: Path) -> None:
    """Old and new key are both accepted; a change that the old key did not sign is not."""
    first = key_of(recorded(own, tmp_path))
    assert call("key", "rotate", ledger=own).code == 0
    keys = json.loads(call("key", "show", "--json", ledger=own).out)["keys"]
    for key in (first, keys[-1]["verifier_key"]):
        assert check(own, key).code == 0
    next((own / "checkpoints").glob("*.rotation")).unlink()
    assert check(own).code == 1


def test_what_was_erased(own: Path, tmp_path: Path) -> None:
    """Tombstones count where an event orders them, and are damage where none does."""
    recorded(own, tmp_path)
    outcome = call(
        "redact", "statement/by-ana", "--authority", "a court", "--reason", "it was ordered",
        "--yes", ledger=own,
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert "1 events and 0 documents erased" in check(own).text
    text = segment(own).read_text()
    forged = re.sub(r'"redacted_by":(\d+)', '"redacted_by":1', text)
    segment(own).write_text(forged)
    assert check(own).code == 1


def test_a_proof(own: Path, tmp_path: Path) -> None:
    """A proof checks offline; changed anywhere, it does not."""
    key = key_of(recorded(own, tmp_path))
    proof = tmp_path / "ben.tlog-proof"
    assert call("prove", "statement/by-ben", "-o", proof, ledger=own).code == 0
    assert "claims.statement.recorded.v1" in check(proof, key).text
    assert check(proof).code == 1
    whole = proof.read_text()
    for at in range(len("c2sp.org/tlog-proof@v1\nextra "), len(whole), 37):
        other = "B" if whole[at] == "A" else "A"
        proof.write_text(whole[:at] + other + whole[at + 1 :])
        assert check(proof, key).code == 1, whole[max(at - 20, 0) : at + 1]
