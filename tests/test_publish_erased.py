"""What was erased is withdrawn from a site, and the rest of it still verifies."""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from log_tools import append, make_ledger, snapshot
from publish_tools import BARE, holds, read_page, verified

import ledger.publish.publishing as publishing_module
from events.codec import decode_event, encode_tombstone
from events.record import Draft
from events.vocabulary import RecordRedacted, Redacted
from ledger.errors import Busy, DiskFailed, Refused
from ledger.leaves import hash_of_line
from ledger.log import Log
from ledger.publish import publish, withdraw
from ledger.publish.copies import stage_segments
from ledger.writer import Writer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a ledger lies."""
    return tmp_path / "ledger"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where its site lies."""
    return tmp_path / "site"


def erase_in_log(folder: Path, *positions: int) -> Log:
    """Record an erasure and replace lines by their tombstones, as the log format says."""
    with Writer.open(folder, actor="ana") as writer:
        ordered = RecordRedacted(positions=positions, authority="a court", reason="an order")
        event = Draft(data=ordered, subject=f"ledger/{writer.log.origin}", actor="ana")
        by = writer.append([event]).first
    path = folder / "log" / f"{0:020d}.jsonl"
    lines = path.read_bytes().split(b"\n")
    for position in positions:
        kept = Redacted(redacted_by=by, leaf_hash=hash_of_line(lines[position]).hex())
        lines[position] = encode_tombstone(decode_event(lines[position]), kept)
    path.write_bytes(b"\n".join(lines))
    return Log.open(folder)


def test_erased_content_is_withdrawn_and_the_rest_still_verifies(folder: Path, site: Path) -> None:
    """Bundles, segments and views that held it are gone or replaced, and the list says which."""
    log = make_ledger(folder, 30)
    publish(log, site, BARE)
    append(folder, 600)
    log.refresh()
    publish(log, site)
    names = [b'"speaker-20"', b'"speaker-300"']
    assert all(len(holds(site, name)) >= 2 for name in names)
    log = erase_in_log(folder, 20, 300)
    done = withdraw(site, log, [20, 300])
    assert done.bundles_withdrawn == 2
    assert not any(holds(site, name) for name in names)
    for view in (site / "views").glob("*.parquet"):
        rows = duckdb.connect().read_parquet(str(view)).fetchall()
        assert "speaker-20'" not in repr(rows)
    seen = verified(site, log)
    assert seen["withdrawn"] == ["tile/entries/000", "tile/entries/001"]
    assert seen["entries"] == log.size - 512
    listed = json.loads((site / "withdrawn.json").read_bytes())
    assert listed["bundles"][0] == {
        "bundle": "tile/entries/000", "positions": [{"position": 20, "redacted_by": 631}]
    }  # fmt: skip
    assert "2 bundles are not served" in read_page(site).text
    assert publish(log, site).files_written == 0
    segment = (site / "log" / f"{0:020d}.jsonl").read_bytes()
    assert segment == b"".join(log.blocks(0, log.size))


def test_an_erasure_is_found_without_being_told(folder: Path, site: Path) -> None:
    """Whoever publishes again after an erasure withdraws what was published before it."""
    log = make_ledger(folder, 20)
    publish(log, site, BARE)
    append(folder, 500)
    log.refresh()
    publish(log, site, BARE)
    log = erase_in_log(folder, 10)
    publish(log, site, BARE)
    assert not holds(site, b'"speaker-10"')
    assert verified(site, log)["withdrawn"] == ["tile/entries/000"]
    fresh = site.with_name("fresh")
    publish(log, fresh, BARE)
    assert verified(fresh, log)["withdrawn"] == ["tile/entries/000"]


def test_an_erasure_of_equal_length_reaches_the_segment(folder: Path, site: Path) -> None:
    """A segment with a tombstone is compared byte by byte, since its length may be the same."""
    log = make_ledger(folder, 20)
    publish(log, site, BARE)
    path = site / "log" / f"{0:020d}.jsonl"
    log = erase_in_log(folder, 10)
    publish(log, site, BARE)
    right = path.read_bytes()
    path.write_bytes(right.replace(b'"redacted_by":21', b'"redacted_by":99'))
    publish(log, site, BARE)
    assert path.read_bytes() == right


def test_withdrawing_from_a_broken_publication_leaves_nothing(folder: Path, site: Path) -> None:
    """What a killed process had made but not moved in yet is gone too."""
    log = make_ledger(folder, 20)
    publish(log, site, BARE)
    (site / ".publishing" / "log").mkdir(parents=True)
    shutil.copy(folder / "log" / f"{0:020d}.jsonl", site / ".publishing" / "log")
    log = erase_in_log(folder, 10)
    withdraw(site, log, [10])
    assert not holds(site, b'"speaker-10"')


@pytest.mark.slow
def test_withdrawing_erases_first_even_where_publishing_fails(
    folder: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure afterwards leaves a gap, not the content."""
    log = make_ledger(folder, 20)
    publish(log, site)
    log = erase_in_log(folder, 10)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publishing_module, "stage_segments", full)
        with pytest.raises(DiskFailed):
            withdraw(site, log, [10])
    assert not holds(site, b'"speaker-10"')
    assert not list((site / "views").glob("*.parquet"))
    assert withdraw(site, log, [10]).views > 0
    assert verified(site, log)["size"] == log.size


def test_nothing_is_published_while_content_is_being_erased(
    folder: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither before the erasure is finished nor where it began while the lines were read."""
    log = make_ledger(folder, 20)
    publish(log, site, BARE)
    append(folder, 3)
    before = snapshot(site)
    (folder / "redacting").write_text("{}")
    with pytest.raises(Busy, match="being erased"):
        publish(log, site, BARE)
    (folder / "redacting").unlink()
    stage = stage_segments

    def slow(*words: Any) -> Any:  # noqa: ANN401  what the real one takes and gives
        erase_in_log(folder, 10)
        return stage(*words)

    with monkeypatch.context() as patch:
        patch.setattr(publishing_module, "stage_segments", slow)
        with pytest.raises(Busy, match="being erased"):
            publish(log, site, BARE)
    assert snapshot(site) == before
    publish(log, site, BARE)
    assert not holds(site, b'"speaker-10"')


def test_a_site_that_is_gone_is_told_of(folder: Path, site: Path) -> None:
    """An erasure that cannot reach a site must not pass for done."""
    log = make_ledger(folder, 20)
    with pytest.raises(Refused, match="is not there"):
        withdraw(site, log, [10])
