"""`claims key`: shown, brought to another machine, changed; a secret that stays one."""

import os
import pty
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cli_tools import Outcome, arguments, call, claims, is_refusal, ndjson, speakers
from log_tools import snapshot

from ledger.api import Ledger
from ledger.keys import KeyFiles, format_key, parse_key
from ledger.log import Log
from ledger.note import SignerKey
from ledger.transfer import export_key, import_key
from ledger.verify import verify_ledger

ORIGIN = "example.org/test"


@pytest.fixture
def folder(ledger: Ledger) -> Path:
    """The folder of a new ledger."""
    return ledger.log.folder


@pytest.fixture
def files() -> KeyFiles:
    """The files of its key."""
    return KeyFiles.of(ORIGIN)


def append(folder: Path, first: int, *options: str) -> Outcome:
    """Append one command through the command line."""
    file = ndjson(folder.parent / "one.ndjson", speakers(1, first))
    return call("append", *options, file, ledger=folder)


def mode(path: Path) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


# ── showing ──────────────────────────────────────────────────────────────────────────────────


def test_the_keys_are_shown_and_no_secret(folder: Path, files: KeyFiles) -> None:
    """Verifier keys in their order, since when, and where the private key lies with which mode."""
    first = Log.open(folder).verifier_key
    call("key", "rotate", ledger=folder)
    second = Log.open(folder).verifier_key
    text = call("key", "show", ledger=folder).text
    assert [line.split() for line in text.splitlines()[1:3]] == [
        ["verifier", first, "from", "position", "0"],
        ["signs", "now", second, "from", "position", "1"],
    ]
    assert f"{files.key} (mode 0600)" in text
    (facts,) = call("key", "show", "--json", ledger=folder).objects
    assert facts["keys"] == [
        {"verifier_key": first, "position": 0, "in_force": False},
        {"verifier_key": second, "position": 1, "in_force": True},
    ]
    assert facts["key_file"] == {"file": str(files.key), "here": True, "mode": "0600"}
    assert (facts["signs"], facts["next"]["here"], facts["remembered_size"]) == (True, False, 2)
    assert [Path(each["file"]).is_file() for each in facts["retired"]] == [True]
    secrets = (files.key, Path(facts["retired"][0]["file"]))
    assert not any(file.read_text("ascii").strip() in text for file in secrets)


def test_a_key_that_is_not_here_or_not_fit_is_shown_as_such(folder: Path, files: KeyFiles) -> None:
    """Showing never fails for want of a key."""
    whole = files.key.read_bytes()
    files.key.write_bytes(format_key(SignerKey.generate(ORIGIN)))
    assert (
        "it does not sign for this ledger as it stands" in call("key", "show", ledger=folder).text
    )
    files.key.unlink()
    done = call("key", "show", ledger=folder)
    assert (done.code, f"{files.key} (not here)" in done.text) == (0, True)
    files.next.write_bytes(whole)
    assert "(prepared by a change of key)" in call("key", "show", ledger=folder).text


@pytest.mark.parametrize("verb", ["show", "export", "import", "rotate"])
def test_the_help_of_each_shows_how_it_is_called(verb: str) -> None:
    """With an example."""
    done = call("key", verb, "--help")
    assert (done.code, f"claims key {verb}" in done.text.split("\n", 1)[1]) == (0, True)


# ── taking out ───────────────────────────────────────────────────────────────────────────────


def test_a_key_is_exported_for_its_owner_alone(folder: Path, files: KeyFiles) -> None:
    """To a new file with mode 0600, whatever the umask; the warning is not among the data."""
    out = folder.parent / "copy.key"
    before = os.umask(0)
    try:
        done = call("key", "export", "-o", out, ledger=folder)
    finally:
        os.umask(before)
    assert (done.code, done.out) == (0, b"")
    assert "Share it with nobody" in done.err
    assert (out.read_bytes(), mode(out)) == (files.key.read_bytes(), 0o600)
    assert is_refusal(call("key", "export", "-o", out, ledger=folder))
    assert is_refusal(call("key", "export", "-o", folder / "none" / "k", ledger=folder))
    piped = claims("key", "export", ledger=folder)
    assert (piped.code, piped.out) == (0, files.key.read_bytes())


def test_a_key_is_never_written_into_its_ledger(folder: Path) -> None:
    """Nor through a link that leads there."""
    (folder.parent / "link").symlink_to(folder)
    before = snapshot(folder)
    for place in (folder / "k", folder / "documents" / "k", folder.parent / "link" / "k"):
        assert is_refusal(call("key", "export", "-o", place, ledger=folder), 2)
    assert snapshot(folder) == before


@pytest.mark.parametrize("force", [False, True])
def test_a_terminal_is_shown_no_key_unless_asked(
    folder: Path, files: KeyFiles, *, force: bool
) -> None:
    """What a terminal has shown can be read by whoever passes, and is kept."""
    master, terminal = pty.openpty()
    words = arguments(["key", "export", *(["--force"] if force else [])], folder)
    done = subprocess.run(words, stdout=terminal, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(terminal)
    try:
        shown = os.read(master, 4096)
    except OSError:  # nothing was written, and nobody has the other end any more
        shown = b""
    os.close(master)
    assert (done.returncode, b"do: Write it to a file" in done.stderr) == (
        3 * (not force),
        not force,
    )
    assert shown.replace(b"\r\n", b"\n") == (files.key.read_bytes() if force else b"")


def test_without_the_key_the_way_out_names_the_import(folder: Path, files: KeyFiles) -> None:
    """A ledger without its key is read and verified; an append, an export say how to bring it."""
    files.key.unlink()
    assert call("log", ledger=folder).code == 0
    assert verify_ledger(folder).findings == ()
    for done in (append(folder, 0), call("key", "export", ledger=folder),
                 call("key", "rotate", ledger=folder)):  # fmt: skip
        assert is_refusal(done)
        assert "`claims key import FILE`" in done.err


# ── bringing ─────────────────────────────────────────────────────────────────────────────────


def test_a_key_goes_through_a_pipe_to_another_machine(
    folder: Path, files: KeyFiles, tmp_path: Path
) -> None:
    """There it lies for its owner alone, with the ledger's own head remembered beside it."""
    append(folder, 0)
    elsewhere = {"XDG_CONFIG_HOME": str(tmp_path / "elsewhere")}
    exported = claims("key", "export", ledger=folder).out
    done = claims("key", "import", "-", ledger=folder, stdin=exported, env=elsewhere)
    assert (done.code, done.out) == (0, b"")
    home = tmp_path / "elsewhere" / "claims-ledger" / "keys"
    key, head = home / files.key.name, home / files.head.name
    assert (key.read_bytes(), mode(key), mode(home)) == (files.key.read_bytes(), 0o600, 0o700)
    assert (head.read_bytes(), mode(head)) == ((folder / "checkpoint").read_bytes(), 0o600)
    again = claims("key", "import", "-", ledger=folder, stdin=exported, env=elsewhere)
    assert again.code == 0
    added = claims("append", ndjson(tmp_path / "x", speakers(1, 5)), ledger=folder, env=elsewhere)
    assert added.code == 0, added.err
    assert verify_ledger(folder, strict=True).findings == ()


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"\xff", b"PRIVATE+KEY+example.org/test+00000000+AAAA\n", b"x" * 100_000],
    ids=["empty", "newline", "no text", "no key", "long"],
)
def test_what_is_no_key_is_refused(folder: Path, files: KeyFiles, data: bytes) -> None:
    """In a sentence that shows nothing of it, and nothing changes."""
    file = folder.parent / "given"
    file.write_bytes(data)
    files.key.unlink()
    before = snapshot(folder.parent)
    done = call("key", "import", file, ledger=folder)
    assert is_refusal(done)
    assert str(file) in done.error[1]
    assert snapshot(folder.parent) == before


def test_only_the_key_that_signs_now_is_taken(folder: Path, files: KeyFiles) -> None:
    """Another ledger's key, a stranger's and a former one are refused, each in its own words."""
    old = files.key.read_bytes()
    call("key", "rotate", ledger=folder)
    new = files.key.read_bytes()
    before = snapshot(folder.parent / "config")
    for data, words in (
        (format_key(SignerKey.generate("example.org/others")), "a key of example.org/others"),
        (format_key(SignerKey.generate(ORIGIN)), "not the key that signs"),
        (old, "a former key of example.org/test: another one signs since position 1"),
    ):
        file = folder.parent / "given"
        file.write_bytes(data)
        for options in ((), ("--replace",)):
            done = call("key", "import", *options, file, ledger=folder)
            assert is_refusal(done)
            assert words in done.err
    assert snapshot(folder.parent / "config") == before
    file.write_bytes(new)
    assert call("key", "import", file, ledger=folder).code == 0
    assert snapshot(folder.parent / "config") == before


@pytest.mark.parametrize("garbled", [False, True])
def test_another_key_gives_way_only_when_asked(
    folder: Path, files: KeyFiles, *, garbled: bool
) -> None:
    """Whatever lies in the key's place is kept beside it."""
    good = folder.parent / "good.key"
    shutil.copy(files.key, good)
    stranger = SignerKey.generate(ORIGIN)
    files.key.write_bytes(b"garbled" if garbled else format_key(stranger))
    before = snapshot(folder.parent / "config")
    done = call("key", "import", good, ledger=folder)
    assert is_refusal(done, 3 if garbled else 4)
    assert "--replace" in done.err
    assert snapshot(folder.parent / "config") == before
    done = call("key", "import", "--replace", good, ledger=folder)
    assert done.code == 0
    assert files.key.read_bytes() == good.read_bytes()
    kept = files.key.with_suffix(".unfit") if garbled else files.retired(stranger.verifier())
    assert f"kept as {kept}" in done.err
    assert (kept.read_bytes(), mode(kept)) == (before[files.key], 0o600)
    assert append(folder, 0).code == 0


def test_a_key_is_not_brought_to_an_earlier_state(folder: Path, files: KeyFiles) -> None:
    """Where a later head is remembered the ledger is an old copy; what is remembered stays."""
    old, key = folder.parent / "old", folder.parent / "copy.key"
    shutil.copytree(folder, old)
    append(folder, 0)
    shutil.move(files.key, key)
    head = files.head.read_bytes()
    done = call("key", "import", key, ledger=old)
    assert is_refusal(done, 4)
    assert "is an earlier state of" in done.err
    assert not files.key.exists()
    done = call("key", "import", "--replace", key, ledger=old)
    assert (done.code, "covers 2 events" in done.err) == (0, True)
    assert files.head.read_bytes() == head
    assert is_refusal(append(old, 1), 4)
    assert append(folder, 1).code == 0


def test_a_garbled_remembered_head_is_told(folder: Path, files: KeyFiles) -> None:
    """It is damage, wherever it is met."""
    key = files.key.read_bytes()
    files.head.write_bytes(b"garbled")
    log = Log.open(folder)
    for done in (append(folder, 0), call("key", "show", ledger=folder)):
        assert is_refusal(done, 5)
        assert "the remembered head" in done.err
    with pytest.raises(Exception, match="the remembered head"):
        import_key(log, key)


def test_an_import_waits_for_whoever_appends(folder: Path, files: KeyFiles) -> None:
    """It holds the lock that lies beside the key."""
    key = export_key(Log.open(folder))
    with Ledger.open(folder).session():
        done = claims("key", "import", "-", "--wait", "0.1", ledger=folder, stdin=key)
    assert is_refusal(done, 6)


# ── changing ─────────────────────────────────────────────────────────────────────────────────


def test_rotate_prints_both_keys_and_who_must_be_told(folder: Path) -> None:
    """The keys are data; what to do next is said beside them."""
    old = Log.open(folder).verifier_key
    done = call("key", "rotate", "--reason", "yearly", "--actor", "ben", ledger=folder)
    new = Log.open(folder).verifier_key
    assert (done.code, done.text) == (0, f"old {old}\nnew {new}\n")
    assert "Tell those who keep the old verifier key" in done.err
    (event,) = call("log", "--from", "1", ledger=folder).objects
    assert event["data"] == {"verifier_key": new, "note": "yearly"}
    assert (event["actor"], event["subject"]) == ("ben", f"ledger/{ORIGIN}")
    assert append(folder, 0).code == 0
    assert is_refusal(call("key", "rotate", "--note", " ", ledger=folder))
    assert call("view", "events", ledger=folder).code == 0


def test_a_former_key_put_back_signs_nothing(folder: Path, files: KeyFiles) -> None:
    """The old key in the new one's place, as from a backup: it says so, and what to do."""
    old = files.key.read_bytes()
    call("key", "rotate", ledger=folder)
    new = folder.parent / "new.key"
    call("key", "export", "-o", new, ledger=folder)
    files.key.write_bytes(old)
    before = snapshot(folder)
    for done in (append(folder, 0), call("key", "export", ledger=folder)):
        assert is_refusal(done)
        assert "it is a former key; another one signs since position 1" in done.err
        assert "claims key import FILE --replace" in done.err
    assert snapshot(folder) == before
    assert call("key", "import", "--replace", new, ledger=folder).code == 0
    assert append(folder, 0).code == 0
    assert verify_ledger(folder, strict=True).findings == ()


def test_a_backup_from_before_the_change_goes_on_with_the_retired_key(
    folder: Path, files: KeyFiles
) -> None:
    """Each refusal names the next step, and at the end the retired key signs what was restored."""
    backup = folder.parent / "backup"
    shutil.copytree(folder, backup)
    call("key", "rotate", ledger=folder)
    append(folder, 0)
    new = parse_key(files.key.read_bytes())
    (retired,) = files.all_retired()
    old = retired.read_bytes()
    accept = ("--accept-restored", "--reason", "the disk broke")

    assert is_refusal(append(backup, 1), 4)
    done = append(backup, 1, *accept)
    assert is_refusal(done)
    assert f"claims key import --replace '{retired}'" in done.err
    assert is_refusal(call("key", "import", retired, ledger=backup), 4)
    done = call("key", "import", "--replace", retired, ledger=backup)
    assert (done.code, "covers 3 events" in done.err) == (0, True)
    assert is_refusal(append(backup, 1), 4)
    done = append(backup, 1, *accept)
    assert done.code == 0, done.err
    assert verify_ledger(backup, strict=True).findings == ()
    assert (files.key.read_bytes(), files.retired(new.verifier()).is_file()) == (old, True)
    assert is_refusal(append(folder, 2), 4)
    assert call("key", "rotate", ledger=backup).code == 0
    assert verify_ledger(backup, strict=True).findings == ()


def test_a_restored_state_can_change_its_key_at_once(folder: Path) -> None:
    """`--accept-restored` is recorded before the change; it needs a reason."""
    backup = folder.parent / "backup"
    shutil.copytree(folder, backup)
    append(folder, 0)
    assert is_refusal(call("key", "rotate", ledger=backup), 4)
    assert is_refusal(call("key", "rotate", "--accept-restored", ledger=backup), 2, lines=2)
    done = call("key", "rotate", "--accept-restored", "--reason", "the disk broke", ledger=backup)
    assert done.code == 0, done.err
    types = [each["type"] for each in call("log", ledger=backup).objects]
    assert types[1:] == ["claims.ledger.restored.v1", "claims.key.rotated.v1"]
    assert verify_ledger(backup, strict=True).findings == ()


def test_a_key_that_others_can_read_is_told_of(folder: Path, files: KeyFiles) -> None:
    """A change of key says that the old one was exposed; the new one is closed."""
    files.key.chmod(0o644)
    done = call("key", "rotate", ledger=folder)
    assert "Others can read the signing key" in done.err
    assert mode(files.key) == 0o600
    assert "Others" not in call("key", "rotate", ledger=folder).err
