"""What reports are made of in tests: a claim that is carried on, denied, doubted, corrected."""

import atexit
import os
from functools import cache, cached_property
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

from cli_tools import call
from lxml import html
from ready_ledgers import copy_with_views

from ledger.api import Ledger
from projections.build import rebuild

Command = dict[str, Any]

TASS = "The envoy spoke on Saturday.\n\n“Their number exceeds 10,000 and grows,” Kabulov said.\n"
HERALD = "Nobody has counted them. More than ten thousand fighters, Russia’s envoy told TASS.\n"
DESK = "Kabul denied it. “There are fewer than 3,000,” the ministry’s spokesman said on Monday.\n"

COMMANDS: tuple[Command, ...] = (
    {"command": "register_speaker", "speaker_id": "zamir-kabulov", "kind": "person",
     "name": "Zamir Kabulov"},
    {"command": "register_speaker", "speaker_id": "ministry", "kind": "government",
     "name": "Ministry of Defence"},
    {"command": "register_speaker", "speaker_id": "tass", "kind": "outlet", "name": "TASS"},
    {"command": "define_measure", "measure_id": "fighters", "label": "Fighters", "unit": "people",
     "definition": "Fighters under arms.", "tags": ["militant-count"]},
    {"command": "define_measure", "measure_id": "districts", "label": "Districts held"},
    {"command": "capture_source", "source_id": "tass-1", "document": "tass.txt",
     "publisher_id": "tass", "title": "Envoy on numbers", "published": "2017-12-23",
     "url": "https://tass.example/1", "language": "en"},
    {"command": "capture_source", "source_id": "herald-1", "document": "herald.txt",
     "publisher": "The Herald", "published": "2017-12-26", "url": "https://herald.example/2"},
    {"command": "capture_source", "source_id": "desk-1", "document": "desk.txt",
     "publisher": "News Desk", "published": "2018-01?"},
    {"command": "record_statement", "statement_id": "more-than", "speaker_id": "zamir-kabulov",
     "said_at": "2017-12", "speech_act": "warn", "topics": ["Numbers"],
     "proposition": "There are more than 10,000 fighters.",
     "reports": [
         {"report_id": "r-tass", "source_id": "tass-1", "quote_mode": "direct",
          "quote": "Their number exceeds 10,000 and grows", "attributed_to": "Kabulov"},
         {"report_id": "r-herald", "source_id": "herald-1", "quote_mode": "indirect",
          "quote": "More than ten thousand fighters", "via": [
              {"speaker_id": "tass", "words": "told TASS"}]}],
     "estimates": [{"estimate_id": "e-more", "report_id": "r-tass", "measure_id": "fighters",
                    "value": "> 10000", "value_text": "exceeds 10,000",
                    "reference_period": "2017-12"}]},
    {"command": "record_statement", "statement_id": "fewer", "speaker_id": "ministry",
     "said_at": "2017-12", "speech_act": "deny", "topics": ["numbers", "denials"],
     "proposition": "There are fewer than 3,000 fighters.",
     "reports": [{"report_id": "r-desk", "source_id": "desk-1", "quote_mode": "direct",
                  "quote": "There are fewer than 3,000"}],
     "estimates": [{"estimate_id": "e-fewer", "measure_id": "fighters", "value": "< 3000",
                    "reference_period": "2017-12"}]},
    {"command": "record_statement", "statement_id": "uncounted", "speaker_id": "ministry",
     "attribution": "inferred", "alternatives": ["tass"], "proposition": "Nobody has counted.",
     "reports": [{"report_id": "r-nobody", "source_id": "herald-1", "quote_mode": "indirect",
                  "quote": "Nobody has counted them"}]},
    {"command": "relate_statements", "from": "fewer", "to": "more-than", "relation": "denies"},
    {"command": "assess_source", "source_id": "desk-1", "assessor": "Ana",
     "source_reliability": "B"},
    {"command": "revise_statement", "statement_id": "more-than", "said_at": "2017-12-23",
     "reason": "The day stands in the dateline.", "error": "transcription"},
)  # fmt: skip


@cache
def told_once() -> Path:
    """A folder with documents, the `ledger` that all of it was told, and the `config` of its key.

    Nobody changes it; see `told_copy`.
    """
    made = Path(mkdtemp(prefix="claims-tests-"))
    atexit.register(rmtree, made, ignore_errors=True)
    for name, text in (("tass", TASS), ("herald", HERALD), ("desk", DESK)):
        (made / f"{name}.txt").write_text(text, "utf-8")
    with (
        patch.dict(os.environ, XDG_CONFIG_HOME=str(made / "config")),
        Ledger.create(made / "ledger", origin="example.org/told", actor="ana") as ledger,
    ):
        ledger.submit(COMMANDS, documents=made)
        ledger.log.refresh()
        rebuild(ledger.log)
    return made


def told_copy(folder: Path, key_home: Path) -> Path:
    """A copy of that ledger, with its key, to be written to."""
    copytree(told_once() / "config", key_home)
    return copy_with_views(told_once() / "ledger", folder)


class Read:
    """A page as a parser of HTML reads it, which is not ours."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.tree = html.document_fromstring(data)

    def text(self, path: str = "//body") -> str:
        """The text of the first element that an XPath finds, white space folded."""
        return " ".join(self.exact(path).split())

    def exact(self, path: str) -> str:
        """The text of the first element that an XPath finds, as a browser has it.

        A newline right behind `<pre>` is none (HTML, 13.1.2.5), which this parser does not know.
        """
        [first, *_] = self.tree.xpath(path)
        text = str(first.text_content())
        return text.removeprefix("\n") if first.tag == "pre" else text

    def all(self, path: str) -> list[Any]:
        """What an XPath finds."""
        found: list[Any] = self.tree.xpath(path)
        return found

    @cached_property
    def tags(self) -> set[str]:
        """The names of all elements."""
        return {each.tag for each in self.tree.iter() if isinstance(each.tag, str)}

    @cached_property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [str(each) for each in self.all("//@id")]

    def commands(self) -> list[str]:
        """The commands that a reader is told to run."""
        return [str(each.text_content()) for each in self.all("//pre[contains(@class,'command')]")]


def report(ledger: Path, *words: str | Path) -> Read:
    """Run `claims report`, which must succeed."""
    done = call("report", *words, ledger=ledger)
    assert done.code == 0, done.err
    return Read(done.out)


def exhibit(ledger: Path, *words: str | Path) -> Read:
    """Run `claims exhibit`, which must succeed."""
    done = call("exhibit", *words, ledger=ledger)
    assert done.code == 0, done.err
    return Read(done.out)


@cache
def told_report() -> Read:
    """A report of all that was told, made once in a process."""
    return report(told_once() / "ledger")


@cache
def told_exhibit() -> Read:
    """An exhibit of the statement that was corrected, made once in a process."""
    return exhibit(told_once() / "ledger", "more-than")
