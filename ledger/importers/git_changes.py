"""What a commit changes, as commands: new rows are recorded, changed ones revised, gone ones void.

Rules kept here:
- a row is one statement with one report, for good; when it goes it is void, and when it comes back
  that void is void, and what is different by then is revised;
- every event says by its key which commit made it of which row, so that it is made once;
- a commit that changes something ends with a source of its own: who, when, why.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger.dates import parse_date
from ledger.errors import Refused
from ledger.importers.git_files import Key, Line
from ledger.importers.git_line import Commit, clean
from ledger.importers.git_rows import Wanted
from ledger.importers.names import digest, slug
from ledger.importers.rows import Raw
from ledger.quantities import parse_value

LONGEST_FILE = 55  # characters of the id of a file
LONGEST_KEY = 30

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]*")


@dataclass
class Number:
    """A number of a row as it was recorded: where, as which part, and by which event it is void."""

    fields: Raw
    position: int
    part: str | None
    void: int | None = None


@dataclass
class Held:
    """A row as it was recorded."""

    statement: Raw
    report: Raw
    position: int
    void: int | None = None
    numbers: dict[int, Number] = field(default_factory=dict)


@dataclass
class Recorded:
    """What a ledger holds of a file: its source, and its rows."""

    source: Raw | None = None
    rows: dict[Key, Held] = field(default_factory=dict)


class Change(NamedTuple):
    """A command, and what is to be remembered once it has a position."""

    command: Raw
    remember: Callable[[int], None]


class Changes:
    """What a commit changes of a file; `file_id` is that of its source, `keys` begin its keys."""

    def __init__(self, recorded: Recorded, file_id: str, commit: Commit, keys: str) -> None:
        self.recorded = recorded
        self.file_id = file_id
        self.commit = commit
        self.keys = f"{keys}:{commit.sha}"
        self.said = f"commit {commit.sha}, {commit.authored}"

    def of(
        self, path: str, shape: str | None, lines: Mapping[Key, Line],
        wanted: Mapping[Key, Wanted],
    ) -> Iterator[Change]:  # fmt: skip
        """What makes the rows that are recorded those of a version; without a shape it is gone.

        `lines` are all of its rows, `wanted` those that do not stand as they are.
        """
        yield from self.source(path, shape)
        yield from self.gone(lines)
        for key, fields in wanted.items():
            yield from self.row(key, fields)

    def source(self, path: str, shape: str | None) -> Iterator[Change]:
        """The source that stands for the file: its path, and its columns while it is there."""
        made: Raw = {"title": clean(path), "note": shape}
        standing = self.recorded.source
        if made == standing:
            return

        def remember(_position: int) -> None:
            self.recorded.source = made

        if standing is None:
            command = {"command": "cite_source", "source_id": self.file_id, **made}
            yield Change(self._signed(command, "source"), remember)
            return
        patch = {name: value for name, value in made.items() if value != standing[name]}
        yield Change(
            self._revised(
                {"command": "revise_source", "source_id": self.file_id, **patch}, "source"
            ),
            remember,
        )

    def gone(self, there: Mapping[Key, Line]) -> Iterator[Change]:
        """Void the rows that are there no more."""
        for key, held in self.recorded.rows.items():
            if held.void is None and key not in there:
                yield self._void(held, held.position, None, f"void:{key}")

    def row(self, key: Key, wanted: Wanted) -> Iterator[Change]:
        """Record a row, or make the one that is recorded say what it says now."""
        held = self.recorded.rows.get(key)
        own_id = row_id(self.file_id, key)
        if held is None:
            yield self._record(key, own_id, wanted)
            return
        if held.void is not None:
            yield self._reinstate(held, f"back:{key}")
        yield from self._report(held, own_id, wanted)
        yield from self._statement(held, own_id, wanted)
        yield from self._numbers(held, own_id, wanted)

    def end(self) -> Raw:
        """The source that stands for the commit; the last event of a commit."""
        commit = self.commit
        lines = [
            f"commit {commit.sha}",
            f"authored {commit.authored} by {commit.author}",
            f"committed {commit.committed} by {commit.committer}",
            "", commit.message,
        ]  # fmt: skip
        made: Raw = {
            "command": "cite_source",
            "source_id": commit_id(self.file_id, commit.sha),
            "title": commit.message.splitlines()[0],
            "author": commit.author,
            "note": "\n".join(lines),
            "version_of": self.file_id,
        }
        if is_time(commit.committed):
            made["published"] = commit.committed
        return self._signed(made, "commit")

    # ── parts of a row ───────────────────────────────────────────────────────────────────────

    def _record(self, key: Key, own_id: str, wanted: Wanted) -> Change:
        statement = {name: value for name, value in wanted.statement.items() if value}
        report = {name: value for name, value in wanted.report.items() if value}
        command: Raw = {
            "command": "record_statement",
            "statement_id": own_id,
            **statement,
            "reports": [{"report_id": f"{own_id}.r", **report, "note": self.said}],
        }
        if wanted.numbers:
            command["estimates"] = [
                {"estimate_id": number_id(own_id, at), **filled(fields)}
                for at, fields in wanted.numbers.items()
            ]

        def remember(position: int) -> None:
            held = Held(wanted.statement, wanted.report, position)
            for at, fields in wanted.numbers.items():
                held.numbers[at] = Number(fields, position, f"estimate/{number_id(own_id, at)}")
            self.recorded.rows[key] = held

        return Change(self._signed(command, f"row:{key}"), remember)

    def _report(self, held: Held, own_id: str, wanted: Wanted) -> Iterator[Change]:
        patch = differing(held.report, wanted.report)
        if not patch:
            return
        if "quote" in patch:
            patch["fragments"] = wanted.report["fragments"]  # they are found anew

        def remember(_position: int) -> None:
            held.report = wanted.report

        command = {"command": "revise_report", "report_id": f"{own_id}.r", **patch}
        yield Change(self._revised(command | {"note": self.said}, f"report:{own_id}"), remember)

    def _statement(self, held: Held, own_id: str, wanted: Wanted) -> Iterator[Change]:
        patch = differing(held.statement, wanted.statement)
        if not patch:
            return

        def remember(_position: int) -> None:
            held.statement = wanted.statement

        command = {"command": "revise_statement", "statement_id": own_id, **patch}
        yield Change(self._revised(command, f"statement:{own_id}"), remember)

    # ── numbers ──────────────────────────────────────────────────────────────────────────────

    def _numbers(self, held: Held, own_id: str, wanted: Wanted) -> Iterator[Change]:
        for at, number in held.numbers.items():
            if at not in wanted.numbers and number.void is None:
                yield self._void(number, number.position, number.part, f"void:{own_id}:{at}")
        for at, fields in wanted.numbers.items():
            standing = held.numbers.get(at)
            if standing is None:
                yield self._add(held, own_id, at, fields)
                continue
            if standing.void is not None:
                yield self._reinstate(standing, f"back:{own_id}:{at}")
            quotes = (held.report["quote"], wanted.report["quote"])
            yield from self._number(standing, number_id(own_id, at), fields, quotes)

    def _add(self, held: Held, own_id: str, at: int, fields: Raw) -> Change:
        name = number_id(own_id, at)

        def remember(position: int) -> None:
            held.numbers[at] = Number(fields, position, None)

        command = {
            "command": "add_estimate",
            "statement_id": own_id,
            "report_id": f"{own_id}.r",
            "estimate_id": name,
            **filled(fields),
        }
        return Change(self._signed(command, f"number:{name}"), remember)

    def _number(
        self, number: Number, name: str, fields: Raw, quotes: tuple[str, str]
    ) -> Iterator[Change]:
        patch = differing(number.fields, fields)
        words = fields["value_text"]
        if words and quotes[0].find(words) != quotes[1].find(words):
            patch["value_text"] = words  # they stand in another place of the row
        if not patch:
            return

        def remember(_position: int) -> None:
            number.fields = fields

        command = {"command": "revise_estimate", "estimate_id": name, **patch}
        yield Change(self._revised(command, f"number:{name}"), remember)

    # ── commands ─────────────────────────────────────────────────────────────────────────────

    def _void(self, what: Held | Number, position: int, part: str | None, kind: str) -> Change:
        def remember(void: int) -> None:
            what.void = void

        command: Raw = {"command": "void_record", "position": position, "note": self.said}
        if part:
            command["part"] = part
        return Change(self._revised(command, kind), remember)

    def _reinstate(self, what: Held | Number, kind: str) -> Change:
        def remember(_position: int) -> None:
            what.void = None

        assert what.void is not None
        command: Raw = {"command": "void_record", "position": what.void, "note": self.said}
        return Change(self._revised(command, kind), remember)

    def _revised(self, command: Raw, kind: str) -> Raw:
        return self._signed(command | {"reason": self.commit.message}, kind)

    def _signed(self, command: Raw, kind: str) -> Raw:
        return command | {"actor": self.commit.author, "command_id": f"{self.keys}:{kind}"}


def differing(old: Raw, new: Raw) -> Raw:
    """The fields in which the ledger would hold something else."""
    return {name: value for name, value in new.items() if not is_same(name, old[name], value)}


def is_same(name: str, old: Any, new: Any) -> bool:  # noqa: ANN401  a field may hold anything
    """Whether two values of a field are one: 1,000 is 1000."""
    return old == new or (name == "value" and parse_value(old) == parse_value(new))


def filled(fields: Raw) -> Raw:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value is not None}


# ── ids ──────────────────────────────────────────────────────────────────────────────────────


def file_id_of(name: str, path: str) -> str:
    """The id of the source that stands for a file, by the name of its repository."""
    return exact_id(f"git-{exact_id(name, 20)}-{path}", LONGEST_FILE)


def row_id(file_id: str, key: Key) -> str:
    """The id of the statement of a row; no two keys have the same."""
    plain = key[0] if len(key) == 1 else ""
    if len(plain) <= LONGEST_KEY and _PLAIN.fullmatch(plain):
        return f"{file_id}.{plain}"
    return f"{file_id}_{slug(key[0], LONGEST_KEY - 17)}-{digest(chr(31).join(key), 16)}"


def commit_id(file_id: str, sha: str) -> str:
    """The id of the source that stands for a commit."""
    return f"{file_id}.{sha[:40]}"


def number_id(own_id: str, at: int) -> str:
    """The id of a number of a row, by its place in the mapping."""
    return f"{own_id}.e{at + 1}"


def exact_id(text: str, most: int) -> str:
    """A text as an id: as it is where it can be one, else with what is lost as a hash."""
    if len(text) <= most and _PLAIN.fullmatch(text):
        return text
    return f"{slug(text, most - 9)}-{digest(text, 8)}".lstrip("-")


def is_time(text: str) -> bool:
    """Whether a date of a commit is one that the ledger reads."""
    try:
        parse_date(text)
    except Refused:
        return False
    return True
