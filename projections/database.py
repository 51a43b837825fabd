"""Opens the views of a ledger: the view file as it lies, and the lines that came since.

The file is only ever read, so that readers and writers never meet; what came since lies in tables
in memory, and every view takes both.
"""

from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Self

from events.codec import NotAnEvent, types_in
from projections import catalog
from projections.at_once import quiet_cursor
from projections.build import (
    Built,
    build_file,
    check_is,
    erased_any,
    lines_in_file,
    merge,
    quick_stamp,
    read_stamp,
    rebuild,
)
from projections.digest import digests
from projections.engine import engine
from projections.errors import ErasurePending, Superseded
from projections.fill import load_lines
from projections.kept import keep_tail
from projections.layers import quoted
from projections.log_files import either_form
from projections.stamp import FILE_NAME, view_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from duckdb import DuckDBPyConnection

    from projections.log_view import LogView

_TRIES = 5  # to open a view file that others swap meanwhile
_spill_folders: list[Path] = []  # of this process
# Events since the file was built, from which on they are merged into it. To copy a file of many
# takes a minute, so that more are gathered for it.
MERGE_AT = 10_000
MERGE_SHARE = 400  # at least one in so many of those in the file


class Database:
    """A connection on which every view answers for the log's first `size` events."""

    def __init__(self, log: "LogView", built: Built) -> None:
        self.log = log
        self.attach(built)

    def attach(self, built: Built) -> None:
        """Begin a connection on a view file; Superseded where another one lies there by now."""
        self.built = built
        self.size = built.size
        self.tail_tables: set[str] = set()
        self.filled_in_file: frozenset[str] | None = None
        self.named_files: list[str] = []
        self.connection = engine.connect(config={"temp_directory": spill_folder()})
        self.connection.execute("set enable_progress_bar = false")  # it would go to stdout
        self.connection.execute(f"attach {quoted(str(built.path))} as views (read_only)")
        self.connection.execute("use views")
        try:
            check_is(self.connection, built)
        except BaseException:
            self.connection.close()
            raise
        self.name_log_files()

    @classmethod
    def open(cls, log: "LogView") -> Self:
        """Open the views over all of a log; builds or merges the view file where that is due.

        Raises NewerEvents when the log holds events of types that this code does not know.
        """
        database = cls.open_file(log)
        database.catch_up()
        return database

    @classmethod
    def open_file(cls, log: "LogView") -> Self:
        """Open the views as the view file has them, built or merged like `open`; no tail yet."""
        read = quick_stamp
        for _ in range(_TRIES):
            try:
                return cls.of(log, usable_file(log, read))
            except Superseded:
                continue
            except engine.Error:  # what is kept of it does not tell that a byte of it flipped
                if read is read_stamp:
                    raise
                read = read_stamp
        return cls.replay(log, log.signed_size)

    @classmethod
    def of(cls, log: "LogView", built: Built | None) -> Self:
        """Open a view file, or views without one, as far as the log is signed."""
        return cls(log, built) if built else cls.replay(log, log.signed_size)

    @classmethod
    def replay(cls, log: "LogView", size: int) -> Self:
        """Build the views anew, from the log's first `size` events alone, and leave no file."""
        with built_apart(log, size) as built:
            return cls(log, built)

    def catch_up(self) -> None:
        """Take in what the log has gained since; where content was erased, begin anew."""
        self.take_tail()
        if self.shows_erased():
            self.begin_anew()

    def merge_is_due(self, size: int) -> bool:
        """Whether the view file should take in a tail that reaches to a size."""
        return lacks_much(self.built, size)

    def shows_erased(self) -> bool:
        """Whether an event is shown that a redaction in the tail names; no file shows its own."""
        if "redactions" not in self.tail_tables:
            return False
        return self.connection.execute("from forms.unerased limit 1").fetchone() is not None

    def begin_anew(self) -> None:
        """Build the views once more, since those at hand show what was erased meanwhile.

        Where the lines are not erased yet, a file of this connection alone goes without them.
        """
        self.connection.close()
        with suppress(OSError, engine.IOException, ErasurePending, Superseded):
            self.attach(rebuild(self.log))
            self.take_tail()
            if not self.shows_erased():
                return
            self.connection.close()
        with built_apart(self.log, self.log.size) as built:
            self.attach(built)

    def take_tail(self) -> None:
        """Put what the log has gained since into tables in memory."""
        size = self.log.size
        if size > self.size:
            self.take_lines(self.log.tail(self.size), size)
            self.size = size
            self.connection.execute("set variable ledger_size = ?", [size])
            self.name_log_files()

    def take_lines(self, lines: bytes, size: int) -> None:
        """Put lines that follow what is at hand, up to a size, into tables in memory."""
        try:
            columns = catalog.columns_of(types_in(lines))
        except NotAnEvent:
            columns = None  # DuckDB says what is wrong with it
        with lines_in_file(lines) as file:
            types = load_lines(self.connection, [file], range(self.size, size), columns)
        self.take_incoming(types)

    def name_log_files(self) -> None:
        """Say where the lines are: the view file only knows where they lay when it was built."""
        names = [segment.path.name for segment in self.log.segments()]
        if names != self.named_files:
            folder = (self.log.folder / "log").resolve()
            files = [either_form(folder / name) for name in names]
            self.connection.execute("set variable log_files = ?", [files])
            self.named_files = names

    def take_incoming(self, types: frozenset[str]) -> None:
        """Put events of some types that were parsed into the tail's tables, made when needed."""
        touched = catalog.tables_of(types)
        self.connection.execute("begin")
        for table in touched:
            how = "insert into {}" if table.name in self.tail_tables else "create table {} as"
            name = f"memory.main.{table.name}"
            self.connection.execute(f"{how.format(name)} {table.select}")
        self.connection.execute("commit")
        names = {table.name for table in touched}
        for name in names - self.tail_tables:
            self.connection.execute(f"set variable tail_{name} = 'memory.main.{name}'")
        self.tail_tables |= names
        if "voids" in names:
            self.connection.execute(
                "create or replace table memory.main.hidden as from forms.hidden_ever"
            )
            self.connection.execute("set variable hidden_table = 'memory.main.hidden'")
        keep_tail(self.connection, types)
        if erased_any(self.connection, "memory.main"):
            self.connection.execute(
                "create or replace table memory.main.erased as from forms.erased_ever"
            )
            self.connection.execute("set variable erased_table = 'memory.main.erased'")

    @property
    def filled(self) -> set[str]:
        """The tables of events that have rows, in the view file or beside it."""
        if self.filled_in_file is None:
            row = self.connection.execute("select filled_tables()").fetchone()
            self.filled_in_file = frozenset(row[0] if row else ())
        return {*self.filled_in_file, *self.tail_tables}

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

    def digests(self, names: "Iterable[str] | None" = None) -> dict[str, str]:
        """The canonical digest of every view, or of those named, at the moment looked at."""
        return digests(self.connection, names)

    def bound_memory(self, limit: str) -> None:
        """Let DuckDB hold so much at once, such as `2GB`, not most of the machine's memory."""
        self.connection.execute(f"set memory_limit = {quoted(limit)}")

    def beside(self) -> "DuckDBPyConnection":
        """Another connection to the view file, for another thread; it has no tail."""
        cursor = quiet_cursor(self.connection)
        cursor.execute("use views")
        return cursor

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


def spill_folder() -> str:
    """Where a connection puts what memory cannot hold: else DuckDB writes into the folder at hand.

    It makes the folder when it needs one, and drops it when it is closed.
    """
    _spill_folders.append(Path(gettempdir()) / f"claims-spill-{token_hex(8)}")
    return str(_spill_folders[-1])


def has_spilled() -> bool:
    """Whether a connection of this process put something beside memory that lies there still."""
    return any(folder.exists() for folder in _spill_folders)


def drop_spilled() -> None:
    """Delete that, for a process that ends without closing its connections."""
    for folder in _spill_folders:
        rmtree(folder, ignore_errors=True)


@contextmanager
def built_apart(log: "LogView", size: int) -> "Iterator[Built]":
    """A view file of the log's first `size` events that is gone once nobody has it open."""
    with TemporaryDirectory(prefix="claims-views-") as made:
        path = Path(made) / FILE_NAME
        build_file(path, log, size)
        yield read_stamp(path)


def lacks_much(built: Built, size: int) -> bool:
    """Whether so many of a log's first `size` events are not in a view file that it takes them."""
    return size - built.size >= max(MERGE_AT, built.size // MERGE_SHARE)


def usable_file(log: "LogView", read: "Callable[[Path], Built]") -> Built | None:
    """The view file, built or merged where that is due; `read` tells what it was built from.

    None where it can be neither read nor written, as on a medium that is read-only, or where a
    redaction is on its way.
    """
    with suppress(OSError, engine.IOException, ErasurePending):
        built = read_built(log, read)
        if built is not None and not lacks_much(built, log.signed_size):
            return built
        built = read_built(log, read_stamp)
        with suppress(ErasurePending):  # then the old file holds what is to be erased
            # A file that lacks more than it holds is not worth copying.
            if built is not None and log.signed_size - built.size <= built.size:
                return merge(log, built)
        return rebuild(log)
    return None


def read_built(log: "LogView", read: "Callable[[Path], Built]") -> Built | None:
    """What the view file was built from; None where it is of no use for this log and code."""
    path = view_file(log.folder)
    if not path.exists():
        return None
    try:
        built = read(path)
    except engine.Error:
        return None
    usable = (
        built.code == catalog.code_digest()
        and built.size <= log.signed_size
        and built.root == log.root_at(built.size).hex()
    )
    return built if usable else None
