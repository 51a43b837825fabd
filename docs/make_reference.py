#!/usr/bin/env python3
"""Writes what can be made from the code: the reference, tables of the log format, the JSON Schema.

    docs/make_reference.py            write the files
    docs/make_reference.py --check    write nothing; exit 1 where a file is not what the code makes

What a field means is said once, in making/meanings.toml; a field without one stops the script.
"""

import json
import sys
from pathlib import Path

from making.command_line import command_lines
from making.commands import ndjson_lines, sheet_lines
from making.events import event_lines, event_tables, part_tables
from making.fields import MEANINGS_FILE, unused
from making.outcomes import error_lines, view_lines

from ledger.sheets import sheet_schema

DOCS = Path(__file__).parent
REFERENCE = DOCS / "reference.md"
LOG_FORMAT = DOCS / "log-format.md"
SCHEMA = DOCS / "claim-sheet.schema.json"

REFERENCE_INTRODUCTION = """
<!-- Made by docs/make_reference.py from the code; changes here are lost. -->
# Reference

- [The command line](#the-command-line)
- [Commands as NDJSON](#commands-as-ndjson)
- [Event types](#event-types)
- [Views](#views)
- [Errors and exit codes](#errors-and-exit-codes)
- [Claim sheets](#claim-sheets)
"""


def reference() -> str:
    """The text of docs/reference.md."""
    lines = [*REFERENCE_INTRODUCTION.strip().splitlines(), ""]
    for section in (
        command_lines, ndjson_lines, event_lines, view_lines, error_lines, sheet_lines,
    ):  # fmt: skip
        lines += section()
    return "\n".join(lines).rstrip() + "\n"


def schema() -> str:
    """The text of docs/claim-sheet.schema.json."""
    return json.dumps(sheet_schema(), indent=2, ensure_ascii=False) + "\n"


def log_format(text: str) -> str:
    """The text of docs/log-format.md with its generated parts made anew."""
    for name, part in (("shared parts", part_tables()), ("event types", event_tables())):
        begin, end = f"<!-- generated: {name} -->", f"<!-- end of generated: {name} -->"
        before, found, rest = text.partition(begin)
        _, ended, after = rest.partition(end)
        if not (found and ended):
            raise SystemExit(f"{LOG_FORMAT.name} lacks {begin} or {end}")
        text = f"{before}{begin}\n{part}{end}{after}"
    return text


def files() -> dict[Path, str]:
    """Every file that this makes, with its text."""
    made = {
        REFERENCE: reference(),
        SCHEMA: schema(),
        LOG_FORMAT: log_format(LOG_FORMAT.read_text("utf-8")),
    }
    if useless := unused():
        raise SystemExit(f"{MEANINGS_FILE.name}: no field has the meaning of {', '.join(useless)}")
    return made


def main() -> int:
    """Write the files, or check them."""
    wrong = {path: text for path, text in files().items() if not is_written(path, text)}
    only_check = "--check" in sys.argv[1:]
    for path, text in wrong.items():
        if only_check:
            sys.stderr.write(f"{path.name} is not what the code makes: run {Path(__file__).name}\n")
        else:
            path.write_text(text, "utf-8")
    return 1 if wrong and only_check else 0


def is_written(path: Path, text: str) -> bool:
    """Whether a file has a text already."""
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
