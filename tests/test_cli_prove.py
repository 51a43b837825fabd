"""`claims prove` as a person uses it: what it writes, what it says, and what it refuses."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from cli_tools import FIVE, arguments, call, is_refusal, log_bytes
from log_tools import ORIGIN, append, make_ledger

from events.codec import decode_event, encode_tombstone
from events.vocabulary import Redacted
from ledger.api import Ledger
from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.kept import keep_head
from ledger.keys import KeyFiles
from ledger.log import Log
from ledger.merkle import leaf_hash
from ledger.note import COSIGNATURE, Note, SignerKey, VerifierKey
from ledger.offline import check_proof_file
from ledger.proof_files import ConsistencyProof, InclusionProof, parse_proof


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger of 6 events."""
    make_ledger(tmp_path / "ledger", 2, 3)
    return tmp_path / "ledger"


INDEPENDENT = Path(__file__).with_name("independent_verifier.py")


def test_code_that_is_not_ours_checks_a_proof(folder: Path, tmp_path: Path) -> None:
    """The verifier written from the specification takes the file, and not a changed one."""
    file, key = tmp_path / "2.tlog-proof", key_of(folder).format()
    call("prove", "2", "-o", file, ledger=folder)
    run = [sys.executable, str(INDEPENDENT), str(file), key]
    assert subprocess.run(run, check=False, capture_output=True).returncode == 0
    file.write_bytes(file.read_bytes().replace(b"index 2", b"index 3"))
    assert subprocess.run(run, check=False, capture_output=True).returncode == 1


def key_of(folder: Path) -> VerifierKey:
    """The ledger's key."""
    return VerifierKey.parse(Log.open(folder).verifier_key)


# ── events ───────────────────────────────────────────────────────────────────────────────────


def test_a_position_is_proven_to_a_pipe(folder: Path) -> None:
    """The proof goes to standard output, and what it proves to standard error."""
    done = call("prove", "2", ledger=folder)
    assert done.code == 0
    verdict = check_proof_file(done.out, key_of(folder))
    assert verdict.event is not None
    assert verdict.event.line.encode() == log_bytes(folder).split(b"\n")[2]
    assert "Position 2, claims.speaker.registered.v1 of speaker/speaker-2" in done.err
    assert f"--vkey {key_of(folder).format()}" in done.err


def test_a_thing_is_proven_by_the_event_that_made_it(tmp_path: Path) -> None:
    """An id, its beginning and a name lead to the event that recorded the thing."""
    with Ledger.create(tmp_path / "ledger", origin=ORIGIN, actor="ana") as ledger:
        ledger.submit(FIVE)
        events = list(ledger.events())
        proofs = [ledger.prove(position) for position in range(len(events))]
    made = {event.subject: event for event in events[:-1]}
    statement = made["statement/number-2017"]
    for text in ("number-2017", "number-20", "statement/number-2017"):
        done = call("prove", text, ledger=tmp_path / "ledger")
        assert done.code == 0, done.err
        assert InclusionProof.parse(done.out).index == statement.position
    speaker = call("prove", "Zamir Kabulov", ledger=tmp_path / "ledger")
    assert InclusionProof.parse(speaker.out).index == made["speaker/zamir-kabulov"].position
    assert speaker.out == proofs[made["speaker/zamir-kabulov"].position]
    assert is_refusal(call("prove", "nobody", ledger=tmp_path / "ledger"), lines=2)


def test_a_proof_is_written_to_a_new_file_only(folder: Path, tmp_path: Path) -> None:
    """With -o it goes to that file, unless there is one."""
    file = tmp_path / "two.tlog-proof"
    assert call("prove", "2", "-o", file, ledger=folder).out == b""
    assert check_proof_file(file.read_bytes(), key_of(folder)).holds
    before = file.read_bytes()
    assert is_refusal(call("prove", "3", "-o", file, ledger=folder), lines=2)
    assert file.read_bytes() == before
    assert is_refusal(call("prove", "3", "-o", tmp_path / "no" / "x", ledger=folder), lines=2)


def test_on_a_terminal_it_goes_to_a_file_named_for_it(folder: Path, tmp_path: Path) -> None:
    """A person at a terminal finds `2.tlog-proof` in the folder where they stand."""
    main, terminal = pty.openpty()
    try:
        for expected in (0, 3):
            done = subprocess.run(
                arguments(["prove", "2"], folder), stdout=terminal, stderr=subprocess.PIPE,
                cwd=tmp_path, env=dict(os.environ), check=False, timeout=60,
            )  # fmt: skip
            assert done.returncode == expected, done.stderr
    finally:
        os.close(main)
        os.close(terminal)
    assert check_proof_file((tmp_path / "2.tlog-proof").read_bytes(), key_of(folder)).holds
    assert b"2.tlog-proof is there already" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "lines"),
    [
        (["6"], 3, 2), (["99999999999999999999"], 3, 2), ([], 2, 2),
        (["2", "--consistency", "3"], 2, 2), (["2", "--size", "4"], 3, 2),
        (["2", "--size", "7"], 3, 2), (["--consistency", "0"], 3, 2),
        (["--consistency", "7"], 3, 2), (["--consistency", "no-such-file"], 2, 3),
    ],
)  # fmt: skip
def test_what_cannot_be_proven_is_refused(
    folder: Path, words: list[str], code: int, lines: int
) -> None:
    """Two or three short lines, the exit code, and nothing on standard output."""
    assert is_refusal(call("prove", *words, ledger=folder), code, lines=lines)


def test_an_older_head_that_is_kept_can_be_led_to(folder: Path) -> None:
    """With --size the proof stands under a head that others cosigned, with their signatures."""
    witness = SignerKey.generate("witness.example", COSIGNATURE)
    log = Log.open(folder)
    note = Note.parse(log.extent.note)
    cosignature = witness.cosign(note.text, 1_700_000_000)
    keep_head(log, Note(note.text, (*note.signatures, cosignature)).format())
    now = call("prove", "2", ledger=folder)
    append(folder, 4)
    then = call("prove", "2", "--size", "6", ledger=folder)
    assert then.out == now.out
    verdict = check_proof_file(then.out, key_of(folder), cosigners=[witness.verifier()])
    assert (verdict.holds, verdict.size, verdict.cosigners) == (True, 6, ("witness.example",))
    newest = check_proof_file(call("prove", "2", ledger=folder).out, key_of(folder))
    assert (newest.holds, newest.size, newest.others) == (True, 10, ())
    assert is_refusal(call("prove", "8", "--size", "6", ledger=folder), lines=2)


def test_a_kept_head_of_another_history_is_damage(folder: Path) -> None:
    """A head in checkpoints/ that the log does not have the root of proves nothing."""
    append(folder, 2)
    wrong = sign_checkpoint(Checkpoint(ORIGIN, 4, leaf_hash(b"")), secret_key())
    (folder / "checkpoints").mkdir(exist_ok=True)
    (folder / "checkpoints" / f"{4:020d}").write_bytes(wrong)
    assert is_refusal(call("prove", "2", "--size", "4", ledger=folder), 5)


def test_an_erased_event_is_proven_by_its_leaf_hash(folder: Path) -> None:
    """Where a tombstone stands the proof hands no event on, and holds for the leaf hash."""
    segment = next((folder / "log").glob("*.jsonl"))
    lines = segment.read_bytes().split(b"\n")
    leaf = leaf_hash(lines[2])
    redacted = Redacted(redacted_by=5, leaf_hash=leaf.hex())
    lines[2] = encode_tombstone(decode_event(lines[2]), redacted)
    segment.write_bytes(b"\n".join(lines))
    done = call("prove", "2", ledger=folder)
    assert done.code == 0, done.err
    assert InclusionProof.parse(done.out).entry is None
    assert "the proof hands no event on" in done.err
    assert leaf.hex() in done.err
    assert check_proof_file(done.out, key_of(folder), leaf=leaf).holds
    assert check_proof_file(call("prove", "3", ledger=folder).out, key_of(folder)).holds


def test_a_changed_line_is_damage(folder: Path) -> None:
    """Of a line that is not what was signed there is no proof."""
    segment = next((folder / "log").glob("*.jsonl"))
    segment.write_bytes(segment.read_bytes().replace(b"Somebody", b"Somebird", 2))
    assert is_refusal(call("prove", "2", ledger=folder), 5)


# ── older heads ──────────────────────────────────────────────────────────────────────────────


def secret_key() -> SignerKey:
    """The key that the ledger of a test signs with."""
    return SignerKey.parse(KeyFiles.of(ORIGIN).key.read_text("ascii").strip())


def test_a_log_is_proven_to_go_on_from_a_size_or_a_head(folder: Path, tmp_path: Path) -> None:
    """OLD is a size, or the file of a head that somebody kept; both give the same proof."""
    kept = tmp_path / "kept"
    kept.write_bytes((folder / "checkpoint").read_bytes())
    append(folder, 9)
    by_size = call("prove", "--consistency", "6", ledger=folder)
    by_head = call("prove", "--consistency", kept, ledger=folder)
    assert (by_size.code, by_head.code) == (0, 0)
    assert by_size.out == by_head.out
    assert isinstance(parse_proof(by_head.out), ConsistencyProof)
    verdict = check_proof_file(by_head.out, key_of(folder), kept.read_bytes())
    assert (verdict.holds, verdict.old_size, verdict.size) == (True, 6, 15)


def test_a_log_that_does_not_go_on_is_the_finding(folder: Path, tmp_path: Path) -> None:
    """A head of another history, or of more events, gives exit code 1 and no proof."""
    kept, out = tmp_path / "kept", tmp_path / "out"
    kept.write_bytes(sign_checkpoint(Checkpoint(ORIGIN, 4, leaf_hash(b"")), secret_key()))
    rewritten = call("prove", "--consistency", kept, "-o", out, ledger=folder)
    assert (rewritten.code, rewritten.out) == (1, b"")
    assert "rewritten below size 4" in rewritten.err
    kept.write_bytes(sign_checkpoint(Checkpoint(ORIGIN, 40, leaf_hash(b"")), secret_key()))
    cut = call("prove", "--consistency", kept, "-o", out, ledger=folder)
    assert (cut.code, cut.out) == (1, b"")
    assert "cut back" in cut.err
    assert not out.exists()


def test_a_head_of_another_ledger_is_refused(folder: Path, tmp_path: Path) -> None:
    """Garbage, a foreign origin and a foreign key are input that means nothing here."""
    foreign = SignerKey.generate("example.org/other")
    same_name = SignerKey.generate(ORIGIN)
    for number, data in enumerate((
        b"garbage", b"",
        sign_checkpoint(Checkpoint("example.org/other", 4, bytes(32)), foreign),
        sign_checkpoint(Log.open(folder).checkpoint, same_name),
    )):  # fmt: skip
        kept = tmp_path / f"kept-{number}"
        kept.write_bytes(data)
        assert is_refusal(call("prove", "--consistency", kept, ledger=folder), 3)


def test_a_proof_needs_no_signing_key(folder: Path, key_home: Path) -> None:
    """Whoever can read the ledger can prove what stands in it."""
    for path in (key_home / "claims-ledger" / "keys").iterdir():
        path.unlink()
    done = call("prove", "2", ledger=folder)
    assert check_proof_file(done.out, key_of(folder)).holds
