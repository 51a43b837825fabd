"""The SQL page in a real browser: asked, read, looked at, taken along, with and without scripts."""

import csv
import io
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from browser_tools import Scheme, Visit, faults_of, visiting
from playwright.sync_api import Browser, Page
from ready_ledgers import demo_once
from site_tools import serving

from ledger.web.sql.frame import frame_of
from ledger.web.sql.messages import Answer
from ledger.web.sql.picture import picture_of
from ledger.web.sql.schema import EXAMPLES
from ledger.web.sql.table import shown
from projections import catalog
from projections.columns import meaning

BY_SPEAKER = "select speaker, statements from claims_by_speaker order by statements desc limit 5"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a server of its own on the ledger of the seeds."""
    with serving(demo_once()) as made:
        yield made


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A window in which an alert, or a script that fails, fails the test."""
    with visiting(browser) as made:
        yield made
        assert [each for each in made.said if "status of 400" not in each] == []


@pytest.fixture
def page(visit: Visit) -> Page:
    """What the window shows."""
    return visit.page


def address(site: str, sql: str, **also: str) -> str:
    """The address of a query."""
    further = "".join(f"&{name}={quote(value)}" for name, value in also.items())
    return f"{site}/sql?q={quote(sql)}{further}"


def fetched(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an address."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


# ── in a browser ─────────────────────────────────────────────────────────────────────────────


def test_a_query_is_written_run_and_read_with_the_keyboard_alone(site: str, page: Page) -> None:
    """Ctrl-Enter runs it; the address holds it; the table and the picture hold its rows."""
    page.goto(f"{site}/sql")
    page.get_by_label("Query", exact=True).focus()
    page.keyboard.type(BY_SPEAKER)
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="5 rows").wait_for()

    assert parse_qs(urlsplit(page.url).query)["q"] == [BY_SPEAKER]
    assert page.get_by_label("Query", exact=True).input_value() == BY_SPEAKER
    cells = page.locator(".cells tbody tr").first.locator("td").all_inner_texts()
    assert cells == ["Zamir Kabulov", "40"]
    assert page.locator(".picture svg").is_visible()


@pytest.mark.parametrize(
    ("width", "scheme", "sql"),
    [(360, "dark", BY_SPEAKER), (1440, "light", ""), (1440, "dark", "from nothing")],
)
def test_page_and_result_are_for_everybody(
    site: str, browser: Browser, width: int, scheme: Scheme, sql: str
) -> None:
    """Readable on small and large screens; axe-core finds no fault."""
    with visiting(browser, width=width, scheme=scheme, bypass_csp=True) as visit:
        visit.page.goto(address(site, sql))
        assert visit.overflow() == 0
        assert faults_of(visit, ("minor", "moderate", "serious", "critical")) == []


def test_an_example_leads_to_its_answer_and_the_moment_to_an_earlier_one(
    site: str, page: Page
) -> None:
    """Examples are links; the moment that is set holds for the query, and stays when it is run."""
    page.goto(f"{site}/sql?as_of=100")
    page.get_by_role("link", name=EXAMPLES[1].title).click()
    page.get_by_role("heading", name=re.compile("rows")).wait_for()

    assert page.get_by_text("Asked as of 100 events, answered").is_visible()
    page.get_by_label("Query", exact=True).fill("select count(*) from events")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("heading", name="1 row", exact=True).wait_for()
    assert page.locator(".cells tbody td").all_inner_texts() == ["100"]


def test_a_wrong_query_stays_in_its_field_with_what_is_wrong(site: str, page: Page) -> None:
    """The words of DuckDB stand beside it as text."""
    page.goto(address(site, "select * from statments"))

    assert "Did you mean" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Query", exact=True).input_value() == "select * from statments"
    assert page.locator(".cells").count() == 0


HOSTILE = """select '<script>alert(1)</script><img src=x onerror=alert(2)>' as "<b>name</b>",
chr(8238) || 'turned' as turned, repeat('x', 65536) as long, '</textarea><script>alert(3)</script>'
from range(2) -- </textarea><script>alert(4)</script>"""


def test_hostile_text_is_shown_as_text(site: str, page: Page) -> None:
    """Names, cells and the query itself: no markup of it comes to life, and nothing is turned."""
    page.goto(address(site, HOSTILE))

    assert page.get_by_label("Query", exact=True).input_value() == HOSTILE
    assert page.locator(".cells th").first.inner_text().startswith("<b>name</b>")
    first, turned, long, _ = page.locator(".cells tbody tr").first.locator("td").all_inner_texts()
    assert first.startswith("<script>alert(1)</script><img")
    assert turned == "U+202Eturned"
    assert long.endswith("65,536 characters in all")
    assert page.locator("main img, main script").count() == 0


def test_a_download_in_the_browser_is_the_whole_result(site: str, page: Page) -> None:
    """The page shows some rows; the file holds all of them."""
    page.goto(address(site, "select position from events order by 1", limit="10"))
    with page.expect_download() as waited:
        page.get_by_role("link", name="CSV", exact=True).click()

    assert page.locator(".cells tbody tr").count() == 10
    assert waited.value.suggested_filename == "query-176.csv"
    lines = waited.value.path().read_text().split()
    assert lines == ["position", *map(str, range(176))]


def test_without_scripts_and_on_a_small_screen_it_works_the_same(
    site: str, browser: Browser
) -> None:
    """The form is a form; a wide table scrolls in its own frame."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 700}, color_scheme="dark"
    )
    page = context.new_page()
    page.goto(f"{site}/sql")
    page.get_by_label("Query", exact=True).fill("from statements")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("heading", name="93 rows").wait_for()
    page.locator("#view-statements summary").click()

    width = page.locator("body").bounding_box()
    assert width is not None
    assert width["width"] <= 360
    assert page.get_by_role("cell", name="what is claimed, in one neutral").first.is_visible()
    context.close()


# ── as data ──────────────────────────────────────────────────────────────────────────────────


def test_the_page_as_json_holds_the_rows_and_says_of_what_they_are(site: str) -> None:
    """The same as the page, at the moment that was asked for."""
    status, _, body = fetched(address(site, "select 1 as a", format="json", as_of="50"))
    made = json.loads(body)

    assert status == 200
    assert (made["columns"], made["types"], made["rows"]) == (["a"], ["INTEGER"], [[1]])
    assert (made["size"], made["asked_at_size"], made["truncated"]) == (50, 50, False)


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("jsonl", "application/x-ndjson"),
        ("parquet", "application/vnd.apache.parquet"),
    ],
)
def test_each_download_is_an_attachment_of_its_type(site: str, form: str, media_type: str) -> None:
    """No browser shows it as a page of this site."""
    status, headers, body = fetched(address(site, "from statements", download=form))

    assert (status, headers["content-type"]) == (200, media_type)
    assert headers["content-disposition"] == f'attachment; filename="query-176.{form}"'
    assert headers["x-content-type-options"] == "nosniff"
    assert len(body) == int(headers["content-length"])


def test_csv_of_the_page_is_the_download_or_the_list_of_columns(site: str) -> None:
    """As on every page, `format=csv` gives its table."""
    asked = fetched(address(site, "select 1 as a", format="csv"))[2]
    listed = list(csv.DictReader(io.StringIO(fetched(f"{site}/sql?format=csv")[2].decode())))

    assert asked == b"a\r\n1\r\n"
    assert {row["view"] for row in listed} == {view.name for view in catalog.views()}
    assert all(row["meaning"] for row in listed)


@pytest.mark.parametrize(
    ("also", "status"),
    [({}, 400), ({"download": "csv"}, 400), ({"format": "json"}, 400), ({"as_of": "9999"}, 400)],
)
def test_what_is_refused_has_the_status_of_a_refusal(
    site: str, also: dict[str, str], status: int
) -> None:
    """Whichever form is asked for, and nothing is written."""
    found, headers, body = fetched(address(site, "copy events to '/tmp/stolen.csv'", **also))
    assert found == status
    assert "attachment" not in headers.get("content-disposition", "")
    assert b"Traceback" not in body


def test_a_query_of_16_kib_is_asked_and_a_longer_one_refused(site: str) -> None:
    """As long as an address can be; beyond that it is said how long it may be."""
    longest = "select 1 /*" + "ü" * ((16 << 10) - 13 >> 1) + "*/"
    assert fetched(address(site, longest))[0] == 200
    status, _, body = fetched(address(site, longest + " " * 3 + "-- more"))
    assert status == 400
    assert b"16,384 are read" in body


def test_a_page_of_another_site_lets_no_query_run(site: str) -> None:
    """Not as an image, a script or a frame; a link from there is followed."""
    url = address(site, "select 42 as a", format="json")
    images, frames, links = (
        fetched(url, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest=dest)
        for dest in ("image", "iframe", "document")
    )
    assert [images[0], frames[0], links[0]] == [400, 400, 200]
    assert b"42]" not in images[2]


@pytest.mark.slow
def test_while_queries_run_that_do_not_end_the_site_goes_on(site: str) -> None:
    """Two run, two wait, and a page of the site comes as soon as ever."""
    fetched(site)
    with ThreadPoolExecutor(4) as pool:
        asked = [
            pool.submit(fetched, address(site, f"select sleep_ms({ms})")) for ms in range(900, 904)
        ]
        time.sleep(0.2)
        began = time.monotonic()
        assert fetched(f"{site}/speakers")[0] == 200
        assert time.monotonic() - began < 1
        assert not any(each.done() for each in asked)
        assert [each.result()[0] for each in asked] == [200] * 4


@pytest.mark.slow
def test_of_too_many_queries_at_once_some_are_told_so(site: str) -> None:
    """They are told at once, with a status that says to come again; the others are answered."""
    asked = [address(site, f"select sleep_ms({ms})") for ms in range(200, 224)]
    with ThreadPoolExecutor(len(asked)) as pool:
        found = list(pool.map(fetched, asked))

    statuses = [status for status, *_ in found]
    assert set(statuses) == {200, 503}
    assert statuses.count(200) >= 16
    assert all(b"queries are waiting already" in body for status, _, body in found if status == 503)


# ── parts ────────────────────────────────────────────────────────────────────────────────────


def answer(types: str, *rows: list[Any]) -> Answer:
    """An answer with columns `a`, `b` … of these types."""
    kinds = types.split()
    return Answer(
        list("abcdef"[: len(kinds)]), kinds, list(rows), truncated=False, seconds=0.1, size=9
    )


def test_a_result_is_drawn_as_what_it_is() -> None:
    """Numbers along days are lines, numbers of named things bars, anything else no picture."""
    days = answer("DATE BIGINT", ["2020-01-02", 1], ["2020-01-01", 2], [None, 3])
    series = answer("DATE VARCHAR DOUBLE", *(
        [f"2020-01-0{day}", name, "1.5"] for day in (1, 2) for name in "xy"
    ))  # fmt: skip
    named = answer("VARCHAR BIGINT", ["<x>", 1], [None, -2])

    along, told, bars = frame_of(days), frame_of(series), frame_of(named)
    assert along is not None
    assert [number for _, number in along.series[0].points] == [2, 1]
    assert told is not None
    assert [each.name for each in told.series] == ["x", "y"]
    assert bars is not None
    assert bars.labels == ["<x>", "null"]
    for each in (days, series, named):
        made = picture_of(each)
        assert made is not None
        assert "whether they are true is not said" in made.label
        svg = made.inline()
        assert svg.startswith("<svg")
        assert "<x>" not in svg


@pytest.mark.parametrize(
    "made",
    [
        answer("VARCHAR VARCHAR", ["x", "y"], ["x", "y"]),
        answer("BIGINT", [1], [2]),
        answer("VARCHAR BIGINT", ["only one", 1]),
        answer("VARCHAR DOUBLE", ["x", "nan"], ["y", "inf"]),
        answer("VARCHAR BIGINT", *([f"{number}", number] for number in range(100))),
        answer("VARCHAR BIGINT[]", ["x", [1]], ["y", [2]]),
        answer("DATE BIGINT", ["2020-01-01", 1], ["2020-01-01", 2]),
        answer("VARCHAR BIGINT", ["x", 1], ["y", 2])._replace(truncated=True),
    ],
)
def test_what_has_no_picture_gets_none(made: Answer) -> None:
    """Texts, one number, too many things, what was cut short: the table says it all."""
    assert picture_of(made) is None


@pytest.mark.parametrize("name", ["low", "best", "high", "left_low", "position", "Quote_Start"])
def test_a_claimed_figure_is_not_drawn_without_its_hedge(name: str) -> None:
    """The bounds of an estimate have their own chart; a place is no quantity."""
    made = answer("VARCHAR DOUBLE", ["x", 1], ["y", 2])._replace(columns=["speaker", name])
    assert picture_of(made) is None


def test_a_column_has_its_meaning_from_what_it_belongs_to() -> None:
    """Sides and ends follow from the column itself; of one that is not known nothing is said."""
    assert meaning("conflicts", "left_claimed").endswith("; of the left one")
    assert meaning("statements", "said_at_latest") == "last day of said_at; null where open"
    assert meaning("statements", "no_such_column") == ""


def test_a_cell_is_text_whatever_stands_in_it() -> None:
    """Null is told from an empty text; lists and objects are JSON."""
    assert str(shown(None)) == '<span class="null">null</span>'
    assert str(shown("")) == "<bdi></bdi>"
    assert str(shown([True, 1.5])) == "<bdi>[true,1.5]</bdi>"
    assert str(shown({"a": ["<b>", None]})) == (
        "<bdi>{&#34;a&#34;:[&#34;&lt;b&gt;&#34;,null]}</bdi>"
    )
