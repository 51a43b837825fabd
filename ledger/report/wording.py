"""How what is recorded is said in a report: acts, dates, links, events; never a claim as a fact."""

import re
from datetime import date
from typing import Any

from ledger.asker import Row

# How somebody claimed something. None of these says that it is so.
ACTS = {
    "assert": "", "other": "", "deny": "denying", "confirm": "in confirmation",
    "accuse": "as an accusation", "correct": "as a correction", "retract": "as a retraction",
    "clarify": "as a clarification", "predict": "as a prediction", "warn": "as a warning",
    "threaten": "as a threat", "demand": "as a demand", "request": "as a request",
    "offer": "as an offer", "promise": "as a promise", "condemn": "as a condemnation",
    "endorse": "as an endorsement", "admit": "as an admission", "decline": "declining",
    "claim_responsibility": "claiming responsibility", "question": "as a question",
}  # fmt: skip

CLAIMED = {
    "stated": "claimed",
    "inferred": "is taken to have claimed",
    "disputed": "is said by some to have claimed",
}

# From the answering statement to the one that it answers.
RELATIONS = {
    "denies": "denies", "contradicts": "contradicts", "retracts": "retracts",
    "repeats": "repeats", "elaborates": "elaborates on", "summarises": "summarises",
    "supports": "is put forward in support of", "corroborates": "is put forward to corroborate",
    "endorses": "endorses", "qualifies": "qualifies", "corrects": "is put forward to correct",
    "updates": "updates", "responds_to": "responds to", "similar_to": "is similar to",
}  # fmt: skip
DISPUTING = ("denies", "contradicts", "retracts", "qualifies", "corrects")
BASES = {
    "stated": "as its words say",
    "juxtaposed": "since a source sets the two side by side",
    "inferred": "as the recorder infers",
}
MODES = {
    "direct": "in direct speech",
    "partial": "quoting words of it",
    "indirect": "in indirect speech",
}
ERRORS = {
    "transcription": "a slip in transcribing", "attribution": "a wrong attribution",
    "span": "a wrong span of the text", "derivation": "a wrong derivation",
    "duplicate": "a duplicate", "other": "another error",
}  # fmt: skip

_PLAIN_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_HEDGES = {"?": "uncertain", "~": "approximate", "%": "uncertain and approximate"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f]+", re.IGNORECASE)


def manner(statement: Row) -> str:
    """Who claimed, and how: `claimed, as an accusation`; what follows is the proposition."""
    act = ACTS.get(statement["speech_act"], "")
    return CLAIMED[statement["attribution"]] + (f", {act}" if act else "")


def dated(row: Row, name: str) -> str:
    """An imprecise date of a row as a person reads it; empty where none was recorded.

    What is more than a date as it is written stands in words, by its bounds.
    """
    text: str | None = row[name]
    if not text:
        return ""
    bare = re.sub(r"[?~%]", "", text)
    hedge = next((word for sign, word in _HEDGES.items() if sign in text), "")
    if not _PLAIN_DATE.fullmatch(bare):
        bare = _between(row[f"{name}_earliest"], row[f"{name}_latest"], text)
    return f"{bare} ({hedge})" if hedge else bare


def _between(first: date | None, last: date | None, text: str) -> str:
    """A stretch of time by its bounds, both inclusive."""
    if first and last:
        joined = "to" if "/" in text else "or" if "," in text else "and"
        return f"{first} to {last}" if joined == "to" else f"some time between {first} and {last}"
    if first or last:
        return f"{first} or later" if first else f"{last} or earlier"
    return text


def language(tag: str | None) -> str:
    """A language tag (BCP 47) as an attribute holds it; empty where none is known."""
    return tag if tag and _LANGUAGE.fullmatch(tag) else ""


def web_address(url: str | None) -> str | None:
    """A URL that may be a link: one of the web, and nothing that a browser would run."""
    return url if url and _WEB.fullmatch(url) else None


def counted(count: int, one: str, several: str | None = None) -> str:
    """A count with its noun: `1 outlet`, `12 outlets`."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


def event_words(kind: str) -> str:
    """What an event did: `claims.report.added.v1` is `report added`."""
    return " ".join(kind.removeprefix("claims.").rpartition(".")[0].split("."))


def lag(report: Row) -> str:
    """When a report was published, beside the others of its statement; empty where unknown.

    Days are counted only between two dates that are known to the day.
    """
    if report["several"] and report["nth"] == 1 and report["published"]:
        return "the first that is recorded"
    if report["nth"] == 1 or report["lag_days"] is None or report["is_first_source"]:
        return ""
    exact = report["published_earliest"] == report["published_latest"]
    if exact and report["first_is_exact"]:
        days: int = report["lag_days"]
        return f"{counted(days, 'day')} after the first" if days else "on the day of the first"
    return "after the first" if report["is_later"] else ""


def listed(values: Any) -> list[Any]:  # noqa: ANN401  a column that may be null
    """A list of a row, empty where it is null."""
    return list(values or ())
