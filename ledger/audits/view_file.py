"""Holding the view file that lies in a ledger against one that was built just now from the log.

Rules kept here:
- nothing that the file says is run before its definitions are known to be ours, and what is asked
  of it reaches no other file but the lines of the log;
- tables, definitions and views are each compared: a doctored row, a doctored view and a byte that
  DuckDB never reads are all found;
- the file is only read, whatever is wrong with it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.findings import Finding, Findings
from ledger.views import telling_newer
from projections import catalog
from projections.build import Built, erased_any, read_stamp
from projections.database import Database
from projections.digest import Digest, digest_rows, digest_views, row_hashes
from projections.fingerprint import fingerprint_file, read_fingerprint, sha256_of
from projections.kept import RECORDED, TOUCHED, WHOLE, is_large, whole
from projections.kept import TABLES as KEPT
from projections.layers import empty_tables, filled_tables
from projections.log_files import SEALED, either_form

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ledger.log import Log

Objects = dict[tuple[str, str], str | None]

_TRIES = 3  # how often to look again at a file that was swapped while it was looked at
_EXTENT = {
    ("macro", "main.ledger_size"),
    ("macro", "main.keeps_whole"),
    ("macro", "main.filled_tables"),
    ("macro", "main.log_files"),
}  # where and how much it is of
_FILLED = re.compile(r"list_value\((?:'[a-z_]+'(?:, '[a-z_]+')*)?\)")
_FILES = re.compile(r"COALESCE\(getvariable\('log_files'\), list_value\((.*)\)\)")
_FILE = re.compile(r"'((?:[^']|'')*)'(?:, )?")


@dataclass
class StoredViews:
    """The view file of a ledger, being checked."""

    log: "Log"
    path: Path
    findings: Findings

    def wrong(self, what: str, expected: object = "", found: object = "", **more: int) -> None:
        """Collect a finding about the file."""
        self.findings.add(
            Finding(
                what=what, file=str(self.path), expected=str(expected), found=str(found), **more
            )
        )  # fmt: skip

    def note(self, what: str) -> None:
        """Collect what an honest program leaves behind, and no one need be strict about."""
        self.findings.notes.append(what)

    # ── the file ─────────────────────────────────────────────────────────────────────────────

    def check_bytes(self) -> None:
        """Compare the file's bytes with the hash that was kept when it was built."""
        if self.path.with_name(f"{self.path.name}.wal").exists():
            self.wrong("another program left changes of the view file beside it")
        for _ in range(_TRIES):
            before = (self.path.stat().st_ino, read_fingerprint(self.path))
            found = sha256_of(self.path)
            kept = read_fingerprint(self.path)
            if before == (self.path.stat().st_ino, kept):
                self._compare_bytes(kept, found)
                return

    def _compare_bytes(self, kept: str | None, found: str) -> None:
        if kept is None:
            self.note("No SHA-256 is kept of the view file; `claims rebuild` keeps one.")
        elif not kept:
            self.findings.add(
                Finding(
                    what="the SHA-256 of the view file is not well written",
                    file=str(fingerprint_file(self.path)),
                )
            )
        elif kept != found:
            self.wrong("the SHA-256 of the view file", f"{kept}, as when it was built", found)

    def open(self) -> Database | None:
        """Open the file, without a tail; None where it is of no use."""
        for _ in range(_TRIES):
            inode = self.path.stat().st_ino
            built = read_stamp(self.path)
            if built.code != catalog.code_digest():
                self.note("The view file was made by other code; it is built anew when needed.")
                return None
            database = Database(self.log, built)
            if self.path.stat().st_ino == inode:
                return database
            database.close()
        return None

    # ── what it is made of ───────────────────────────────────────────────────────────────────

    def check_definitions(self, stored: Database, fresh: Database) -> bool:
        """Compare every table, view and macro; whether all are as they should be."""
        count = len(self.findings.wrong)
        found, wanted = objects_of(stored), objects_of(fresh)
        for kind, name in sorted((found.keys() | wanted.keys()) - _EXTENT):
            key = (kind, name)
            if key not in wanted:
                self.wrong(f"the {kind} {name}", "no such object", "one")
            elif key not in found:
                self.wrong(f"the {kind} {name}", "its definition", "none")
            elif found[key] != wanted[key]:
                self.wrong(f"the definition of the {kind} {name}", wanted[key], found[key])
        self._check_extent(found, stored.built)
        return len(self.findings.wrong) == count

    def _check_extent(self, found: Objects, built: Built) -> None:
        """Check what the file says of its size, its tables and the files that hold its lines."""
        size = (
            "COALESCE(CAST(getvariable('ledger_size') AS BIGINT),"
            f" CAST({built.size} AS BIGINT))"
        )  # fmt: skip
        keeps_whole = str(is_large(built.size)).lower()
        for name, wanted in (("ledger_size", size), ("keeps_whole", keeps_whole)):
            said = found.get(("macro", f"main.{name}"))
            if said != wanted:
                self.wrong(f"the definition of the macro main.{name}", wanted, said or "none")
        said = found.get(("macro", "main.filled_tables")) or ""
        if not _FILLED.fullmatch(said):  # which of them they are is compared with the tables
            self.wrong("the definition of the macro main.filled_tables", "names of tables", said)
        said = found.get(("macro", "main.log_files")) or ""
        listed = _FILES.fullmatch(said)
        files = (
            [Path(text.replace("''", "'")) for text in _FILE.findall(listed[1])] if listed else []
        )
        segments = [segment.path.resolve() for segment in self.log.segments()]
        names = [Path(either_form(path)).name.removesuffix(SEALED) for path in segments]
        if not files or [file.name.removesuffix(SEALED) for file in files] != names[: len(files)]:
            self.wrong("the files of the log that the view file names", ", ".join(names), said)
        elif {file.parent for file in files} != {self.log.segments()[0].path.resolve().parent}:
            self.note(
                f"The view file names the log's files in {files[0].parent}, where they lay when it"
                " was built: other DuckDB programs read `events.data` there. `claims rebuild`"
                " mends it."
            )

    # ── what it holds ────────────────────────────────────────────────────────────────────────

    def check_tables(self, stored: Database, fresh: Database, step: Callable[[], None]) -> bool:
        """Compare every row of every table; whether all are as they should be."""
        count = len(self.findings.wrong)
        self._check_stamp(stored)
        for name in sorted(table.name for table in catalog.tables()):
            self._check_table(stored, fresh, name)
            step()
        for name in empty_tables():
            self._check_empty(stored, name)
        if len(self.findings.wrong) == count:  # these are made of the tables, which are ours
            for name in ("hidden", *KEPT, *RECORDED, *TOUCHED):
                self._check_kept(stored, name, needed=True)
            for name in WHOLE:
                self._check_whole(stored, name)
            self._check_order(stored)
            self._check_kept(
                stored, "erased", needed=erased_any(stored.connection, "facts")
            )  # fmt: skip
            self._check_filled(stored)
        return len(self.findings.wrong) == count

    def _check_stamp(self, stored: Database) -> None:
        built = stored.built
        rows = stored.connection.execute("from facts.built").fetchall()
        if rows != [(built.size, built.root, built.code)]:
            self.wrong("the table facts.built", "one row", f"{len(rows)} rows")

    def _check_table(self, stored: Database, fresh: Database, name: str) -> None:
        select = f"select * from facts.{name}"  # noqa: S608  names of ours
        below = f"{select} where position < {stored.built.size}"
        wanted = digest_rows(fresh.connection, name, below)
        found = digest_rows(stored.connection, name, select)
        if found != wanted:
            position = first_difference(
                by_position(stored.connection, select), by_position(fresh.connection, below)
            )
            at = {} if position is None else {"position": position}
            self.wrong(f"the rows of the table facts.{name}", wanted, found, **at)

    def _check_empty(self, stored: Database, name: str) -> None:
        if stored.connection.execute(f"from nothing.{name} limit 1").fetchone():
            self.wrong(f"the table nothing.{name}", "no rows", "some")

    def _check_kept(self, stored: Database, name: str, *, needed: bool) -> None:
        """Compare a table that keeps what a view gives; where it is not needed it is empty."""
        table = f"select * from facts.{name}"  # noqa: S608  names of ours
        given = f"select * from forms.{name}_ever" if needed else f"{table} limit 0"  # noqa: S608  the same
        wanted = digest_rows(stored.connection, name, given)
        found = digest_rows(stored.connection, name, table)
        if found != wanted:
            self.wrong(f"the rows of the table facts.{name}", wanted, found)

    def _check_whole(self, stored: Database, name: str) -> None:
        """Compare an answer that is kept with the one worked out where a moment is named."""
        size = stored.built.size
        stored.set_as_of(size)
        wanted = digest_rows(stored.connection, name, whole(name, size))
        stored.set_as_of(None)
        found = digest_rows(stored.connection, name, f"from facts.{name}")
        if found != wanted:
            self.wrong(f"the rows of the table facts.{name}", wanted, found)

    def _check_order(self, stored: Database) -> None:
        """Look for rows of the estimates that are kept in order which stand before earlier ones."""
        for position, estimate_id in stored.connection.execute(
            catalog.query("disordered")
        ).fetchall():
            self.wrong(
                "the order of the rows of the table facts.dated",
                found=f"the estimate {estimate_id} stands before one of an earlier time",
                position=position,
            )

    def _check_filled(self, stored: Database) -> None:
        """Compare what the file says of which tables have rows; views leave out the others."""
        wanted = filled_tables(stored.connection)
        row = stored.connection.execute("select filled_tables()").fetchone()
        if row is None or row[0] != wanted:
            self.wrong("the definition of the macro main.filled_tables", wanted, row and row[0])

    def digests(self, stored: Database) -> dict[str, Digest]:
        """The digest of every view over the file, with the tail of the log."""
        with telling_newer():
            stored.take_tail()
        stored.lock_down()
        stored.set_as_of(self.log.signed_size)
        return dict(digest_views(stored.connection))

    def check_digests(self, found: dict[str, Digest], wanted: dict[str, Digest]) -> None:
        """Compare every view over the file with that of a replay."""
        for name, digest in found.items():
            if digest != wanted[name]:
                what = f"the view {name} at size {self.log.signed_size}"
                self.wrong(what, wanted[name], digest)


def objects_of(database: Database) -> Objects:
    """The definition of every object of a view file, by its kind and name."""
    rows = database.connection.execute(catalog.query("objects")).fetchall()
    return {(kind, name): definition for kind, name, definition in rows}


def by_position(connection: "DuckDBPyConnection", select: str) -> Iterator[tuple[int, bytes]]:
    """The position and the hash of each row, in order."""
    reader = connection.execute(f"{row_hashes(select, 'position')} order by position, row_hash")
    while rows := reader.fetchmany(10_000):
        yield from rows


def first_difference(
    left: Iterator[tuple[int, bytes]], right: Iterator[tuple[int, bytes]]
) -> int | None:
    """The lowest position at which rows differ."""
    for one, other in zip_longest(left, right):
        if one != other:
            return min(row[0] for row in (one, other) if row)
    return None
