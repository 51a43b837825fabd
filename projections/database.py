"""Opens the views of a ledger: the view file as it lies, and the lines that came since.

The file is only ever read, so that readers and writers never meet; what came since lies in tables
in memory, and every view takes both.
"""

from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

import duckdb

from projections import catalog
from projections.build import (
    FILE_NAME,
    Built,
    build_file,
    lines_in_file,
    merge,
    read_stamp,
    rebuild,
    view_file,
)
from projections.fill import create_tables, insert_rows, load_lines
from projections.layers import quoted

if TYPE_CHECKING:
    from projections.log_view import LogView

MERGE_AT = 10_000  # events since the file was built, beyond which they are merged into it


class Database:
    """A connection on which every view answers for the log's first `size` events."""

    def __init__(self, log: "LogView", built: Built) -> None:
        self.log = log
        self.built = built
        self.size = built.size
        self.connection = duckdb.connect()
        self.connection.execute(f"attach {quoted(str(built.path))} as views (read_only)")
        self.connection.execute("use views")

    @classmethod
    def open(cls, log: "LogView") -> Self:
        """Open the views over all of a log; builds or merges the view file where that is due.

        Raises NewerEvents when the log holds events of types that this code does not know.
        """
        built = usable_file(log)
        database = cls(log, built) if built else cls.replay(log, log.signed_size)
        database.catch_up()
        return database

    @classmethod
    def replay(cls, log: "LogView", size: int) -> Self:
        """Build the views anew, from the log's first `size` events alone, and leave no file."""
        with TemporaryDirectory(prefix="claims-views-") as made:
            path = Path(made) / FILE_NAME
            build_file(path, log, size)
            return cls(log, read_stamp(path))

    def catch_up(self) -> None:
        """Take in what the log has gained since."""
        size = self.log.size
        if size > self.size:
            with lines_in_file(self.log.tail(self.size)) as lines:
                load_lines(self.connection, [lines], range(self.size, size))
            self.take_incoming()
            self.size = size
            self.connection.execute("set variable ledger_size = ?", [size])
            names = [str(segment.path.resolve()) for segment in self.log.segments()]
            self.connection.execute("set variable log_files = ?", [names])

    def take_incoming(self) -> None:
        """Put the lines that were parsed into the tables of the tail, made when first needed."""
        if self.size > self.built.size:
            insert_rows(self.connection, "memory.main")
        else:
            create_tables(self.connection, "memory.main")
            self.connection.execute("set variable tail = 'memory.main'")
        if self.connection.execute("from memory.main.voids limit 1").fetchone():
            self.connection.execute(
                "create or replace table memory.main.hidden as from forms.hidden_ever"
            )
            self.connection.execute("set variable hidden_table = 'memory.main.hidden'")

    def set_as_of(self, moment: int | date | datetime | None) -> None:
        """Let every view answer as of a size or a time (UTC); None means now."""
        if moment is None:
            self.connection.execute("reset variable as_of")
        else:
            self.connection.execute("set variable as_of = ?", [moment])

    def size_as_of(self) -> int:
        """The size that `as_of` stands for; raises duckdb.Error where it is beyond the head."""
        row = self.connection.execute("select count(*) from seen.events").fetchone()
        return int(row[0]) if row else 0

    def lock_down(self, output: Path | None = None) -> None:
        """Keep queries of other people away from files, network and settings, for good.

        They reach the log's own lines, and the folder `output` where one is given.
        """
        log_folder = quoted(str((self.log.folder / "log").resolve()))
        folders = [log_folder] + ([quoted(str(output.resolve()))] if output else [])
        self.connection.execute(f"set allowed_directories = [{', '.join(folders)}]")
        self.connection.execute("set enable_external_access = false")
        self.connection.execute("set lock_configuration = true")

    def close(self) -> None:
        """Let go of the view file."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def usable_file(log: "LogView") -> Built | None:
    """The view file, built or merged where that is due.

    None where it can be neither read nor written, as on a medium that is read-only.
    """
    with suppress(OSError, duckdb.IOException):
        built = read_built(log)
        if built is None:
            return rebuild(log)
        if log.signed_size - built.size >= MERGE_AT:
            return merge(log, built)
        return built
    return None


def read_built(log: "LogView") -> Built | None:
    """What the view file was built from; None where it is of no use for this log and code."""
    path = view_file(log.folder)
    if not path.exists():
        return None
    try:
        built = read_stamp(path)
    except duckdb.Error:
        return None
    usable = (
        built.code == catalog.code_digest()
        and built.size <= log.signed_size
        and built.root == log.root_at(built.size).hex()
    )
    return built if usable else None
