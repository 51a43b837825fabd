"""Checking quotes: that the words stand in the source's text where they say (log-format 5.2)."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from operator import eq
from pathlib import Path

from ledger.audits.place import Place
from ledger.documents import DocumentStore
from ledger.findings import Finding, Findings
from projections.audits import Audit

AROUND = 20  # characters that are shown on each side of the first that differs

# Text by text, so that each is read once and one is held at a time.
ANCHORED = "from forms.anchored order by text_sha256, position"
ALL = 'select count(*) from forms.quotes where "start" is not null'


@dataclass(frozen=True)
class Quotes:
    """How many anchored quotes were held against their text, and how many have none to be read."""

    checked: int
    unchecked: int


def check_quotes(
    audit: Audit,
    place: Place,
    wrong: frozenset[str],
    findings: Findings,
    tell: Callable[[int, int], None],
) -> Quotes:
    """Check every anchored quote with the words around it; `wrong` are texts that were changed.

    `tell` is given, now and then, how many quotes are done, of how many.
    """
    store = DocumentStore(place.folder)
    total = audit.number(ALL)
    current, text, checked = "", None, 0
    for sha256, begin, words, position, subject in audit.rows(ANCHORED):
        if sha256 != current:
            current = sha256
            text = None if sha256 in wrong else read_text(store.path(sha256), findings)
            tell(checked, total)
        if text is None:
            continue
        checked += 1
        if not text.startswith(words, begin):
            findings.add(differing(place, position, subject, words, text[begin:][: len(words)]))
    return Quotes(checked, total - checked)


def read_text(path: Path, findings: Findings) -> str | None:
    """A text; None where it is not there, or is none."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        findings.add(
            Finding(
                what="the text of a document",
                file=str(path),
                expected="UTF-8",
                found=f"byte {error.object[error.start]:#04x} at {error.start}",
            )
        )
    except OSError:
        pass  # was found when the documents were hashed
    return None


def differing(place: Place, position: int, subject: str, words: str, found: str) -> Finding:
    """A quote that is not in its text, shown around the first character that differs."""
    same = sum(1 for _ in takewhile(bool, map(eq, words, found)))
    around = slice(max(0, same - AROUND), same + AROUND)
    return place.finding(
        position,
        f"the quote of {subject}",
        f"“…{words[around]}…”, as the event says",
        f"“…{found[around]}…” in the text" if found else "the end of the text",
    )
