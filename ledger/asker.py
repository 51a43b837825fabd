"""Asks what there is to know of a ledger at one moment, wherever its views are kept.

What gathers the contents of charts, pages and reports takes an `Asker`; it need not know whether a
command opened the views for one question or a server keeps them for many.
"""

from typing import TYPE_CHECKING, Any, Protocol

from projections import catalog

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ledger.api import Ledger

Row = dict[str, Any]


class Asker(Protocol):
    """Views at one moment; rows come as dictionaries."""

    def sql(self, text: str, /, **parameters: Any) -> list[Row]:  # noqa: ANN401  values of SQL
        """The rows of a select over the views."""

    def named(self, query: str, /, **parameters: Any) -> list[Row]:  # noqa: ANN401  values of SQL
        """The rows of one of the queries of `projections/queries`."""


class LedgerAsker:
    """The views of a ledger, at the moment that it looks at."""

    def __init__(self, ledger: "Ledger") -> None:
        self.ledger = ledger

    def sql(self, text: str, /, **parameters: Any) -> list[Row]:  # noqa: ANN401  values of SQL
        """The rows of a select over the views."""
        return fetched(self.ledger.views().connection, text, parameters)

    def named(self, query: str, /, **parameters: Any) -> list[Row]:  # noqa: ANN401  values of SQL
        """The rows of one of the queries of `projections/queries`."""
        return self.sql(catalog.query(query), **parameters)


def fetched(connection: "DuckDBPyConnection", text: str, parameters: Row) -> list[Row]:
    """The rows of a select on a connection; `execute`, since `sql` would plan it twice."""
    connection.execute(text, parameters)
    names = [name for name, *_ in connection.description or ()]
    return [dict(zip(names, row, strict=True)) for row in connection.fetchall()]
