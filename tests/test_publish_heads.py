"""Cosigned heads, changes of key and forged heads, as a site shows them."""

import re
import shutil
from pathlib import Path

import pytest
from cli_tools import call
from log_tools import append, make_ledger
from publish_tools import BARE, page_text, read_page, verified

from ledger.errors import Damaged
from ledger.log import Log
from ledger.note import COSIGNATURE, SignerKey
from ledger.publish import publish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a ledger lies."""
    return tmp_path / "ledger"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where its site lies."""
    return tmp_path / "site"


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
