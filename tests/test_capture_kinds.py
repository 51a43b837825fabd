"""The extractors one by one: what of a page, a Word document, a transcript becomes text."""

import importlib
import io
import json
import re
import warnings
import zipfile
from typing import Any

import pytest
from documents_made import pdf, word
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Refused
from ledger.extract.charset import decode, standard_name
from ledger.extract.kinds import MediaType, kind_of
from ledger.extract.made import PAGE_BREAK, Extracted, Facts, clean
from ledger.extract.places import fragment_of
from ledger.extract.transcript import cues, lines_of


def extract(kind: str, data: bytes, charset: str | None = None) -> Extracted:
    """Extract within this process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what libraries say while they are imported
        module = importlib.import_module(f"ledger.extract.{kind}")
    made: Extracted = module.extract(data, "it", charset)
    return made


def page(head: str = "", body: str = "<p>The words of an article, some of them.</p>") -> bytes:
    """A page."""
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()


def facts(head: str) -> Facts:
    """What a page says of itself."""
    return extract("html", page(f"<meta charset=utf-8>{head}")).facts


# ── what pages say of themselves ─────────────────────────────────────────────────────────────


def meta(name: str, content: str) -> str:
    """A meta element."""
    return f'<meta property="{name}" content="{content}">'


def linked(*nodes: dict[str, Any]) -> str:
    """JSON-LD."""
    return f'<script type="application/ld+json">{json.dumps(nodes)}</script>'


ARTICLE = {
    "@context": "https://schema.org", "@type": "NewsArticle", "headline": "Of the north",
    "author": [{"@type": "Person", "name": "Ana Roe"}, {"@type": "Person", "name": "Ben Poe"}],
    "datePublished": "2019-05-06T01:00:00+05:00",
}  # fmt: skip


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (meta("article:published_time", "2018-02-03T23:30:00-05:00"), "2018-02-03"),
        (meta("article:published_time", "2018-02"), "2018-02"),
        (meta("citation_date", "2018/02/03"), "2018-02-03"),
        (meta("dc.date", "2018"), "2018"),
        (meta("dc.date", "2018") + meta("citation_date", "2018-02-03"), "2018-02-03"),
        (meta("dc.date", "2018-02-04") + meta("citation_date", "2018-02-03"), None),
        (meta("article:published_time", "2018-02-31"), None),
        (meta("article:published_time", "03.02.2018"), None),
        (meta("article:published_time", "3 February 2018"), None),
        (meta("article:modified_time", "2018-02-03"), None),
        ('<meta itemprop="datePublished" content="2018-02-03">', "2018-02-03"),
        (linked(ARTICLE), "2019-05-06"),
        (linked(ARTICLE) + meta("article:published_time", "2019-05-05T20:00:00Z"), None),
        (linked(ARTICLE, ARTICLE | {"datePublished": "2020-01-01"}), None),
        ("<title>News of 3 May 2018</title>", None),
        ("", None),
    ],
)
def test_only_a_date_that_metadata_state_is_one(head: str, published: str | None) -> None:
    """As it is written, no day moved by a time zone; where several differ there is none."""
    assert facts(head).published == published


def test_a_date_in_the_address_or_the_text_is_not_taken() -> None:
    """What a library would guess from is left alone."""
    made = extract("html", page(
        '<link rel="canonical" href="https://h.example/2018/02/03/x.html">',
        '<article><time class="posted" datetime="2018-02-03">Feb 3</time>'
        '<span class="author">By Jane Doe</span><p>Published on February 3, 2018.</p></article>',
    ))  # fmt: skip
    assert (made.facts.published, made.facts.author) == (None, None)
    assert made.facts.url == "https://h.example/2018/02/03/x.html"


def test_facts_of_linked_data() -> None:
    """One article, alone or in a graph."""
    for said in (linked(ARTICLE), linked({"@graph": [{"@type": "Organization"}, ARTICLE]})):
        found = facts(said)
        assert (found.title, found.author) == ("Of the north", "Ana Roe, Ben Poe")
    assert facts('<script type="application/ld+json">{broken</script>') == Facts()


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (meta("og:title", "One\n two") + "<title>Other</title>", Facts(title="One two")),
        ("<title>Only this</title>", Facts(title="Only this")),
        (meta("og:title", "x" * 501), Facts()),
        (meta("author", "https://h.example/jane"), Facts()),
        (meta("og:url", "/relative") + meta("og:locale", "de_AT"), Facts(language="de-AT")),
        (meta("og:url", "javascript:alert(1)") + meta("dc.language", "no language!"), Facts()),
        (meta("og:site_name", "The Herald"), Facts(publisher="The Herald")),
    ],
)
def test_other_facts(head: str, wanted: Facts) -> None:
    """Each in its form, or not at all."""
    assert facts(head) == wanted


# ── pages ────────────────────────────────────────────────────────────────────────────────────


def test_what_a_person_sees_in_an_article_can_be_quoted() -> None:
    """The headline, captions, tables, lists; not menus, comments of readers, scripts."""
    body = (
        "<nav><a href=/a>Home</a></nav><h1>Of the <i>north</i></h1><article>"
        "<p>First paragraph, with <b>bold</b> words.</p><ul><li>Twenty killed</li></ul>"
        f"<p>{'More words of it. ' * 30}</p>"
        "<figure><img src=a><figcaption>Seven men.</figcaption></figure>"
        "<table><tr><td>North</td><td>2,000</td></tr></table></article>"
        "<div id=comments class=comments><p>A reader.</p></div><script>var x = 1</script>"
    )
    lines = extract("html", page(body=body)).text.splitlines()
    assert lines[0] == "Of the north"
    assert "First paragraph, with bold words." in lines
    for words in ("Twenty killed", "Seven men.", "North | 2,000"):
        assert any(words in line for line in lines), words
    assert not any(words in "".join(lines) for words in ("Home", "reader", "var x"))


RUSSIAN = "Число боевиков превышает десять тысяч."


@pytest.mark.parametrize(
    ("data", "told", "charset", "notes"),
    [
        (page("<meta charset=utf-8>", f"<p>{RUSSIAN}"), None, None, 0),
        (page("", f"<p>{RUSSIAN}"), None, None, 0),
        (page("", f"<p>{RUSSIAN}"), "windows-1251", None, 1),  # it is UTF-8 all the same
        (page("<meta charset=iso-8859-1>", f"<p>{RUSSIAN}"), None, None, 1),
        (page("", f"<p>{RUSSIAN}").decode().encode("cp1251"), "cp1251", "windows-1251", 0),
        (
            page("<meta charset=windows-1251>", f"<p>{RUSSIAN}").decode().encode("cp1251"),
            None, None, 0,
        ),
        (
            page("<meta http-equiv=content-type content='text/html; charset=koi8-r'>",
                 f"<p>{RUSSIAN}").decode().encode("koi8-r"),
            None, None, 0,
        ),
        (page("", f"<p>{RUSSIAN}").decode().encode("utf-16"), None, None, 0),
        (page("<meta charset=utf-16>", f"<p>{RUSSIAN}"), None, None, 0),
    ],
)  # fmt: skip
def test_letters_are_those_that_were_meant(
    data: bytes, told: str | None, charset: str | None, notes: int
) -> None:
    """Whatever is declared; what nothing in the bytes shows is to be kept beside them."""
    made = extract("html", data, told)
    assert made.text == f"{RUSSIAN}\n"
    assert (made.charset, len(made.notes)) == (charset, notes)


def test_a_few_wrong_bytes_of_a_page_said_to_be_utf8_are_told() -> None:
    """One in thousands is marked; many are another charset, and refused."""
    data = page("<meta charset=utf-8>", f"<p>{RUSSIAN * 60} caf").replace(b" caf", b" caf\xe9")
    made = extract("html", data)
    assert "caf\ufffd" in made.text
    assert made.notes == ("1 of its letters are not UTF-8; U+FFFD stands for each.",)
    with pytest.raises(Refused, match=r"byte \d+ is 0xe9"):
        extract("html", page("<meta charset=utf-8>", "<p>caf").replace(b"caf", b"caf\xe9"))


@pytest.mark.parametrize("label", ["zip", "rot13", "idna", "unicode_escape", "utf-7", "base64"])
def test_a_page_names_no_codec_but_charsets(label: str) -> None:
    """Python knows codecs that are no charsets."""
    assert standard_name(label) is None
    with pytest.raises(Refused, match="is not known"):
        decode(b"words", "it", label)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_clean_text_stays_clean(words: str) -> None:
    """No control character is left but tab and newline; what is clean stays as it is."""
    once = clean(words)
    assert clean(once) == once
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", once)
    once.encode()


# ── PDF ──────────────────────────────────────────────────────────────────────────────────────

WORDS = st.text("ab1 ", min_size=1, max_size=8).filter(str.strip)


@given(st.lists(st.lists(WORDS, max_size=3), min_size=1, max_size=6).filter(any))
def test_the_page_of_a_place_is_found(pages: list[list[str]]) -> None:
    """Whatever is on the pages before, nothing included."""
    marked = [[*lines, f"here{number}"] if lines else [] for number, lines in enumerate(pages, 1)]
    made = extract("pdf", pdf(*("\n".join(lines) for lines in marked)))
    assert made.text.count(PAGE_BREAK) == len(pages) - 1
    for number, lines in enumerate(marked, 1):
        if lines:
            at = made.text.index(f"here{number}")
            place = fragment_of("application/pdf", made.text, at, at + 5, bytes)
            assert place == f"page={number}"


def test_pages_without_text_are_told() -> None:
    """Ten of them by their numbers."""
    made = extract("pdf", pdf("words", *[""] * 12))
    said = "Pages 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more have no text; what is pictured there"
    assert made.notes == (f"{said} cannot be quoted.",)


# ── Word ─────────────────────────────────────────────────────────────────────────────────────

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = """
<w:p><w:r><w:t>The number </w:t></w:r>
  <w:ins w:id="1" w:author="a"><w:r><w:t>exceeds</w:t></w:r></w:ins>
  <w:del w:id="2" w:author="a"><w:r><w:delText>is</w:delText></w:r></w:del>
  <w:r><w:t xml:space="preserve"> 10,000</w:t><w:tab/><w:t>men</w:t><w:br/><w:t>now</w:t></w:r>
  <w:hyperlink><w:r><w:t>, they say</w:t></w:r></w:hyperlink>
  <w:r><w:footnoteReference w:id="2"/></w:r>
  <w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText></w:r>
  <w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent></w:pict>
  </w:r></w:p>
<w:sdt><w:sdtPr><w:alias w:val="t"/></w:sdtPr><w:sdtContent>
  <w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>
<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>Wide</w:t></w:r></w:p>
  </w:tc></w:tr>
  <w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc>
  <w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>inner</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc></w:tr>
  <w:tr><w:trPr><w:del w:id="3"/></w:trPr><w:tc><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:tc></w:tr>
</w:tbl>
"""
NOTES = f"""<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>---</w:t></w:r>
</w:p></w:footnote><w:footnote w:id="2"><w:p><w:r><w:t>By his count.</w:t></w:r></w:p></w:footnote>
</w:footnotes>"""


def remade(data: bytes, body: str, notes: str) -> bytes:
    """A Word document with another body, and with footnotes."""
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/document.xml":
                part = re.sub(rb"<w:p>.*</w:p>", lambda _: body.encode(), part, flags=re.DOTALL)
            if name == "word/_rels/document.xml.rels":
                part = part.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/'
                    b'officeDocument/2006/relationships/footnotes" Target="footnotes.xml"/>'
                    b"</Relationships>",
                )
            if name == "[Content_Types].xml":
                part = part.replace(
                    b"</Types>",
                    b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.'
                    b'openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>',
                )
            archive.writestr(name, part)
        archive.writestr("word/footnotes.xml", notes)
    return out.getvalue()


def test_all_words_of_a_word_document_are_there() -> None:
    """Insertions, links, boxes, controls, tables in tables, footnotes; nothing that was deleted."""
    made = extract("docx", remade(word(["x"]), BODY, NOTES))
    assert made.text.splitlines() == [
        "The number exceeds 10,000\tmen now, they say",
        "In a box.",
        "In a control.",
        "Wide",
        "a b\tinner",
        "By his count.",
    ]
    assert made.notes == ("It has tracked changes; its text is the one with all of them accepted.",)


def test_entities_of_a_word_document_are_not_expanded() -> None:
    """A billion laughs are one reference that means nothing; a file of this machine is none."""
    trap = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b SYSTEM "file:///etc/passwd">'
        f"]><w:footnotes {W}><w:footnote><w:p><w:r><w:t>[&a;&b;]</w:t></w:r></w:p></w:footnote>"
        "</w:footnotes>"
    )
    made = extract("docx", remade(word(["x"]), "<w:p><w:r><w:t>words</w:t></w:r></w:p>", trap))
    assert made.text == "words\n[\n"


# ── transcripts ──────────────────────────────────────────────────────────────────────────────

ROLLING = """\
WEBVTT
Kind: captions

00:00:01.000 --> 00:00:03.000 align:start position:0%
\x20
there<00:00:01.500><c> are</c><00:00:02.000><c> more</c>

00:00:03.000 --> 00:00:03.010 align:start position:0%
there are more
\x20

00:00:03.010 --> 00:00:05.000 align:start position:0%
there are more
than<00:00:03.500><c> ten</c><00:00:04.000><c> thousand</c>
"""


def test_captions_that_roll_are_taken_once() -> None:
    """As machines make them; elsewhere a repetition is said twice."""
    assert extract("transcript", ROLLING.encode()).text == "there are more\nthan ten thousand\n"
    twice = b"WEBVTT\n\n00:01.0 --> 00:02.0\nNo.\n\n00:02.0 --> 00:03.0\nNo.\n"
    assert extract("transcript", twice).text == "No.\nNo.\n"


def test_marks_of_transcripts() -> None:
    """Styles and notes are no words; entities are letters; a comparison is no mark."""
    data = (
        "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\nNOTE of ours\n\n"
        "intro\n00:01.000 --> 00:02.000\n<v.loud Ana &amp; Ben>1 &lt; 2, 3 < 4\n"
        "<ruby>漢<rt>kan</rt></ruby> <c.red.big>end</c>\n"
    )
    assert extract("transcript", data.encode()).text == "Ana & Ben: 1 < 2, 3 < 4 漢 end\n"


STAMPS = st.integers(0, 3_600_000 * 9)


def stamp(milliseconds: int) -> str:
    """A time as it is written."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


@given(st.lists(st.tuples(STAMPS, STAMPS, st.lists(WORDS, max_size=2)), max_size=6), st.booleans())
def test_every_line_of_a_transcript_has_its_time(
    said: list[tuple[int, int, list[str]]],
    is_vtt: bool,  # noqa: FBT001  drawn
) -> None:
    """In both formats; times are given back for any span of lines."""
    blocks = [(min(a, b), max(a, b), words) for a, b, words in said]
    text = "WEBVTT\n\n" if is_vtt else ""
    for number, (begin, end, words) in enumerate(blocks, 1):
        times = f"{stamp(begin)} --> {stamp(end)}"
        times = times if is_vtt else times.replace(".", ",")
        text += "\n".join([str(number), times, *(f"w{word}" for word in words), "", ""])

    found = cues(text, "it")

    worded = [block for block in blocks if block[2]]
    assert [(cue.begin, cue.end) for cue in found] == [(a / 1000, b / 1000) for a, b, _ in worded]
    made = "".join(f"{line}\n" for line in lines_of(found))
    assert made.count("\n") == len(worded)
    if worded:
        kind = "text/vtt" if is_vtt else "application/x-subrip"
        place = fragment_of(kind, made, 0, len(made), text.encode)
        assert place == f"t={worded[0][0] / 1000:g},{worded[-1][1] / 1000:g}"


# ── kinds ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "told", "data", "kind"),
    [
        ("a.txt", None, b"", "text"),
        ("A.HTM", None, b"", "html"),
        ("a", None, b"words", "text"),
        ("a", None, b"%PDF-1.7", "pdf"),
        ("a.php", None, b"\xef\xbb\xbf \n<!DOCTYPE HTML>", "html"),
        ("a.bin", "application/octet-stream", b"%PDF-1.7", "pdf"),
        ("a.pdf", "text/html", b"", "html"),
        ("a.srt", "text/plain; charset=utf-8", b"", "srt"),
        ("a.html", "text/plain", b"", "text"),
        ("a.md", "TEXT/PLAIN", b"", "markdown"),
        ("a", "application/xhtml+xml", b"", "html"),
    ],
)
def test_the_kind_of_a_document(name: str, told: str | None, data: bytes, kind: str) -> None:
    """What was told, the ending, the first bytes, in this order."""
    assert kind_of(data, name, MediaType.parse(told)).name == kind


@pytest.mark.parametrize("line", ['text/html; charset="UTF-8"', "text/html;charset=utf-8 ; x=y"])
def test_media_types_are_read(line: str) -> None:
    """With their parameters."""
    assert MediaType.parse(line) == ("text/html", "utf-8")


@pytest.mark.parametrize("line", [None, "", ";", "\n"])
def test_no_media_type_says_nothing(line: str | None) -> None:
    """Nor does an empty one."""
    assert MediaType.parse(line).is_unsaid


@pytest.mark.parametrize("piece", ["<v ", "<rt>", "<a", "{\\", "&amp", "<00:00:", "\t "])
def test_marks_without_an_end_take_no_time(piece: str) -> None:
    """The time that a transcript takes grows with its length, and not with its square."""
    data = f"WEBVTT\n\n00:01.0 --> 00:02.0\nwords {piece * 300_000}\n".encode()
    assert extract("transcript", data).text.startswith("words")
