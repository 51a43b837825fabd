"""Pictures in their forms: XML that holds texts of sources as text alone."""

import hashlib
import re
import struct
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from charted_ledgers import EVERYTHING, HOSTILE, MEASURE, SPREAD, hostile, link, opened

from ledger.asker import LedgerAsker
from ledger.charts import (
    Chart,
    chain_chart,
    estimates_chart,
    speakers_chart,
    spread_chart,
)

ADDRESS = re.compile(r"/(statements/said|speakers/who|speakers/how|sources/where)-\d")
SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "g", "a", "title", "rect", "line", "path", "text", "tspan"}
ATTRIBUTES = {
    "width", "height", "viewBox", "fill", "stroke", "stroke-width", "stroke-dasharray",
    "stroke-linecap", "opacity", "transform", "d", "x", "y", "x2", "y2", "dy", "text-anchor",
    "font-family", "font-size", "font-weight", "text-decoration", "role", "aria-label", "class",
    "href",
}  # fmt: skip

CHARTS: dict[str, Callable[[LedgerAsker, int], Chart]] = {
    "estimates": lambda ask, number: estimates_chart(ask, f"what-{number}", link=link),
    "spread": lambda ask, number: spread_chart(ask, f"said-{number}", link=link),
    "chain": lambda ask, number: chain_chart(ask, f"said-{number}", link=link),
}
EVERY_TEXT = pytest.mark.parametrize("number", range(len(HOSTILE)))


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> LedgerAsker:
    """A ledger with hostile texts in every field."""
    return LedgerAsker(opened(hostile(HOSTILE), tmp_path_factory.mktemp("evil")))


@pytest.fixture(scope="module")
def drawn(evil: LedgerAsker) -> Callable[[str, int], Chart]:
    """A chart of a hostile text, by its name and the text's number; each is drawn once."""
    return cache(lambda name, number: CHARTS[name](evil, number))


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Chart:
    """A chart with everything on it."""
    ledger = opened(EVERYTHING, tmp_path_factory.mktemp("full"))
    return estimates_chart(LedgerAsker(ledger), MEASURE, link=link)


def parsed(svg: str) -> list[ET.Element]:
    """Every element of a picture."""
    return list(ET.fromstring(svg).iter())


@EVERY_TEXT
@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.sampled(4)
def test_texts_of_sources_are_only_texts(
    drawn: Callable[[str, int], Chart], name: str, number: int
) -> None:
    """Whatever a source says, the picture is XML of a few elements and attributes of ours."""
    chart = drawn(name, number)
    check_picture(chart)
    said = " ".join(svg_texts(parsed(chart.svg())))
    assert HOSTILE[number].split()[0].strip("\u202e")[:8] in said


def test_speakers_of_hostile_names(evil: LedgerAsker) -> None:
    """The same holds for a chart of all the speakers together."""
    chart = speakers_chart(evil, link=link)
    check_picture(chart)
    assert len({row["speaker_id"] for row in chart.rows}) == len(HOSTILE)


def check_picture(chart: Chart) -> None:
    """A picture is small, made of what we make, and links to nothing but things of the ledger."""
    assert not chart.empty
    for svg in (chart.svg(), chart.inline()):
        assert len(svg) < 60_000
        elements = parsed(svg)
        assert {each.tag.removeprefix(SVG) for each in elements} <= ELEMENTS
        for each in elements:
            assert set(each.attrib) <= ATTRIBUTES
            assert ADDRESS.fullmatch(each.get("href", "/statements/said-0"))
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", svg)


def svg_texts(elements: list[ET.Element]) -> Iterator[str]:
    """Everything that a picture says, shown or on being pointed at."""
    for each in elements:
        yield each.text or ""
        yield each.get("aria-label") or ""


@EVERY_TEXT
@pytest.mark.sampled(3)
def test_the_rows_hold_every_text_whole(drawn: Callable[[str, int], Chart], number: int) -> None:
    """What is cut in the picture stands whole in the rows."""
    rows = drawn("estimates", number).rows
    assert [row["words"] for row in rows] == [HOSTILE[number]] * 2
    assert drawn("spread", number).rows[0]["quote"] == HOSTILE[number]


class Page(HTMLParser):
    """The elements of a page, as a browser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.policy = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        given = dict(attrs)
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""


@EVERY_TEXT
def test_a_page_holds_texts_as_text(drawn: Callable[[str, int], Chart], number: int) -> None:
    """The page has no element, handler or style from a source, and its policy names its parts."""
    text = drawn("estimates", number).html()
    page = Page(text)
    of_pages = {"html", "head", "meta", "style", "body", "main", "h1", "h2", "p", "figure", "div",
                "table", "thead", "tbody", "tr", "th", "td", "bdi", "script"}  # fmt: skip
    assert page.tags <= ELEMENTS | of_pages
    assert not {name for name in page.names if name.startswith("on") or name == "style"}
    assert text.count("<script") == text.count("<style") == 1
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert inside
        digest = b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in page.policy
    assert page.policy.startswith("default-src 'none'")


# ── forms ────────────────────────────────────────────────────────────────────────────────────


def test_a_file_has_a_size_light_colours_and_titles(chart: Chart) -> None:
    """A file of its own says by titles what its marks say, and needs no style."""
    root = ET.fromstring(chart.svg())
    assert root.get("width") == "760"
    assert root[0].attrib == {"width": "760", "height": root.get("height"), "fill": "#ffffff"}
    assert "var(" not in chart.svg()
    titles = [each.text for each in root.iter(f"{SVG}title")]
    assert titles == [mark.words for mark in chart.marks]


def test_a_page_sets_the_colours(chart: Chart) -> None:
    """On a page every colour is a variable, the width is the page's, and no id is used."""
    elements = parsed(chart.inline())
    root = elements[0]
    assert "width" not in root.attrib
    assert root.get("class") == "chart"
    colours = {each.get(name) for each in elements for name in ("fill", "stroke")} - {None}
    assert all(str(each).startswith("var(--") or each == "none" for each in colours)
    assert not [each for each in elements if "id" in each.attrib or each.tag == f"{SVG}title"]
    links = [each for each in elements if each.tag == f"{SVG}a"]
    assert [each.get("aria-label") for each in links] == [mark.words for mark in chart.marks]
    assert {each.get("href") for each in links} >= {"/statements/above", "/statements/wrong"}


def test_a_page_may_say_the_heading_itself(chart: Chart) -> None:
    """Without its heading a picture is lower by as much, and says the title to no reader twice."""
    whole, rest = ET.fromstring(chart.inline()), ET.fromstring(chart.inline(heading=False))
    texts = [each.text for each in rest.iter(f"{SVG}text")]
    assert chart.title in [each.text for each in whole.iter(f"{SVG}text")]
    assert chart.title not in texts
    assert "Boris Berg" in texts
    top, height = (float(rest.attrib["viewBox"].split()[at]) for at in (1, 3))
    assert top + height == float(whole.attrib["viewBox"].split()[3])
    assert top > 40


def test_marks_without_an_address_are_no_links(tmp_path: Path) -> None:
    """Where nothing is linked, a mark still says what it is, and is no link."""
    with opened(SPREAD, tmp_path) as ledger:
        svg = spread_chart(LedgerAsker(ledger), "told").inline()
    elements = parsed(svg)
    assert not [each for each in elements if each.tag == f"{SVG}a"]
    assert len([each for each in elements if each.get("role") == "img"]) == 4


def test_png_and_pdf_are_pictures(chart: Chart) -> None:
    """The PNG has twice the size of the chart, and the PDF is one."""
    png = chart.png()
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert width == 1520
    assert height == 2 * float(ET.fromstring(chart.svg()).attrib["height"])
    assert chart.pdf().startswith(b"%PDF-")


def test_nothing_is_fetched(chart: Chart) -> None:
    """No form of a chart names an address beside those of its links."""
    for text in (chart.svg(), chart.inline(), chart.html()):
        addresses = set(re.findall(r"(?:https?:)?//\w[^\s\"'<]*", text))
        assert addresses == {"http://www.w3.org/2000/svg"}


def test_the_same_claims_make_the_same_picture(chart: Chart, tmp_path: Path) -> None:
    """A picture depends on nothing but what is recorded until its moment."""
    with opened(EVERYTHING, tmp_path) as ledger:
        again = estimates_chart(LedgerAsker(ledger), MEASURE, link=link)
    assert again.svg() == chart.svg()
