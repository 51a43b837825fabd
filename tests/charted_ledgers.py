"""A small ledger with everything that a chart of estimates can show, and one of hostile texts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ready_ledgers import copy_of

from ledger.api import Ledger

Command = dict[str, Any]

MEASURE = "fighters"
HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><svg onload=alert(1)>&amp;",
    "\u202eright to left\u2066\u200f",
    "x" * 20_000,
    "👩🏽‍🚀 عربى 漢字",
    "$x_axis",
    "{{7*7}} ${7*7} datum['text']",
    "javascript:alert(1)",
    "line\nbreak\ttab",
)


def opened(commands: Sequence[Command], folder: Path) -> Ledger:
    """A ledger of some commands; its views are ready."""
    return Ledger.open(copy_of(commands, folder / "ledger", folder / "config"), actor="ana")


def link(noun: str, name: str) -> str:
    """An address of a thing."""
    return f"/{noun}s/{name}"


def speaker(name: str, **given: Any) -> Command:  # noqa: ANN401  the fields of a command
    """A person."""
    return {"command": "register_speaker", "speaker_id": name.lower().replace(" ", "-"),
            "kind": "person", "name": name} | given  # fmt: skip


def source(name: str, publisher: str, published: str | None) -> Command:
    """A source without a document."""
    return {"command": "cite_source", "source_id": name, "publisher": publisher,
            "title": f"Page {name}", "published": published}  # fmt: skip


def statement(name: str, speaker_id: str, value: str | None = None, **given: Any) -> Command:  # noqa: ANN401  the fields of a command
    """A statement with one report and, with a value, one estimate `<name>-n`."""
    estimate = {"estimate_id": f"{name}-n", "measure_id": MEASURE, "value": value}
    estimate |= {key: given.pop(key) for key in ("words", "reference_period") if key in given}
    made = {
        "command": "record_statement", "statement_id": name, "speaker_id": speaker_id,
        "speech_act": "assert", "proposition": f"There are {value}.",
        "reports": [{"report_id": f"{name}-r", "source_id": given.pop("source_id", "page-1"),
                     "quote": given.pop("quote", f"there are {value}"), "quote_mode": "direct",
                     **given.pop("report", {})}],
        "estimates": [estimate] if value else [],
    }  # fmt: skip
    return made | given


THINGS: tuple[Command, ...] = (
    speaker("Ana Alvarez"),
    speaker("Boris Berg"),
    speaker("Chen Cai"),
    source("page-1", "Daily Planet", "2020-03-05"),
    source("page-2", "Evening Post", "2020-03-09"),
    source("page-3", "Morning Star", None),
    {"command": "define_measure", "measure_id": MEASURE, "label": "Fighters in the valley",
     "unit": "people", "tags": ["militant-count"]},
)  # fmt: skip

EVERYTHING: tuple[Command, ...] = (
    *THINGS,
    statement("exact", "ana-alvarez", "3500", reference_period="2019-02"),
    statement("rough", "ana-alvarez", "~9000", reference_period="2020"),
    statement("above", "boris-berg", "> 10000", reference_period="2020-01"),
    statement("least", "boris-berg", ">= 6000", reference_period="2019-06"),
    statement("below", "chen-cai", "< 2000", reference_period="2020-02", said_at="2020-02-03"),
    statement("most", "chen-cai", "<= 5000", reference_period="2021/.."),
    statement("range", "ana-alvarez", "4000..7000", reference_period="2018-07/2018-12"),
    statement("vague", "chen-cai", "?", words="thousands", quote="thousands of them",
              reference_period="2019-10"),
    statement("undated", "chen-cai", "1200", source_id="page-3"),
    statement("wrong", "boris-berg", "800", reference_period="2018-03"),
    statement("taken-back", "ana-alvarez", "12000", reference_period="2021-03"),
    statement("denied", "boris-berg", "11000", reference_period="2018-10"),
    statement("denial", "chen-cai", speech_act="deny", said_at="2020-03-04"),
    statement("retraction", "ana-alvarez", speech_act="retract"),
    {"command": "relate_statements", "from": "denial", "to": "denied", "relation": "denies"},
    {"command": "relate_statements", "from": "retraction", "to": "taken-back",
     "relation": "retracts"},
    {"command": "revise_estimate", "estimate_id": "wrong-n", "value": "8000",
     "reason": "a zero was lost", "error": "transcription"},
)  # fmt: skip

SPREAD: tuple[Command, ...] = (
    *THINGS,
    speaker("Wire", kind="outlet"),
    source("page-4", "Late News", "2020-04"),
    statement("told", "ana-alvarez", "> 700", reference_period="2020", said_at="2020-03-01"),
    {"command": "add_report", "report_id": "told-2", "statement_id": "told", "source_id": "page-2",
     "quote": "over 700", "via": [{"speaker_id": "wire"}]},
    {"command": "add_report", "report_id": "told-3", "statement_id": "told", "source_id": "page-4",
     "quote": "some 700", "via": [{"speaker_id": "wire"}, {"speaker_id": "boris-berg"}]},
    {"command": "add_report", "report_id": "told-4", "statement_id": "told", "source_id": "page-3",
     "quote": "700"},
    statement("once", "boris-berg", "5", reference_period="2020", said_at="2020-03"),
)  # fmt: skip


def hostile(texts: Sequence[str]) -> list[Command]:
    """A ledger in which every text of the things `…-<number>` is the same hostile one."""
    return [command for number, text in enumerate(texts) for command in _hostile(text, number)]


def _hostile(text: str, number: int) -> list[Command]:
    short = text[:900]  # what a name may have
    who, how, where = f"who-{number}", f"how-{number}", f"where-{number}"
    what, said, second = f"what-{number}", f"said-{number}", f"second-{number}"
    return [
        {"command": "register_speaker", "speaker_id": who, "kind": "person", "name": short},
        {"command": "register_speaker", "speaker_id": how, "kind": "outlet",
         "name": f"{short} as outlet"},
        {"command": "cite_source", "source_id": where, "publisher_id": how, "title": short,
         "published": "2020-01"},
        {"command": "define_measure", "measure_id": what, "label": short, "unit": short},
        {"command": "record_statement", "statement_id": said, "speaker_id": who,
         "speech_act": "assert", "proposition": short, "said_at": "2020-01",
         "reports": [{"source_id": where, "quote": text, "quote_mode": "direct",
                      "via": [{"speaker_id": how}]}],
         "estimates": [{"measure_id": what, "value": "?", "words": text,
                        "reference_period": "2020-01"},
                       {"estimate_id": second, "measure_id": what, "value": "> 10",
                        "reference_period": "2020-01"}]},
        {"command": "revise_estimate", "estimate_id": second, "value": "> 100", "reason": short,
         "error": "transcription"},
    ]  # fmt: skip
