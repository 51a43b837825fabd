"""A ledger of two statements to correct from the command line, and what corrects it."""

import atexit
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

from cli_tools import ARTICLE, Outcome, call, events
from ready_ledgers import copy_with_views

from ledger.api import Ledger
from projections.build import rebuild

Rows = Callable[..., list[tuple[Any, ...]]]

QUOTE = "the number of militants exceeds 10,000 and continues to grow"
INDIRECT = "an estimated 10,000 members of the Takfiri terrorist group"

COMMANDS: tuple[dict[str, Any], ...] = (
    {"command": "register_speaker", "speaker_id": "kabulov", "kind": "person",
     "name": "Zamir Kabulov"},
    {"command": "register_speaker", "speaker_id": "z-kabulov", "kind": "person",
     "name": "Z. Kabulov"},
    {"command": "register_speaker", "speaker_id": "karzai", "kind": "person",
     "name": "Hamid Karzai"},
    {"command": "capture_source", "source_id": "article", "document": "article.txt",
     "publisher": "TCA", "published": "2018-02", "title": "Russia says"},
    {"command": "cite_source", "source_id": "tass-1", "publisher": "TASS",
     "published": "2017-12-23"},
    {"command": "define_measure", "measure_id": "fighters", "label": "Daesh fighters",
     "unit": "people", "tags": ["militant-count"]},
    {"command": "record_statement", "statement_id": "number-2017", "speaker_id": "kabulov",
     "said_at": "2017-12", "proposition": "There are more than 10,000.", "topics": ["daesh"],
     "venue": "Moscow",
     "reports": [{"report_id": "r1", "source_id": "article", "quote": QUOTE}],
     "estimates": [{"estimate_id": "e1", "measure_id": "fighters", "value": "> 10000",
                    "value_text": "exceeds 10,000", "reference_period": "2017-12"}]},
    {"command": "record_statement", "statement_id": "karzai-2017", "speaker_id": "karzai",
     "said_at": "2017-11", "proposition": "There are none.",
     "reports": [{"report_id": "r2", "source_id": "tass-1", "quote": "there are none"}]},
)  # fmt: skip
STATEMENT, SIZE = 9, 11  # positions of the first statement, and of the next event


# Every verb that corrects, with words that it accepts there.
REVISE = ("revise", "number-2017")
WHY = ("--reason", "x")
VERBS: dict[str, tuple[str, ...]] = {
    "revise": (*REVISE, "--set", "said_at=2016", *WHY),
    "retract": ("retract", "number-2017", "--source", "article", "-q", "exceeds 10,000"),
    "void": ("void", "number-2017", *WHY),
    "relate": ("relate", "karzai-2017", "denies", "number-2017"),
    "assess": ("assess", "number-2017", "--assessor", "A", "--credibility", "2"),
    "judge": ("judge", "kabulov", "z-kabulov", "same", *WHY),
    "add-report": ("add-report", "number-2017", "--source", "article", "-q", INDIRECT),
    "add-estimate": ("add-estimate", "number-2017", "-n", "10000", "-m", "fighters"),
}


@cache
def made_once() -> Path:
    """A folder with a ledger of these commands and its key; nobody changes it."""
    made = Path(mkdtemp(prefix="claims-tests-"))
    atexit.register(rmtree, made, ignore_errors=True)
    (made / "article.txt").write_bytes(ARTICLE.read_bytes())
    with (
        patch.dict(os.environ, XDG_CONFIG_HOME=str(made / "config")),
        Ledger.create(made / "ledger", origin="example.org/test", actor="ana") as ledger,
    ):
        assert ledger.submit(COMMANDS, documents=made).size == SIZE
        ledger.log.refresh()  # else the views are those of its first event
        rebuild(ledger.log)
    return made


def copied_desk(folder: Path, key_home: Path) -> Path:
    """The folder of a copy of that ledger, made in another folder, with its key."""
    copytree(made_once() / "config", key_home)
    return copy_with_views(made_once() / "ledger", folder / "ledger")


def done(desk: Path, *words: str) -> Outcome:
    """What a command said that had to succeed."""
    outcome = call(*words, ledger=desk)
    assert outcome.code == 0, outcome.err
    return outcome


def last(desk: Path) -> dict[str, Any]:
    """The last event."""
    return events(desk)[-1]
