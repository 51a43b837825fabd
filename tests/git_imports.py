"""What tests of `claims import git-history` share: small repositories, and how they are read."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from cli_tools import Outcome, call
from git_tools import Building, Content, contents, line_of

from ledger.api import Ledger
from projections.database import Database

# The file as of a size: its path, its columns, and its rows with every cell.
AS_OF = """
    select source.title, source.note, list(report.quote) filter (report.quote is not null)
    from sources as source
    left join reports as report using (source_id)
    where source.source_id = $1
    group by all
"""


def bring_in(ledger: Ledger, repository: Path, *words: str | Path) -> Outcome:
    """Import the history of a file."""
    return call("import", "git-history", repository, "--json", *words, ledger=ledger.log.folder)


def report_of(done: Outcome) -> Any:  # noqa: ANN401  JSON
    """What `--json` printed."""
    assert done.out, done.err
    return json.loads(done.out)


def table(*rows: str) -> bytes:
    """A table of three columns."""
    return "".join(f"{row}\n" for row in ("id,who,fighters", *rows)).encode()


def simple(folder: Path, *versions: bytes | None, path: str = "t.csv") -> Path:
    """A repository of one file with these versions."""
    building = Building()
    tip: int | None = None
    for at, data in enumerate(versions, 1):
        message = f"change {at}\n\nbecause {at}".encode()
        tip = building.commit({path: data}, parent=tip, message=message)
    return building.write(folder)


def told(ledger: Ledger, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    return ledger.query(sql).fetchall()


# ── what lies in git, read in another way than ours ──────────────────────────────────────────


def table_of(data: Content) -> tuple[list[str], list[list[str]]]:
    """The header of a CSV file, and its rows in one order."""
    assert data is not None
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return header, sorted(rows)


def sizes_of(views: Database, file_id: str) -> dict[str, int]:
    """The size of the ledger after each commit that is in it."""
    sql = "select source_id, position + 1 from sources where version_of = $1"
    rows = views.connection.execute(sql, [file_id]).fetchall()
    return {source_id.rpartition(".")[2]: size for source_id, size in rows}


def check_every_commit(
    ledger: Ledger, repository: Path, paths: dict[str, str], file_id: str
) -> int:
    """Compare the file at every commit of the line with the ledger as of it; gives how many.

    `paths` are those that the file has from a commit on.
    """
    views = ledger.views()
    sizes = sizes_of(views, file_id)
    line = line_of(repository)
    names: list[str] = []
    path = ""
    for sha in line:
        path = paths.get(sha, path)
        names.append(f"{sha}:{path}")
    size = None
    for name, data in zip(names, contents(repository, names), strict=True):
        sha, _, path = name.partition(":")
        size = sizes.get(sha, size)
        views.set_as_of(size)
        found = views.connection.execute(AS_OF, [file_id]).fetchone()
        assert found is not None
        title, columns, quotes = found
        rows = [json.loads(quote) for quote in quotes or []]
        if data is None:
            assert (columns, rows) == (None, []), name
            continue
        header, cells = table_of(data)
        assert title == path, name
        assert json.loads(columns) == header, name
        assert all(list(row) == header for row in rows), name
        assert sorted(list(row.values()) for row in rows) == cells, name
    views.set_as_of(None)
    assert set(sizes) <= set(line)
    return len(line)
