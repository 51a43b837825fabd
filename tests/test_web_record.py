"""Recording in a real browser: words are selected, looked at against the ledger, and recorded."""

from collections.abc import Iterator
from typing import Any

import pytest
from browser_tools import Scheme, Visit, faults_of, visiting
from cli_tools import events
from playwright.sync_api import Browser, Page
from record_tools import ARTICLE, SPEAKER, Served, new_ledger, served

TWICE = "number of fighters exceeds 10,000"
SMALL = 360  # pixels: every state is looked at there, beyond it only the fullest
ONCE = "at least 200 camps"

# Selects words in the text, the nth time that they stand there, as a hand does.
SELECT = """
([words, nth]) => {
  const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
  const nodes = [];
  let all = "";
  while (walker.nextNode()) {
    nodes.push([walker.currentNode, all.length]);
    all += walker.currentNode.data;
  }
  let at = -1;
  for (let n = 0; n <= nth; n += 1) at = all.indexOf(words, at + 1);
  const place = (offset) => {
    const [node, start] = nodes.findLast(([, start]) => start <= offset);
    return [node, offset - start];
  };
  const range = document.createRange();
  range.setStart(...place(at));
  range.setEnd(...place(at + words.length));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that may be written to."""
    room = tmp_path_factory.mktemp("record")
    ledger = new_ledger(room / "ledger", room / "home")
    with served(ledger, room / "home", "--write", "--actor", "ana") as made:
        yield made


@pytest.fixture
def visit(browser: Browser, server: Served) -> Iterator[Visit]:
    """A window that came in with the token."""
    with visiting(browser) as made:
        made.page.goto(server.entrance)
        yield made


def press(page: Page, order: str) -> None:
    """Press one of the form's own buttons, and wait for what comes of it."""
    follow(page, f".record [value={order}]:not(.away)")


def follow(page: Page, selector: str) -> None:
    """Click, and wait for the next page."""
    with page.expect_navigation():
        page.click(selector)


def select(page: Page, server: Served, words: str, nth: int = 0, *, first: int = 0) -> None:
    """Open the first source, from a place on, and follow the button that a selection brings."""
    page.goto(f"{server.base}/sources/first?from={first}")
    page.evaluate(SELECT, [words, nth])
    page.wait_for_selector(".from-selection", state="visible")
    follow(page, ".from-selection")
    page.wait_for_selector("#quote")


def wait_for_focus(page: Page, wanted: str) -> None:
    """Wait until an element of the next page has the focus."""
    page.wait_for_function("wanted => document.activeElement.id === wanted", arg=wanted)


def recorded(page: Page) -> str:
    """What the page says of what was recorded."""
    page.wait_for_selector(".notice")
    return page.inner_text(".notice")


def test_selected_words_are_recorded(visit: Visit, server: Served) -> None:
    """The second of two places is the one that was selected, counted in code points."""
    page = visit.page
    select(page, server, TWICE, 1)
    assert page.input_value("#quote") == TWICE
    assert page.is_checked(".places p:nth-of-type(2) input")

    page.fill("#speaker", "The Second Envoy")
    page.fill("#said_at", "2018-02-03")
    page.fill("#proposition", "There are more than 10,000 fighters.")
    page.fill("#measure-1", "Fighters")
    page.fill("#value-1", "> 10000")
    page.fill("#words-1", "exceeds 10,000")
    page.fill("#topics", "fighters, north")
    press(page, "record")

    assert recorded(page).startswith("Recorded at position")
    last = server.last()
    start = ARTICLE.index(TWICE, ARTICLE.index(TWICE) + 1)
    [report], [number] = last["data"]["reports"], last["data"]["estimates"]
    assert (report["quote"]["start"], report["quote"]["end"]) == (start, start + len(TWICE))
    assert (report["quote"]["exact"], report["anchor"]) == (TWICE, "exact")
    assert (number["comparator"], number["low"]) == ("gt", 10000)
    assert number["value_text"]["exact"] == "exceeds 10,000"
    assert last["data"]["topics"] == ["fighters", "north"]
    assert (last["actor"], last["agent"]) == ("ana", "person")
    page.goto(f"{server.base}/sources/first")
    assert page.inner_text("#text mark") == TWICE
    page.goto(f"{server.base}/record?source=first&start={start + 3}&end={start + 9}")
    assert "There are more than 10,000 fighters." in page.inner_text(".standing")
    assert not visit.said


def test_a_selection_across_lines_keeps_its_line_breaks(visit: Visit, server: Served) -> None:
    """The line breaks of Windows are two code points, which a browser takes for one."""
    page = visit.page
    words = "on\r\nSaturday"
    select(page, server, words, first=30)
    page.fill("#speaker", "The Third Envoy")
    press(page, "record")
    recorded(page)

    quote = server.last()["data"]["reports"][0]["quote"]
    assert quote["exact"] == words
    assert quote["start"] == ARTICLE.index(words)


def test_what_is_refused_keeps_what_was_typed(visit: Visit, server: Served) -> None:
    """The first fault has the focus and its sentence; once mended, all of it is recorded."""
    page, size = visit.page, server.size()
    select(page, server, ONCE)
    page.fill("#speaker", "Zamir Exampel")
    page.fill("#note", "Kept as typed.")
    page.fill("#measure-1", "Camps of the north")
    page.fill("#value-1", "at least 300")
    press(page, "record")

    wait_for_focus(page, "speaker")
    assert page.get_attribute("#speaker", "aria-invalid") == "true"
    assert "Did you mean zamir-example?" in page.inner_text("#speaker-wrong")
    assert page.input_value("#note") == "Kept as typed."
    page.check("#speaker_new")
    press(page, "record")
    wait_for_focus(page, "words-1")
    assert "say 200; the value says 300" in page.inner_text("#words-1-wrong")
    assert server.size() == size
    page.fill("#value-1", "at least 200")
    press(page, "record")
    recorded(page)
    assert server.last()["data"]["note"] == "Kept as typed."
    assert server.size() == size + 3


def test_a_near_match_becomes_a_report(visit: Visit, server: Served) -> None:
    """What looks like one that is there is not recorded unseen, and can be made a report."""
    page, size = visit.page, server.size()
    select(page, server, TWICE)
    page.fill("#speaker", SPEAKER)
    page.fill("#said_at", "2018-02")
    page.fill("#proposition", "The number of fighters exceeds 10,000.")
    press(page, "record")

    assert "Not recorded yet" in page.inner_text("#would h2")
    wait_for_focus(page, "would")
    assert "The number of fighters" in page.inner_text(".near")
    assert server.size() == size
    follow(page, ".near button")
    assert page.is_checked("#is-report")
    assert "A report of" in page.inner_text("#would")
    follow(page, "#would > button")
    recorded(page)
    last = server.last()
    assert last["type"] == "claims.report.added.v1"
    assert last["data"]["statement_id"] == "known"


@pytest.mark.slow
def test_a_near_match_that_was_seen_may_be_its_own(visit: Visit, server: Served) -> None:
    """Whoever saw it and records again means another statement."""
    page = visit.page
    select(page, server, TWICE, 1)
    page.fill("#speaker", SPEAKER)
    page.fill("#said_at", "2018-02")
    page.fill("#proposition", "The number of fighters exceeds 10,000, it was said again.")
    press(page, "check")
    assert "This would be recorded" in page.inner_text("#would h2")
    page.wait_for_selector(".near")
    follow(page, "#would > button")
    recorded(page)
    assert server.last()["type"] == "claims.statement.recorded.v1"


@pytest.mark.slow
def test_a_report_is_added_from_the_page_of_its_statement(visit: Visit, server: Served) -> None:
    """With a number of its own, which belongs to that report."""
    page = visit.page
    page.goto(f"{server.base}/statements/known")
    follow(page, "text=Add a report of it")
    assert page.is_hidden("#speaker")
    page.fill("#source", "The first text")
    page.fill("#quote", "continues to grow, the envoy said")
    page.select_option("#quote_mode", "indirect")
    page.fill("#via", SPEAKER)
    page.fill("#measure-1", "fighters")
    page.fill("#value-1", "?")
    page.fill("#words-1", "continues to grow")
    press(page, "record")
    recorded(page)

    report, number = [claims_event(server, back)["data"] for back in (2, 1)]
    assert (report["source_id"], report["quote_mode"]) == ("first", "indirect")
    assert report["via"] == [{"speaker_id": "zamir-example"}]
    assert number["report_id"] == report["report_id"]
    assert number["comparator"] == "unspecified"


def claims_event(server: Served, back: int) -> dict[str, Any]:
    """The event so many before the end."""
    found: dict[str, Any] = events(server.ledger)[-back]
    return found


@pytest.mark.slow
def test_it_works_without_javascript(browser: Browser, server: Served) -> None:
    """Words are typed in, found where they stand twice, and the place is chosen."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.entrance)
    page.goto(f"{server.base}/sources/first")
    follow(page, "text=type them in")
    page.fill("#quote", TWICE)
    press(page, "find")
    assert "stand 2 times" in page.inner_text("[role=status]")
    page.check(".places p:nth-of-type(2) input")
    page.fill("#speaker", "Noscript Jones")
    press(page, "more")
    assert page.is_visible("#value-4")
    press(page, "record")
    recorded(page)
    context.close()
    assert server.last()["data"]["reports"][0]["quote"]["start"] == ARTICLE.rindex(TWICE)


def test_the_keyboard_alone_suffices(visit: Visit, server: Served) -> None:
    """From a source to a recorded statement without a pointer."""
    page = visit.page
    page.goto(f"{server.base}/sources/first")
    tab_to(page, "type them in")
    page.keyboard.press("Enter")
    page.wait_for_selector("#quote")
    typed = {"quote": ONCE, "speaker": "A Third Official", "proposition": "There are 200 camps."}
    for name, text in typed.items():
        tab_to(page, name)
        page.keyboard.type(text)
    tab_to(page, "said_at", back=True)
    page.keyboard.type("2018")
    page.keyboard.press("Enter")  # looks, and records nothing
    page.wait_for_selector("#would")
    wait_for_focus(page, "would")
    size = server.size()
    tab_to(page, "Record")
    page.keyboard.press("Enter")
    recorded(page)
    assert server.size() == size + 2


def tab_to(page: Page, wanted: str, *, back: bool = False) -> None:
    """Press Tab until a field, or what has these words, has the focus."""
    for _ in range(80):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        found = page.evaluate(
            "[document.activeElement.id, document.activeElement.textContent.trim(),"
            " document.activeElement.closest('nav') ? 'nav' : '']"
        )
        if wanted in found[:2] and not found[2]:
            return
    pytest.fail(f"{wanted} cannot be reached by Tab")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(SMALL, "light"), pytest.param(1440, "dark", marks=pytest.mark.slow)],
)
def test_the_pages_are_accessible(
    browser: Browser, server: Served, width: int, scheme: Scheme
) -> None:
    """axe-core finds no fault, and nothing is wider than the window: refused, looked at."""
    with visiting(browser, width=width, scheme=scheme, bypass_csp=True) as visit:
        page = visit.page
        page.goto(server.entrance)
        if width == SMALL:
            check_page(visit)
        page.goto(f"{server.base}/record?source=first&statement=known")
        page.fill("#quote", TWICE)
        page.check("#is-statement")
        page.fill("#value-1", "lots of <b>words</b> " * 20)
        press(page, "record")
        if width == SMALL:
            check_page(visit)
        page.fill("#value-1", "")
        page.check(".places input >> nth=0")
        page.fill("#speaker", SPEAKER)
        page.fill("#said_at", "2018-02")
        press(page, "check")
        page.wait_for_selector(".near")
        check_page(visit)


def check_page(visit: Visit) -> None:
    """Whether a page can be read by all."""
    assert faults_of(visit, ("minor", "moderate", "serious", "critical")) == []
    assert visit.overflow() == 0
