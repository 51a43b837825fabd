"""The README of a bundle: what it is, what is claimed in it, and how to check it offline."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ledger.exporters.leaving import Leaving

README, CHECK = "README.md", "check_bundle.py"
MOST_SHOWN = 100  # reports

_MARKS = re.compile(r"([\\`*_\[\]<>#|])")

_TEXT = """\
# {name}

{notice}

{sentence} The bundle holds {events:,} events, each with a proof that it stands in the log of
`{origin}` as it was signed at {size:,} events.

## What is claimed

{claims}

This list is for reading; what is proven is `events.jsonl`.

## How to check it, offline

The key of the log, which you should have from elsewhere than this bundle:

    {key}

With Python and its package `cryptography`, on the zip or on the unpacked folder:

    python check_bundle.py BUNDLE.zip '{key}'

It checks every byte of the zip, every proof and the signature of the head, every document, and that
each quote stands where it is said to stand. With the program `claims`, one event at a time:

    claims verify --proof proofs/{first:020d}.tlog-proof --vkey '{key}'

With other tools: `sha256sum -c SHA256SUMS`; the leaf hash of the first line is

    (printf '\\0'; head -n 1 events.jsonl | tr -d '\\n') | sha256sum

| file | is |
|---|---|
| `events.jsonl` | the exact lines of the log, CloudEvents 1.0 |
| `proofs/` | for each line a proof (C2SP tlog-proof, RFC 6962) |
| `checkpoint` | the signed head that the proofs lead to (C2SP tlog-checkpoint) |
| `vkey` | the verifier key of the log |
| `documents/` | what was captured, bytes and texts, by SHA-256 |
| `about.json` | origin, size, root, and what was chosen |
| `check_bundle.py` | the check |
| `SHA256SUMS` | the hash of every other file |
"""


def readme(leaving: Leaving, events: int, size: int, key: str) -> str:
    """The text of the README."""
    about = leaving.about
    return _TEXT.format(
        name=_plain(about.name), notice=about.notice, sentence=_plain(about.sentence),
        events=events, origin=about.origin, size=size, claims="\n".join(_claims(leaving)),
        key=key, first=0,
    )  # fmt: skip


def _claims(leaving: Leaving) -> Iterator[str]:
    rows = leaving.rows("claims")
    any_found = False
    for row in islice(rows, MOST_SHOWN):
        any_found = True
        yield _claim(row)
    if next(rows, None) is not None:
        yield "- … and more, in `events.jsonl`"
    if not any_found:
        yield "Nothing: no statement is among the events."


def _claim(row: dict[str, Any]) -> str:
    when = f" ({row['said_at']})" if row["said_at"] else ""
    where = ", ".join(
        _plain(row[name]) for name in ("publisher", "title", "published", "url") if row[name]
    )
    return (
        f"- **{_plain(row['speaker'])}** claimed{when}: {_plain(row['claimed_proposition'])}  \n"
        f"  “{_plain(row['quote'])}” ({where or row['source_id']})"
    )


def _plain(text: object) -> str:
    """A text on one line, without signs that Markdown would take for its own."""
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))
