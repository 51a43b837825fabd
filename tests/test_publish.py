"""`claims publish`: a site that third parties verify, grown without ever being wrong."""

import html.parser
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
from cli_tools import ARTICLE, FIVE, call, claims, ndjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_tools import NOON, PROJECT, append, at, copy_ledger, make_ledger, snapshot
from site_verifier import Wrong, expected_paths, verify

import ledger.publish.publishing as publishing_module
from events.codec import decode_event, encode_tombstone
from events.record import Draft
from events.vocabulary import RecordRedacted, Redacted
from ledger.api import Ledger
from ledger.create import create_ledger
from ledger.errors import Busy, Conflict, Damaged, DiskFailed, Refused, UsageFault
from ledger.leaves import hash_of_line
from ledger.log import Log
from ledger.note import COSIGNATURE, SignerKey
from ledger.publish import Options, Published, known_sites, publish, withdraw
from ledger.publish.copies import stage_segments
from ledger.publish.place import holding
from ledger.terms import Recorder
from ledger.verify import verify_ledger
from ledger.writer import Writer

BARE = Options(views=False, wait_seconds=0.2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a ledger lies."""
    return tmp_path / "ledger"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where its site lies."""
    return tmp_path / "site"


def reader(site: Path) -> Callable[[str], bytes | None]:
    """Fetches paths from a folder, as a web server would."""

    def fetch(path: str) -> bytes | None:
        file = site / path
        return file.read_bytes() if file.is_file() else None

    return fetch


def verified(site: Path, log: Log) -> dict[str, Any]:
    """What the independent verifier says of a site, with the key of a log."""
    return verify(reader(site), log.verifier_key)


def tiles_of(site: Path) -> set[str]:
    """The paths of all tiles and bundles."""
    return {
        path.relative_to(site).as_posix() for path in (site / "tile").rglob("*") if path.is_file()
    }


# ── layout ───────────────────────────────────────────────────────────────────────────────────


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


def mirrored(site: Path, to: Path) -> Path:
    """What a mirror by links gets of a site, from its page on."""
    names = ["index.html"]
    for name in names:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(site / name, to / name)
        if name.endswith(".html"):
            links = [link for link in read_page(site, name).links if "://" not in link]
            names += [link for link in links if link not in names]
    return to


def test_what_the_page_links_to_is_a_ledger(tmp_path: Path, ledger: Ledger) -> None:
    """A mirror by links verifies, documents and quotes and all, and can be asked."""
    ledger.submit(
        {"command": "capture_source", "source_id": "article", "document": ARTICLE.name},
        documents=ARTICLE.parent,
    )
    append(ledger.log.folder, 300)
    publish(ledger.log, tmp_path / "site", Options(documents=True))
    copy = mirrored(tmp_path / "site", tmp_path / "copy")
    found = verify_ledger(copy)
    assert (found.size, found.root) == (302, ledger.log.root_at(302))
    assert not found.findings
    with Ledger.open(copy) as other:
        assert other.query("from sources").fetchall() == ledger.query("from sources").fetchall()


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


# ── views and page ───────────────────────────────────────────────────────────────────────────


def test_every_view_is_a_parquet_file_of_the_signed_size(tmp_path: Path, ledger: Ledger) -> None:
    """DuckDB reads the rows of every view at the head, and of what they were made."""
    from projections import catalog

    ledger.submit(FIVE)
    site, log = tmp_path / "site", ledger.log
    log.refresh()
    signed, note = log.size, (log.folder / "checkpoint").read_bytes()
    ledger.submit({"command": "register_speaker", "kind": "person", "name": "Later"})
    (log.folder / "checkpoint").write_bytes(note)
    log = Log.open(log.folder)
    assert publish(log, site).views == len(catalog.views())
    with ledger.replay(signed) as then:
        for view in catalog.views():
            file = str(site / "views" / f"{view.name}.parquet")
            rows = duckdb.connect().read_parquet(file).fetchall()
            expected = then.connection.sql(f"from {view.name}").fetchall()
            assert sorted(map(repr, rows)) == sorted(map(repr, expected)), view.name
            told = duckdb.connect().execute(
                "select decode(key), decode(value) from parquet_kv_metadata(?)", [file]
            )
            facts = dict(told.fetchall())
            root = log.checkpoint.root64
            assert (facts["origin"], facts["size"], facts["root"]) == (
                log.origin,
                f"{signed}",
                root,
            )


def test_views_come_and_go_as_asked(tmp_path: Path, ledger: Ledger) -> None:
    """A view that is there stays untouched; views and documents not asked for are taken away."""
    document = ARTICLE
    ledger.submit(
        {"command": "capture_source", "source_id": "article", "document": document.name},
        documents=document.parent,
    )
    site = tmp_path / "site"
    publish(ledger.log, site, Options(documents=True))
    view = site / "views" / "sources.parquet"
    before = view.stat().st_mtime_ns
    assert publish(ledger.log, site, Options(documents=True)).files_written == 0
    assert view.stat().st_mtime_ns == before
    kept = [path for path in (site / "documents").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [document.read_bytes()]
    done = publish(ledger.log, site, BARE)
    assert not (site / "views").exists()
    assert not (site / "documents").exists()
    assert not (site / "documents.html").exists()
    assert done.files_removed > len(kept)


def test_only_documents_that_a_line_names_are_published(tmp_path: Path, ledger: Ledger) -> None:
    """A stray file stays at home, and one that was edited stops the publication."""
    ledger.submit(
        {"command": "capture_source", "source_id": "article", "document": ARTICLE.name},
        documents=ARTICLE.parent,
    )
    (captured,) = (path for path in (ledger.log.folder / "documents").rglob("*") if path.is_file())
    captured.with_name("0" * 64).write_text("never named")
    done = publish(ledger.log, tmp_path / "site", Options(documents=True, views=False))
    assert done.documents == 1
    captured.write_text("edited")
    with pytest.raises(Damaged, match="captured document"):
        publish(ledger.log, tmp_path / "other", Options(documents=True, views=False))
    assert not (tmp_path / "other" / "checkpoint").exists()


class PageReader(html.parser.HTMLParser):
    """What a browser would find in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, tags and the policy."""
        found = dict(attrs)
        self.tags.append(tag)
        if tag == "a":
            self.links.append(found["href"] or "")
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"] or ""

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def read_page(site: Path, name: str = "index.html") -> PageReader:
    """A page of a site."""
    page = PageReader()
    page.feed((site / name).read_text("utf-8"))
    return page


def test_the_page_stands_alone_and_says_what_was_signed(
    folder: Path, site: Path, key_home: Path
) -> None:
    """Escaped text, no script, nothing from elsewhere, and every link leads somewhere."""
    title = "<script>alert(1)</script> & “Claims”"
    create_ledger(folder, origin="example.org/page", title=title, actor="ana", clock=at(NOON))
    append(folder, 3)
    log = Log.open(folder)
    publish(log, site)
    page = read_page(site)
    assert title in page.text
    assert not {"script", "img", "link", "iframe", "form", "object"} & set(page.tags)
    assert page.policy.startswith("default-src 'none'; style-src 'sha256-")
    for said in (log.origin, log.checkpoint.root64, log.verifier_key, "4", "ledger of claims"):
        assert said in page.text
    assert "the ledger does not" in page.text
    here = [link for link in page.links if not link.startswith("https://c2sp.org/")]
    assert {"checkpoint", "ledger.toml", "views/militant_estimates.parquet"} <= set(here)
    assert all((site / link).is_file() for link in here)
    assert "on" not in {name[:2] for name in re.findall(r"\s(on\w+)=", page.rawdata)}


def test_the_style_of_the_page_is_the_one_that_its_policy_allows(folder: Path, site: Path) -> None:
    """A browser would else show the page bare."""
    import base64
    import hashlib

    publish(make_ledger(folder), site, BARE)
    text = (site / "index.html").read_text("utf-8")
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in text


# ── where it may go ──────────────────────────────────────────────────────────────────────────


def test_a_folder_with_other_things_is_refused(folder: Path, site: Path) -> None:
    """Nothing is ever written among the files of somebody else, nor into the ledger."""
    log = make_ledger(folder, 3)
    site.mkdir()
    (site / "thesis.txt").write_text("mine")
    before = snapshot(site.parent)
    with pytest.raises(Refused, match=r"thesis\.txt"):
        publish(log, site, BARE)
    for inside in (folder, folder / "site", folder / "log", folder / "log" / ".." / "site"):
        with pytest.raises(UsageFault, match="is the ledger"):
            publish(log, inside, BARE)
    with pytest.raises(Refused, match="holds other things"):
        publish(log, site.parent, BARE)
    with pytest.raises(Refused, match="not there"):
        publish(log, site / "a" / "b", BARE)
    with pytest.raises(Refused, match="is a file"):
        publish(log, site / "thesis.txt", BARE)
    link = site.parent / "link"
    link.symlink_to(folder)
    with pytest.raises(UsageFault, match="is the ledger"):
        publish(log, link, BARE)
    assert snapshot(site.parent) == before


def test_a_copy_of_the_ledger_is_not_taken_for_its_site(folder: Path, tmp_path: Path) -> None:
    """Even one without the files that only a ledger has."""
    log = make_ledger(folder, 3)
    copy = copy_ledger(folder, tmp_path / "copy")
    with pytest.raises(Refused, match="holds other things"):
        publish(log, copy, BARE)
    shutil.rmtree(copy / "tree")
    (copy / "lock").unlink(missing_ok=True)
    before = snapshot(copy)
    with pytest.raises(Refused, match="no published site"):
        publish(log, copy, BARE)
    assert snapshot(copy) == before


def test_a_site_of_another_or_a_longer_history_is_refused(folder: Path, tmp_path: Path) -> None:
    """A site only grows: neither another ledger, nor a fork, nor an earlier state replaces it."""
    log = make_ledger(folder, 3)
    earlier = copy_ledger(folder, tmp_path / "earlier")
    other = make_ledger(tmp_path / "other", 3, origin="example.org/other")
    append(folder, 4)
    log.refresh()
    site = tmp_path / "site"
    publish(log, site, BARE)
    before = snapshot(site)
    with pytest.raises(Conflict, match="another ledger"):
        publish(other, site, BARE)
    with pytest.raises(Conflict, match="shows 8 events"):
        publish(Log.open(earlier), site, BARE)
    shutil.rmtree(tmp_path / "config" / "claims-ledger" / "heads", ignore_errors=True)
    for head in (tmp_path / "config").rglob("*.head"):
        head.unlink()
    append(earlier, 9)
    with pytest.raises(Conflict, match="another history"):
        publish(Log.open(earlier), site, BARE)
    (site / "checkpoint").write_bytes(b"nonsense")
    with pytest.raises(Refused, match="cannot be read"):
        publish(log, site, BARE)
    (site / "checkpoint").write_bytes(before[site / "checkpoint"])
    assert snapshot(site) == before


def test_what_a_web_host_keeps_beside_a_site_is_left_alone(folder: Path, site: Path) -> None:
    """A repository of pages can be published to."""
    site.mkdir()
    (site / "CNAME").write_text("claims.example.org\n")
    (site / ".git").mkdir()
    log = make_ledger(folder, 3)
    publish(log, site, BARE)
    assert (site / "CNAME").read_text() == "claims.example.org\n"
    assert verified(site, log)["size"] == 4


def test_two_publications_do_not_meet(folder: Path, site: Path) -> None:
    """While one process writes to a site another is told so."""
    log = make_ledger(folder, 3)
    with holding(site, 0), pytest.raises(Busy, match="has been publishing"):
        publish(log, site, BARE)
    publish(log, site, BARE)


def test_the_ledger_knows_where_it_was_published_to(folder: Path, tmp_path: Path) -> None:
    """Each site stands once in `published`, and the ledger still verifies."""
    log = make_ledger(folder, 3)
    for name in ("one", "two", "one"):
        publish(log, tmp_path / name, BARE)
    assert known_sites(folder) == [tmp_path / "one", tmp_path / "two"]
    assert (folder / "published").read_text() == f"{tmp_path}/one\n{tmp_path}/two\n"
    assert not verify_ledger(folder).findings


def test_the_command_says_what_it_did(folder: Path, site: Path) -> None:
    """Words go to standard error, errors are three short lines."""
    make_ledger(folder, 3)
    told = call("publish", site, "--no-views", ledger=folder)
    assert (told.code, told.out) == (0, b"")
    assert told.error[0].startswith(f"Published example.org/claims to {site}: 4 events, root ")
    refused = call("publish", folder, ledger=folder)
    assert (refused.code, len(refused.error)) == (2, 2)


# ── damage, kills and full disks ─────────────────────────────────────────────────────────────


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
    heads = set()
    for step in range(100):
        site = tmp_path / f"killed-{step}"
        shutil.copytree(tmp_path / "start", site)
        child = subprocess.run(
            [sys.executable, str(PROJECT / "tests" / "publish_child.py"),
             str(folder), str(site), str(step)],
            check=False, timeout=60, env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )  # fmt: skip
        heads.add(verified(site, log)["size"])
        if child.returncode == 0:
            break
        assert child.returncode == -signal.SIGKILL
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


# ── erased content ───────────────────────────────────────────────────────────────────────────


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


def holds(site: Path, words: bytes) -> list[Path]:
    """The files of a site that hold some words."""
    return [path for path, data in snapshot(site).items() if words in data]


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


# ── heads ────────────────────────────────────────────────────────────────────────────────────


def test_a_head_that_others_cosigned_is_what_the_site_shows(folder: Path, site: Path) -> None:
    """The signatures of witnesses are published with the head, and those of earlier heads too."""
    from ledger.kept import keep_head
    from ledger.note import Note

    log = make_ledger(folder, 3)
    witness = SignerKey.generate("witness.example.org", COSIGNATURE)
    note = Note.parse(log.extent.note)
    cosigned = Note(note.text, (*note.signatures, witness.cosign(note.text, 1_800_000_000)))
    keep_head(log, cosigned.format(), [witness.verifier()])
    publish(log, site, BARE)
    assert (site / "checkpoint").read_bytes() == cosigned.format()
    assert "witness.example.org" in read_page(site).text
    assert verified(site, log)["size"] == 4
    append(folder, 1)
    log.refresh()
    publish(log, site, BARE)
    assert (site / "checkpoints" / f"{4:020d}").read_bytes() == cosigned.format()
    assert verified(site, log)["size"] == 5


def test_a_change_of_key_is_published_with_the_head_over_it(folder: Path, site: Path) -> None:
    """The site verifies with the new key; the old one, and the way to the new one, are there."""
    log = make_ledger(folder, 3)
    publish(log, site, BARE)
    old = log.verifier_key
    assert call("key", "rotate", "--reason", "yearly", ledger=folder).code == 0
    log = Log.open(folder)
    publish(log, site, BARE)
    assert log.verifier_key != old
    assert verified(site, log)["size"] == 5
    assert {old, log.verifier_key} <= set(
        re.findall(r"example\.org/claims\+\S{53,}", page_text(site))
    )
    assert (site / "checkpoints" / f"{4:020d}.rotation").is_file()
    assert Log.open(shutil.copytree(site, site.with_name("copy"))).chain == log.chain


def page_text(site: Path) -> str:
    """The words of the page."""
    return read_page(site).text


def test_two_heads_of_one_size_are_not_published(folder: Path, site: Path) -> None:
    """A kept head with another root than the checkpoint's is evidence, and stops everything."""
    from ledger.checkpoint import Checkpoint, sign_checkpoint
    from ledger.keys import KeyFiles

    log = make_ledger(folder, 3)
    key = SignerKey.parse(KeyFiles.of(log.origin).key.read_text().strip())
    (folder / "checkpoints").mkdir(exist_ok=True)
    forged = sign_checkpoint(Checkpoint(log.origin, 4, bytes(32)), key)
    (folder / "checkpoints" / f"{4:020d}").write_bytes(forged)
    with pytest.raises(Damaged, match="another root hash"):
        publish(log, site, BARE)
    assert not (site / "checkpoint").exists()


@pytest.mark.parametrize("harm", [b"gone", b"[]"])
def test_a_line_that_is_none_stops_documents(folder: Path, site: Path, harm: bytes) -> None:
    """Lines below the head of the site are not hashed again, but what is read of them must fit."""
    ledger = Ledger(make_ledger(folder), Recorder("ana", "person"))
    ledger.submit({"command": "cite_source", "source_id": "tass", "title": "A title"})
    append(folder, 300)
    log = Log.open(folder)
    publish(log, site, BARE)
    path = folder / "log" / f"{0:020d}.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"captured":false', b'"captured":' + harm, 1))
    with pytest.raises(Damaged):
        publish(Log.open(folder), site, Options(documents=True, views=False))
