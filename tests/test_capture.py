"""`claims capture` on files: what is kept, what can be quoted, and what is refused."""

import dataclasses
import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_tools import Outcome, call, claims, events, is_refusal, ndjson
from documents_made import PAGE, SRT, VTT, locked_pdf, pdf, pdf_of, word, write
from ready_ledgers import copy_of

from ledger.api import Ledger
from ledger.documents import Document, read_document
from ledger.errors import Refused
from ledger.extract.apart import Limits, extract_apart
from ledger.given import prepare_read

MADE: dict[str, Callable[[], bytes]] = {
    "page.html": PAGE.encode,
    "report.pdf": lambda: pdf("First page.", "The number of militants", "exceeds 10,000 now."),
    "letter.docx": lambda: word(
        ["Of the envoy:", "The number of militants exceeds 10,000."],
        [["Region", "Fighters"], ["North", "2,000"]],
    ),
    "talk.vtt": VTT.encode,
    "talk.srt": SRT.encode,
    "notes.md": lambda: b"# Notes\n\nThe number of militants exceeds 10,000.\n",
}
QUOTE = "The number of militants exceeds 10,000"
SPEAKER = {"command": "register_speaker", "speaker_id": "z", "kind": "person", "name": "Z"}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger into which nothing is recorded."""
    folder = tmp_path_factory.mktemp("untouched")
    return copy_of((), folder / "ledger", folder / "config")


def made(folder: Path, name: str) -> Path:
    """One of the documents."""
    return write(folder / name, MADE[name]())


def capture(ledger: Ledger, *words: str | Path) -> Outcome:
    """Run `claims capture`."""
    return call("capture", *words, ledger=ledger.log.folder)


def kept(ledger: Ledger, sha256: str) -> bytes:
    """A kept file, by its hash."""
    return (ledger.log.folder / "documents" / sha256[:2] / sha256).read_bytes()


def quoting(source: str, quote: str) -> dict[str, Any]:
    """A statement with a quote from a source."""
    return {
        "command": "record_statement", "statement_id": "s", "speaker_id": "z",
        "proposition": "There are more than 10,000.",
        "reports": [{"source_id": source, "quote": quote}],
    }  # fmt: skip


SHEET = """\
source: {id: page, document: page.html}
statements:
  - {speaker: narrator, proposition: Words stood here., quote: Old words}
"""


# ── every kind ───────────────────────────────────────────────────────────────────────────────


# Media type, extractor, and where the quote stands as `claims show` says it.
SHOWN = {
    "page.html": ("text/html", "trafilatura", "line 2"),
    "report.pdf": ("application/pdf", "pypdf", "line 3, page=2"),
    "letter.docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "python-docx",
        "line 4",
    ),
    "talk.vtt": ("text/vtt", "transcript", "line 2, t=4.5,7.25"),
    "talk.srt": ("application/x-subrip", "transcript", "line 1, t=1,7.25"),
    "notes.md": ("text/markdown", "utf-8", "line 3"),
}


@pytest.mark.slow
def test_each_kind_is_kept_quoted_and_verified(ledger: Ledger, tmp_path: Path) -> None:
    """Bytes as they came, text by its hash; a quote is found across lines, pages and cues."""
    said = [SPEAKER]
    for name, (media_type, extractor, _) in SHOWN.items():
        file = made(tmp_path, name)
        done = capture(ledger, file, "--id", name)
        assert done.code == 0, done.err
        data = events(ledger.log.folder)[-1]["data"]
        assert (data["media_type"], data["extractor"]) == (media_type, extractor)
        assert data["extractor_version"]
        assert kept(ledger, data["sha256"]) == file.read_bytes()
        text = kept(ledger, data["text_sha256"]).decode()
        assert not any(sign in text for sign in "\f\r\0")
        quote = QUOTE.replace("The", "the") if name == "page.html" else QUOTE
        said.append(quoting(name, quote) | {"statement_id": f"of-{name}"})

    told = call("append", ndjson(tmp_path / "c.ndjson", said), ledger=ledger.log.folder)

    assert told.code == 0, told.err
    for name, (_, _, place) in SHOWN.items():
        assert f"({name}, {place})" in call("show", f"of-{name}", ledger=ledger.log.folder).text
    assert call("verify", ledger=ledger.log.folder).code == 0


@pytest.mark.parametrize("name", ["page.html", "report.pdf", "letter.docx"])
def test_the_text_follows_from_the_bytes(tmp_path: Path, name: str) -> None:
    """In other processes, with other seeds of chance: the same text."""
    kind = name.rpartition(".")[2]
    file = made(tmp_path, name)
    once = read_document(file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONHASHSEED", "77")
        again = extract_apart(kind, file.read_bytes(), "under another name")
    assert (again.text, again.version) == (once.text, once.extractor_version)


@pytest.mark.slow
def test_another_version_of_an_extractor_changes_nothing_that_is_recorded(
    ledger: Ledger, tmp_path: Path
) -> None:
    """The kept text counts: to quote from, to verify by; the same capture is known again."""
    file = made(tmp_path, "page.html")
    said = {"command": "capture_source", "source_id": "page", "document": str(file.resolve())}
    now = read_document(file)
    before = dataclasses.replace(now, text="Old words stood here.\n", extractor_version="0.1/1")
    ledger.append([prepare_read(said, before, said)])

    again = capture(ledger, file)

    assert again.code == 0
    assert "stood already" in again.err
    sheet = write(tmp_path / "page.yaml", SHEET)
    done = call("record", sheet, "--documents", tmp_path, ledger=ledger.log.folder)
    assert done.code == 0, done.err
    assert call("verify", ledger=ledger.log.folder).code == 0


@pytest.mark.slow
def test_verify_holds_bytes_and_text_to_their_hashes(ledger: Ledger, tmp_path: Path) -> None:
    """Both are named when they are not what was captured."""
    assert capture(ledger, made(tmp_path, "report.pdf")).code == 0
    data = events(ledger.log.folder)[-1]["data"]
    hashes = [data["sha256"], data["text_sha256"]]
    for sha256 in hashes:
        path = ledger.log.folder / "documents" / sha256[:2] / sha256
        path.write_bytes(path.read_bytes()[:-1] + b"!")

    done = call("verify", ledger=ledger.log.folder)

    assert done.code == 1
    assert all(sha256 in done.text + done.err for sha256 in hashes)


def test_redaction_erases_bytes_and_text(ledger: Ledger, tmp_path: Path) -> None:
    """Of a document that is erased, neither is left."""
    assert capture(ledger, made(tmp_path, "report.pdf")).code == 0
    assert len(list((ledger.log.folder / "documents").rglob("?" * 64))) == 2

    done = call(
        "redact", "source/report", "--documents", "--authority", "court", "--reason", "order 1",
        "--yes", ledger=ledger.log.folder,
    )  # fmt: skip

    assert done.code == 0, done.err
    assert not list((ledger.log.folder / "documents").rglob("?" * 64))


def test_what_a_page_says_is_taken_where_the_person_says_nothing(
    ledger: Ledger, tmp_path: Path
) -> None:
    """And shown; a dry run shows it too, and records nothing."""
    file = made(tmp_path, "page.html")
    tried = capture(ledger, file, "--dry-run", "--author", "J. Doe")
    assert "found in the page: published: 2018-02-03" in tried.error
    assert len(events(ledger.log.folder)) == 1

    assert capture(ledger, file, "--author", "J. Doe").code == 0

    data = events(ledger.log.folder)[-1]["data"]
    assert (data["title"], data["author"]) == ("Envoy warns of growth", "J. Doe")
    assert (data["url"], data["language"]) == ("https://herald.example/2018/envoy", "en")
    assert "publisher_id" not in data
    assert "retrieved_at" not in data


# ── other ways in ────────────────────────────────────────────────────────────────────────────


def test_append_takes_documents_but_fetches_nothing(ledger: Ledger, tmp_path: Path) -> None:
    """A file of any kind is read; an address is refused with the way out."""
    made(tmp_path, "letter.docx")
    good = {"command": "capture_source", "source_id": "l", "document": "letter.docx"}
    bad = {"command": "capture_source", "source_id": "w", "document": "https://example.org/x.html"}
    done = call("append", ndjson(tmp_path / "b.ndjson", [good, bad]), ledger=ledger.log.folder)
    assert is_refusal(done), done.err
    assert "nothing is fetched" in done.error[0]
    assert "claims capture URL" in done.error[-1]
    assert len(events(ledger.log.folder)) == 1

    done = call("append", ndjson(tmp_path / "g.ndjson", [good]), ledger=ledger.log.folder)
    assert done.code == 0, done.err
    assert events(ledger.log.folder)[-1]["data"]["extractor"] == "python-docx"


@pytest.mark.slow
def test_a_sheet_is_started_for_each_kind_and_recorded(ledger: Ledger, tmp_path: Path) -> None:
    """What the page says is filled in; the sheets are recorded as they are, once."""
    sheets = []
    for name in sorted(MADE):
        sheets.append(tmp_path / f"{name}.yaml")
        begun = call("sheet", made(tmp_path, name), "-o", sheets[-1])
        assert begun.code == 0, begun.err
    sheets[-1].write_text(sheets[-1].read_text().replace("id: talk", "id: talk-vtt"))
    told = (tmp_path / "page.html.yaml").read_text()
    assert "  published: 2018-02-03\n" in told
    assert "  author: Jane Doe\n" in told

    done = call("record", *sheets, "--documents", tmp_path, ledger=ledger.log.folder)

    assert done.code == 0, done.err
    assert len(events(ledger.log.folder)) == 1 + len(MADE)
    again = call("record", *sheets, "--documents", tmp_path, ledger=ledger.log.folder)
    assert "Nothing new" in again.err


def test_capture_runs_as_a_process_of_its_own(ledger: Ledger, tmp_path: Path) -> None:
    """From another folder, with only a file's name."""
    made(tmp_path, "report.pdf")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        done = claims("capture", "report.pdf", ledger=ledger.log.folder)
    assert (done.code, done.out) == (0, b"source/report\n")


# ── what is refused ──────────────────────────────────────────────────────────────────────────


def zipped(members: dict[str, bytes], level: int = 9) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def claimed(size: int) -> bytes:
    """A Word document whose directory says that its text has so many bytes."""
    data = bytearray(zipped({"word/document.xml": b"<w/>"}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", size)  # APPNOTE 4.3.12
    return bytes(data)


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "scan.pdf": (lambda: pdf("", "", ""), "its 3 pages are pictures (a scan)", "OCR"),
    "locked.pdf": (lambda: locked_pdf("secret"), "is encrypted", "without the password"),
    "page.pdf": (PAGE.encode, "is no PDF: it looks like html", "--media-type"),
    "broken.pdf": (lambda: pdf("words")[:200], "cannot be read as a PDF", "Print it"),
    "empty.pdf": (lambda: b"", "is no PDF", "--media-type"),
    "ratio.docx": (
        lambda: zipped({"word/document.xml": bytes(4 << 20)}), "grows 1,0", "save it as PDF",
    ),
    "many.docx": (
        lambda: zipped({f"word/{n}.xml": b"" for n in range(5_001)}), "5,001 files", "save it",
    ),
    "large.docx": (lambda: claimed(200 << 20), "would unpack to 200 MiB", "save it as PDF"),
    "huge.docx": (lambda: claimed(1 << 30), "would unpack to 1,024 MiB", "save it as PDF"),
    "other.docx": (lambda: zipped({"a.txt": b"words"}), "cannot be read as a Word", "again"),
    "torn.docx": (lambda: word(["words"])[:-100], "is no whole zip file", "save it again"),
    "locked.docx": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "it is an old or a locked Office file", "without a password",
    ),
    "blank.docx": (lambda: word(["", " "]), "holds no text", "words themselves"),
    "nothing.html": (lambda: b"<html><body><p> </p></body></html>", "without text", "browser"),
    "blank.html": (lambda: b"", "is no page", "words themselves"),
    "latin.html": (
        lambda: b"<p>caf\xe9 words and words</p>",
        "not in the charset utf-8 (it says none): byte 6", "charset=",
    ),
    "wrong.html": (
        lambda: b'<meta charset="utf-8"><p>\xf7\xe8\xf1\xeb\xee</p>',
        "not in the charset utf-8 (by what it declares)", "charset=",
    ),
    "strange.html": (
        lambda: b'<meta charset="zip"><p>\xf7\xe8</p>', "it declares 'zip'", "charset=",
    ),
    "blank.vtt": (lambda: b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "without words", "was said"),
    "blank.srt": (lambda: b"", "without words", "was said"),
    "stray.srt": (lambda: b"Some words\n", "Line 1 of stray.srt stands in no cue", ".txt"),
    "stray.vtt": (lambda: b"WEBVTT\n\nSome words\n", "Line 3 of stray.vtt", ".txt"),
    "times.srt": (lambda: b"1\n00:00:xx --> 00:00:02,000\na\n", "Line 2 of times.srt", "mend"),
    "back.vtt": (
        lambda: b"WEBVTT\n\n00:03.000 --> 00:02.000\na\n", "Line 3 of back.vtt", "Mend",
    ),
    "latin.srt": (lambda: b"1\n00:01,0 --> 00:02,0\n\xe9\n", "not in the charset", "charset="),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0", "a file ending in .doc", ".docx or PDF"),
    "data.csv": (lambda: b"a,b", "a file ending in .csv", "claims import csv"),
    "photo.jpg": (lambda: b"\xff\xd8", "a file ending in .jpg", "OCR"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_captured_is_refused_with_the_way_out(
    untouched: Path, tmp_path: Path, name: str
) -> None:
    """In three lines that name the file; nothing is written."""
    make, what, way_out = REFUSED[name]

    done = call("capture", write(tmp_path / name, make()), ledger=untouched)

    assert is_refusal(done), done.err
    assert name in done.error[0]
    assert what in done.error[0]
    assert way_out in done.error[-1]
    assert len(events(untouched)) == 1
    assert not any((untouched / "documents").rglob("*"))


def test_a_file_that_is_too_large_is_not_read(untouched: Path, tmp_path: Path) -> None:
    """By its size alone."""
    path = tmp_path / "large.html"
    path.touch()
    os.truncate(path, (64 << 20) + 1)

    done = call("capture", path, ledger=untouched)

    assert is_refusal(done)
    assert "larger than 64 MiB" in done.error[0]


@pytest.mark.slow
def test_a_text_that_is_too_long_is_refused() -> None:
    """A small document can hold a long text."""
    page = content_of(b"T* (" + b"many words " * 900 + b") Tj ")
    with pytest.raises(Refused, match="more than 16 MiB of text"):
        extract_apart("pdf", pdf_of([page] * 18, packed=True), "long.pdf")


def content_of(piece: bytes, times: int = 100) -> bytes:
    """A content stream that says something many times."""
    return b"BT /F1 12 Tf 14 TL 72 720 Td " + piece * times + b"ET"


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(seconds=0.7), "takes longer than 0.7 seconds"),
        (Limits(memory_bytes=40 << 20), "more memory than is allowed"),
    ],
)
def test_a_document_can_neither_hang_the_command_nor_eat_the_memory(
    limits: Limits, said: str
) -> None:
    """A few kilobytes that become millions of letters, one by one."""
    trap = pdf_of([content_of(b"(a) Tj ", 4_000_000)], packed=True)
    with pytest.raises(Refused, match=said):
        extract_apart("pdf", trap, "trap.pdf", limits=limits)


def test_a_program_that_dies_is_a_refusal() -> None:
    """Whatever ends it; here its processor time, which leaves it no last word."""
    trap = pdf_of([content_of(b"(a) Tj ", 4_000_000)], packed=True)
    with pytest.raises(Refused, match=r"trap.pdf (cannot be read|takes longer)"):
        extract_apart("pdf", trap, "trap.pdf", limits=Limits(seconds=1.4))


def test_documents_that_a_person_names_are_believed_by_their_media_type(tmp_path: Path) -> None:
    """A file without an ending, and one whose charset nothing in it shows."""
    file = write(tmp_path / "download", "<p>Число боевиков превышает 10 тысяч</p>".encode("cp1251"))
    read = read_document(file, "text/html; charset=cp1251")
    assert read.text == "Число боевиков превышает 10 тысяч\n"
    assert read.media_type == "text/html;charset=windows-1251"

    plain = read_document(file, "text/plain; charset=windows-1251")
    assert (plain.extractor, plain.extractor_version) == ("windows-1251", "1")
    assert sniffed(tmp_path, pdf("words")).media_type == "application/pdf"
    assert sniffed(tmp_path, b"<?xml version='1.0'?><html><p>words").media_type == "text/html"


def sniffed(folder: Path, data: bytes) -> Document:
    """A document whose name says nothing."""
    return read_document(write(folder / "nameless", data))
