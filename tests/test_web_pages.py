"""Pages as a program gets them: each as HTML, JSON and CSV, as of any moment, and no other way."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_tools import call
from ready_ledgers import demo_once
from site_tools import get, serving

from ledger.api import Ledger

PATHS = (
    "/", "/measures", "/measures/daesh-fighters-afghanistan", "/speakers",
    "/speakers/zamir-kabulov", "/statements", "/statements?speaker=zamir-kabulov",
    "/statements/kabulov-2017-12-number", "/sources", "/sources/tca-2018-02", "/conflicts",
    "/conflicts?measure=daesh-fighters-afghanistan", "/denials", "/log", "/log/147",
    "/search?q=10%2C000",
)  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A server on the ledger of the seeds."""
    with serving(demo_once()) as address:
        yield address


def also(path: str, name: str, value: object) -> str:
    """An address with something more behind the `?`."""
    return f"{path}{'&' if '?' in path else '?'}{name}={value}"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.sampled(3)
def test_every_page_has_three_forms_and_a_past(site: str, path: str) -> None:
    """HTML, JSON and CSV at one address; also as of a moment before anything was recorded."""
    html = get(site + path)
    assert (html.status, html.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "None" not in html.text
    data = get(site + also(path, "format", "json"))
    assert data.headers["content-type"] == "application/json"
    assert data.json()["size"] == 176
    table = get(site + also(path, "format", "csv"))
    rows = list(csv.reader(io.StringIO(table.text)))
    assert len({len(row) for row in rows}) == 1, "every row has every column"
    past = get(site + also(path, "as_of", 1))
    assert past.status in (200, 404)
    assert "Traceback" not in past.text


def test_json_and_csv_hold_what_the_views_hold(site: str) -> None:
    """A page of statements is the newest rows of the view, in every form."""
    with Ledger.open(demo_once()) as ledger:
        wanted = ledger.query(
            "select statement_id from statements order by position desc limit 50"
        ).fetchall()
    listed = get(f"{site}/statements?format=json").json()["statements"]
    assert [row["statement_id"] for row in listed] == [key for (key,) in wanted]
    table = csv.DictReader(io.StringIO(get(f"{site}/statements?format=csv").text))
    assert [row["statement_id"] for row in table] == [key for (key,) in wanted]


def test_older_pages_go_on_where_a_page_ends(site: str) -> None:
    """Page by page every statement comes once."""
    found: list[str] = []
    before: int | None = 176
    while before is not None:
        page = get(f"{site}/statements?format=json&limit=40&before={before}").json()
        found += [row["statement_id"] for row in page["statements"]]
        before = page["older"]
    assert len(found) == len(set(found)) == 93


@pytest.mark.parametrize("as_of", ["100", "2026-01-01", "2999-01-01T00:00:00Z"])
def test_a_moment_shows_what_there_was(site: str, as_of: str) -> None:
    """A size, a day and a time; the counts are those of the views as of it."""
    outcome = call(
        "query", "select count(*) as n from statements", "--as-of", as_of, "-f", "json",
        ledger=demo_once(),
    )  # fmt: skip
    counts = get(f"{site}/?as_of={as_of}&format=json").json()["counts"]
    assert counts["statements"] == json.loads(outcome.out)[0]["n"]


def test_links_keep_the_moment(site: str) -> None:
    """Whoever looks at the past stays there until going back to now."""
    page = get(f"{site}/statements?as_of=150").text
    assert 'href="/speakers?as_of=150"' in page
    assert "/statements/" in page
    assert 'href="/statements">Back to now' in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404), ("/statements/no-such", 404), ("/speakers/no-such", 404),
        ("/sources/no-such", 404), ("/measures/no-such", 404), ("/log/9999", 404),
        ("/log/-1", 404), ("/log/1e3", 404), ("/?as_of=yesterday", 400), ("/?as_of=9999", 400),
        ("/?format=xml", 400), ("/statements?limit=many", 400), ("/statements?before=-4", 400),
        ("/reports/no-such", 404), ("/documents/no-such", 404), ("/log/9999/proof", 404),
        ("/log/x/proof", 404), ("/pictures/no-such/x.svg", 404), ("/static/../app.py", 404),
        ("/static/%2e%2e/app.py", 404), ("/conflicts?measure=no-such", 404),
        ("/search?q=" + "x" * 300, 400), ("/pictures/chain/no-such.svg", 404),
    ],
)  # fmt: skip
def test_a_wrong_address_says_what_to_do(site: str, path: str, status: int) -> None:
    """A page with a way out, and never a trace of our code."""
    answer = get(site + path)
    assert answer.status == status
    assert "Traceback" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_part_leads_to_its_statement(site: str) -> None:
    """The address of a report or an estimate is that of the statement that holds it."""
    for path in (
        "/reports/tca-2018-02.number-indirect",
        "/estimates/tca-2018-02.number-indirect.fighters",
    ):
        assert "kabulov-2017-12-number" in get(site + path).text


def test_a_browser_need_not_take_a_page_twice(site: str) -> None:
    """The tag of an answer tells that nothing has changed."""
    first = get(f"{site}/speakers")
    again = get(f"{site}/speakers", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.slow
def test_what_is_downloaded_verifies(site: str, tmp_path: Path) -> None:
    """The head and a proof of the site are what `claims verify` takes."""
    key = get(f"{site}/log?format=json").json()["key"]
    for name, path in (("head", "/checkpoint"), ("proof", "/log/147/proof")):
        answer = get(site + path)
        assert answer.headers["content-disposition"].startswith("attachment")
        (tmp_path / name).write_bytes(answer.body)
    assert call("verify", "--checkpoint", tmp_path / "head", ledger=demo_once()).code == 0
    assert (
        call("verify", "--proof", tmp_path / "proof", "--vkey", key, ledger=demo_once()).code == 0
    )


def test_a_document_comes_as_it_was_captured(site: str) -> None:
    """Byte for byte, and never as a page that a browser would show."""
    answer = get(f"{site}/documents/tca-2018-02")
    assert answer.body in {path.read_bytes() for path in Path("seeds/documents").iterdir()}
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@x"])
def test_a_foreign_name_gets_nothing(site: str, host: str) -> None:
    """A page of another site whose name points here reads nothing (DNS rebinding)."""
    answer = get(f"{site}/speakers", Host=host)
    assert answer.status in (400, 421)
    assert b"Kabulov" not in answer.body


def test_every_answer_tells_the_browser_to_be_strict(site: str) -> None:
    """No script or style within a page, no frame, no guessing, nothing from elsewhere."""
    for path in ("/", "/checkpoint", "/static/site.css", "/nothing", "/sources/tca-2018-02"):
        headers = get(site + path).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.slow
def test_a_report_from_the_site_is_that_of_the_command(site: str, tmp_path: Path) -> None:
    """The same bytes as `claims report` and `claims exhibit` write."""
    for path, words in (
        ("/statements/kabulov-2017-12-number/exhibit", ("exhibit", "kabulov-2017-12-number")),
        (
            "/measures/daesh-fighters-afghanistan/report",
            ("report", "-m", "daesh-fighters-afghanistan"),
        ),
    ):
        answer = get(f"{site}{path}?as_of=176")
        assert answer.headers["content-disposition"].startswith("attachment")
        file = tmp_path / "it.html"
        assert call(*words, "--as-of", "176", "-o", file, ledger=demo_once()).code == 0
        assert file.read_bytes() == answer.body


@pytest.mark.slow
def test_the_benchmark_of_the_site_asks_for_every_kind_of_page() -> None:
    """Clients at once, now and as of an earlier moment; every answer is a page."""
    command = [sys.executable, "-m", "benchmarks.site", str(demo_once()), "--clients", "3"]
    done = subprocess.run(
        [*command, "--seconds", "4", "--as-of", "100"], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("all ")]
    assert len(rows) == 2
    assert all(int(row[1]) > 15 and len(row) == 6 for row in rows), "none but answers of 200"
