"""ClaimReview on its way in: feeds, pages and tables as publishers have them, and broken ones."""

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_tools import call, events, log_bytes
from conftest import SHARED
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from import_tools import faults, only_row, without_none, written

from ledger.api import Ledger
from ledger.errors import Refused
from ledger.importers import claimreview
from ledger.importers.claimreview import ReviewSettings
from ledger.importers.claimreview_parts import Notes, agents, day_of, mended, rating_of
from ledger.importers.json_items import MOST_BYTES, json_items
from ledger.importers.jsonld import plain
from ledger.importers.rows import Fault, Item, Row
from ledger.importers.run import Manner, import_rows
from ledger.inputs import parse_command

FACTCKBR = SHARED / "data" / "factckbr" / "FACTCKBR.tsv"

# As Google's page on fact-checks shows it.
REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://example.com/news/science/worldisflat.html",
    "datePublished": "2016-06-22",
    "claimReviewed": "The world is flat",
    "itemReviewed": {
        "@type": "Claim",
        "author": {
            "@type": "Organization",
            "name": "Square World Society",
            "sameAs": "https://example.flatworlders.com/we-know-that-the-world-is-flat",
        },
        "datePublished": "2016-06-20",
        "appearance": {
            "@type": "OpinionNewsArticle",
            "url": "https://example.com/news/a122121",
            "headline": "Square Earth - Flat earthers for the Internet age",
            "datePublished": "2016-06-22",
            "author": {"@type": "Person", "name": "T. Tellar"},
            "image": "https://example.com/photos/1x1/photo.jpg",
            "publisher": {"@type": "Organization", "name": "Skeptical News"},
        },
    },
    "author": {"@type": "Organization", "name": "Example.com science watch"},
    "reviewRating": {
        "@type": "Rating",
        "ratingValue": 1,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "False",
    },
}
UNTYPED = ReviewSettings(speaker_kind="person")


def other(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    """The review with other fields; None leaves one out."""
    return without_none(REVIEW | fields)


@pytest.fixture
def folder(ledger: Ledger) -> Path:
    """The folder of a new ledger of one event."""
    return ledger.log.folder


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of JSON, or of text or bytes as they are."""
    return lambda content, name="f.json": written(tmp_path / name, content)


def read(path: Path, told: ReviewSettings = UNTYPED) -> list[Item]:
    """What becomes of a file."""
    return list(claimreview.read("claimreview", [str(path)], told))


def one(path: Path, told: ReviewSettings = UNTYPED) -> Row:
    """The one row of a file."""
    return only_row(read(path, told))


def made(row: Row, verb: str) -> list[dict[str, Any]]:
    """The commands of a row that have a verb."""
    return [each for each in [*row.shared, *row.commands] if each["command"] == verb]


# ── one review ───────────────────────────────────────────────────────────────────────────────


def test_a_review_is_a_statement_its_appearance_and_an_assessment(
    file: Callable[..., Path],
) -> None:
    """Speaker, day, place, rating with its scale: each stands where it belongs."""
    row = one(file(REVIEW))
    [statement] = made(row, "record_statement")
    [assessment] = made(row, "assess_statement")
    page, article = made(row, "cite_source")

    assert statement["proposition"] == "The world is flat"
    assert statement["speaker_id"] == "square-world-society"
    assert statement["said_at"] == "2016-06-20"
    [report] = statement["reports"]
    assert (report["source_id"], report["quote"]) == (article["source_id"], "The world is flat")
    assert (report["quote_mode"], report["attributed_to"]) == ("indirect", "Square World Society")
    assert (article["url"], article["published"]) == (
        "https://example.com/news/a122121",
        "2016-06-22",
    )
    assert (article["author"], article["publisher_id"]) == ("T. Tellar", "skeptical-news")
    assert (page["url"], page["publisher_id"]) == (REVIEW["url"], "example-com-science-watch")
    assert assessment["assessor"] == "Example.com science watch"
    assert assessment["rating"] == {"label": "False", "value": 1, "best": 5, "worst": 1}
    assert assessment["url"] == REVIEW["url"]
    kinds = {each["speaker_id"]: each["kind"] for each in made(row, "register_speaker")}
    assert kinds == {
        "square-world-society": "organization", "example-com-science-watch": "organization",
        "skeptical-news": "organization",
    }  # fmt: skip
    speaker = next(each for each in made(row, "register_speaker") if "square" in each["speaker_id"])
    assert speaker["identifiers"] == {
        "example.flatworlders.com": REVIEW["itemReviewed"]["author"]["sameAs"]
    }


def test_it_is_recorded_once(folder: Path, file: Callable[..., Path]) -> None:
    """A second import writes nothing."""
    path = file(REVIEW)

    done = call("import", "claimreview", "--json", path, ledger=folder)
    assert done.code == 0, done.err
    assert "speaker_kind: person" in done.err
    before = log_bytes(folder)
    again = json.loads(call("import", "claimreview", "--json", path, ledger=folder).out)

    assert json.loads(done.out)["made"] == {
        "speaker": 3, "source": 2, "statement": 1, "report": 1, "assessment": 1
    }  # fmt: skip
    assert (again["read"], again["events"], log_bytes(folder)) == (1, 0, before)


def test_without_an_appearance_the_page_is_where_the_claim_was_read(
    file: Callable[..., Path],
) -> None:
    """And without an author the speaker is unnamed, never the reviewer."""
    row = one(file(other(itemReviewed={"@type": "Claim"})))
    [source] = made(row, "cite_source")
    [statement] = made(row, "record_statement")

    assert statement["reports"][0]["source_id"] == source["source_id"]
    assert "attributed_to" not in statement["reports"][0]
    assert statement["speaker_id"] == f"unnamed-{source['source_id']}"
    unnamed = [each for each in made(row, "register_speaker") if each["kind"] == "unnamed"]
    assert [each["speaker_id"] for each in unnamed] == [statement["speaker_id"]]


@pytest.mark.parametrize(
    "author",
    [
        "Example.com science watch",
        {"@type": "Organization", "name": "EXAMPLE.COM Science Watch"},
        {"@type": "Organization", "name": "Us", "url": "https://example.com/us"},
    ],
)
def test_the_reviewer_is_no_speaker_even_where_the_review_says_so(
    file: Callable[..., Path],
    author: Any,  # noqa: ANN401  JSON
) -> None:
    """Known by name or address; a note says what stood there."""
    ours = {"@type": "Organization", "name": "Example.com science watch",
            "url": "https://example.com/us"}  # fmt: skip
    row = one(file(other(author=ours, itemReviewed={"@type": "Claim", "author": author})))

    [statement] = made(row, "record_statement")
    assert statement["speaker_id"].startswith("unnamed-")
    assert "which is the reviewer" in statement["note"]


@pytest.mark.parametrize(
    "shape",
    [
        {"@type": ["ClaimReview", "Review"]},
        {"@type": "http://schema.org/ClaimReview"},
        {"@context": {"schema": "http://schema.org/"}, "@type": "schema:ClaimReview"},
        {"@context": ["https://schema.org", {"x": 1}], "author": ["Example.com science watch"]},
        {"claimReviewed": ["The world is flat"]},
        {"claimReviewed": {"@value": "The world is flat", "@language": "en"}},
        {"reviewRating": [{"ratingValue": "1", "bestRating": "5", "worstRating": "1",
                           "alternateName": "False"}]},
        {"author": "Example.com science watch"},
        {"author": {"@type": ["Organization"], "name": ["Example.com science watch"]}},
        {"publisher": None, "datePublished": "2016-06-22T08:00:00+02:00"},
    ],
)  # fmt: skip
def test_the_shapes_that_feeds_have(
    file: Callable[..., Path],
    shape: dict[str, Any],
) -> None:
    """One for several, several for one, texts for objects, full IRIs: all the same review."""
    row = one(file(other(**shape)))

    [statement], [assessment] = made(row, "record_statement"), made(row, "assess_statement")
    assert statement["proposition"] == "The world is flat"
    assert assessment["assessor"] == "Example.com science watch"
    assert assessment["rating"] == {"label": "False", "value": 1, "best": 5, "worst": 1}
    assert made(row, "cite_source")[0]["published"] == "2016-06-22"


def test_names_with_prefixes_and_full_iris(file: Callable[..., Path]) -> None:
    """Prefixes are those that the context in the file gives; no context is fetched."""
    expanded = {
        "@context": {"s": "https://schema.org/"},
        "@type": "s:ClaimReview",
        "s:claimReviewed": "It rains.",
        "http://schema.org/url": [{"@id": "https://check.example/1"}],
        "s:author": {"@id": "#us", "@type": "s:Organization", "s:name": "Check"},
        "s:reviewRating": {"s:alternateName": [{"@value": "True"}]},
    }
    row = one(file(expanded))

    assert made(row, "record_statement")[0]["proposition"] == "It rains."
    assert made(row, "assess_statement")[0] | {"statement_id": ""} == {
        "command": "assess_statement", "statement_id": "", "assessor": "Check",
        "rating": {"label": "True"}, "url": "https://check.example/1",
    }  # fmt: skip


def test_the_older_form_reviews_a_work(file: Callable[..., Path]) -> None:
    """What is reviewed is then no Claim, but the work in which it appeared."""
    work = {
        "@type": "CreativeWork", "author": {"@type": "Person", "name": "Ana"},
        "datePublished": "2017-01-02", "url": "https://blog.example/1", "name": "My blog",
    }  # fmt: skip
    row = one(file(other(itemReviewed=work)))

    [statement] = made(row, "record_statement")
    assert (statement["speaker_id"], statement["said_at"]) == ("ana", "2017-01-02")
    source = next(each for each in made(row, "cite_source") if each.get("title") == "My blog")
    assert statement["reports"][0]["source_id"] == source["source_id"]


def test_several_speakers_and_appearances(file: Callable[..., Path]) -> None:
    """The first author speaks, further ones beside; each address is one report."""
    item = {
        "@type": "Claim",
        "author": [{"@type": "Person", "name": "Ana"}, {"@type": "Person", "name": "Ben"}],
        "firstAppearance": {"@type": "CreativeWork", "url": "https://a.example/1"},
        "appearance": ["https://b.example/2", {"url": "https://a.example/1"}],
    }
    [statement] = made(one(file(other(itemReviewed=item))), "record_statement")

    assert (statement["speaker_id"], statement["co_speakers"]) == ("ana", ["ben"])
    assert len(statement["reports"]) == 2


def test_a_speaker_of_no_type_is_asked_for(file: Callable[..., Path]) -> None:
    """The setting that is guessed says what they are; without it the review is refused."""
    path = file(other(itemReviewed={"@type": "Claim", "author": {"name": "Ana"}}))

    [fault] = faults(read(path, ReviewSettings()))
    assert "does not say what 'Ana' is" in fault.what
    assert "--set speaker_kind=person" in fault.way_out
    assert fault.column == "itemReviewed.author"
    row = one(path, ReviewSettings(speaker_kind="group"))
    assert made(row, "register_speaker")[-1]["kind"] == "group"


def test_names_that_the_ledger_knows(ledger: Ledger, file: Callable[..., Path]) -> None:
    """An alias leads to who is registered; the settings say whom else a name means."""
    ledger.submit(
        {"command": "register_speaker", "speaker_id": "flat-earthers", "kind": "group",
         "name": "Flat Earthers", "aliases": ["Square World Society"]}
    )  # fmt: skip
    path, told = (
        file(REVIEW),
        ReviewSettings.model_validate(
            {"speakers": {"Example.com science watch": {"name": "Science Watch", "kind": "outlet"}}}
        ),
    )
    report = import_rows(
        ledger, claimreview.read_into(ledger, "claimreview", [str(path)], told), Manner()
    )

    assert report.read == 1
    ask = ledger.views().connection.execute
    assert ask("select speaker_id, assessor from statements, assessments").fetchall() == [
        ("flat-earthers", "Science Watch")
    ]


# ── parts that are broken ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2019-07-22", "2019-07-22"), ("2018-10-27 20:40:40", "2018-10-27"),
        ("20190722", "2019-07-22"), ("2019-07-22T10:00:00.000Z", "2019-07-22"),
        ("2019-07-22T10:00-0300", "2019-07-22"), ("2019-07", "2019-07"), ("2019", "2019"),
        ("2019/7/3", "2019-07-03"), ("July 3, 2019", "2019-07-03"), ("13/12/2019", "2019-12-13"),
    ],
)  # fmt: skip
def test_days(said: str, day: str) -> None:
    """A date is taken by its day, however precise its time."""
    notes = Notes()
    assert day_of(said, "datePublished", notes) == day
    assert not notes


@pytest.mark.parametrize(
    "said", ["2019-02-31", "0000-00-00", "03/04/2019", "yesterday", 1563753600, "2019-07-22 later"]
)
def test_what_is_no_date_is_left_out_and_noted(said: object) -> None:
    """Nothing is guessed, and nothing is dropped without a word."""
    notes = Notes()
    assert day_of(said, "datePublished", notes) is None
    assert notes == [f'datePublished was "{said}", which is no date.']


def test_a_review_with_broken_dates_is_read(file: Callable[..., Path]) -> None:
    """Its own date is noted at its source, that of the claim at the statement."""
    item = REVIEW["itemReviewed"] | {"datePublished": "31 de fevereiro de 2019"}
    row = one(file(other(datePublished="soon", itemReviewed=item)))

    [statement] = made(row, "record_statement")
    assert "said_at" not in statement
    assert "31 de fevereiro de 2019" in statement["note"]
    assert made(row, "cite_source")[0]["note"] == 'datePublished was "soon", which is no date.'


@pytest.mark.parametrize(
    ("rating", "kept", "noted"),
    [
        ({"ratingValue": "4", "bestRating": "6", "alternateName": "Falso"},
         {"label": "Falso", "value": 4, "best": 6}, False),
        ({"ratingValue": "Mostly False"}, {"label": "Mostly False"}, False),
        ({"ratingValue": "Pinocchio", "alternateName": "False"}, {"label": "False"}, True),
        ({"ratingValue": "False", "alternateName": "False"}, {"label": "False"}, False),
        ({"ratingValue": "1,5", "bestRating": "5"}, {"label": "1,5", "best": 5}, False),
        ({"ratingValue": 2.5, "bestRating": "high"}, {"value": 2.5}, True),
        ({"ratingValue": -1, "alternateName": ""}, {"value": -1}, False),
        ({"ratingValue": True}, None, False),
        ({"ratingValue": 10**30}, {"label": str(10**30)}, False),
        ("Fake", {"label": "Fake"}, False),
        ([{"alternateName": "A"}, {"alternateName": "B"}], {"label": "A"}, True),
        ({}, None, False),
        (None, None, False),
    ],
)  # fmt: skip
def test_ratings(rating: object, kept: object, *, noted: bool) -> None:
    """Numbers stay on the scale that they came with; words are labels, or else noted."""
    notes = Notes()
    assert rating_of(rating, notes) == kept
    assert bool(notes) == noted


@pytest.mark.parametrize(
    ("said", "beside", "url"),
    [
        ("https:www.aosfatos.org", None, "https://www.aosfatos.org"),
        ("https:www.aosfatos.org", "https://aosfatos.org/noticias/x", "https://www.aosfatos.org"),
        ("https:piaui.folha.uol.com.brlupa", "https://piaui.folha.uol.com.br/lupa/2019/x",
         "https://piaui.folha.uol.com.br/lupa"),
        ("https:piaui.folha.uol.com.brlupa", "https://elsewhere.example/",
         "https://piaui.folha.uol.com.brlupa"),
        ("HTTP:/a.example/b", None, "http://a.example/b"),
        ("https://a.example", "https://b.example", "https://a.example"),
        ("Agency", None, "Agency"),
    ],
)  # fmt: skip
def test_addresses_without_slashes(said: str, beside: str | None, url: str) -> None:
    """Read as browsers do, or by the address that they begin."""
    assert mended(said, beside) == url


def test_people_without_a_name_are_called_by_an_address() -> None:
    """And those without both are nobody."""
    assert [
        each.name for each in agents([{"sameAs": "https://www.x.example/ana/"}, {}, "", None])
    ] == ["x.example/ana"]
    known = ["https://www.wikidata.org/wiki/Q42", "https://en.example/a", "https://en.example/b"]
    [found] = agents({"@type": "Person", "name": "A", "sameAs": known})
    assert found.identifiers == {
        "wikidata": "Q42", "en.example": "https://en.example/a", "en.example 3": "https://en.example/b"
    }  # fmt: skip


def test_a_prefix_is_ours_only_where_the_file_says_so() -> None:
    """Somebody else's `claims:` is not ours."""
    ours = {"@context": {"claims": "urn:claims-ledger:v1:"}, "claims:said_at": "2018~"}
    theirs = {"@context": {"claims": "https://other.example/"}, "claims:said_at": "2018~"}
    assert plain(ours) == {"claims:said_at": "2018~"}
    assert plain(theirs) == {"?claims:said_at": "2018~"}


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


# ── our own ──────────────────────────────────────────────────────────────────────────────────

OURS: dict[str, Any] = {
    "@context": ["https://schema.org", {"claims": "urn:claims-ledger:v1:"}],
    "@type": "ClaimReview",
    "url": "https://check.example/1",
    "claims:source_id": "check-1",
    "claims:published": "2018?-02",
    "claimReviewed": "More than 10,000 fighters are there.",
    "author": {"@type": "NewsMediaOrganization", "name": "Check", "claims:speaker_id": "check"},
    "itemReviewed": {
        "@type": "Claim",
        "claims:statement_id": "k-1",
        "claims:said_at": "2017-12~",
        "claims:speech_act": "warn",
        "claims:topics": ["daesh"],
        "author": {"@type": "Person", "name": "Zamir Kabulov", "claims:speaker_id": "kabulov"},
        "appearance": [
            {"@type": "CreativeWork", "url": "https://tca.example/1", "claims:source_id": "tca-1",
             "claims:report_id": "k-1-a", "claims:quote": "exceeds 10,000",
             "claims:quote_mode": "direct", "claims:attributed_to": "Kabulov"},
        ],
    },
    "reviewRating": {"@type": "Rating", "ratingValue": 3, "bestRating": 5, "worstRating": 1},
    "reviewBody": "Half so.",
}  # fmt: skip


def test_our_own_terms_give_the_same_statement(ledger: Ledger, file: Callable[..., Path]) -> None:
    """Ids, imprecise dates and the words of the report come back as they left."""
    row = one(file(OURS))
    [statement] = made(row, "record_statement")
    assert statement == {
        "command": "record_statement", "statement_id": "k-1", "speaker_id": "kabulov",
        "proposition": "More than 10,000 fighters are there.", "said_at": "2017-12~",
        "speech_act": "warn", "topics": ["daesh"],
        "reports": [{"report_id": "k-1-a", "source_id": "tca-1", "quote": "exceeds 10,000",
                     "quote_mode": "direct", "attributed_to": "Kabulov"}],
    }  # fmt: skip
    assert made(row, "cite_source")[0]["published"] == "2018?-02"

    ledger.submit([{key: value for key, value in each.items() if key != "aliases"}
                   for each in [*sorted(row.shared, key=lambda raw: raw["command"], reverse=True),
                                statement]])  # fmt: skip
    ledger.submit(
        {"command": "assess_statement", "statement_id": "k-1", "assessor": "Check",
         "rating": {"value": 3, "best": 5, "worst": 1}, "url": "https://check.example/1",
         "explanation": "Half so.", "command_id": "given by hand"}
    )  # fmt: skip
    size = ledger.size
    report = import_rows(
        ledger, claimreview.read_into(ledger, "claimreview", [str(file(OURS))], UNTYPED), Manner()
    )
    assert (report.read, report.refused, ledger.size) == (1, [], size)
