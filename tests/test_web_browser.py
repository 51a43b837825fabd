"""The site in a real browser: looked at, travelled through time, by keyboard, at every width."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser_tools import Scheme, Visit, faults_of, visiting
from playwright.sync_api import Page, expect
from ready_ledgers import copy_of, copy_with_views, demo_once
from site_tools import serving

from ledger.api import Ledger

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PATHS = (
    "/", "/measures/daesh-fighters-afghanistan", "/speakers", "/speakers/zamir-kabulov",
    "/statements", "/statements/kabulov-2017-12-number", "/sources", "/sources/tca-2018-02",
    "/conflicts", "/denials", "/checks", "/log", "/log/147", "/search?q=10%2C000", "/?as_of=100",
    "/nothing",
)  # fmt: skip
TABS = 60  # presses of the key after which what is sought must have been reached


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A server on the ledger of the seeds."""
    with serving(demo_once()) as address:
        yield address


@pytest.fixture
def visit(browser: "Browser") -> Iterator[Visit]:
    """A window in which a script that fails, or is forbidden, fails the test."""
    with visiting(browser) as made:
        yield made
        assert made.said == []


def press_to(page: Page, words: str) -> None:
    """Go by the Tab key to a link or button that says something."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        said = page.evaluate("document.activeElement.textContent || ''")
        if words in said:
            return
    pytest.fail(f"the Tab key does not reach {words!r}")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "dark"),
        pytest.param(1440, "light", marks=pytest.mark.slow),
        pytest.param(360, "light", marks=pytest.mark.slow),
        pytest.param(1440, "dark", marks=pytest.mark.slow),
    ],
)
def test_no_page_has_a_serious_fault_or_is_too_wide(
    browser: "Browser", site: str, width: int, scheme: Scheme
) -> None:
    """By axe-core, at a phone's width and a desk's, in the light and in the dark."""
    with visiting(browser, width=width, scheme=scheme, bypass_csp=True) as visit:
        for path in PATHS:
            visit.page.goto(site + path)
            assert faults_of(visit) == [], path
            assert visit.overflow() <= 0, path


def test_one_goes_from_the_overview_to_the_words_and_back(site: str, visit: Visit) -> None:
    """A speaker, a statement, the words in their source, and from the words to the statement."""
    page = visit.page
    page.goto(site)
    page.get_by_role("link", name="Zamir Kabulov", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zamir Kabulov")
    page.get_by_role("link", name="Daesh has more than 10,000 militants").click()
    expect(page.get_by_text("more than 10,000", exact=True)).to_be_visible()
    expect(page.locator("article mark").first).to_contain_text("exceeds 10,000")
    page.locator("article h3 a").first.click()
    marked = page.locator("mark:target")
    expect(marked).to_contain_text("the number of militants exceeds 10,000")
    page.locator("mark a", has_text="exceeds 10,000").click()
    page.wait_for_url("**/statements/kabulov-2017-12-number#*")
    assert {request.split("/")[2] for request in visit.requests} == {site.split("/")[2]}


def test_the_slider_moves_the_whole_site(site: str, visit: Visit) -> None:
    """It says the time that it stands on, goes there when let go, and links stay there."""
    page = visit.page
    page.goto(f"{site}/speakers")
    slider = page.locator("#moment")
    slider.focus()
    for key in ("Home", "PageUp", "PageUp", "PageUp"):
        page.keyboard.press(key)
    page.wait_for_url("**as_of=*")
    assert page.locator("section.time.earlier").count() == 1
    size = page.url.partition("as_of=")[2]
    page.get_by_role("link", name="Statements").click()
    assert f"as_of={size}" in page.url
    page.get_by_role("link", name="Back to now").click()
    assert "as_of" not in page.url
    expect(page.locator("section.time output")).to_have_text("now")


def test_without_scripts_everything_is_there(browser: "Browser", site: str) -> None:
    """Pages are whole as they come; the slider has a button."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/measures/daesh-fighters-afghanistan")
    assert page.locator("figure svg").count() == 1
    page.locator("#moment").focus()
    page.keyboard.press("Home")
    page.get_by_role("button", name="Go").click()
    assert "as_of=0" in page.url
    context.close()


def test_a_mark_of_a_chart_says_its_words_and_leads_to_its_statement(
    site: str, visit: Visit
) -> None:
    """To the pointer and to the keyboard."""
    page = visit.page
    page.goto(f"{site}/measures/daesh-fighters-afghanistan")
    mark = page.locator("figure svg a").last
    mark.hover()
    words = page.locator(".chart-words")
    expect(words).to_contain_text("10,000")
    page.keyboard.press("Escape")
    expect(words).to_be_hidden()
    mark.focus()
    expect(words).to_contain_text("Kabulov")
    page.keyboard.press("Enter")
    page.wait_for_url("**/statements/*")


def test_the_keyboard_alone_suffices(site: str, visit: Visit) -> None:
    """From the first press past the menu to a search, a statement, and its proof."""
    page = visit.page
    page.goto(site)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.goto(site)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("exceeds 10,000")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search*")
    press_to(page, "the number of militants exceeds 10,000")
    page.keyboard.press("Enter")
    page.wait_for_url("**/statements/*")
    press_to(page, "Proof of inclusion")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert Path(download.value.path()).read_text("utf-8").startswith("c2sp.org/tlog-proof@v1")


def test_checks_come_by_themselves(site: str, visit: Visit) -> None:
    """The page of checks looks again until they are done."""
    visit.page.goto(f"{site}/checks")
    expect(visit.page.get_by_text("source without origin").first).to_be_visible(timeout=15_000)


def test_a_new_event_is_there_at_the_next_reload(
    browser: "Browser", tmp_path: Path, key_home: Path
) -> None:
    """An append is not made to wait by a site that is open, and its event is seen at once."""
    folder = copy_of((), tmp_path / "ledger", key_home)
    with serving(folder) as address, visiting(browser) as visit:
        page = visit.page
        page.goto(f"{address}/log")
        for number in (1, 2, 3):
            with Ledger.open(folder, actor="ana") as ledger:
                ledger.submit({"command": "register_speaker", "kind": "person",
                               "speaker_id": f"s-{number}", "name": f"S {number}"})  # fmt: skip
            page.reload()
            expect(page.locator("table")).to_contain_text(f"speaker/s-{number}")


@pytest.mark.slow
def test_verification_says_what_it_found(browser: "Browser", tmp_path: Path) -> None:
    """From the log, with one press; first what was signed, then with one document altered."""
    folder = copy_with_views(demo_once(), tmp_path / "ledger")
    with serving(folder) as address, visiting(browser) as visit:
        page = visit.page
        page.goto(f"{address}/log")
        page.get_by_role("link", name="Verify everything").click()
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_have_text("It is what was signed", timeout=30_000)
        expect(page.get_by_text("104 compared with the texts")).to_be_visible()
    document = next(path for path in (folder / "documents").rglob("*") if path.is_file())
    document.chmod(0o644)
    document.write_bytes(document.read_bytes() + b" ")
    with serving(folder) as address, visiting(browser) as visit:
        visit.page.goto(f"{address}/verify")
        expect(visit.page.get_by_role("heading", level=1)).to_have_text(
            "It is not what was signed", timeout=30_000
        )
        expect(visit.page.locator("table")).to_contain_text(document.name)


def test_a_table_is_taken_along_as_csv(site: str, visit: Visit) -> None:
    """The link at the foot of a page gives its rows, as of its moment."""
    visit.page.goto(f"{site}/denials?as_of=176")
    with visit.page.expect_download() as download:
        visit.page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "denials.csv"
    text = Path(download.value.path()).read_text("utf-8")
    assert text.startswith("statement_id,denied_statement_id,")


def test_first_paint_needs_little(site: str, visit: Visit) -> None:
    """What a page loads before it is seen stays under 150 KB."""
    sizes: list[int] = []
    visit.page.on("response", lambda response: sizes.append(len(response.body())))
    for path in ("/", "/sources/tca-2018-02", "/statements/kabulov-2017-12-number"):
        sizes.clear()
        visit.page.goto(site + path)
        visit.page.wait_for_load_state("networkidle")
        assert 10_000 < sum(sizes) < 150_000, (path, sizes)
