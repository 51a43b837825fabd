"""All Hypothesis strategies: texts of every script, and histories of a ledger."""

from typing import Any

from hypothesis import strategies as st

Command = dict[str, Any]

# Every character that JSON and UTF-8 can carry, control characters aside.
texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40
).filter(str.strip)  # fmt: skip

SPEAKERS = ("zamir", "karzai", "nato")
SOURCES = ("tass", "rtvi")
MEASURES = ("fighters", "killed")
STATEMENTS = ("s1", "s2", "s3")
REPORTS = ("r1", "r2", "r3", "r4")
ESTIMATES = ("e1", "e2", "e3")
DATES = ("2015", "2015-10", "2017-12", "2018?-02", "2015/2017", "../2017")
VALUES = ("3500", "~3500", "> 10000", ">= 10", "< 200", "<= 200", "10..20", "1/3", "25%", "?")

_speaker = st.sampled_from(SPEAKERS)
_source = st.sampled_from(SOURCES)
_measure = st.sampled_from(MEASURES)
_statement = st.sampled_from(STATEMENTS)
_report = st.sampled_from(REPORTS)
_estimate = st.sampled_from(ESTIMATES)
_date = st.sampled_from(DATES)
_words = st.sampled_from(("one", "two", "ده هزار", "больше 10 000", "e\u0301 🦊\u2028"))


def _command(verb: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Command]:
    return st.fixed_dictionaries({"command": st.just(verb), **fields})


def _reports(least: int) -> st.SearchStrategy[list[Command]]:
    report = st.fixed_dictionaries({
        "report_id": _report, "source_id": _source, "quote": _words,
        "via": st.lists(_speaker, max_size=2, unique=True),
    })  # fmt: skip
    return st.lists(report, min_size=least, max_size=2, unique_by=lambda each: each["report_id"])


_value = {"value": st.sampled_from(VALUES), "reference_period": _date}
_estimates = st.lists(
    st.fixed_dictionaries({"estimate_id": _estimate, "measure_id": _measure, **_value}),
    max_size=1,
)
_reason = st.sampled_from(("misread", "typing error"))

commands: st.SearchStrategy[Command] = st.one_of(
    _command("register_speaker", speaker_id=_speaker, kind=st.just("person"), name=_words),
    _command("cite_source", source_id=_source, publisher_id=_speaker, published=_date),
    _command(
        "define_measure",
        measure_id=_measure,
        label=_words,
        tags=st.sampled_from(([], ["militant-count"])),
    ),
    _command(
        "record_statement",
        statement_id=_statement,
        speaker_id=_speaker,
        said_at=_date,
        proposition=_words,
        reports=_reports(1),
        estimates=_estimates,
    ),
    _command(
        "add_report", statement_id=_statement, report_id=_report, source_id=_source, quote=_words
    ),
    _command(
        "add_estimate",
        statement_id=_statement,
        report_id=_report,
        estimate_id=_estimate,
        measure_id=_measure,
        **_value,
    ),
    _command(
        "relate_statements",
        **{"from": _statement},
        to=_statement,
        relation=st.sampled_from(("denies", "retracts", "repeats")),
    ),
    _command(
        "judge_speakers",
        left=_speaker,
        right=_speaker,
        judgement=st.sampled_from(("same", "different", "unsure")),
        reason=_reason,
    ),
    _command("assess_statement", statement_id=_statement, assessor=_words),
    _command("assess_source", source_id=_source, assessor=_words),
    _command("revise_speaker", speaker_id=_speaker, name=_words, reason=_reason),
    _command("revise_source", source_id=_source, published=_date, reason=_reason),
    _command("revise_measure", measure_id=_measure, label=_words, reason=_reason),
    _command(
        "revise_statement",
        statement_id=_statement,
        speaker_id=_speaker,
        said_at=_date,
        reason=_reason,
    ),
    _command("revise_report", report_id=_report, source_id=_source, reason=_reason),
    _command(
        "revise_estimate",
        estimate_id=_estimate,
        measure_id=_measure,
        value=st.sampled_from(VALUES),
        reason=_reason,
    ),
    _command("void_record", position=st.integers(1, 40), reason=_reason),
    _command("void_record", position=st.integers(1, 40), reason=_reason),
)

# A beginning that gives the rest something to be about; what is refused on the way is passed over.
BEGINNING: tuple[Command, ...] = (
    *({"command": "register_speaker", "speaker_id": name, "kind": "person", "name": name}
      for name in SPEAKERS),
    {"command": "cite_source", "source_id": "tass", "publisher_id": "zamir"},
    {"command": "cite_source", "source_id": "rtvi", "published": "2017"},
    {"command": "define_measure", "measure_id": "fighters", "label": "Fighters",
     "tags": ["militant-count"]},
    {"command": "record_statement", "statement_id": "s1", "speaker_id": "zamir",
     "said_at": "2017-12", "proposition": "p",
     "reports": [{"report_id": "r1", "source_id": "tass", "quote": "exceeds 10,000"}],
     "estimates": [{"estimate_id": "e1", "measure_id": "fighters", "value": "> 10000",
                    "reference_period": "2017-12"}]},
)  # fmt: skip

histories: st.SearchStrategy[list[Command]] = st.lists(commands, min_size=5, max_size=30)

COMPARATORS = ("eq", "about", "gt", "ge", "lt", "le", "between")

Estimate = tuple[str | None, str, list[float], str]  # period, comparator, numbers, speaker

_year = st.integers(1, 9999).map("{:04}".format)
_month = st.builds("{}-{:02}".format, st.integers(2010, 2020), st.integers(1, 12))
_day = st.builds("{}-{:02}".format, _month, st.integers(1, 28))
_open_ended = _month.map("{}/..".format) | _month.map("../{}".format)
_number = st.integers(-(2**53), 2**53) | st.integers(0, 30_000) | st.floats(0, 1)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    """Give estimates of any time, hedge and numbers."""
    period = draw(st.none() | _year | _month | _day | _open_ended)
    comparator = draw(st.sampled_from((*COMPARATORS, "unspecified")))
    numbers = sorted(draw(st.tuples(_number, _number)))
    return period, comparator, numbers[: 2 if comparator == "between" else 1], draw(_speaker)
