"""What a ClaimReview becomes: one as Google shows it, those of other shapes, broken ones, ours."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from claimreview_tools import OURS, REVIEW, UNTYPED, made, one, other, read
from cli_tools import call, log_bytes
from import_tools import faults

from ledger.api import Ledger
from ledger.importers import claimreview
from ledger.importers.claimreview import ReviewSettings
from ledger.importers.claimreview_parts import Notes, agents, day_of, mended, rating_of
from ledger.importers.jsonld import plain
from ledger.importers.run import Manner, import_rows

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


# ── our own ──────────────────────────────────────────────────────────────────────────────────


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
