"""Changing the key: old and new key sign the change, and no crash leaves it half done."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_tools import (
    ORIGIN,
    PROJECT,
    append,
    copy_ledger,
    draft,
    drafts,
    make_ledger,
    put_back,
    snapshot,
)

from events.codec import decode_event, encode_batch
from events.record import Draft, Placing
from events.vocabulary import KeyRotated
from ledger.api import Ledger
from ledger.chain import rotation_path
from ledger.checkpoint import parse_checkpoint, sign_checkpoint
from ledger.errors import ClockBehind, Damaged, Differs, DiskFailed, KeyUnfit, Refused
from ledger.keys import KeyFiles, parse_key
from ledger.log import Log
from ledger.note import BadNote, Note, SignerKey
from ledger.rotate import Rotated
from ledger.terms import now_utc
from ledger.verify import verify_ledger
from ledger.writer import Writer


def rotate(folder: Path, note: str | None = None) -> Rotated:
    """Change the key of a ledger."""
    with Writer.open(folder, actor="ana") as writer:
        return writer.rotate(note)


def key_in(file: Path) -> SignerKey:
    """The signing key in a file."""
    return parse_key(file.read_bytes())


def start(what: str, folder: Path, *more: str) -> subprocess.Popen[bytes]:
    """Run `rotation_child.py` as a process of its own."""
    child = str(PROJECT / "tests" / "rotation_child.py")
    words = [sys.executable, child, what, str(folder), *more]
    return subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(PROJECT)})


# ── what a change of key is ──────────────────────────────────────────────────────────────────


def test_the_old_key_hands_over_to_the_new_one(tmp_path: Path) -> None:
    """The change is an event; both keys sign the head over it, the new one alone what follows."""
    folder, files = tmp_path / "l", KeyFiles.of(ORIGIN)
    make_ledger(folder, 2)
    before = key_in(files.key)
    with Writer.open(folder, actor="ben", agent="importer") as writer:
        done = writer.rotate("yearly")
        note, head = parse_checkpoint((folder / "checkpoint").read_bytes())
        assert writer.append([draft(9)]).first == 4
    assert (done.position, head.size) == (3, 4)
    assert (done.old, done.new) == (before.verifier(), key_in(files.key).verifier())
    assert rotation_path(folder, 3).read_bytes() == note.format()
    assert [one.key_hash for one in note.signatures] == [done.old.key_hash, done.new.key_hash]
    note.check(done.old)
    note.check(done.new)
    event = decode_event(Log.open(folder).line(3))
    assert event.data == KeyRotated(verifier_key=done.new.format(), note="yearly")
    assert (event.actor, event.agent, event.subject) == ("ben", "importer", f"ledger/{ORIGIN}")
    after = Note.parse((folder / "checkpoint").read_bytes())
    assert [one.key_hash for one in after.signatures] == [done.new.key_hash]
    assert verify_ledger(folder, strict=True).findings == ()


def test_the_files_of_the_keys_after_a_change(tmp_path: Path) -> None:
    """The new key is in its place, the old one is kept, both for their owner alone."""
    make_ledger(tmp_path / "l")
    files = KeyFiles.of(ORIGIN)
    old = files.key.read_bytes()
    settings_before = (tmp_path / "l" / "ledger.toml").read_bytes()
    done = rotate(tmp_path / "l")
    assert files.retired(done.old).read_bytes() == old
    assert files.all_retired() == [files.retired(done.old)]
    assert {path.stat().st_mode & 0o777 for path in (files.key, files.retired(done.old))} == {0o600}
    assert not files.next.exists()
    assert files.head.read_bytes() == (tmp_path / "l" / "checkpoint").read_bytes()
    assert (tmp_path / "l" / "ledger.toml").read_bytes() == settings_before


def test_each_head_is_checked_with_the_key_of_its_size(tmp_path: Path) -> None:
    """Of several changes, every head that was ever signed opens, and with no other key."""
    folder = tmp_path / "l"
    make_ledger(folder, 1)
    heads, changes = [(folder / "checkpoint").read_bytes()], []
    for _ in range(3):
        changes.append(rotate(folder))
        heads.append((folder / "checkpoint").read_bytes())
        append(folder, 2)
        heads.append((folder / "checkpoint").read_bytes())
    log = Log.open(folder)
    assert [one.position for one in log.chain.rotations] == [one.position for one in changes]
    assert log.chain.keys == (changes[0].old, *(one.new for one in changes))
    assert (log.verifier, log.verifier_key) == (changes[-1].new, changes[-1].new.format())
    assert [log.chain.open(head).size for head in heads] == [2, 3, 5, 6, 8, 9, 11]
    early = sign_checkpoint(log.chain.open(heads[0]), key_in(KeyFiles.of(ORIGIN).key))
    late = sign_checkpoint(log.checkpoint, key_in(KeyFiles.of(ORIGIN).retired(changes[-1].old)))
    for forged in (early, late):
        with pytest.raises(BadNote, match="not signed with the key"):
            log.chain.open(forged)
    assert verify_ledger(folder, strict=True).findings == ()


def test_the_old_key_signs_no_head_any_more(tmp_path: Path) -> None:
    """A checkpoint over the change that the old key signed alone is damage."""
    folder = tmp_path / "l"
    make_ledger(folder)
    done = rotate(folder)
    head = Log.open(folder).checkpoint
    old = key_in(KeyFiles.of(ORIGIN).retired(done.old))
    (folder / "checkpoint").write_bytes(sign_checkpoint(head, old))
    with pytest.raises(Differs, match="not signed with the key"):
        Log.open(folder)
    assert verify_ledger(folder).findings != ()


def test_a_change_of_key_cannot_be_voided(tmp_path: Path) -> None:
    """What the chain of keys rests on stays."""
    Ledger.create(tmp_path / "l", origin=ORIGIN, actor="ana").close()
    done = rotate(tmp_path / "l")
    with Ledger.open(tmp_path / "l", actor="ana") as ledger, pytest.raises(Refused):
        ledger.submit({"command": "void_record", "position": done.position, "reason": "no"})


def test_a_change_that_cannot_be_recorded_changes_no_key(tmp_path: Path) -> None:
    """A note that no line can hold, or a clock far behind: the old key signs on."""
    folder, files = tmp_path / "l", KeyFiles.of(ORIGIN)
    make_ledger(folder)
    key = files.key.read_bytes()
    with Writer.open(folder, actor="ana") as writer:
        with pytest.raises(Refused):
            writer.rotate("x" * 70_000)
        writer.append([draft(9)])
    with (
        Writer.open(folder, actor="ana", clock=lambda: now_utc().replace(year=2001)) as writer,
        pytest.raises(ClockBehind),
    ):
        writer.rotate()
    append(folder, 1)
    assert files.key.read_bytes() == key
    assert (Log.open(folder).size, Log.open(folder).chain.rotations) == (3, ())
    prepared = key_in(files.next)
    assert rotate(folder).new == prepared.verifier()


@settings(deadline=None, max_examples=15)
@given(steps=st.lists(st.integers(0, 3), max_size=6))
def test_any_history_of_changes_holds(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int]
) -> None:
    """However appends (1 to 3 events) and changes of key (0) follow each other, all heads hold."""
    home = tmp_path_factory.mktemp("history")
    folder, heads = home / "l", []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        make_ledger(folder)
        for step in steps:
            with Writer.open(folder, actor="ana") as writer:
                if step:
                    writer.append(drafts(step, writer.size))
                else:
                    writer.rotate()
            heads.append((folder / "checkpoint").read_bytes())
        log = Log.open(folder)
        assert len(log.chain.rotations) == steps.count(0)
        assert all(log.chain.covers(head) and log.chain.open(head) for head in heads)
        assert verify_ledger(folder, strict=True).findings == ()


# ── readers ──────────────────────────────────────────────────────────────────────────────────


def test_a_reader_follows_a_change_of_key(tmp_path: Path) -> None:
    """A log that was opened before sees the new key as soon as it looks again."""
    folder = tmp_path / "l"
    make_ledger(folder)
    one, other = Log.open(folder), Log.open(folder)
    done = rotate(folder)
    one.refresh()
    assert (one.verifier, one.size) == (done.new, 2)
    append(folder, 1)
    other.refresh()
    assert (other.verifier, other.size) == (done.new, 3)
    with Writer.open(folder, actor="ana") as writer:
        assert writer.log.chain == other.chain


def test_a_reader_is_not_disturbed_by_changes_at_work(tmp_path: Path) -> None:
    """While another process changes the key over and over, a reader always has a valid head."""
    folder = tmp_path / "l"
    make_ledger(folder)
    log, sizes = Log.open(folder), set()
    with start("often", folder, "25") as child:
        while child.poll() is None:
            log.refresh()
            fresh = Log.open(folder)
            assert log.verifier in log.chain.keys
            assert fresh.size >= log.size
            sizes |= {log.size, fresh.size}
    assert child.returncode == 0
    log.refresh()
    assert (len(log.chain.rotations), log.size) == (25, 38)
    assert len(sizes) > 5
    assert verify_ledger(folder, strict=True).findings == ()


def test_a_reader_without_the_keys_needs_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine without any key the ledger is read and verified through the change."""
    make_ledger(tmp_path / "l")
    rotate(tmp_path / "l")
    append(tmp_path / "l", 1)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    assert Log.open(tmp_path / "l").size == 3
    assert verify_ledger(tmp_path / "l", strict=True).findings == ()


# ── crashes ──────────────────────────────────────────────────────────────────────────────────


def stage_of(folder: Path, files: KeyFiles, before: SignerKey) -> str:
    """How far a change of key came, by what lies on disk."""
    log = Log.open(folder)
    if not files.next.exists():
        return "begun" if key_in(files.key) == before else "done"
    if log.size == 2:
        return "next key written"
    if not rotation_path(folder, 2).exists():
        return "event recorded"
    return "signed" if log.signed_size > 2 else "head kept"


def check_settled(folder: Path, before: SignerKey) -> None:
    """Open a ledger for writing after a crash: the change is finished, or it never was."""
    files = KeyFiles.of(ORIGIN)
    found = Log.open(folder)
    changed = b'"claims.key.rotated.v1"' in b"".join(found.lines(2))
    following = key_in(files.next if files.next.exists() else files.key)
    lines = list(found.lines())
    assert verify_ledger(folder).findings == ()
    append(folder, 1)
    log = Log.open(folder)
    assert list(log.lines(0, len(lines))) == lines
    if changed:
        assert [one.position for one in log.chain.rotations] == [2]
        assert log.chain.keys == (before.verifier(), following.verifier())
        kept = Note.parse(rotation_path(folder, 2).read_bytes())
        kept.check(before.verifier())
        kept.check(following.verifier())
        assert key_in(files.key) == following
        assert key_in(files.retired(before.verifier())) == before
        assert not files.next.exists()
    else:
        assert log.chain.rotations == ()
        assert key_in(files.key) == before
    rotate(folder)
    append(folder, 1)
    assert len(Log.open(folder).chain.rotations) == 1 + changed
    assert verify_ledger(folder, strict=True).findings == ()


def test_a_change_of_key_survives_a_kill_at_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before any write, sync or renaming, the change is finished at the next opening."""
    whole = tmp_path / "whole"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(whole / "config"))
    make_ledger(whole / "l", 1)
    before = key_in(KeyFiles.of(ORIGIN).key)
    assert start("each_step", whole).wait(timeout=60) == 0
    stages = []
    for step in range(sum(path.name.isdigit() for path in tmp_path.iterdir())):
        folder = tmp_path / str(step)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        stages.append(stage_of(folder / "l", KeyFiles.of(ORIGIN), before))
        check_settled(folder / "l", before)
    assert list(dict.fromkeys(stages)) == [
        "begun", "next key written", "event recorded", "head kept", "signed", "done",
    ]  # fmt: skip
    assert len(stages) > 25


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.sampled(2)
def test_a_change_of_key_that_fails_at_any_sync_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException], *, lasting: bool
) -> None:
    """Interrupted or failing at any sync, once or from then on, the next opening settles it."""
    folder, files = tmp_path / "l", KeyFiles.of(ORIGIN)
    make_ledger(folder, 1)
    before, key = snapshot(tmp_path), key_in(files.key)
    fsync = os.fsync
    for number in range(40):
        put_back(before, tmp_path)
        calls = iter(range(1000))

        def fail(fd: int, calls: Iterator[int] = calls, number: int = number) -> None:
            call = next(calls)
            if call == number or (lasting and call > number):
                raise failure(errno.EIO, "Input/output error")
            fsync(fd)

        failed = False
        with monkeypatch.context() as patch:
            writer = Writer.open(folder, actor="ana")
            patch.setattr(os, "fsync", fail)
            try:
                with writer:
                    writer.rotate("yearly")
            except (KeyboardInterrupt, DiskFailed):
                failed = True
        check_settled(folder, key)
        if not failed:
            assert number > 8
            return
    pytest.fail("the change never came to its end")


def test_a_change_is_finished_by_whoever_opens_next(tmp_path: Path) -> None:
    """It is told, and recorded as recovered; opening without appending is enough."""
    folder, files = tmp_path / "l", KeyFiles.of(ORIGIN)
    event_without_head(folder)
    following = key_in(files.next)
    with Writer.open(folder, actor="ana") as writer:
        assert any("found whole beyond the signed head" in text for text in writer.notices)
        assert writer.size == 3
    log = Log.open(folder)
    assert (log.signed_size, log.verifier) == (3, following.verifier())
    note = Note.parse((folder / "checkpoint").read_bytes())
    assert rotation_path(folder, 1).read_bytes() == note.format()
    assert len(note.signatures) == 2
    with Writer.open(folder, actor="ana") as writer:
        assert writer.notices == []


def event_without_head(folder: Path, count: int = 1) -> None:
    """A ledger whose key change was killed before any head covered it."""
    make_ledger(folder)
    files = KeyFiles.of(ORIGIN)
    old = snapshot(folder / "checkpoint", files.head, files.key)
    saved = [(path, path.read_bytes()) for path in (folder / "checkpoint", files.head, files.key)]
    assert old == {}  # files, not folders
    for _ in range(count):
        rotate(folder)
    shutil.copy(files.key, files.next)
    for path, data in saved:
        path.write_bytes(data)
    shutil.rmtree(folder / "checkpoints")


def test_a_change_whose_next_key_is_lost_waits_for_it(tmp_path: Path) -> None:
    """Nothing is signed over the change without the next key; brought back, it goes on."""
    folder, files = tmp_path / "l", KeyFiles.of(ORIGIN)
    event_without_head(folder)
    whole = files.next.read_bytes()
    for left in (None, b"garbled", f"{SignerKey.generate(ORIGIN).format()}\n".encode()):
        files.next.unlink(missing_ok=True)
        if left is not None:
            files.next.write_bytes(left)
        before = snapshot(tmp_path)
        with pytest.raises(KeyUnfit) as raised:
            Writer.open(folder, actor="ana")
        assert str(files.next) in str(raised.value)
        assert snapshot(tmp_path) == before
        assert verify_ledger(folder).findings == ()
    files.next.write_bytes(whole)
    append(folder, 1)
    assert verify_ledger(folder, strict=True).findings == ()


# ── damage ───────────────────────────────────────────────────────────────────────────────────


def test_two_changes_without_a_head_are_damage(tmp_path: Path) -> None:
    """No writer leaves two behind: each is signed before anything else is done."""
    event_without_head(tmp_path / "l", 2)
    before = snapshot(tmp_path)
    with pytest.raises(Damaged, match="a change of key beyond the signed head"):
        Writer.open(tmp_path / "l", actor="ana")
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "key",
    ["nonsense", SignerKey.generate("example.org/others").verifier().format()],
    ids=["no key", "another's"],
)
def test_a_change_to_a_key_that_is_none_is_damage(tmp_path: Path, key: str) -> None:
    """An event beyond the head that hands over to another ledger's key, or to none."""
    folder = tmp_path / "l"
    make_ledger(folder)
    change = Draft(data=KeyRotated(verifier_key=key), subject=f"ledger/{ORIGIN}", actor="eve")
    placing = Placing(origin=ORIGIN, first=1, count=1, time=now_utc())
    with (folder / "log" / f"{0:020d}.jsonl").open("ab") as segment:
        segment.write(encode_batch([change], placing)[0] + b"\n")
    before = snapshot(tmp_path)
    with pytest.raises(Damaged, match="a change of key beyond the signed head"):
        Writer.open(folder, actor="ana")
    assert snapshot(tmp_path) == before


def test_a_lost_head_over_a_change_is_damage(tmp_path: Path) -> None:
    """Without the head that both keys signed, the new key's heads are not believed."""
    folder = tmp_path / "l"
    make_ledger(folder)
    done = rotate(folder)
    append(folder, 1)
    rotation_path(folder, done.position).unlink()
    with pytest.raises(Differs, match=f"not signed with the key {ORIGIN}"):
        Log.open(folder)
    assert verify_ledger(folder).findings != ()


def test_any_flipped_bit_of_a_kept_head_is_found(tmp_path: Path) -> None:
    """Whichever byte of the head over a change is altered, the ledger is damaged."""
    folder = tmp_path / "l"
    make_ledger(folder)
    path = rotation_path(folder, rotate(folder).position)
    append(folder, 1)
    whole = path.read_bytes()
    for offset in range(len(whole)):
        path.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :])
        with pytest.raises(Damaged):
            Log.open(folder)
    path.write_bytes(whole)
    assert verify_ledger(folder, strict=True).findings == ()


def test_a_kept_head_needs_both_keys_and_the_event(tmp_path: Path) -> None:
    """Signed by one of the keys alone, too small, or over another event, it hands over nothing."""
    folder, files = tmp_path / "l", KeyFiles.of(ORIGIN)
    make_ledger(folder, 1)
    small = Log.open(folder).checkpoint
    done = rotate(folder)
    path, head = rotation_path(folder, done.position), Log.open(folder).checkpoint
    old, new = key_in(files.retired(done.old)), key_in(files.key)
    stranger = SignerKey.generate(ORIGIN)
    for faulty in (
        sign_checkpoint(head, old), sign_checkpoint(head, new), sign_checkpoint(small, old, new),
        sign_checkpoint(head, stranger, new), sign_checkpoint(head, old, stranger),
    ):  # fmt: skip
        path.write_bytes(faulty)
        with pytest.raises(Differs, match=r"a change of key \(position 2\)"):
            Log.open(folder)
    path.write_bytes(sign_checkpoint(head, old, new))
    Log.open(folder)
    for elsewhere in (0, 1, 3, 1000):
        path.rename(rotation_path(folder, elsewhere))
        with pytest.raises(Damaged):
            Log.open(folder)
        rotation_path(folder, elsewhere).rename(path)


def test_a_kept_head_of_another_history_is_not_gone_on_from(tmp_path: Path) -> None:
    """A head over a change beyond the checkpoint must be one of this very log."""
    folder, files = tmp_path / "l", KeyFiles.of(ORIGIN)
    make_ledger(folder, 1)
    checkpoint, remembered = (folder / "checkpoint").read_bytes(), files.head.read_bytes()
    done = rotate(folder)
    old, new = key_in(files.retired(done.old)), key_in(files.key)
    other = type(Log.open(folder).checkpoint)(ORIGIN, 3, bytes(32))
    rotation_path(folder, done.position).write_bytes(sign_checkpoint(other, old, new))
    (folder / "checkpoint").write_bytes(checkpoint)
    files.head.write_bytes(remembered)
    before = snapshot(tmp_path)
    with pytest.raises(Differs, match="expected a head of this log"):
        Writer.open(folder, actor="ana")
    assert snapshot(tmp_path) == before


def test_an_old_checkpoint_put_back_is_gone_on_from_with_the_new_key(tmp_path: Path) -> None:
    """Where only the checkpoint is an old one, the kept head still says who signs now."""
    folder = tmp_path / "l"
    make_ledger(folder)
    old = (folder / "checkpoint").read_bytes()
    done = rotate(folder)
    kept = rotation_path(folder, done.position).read_bytes()
    (folder / "checkpoint").write_bytes(old)
    assert Log.open(folder).verifier == done.old
    append(folder, 1)
    assert Log.open(folder).verifier == done.new
    assert rotation_path(folder, done.position).read_bytes() == kept
    assert verify_ledger(folder, strict=True).findings == ()


def test_a_copy_from_before_the_change_stays_behind(tmp_path: Path) -> None:
    """The copy is read and verified as it is, and refused for appends like any earlier state."""
    folder = tmp_path / "l"
    make_ledger(folder, 1)
    second = copy_ledger(folder, tmp_path / "second")
    rotate(folder)
    before = snapshot(tmp_path)
    with pytest.raises(Exception, match="is an earlier state of"):
        Writer.open(second, actor="ana")
    assert Log.open(second).size == 2
    assert [one.what for one in verify_ledger(second).findings] == [
        "the checkpoint is older than the head signed last"
    ]
    assert snapshot(tmp_path) == before
