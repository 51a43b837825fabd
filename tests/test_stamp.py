"""What is kept beside a view file of what it was built from: right, or not there."""

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest
from cli_tools import call, speakers

from ledger.api import Ledger
from ledger.log import Log
from projections.build import quick_stamp, read_stamp, rebuild
from projections.fingerprint import fingerprint_file
from projections.stamp import identity_of, keep, read_kept, stamp_file, view_file

MERGE_AT = "projections.database.MERGE_AT"


@pytest.fixture
def file(ledger: Ledger) -> Path:
    """The view file of a ledger of four events."""
    ledger.submit(speakers(3))
    ledger.close()  # which else keeps the view file open for the next submit
    rebuild(Log.open(ledger.log.folder))
    return view_file(ledger.log.folder)


def is_kept(file: Path) -> bool:
    """Whether something is kept of a file, and it is what the file says."""
    kept = read_kept(file)
    said = read_stamp(file)
    assert quick_stamp(file) == said
    assert kept is None or (kept.size, kept.root, kept.code) == (said.size, said.root, said.code)
    return kept is not None


def test_what_was_built_is_kept(ledger: Ledger, file: Path) -> None:
    """After a rebuild, and after the tail was merged into the file."""
    assert is_kept(file)
    assert read_stamp(file).size == 4

    ledger.submit(speakers(2, first=3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MERGE_AT, 1)
        assert len(Ledger.open(ledger.log.folder).query("from speakers").fetchall()) == 5

    assert is_kept(file)
    assert read_stamp(file).size == 6


def test_a_large_file_takes_in_a_share_of_itself_at_once(
    ledger: Ledger, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To copy it costs by its size: a tail that is small beside it waits for more."""
    monkeypatch.setattr(MERGE_AT, 1)
    monkeypatch.setattr("projections.database.MERGE_SHARE", 2)
    built = read_stamp(file).size
    for count in range(1, built):
        ledger.submit(speakers(1, first=10 + count))
        with Ledger.open(ledger.log.folder) as opened:
            assert len(opened.query("from speakers").fetchall()) == built - 1 + count
        taken_in = read_stamp(file).size - built
        assert taken_in == (built // 2 if count >= built // 2 else 0)


def test_a_file_that_another_program_changed_must_speak_for_itself(file: Path) -> None:
    """DuckDB writes into the same file: its inode stays, its time does not."""
    with duckdb.connect(str(file)) as connection:
        connection.execute("update facts.built set size = 2")

    assert not is_kept(file)
    assert quick_stamp(file).size == 2


def test_a_copy_must_speak_for_itself(file: Path, tmp_path: Path) -> None:
    """What is kept is said of one file; a ledger that was copied is told the same in the end."""
    folder = file.parent.parent
    copied = shutil.copytree(folder, tmp_path / "copied")
    here, there = (json.loads(call("status", "--json", ledger=each).out)["views_size"]
                   for each in (folder, copied))  # fmt: skip

    assert not is_kept(view_file(copied))
    assert here == there == 4


@pytest.mark.parametrize("kept", [b"", b"[]", b"{", b"\xff", b'{"size":4}', b"[" * 100_000])
def test_what_is_not_ours_is_not_believed(file: Path, kept: bytes) -> None:
    """Whatever lies in its place is passed over."""
    stamp_file(file).write_bytes(kept)

    assert not is_kept(file)
    assert call("status", ledger=file.parent.parent).code == 0


def test_what_is_said_of_a_file_that_was_replaced_is_not_believed(
    ledger: Ledger, file: Path
) -> None:
    """Two build at once: the stamp of the one that lost lies beside the other's file."""
    lost = read_kept(file)
    assert lost is not None
    ledger.submit(speakers(1, first=9))
    rebuild(Log.open(ledger.log.folder))
    assert identity_of(file) != lost.file

    keep(file, lost)

    assert not is_kept(file)
    assert quick_stamp(file).size == 5


@pytest.mark.parametrize("at", [0, 8, 4096 + 8, 8192 + 8])
def test_a_byte_that_flips_on_disk_keeps_nobody_from_asking(
    ledger: Ledger, file: Path, at: int
) -> None:
    """The kept stamp knows nothing of it; the file is built anew where it cannot be opened."""
    times = file.stat()
    data = bytearray(file.read_bytes())
    data[at] ^= 0xFF
    with file.open("r+b") as same:
        same.write(data)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert read_kept(file) is not None

    with Ledger.open(ledger.log.folder) as asked:
        assert len(asked.query("from speakers").fetchall()) == 3


def test_where_nothing_can_be_kept_nothing_is_wrong(ledger: Ledger, file: Path) -> None:
    """A folder lies in its place: the views are built and answer all the same."""
    stamp_file(file).unlink()
    stamp_file(file).mkdir()

    rebuild(Log.open(ledger.log.folder))

    assert not is_kept(file)
    assert {path.name for path in file.parent.iterdir()} == {
        file.name, stamp_file(file).name, fingerprint_file(file).name
    }  # fmt: skip
    assert len(ledger.query("from speakers").fetchall()) == 3
