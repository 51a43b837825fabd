"""Documents as others make them: PDF written byte by byte, Word documents, pages, transcripts."""

import io
import zlib
from collections.abc import Iterable
from pathlib import Path

import docx
import pypdf

PAGE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Envoy warns | Herald</title>
<meta property="og:title" content="Envoy warns of growth"><meta name="author" content="Jane Doe">
<meta property="og:site_name" content="Example Herald">
<meta property="article:published_time" content="2018-02-03T23:30:00-05:00">
<link rel="canonical" href="https://herald.example/2018/envoy"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav>
<h1>Envoy warns of growth</h1>
<article><p>In Moscow, <b>Zamir Kabulov</b> said that the number of militants
exceeds 10,000 and continues to grow.</p><p>He spoke “on Monday”.</p>
<table><tr><th>Region</th><th>Fighters</th></tr><tr><td>North</td><td>2,000</td></tr></table>
<figure><img src="x.jpg"><figcaption>Seven men in Kunduz.</figcaption></figure></article>
<div class="comments"><p>A reader says 99.</p></div><script>var hidden = "none";</script>
</body></html>
"""

VTT = """\
WEBVTT - an interview
Kind: captions

NOTE
made by hand

1
00:00:01.000 --> 00:00:04.000 align:start
<v Jane Doe>How many are they?

00:00:04.500 --> 00:00:07.250
<v Zamir Kabulov>The number of militants
<i>exceeds</i> 10,000

01:00:07.250 --> 01:00:09.000
<v Zamir Kabulov>and continues to grow &amp; grow.
"""

SRT = """\
\ufeff1
00:00:01,000 --> 00:00:04,000
{\\an8}The number of militants

2
00:00:04,500 --> 00:00:07,250
<font color="#fff">exceeds 10,000</font>

in all

3
00:00:08,000 --> 00:00:09,000
and grows.
"""


def pdf(*pages: str, packed: bool = False) -> bytes:
    """A PDF whose pages show lines of text; one that is empty is like a scan."""
    return pdf_of([content(page) for page in pages], packed=packed)


def content(page: str) -> bytes:
    """The content stream of a page."""
    lines = (line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
             for line in page.splitlines())  # fmt: skip
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    return f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("cp1252") if page else b""


def pdf_of(streams: list[bytes], *, packed: bool = False) -> bytes:
    """A PDF of content streams."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(streams)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(streams)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for index, stream in enumerate(streams):
        data = zlib.compress(stream) if packed else stream
        how = "/Filter/FlateDecode" if packed else ""
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {5 + 2 * index} 0 R>>".encode(),
            f"<</Length {len(data)}{how}>>stream\n".encode() + data + b"\nendstream",
        ]
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj" % number + body + b"endobj\n")
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return out.getvalue()


def locked_pdf(password: str, *, owner: str = "owner") -> bytes:
    """A PDF that opens with a password; an empty one forbids changes only."""
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf("The number is 10,000."))))
    writer.encrypt(password, owner, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word(paragraphs: Iterable[str] = (), rows: Iterable[Iterable[str]] = ()) -> bytes:
    """A Word document of paragraphs and a table after the first of them."""
    document = docx.Document()
    table = [list(row) for row in rows]
    for index, text in enumerate(paragraphs):
        document.add_paragraph(text)
        if index == 0 and table:
            made = document.add_table(len(table), len(table[0]))
            for row, cells in zip(made.rows, table, strict=True):
                for cell, words in zip(row.cells, cells, strict=True):
                    cell.text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def write(path: Path, data: bytes | str) -> Path:
    """Write a file; gives its path."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path
