"""Answers one query, in a process that was forked for it and ends with it.

Rules kept here:
- the process gives up its rights before it reads the query (`confine`);
- what it has to say lies in its room as a file; it holds no pipe, no key, no other connection;
- a result for a page may be cut short, and says so; a file is whole or not at all.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from ledger.errors import ClaimsError, Refused
from ledger.reading import reading_statements, sentence_of
from ledger.web.sql.confine import bound, lock_views, wall_in
from ledger.web.sql.faults import Failure, too_large, too_much
from ledger.web.sql.limits import Limits
from ledger.web.sql.messages import Answered, Asked
from ledger.web.sql.values import LINES, cell_of
from projections.engine import engine

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from projections.database import Database

ANSWER = "answer"  # the file of an answer, in the room
OUT = "out"  # the folder there that DuckDB may write to
BODY = "body"  # the file of a download, in that folder

_SPACE = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
_VARIABLE = re.compile(rf"{_SPACE}(?:re)?set{_SPACE}\s*variable\b", re.IGNORECASE | re.DOTALL)
_SETTING = re.compile(rf"{_SPACE}(?:(?:re)?set|use)\b", re.IGNORECASE | re.DOTALL)
_MOST_TOLD = 2_000  # characters of what DuckDB says
_TOGETHER = 1_000  # rows that are fetched at once
_OTHER_STATEMENT = "One query at a time: select, from … or explain; set variable may stand before."


class Given(NamedTuple):
    """What a guest is given."""

    views: "Database"
    room: Path
    limits: Limits


def serve(given: Given, asked: Asked) -> None:
    """Answer a query into the room; whatever else happens ends this process."""
    try:
        answered = confined(given, asked)
    except ClaimsError as error:
        answered = Answered(failure=Failure.of(error))
    except (engine.OutOfMemoryException, MemoryError):
        answered = Answered(failure=Failure.of(too_much(given.limits.memory)))
    except engine.Error as error:
        answered = Answered(failure=Failure("Refused", told(error), field="SQL"))
    except Exception as error:  # noqa: BLE001  nobody else would hear of it: the process ends here
        what = f"The query met a bug of ours: {type(error).__name__}: {error}"
        answered = Answered(failure=Failure("ClaimsError", what, "Please report it."))
    (given.room / ANSWER).write_bytes(msgspec.msgpack.encode(answered))


def told(error: Exception) -> str:
    """What DuckDB says of a query, with the place in it where DuckDB names one."""
    sentence, whole = sentence_of(error), str(error).strip()
    return whole[:_MOST_TOLD] if whole.startswith(sentence) else sentence


def confined(given: Given, asked: Asked) -> Answered:
    """Give up what is not needed, then answer; raises Refused, duckdb.Error, MemoryError."""
    views, limits = given.views, given.limits
    views.set_as_of(asked.at())
    lock_views(views, given.room / OUT, limits)
    bound(limits.seconds if asked.form == "rows" else limits.file_seconds, limits)
    wall_in([views.log.folder / "log"], given.room)
    size = views.size_as_of()
    views.connection.execute("begin transaction read only")
    *settings, query = one_query(views.connection, asked.sql)
    for setting in settings:
        views.connection.execute(setting)
    try:
        return formed(given, asked, query, size)
    except (engine.IOException, engine.InvalidInputException):
        # A segment may have been sealed since DuckDB listed the files: then it is asked once more.
        views.connection.execute("rollback")
        views.connection.execute("begin transaction read only")
        return formed(given, asked, query, size)


def one_query(connection: "DuckDBPyConnection", sql: str) -> list[str]:
    """The variables that are set, then the one query; raises Refused for anything else."""
    statements = list(reading_statements(connection, sql))
    if not statements or _SETTING.match(statements[-1]):
        raise Refused("There is nothing to ask.", field="SQL", way_out="Ask: from statements")
    for statement in statements[:-1]:
        if not _VARIABLE.match(statement):
            raise Refused(
                "The text holds more than one query." if not _SETTING.match(statement)
                else "The query would change a setting; it may only read.",
                field="SQL",
                way_out=_OTHER_STATEMENT,
            )  # fmt: skip
    return statements


def formed(given: Given, asked: Asked, query: str, size: int) -> Answered:
    """The answer in the form that was asked for."""
    connection = given.views.connection
    if asked.form == "parquet":
        write_parquet(connection, query, given)
        return Answered(size=size)
    connection.execute(query)
    columns = [str(each[0]) for each in connection.description or ()]
    types = [str(each[1]) for each in connection.description or ()]
    if asked.form == "rows":
        rows, truncated = page_rows(fetched(connection), given.limits)
        return Answered(columns, types, rows, truncated, size)
    write_lines(LINES[asked.form](columns, types, counted(connection, given.limits)), given)
    return Answered(columns, types, size=size)


def fetched(connection: "DuckDBPyConnection") -> Iterator[tuple[Any, ...]]:
    """The rows of the query at hand, as they come."""
    while rows := connection.fetchmany(_TOGETHER):
        yield from rows


def page_rows(rows: Iterator[Sequence[object]], limits: Limits) -> tuple[list[msgspec.Raw], bool]:
    """As many rows as a page may have, each encoded, and whether there are more."""
    made: list[msgspec.Raw] = []
    room = limits.size
    for row in rows:
        encoded = msgspec.msgpack.encode([cell_of(value) for value in row])
        room -= len(encoded)
        if room < 0 or len(made) == limits.rows:
            return made, True
        made.append(msgspec.Raw(encoded))
    return made, False


# ── downloads ────────────────────────────────────────────────────────────────────────────────


def counted(connection: "DuckDBPyConnection", limits: Limits) -> Iterator[tuple[Any, ...]]:
    """The rows of the query at hand; raises TakesTooMuch where there are more than a file has."""
    for count, row in enumerate(fetched(connection)):
        if count == limits.file_rows:
            raise too_large(limits.file_rows, limits.file_size)
        yield row


def write_lines(lines: Iterator[bytes], given: Given) -> None:
    """Write the lines of a file; raises TakesTooMuch where they are too long."""
    limits, room = given.limits, given.limits.file_size
    with (given.room / OUT / BODY).open("wb") as file:
        for line in lines:
            room -= len(line)
            if room < 0:
                raise too_large(limits.file_rows, limits.file_size)
            file.write(line)


def write_parquet(connection: "DuckDBPyConnection", query: str, given: Given) -> None:
    """Write the rows of a query as Parquet; raises like above."""
    limits, file = given.limits, given.room / OUT / BODY
    rows = connection.sql(query)
    try:
        rows.limit(limits.file_rows + 1).write_parquet(str(file), compression="zstd")
    except engine.IOException as error:
        if file.exists() and file.stat().st_size >= limits.file_size:  # RLIMIT_FSIZE ended it
            raise too_large(limits.file_rows, limits.file_size) from error
        raise
    found = connection.execute("select num_rows from parquet_file_metadata(?)", [str(file)])
    count = found.fetchone()
    if count is None or count[0] > limits.file_rows or file.stat().st_size > limits.file_size:
        raise too_large(limits.file_rows, limits.file_size)
