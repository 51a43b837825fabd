"""A witness cosigns a head only when it extends what they saw before, and never goes back."""

import json
import stat
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cli_tools import CLAIMS, Outcome, call, claims, is_refusal
from fork_tools import fork, grow, own_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_tools import ORIGIN, make_ledger, snapshot

from ledger.checkpoint import Checkpoint, sign_checkpoint
from ledger.cosign import cosignatures, parse_witness_key
from ledger.evidence import check_evidence
from ledger.log import Log
from ledger.note import Note, SignerKey, VerifierKey
from ledger.proof_files import ConsistencyProof, InclusionProof
from ledger.prove import prove_consistency, prove_inclusion
from ledger.witness_memory import WitnessMemory

BEN = "example.org/ben"


@dataclass
class Ben:
    """A witness at work, with a folder to write in."""

    key: VerifierKey
    room: Path

    def cosign(self, head: bytes, *options: str | Path, proof: bytes | None = None) -> Outcome:
        """Show him a head."""
        file = self.room / "head"
        file.write_bytes(head)
        if proof is not None:
            (self.room / "proof").write_bytes(proof)
            options = ("--proof", self.room / "proof", *options)
        return call("witness", "cosign", file, *options)

    def remembers(self) -> int:
        """The size that he remembers."""
        found = WitnessMemory.here().remembered(ORIGIN)
        return found[1].size if found else 0

    def signed(self, done: Outcome) -> bool:
        """Whether what came out is a head with his valid signature."""
        return done.code == 0 and len(cosignatures(Note.parse(done.out), [self.key])) == 1


@pytest.fixture
def ben(tmp_path: Path) -> Ben:
    """A witness with a key and no memory."""
    made = call("witness", "init", BEN)
    assert made.code == 0
    (tmp_path / "room").mkdir()
    return Ben(parse_witness_key(made.text.strip()), tmp_path / "room")


def consistency(log: Log, old: int) -> bytes:
    """A proof that the signed head of a log extends an older size."""
    path = prove_consistency(log, old, log.signed_size)
    proof = ConsistencyProof(old_size=old, path=tuple(path), checkpoint=log.extent.note)
    return proof.format()


def inclusion(log: Log, position: int) -> bytes:
    """A proof that an event lies in a log."""
    path = prove_inclusion(log, position, log.signed_size)
    proof = InclusionProof(
        index=position, path=tuple(path), checkpoint=log.extent.note, entry=log.line(position)
    )
    return proof.format()


# ── keys ─────────────────────────────────────────────────────────────────────────────────────


def test_a_witness_has_one_key_that_is_theirs_alone(ben: Ben) -> None:
    """The key is for its owner alone, of the type for cosignatures, and made only once."""
    memory = WitnessMemory.here()
    file = memory.folder / "example.org%2Fben.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(memory.folder.stat().st_mode) == 0o700
    assert memory.read_key().verifier() == ben.key
    assert memory.folder.name == "witness"
    before = snapshot(memory.folder)
    assert is_refusal(call("witness", "init", "example.org/other"), 4)
    assert snapshot(memory.folder) == before


@pytest.mark.parametrize("name", ["", "a b", "a+b", "ä", "x" * 201, "../up"])
def test_a_bad_name_is_refused(name: str) -> None:
    """Names that a key, a note or a file cannot carry."""
    assert is_refusal(call("witness", "init", name))
    assert not WitnessMemory.here().folder.exists()


def test_without_a_key_nothing_is_cosigned(tmp_path: Path) -> None:
    """Every command says what is missing."""
    log = make_ledger(tmp_path / "ledger", 1)
    head = log.folder / "checkpoint"
    for words in (("cosign", head), ("show",), ("trust", log.verifier_key)):
        assert is_refusal(call("witness", *words))


def test_a_garbled_key_is_told_without_showing_it(ben: Ben) -> None:
    """The secret never stands in an error."""
    file = next(WitnessMemory.here().folder.glob("*.key"))
    secret = file.read_text()
    file.write_text(secret[:-5])
    told = call("witness", "show")
    assert is_refusal(told)
    assert secret[-20:-6] not in told.err


# ── what is cosigned ─────────────────────────────────────────────────────────────────────────


def test_a_head_is_cosigned_while_the_log_grows(ben: Ben, tmp_path: Path) -> None:
    """The first head as it is, the same again, and a later one with its proof."""
    log = make_ledger(tmp_path / "ledger", 4)
    call("witness", "trust", log.verifier_key)

    assert ben.signed(ben.cosign(log.extent.note))
    assert ben.signed(ben.cosign(log.extent.note))
    later = grow(log, 3)
    done = ben.cosign(later, "-o", tmp_path / "cosigned", proof=consistency(log, 5))

    assert (done.code, done.out) == (0, b"")
    assert ben.remembers() == 8
    assert call("checkpoint", "--add", tmp_path / "cosigned", ledger=log.folder).code == 0


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_an_honest_log_is_always_cosigned(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, steps: list[int]
) -> None:
    """However it grows, each head is cosigned with a proof from the one before."""
    room = tmp_path_factory.mktemp("honest")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(room / "config"))
    ben = Ben(WitnessMemory.here().make_key(BEN), room)
    log = make_ledger(room / "ledger")
    assert ben.signed(ben.cosign(log.extent.note, "--vkey", log.verifier_key))
    for step in steps:
        old = log.signed_size
        later = grow(log, step)
        assert ben.signed(ben.cosign(later, proof=consistency(log, old)))
        assert ben.remembers() == log.signed_size


def test_only_heads_of_trusted_keys_are_looked_at(ben: Ben, tmp_path: Path) -> None:
    """An unknown key, a key of another log and a stranger's signature are refused."""
    log = make_ledger(tmp_path / "ledger", 4)
    assert is_refusal(ben.cosign(log.extent.note), lines=2)
    stranger = SignerKey.generate(ORIGIN)
    assert call("witness", "trust", stranger.verifier().format()).code == 0
    assert is_refusal(ben.cosign(log.extent.note), lines=2)
    assert ben.remembers() == 0
    assert ben.signed(ben.cosign(log.extent.note, "--vkey", log.verifier_key))
    shown = json.loads(call("witness", "show", "--json").out)
    assert shown["logs"] == [{
        "origin": ORIGIN, "vkeys": [stranger.verifier().format(), log.verifier_key],
        "size": 5, "root": log.checkpoint.root.hex(),
    }]  # fmt: skip
    assert call("witness", "show", "--head", ORIGIN).out == log.extent.note


def test_a_witness_key_is_not_trusted_as_that_of_a_log(ben: Ben) -> None:
    """The two types of key are told apart."""
    assert is_refusal(call("witness", "trust", ben.key.format()), 2)
    assert is_refusal(call("witness", "trust", "nonsense"), 2)
    assert is_refusal(call("witness", "show", "--head", ORIGIN))


def test_a_later_head_needs_a_proof_from_what_is_remembered(ben: Ben, tmp_path: Path) -> None:
    """No proof, a proof from elsewhere, for another head, of another kind or changed: refused."""
    log = make_ledger(tmp_path / "ledger", 4)
    ben.cosign(log.extent.note, "--vkey", log.verifier_key)
    between = grow(log, 1)
    for_between = consistency(log, 5)
    later = grow(log, 2)
    good = consistency(log, 5)
    lines = good.split(b"\n")
    without = b"\n".join([lines[0], *lines[2:]])
    flipped = good.replace(lines[1][:4], bytes([lines[1][0] ^ 1, *lines[1][1:4]]), 1)

    assert is_refusal(ben.cosign(later))
    for bad in (for_between, consistency(log, 4), consistency(log, 6), without, flipped,
                inclusion(log, 4), b"", b"old 5\n", later):  # fmt: skip
        assert is_refusal(ben.cosign(later, proof=bad)), bad
    assert ben.remembers() == 5
    assert ben.signed(ben.cosign(later, proof=good))
    assert is_refusal(ben.cosign(between, proof=for_between), 4, lines=2)
    assert ben.remembers() == 8


def test_the_memory_is_durable_before_the_cosignature_is_out(ben: Ben, tmp_path: Path) -> None:
    """Where the memory cannot be replaced there is no cosignature, and the old memory stands."""
    log = make_ledger(tmp_path / "ledger", 4)
    ben.cosign(log.extent.note, "--vkey", log.verifier_key)
    later = grow(log, 3)
    blocked = WitnessMemory.here().folder / "example.org%2Fclaims.head.new"
    blocked.mkdir()  # where the next memory would be written
    done = ben.cosign(later, "-o", tmp_path / "cosigned", proof=consistency(log, 5))
    assert is_refusal(done, 74)
    assert not (tmp_path / "cosigned").exists()
    assert ben.remembers() == 5


def test_a_garbled_memory_is_damage_and_not_none(ben: Ben, tmp_path: Path) -> None:
    """A witness whose memory cannot be read signs nothing."""
    log = make_ledger(tmp_path / "ledger", 4)
    ben.cosign(log.extent.note, "--vkey", log.verifier_key)
    folder = WitnessMemory.here().folder
    for name in ("example.org%2Fclaims.head", "example.org%2Fclaims.trusted"):
        data = (folder / name).read_bytes()
        for bad in (b"", data[:-9], b"\xff" * 40, data[:30] + b"x" + data[31:]):
            (folder / name).write_bytes(bad)
            done = ben.cosign(log.extent.note)
            assert done.code in {3, 5}, (name, bad)
            assert not done.out
            assert "Traceback" not in done.err
        (folder / name).write_bytes(data)
    assert ben.signed(ben.cosign(log.extent.note))


def test_no_output_is_overwritten(ben: Ben, tmp_path: Path) -> None:
    """A file that is there stops the command before anything is remembered."""
    log = make_ledger(tmp_path / "ledger", 4)
    call("witness", "trust", log.verifier_key)
    there = tmp_path / "there"
    there.write_text("mine")
    for option in ("-o", "--evidence"):
        assert is_refusal(ben.cosign(log.extent.note, option, there))
    assert there.read_text() == "mine"
    assert ben.remembers() == 0


def test_two_processes_never_sign_two_histories(ben: Ben, tmp_path: Path) -> None:
    """Shown both sides of a fork at once, a witness signs one of them and no more."""
    ours, theirs = fork(tmp_path, common=3, ours=2, theirs=2)
    call("witness", "trust", ours.verifier_key)
    running = [
        subprocess.Popen(
            [CLAIMS, "witness", "cosign", log.folder / "checkpoint", "--evidence", tmp_path / name],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for log, name in ((ours, "one"), (theirs, "other"))
    ]
    outs = [each.communicate()[0] for each in running]
    assert sorted(each.returncode for each in running) == [0, 1]
    assert sum(bool(out) for out in outs) == 1


# ── two histories ────────────────────────────────────────────────────────────────────────────


def test_another_root_of_the_same_size_is_evidence(ben: Ben, tmp_path: Path) -> None:
    """Nothing is signed or forgotten, and others can check what is written."""
    ours, theirs = fork(tmp_path, common=3, ours=2, theirs=2)
    ben.cosign(ours.extent.note, "--vkey", ours.verifier_key)
    memory = snapshot(WitnessMemory.here().folder)

    done = ben.cosign(theirs.extent.note, "--evidence", tmp_path / "evidence")

    assert (done.code, done.out) == (1, b"")
    assert "two histories" in done.err
    assert snapshot(WitnessMemory.here().folder) == memory
    found = check_evidence((tmp_path / "evidence").read_bytes(), ours.verifier)
    assert (found.kept, found.shown) == (ours.checkpoint, theirs.checkpoint)


@pytest.mark.parametrize("size", range(2, 18))
def test_a_longer_log_of_another_history_is_evidence(ben: Ben, tmp_path: Path, size: int) -> None:
    """At every remembered size: by the proof itself, or by an inclusion proof at powers of two."""
    ours, theirs = fork(tmp_path, common=1, ours=size - 1, theirs=size + 4)
    ben.cosign(ours.extent.note, "--vkey", ours.verifier_key)

    done = ben.cosign(theirs.extent.note, "--evidence", tmp_path / "one",
                      proof=consistency(theirs, size))  # fmt: skip
    if size & (size - 1) == 0:
        assert is_refusal(done, lines=2)
        assert f"claims prove {size - 1}" in done.err
        done = ben.cosign(theirs.extent.note, "--evidence", tmp_path / "one",
                          proof=inclusion(theirs, size - 1))  # fmt: skip

    assert (done.code, done.out, ben.remembers()) == (1, b"", size)
    found = check_evidence((tmp_path / "one").read_bytes(), ours.verifier)
    assert found.root == theirs.root_at(size)


def test_an_inclusion_proof_at_a_power_of_two_is_checked_whole(ben: Ben, tmp_path: Path) -> None:
    """It leads to the signed head or is refused; from an honest log it serves as well as any."""
    log = make_ledger(tmp_path / "ledger", 3)
    ben.cosign(log.extent.note, "--vkey", log.verifier_key)
    later = grow(log, 3)
    good = InclusionProof.parse(inclusion(log, 3))
    for bad in (
        replace(good, path=(*good.path[:-1], bytes(32))),
        replace(good, path=good.path[:-1]),
        replace(good, entry=log.line(2)),
        replace(good, entry=None),
        replace(good, index=2),
    ):
        done = ben.cosign(later, "--evidence", tmp_path / "no", proof=bad.format())
        assert is_refusal(done), bad
    assert ben.remembers() == 4
    assert ben.signed(ben.cosign(later, proof=good.format()))


def test_evidence_gets_a_name_that_nothing_has(
    ben: Ben, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a name it is written in the working directory, beside what is there."""
    ours, theirs = fork(tmp_path, common=3, ours=2, theirs=2)
    ben.cosign(ours.extent.note, "--vkey", ours.verifier_key)
    monkeypatch.chdir(ben.room)
    for _ in range(2):
        assert ben.cosign(theirs.extent.note).code == 1
    names = ("two-histories-5.json", "two-histories-5-2.json")
    assert [check_evidence(Path(name).read_bytes()).kept.size for name in names] == [5, 5]


def test_heads_of_different_keys_contradict_without_a_file(ben: Ben, tmp_path: Path) -> None:
    """Where no key signed both there is a finding, and no evidence in one file."""
    ours, theirs = fork(tmp_path, common=3, ours=2, theirs=2)
    next_key = SignerKey.generate(ORIGIN)
    ben.cosign(ours.extent.note, "--vkey", ours.verifier_key)
    shown = sign_checkpoint(theirs.checkpoint, next_key)
    done = ben.cosign(shown, "--vkey", next_key.verifier().format(),
                      "--evidence", tmp_path / "no")  # fmt: skip
    assert done.code == 1
    assert "no key of the log that is trusted signed both" in done.err
    assert not (tmp_path / "no").exists()


def test_a_head_over_a_change_of_key_is_known_by_either(ben: Ben, tmp_path: Path) -> None:
    """A head that two keys signed extends one of the first, and is extended by the second."""
    log = make_ledger(tmp_path / "ledger", 4)
    key, next_key = own_key(), SignerKey.generate(ORIGIN)
    ben.cosign(log.extent.note, "--vkey", log.verifier_key)
    grow(log, 1)
    text = log.checkpoint.format()
    both = Note(text, (key.sign(text), next_key.sign(text))).format()
    proof = consistency(log, 5).replace(log.extent.note, both)
    assert ben.signed(ben.cosign(both, proof=proof))
    same = sign_checkpoint(log.checkpoint, next_key)
    assert is_refusal(ben.cosign(same), lines=2)
    assert ben.signed(ben.cosign(same, "--vkey", next_key.verifier().format()))


def test_heads_of_many_logs_are_remembered_apart(ben: Ben, tmp_path: Path) -> None:
    """One log says nothing about another."""
    one = make_ledger(tmp_path / "one", 4)
    other = make_ledger(tmp_path / "other", 2, origin="example.org/other")
    for log in (one, other):
        assert ben.signed(ben.cosign(log.extent.note, "--vkey", log.verifier_key))
    lines = call("witness", "show").text
    assert "5 events" in lines
    assert "3 events" in lines


def test_a_head_of_one_event_is_cosigned_through_pipes(ben: Ben, tmp_path: Path) -> None:
    """`-` reads standard input; the note goes to standard output whole."""
    log = make_ledger(tmp_path / "ledger")
    done = claims("witness", "cosign", "-", "--vkey", log.verifier_key, stdin=log.extent.note)
    assert ben.signed(done)
    assert "1 event of" in done.err


def test_a_head_that_is_none_is_refused(ben: Ben) -> None:
    """Bytes of any kind are told in short lines."""
    text = Checkpoint(ORIGIN, 5, bytes(32)).format()
    for data in (b"", b"\xff", text.encode(), (text + "\n\u2014 x y\n").encode(), b"x" * 2_000_000):
        assert ben.cosign(data).code == 3
    assert is_refusal(call("witness", "cosign", "nowhere"), 2)
