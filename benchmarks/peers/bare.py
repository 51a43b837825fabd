"""Bare DuckDB: the lines of a ledger read into one table by `read_json`.

A process of its own: `python -m benchmarks.peers.bare LEDGER TARGET same|few`. The same columns are
those that the ledger's own rebuild reads; the few are those of a plain list of events.
"""

import sys
from pathlib import Path

import duckdb

FEW = {
    "sequence": "VARCHAR", "type": "VARCHAR", "subject": "VARCHAR", "time": "TIMESTAMPTZ",
    "data": "STRUCT(statement_id VARCHAR, speaker_id VARCHAR, proposition VARCHAR)",
}  # fmt: skip


def log_files(ledger: Path) -> list[str]:
    """The files of a log; where a segment lies there plain and sealed, the plain one counts."""
    files: dict[str, Path] = {}
    for path in sorted((ledger / "log").iterdir(), reverse=True):
        if path.name.endswith((".jsonl", ".jsonl.zst")):
            files[path.name.partition(".")[0]] = path  # of both, the shorter name comes last
    return [str(files[first]) for first in sorted(files)]


def read_lines(ledger: Path, target: Path, columns: dict[str, str]) -> None:
    """Make a database with one table of all lines."""
    with duckdb.connect(str(target)) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set variable files = ?", [log_files(ledger)])
        connection.execute("set variable columns = ?", [columns])
        connection.execute(
            "create table events as select * from read_json(getvariable('files'),"
            " format = 'newline_delimited', columns = getvariable('columns'))"
        )


def main() -> None:
    """Read what the arguments say."""
    ledger, target, which = sys.argv[1:]
    columns = FEW
    if which == "same":
        from projections.schema import line_columns

        columns = line_columns()
    read_lines(Path(ledger), Path(target), columns)


if __name__ == "__main__":
    main()
