"""What a site shows besides the log: its page, views as Parquet files, documents."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from cli_tools import ARTICLE, FIVE
from log_tools import NOON, append, at, make_ledger
from publish_tools import BARE, read_page

from ledger.api import Ledger
from ledger.create import create_ledger
from ledger.errors import Damaged
from ledger.log import Log
from ledger.publish import Options, publish
from ledger.terms import Recorder
from ledger.verify import verify_ledger


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a ledger lies."""
    return tmp_path / "ledger"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where its site lies."""
    return tmp_path / "site"


@pytest.mark.slow
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
            expected = then.connection.execute(f"from {view.name}").fetchall()
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


@pytest.mark.slow
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


# ── the page ─────────────────────────────────────────────────────────────────────────────────


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
    publish(ledger.log, tmp_path / "site", Options(documents=True, views=False))
    copy = mirrored(tmp_path / "site", tmp_path / "copy")
    found = verify_ledger(copy)
    assert (found.size, found.root) == (302, ledger.log.root_at(302))
    assert not found.findings
    with Ledger.open(copy) as other:
        assert other.query("from sources").fetchall() == ledger.query("from sources").fetchall()


# ── lines that are none ──────────────────────────────────────────────────────────────────────


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
