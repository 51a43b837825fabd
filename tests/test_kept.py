"""Heads that others signed too: `claims checkpoint`, and the folder `checkpoints/`."""

import json
from pathlib import Path

import pytest
from cli_tools import call, is_refusal
from fork_tools import fork, grow, own_key
from log_tools import ORIGIN, make_ledger, snapshot

from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.cosign import merge
from ledger.errors import Conflict, Differs, Refused
from ledger.kept import count_cosigners, keep_head, kept_heads, kept_path, last_seen, read_kept
from ledger.keys import KeyFiles
from ledger.log import Log
from ledger.note import COSIGNATURE, Note, Signature, SignerKey

BEN = SignerKey("example.org/ben", bytes(range(32)), COSIGNATURE)
EVE = SignerKey("example.org/eve", bytes(range(1, 33)), COSIGNATURE)
TIME = 1_800_000_000


def cosigned(log: Log, *signers: SignerKey, seconds: int = TIME) -> bytes:
    """The signed head of a log with the signatures of others."""
    note = Note.parse(log.extent.note)
    return merge(note, [one.cosign(note.text, seconds) for one in signers]).format()


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """A ledger of five events."""
    return make_ledger(tmp_path / "ledger", 4)


def test_a_cosigned_head_is_kept_and_comes_back(log: Log) -> None:
    """Given a head that another signed, when it is added, then it is listed and printed whole."""
    file = log.folder / "cosigned"
    file.write_bytes(cosigned(log, BEN))
    KeyFiles.of(ORIGIN).key.unlink()  # none is needed

    added = call("checkpoint", "--add", file, ledger=log.folder)

    assert (added.code, added.out) == (0, file.read_bytes())
    assert kept_path(log.folder, 5).name == "00000000000000000005"
    assert kept_path(log.folder, 5).read_bytes() == file.read_bytes()
    assert call("checkpoint", "--size", "5", ledger=log.folder).out == file.read_bytes()
    assert call("checkpoint", ledger=log.folder).out == file.read_bytes()
    listed = call("checkpoint", "--list", "--json", ledger=log.folder).objects
    assert [(each["size"], each["signatures"][1]["name"]) for each in listed] == [(5, BEN.name)]
    assert "example.org/ben" in call("checkpoint", "--list", ledger=log.folder).text


def test_the_head_is_printed_as_it_was_signed(log: Log) -> None:
    """Byte for byte, or as an object that says the same."""
    assert call("checkpoint", ledger=log.folder).out == (log.folder / "checkpoint").read_bytes()
    said = json.loads(call("checkpoint", "--json", ledger=log.folder).out)
    assert (said["origin"], said["size"], said["root"]) == (ORIGIN, 5, log.checkpoint.root.hex())
    assert said["note"].encode() == log.extent.note


def test_signatures_add_up(log: Log) -> None:
    """What others signed is brought together, whatever the order, and nothing twice."""
    keep_head(log, cosigned(log, BEN))
    keep_head(log, cosigned(log, EVE))
    before = snapshot(log.folder)
    keep_head(log, cosigned(log, EVE, BEN))
    keep_head(log, log.extent.note)
    assert snapshot(log.folder) == before
    names = [one.name for one in Note.parse(kept_path(log.folder, 5).read_bytes()).signatures]
    assert names == [ORIGIN, BEN.name, EVE.name]


def test_a_wrong_signature_of_the_ledger_itself_is_not_kept(log: Log) -> None:
    """A line that claims the ledger's key and is wrong would spoil the note for every reader."""
    note = Note.parse(log.extent.note)
    forged = Signature(ORIGIN, log.verifier.key_hash, bytes(64))
    kept = keep_head(log, merge(note, [forged, BEN.cosign(note.text, TIME)]).format())
    assert [one.name for one in kept.signatures] == [ORIGIN, BEN.name]
    first = Note(note.text, (forged, *note.signatures)).format()
    with pytest.raises(Refused, match="is wrong"):
        keep_head(log, first)


def test_cosigners_are_counted(log: Log) -> None:
    """Valid signatures of the keys that were given, by head, the newest first."""
    keep_head(log, cosigned(log, BEN, EVE))
    grow(log, 2)
    forged = Signature(EVE.name, EVE.verifier().key_hash, bytes(72))
    note = Note.parse(cosigned(log, BEN))
    keep_head(log, merge(note, [forged]).format())
    keys = [BEN.verifier(), EVE.verifier()]
    found = [(7, (BEN.name,)), (5, (BEN.name, EVE.name))]
    assert count_cosigners(log.folder, log.chain, keys) == found
    assert count_cosigners(log.folder, log.chain, []) == [(7, ()), (5, ())]
    assert [last_seen(log.folder, log.chain, key) for key in keys] == [7, 5]


def test_the_ledger_does_not_cosign_for_itself(log: Log) -> None:
    """Its own key, dressed up as a witness's, counts for nothing."""
    twin = SignerKey("example.org/friend", own_key().seed, COSIGNATURE)
    keep_head(log, cosigned(log, twin))
    assert count_cosigners(log.folder, log.chain, [twin.verifier()]) == [(5, ())]


def test_a_garbled_kept_head_counts_for_nothing(log: Log) -> None:
    """What cannot be read is damage where it is asked for, and no cosignature where it is not."""
    keep_head(log, cosigned(log, BEN))
    path = kept_path(log.folder, 5)
    kept_path(log.folder, 4).write_bytes(path.read_bytes())  # a head under another size
    assert count_cosigners(log.folder, log.chain, [BEN.verifier()]) == [(5, (BEN.name,))]
    path.write_bytes(path.read_bytes()[:-2])
    assert count_cosigners(log.folder, log.chain, [BEN.verifier()]) == []
    for size in (4, 5):
        with pytest.raises(Differs, match="a kept head"):
            read_kept(log.folder, size, log.chain)
    assert is_refusal(call("checkpoint", "--list", ledger=log.folder), 5)


def test_other_files_in_the_folder_are_left_alone(log: Log) -> None:
    """Only names of twenty digits are heads of a size."""
    keep_head(log, cosigned(log, BEN))
    for name in ("note", "5", "00000000000000000004.rotation", "00000000000000000004.new"):
        (kept_path(log.folder, 5).parent / name).touch()
    assert [size for size, _ in kept_heads(log.folder)] == [5]


def test_a_head_of_another_history_is_a_conflict(tmp_path: Path) -> None:
    """The ledger's own key signed it, and the log is not it: that is not kept, and said."""
    ours, theirs = fork(tmp_path, common=3, ours=2, theirs=2)
    longer = grow(theirs, 1)
    with pytest.raises(Conflict, match="two histories"):
        keep_head(ours, sign_checkpoint(Checkpoint(ORIGIN, 5, theirs.root_at(5)), own_key()))
    with pytest.raises(Conflict, match="earlier state"):
        keep_head(ours, longer)
    assert kept_heads(ours.folder) == []


@pytest.mark.parametrize(
    "words", [("--add", "nowhere"), ("--list", "--size", "5"), ("--size", "0")], ids=str
)
def test_what_makes_no_sense_is_refused(log: Log, words: tuple[str, ...]) -> None:
    """Files that are not there and options that exclude each other are told, not tried."""
    assert call("checkpoint", *words, ledger=log.folder).code == 2


def test_what_is_no_head_of_this_ledger_is_refused(log: Log, tmp_path: Path) -> None:
    """Garbage, another's head and a size that is not kept: three lines each, and nothing kept."""
    other = make_ledger(tmp_path / "other", 1, origin="example.org/other")
    file = tmp_path / "file"
    for data in (b"", b"\0" * 100, other.extent.note, log.extent.note[:-3], b"x" * 2_000_000):
        file.write_bytes(data)
        assert is_refusal(call("checkpoint", "--add", file, ledger=log.folder))
    assert is_refusal(call("checkpoint", "--size", "3", ledger=log.folder), lines=2)
    assert kept_heads(log.folder) == []
