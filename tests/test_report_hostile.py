"""Text of other people in a report and an exhibit: text it stays, whatever it holds."""

from datetime import date

import pytest
from hostile_ledger import LONG, TAGS, TURN
from hypothesis import given
from hypothesis import strategies as st
from report_hostile import hostile_pages
from report_tools import Read

from events.vocabulary import Attribution, RelationKind, SpeechAct, choices
from ledger.report.page import _css_text
from ledger.report.wording import (
    ACTS,
    CLAIMED,
    RELATIONS,
    dated,
    lag,
    language,
    manner,
    web_address,
)

OURS = {
    "html", "head", "meta", "title", "style", "script", "body", "a", "header", "main", "footer",
    "div", "section", "nav", "article",
    "h1", "h2", "h3", "h4", "p", "strong", "em", "code", "pre", "dl",
    "dt", "dd", "ol", "ul", "li", "figure", "figcaption", "blockquote", "mark", "span", "bdi",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "del", "ins", "wbr", "br",
    "svg", "g", "path", "text", "rect", "line",
}  # fmt: skip


@pytest.fixture(scope="module")
def pages() -> tuple[Read, Read]:
    """A report and an exhibit of a ledger with hostile text in every field."""
    return hostile_pages()


def test_hostile_text_becomes_no_element_and_no_address(pages: tuple[Read, Read]) -> None:
    """Only our own elements, attributes and addresses; the text is there, letter by letter."""
    for page in pages:
        assert page.tags <= OURS | {f"{{http://www.w3.org/2000/svg}}{tag}" for tag in OURS}
        assert len(page.all("//script")) == 1
        assert not [name for each in page.tree.iter() for name in each.attrib if name[:2] == "on"]
        assert not page.all("//@style")
        for href in map(str, page.all("//@href")):
            assert href.startswith(("#", "https://example.org/%22", 'https://example.org/"'))
        text = page.text("//main")
        assert f"</p>{TAGS}U+202Ekcab {{{{ 7*7 }}}} 😀 &lt;" in text
        assert "javascript:alert(1)" in text
        assert LONG in text


def test_what_turns_the_direction_is_shown_and_stands_nowhere(pages: tuple[Read, Read]) -> None:
    """No override reaches the page; quotes carry their language and find their own direction."""
    for page in pages:
        assert TURN not in page.data.decode()
        assert page.all("//span[@class='unseen'][.='U+202E']")
    quotes = pages[0].all("//blockquote")
    assert all(quote.get("dir") == "auto" for quote in quotes)
    assert {quote.get("lang") for quote in quotes} == {"ar", ""}


@given(st.text(max_size=80))
def test_a_running_title_cannot_leave_its_string(title: str) -> None:
    """Whatever it holds, nothing in it ends a string of CSS or the element around it."""
    written = _css_text(title)
    assert written.isascii()
    assert not set(written) & set("\"'<>{};\n")


# ── words ────────────────────────────────────────────────────────────────────────────────────


def test_every_act_and_relation_has_words() -> None:
    """The vocabulary is told whole, and no act is told as if what was claimed were so."""
    assert set(ACTS) == set(choices(SpeechAct))
    assert set(RELATIONS) == set(choices(RelationKind))
    assert set(CLAIMED) == set(choices(Attribution))
    for act in ACTS:
        said = manner({"speech_act": act, "attribution": "stated"})
        assert said.startswith("claimed")
        assert not {"confirmed", "admitted", "proved", "showed"} & set(said.split())


@pytest.mark.parametrize(
    ("edtf", "first", "last", "expected"),
    [
        (None, None, None, ""),
        ("2018-02-08", date(2018, 2, 8), date(2018, 2, 8), "2018-02-08"),
        ("2018?-02", date(2018, 2, 1), date(2018, 2, 28), "2018-02 (uncertain)"),
        ("2018~", date(2018, 1, 1), date(2018, 12, 31), "2018 (approximate)"),
        ("2018-02%", date(2018, 2, 1), date(2018, 2, 28), "2018-02 (uncertain and approximate)"),
        ("2018/2019", date(2018, 1, 1), date(2019, 12, 31), "2018-01-01 to 2019-12-31"),
        ("[2018-01..2018-03]", date(2018, 1, 1), date(2018, 3, 31),
         "some time between 2018-01-01 and 2018-03-31"),
        ("201X", date(2010, 1, 1), date(2019, 12, 31),
         "some time between 2010-01-01 and 2019-12-31"),
        ("2018/..", date(2018, 1, 1), None, "2018-01-01 or later"),
        ("../2018", None, date(2018, 12, 31), "2018-12-31 or earlier"),
    ],
)  # fmt: skip
def test_imprecise_dates_are_told_as_such(
    edtf: str | None, first: date | None, last: date | None, expected: str
) -> None:
    """A date is never made more precise than it was recorded."""
    row = {"said_at": edtf, "said_at_earliest": first, "said_at_latest": last}
    assert dated(row, "said_at") == expected


def test_days_are_counted_between_days_alone() -> None:
    """Between a month and a day there is an order at most."""
    row = {
        "several": True, "nth": 2, "lag_days": 3, "is_first_source": False, "published": "x",
        "published_earliest": date(2018, 1, 4), "published_latest": date(2018, 1, 4),
        "first_is_exact": True, "is_later": True,
    }  # fmt: skip
    assert lag(row) == "3 days after the first"
    assert lag(row | {"lag_days": 0}) == "on the day of the first"
    assert lag(row | {"published_latest": date(2018, 1, 31)}) == "after the first"
    assert lag(row | {"first_is_exact": False, "is_later": False}) == ""
    assert lag(row | {"is_first_source": True}) == ""
    assert lag(row | {"nth": 1}) == "the first that is recorded"


def test_only_addresses_of_the_web_become_links() -> None:
    """What a browser would run, or what holds a space, is text."""
    assert web_address("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"
    for url in ("javascript:alert(1)", "data:text/html,x", "https://a b", "file:///x", "", None):
        assert web_address(url) is None
    assert (language("pt-BR"), language("not a tag"), language(None)) == ("pt-BR", "", "")
