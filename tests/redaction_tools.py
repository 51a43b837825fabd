"""A ledger with something to erase in it, and ways to look for what should be gone."""

import atexit
import os
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

import duckdb
from ready_ledgers import keep_stamp_of

from ledger.api import Ledger
from ledger.errors import Place
from ledger.given import prepare
from projections import catalog
from projections.build import rebuild
from projections.stamp import view_file

Command = dict[str, Any]

QUOTE = "the informant Xenia Quill lives at 12 Elm Row"
SECRETS = ("Xenia Quill", "Elm Row", "quill-source", "quill-said", "quill-estimate", "quill-report")
TEXT = f"On Monday officials said that {QUOTE}, and that 4,321 fighters are near.\n"
OTHER_TEXT = "On Tuesday the ministry denied it: nobody lives there.\n"

COMMANDS: tuple[Command, ...] = (
    {"command": "register_speaker", "speaker_id": "officials", "kind": "group",
     "name": "Officials"},
    {"command": "register_speaker", "speaker_id": "ministry", "kind": "government",
     "name": "The ministry"},
    {"command": "define_measure", "measure_id": "fighters", "label": "Fighters",
     "tags": ["militant-count"]},
    {"command": "capture_source", "source_id": "quill-source", "document": "secret.txt",
     "publisher": "Herald", "title": "Where Xenia Quill lives"},
    {"command": "capture_source", "source_id": "other-source", "document": "other.txt",
     "publisher": "Herald"},
    {"command": "record_statement", "statement_id": "quill-said", "speaker_id": "officials",
     "proposition": "Xenia Quill lives at 12 Elm Row.", "said_at": "2018-02",
     "reports": [{"report_id": "quill-report", "source_id": "quill-source", "quote": QUOTE}]},
    {"command": "record_statement", "statement_id": "denial", "speaker_id": "ministry",
     "proposition": "Nobody lives there.",
     "reports": [{"report_id": "denied", "source_id": "other-source",
                  "quote": "nobody lives there"}]},
    {"command": "relate_statements", "from": "denial", "to": "quill-said", "relation": "denies"},
    {"command": "add_report", "statement_id": "quill-said", "report_id": "quill-report-2",
     "source_id": "quill-source", "quote": "4,321 fighters are near"},
    {"command": "add_estimate", "statement_id": "quill-said", "report_id": "quill-report-2",
     "estimate_id": "quill-estimate", "measure_id": "fighters", "value": "4321"},
    {"command": "revise_statement", "statement_id": "quill-said", "venue": "Elm Row 12",
     "reason": "left out"},
    {"command": "assess_statement", "statement_id": "quill-said", "assessor": "Desk",
     "explanation": "Xenia Quill confirms it."},
    {"command": "revise_estimate", "estimate_id": "quill-estimate", "value": "~4321",
     "reason": "about"},
)  # fmt: skip

# Positions of the events that these commands become; 4 registers the outlet.
SOURCE, DENIAL, RELATION = 5, 8, 9
STATEMENT, OF_STATEMENT = 7, (7, 10, 11, 12, 13, 14)


@cache
def told_once() -> Path:
    """A folder with the ledger of these commands and its key, made once; nobody changes it."""
    made = Path(mkdtemp(prefix="claims-tests-"))
    atexit.register(rmtree, made, ignore_errors=True)
    (made / "secret.txt").write_text(TEXT)
    (made / "other.txt").write_text(OTHER_TEXT)
    with patch.dict(os.environ, XDG_CONFIG_HOME=str(made / "config")):
        ledger = Ledger.create(made / "ledger", origin="example.org/test", actor="ana")
        with ledger.session() as session:
            for command in COMMANDS:
                session.submit([prepare(dict(command), Place(), made)])
        ledger.log.refresh()
        rebuild(ledger.log)
    return made


def tell(folder: Path) -> Ledger:
    """A ledger of these commands in a folder of its own, with the documents beside it."""
    copytree(told_once(), folder, dirs_exist_ok=True)
    keep_stamp_of(told_once() / "ledger", folder / "ledger")
    return Ledger.open(folder / "ledger", actor="ana")


def erase(ledger: Ledger, *targets: str | int, **more: Any) -> Any:  # noqa: ANN401  options of any kind
    """Redact, under some authority."""
    return ledger.redact(*targets, authority="Court order 12/2026", reason="A private home", **more)


def files_with(folder: Path, words: tuple[str, ...] = SECRETS) -> list[str]:
    """The files under a folder that hold any of some words, in their names or their bytes."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and any(
            word in str(path.relative_to(folder)) or word.encode() in path.read_bytes()
            for word in words
        )
    ]


def cells_with(folder: Path, words: tuple[str, ...] = SECRETS) -> list[str]:
    """The tables of a ledger's view file that hold any of some words, which may be compressed."""
    with duckdb.connect(str(view_file(folder)), read_only=True) as connection:
        found = []
        for table in catalog.tables():
            rows = connection.execute(f"from facts.{table.name}").fetchall()
            found += [table.name for word in words if word in repr(rows)]
    return found
