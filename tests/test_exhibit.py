"""`claims exhibit`: one statement, its history and its proof, which is taken out and checked."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_tools import arguments, call, is_refusal
from report_tools import Read, exhibit, told_copy, told_exhibit, told_once

from ledger.api import Ledger
from ledger.log import Log
from ledger.merkle import leaf_hash
from ledger.proofs import inclusion_path
from ledger.report.steps import steps_to_root

INDEPENDENT = Path(__file__).with_name("independent_verifier.py")
FOLDER = told_once() / "ledger"
PROOFS = "//section[@aria-labelledby='proof']"
RECORDED, RELATED, REVISED = 11, 14, 16  # the positions of the events about the statement


@pytest.fixture(scope="module")
def page() -> Read:
    """An exhibit of the statement that was corrected."""
    return told_exhibit()


@pytest.fixture(scope="module")
def log() -> Log:
    """The log that it is from."""
    return Log.open(FOLDER)


@pytest.fixture
def ledger(tmp_path: Path, key_home: Path) -> Iterator[Ledger]:
    """A copy of the same ledger, to be written to."""
    with Ledger.open(told_copy(tmp_path / "ledger", key_home), actor="ana") as opened:
        yield opened


# ── what stands in it ────────────────────────────────────────────────────────────────────────


def test_it_shows_the_statement_with_every_report_and_what_disputes_it(page: Read) -> None:
    """Who claimed it, both outlets with their words, the denial, the sources' hashes."""
    claim = "Zamir Kabulov claimed, as a warning, 2017-12-23: There are more than 10,000 fighters."
    assert page.text("//p[@class='claim']") == claim
    marked = [each.text_content() for each in page.all("//mark")]
    assert marked == ["Their number exceeds 10,000 and grows", "More than ten thousand fighters"]
    disputed = page.text("//section[@aria-labelledby='disputed']")
    assert "(not in this document: fewer) denies Zamir Kabulov’s claim" in disputed
    herald = hashlib.sha256((told_once() / "herald.txt").read_bytes()).hexdigest()
    assert herald in page.text("//li[@id='source-herald-1']")
    drawn = [" ".join(each.text_content().split()) for each in page.all("//figure/*[1]")]
    assert any("How a claim of Zamir Kabulov spread" in each for each in drawn)


def test_its_history_shows_what_was_corrected(page: Read) -> None:
    """Recorded, related, revised: each with its position, and the fields before and after."""
    rows = page.all("//section[@aria-labelledby='past']//tbody/tr")
    positions = [int(row.xpath("th")[0].text_content()) for row in rows]
    assert positions == [RECORDED, RELATED, REVISED]
    told = " ".join(rows[-1].text_content().split())
    assert "The day stands in the dateline." in told
    assert rows[-1].xpath(".//del")[0].text_content() == "2017-12"
    assert rows[-1].xpath(".//ins")[0].text_content() == "2017-12-23"


@pytest.mark.slow
def test_a_report_or_an_estimate_means_its_statement(page: Read) -> None:
    """The beginning of an id is enough; another thing is refused."""
    assert exhibit(FOLDER, "r-herald").data == page.data
    assert is_refusal(call("exhibit", "tass-1", ledger=FOLDER), lines=2)
    assert is_refusal(call("exhibit", "nobody", ledger=FOLDER), lines=2)
    assert is_refusal(call("exhibit", "more-than", "--as-of", "5", ledger=FOLDER), lines=2)


@pytest.mark.slow
def test_an_earlier_moment_shows_the_earlier_form() -> None:
    """As of a size before the correction the statement stands as it did, with its proof."""
    early = exhibit(FOLDER, "more-than", "--as-of", str(RECORDED + 1))
    assert "as a warning, 2017-12: There" in early.text("//p[@class='claim']")
    assert not early.all("//del")
    assert early.all(f"//pre[@id='proof-{RECORDED}']")


# ── the proof ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("position", [RECORDED, REVISED, 6])
def test_a_proof_is_cut_out_and_verified_by_code_that_is_not_ours(
    page: Read, log: Log, tmp_path: Path, position: int
) -> None:
    """Proof and leaf come out of the page exactly; one changed byte, and nothing is proven."""
    file = tmp_path / "cut.tlog-proof"
    proof = page.exact(f"//pre[@id='proof-{position}']")
    file.write_text(proof)
    key = log.verifier_key
    run = [sys.executable, str(INDEPENDENT), str(file), key]
    assert subprocess.run(run, check=False, capture_output=True).returncode == 0
    assert call("verify", "--proof", file, "--vkey", key).code == 0
    leaf = page.exact(f"//pre[@id='leaf-{position}']").encode()
    assert leaf == log.line(position)
    assert leaf_hash(leaf).hex() in page.text(f"//pre[@id='leaf-{position}']/following::code")
    file.write_text(proof.replace(f"index {position}", f"index {position + 1}"))
    assert subprocess.run(run, check=False, capture_output=True).returncode == 1
    assert call("verify", "--proof", file, "--vkey", key).code == 1


@pytest.mark.slow
def test_every_command_that_it_gives_does_what_it_says(
    page: Read, log: Log, tmp_path: Path
) -> None:
    """Run as they stand, in their order: with `claims`, then with common tools alone."""
    for tool in ("xxd", "openssl", "sha256sum", "base64"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    (tmp_path / "exhibit.html").write_bytes(page.data)
    path = f"{Path(arguments([])[0]).parent}:{os.environ['PATH']}"
    said: list[str] = []
    for command in page.commands():
        filled = command
        if "LEFT RIGHT" in command:
            steps = page.all("//table[@class='way']//tbody/tr")
            last = [cell.text_content() for cell in steps[-1].xpath("td")]
            filled = command.replace("LEFT RIGHT", f"{last[0]} {last[1]}")
        done = subprocess.run(
            ["bash", "-c", filled], cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**os.environ, "CLAIMS_LEDGER": str(FOLDER), "PATH": path},
        )  # fmt: skip
        assert done.returncode == 0, (filled, done.stderr)
        said.append(done.stdout)
    _, verified, _, _, leaf, root, signed, signature = said
    assert f"Proven: position {RECORDED} is in the log" in verified
    assert (tmp_path / "again.html").read_bytes() == page.data
    assert (tmp_path / "leaf").read_bytes() == log.line(RECORDED)
    assert leaf.split()[0] == leaf_hash(log.line(RECORDED)).hex()
    assert root.split()[0] == signed == log.checkpoint.root.hex()
    assert "Signature Verified Successfully" in signature


def test_each_step_leads_to_the_next_and_the_last_to_the_root(page: Read, log: Log) -> None:
    """The table can be done again by hand, from the leaf hash up."""
    found = leaf_hash(log.line(RECORDED)).hex()
    for row in page.all("//table[@class='way']//tbody/tr"):
        left, right, node = (cell.text_content() for cell in row.xpath("td"))
        assert found in (left, right)
        together = b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)
        found = hashlib.sha256(together).hexdigest()
        assert found == node
    assert found == log.checkpoint.root.hex()


def test_steps_lead_to_the_root_of_every_small_tree() -> None:
    """Whatever the size and the place in it."""
    leaves = [leaf_hash(bytes([number])) for number in range(20)]

    def root(first: int, last: int) -> bytes:
        if last - first == 1:
            return leaves[first]
        split = first + (1 << (last - first - 1).bit_length() - 1)
        pair = root(first, split) + root(split, last)
        return hashlib.sha256(b"\x01" + pair).digest()

    for size in range(1, 21):
        for index in range(size):
            path = inclusion_path(
                lambda level, at: root(at << level, (at + 1) << level), index, size
            )
            steps = list(steps_to_root(leaves[index], index, size, path))
            assert len(steps) == len(path)
            assert (steps[-1].node if steps else leaves[index]) == root(0, size)


def test_where_the_head_does_not_reach_there_is_no_proof_and_it_says_so(ledger: Ledger) -> None:
    """A correction beyond the signed head is shown, and called unproven; what is before is not."""
    head = ledger.log.folder / "checkpoint"
    note = head.read_bytes()
    ledger.submit({"command": "revise_statement", "statement_id": "fewer", "said_at": "2018",
                   "reason": "Another year."})  # fmt: skip
    head.write_bytes(note)
    page = exhibit(ledger.log.folder, "fewer")
    assert "There is no proof yet of position 17" in page.text(PROOFS)
    assert page.all("//pre[@id='proof-12']")
    assert not page.all("//pre[@id='proof-17']")


@pytest.mark.slow
def test_a_statement_that_no_head_covers_is_shown_without_proof(ledger: Ledger) -> None:
    """Only its source, which was recorded before, is proven."""
    head = ledger.log.folder / "checkpoint"
    note = head.read_bytes()
    ledger.submit({"command": "record_statement", "statement_id": "new", "speaker_id": "tass",
                   "proposition": "So.", "reports": [
                       {"source_id": "desk-1", "quote": "Kabul denied it",
                        "quote_mode": "indirect"}]})  # fmt: skip
    head.write_bytes(note)
    page = exhibit(ledger.log.folder, "new")
    assert "no proof yet of position 17" in page.text(PROOFS)
    assert page.all("//pre/@id")[-1] == "proof-10"


@pytest.mark.slow
def test_what_was_erased_leaves_no_trace_in_it(ledger: Ledger) -> None:
    """A correction whose content was erased is gone from history and proofs; the rest is proven."""
    ledger.redact(REVISED, authority="A court", reason="Ordered.")
    with Ledger.open(ledger.log.folder, actor="ana"):
        page = exhibit(ledger.log.folder, "more-than")
    assert "The day stands in the dateline." not in page.data.decode()
    assert re.findall(r'id="proof-([0-9]+)"', page.data.decode())[0] == str(RECORDED)
    assert not page.all(f"//pre[@id='proof-{REVISED}']")
