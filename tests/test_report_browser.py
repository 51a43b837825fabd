"""Reports and exhibits in a real browser: read, pointed at, walked through by keyboard, printed."""

import io
import re
from pathlib import Path

import pytest
from browser_tools import WIDTHS, Scheme, faults_of, visiting
from playwright.sync_api import Browser
from pypdf import PdfReader
from report_hostile import hostile_pages
from report_tools import told_exhibit, told_once, told_report

PAPERS = {"A4": (595, 842), "Letter": (612, 792)}  # points


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of a report and of an exhibit, as files."""
    room = tmp_path_factory.mktemp("pages")
    made = {"report": told_report(), "exhibit": told_exhibit()}
    for name, page in made.items():
        (room / f"{name}.html").write_bytes(page.data)
    return {name: (room / f"{name}.html").as_uri() for name in made}


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("report", "light"), ("exhibit", "dark"),
        pytest.param("report", "dark", marks=pytest.mark.slow),
        pytest.param("exhibit", "light", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_it_reads_well_and_asks_for_nothing(
    browser: Browser, files: dict[str, str], name: str, scheme: Scheme
) -> None:
    """Narrow or wide nothing sticks out; the policy holds; axe-core finds no serious fault."""
    with visiting(browser, scheme=scheme) as visit:
        visit.page.goto(files[name])
        for width in WIDTHS:
            visit.page.set_viewport_size({"width": width, "height": 900})
            assert visit.overflow() == 0, width
        assert visit.requests == [files[name]]
        assert visit.said == []
        ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 28)"}[scheme]
    with visiting(browser, scheme=scheme, bypass_csp=True) as visit:
        visit.page.goto(files[name])
        assert faults_of(visit, ("moderate", "serious", "critical")) == []


def test_the_keyboard_alone_leads_through_a_report(browser: Browser, files: dict[str, str]) -> None:
    """Past the head by the skip link; a mark of the chart tells its words and leads to them."""
    with visiting(browser) as visit:
        page = visit.page
        page.goto(files["report"])
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        mark = page.locator("svg a[href='#statement-more-than']").first
        mark.focus()
        words = page.locator(".chart-words").inner_text()
        assert "Zamir Kabulov" in words
        assert "10,000" in words
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#statement-more-than"
        claim = page.locator("#statement-more-than .claim")
        assert claim.bounding_box() is not None
        assert "Zamir Kabulov claimed" in claim.inner_text()
        page.locator("#statement-more-than figcaption a").first.click()
        assert page.evaluate("document.querySelector(':target').id") == "source-tass-1"


def test_what_is_copied_from_an_exhibit_is_the_proof(
    browser: Browser, files: dict[str, str]
) -> None:
    """A browser has proof and head exactly as the file has them."""
    with visiting(browser) as visit:
        visit.page.goto(files["exhibit"])
        text = visit.page.evaluate("document.getElementById('proof-11').textContent")
        note = (told_once() / "ledger" / "checkpoint").read_text()
        assert text.startswith("c2sp.org/tlog-proof@v1\nextra ")
        assert text.endswith(f"\n\n{note}")
        assert visit.page.evaluate("document.getElementById('signed-head').textContent") == note


@pytest.mark.parametrize(
    ("name", "paper"),
    [
        ("report", "A4"), ("exhibit", "Letter"),
        pytest.param("report", "Letter", marks=pytest.mark.slow),
        pytest.param("exhibit", "A4", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_it_prints(browser: Browser, files: dict[str, str], name: str, paper: str) -> None:
    """On A4 and Letter each page has a running title and its number; addresses are printed."""
    with visiting(browser, scheme="dark") as visit:
        visit.page.goto(files[name])
        data = visit.page.pdf(format=paper, print_background=False)
    pages = PdfReader(io.BytesIO(data)).pages
    texts = [" ".join(page.extract_text().split()) for page in pages]
    for number, (page, text) in enumerate(zip(pages, texts, strict=True), 1):
        size = (round(page.mediabox.width), round(page.mediabox.height))
        assert size == pytest.approx(PAPERS[paper], abs=1)
        assert "Claims, as recorded" in text
        assert f"{number} of {len(pages)}" in text
        assert not re.search(r"(Statement|Source) [0-9]+$", text), "a heading is torn apart"
    whole = " ".join(texts)
    for said in ("https://tass.example/1", "Zamir Kabulov claimed", "more than 10,000"):
        assert said in whole
    assert len(pages) < 15


@pytest.mark.slow
def test_hostile_text_does_nothing_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    """No dialog, no request, nothing sticks out, though a word has thousands of letters."""
    for number, page in enumerate(hostile_pages()):
        file = tmp_path / f"{number}.html"
        file.write_bytes(page.data)
        with visiting(browser, width=360) as visit:
            visit.page.goto(file.as_uri())
            assert visit.overflow() == 0
            assert visit.said == []
            assert visit.requests == [file.as_uri()]
            assert visit.page.locator("main img, main script").count() == 0
