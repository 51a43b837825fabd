"""Publishing from what is damaged, killed on its way, or on a disk that fails."""

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from log_tools import PROJECT, append, make_ledger, snapshot
from publish_tools import BARE, tiles_of, verified
from site_verifier import expected_paths

from ledger.errors import Damaged, DiskFailed
from ledger.log import Log
from ledger.publish import Published, publish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a ledger lies."""
    return tmp_path / "ledger"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where its site lies."""
    return tmp_path / "site"


@pytest.mark.parametrize("harm", ["gone", "short", "wrong"])
def test_the_stored_tree_is_not_believed(folder: Path, site: Path, harm: str) -> None:
    """Tiles are right even where `tree/` is not, at first and when a site is carried on."""
    log = make_ledger(folder, 400)
    publish(log, site, BARE)
    append(folder, 300)
    for path in (folder / "tree").iterdir():
        data = path.read_bytes()
        if harm == "gone":
            path.unlink()
        else:
            path.write_bytes(data[:32] if harm == "short" else bytes(len(data)))
    log = Log.open(folder)
    publish(log, site, BARE)
    assert verified(site, log)["entries"] == 701


def test_a_log_that_was_altered_is_not_published(folder: Path, site: Path) -> None:
    """Lines that do not lead to the signed root leave the site as it was."""
    log = make_ledger(folder, 300)
    publish(log, site, BARE)
    append(folder, 300)
    before = snapshot(site)
    path = folder / "log" / f"{0:020d}.jsonl"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"speaker-599", b"speaker-598", 1))
    with pytest.raises(Damaged, match="signed root"):
        publish(Log.open(folder), site, BARE)
    assert snapshot(site) == before
    path.write_bytes(data)
    publish(Log.open(folder), site, BARE)
    assert verified(site, Log.open(folder))["size"] == 601


@pytest.mark.parametrize("lost", ["tile/0/000", "tile/entries/001", "log", "tile/0/002.p/89"])
def test_what_a_site_lost_is_made_again(folder: Path, site: Path, lost: str) -> None:
    """A file below the head that is missing or cut short does not stay so."""
    log = make_ledger(folder, 600)
    publish(log, site, BARE)
    whole = snapshot(site)
    for harm in ("gone", "short"):
        path = site / lost if lost != "log" else site / "log" / f"{0:020d}.jsonl"
        if harm == "gone":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:-1])
        publish(log, site, BARE)
        assert snapshot(site) == whole
    assert verified(site, log)["size"] == 601


def test_killed_at_any_step_the_old_or_the_new_head_verifies(folder: Path, tmp_path: Path) -> None:
    """A process that dies leaves a site that is whole, and the next publication finishes it."""
    log = make_ledger(folder, 250)
    publish(log, tmp_path / "start", BARE)
    append(folder, 270)
    log.refresh()
    subprocess.run(
        [sys.executable, str(PROJECT / "tests" / "publish_child.py"), str(folder),
         str(tmp_path / "start")],
        check=True, timeout=60, env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    heads = set()
    for step in itertools.count():
        site = tmp_path / f"killed-{step}"
        heads.add(verified(site, log)["size"])
        if not (tmp_path / f"killed-{step + 1}").exists():
            break
        publish(log, site, BARE)
        assert verified(site, log)["size"] == 521
        assert tiles_of(site) >= expected_paths(521)
        assert not (site / ".publishing").exists()
    assert heads == {251, 521}
    assert step > 8


def test_a_disk_that_fails_at_any_step_leaves_a_head_that_verifies(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a write, a rename or a sync fails, the failure is told and the site is whole."""
    log = make_ledger(folder, 250)
    publish(log, tmp_path / "start", BARE)
    append(folder, 270)
    log.refresh()
    heads = set()
    for step in range(200):
        site = tmp_path / f"failed-{step}"
        shutil.copytree(tmp_path / "start", site)
        with monkeypatch.context() as patch:
            left = fail_at(patch, step)
            done = outcome_of(log, site)
        heads.add(verified(site, log)["size"])
        if left[0] >= 0:
            break
        assert isinstance(done, DiskFailed) or not done.remembered
        publish(log, site, BARE)
        assert verified(site, log)["size"] == 521
    assert heads == {251, 521}
    assert step > 20


def fail_at(patch: pytest.MonkeyPatch, step: int) -> list[int]:
    """Let the n-th call that changes the disk fail, as a full or broken disk does; counts down."""
    left = [step]

    def failing(change: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any, **options: Any) -> Any:  # noqa: ANN401  any call of the system
            left[0] -= 1
            if left[0] == -1:
                raise OSError(28, "No space left on device")
            return change(*words, **options)

        return call

    patch.setattr(os, "replace", failing(os.replace))
    patch.setattr(os, "fsync", failing(os.fsync))
    patch.setattr(Path, "write_bytes", failing(Path.write_bytes))
    patch.setattr(Path, "mkdir", failing(Path.mkdir))
    return left


def outcome_of(log: Log, site: Path) -> Published | DiskFailed:
    """What came of a publication."""
    try:
        return publish(log, site, BARE)
    except DiskFailed as error:
        return error
