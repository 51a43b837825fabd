"""A ledger worked by hand for every check of the data.

Near misses come first, which no check may find, then what each must find, and how it says that.
Everything has ids of its own, so that no example is found by the check of another, unless it says
so. A void names what it hides by `<noun>/<id>` in place of a position.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Command = dict[str, Any]
Found = Sequence[tuple[str, str]]  # subject and sentence

TODAY = datetime.now(UTC).date().isoformat()
AT_ONE = "one"  # the source of all reports that need no other


@dataclass(frozen=True)
class Example:
    """What a check must leave alone, what it must find, and how it says that."""

    near: Sequence[Command]
    given: Sequence[Command]
    found: Found


def speaker(name: str, called: str, kind: str = "person", **fields: Any) -> Command:  # noqa: ANN401  those of a command
    """A speaker."""
    return {"command": "register_speaker", "speaker_id": name, "name": called, "kind": kind,
            **fields}  # fmt: skip


def measure(name: str, **fields: Any) -> Command:  # noqa: ANN401  those of a command
    """A measure of people whose label is its id, unless told otherwise."""
    made = {"command": "define_measure", "measure_id": name, "label": name, "unit": "people"}
    return {key: value for key, value in (made | fields).items() if value is not None}


def source(name: str, **fields: Any) -> Command:  # noqa: ANN401  those of a command
    """A cited source that lacks nothing, published since 2018."""
    made = {"command": "cite_source", "source_id": name, "publisher_id": "tass",
            "published": "2018/..", "url": f"https://tass.example/{name}"}  # fmt: skip
    return {key: value for key, value in (made | fields).items() if value is not None}


def statement(name: str, quote: str | None = None, **fields: Any) -> Command:  # noqa: ANN401  those of a command
    """A statement of Kabulov with one report, whose id is `r-` and the statement's."""
    report = {"report_id": f"r-{name}", "source_id": fields.pop("source", AT_ONE),
              "quote": quote or f"words of {name}", **fields.pop("report", {})}  # fmt: skip
    return {"command": "record_statement", "statement_id": name, "speaker_id": "kabulov",
            "proposition": f"words of {name}", "reports": [report], **fields}  # fmt: skip


def number(name: str, quote: str, value: str, words: str | None = None, **fields: Any) -> Command:  # noqa: ANN401  those of a command
    """A statement with one number, whose id is `e-` and the statement's; of fighters."""
    own = {"measure_id", "reference_period", "basis", "method"}
    estimate = {"estimate_id": f"e-{name}", "measure_id": "fighters", "value": value}
    estimate |= {key: fields.pop(key) for key in own & fields.keys()}
    if words:
        estimate["words"] = words
    return statement(name, quote, estimates=[estimate], **fields)


def relate(left: str, relation: str, right: str) -> Command:
    """A relation between two statements."""
    return {"command": "relate_statements", "from": left, "to": right, "relation": relation}


def judge(left: str, right: str, judgement: str) -> Command:
    """A judgement on two speakers."""
    return {"command": "judge_speakers", "left": left, "right": right, "judgement": judgement,
            "reason": "the name"}  # fmt: skip


def void(what: str) -> Command:
    """A void of what made a thing."""
    return {"command": "void_record", "position": what, "reason": "a slip"}


def rate(name: str, **rating: Any) -> Command:  # noqa: ANN401  those of a command
    """An assessment of a statement."""
    return {"command": "assess_statement", "statement_id": name, "assessor": "Aos Fatos",
            "rating": rating}  # fmt: skip


BASE: tuple[Command, ...] = (
    speaker("kabulov", "Zamir Kabulov"),
    speaker("karzai", "Hamid Karzai"),
    speaker("ministry", "Ministry of Defence", "government"),
    speaker("tass", "TASS", "outlet"),
    speaker("rtvi", "RTVI", "outlet"),
    source(AT_ONE, language="en"),
    measure("fighters"),
)  # fmt: skip

EXAMPLES: dict[str, Example] = {
    "number_contradicts_words": Example(
        near=(
            measure("budget", unit="million dollars"),
            number("n-numeral", "They have three thousand men.", "3000", "three thousand men"),
            number("n-range", "From 10 to 20 thousand men", "10000..20000", "10 to 20 thousand"),
            number("n-unit", "It costs 3.5 million.", "3.5", "3.5 million", measure_id="budget"),
            number("n-third", "a third of several hundred", "100", "a third of several hundred"),
            number("n-derived", "a dozen a day for a week", "84", "a dozen a day for a week",
                   basis="derived", method="12 × 7"),
        ),
        given=(
            number("x-numeral", "They have three thousand men.", "300", "three thousand men"),
            number("x-unit", "There are 3.5 million of them.", "3.5", "3.5 million"),
        ),
        found=(
            ("estimate/e-x-numeral",
             "The words “three thousand men” say 3,000, but the number recorded is 300."),
            ("estimate/e-x-unit",
             "The words “3.5 million” say 3,500,000, but the number recorded is 3.5."),
        ),
    ),
    "hedge_contradicts_words": Example(
        near=(
            number("h-more", "more than 200 men", "> 200", "more than 200 men"),
            number("h-no-more", "no more than 50 men", "<= 50", "50 men"),
            number("h-over", "They handed over 13 prisoners.", "13", "13 prisoners"),
            number("h-other", "about 5 officers and 40 men", "40", "40 men"),
            number("h-nearly", "nearly 200 men", "~200", "nearly 200 men"),
        ),
        given=(
            number("x-exceeds", "Their number exceeds 10,000 and grows.", "10000", "10,000"),
            number("x-plus", "100+ men", "100", "100+ men"),
            number("x-up-to", "up to 900 men", "> 900", "up to 900 men"),
            number("x-three", "about three thousand men", "3000", "three thousand men"),
        ),
        found=(
            ("estimate/e-x-exceeds",
             "With “10,000” stands “exceeds”, but the number recorded is 10,000."),
            ("estimate/e-x-plus", "With “100+ men” stands “+”, but the number recorded is 100."),
            ("estimate/e-x-three",
             "With “three thousand men” stands “about”, but the number recorded is 3,000."),
            ("estimate/e-x-up-to",
             "With “up to 900 men” stands “up to”, but the number recorded is more than 900."),
        ),
    ),
    "number_not_in_quote": Example(
        near=(
            number("q-other-words", "3 mil homens", "3000"),
            number("q-no-number", "They have many tanks.", "400"),
            number("q-there", "They have 40 tanks and 3 guns.", "40"),
        ),
        given=(number("x-forty", "They have 40 tanks and 3 guns.", "400"),),
        found=(
            ("estimate/e-x-forty",
             ("The quote “They have 40 tanks and 3 guns.” has numbers, but not the one that was"
              " recorded as stated in it: 400.")),
        ),
    ),
    "scale_slip": Example(
        near=(
            measure("tonnes-shipped", unit="tonnes"),
            number("s-one", "so much", "3500", measure_id="tonnes-shipped",
                   reference_period="2017-12"),
            number("s-later", "so much", "3500000", measure_id="tonnes-shipped",
                   reference_period="2018-01"),
            number("s-karzai", "so much", "3.5", measure_id="tonnes-shipped",
                   reference_period="2017-12", speaker_id="karzai"),
        ),
        given=(
            number("x-kilotonnes", "so much", "3.5", measure_id="tonnes-shipped",
                   reference_period="2017-12"),
        ),
        found=(
            ("estimate/e-s-one",
             ("3,500 here, 3.5 in estimate/e-x-kilotonnes: the same speaker, measure"
              " (“tonnes-shipped”, in tonnes) and period (2017-12), a thousand times apart.")),
        ),
    ),
    "cumulative_falls": Example(
        near=(
            measure("losses", kind="cumulative", label="Losses"),
            measure("present", kind="stock"),
            source("rtvi-table", publisher_id="rtvi"),
            number("c-1", "so many", "100", measure_id="losses", reference_period="2022-03-01"),
            number("c-2", "so many", "100", measure_id="losses", reference_period="2022-03-02"),
            number("c-3", "so many", "> 90", measure_id="losses", reference_period="2022-03-03"),
            number("c-other", "so many", "80", measure_id="losses", reference_period="2022-03-03",
                   source="rtvi-table"),
            number("c-stock-1", "so many", "9", measure_id="present", reference_period="2022-03"),
            number("c-stock-2", "so many", "8", measure_id="present", reference_period="2022-04"),
        ),
        given=(
            number("x-falls", "so many", "~80", measure_id="losses",
                   reference_period="2022-03-04"),
        ),
        found=(
            ("estimate/e-x-falls",
             ("“Losses” falls from more than 90 for 2022-03-03 to about 80 for 2022-03-04, though"
              " it is cumulative (Zamir Kabulov, in TASS).")),
        ),
    ),
    "share_out_of_range": Example(
        near=(
            measure("land", kind="share", unit="share of land", label="Land"),
            measure("land-percent", kind="share", unit="%"),
            number("p-share", "a good part", "25%", measure_id="land"),
            number("p-percent", "a good part", "25", measure_id="land-percent"),
        ),
        given=(
            number("x-share", "a good part", "25", measure_id="land"),
            number("x-percent", "a good part", "<= 120", measure_id="land-percent"),
        ),
        found=(
            ("estimate/e-x-percent",
             "at most 120 is no share (“land-percent”): it lies outside of 0 to 100."),
            ("estimate/e-x-share", "25 is no share (“Land”): it lies outside of 0 to 1."),
        ),
    ),
    "measure_without_unit": Example(
        near=(
            measure("unused", unit=None),
            measure("part", unit=None, kind="share"),
            number("u-part", "a part", "50%", measure_id="part"),
        ),
        given=(
            measure("unitless", unit=None, label="Aid"),
            number("x-unit-1", "so much", "5", measure_id="unitless"),
            number("x-unit-2", "so much", "6", measure_id="unitless"),
        ),
        found=(
            ("measure/unitless",
             "The measure “Aid” has no unit; numbers recorded of it: 2."),
        ),
    ),
    "derived_without_method": Example(
        near=(number("d-how", "so many a day", "84", basis="derived", method="12 × 7"),),
        given=(number("x-derived", "so many a day", "~84", basis="derived"),),
        found=(
            ("estimate/e-x-derived",
             "The number about 84 is derived, but nothing says from what or how."),
        ),
    ),
    "same_measure_twice": Example(
        near=(
            measure("tanks", label="Tanks", unit="vehicles"),
            measure("tanks-tonnes", label="Tanks", unit="tonnes"),
            measure("tanks-lost", label="Tanks", unit="vehicles", kind="flow"),
        ),
        given=(measure("tanks-2", label="TANKS ", unit="Vehicles"),),
        found=(("measure/tanks-2",
                "The measure “TANKS ” (Vehicles) is the same as measure/tanks."),),
    ),
    "published_before_said": Example(
        near=(
            source("february", published="2018-02"),
            statement("b-within", said_at="2018-02-28", source="february"),
            statement("b-undated", source="february"),
        ),
        given=(statement("x-march", said_at="2018-03", source="february"),),
        found=(
            ("report/r-x-march",
             ("Source february was published 2018-02, before statement x-march was said"
              " (2018-03).")),
        ),
    ),
    "said_in_future": Example(
        near=(statement("f-today", said_at=TODAY), statement("f-open", said_at="2018/..")),
        given=(statement("x-2100", said_at="2100"),),
        found=(
            ("statement/x-2100",
             f"It was recorded on {TODAY}, but is said to have been said later: 2100."),
        ),
    ),
    "published_in_future": Example(
        near=(source("fetched", published="2018-02-01", retrieved_at="2018-02-01T08:00:00Z"),),
        given=(
            source("x-fetched", published="2018-02-10", retrieved_at="2018-02-01T08:00:00Z"),
            source("x-next", published="2100-01-01"),
        ),
        found=(
            ("source/x-fetched",
             ("It was at hand on 2018-02-01, but is said to have been published later:"
              " 2018-02-10.")),
            ("source/x-next",
             f"It was at hand on {TODAY}, but is said to have been published later: 2100-01-01."),
        ),
    ),
    "date_of_another_age": Example(
        near=(statement("o-old", said_at="1066-10-14"),),
        given=(statement("x-18", said_at="0018-05"), source("x-19", published="0019")),
        found=(
            ("source/x-19", "published is 0019, before the year 1000."),
            ("statement/x-18", "said_at is 0018-05, before the year 1000."),
        ),
    ),
    "period_after_said": Example(
        near=(
            number("t-predicts", "so many", "5", said_at="2017-12", reference_period="2018-06",
                   speech_act="predict"),
            number("t-same", "so many", "5", said_at="2017-12-01", reference_period="2017-12"),
        ),
        given=(
            number("x-asserts", "so many", "5", said_at="2017-12", reference_period="2018-06"),
        ),
        found=(
            ("estimate/e-x-asserts",
             "5 refers to 2018-06, after it was said (2017-12), but the speech act is assert."),
        ),
    ),
    "answer_before_statement": Example(
        near=(
            statement("a-december", said_at="2017-12-20"),
            statement("a-same-month", said_at="2017-12", speaker_id="karzai"),
            relate("a-same-month", "denies", "a-december"),
            statement("a-before", said_at="2017-01", speaker_id="karzai"),
            relate("a-before", "contradicts", "a-december"),
        ),
        given=(
            statement("x-before", said_at="2017-01", speaker_id="karzai"),
            relate("x-before", "responds_to", "a-december"),
        ),
        found=(
            ("statement/x-before",
             ("It responds to statement a-december, but was said (2017-01) before that was"
              " (2017-12-20).")),
        ),
    ),
    "own_words_denied": Example(
        near=(
            statement("w-claim"),
            statement("w-karzai", speaker_id="karzai"),
            relate("w-karzai", "denies", "w-claim"),
            statement("w-self"),
            relate("w-self", "repeats", "w-claim"),
        ),
        given=(
            speaker("z-kabulov", "Z. K."),
            judge("z-kabulov", "kabulov", "same"),
            statement("x-denial", speaker_id="z-kabulov"),
            relate("x-denial", "denies", "w-claim"),
        ),
        found=(
            ("statement/x-denial", "Z. K. denies words of their own (statement w-claim)."),
        ),
    ),
    "retracted_by_another": Example(
        near=(
            statement("y-claim", speaker_id="ministry"),
            statement("y-spokesman", on_behalf_of="ministry", speech_act="retract"),
            relate("y-spokesman", "retracts", "y-claim"),
        ),
        given=(
            statement("x-karzai", speaker_id="karzai", speech_act="retract"),
            relate("x-karzai", "retracts", "y-claim"),
        ),
        found=(
            ("statement/x-karzai", "karzai retracts statement y-claim, which is ministry’s."),
        ),
    ),
    "retraction_of_nothing": Example(
        near=(
            statement("z-claim"),
            statement("z-retracts", speech_act="retract"),
            relate("z-retracts", "retracts", "z-claim"),
        ),
        given=(statement("x-retracts", speech_act="retract"),),
        found=(
            ("statement/x-retracts",
             "It is a retraction, but of nothing that is recorded: “words of x-retracts”."),
        ),
    ),
    "disputed_without_grounds": Example(
        near=(
            statement("i-other", attribution="disputed", alternatives=["karzai"]),
            statement("i-note", attribution="disputed", note="His office denies it."),
            statement("i-inferred", attribution="inferred"),
        ),
        given=(
            statement("x-disputed", attribution="disputed"),
            statement("x-report", report={"attribution": "disputed"}),
        ),
        found=(
            ("report/r-x-report",
             "Who said it is disputed, but no other speaker is named, and no note says why."),
            ("statement/x-disputed",
             ("Who said it is disputed, but no other speaker than kabulov is named, and no note"
              " says why.")),
        ),
    ),
    "same_words_twice": Example(
        near=(
            statement("g-one", said_at="2016-01-01", proposition="He said “it is  over”."),
            statement("g-later", said_at="2016-01-02", proposition="He said “it is over”."),
            statement("g-karzai", said_at="2016-01-01", proposition="He said “it is over”.",
                      speaker_id="karzai"),
            statement("g-again", said_at="2016-01-01", proposition="He said “it is over”."),
            relate("g-again", "repeats", "g-one"),
            statement("g-point", said_at="2016-01-01", proposition="He said “it is 0.5”."),
            statement("g-comma", said_at="2016-01-01", proposition="He said “it is 0,5”."),
        ),
        given=(
            statement("x-twice", said_at="2016-01-01", proposition='he said "It is over"'),
        ),
        found=(
            ("statement/x-twice",
             ("It has the words of statement g-one, of the same speaker and date (kabulov,"
              ' 2016-01-01): “he said "It is over"”.')),
        ),
    ),
    "same_name_not_judged": Example(
        near=(
            speaker("ghani", "Ashraf Ghani", aliases=["Ghani"]),
            speaker("other-ghani", "Mohammad Ghani", aliases=["Ghani"]),
            judge("ghani", "other-ghani", "different"),
            speaker("country", "Ghani", "government"),
            speaker("nobody", "Officials", "unnamed"),
            speaker("nobody-else", "Officials", "unnamed"),
        ),
        given=(speaker("x-ghani", "Ashraf  ghánī"),),
        found=(
            ("speaker/x-ghani",
             ("Speaker x-ghani and speaker ghani are both called “Ashraf ghánī”, and nobody judged"
              " whether they are one.")),
        ),
    ),
    "outlet_for_speaker": Example(
        near=(
            statement("l-itself", speaker_id="tass", report={"attributed_to": "a TASS reporter"}),
            statement("l-narrates", speaker_id="tass"),
        ),
        given=(
            statement("x-outlet", speaker_id="tass",
                      report={"attributed_to": "a Russian official"}),
        ),
        found=(
            ("statement/x-outlet",
             ("The speaker is the outlet TASS, but report r-x-outlet gives the words to “a Russian"
              " official”.")),
        ),
    ),
    "speaker_unnamed": Example(
        near=(
            speaker("unnamed-silent", "Somebody", "unnamed"),
            speaker("unnamed-envoy", "An envoy", "unnamed"),
            judge("unnamed-envoy", "karzai", "same"),
            statement("v-envoy", speaker_id="unnamed-envoy"),
        ),
        given=(
            speaker("unnamed-one", "A Russian official", "unnamed"),
            statement("x-unnamed", speaker_id="unnamed-one"),
        ),
        found=(
            ("speaker/unnamed-one",
             "Nobody is named behind “A Russian official”, of whom 1 statement is recorded."),
        ),
    ),
    "unanchored_though_captured": Example(
        near=(source("cited"), statement("k-cited", source="cited")),
        given=(
            {"command": "capture_source", "source_id": "x-captured", "document": "article.txt",
             "publisher_id": "tass", "published": "2018", "version_of": "cited"},
        ),
        found=(
            ("report/r-k-cited",
             ("The quote “words of k-cited” was not looked for in a text, but source x-captured"
              " has that of source cited.")),
        ),
    ),
    "source_without_origin": Example(
        near=(
            source("unread", publisher_id=None, published=None, url=None),
            source("authored", publisher_id=None, author="A. Writer"),
            statement("m-authored", source="authored"),
        ),
        given=(
            source("x-nothing", publisher_id=None, published=None, url=None, title="Untitled"),
            statement("x-nowhere", source="x-nothing"),
        ),
        found=(
            ("source/x-nothing",
             ("It has 1 report, but no date, no publisher or author, no address or document:"
              " “Untitled”.")),
        ),
    ),
    "same_source_twice": Example(
        near=(
            source("page-1", url="https://tass.example/list?page=1"),
            source("page-2", url="https://tass.example/list?page=2"),
            source("page-2-too", url="https://tass.example/list?Page=2"),
            source("corrected", url="https://tass.example/list?page=1", version_of="page-1"),
        ),
        given=(source("x-again", url="http://www.TASS.example/list?page=2#top"),),
        found=(
            ("source/x-again",
             "It has the address of source page-2: http://www.TASS.example/list?page=2#top."),
        ),
    ),
    "url_not_web": Example(
        near=(
            source("idn", url="https://правда.example/2018/02"),
            source("port", url="http://user@[2001:db8::1]:8080/x?y#z"),
        ),
        given=(source("x-colon", url="https:www.aosfatos.example"),),
        found=(
            ("source/x-colon",
             ("The address “https:www.aosfatos.example” is none of the web: it needs http:// or"
              " https:// and a host.")),
        ),
    ),
    "language_tag_malformed": Example(
        near=tuple(
            source(f"tag-{tag}".lower(), language=tag)
            for tag in ("pt-BR", "zh-Hant-TW", "sr-Latn-RS", "de-CH-1996", "x-klingon", "es-419")
        ),
        given=(source("x-english", language="English"), statement("x-pt", language="pt_BR")),
        found=(
            ("source/x-english",
             "language is “English”, which is not in the form of a language tag."),
            ("statement/x-pt", "language is “pt_BR”, which is not in the form of a language tag."),
        ),
    ),
    "rating_off_scale": Example(
        near=(
            statement("j-rated"),
            rate("j-rated", value=3, best=5, worst=1, label="Mixed"),
            rate("j-rated", value=3, best=1, worst=6),
            rate("j-rated", value=0, best=10),
        ),
        given=(rate("j-rated", value=6, best=5, label="True"),),
        found=(
            ("statement/j-rated", "Aos Fatos rates it 6 (True), outside of the scale to 5."),
        ),
    ),
    "void_still_named": Example(
        near=(
            speaker("forgotten", "Forgotten"),
            void("speaker/forgotten"),
            speaker("doubtful", "Doubtful"),
            statement("e-doubt", attribution="inferred", alternatives=["doubtful", "karzai"]),
            source("e-first"),
            statement("e-via", report={"via": [{"source_id": "e-first"}]}),
        ),
        given=(void("speaker/doubtful"), void("source/e-first")),
        found=(
            ("report/r-e-via", "Its via names source e-first, which counts no longer."),
            ("statement/e-doubt",
             "Its alternatives names speaker doubtful, which counts no longer."),
        ),
    ),
}  # fmt: skip
