"""`claims report`: what stands in it, and that the same ledger gives the same bytes."""

import hashlib
import os
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_tools import arguments, call
from report_tools import HERALD, Read, report, told_copy, told_once, told_report

from ledger.api import Ledger
from ledger.log import Log
from ledger.offline import check_proof_file

ABOVE_THE_HEAD = b'<section aria-labelledby="head">'


@pytest.fixture(scope="module")
def page() -> Read:
    """A report of all that was told."""
    return told_report()


@pytest.fixture
def ledger(tmp_path: Path, key_home: Path) -> Iterator[Ledger]:
    """A copy of the same ledger, to be written to."""
    with Ledger.open(told_copy(tmp_path / "ledger", key_home), actor="ana") as opened:
        yield opened


# ── what stands in it ────────────────────────────────────────────────────────────────────────


def test_every_statement_stands_with_its_words_in_context(page: Read) -> None:
    """Who claimed it, the quote marked within its sentence, the outlet, by which way, how late."""
    said = "//article[@id='statement-more-than']"
    claim = "Zamir Kabulov claimed, as a warning: There are more than 10,000 fighters."
    assert page.text(f"{said}//p[@class='claim']") == claim
    herald = f"{said}//figure[@id='report-r-herald']"
    assert page.text(f"{herald}//mark") == "More than ten thousand fighters"
    assert page.text(f"{herald}//blockquote") == " ".join(HERALD.split())
    told = page.text(f"{herald}//figcaption")
    assert "As reported by The Herald, 2017-12-26 (source 2, line 1), in indirect speech" in told
    assert "3 days after the first" in told
    assert "by way of TASS (“told TASS”)" in told
    assert "2 outlets, resting on 1 primary source: TASS" in page.text(f"{said}//dl")


def test_no_number_stands_without_who_claimed_it(page: Read) -> None:
    """The table and each statement give numbers with their hedge and their speaker."""
    rows = [" ".join(row.text_content().split()) for row in page.all("//table//tbody/tr")]
    assert any("more than 10,000" in row and "Zamir Kabulov" in row for row in rows)
    assert any("less than 3,000" in row and "Ministry of Defence" in row for row in rows)
    numbers = page.all("//ul[@class='numbers']/li")
    assert len(numbers) == 2
    assert all(re.search(r" claimed (more|less) than ", each.text_content()) for each in numbers)
    assert "Whether any of it is true, this report does not say" in page.text("//header")


def test_what_is_disputed_is_named(page: Read) -> None:
    """Denials, numbers that cannot both be true, doubts about who spoke, ratings of others."""
    disputed = page.text("//section[@aria-labelledby='disputed']")
    assert "“There are fewer than 3,000 fighters.” (statement 1) denies Zamir Kabulov" in disputed
    assert "claimed less than 3,000 for 2017-12 (statement 1); Zamir Kabulov claimed" in disputed
    assert "given to Ministry of Defence, inferred; it may also be TASS" in disputed
    assert "Ana on source 3: reliability B (A to F)" in disputed


@pytest.mark.slow
def test_silence_is_told_and_is_no_confirmation() -> None:
    """Before anybody denied it, the report says that nobody is recorded to have."""
    early = report(told_once() / "ledger", "--as-of", "12")
    disputed = early.text("//section[@aria-labelledby='disputed']")
    assert "The ledger holds no denial" in disputed
    assert "does not make it true" in disputed
    assert "corrected nothing" in early.text("//section[@aria-labelledby='corrections']")


def test_a_source_is_named_by_the_hash_of_its_bytes(page: Read) -> None:
    """Publisher, date and address, and the hash that `sha256sum` prints of the same file."""
    source = page.text("//li[@id='source-tass-1']")
    assert hashlib.sha256((told_once() / "tass.txt").read_bytes()).hexdigest() in source
    assert "TASS, 2017-12-23" in source
    assert page.all("//li[@id='source-tass-1']//a/@href")[0] == "https://tass.example/1"


def test_corrections_show_what_stood_before(page: Read) -> None:
    """The recorder's own error is told with reason, old and new text."""
    row = page.text("//section[@aria-labelledby='corrections']//tbody/tr")
    assert "statement/more-than" in row
    assert "The day stands in the dateline. (a slip in transcribing)" in row
    assert "said at: 2017-12 2017-12-23" in row


@pytest.mark.slow
def test_a_missing_document_is_told(ledger: Ledger) -> None:
    """Where the captured text is gone, the quote stands alone, and the report says why."""
    shutil.rmtree(ledger.log.folder / "documents")
    bare = report(ledger.log.folder, "--statement", "uncounted")
    assert bare.text("//blockquote") == "Nobody has counted them"
    assert "The captured text is not here" in bare.text("//figcaption")


def test_every_link_leads_somewhere(page: Read) -> None:
    """Statements, sources and marks of the chart refer to each other within the file."""
    assert len(page.ids) == len(set(page.ids))
    inside = {str(href) for href in page.all("//@href") if str(href).startswith("#")}
    assert {href.removeprefix("#") for href in inside} <= set(page.ids)
    marks = {str(href) for href in page.all("//*[local-name()='svg']//@href")}
    assert {"#statement-more-than", "#statement-fewer"} <= marks


def test_the_page_needs_and_allows_nothing_but_itself(page: Read) -> None:
    """The policy names the style and the script by hash; nothing is fetched."""
    policy = str(page.all("//meta[@http-equiv='Content-Security-Policy']/@content")[0])
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        [each] = page.all(f"//{tag}")
        digest = b64encode(hashlib.sha256(each.text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not {"link", "img", "iframe", "form", "object", "embed", "base", "input"} & page.tags
    assert not page.all("//@style | //@src | //@onclick | //@onload")
    style = page.exact("//style")
    assert "url(" not in style
    assert "@import" not in style


# ── the head ─────────────────────────────────────────────────────────────────────────────────


def test_the_head_is_the_signed_one(page: Read, tmp_path: Path) -> None:
    """The signed note stands there byte for byte; `claims verify` takes it as a kept head."""
    log = Log.open(told_once() / "ledger")
    note = page.exact("//pre[@id='signed-head']").encode()
    assert note == log.extent.note
    head = page.text("//section[@aria-labelledby='head']")
    for fact in (log.origin, log.checkpoint.root.hex(), log.verifier_key, f"{log.size} events"):
        assert fact in head
    (tmp_path / "kept").write_bytes(note)
    words = ("verify", "--log-only", "--checkpoint", tmp_path / "kept", "--vkey", log.verifier_key)
    assert call(*words, ledger=log.folder).code == 0


def test_a_later_log_is_proven_to_go_on_from_it(page: Read, ledger: Ledger) -> None:
    """As of its size it is the same above the head, and a proof leads from its root to the head."""
    log, size, moment = ledger.log, ledger.size, ledger.log.last_time.isoformat()
    ledger.submit({"command": "revise_statement", "statement_id": "fewer", "said_at": "2018",
                   "reason": "Another year."})  # fmt: skip
    then = report(log.folder, "--as-of", moment)
    assert then.data.partition(ABOVE_THE_HEAD)[0] == page.data.partition(ABOVE_THE_HEAD)[0]
    assert log.root_at(size).hex() in then.text("//section[@aria-labelledby='head']")
    proof = then.exact("//pre[@id='consistency']").encode()
    kept = page.exact("//pre[@id='signed-head']").encode()
    verdict = check_proof_file(proof, Log.open(log.folder).verifier, kept)
    assert (verdict.holds, verdict.old_size, verdict.size) == (True, size, size + 1)
    assert not page.all("//pre[@id='consistency']")


@pytest.mark.slow
def test_what_is_not_signed_yet_is_said(ledger: Ledger) -> None:
    """Events beyond the head, as a crash leaves them, are shown and called unsigned."""
    head = ledger.log.folder / "checkpoint"
    note = head.read_bytes()
    ledger.submit({"command": "register_speaker", "kind": "person", "name": "Later"})
    head.write_bytes(note)
    unsigned = report(ledger.log.folder, "--statement", "uncounted")
    assert "The last 1 event of what this document shows" in unsigned.text("//main")


# ── the same bytes ───────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_command_that_a_report_names_makes_the_same_bytes(tmp_path: Path) -> None:
    """Whoever runs it, wherever and in whatever time zone."""
    folder = told_once() / "ledger"
    here = report(
        folder, "--title", "It’s a 'question'", "--where", "said_at is not null", "-m", "fighters"
    )
    [command] = [each for each in here.commands() if each.startswith("claims report")]
    there = {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "CLAIMS_ACTOR": "bo", "LC_ALL": "C.UTF-8"}
    path = f"{Path(arguments([])[0]).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False,
        env={**os.environ, **there, "CLAIMS_LEDGER": str(folder), "PATH": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again.html").read_bytes() == here.data
