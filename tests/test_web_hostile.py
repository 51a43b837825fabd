"""Text of other people, addresses that nobody made, and requests that are none: on every page."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import anyio
import httpx
import pytest
from browser_tools import visiting
from documents_made import PAGE, pdf, word
from hostile_ledger import EVIL, FORMULA, LONG, TAGS, TURN, UNSEEN, hostile_once
from hypothesis import given
from hypothesis import strategies as st
from ready_ledgers import copy_of
from redaction_tools import QUOTE, SECRETS, erase, tell
from report_tools import Read
from site_watch import HOST, Watched, watched
from starlette.applications import Starlette
from starlette.routing import Route

from ledger.api import Ledger
from ledger.asker import Row
from ledger.web.app import Site, create_app
from ledger.web.guards import Guards
from ledger.web.page import Asked, Page
from ledger.web.pages.source import stretches
from ledger.web.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LISTS = (
    "/", "/measures", "/speakers", "/statements", "/sources", "/conflicts", "/denials", "/log",
    "/checks", "/search", "/sql",
)  # fmt: skip
THINGS = (
    "/measures/m", "/measures/m..long", "/speakers/evil", "/speakers/a.b-c..d_e",
    "/speakers/unseen", "/speakers/huge", "/statements/s1", "/statements/s2",
    "/statements/s.3..x", "/statements/topics", "/statements/echo", "/sources/doc",
    "/sources/cited", "/sources/many", "/conflicts?measure=m", "/search?q=alert",
    f"/search?q={quote(TAGS)}", "/log/0", "/log/5", "/log/8", "/log/14", "/nothing",
    f"/statements?topic={quote(TAGS)}&speaker={quote(EVIL)}", f"/{quote(TAGS, safe='')}",
)  # fmt: skip
PICTURES = ("/pictures/chain/s1.svg", "/pictures/spread/echo.svg", "/pictures/chain/echo.svg")

OURS = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "header", "main", "footer",
    "section", "nav", "article", "aside", "form", "input", "button", "label", "output", "textarea",
    "div", "h1", "h2", "h3", "p", "b", "strong", "small", "span", "bdi", "br", "mark", "code",
    "pre", "dl", "dt", "dd", "ol", "ul", "li", "figure", "figcaption", "blockquote", "img",
    "del", "ins",
    "table", "thead", "tbody", "tr", "th", "td", "details", "summary",
    "svg", "g", "path", "text", "tspan", "rect", "line", "circle", "style", "defs", "use",
    "pattern", "clippath", "lineargradient", "stop", "desc",
}  # fmt: skip
ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset")
LOCAL = re.compile(r"#[^\s]*|/(?![/\\])[^\s]*")

WIDEST = """[...document.querySelectorAll('body *')].filter(
    each => each.getBoundingClientRect().right > innerWidth + 1
        && !each.closest('.wide, .picture, nav')
).slice(0, 3).map(each => each.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def site() -> Iterator[Watched]:
    """A server on a ledger with hostile text in every field."""
    with watched(hostile_once() / "ledger") as made:
        yield made
        assert "Traceback" not in made.said


# ── text stays text ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [*LISTS, *THINGS])
@pytest.mark.sampled(3)
def test_hostile_text_becomes_no_element_and_no_address(site: Watched, path: str) -> None:
    """Only our own elements and addresses, whatever a field holds."""
    page = Read(site.get(path).body)
    assert {tag.rpartition("}")[2].lower() for tag in page.tags} <= OURS
    assert all(src.startswith("/static/") for src in map(str, page.all("//script/@src")))
    assert not page.all("//script[not(@src)]")
    for element in page.tree.iter():
        for name, value in element.attrib.items():
            assert name[:2] != "on", (element.tag, name)
            assert name != "style" or element.xpath("ancestor-or-self::svg"), name
            if name in ADDRESSES:
                assert LOCAL.fullmatch(value), value
            if name in ("lang", "xml:lang"):
                assert re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value)
    assert len(page.all("//title")) == 1
    assert TURN not in page.text("//title") + page.text("//h1")


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_runs_nothing(site: Watched, path: str) -> None:
    """A picture of hostile names is a picture."""
    answer = site.get(path)
    assert answer.status == 200
    page = Read(answer.body)
    assert {tag.rpartition("}")[2].lower() for tag in page.tags} <= OURS
    assert not [name for each in page.tree.iter() for name in each.attrib if name[:2] == "on"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_text_is_there_letter_by_letter(site: Watched) -> None:
    """Nothing is swallowed: what hides or turns is shown by its number."""
    page = Read(site.get("/statements/s1").body)
    assert f"</p>{TAGS}U+202Ekcab {{{{ 7*7 }}}} 😀 &lt;" in page.text("//main")
    assert LONG in page.text("//h1")
    assert "data:text/html,x" in page.text("//main")
    assert "javascript:alert(1)" in Read(site.get("/sources/cited").body).text("//main")
    unseen = Read(site.get("/speakers/unseen").body).text("//h1")
    assert "payU+200BpalU+FEFF" in unseen.replace(" ", "")
    assert {"U+2066", "U+E0041", "U+061C"} <= set(re.findall(r"U\+[0-9A-F]+", unseen))
    assert unseen.count("\u0301") == 4, "accents cover no line above"
    assert "U+0301 ×56" in unseen
    assert "(U+202E)" in Read(site.get("/sources/doc").body).text("//main")


def test_json_stays_json_and_csv_runs_nothing(site: Watched) -> None:
    """JSON gives every text as it was recorded; a cell that begins like a formula is defused."""
    whole = site.get("/statements/s1?format=json").json()["statement"]
    assert whole["proposition"] == EVIL + LONG
    assert site.get("/speakers/unseen?format=json").json()["speaker"]["name"] == UNSEEN
    for path in (*LISTS[:8], "/statements/topics", "/search?q=HYPERLINK", "/speakers/unseen"):
        both = "&" if "?" in path else "?"
        assert site.get(f"{path}{both}format=json").json()["size"] > 0
        text = site.get(f"{path}{both}format=csv").text
        rows = list(csv.reader(io.StringIO(text)))
        assert len({len(row) for row in rows}) == 1, "every row has every column"
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+@\t\r＝＋＠")]
    assert f"'{FORMULA}" in {
        cell for row in csv.reader(io.StringIO(site.get("/statements?format=csv").text))
        for cell in row
    }  # fmt: skip


def test_a_page_is_not_larger_than_what_it_shows_is_long(site: Watched) -> None:
    """A name as long as a line stands once in full, not in every row that names it."""
    for path in (*LISTS, "/sources/many", "/statements/echo"):
        assert len(site.get(path).body) < 3_000_000, path


def test_no_page_is_wider_than_a_phone_or_runs_anything(browser: "Browser", site: Watched) -> None:
    """In Chromium: no dialog, no fault, nothing asked of anybody else."""
    check_narrow(browser, site, (
        "/", "/measures/m..long", "/speakers/huge", "/statements/s1", "/statements/topics",
        "/sources/doc", "/sources/many", THINGS[-2], THINGS[-1],
    ))  # fmt: skip


@pytest.mark.slow
def test_no_page_at_all_is_wider_than_a_phone(browser: "Browser", site: Watched) -> None:
    """The same of every page."""
    check_narrow(browser, site, (*THINGS, *LISTS))


def check_narrow(browser: "Browser", site: Watched, paths: Sequence[str]) -> None:
    """Look at pages through a window of 360 pixels."""
    with visiting(browser, width=360) as visit:
        for path in paths:
            visit.page.goto(site.address + path, wait_until="domcontentloaded")
            assert visit.overflow() <= 0, (path, visit.page.evaluate(WIDEST))
            assert visit.page.locator("img[onerror], body script").count() == 0, path
        assert [said for said in visit.said if "404" not in said] == []
        assert {request.split("/")[2] for request in visit.requests} == {site.address[7:]}


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 12)), max_size=9), st.integers(0, 12))
def test_a_text_is_cut_wherever_a_quote_begins_or_ends(
    places: list[tuple[int, int]], start: int
) -> None:
    """Nothing of it is lost, and each part says which quotes cover it, whatever they overlap."""
    text, reports = "abcdefghijklmnopqrstuvwxy", list[Row]()
    for number, (first, length) in enumerate(sorted(places)):
        span = {"quote_start": first, "quote_end": first + length}
        reports.append({"report_id": f"r{number}", **span})
    at = start
    for part in stretches(text, reports, start, len(text)):
        assert part.text == text[at : at + len(part.text)]
        for each in reports:
            covers = each["quote_start"] <= at and at + len(part.text) <= each["quote_end"]
            assert (each["report_id"] in part.covering) == covers
        at += len(part.text)
    assert at == len(text)


# ── addresses that nobody made ───────────────────────────────────────────────────────────────

NONSENSE = (
    "-1", "9" * 30, "9" * 5000, "٣", "1e3", "%00", "%ff%fe", "2026-13-01", "0000-01-01",
    "0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59", "x" * 20_000,
    "%0d%0aX-Evil:1", "{{7*7}}", "' or 1=1 --", "%ED%A0%80", "00000000000000000001",
    "18446744073709551616", "(" * 40, "%5C", "İ", "",
)  # fmt: skip
PLACES = (
    ("as_of", "/log"), ("as_of", "/reports/r1"), ("limit", "/speakers"), ("before", "/log"),
    ("speaker", "/statements"), ("measure", "/conflicts"),
    *(pytest.param(*each, marks=pytest.mark.slow) for each in (
        ("as_of", "/speakers"), ("as_of", "/pictures/chain/s1.svg"), ("as_of", "/documents/doc"),
        ("format", "/log"), ("skip", "/measures"), ("q", "/search"), ("from", "/sources/cited"),
        ("publisher", "/sources"),
    )),
)  # fmt: skip


@pytest.mark.parametrize(("name", "path"), PLACES)
def test_nonsense_behind_the_question_mark_is_told_as_such(
    site: Watched, name: str, path: str
) -> None:
    """A page, or an error that says what to do; never a fault of ours, nor a header of theirs."""
    for value in NONSENSE:
        answer = site.get(f"{path}?{name}={quote(value, safe='%-')}")
        assert answer.status in (200, 202, 400, 404), (value[:40], answer.text[:200])
        assert "x-evil" not in answer.headers
        assert len(answer.body) < 200_000


@pytest.mark.parametrize(
    "name",
    ["_loop_vars", "_block_vars", "_Context__obj", "_Context__self", "self", "path", "caller",
     "%00", "a%20b", "{{x}}", "recorded", "limit=1&limit"],
)  # fmt: skip
def test_names_behind_the_question_mark_reach_no_code(site: Watched, name: str) -> None:
    """Names that a template or a function of ours has inside are passed over like any other."""
    for path in ("/speakers", "/speakers?as_of=9", "/statements/s1"):
        both = "&" if "?" in path else "?"
        assert site.get(f"{path}{both}{name}=1").status == 200


@pytest.mark.parametrize(
    "path",
    ["/static/%00", "/static/..%2f..%2fapp.py", "/static/../app.py", "/static/..\\app.py",
     "//evil.example/x", "//evil.example/x?as_of=5", "/%5cevil.example", "/%2f%2fevil.example",
     "/statements/%00", "/statements/%0d%0aSet-Cookie:x", "/documents/%0d%0aX-Evil:y", "/log/%00",
     "/log/%D9%A3", f"/statements/{'a' * 50_000}", "/statements/%ff", "/..%2f..%2fetc/passwd",
     "/../../../../etc/passwd", "/pictures/chain/%00.svg", "/sources/%22%3E%3Cscript%3E",
     "/documents/..%2f..%2fledger.toml", "/log/3%23x", "/%3Fx=1", "/log/1/proof%00", "/./", "/;"],
)  # fmt: skip
def test_no_path_leads_out(site: Watched, path: str) -> None:
    """Whatever stands in an address, it is our page that says that there is none."""
    answer = site.get(path)
    assert answer.status == 404
    assert "x-evil" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert "Traceback" not in answer.text
    for href in re.findall(r'(?:href|action|src)="([^"]*)"', answer.text):
        assert LOCAL.fullmatch(href.replace("&#39;", "'").replace("&amp;", "&")), href


# ── requests that are none ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (f"GET http://evil.example/speakers HTTP/1.1\r\n{HOST}\r\n", 404),
        ("GET http://localhost/ HTTP/1.1\r\nHost: evil\r\nConnection: close\r\n\r\n", 421),
        ("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\n\r\n", 421),
        (f"GET / HTTP/1.1\r\nHost: localhost\r\n{HOST}\r\n", 400),
        ("GET /log/1 HTTP/1.1\r\nHost: [::1]:99\r\nConnection: close\r\n\r\n", 200),
        ("GET /log/1 HTTP/1.1\r\nHost: LOCALHOST.:99\r\nConnection: close\r\n\r\n", 200),
        ("GET /log/1 HTTP/1.1\r\nHost: localhost:99:98\r\nConnection: close\r\n\r\n", 421),
        ("GET /log/1 HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n", 421),
        ("GET /log/1 HTTP/1.1\r\nHost: evil@localhost\r\nConnection: close\r\n\r\n", 421),
        (f"GET /log/1 HTTP/1.1\r\n{HOST}X: {'a' * 200_000}\r\n\r\n", 400),
        (f"GET /log/1 HTTP/1.1\r\n{HOST}Content-Length: 3\r\n\r\nabc", 200),
        (f'GET /log/1 HTTP/1.1\r\n{HOST}Cookie: é=;;=;\r\nIf-None-Match: é, "\r\n\r\n', 200),
        (f"POST /log/1 HTTP/1.1\r\n{HOST}Content-Length: 3\r\n\r\nabc", 405),
        (f"PUT / HTTP/1.1\r\n{HOST}Content-Length: 0\r\n\r\n", 405),
        (f"DELETE /log/1 HTTP/1.1\r\n{HOST}\r\n", 405),
        (f"TRACE / HTTP/1.1\r\n{HOST}\r\n", 405),
        (f"OPTIONS * HTTP/1.1\r\n{HOST}\r\n", 404),
        (f"CONNECT evil.example:443 HTTP/1.1\r\n{HOST}\r\n", 404),
        ("\x00\x01\x02\r\n\r\n", 400),
        (f"GET /a b HTTP/1.1\r\n{HOST}\r\n", 400),
        (f"GET /documents/doc HTTP/1.1\r\n{HOST}Range: bytes=0-3,5-6,-1\r\n\r\n", 200),
        (f"GET /log/1 HTTP/1.1\r\n{HOST}X-Forwarded-Host: evil\r\n\r\n", 200),
    ],
)  # fmt: skip
def test_a_request_that_is_odd_gets_a_plain_answer(
    site: Watched, request_: str, status: int
) -> None:
    """By its status, and nothing of ours or of a foreign name in it."""
    answer = site.raw(request_)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Traceback" not in answer
    assert b"location: http://evil" not in answer.lower()


def test_requests_may_follow_each_other_on_one_connection(site: Watched) -> None:
    """Sent at once, they are answered in their order; a HEAD has the headers of its GET alone."""
    first = "GET /log/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = f"GET /checkpoint HTTP/1.1\r\n{HOST}\r\n"
    found = site.raw(first + "HEAD /log/2 HTTP/1.1\r\nHost: localhost\r\n\r\n" + last)
    assert found.count(b"HTTP/1.1 200 OK") == 3
    assert found.index(b"Event 1:") < found.index(site.get("/checkpoint").body)
    assert b"Event 2:" not in found


def test_a_tag_is_known_again_in_every_form_of_the_header(site: Watched) -> None:
    """One of a list, a weak one, and any (RFC 9110, 13.1.2); a foreign one is none."""
    tag = site.get("/log/1").headers["etag"]
    for had in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        assert site.get("/log/1", if_none_match=had).status == 304
    for had in ('"x"', tag.strip('"'), "", ",", '"'):
        assert site.get("/log/1", if_none_match=had).status == 200


def test_our_own_fault_is_told_plainly(tmp_path: Path, key_home: Path) -> None:
    """What nobody foresaw is a plain page that says so, and nothing of our code."""
    settings = Settings(copy_of((), tmp_path / "ledger", key_home), hosts=frozenset({"testserver"}))
    app = create_app(settings)
    assert isinstance(app, Guards)
    assert isinstance(app.app, Starlette)
    app.app.routes.append(Route("/broken", Site(settings).page(fails)))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.get("/broken")

    with ThreadPoolExecutor(1) as other:  # in the tests' own thread Playwright has a loop
        answer = other.submit(anyio.run, ask).result()
    assert answer.status_code == 500
    assert answer.text.startswith("This is a bug of ours")
    assert "Zero" not in answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    assert "content-security-policy" in answer.headers


def fails(_asked: Asked) -> Page:
    """A page with a fault of ours."""
    return Page("", "", {}, status=1 // 0)


# ── what is gone, and what was never there ───────────────────────────────────────────────────


@pytest.mark.slow
def test_a_ledger_of_one_event_has_every_page(tmp_path: Path, key_home: Path) -> None:
    """Nothing recorded yet: each page says so, now and as of before."""
    with watched(copy_of((), tmp_path / "ledger", key_home)) as site:
        for path in (*LISTS, "/log/0", "/log/0/proof", "/checkpoint", "/search?q=x"):
            assert site.get(path).status in (200, 202), path
        for path in ("/", "/statements", "/log", "/measures"):
            for more in ("as_of=0", "as_of=1", "format=json", "format=csv"):
                assert site.get(f"{path}?{more}").status == 200, (path, more)
        assert site.get("/log/0?as_of=0").status == 404
        assert "Traceback" not in site.said


ERASED = (
    "/", "/log", "/log/5", "/log/7", "/statements/quill-said", "/sources/quill-source",
    "/documents/quill-source", "/pictures/chain/quill-said.svg", "/measures/fighters",
    "/search?q=Xenia",
)  # fmt: skip


@pytest.mark.slow
def test_what_was_erased_is_on_no_page(tmp_path: Path) -> None:
    """Not now and not as of before, though the pages were shown before and are kept."""
    check_erased(tmp_path, ERASED, ("", "as_of=12"))


@pytest.mark.slow
def test_what_was_erased_is_on_no_page_in_any_form(tmp_path: Path) -> None:
    """The same of every page, and of what a program gets."""
    paths = [
        *LISTS, *ERASED, *(f"/log/{position}" for position in range(15)),
        "/pictures/spread/quill-said.svg", "/reports/quill-report", "/estimates/quill-estimate",
        "/speakers/officials", "/conflicts?measure=fighters", "/statements/quill-said/exhibit",
        "/measures/fighters/report", "/speakers/officials/report",
    ]  # fmt: skip
    check_erased(tmp_path, paths, ("", "as_of=15", "as_of=8", "format=json", "format=csv"))


def check_erased(tmp_path: Path, paths: Sequence[str], forms: Sequence[str]) -> None:
    """Ask for pages before and after what they show is erased, the latter in several forms."""
    with tell(tmp_path) as ledger, watched(ledger.log.folder) as site:
        assert QUOTE in site.get("/sources/quill-source").text
        for path in paths:
            site.get(path)
        erase(ledger, "statement/quill-said", "source/quill-source", documents=["quill-source"])
        for path in paths:
            for form in forms:
                asked = f"{path}{'&' if '?' in path else '?'}{form}" if form else path
                answer = site.get(asked)
                empty = (400,) if path.endswith("/report") else ()  # it says that it would be
                assert answer.status in (200, 202, 404, *empty), (asked, answer.text)
                # A relation of another statement stays, and names the id: `claims redact` says so.
                found = {word for word in SECRETS if word.encode() in answer.body}
                assert found <= {"quill-said", *asked_for(path)}, (asked, found)
        assert "Traceback" not in site.said


def asked_for(path: str) -> set[str]:
    """What an answer may name because the address does."""
    return {word for word in (*SECRETS, "Xenia") if word in path} | (
        {"quill-source"} if "quill-source" in path else set()
    )


@pytest.mark.slow
def test_what_is_void_is_shown_as_of_before_alone(tmp_path: Path, key_home: Path) -> None:
    """A voided speaker takes the statements along; the past still has them."""
    folder = copy_of(
        (
            {"command": "register_speaker", "speaker_id": "s", "kind": "person", "name": "S"},
            {"command": "cite_source", "source_id": "c", "title": "C"},
            {"command": "record_statement", "statement_id": "x", "speaker_id": "s",
             "proposition": "Voided words.", "reports": [{"source_id": "c", "quote": "voided"}]},
            {"command": "void_record", "position": 1, "reason": "Nobody is called that."},
        ),
        tmp_path / "ledger", key_home,
    )  # fmt: skip
    with watched(folder) as site:
        assert site.get("/statements/x").status == 404
        assert site.get("/speakers/s").status == 404
        assert "Voided words" not in site.get("/statements").text
        assert "Voided words" in site.get("/statements/x?as_of=4").text
        assert "Nobody is called that" in site.get("/log/4").text


def test_a_document_that_is_gone_or_altered_is_told(tmp_path: Path) -> None:
    """Its source and statement are still shown; put back, it is there without another event."""
    with tell(tmp_path) as ledger, watched(ledger.log.folder) as site:
        [(text_sha,)] = ledger.query(
            "select text_sha256 from sources where source_id = 'quill-source'"
        ).fetchall()
        path = ledger.log.folder / "documents" / text_sha[:2] / text_sha
        kept = path.read_bytes()
        for broken in (b"other words", None):
            path.chmod(0o600)
            path.unlink() if broken is None else path.write_bytes(broken)
            for page in ("/sources/quill-source", "/statements/quill-said"):
                answer = site.get(page)
                assert (answer.status, "missing or was changed" in answer.text) == (200, True)
                assert str(tmp_path) not in answer.text
            document = site.get("/documents/quill-source")
            assert (document.status, b"other words" in document.body) == (400, False)
        path.write_bytes(kept)
        assert QUOTE in site.get("/sources/quill-source").text
        assert "missing or was changed" not in site.get("/statements/quill-said").text
        assert site.get("/documents/quill-source").body == kept


@pytest.mark.slow
def test_documents_of_every_kind_are_shown_as_text(tmp_path: Path, ledger: Ledger) -> None:
    """A PDF, a page of the web and a letter: their text, and never themselves."""
    (tmp_path / "a.pdf").write_bytes(pdf("The number exceeds 10,000."))
    (tmp_path / "b.html").write_text(PAGE + "<script>alert(7)</script>", "utf-8")
    (tmp_path / "c.docx").write_bytes(word(["The number exceeds 10,000."]))
    for name in ("a.pdf", "b.html", "c.docx"):
        ledger.submit(
            {"command": "capture_source", "source_id": name, "document": name}, documents=tmp_path
        )
    with watched(ledger.log.folder) as site:
        for name in ("a.pdf", "b.html", "c.docx"):
            page = Read(site.get(f"/sources/{name}").body)
            assert "10,000" in page.exact("//div[@id='text']")
            assert page.tags <= OURS
            answer = site.get(f"/documents/{name}")
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["content-disposition"].startswith("attachment")
