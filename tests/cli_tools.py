"""The command line as others run it: as a process of its own, or within the test's process."""

import contextlib
import io
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

with warnings.catch_warnings():
    # Typer asks click for names that click 9 will no longer have.
    warnings.simplefilter("ignore", DeprecationWarning)
    from ledger.cli.app import run

PROJECT = Path(__file__).parent.parent
CLAIMS = Path(sys.executable).with_name("claims")
ARTICLE = PROJECT / "seeds" / "documents" / "004_781c4f5beed7b953.txt"
SHEETS = PROJECT / "seeds" / "sheets"

Command = dict[str, Any]

# The lines of DESIGN section 6, with an id where it has dots.
FIVE: tuple[Command, ...] = (
    {"command": "register_speaker", "speaker_id": "zamir-kabulov", "kind": "person",
     "name": "Zamir Kabulov"},
    {"command": "cite_source", "source_id": "tass-1", "publisher": "TASS", "title": "…",
     "published": "2017-12-23", "url": "https://…"},
    {"command": "define_measure", "measure_id": "daesh-fighters", "label": "Daesh fighters",
     "unit": "people", "tags": ["militant-count"]},
    {"command": "record_statement", "statement_id": "number-2017", "speaker_id": "zamir-kabulov",
     "said_at": "2017-12", "speech_act": "assert", "proposition": "…", "topics": ["daesh"],
     "reports": [{"source_id": "tass-1", "quote": "…", "quote_mode": "direct"}],
     "estimates": [{"measure_id": "daesh-fighters", "value": "> 10000",
                    "reference_period": "2017-12"}]},
    {"command": "revise_statement", "statement_id": "number-2017", "said_at": "2017-11",
     "reason": "wrong month", "error": "transcription"},
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What a run of `claims` said, and its exit code."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.out.decode()

    @property
    def objects(self) -> list[Any]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> list[str]:
        """Standard error in lines."""
        return self.err.splitlines()


def claims(
    *words: str | Path,
    ledger: Path | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
) -> Outcome:
    """Run `claims` as a process of its own."""
    done = subprocess.run(
        arguments(words, ledger),
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, **(env or {})},
    )
    return Outcome(done.returncode, done.stdout, done.stderr.decode())


def arguments(words: Iterable[str | Path], ledger: Path | None = None) -> list[str]:
    """The argument vector of a run."""
    before = ["--ledger", str(ledger)] if ledger else []
    return [str(CLAIMS), *before, *map(str, words)]


def start(*words: str | Path, ledger: Path) -> subprocess.Popen[bytes]:
    """Start `claims` with pipes to and from it; use it as a context manager."""
    return subprocess.Popen(
        arguments(words, ledger),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def call(*words: str | Path, ledger: Path | None = None) -> Outcome:
    """Run `claims` within this process, which is faster; standard input is not there."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with (
        patch.object(sys, "argv", arguments(words, ledger)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run()
    said, told = out.buffer, err.buffer
    assert isinstance(said, io.BytesIO)
    assert isinstance(told, io.BytesIO)
    return Outcome(code, said.getvalue(), told.getvalue().decode())


def ndjson(path: Path, commands: Iterable[Mapping[str, Any]]) -> Path:
    """Write commands one a line."""
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in commands))
    return path


def speakers(count: int, first: int = 0, prefix: str = "speaker") -> list[Command]:
    """Small commands, all different."""
    return [
        {"command": "register_speaker", "speaker_id": f"{prefix}-{number}", "kind": "person",
         "name": f"{prefix} {number}"}
        for number in range(first, first + count)
    ]  # fmt: skip


def log_bytes(ledger: Path) -> bytes:
    """Every byte of the log."""
    return b"".join(path.read_bytes() for path in sorted((ledger / "log").iterdir()))


def events(ledger: Path) -> list[dict[str, Any]]:
    """Every event, read with nothing of ours."""
    return [json.loads(line) for line in log_bytes(ledger).splitlines()]


def is_refusal(outcome: Outcome, code: int = 3, *, lines: int = 3) -> bool:
    """Whether a run failed with a code, in a few short lines, and not with a traceback."""
    marks = ("error: ", "   at: ", "   do: ")
    return (
        outcome.code == code
        and not outcome.out
        and len(outcome.error) == lines
        and all(line.startswith(marks) for line in outcome.error)
    )
