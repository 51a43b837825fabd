"""Many programs ask while one appends and views are rebuilt: nobody waits, nobody sees a part."""

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.api import Ledger
from ledger.writer import Writer

CHILD = Path(__file__).with_name("readers_child.py")
SECONDS = 8


@pytest.mark.slow
def test_readers_see_whole_batches_and_all_that_was_acknowledged(tmp_path: Path) -> None:
    """Two ask, one appends and one rebuilds, each a process, with merges in between."""
    folder = tmp_path / "ledger"
    Ledger.create(folder, origin="example.org/test", actor="ana").close()
    (tmp_path / "acknowledged").write_text("1")
    works = ("append", "build", "ask", "ask")
    running = [
        subprocess.Popen(
            [sys.executable, str(CHILD), work, str(folder), str(SECONDS)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for work in works
    ]
    said = [child.communicate(timeout=SECONDS * 20) for child in running]
    for work, child, (out, err) in zip(works, running, said, strict=True):
        assert child.returncode == 0, f"{work}: {err}"
        assert int(out) > 1, work


def test_a_writer_at_work_keeps_nobody_from_asking(ledger: Ledger) -> None:
    """Views open, and catch up, while another holds the ledger for as long as it likes."""
    with Writer.open(ledger.log.folder, actor="ben"):
        with Ledger.open(ledger.log.folder) as other:
            assert other.query("select count(*) from events").fetchall() == [(1,)]
        assert ledger.query("select count(*) from events").fetchall() == [(1,)]
