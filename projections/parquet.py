"""Views as Parquet files, each with what it was made from in its key-value metadata."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from projections.layers import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def write_view(
    connection: "DuckDBPyConnection", view: str, path: Path, stamp: Mapping[str, str]
) -> None:
    """Write the rows of a view, as the connection sees it now, to a file where none lies."""
    metadata = ", ".join(f"{quoted(key)}: {quoted(value)}" for key, value in stamp.items())
    connection.execute(
        f"copy (from {view}) to {quoted(str(path))}"
        f" (format parquet, compression zstd, kv_metadata {{{metadata}}})"
    )


def read_stamp(path: Path) -> dict[str, str]:
    """The key-value metadata of a Parquet file; raises duckdb.Error where it is none."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select decode(key), decode(value) from parquet_kv_metadata(?)", [str(path)]
        ).fetchall()
    return dict(rows)


def count_rows(path: Path) -> int:
    """How many rows a Parquet file says that it has; raises duckdb.Error."""
    with duckdb.connect() as connection:
        row = connection.execute(
            "select num_rows from parquet_file_metadata(?)", [str(path)]
        ).fetchone()
    return int(row[0]) if row else 0
