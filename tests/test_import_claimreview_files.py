"""Files of ClaimReviews as publishers have them: feeds, pages and tables, and broken ones."""

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from claimreview_tools import OURS, REVIEW, made, one, other, read
from cli_tools import call, events, log_bytes
from conftest import SHARED
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from import_tools import faults

from ledger.errors import Refused
from ledger.importers.claimreview import ReviewSettings
from ledger.importers.json_items import MOST_BYTES, json_items
from ledger.importers.rows import Fault, Row
from ledger.inputs import parse_command

FACTCKBR = SHARED / "data" / "factckbr" / "FACTCKBR.tsv"


# ── lists, feeds, pages ──────────────────────────────────────────────────────────────────────


def test_a_feed_of_items(folder: Path, file: Callable[..., Path]) -> None:
    """As Data Commons has it: each entry holds some reviews, or none and is refused."""
    feed = {
        "@context": "http://schema.org", "@type": "DataFeed", "dateModified": "2019-08-01",
        "dataFeedElement": [
            {"@type": "DataFeedItem", "item": [other(claimReviewed="One.")], "url": "https://x.y"},
            {"@type": "DataFeedItem", "item": None},
            {"@type": "DataFeedItem", "item": [other(claimReviewed="Two."),
                                               other(claimReviewed="")]},
            "nothing",
        ],
    }  # fmt: skip
    path = file(feed)
    done = call("import", "claimreview", "--json", "--skip-invalid", path, ledger=folder)

    report = json.loads(done.out)
    assert (report["rows"], report["read"]) == (5, 2)
    assert [(each["number"], each["column"]) for each in report["refused"]] == [
        (2, None), (3, "item[1].claimReviewed"), (4, None)
    ]  # fmt: skip
    assert "holds no ClaimReview" in report["refused"][0]["what"]
    assert len([each for each in events(folder) if "statement.recorded" in each["type"]]) == 2


@pytest.mark.parametrize(
    "shape",
    [
        lambda some: some,
        lambda some: {"@type": "ItemList", "itemListElement": [
            {"@type": "ListItem", "position": at, "item": each} for at, each in enumerate(some)]},
        lambda some: {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, *some]},
        lambda some: "\n".join(map(json.dumps, some)),
        lambda some: b"\xef\xbb\xbf" + json.dumps(some).encode(),
        lambda some: json.dumps(some).encode("utf-16"),
        lambda some: "<html><head><script type='application/ld+json'>//<![CDATA[\n"
        + json.dumps(some) + "\n//]]></script></head><body><p>x</body></html>",
        lambda some: "<!doctype html><html><body>" + "".join(
            f'<script type="application/ld+json">{json.dumps(each)}</script>' for each in some),
    ],
)  # fmt: skip
def test_reviews_in_all_forms(
    file: Callable[..., Path], shape: Callable[[list[Any]], Any]
) -> None:  # fmt: skip
    """A list, an item list, a graph, JSON lines, other encodings, pages: the same reviews."""
    some = [other(claimReviewed=f"Número {at} – “ção”.") for at in range(3)]

    items = read(file(shape(some)))

    assert not faults(items)
    found = [each.commands[0]["proposition"] for each in items if isinstance(each, Row)]
    assert found == [each["claimReviewed"] for each in some]


def test_what_a_graph_names_elsewhere_is_put_in_its_place(file: Callable[..., Path]) -> None:
    """The review says only the `@id` of its author, and of the page that it is on."""
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "NewsMediaOrganization", "@id": "https://x.y/#us", "name": "Us"},
            other(author={"@id": "https://x.y/#us"}, reviewRating={"@id": "#r"}),
            {"@id": "#r", "@type": "Rating", "ratingValue": "2"},
        ],
    }
    row = one(file(graph))

    assert made(row, "assess_statement")[0]["assessor"] == "Us"
    assert made(row, "assess_statement")[0]["rating"] == {"value": 2}
    assert {"outlet"} == {
        each["kind"] for each in made(row, "register_speaker") if each["name"] == "Us"
    }


def test_a_page_without_charset_and_a_review_without_address(file: Callable[..., Path]) -> None:
    """The page is UTF-8 where it can be, and says its own address; other scripts are none."""
    page = (
        "<html><head><link rel=canonical href='https://check.example/7'>"
        '<script type=\'application/ld+json\'>{"@type": "BreadcrumbList"}</script>'
        "<script type='application/ld+json'>{\"@type\": ClaimReview}</script>"
        "<script type='application/ld+json'>"
        + json.dumps(other(url=None, name="Chão"), ensure_ascii=False)
        + "</script></head></html>"
    )
    broken, item = read(file(page, "p.html"))

    assert isinstance(broken, Fault)
    assert (broken.number, broken.what[:23]) == (2, "The item is not JSON: E")
    assert isinstance(item, Row)
    assert item.number == 3
    assert made(item, "cite_source")[0]["url"] == "https://check.example/7"
    assert made(item, "cite_source")[0]["title"] == "Chão"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "neither JSON-LD, nor a page, nor a table"),
        (b"\x00\x01\x02", "neither JSON-LD, nor a page, nor a table"),
        ("a,b\n1,2\n", "neither JSON-LD, nor a page, nor a table"),
        ("{}", "holds no ClaimReview"),
        ("null", "neither JSON-LD, nor a page, nor a table"),
        ("<html></html>", "holds no ClaimReview"),
        ("<div itemscope itemtype='http://schema.org/ClaimReview'></div>", "as microdata"),
        ('[{"@type": "ClaimReview"', "cut short"),
        ('[{"@type": "ClaimReview"}', "cut short"),
        ('[{"a": 1} {"b": 2}]', "is not JSON"),
        ('{"a" 1}', "is not JSON"),
        ("[] x", "is not JSON"),
        ("[", "cut short"),
        ("claimReviewed\tColour\nX\tblue\n", "Nothing is known of the column 'Colour'"),
    ],
)
def test_files_that_are_none(
    folder: Path, file: Callable[..., Path], content: str | bytes, said: str
) -> None:
    """Each is refused in three lines with the file, and nothing is written."""
    path = file(content)
    done = call("import", "claimreview", "--skip-invalid", path, ledger=folder)

    assert done.code == 3
    assert said in done.err
    assert str(path) in done.err
    assert len(events(folder)) == 1


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (
            b'{"@type": "ClaimReview", "x": "' + b"a" * MOST_BYTES + b'"}',
            "more than 1,048,576 bytes",
        ),
        (b'{"@type": "ClaimReview", "url": "a", "url": "b"}', "'url' stands twice"),
        (b'{"@type": ClaimReview}', "is not JSON"),
        (b'{"@type": "ClaimReview", "x": "\xff"}', "is not UTF-8"),
        (b'{"@type": "ClaimReview", "x": NaN}', "NaN is not a number"),
        (b"[" * 5000 + b"]" * 5000, "nested too deeply"),
        (b'{"@type": "ClaimReview", "x": ' + b"9" * 5000 + b"}", "a number that is too long"),
        (json.dumps(other(claimReviewed="a\0b")).encode(), "control character U+0000"),
        (json.dumps(other(claimReviewed="\ud800")).encode(), "lone surrogate"),
        (json.dumps(other(claimReviewed="x" * 70_000)).encode(), "cannot be written"),
        (json.dumps(other(author=None, url=None)).encode(), "does not say whose it is"),
    ],
    ids=range(11),
)
def test_a_broken_item_spoils_no_other(
    folder: Path, file: Callable[..., Path], item: bytes, said: str
) -> None:
    """It is told with its number, and the others are read."""
    sound = json.dumps(REVIEW).encode()
    path = file(b"[" + sound + b", " + item + b", " + sound + b"]")

    done = call("import", "claimreview", "--skip-invalid", "--json", path, ledger=folder)

    assert done.code == 0, done.err
    report = json.loads(done.out)
    assert (report["rows"], report["read"]) == (3, 2)
    assert [each["number"] for each in report["refused"]] == [2]
    assert said in report["refused"][0]["what"]


class Slowly(io.BytesIO):
    """A file that gives a few bytes at a time, as a pipe may."""

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(data)
        self.most = most

    def read(self, size: int | None = -1) -> bytes:
        """At most so many bytes."""
        return super().read(self.most if size is None or size < 0 else min(size, self.most))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@examples(20, 50)
@given(
    entries=st.lists(JSON, max_size=5), most=st.integers(4, 40),
    spaced=st.booleans(), escaped=st.booleans(), inside=st.booleans(),
)  # fmt: skip
def test_items_are_those_that_a_whole_reading_gives(
    entries: list[Any], most: int, *, spaced: bool, escaped: bool, inside: bool
) -> None:
    """Whatever they hold, and wherever the blocks of the file end."""
    whole = {"head": [1, "]"], "items": entries, "tail": "}"} if inside else entries
    text = json.dumps(whole, indent=1 if spaced else None, ensure_ascii=escaped)

    found = list(json_items(Slowly(text.encode(), most), frozenset({"items"})))

    assert [each.value for each in found] == entries
    assert [each.number for each in found] == list(range(1, len(entries) + 1))
    assert not any(each.fault for each in found)


@examples(20, 50)
@given(data=st.binary(max_size=60) | st.text('{}[]",:\\1a ', max_size=60).map(str.encode))
def test_whatever_bytes_come_are_read_or_refused(data: bytes) -> None:
    """No other error, and no endless reading."""
    with contextlib.suppress(Refused):
        list(json_items(io.BytesIO(data), frozenset({"a"})))


FIELDS = ("claimReviewed", "author", "url", "itemReviewed", "reviewRating", "datePublished",
          "publisher", "inLanguage", "name", "reviewBody")  # fmt: skip
INNER = ("@id", "@type", "name", "url", "sameAs", "author", "appearance", "datePublished",
         "ratingValue", "alternateName", "claims:statement_id", "claims:source_id")  # fmt: skip
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["https:a.example", "2019-02-31", "Person", "Claim"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(INNER), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@examples(20, 50)
@given(fields=st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=5), ours=st.booleans())
def test_whatever_a_review_says_is_taken_or_refused(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, Any], *, ours: bool
) -> None:
    """No field of any shape is an error of ours; what is shared is always named."""
    path = tmp_path_factory.getbasetemp() / "any.json"
    context = {"@context": OURS["@context"]} if ours else {}
    path.write_text(json.dumps([REVIEW | context | fields]))

    [item] = read(path)

    for raw in [*item.shared, *item.commands] if isinstance(item, Row) else ():
        with contextlib.suppress(Refused):
            parse_command(raw)
        assert raw["command"] not in ("register_speaker", "cite_source") or any(
            raw.get(name) for name in ("speaker_id", "source_id")
        )


@pytest.mark.slow
def test_memory_does_not_grow_with_a_feed(tmp_path: Path) -> None:
    """200 MB in under 300 MB of memory, most of which are the libraries."""
    path = tmp_path / "feed.json"
    item = json.dumps({"@type": "DataFeedItem", "item": [other(reviewBody="x" * 4000)]})
    with path.open("w") as out:
        out.write('{"@context": "http://schema.org", "@type": "DataFeed", "dataFeedElement": [')
        for at in range(40_000):
            out.write(f"{',' if at else ''}{item}\n")
        out.write("]}")
    code = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from ledger.importers import claimreview as c\n"
        "rows = sum(1 for _ in c.read('claimreview', [sys.argv[1]], c.ReviewSettings()))\n"
        # `getrusage` would tell of the process that started this one, where that is larger.
        "status = Path('/proc/self/status').read_text()\n"
        "print(rows, int(re.search(r'VmHWM:\\s+([0-9]+)', status)[1]) // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, check=True, text=True
    )
    rows, mebibytes = map(int, done.stdout.split())
    assert path.stat().st_size > 150 << 20
    assert (rows, mebibytes < 300) == (40_000, True)


# ── tables ───────────────────────────────────────────────────────────────────────────────────

HEAD = (
    "URL\tAuthor\tdatePublished\tclaimReviewed\treviewBody\ttitle\tratingValue\tbestRating"
    "\talternativeName\n"
)


def test_a_row_of_a_table(file: Callable[..., Path]) -> None:
    """A review whose author is an address that lost its slashes."""
    line = (
        "https://piaui.folha.uol.com.br/lupa/2018/10/27/x/\thttps:piaui.folha.uol.com.brlupa\t"
        '2018-10-27 20:40:40\tUma "frase\tEmpty\tTítulo\t4\t6\tFalso\n'
    )
    row = one(file(HEAD + line, "t.tsv"), ReviewSettings(empty=["Empty"], language="pt"))

    assert row.number == 2
    [source], [statement] = made(row, "cite_source"), made(row, "record_statement")
    assert source["url"] == "https://piaui.folha.uol.com.br/lupa/2018/10/27/x/"
    assert source["note"] == ('author was "https:piaui.folha.uol.com.brlupa", without its slashes.')
    assert (source["published"], source["language"]) == ("2018-10-27", "pt")
    assert (statement["proposition"], statement["language"]) == ('Uma "frase', "pt")
    outlet = next(each for each in made(row, "register_speaker") if each["kind"] == "outlet")
    assert outlet["name"] == "piaui.folha.uol.com.br/lupa"
    assert outlet["identifiers"] == {"url": "https://piaui.folha.uol.com.br/lupa"}
    assert outlet["aliases"] == ["https:piaui.folha.uol.com.brlupa"]
    assert statement["speaker_id"] == f"unnamed-{source['source_id']}"
    [assessment] = made(row, "assess_statement")
    assert assessment["rating"] == {"label": "Falso", "value": 4, "best": 6}
    assert assessment["explanation"] == "Título"


def test_rows_of_a_table_that_are_broken(folder: Path, file: Callable[..., Path]) -> None:
    """Each is told with its line and its column; the verdict is never a word for nothing."""
    sound = "https://a.example/{}\thttps:a.example\t2019-01-02\tClaim {}\t-\tT\t1\t5\tnone\n"
    lines = (
        HEAD + sound.format(1, 1) + "https://a.example/2\thttps:a.example\n"
        + sound.format(3, 3).replace("Claim 3", " ") + "\n"
        + sound.format(5, 5) + sound.format(6, 6) * 2
    )  # fmt: skip
    path = file(lines.encode().replace(b"Claim 5", b"Claim \xff"), "t.tsv")

    done = call("import", "claimreview", "--skip-invalid", "--json", path, ledger=folder)

    assert done.code == 0, done.err
    assert "empty:" in done.err
    report = json.loads(done.out)
    assert (report["rows"], report["read"]) == (6, 3)
    assert [(each["number"], each["column"]) for each in report["refused"]] == [
        (3, "datePublished"), (4, "claimReviewed"), (6, "claimReviewed")
    ]  # fmt: skip
    told = [each["data"] for each in events(folder) if "assessed" in each["type"]]
    assert [each["rating"]["label"] for each in told] == ["none", "none"]
    assert [each.get("explanation") for each in told] == ["T", "T"]


@pytest.mark.slow
@pytest.mark.skipif(not FACTCKBR.exists(), reason="the shared data is not here")
def test_every_record_of_factck_br(folder: Path) -> None:
    """1,313 records of FACTCK.BR (MIT): read but for those that say no claim; once only."""
    words = ("import", "claimreview", "--skip-invalid", "--json", "--set", "language=pt", FACTCKBR)

    done = call(*words, ledger=folder)
    assert done.code == 0, done.err
    assert "empty:" in done.err
    before = log_bytes(folder)
    again = json.loads(call(*words, ledger=folder).out)

    report = json.loads(done.out)
    assert (report["rows"], report["read"], len(report["refused"])) == (1313, 1300, 13)
    assert {each["column"] for each in report["refused"]} == {"claimReviewed"}
    assert report["refused"][0]["number"] == 202
    written = events(folder)
    kinds = ("source.captured", "statement.recorded", "statement.assessed")
    count = {kind: sum(kind in each["type"] for each in written) for kind in kinds}
    assert count["statement.recorded"] == count["statement.assessed"] == 1300
    outlets = {each["data"]["name"] for each in written if each["data"].get("kind") == "outlet"}
    assert outlets == {"aosfatos.org", "apublica.org", "piaui.folha.uol.com.br/lupa"}
    speakers = {each["data"]["speaker_id"] for each in written if "recorded" in each["type"]}
    assert all(each.startswith("unnamed-") for each in speakers)
    assert (again["read"], again["events"], log_bytes(folder)) == (1300, 0, before)
    assert call("verify", ledger=folder).code == 0
