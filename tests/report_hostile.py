"""A ledger with hostile text in every field, and what reports make of it."""

import os
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from unittest.mock import patch

from report_tools import Read, exhibit, report

from ledger.api import Ledger

TURN = "\u202e"
TAGS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
EVIL = f"</p>{TAGS}{TURN}kcab {{{{ 7*7 }}}} 😀 &lt;"
LONG = "W" * 12_000
TEXT = f"He said: {EVIL} and {LONG} then stopped.\n\nمرحبا بالعالم قال المتحدث.\n"


@cache
def hostile_pages() -> tuple[Read, Read]:
    """A report and an exhibit of such a ledger, made once in a process."""
    room = Path(mkdtemp(prefix="claims-tests-"))
    folder = room / "ledger"
    try:
        with (
            patch.dict(os.environ, XDG_CONFIG_HOME=str(room / "config")),
            Ledger.create(folder, origin="example.org/test", actor="ana") as ledger,
        ):
            _tell(ledger, room)
        return report(folder, "--title", EVIL, "--topic", EVIL), exhibit(folder, "s1")
    finally:
        rmtree(room)


def _tell(ledger: Ledger, room: Path) -> None:
    """Record hostile text in every field."""
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
