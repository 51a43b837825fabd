"""Bundles: verified offline by a program of their own, and wrong when a byte of them is."""

import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cli_tools import call, claims, is_refusal, log_bytes, speakers
from export_tools import COMMANDS, TEXT, export

from ledger.api import Ledger


@pytest.fixture
def beforehand() -> Sequence[dict[str, Any]]:
    """A bit of everything."""
    return COMMANDS


@pytest.fixture
def captured(ledger: Ledger, tmp_path: Path) -> Ledger:
    """A ledger with a document, and much that a bundle of one speaker does not need."""
    (tmp_path / "article.txt").write_text(TEXT)
    ledger.submit(
        [
            {"command": "capture_source", "source_id": "article", "document": "article.txt",
             "publisher_id": "tass"},
            {"command": "add_report", "statement_id": "number-2017", "source_id": "article",
             "report_id": "r9", "quote": "the number of militants exceeds 10,000"},
            *speakers(20),
        ],
        documents=tmp_path,
    )  # fmt: skip
    ledger.submit({"command": "revise_statement", "statement_id": "number-2017",
                   "said_at": "2017-11", "reason": "misread"})  # fmt: skip
    return ledger


@pytest.fixture
def bundle(captured: Ledger, tmp_path: Path) -> Path:
    """A bundle of what one speaker claimed."""
    path = tmp_path / "bundle.zip"
    export(captured, "bundle", "--speaker", "zamir-kabulov", "-o", path)
    return path


@pytest.fixture
def loose(bundle: Path, tmp_path: Path) -> Path:
    """The same, unpacked."""
    with zipfile.ZipFile(bundle) as zipped:
        zipped.extractall(tmp_path / "loose")
    return tmp_path / "loose"


def checked(script: Path, *words: str | Path) -> tuple[int, str]:
    """Run the program of a bundle in a process that knows nothing of ours."""
    done = subprocess.run(
        [sys.executable, "-I", str(script), *map(str, words)],
        capture_output=True, check=False, timeout=60, cwd=script.parent,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout.decode()


def test_a_bundle_is_verified_without_the_ledger(
    captured: Ledger, bundle: Path, loose: Path
) -> None:
    """As a zip and unpacked, with the key from elsewhere; and by `claims verify`."""
    key = captured.log.verifier_key
    for words in ((bundle, key), (loose, key), (loose,)):
        code, text = checked(loose / "check_bundle.py", *words)
        assert code == 0, text
        assert "events proven in the log of example.org/test with " in text
        assert "1 document as captured; 1 quote in place\n" in text
    code, text = checked(loose / "check_bundle.py", bundle, key[:-4] + "AAA=")
    assert (code, "another key" in text) == (1, True)
    for proof in sorted((loose / "proofs").iterdir())[:3]:
        done = claims("verify", "--proof", proof, "--vkey", key)
        assert done.code == 0, done.err


def test_it_holds_the_exact_lines_and_no_others(captured: Ledger, loose: Path) -> None:
    """Those about the statement and whoever and whatever it names; what is claimed is told."""
    lines = (loose / "events.jsonl").read_bytes().splitlines()
    whole = log_bytes(captured.log.folder).splitlines()
    assert set(lines) <= set(whole)
    assert len(lines) < len(whole) - 20
    text = b"\n".join(lines)
    for words in (b"ledger.created", b"number-2017", b'"r9"', b'"tass-1"', b'"fighters"',
                  b"statement.revised", b"statement.assessed", b"statements.related"):  # fmt: skip
        assert words in text
    assert b"speaker-7" not in text
    readme = (loose / "README.md").read_text()
    assert "**Zamir Kabulov** claimed (2017-11): More than 10,000 Daesh militants" in readme
    assert "These are claims" in readme
    assert captured.log.verifier_key in readme


def test_every_changed_byte_is_found(bundle: Path, loose: Path) -> None:
    """One anywhere in the zip, of whatever file or of what holds them together."""
    data, chance = bundle.read_bytes(), random.Random(6)
    changed = bundle.with_name("changed.zip")
    places = [0, 5, 11, len(data) - 1, len(data) - 30, *chance.sample(range(len(data)), 12)]
    for place in places:
        made = bytearray(data)
        made[place] ^= 1 << chance.randrange(8)
        changed.write_bytes(made)
        code, text = checked(loose / "check_bundle.py", changed)
        assert (code, text[:6]) == (1, "WRONG:"), place
    for cut in (data[:-1], data + b"x", data[: len(data) // 2], b""):
        changed.write_bytes(cut)
        assert checked(loose / "check_bundle.py", changed)[0] == 1


def test_what_is_no_bundle_is_told_in_a_sentence(loose: Path, tmp_path: Path) -> None:
    """A file that is not there, and a folder of something else."""
    for path, said in ((tmp_path / "none.zip", "cannot be read"), (tmp_path, "is no bundle")):
        code, text = checked(loose / "check_bundle.py", path)
        assert (code, text.startswith(f"WRONG: {path} {said}")) == (1, True), text


@pytest.mark.parametrize("name", ["events.jsonl", "documents", "proofs", "checkpoint", "README.md"])
@pytest.mark.sampled(3)
def test_one_file_that_was_changed_is_found(loose: Path, name: str) -> None:
    """Also in the unpacked folder, and when a file goes or comes."""
    path = loose / name
    file = max(path.iterdir()) if path.is_dir() else path
    whole = file.read_bytes()
    for made in (bytes([whole[9] ^ 1]).join((whole[:9], whole[10:])), whole + b"\n"):
        file.write_bytes(made)
        code, text = checked(loose / "check_bundle.py")
        assert (code, text) == (
            1,
            f"WRONG: {file.relative_to(loose)} is not what SHA256SUMS says\n",
        )
    file.unlink()
    assert checked(loose / "check_bundle.py")[0] == 1
    file.write_bytes(whole)
    assert checked(loose / "check_bundle.py")[0] == 0
    (loose / "extra").write_bytes(b"")
    assert checked(loose / "check_bundle.py")[0] == 1


def test_who_mends_the_sums_is_found_by_the_proofs(loose: Path) -> None:
    """The hashes in the bundle are for accidents; the signature is against intent."""
    import hashlib

    events = loose / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b"More than 10,000", b"More than 90,000"))
    files = sorted(each for each in loose.rglob("*") if each.is_file())
    sums = "".join(
        f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.relative_to(loose).as_posix()}\n"
        for each in sorted(files, key=lambda each: each.relative_to(loose).as_posix())
        if each.name != "SHA256SUMS"
    )
    (loose / "SHA256SUMS").write_text(sums)
    code, text = checked(loose / "check_bundle.py")
    assert code == 1
    assert "another event" in text


def test_the_same_ledger_gives_the_same_bundle(captured: Ledger, tmp_path: Path) -> None:
    """Byte for byte; all of a small ledger goes in, as it was at a size too."""
    for name in ("a.zip", "b.zip"):
        export(captured, "bundle", "-o", tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    export(captured, "bundle", "-o", tmp_path / "then.zip", "--as-of", "5")
    with zipfile.ZipFile(tmp_path / "then.zip") as zipped:
        assert len(zipped.read("events.jsonl").splitlines()) == 5
        zipped.extract("check_bundle.py", tmp_path)
    assert checked(tmp_path / "check_bundle.py", tmp_path / "then.zip")[0] == 0
    assert checked(tmp_path / "check_bundle.py", tmp_path / "a.zip")[0] == 0


def test_what_was_erased_is_proven_to_have_been_there(captured: Ledger, tmp_path: Path) -> None:
    """The line is a mark with the leaf hash; the rest is proven as before."""
    captured.redact("report/r9", "source/article", authority="a court", reason="a name")
    with Ledger.open(captured.log.folder) as ledger:
        export(ledger, "bundle", "-o", tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as zipped:
        assert b"redacted_by" in zipped.read("events.jsonl")
        zipped.extract("check_bundle.py", tmp_path)
    code, text = checked(tmp_path / "check_bundle.py", tmp_path / "a.zip")
    assert code == 0, text


def test_nothing_chosen_is_said(captured: Ledger, tmp_path: Path) -> None:
    """A bundle of no statement proves nothing but the ledger; of a terminal it asks for a file."""
    words = ("bundle", "--where", "false", "-o", tmp_path / "a.zip")
    export(captured, *words)
    assert is_refusal(call("export", *words, ledger=captured.log.folder), lines=2)
