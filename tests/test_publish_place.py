"""Where a site may go: to an empty folder or to its own, and to nothing else."""

import shutil
from pathlib import Path

import pytest
from cli_tools import call
from log_tools import append, copy_ledger, make_ledger, snapshot
from publish_tools import BARE, verified

from ledger.errors import Busy, Conflict, Refused, UsageFault
from ledger.log import Log
from ledger.publish import known_sites, publish
from ledger.publish.place import holding
from ledger.verify import verify_ledger


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a ledger lies."""
    return tmp_path / "ledger"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where its site lies."""
    return tmp_path / "site"


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
