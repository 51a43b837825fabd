"""What is kept of statements as they were recorded gives what joining everything by ids gives.

The plain definitions of the views that read the kept tables lie in `plain_views/`.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import EVERY_KIND, Command, histories
from test_time_travel import append_history, append_history_part, new_ledger

from ledger.api import Ledger
from projections.build import rebuild
from projections.catalog import read_definition
from projections.database import Database
from projections.kept import RECORDED, TOUCHED

Rows = list[tuple[Any, ...]]

PLAIN = {path.stem: path for path in (Path(__file__).parent / "plain_views").glob("*.sql")}


def rows_of(database: Database, name: str) -> tuple[Rows, Rows]:
    """A view's rows in their order, and those of its plain definition."""
    plain = read_definition(PLAIN[name]).select
    ask = database.connection.sql
    return ask(f"from {name}").fetchall(), ask(plain).fetchall()


def compare(database: Database, sizes: Sequence[int]) -> None:
    """Hold each view to its plain definition as of some sizes, and now."""
    for size in (*sizes, None):
        database.set_as_of(size)
        for name in sorted(PLAIN):
            found, wanted = rows_of(database, name)
            assert found == wanted, f"{name} as of {size}"
    database.set_as_of(None)


def check_history(beginning: Sequence[Command], rest: Sequence[Command], size: int) -> None:
    """Compare with the rest in the tail, then merged into the file, then in a file built anew."""
    with TemporaryDirectory() as made, new_ledger(Path(made)) as ledger:
        append_history(ledger, beginning)
        rebuild_all(ledger)
        append_history_part(ledger, rest)
        sizes = [size % (ledger.size + 1)]
        compare(ledger.views(), sizes)
        for merge_at in (1, None):
            with pytest.MonkeyPatch.context() as patch:
                if merge_at:
                    patch.setattr("projections.database.MERGE_AT", merge_at)
                else:
                    rebuild_all(ledger)
                ledger.log.refresh()
                with Database.open(ledger.log) as file:
                    assert not file.tail_tables
                    assert recorded(file, "facts.{}") == recorded(file, "forms.{}_ever")
                    compare(file, sizes)


def rebuild_all(ledger: Ledger) -> None:
    """Build the view file of all that was signed."""
    ledger.log.refresh()
    rebuild(ledger.log)


def recorded(database: Database, which: str) -> dict[str, Rows]:
    """The rows of the kept tables, or of the views that they keep."""
    return {
        name: database.connection.sql(f"from {which.format(name)} order by all").fetchall()
        for name in (*RECORDED, *TOUCHED)
    }


def test_every_kind_of_command_counts_as_by_ids() -> None:
    """A part of a history lies in the file, the rest comes later."""
    check_history(EVERY_KIND[:14], EVERY_KIND[14:], size=30)


@pytest.mark.slow
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(beginning=histories, rest=histories, size=st.integers(0, 60))
def test_many_histories_count_as_by_ids(
    beginning: list[Command], rest: list[Command], size: int
) -> None:
    """The same, for many histories."""
    check_history(beginning, rest, size)
