"""`claims verify` as people and scripts run it: what was checked, what is wrong, and exit codes."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from cli_tools import FIVE, Command, call, is_refusal

from ledger.api import Ledger
from ledger.note import COSIGNATURE, SignerKey


@pytest.fixture
def beforehand() -> Sequence[Command]:
    """Every ledger here has the five commands of the design."""
    return FIVE


@pytest.fixture
def filled(ledger: Ledger) -> Path:
    """A ledger with some events, and its views built."""
    return ledger.log.folder


def key_of(folder: Path) -> str:
    """The verifier key, as it is handed round."""
    return next(
        line.split('"')[1]
        for line in (folder / "ledger.toml").read_text().splitlines()
        if line.startswith("verifier_key")
    )


def test_it_says_what_was_checked_and_what_was_not(filled: Path) -> None:
    """Words go to standard error, the verdict to standard output."""
    done = call("verify", ledger=filled)
    assert (done.code, done.text.startswith("Verified: 7 events, root ")) == (0, True)
    assert "checked: 7 events, tree and signature" in done.error
    assert any(line.startswith("not checked: whose key it is") for line in done.error)
    done = call("verify", "--log-only", "--vkey", key_of(filled), ledger=filled)
    assert "not checked: the data of the events, documents, quotes, references, views" in done.error
    assert not any("whose key" in line for line in done.error)


@pytest.mark.slow
def test_json_has_counts_and_findings(filled: Path) -> None:
    """One object, for scripts; hashes in hex."""
    (found,) = call("verify", "--json", ledger=filled).objects
    assert (found["size"], found["signed_size"], found["findings"]) == (7, 7, [])
    assert (found["key_given"], found["redactions"], found["documents"]) == (False, 0, 0)
    assert len(bytes.fromhex(found["root"])) == 32
    assert found["seconds"] > 0
    path = filled / "log" / f"{0:020d}.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Zamir", b"Samir"))
    done = call("verify", "--json", ledger=filled)
    assert done.code == 1
    first = json.loads(done.out)["findings"][0]
    assert set(first) == {"what", "file", "position", "expected", "found"}
    assert first["position"] == 1


def test_a_proof_is_checked_with_no_ledger(filled: Path, tmp_path: Path) -> None:
    """It shows the event; with another key, or a changed byte, it shows nothing."""
    proof, key = tmp_path / "1.tlog-proof", key_of(filled)
    assert call("prove", "1", "-o", proof, ledger=filled).code == 0
    done = call("verify", "--proof", proof, "--vkey", key)
    assert (done.code, "Proven: position 1 is in the log" in done.text) == (0, True)
    (told,) = call("verify", "--proof", proof, "--vkey", key, "--json").objects
    assert (told["holds"], told["position"], told["size"]) == (True, 1, 7)
    other = SignerKey.generate("example.org/test").verifier().format()
    assert call("verify", "--proof", proof, "--vkey", other).code == 1
    proof.write_bytes(proof.read_bytes().replace(b"index 1", b"index 2"))
    done = call("verify", "--proof", proof, "--vkey", key)
    assert (done.code, "It proves nothing." in done.text) == (1, True)


def test_a_kept_head_that_the_log_goes_on_from_is_no_finding(
    filled: Path, tmp_path: Path, ledger: Ledger
) -> None:
    """Whoever kept a head sees that the log only grew; the proof of it needs no ledger."""
    kept, proof = tmp_path / "kept", tmp_path / "since"
    kept.write_bytes((filled / "checkpoint").read_bytes())
    ledger.submit({"command": "register_speaker", "kind": "person", "name": "Somebody"})
    assert call("verify", "--log-only", "--checkpoint", kept, ledger=filled).code == 0
    assert call("prove", "--consistency", kept, "-o", proof, ledger=filled).code == 0
    words = ("verify", "--proof", proof, "--vkey", key_of(filled))
    assert call(*words, "--checkpoint", kept).code == 0
    assert is_refusal(call(*words), 2, lines=2)


def test_no_cosigner_is_a_finding_where_one_is_required(filled: Path) -> None:
    """The witness is named by its key."""
    witness = SignerKey.generate("witness.example/w", COSIGNATURE).verifier().format()
    words = ("verify", "--log-only", "--witness", witness, "--require-cosigners", "1")
    done = call(*words, ledger=filled)
    assert (done.code, "cosignatures of a head" in done.text) == (1, True)


@pytest.mark.parametrize(
    "words",
    [
        ("--vkey", "nonsense"), ("--witness", "nonsense"), ("--require-cosigners", "1"),
        ("--checkpoint", "/nowhere"), ("--proof", "/nowhere"), ("--evidence", "/nowhere"),
        ("--proof", __file__),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(filled: Path, words: tuple[str, ...]) -> None:
    """With 2, in a few lines that say what to do."""
    done = call("verify", *words, ledger=filled)
    assert (done.code, done.out, "Traceback" in done.err) == (2, b"", False)
    assert done.error[-1].startswith("   do: ")


def test_garbage_shows_nothing(tmp_path: Path) -> None:
    """Neither as a proof nor as evidence, and it is no bug."""
    path = tmp_path / "garbage"
    path.write_bytes(b"\xff\x00{")
    key = SignerKey.generate("example.org/test").verifier().format()
    assert call("verify", "--proof", path, "--vkey", key).code == 1
    assert call("verify", "--evidence", path).code == 1
