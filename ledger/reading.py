"""What a query of somebody may be: statements that only read; and what DuckDB says of others."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.errors import Refused
from projections.engine import engine

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, Statement

_HARMLESS = frozenset(("SELECT", "EXPLAIN", "RELATION", "VARIABLE_SET", "SET", "MULTI"))


def reading_statements(connection: "DuckDBPyConnection", sql: str) -> Iterator[str]:
    """The statements of a text; raises Refused for one that would not only read, duckdb.Error.

    The connection only parses them: without one DuckDB would begin a database for it.
    """
    statements = connection.extract_statements(sql)
    for statement in statements:
        kind = kind_of(statement)
        if kind not in _HARMLESS:
            raise Refused(
                f"The query would {kind.lower().replace('_', ' ')}; it may only read.",
                field="SQL",
                way_out="Use select, from …, explain, or set variable.",
            )
    return (statement.query for statement in statements)


def kind_of(statement: "Statement") -> str:
    """What a statement does, in DuckDB's word; of some DuckDB knows no word in Python."""
    try:
        return statement.type.name
    except ValueError:
        return "do more"


@contextmanager
def sql_errors() -> Iterator[None]:
    """Turn what DuckDB says of a query into a refusal; nothing of the ledger was at fault."""
    try:
        yield
    except engine.Error as error:
        raise Refused(
            sentence_of(error),
            field="SQL",
            way_out='`claims view` lists the views; query "describe NAME" shows the columns.',
        ) from error


def sentence_of(error: Exception) -> str:
    """What DuckDB says, in one line; what our macros say, without what DuckDB puts around it."""
    ours = re.search(r"Could not convert string '(as_of .*)' to INT64", str(error))
    return f"{ours[1]}." if ours else str(error).strip().splitlines()[0]
