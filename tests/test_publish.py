"""`claims publish`: a site that third parties verify, grown without ever being wrong."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli_tools import FIVE, claims, ndjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_tools import PROJECT, append, make_ledger, snapshot
from publish_tools import BARE, tiles_of, verified
from site_verifier import Wrong, expected_paths

from ledger.log import Log
from ledger.note import SignerKey
from ledger.publish import publish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a ledger lies."""
    return tmp_path / "ledger"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where its site lies."""
    return tmp_path / "site"


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600])
def test_a_site_has_exactly_the_files_of_its_size(folder: Path, site: Path, size: int) -> None:
    """Tiles and bundles are those that C2SP tlog-tiles asks for, and a stranger verifies them."""
    log = make_ledger(folder, *([size - 1] if size > 1 else []))
    publish(log, site, BARE)
    assert tiles_of(site) == expected_paths(size)
    assert verified(site, log)["entries"] == size
    assert verified(site, log)["root"] == log.root_at(size).hex()


@pytest.mark.slow
def test_a_site_of_three_levels(folder: Path, site: Path) -> None:
    """At 65,537 events a third level of tiles begins, by growth and all at once alike."""
    log = make_ledger(folder, 65_534)
    publish(log, site, BARE)
    for _ in range(2):
        append(folder, 1)
        log.refresh()
        publish(log, site, BARE)
        assert verified(site, log)["entries"] == log.size
    assert log.size == 65_537
    assert tiles_of(site) >= expected_paths(log.size)
    publish(log, site.with_name("fresh"), BARE)
    assert tiles_of(site.with_name("fresh")) == expected_paths(log.size)
    grown, fresh = snapshot(site), snapshot(site.with_name("fresh"))
    for path, data in fresh.items():
        assert grown[site / path.relative_to(site.with_name("fresh"))] == data


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches=st.lists(st.integers(1, 300), min_size=1, max_size=4))
def test_a_site_verifies_after_each_growth(
    tmp_path_factory: pytest.TempPathFactory, batches: list[int]
) -> None:
    """However a log grows, each head that is published is whole; and nothing is written twice."""
    place = tmp_path_factory.mktemp("grown")
    origin = f"example.org/{place.name}"
    log, site = make_ledger(place / "ledger", origin=origin), place / "site"
    publish(log, site, BARE)
    for count in batches:
        before = snapshot(site / "tile")
        append(place / "ledger", count)
        log.refresh()
        done = publish(log, site, BARE)
        assert verified(site, log)["entries"] == log.size == done.size
        after = snapshot(site / "tile")
        assert all(after.get(path, data) == data for path, data in before.items())
        assert tiles_of(site) >= expected_paths(log.size)
        gone = {path.relative_to(site).as_posix() for path in before.keys() - after.keys()}
        assert all(path.rpartition(".p/")[0] in tiles_of(site) for path in gone), (
            "a partial tile goes only when its full one is there"
        )
        times = {path: path.stat().st_mtime_ns for path in snapshot(site)}
        again = publish(log, site, BARE)
        assert (again.files_written, again.files_removed) == (0, 0)
        assert times == {path: path.stat().st_mtime_ns for path in snapshot(site)}


def test_a_second_publication_writes_only_what_is_new(folder: Path, site: Path) -> None:
    """Full tiles and bundles that are there stay as they are."""
    log = make_ledger(folder, 1023)
    publish(log, site, BARE)
    before = {path: path.stat().st_ino for path in (site / "tile").rglob("*") if path.is_file()}
    append(folder, 5)
    log.refresh()
    done = publish(log, site, BARE)
    assert done.earlier_size == 1024
    assert done.files_written == 5, "a partial tile, a bundle; segment, page, checkpoint"
    assert all(path.stat().st_ino == inode for path, inode in before.items() if path.is_file())


def test_segments_are_cut_at_the_signed_size(
    folder: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines beyond the head are not published, wherever segments begin; new ones are added."""
    monkeypatch.setattr("ledger.segments.SEGMENT_BYTES", 9_000)
    log = make_ledger(folder, *[20] * 8)
    publish(log, site, BARE)
    heads = (folder / "checkpoint").read_bytes()
    append(folder, *[20] * 3)
    (folder / "checkpoint").write_bytes(heads)
    log = Log.open(folder)
    assert log.size > log.signed_size
    assert publish(log, site, BARE).files_written == 0
    published = b"".join(path.read_bytes() for path in sorted((site / "log").iterdir()))
    assert published == b"".join(log.blocks(0, log.signed_size))
    assert len(list((site / "log").iterdir())) > 3
    publish(log, site.with_name("fresh"), BARE)
    assert verified(site.with_name("fresh"), log)["size"] == log.signed_size


# ── served and read by others ────────────────────────────────────────────────────────────────


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of a folder that a web server serves, as a process of its own."""
    words = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    with subprocess.Popen(
        [*words, "--directory", str(site)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            port = re.search(r"port (\d+)", server.stdout.readline())
            assert port is not None
            yield f"http://127.0.0.1:{port[1]}/"
        finally:
            server.kill()


def judge(url: str, key: str) -> subprocess.CompletedProcess[str]:
    """Run the independent verifier as a process of its own."""
    return subprocess.run(
        [sys.executable, str(PROJECT / "tests" / "site_verifier.py"), url, key],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_any_web_server_serves_it_and_a_stranger_verifies_it(tmp_path: Path) -> None:
    """`claims publish`, a web server, and a verifier that knows only the specifications."""
    folder, site = tmp_path / "ledger", tmp_path / "site"
    assert claims("init", folder, "--origin", "example.org/site").code == 0
    assert claims("append", ndjson(tmp_path / "five", FIVE), ledger=folder).code == 0
    append(folder, 300)
    told = claims("publish", site, "--json", ledger=folder)
    assert told.code == 0
    receipt = told.objects[0]
    key = Log.open(folder).verifier_key
    with served(site) as url:
        answer = judge(url, key)
        assert answer.returncode == 0, answer.stderr
        seen = json.loads(answer.stdout)
        assert (seen["size"], seen["root"]) == (receipt["size"], receipt["root"])
        assert seen["entries"] == seen["size"]
        other = SignerKey.generate("example.org/site").verifier().format()
        assert "not signed" in judge(url, other).stderr
        full = site / "tile" / "entries" / "000"
        full.write_bytes(full.read_bytes().replace(b"Somebody", b"Anybody?", 1))
        assert judge(url, key).stderr.startswith("wrong: entry ")


def test_a_flipped_bit_in_any_tile_or_bundle_is_found(folder: Path, site: Path) -> None:
    """The verifier is no rubber stamp: whatever it reads it checks."""
    log = make_ledger(folder, 299)
    publish(log, site, BARE)
    for name in ["checkpoint", *sorted(expected_paths(300))]:
        path = site / name
        data = path.read_bytes()
        for place in {0, len(data) // 2, len(data) - 1}:
            path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
            with pytest.raises((Wrong, ValueError)):
                verified(site, log)
        path.write_bytes(data)
    assert verified(site, log)["size"] == 300
