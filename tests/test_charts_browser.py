"""A chart's own page in a real browser: light and dark, narrow and wide, hostile."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser_tools import Scheme, Visit, faults_of, visiting
from charted_ledgers import EVERYTHING, HOSTILE, MEASURE, hostile, link, opened

from ledger.asker import LedgerAsker
from ledger.charts import chain_chart, estimates_chart

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ALL = ("minor", "moderate", "serious", "critical")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of charts: one with everything, others of hostile texts."""
    folder = tmp_path_factory.mktemp("pages")
    with opened(EVERYTHING, folder / "full") as ledger:
        pages = {"full": estimates_chart(LedgerAsker(ledger), MEASURE, link=link)}
    with opened(hostile(HOSTILE[:3]), folder / "evil") as ledger:
        ask = LedgerAsker(ledger)
        pages |= {f"evil-{at}": estimates_chart(ask, f"what-{at}") for at in range(3)}
        pages["evil-chain"] = chain_chart(ask, "said-0")
    for name, chart in pages.items():
        (folder / f"{name}.html").write_text(chart.html(), encoding="utf-8")
    return folder


def seen(visit: Visit, file: Path) -> None:
    """Open a page of a chart."""
    visit.page.goto(file.as_uri())


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark")])
def test_a_page_is_readable_and_sound(
    browser: "Browser", files: Path, width: int, scheme: Scheme
) -> None:
    """Wide and narrow, light and dark: axe finds no fault, and nothing leaves the screen."""
    with visiting(browser, width=width, scheme=scheme) as visit:
        seen(visit, files / "full.html")
        assert faults_of(visit, ALL) == []
        assert visit.overflow() == 0
        text = visit.page.locator("svg.chart text").first
        assert text.evaluate("each => each.getBoundingClientRect().height") >= 11
        ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(20, 24, 28)" if scheme == "dark" else "rgb(255, 255, 255)")
        ink = text.evaluate("each => getComputedStyle(each).fill")
        assert ink == ("rgb(165, 176, 186)" if scheme == "dark" else "rgb(86, 97, 110)")
        assert visit.said == []
        assert visit.requests == [(files / "full.html").as_uri()]


def test_marks_say_what_was_claimed(browser: "Browser", files: Path) -> None:
    """Pointed at or reached by the keyboard, a mark says who claimed what; Escape ends it."""
    with visiting(browser, width=1000) as visit:
        seen(visit, files / "full.html")
        page = visit.page
        said = page.locator(".chart-words")
        page.locator('svg.chart [aria-label*="more than 10,000"]').first.hover()
        assert "Boris Berg claimed more than 10,000 people (2020-01)" in said.inner_text()
        page.keyboard.press("Escape")
        assert said.is_hidden()
        page.locator("figure").focus()
        page.keyboard.press("Tab")
        focused = "document.activeElement.getAttribute"
        assert page.evaluate(f"{focused}('href')").startswith("/statements/")
        assert said.is_visible()
        assert said.inner_text() == page.evaluate(f"{focused}('aria-label')")


@pytest.mark.parametrize("name", ["evil-0", "evil-1", "evil-2", "evil-chain"])
def test_hostile_texts_do_nothing(browser: "Browser", files: Path, name: str) -> None:
    """Texts that try to be markup are shown as they are: nothing runs and nothing is fetched."""
    with visiting(browser, width=800) as visit:
        seen(visit, files / f"{name}.html")
        visit.page.locator("svg.chart [aria-label]").last.hover()
        assert visit.said == []
        assert len(visit.requests) == 1
        assert visit.page.locator("script").count() == 1
        assert visit.page.locator("svg").count() == 1
