"""Verifying: whatever is changed on disk is found and named; nothing is repaired; no traceback."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_tools import ORIGIN, append, make_ledger, snapshot

from events.record import Draft
from events.values import Rating
from events.vocabulary import LedgerCreated, StatementAssessed
from ledger import segments
from ledger.errors import UsageFault
from ledger.heads import Auditor
from ledger.kept import keep_head
from ledger.keys import KeyFiles
from ledger.log import Log
from ledger.merkle import leaf_hashes, root_of
from ledger.note import COSIGNATURE, Note, SignerKey
from ledger.verify import verify_ledger
from ledger.writer import Writer

SEGMENT = f"{0:020d}.jsonl"


def flip(data: bytes, offset: int, mask: int) -> bytes:
    """The same bytes with one of them changed."""
    return data[:offset] + bytes([data[offset] ^ mask]) + data[offset + 1 :]


def test_a_whole_ledger_has_no_findings(tmp_path: Path) -> None:
    """A ledger that was closed verifies, strictly too, and says how far it is signed."""
    log = make_ledger(tmp_path / "l", 600, 1)
    result = verify_ledger(tmp_path / "l", strict=True)
    assert (result.size, result.signed_size, result.findings, result.notes) == (602, 602, (), ())
    assert result.root == root_of(leaf_hashes(log.lines())) == log.checkpoint.root


def test_a_changed_line_is_named_by_its_position(tmp_path: Path) -> None:
    """Where the stored tree is right, it tells which line is not."""
    make_ledger(tmp_path / "l", 300)
    path = tmp_path / "l" / "log" / SEGMENT
    path.write_bytes(path.read_bytes().replace(b'"speaker-77"', b'"speaker-78"'))
    findings = verify_ledger(tmp_path / "l").findings
    assert {one.position for one in findings if one.position is not None} == {77}
    assert any(one.what == "the leaf hash of a line" for one in findings)
    assert any("position 77" in str(one) for one in findings)


@pytest.mark.parametrize(("file", "index"), [("0", 259), ("1", 0)])
def test_a_changed_stored_hash_is_named_by_its_place(tmp_path: Path, file: str, index: int) -> None:
    """Where the lines have the signed root, it is the stored hash that is wrong."""
    make_ledger(tmp_path / "l", 300)
    path = tmp_path / "l" / "tree" / file
    path.write_bytes(flip(path.read_bytes(), 32 * index + 5, 1))
    (finding,) = verify_ledger(tmp_path / "l").findings
    assert (finding.file, finding.what) == (str(path), f"stored hash {index}")


def test_line_and_stored_hash_changed_together_are_found(tmp_path: Path) -> None:
    """Who changes a line and its stored hash has still not changed what was signed."""
    make_ledger(tmp_path / "l", 9)
    path, stored = tmp_path / "l" / "log" / SEGMENT, tmp_path / "l" / "tree" / "0"
    path.write_bytes(path.read_bytes().replace(b'"speaker-4"', b'"speaker-5"'))
    stored.write_bytes(b"".join(leaf_hashes(path.read_bytes().split(b"\n")[:-1])))
    findings = verify_ledger(tmp_path / "l").findings
    assert [one.what for one in findings] == ["the root hash of the first 10 lines"]


@pytest.mark.parametrize("where", [3, 150, 299])
def test_a_lost_line_is_found_where_it_was(tmp_path: Path, where: int) -> None:
    """A line that was taken out is named, without a finding for each line after it."""
    make_ledger(tmp_path / "l", *[1] * 299)
    path = tmp_path / "l" / "log" / SEGMENT
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(lines[:where] + lines[where + 1 :]))
    findings = verify_ledger(tmp_path / "l").findings
    assert min(one.position for one in findings if one.position is not None) == where
    assert len(findings) <= 4


def test_a_lost_segment_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hole between segments is named by the position that should follow."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 2000)
    make_ledger(tmp_path / "l", *[1] * 30)
    names = sorted((tmp_path / "l" / "log").iterdir())
    names[1].unlink()
    findings = verify_ledger(tmp_path / "l").findings
    assert findings[0].expected == f"position {int(names[1].stem)} at the beginning of a segment"


def test_what_is_not_signed_yet_is_a_note(tmp_path: Path) -> None:
    """Whole and torn batches beyond the head are notes, and findings only to the strict."""
    folder = tmp_path / "l"
    make_ledger(folder, 2)
    head, checkpoint = KeyFiles.of(ORIGIN).head, folder / "checkpoint"
    before = (head.read_bytes(), checkpoint.read_bytes())
    append(folder, 3)
    head.write_bytes(before[0])
    checkpoint.write_bytes(before[1])
    with (folder / "log" / SEGMENT).open("ab") as segment:
        segment.write(b'{"specversion"')
    result = verify_ledger(folder)
    assert (result.size, result.signed_size, result.findings) == (6, 3, ())
    assert result.root == root_of(leaf_hashes(Log.open(folder).lines()))
    assert result.notes == (
        "Positions 3 to 5 are not signed yet.",
        "14 bytes after position 5 are no whole batch.",
    )
    assert len(verify_ledger(folder, strict=True).findings) == 2


def test_a_missing_tree_is_a_note(tmp_path: Path) -> None:
    """The stored tree is a cache: that it is missing harms nobody."""
    make_ledger(tmp_path / "l", 2)
    shutil.rmtree(tmp_path / "l" / "tree")
    result = verify_ledger(tmp_path / "l")
    assert (result.findings, len(result.notes)) == ((), 1)
    assert len(verify_ledger(tmp_path / "l", strict=True).findings) == 1


@pytest.mark.parametrize("lost", ["checkpoint", "ledger.toml", "log", f"log/{SEGMENT}"])
def test_whatever_is_missing_is_a_finding(tmp_path: Path, lost: str) -> None:
    """A file that is not there is named."""
    make_ledger(tmp_path / "l", 2)
    path = tmp_path / "l" / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    findings = verify_ledger(tmp_path / "l").findings
    assert any(lost.partition("/")[0] in one.file for one in findings)


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    """What the system does not let us read is told, not thrown."""
    make_ledger(tmp_path / "l", 2)
    path = tmp_path / "l" / "checkpoint"
    path.unlink()
    path.mkdir()
    assert [one.file for one in verify_ledger(tmp_path / "l").findings] == [str(path)]


def test_a_folder_that_is_no_ledger_is_a_fault_of_usage(tmp_path: Path) -> None:
    """There must be something to verify."""
    with pytest.raises(UsageFault):
        verify_ledger(tmp_path)


def test_progress_is_told_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress goes up to the bytes that there are."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 2000)
    make_ledger(tmp_path / "l", *[1] * 30)
    total = sum(path.stat().st_size for path in (tmp_path / "l" / "log").iterdir())
    told: list[tuple[int, int]] = []
    verify_ledger(tmp_path / "l", progress=lambda done, all_: told.append((done, all_)))
    assert told[-1] == (total, total)
    assert told == sorted(told)


def test_a_kept_head_must_be_of_the_log(tmp_path: Path) -> None:
    """Heads in `checkpoints/` are held against the lines, and against the checkpoint."""
    folder = tmp_path / "l"
    make_ledger(folder, 2)
    old = (folder / "checkpoint").read_bytes()
    (folder / "checkpoints").mkdir()
    (folder / "checkpoints" / f"{3:020d}").write_bytes(old)
    append(folder, 2)
    assert verify_ledger(folder, strict=True).findings == ()
    (folder / "checkpoints" / f"{5:020d}").write_bytes((folder / "checkpoint").read_bytes())
    (folder / "checkpoint").write_bytes(old)
    KeyFiles.of(ORIGIN).head.unlink()
    (found,) = verify_ledger(folder).findings
    assert found.what == f"the checkpoint is older than the kept head {5:020d}"
    (folder / "checkpoints" / f"{3:020d}").rename(folder / "checkpoints" / f"{2:020d}")
    assert "a kept head" in [one.what for one in verify_ledger(folder).findings]


def test_cosigners_are_counted_by_the_keys_that_were_given(tmp_path: Path) -> None:
    """Enough of the named witnesses must have signed one head that is the log's."""
    folder = tmp_path / "l"
    log = make_ledger(folder, 2)
    keys = [SignerKey.generate(f"witness.example/{name}", COSIGNATURE) for name in "abc"]
    note = Note.parse((folder / "checkpoint").read_bytes())
    signed = tuple(key.cosign(note.text, 1_600_000_000) for key in keys[:2])
    keep_head(log, Note(note.text, (*note.signatures, *signed)).format())
    append(folder, 1)
    witnesses = [key.verifier() for key in keys]
    for needed, count in ((0, 2), (2, 2), (3, 0)):
        auditor = Auditor(witnesses=witnesses, cosigners_required=needed)
        found = verify_ledger(folder, strict=True, auditor=auditor)
        assert len(found.cosigners) == count
        assert found.cosigned_size == (3 if count else 0)
        assert len(found.findings) == (needed > count)


def test_a_second_first_event_is_found(tmp_path: Path) -> None:
    """Only the first event makes a ledger."""
    folder = tmp_path / "l"
    make_ledger(folder, 2)
    made = LedgerCreated(origin=ORIGIN, format_version=1, verifier_key="x")
    with Writer.open(folder, actor="ana") as writer:
        writer.append([Draft(data=made, subject=f"ledger/{ORIGIN}", actor="ana")])
    (found,) = verify_ledger(folder).findings
    assert found.position == 3


def test_a_whole_number_with_a_point_is_found(tmp_path: Path) -> None:
    """The same content is always written as the same bytes."""
    folder = tmp_path / "l"
    make_ledger(folder)
    rated = StatementAssessed(statement_id="s", assessor="a", rating=Rating(value=4.0))
    fine = StatementAssessed(statement_id="s", assessor="a 4.0,", rating=Rating(value=4.5))
    for number, data in enumerate((fine, rated), 1):
        with Writer.open(folder, actor="ana") as writer:
            writer.append([Draft(data=data, subject="statement/s", actor="ana")])
        assert [one.position for one in verify_ledger(folder).findings] == [2][: number - 1]


@pytest.fixture(scope="module")
def spoilable(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[Path, bytes]]:
    """A ledger to spoil, and how it was."""
    home = tmp_path_factory.mktemp("spoil")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        make_ledger(home / "l", 2, 1)
    return home / "l", snapshot(home / "l")


@settings(deadline=None)
@given(data=st.data())
def test_nothing_that_is_on_disk_makes_it_fail(
    spoilable: tuple[Path, dict[Path, bytes]], data: st.DataObject
) -> None:
    """Any bytes put anywhere, or taken from anywhere, are findings and never a traceback."""
    folder, whole = spoilable
    path = data.draw(st.sampled_from(sorted(whole)))
    start = data.draw(st.integers(0, len(whole[path])))
    end = data.draw(st.integers(start, min(start + 400, len(whole[path]))))
    put = data.draw(st.binary(max_size=40) | st.sampled_from([b"\n", b"[" * 3000, b"\0" * 5000]))
    spoilt = whole[path][:start] + put + whole[path][end:]
    path.write_bytes(spoilt)
    try:
        result = verify_ledger(folder, strict=True)
        harmless = "tree" in path.parts and spoilt.startswith(whole[path])
        assert result.findings or spoilt == whole[path] or harmless
    finally:
        path.write_bytes(whole[path])
